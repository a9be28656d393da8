/*
 * dns_server.c - see dns_server.h.
 *
 * The server's memory is used by its owner, its UDP port, its listener and
 * each of its clients over TCP; the last user frees it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns_server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/list.h"
#include "../reactor/listen.h"
#include "../reactor/reactor.h"
#include "../reactor/udp.h"
#include "answer.h"

enum {
	/* How long "there is nothing" may be remembered; less than 256. */
	DNS_SERVER_NOTHING_S = 60,
	/*
	 * With more unsent bytes of answers a client's queries wait.  It is
	 * the high water mark of a transport: so write_resumed follows.
	 */
	DNS_SERVER_UNSENT = 65536,
	/* Over TCP each message stands behind its length, in two octets. */
	DNS_SERVER_PREFIX = 2
};

/* A line of the table, ready for use. */
struct dns_server_line {
	struct dns_name owner, target;	/* target: of an alias */
	uint16_t type;
	uint32_t ttl_s;
	uint8_t address[16];
};

struct dns_server {
	struct reactor *reactor;
	struct reactor_udp_receiver receiver;
	struct reactor_udp_port *port;	/* NULL: closed by the reactor */
	struct protocol_factory factory;
	struct reactor_listener *listener;	/* NULL: none */
	struct reactor_list clients;
	size_t client_count;
	uint8_t *message;		/* of TCP: room for any */
	size_t users;
	size_t count;
	struct dns_server_line lines[];
};

/* Who asks over TCP. */
struct dns_server_client {
	struct protocol protocol;
	struct dns_server *server;
	struct reactor_list link;	/* among the server's */
	struct reactor_timer idle;
};

/* One user less. */
static void
dns_server_leave(struct dns_server *s)
{
	if (--s->users > 0)
		return;
	free(s->message);
	free(s);
}

/* ---- answering ---- */

/*
 * Adds what the table has for *name.  An alias becomes the new *name and is
 * returned as 1; 0: it was the end; -ENOENT: there is no such name.
 */
static int
dns_server_add(const struct dns_server *s, struct dns_answer *a,
    struct dns_name *name, uint16_t type)
{
	const struct dns_server_line *line;
	int found = -ENOENT;
	size_t i;

	for (i = 0; i < s->count; i++) {
		line = &s->lines[i];
		if (!dns_name_equal(&line->owner, name))
			continue;
		if (line->type == DNS_TYPE_CNAME) {
			dns_answer_record(a, name, DNS_TYPE_CNAME,
			    line->ttl_s, line->target.at, line->target.len);
			*name = line->target;
			return 1;
		}
		found = 0;
		if (line->type == type)
			dns_answer_record(a, name, type, line->ttl_s,
			    line->address, dns_type_size(type));
	}
	return found;
}

/*
 * Answers the query in len octets: in `room` octets at `at`, or in less if it
 * comes over UDP and its client has no room for as much.  Returns the
 * answer's length, or 0 if that is no query.
 */
static size_t
dns_server_answer(const struct dns_server *s, const uint8_t *query,
    size_t len, uint8_t *at, size_t room, bool tcp)
{
	/* Primary server and mailbox: none; five numbers, the last counts. */
	static const uint8_t zone[2 + 5 * 4] = { [21] = DNS_SERVER_NOTHING_S };
	static const struct dns_name root = { 1, { 0 } };
	struct dns_request q;
	struct dns_answer a;
	struct dns_name name;
	unsigned aliases = 0;
	int found;

	if (dns_request_parse(&q, query, len) < 0)
		return 0;
	name = q.name;
	dns_answer_begin(&a, &q, at, !tcp && q.udp_room < room ? q.udp_room :
	    room);
	if (q.dns_class != DNS_CLASS_IN)
		return dns_answer_end(&a, DNS_RCODE_REFUSED);
	do {
		found = dns_server_add(s, &a, &name, q.type);
	} while (found == 1 && ++aliases < DNS_ALIASES_MAX);
	if (a.header.answers == aliases)
		dns_answer_record(&a, &root, DNS_TYPE_SOA,
		    DNS_SERVER_NOTHING_S, zone, sizeof(zone));
	return dns_answer_end(&a, found == -ENOENT ? DNS_RCODE_NXDOMAIN :
	    DNS_RCODE_OK);
}

