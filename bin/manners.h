/*
 * manners.h - when a page may be asked for, and whether: robots.txt, pauses
 * between the requests to one host, and Retry-After.
 *
 * A host is, as for the client, a scheme, a name and a port.  Pages of one
 * host stand in a queue, and have their turns in the order in which they came.
 *
 *      page --> queue of its host --> http_get_page
 *               waits for robots.txt,
 *               then for the pause
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_MANNERS_H
#define BIN_MANNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../defer/deferred.h"
#include "../http/client.h"
#include "../http/journal.h"
#include "../http/url.h"
#include "../reactor/list.h"
#include "../reactor/reactor.h"

/*
 * Hosts that are remembered, and bytes of all their rules: those that were
 * used longest ago are forgotten, unless a page waits.  If they come again,
 * their robots.txt is asked for again.
 */
enum {
	MANNERS_HOSTS = 16384,
	MANNERS_RULES = 33554432,
	MANNERS_BUCKETS = 1024		/* private: of the table of hosts */
};

struct manners_host;

/* All hosts.  The user fills in what is not private, the rest is zero. */
struct manners {
	struct reactor *reactor;
	struct http_client *client;
	const char *agent;		/* our User-Agent */
	bool robots;			/* obey robots.txt */
	uint64_t delay_ns;		/* between requests to one host */
	uint64_t timeout_ns;		/* for a robots.txt */
	struct http_journal *journal;	/* told of requests for it; or NULL */

	/* private */
	struct manners_host *buckets[MANNERS_BUCKETS];
	struct reactor_list ages;	/* the oldest first */
	size_t hosts, rules;		/* as above */
};

/*
 * A deferred that fires with nothing when the page may be asked for, perhaps
 * at once.  It fails with category_robots if it may not; or as http_get_page
 * does if there is no telling, since robots.txt cannot be had.  The URL is
 * borrowed until it has fired or is cancelled.  NULL without memory.
 */
struct deferred *manners_wait(struct manners *, const struct http_url *);

/* Whether manners_wait would do no more than fire: nothing stands against
 * this page.  Cheaper, as most pages need no manners. */
bool manners_is_free(struct manners *, const struct http_url *);

/*
 * No page of this URL's host has its turn for so long, at most a minute: the
 * server has asked for that.
 */
void manners_hold(struct manners *, const struct http_url *, uint64_t ns);

/*
 * Frees all.  No page may wait; call it before the client is freed, and not
 * from inside what a deferred of manners_wait calls.
 */
void manners_clear(struct manners *);

#endif
