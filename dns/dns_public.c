/*
 * dns_public.c - two tables of prefixes.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns_public.h"

#include <stddef.h>
#include <string.h>

/* The first bits of addresses. */
struct dns_public_prefix {
	uint8_t at[12];
	unsigned bits;
};

static const struct dns_public_prefix dns_public_not_ipv4[] = {
	{ { 0 }, 8 },			/* this network, RFC 791 */
	{ { 10 }, 8 },			/* private, RFC 1918 */
	{ { 100, 64 }, 10 },		/* behind a carrier's NAT, RFC 6598 */
	{ { 127 }, 8 },			/* loopback, RFC 1122 */
	{ { 169, 254 }, 16 },		/* link-local, RFC 3927 */
	{ { 172, 16 }, 12 },		/* private */
	{ { 192, 0, 0 }, 24 },		/* protocols, RFC 6890 */
	{ { 192, 0, 2 }, 24 },		/* documentation, RFC 5737 */
	{ { 192, 88, 99 }, 24 },	/* once 6to4 relays, RFC 7526 */
	{ { 192, 168 }, 16 },		/* private */
	{ { 198, 18 }, 15 },		/* benchmarks, RFC 2544 */
	{ { 198, 51, 100 }, 24 },	/* documentation */
	{ { 203, 0, 113 }, 24 },	/* documentation */
	{ { 224 }, 3 },			/* multicast, reserved, broadcast */
};

/* Within 2000::/3. */
static const struct dns_public_prefix dns_public_not_ipv6[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },	/* protocols, Teredo, RFC 2928 */
	{ { 0x20, 0x01, 0x0D, 0xB8 }, 32 },	/* documentation, RFC 3849 */
	{ { 0x3F, 0xFF, 0x00 }, 20 },	/* documentation, RFC 9637 */
};

/* Prefixes in front of an address of IPv4. */
static const struct dns_public_prefix dns_public_holds_ipv4[] = {
	{ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF }, 96 },	/* mapped */
	{ { 0x00, 0x64, 0xFF, 0x9B }, 96 },			/* NAT64 */
	{ { 0x20, 0x02 }, 16 },					/* 6to4 */
};

/* Whether an address begins with a prefix. */
static bool
dns_public_begins(const uint8_t *at, const struct dns_public_prefix *p)
{
	size_t bytes = p->bits / 8;
	unsigned rest = 8 - p->bits % 8;

	return memcmp(at, p->at, bytes) == 0 &&
	    (rest == 8 || at[bytes] >> rest == p->at[bytes] >> rest);
}

/* The prefix, of so many, with which an address begins; NULL: none. */
static const struct dns_public_prefix *
dns_public_find(const uint8_t *at, const struct dns_public_prefix *p,
    size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (dns_public_begins(at, &p[i]))
			return &p[i];
	return NULL;
}

#define DNS_PUBLIC_COUNT(table) (sizeof(table) / sizeof((table)[0]))

bool
dns_public_ipv4(const uint8_t at[4])
{
	return dns_public_find(at, dns_public_not_ipv4,
	    DNS_PUBLIC_COUNT(dns_public_not_ipv4)) == NULL;
}

bool
dns_public_ipv6(const uint8_t at[16])
{
	static const struct dns_public_prefix unicast = { { 0x20 }, 3 };
	const struct dns_public_prefix *p = dns_public_find(at,
	    dns_public_holds_ipv4, DNS_PUBLIC_COUNT(dns_public_holds_ipv4));

	if (p != NULL)
		return dns_public_ipv4(at + p->bits / 8);
	return dns_public_begins(at, &unicast) && dns_public_find(at,
	    dns_public_not_ipv6, DNS_PUBLIC_COUNT(dns_public_not_ipv6)) == NULL;
}
