/*
 * open.c - the stack of open elements; see open.h.
 *
 * All rules are made of two motions: search the stack for an element, as far
 * as its scope reaches, and pop everything down to it.  Which elements end
 * which scope, and which rule is for which element, is said by the lists in
 * which an element stands (tag.h); what concerns a single element is a switch.
 *
 * Elements of svg and math have the id HTML_TAG_OTHER and lists of their own,
 * so that no rule for HTML sees them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "open.h"

#include "reader.h"

enum {
	/* What a search returns when it finds no frame. */
	HTML_OPEN_NONE = -1,
	/* Most elements that one start tag opens: tbody, tr and a td, say. */
	HTML_OPEN_ROOM = 4
};

/* The scopes of the standard: the lists whose elements end a search. */
enum html_open_scope {
	HTML_OPEN_SCOPE = HTML_TAG_IS_SCOPE,
	HTML_OPEN_BUTTON_SCOPE = HTML_TAG_IS_SCOPE | HTML_TAG_IS_BUTTON_SCOPE,
	HTML_OPEN_ITEM_SCOPE = HTML_TAG_IS_SCOPE | HTML_TAG_IS_ITEM_SCOPE,
	HTML_OPEN_TABLE_SCOPE = HTML_TAG_IS_TABLE_SCOPE
};

void
html_open_reset(struct html_open *o)
{
	o->depth = o->fresh = o->templates = o->over = 0;
	o->parent = HTML_OPEN_NONE;
	o->quirks = true;
	o->leaf = o->had_head = o->in_body = o->in_frameset = false;
	o->limited = false;
}

void
html_open_doctype(struct html_open *o, const struct html_scan_token *t)
{
	const char *end = t->at + t->len;
	const char *name = html_tag_skip_space(t->at, end);

	o->quirks = end - name < 4 || !html_tag_same(name, 4, "html", 4);
}

/* ---- the stack: push, pop, search ---- */

/* The innermost frame; there must be one. */
static struct html_open_frame *
html_open_top(struct html_open *o)
{
	return &o->frame[o->depth - 1];
}

/* Whether the innermost element, if there is one, is the HTML element `id`. */
static bool
html_open_top_is(const struct html_open *o, unsigned id)
{
	return o->depth > 0 && o->frame[o->depth - 1].id == id;
}

/* An HTML element becomes the innermost; there is room (HTML_OPEN_ROOM). */
static void
html_open_push(struct html_open *o, const struct html_tag *tag, uint32_t hash)
{
	struct html_open_frame *f = &o->frame[o->depth++];

	f->hash = hash;
	f->lists = tag->lists;
	f->id = tag->id;
	f->space = HTML_OPEN_IN_HTML;
	f->holds_html = f->ghost = 0;
	o->templates += tag->id == HTML_TAG_TEMPLATE;
}

/* Opens an element that the page left out. */
static void
html_open_imply(struct html_open *o, enum html_tag_id id)
{
	html_open_push(o, html_tag_of(id), id);
}

/* Closes frame i and all above it, then the ghosts that lie on top. */
static void
html_open_pop_to(struct html_open *o, int i)
{
	while ((int)o->depth > i || (o->depth > 0 && html_open_top(o)->ghost)) {
		o->depth--;
		if (o->frame[o->depth].id == HTML_TAG_TEMPLATE)
			o->templates--;
	}
	if (o->depth < o->fresh)
		o->fresh = o->depth;
}

/* Closes the innermost element. */
static void
html_open_pop(struct html_open *o)
{
	html_open_pop_to(o, (int)o->depth - 1);
}

/*
 * The innermost element that has this id (0: none has) or is in one of the
 * lists; HTML_OPEN_NONE if one in the lists `scope` is further in.
 */
static int
html_open_find(const struct html_open *o, unsigned id, unsigned lists,
    unsigned scope)
{
	int i;

	for (i = (int)o->depth - 1; i >= 0; i--) {
		const struct html_open_frame *f = &o->frame[i];

		if ((id != 0 && f->id == id) || (f->lists & lists))
			return i;
		if (f->lists & scope)
			break;
	}
	return HTML_OPEN_NONE;
}

