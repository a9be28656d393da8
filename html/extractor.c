/*
 * extractor.c - title, links and paths of a page in any character set; see
 * extractor.h.
 *
 * The bytes pass three stages: the character set makes them UTF-8, the
 * scanner makes tokens of them, and each token is shown to the reader of
 * title and links.  When paths are wanted, the stack of open elements says
 * where each tag stands, and the matcher sees the tokens, too.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "extractor.h"

#include <stdlib.h>
#include <string.h>

#include "charset.h"
#include "match.h"
#include "open.h"

struct html_extractor {
	struct html_reader_sink facts;	/* first: its address is ours */
	struct html_extractor_sink *sink;
	struct html_charset charset;
	struct html_text address;
	struct html_reader reader;
	bool want_paths;		/* else the next three are not used */
	bool told_body;
	struct html_open open;
	struct html_match match;
};

/* ---- what is found goes to the user's sink ---- */

static bool
html_extractor_title(struct html_reader_sink *facts, const char *at,
    size_t len)
{
	struct html_extractor *x = (struct html_extractor *)(void *)facts;

	return x->sink->title(x->sink, at, len);
}

static bool
html_extractor_link(struct html_reader_sink *facts,
    const struct html_link *link)
{
	struct html_extractor *x = (struct html_extractor *)(void *)facts;

	return x->sink->link(x->sink, link);
}

static bool
html_extractor_match(struct html_match *match, size_t path, const char *at,
    size_t len)
{
	struct html_extractor *x = (struct html_extractor *)(void *)
	    ((char *)match - offsetof(struct html_extractor, match));

	if (x->sink->match(x->sink, path, at, len))
		x->reader.status = HTML_READER_DONE;
	return x->reader.status != HTML_READER_MORE;
}

/* ---- the life of an extractor ---- */

struct html_extractor *
html_extractor_new(const struct html_extractor_options *options,
    struct html_extractor_sink *sink)
{
	struct html_extractor *x = (struct html_extractor *)malloc(sizeof(*x));

	if (x == NULL)
		return NULL;
	x->facts.title = options->title ? html_extractor_title : NULL;
	x->facts.link = options->links ? html_extractor_link : NULL;
	x->sink = sink;
	x->want_paths = options->path_count > 0;
	memset(&x->charset, 0, sizeof(x->charset));
	memset(&x->address, 0, sizeof(x->address));
	html_reader_init(&x->reader, &x->facts);
	if (html_match_init(&x->match, options->paths,
	    options->path_count) < 0) {
		html_extractor_free(x);
		return NULL;
	}
	x->match.found = html_extractor_match;
	html_extractor_start(x, NULL, 0);
	return x;
}

void
html_extractor_free(struct html_extractor *x)
{
	if (x == NULL)
		return;
	html_match_free(&x->match);
	html_reader_free(&x->reader);
	html_charset_free(&x->charset);
	html_text_free(&x->address);
	free(x);
}

void
html_extractor_start(struct html_extractor *x, const char *charset, size_t len)
{
	html_charset_start(&x->charset, charset, len);
	html_reader_start(&x->reader);
	html_open_reset(&x->open);
	html_match_reset(&x->match);
	x->told_body = false;
	if (x->want_paths)
		x->reader.scan.want = HTML_SCAN_WANT_TEXT;
}

/* ---- paths ---- */

/*
 * Matches what a tag or text has changed on the stack, where `depth` elements
 * were open before.  What changes nothing does not end a text either.
 */
static int
html_extractor_enter(struct html_extractor *x, unsigned depth,
    const struct html_scan_token *t)
{
	int error;

	if (x->open.fresh == depth && x->open.depth == depth)
		return 0;
	error = html_match_enter(&x->match, &x->open, t);
	html_open_settle(&x->open);
	return error < 0 ? error : html_match_leave(&x->match, x->open.depth);
}

/* Where a start tag stands, for the reader. */
static enum html_reader_place
html_extractor_place(const struct html_extractor *x,
    enum html_open_result result)
{
	if (result == HTML_OPEN_IGNORED || result == HTML_OPEN_FOREIGN ||
	    (result == HTML_OPEN_TOO_DEEP && html_open_is_foreign(&x->open)))
		return HTML_READER_IN_FOREIGN;
	return x->open.templates > 0 ? HTML_READER_IN_TEMPLATE :
	    HTML_READER_IN_PAGE;
}

/* Shows a start tag to the reader, then to the matcher. */
static int
html_extractor_on_start(struct html_extractor *x,
    const struct html_scan_token *t)
{
	unsigned depth = x->open.depth;
	enum html_open_result result = html_open_start(&x->open, t);
	bool is_new = result == HTML_OPEN_HTML || result == HTML_OPEN_FOREIGN;
	int error;

	if (t->tag->lists & HTML_TAG_IS_NOTED)
		html_reader_take(&x->reader, html_extractor_place(x, result));
	if (x->reader.status != HTML_READER_MORE)
		return 0;
	if (result == HTML_OPEN_TOO_DEEP)
		return html_match_leave(&x->match, x->open.depth);
	error = html_extractor_enter(x, depth, is_new ? t : NULL);
	return error < 0 || result != HTML_OPEN_MERGED ? error :
	    html_match_merge(&x->match, &x->open, t);
}

