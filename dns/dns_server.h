/*
 * dns_server.h - a name server that answers from a table.
 *
 * Enough for demonstrations and tests, and to see what a name server is: it
 * is the authority for everything, and what is not in its table does not
 * exist.  It speaks UDP, and TCP if asked to: what is too long for a client's
 * UDP is truncated, and the client asks again over TCP (RFC 7766).
 *
 * Copy: dns_server.h dns_server.c answer.h answer.c message.h message.c
 *     ALL(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_SERVER_H
#define DNS_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include "../reactor/address.h"

#ifdef __cplusplus
extern "C" {
#endif

struct dns_server;
struct reactor;

/* One line of the table. */
struct dns_server_record {
	const char *name;
	const char *value;	/* an address, or the name that this one is
				   an alias of */
	uint32_t ttl_s;
};

/*
 * Serves a table, which is copied, at an address (port 0: any free one).
 * -EINVAL for a line with a malformed name, -ENOMEM, and what bind(2) says.
 */
int dns_server_new(struct dns_server **, struct reactor *,
    const struct reactor_address *at, const struct dns_server_record *,
    size_t count);

/* Of those who ask over TCP. */
enum {
	DNS_SERVER_CLIENTS = 128,	/* at once; more are hung up on */
	DNS_SERVER_IDLE_S = 10		/* without a whole query: hung up on */
};

/*
 * Serves the same table over TCP, at the same address and port.  A client may
 * send many queries, also before it has read the answers, which come in the
 * order of the queries.  What is no query ends the connection.
 *
 * -ENOMEM, -EALREADY, -ENOTCONN once the reactor has closed the server, and
 * what bind(2) says: another program may have the port for TCP.
 */
int dns_server_listen(struct dns_server *);

/* The address that it serves at, with its real port. */
int dns_server_address(struct dns_server *, struct reactor_address *);

/* Stops serving and hangs up.  The memory goes when the turn reaps. */
void dns_server_free(struct dns_server *);

#ifdef __cplusplus
}
#endif

#endif
