/*
 * reader.c - the title and the links of a page; see reader.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "reader.h"

#include <errno.h>
#include <string.h>

void
html_reader_init(struct html_reader *r, struct html_reader_sink *sink)
{
	memset(r, 0, sizeof(*r));
	r->sink = sink;
	html_scan_init(&r->scan);
	html_reader_start(r);
}

void
html_reader_start(struct html_reader *r)
{
	r->status = HTML_READER_MORE;
	r->in_title = r->had_title = r->has_base = r->limited = false;
	r->title.len = r->base.len = 0;
	r->depth = 0;
	html_scan_reset(&r->scan);
	r->scan.want = HTML_SCAN_WANT_NOTED;
}

void
html_reader_free(struct html_reader *r)
{
	html_scan_free(&r->scan);
	html_text_free(&r->title);
	html_text_free(&r->decoded);
	html_text_free(&r->base);
}

/* ---- the title ---- */

void
html_reader_end(struct html_reader *r)
{
	struct html_text *text = &r->decoded;

	if (r->status != HTML_READER_MORE || !r->in_title)
		return;
	r->in_title = false;
	r->had_title = true;
	if (html_text_decode(text, r->title.at, r->title.len,
	    HTML_TEXT_COLLAPSE) < 0)
		r->status = -ENOMEM;
	else if (r->sink->title(r->sink, text->len > 0 ? text->at : "",
	    text->len))
		r->status = HTML_READER_DONE;
}

/* ---- links ---- */

/*
 * The seconds that the content of a refresh begins with.  Returns where they
 * end, fraction included, or NULL if there are none.
 */
static const char *
html_reader_seconds(unsigned long *seconds, const char *at, const char *end)
{
	const char *from = html_tag_skip_space(at, end);

	*seconds = 0;
	for (at = from; at < end && (unsigned)*at - '0' < 10u; at++)
		if (*seconds < 100000000)
			*seconds = *seconds * 10 + ((unsigned)*at - '0');
	while (at < end && ((unsigned)*at - '0' < 10u || *at == '.'))
		at++;
	return at > from ? at : NULL;
}

/*
 * Reads the content of a refresh, "5; url='next.html'" (HTML 4.2.5.3), which
 * the link has for an address.  Returns whether it leads to another page.
 */
static bool
html_reader_refresh(struct html_link *link)
{
	const char *end = link->href + link->len, *p;
	const char *at = html_reader_seconds(&link->delay_s, link->href, end);

	if (at == NULL || at == end ||
	    (*at != ';' && *at != ',' && !html_tag_is_space(*at)))
		return false;
	at = html_tag_skip_space(at, end);
	at += at < end && (*at == ';' || *at == ',');
	at = html_tag_skip_space(at, end);
	/* Many leave "url=" out. */
	if (end - at >= 3 && html_tag_same(at, 3, "url", 3)) {
		p = html_tag_skip_space(at + 3, end);
		if (p < end && *p == '=')
			at = html_tag_skip_space(p + 1, end);
	}
	if (at < end && (*at == '"' || *at == '\'')) {
		p = (const char *)memchr(at + 1, *at, (size_t)(end - at - 1));
		at++;
		end = p != NULL ? p : end;
	}
	link->href = at;
	link->len = (size_t)(end - at);
	return at < end;
}

/* The attribute `name` of a tag is a link, if it is there: gives it out. */
static void
html_reader_link(struct html_reader *r, enum html_link_kind kind,
    const char *name)
{
	struct html_link link = { kind, NULL, 0, 0 };
	bool is_first = kind == HTML_LINK_BASE && !r->has_base;

	if ((r->sink->link == NULL && !is_first) ||
	    !html_scan_value(&r->scan.token, name, &link.href, &link.len))
		return;
	if (html_text_value(&r->decoded, &link.href, &link.len) < 0 ||
	    (is_first && html_text_add(&r->base, link.href, link.len) < 0)) {
		r->status = -ENOMEM;
		return;
	}
	r->has_base |= is_first;
	if (kind == HTML_LINK_REFRESH && !html_reader_refresh(&link))
		return;
	if (r->sink->link != NULL && r->sink->link(r->sink, &link))
		r->status = HTML_READER_DONE;
}

