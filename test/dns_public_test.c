/*
 * dns_public_test.c - which addresses are public: the first and the last of
 * each range that is not, and their neighbours.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../dns/dns_public.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "../reactor/address.h"
#include "check.h"
#include "guard.h"

/* Not public from one to the other; public beside them, unless marked. */
static const struct {
	const char *before, *first, *last, *behind;
} ranges[] = {
	{ NULL, "0.0.0.0", "0.255.255.255", "1.0.0.0" },
	{ "9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0" },
	{ "100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0" },
	{ "126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0" },
	{ "169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0" },
	{ "172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0" },
	{ "191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0" },
	{ "192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0" },
	{ "192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0" },
	{ "192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0" },
	{ "198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0" },
	{ "198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0" },
	{ "203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0" },
	{ "223.255.255.255", "224.0.0.0", "255.255.255.255", NULL },

	{ NULL, "::", "1fff:ffff::", "2000::" },
	{ "2000:ffff::", "2001::", "2001:1ff:ffff::", "2001:200::" },
	{ "2001:db7:ffff::", "2001:db8::", "2001:db8:ffff::1", "2001:db9::" },
	{ "3ffe:ffff::", "3fff::", "3fff:fff:ffff::", "3fff:1000::" },
	{ "3fff:ffff::", "4000::", "ffff:ffff::", NULL },
	{ NULL, "::1", "::fffe:9.9.9.9", NULL },
	{ NULL, "::1:0:9.9.9.9", "64:ff9a:ffff::", NULL },
	{ NULL, "64:ff9b:1::9.9.9.9", "100::1", NULL },
	{ NULL, "fc00::1", "fdff::1", NULL },
	{ NULL, "fe80::1", "fec0::1", NULL },
	{ NULL, "ff02::1", "5f00::1", NULL },

	/* What is within. */
	{ "::ffff:9.255.255.255", "::ffff:10.0.0.0", "::ffff:10.255.255.255",
	    "::ffff:11.0.0.0" },
	{ "64:ff9b::126.255.255.255", "64:ff9b::127.0.0.0",
	    "64:ff9b::127.0.0.1", "64:ff9b::128.0.0.0" },
	{ "2002:9ff:ffff::", "2002:a00::", "2002:aff:ffff::", "2002:b00::" },
	{ "2002:ac0f:ffff::", "2002:ac10::", "2002:ac1f:ffff::",
	    "2002:ac20::" },
};

static void
is_public(const char *text, bool want)
{
	struct reactor_address a;
	bool ipv6, got;
	size_t len;
	char *copy;

	if (text == NULL)
		return;
	CHECK_INT(reactor_address_parse(&a, text, strlen(text), 80), 0);
	ipv6 = reactor_address_family(&a) == AF_INET6;
	len = ipv6 ? 16 : 4;
	copy = guard_copy(ipv6 ? (const void *)&a.u.ipv6.sin6_addr :
	    (const void *)&a.u.ipv4.sin_addr, len);
	got = ipv6 ? dns_public_ipv6((const uint8_t *)copy) :
	    dns_public_ipv4((const uint8_t *)copy);
	guard_free(copy, len);
	if (!CHECK(got == want))
		printf("# %s\n", text);
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		check_case(ranges[i].first);
		is_public(ranges[i].before, true);
		is_public(ranges[i].first, false);
		is_public(ranges[i].last, false);
		is_public(ranges[i].behind, true);
	}
	return check_done();
}