/* ---- over UDP ---- */

static void
dns_server_datagram_received(struct reactor_udp_receiver *r, const char *at,
    size_t len, const struct reactor_address *from)
{
	struct dns_server *s =
	    reactor_container_of(r, struct dns_server, receiver);
	uint8_t answer[DNS_UDP_MAX];
	size_t size = dns_server_answer(s, (const uint8_t *)at, len, answer,
	    sizeof(answer), false);

	if (size > 0)
		(void)reactor_udp_send(s->port, answer, size, from);
}

static void
dns_server_datagram_failed(struct reactor_udp_receiver *r, int error)
{
	(void)r;
	(void)error;
}

static void
dns_server_port_closed(struct reactor_udp_receiver *r)
{
	struct dns_server *s =
	    reactor_container_of(r, struct dns_server, receiver);

	s->port = NULL;
	dns_server_leave(s);
}

static const struct reactor_udp_receiver_ops dns_server_receiver_ops = {
	.datagram_received = dns_server_datagram_received,
	.datagram_failed = dns_server_datagram_failed,
	.port_closed = dns_server_port_closed,
};

/* ---- over TCP ---- */

static struct dns_server_client *
dns_server_client_of(struct protocol *p)
{
	return reactor_container_of(p, struct dns_server_client, protocol);
}

/* One who does not even read the answers would never let us close. */
static void
dns_server_client_is_idle(struct reactor_timer *t)
{
	struct dns_server_client *c =
	    reactor_container_of(t, struct dns_server_client, idle);

	if (transport_unsent(c->protocol.transport) > 0)
		transport_abort_connection(c->protocol.transport);
	else
		transport_lose_connection(c->protocol.transport);
}

/* A whole query is expected within a time. */
static void
dns_server_client_expect(struct dns_server_client *c)
{
	reactor_call_later(c->server->reactor, &c->idle,
	    DNS_SERVER_IDLE_S * UINT64_C(1000000000),
	    dns_server_client_is_idle);
}

static void
dns_server_client_made(struct protocol *p)
{
	transport_set_leftover_limit(p->transport,
	    DNS_SERVER_PREFIX + DNS_TCP_MAX);
	dns_server_client_expect(dns_server_client_of(p));
}

/* Answers a query; false if it is none. */
static bool
dns_server_client_answer(struct dns_server_client *c, const uint8_t *at,
    size_t len)
{
	struct dns_server *s = c->server;
	size_t size = dns_server_answer(s, at, len,
	    s->message + DNS_SERVER_PREFIX, DNS_TCP_MAX, true);

	s->message[0] = (uint8_t)(size >> 8);
	s->message[1] = (uint8_t)size;
	if (size > 0)
		transport_write(c->protocol.transport, s->message,
		    DNS_SERVER_PREFIX + size);
	dns_server_client_expect(c);
	return size > 0;
}

/* Answers all whole queries, as long as the answers are read. */
static size_t
dns_server_client_received(struct protocol *p, const char *at, size_t len)
{
	const uint8_t *next = (const uint8_t *)at, *end = next + len;
	size_t size;

	while (end - next >= DNS_SERVER_PREFIX) {
		size = (size_t)(next[0] << 8 | next[1]);
		if ((size_t)(end - next) - DNS_SERVER_PREFIX < size)
			break;
		if (transport_unsent(p->transport) > DNS_SERVER_UNSENT) {
			transport_pause_reading(p->transport);
			break;
		}
		next += DNS_SERVER_PREFIX;
		if (!dns_server_client_answer(dns_server_client_of(p), next,
		    size)) {
			transport_lose_connection(p->transport);
			return len;
		}
		next += size;
	}
	return (size_t)(next - (const uint8_t *)at);
}

static void
dns_server_client_resumed(struct protocol *p)
{
	transport_resume_reading(p->transport);
}

static void
dns_server_client_lost(struct protocol *p, int reason)
{
	struct dns_server_client *c = dns_server_client_of(p);

	(void)reason;
	reactor_cancel_timer(&c->idle);
	reactor_list_remove(&c->link);
	c->server->client_count--;
	dns_server_leave(c->server);
	free(c);
}

