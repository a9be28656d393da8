/*
 * open.c - the stack of open elements; see open.h.
 *
 * Searching "in scope" and popping "up to" are the two motions that all rules
 * are made of (open_stack.c).  Here are the rules for end tags and for svg
 * and math; those for HTML start tags are in open_place.c.  Elements of svg
 * and math are kept with id HTML_TAG_OTHER and lists of their own, so that no
 * rule for HTML sees them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "open_stack.h"

void
html_open_reset(struct html_open *o, int islands)
{
	o->depth = o->fresh = o->templates = o->over = 0;
	o->parent = HTML_OPEN_NONE;
	o->islands = o->in_body = islands;
	o->quirks = 1;
	o->leaf = o->in_head = 0;
}

/* Whether a start tag is read by the rules for foreign content (13.2.6.5). */
static int
html_open_is_foreign_tag(struct html_open *o, const struct html_tag *tag)
{
	const struct html_open_frame *top;

	if (o->depth == 0)
		return 0;
	top = html_open_top(o);
	if (top->space == HTML_OPEN_IN_HTML)
		return 0;
	return !top->holds_html || (top->space == HTML_OPEN_IN_MATH &&
	    (tag->id == HTML_TAG_MGLYPH || tag->id == HTML_TAG_MALIGNMARK));
}

/* Whether a tag ends svg or math; only a font with attributes does. */
static int
html_open_breaks_out(const struct html_scan_token *t)
{
	const char *at;
	size_t len;

	if (t->tag->id != HTML_TAG_FONT)
		return (t->tag->lists & HTML_TAG_IS_BREAKOUT) != 0;
	return html_scan_value(t, "color", &at, &len) ||
	    html_scan_value(t, "face", &at, &len) ||
	    html_scan_value(t, "size", &at, &len);
}

static void
html_open_break_out(struct html_open *o)
{
	while (o->depth > 0 && html_open_top(o)->space != HTML_OPEN_IN_HTML &&
	    !html_open_top(o)->holds_html)
		html_open_pop_to(o, (int)o->depth - 1);
}

/* Whether <annotation-xml> says that it holds HTML. */
static int
html_open_annotates_html(const struct html_scan_token *t)
{
	const char *at;
	size_t len;

	return html_scan_value(t, "encoding", &at, &len) &&
	    (html_tag_same(at, len, "text/html", 9) ||
	    html_tag_same(at, len, "application/xhtml+xml", 21));
}

/* An element of svg or math, `space`, becomes the innermost. */
static void
html_open_push_foreign(struct html_open *o, const struct html_scan_token *t,
    unsigned space)
{
	unsigned lists = t->tag->lists & (space == HTML_OPEN_IN_SVG ?
	    HTML_TAG_IS_SVG_HTML : HTML_TAG_IS_MATH_TEXT);
	int annotation = space == HTML_OPEN_IN_MATH &&
	    t->tag->id == HTML_TAG_ANNOTATION_XML;
	struct html_open_frame *f;

	html_open_push(o, html_tag_of(HTML_TAG_OTHER), t->hash);
	f = html_open_top(o);
	if (lists || annotation)
		f->lists = HTML_TAG_IS_SCOPE | HTML_TAG_IS_SPECIAL |
		    HTML_TAG_IS_ITEM_WALL;
	f->space = space & 3;
	f->holds_html = lists != 0 ||
	    (annotation && html_open_annotates_html(t));
	o->leaf = t->self_closing;
}

enum html_open_result
html_open_start(struct html_open *o, const struct html_scan_token *t)
{
	const struct html_tag *tag = t->tag;

	o->fresh = o->depth;
	if (o->depth + 4 > HTML_OPEN_MAX) {
		o->over += !(tag->lists & HTML_TAG_IS_VOID);
		return HTML_OPEN_IGNORED;
	}
	if (html_open_is_foreign_tag(o, tag)) {
		if (!html_open_breaks_out(t)) {
			html_open_push_foreign(o, t, html_open_top(o)->space);
			return HTML_OPEN_FOREIGN;
		}
		html_open_break_out(o);
	}
	/* Only islands count, and this begins none. */
	if (o->islands && o->depth == 0 && tag->id != HTML_TAG_SVG &&
	    tag->id != HTML_TAG_MATH && tag->id != HTML_TAG_TEMPLATE)
		return HTML_OPEN_HTML;
	if (!o->in_body && o->templates == 0) {
		if (!html_open_before_body(o, tag))
			return HTML_OPEN_IGNORED;
	} else if (!html_open_place(o, tag)) {
		return HTML_OPEN_IGNORED;
	}
	o->parent = html_open_foster(o, tag);
	if (tag->id == HTML_TAG_SVG || tag->id == HTML_TAG_MATH) {
		html_open_push_foreign(o, t, tag->id == HTML_TAG_SVG ?
		    HTML_OPEN_IN_SVG : HTML_OPEN_IN_MATH);
		return HTML_OPEN_FOREIGN;
	}
	html_open_push(o, tag, t->hash);
	o->leaf = (tag->lists & HTML_TAG_IS_VOID) != 0;
	return HTML_OPEN_HTML;
}

