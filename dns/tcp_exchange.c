/*
 * tcp_exchange.c - see exchange.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "tcp_exchange.h"

#include <errno.h>
#include <stdlib.h>

#include "../reactor/connect.h"
#include "../reactor/transport.h"

enum { DNS_EXCHANGE_PREFIX = 2 };

/* The connection.  It frees itself when that is gone. */
struct dns_exchange {
	struct protocol protocol;
	struct dns_pending *pending;	/* NULL: nobody waits any more */
	const struct dns_pool_ops *ops;
	size_t len;
	uint8_t query[DNS_EXCHANGE_PREFIX + DNS_QUERY_MAX];
};

static struct dns_exchange *
dns_exchange_of_protocol(struct protocol *p)
{
	return (struct dns_exchange *)((char *)p -
	    offsetof(struct dns_exchange, protocol));
}

/* Parts query and connection; NULL if they are parted already. */
static struct dns_pending *
dns_exchange_part(struct dns_exchange *x)
{
	struct dns_pending *pending = x->pending;

	if (pending != NULL)
		pending->exchange = NULL;
	x->pending = NULL;
	return pending;
}

static void
dns_exchange_connection_made(struct protocol *p)
{
	struct dns_exchange *x = dns_exchange_of_protocol(p);

	transport_set_rest_limit(p->transport,
	    DNS_EXCHANGE_PREFIX + DNS_TCP_MAX);
	transport_write(p->transport, x->query, x->len);
}

static size_t
dns_exchange_data_received(struct protocol *p, const char *at, size_t len)
{
	struct dns_exchange *x = dns_exchange_of_protocol(p);
	const uint8_t *octets = (const uint8_t *)at;
	struct dns_pending *pending;
	size_t size;

	if (len < DNS_EXCHANGE_PREFIX)
		return 0;
	size = (size_t)(octets[0] << 8 | octets[1]);
	if (len - DNS_EXCHANGE_PREFIX < size)
		return 0;
	transport_lose_connection(p->transport);
	pending = dns_exchange_part(x);
	if (pending != NULL)
		x->ops->received(pending, octets + DNS_EXCHANGE_PREFIX, size,
		    true);
	return len;
}

/* The end, however it comes about. */
static void
dns_exchange_ended(struct protocol *p, int error)
{
	struct dns_exchange *x = dns_exchange_of_protocol(p);
	struct dns_pending *pending = dns_exchange_part(x);

	if (pending != NULL)
		x->ops->failed(pending, error < 0 ? error : -ECONNRESET);
	free(x);
}

static const struct protocol_ops dns_exchange_ops = {
	.connection_made = dns_exchange_connection_made,
	.data_received = dns_exchange_data_received,
	.connection_lost = dns_exchange_ended,
	.connect_failed = dns_exchange_ended,
};

int
dns_exchange_begin(struct dns_pool *pool, struct dns_pending *pending,
    const struct dns_question *q, bool edns)
{
	struct dns_exchange *x = calloc(1, sizeof(*x));
	int error;

	if (x == NULL)
		return -ENOMEM;
	x->protocol.ops = &dns_exchange_ops;
	x->ops = pool->ops;
	x->len = dns_query_write(x->query + DNS_EXCHANGE_PREFIX, pending->id,
	    q, edns);
	x->query[0] = (uint8_t)(x->len >> 8);
	x->query[1] = (uint8_t)x->len;
	x->len += DNS_EXCHANGE_PREFIX;
	error = reactor_connect(pool->reactor, &pool->to, NULL, &x->protocol);
	if (error < 0) {
		free(x);
		return error;
	}
	dns_pool_drop(pending, false);
	x->pending = pending;
	pending->exchange = x;
	return 0;
}

void
dns_exchange_drop(struct dns_pending *pending)
{
	struct dns_exchange *x = pending->exchange;

	if (x == NULL)
		return;
	dns_exchange_part(x);
	transport_abort_connection(x->protocol.transport);
}
