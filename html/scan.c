/*
 * scan.c - the tokenizer; see scan.h.
 *
 * The states of the standard fall into few groups here, because what matters
 * is only where things end: text (data, RCDATA and the raw texts), tags
 * (scan_tag.c), comments, and what ends at the next '>'.  A construct that
 * may still turn out to be this or that ("<!-") is carried over uncut; none
 * is longer than HTML_SCAN_LOOK bytes, so looking again costs nothing.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scan_state.h"

void
html_scan_init(struct html_scan *s)
{
	s->carry = NULL;
	s->carry_room = 0;
	s->token.attrs = s->attrs;
	html_scan_reset(s);
}

void
html_scan_reset(struct html_scan *s)
{
	s->at = s->end = s->begun = NULL;
	s->cdata = s->finished = s->failed = s->script = s->mark = 0;
	s->want = HTML_SCAN_WANT_TEXT;
	s->state = HTML_SCAN_IN_TEXT;
	s->raw = NULL;
	s->carry_len = 0;
}

void
html_scan_free(struct html_scan *s)
{
	free(s->carry);
	html_scan_init(s);
}

void
html_scan_feed(struct html_scan *s, const char *at, size_t len)
{
	s->at = at;
	s->end = len > 0 ? at + len : at;
}

void
html_scan_finish(struct html_scan *s)
{
	s->at = s->end = NULL;
	s->finished = 1;
}

/* Carries over the next len bytes as well, as far as there is room. */
static int
html_scan_keep(struct html_scan *s, const char *at, size_t len)
{
	size_t room = s->carry_room > 0 ? s->carry_room : 256;
	char *carry;

	if (len > HTML_SCAN_CARRY - s->carry_len)
		len = HTML_SCAN_CARRY - s->carry_len;
	while (room < s->carry_len + len)
		room *= 2;
	if (room > s->carry_room) {
		carry = realloc(s->carry, room);
		if (carry == NULL) {
			s->failed = 1;
			return -ENOMEM;
		}
		s->carry = carry;
		s->carry_room = room;
	}
	if (len > 0)
		memcpy(s->carry + s->carry_len, at, len);
	s->carry_len += len;
	return HTML_SCAN_MORE;
}

/* Carries over all that is left of the piece. */
static int
html_scan_keep_rest(struct html_scan *s)
{
	const char *at = s->at;

	s->at = s->end;
	return html_scan_keep(s, at, (size_t)(s->end - at));
}

int
html_scan_text(struct html_scan *s, const char *at, size_t len, int raw)
{
	s->token.kind = HTML_SCAN_TEXT;
	s->token.at = at;
	s->token.len = len;
	s->token.raw = raw;
	return s->want == HTML_SCAN_WANT_TEXT ? HTML_SCAN_TEXT :
	    HTML_SCAN_AGAIN;
}

static int
html_scan_is_raw(const struct html_scan *s)
{
	return s->raw != NULL && s->raw->text != HTML_TAG_TEXT_RCDATA;
}

/* Begins the state that the start of a construct has decided. */
static void
html_scan_enter(struct html_scan *s, int state)
{
	s->state = state;
	s->mark = 0;
	if (state == HTML_SCAN_IN_TAG)
		s->raw = NULL;
}

/*
 * A '<' was carried over with what little followed it.  Decides with the
 * bytes that have come since, in a copy of both.
 */
static int
html_scan_decide_carried(struct html_scan *s)
{
	char look[HTML_SCAN_LOOK];
	size_t had = s->carry_len, got = (size_t)(s->end - s->at), used = had;
	int state;

	if (got > sizeof(look) - had)
		got = sizeof(look) - had;
	memcpy(look, s->carry, had);
	memcpy(look + had, s->at, got);
	state = html_scan_decide(s, look, had + got, &used);
	if (state == HTML_SCAN_UNDECIDED)
		return html_scan_keep_rest(s);
	if (state == HTML_SCAN_IN_TEXT) {
		s->carry_len = 0;
		return html_scan_text(s, s->carry, had, html_scan_is_raw(s));
	}
	html_scan_enter(s, state);
	s->begun = NULL;
	if (used > had) {
		s->at += used - had;
		return html_scan_keep(s, s->at - (used - had), used - had) < 0 ?
		    -ENOMEM : HTML_SCAN_AGAIN;
	}
	/* No such look ahead reaches to the end of what it began. */
	if (state == HTML_SCAN_IN_TAG)
		html_scan_tag_end(s, s->carry + used, s->carry + had);
	return HTML_SCAN_AGAIN;
}

int
html_scan_found(struct html_scan *s, enum html_scan_kind kind)
{
	s->state = HTML_SCAN_IN_TEXT;
	s->mark = 0;
	s->begun = NULL;
	s->carry_len = 0;
	s->token.kind = kind;
	return (int)kind;
}

/* The tag that html_scan_tag_read has read is a token, if it is wanted. */
static int
html_scan_found_tag(struct html_scan *s)
{
	int kind = html_scan_found(s, s->is_end ? HTML_SCAN_END :
	    HTML_SCAN_START);

	return html_scan_wants(s) ? kind : HTML_SCAN_AGAIN;
}

/*
 * The short way, which most of a page takes: a tag that lies whole in the
 * piece, in plain data.  Returns where it ends, NULL if it is anything else.
 */
