/*
 * pool.h - which connection carries which exchange.
 *
 * For each scheme, host and port that is in use the pool keeps a queue of
 * exchanges and its connections, idle and at work.  The one place where
 * connections are opened and hosts forgotten is http_pool_serve, which the
 * loop calls: so nothing goes out before the reactor runs.  An exchange that
 * finds an idle connection while it runs is sent at once.
 */
#ifndef HTTP_POOL_H
#define HTTP_POOL_H

#include "client.h"
#include "exchange.h"
#include "pool_host.h"

struct http_connection;

/* A client, as client.h has it, and at the same time the pool. */
struct http_client {
	struct http_client_options options;	/* defaults filled in */
	struct http_request_field *fields;	/* the secret ones last */
	size_t public_fields;			/* those before them */
	struct http_pool_table hosts;
	struct list idle;		/* all idle connections, by age */
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

#endif