static int
html_extractor_on_end(struct html_extractor *x,
    const struct html_scan_token *t)
{
	unsigned depth = x->open.depth;

	html_open_end(&x->open, t);
	return html_extractor_enter(x, depth, NULL);
}

static int
html_extractor_on_text(struct html_extractor *x,
    const struct html_scan_token *t)
{
	unsigned depth = x->open.depth;
	int error = 0;

	if (!html_open_in_body(&x->open) &&
	    html_open_text(&x->open, t->at, t->len))
		error = html_extractor_enter(x, depth, NULL);
	return error < 0 ? error : html_match_text(&x->match, &x->open, t);
}

static int
html_extractor_token(struct html_extractor *x, const struct html_scan_token *t)
{
	if (t->kind == HTML_SCAN_START)
		return html_extractor_on_start(x, t);
	if (x->reader.in_title)
		html_reader_take(&x->reader, HTML_READER_IN_PAGE);
	if (x->reader.status != HTML_READER_MORE)
		return 0;
	switch (t->kind) {
	case HTML_SCAN_TEXT:
		return html_extractor_on_text(x, t);
	case HTML_SCAN_END:
		return html_extractor_on_end(x, t);
	case HTML_SCAN_DOCTYPE:
		html_open_doctype(&x->open, t);
		return 0;
	default:
		return html_match_leave(&x->match, x->open.depth);
	}
}

/* Tells the sink, once, that the body has begun. */
static void
html_extractor_tell_body(struct html_extractor *x)
{
	if (x->told_body || !html_open_in_body(&x->open) ||
	    x->reader.status != HTML_READER_MORE)
		return;
	x->told_body = true;
	if (x->sink->body != NULL && x->sink->body(x->sink))
		x->reader.status = HTML_READER_DONE;
}

/* All the tokens of what the scanner has. */
static void
html_extractor_scan(struct html_extractor *x)
{
	struct html_reader *r = &x->reader;
	int found;

	while (r->status == HTML_READER_MORE) {
		found = html_scan_next(&r->scan);
		if (found == HTML_SCAN_MORE)
			return;
		if (found > 0)
			found = html_extractor_token(x, &r->scan.token);
		if (found < 0)
			r->status = found;
		html_extractor_tell_body(x);
		r->scan.want = r->in_title ||
		    !html_open_in_body(&x->open) ||
		    html_match_wants_text(&x->match, &x->open) ?
		    HTML_SCAN_WANT_TEXT : HTML_SCAN_WANT_TAGS;
		r->scan.cdata = html_open_is_foreign(&x->open);
	}
}

/* ---- a page ---- */

/* All of what the decoder has. */
static void
html_extractor_decode(struct html_extractor *x)
{
	const char *at;
	size_t len;

	while (x->reader.status == HTML_READER_MORE &&
	    html_charset_next(&x->charset, &at, &len)) {
		if (!x->want_paths) {
			html_reader_feed(&x->reader, at, len);
		} else {
			html_scan_feed(&x->reader.scan, at, len);
			html_extractor_scan(x);
		}
	}
}

int
html_extractor_feed(struct html_extractor *x, const char *at, size_t len)
{
	if (x->reader.status != HTML_READER_MORE)
		return x->reader.status;
	html_charset_feed(&x->charset, at, len);
	html_extractor_decode(x);
	return x->reader.status;
}

int
html_extractor_cut(struct html_extractor *x)
{
	html_charset_finish(&x->charset);
	html_extractor_decode(x);
	return x->reader.status;
}

int
html_extractor_finish(struct html_extractor *x)
{
	int error = 0;

	(void)html_extractor_cut(x);
	if (!x->want_paths)
		return html_reader_finish(&x->reader);
	html_scan_finish(&x->reader.scan);
	html_extractor_scan(x);
	html_reader_end(&x->reader);
	if (x->reader.status == HTML_READER_MORE)
		error = html_match_leave(&x->match, 0);
	if (error < 0)
		x->reader.status = error;
	return x->reader.status;
}

const char *
html_extractor_base(const struct html_extractor *x, size_t *len)
{
	return html_reader_base(&x->reader, len);
}

int
html_extractor_address(struct html_extractor *x, const char **at, size_t *len)
{
	return html_charset_query(&x->charset, &x->address, at, len);
}

const char *
html_extractor_missing(const struct html_extractor *x)
{
	if (x->open.limited || x->reader.limited)
		return "elements that are nested too deep";
	if (x->match.limited || x->reader.title.len == HTML_TEXT_MAX)
		return "the rest of a text that is too long";
	return x->reader.scan.limited ?
	    "attributes of a tag with too many, or too long ones" : NULL;
}

const char *
html_extractor_charset(const struct html_extractor *x)
{
	return html_charset_name(&x->charset);
}

const char *
html_extractor_charset_why(const struct html_extractor *x)
{
	return html_charset_why(&x->charset);
}
