/*
 * connection.h - one connection to a server: a protocol of the reactor that
 * carries exchanges, one after the other.
 *
 *      CONNECTING --> WAITING --> HEAD --> BODY --> IDLE --> WAITING ...
 *                                            \       ^
 *                      the user has enough:   DRAINING
 *
 * One timer, active all the time, ends whatever takes too long: an exchange
 * at its deadline, draining, idling.  To move it back costs next to nothing.
 *
 * A connection stays registered for reading all its life, so that going
 * idle and coming back cost no system call, and the close of an idle one is
 * noticed.  It frees itself when the transport says farewell.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../defer/deferred.h"
#include "../reactor/list.h"
#include "../reactor/reactor.h"
#include "../reactor/transport.h"
#include "body.h"
#include "client.h"
#include "exchange.h"
#include "head.h"

#ifdef __cplusplus
extern "C" {
#endif

struct http_pool_host;

/* What of a response nobody wants is read to keep the connection. */
enum { HTTP_CONNECTION_DRAIN = 65536 };

/* Interim responses (1xx) that one exchange puts up with. */
enum { HTTP_CONNECTION_INTERIM = 8 };

/* What a connection is doing. */
enum http_connection_state {
	HTTP_CONNECTION_CONNECTING,
	HTTP_CONNECTION_WAITING,	/* sent; not a byte of answer yet */
	HTTP_CONNECTION_HEAD,
	HTTP_CONNECTION_BODY,
	HTTP_CONNECTION_DRAINING,	/* its exchange is done already */
	HTTP_CONNECTION_IDLE,
	HTTP_CONNECTION_CLOSED		/* waits for connection_lost */
};

/* A connection.  The pool reads it and owns the first four members. */
struct http_connection {
	struct http_pool_host *host;	/* NULL: not in the pool any more */
	struct reactor_list link;		/* among the host's */
	struct reactor_list age; /* among all idle ones, oldest first */
	bool reused;			/* has carried a whole exchange */

	enum http_connection_state state;
	bool keep;			/* may carry another after this */
	bool enough;			/* its user wants no more of this */
	unsigned interim;		/* 1xx seen */
	uint64_t drained;		/* bytes of content nobody wanted */
	struct protocol protocol;
	struct reactor *reactor;
	uint64_t idle_timeout_ns;
	struct reactor_timer timer;		/* ends what it is doing now */
	struct deferred *connecting;	/* of dns_connect */
	struct http_exchange *exchange;	/* NULL: draining or idle */
	struct http_head head;
	struct http_body body;
};

/*
 * Opens a connection for an exchange, to the host of its URL, and adds it to
 * the pool.  0; or -ENOMEM, and the exchange was not told.
 */
int http_connection_open(struct http_pool_host *,
    const struct http_client_options *, struct http_exchange *);

/*
 * Sends the request of an exchange on an idle connection.  0; -ENOMEM or an
 * enum http_request_error, and then nothing has changed.
 */
int http_connection_send(struct http_connection *, struct http_exchange *);

/*
 * Takes the connection out of the pool and resets it.  Its exchange is not
 * told.  The connection must not be used any more.
 */
void http_connection_abort(struct http_connection *);

/* The same, but closes it in an orderly way. */
void http_connection_close(struct http_connection *);

/* Makes it an idle one, for some time. */
void http_connection_rest(struct http_connection *);

/* Its exchange is done: it reads on what nobody wants, for some time. */
void http_connection_drain(struct http_connection *);

/* The connection that a protocol is. */
static inline struct http_connection *
http_connection_of(struct protocol *p)
{
	return (struct http_connection *)
	    ((char *)p - offsetof(struct http_connection, protocol));
}

/* In connection_read.c: data_received.  Returns how many bytes it used. */
size_t http_connection_read(struct protocol *, const char *at, size_t len);

/* Why an exchange that takes too long fails; `phase`: during what. */
const struct defer_failure *http_connection_overdue(
    const struct http_exchange *, const char *phase);

#ifdef __cplusplus
}
#endif

#endif
