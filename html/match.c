/*
 * match.c - paths matched while the page goes by; see match.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The lowest step of a set that is not empty. */
static unsigned
html_match_lowest(uint64_t set)
{
	unsigned i;

	for (i = 0; (set & 0xFF) == 0; i += 8)
		set >>= 8;
	for (; (set & 1) == 0; i++)
		set >>= 1;
	return i;
}

/* The elements that a step's name allows. */
static void
html_match_index(struct html_match *m, const struct html_path_word *name,
    uint64_t bit)
{
	const struct html_tag *tag;
	uint32_t hash;
	size_t i;

	if (name->len == 0) {
		for (i = 0; i < HTML_TAG_COUNT; i++)
			m->by_tag[i] |= bit;
		return;
	}
	tag = html_tag_find(name->at, name->len, name->len, &hash);
	m->by_tag[tag->id] |= bit;
}

/* Numbers the steps of one path. */
static int
html_match_add(struct html_match *m, const struct html_path *path,
    size_t index)
{
	unsigned i, j;

	if (path->step_count > HTML_MATCH_STEPS - m->step_count)
		return -E2BIG;
	for (i = 0; i < path->step_count; i++) {
		const struct html_path_step *step = &path->steps[i];
		struct html_match_step *s = &m->steps[m->step_count];
		uint64_t bit = (uint64_t)1 << m->step_count++;

		s->step = step;
		s->path = path;
		s->index = index;
		s->first_count = m->counters;
		for (j = 0; j < step->tests; j++)
			m->counters += path->tests[step->first_test + j].ask
			    == HTML_PATH_POSITION;
		if (i == 0 || path->steps[i - 1].last)
			m->begin |= bit;
		if (step->deep)
			m->deep |= bit;
		if (step->kind == HTML_PATH_ELEMENT)
			html_match_index(m, &step->name, bit);
		else if (step->kind == HTML_PATH_ATTRIBUTE)
			m->attributes |= bit;
		else
			m->texts |= bit;
	}
	return 0;
}

int
html_match_init(struct html_match *m, const struct html_path *const *paths,
    size_t count)
{
	size_t i;
	int rc = 0;

	memset(m, 0, offsetof(struct html_match, inside));
	for (i = 0; i < count && rc == 0; i++)
		rc = html_match_add(m, paths[i], i);
	if (rc == 0 && m->counters > 0) {
		m->counts = calloc(HTML_OPEN_MAX + 1,
		    m->counters * sizeof(*m->counts));
		if (m->counts == NULL)
			rc = -ENOMEM;
	}
	html_match_reset(m);
	return rc;
}

/* No siblings counted yet inside frame `parent` (0: the document). */
static void
html_match_clear_counts(struct html_match *m, unsigned parent)
{
	if (m->counters > 0)
		memset(m->counts + (size_t)parent * m->counters, 0,
		    m->counters * sizeof(*m->counts));
}

void
html_match_reset(struct html_match *m)
{
	m->enough = 0;
	m->inside[0] = m->begin;
	m->gathered.len = 0;
	m->pending_count = 0;
	m->innermost = -1;
	if (m->counts != NULL)
		html_match_clear_counts(m, 0);
}

void
html_match_free(struct html_match *m)
{
	free(m->counts);
	free(m->pending);
	html_text_free(&m->gathered);
	html_text_free(&m->decoded);
	m->counts = NULL;
	m->pending = NULL;
}

/* Whether a name of the page is one that a path asks for. */
static int
html_match_is(const struct html_path_word *word, const char *at, size_t len)
{
	return word->len == 0 || html_tag_same(at, len, word->at, word->len);
}

/* Whether a predicate on an attribute holds for this value, decoded. */
static int
html_match_holds(const struct html_path_test *test, const char *at,
    size_t len)
{
	const struct html_path_word *w = &test->value;

	if (test->ask == HTML_PATH_HAS)
		return 1;
	if (test->ask == HTML_PATH_EQUALS)
		return len == w->len && memcmp(at, w->at, len) == 0;
	for (; len >= w->len; at++, len--)
		if (memcmp(at, w->at, w->len) == 0)
			return 1;
	return 0;
}

