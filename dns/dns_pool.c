/*
 * dns_pool.c - see dns_pool.h.
 *
 * A socket that is retired has left the pool's table, so that it gets no new
 * queries.  It stays open as long as it waits for replies to old ones.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns_pool.h"

#include <errno.h>
#include <stdlib.h>

#include "../reactor/connect.h"
#include "../reactor/reactor.h"
#include "../reactor/system.h"
#include "../reactor/transport.h"
#include "../reactor/udp.h"

/* ---- one UDP socket ---- */

enum { DNS_SOCKET_USES = 64 };

/* It frees itself when its port is closed. */
struct dns_socket {
	struct reactor_udp_receiver receiver;
	struct reactor_udp_port *port;	/* NULL: closed, or closing */
	struct dns_pool *pool;		/* gone once the port is closing */
	struct dns_socket **slot;	/* in the pool; NULL: retired */
	struct reactor_list waiting;	/* of struct dns_pending */
	unsigned uses;
};

/* The query with that id, or NULL. */
static struct dns_pending *
dns_socket_find(struct dns_socket *s, uint16_t id)
{
	struct reactor_list *link;
	struct dns_pending *pending;

	for (link = s->waiting.next; link != &s->waiting; link = link->next) {
		pending = reactor_container_of(link, struct dns_pending, link);
		if (pending->id == id)
			return pending;
	}
	return NULL;
}

/* Gives a socket no new queries, and closes it if it waits for none. */
static void
dns_socket_retire(struct dns_socket *s)
{
	if (s->slot != NULL)
		*s->slot = NULL;
	s->slot = NULL;
	if (reactor_list_is_empty(&s->waiting) && s->port != NULL) {
		reactor_udp_close(s->port);
		s->port = NULL;
	}
}

/* Tells all queries that wait here that they failed; retires the socket. */
static void
dns_socket_fail(struct dns_socket *s, int error)
{
	const struct dns_pool_ops *ops = s->pool->ops;
	struct dns_pending *pending;
	struct reactor_list failed, *link;

	reactor_list_move(&s->waiting, &failed);
	dns_socket_retire(s);
	while ((link = reactor_list_take_first(&failed)) != NULL) {
		pending = reactor_container_of(link, struct dns_pending, link);
		pending->socket = NULL;
		ops->failed(pending, error);
	}
}

static void
dns_socket_datagram_received(struct reactor_udp_receiver *r, const char *at,
    size_t len, const struct reactor_address *from)
{
	struct dns_socket *s =
	    reactor_container_of(r, struct dns_socket, receiver);
	const uint8_t *octets = (const uint8_t *)at;
	struct dns_pending *pending = NULL;

	(void)from;			/* connected: it is the server */
	if (len >= 2)
		pending = dns_socket_find(s,
		    (uint16_t)(octets[0] << 8 | octets[1]));
	if (pending != NULL)
		s->pool->ops->received(pending, octets, len, false);
}

static void
dns_socket_datagram_failed(struct reactor_udp_receiver *r, int error)
{
	dns_socket_fail(reactor_container_of(r, struct dns_socket, receiver),
	    error);
}

/* It was retired before, also if the reactor goes: that is a failure first. */
static void
dns_socket_port_closed(struct reactor_udp_receiver *r)
{
	free(reactor_container_of(r, struct dns_socket, receiver));
}

static const struct reactor_udp_receiver_ops dns_socket_ops = {
	.datagram_received = dns_socket_datagram_received,
	.datagram_failed = dns_socket_datagram_failed,
	.port_closed = dns_socket_port_closed,
};

