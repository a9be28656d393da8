/*
 * finder.h - looks for one thing in a page while the page arrives: the link
 * of its first article, or its title.
 *
 * A finder is a sink of http/ that feeds an extractor of html/.  When it
 * has what it looks for it says "enough", so the rest of a large page is
 * never fetched.  Finders are used again, page after page: a shelf keeps
 * those that nobody needs at the moment.
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
#include "record.h"

/*
 * Bytes of a title that are kept, as browsers keep some 4096 characters: a
 * page may call a megabyte its title, and nobody wants that in one line.
 */
enum { FINDER_TITLE_MAX = 4096 };

struct finder;

/* Finders of one sort that nobody needs; the paths stay the caller's. */
struct finder_shelf {
	const struct html_path *const *paths;	/* none: it is the title */
	size_t path_count;
	struct finder *first;			/* private */
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

	/* private */
	struct html_extractor_sink facts;
	struct html_extractor *extract;
	const struct finder_shelf *shelf;
	struct http_url page;		/* where the page was found */
	size_t best;			/* path that `link` is a match of */
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

/* Frees all that lie on a shelf. */
void finder_clear(struct finder_shelf *);

#endif
