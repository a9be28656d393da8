/*
 * dns_public.c - an address of our own machine, one of another's, and the
 * first of them hidden in one of IPv6.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns_public.h"

int
main(void)
{
	static const uint8_t own[4] = { 127, 0, 0, 1 };
	static const uint8_t other[4] = { 9, 9, 9, 9 };
	static const uint8_t hidden[16] = {
		[10] = 0xFF, [11] = 0xFF, [12] = 127, [15] = 1,
	};

	return dns_public_ipv4(own) || !dns_public_ipv4(other) ||
	    dns_public_ipv6(hidden);
}
