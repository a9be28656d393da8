/*
 * resolver.c - see resolver.h.
 *
 * Here are the answers that need no name server.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "resolver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lookup.h"

const struct defer_failure_kind dns_failure = { "dns", NULL };
const struct defer_failure_kind dns_no_such_host = {
    "no-such-host", &dns_failure};
const struct defer_failure_kind dns_no_server = { "no-dns", &dns_failure };
const struct defer_failure_kind dns_timeout = { "dns-timeout", &dns_no_server };
const struct defer_failure_kind dns_no_network = { "no-network", &dns_failure };

const struct defer_result_type dns_addresses_type = {
	.name = "dns addresses",
	.destroy = free,
};

enum { DNS_RESOLVER_HOSTS_MAX = 64 };	/* addresses of one name */

/* The next address of the family at or behind `at`. */
static size_t
dns_addresses_next(const struct reactor_address *from, size_t count, size_t at,
    int family)
{
	while (at < count && reactor_address_family(&from[at]) != family)
		at++;
	return at;
}

struct defer_result
dns_addresses_result(
    const struct reactor_address *from, size_t count, unsigned flags)
{
	struct dns_addresses *list;
	size_t six = (flags & DNS_IPV6) != 0 ? 0 : count;
	size_t four = (flags & DNS_IPV4) != 0 ? 0 : count;

	list = malloc(sizeof(*list) + count * sizeof(*from));
	if (list == NULL)
		return defer_result_failure(&defer_failure_no_memory);
	list->count = 0;
	while (six < count || four < count) {
		six = dns_addresses_next(from, count, six, AF_INET6);
		if (six < count)
			list->at[list->count++] = from[six++];
		four = dns_addresses_next(from, count, four, AF_INET);
		if (four < count)
			list->at[list->count++] = from[four++];
	}
	return defer_result_value(&dns_addresses_type, list);
}

/* What is wrong with the name, or has no address, in words. */
static struct defer_result
dns_resolver_no_such_host(const char *name, size_t len, const char *what)
{
	int shown = len > DNS_NAME_MAX ? DNS_NAME_MAX : (int)len;

	return defer_result_failure(
	    defer_failure_new(&dns_no_such_host, "%.*s %s", shown, name, what));
}

/* The addresses wanted among those given, or that there are none. */
static struct defer_result
dns_resolver_select(const char *name, size_t len,
    const struct reactor_address *from, size_t count, unsigned flags)
{
	struct defer_result r = dns_addresses_result(from, count, flags);
	const struct dns_addresses *list = defer_result_get(
	    r, &dns_addresses_type);

	if (list == NULL || list->count > 0)
		return r;
	defer_result_destroy(r);
	return dns_resolver_no_such_host(name, len,
	    "has no address of that family");
}

/* Looks into the hosts file; returns how many addresses are there. */
static size_t
dns_resolver_hosts(const struct dns_resolver *r, const char *name, size_t len,
    uint16_t port, struct reactor_address at[DNS_RESOLVER_HOSTS_MAX])
{
	const struct dns_hosts_entry *entry;
	size_t found, count = 0;

	if (r->hosts == NULL)
		return 0;
	found = dns_hosts_find(r->hosts, name, len, &entry);
	for (; found > 0 && count < DNS_RESOLVER_HOSTS_MAX; found--, entry++)
		if (reactor_address_parse(&at[count], entry->address,
		    entry->address_len, port) == 0)
			count++;
	return count;
}

/* The two addresses of this host (RFC 6761 section 6.3). */
static size_t
dns_resolver_loopback(uint16_t port, struct reactor_address at[2])
{
	(void)reactor_address_parse(&at[0], "::1", 3, port);
	(void)reactor_address_parse(&at[1], "127.0.0.1", 9, port);
	return 2;
}

/* The name's last label is that one. */
static bool
dns_resolver_is_below(const struct dns_name *n, const char *label)
{
	struct dns_name zone;

	return dns_name_from_text(&zone, label, strlen(label)) == 0 &&
	    dns_name_is_within(n, &zone);
}

/*
 * A name that is no literal: from the file, from what is known of special
 * names, or from the name servers.
 */
static struct deferred *
dns_resolve_name(struct dns_resolver *r, const char *name, size_t len,
    uint16_t port, unsigned flags)
{
	struct reactor_address found[DNS_RESOLVER_HOSTS_MAX];
	struct dns_name n;
	size_t count;

	if (dns_name_from_text(&n, name, len) < 0)
		return deferred_of(dns_resolver_no_such_host(name, len,
		    "cannot be the name of a host"));
	count = dns_resolver_hosts(r, name, len, port, found);
	if (count == 0 && dns_resolver_is_below(&n, "localhost"))
		count = dns_resolver_loopback(port, found);
	if (count > 0)
		return deferred_of(dns_resolver_select(name, len, found,
		    count, flags));
	/* RFC 7686 and RFC 6761: never to be asked for. */
	if (dns_resolver_is_below(&n, "onion") ||
	    dns_resolver_is_below(&n, "invalid"))
		return deferred_of(dns_resolver_no_such_host(name, len,
		    "is not a name in the DNS"));
	return dns_lookup_begin(r, &n, name[len - 1] == '.', port, flags);
}

struct deferred *
dns_resolve(struct dns_resolver *r, const char *name, size_t len,
    uint16_t port, unsigned flags)
{
	struct reactor_address literal;

	if ((flags & (DNS_IPV4 | DNS_IPV6)) == 0)
		flags |= DNS_IPV4 | DNS_IPV6;
	if (r->closing)
		return deferred_of(
		    defer_result_failure(&deferred_was_cancelled));
	/* Text with a port of its own is not an address alone. */
	if (reactor_address_parse(&literal, name, len, 0) < 0 ||
	    reactor_address_port(&literal) != 0)
		return dns_resolve_name(r, name, len, port, flags);
	reactor_address_set_port(&literal, port);
	return deferred_of(dns_resolver_select(name, len, &literal, 1, flags));
}

int
dns_resolver_new(struct dns_resolver **out, struct reactor *reactor,
    const struct dns_config *config, const struct dns_hosts *hosts)
{
	struct dns_resolver *r = calloc(1, sizeof(*r));
	int error;

	if (r == NULL)
		return -ENOMEM;
	r->reactor = reactor;
	r->hosts = hosts;
	r->config = *config;
	reactor_list_init(&r->lookups);
	error = dns_asker_init(&r->asker, reactor, &r->config);
	if (error < 0) {
		free(r);
		return error;
	}
	*out = r;
	return 0;
}

struct reactor *
dns_resolver_reactor(const struct dns_resolver *r)
{
	return r->reactor;
}

void
dns_resolver_free(struct dns_resolver *r)
{
	r->closing = true;
	while (!reactor_list_is_empty(&r->lookups))
		dns_lookup_cancel_first(r);
	dns_asker_free(&r->asker);
	free(r);
}