const char *
html_reader_base(const struct html_reader *r, size_t *len)
{
	*len = r->base.len;
	return r->has_base ? r->base.at : NULL;
}

/* ---- what a token says ---- */

/* A start tag of the page. */
static void
html_reader_start_tag(struct html_reader *r, const struct html_scan_token *t)
{
	const char *at;
	size_t len;

	if (t->tag->id == HTML_TAG_TITLE)
		r->in_title = r->sink->title != NULL && !r->had_title;
	else if (t->tag->id == HTML_TAG_BASE)
		html_reader_link(r, HTML_LINK_BASE, "href");
	else if (t->tag->id == HTML_TAG_A)
		html_reader_link(r, HTML_LINK_A, "href");
	else if (t->tag->id == HTML_TAG_AREA)
		html_reader_link(r, HTML_LINK_AREA, "href");
	else if (t->tag->id == HTML_TAG_META &&
	    html_scan_value(t, "http-equiv", &at, &len) &&
	    html_tag_same(at, len, "refresh", 7))
		html_reader_link(r, HTML_LINK_REFRESH, "content");
}

void
html_reader_take(struct html_reader *r, enum html_reader_place place)
{
	const struct html_scan_token *t = &r->scan.token;

	if (t->kind == HTML_SCAN_START && place != HTML_READER_IN_FOREIGN) {
		if (t->tag->text != HTML_TAG_TEXT_DATA)
			html_scan_raw(&r->scan);
		if (place == HTML_READER_IN_PAGE)
			html_reader_start_tag(r, t);
	} else if (r->in_title && t->kind == HTML_SCAN_END) {
		html_reader_end(r);
	} else if (r->in_title && t->kind == HTML_SCAN_TEXT &&
	    html_text_add(&r->title, t->at, t->len) < 0) {
		r->status = -ENOMEM;
	}
}

/* ---- svg, math and templates (HTML 13.2.6.5) ---- */

/* Leaves svg or math, to the page or to HTML that they stand in. */
static void
html_reader_break_out(struct html_reader *r)
{
	while (r->frames[r->depth].is_foreign &&
	    !r->frames[r->depth].holds_html)
		r->depth--;
}

/* Whether HTML begins in an element of svg or (`is_math`) math. */
static bool
html_reader_holds_html(const struct html_scan_token *t, bool is_math)
{
	const char *at;
	size_t len;

	if (!is_math)
		return (t->tag->lists & HTML_TAG_IS_SVG_HTML) != 0;
	if (t->tag->id != HTML_TAG_ANNOTATION_XML)
		return (t->tag->lists & HTML_TAG_IS_MATH_TEXT) != 0;
	return html_scan_value(t, "encoding", &at, &len) &&
	    (html_tag_same(at, len, "text/html", 9) ||
	    html_tag_same(at, len, "application/xhtml+xml", 21));
}

/* Opens a template, or an element of svg or math. */
static void
html_reader_push(struct html_reader *r, const struct html_scan_token *t,
    bool is_foreign, bool is_math)
{
	struct html_reader_frame *f = &r->frames[r->depth + 1];

	if (is_foreign && t->self_closing)
		return;
	r->limited |= r->depth == HTML_READER_DEPTH;
	if (r->depth == HTML_READER_DEPTH)
		return;
	*f = (struct html_reader_frame){ .hash = t->hash,
	    .is_foreign = is_foreign, .is_math = is_math };
	f->holds_html = is_foreign && html_reader_holds_html(t, is_math);
	f->in_template = !is_foreign || r->frames[r->depth].in_template;
	r->depth++;
}

bool
html_reader_breaks_out(const struct html_scan_token *t)
{
	const char *at;
	size_t len;

	if (t->tag->id != HTML_TAG_FONT)
		return (t->tag->lists & HTML_TAG_IS_BREAKOUT) != 0;
	return html_scan_value(t, "color", &at, &len) ||
	    html_scan_value(t, "face", &at, &len) ||
	    html_scan_value(t, "size", &at, &len);
}

