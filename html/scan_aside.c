/*
 * scan_aside.c - what stands aside of tags and text: comments, doctypes and
 * CDATA, of which little more than the end matters.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "scan_state.h"

/* Where in a comment we are; each but BODY follows a byte that matters. */
enum html_scan_comment {
	HTML_SCAN_BEGUN,		/* "<!--": '>' ends it */
	HTML_SCAN_BODY,
	HTML_SCAN_DASH,			/* "-" */
	HTML_SCAN_DASHES,		/* "--": '>' ends it */
	HTML_SCAN_BANG,			/* "--!": '>' ends it */
	HTML_SCAN_BEGUN_DASH		/* "<!---": '>' ends it */
};

/* A comment, to its end in one of its odd forms (13.2.5.43 to 52). */
int
html_scan_in_comment(struct html_scan *s)
{
	const char *p = s->at;

	for (; p < s->end; p++) {
		if (s->mark == HTML_SCAN_BODY) {
			p = memchr(p, '-', (size_t)(s->end - p));
			if (p == NULL)
				break;
			s->mark = HTML_SCAN_DASH;
		} else if (*p == '>' && s->mark != HTML_SCAN_DASH) {
			s->at = p + 1;
			return html_scan_found(s, HTML_SCAN_COMMENT);
		} else if (*p == '-' && s->mark == HTML_SCAN_BEGUN) {
			s->mark = HTML_SCAN_BEGUN_DASH;
		} else if (*p == '-') {
			s->mark = s->mark == HTML_SCAN_BANG ?
			    HTML_SCAN_DASH : HTML_SCAN_DASHES;
		} else {
			s->mark = *p == '!' && s->mark == HTML_SCAN_DASHES ?
			    HTML_SCAN_BANG : HTML_SCAN_BODY;
		}
	}
	s->at = s->end;
	return HTML_SCAN_MORE;
}

/* A bogus comment ends at the next '>' (13.2.5.41); "</>" is none. */
int
html_scan_in_bogus(struct html_scan *s)
{
	const char *p = memchr(s->at, '>', (size_t)(s->end - s->at));
	int nothing = p == s->at && s->is_end && s->mark == 0;

	s->at = p != NULL ? p + 1 : s->end;
	s->mark = 1;
	if (p == NULL)
		return HTML_SCAN_MORE;
	html_scan_found(s, HTML_SCAN_COMMENT);
	return nothing ? HTML_SCAN_AGAIN : HTML_SCAN_COMMENT;
}

/* So does a doctype, even inside its quotes (13.2.5.53 to 68). */
int
html_scan_in_doctype(struct html_scan *s)
{
	struct html_scan_token *t = &s->token;
	const char *p = memchr(s->at, '>', (size_t)(s->end - s->at));
	int more = html_scan_gather(s, p != NULL ? p + 1 : NULL);
	size_t len;

	if (more != HTML_SCAN_AGAIN)
		return more;
	len = s->begun != NULL ? (size_t)(s->at - t->base) : s->carry_len;
	t->at = t->base + strlen("<!doctype");
	t->len = len - strlen("<!doctype>");
	return html_scan_found(s, HTML_SCAN_DOCTYPE);
}

/*
 * CDATA in svg or math, up to "]]>" (13.2.5.69 to 71); `mark` counts the
 * brackets that may belong to its end.
 */
int
html_scan_in_cdata(struct html_scan *s)
{
	const char *at = s->at, *p;
	size_t held = (size_t)s->mark;

	if (*at == '>' && s->mark == 2) {
		s->at++;
		html_scan_found(s, HTML_SCAN_TEXT);
		return HTML_SCAN_AGAIN;
	}
	if (*at == ']') {
		s->at++;
		if (held == 2)
			return html_scan_text(s, "]", 1, 1);
		s->mark++;
		return HTML_SCAN_AGAIN;
	}
	s->mark = 0;
	if (held > 0)
		return html_scan_text(s, "]]", held, 1);
	p = memchr(at, ']', (size_t)(s->end - at));
	s->at = p != NULL ? p : s->end;
	return html_scan_text(s, at, (size_t)(s->at - at), 1);
}
