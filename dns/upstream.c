/*
 * upstream.c - see upstream.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "upstream.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static const uint64_t dns_upstream_second_ns = 1000000000;
static const uint64_t dns_upstream_least_ns = 250000000;

enum {
	DNS_UPSTREAM_REST_S = 30,	/* how long a silent one is spared */
	DNS_UPSTREAM_SILENT = 3,	/* so many in vain make it one */
	DNS_UPSTREAM_PORT = 53
};

int
dns_upstreams_init(struct dns_upstreams *u, struct reactor *reactor,
    const struct dns_config *c, const struct dns_pool_ops *ops)
{
	struct reactor_address address;
	const char *text;
	size_t i;

	memset(u, 0, sizeof(*u));
	u->config = c;
	for (i = 0; i < c->server_count; i++) {
		text = c->servers[i];
		if (reactor_address_parse(&address, text, strlen(text),
		    DNS_UPSTREAM_PORT) < 0)
			continue;
		u->at[u->count].usual_ns = dns_upstream_least_ns;
		dns_pool_init(&u->at[u->count++].pool, reactor, &address, ops);
	}
	return u->count > 0 ? 0 : -EINVAL;
}

void
dns_upstreams_rest(struct dns_upstreams *u)
{
	size_t i;

	for (i = 0; i < u->count; i++)
		dns_pool_close(&u->at[i].pool);
}

struct dns_upstream *
dns_upstreams_pick(struct dns_upstreams *u,
    const uint8_t tries[DNS_CONFIG_SERVERS], uint64_t now_ns)
{
	unsigned score, best_score = UINT_MAX;
	size_t best = 0, i, n;

	for (n = 0; n < u->count; n++) {
		i = (u->next + n) % u->count;
		score = 2u * tries[i] + (u->at[i].rest_until_ns > now_ns);
		if (tries[i] < u->config->attempts && score < best_score) {
			best = i;
			best_score = score;
		}
	}
	if (best_score == UINT_MAX)
		return NULL;
	if (u->config->rotate)
		u->next = (u->next + 1) % u->count;
	/* Its rest is over: let this one attempt find out, no others. */
	if (u->at[best].silent >= DNS_UPSTREAM_SILENT &&
	    u->at[best].rest_until_ns <= now_ns)
		u->at[best].rest_until_ns = now_ns + u->config->timeout_ns;
	return &u->at[best];
}

uint64_t
dns_upstream_patience_ns(const struct dns_upstreams *u,
    const struct dns_upstream *server, const uint8_t tries[DNS_CONFIG_SERVERS])
{
	uint64_t most_ns = u->config->timeout_ns, wait_ns;
	unsigned left = 0;
	size_t i;

	for (i = 0; i < u->count; i++)
		left += u->config->attempts - tries[i];
	if (left <= 1)
		return most_ns;
	wait_ns = 4 * server->usual_ns;
	if (wait_ns < dns_upstream_least_ns)
		wait_ns = dns_upstream_least_ns;
	wait_ns <<= tries[server - u->at];
	return wait_ns < most_ns ? wait_ns : most_ns;
}

void
dns_upstream_answered(struct dns_upstream *s, uint64_t took_ns)
{
	s->silent = 0;
	s->rest_until_ns = 0;
	/* A moving average, as TCP has one (RFC 6298 section 2). */
	s->usual_ns = s->usual_ns - s->usual_ns / 8 + took_ns / 8;
}

void
dns_upstream_silent(struct dns_upstream *s, bool refused, uint64_t now_ns)
{
	s->silent += refused ? DNS_UPSTREAM_SILENT : 1;
	if (s->silent >= DNS_UPSTREAM_SILENT)
		s->rest_until_ns = now_ns +
		    DNS_UPSTREAM_REST_S * dns_upstream_second_ns;
}