/* Closes what html_open_find finds, if it finds anything. */
static void
html_open_close(struct html_open *o, unsigned id, unsigned lists,
    unsigned scope)
{
	int i = html_open_find(o, id, lists, scope);

	if (i != HTML_OPEN_NONE)
		html_open_pop_to(o, i);
}

/*
 * Whether what is open in frame i stays open when that element ends: a block
 * in a formatting element (`id`), or in a form anything that has an end tag.
 */
static bool
html_open_is_outlived(const struct html_open *o, int i, unsigned id)
{
	while (++i < (int)o->depth) {
		unsigned lists = o->frame[i].lists;

		if (id == HTML_TAG_FORM ? !(lists & HTML_TAG_IS_IMPLIED) :
		    (lists & HTML_TAG_IS_SPECIAL) != 0)
			return true;
	}
	return false;
}

/*
 * When a formatting element ends before a block in it does, all that is open
 * in the innermost block ends with it, but for formatting elements, which are
 * opened again.
 */
static void
html_open_pop_inlines(struct html_open *o)
{
	int i = (int)o->depth, to = i;

	while (i-- > 0 && !(o->frame[i].lists & HTML_TAG_IS_SPECIAL))
		if (!(o->frame[i].lists & HTML_TAG_IS_FORMAT) &&
		    !o->frame[i].ghost)
			to = i;
	html_open_pop_to(o, to);
}

/*
 * Ends the innermost formatting element or form with this id (13.2.6.4.7,
 * the adoption agency, in short).  It becomes a ghost if it is outlived.
 */
static void
html_open_take_off(struct html_open *o, unsigned id)
{
	int i = html_open_find(o, id, 0, HTML_OPEN_SCOPE);

	if (i == HTML_OPEN_NONE)
		return;
	if (!html_open_is_outlived(o, i, id)) {
		html_open_pop_to(o, i);
		return;
	}
	o->frame[i].ghost = 1;
	o->frame[i].id = HTML_TAG_OTHER;
	o->frame[i].lists = 0;
	if (id != HTML_TAG_FORM)
		html_open_pop_inlines(o);
}

/* ---- start tags: before the body (13.2.6.4.2 to 6) ---- */

/* What may stand in a noscript in head (13.2.6.4.5). */
static bool
html_open_in_noscript(unsigned id)
{
	return id == HTML_TAG_BASEFONT || id == HTML_TAG_BGSOUND ||
	    id == HTML_TAG_LINK || id == HTML_TAG_META ||
	    id == HTML_TAG_NOFRAMES || id == HTML_TAG_STYLE;
}

/* What belongs into head opens it, once; after that, again as a ghost. */
static void
html_open_head(struct html_open *o)
{
	if (!html_open_top_is(o, HTML_TAG_HTML))
		return;
	html_open_imply(o, HTML_TAG_HEAD);
	html_open_top(o)->ghost = o->had_head;
	o->had_head = true;
}

/* What does not belong into head ends it, and the body begins. */
static void
html_open_body(struct html_open *o, unsigned id)
{
	html_open_pop_to(o, 1);
	o->in_body = true;
	o->in_frameset = id == HTML_TAG_FRAMESET;
	if (id != HTML_TAG_BODY && id != HTML_TAG_FRAMESET)
		html_open_imply(o, HTML_TAG_BODY);
}

/* Opens what was left out in front of a tag; false: the tag is ignored. */
static bool
html_open_before_body(struct html_open *o, const struct html_tag *tag)
{
	bool again = o->had_head;

	if (tag->id == HTML_TAG_HTML)
		return true;
	if (o->depth == 0)
		html_open_imply(o, HTML_TAG_HTML);
	if (html_open_top_is(o, HTML_TAG_NOSCRIPT) &&
	    !html_open_in_noscript(tag->id))
		html_open_pop(o);
	if (tag->id == HTML_TAG_HEAD) {
		o->had_head = true;
		return !again;
	}
	if (tag->lists & HTML_TAG_IS_HEAD)
		html_open_head(o);
	else
		html_open_body(o, tag->id);
	return true;
}

/* ---- start tags: in the body (13.2.6.4.7) ---- */

/*
 * A part of a table (13.2.6.4.9 to 15): closes what it cannot stand in and
 * opens what was left out above it.  False: it is outside a table, ignored.
 */
