/*
 * connection.h - one connection to a server, and the exchanges that it
 * carries, one after the other.
 *
 * An exchange is one request and its response:
 *
 *      queued --> on a connection (connecting, sending, receiving) --> done
 *
 * It knows nothing of redirects, codings or pages: those are its user's
 * (get_page.c), who embeds it.
 *
 * A connection is a protocol of the reactor.  What it does, one after the
 * other:
 *
 *      CONNECTING --> WAITING --> HEAD --> BODY --> IDLE --> WAITING ...
 *                                            \       ^
 *                   its user has enough:    DRAINING
 *
 * CONNECTING covers the lookup of the name, TCP, a tunnel through a proxy, and
 * for https the handshake of TLS: afterwards nothing here knows which of the
 * two schemes it is.
 *
 * One timer, active all the time, ends whatever takes too long: an exchange
 * at its deadline, draining, idling.  To move it back costs next to nothing.
 *
 * A connection stays registered for reading all its life, so that it becomes
 * idle and is used again without a system call, and the close of an idle one
 * is noticed.  It frees itself in connection_lost.
 *
 * A connection and the client that it belongs to (client.h) call each other;
 * no other two modules of the house do.
 *
 * Copy: http_failure.h http_failure.c connection.h connection.c client.h
 *     client.c tunnel.h tunnel.c proxy.h proxy.c credentials.h
 *     credentials.c sink.h idna.h idna.c idna_data.h url.h url.c request.h
 *     request.c head.h head.c body.h body.c inflate.h inflate.c
 *     ALL(reactor) ALL(defer) ALL(dns)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../defer/failure.h"
#include "../dns/dns_connect.h"
#include "../reactor/list.h"
#include "../reactor/timer.h"
#include "../reactor/transport.h"
#include "body.h"
#include "client.h"
#include "head.h"
#include "proxy.h"
#include "request.h"
#include "sink.h"
#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

struct deferred;
struct http_client_host;
struct http_client_options;
struct http_connection;
struct http_exchange;
struct reactor;
struct reactor_tls_settings;

/* ---- exchanges ---- */

/*
 * What an exchange's user is told, in this order.  In `head` and `data` it may
 * use the client, but neither free it nor cancel this exchange.
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
	 * The last call, unless it was cancelled.  NULL: all is there, or
	 * enough; else the failure is the callee's.  It may start another
	 * exchange, free this one, and the client.
	 */
	void (*done)(struct http_exchange *, const struct defer_failure *);
};

/* One request and its response.  Zero at first. */
struct http_exchange {
	/* Set by its user; what they point to stays until it is done. */
	const struct http_exchange_ops *ops;
	const struct http_url *url;
	const char *method;		/* not CONNECT */
	const struct http_request_field *extra;	/* as in http_request */
	size_t extra_count;
	bool has_body;
	const char *body;		/* body_len bytes, if has_body */
	size_t body_len;
	bool once;			/* must not be sent a second time */

	/* Its URL is not of the origin that the user asked for: the fields
	 * that are meant for one origin only are not sent. */
	bool strayed;

	/* How long it may take once it has a connection or opens one. */
	uint64_t timeout_ns;
	/* 0; or when it must be done, from an exchange that this one goes
	 * on with. */
	uint64_t deadline_ns;

	/* The client's. */
	struct http_request request;
	struct reactor_timer overdue;	/* if it waits with a deadline */
	struct reactor_list link;	/* where it waits, at the host */
	struct http_client_host *host;
	struct http_connection *connection;	/* NULL while it waits */
	bool fresh;			/* wants a connection not used yet */

	/* Read only: the sum over all its requests; and of the last one, when
	 * its first byte came (0: not yet), and whether its connection had
	 * carried another before; where that leads, or if it was not made
	 * where it should ("": not known yet); and its number, from 1, among
	 * the client's (0: none). */
	struct http_timings timings;
	uint64_t first_ns;
	bool reused;
	char address[REACTOR_ADDRESS_TEXT];
	uint64_t number;
};

/* Tells an exchange that its time is over; `phase`: during what; and whether
 * it was a proxy that it was to be carried out with. */
void http_exchange_time_out(struct http_exchange *, bool proxied,
    const char *phase);

/* What an exchange that is not done waits for, such as "connecting". */
const char *http_exchange_phase(const struct http_exchange *);

/* ---- connections ---- */

/* Bytes of an unwanted body that are read to keep the connection. */
enum { HTTP_CONNECTION_DRAIN = 65536 };

/* Interim responses (1xx) that are passed over in one exchange. */
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

/* A connection.  The first members are the client's, who reads the others. */
struct http_connection {
	struct http_client_host *host;	/* NULL: not the client's any more */
	struct reactor_list link;	/* among the host's */
	struct reactor_list age;	/* among all idle ones, oldest first */

	enum http_connection_state state;
	uint64_t number;		/* from 1; of the client's */
	char address[REACTOR_ADDRESS_TEXT];	/* of the other end */
	bool reused;			/* has carried a whole exchange */
	bool keep;			/* may carry another after this */
	bool enough;			/* its user wants no more of this */
	unsigned interim;		/* 1xx seen */
	uint64_t drained;		/* bytes of unwanted content */
	struct protocol protocol;
	struct reactor *reactor;
	uint64_t idle_timeout_ns;
	uint32_t max_head, max_fields;	/* of an answer */
	struct reactor_timer timer;	/* ends what it is doing now */
	struct deferred *connecting;	/* of dns_connect */
	enum dns_connect_phase phase;	/* how far that is */
	uint64_t since_ns[DNS_CONNECT_PHASES];	/* and when it got there */
	uint64_t sent_ns;		/* when the last request was sent */
	/* The proxy, or NULL.  Over it goes either plain HTTP, or a tunnel,
	 * of which nothing here knows once it is made. */
	const struct http_proxy *proxy;
	void (*connected)(void *ctx, struct transport *);
	void *ctx;			/* the user's, of the options */
	struct http_watcher *watcher;	/* likewise, or NULL */
	struct http_exchange *exchange;	/* NULL: draining or idle */
	struct http_head head;
	struct http_body body;
};

/*
 * Opens a connection for an exchange, to the host of its URL, and tells the
 * client that it is there.  The settings are NULL for one without TLS, the
 * proxy for one without that.  0; or -ENOMEM, and the exchange was not told.
 */
int http_connection_open(struct http_client_host *,
    const struct http_client_options *, struct reactor_tls_settings *,
    const struct http_proxy *, struct http_exchange *);

/*
 * Sends the request of an exchange on an idle connection.  0; -ENOMEM or an
 * enum http_request_error, and then nothing has changed.
 */
int http_connection_send(struct http_connection *, struct http_exchange *);

/* Makes it an idle one, for some time. */
void http_connection_rest(struct http_connection *);

/*
 * Takes the connection from the client and resets it.  Its exchange is not
 * told.  The connection must not be used any more.
 */
void http_connection_abort(struct http_connection *);

/* The same, but closes it in an orderly way. */
void http_connection_close(struct http_connection *);

#ifdef __cplusplus
}
#endif

#endif
