/*
 * resolver.h - from a name to addresses, without ever holding up the loop.
 *
 * dns_resolve gives a deferred of a list of addresses.  On the way there:
 *
 *      a literal address, localhost    answered at once
 *      the hosts file                  answered at once
 *      the name, with search suffixes  asked of the name servers, A and
 *                                      AAAA side by side (ask.h)
 *
 * Nothing is sent before the loop runs.
 *
 * Copy: resolver.h resolver.c ask.h ask.c dns_pool.h dns_pool.c
 *     config.h config.c message.h message.c ALL(reactor) ALL(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_RESOLVER_H
#define DNS_RESOLVER_H

#include "../defer/control.h"
#include "../defer/deferred.h"
#include "../reactor/address.h"
#include "config.h"

#ifdef __cplusplus
extern "C" {
#endif

struct dns_resolver;
struct reactor;

/* ---- why a name has no addresses: kinds of failure ---- */

/* Any of those below. */
extern const struct defer_failure_kind dns_failure;
/* The name does not exist, has no address, or cannot be a host's name. */
extern const struct defer_failure_kind dns_no_such_host;
/* No name server gave an answer that says yes or no. */
extern const struct defer_failure_kind dns_no_server;
/* A special case of dns_no_server: none answered in time. */
extern const struct defer_failure_kind dns_timeout;
/* There is no way from this machine to any name server. */
extern const struct defer_failure_kind dns_no_network;

/* ---- what a lookup gives otherwise ---- */

/* Addresses in the order in which they should be tried; at least one. */
struct dns_addresses {
	size_t count;
	struct reactor_address *at;
};

/* A struct dns_addresses in one allocation; the result's owner frees it. */
extern const struct defer_result_type dns_addresses_type;

/* ---- resolvers and lookups ---- */

/*
 * Makes a resolver.  The configuration is copied; `hosts`, which may be NULL,
 * is borrowed and must outlive it.  Servers of the configuration that are no
 * numeric addresses are left out; if none is left, it is the one on this
 * machine, 127.0.0.1.  -ENOMEM; or where randomness fails.
 */
int dns_resolver_new(struct dns_resolver **, struct reactor *,
    const struct dns_config *, const struct dns_hosts *hosts);

/*
 * Frees it, before its reactor is, from any callback.  Lookups under way
 * fail with deferred_cancelled.
 */
void dns_resolver_free(struct dns_resolver *);

/* The reactor that it was made with. */
struct reactor *dns_resolver_reactor(const struct dns_resolver *);

/* What dns_resolve shall look for; 0 means both families. */
enum {
	DNS_IPV4 = 1,
	DNS_IPV6 = 2,

	/*
	 * Do not wait for the second family longer than 50 ms once there are
	 * addresses of the first (RFC 8305 section 3).
	 */
	DNS_HASTY = 4
};

/*
 * Looks up a name, or reads a numeric address; the addresses carry `port`.
 * The families take turns, IPv6 first (RFC 8305 section 4).  The name is
 * copied.  Cancelling the deferred gives the lookup up.
 *
 * A deferred of dns_addresses_type; NULL if there is no memory.
 */
struct deferred *dns_resolve(struct dns_resolver *, const char *name,
    size_t len, uint16_t port, unsigned flags);

#ifdef __cplusplus
}
#endif

#endif