/* Whether a tag satisfies a predicate on an attribute; -ENOMEM. */
static int
html_match_attribute_test(struct html_match *m,
    const struct html_path_test *test, const struct html_scan_token *tag)
{
	const struct html_scan_attr *a;
	const char *at;
	size_t len;

	if (tag == NULL)
		return 0;
	for (a = tag->attrs; a < tag->attrs + tag->attr_count; a++) {
		if (!html_match_is(&test->name, tag->base + a->name,
		    a->name_len))
			continue;
		at = tag->base + a->value;
		len = a->value_len;
		if (html_text_value(&m->decoded, &at, &len) < 0)
			return -ENOMEM;
		if (html_match_holds(test, at, len))
			return 1;
		if (test->name.len > 0)
			return 0;
	}
	return 0;
}

/* Whether an element whose name fits satisfies a step; -ENOMEM. */
static int
html_match_satisfies(struct html_match *m, const struct html_match_step *s,
    uint32_t *counts, const struct html_scan_token *tag)
{
	const struct html_path_test *test =
	    &s->path->tests[s->step->first_test];
	const struct html_path_test *end = test + s->step->tests;
	unsigned counter = s->first_count;
	int holds = 1;

	for (; test < end && holds == 1; test++) {
		if (test->ask == HTML_PATH_POSITION)
			holds = ++counts[counter++] == test->position;
		else
			holds = html_match_attribute_test(m, test, tag);
	}
	return holds;
}

/* Gathers text for a path from here on, in frame `frame`. */
static int
html_match_gather(struct html_match *m, size_t path, unsigned frame,
    int is_text)
{
	struct html_match_pending *p;
	unsigned room = m->pending_room > 0 ? m->pending_room * 2 : 8;
	int i;

	/* The alternatives of a union may all select the same node. */
	for (i = m->innermost; i >= 0; i = p->outer) {
		p = &m->pending[i];
		if (p->frame != frame)
			break;
		if (p->path == path && p->is_text == is_text)
			return 0;
	}
	if (m->pending_count == HTML_MATCH_PENDING)
		return 0;
	if (m->pending_count == m->pending_room) {
		p = realloc(m->pending, room * sizeof(*p));
		if (p == NULL)
			return -ENOMEM;
		m->pending = p;
		m->pending_room = room;
	}
	p = &m->pending[m->pending_count++];
	p->path = path;
	p->frame = frame;
	p->is_text = is_text;
	p->outer = m->innermost;
	p->from = m->gathered.len;
	m->innermost = (int)(p - m->pending);
	return 0;
}

/* Whether attribute i repeats one before it, and so does not count. */
static int
html_match_repeats(const struct html_scan_token *tag, unsigned i)
{
	const struct html_scan_attr *a = &tag->attrs[i], *b;
	uint32_t j;

	for (b = tag->attrs; b < a; b++) {
		for (j = 0; a->name_len == b->name_len && j < a->name_len; j++)
			if (html_tag_lower((unsigned char)
			    tag->base[a->name + j]) != html_tag_lower(
			    (unsigned char)tag->base[b->name + j]))
				break;
		if (j == a->name_len)
			return 1;
	}
	return 0;
}

/* Gives out what attribute steps of a set select on a tag. */
static int
html_match_attributes(struct html_match *m, uint64_t set,
    const struct html_scan_token *tag)
{
	unsigned i;

	for (i = 0; i < tag->attr_count; i++) {
		const struct html_scan_attr *a = &tag->attrs[i];
		size_t last = (size_t)-1, len;
		uint64_t left = set;
		const char *at;

		for (; left != 0 && !m->enough; left &= left - 1) {
			const struct html_match_step *s =
			    &m->steps[html_match_lowest(left)];

			if (s->index == last || !html_match_is(&s->step->name,
			    tag->base + a->name, a->name_len) ||
			    html_match_repeats(tag, i))
				continue;
			last = s->index;
			at = tag->base + a->value;
			len = a->value_len;
			if (html_text_value(&m->decoded, &at, &len) < 0)
				return -ENOMEM;
			m->enough = m->found(m, last, at, len);
		}
	}
	return 0;
}

