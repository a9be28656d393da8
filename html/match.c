/*
 * match.c - paths matched while the page goes by; see match.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "match.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where the text of a pending node ends while that is not yet known. */
#define HTML_MATCH_OPEN ((size_t)-1)

enum {
	/* Behind the counters of all levels: as html and body found them. */
	HTML_MATCH_BEFORE_HTML = HTML_OPEN_MAX + 1,
	HTML_MATCH_BEFORE_BODY,
	HTML_MATCH_ROWS
};

/* ---- the steps of all paths ---- */

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

/* Notes which elements a step's name allows. */
static void
html_match_index(struct html_match *m, const struct html_path_word *name,
    uint64_t bit)
{
	uint32_t hash;
	size_t i;

	if (name->len > 0) {
		i = html_tag_find(name->at, name->len, name->len, &hash)->id;
		m->by_tag[i] |= bit;
		return;
	}
	for (i = 0; i < HTML_TAG_COUNT; i++)
		m->by_tag[i] |= bit;
}

/* Gives a step the next number. */
static void
html_match_add_step(struct html_match *m, const struct html_path *path,
    const struct html_path_step *step, size_t index)
{
	uint64_t bit = (uint64_t)1 << m->step_count;
	struct html_match_step *s = &m->steps[m->step_count++];

	s->step = step;
	s->path = path;
	s->index = index;
	s->first_count = m->counters;
	m->counters += step->positions;
	if (step == path->steps || step[-1].last)
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

static int
html_match_add(struct html_match *m, const struct html_path *path,
    size_t index)
{
	unsigned i;

	if (path->step_count > HTML_MATCH_STEPS - m->step_count)
		return -E2BIG;
	for (i = 0; i < path->step_count; i++)
		html_match_add_step(m, path, &path->steps[i], index);
	return 0;
}

int
html_match_init(struct html_match *m, const struct html_path *const *paths,
    size_t count)
{
	size_t i;
	int error = 0;

	memset(m, 0, offsetof(struct html_match, inside));
	for (i = 0; i < count && error == 0; i++)
		error = html_match_add(m, paths[i], i);
	if (error == 0 && m->counters > 0) {
		m->counts = calloc(HTML_MATCH_ROWS,
		    m->counters * sizeof(*m->counts));
		if (m->counts == NULL)
			error = -ENOMEM;
	}
	html_match_reset(m);
	return error;
}

/* The counters for what is inside a level; NULL when no step has any. */
static uint32_t *
html_match_counts(struct html_match *m, unsigned level)
{
	return m->counts == NULL ? NULL :
	    m->counts + (size_t)level * m->counters;
}

/* What may match inside a level; nothing has been counted in it yet. */
static void
html_match_begin(struct html_match *m, unsigned level, uint64_t inside)
{
	m->inside[level] = inside;
	if (m->counts != NULL)
		memset(html_match_counts(m, level), 0,
		    m->counters * sizeof(*m->counts));
}

void
html_match_reset(struct html_match *m)
{
	m->enough = m->limited = false;
	m->gathered.len = 0;
	m->pending_count = 0;
	m->innermost = -1;
	html_match_begin(m, 0, m->begin);
}

void
html_match_free(struct html_match *m)
{
	free(m->counts);
	free(m->pending);
	html_text_free(&m->gathered);
	html_text_free(&m->decoded);
	html_text_free(&m->roots[0].bytes);
	html_text_free(&m->roots[1].bytes);
	m->counts = NULL;
	m->pending = NULL;
}

/* ---- predicates ---- */

/* Whether a name of the page is one that a path asks for. */
static bool
html_match_is(const struct html_path_word *word, const char *at, size_t len)
{
	return word->len == 0 || html_tag_same(at, len, word->at, word->len);
}

/* The value of an attribute, decoded if need be; 0 or -ENOMEM. */
static int
html_match_value(struct html_match *m, const struct html_scan_token *tag,
    const struct html_scan_attr *a, const char **at, size_t *len)
{
	*at = tag->base + a->value;
	*len = a->value_len;
	return html_text_value(&m->decoded, at, len);
}

/* Whether a predicate on an attribute holds for this value, decoded. */
static bool
html_match_holds(const struct html_path_test *test, const char *at,
    size_t len)
{
	const struct html_path_word *w = &test->value;

	if (test->ask == HTML_PATH_HAS)
		return true;
	if (test->ask == HTML_PATH_EQUALS)
		return len == w->len && memcmp(at, w->at, len) == 0;
	for (; len >= w->len; at++, len--)
		if (memcmp(at, w->at, w->len) == 0)
			return true;
	return false;
}

/* Whether a tag satisfies a predicate on an attribute: 1, 0 or -ENOMEM. */
static int
html_match_attribute_test(struct html_match *m,
    const struct html_path_test *test, const struct html_scan_token *tag)
{
	unsigned i;

	for (i = 0; tag != NULL && i < tag->attr_count; i++) {
		const struct html_scan_attr *a = &tag->attrs[i];
		const char *at;
		size_t len;

		if (!html_match_is(&test->name, tag->base + a->name,
		    a->name_len))
			continue;
		if (html_match_value(m, tag, a, &at, &len) < 0)
			return -ENOMEM;
		if (html_match_holds(test, at, len))
			return 1;
		/* Of attributes with the same name only the first counts. */
		if (test->name.len > 0)
			return 0;
	}
	return 0;
}

/*
 * Whether an element whose name fits satisfies the predicates of a step: 1, 0
 * or -ENOMEM.  A [3] counts those that satisfy the predicates before it.
 */
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

/* ---- attributes ---- */

/* Whether two names are the same, in letters of either case. */
static bool
html_match_same(const char *a, const char *b, size_t len)
{
	while (len > 0 && html_tag_lower((unsigned char)*a) ==
	    html_tag_lower((unsigned char)*b)) {
		a++;
		b++;
		len--;
	}
	return len == 0;
}

/* Whether attribute `a` repeats one before it, and so does not count. */
static bool
html_match_repeats(const struct html_scan_token *tag,
    const struct html_scan_attr *a)
{
	const struct html_scan_attr *b;

	for (b = tag->attrs; b < a; b++)
		if (a->name_len == b->name_len &&
		    html_match_same(tag->base + a->name, tag->base + b->name,
		    a->name_len))
			return true;
	return false;
}

/* Gives out an attribute once for each path that selects it in a set. */
static int
html_match_attribute(struct html_match *m, uint64_t set,
    const struct html_scan_token *tag, const struct html_scan_attr *a)
{
	size_t last = (size_t)-1, len;
	const char *at;

	for (; set != 0 && !m->enough; set &= set - 1) {
		const struct html_match_step *s =
		    &m->steps[html_match_lowest(set)];

		/* The steps of one path have numbers next to each other. */
		if (s->index == last || !html_match_is(&s->step->name,
		    tag->base + a->name, a->name_len) ||
		    html_match_repeats(tag, a))
			continue;
		last = s->index;
		if (html_match_value(m, tag, a, &at, &len) < 0)
			return -ENOMEM;
		m->enough = m->found(m, last, at, len);
	}
	return 0;
}

/* Gives out what the attribute steps of a set select on a tag. */
static int
html_match_attributes(struct html_match *m, uint64_t set,
    const struct html_scan_token *tag)
{
	unsigned i;
	int error = 0;

	for (i = 0; set != 0 && i < tag->attr_count && error == 0; i++)
		error = html_match_attribute(m, set, tag, &tag->attrs[i]);
	return error;
}

/* ---- gathering text ---- */

/*
 * Whether the text of the node in this frame is gathered for a path already,
 * because two alternatives of its union select it.
 */
static bool
html_match_is_pending(const struct html_match *m, size_t path, unsigned frame)
{
	const struct html_match_pending *p;
	int i;

	for (i = m->innermost; i >= 0; i = p->outer) {
		p = &m->pending[i];
		if (p->frame != frame)
			return false;
		if (p->path == path)
			return true;
	}
	return false;
}

/* Makes room for one more pending. */
static int
html_match_grow(struct html_match *m)
{
	unsigned room = m->pending_room > 0 ? m->pending_room * 2 : 8;
	struct html_match_pending *p;

	if (m->pending_count < m->pending_room)
		return 0;
	p = realloc(m->pending, room * sizeof(*p));
	if (p == NULL)
		return -ENOMEM;
	m->pending = p;
	m->pending_room = room;
	return 0;
}

/* Forgets the first `count` pending, and the text that only they have. */
static void
html_match_forget(struct html_match *m, unsigned count)
{
	size_t from = m->gathered.len;
	unsigned i;

	if (count < m->pending_count)
		from = m->pending[count].from;
	for (i = count; i < m->pending_count; i++) {
		struct html_match_pending *p = &m->pending[i - count];

		*p = m->pending[i];
		p->outer = p->outer < (int)count ? -1 : p->outer - (int)count;
		p->from -= from;
		if (p->to != HTML_MATCH_OPEN)
			p->to -= from;
	}
	m->pending_count -= count;
	m->innermost = m->innermost < (int)count ? -1 :
	    m->innermost - (int)count;
	m->gathered.len -= from;
	if (m->gathered.len > 0)
		memmove(m->gathered.at, m->gathered.at + from,
		    m->gathered.len);
}

/* Gives out the first `count` pending, those that are open cut as they are. */
static int
html_match_give(struct html_match *m, unsigned count)
{
	const struct html_match_pending *p = m->pending, *end = p + count;
	int error = 0;

	for (; p < end && error == 0 && !m->enough; p++) {
		size_t to = p->to != HTML_MATCH_OPEN ? p->to :
		    m->gathered.len;

		m->limited |= p->to == HTML_MATCH_OPEN;
		error = html_text_decode(&m->decoded, m->gathered.at + p->from,
		    to - p->from, HTML_TEXT_COLLAPSE);
		if (error == 0 && m->decoded.len > 0)
			m->enough = m->found(m, p->path, m->decoded.at,
			    m->decoded.len);
	}
	html_match_forget(m, count);
	return error;
}

/*
 * All room is used.  The outermost nodes are given out with the text they
 * have, and all that waits for them, until at most half is used.
 */
static int
html_match_make_room(struct html_match *m)
{
	unsigned i;

	for (i = 0; i < m->pending_count; i++)
		if (m->pending[i].to == HTML_MATCH_OPEN &&
		    m->gathered.len - m->pending[i].from <=
		    HTML_TEXT_MAX / 2 &&
		    m->pending_count - i <= HTML_MATCH_PENDING / 2)
			break;
	return html_match_give(m, i);
}

/* A path selects the node in this frame: its text is gathered from here on. */
static int
html_match_select(struct html_match *m, size_t path, unsigned frame)
{
	struct html_match_pending *p;
	int error = 0;

	if (html_match_is_pending(m, path, frame))
		return 0;
	if (m->pending_count == HTML_MATCH_PENDING)
		error = html_match_make_room(m);
	if (error < 0 || html_match_grow(m) < 0)
		return -ENOMEM;
	p = &m->pending[m->pending_count];
	p->path = path;
	p->frame = frame;
	p->outer = m->innermost;
	p->from = m->gathered.len;
	p->to = HTML_MATCH_OPEN;
	m->innermost = (int)m->pending_count++;
	return 0;
}

/* Adds to the text of all nodes that are open. */
static int
html_match_gather(struct html_match *m, const char *at, size_t len)
{
	size_t n;

	for (; len > 0 && m->innermost >= 0 && !m->enough; at += n, len -= n) {
		if (m->gathered.len == HTML_TEXT_MAX &&
		    html_match_make_room(m) < 0)
			return -ENOMEM;
		n = HTML_TEXT_MAX - m->gathered.len;
		n = len < n ? len : n;
		if (html_text_add(&m->gathered, at, n) < 0)
			return -ENOMEM;
	}
	return 0;
}

/* The same of raw text, whose '&' stands for itself. */
static int
html_match_gather_raw(struct html_match *m, const char *at, size_t len)
{
	const char *amp;
	size_t n;

	for (; len > 0; at += n, len -= n) {
		amp = (const char *)memchr(at, '&', len);
		n = amp != NULL ? (size_t)(amp - at) + 1 : len;
		if (html_match_gather(m, at, n) < 0 ||
		    (amp != NULL && html_match_gather(m, "amp;", 4) < 0))
			return -ENOMEM;
	}
	return 0;
}

/*
 * The text of a closed node is complete.  It waits until the outermost one is
 * closed, too, because the outer ones come first in the document.  One that
 * has no text is forgotten; those in it have been already.
 */
int
html_match_leave(struct html_match *m, unsigned depth)
{
	struct html_match_pending *p;

	if (m->innermost < 0)
		return 0;
	for (; m->innermost >= 0; m->innermost = p->outer) {
		p = &m->pending[m->innermost];
		if (p->frame < depth)
			return 0;
		p->to = m->gathered.len;
		if (p->from == p->to)
			m->pending_count--;
	}
	return html_match_give(m, m->pending_count);
}

/* ---- tags and text ---- */

/* Whether the name of an element, that no list knows, fits a step. */
static bool
html_match_is_other(const struct html_match_step *s,
    const struct html_open_frame *f, const struct html_scan_token *tag)
{
	return s->step->name.len == 0 || (f->space == HTML_OPEN_IN_HTML &&
	    tag != NULL && html_match_is(&s->step->name, tag->at, tag->len));
}

/*
 * The steps that an element inside the level `parent` satisfies, as the set
 * for what is inside it, and those of them that end a path.
 */
static int
html_match_steps(struct html_match *m, unsigned parent,
    const struct html_open_frame *f, const struct html_scan_token *tag,
    uint64_t *inside, uint64_t *last)
{
	uint64_t above = m->inside[parent], fits = above & m->by_tag[f->id];
	uint32_t *counts = html_match_counts(m, parent);
	int holds;

	*inside = above & m->deep;
	*last = 0;
	for (; fits != 0; fits &= fits - 1) {
		unsigned i = html_match_lowest(fits);
		const struct html_match_step *s = &m->steps[i];

		if (f->id == HTML_TAG_OTHER && !html_match_is_other(s, f, tag))
			continue;
		holds = html_match_satisfies(m, s, counts, tag);
		if (holds < 0)
			return holds;
		if (holds > 0 && s->step->last)
			*last |= (uint64_t)1 << i;
		else if (holds > 0)
			*inside |= (uint64_t)2 << i;
	}
	return 0;
}

/* Keeps the attributes that a html or body does not have yet. */
static int
html_match_keep(struct html_match_root *root,
    const struct html_scan_token *tag)
{
	const struct html_scan_attr *a = tag->attrs, *end = a + tag->attr_count;
	unsigned i;

	for (; a < end && root->count < HTML_SCAN_ATTRS; a++) {
		struct html_scan_attr *to = &root->attrs[root->count];
		const char *name = tag->base + a->name;

		for (i = 0; i < root->count; i++)
			if (root->attrs[i].name_len == a->name_len &&
			    html_match_same(name, root->bytes.at +
			    root->attrs[i].name, a->name_len))
				break;
		if (i < root->count || a->name_len + a->value_len >
		    HTML_TEXT_MAX - root->bytes.len)
			continue;
		*to = *a;
		to->name = (uint32_t)root->bytes.len;
		to->value = to->name + a->name_len;
		if (html_text_add(&root->bytes, name, a->name_len) < 0 ||
		    html_text_add(&root->bytes, tag->base + a->value,
		    a->value_len) < 0)
			return -ENOMEM;
		root->count++;
	}
	return 0;
}

/* A html or body: notes what html_match_merge may need of it. */
static int
html_match_root(struct html_match *m, unsigned frame,
    const struct html_scan_token *tag)
{
	struct html_match_root *root = &m->roots[frame];

	root->count = 0;
	root->bytes.len = 0;
	if (m->counts != NULL)
		memcpy(html_match_counts(m, HTML_MATCH_BEFORE_HTML + frame),
		    html_match_counts(m, frame),
		    m->counters * sizeof(*m->counts));
	return tag == NULL ? 0 : html_match_keep(root, tag);
}

/* One new element, `frame`, inside the level `parent`. */
static int
html_match_element(struct html_match *m, unsigned frame, unsigned parent,
    const struct html_open_frame *f, const struct html_scan_token *tag)
{
	uint64_t inside, last;
	int error = 0;

	if (f->id == HTML_TAG_HTML || f->id == HTML_TAG_BODY)
		error = html_match_root(m, frame, tag);
	if (error == 0)
		error = html_match_steps(m, parent, f, tag, &inside, &last);
	for (; error == 0 && last != 0; last &= last - 1)
		error = html_match_select(m,
		    m->steps[html_match_lowest(last)].index, frame);
	if (error < 0)
		return error;
	/* What is in a template is a document of its own. */
	html_match_begin(m, frame + 1, f->id == HTML_TAG_TEMPLATE ? 0 :
	    inside);
	return tag == NULL ? 0 :
	    html_match_attributes(m, inside & m->attributes, tag);
}

int
html_match_enter(struct html_match *m, const struct html_open *open,
    const struct html_scan_token *tag)
{
	unsigned i, parent = (unsigned)(open->parent + 1);
	int error = html_match_leave(m, open->fresh);

	for (i = open->fresh; i < open->depth && error == 0 && !m->enough;
	    i++) {
		error = html_match_element(m, i, parent, &open->frame[i],
		    i + 1 == open->depth ? tag : NULL);
		parent = i + 1;
	}
	return error;
}

/*
 * Matches html (frame 0) or body (1) again, when it has more attributes than
 * the `had` it had, or more may match in it.
 */
static int
html_match_again(struct html_match *m, const struct html_open *open,
    unsigned frame, unsigned had)
{
	const struct html_match_root *root = &m->roots[frame];
	struct html_scan_token tag = { .kind = HTML_SCAN_START,
	    .base = root->bytes.at, .attrs = root->attrs,
	    .attr_count = root->count };
	uint64_t inside, last, added;
	unsigned i;
	int error;

	if (m->counts != NULL)
		memcpy(html_match_counts(m, frame), html_match_counts(m,
		    HTML_MATCH_BEFORE_HTML + frame),
		    m->counters * sizeof(*m->counts));
	error = html_match_steps(m, frame, &open->frame[frame], &tag, &inside,
	    &last);
	added = inside & ~m->inside[frame + 1];
	for (i = 0; i < root->count && error == 0; i++)
		error = html_match_attribute(m, m->attributes &
		    (i < had ? added : inside), &tag, &root->attrs[i]);
	m->inside[frame + 1] |= added;
	for (i = frame + 2; i <= open->depth; i++)
		m->inside[i] |= added & m->deep;
	return error;
}

int
html_match_merge(struct html_match *m, const struct html_open *open,
    const struct html_scan_token *tag)
{
	unsigned frame = tag->tag->id == HTML_TAG_BODY;
	unsigned had = m->roots[frame].count;
	int error = html_match_keep(&m->roots[frame], tag);

	if (error < 0 || m->roots[frame].count == had)
		return error;
	error = html_match_again(m, open, frame, had);
	/* What matches html now may let more match the body. */
	if (error == 0 && frame == 0 && open->depth > 1 &&
	    open->frame[1].id == HTML_TAG_BODY)
		error = html_match_again(m, open, 1, m->roots[1].count);
	return error;
}

int
html_match_text(struct html_match *m, const struct html_open *open,
    const struct html_scan_token *text)
{
	uint64_t set = m->inside[open->depth] & m->texts;
	int error = 0;

	if (!html_open_shows_text(open))
		return 0;
	for (; set != 0 && error == 0; set &= set - 1)
		error = html_match_select(m,
		    m->steps[html_match_lowest(set)].index, open->depth);
	if (error < 0 || m->innermost < 0)
		return error;
	return text->raw ? html_match_gather_raw(m, text->at, text->len) :
	    html_match_gather(m, text->at, text->len);
}

bool
html_match_wants_text(const struct html_match *m,
    const struct html_open *open)
{
	return html_open_shows_text(open) && (m->innermost >= 0 ||
	    (m->inside[open->depth] & m->texts) != 0);
}
