/*
 * ask.h - gets questions answered by the name servers.
 *
 * The life of a question:
 *
 *      queued --> in flight --+--> answered, and remembered for its time
 *        ^           |        |
 *        +-----------+        +--> given up: every server was asked as
 *       silence, trouble           often as the configuration says
 *
 * Not more than 128 are in flight, lest a burst overflow the socket buffers
 * of the server.  A question that is on its way, or was answered lately, is
 * not asked again.  All failures come from the loop.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_ASK_H
#define DNS_ASK_H

#include "../reactor/reactor.h"
#include "cache.h"
#include "upstream.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What came out of a question; from DNS_UNREACHABLE on, no answer at all. */
enum dns_verdict {
	DNS_FOUND,		/* addresses */
	DNS_NOTHING,		/* the name has none of that type */
	DNS_NO_NAME,		/* the name does not exist */
	DNS_UNREACHABLE,	/* no way to any name server */
	DNS_TIMED_OUT,		/* at least one was silent */
	DNS_FAILED,		/* at least one could or would not answer */
	DNS_NO_MEMORY
};

/* One who waits for an answer; embedded in what it is for. */
struct dns_waiter {
	/*
	 * The answer; when it is DNS_FOUND with `count` addresses, 16 octets
	 * each (type A: the first 4 of them), borrowed until the asker is
	 * used again.  May do anything, also free the asker.
	 */
	void (*answered)(struct dns_waiter *, enum dns_verdict,
	    const uint8_t *addresses, size_t count);
	void *ctx;			/* the waiter's own */
	struct reactor_list link; /* reactor_list_remove it to wait no more */
};

/* All fields are private. */
struct dns_asker {
	struct reactor *reactor;
	struct dns_upstreams upstreams;
	struct dns_cache cache;
	/* Each question is in one of these, the remembered by last use. */
	struct reactor_list queued, flying, remembered;
	size_t in_flight, held;		/* flying; remembered */
	struct reactor_call pump;
};

/*
 * The configuration must stay.  -EINVAL if no server is a numeric address;
 * or where randomness fails.
 */
int dns_asker_init(struct dns_asker *, struct reactor *,
    const struct dns_config *);

/* Ends all that is under way; waiters hear nothing. */
void dns_asker_free(struct dns_asker *);

/*
 * Asks.  The waiter is called once, before this returns if the answer is
 * known already, unless its link is taken out before.
 */
void dns_ask(struct dns_asker *, const struct dns_question *,
    struct dns_waiter *);

#ifdef __cplusplus
}
#endif

#endif
