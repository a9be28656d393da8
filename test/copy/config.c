/*
 * config.c - reads the texts of a resolv.conf and of a hosts file.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "config.h"

#include <string.h>

int
main(void)
{
	static const char resolv[] = "nameserver 192.0.2.53 # the first\n"
	    "search planet.example\noptions ndots:2 rotate\n";
	static const char text[] = "127.0.0.1 localhost\n::1 LocalHost\n";
	const struct dns_hosts_entry *entry;
	struct dns_config config;
	struct dns_hosts hosts;
	size_t count;

	dns_config_init(&config);
	dns_config_parse(&config, resolv, strlen(resolv));
	if (config.server_count != 1 || config.suffix_count != 1 ||
	    strcmp(config.servers[0], "192.0.2.53") != 0 ||
	    config.ndots != 2 || !config.rotate)
		return 1;
	if (dns_hosts_parse(&hosts, text, strlen(text)) < 0)
		return 1;
	count = dns_hosts_find(&hosts, "LOCALHOST.", 10, &entry);
	if (count != 2 || memcmp(entry[1].address, "::1", 3) != 0)
		return 1;
	dns_hosts_free(&hosts);
	return 0;
}
