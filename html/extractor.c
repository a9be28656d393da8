/*
 * extract.c - the door of the module; see extract.h.
 *
 * The bytes pass three stages: the character set makes them UTF-8, the
 * scanner makes tokens of them, and each token is shown to those who asked:
 * stack of open elements, title, links, paths.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "extractor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "match.h"
#include "open.h"
#include "scan.h"

/* How much of the title is known. */
enum html_extractor_title {
	HTML_EXTRACT_NO_TITLE,		/* not yet */
	HTML_EXTRACT_IN_TITLE,		/* its text is coming */
	HTML_EXTRACT_HAD_TITLE
};

struct html_extractor {
	struct html_extractor_sink *sink;
	int want_title, want_links, want_paths;
	int status;			/* enum html_extractor_status, or < 0 */
	int has_base;
	struct html_charset charset;
	enum html_extractor_title state;
	struct html_text title;		/* undecoded: pieces may cut anything */
	struct html_text decoded, base;
	struct html_scan scan;
	struct html_open open;
	struct html_match match;
};

/* Recovers the extractor around its matcher. */
static struct html_extractor *
html_extractor_of(struct html_match *match)
{
	return (struct html_extractor *)(void *)((char *)match -
	    offsetof(struct html_extractor, match));
}

static bool
html_extractor_found(struct html_match *match, size_t path, const char *at,
    size_t len)
{
	struct html_extractor *x = html_extractor_of(match);

	/* The title or link of this very tag may have been enough. */
	if (x->status == HTML_EXTRACT_MORE &&
	    x->sink->match(x->sink, path, at, len))
		x->status = HTML_EXTRACT_DONE;
	return x->status != HTML_EXTRACT_MORE;
}

struct html_extractor *
html_extractor_new(const struct html_extractor_options *options,
    struct html_extractor_sink *sink)
{
	struct html_extractor *x = malloc(sizeof(*x));

	if (x == NULL)
		return NULL;
	memset(x, 0, offsetof(struct html_extractor, scan));
	x->sink = sink;
	x->want_title = options->title;
	x->want_links = options->links;
	x->want_paths = options->path_count > 0;
	html_scan_init(&x->scan);
	if (html_match_init(&x->match, options->paths,
	    options->path_count) < 0) {
		html_extractor_free(x);
		return NULL;
	}
	x->match.found = html_extractor_found;
	html_extractor_start(x, NULL, 0);
	return x;
}

void
html_extractor_free(struct html_extractor *x)
{
	if (x == NULL)
		return;
	html_match_free(&x->match);
	html_charset_free(&x->charset);
	html_scan_free(&x->scan);
	html_text_free(&x->title);
	html_text_free(&x->decoded);
	html_text_free(&x->base);
	free(x);
}

/* What of the page matters to anybody just now. */
static enum html_scan_want
html_extractor_wants(const struct html_extractor *x)
{
	if (x->state == HTML_EXTRACT_IN_TITLE ||
	    !html_open_in_body(&x->open) ||
	    html_match_wants_text(&x->match, &x->open))
		return HTML_SCAN_WANT_TEXT;
	return x->open.depth > 0 ? HTML_SCAN_WANT_TAGS : HTML_SCAN_WANT_NOTED;
}

void
html_extractor_start(struct html_extractor *x, const char *charset, size_t len)
{
	x->status = HTML_EXTRACT_MORE;
	x->has_base = 0;
	html_charset_start(&x->charset, charset, len);
	x->state = HTML_EXTRACT_NO_TITLE;
	x->title.len = 0;
	html_scan_reset(&x->scan);
	html_open_reset(&x->open, !x->want_paths);
	html_match_reset(&x->match);
	x->scan.want = html_extractor_wants(x);
}

/* Takes the answer of a callback. */
static int
html_extractor_answer(struct html_extractor *x, int enough)
{
	if (enough)
		x->status = HTML_EXTRACT_DONE;
	return 0;
}

/* A start tag that may lead to another page, or say what all start from. */
static int
html_extractor_link(struct html_extractor *x, const struct html_scan_token *t)
{
	struct html_link link;
	int rc = html_link_find(&link, t, &x->decoded);

	if (rc <= 0)
		return rc;
	if (link.kind == HTML_LINK_BASE && !x->has_base) {
		x->base.len = 0;
		rc = html_text_add(&x->base, link.href, link.len);
		if (rc < 0)
			return rc;
		x->has_base = 1;
	}
	return x->want_links ?
	    html_extractor_answer(x, x->sink->link(x->sink, &link)) : 0;
}

/* What stands in svg, math or a template is no title and no link. */
static int
html_extractor_html(struct html_extractor *x, const struct html_scan_token *t)
{
	if (t->tag->text != HTML_TAG_TEXT_DATA)
		html_scan_raw(&x->scan);
	if (x->open.templates > 0)
		return 0;
	switch (t->tag->id) {
	case HTML_TAG_TITLE:
		if (x->want_title && x->state == HTML_EXTRACT_NO_TITLE)
			x->state = HTML_EXTRACT_IN_TITLE;
		return 0;
	case HTML_TAG_BASE:
		return html_extractor_link(x, t);
	case HTML_TAG_A:
	case HTML_TAG_AREA:
	case HTML_TAG_LINK:
	case HTML_TAG_META:
		return x->want_links ? html_extractor_link(x, t) : 0;
	default:
		return 0;
	}
}

