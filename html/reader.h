/*
 * reader.h - a page in UTF-8 goes in, in pieces; its title and links come out.
 *
 * What stands in svg, in math or in a template is no title and no link of the
 * page.  The reader follows these three and no other elements.
 *
 * Copy: reader.h reader.c scan.h scan.c tag.h tag.c tag_id_data.h
 *     tag_data.h text.h text.c entity_data.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_READER_H
#define HTML_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan.h"
#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Elements of svg and math nested deeper than this are passed over. */
#define HTML_READER_DEPTH 256

/* How a page points at another. */
enum html_link_kind {
	HTML_LINK_A,			/* <a href> */
	HTML_LINK_AREA,			/* <area href> */
	HTML_LINK_BASE,			/* <base href>: what all resolve by */
	HTML_LINK_REFRESH		/* <meta http-equiv=refresh> */
};

/* A link of a page. */
struct html_link {
	enum html_link_kind kind;
	/*
	 * The URL as the page spells it, unresolved: references decoded,
	 * valid UTF-8, white space around it still there.
	 */
	const char *href;
	size_t len;
	unsigned long delay_s;		/* HTML_LINK_REFRESH only */
};

/* What html_reader_feed and html_reader_finish return beside errors. */
enum html_reader_status {
	HTML_READER_MORE = 0,		/* go on, if there is more */
	HTML_READER_DONE = 1		/* a callback has said "enough" */
};

/*
 * Where title and links go; embed it.  A member that is NULL is not wanted.
 * All text is valid UTF-8 and borrowed for the call.  Each returns true for
 * "enough": no more is looked at and no more is called.  A callback must not
 * feed, start or free the reader.
 */
struct html_reader_sink {
	/*
	 * The first HTML title, references decoded, white space stripped and
	 * collapsed, at most HTML_TEXT_MAX bytes, maybe 0.  Called at most
	 * once, as soon as the title has ended.
	 */
	bool (*title)(struct html_reader_sink *sink, const char *at,
	    size_t len);
	/* A link, in document order; every <base href> among them. */
	bool (*link)(struct html_reader_sink *sink,
	    const struct html_link *link);
};

/* Where a start tag stands. */
enum html_reader_place {
	HTML_READER_IN_PAGE,
	HTML_READER_IN_TEMPLATE,
	HTML_READER_IN_FOREIGN		/* svg or math */
};

/* The page, a template, or an element of svg or math; private. */
struct html_reader_frame {
	uint32_t hash;			/* of the name */
	bool is_foreign, is_math;	/* svg or math; the latter */
	bool holds_html;		/* HTML begins in this element */
	unsigned html;			/* how many HTML elements are open */
	bool in_template;		/* it is one, or stands in one */
};

/* A reader.  All members are private, but see the end of this file. */
struct html_reader {
	struct html_scan scan;
	int status;			/* enum html_reader_status, or < 0 */
	bool in_title;			/* the text of the title is coming */
	bool limited;			/* svg or math was too deep */

	bool had_title, has_base;
	struct html_reader_sink *sink;
	struct html_text title;		/* undecoded: pieces may cut anything */
	struct html_text decoded, base;
	unsigned depth;			/* frames[depth] is the innermost */
	struct html_reader_frame frames[HTML_READER_DEPTH + 1];
};

/*
 * Makes a reader of any memory, which must stay where it is, at the start of
 * a page.  The sink is borrowed until html_reader_free.
 */
void html_reader_init(struct html_reader *reader,
    struct html_reader_sink *sink);

/* Begins another page; forgets the one before and keeps the memory. */
void html_reader_start(struct html_reader *reader);

/*
 * Looks at the next len bytes of the page, cut anywhere.  Returns
 * HTML_READER_MORE, HTML_READER_DONE (then and ever after), or -ENOMEM (the
 * page is lost; start another or free).
 */
int html_reader_feed(struct html_reader *reader, const char *at, size_t len);

/*
 * The page ends here: delivers a title that was never closed.  Returns as
 * html_reader_feed does.
 */
int html_reader_finish(struct html_reader *reader);

/*
 * The href of the first <base> seen so far, decoded, unresolved; NULL when
 * there was none.  Borrowed until the next call that takes the reader without
 * const.
 */
const char *html_reader_base(const struct html_reader *reader, size_t *len);

/* Frees what a reader owns. */
void html_reader_free(struct html_reader *reader);

/*
 * ---- for a module that follows all elements by itself ----
 *
 * It feeds reader->scan and calls html_scan_next in place of html_reader_feed
 * and html_reader_finish, until reader->status is not HTML_READER_MORE.
 */

/*
 * Takes the token that reader->scan has just found: any while in_title is
 * true, else start tags of HTML_TAG_IS_NOTED.  `place` is where a start tag
 * stands.  Calls back, and sets status.
 */
void html_reader_take(struct html_reader *reader,
    enum html_reader_place place);

/* Whether a start tag in svg or math ends it; a font's attributes decide. */
bool html_reader_breaks_out(const struct html_scan_token *t);

/* All tokens are taken: delivers a title that was never closed. */
void html_reader_end(struct html_reader *reader);

#ifdef __cplusplus
}
#endif

#endif