static bool
html_open_table_part(struct html_open *o, unsigned id)
{
	int table = html_open_find(o, HTML_TAG_TABLE, 0,
	    HTML_OPEN_TABLE_SCOPE), in = table;
	bool is_cell = id == HTML_TAG_TD || id == HTML_TAG_TH;

	if (table == HTML_OPEN_NONE)
		return o->templates > 0;
	if (id == HTML_TAG_TR)
		html_open_close(o, HTML_TAG_TR, 0, HTML_OPEN_TABLE_SCOPE);
	if (id == HTML_TAG_TR || is_cell)
		in = html_open_find(o, 0, HTML_TAG_IS_BARE, 0);
	if (id == HTML_TAG_COL)
		in = html_open_find(o, HTML_TAG_COLGROUP,
		    HTML_TAG_IS_TABLE_SCOPE, 0);
	html_open_pop_to(o, in + 1);
	if (id == HTML_TAG_COL && in == table)
		html_open_imply(o, HTML_TAG_COLGROUP);
	if ((id == HTML_TAG_TR || is_cell) && in == table)
		html_open_imply(o, HTML_TAG_TBODY);
	if (is_cell && !html_open_top_is(o, HTML_TAG_TR))
		html_open_imply(o, HTML_TAG_TR);
	return true;
}

/*
 * A part of a ruby closes the one before it, and what may be left open in
 * that; but a rp or rt stays in its rtc.
 */
static void
html_open_ruby_part(struct html_open *o, unsigned id)
{
	bool stays = id == HTML_TAG_RP || id == HTML_TAG_RT;

	if (html_open_find(o, HTML_TAG_RUBY, 0, HTML_OPEN_SCOPE) ==
	    HTML_OPEN_NONE)
		return;
	while ((html_open_top(o)->lists & HTML_TAG_IS_IMPLIED) &&
	    !(stays && html_open_top_is(o, HTML_TAG_RTC)))
		html_open_pop(o);
}

/* Closes what this element closes; false: its tag is ignored. */
static bool
html_open_make_way(struct html_open *o, unsigned id)
{
	switch (id) {
	case HTML_TAG_HTML:
	case HTML_TAG_HEAD:
	case HTML_TAG_BODY:
	case HTML_TAG_FRAME:
	case HTML_TAG_FRAMESET:
		return false;
	case HTML_TAG_LI:
		html_open_close(o, id, 0, HTML_TAG_IS_ITEM_WALL);
		break;
	case HTML_TAG_DD:
	case HTML_TAG_DT:
		html_open_close(o, 0, HTML_TAG_IS_TERM, HTML_TAG_IS_ITEM_WALL);
		break;
	case HTML_TAG_A:
	case HTML_TAG_NOBR:
		html_open_take_off(o, id);
		break;
	case HTML_TAG_BUTTON:
	case HTML_TAG_SELECT:
		html_open_close(o, id, 0, HTML_OPEN_SCOPE);
		break;
	case HTML_TAG_OPTION:
	case HTML_TAG_OPTGROUP:
		if (html_open_top_is(o, HTML_TAG_OPTION))
			html_open_pop(o);
		break;
	case HTML_TAG_RB:
	case HTML_TAG_RTC:
	case HTML_TAG_RP:
	case HTML_TAG_RT:
		html_open_ruby_part(o, id);
		break;
	case HTML_TAG_FORM:
		return o->templates > 0 || html_open_find(o, id, 0,
		    HTML_OPEN_SCOPE) == HTML_OPEN_NONE;
	case HTML_TAG_TABLE:
		/* One that stands in a cell of another is nested. */
		html_open_close(o, id, 0, HTML_TAG_IS_CELL |
		    HTML_TAG_IS_TABLE_SCOPE);
		break;
	default:
		break;
	}
	return true;
}

