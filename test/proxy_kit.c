/*
 * proxy_kit.c - see proxy_kit.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "proxy_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/connect.h"

/* One end of a connection through the proxy. */
struct proxy_half {
	struct protocol protocol;
	struct proxy_kit *kit;
	struct reactor_list link;
	struct proxy_half *other;	/* NULL before CONNECT, and after */
	struct reactor_call more;
	bool asked;			/* the head was there */
	size_t said;
};

/* The other end goes too. */
static void
proxy_half_lost(struct protocol *p, int reason)
{
	struct proxy_half *h = reactor_container_of(
	    p, struct proxy_half, protocol);

	(void)reason;
	if (h->other != NULL) {
		h->other->other = NULL;
		transport_lose_connection(h->other->protocol.transport);
	}
	reactor_list_remove(&h->link);
	reactor_cancel_call(&h->more);
	free(h);
}

static void
proxy_half_made(struct protocol *p)
{
	(void)p;
}

/* Begins the way to the server. */
static void proxy_half_forward(struct proxy_half *);

/* Says its answer, piece by piece. */
static void
proxy_half_say(struct reactor_call *call)
{
	struct proxy_half *h = reactor_container_of(
	    call, struct proxy_half, more);
	struct proxy_kit *k = h->kit;
	size_t left = strlen(k->say) - h->said;
	size_t n = k->piece > 0 && k->piece < left ? k->piece : left;

	transport_write(h->protocol.transport, k->say + h->said, n);
	h->said += n;
	if (n < left)
		reactor_call_soon(k->reactor, &h->more);
	else if (k->forward)
		proxy_half_forward(h);
	else
		transport_lose_connection(h->protocol.transport);
}

static size_t
proxy_half_received(struct protocol *p, const char *at, size_t len)
{
	struct proxy_half *h = reactor_container_of(
	    p, struct proxy_half, protocol);
	struct proxy_kit *k = h->kit;
	size_t n = 0;

	if (h->other != NULL) {
		transport_write(h->other->protocol.transport, at, len);
		return len;
	}
	while (n + 4 <= len && memcmp(at + n, "\r\n\r\n", 4) != 0)
		n++;
	if (h->asked || n + 4 > len)
		return 0;
	h->asked = true;
	k->requests++;
	n += 4;
	snprintf(k->heard, sizeof(k->heard), "%.*s", (int)n, at);
	if (!k->silent)
		reactor_call_soon(k->reactor, &h->more);
	return n;
}

static const struct protocol_ops proxy_half_ops = {
	.connection_made = proxy_half_made,
	.data_received = proxy_half_received,
	.connection_lost = proxy_half_lost,
};

static struct proxy_half *
proxy_half_new(struct proxy_kit *k)
{
	struct proxy_half *h = calloc(1, sizeof(*h));

	if (h == NULL)
		return NULL;
	h->protocol.ops = &proxy_half_ops;
	h->kit = k;
	reactor_call_init(&h->more, proxy_half_say);
	reactor_list_append(&k->halves, &h->link);
	return h;
}

static void
proxy_half_forward(struct proxy_half *h)
{
	struct proxy_half *to = proxy_half_new(h->kit);
	struct reactor_address at;

	reactor_address_parse(&at, "127.0.0.1", 9, (uint16_t)h->kit->to);
	if (to != NULL && reactor_connect(h->kit->reactor, &at, NULL,
	    &to->protocol) == 0) {
		to->other = h;
		h->other = to;
		transport_resume_reading(h->protocol.transport);
		return;
	}
	if (to != NULL) {
		reactor_list_remove(&to->link);
		free(to);
	}
	transport_abort_connection(h->protocol.transport);
}

static struct protocol *
proxy_kit_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct proxy_half *h = proxy_half_new(reactor_container_of(
	    f, struct proxy_kit, factory));

	(void)from;
	return h != NULL ? &h->protocol : NULL;
}

static const struct protocol_factory_ops proxy_kit_factory = {
	.build_protocol = proxy_kit_build,
};

void
proxy_kit_open(struct proxy_kit *k, struct reactor *r)
{
	struct reactor_address at;

	memset(k, 0, sizeof(*k));
	k->factory.ops = &proxy_kit_factory;
	k->reactor = r;
	k->say = "HTTP/1.1 200 OK\r\n\r\n";
	k->forward = true;
	reactor_list_init(&k->halves);
	if (reactor_address_parse(&at, "127.0.0.1", 9, 0) != 0 ||
	    reactor_listen(r, &at, NULL, &k->factory, &k->listener) != 0 ||
	    reactor_listener_address(k->listener, &at) != 0) {
		fprintf(stderr, "proxy_kit_open failed\n");
		abort();
	}
	k->port = reactor_address_port(&at);
}

void
proxy_kit_close(struct proxy_kit *k)
{
	struct reactor_list *link, *next;

	reactor_listener_stop(k->listener);
	for (link = k->halves.next; link != &k->halves; link = next) {
		next = link->next;
		transport_abort_connection(reactor_container_of(link,
		    struct proxy_half, link)->protocol.transport);
	}
}