/* One new element, `frame`, a child of frame parent - 1. */
static int
html_match_element(struct html_match *m, unsigned frame, unsigned parent,
    const struct html_open_frame *f, const struct html_scan_token *tag)
{
	uint64_t above = m->inside[parent], inside = above & m->deep;
	uint64_t fits = above & m->by_tag[f->id];
	uint32_t *counts = m->counts == NULL ? NULL :
	    m->counts + (size_t)parent * m->counters;
	int rc = 0;

	for (; fits != 0; fits &= fits - 1) {
		unsigned i = html_match_lowest(fits);
		const struct html_match_step *s = &m->steps[i];

		if (f->id == HTML_TAG_OTHER && s->step->name.len > 0 &&
		    (f->space != HTML_OPEN_IN_HTML || tag == NULL ||
		    !html_match_is(&s->step->name, tag->at, tag->len)))
			continue;
		rc = html_match_satisfies(m, s, counts, tag);
		if (rc > 0 && s->step->last)
			rc = html_match_gather(m, s->index, frame, 0);
		else if (rc > 0)
			inside |= (uint64_t)2 << i;
		if (rc < 0)
			return rc;
	}
	m->inside[frame + 1] = inside;
	html_match_clear_counts(m, frame + 1);
	if (tag != NULL && (inside & m->attributes) != 0)
		return html_match_attributes(m, inside & m->attributes, tag);
	return 0;
}

int
html_match_enter(struct html_match *m, const struct html_open *open,
    const struct html_scan_token *tag)
{
	unsigned i, parent = (unsigned)(open->parent + 1);
	int rc = 0;

	for (i = open->fresh; i < open->depth && rc == 0 && !m->enough; i++) {
		rc = html_match_element(m, i, parent, &open->frame[i],
		    i + 1 == open->depth ? tag : NULL);
		parent = i + 1;
	}
	return rc;
}

/* All that was gathered is complete: gives it out, in document order. */
static int
html_match_flush(struct html_match *m)
{
	const struct html_match_pending *p = m->pending;
	const struct html_match_pending *end = p + m->pending_count;
	int rc = 0;

	for (; p < end && rc == 0 && !m->enough; p++) {
		if (p->from == p->to)
			continue;
		rc = html_text_decode(&m->decoded, m->gathered.at + p->from,
		    p->to - p->from, HTML_TEXT_COLLAPSE);
		if (rc == 0 && m->decoded.len > 0)
			m->enough = m->found(m, p->path, m->decoded.at,
			    m->decoded.len);
	}
	m->pending_count = 0;
	m->gathered.len = 0;
	return rc;
}

int
html_match_leave(struct html_match *m, unsigned depth)
{
	struct html_match_pending *p;

	if (m->innermost < 0)
		return 0;
	while (m->innermost >= 0) {
		p = &m->pending[m->innermost];
		if (!p->is_text && p->frame < depth)
			return 0;
		p->to = m->gathered.len;
		m->innermost = p->outer;
	}
	return html_match_flush(m);
}

int
html_match_text(struct html_match *m, const struct html_open *open,
    const struct html_scan_token *text)
{
	uint64_t set = m->inside[open->depth] & m->texts;
	int rc = 0;

	for (; set != 0 && rc == 0; set &= set - 1) {
		unsigned i = html_match_lowest(set);

		rc = html_match_gather(m, m->steps[i].index, open->depth, 1);
	}
	if (rc < 0 || m->innermost < 0)
		return rc;
	return text->raw ?
	    html_text_add_raw(&m->gathered, text->at, text->len) :
	    html_text_add(&m->gathered, text->at, text->len);
}

int
html_match_wants_text(const struct html_match *m,
    const struct html_open *open)
{
	return m->innermost >= 0 ||
	    (m->inside[open->depth] & m->texts) != 0;
}
