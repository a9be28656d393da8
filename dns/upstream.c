/*
 * upstream.c - see upstream.h.
 */
#include "upstream.h"

#include <errno.h>
#include <string.h>

static const uint64_t dns_upstream_second_ns = 1000000000;

enum {
	DNS_UPSTREAM_REST_S = 30,	/* how long a silent one is spared */
	DNS_UPSTREAM_SILENT = 3,	/* so many in vain make it one */
	DNS_UPSTREAM_PORT = 53
};

int
dns_upstreams_init(struct dns_upstreams *u, struct reactor *reactor,
    const struct dns_config *c, const struct dns_pool_ops *ops)
{
	struct address address;
	const char *text;
	size_t i;

	memset(u, 0, sizeof(*u));
	u->rotate = c->rotate;
	u->attempts = c->attempts;
	u->timeout_ns = c->timeout_ns;
	for (i = 0; i < c->server_count; i++) {
		text = c->servers[i];
		if (address_parse(&address, text, strlen(text),
		    DNS_UPSTREAM_PORT) == 0)
			dns_pool_init(&u->at[u->count++].pool, reactor,
			    &address, ops);
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
	size_t best = u->count, i, n;
	bool rests, best_rests = false;

	for (n = 0; n < u->count; n++) {
		i = (u->next + n) % u->count;
		rests = u->at[i].rest_until_ns > now_ns;
		if (tries[i] < u->attempts && (best == u->count ||
		    tries[i] < tries[best] ||
		    (tries[i] == tries[best] && best_rests && !rests))) {
			best = i;
			best_rests = rests;
		}
	}
	if (best == u->count)
		return NULL;
	if (u->rotate)
		u->next = (u->next + 1) % u->count;
	/* Its rest is over: let this one attempt find out, no others. */
	if (u->at[best].silent >= DNS_UPSTREAM_SILENT && !best_rests)
		u->at[best].rest_until_ns = now_ns + u->timeout_ns;
	return &u->at[best];
}

uint64_t
dns_upstream_patience_ns(const struct dns_upstreams *u,
    const struct dns_upstream *server, const uint8_t tries[DNS_CONFIG_SERVERS])
{
	uint64_t wait = dns_upstream_second_ns;
	unsigned left = 0;
	size_t i;

	for (i = 0; i < u->count; i++)
		left += u->attempts - tries[i];
	if (left <= 1)
		return u->timeout_ns;
	if (server->mean_ns > 0)
		wait = server->mean_ns + 4 * server->spread_ns;
	if (wait < dns_upstream_second_ns / 4)
		wait = dns_upstream_second_ns / 4;
	wait <<= tries[server - u->at];
	return wait < u->timeout_ns ? wait : u->timeout_ns;
}

void
dns_upstream_answered(struct dns_upstream *s, uint64_t took_ns)
{
	uint64_t off = took_ns > s->mean_ns ? took_ns - s->mean_ns :
	    s->mean_ns - took_ns;

	s->silent = 0;
	s->rest_until_ns = 0;
	if (s->mean_ns == 0) {
		s->mean_ns = took_ns + 1;
		s->spread_ns = took_ns / 2;
		return;
	}
	/* Moving averages as TCP has them (RFC 6298 section 2). */
	s->spread_ns = s->spread_ns - s->spread_ns / 4 + off / 4;
	s->mean_ns = s->mean_ns - s->mean_ns / 8 + took_ns / 8;
}

void
dns_upstream_silent(struct dns_upstream *s, bool refused, uint64_t now_ns)
{
	s->silent += refused ? DNS_UPSTREAM_SILENT : 1;
	if (s->silent >= DNS_UPSTREAM_SILENT)
		s->rest_until_ns = now_ns +
		    DNS_UPSTREAM_REST_S * dns_upstream_second_ns;
}
