/*
 * dns_server.c - see dns_server.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns_server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/list.h"
#include "../reactor/udp.h"
#include "answer.h"

/* How long "there is nothing" may be remembered; less than 256. */
enum { DNS_SERVER_NOTHING_S = 60 };

/* A line of the table, ready for use. */
struct dns_server_line {
	struct dns_name owner, target;	/* target: of an alias */
	uint16_t type;
	uint32_t ttl_s;
	uint8_t address[16];
};

struct dns_server {
	struct reactor_udp_receiver receiver;
	struct reactor_udp_port *port;	/* NULL: closed by the reactor */
	bool freed;			/* by its user */
	size_t count;
	struct dns_server_line lines[];
};

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

/* Answers the query in len octets; returns the answer's length, or 0. */
static size_t
dns_server_answer(const struct dns_server *s, const uint8_t *query,
    size_t len, uint8_t at[DNS_UDP_MAX])
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
	dns_answer_begin(&a, &q, at, q.udp_room < DNS_UDP_MAX ? q.udp_room :
	    DNS_UDP_MAX);
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

static void
dns_server_datagram_received(struct reactor_udp_receiver *r, const char *at,
    size_t len, const struct reactor_address *from)
{
	struct dns_server *s =
	    reactor_container_of(r, struct dns_server, receiver);
	uint8_t answer[DNS_UDP_MAX];
	size_t size = dns_server_answer(s, (const uint8_t *)at, len, answer);

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
	if (s->freed)
		free(s);
}

static const struct reactor_udp_receiver_ops dns_server_receiver_ops = {
	.datagram_received = dns_server_datagram_received,
	.datagram_failed = dns_server_datagram_failed,
	.port_closed = dns_server_port_closed,
};

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
	s->receiver.ops = &dns_server_receiver_ops;
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
	s->freed = true;
	if (s->port != NULL)
		reactor_udp_close(s->port);
	else
		free(s);
}
