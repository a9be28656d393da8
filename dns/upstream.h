/*
 * upstream.h - the name servers: which to ask next, and how long to wait.
 *
 * Each server is known by the time that it usually takes and by whether it
 * has lately been silent.  A silent one is asked last for a while; then one
 * question tries it again.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_UPSTREAM_H
#define DNS_UPSTREAM_H

#include "config.h"
#include "dns_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One name server. */
struct dns_upstream {
	struct dns_pool pool;
	uint64_t usual_ns;		/* how long its answers take */
	unsigned silent;		/* attempts in vain since the last */
	uint64_t rest_until_ns;		/* asked last until then */
};

/* All of them. */
struct dns_upstreams {
	const struct dns_config *config;	/* borrowed */
	struct dns_upstream at[DNS_CONFIG_SERVERS];
	size_t count, next;	/* next: where to begin when they rotate */
};

/*
 * Takes the servers from the configuration, which must stay.  -EINVAL if
 * there are none that are numeric addresses.
 */
int dns_upstreams_init(struct dns_upstreams *, struct reactor *,
    const struct dns_config *, const struct dns_pool_ops *);

/* Closes the sockets on which no reply is waited for. */
void dns_upstreams_rest(struct dns_upstreams *);

/*
 * The server for a question's next attempt, where tries[i] counts how often
 * server i was asked it: one of those asked least, if possible not at rest.
 * NULL when each was asked often enough.
 */
struct dns_upstream *dns_upstreams_pick(struct dns_upstreams *,
    const uint8_t tries[DNS_CONFIG_SERVERS], uint64_t now_ns);

/*
 * How long to wait for it this time: four times as long as usual, twice as
 * long with each try; but the last attempt of all waits as long as the
 * configuration allows.
 */
uint64_t dns_upstream_patience_ns(const struct dns_upstreams *,
    const struct dns_upstream *, const uint8_t tries[DNS_CONFIG_SERVERS]);

/* It has answered after so long. */
void dns_upstream_answered(struct dns_upstream *, uint64_t took_ns);

/* It has not, or could not be reached (`refused`). */
void dns_upstream_silent(struct dns_upstream *, bool refused,
    uint64_t now_ns);

#ifdef __cplusplus
}
#endif

#endif