/* Closes and opens what an HTML start tag in the body asks for. */
static bool
html_open_place_in_body(struct html_open *o, const struct html_tag *tag)
{
	if (tag->lists & HTML_TAG_IS_TABLE)
		return html_open_table_part(o, tag->id);
	if (!html_open_make_way(o, tag->id))
		return false;
	if ((tag->lists & HTML_TAG_IS_CLOSES_P) &&
	    (tag->id != HTML_TAG_TABLE || !o->quirks))
		html_open_close(o, HTML_TAG_P, 0, HTML_OPEN_BUTTON_SCOPE);
	if ((tag->lists & HTML_TAG_IS_HEADING) && o->depth > 0 &&
	    (html_open_top(o)->lists & HTML_TAG_IS_HEADING))
		html_open_pop(o);
	return true;
}

/* Whether an element may stand in or behind a frameset (13.2.6.4.20). */
static bool
html_open_fits_frameset(const struct html_open *o, unsigned id)
{
	if (id == HTML_TAG_FRAME || id == HTML_TAG_FRAMESET)
		return html_open_top_is(o, HTML_TAG_FRAMESET);
	return id == HTML_TAG_NOFRAMES;
}

/* Makes the stack ready for an HTML element; false: its tag is ignored. */
static bool
html_open_place(struct html_open *o, const struct html_tag *tag)
{
	if (o->in_frameset)
		return html_open_fits_frameset(o, tag->id);
	if (!o->in_body && o->templates == 0) {
		if (!html_open_before_body(o, tag))
			return false;
		if (!o->in_body || tag->id == HTML_TAG_BODY ||
		    tag->id == HTML_TAG_FRAMESET)
			return true;
	}
	return html_open_place_in_body(o, tag);
}

/* Whether an element may stand directly in a table, or around its cells. */
static bool
html_open_fits_table(const struct html_tag *tag)
{
	return (tag->lists & HTML_TAG_IS_TABLE) ||
	    tag->id == HTML_TAG_SCRIPT || tag->id == HTML_TAG_STYLE ||
	    tag->id == HTML_TAG_TEMPLATE || tag->id == HTML_TAG_FORM;
}

/*
 * The parent of the first new frame.  What cannot stand directly in a table
 * is moved in front of it, to the table's own parent (13.2.6.1, foster
 * parenting).  In a template there can be a tr without a table.
 */
static int
html_open_parent(const struct html_open *o, const struct html_tag *tag)
{
	int parent = (int)o->fresh - 1;

	if (parent < 0 || !(o->frame[parent].lists & HTML_TAG_IS_BARE) ||
	    html_open_fits_table(tag))
		return parent;
	while (parent > 0 && o->frame[parent].id != HTML_TAG_TEMPLATE &&
	    o->frame[parent].id != HTML_TAG_TABLE)
		parent--;
	return o->frame[parent].id == HTML_TAG_TABLE ? parent - 1 : parent;
}

/* ---- start tags: svg and math (13.2.6.5) ---- */

/*
 * Whether a start tag is read by the rules for svg and math.  An
 * annotation-xml is a door to svg, and of HTML in math it alone holds all.
 */
static bool
html_open_is_foreign_tag(struct html_open *o, const struct html_tag *tag)
{
	const struct html_open_frame *top;
	bool annotation;

	if (!html_open_is_foreign(o))
		return false;
	top = html_open_top(o);
	annotation = top->space == HTML_OPEN_IN_MATH &&
	    top->hash == HTML_TAG_ANNOTATION_XML;
	if (!top->holds_html)
		return !annotation || tag->id != HTML_TAG_SVG;
	return top->space == HTML_OPEN_IN_MATH && !annotation &&
	    (tag->id == HTML_TAG_MGLYPH || tag->id == HTML_TAG_MALIGNMARK);
}

/* Closes svg and math, up to an element of theirs that holds HTML. */
static void
html_open_break_out(struct html_open *o)
{
	while (html_open_is_foreign(o) && !html_open_top(o)->holds_html)
		html_open_pop(o);
}

/* Whether <annotation-xml> says that it holds HTML. */
static bool
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
	bool holds_html = (t->tag->lists & (space == HTML_OPEN_IN_SVG ?
	    HTML_TAG_IS_SVG_HTML : HTML_TAG_IS_MATH_TEXT)) != 0;
	bool annotation = space == HTML_OPEN_IN_MATH &&
	    t->tag->id == HTML_TAG_ANNOTATION_XML;
	struct html_open_frame *f;

	html_open_push(o, html_tag_of(HTML_TAG_OTHER), t->hash);
	f = html_open_top(o);
	if (holds_html || annotation)
		f->lists = HTML_TAG_IS_SCOPE | HTML_TAG_IS_SPECIAL |
		    HTML_TAG_IS_ITEM_WALL;
	f->space = space & 3;
	f->holds_html = holds_html ||
	    (annotation && html_open_annotates_html(t));
	o->leaf = t->self_closing;
}

