/*
 * resolver.c - looks up a name that is in the hosts table, so that the name
 * server of the configuration is not asked.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns/resolver.h"

#include <string.h>

#include "reactor/reactor.h"

static size_t found;

static struct defer_result
take(void *ctx, struct defer_result in)
{
	const struct dns_addresses *list = (const struct dns_addresses *)
	    defer_result_get(in, &dns_addresses_type);
	size_t i;

	(void)ctx;
	for (i = 0; list != NULL && i < list->count; i++)
		found += reactor_address_port(&list->at[i]) == 80;
	defer_result_destroy(in);
	return defer_result_none();
}

int
main(void)
{
	static const char text[] = "192.0.2.1 mars.example\n"
	    "2001:db8::1 mars.example\n";
	struct dns_resolver *resolver;
	struct dns_config config;
	struct dns_hosts hosts;
	struct reactor *loop;
	struct deferred *d;

	dns_config_init(&config);
	if (dns_config_add_server(&config, "192.0.2.53", 10) < 0 ||
	    dns_hosts_parse(&hosts, text, strlen(text)) < 0 ||
	    reactor_new(&loop, NULL) < 0 ||
	    dns_resolver_new(&resolver, loop, &config, &hosts) < 0)
		return 1;
	d = dns_resolve(resolver, "mars.example", 12, 80, 0);
	if (d == NULL || deferred_add_both(d, take, NULL) < 0)
		return 1;
	deferred_release(d);
	dns_resolver_free(resolver);
	dns_hosts_free(&hosts);
	reactor_free(loop);
	return found != 2;
}
