/*
 * fuzz_resolver.c - a resolver in the simulated world, whose only server
 * answers, over UDP and TCP, with any bytes.
 *
 * The first byte: 1, a lookup is given up early; 2, with DNS_HASTY; 4, an
 * alias is asked for, too.  Then answers, one for each question that comes:
 * a byte that says how it is made, a length, and as many bytes.  When none
 * are left the server says SERVFAIL.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "dns_probe.h"
#include "fuzz.h"

/* How an answer is made. */
enum {
	FUZZ_HEAD = 1,		/* with the head and question of the query */
	FUZZ_TWICE = 2,		/* sent twice; over TCP: in two pieces */
	FUZZ_CUT = 4,		/* says that it is cut: ask over TCP */
	FUZZ_SILENT = 8,
	FUZZ_OTHER_ID = 16,
	FUZZ_CLOSE = 32,	/* over TCP: closes then */
	FUZZ_LENGTH = 64	/* over TCP: says a wrong length */
};

enum { FUZZ_LOOKUPS = 4, FUZZ_TURNS = 20000 };

struct fuzz_resolver {
	struct probe probe;
	struct bad_server server;
	struct protocol_factory factory;
	struct reactor_listener *listener;
	const uint8_t *at;
	size_t len;
	uint8_t answer[1024];
	size_t answer_len;
	unsigned how;
};

/* Makes the next answer to a query; false when there is none. */
static bool
fuzz_resolver_next(struct fuzz_resolver *f, const uint8_t *query, size_t len)
{
	size_t n, head = 0, end = 12;

	if (f->len < 2 || len < 17)
		return false;
	f->how = f->at[0];
	n = f->at[1] < f->len - 2 ? f->at[1] : f->len - 2;
	if (f->how & FUZZ_HEAD) {
		while (end < len && query[end] != 0)
			end += query[end] + 1u;
		head = end + 5 < len ? end + 5 : len;
		memcpy(f->answer, query, head);
		f->answer[2] |= 0x80;
		/* The first two: counts of answers and authority, rcode. */
		f->answer[3] = n > 1 ? f->at[3] & 15 : 0;
		f->answer[7] = n > 0 ? f->at[2] & 15 : 0;
		f->answer[9] = n > 0 ? f->at[2] >> 4 : 0;
		f->answer[11] = 0;
	}
	memcpy(f->answer + head, f->at + 2, n);
	if ((f->how & FUZZ_HEAD) && n > 1) {
		memmove(f->answer + head, f->answer + head + 2, n - 2);
		head -= 2;
	}
	f->answer_len = head + n;
	f->at += 2 + n;
	f->len -= 2 + n;
	if (f->answer_len > 2) {
		f->answer[0] = query[0];
		f->answer[1] = query[1] ^ (f->how & FUZZ_OTHER_ID);
		f->answer[2] |= f->how & FUZZ_CUT ? 2 : 0;
	}
	return true;
}

static void
fuzz_resolver_asked(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct fuzz_resolver *f = (struct fuzz_resolver *)((char *)b -
	    offsetof(struct fuzz_resolver, server));

	if (!fuzz_resolver_next(f, at, len)) {
		answer_servfail(b, at, len, from);
		return;
	}
	if (f->how & FUZZ_SILENT)
		return;
	reactor_udp_send(b->port, f->answer, f->answer_len, from);
	if (f->how & FUZZ_TWICE)
		reactor_udp_send(b->port, f->answer, f->answer_len, from);
}

/* ---- over TCP ---- */

struct fuzz_peer {
	struct protocol protocol;
	struct fuzz_resolver *fuzz;
};

static void
fuzz_peer_made(struct protocol *p)
{
	(void)p;
}

static size_t
fuzz_peer_received(struct protocol *p, const char *at, size_t len)
{
	struct fuzz_resolver *f = ((struct fuzz_peer *)p)->fuzz;
	uint8_t size[2];

	if (len < 2 || len < 2 + (size_t)(unsigned char)at[1])
		return 0;
	if (!fuzz_resolver_next(f, (const uint8_t *)at + 2, len - 2)) {
		transport_lose_connection(p->transport);
		return len;
	}
	if (f->how & FUZZ_SILENT)
		return len;
	size[0] = (uint8_t)(f->answer_len >> 8);
	size[1] = (uint8_t)(f->answer_len + (f->how & FUZZ_LENGTH ? 1 : 0));
	transport_write(p->transport, size, 1);
	transport_write(p->transport, size + 1, 1);
	transport_write(p->transport, f->answer, f->answer_len);
	if (f->how & FUZZ_CLOSE)
		transport_lose_connection(p->transport);
	return len;
}