/* The matching of a tag or text that has changed the stack. */
static int
html_extractor_enter(struct html_extractor *x, const struct html_scan_token *t)
{
	int rc = html_match_enter(&x->match, &x->open, t);

	html_open_settle(&x->open);
	return rc < 0 ? rc : html_match_leave(&x->match, x->open.depth);
}

static int
html_extractor_on_start(struct html_extractor *x,
    const struct html_scan_token *t)
{
	enum html_open_result result = html_open_start(&x->open, t);
	int rc = 0;

	if (result == HTML_OPEN_HTML)
		rc = html_extractor_html(x, t);
	if (rc == 0)
		rc = html_extractor_enter(x,
		    result == HTML_OPEN_IGNORED ? NULL : t);
	return rc;
}

/* The title is complete, by its end tag or that of the page. */
static int
html_extractor_end_title(struct html_extractor *x)
{
	const struct html_text *text = &x->decoded;

	x->state = HTML_EXTRACT_HAD_TITLE;
	if (html_text_decode(&x->decoded, x->title.at, x->title.len,
	    HTML_TEXT_COLLAPSE) < 0)
		return -ENOMEM;
	return html_extractor_answer(x, x->sink->title(x->sink,
	    text->len > 0 ? text->at : "", text->len));
}

static int
html_extractor_on_end(struct html_extractor *x, const struct html_scan_token *t)
{
	int rc = 0;

	if (x->state == HTML_EXTRACT_IN_TITLE)
		rc = html_extractor_end_title(x);
	html_open_end(&x->open, t);
	return rc < 0 ? rc : html_match_leave(&x->match, x->open.fresh);
}

static int
html_extractor_on_text(
    struct html_extractor *x, const struct html_scan_token *t)
{
	int rc = 0;

	if (x->state == HTML_EXTRACT_IN_TITLE)
		rc = html_text_add(&x->title, t->at, t->len);
	if (rc == 0 && !html_open_in_body(&x->open) &&
	    html_open_text(&x->open, t->at, t->len))
		rc = html_extractor_enter(x, NULL);
	return rc < 0 ? rc : html_match_text(&x->match, &x->open, t);
}

static int
html_extractor_token(struct html_extractor *x, const struct html_scan_token *t)
{
	switch (t->kind) {
	case HTML_SCAN_TEXT:
		return html_extractor_on_text(x, t);
	case HTML_SCAN_START:
		return html_extractor_on_start(x, t);
	case HTML_SCAN_END:
		return html_extractor_on_end(x, t);
	case HTML_SCAN_DOCTYPE:
		html_open_doctype(&x->open, t);
		return 0;
	default:
		return html_match_leave(&x->match, x->open.depth);
	}
}

/* All the tokens of what the scanner has. */
static void
html_extractor_scan(struct html_extractor *x)
{
	int found;

	while (x->status == HTML_EXTRACT_MORE) {
		found = html_scan_next(&x->scan);
		if (found == HTML_SCAN_MORE)
			return;
		if (found > 0)
			found = html_extractor_token(x, &x->scan.token);
		if (found < 0)
			x->status = found;
		x->scan.want = html_extractor_wants(x);
		x->scan.cdata = html_open_is_foreign(&x->open);
	}
}

/* All the tokens of what the decoder has. */
static void
html_extractor_decode(struct html_extractor *x)
{
	const char *at;
	size_t len;

	while (x->status == HTML_EXTRACT_MORE &&
	    html_charset_next(&x->charset, &at, &len)) {
		html_scan_feed(&x->scan, at, len);
		html_extractor_scan(x);
	}
}

int
html_extractor_feed(struct html_extractor *x, const char *at, size_t len)
{
	if (x->status != HTML_EXTRACT_MORE)
		return x->status;
	html_charset_feed(&x->charset, at, len);
	html_extractor_decode(x);
	return x->status;
}

int
html_extractor_finish(struct html_extractor *x)
{
	int rc = 0;

	html_charset_finish(&x->charset);
	html_extractor_decode(x);
	html_scan_finish(&x->scan);
	html_extractor_scan(x);
	if (x->status == HTML_EXTRACT_MORE &&
	    x->state == HTML_EXTRACT_IN_TITLE)
		rc = html_extractor_end_title(x);
	if (rc == 0 && x->status == HTML_EXTRACT_MORE)
		rc = html_match_leave(&x->match, 0);
	if (rc < 0)
		x->status = rc;
	return x->status;
}

const char *
html_extractor_base(const struct html_extractor *x, size_t *len)
{
	*len = x->has_base ? x->base.len : 0;
	return x->has_base ? (x->base.at != NULL ? x->base.at : "") : NULL;
}

const char *
html_extractor_charset(const struct html_extractor *x)
{
	return html_charset_name(&x->charset);
}
