/*
 * fuzz_dns_config.c - resolv.conf and hosts, made of any octets.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../dns/config.h"
#include "fuzz.h"

void
fuzz_one(const uint8_t *at, size_t len)
{
	const char *text = (const char *)at;
	const struct dns_hosts_entry *first;
	struct dns_config c;
	struct dns_hosts h;
	struct dns_name n;
	size_t i, count;

	dns_config_init(&c);
	dns_config_parse(&c, text, len);
	if (c.server_count > DNS_CONFIG_SERVERS || c.attempts == 0 ||
	    c.suffix_count > DNS_CONFIG_SUFFIXES || c.timeout_ns == 0)
		abort();
	(void)dns_name_from_text(&n, text, len);
	if (dns_hosts_parse(&h, text, len) < 0)
		return;
	for (i = 0; i < h.count; i++) {
		count = dns_hosts_find(&h, h.entries[i].name,
		    h.entries[i].name_len, &first);
		if (count == 0 && h.entries[i].name_len <= DNS_NAME_MAX &&
		    h.entries[i].name[h.entries[i].name_len - 1] != '.')
			abort();
	}
	dns_hosts_free(&h);
}
