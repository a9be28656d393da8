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
 * At most 128 are sent in a quarter of a second without an answer, lest a
 * burst overflow the socket buffers of the server.  A question that is on its
 * way, or was answered lately, is not asked again.  All failures come from the
 * loop, but for want of memory.
 *
 * Copy: ask.h ask.c dns_pool.h dns_pool.c config.h config.c
 *     message.h message.c ALL(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_ASK_H
#define DNS_ASK_H

#include "../reactor/list.h"
#include "config.h"
#include "message.h"

#ifdef __cplusplus
extern "C" {
#endif

struct dns_asker;
struct reactor;

/* What came out of a question; from DNS_UNREACHABLE on, no answer at all. */
enum dns_verdict {
	DNS_FOUND,		/* addresses */
	DNS_ALIAS,		/* of a name that is still to be asked for */
	DNS_NOTHING,		/* the name has none of that type */
	DNS_NO_NAME,		/* the name does not exist */
	DNS_UNREACHABLE,	/* no way to any name server */
	DNS_TIMED_OUT,		/* at least one was silent */
	DNS_FAILED,		/* at least one could or would not answer */
	DNS_NO_MEMORY		/* or no descriptor */
};

/* One who waits for an answer; embedded in what it is for. */
struct dns_waiter {
	/*
	 * The answer.  If it is DNS_FOUND, there are `count` addresses of 16
	 * octets each (type A: the first 4 of them).  If it is DNS_ALIAS, `at`
	 * is a name of `count` octets.  Both are borrowed until the asker is
	 * used again.  May do anything, also free the asker.
	 */
	void (*answered)(struct dns_waiter *, enum dns_verdict,
	    const uint8_t *at, size_t count);
	void *ctx;			/* the waiter's own */
	unsigned aliases;	/* grows by how many the answer came through */
	struct reactor_list link; /* reactor_list_remove it to wait no more */
};

/*
 * Makes one who asks; reactor and configuration must stay.  Servers that are
 * no numeric addresses are left out; if none is left, it is 127.0.0.1.
 * -ENOMEM; or where randomness fails.
 */
int dns_asker_new(struct dns_asker **, struct reactor *,
    const struct dns_config *);

/* Ends all that is under way; waiters hear nothing. */
void dns_asker_free(struct dns_asker *);

/*
 * Asks.  The waiter is called once, unless its link is taken out before; and
 * before this returns, if the answer is known already.
 */
void dns_ask(struct dns_asker *, const struct dns_question *,
    struct dns_waiter *);

#ifdef __cplusplus
}
#endif

#endif