/* ---- start tags: all ---- */

/* Whether a html or body comes late and only adds to the open one. */
static bool
html_open_merges(const struct html_open *o, const struct html_tag *tag)
{
	if (o->templates > 0)
		return false;
	if (tag->id == HTML_TAG_HTML)
		return o->depth > 0;
	return tag->id == HTML_TAG_BODY && o->depth > 1 &&
	    o->frame[1].id == HTML_TAG_BODY;
}

/* Opens the element of a start tag, and what was left out in front of it. */
static enum html_open_result
html_open_insert(struct html_open *o, const struct html_scan_token *t)
{
	const struct html_tag *tag = t->tag;

	if (html_open_is_foreign_tag(o, tag)) {
		if (!html_reader_breaks_out(t)) {
			html_open_push_foreign(o, t, html_open_top(o)->space);
			return HTML_OPEN_FOREIGN;
		}
		html_open_break_out(o);
	}
	if (html_open_merges(o, tag))
		return HTML_OPEN_MERGED;
	if (!html_open_place(o, tag))
		return HTML_OPEN_IGNORED;
	if (tag->id == HTML_TAG_SVG || tag->id == HTML_TAG_MATH) {
		html_open_push_foreign(o, t, tag->id == HTML_TAG_SVG ?
		    HTML_OPEN_IN_SVG : HTML_OPEN_IN_MATH);
		return HTML_OPEN_FOREIGN;
	}
	html_open_push(o, tag, t->hash);
	o->leaf = (tag->lists & HTML_TAG_IS_VOID) != 0;
	return HTML_OPEN_HTML;
}

/* Whether an element that is passed over has no end tag. */
static bool
html_open_is_empty(struct html_open *o, const struct html_scan_token *t)
{
	if (html_open_is_foreign_tag(o, t->tag) || t->tag->id == HTML_TAG_SVG ||
	    t->tag->id == HTML_TAG_MATH)
		return t->self_closing;
	return (t->tag->lists & HTML_TAG_IS_VOID) != 0;
}

enum html_open_result
html_open_start(struct html_open *o, const struct html_scan_token *t)
{
	enum html_open_result result;

	o->fresh = o->depth;
	if (o->depth + HTML_OPEN_ROOM > HTML_OPEN_MAX) {
		o->over += !html_open_is_empty(o, t);
		o->limited = true;
		return HTML_OPEN_TOO_DEEP;
	}
	result = html_open_insert(o, t);
	o->parent = html_open_parent(o, t->tag);
	return result;
}

void
html_open_settle(struct html_open *o)
{
	if (o->leaf)
		html_open_pop(o);
	o->leaf = false;
}

/* ---- end tags ---- */

/* An end tag while in svg or math; false: it is one for the HTML outside. */
static bool
html_open_end_foreign(struct html_open *o, const struct html_scan_token *t)
{
	int i = (int)o->depth - 1;

	if (t->tag->id == HTML_TAG_P || t->tag->id == HTML_TAG_BR) {
		html_open_break_out(o);
		return false;
	}
	for (; i >= 0 && o->frame[i].space != HTML_OPEN_IN_HTML; i--) {
		if (o->frame[i].hash == t->hash) {
			html_open_pop_to(o, i);
			return true;
		}
	}
	return false;
}

/* Whether an open element is the one whose name the tag has. */
static bool
html_open_is_named(const struct html_open_frame *f,
    const struct html_scan_token *t)
{
	if (t->tag->id != HTML_TAG_OTHER)
		return f->id == t->tag->id;
	return f->hash == t->hash && f->space == HTML_OPEN_IN_HTML &&
	    f->id == HTML_TAG_OTHER && !f->ghost;
}