static void
fuzz_peer_ended(struct protocol *p, int reason)
{
	(void)reason;
	free(p);
}

static const struct protocol_ops fuzz_peer_ops = {
	.connection_made = fuzz_peer_made,
	.data_received = fuzz_peer_received,
	.connection_lost = fuzz_peer_ended,
	.connect_failed = fuzz_peer_ended,
};

static struct protocol *
fuzz_peer_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct fuzz_peer *p = calloc(1, sizeof(*p));

	(void)from;
	if (p == NULL)
		abort();
	p->protocol.ops = &fuzz_peer_ops;
	p->fuzz = (struct fuzz_resolver *)((char *)f -
	    offsetof(struct fuzz_resolver, factory));
	return &p->protocol;
}

static const struct protocol_factory_ops fuzz_factory_ops = {
	.build_protocol = fuzz_peer_build,
};

/* ---- the lookups ---- */

struct fuzz_lookup {
	struct deferred *deferred;
	int done;
};

static struct defer_result
fuzz_lookup_done(void *ctx, struct defer_result in)
{
	const struct dns_addresses *list = defer_result_get(in,
	    &dns_addresses_type);
	size_t i;

	++*(int *)ctx;
	CHECK(list != NULL || defer_result_get_failure(in) != NULL);
	if (list != NULL)
		CHECK(list->count > 0);
	for (i = 0; list != NULL && i < list->count; i++)
		CHECK_INT(reactor_address_port(&list->at[i]), 80);
	defer_result_destroy(in);
	return defer_result_none();
}

static void
fuzz_resolver_look_up(struct fuzz_resolver *f, struct dns_resolver *r,
    unsigned flags)
{
	static const char *const names[FUZZ_LOOKUPS] = { "a", "A", "b.c",
	    "alias.d." };
	struct fuzz_lookup all[FUZZ_LOOKUPS] = { { NULL, 0 } };
	size_t count = flags & 4 ? FUZZ_LOOKUPS : 2, i, done = 0;
	int turns = 0;

	for (i = 0; i < count; i++) {
		all[i].deferred = dns_resolve(r, names[i], strlen(names[i]),
		    80, flags & 2 ? DNS_HASTY : 0);
		deferred_add_both(all[i].deferred, fuzz_lookup_done,
		    &all[i].done);
	}
	if (flags & 1) {
		reactor_iterate(f->probe.reactor, 1000000);
		deferred_cancel(all[0].deferred);
	}
	for (; done < count && turns < FUZZ_TURNS; turns++) {
		reactor_iterate(f->probe.reactor, 100000000);
		for (done = i = 0; i < count; i++)
			done += all[i].done > 0;
	}
	for (i = 0; i < count; i++) {
		CHECK_INT(all[i].done, 1);
		deferred_release(all[i].deferred);
	}
}

void
fuzz_one(const uint8_t *at, size_t len)
{
	struct fuzz_resolver f;
	struct reactor_address address;
	struct dns_config config;
	struct dns_resolver *r;

	if (len == 0)
		return;
	memset(&f, 0, sizeof(f));
	f.at = at + 1;
	f.len = len - 1;
	f.factory.ops = &fuzz_factory_ops;
	probe_world(&f.probe);
	bad_open(&f.probe, &f.server, fuzz_resolver_asked, &config, 0);
	dns_config_parse(&config, "search s\n", 9);
	if (reactor_udp_local_address(f.server.port, &address) < 0 ||
	    reactor_listen(f.probe.reactor, &address, NULL, &f.factory,
	    &f.listener) < 0)
		abort();
	r = probe_resolver(&f.probe, &config);
	fuzz_resolver_look_up(&f, r, *at);
	dns_resolver_free(r);
	reactor_listener_stop(f.listener);
	bad_close(&f.probe, &f.server);
	reactor_iterate(f.probe.reactor, 0);
	probe_world_end(&f.probe);
}