static const struct protocol_ops dns_server_client_ops = {
	.connection_made = dns_server_client_made,
	.data_received = dns_server_client_received,
	.write_resumed = dns_server_client_resumed,
	.connection_lost = dns_server_client_lost,
};

static struct protocol *
dns_server_build_protocol(struct protocol_factory *f,
    const struct reactor_address *from)
{
	struct dns_server *s =
	    reactor_container_of(f, struct dns_server, factory);
	struct dns_server_client *c = NULL;

	(void)from;
	if (s->client_count < DNS_SERVER_CLIENTS)
		c = calloc(1, sizeof(*c));
	if (c == NULL)
		return NULL;
	c->protocol.ops = &dns_server_client_ops;
	c->server = s;
	reactor_list_append(&s->clients, &c->link);
	s->client_count++;
	s->users++;
	return &c->protocol;
}

static void
dns_server_stopped(struct protocol_factory *f)
{
	struct dns_server *s =
	    reactor_container_of(f, struct dns_server, factory);

	s->listener = NULL;
	dns_server_leave(s);
}

static const struct protocol_factory_ops dns_server_factory_ops = {
	.build_protocol = dns_server_build_protocol,
	.stopped = dns_server_stopped,
};

int
dns_server_listen(struct dns_server *s)
{
	struct reactor_address at;
	int error = dns_server_address(s, &at);

	if (error == 0 && s->message != NULL)
		error = -EALREADY;
	if (error < 0)
		return error;
	s->message = malloc(DNS_SERVER_PREFIX + DNS_TCP_MAX);
	if (s->message == NULL)
		return -ENOMEM;
	s->factory.ops = &dns_server_factory_ops;
	error = reactor_listen(s->reactor, &at, NULL, &s->factory,
	    &s->listener);
	if (error < 0) {
		free(s->message);
		s->message = NULL;
		return error;
	}
	s->users++;
	return 0;
}

/* ---- the table, and the server's life ---- */

/* Reads one line of the table. */
static int
dns_server_line(struct dns_server_line *line,
    const struct dns_server_record *record)
{
	size_t len = strlen(record->value);
	struct reactor_address address;

	line->ttl_s = record->ttl_s;
	if (dns_name_from_text(&line->owner, record->name,
	    strlen(record->name)) < 0)
		return -EINVAL;
	if (reactor_address_parse(&address, record->value, len, 0) < 0) {
		line->type = DNS_TYPE_CNAME;
		return dns_name_from_text(&line->target, record->value, len);
	}
	if (reactor_address_family(&address) == AF_INET) {
		line->type = DNS_TYPE_A;
		memcpy(line->address, &address.u.ipv4.sin_addr, 4);
	} else {
		line->type = DNS_TYPE_AAAA;
		memcpy(line->address, &address.u.ipv6.sin6_addr, 16);
	}
	return 0;
}

int
dns_server_new(struct dns_server **out, struct reactor *reactor,
    const struct reactor_address *at, const struct dns_server_record *records,
    size_t count)
{
	const struct reactor_udp_options options = { .from = at };
	struct dns_server *s;
	int error = 0;

	s = calloc(1, sizeof(*s) + count * sizeof(s->lines[0]));
	if (s == NULL)
		return -ENOMEM;
	s->reactor = reactor;
	s->receiver.ops = &dns_server_receiver_ops;
	s->users = 2;			/* the port, and who made it */
	reactor_list_init(&s->clients);
	for (; s->count < count && error == 0; s->count++)
		error = dns_server_line(&s->lines[s->count],
		    &records[s->count]);
	if (error == 0)
		error = reactor_open_udp(reactor, &options, &s->receiver,
		    &s->port);
	if (error < 0)
		free(s);
	else
		*out = s;
	return error;
}

int
dns_server_address(struct dns_server *s, struct reactor_address *at)
{
	if (s->port == NULL)
		return -ENOTCONN;
	return reactor_udp_local_address(s->port, at);
}

void
dns_server_free(struct dns_server *s)
{
	struct reactor_list *link;

	for (link = s->clients.next; link != &s->clients; link = link->next)
		transport_abort_connection(reactor_container_of(link,
		    struct dns_server_client, link)->protocol.transport);
	if (s->listener != NULL)
		reactor_listener_stop(s->listener);
	if (s->port != NULL)
		reactor_udp_close(s->port);
	dns_server_leave(s);
}