/* Whether a start tag is of svg or math; annotation-xml lets svg itself in. */
static bool
html_reader_is_foreign_tag(const struct html_reader_frame *top,
    const struct html_scan_token *t)
{
	unsigned id = t->tag->id;
	bool annotation = top->is_math && top->hash == HTML_TAG_ANNOTATION_XML;

	if (!top->is_foreign || top->html > 0)
		return false;
	if (!top->holds_html)
		return !html_reader_breaks_out(t) &&
		    !(annotation && id == HTML_TAG_SVG);
	return top->is_math && !annotation &&
	    (id == HTML_TAG_MGLYPH || id == HTML_TAG_MALIGNMARK);
}

/* Finds out where a start tag stands; opens what it may begin. */
static enum html_reader_place
html_reader_open(struct html_reader *r, const struct html_scan_token *t)
{
	struct html_reader_frame *top = &r->frames[r->depth];
	unsigned id = t->tag->id;
	bool is_root = id == HTML_TAG_SVG || id == HTML_TAG_MATH;

	if (html_reader_is_foreign_tag(top, t)) {
		html_reader_push(r, t, true, top->is_math);
		return HTML_READER_IN_FOREIGN;
	}
	if (html_reader_breaks_out(t))
		html_reader_break_out(r);
	r->scan.met[t->hash & 0xFF] = true;
	top = &r->frames[r->depth];
	if (is_root || id == HTML_TAG_TEMPLATE)
		html_reader_push(r, t, is_root, id == HTML_TAG_MATH);
	else if (top->is_foreign && !(t->tag->lists & HTML_TAG_IS_VOID))
		top->html++;
	return is_root ? HTML_READER_IN_FOREIGN : top->in_template ?
	    HTML_READER_IN_TEMPLATE : HTML_READER_IN_PAGE;
}

/*
 * An end tag in HTML that svg or math hold is one of that HTML.  Any other
 * closes the innermost element of svg or math that has its name.  If there is
 * none, but HTML of that name has begun somewhere, svg and math end with it.
 */
static void
html_reader_close(struct html_reader *r, const struct html_scan_token *t)
{
	const struct html_reader_frame *f = &r->frames[r->depth];

	if (f->html > 0) {
		r->frames[r->depth].html--;
		return;
	}
	for (; f > r->frames && f->html == 0; f--) {
		if (f->hash == t->hash) {
			r->depth = (unsigned)(f - r->frames) - 1;
			return;
		}
		if (!f->is_foreign)
			break;
	}
	if (t->tag->id == HTML_TAG_P || t->tag->id == HTML_TAG_BR ||
	    r->scan.met[t->hash & 0xFF])
		html_reader_break_out(r);
}

/* ---- the page ---- */

/* All the tokens of what the scanner has. */
static void
html_reader_scan(struct html_reader *r)
{
	const struct html_scan_token *t = &r->scan.token;
	const struct html_reader_frame *top;
	enum html_reader_place place = HTML_READER_IN_PAGE;
	int found;

	while (r->status == HTML_READER_MORE) {
		found = html_scan_next(&r->scan);
		if (found == HTML_SCAN_MORE)
			return;
		if (found < 0)
			r->status = found;
		if (found == HTML_SCAN_START)
			place = html_reader_open(r, t);
		if (found > 0)
			html_reader_take(r, place);
		if (found == HTML_SCAN_END)
			html_reader_close(r, t);
		top = &r->frames[r->depth];
		r->scan.cdata = top->is_foreign && top->html == 0;
		r->scan.want = r->in_title ? HTML_SCAN_WANT_TEXT :
		    r->depth > 0 ? HTML_SCAN_WANT_TAGS : HTML_SCAN_WANT_NOTED;
	}
}

int
html_reader_feed(struct html_reader *r, const char *at, size_t len)
{
	html_scan_feed(&r->scan, at, len);
	html_reader_scan(r);
	return r->status;
}

int
html_reader_finish(struct html_reader *r)
{
	html_scan_finish(&r->scan);
	html_reader_scan(r);
	html_reader_end(r);
	return r->status;
}
