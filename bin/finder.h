/*
 * finder.h - looks for things in a page while the page arrives: the link of
 * its first article; or its title, and with it links and fields.
 *
 * A finder is a sink of http/ that feeds an extractor of html/, once for all
 * that is looked for.  When it has that it says "enough", so the rest of a
 * large page is never fetched.  (Links and fields may stand anywhere: then
 * the page is read to its end, or until no more of them are kept.)  Finders
 * are used again, page after page: a shelf keeps those that nobody needs at
 * the moment.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_FINDER_H
#define BIN_FINDER_H

#include <stdbool.h>
#include <stddef.h>

#include "../html/extractor.h"
#include "../http/get_page.h"
#include "../http/sink.h"
#include "../http/url.h"
#include "field.h"
#include "findings.h"
#include "record.h"

/*
 * How far into a page a <meta http-equiv=refresh> counts, in bytes of its
 * decoded content: a page that does nothing but lead elsewhere is short, and
 * its title often comes first.  So much of a page is looked at in any case,
 * or as much as comes before its body: there a refresh does not count.
 */
enum { FINDER_REFRESH = 2048 };

/* Steps of the paths that find one: of a finder's own, at most 64 less. */
enum { FINDER_REFRESH_STEPS = 6 };

/* The longest delay of one that counts as a redirect, in seconds. */
enum { FINDER_REFRESH_DELAY = 5 };

/*
 * Bytes of a title that are kept, as browsers keep some 4096 characters: a
 * page may call a megabyte its title, and nobody wants that in one line.
 */
enum { FINDER_TITLE_MAX = 4096 };

struct finder;

/* Finders of one sort that nobody needs; what they look for is borrowed. */
struct finder_shelf {
	const struct html_path *const *paths;	/* none: it is the title, */
	size_t path_count;
	const struct field_list *fields;	/* these (NULL: none), */
	bool links;				/* and all links */
	/* private */
	struct html_path *refresh;
	struct finder *first;
};

/* A finder. */
struct finder {
	struct http_sink sink;		/* for http_get_page */

	/* Read only, after finder_finish. */
	struct http_url link;		/* href NULL: no article found, or */
	int link_error;			/* why its link cannot be read, */
	struct record link_text;	/* and that link, as it stands */
	struct record title;		/* at most FINDER_TITLE_MAX bytes */
	bool has_title;
	struct findings values;		/* of fields; the sort is the path's */
	struct findings links;		/* resolved; the sort is 0 */
	size_t unreadable;		/* links that no one can follow */
	size_t best;			/* path that `link` is a match of */
	struct http_url refresh;	/* href NULL: the page stays */
	bool is_elsewhere;		/* what is only for the site that was
					   asked for must not go to `link`, or
					   to `refresh` */
	size_t passed;			/* its matches that lead nowhere */
	size_t seen;			/* bytes of the page, and */
	bool enough;			/* more were not needed */
	struct http_url page;		/* where it was found */
	struct html_extractor *extract;	/* only to be asked */

	/* private */
	struct html_extractor_sink facts;
	const struct finder_shelf *shelf;
	bool strayed;			/* the page is not where it was asked */
	bool in_body;			/* the body of the page has begun */
	size_t fed;			/* bytes that were looked at */
	size_t path_count;
	const struct html_path **paths;	/* its own, and of refreshes */
	struct findings hrefs;		/* links as they stand in the page */
	int error;
	struct finder *next;
};

/* A finder from the shelf or a new one; NULL without memory. */
struct finder *finder_take(struct finder_shelf *);

/* Puts a finder back; NULL is allowed. */
void finder_put_back(struct finder_shelf *, struct finder *);

/*
 * To be called when the page is complete or the sink has said "enough": 0,
 * or -ENOMEM when memory has run out on the way.
 */
int finder_finish(struct finder *);

/*
 * What of the page was left out, because it is beyond a limit or cannot be
 * read, in words (a constant); NULL when nothing was.  After finder_finish.
 */
const char *finder_missing(const struct finder *);

/* Frees all that lie on a shelf. */
void finder_clear(struct finder_shelf *);

#endif
