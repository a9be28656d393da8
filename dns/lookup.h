/*
 * lookup.h - one name on its way to addresses: which names are asked, both
 * families side by side, and what is made of the answers.
 *
 * Used by resolver.c alone: the two files share the work of one module.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_LOOKUP_H
#define DNS_LOOKUP_H

#include "ask.h"
#include "resolver.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a resolver is made of. */
struct dns_resolver {
	struct reactor *reactor;
	const struct dns_hosts *hosts;	/* or NULL */
	struct reactor_list lookups;		/* under way */
	bool closing;
	struct dns_config config;
	struct dns_asker asker;
};

/*
 * Begins to ask for a name; with `absolute` no suffix is tried.  NULL if
 * there is no memory.
 */
struct deferred *dns_lookup_begin(struct dns_resolver *,
    const struct dns_name *, bool absolute, uint16_t port, unsigned flags);

/* Ends the first of the lookups under way: it was cancelled. */
void dns_lookup_cancel_first(struct dns_resolver *);

/*
 * A list of those addresses that the flags want, in the order in which to
 * try them; or the failure that memory is out.
 */
struct defer_result dns_addresses_result(
    const struct reactor_address *, size_t count, unsigned flags);

#ifdef __cplusplus
}
#endif

#endif
