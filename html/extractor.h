/*
 * extractor.h - a page in any character set goes in, in pieces; its title,
 * links and what paths match come out.
 *
 * Most programs need no other header of html/ but path.h.  Embed a struct
 * html_extractor_sink, say what is wanted, feed the bytes as they arrive, and
 * stop when html_extractor_feed says so:
 *
 *	struct html_extractor_options want = { .title = true };
 *	struct html_extractor *x = html_extractor_new(&want, &mine.sink);
 *	html_extractor_start(x, "utf-8", 5);
 *	while (... && html_extractor_feed(x, at, len) == HTML_EXTRACT_MORE)
 *		...
 *	html_extractor_finish(x);
 *
 * Copy: ALL(html)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_EXTRACTOR_H
#define HTML_EXTRACTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "path.h"
#include "reader.h"

#ifdef __cplusplus
extern "C" {
#endif

struct html_extractor;

/* What html_extractor_feed and html_extractor_finish return beside errors. */
enum html_extractor_status {
	HTML_EXTRACT_MORE = HTML_READER_MORE,	/* go on, if there is more */
	HTML_EXTRACT_DONE = HTML_READER_DONE	/* one has said "enough" */
};

/*
 * Where the facts go; embed it.  Only the members that were asked for are
 * called.  All text is valid UTF-8 and borrowed for the call.  Each returns
 * true for "enough": no more is looked at and no more is called.  A callback
 * must not feed, start or free the extractor.
 */
struct html_extractor_sink {
	/*
	 * The first HTML title (never one of svg), references decoded, white
	 * space stripped and collapsed, at most HTML_TEXT_MAX bytes, maybe 0.
	 * Called at most once, as soon as the title has ended.
	 */
	bool (*title)(struct html_extractor_sink *sink, const char *at,
	    size_t len);
	/* A link, in document order; every <base href> among them. */
	bool (*link)(struct html_extractor_sink *sink,
	    const struct html_link *link);
	/*
	 * A match of paths[path].  An attribute's value as it stands; the text
	 * of a text() or an element with white space stripped and collapsed
	 * (those that are empty then are left out).  In document order.
	 */
	bool (*match)(struct html_extractor_sink *sink, size_t path,
	    const char *at, size_t len);
	/*
	 * The body has begun, or a frameset: from here on no path matches in
	 * head.  Called at most once, only if paths are wanted, after all that
	 * the tag or text that began it has brought.  May be NULL.
	 */
	bool (*body)(struct html_extractor_sink *sink);
};

/* What is wanted of the pages. */
struct html_extractor_options {
	bool title, links;		/* true: wanted */
	const struct html_path *const *paths;
	size_t path_count;		/* their steps together: at most 64 */
};

/*
 * A new extractor, to be freed with html_extractor_free.  The options are
 * copied, the paths and the sink are borrowed until then.  NULL when memory
 * is short, or when the paths have more than 64 steps together.
 */
struct html_extractor *html_extractor_new(
    const struct html_extractor_options *options,
    struct html_extractor_sink *sink);

/*
 * Begins a page; what was left of the one before is forgotten, the memory is
 * used again.  `charset` is the label that Content-Type gave, NULL for none;
 * one that is not known counts as none.
 */
void html_extractor_start(struct html_extractor *x, const char *charset,
    size_t len);

/*
 * Looks at the next len bytes of the page, cut anywhere.  Returns
 * HTML_EXTRACT_MORE, HTML_EXTRACT_DONE (now and ever after), or -ENOMEM
 * (the page is lost; start another or free).
 */
int html_extractor_feed(struct html_extractor *x, const char *at, size_t len);

/*
 * The page ends here: delivers what is still open, say a title that was
 * never closed.  Returns as html_extractor_feed does.
 */
int html_extractor_finish(struct html_extractor *x);

/*
 * The href of the first <base> seen so far, decoded, unresolved; NULL when
 * there was none.  Borrowed until the next call that takes the extractor
 * without const.
 */
const char *html_extractor_base(const struct html_extractor *x, size_t *len);

/*
 * The page was cut off here: looks at what is held back until the character
 * set is known, but takes nothing that is open for complete.  Returns as
 * html_extractor_feed does, which must not follow; _finish may.
 */
int html_extractor_cut(struct html_extractor *x);

/*
 * What of the page so far is missing, because it is beyond a limit of html/,
 * in words (a constant); NULL when nothing is.
 */
const char *html_extractor_missing(const struct html_extractor *x);

/*
 * Makes an address, as a link or a match gives it, one for a URL parser that
 * knows UTF-8 only: what is not ASCII in its query is percent-encoded in the
 * set that is in use, as forms of that page would send it (HTML 2.4.1).
 * Then *at is borrowed until the next call.  Returns 0 or -ENOMEM.
 */
int html_extractor_address(struct html_extractor *x, const char **at,
    size_t *len);

/* The name of the character set in use, NULL while it is not yet known. */
const char *html_extractor_charset(const struct html_extractor *x);

/* What has decided for it, as html_charset_why says it; NULL likewise. */
const char *html_extractor_charset_why(const struct html_extractor *x);

/* Frees an extractor; NULL is ignored. */
void html_extractor_free(struct html_extractor *x);

#ifdef __cplusplus
}
#endif

#endif