static const char *
html_scan_whole_tag(struct html_scan *s, const char *p)
{
	if (s->raw != NULL || s->end - p < 3)
		return NULL;
	s->is_end = p[1] == '/';
	return html_scan_is_letter(p[1 + s->is_end]) ?
	    html_scan_tag_read(s, p, s->end) : NULL;
}

/* Text of any kind up to the next '<', and what begins there. */
static int
html_scan_in_text(struct html_scan *s)
{
	const char *at = s->at, *p;
	int raw = html_scan_is_raw(s), state;
	size_t used = 1;

	if (s->carry_len > 0)
		return html_scan_decide_carried(s);
	if (raw)
		p = html_scan_script_find(s);
	else
		p = memchr(at, '<', (size_t)(s->end - at));
	s->at = p != NULL ? p : s->end;
	if (p == NULL || (p > at && s->want == HTML_SCAN_WANT_TEXT))
		return html_scan_text(s, at, (size_t)(s->at - at), raw);
	at = html_scan_whole_tag(s, p);
	if (at != NULL) {
		s->at = at;
		return html_scan_found_tag(s);
	}
	state = html_scan_decide(s, p, (size_t)(s->end - p), &used);
	if (state == HTML_SCAN_UNDECIDED)
		return html_scan_keep_rest(s);
	if (state == HTML_SCAN_IN_TEXT) {
		s->at = p + 1;
		return html_scan_text(s, p, 1, raw);
	}
	html_scan_enter(s, state);
	if (state == HTML_SCAN_IN_TAG || state == HTML_SCAN_IN_DOCTYPE)
		s->begun = p;
	s->at = p + used;
	return HTML_SCAN_AGAIN;
}

int
html_scan_gather(struct html_scan *s, const char *end)
{
	const char *from = s->begun != NULL ? s->begun : s->at;
	const char *to = end != NULL ? end : s->end;
	int carried = s->begun == NULL;

	s->at = to;
	s->token.base = s->begun;
	if (end == NULL || carried) {
		s->begun = NULL;
		if (html_scan_keep(s, from, (size_t)(to - from)) < 0)
			return -ENOMEM;
		s->token.base = s->carry;
	}
	return end != NULL ? HTML_SCAN_AGAIN : HTML_SCAN_MORE;
}

/* A tag that is raw text's end, or was cut by the end of a piece. */
static int
html_scan_in_tag(struct html_scan *s)
{
	int more = html_scan_gather(s, html_scan_tag_end(s, s->at, s->end));

	if (more != HTML_SCAN_AGAIN)
		return more;
	html_scan_tag_read(s, s->token.base, s->begun != NULL ? s->at :
	    s->carry + s->carry_len);
	return html_scan_found_tag(s);
}

/* The end of the page, with what it cut short: text, or a comment. */
static int
html_scan_at_end(struct html_scan *s)
{
	int state = s->state;
	size_t len = s->carry_len, held = (size_t)s->mark;

	s->state = HTML_SCAN_IN_TEXT;
	s->carry_len = 0;
	s->mark = 0;
	if (state == HTML_SCAN_IN_CDATA && held > 0)
		return html_scan_text(s, "]]", held, 1);
	if (state == HTML_SCAN_IN_COMMENT || state == HTML_SCAN_IN_BOGUS)
		return html_scan_found(s, HTML_SCAN_COMMENT);
	if (state != HTML_SCAN_IN_TEXT || len == 0)
		return HTML_SCAN_MORE;
	if (s->raw == NULL && len > 1 && s->carry[1] == '!')
		return html_scan_found(s, HTML_SCAN_COMMENT);
	return html_scan_text(s, s->carry, len, html_scan_is_raw(s));
}

/* One step of the state that the scanner is in. */
static int
html_scan_step(struct html_scan *s)
{
	switch (s->state) {
	case HTML_SCAN_IN_TAG:
		return html_scan_in_tag(s);
	case HTML_SCAN_IN_COMMENT:
		return html_scan_in_comment(s);
	case HTML_SCAN_IN_BOGUS:
		return html_scan_in_bogus(s);
	case HTML_SCAN_IN_DOCTYPE:
		return html_scan_in_doctype(s);
	case HTML_SCAN_IN_CDATA:
		return html_scan_in_cdata(s);
	default:
		return html_scan_in_text(s);
	}
}

int
html_scan_next(struct html_scan *s)
{
	int found = HTML_SCAN_AGAIN;

	if (s->failed)
		return -ENOMEM;
	while (found == HTML_SCAN_AGAIN) {
		if (s->at != s->end)
			found = html_scan_step(s);
		else if (s->begun != NULL)
			found = html_scan_gather(s, NULL);
		else
			found = s->finished ? html_scan_at_end(s) :
			    HTML_SCAN_MORE;
	}
	return found;
}

void
html_scan_raw(struct html_scan *s)
{
	const struct html_tag *tag = s->token.tag;

	s->script = s->mark = 0;
	s->raw = tag->text != HTML_TAG_TEXT_DATA ? tag : NULL;
}

int
html_scan_value(const struct html_scan_token *t, const char *name,
    const char **at, size_t *len)
{
	const struct html_scan_attr *a = t->attrs, *end = a + t->attr_count;
	size_t name_len = strlen(name);

	/* Of two with the same name the first counts (13.2.5.33). */
	for (; a < end; a++) {
		if (a->name_len == name_len && html_tag_same(t->base + a->name,
		    name_len, name, name_len)) {
			*at = t->base + a->value;
			*len = a->value_len;
			return 1;
		}
	}
	return 0;
}
