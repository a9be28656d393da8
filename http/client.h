/*
 * client.h - an HTTP/1.1 client: its options, and its pool of connections.
 *
 * A client keeps connections open after use, each for the next request to
 * the same scheme, host and port.  To one such host at most per_host
 * connections are open; requests beyond that wait, first come, first
 * served; but who has had a turn, and goes on with a redirect, comes before
 * all that have not.  What to do with a client is in get_page.h.
 *
 *      http_get_page --> queue of the host --> connection --> the wire
 *                        (client.c)            (connection.c)
 *
 * Nothing goes out before the reactor runs: connections are opened in one
 * place only, which the loop calls.  A request that finds an idle connection
 * while the reactor runs is sent at once.
 *
 * Copy: http_failure.h http_failure.c connection.h connection.c client.h
 *     client.c tunnel.h tunnel.c proxy.h proxy.c credentials.h
 *     credentials.c sink.h idna.h idna.c idna_data.h url.h url.c request.h
 *     request.c head.h head.c body.h body.c inflate.h inflate.c
 *     ALL(reactor) ALL(defer) ALL(dns)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "request.h"

#ifdef __cplusplus
extern "C" {
#endif

struct defer_failure;
struct dns_resolver;
struct http_client;
struct http_client_host;
struct http_connection;
struct http_exchange;
struct http_proxy;
struct http_proxy_choice;
struct http_url;
struct http_watcher;
struct reactor;
struct reactor_address;
struct reactor_tls_options;
struct transport;

/*
 * How long each phase of a request took.  The first three are 0 on a
 * connection that was there already; with a proxy, `connect_ns` is for the
 * way to it and through it.
 */
struct http_timings {
	uint64_t name_ns;		/* looking up the name */
	uint64_t connect_ns;
	uint64_t tls_ns;		/* shaking hands */
	uint64_t wait_ns;		/* from the request to the first byte */
	uint64_t receive_ns;		/* from that byte to the last one */
};

/*
 * How a client works.  `reactor` and `resolver` are needed; of the others
 * zero chooses the default named.  What pointers refer to is borrowed until
 * http_client_free.
 */
struct http_client_options {
	struct reactor *reactor;
	struct dns_resolver *resolver;

	unsigned per_host;		/* connections to one host; 6 */
	unsigned max_idle;		/* idle ones in all; 128 */
	uint32_t max_head;		/* bytes of an answer's head; 256 KiB */
	uint32_t max_fields;		/* and its field lines; 1000 */
	unsigned families;		/* DNS_IPV4, DNS_IPV6; both */
	/* Which addresses may be connected to, on every hop; NULL: all. */
	bool (*allowed)(const struct reactor_address *);
	/* One attempt to connect, with the handshake of TLS; 10 s. */
	uint64_t connect_timeout_ns;
	uint64_t idle_timeout_ns;	/* an idle one is kept so long; 60 s */

	/* Sent with every request; see struct http_request for what is
	 * refused.  Authorization, Cookie, Host and Proxy-Authorization do
	 * not follow a redirect to another origin. */
	const struct http_request_field *fields;
	size_t field_count;

	/* Which proxy is for which URL; NULL: none. */
	const struct http_proxy_choice *proxies;

	/*
	 * How to make the settings of TLS, which the client does at its first
	 * https URL: that opens the library.  All zero is a good choice.
	 * NULL: no https.
	 */
	const struct reactor_tls_options *tls;

	/*
	 * Told of each new connection, before its first request: it may look
	 * at its addresses and at reactor_tls_facts, and do nothing else.
	 * NULL: nobody is told.
	 */
	void (*connected)(void *ctx, struct transport *);
	void *ctx;

	/* Shown each head, sent or received (sink.h).  NULL: nobody is. */
	struct http_watcher *watcher;
};

/*
 * Makes a client; nothing is asked of the network.  The options are copied,
 * what they point to is not.  -ENOMEM, or for fields that may not be sent an
 * enum http_request_error.
 */
int http_client_new(struct http_client **, const struct http_client_options *);

/*
 * Closes all connections and frees the client; its resolver and reactor are
 * freed after it.  Pages still under way fail with deferred_cancelled before
 * this returns.  May be called from anywhere, also from inside callbacks of
 * the client's own deferreds, but not from inside a sink.  NULL is allowed.
 */
void http_client_free(struct http_client *);

/* Closes the connections that are idle; those at work are kept after it. */
void http_client_close_idle(struct http_client *);

/* ---- for get_page.c: exchanges (connection.h) ---- */

/*
 * Has an exchange carried out.  NULL; or why not, which is the caller's, and
 * then none of its functions will be called: there is no memory or no TLS, the
 * client is being freed, or the request cannot be sent.
 */
const struct defer_failure *http_client_submit(struct http_client *,
    struct http_exchange *);

/* Gives an exchange up that was submitted and is not done. */
void http_client_cancel(struct http_exchange *);

/* The options' fields, with those that are for one origin at the end. */
const struct http_request_field *http_client_fields(
    const struct http_client *, size_t *count, size_t *secret_count);

/* The proxy for a URL, or NULL. */
const struct http_proxy *http_client_proxy(const struct http_client *,
    const struct http_url *);

/* The time of its reactor. */
uint64_t http_client_now_ns(const struct http_client *);

/* ---- for connection.c; none of these calls an exchange's `done` ---- */

/* A new connection to a host, at work. */
void http_client_add(struct http_client_host *, struct http_connection *);

/* Its exchange is complete: it gets the next, or is kept idle. */
void http_client_reuse(struct http_connection *);

/* The connection is of no use any more; sets its host to NULL. */
void http_client_forget(struct http_connection *);

/* Puts an exchange back, at the front, for a fresh connection. */
void http_client_repeat(struct http_exchange *);

#ifdef __cplusplus
}
#endif

#endif