/* An end tag that opens an element, which has no content. */
static void
html_open_end_missing(struct html_open *o, unsigned id)
{
	const struct html_tag *tag = html_tag_of((enum html_tag_id)id);

	if (o->depth + HTML_OPEN_ROOM > HTML_OPEN_MAX ||
	    !html_open_place(o, tag))
		return;
	html_open_push(o, tag, id);
	o->leaf = true;
}

/* The end tag of a p, which opens one if there is none (13.2.6.4.7). */
static void
html_open_end_p(struct html_open *o)
{
	int i = html_open_find(o, HTML_TAG_P, 0, HTML_OPEN_BUTTON_SCOPE);

	if (i != HTML_OPEN_NONE)
		html_open_pop_to(o, i);
	else if (o->in_body && o->templates == 0)
		html_open_end_missing(o, HTML_TAG_P);
}

/* "Any other end tag" (13.2.6.4.7): closes unless a block is in between. */
static void
html_open_end_other(struct html_open *o, const struct html_scan_token *t)
{
	int i;

	for (i = (int)o->depth - 1; i >= 0; i--) {
		if (html_open_is_named(&o->frame[i], t)) {
			html_open_pop_to(o, i);
			return;
		}
		if (o->frame[i].lists & HTML_TAG_IS_SPECIAL)
			return;
	}
}

/* By the lists in which the element stands, a rule for each. */
static void
html_open_end_listed(struct html_open *o, const struct html_scan_token *t)
{
	unsigned lists = t->tag->lists, id = t->tag->id;

	if (lists & HTML_TAG_IS_TABLE)
		html_open_close(o, id, 0, HTML_OPEN_TABLE_SCOPE);
	else if (lists & HTML_TAG_IS_FORMAT)
		html_open_take_off(o, id);
	else if (lists & HTML_TAG_IS_HEADING)
		html_open_close(o, 0, HTML_TAG_IS_HEADING, HTML_OPEN_SCOPE);
	else if (lists & HTML_TAG_IS_BLOCK)
		html_open_close(o, id, 0, HTML_OPEN_SCOPE);
	else
		html_open_end_other(o, t);
}

/* An end tag of HTML: first those with a rule of their own. */
static void
html_open_end_html(struct html_open *o, const struct html_scan_token *t)
{
	unsigned id = t->tag->id;

	switch (id) {
	case HTML_TAG_HTML:
	case HTML_TAG_BODY:
		return;			/* what follows is still inside */
	case HTML_TAG_HEAD:
		if (html_open_top_is(o, id))
			html_open_pop(o);
		return;
	case HTML_TAG_P:
		html_open_end_p(o);
		return;
	case HTML_TAG_BR:
		html_open_end_missing(o, id);
		return;
	case HTML_TAG_LI:
		html_open_close(o, id, 0, HTML_OPEN_ITEM_SCOPE);
		return;
	case HTML_TAG_TABLE:
		html_open_close(o, id, 0, HTML_OPEN_TABLE_SCOPE);
		return;
	case HTML_TAG_TEMPLATE:
		html_open_close(o, id, 0, 0);
		return;
	case HTML_TAG_FORM:
		html_open_take_off(o, id);
		return;
	default:
		html_open_end_listed(o, t);
	}
}

void
html_open_end(struct html_open *o, const struct html_scan_token *t)
{
	o->fresh = o->depth;
	if (o->over > 0) {
		o->over--;
		return;
	}
	if (html_open_is_foreign(o) && html_open_end_foreign(o, t))
		return;
	html_open_end_html(o, t);
	o->parent = html_open_parent(o, t->tag);
}

/* ---- text ---- */

bool
html_open_text(struct html_open *o, const char *at, size_t len)
{
	o->fresh = o->depth;
	if (o->in_body || o->templates > 0 ||
	    html_tag_skip_space(at, at + len) == at + len)
		return false;
	if (o->depth > 0 && !html_open_top_is(o, HTML_TAG_HTML) &&
	    !html_open_top_is(o, HTML_TAG_HEAD) &&
	    !html_open_top_is(o, HTML_TAG_NOSCRIPT))
		return false;
	html_open_before_body(o, html_tag_of(HTML_TAG_OTHER));
	o->parent = (int)o->fresh - 1;
	return true;
}
