/*
 * pool.c - see pool.h.
 *
 * A socket that is retired has left the pool's table, so that it gets no new
 * queries.  It stays open as long as it waits for replies to old ones.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns_pool.h"

#include <errno.h>
#include <stdlib.h>

#include "../reactor/reactor.h"
#include "../reactor/system.h"
#include "../reactor/udp.h"

enum { DNS_SOCKET_USES = 64 };

/* One socket.  It frees itself when its port is closed. */
struct dns_socket {
	struct reactor_udp_receiver receiver;
	struct reactor_udp_port *port;
	struct dns_pool *pool;		/* gone once the port is closing */
	struct dns_socket **slot;	/* NULL: retired */
	struct reactor_list waiting;		/* of struct dns_pending */
	unsigned uses;
};

static struct dns_socket *
dns_socket_of_receiver(struct reactor_udp_receiver *r)
{
	return (struct dns_socket *)((char *)r -
	    offsetof(struct dns_socket, receiver));
}

static struct dns_pending *
dns_pending_of_link(struct reactor_list *link)
{
	return (struct dns_pending *)((char *)link -
	    offsetof(struct dns_pending, link));
}

/* The query with that id, or NULL. */
static struct dns_pending *
dns_socket_find(struct dns_socket *s, uint16_t id)
{
	struct reactor_list *link;

	for (link = s->waiting.next; link != &s->waiting; link = link->next)
		if (dns_pending_of_link(link)->id == id)
			return dns_pending_of_link(link);
	return NULL;
}

/* Lets a socket have no new queries, and closes it if it waits for none. */
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

/* Tells all that wait that nothing will come; the socket is done for. */
static void
dns_socket_fail(struct dns_socket *s, int error)
{
	const struct dns_pool_ops *ops = s->pool->ops;
	struct dns_pending *pending;
	struct reactor_list failed, *link;

	reactor_list_move(&s->waiting, &failed);
	dns_socket_retire(s);
	while ((link = reactor_list_take_first(&failed)) != NULL) {
		pending = dns_pending_of_link(link);
		pending->socket = NULL;
		ops->failed(pending, error);
	}
}

static void
dns_socket_datagram_received(struct reactor_udp_receiver *r, const char *at,
    size_t len, const struct reactor_address *from)
{
	struct dns_socket *s = dns_socket_of_receiver(r);
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
	dns_socket_fail(dns_socket_of_receiver(r), error);
}

/* Our own doing, or the reactor is being stopped. */
static void
dns_socket_port_closed(struct reactor_udp_receiver *r)
{
	struct dns_socket *s = dns_socket_of_receiver(r);

	if (s->port != NULL) {
		s->port = NULL;
		dns_socket_fail(s, -ECONNABORTED);
	}
	free(s);
}

static const struct reactor_udp_receiver_ops dns_socket_ops = {
	.datagram_received = dns_socket_datagram_received,
	.datagram_failed = dns_socket_datagram_failed,
	.port_closed = dns_socket_port_closed,
};

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
	error = reactor_open_udp(p->reactor, &options, &s->receiver,
	    &s->port);
	if (error < 0) {
		free(s);
		return error;
	}
	*slot = s;
	return 0;
}

/*
 * The slot to use; if its socket cannot be opened, another that is open.
 * With few descriptors left that is better than nothing.
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

int
dns_pool_ask(struct dns_pool *p, struct dns_pending *pending,
    const struct dns_question *q, bool edns)
{
	const struct reactor_system *system = reactor_get_system(p->reactor);
	uint8_t query[DNS_QUERY_MAX];
	struct dns_socket *s;
	uint32_t random;
	int error;

	error = system->random(system, &random, sizeof(random));
	if (error == 0)
		error = dns_pool_choose(p, random % DNS_POOL_SOCKETS, &s);
	if (error < 0)
		return error;
	pending->id = (uint16_t)(random >> 16);
	while (dns_socket_find(s, pending->id) != NULL)
		pending->id++;
	error = reactor_udp_send(s->port, query,
	    dns_query_write(query, pending->id, q, edns), NULL);
	if (error == -EAGAIN || error == -ENOBUFS)
		error = 0;		/* lost, as datagrams may be */
	if (error < 0) {
		/* It may be about an earlier query, and is told only once. */
		dns_socket_fail(s, error);
		return error;
	}
	pending->socket = s;
	reactor_list_append(&s->waiting, &pending->link);
	if (++s->uses == DNS_SOCKET_USES)
		dns_socket_retire(s);
	return 0;
}

void
dns_pool_drop(struct dns_pending *pending, bool retire)
{
	struct dns_socket *s = pending->socket;

	if (s == NULL)
		return;
	reactor_list_remove(&pending->link);
	pending->socket = NULL;
	if (retire || s->slot == NULL)
		dns_socket_retire(s);
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

void
dns_pool_init(struct dns_pool *p, struct reactor *reactor,
    const struct reactor_address *to, const struct dns_pool_ops *ops)
{
	*p = (struct dns_pool){ .to = *to, .reactor = reactor, .ops = ops };
}
