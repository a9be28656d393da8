/*
 * dns_public.h - which addresses lead to the public Internet, and which to
 * this machine, its neighbours, or nowhere.
 *
 * Whoever fetches what strangers name wants this: http://127.0.0.1/ is our own
 * machine, and 169.254.169.254 tells a cloud's secrets.  A name can lead to
 * such an address, too, and to another one the next time; so it is the address
 * that is connected to that must be looked at (dns_connect.h, `allowed`).
 *
 * Copy: dns_public.h dns_public.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_PUBLIC_H
#define DNS_PUBLIC_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Whether an address in network order is public.  Not so are all that IANA's
 * registries of special-purpose addresses (RFC 6890) call not globally
 * reachable, with those for protocols of the IETF as a whole; multicast; and
 * what is reserved.
 */
bool dns_public_ipv4(const uint8_t at[4]);

/*
 * The same of IPv6: only global unicast (2000::/3) is public.  An address that
 * holds one of IPv4 which is connected to in the end, is what that one is:
 * IPv4-mapped (RFC 4291, section 2.5.5.2), NAT64 with the prefix that all know
 * (RFC 6052, section 2.1), and 6to4 (RFC 3056, section 2).
 */
bool dns_public_ipv6(const uint8_t at[16]);

#ifdef __cplusplus
}
#endif

#endif