/* Sends a query that has its id, and lets it wait here for the reply. */
static int
dns_socket_ask(struct dns_socket *s, struct dns_pending *pending,
    const struct dns_question *q, bool edns)
{
	uint8_t query[DNS_QUERY_MAX];
	size_t len = dns_query_write(query, pending->id, q, edns);
	int error = reactor_udp_send(s->port, query, len, NULL);

	if (error == -EAGAIN || error == -ENOBUFS)
		error = 0;		/* lost, as datagrams may be */
	if (error < 0) {
		/*
		 * The kernel tells of a refused query once, to whoever uses
		 * the socket next.  So this error may be that of an earlier
		 * query, which would wait in vain: all that wait are told.
		 */
		dns_socket_fail(s, error);
		return error;
	}
	pending->socket = s;
	reactor_list_append(&s->waiting, &pending->link);
	if (++s->uses == DNS_SOCKET_USES)
		dns_socket_retire(s);
	return 0;
}

/* Waits no longer for a reply on the query's socket, if it has one. */
static void
dns_socket_drop(struct dns_pending *pending, bool retire)
{
	struct dns_socket *s = pending->socket;

	if (s == NULL)
		return;
	reactor_list_remove(&pending->link);
	pending->socket = NULL;
	if (retire || s->slot == NULL)
		dns_socket_retire(s);
}

/* ---- the pool ---- */

void
dns_pool_init(struct dns_pool *p, struct reactor *reactor,
    const struct reactor_address *to, const struct dns_pool_ops *ops)
{
	*p = (struct dns_pool){ .to = *to, .reactor = reactor, .ops = ops };
}

/* Opens a socket for an empty slot. */
static int
dns_pool_open(struct dns_pool *p, struct dns_socket **slot)
{
	const struct reactor_udp_options options = { .to = &p->to };
	struct dns_socket *s = calloc(1, sizeof(*s));
	int error;

	if (s == NULL)
		return -ENOMEM;
	s->receiver.ops = &dns_socket_ops;
	s->pool = p;
	s->slot = slot;
	reactor_list_init(&s->waiting);
	error = reactor_open_udp(p->reactor, &options, &s->receiver, &s->port);
	if (error < 0)
		free(s);
	else
		*slot = s;
	return error;
}

/*
 * Gives the socket of a slot, which is opened if need be.  If it cannot be
 * opened, any other that is open will do: where descriptors are short, a
 * port that is easier to guess is better than no query.
 */
static int
dns_pool_choose(struct dns_pool *p, size_t slot, struct dns_socket **chosen)
{
	size_t i;
	int error = 0;

	if (p->sockets[slot] == NULL)
		error = dns_pool_open(p, &p->sockets[slot]);
	for (i = 0; i < DNS_POOL_SOCKETS; i++) {
		*chosen = p->sockets[(slot + i) % DNS_POOL_SOCKETS];
		if (*chosen != NULL)
			return 0;
	}
	return error;
}

/*
 * A number that nobody can predict.  A system call for each would cost a
 * tenth of a query, so they are bought many at a time.  A number that was used
 * is wiped.
 */
static int
dns_pool_throw(struct dns_pool *p, uint32_t *random)
{
	const struct reactor_system *system = reactor_get_system(p->reactor);
	int error;

	if (p->dice_left == 0) {
		error = system->random(system, p->dice, sizeof(p->dice));
		if (error < 0)
			return error;
		p->dice_left = DNS_POOL_DICE;
	}
	*random = p->dice[--p->dice_left];
	p->dice[p->dice_left] = 0;
	return 0;
}

int
dns_pool_ask(struct dns_pool *p, struct dns_pending *pending,
    const struct dns_question *q, bool edns)
{
	struct dns_socket *s;
	uint32_t random = 0;
	int error;

	error = dns_pool_throw(p, &random);
	if (error == 0)
		error = dns_pool_choose(p, random % DNS_POOL_SOCKETS, &s);
	if (error < 0)
		return error;
	pending->id = (uint16_t)(random >> 16);
	while (dns_socket_find(s, pending->id) != NULL)
		pending->id++;
	return dns_socket_ask(s, pending, q, edns);
}

void
dns_pool_close(struct dns_pool *p)
{
	struct dns_socket *s;
	size_t i;

	for (i = 0; i < DNS_POOL_SOCKETS; i++) {
		s = p->sockets[i];
		if (s != NULL && reactor_list_is_empty(&s->waiting))
			dns_socket_retire(s);
	}
}

