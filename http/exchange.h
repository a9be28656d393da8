/*
 * exchange.h - one request and its response, as the pool and a connection
 * see it: what to send, and whom to tell.
 *
 *      queued --> on a connection (connecting, sending, receiving) --> done
 *
 * An exchange knows nothing of redirects, codings or pages: those are its
 * user's (get_page.c), who embeds it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_EXCHANGE_H
#define HTTP_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../defer/failure.h"
#include "../reactor/list.h"
#include "../reactor/timer.h"
#include "head.h"
#include "request.h"
#include "sink.h"
#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

struct http_connection;
struct http_exchange;
struct http_pool_host;

/*
 * What an exchange's user is told, in this order.  None but `done` may call
 * the pool.
 */
struct http_exchange_ops {
	/*
	 * The final head; its texts are borrowed until this returns.  After
	 * HTTP_SINK_ENOUGH, here or in `data`, comes only `done`.
	 */
	enum http_sink_answer (*head)(struct http_exchange *,
	    const struct http_head *);

	/* A piece of content as sent, borrowed until this returns. */
	enum http_sink_answer (*data)(struct http_exchange *, const char *at,
	    size_t len);

	/*
	 * The last call, unless it was cancelled: NULL if all is there, or
	 * enough.  The failure is the callee's.  It may start another
	 * exchange, free this one, and the client.
	 */
	void (*done)(struct http_exchange *, const struct defer_failure *);
};

/* The first five are set by its user, the others, at first zero, are not. */
struct http_exchange {
	const struct http_exchange_ops *ops;
	/* Where to; stays until done. */
	const struct http_url *url;
	/* Everything in it stays until done; it must be idempotent. */
	struct http_request request;

	/* How long it may take once it has a connection or opens one. */
	uint64_t timeout_ns;
	/* 0; or when it must be done, from an exchange that this one goes
	 * on with. */
	uint64_t deadline_ns;

	struct reactor_timer overdue; /* if it waits with a deadline */
	struct reactor_list link;		/* in the host's queue */
	struct http_pool_host *host;
	struct http_connection *connection;	/* NULL while it waits */
	bool fresh;			/* wants a connection not used yet */
};

/* Says that an exchange is done, if there is one.  Takes the failure. */
static inline void
http_exchange_done(struct http_exchange *e, const struct defer_failure *f)
{
	if (e != NULL)
		e->ops->done(e, f);
	else
		defer_failure_release(f);
}

#ifdef __cplusplus
}
#endif

#endif
