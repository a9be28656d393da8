/*
 * scan_open.c - what a '<' begins: a tag, a comment, or just text.
 *
 * All that is decided here is decided by at most HTML_SCAN_LOOK bytes.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "scan_state.h"

/*
 * Whether the bytes begin with `word` in either case: 1, 0, or -1 when there
 * are too few to tell.
 */
static int
html_scan_begins(const char *p, size_t len, const char *word)
{
	size_t want = strlen(word), have = len < want ? len : want;

	if (!html_tag_same(p, have, word, have))
		return 0;
	return have == want ? 1 : -1;
}

/* As html_scan_begins, but a space, '/' or '>' must follow. */
static int
html_scan_begins_tag(const char *p, size_t len, const char *word)
{
	size_t want = strlen(word);
	int begins = html_scan_begins(p, len, word);

	if (begins <= 0)
		return begins;
	if (len == want)
		return -1;
	return html_scan_tag_ends_name((unsigned char)p[want]);
}

/* The answer for `begins` as html_scan_begins gives it. */
static int
html_scan_answer(int begins, enum html_scan_state yes,
    enum html_scan_state no)
{
	if (begins < 0)
		return HTML_SCAN_UNDECIDED;
	return begins > 0 ? (int)yes : (int)no;
}

/* What begins with "<!" (HTML 13.2.5.42); p is after it. */
static int
html_scan_declaration(const struct html_scan *s, const char *p, size_t len,
    size_t *used)
{
	int is;

	is = html_scan_begins(p, len, "--");
	*used = 4;
	if (is != 0)
		return html_scan_answer(is, HTML_SCAN_IN_COMMENT, 0);
	is = html_scan_begins(p, len, "doctype");
	*used = 9;
	if (is != 0)
		return html_scan_answer(is, HTML_SCAN_IN_DOCTYPE, 0);
	*used = 2;
	/* This one, alone, is to be in capitals. */
	if (!s->cdata || memcmp(p, "[CDATA[", len < 7 ? len : 7) != 0)
		return HTML_SCAN_IN_BOGUS;
	*used = 9;
	return len < 7 ? HTML_SCAN_UNDECIDED : HTML_SCAN_IN_CDATA;
}

/* What begins with '<' in data (13.2.5.6); sets how many bytes say so. */
static int
html_scan_markup(struct html_scan *s, const char *p, size_t len,
    size_t *used)
{
	if (len < 2)
		return HTML_SCAN_UNDECIDED;
	*used = 1;
	s->is_end = p[1] == '/';
	if (s->is_end) {
		if (len < 3)
			return HTML_SCAN_UNDECIDED;
		*used = 2;
	}
	if (html_scan_is_letter(p[*used]))
		return HTML_SCAN_IN_TAG;
	if (p[1] == '!')
		return html_scan_declaration(s, p + 2, len - 2, used);
	return s->is_end || p[1] == '?' ? HTML_SCAN_IN_BOGUS :
	    HTML_SCAN_IN_TEXT;
}

/*
 * A '<' inside a script (13.2.5.15 to 31).  In a comment of the script
 * (level 1) its end tag counts still; in a script in that comment (level 2)
 * it only ends that.
 */
static int
html_scan_in_script(struct html_scan *s, const char *p, size_t len)
{
	int close = html_scan_begins_tag(p, len, "</script"), other = 0;

	if (close > 0 && s->script < 2)
		return HTML_SCAN_IN_TAG;
	if (s->script == 0)
		other = html_scan_begins(p, len, "<!--");
	else if (s->script == 1)
		other = html_scan_begins_tag(p, len, "<script");
	if (close < 0 || other < 0)
		return HTML_SCAN_UNDECIDED;
	/* Of dashes: those of "<!--" may be those of "-->" as well. */
	s->mark = s->script == 0 && other ? 2 : 0;
	if (close > 0)
		s->script = 1;
	else if (other > 0)
		s->script++;
	return HTML_SCAN_IN_TEXT;
}

/* What begins with '<' in the text of an element that is raw. */
static int
html_scan_raw_markup(struct html_scan *s, const char *p, size_t len,
    size_t *used)
{
	char word[sizeof(s->raw->name) + 2] = "</";
	int answer;

	if (s->raw->text == HTML_TAG_TEXT_PLAINTEXT)
		return HTML_SCAN_IN_TEXT;
	memcpy(word + 2, s->raw->name, s->raw->len);
	if (s->raw->text == HTML_TAG_TEXT_SCRIPT)
		answer = html_scan_in_script(s, p, len);
	else
		answer = html_scan_answer(html_scan_begins_tag(p, len, word),
		    HTML_SCAN_IN_TAG, HTML_SCAN_IN_TEXT);
	*used = 2;
	if (answer == HTML_SCAN_IN_TAG)
		s->is_end = 1;
	return answer;
}

int
html_scan_decide(struct html_scan *s, const char *p, size_t len,
    size_t *used)
{
	return s->raw != NULL ? html_scan_raw_markup(s, p, len, used) :
	    html_scan_markup(s, p, len, used);
}

/*
 * The next '<' that may end a script's text.  Outside its comments that is
 * the next one; inside, "-->" on the way ends the comment.
 */
const char *
html_scan_script_find(struct html_scan *s)
{
	const char *p;

	if (s->script == 0)
		return memchr(s->at, '<', (size_t)(s->end - s->at));
	for (p = s->at; p < s->end && *p != '<'; p++) {
		if (*p == '-') {
			s->mark = s->mark == 0 ? 1 : 2;
			continue;
		}
		if (*p == '>' && s->mark == 2)
			s->script = 0;
		s->mark = 0;
	}
	return p < s->end ? p : NULL;
}