/* ---- over TCP ---- */

/* Each message stands behind its length in two octets (RFC 7766). */
enum { DNS_EXCHANGE_PREFIX = 2 };

/* A connection for one query.  It frees itself when it is closed. */
struct dns_exchange {
	struct protocol protocol;
	struct dns_pending *pending;	/* NULL: nobody waits any more */
	const struct dns_pool_ops *ops;
	size_t len;
	uint8_t query[DNS_EXCHANGE_PREFIX + DNS_QUERY_MAX];
};

/* Parts query and connection; NULL if they are parted already. */
static struct dns_pending *
dns_exchange_part(struct dns_exchange *x)
{
	struct dns_pending *pending = x->pending;

	if (pending != NULL)
		pending->exchange = NULL;
	x->pending = NULL;
	return pending;
}

static void
dns_exchange_connection_made(struct protocol *p)
{
	struct dns_exchange *x =
	    reactor_container_of(p, struct dns_exchange, protocol);

	transport_set_leftover_limit(p->transport,
	    DNS_EXCHANGE_PREFIX + DNS_TCP_MAX);
	transport_write(p->transport, x->query, x->len);
}

static size_t
dns_exchange_data_received(struct protocol *p, const char *at, size_t len)
{
	struct dns_exchange *x =
	    reactor_container_of(p, struct dns_exchange, protocol);
	const uint8_t *octets = (const uint8_t *)at;
	struct dns_pending *pending;
	size_t size;

	if (len < DNS_EXCHANGE_PREFIX)
		return 0;
	size = (size_t)(octets[0] << 8 | octets[1]);
	if (len - DNS_EXCHANGE_PREFIX < size)
		return 0;
	transport_lose_connection(p->transport);
	pending = dns_exchange_part(x);
	if (pending != NULL)
		x->ops->received(pending, octets + DNS_EXCHANGE_PREFIX, size,
		    true);
	return len;
}

/* The connection was closed, or could not be made. */
static void
dns_exchange_ended(struct protocol *p, int error)
{
	struct dns_exchange *x =
	    reactor_container_of(p, struct dns_exchange, protocol);
	struct dns_pending *pending = dns_exchange_part(x);

	if (pending != NULL)
		x->ops->failed(pending, error < 0 ? error : -ECONNRESET);
	free(x);
}

static const struct protocol_ops dns_exchange_ops = {
	.connection_made = dns_exchange_connection_made,
	.data_received = dns_exchange_data_received,
	.connection_lost = dns_exchange_ended,
	.connect_failed = dns_exchange_ended,
};

int
dns_pool_ask_over_tcp(struct dns_pool *p, struct dns_pending *pending,
    const struct dns_question *q, bool edns)
{
	struct dns_exchange *x = calloc(1, sizeof(*x));
	int error;

	if (x == NULL)
		return -ENOMEM;
	x->protocol.ops = &dns_exchange_ops;
	x->ops = p->ops;
	x->len = dns_query_write(x->query + DNS_EXCHANGE_PREFIX, pending->id,
	    q, edns);
	x->query[0] = (uint8_t)(x->len >> 8);
	x->query[1] = (uint8_t)x->len;
	x->len += DNS_EXCHANGE_PREFIX;
	error = reactor_connect(p->reactor, &p->to, NULL, &x->protocol);
	if (error < 0) {
		free(x);
		return error;
	}
	dns_socket_drop(pending, false);
	x->pending = pending;
	pending->exchange = x;
	return 0;
}

/* ---- waiting no longer ---- */

void
dns_pool_drop(struct dns_pending *pending, bool retire)
{
	struct dns_exchange *x = pending->exchange;

	dns_socket_drop(pending, retire);
	if (x == NULL)
		return;
	dns_exchange_part(x);
	transport_abort_connection(x->protocol.transport);
}