void
html_open_settle(struct html_open *o)
{
	if (o->leaf)
		html_open_pop_to(o, (int)o->depth - 1);
	o->leaf = 0;
}

/* An end tag while in svg or math; 0: it is one for the HTML outside. */
static int
html_open_end_foreign(struct html_open *o, const struct html_scan_token *t)
{
	int i = (int)o->depth - 1;

	if (t->tag->id == HTML_TAG_P || t->tag->id == HTML_TAG_BR) {
		html_open_break_out(o);
		return 0;
	}
	for (; i >= 0 && o->frame[i].space != HTML_OPEN_IN_HTML; i--) {
		if (o->frame[i].hash == t->hash) {
			html_open_pop_to(o, i);
			return 1;
		}
	}
	/* An island with nothing around it on the stack: something ended. */
	if (i < 0)
		html_open_pop_to(o, 0);
	return 0;
}

/* Whether frame i is the element whose name the tag has. */
static int
html_open_is(const struct html_open *o, int i,
    const struct html_scan_token *t)
{
	const struct html_open_frame *f = &o->frame[i];

	if (t->tag->id != HTML_TAG_OTHER)
		return f->id == t->tag->id;
	return f->hash == t->hash && f->space == HTML_OPEN_IN_HTML &&
	    f->id == HTML_TAG_OTHER && !f->ghost;
}

/* "Any other end tag" (13.2.6.4.7). */
static void
html_open_end_other(struct html_open *o, const struct html_scan_token *t)
{
	int i;

	for (i = (int)o->depth - 1; i >= 0; i--) {
		if (html_open_is(o, i, t)) {
			html_open_pop_to(o, i);
			return;
		}
		if (o->frame[i].lists & HTML_TAG_IS_SPECIAL)
			return;
	}
}

void
html_open_end(struct html_open *o, const struct html_scan_token *t)
{
	unsigned lists = t->tag->lists, id = t->tag->id;

	o->fresh = o->depth;
	if (o->over > 0) {
		o->over--;
		return;
	}
	if (o->depth == 0 ||
	    (html_open_is_foreign(o) && html_open_end_foreign(o, t)) ||
	    id == HTML_TAG_HTML || id == HTML_TAG_BODY)
		return;
	if (id == HTML_TAG_HEAD) {
		if (html_open_top(o)->id == HTML_TAG_HEAD)
			html_open_pop_to(o, 1);
	} else if (id == HTML_TAG_P) {
		html_open_close(o, id, 0, HTML_OPEN_BUTTON_SCOPE);
	} else if (id == HTML_TAG_LI) {
		html_open_close(o, id, 0, HTML_OPEN_ITEM_SCOPE);
	} else if (id == HTML_TAG_TEMPLATE) {
		html_open_close(o, id, 0, 0);
	} else if (id == HTML_TAG_TABLE || (lists & HTML_TAG_IS_TABLE)) {
		html_open_close(o, id, 0, HTML_OPEN_TABLE_SCOPE);
	} else if (id == HTML_TAG_FORM || (lists & HTML_TAG_IS_FORMAT)) {
		html_open_take_off(o, id);
	} else if (lists & HTML_TAG_IS_HEADING) {
		html_open_close(o, 0, HTML_TAG_IS_HEADING, HTML_OPEN_SCOPE);
	} else if (lists & HTML_TAG_IS_BLOCK) {
		html_open_close(o, id, 0, HTML_OPEN_SCOPE);
	} else {
		html_open_end_other(o, t);
	}
}

void
html_open_text(struct html_open *o, const char *at, size_t len)
{
	unsigned top = o->depth > 0 ? html_open_top(o)->id : HTML_TAG_HTML;

	o->fresh = o->depth;
	if (o->in_body || o->templates > 0 ||
	    html_tag_skip_space(at, at + len) == at + len ||
	    (top != HTML_TAG_HTML && top != HTML_TAG_HEAD &&
	    top != HTML_TAG_NOSCRIPT))
		return;
	html_open_before_body(o, html_tag_of(HTML_TAG_OTHER));
	o->parent = (int)o->fresh - 1;
}

void
html_open_doctype(struct html_open *o, const struct html_scan_token *t)
{
	const char *end = t->at + t->len;
	const char *name = html_tag_skip_space(t->at, end);

	o->quirks = end - name < 4 || !html_tag_same(name, 4, "html", 4);
}
