/*
 * manners.h - when a page may be asked for, and whether: robots.txt, pauses
 * between the requests to one host, Retry-After, and no more requests to a
 * host at a time than it shall have.
 *
 * A host is, as for the client, a scheme, a name and a port.  Pages of one
 * host stand in a queue, and have their turns in the order in which they came;
 * but those of a URL that has had a turn come first, so that what is begun
 * gets done.
 *
 *      page --> queue of its host ----> http_get_page
 *               waits for robots.txt,
 *               then for the pause,
 *               then for an end of others,
 *               then for its user to have room
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
	unsigned per_host;		/* pages of one host that are under
					   way at a time; 0: any number */

	/* May be set later: who has had no turn yet gets none, and waits. */
	bool closing;

	/*
	 * Whether there is room for a page that has waited, or for a
	 * robots.txt; if not, it waits until manners_room.  NULL: always.
	 */
	bool (*has_room)(struct manners *);

	/* Told that a robots.txt is asked for; and, false, that this is over.
	 * May be NULL. */
	void (*asking)(struct manners *, bool);

	/* Read only: pages that wait for the first turn of their visitor. */
	size_t first_turns;

	/* private */
	struct manners_host *buckets[MANNERS_BUCKETS];
	struct reactor_list ages;	/* the oldest first */
	size_t hosts, rules;		/* as above */
	struct reactor_list parked;	/* hosts whose pages want room */
};

/*
 * A visitor: one that asks for pages, one after the other.  Its memory is the
 * caller's, who sets `begins`; the rest is zero at first.
 */
struct manners_visitor {
	/*
	 * Told that its page is under way, before has_room is asked for
	 * another.  It may use no function of this file.  May be NULL.
	 */
	void (*begins)(struct manners_visitor *);

	bool begun;			/* read only: has had a turn */
	struct manners_host *host;	/* private: whose page is under way */
};

/*
 * A deferred that fires with nothing when the page may be asked for, perhaps
 * at once.  It fails with category_robots if it may not; or as http_get_page
 * does if there is no telling, since robots.txt cannot be had.  The visitor
 * leaves where it was, and is under way just before it fires.  Both are
 * borrowed until it has fired or is cancelled.  NULL without memory.
 */
struct deferred *manners_wait(struct manners *, struct manners_visitor *,
    const struct http_url *);

/*
 * Whether nothing stands against this page.  Then the visitor is under way at
 * once, and manners_wait need not be called.  Cheaper, as most pages need no
 * manners.
 */
bool manners_enter(struct manners *, struct manners_visitor *,
    const struct http_url *);

/* The visitor's page is over: others may have their turn before this
 * returns.  Does nothing where none is under way. */
void manners_leave(struct manners_visitor *);

/* There is room again: gives turns for as long as there is. */
void manners_room(struct manners *);

/*
 * No page of this URL's host has its turn for so long, at most a minute: the
 * server has asked for that.
 */
void manners_hold(struct manners *, const struct http_url *, uint64_t ns);

/*
 * Frees all.  No page may wait or be under way; call it before the client is
 * freed, and not from inside what a deferred of manners_wait calls.
 */
void manners_clear(struct manners *);

#endif
