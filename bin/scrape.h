/*
 * scrape.h - the main job: fetch a page, find its first article, fetch that,
 * find its title, and what else is wanted of it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_SCRAPE_H
#define BIN_SCRAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../defer/deferred.h"
#include "../http/client.h"
#include "../http/journal.h"
#include "../reactor/reactor.h"
#include "finder.h"
#include "inflight.h"
#include "manners.h"
#include "report.h"

/*
 * What all scrapes share.  The user fills it in, keeps it until all are
 * done, and then clears the two shelves.
 */
struct scraper {
	struct reactor *reactor;
	struct http_client *client;
	struct finder_shelf articles;	/* with the paths to look for */
	struct finder_shelf titles;	/* with links and fields, if wanted */
	bool only_titles;		/* of the URLs themselves */
	uint64_t timeout_ns;		/* for one URL, retries and all */
	uint64_t max_body;		/* decoded bytes of one page */
	unsigned max_redirects;		/* for one page */
	unsigned retries;		/* for one page */
	struct inflight *inflight;	/* where it is put; or NULL */
	struct manners *manners;	/* or NULL: asks when it likes */
	struct http_journal *journal;	/* told of each request; or NULL */
	bool answers;			/* reports have final_url, content_type,
					   address and timings */

	/*
	 * Told that the scrape with this ctx waits for its turn or for a
	 * retry, and takes no part; and, false, that it goes on.  One that is
	 * done while it waits goes on no more.  May be NULL.
	 */
	void (*waiting)(void *ctx, bool);

	/*
	 * Told when a page is to be tried again after delay_ns, because of f;
	 * the report has the URL.  Both are borrowed.  May be NULL.
	 */
	void (*retrying)(struct scraper *, const struct report *,
	    const struct defer_failure *f, uint64_t delay_ns);

	/*
	 * Told how it came to a report: just before that, with the finders of
	 * the page with the article (NULL: not asked for) and of the last one
	 * (NULL: it did not come to that).  May be NULL.
	 */
	void (*explain)(struct scraper *, const struct report *,
	    const struct finder *article, const struct finder *last);
};

/*
 * Scrapes one URL, len bytes at `url`, which must stay until `done` is
 * called.  That happens once, perhaps before this returns, with a borrowed
 * report of success or failure; a cancelled scrape is a failure like any
 * other.  The deferred has no value and never fails.  NULL if there is no
 * memory, and then `done` is not called.
 */
struct deferred *scrape(struct scraper *, const char *url, size_t len,
    void (*done)(void *ctx, const struct report *), void *ctx);

#endif
