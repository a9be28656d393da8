/*
 * pool.h - which connection carries which exchange.
 *
 * For each scheme, host and port that is in use the pool keeps a queue of
 * exchanges and its connections, idle and at work.  The one place where
 * connections are opened and hosts forgotten is http_pool_serve, which the
 * loop calls: so nothing goes out before the reactor runs.  An exchange that
 * finds an idle connection while it runs is sent at once.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../reactor/list.h"
#include "../reactor/reactor.h"
#include "client.h"
#include "exchange.h"
#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

struct http_connection;

/* A scheme, host and port; exists while it has exchanges or connections. */
struct http_pool_host {
	struct http_client *client;
	struct http_pool_host *next;	/* in its bucket */
	struct reactor_list queue;		/* exchanges that wait */
	struct reactor_list working, idle;	/* connections */
	unsigned open;			/* how many in both */
	struct reactor_call serve;	/* the pool's */
	uint64_t hash;
	bool https;
	size_t len;
	char authority[];		/* host and port, as in the URL */
};

/* Buckets: for the hosts in use at a time, not all that were ever asked. */
enum { HTTP_POOL_BUCKETS = 4096 };

/* A client, as client.h has it, and at the same time the pool. */
struct http_client {
	struct http_client_options options;	/* defaults filled in */
	struct http_request_field *fields;	/* the secret ones last */
	size_t public_fields;			/* those before them */
	struct http_pool_host *hosts[HTTP_POOL_BUCKETS];
	struct reactor_list idle; /* all idle connections, by age */
	size_t idle_count;
	bool closed;			/* http_client_free was called */
	bool serving;			/* and must leave the client standing */
};

/*
 * Has an exchange carried out: its members ops and request are set.  0;
 * -ENOMEM, -ECANCELED when the client is being freed, or an enum
 * http_request_error, and then none of its functions will be called.
 */
int http_pool_submit(struct http_client *, struct http_exchange *);

/* Gives an exchange up that was submitted and is not done. */
void http_pool_cancel(struct http_exchange *);

/* ---- for connections; none of these calls an exchange's `done` ---- */

/* A new connection, at work. */
void http_pool_add(struct http_pool_host *, struct http_connection *);

/* Its exchange is complete: it gets the next, or is kept idle. */
void http_pool_release(struct http_connection *);

/* The connection is of no use any more; sets its host to NULL. */
void http_pool_remove(struct http_connection *);

/* Puts an exchange back, at the front, for a fresh connection. */
void http_pool_repeat(struct http_exchange *);

/* ---- for the table of hosts in pool_host.c, and what it does ---- */

/* What a host asks the loop for: hands out its exchanges. */
void http_pool_serve(struct reactor_call *);

/* The host of a URL, made if there is none yet; NULL without memory. */
struct http_pool_host *http_pool_host_get(struct http_client *,
    const struct http_url *);

/* Takes a host out and frees it. */
void http_pool_host_remove(struct http_pool_host *);

#ifdef __cplusplus
}
#endif

#endif
