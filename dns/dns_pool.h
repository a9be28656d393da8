/*
 * dns_pool.h - asks one name server, over UDP, and over TCP where a reply is
 * too long for that.
 *
 * A forged reply must come to the right port with the right id, so both are
 * chosen at random for each query.  A new socket for each query would be
 * best, but costs five times the query.  So up to 256 sockets are kept, each
 * connected, on a port that the kernel chose.  A socket is retired after 64
 * queries, and at once when a query that it sent has to be asked again: no
 * retry comes from the port of an earlier try.
 *
 * Copy: dns_pool.h dns_pool.c message.h message.c ALL(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_POOL_H
#define DNS_POOL_H

#include "../reactor/address.h"
#include "../reactor/list.h"
#include "message.h"

#ifdef __cplusplus
extern "C" {
#endif

struct dns_exchange;
struct dns_socket;
struct reactor;

/* A query whose reply is waited for; embedded in what it is part of. */
struct dns_pending {
	struct reactor_list link;	/* private: of the socket's */
	struct dns_socket *socket;	/* private; NULL: none over UDP */
	struct dns_exchange *exchange;	/* private; NULL: none over TCP */
	uint16_t id;			/* read only */
};

/* What the pool tells.  Any of these may drop or free anything. */
struct dns_pool_ops {
	/*
	 * A datagram with the query's id, which may be its reply or not; or
	 * the message that came over TCP, which ends the waiting.
	 */
	void (*received)(struct dns_pending *, const uint8_t *at, size_t len,
	    bool tcp);

	/* No reply will come (-ECONNREFUSED, say); it is dropped already. */
	void (*failed)(struct dns_pending *, int error);
};

/* Sizes of a pool. */
enum {
	DNS_POOL_SOCKETS = 256,	/* open at once for one server; a power of 2 */
	DNS_POOL_DICE = 64	/* as many as getentropy(3) gives at once */
};

/*
 * The sockets.  All fields are private.  After fork(2) only one of the two
 * processes may use a pool, as it is with its reactor: both would throw the
 * same dice.
 */
struct dns_pool {
	struct reactor_address to;		/* the server */
	struct reactor *reactor;
	const struct dns_pool_ops *ops;
	struct dns_socket *sockets[DNS_POOL_SOCKETS];	/* NULL: not open */
	uint32_t dice[DNS_POOL_DICE];	/* random numbers; each is used once */
	size_t dice_left;		/* those at the front are unused */
};

/* A pool without sockets yet. */
void dns_pool_init(struct dns_pool *, struct reactor *,
    const struct reactor_address *to, const struct dns_pool_ops *);

/*
 * Sends the question, from a socket and with an id that nobody can guess,
 * and waits for the reply.  A negative errno if that cannot be done; then
 * the queries that wait on the same socket are told that they failed, too.
 */
int dns_pool_ask(struct dns_pool *, struct dns_pending *,
    const struct dns_question *, bool edns);

/*
 * Asks the same question again over TCP, with the same id, and waits no
 * longer for a reply over UDP.  -ENOMEM.  It has no time limit of its own.
 */
int dns_pool_ask_over_tcp(struct dns_pool *, struct dns_pending *,
    const struct dns_question *, bool edns);

/*
 * Waits no longer; harmless if nothing is waited for.  With `retire` the
 * query was the last of its socket.
 */
void dns_pool_drop(struct dns_pending *, bool retire);

/* Closes all sockets on which nothing is waited for. */
void dns_pool_close(struct dns_pool *);

#ifdef __cplusplus
}
#endif

#endif
