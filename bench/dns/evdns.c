/*
 * evdns.c - the queries asked by libevent's resolver.
 *
 *	evdns HOST PORT QUERIES IN-FLIGHT
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <event2/dns.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#include "queries.h"

static struct {
	struct event_base *base;
	struct evdns_base *dns;
	struct query *q;
	size_t count, most, sent, done, good;
} all;

static void evdns_answered(int, char, int, int, void *, void *);

static void
evdns_ask(void)
{
	const struct query *q = &all.q[all.sent++];

	if (q->type == 1)
		evdns_base_resolve_ipv4(all.dns, q->name, DNS_QUERY_NO_SEARCH,
		    evdns_answered, NULL);
	else
		evdns_base_resolve_ipv6(all.dns, q->name, DNS_QUERY_NO_SEARCH,
		    evdns_answered, NULL);
}

static void
evdns_answered(int result, char type, int count, int ttl, void *addresses,
    void *ctx)
{
	(void)type;
	(void)ttl;
	(void)addresses;
	(void)ctx;
	all.good += result == DNS_ERR_NONE && count > 0;
	if (++all.done == all.count)
		event_base_loopbreak(all.base);
	else if (all.sent < all.count)
		evdns_ask();
}

int
main(int argc, char **argv)
{
	char server[64];

	if (argc != 5)
		return 2;
	all.q = queries_read(argv[3], &all.count);
	all.most = (size_t)atoi(argv[4]);
	all.base = event_base_new();
	all.dns = evdns_base_new(all.base, 0);
	snprintf(server, sizeof(server), "%s:%s", argv[1], argv[2]);
	if (all.dns == NULL ||
	    evdns_base_set_option(all.dns, "max-inflight:", argv[4]) != 0 ||
	    evdns_base_set_option(all.dns, "randomize-case:", "0") != 0 ||
	    evdns_base_nameserver_ip_add(all.dns, server) != 0)
		return 1;
	while (all.sent < all.count && all.sent < all.most)
		evdns_ask();
	event_base_dispatch(all.base);
	queries_done(all.count, all.good);
}
