/*
 * scan_tag.c - one tag (HTML 13.2.5.8 and 32 to 40).
 *
 * A tag that is whole in the piece is read where it lies, straight through.
 * One that is cut is gathered first; then only its end must be found, and for
 * that a small automaton is enough, because a '>' ends a tag everywhere but
 * inside quotes.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "scan_state.h"

/* What a byte ends; or-ed together in the table below. */
enum html_scan_tag_class {
	HTML_SCAN_TAG_END_NAME = 1,
	HTML_SCAN_TAG_END_ATTR = 2,
	HTML_SCAN_TAG_END_BARE = 4,	/* a value without quotes */
	HTML_SCAN_TAG_GAP = 8		/* what may stand between attributes */
};

static const unsigned char html_scan_tag_class[256] = {
	['\t'] = 15, ['\n'] = 15, ['\f'] = 15, ['\r'] = 15, [' '] = 15,
	['/'] = HTML_SCAN_TAG_END_NAME | HTML_SCAN_TAG_END_ATTR |
	    HTML_SCAN_TAG_GAP,
	['='] = HTML_SCAN_TAG_END_ATTR,
	['>'] = HTML_SCAN_TAG_END_NAME | HTML_SCAN_TAG_END_ATTR |
	    HTML_SCAN_TAG_END_BARE,
};

static inline int
html_scan_tag_is(char c, unsigned classes)
{
	return (html_scan_tag_class[(unsigned char)c] & classes) != 0;
}

int
html_scan_tag_ends_name(unsigned char c)
{
	return html_scan_tag_is((char)c, HTML_SCAN_TAG_END_NAME);
}

/* The first byte at or after p that ends one of `classes`, or `end`. */
static inline const char *
html_scan_tag_skip(const char *p, const char *end, unsigned classes)
{
	while (p < end && !html_scan_tag_is(*p, classes))
		p++;
	return p;
}

/*
 * One attribute, at p, which is not the end.  Returns where it ends, or NULL
 * when the bytes end first.
 */
static inline const char *
html_scan_tag_attribute(struct html_scan_attr *a, const char *base,
    const char *p, const char *end)
{
	const char *name = p, *value;

	/* The first byte belongs to the name, even '=' (13.2.5.32). */
	p = html_scan_tag_skip(p + 1, end, HTML_SCAN_TAG_END_ATTR);
	a->name = (uint32_t)(name - base);
	a->name_len = (uint32_t)(p - name);
	p = html_tag_skip_space(p, end);
	value = p;
	if (p < end && *p == '=') {
		p = html_tag_skip_space(p + 1, end);
		value = p;
		if (p < end && (*p == '"' || *p == '\'')) {
			value++;
			p = memchr(value, *p, (size_t)(end - value));
			if (p == NULL)
				return NULL;
			a->value = (uint32_t)(value - base);
			a->value_len = (uint32_t)(p - value);
			return p + 1;
		}
		p = html_scan_tag_skip(p, end, HTML_SCAN_TAG_END_BARE);
	}
	a->value = (uint32_t)(value - base);
	a->value_len = (uint32_t)(p - value);
	return p < end ? p : NULL;
}

/* The attributes from p to the tag's end; returns as html_scan_tag_read. */
static const char *
html_scan_tag_attributes(struct html_scan *s, const char *p, const char *end)
{
	struct html_scan_token *t = &s->token;
	unsigned room = html_scan_wants(s) ? HTML_SCAN_ATTRS : 0;
	struct html_scan_attr spare, *a;
	int slash;

	for (;;) {
		for (slash = 0; p < end &&
		    html_scan_tag_is(*p, HTML_SCAN_TAG_GAP); p++)
			slash = *p == '/';
		if (p == end)
			return NULL;
		if (*p == '>')
			break;
		a = t->attr_count < room ? &s->attrs[t->attr_count] : &spare;
		p = html_scan_tag_attribute(a, t->base, p, end);
		if (p == NULL)
			return NULL;
		/* Of a cut tag there is no more than so much. */
		if (a != &spare && p - t->base < HTML_SCAN_CARRY)
			t->attr_count++;
	}
	t->self_closing = slash;
	return p + 1;
}

const char *
html_scan_tag_read(struct html_scan *s, const char *base, const char *end)
{
	struct html_scan_token *t = &s->token;
	const char *p;

	t->base = base;
	t->at = base + (s->is_end ? 2 : 1);
	p = html_scan_tag_skip(t->at, end, HTML_SCAN_TAG_END_NAME);
	t->len = p - t->at < HTML_SCAN_CARRY - 2 ? (size_t)(p - t->at) :
	    HTML_SCAN_CARRY - 2;
	t->attr_count = 0;
	if (!s->is_end || s->want != HTML_SCAN_WANT_NOTED)
		t->tag = html_tag_find(t->at, t->len, (size_t)(end - t->at),
		    &t->hash);
	return html_scan_tag_attributes(s, p, end);
}

/* The automaton: where in the tag we are, and what a byte makes of that. */
enum html_scan_tag_state {
	HTML_SCAN_TAG_IN_NAME,
	HTML_SCAN_TAG_IN_GAP,
	HTML_SCAN_TAG_IN_ATTR,
	HTML_SCAN_TAG_IN_AFTER,		/* behind an attribute's name */
	HTML_SCAN_TAG_IN_BEFORE,	/* behind its '=' */
	HTML_SCAN_TAG_IN_BARE,		/* in a value without quotes */
	HTML_SCAN_TAG_IN_DOUBLE,
	HTML_SCAN_TAG_IN_SINGLE
};

/* For each state but those in quotes, the next behind white space ... */
static const unsigned char html_scan_tag_space[6] = { 1, 1, 3, 3, 4, 1 };
/* ... and behind '/', behind '=', behind any other byte. */
static const unsigned char html_scan_tag_slash[6] = { 1, 1, 1, 1, 5, 5 };
static const unsigned char html_scan_tag_equal[6] = { 0, 2, 4, 4, 5, 5 };
static const unsigned char html_scan_tag_other[6] = { 0, 2, 2, 2, 5, 5 };

const char *
html_scan_tag_end(struct html_scan *s, const char *p, const char *end)
{
	for (; p < end; p++) {
		if (s->mark >= HTML_SCAN_TAG_IN_DOUBLE) {
			p = memchr(p, s->mark == HTML_SCAN_TAG_IN_DOUBLE ?
			    '"' : '\'', (size_t)(end - p));
			if (p == NULL)
				return NULL;
			s->mark = HTML_SCAN_TAG_IN_GAP;
		} else if (*p == '>') {
			return p + 1;
		} else if (html_tag_is_space(*p)) {
			s->mark = html_scan_tag_space[s->mark];
		} else if (*p == '/') {
			s->mark = html_scan_tag_slash[s->mark];
		} else if (*p == '=') {
			s->mark = html_scan_tag_equal[s->mark];
		} else if (s->mark == HTML_SCAN_TAG_IN_BEFORE &&
		    (*p == '"' || *p == '\'')) {
			s->mark = *p == '"' ? HTML_SCAN_TAG_IN_DOUBLE :
			    HTML_SCAN_TAG_IN_SINGLE;
		} else {
			s->mark = html_scan_tag_other[s->mark];
		}
		s->token.self_closing = *p == '/' &&
		    s->mark == HTML_SCAN_TAG_IN_GAP;
	}
	return NULL;
}
