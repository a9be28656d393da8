/*
 * dns_probe.c - see dns_probe.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns_probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"

static void
bad_received(struct reactor_udp_receiver *r, const char *at, size_t len,
    const struct reactor_address *from)
{
	struct bad_server *b = (struct bad_server *)r;

	b->queries++;
	b->port_reused += reactor_address_port(from) == b->last_port;
	b->last_port = reactor_address_port(from);
	b->answer(b, (const uint8_t *)at, len, from);
}

static void
bad_failed(struct reactor_udp_receiver *r, int error)
{
	(void)r;
	(void)error;
}

static void
bad_closed(struct reactor_udp_receiver *r)
{
	(void)r;
}

static const struct reactor_udp_receiver_ops bad_ops = {
	bad_received, bad_failed, bad_closed
};

struct defer_result
outcome_take(void *ctx, struct defer_result in)
{
	struct outcome *o = ctx;
	const struct dns_addresses *list = defer_result_get(in,
	    &dns_addresses_type);
	const struct defer_failure *f = defer_result_get_failure(in);
	char text[REACTOR_ADDRESS_TEXT];
	size_t i;

	o->done++;
	if (f != NULL)
		strcat(strcat(o->text, "!"), f->kind->name);
	for (i = 0; list != NULL && i < list->count; i++) {
		if (i > 0)
			strcat(o->text, " ");
		strcat(o->text, reactor_address_format(&list->at[i], text));
	}
	defer_result_destroy(in);
	return defer_result_none();
}

void
probe_run(struct probe *p, const int *done, int wanted)
{
	int turns = 0;

	while (*done < wanted && turns++ < 100000)
		reactor_iterate(p->reactor, 100000000);
	CHECK_INT(*done, wanted);
}

void
probe_expect(struct probe *p, struct dns_resolver *r, const char *name,
    unsigned flags, const char *want)
{
	struct outcome o = { 0, "" };
	struct deferred *d = dns_resolve(r, name, strlen(name), 80, flags);

	if (!CHECK(d != NULL))
		return;
	deferred_add_both(d, outcome_take, &o);
	probe_run(p, &o.done, 1);
	CHECK_STR(o.text, want);
	deferred_release(d);
}

struct dns_resolver *
probe_resolver(struct probe *p, const struct dns_config *c)
{
	struct dns_resolver *r = NULL;

	CHECK_INT(dns_resolver_new(&r, p->reactor, c, &p->hosts), 0);
	return r;
}

/* Port 0 of the loopback. */
static struct reactor_address
probe_loopback(void)
{
	struct reactor_address at;

	reactor_address_parse(&at, "127.0.0.1", 9, 0);
	return at;
}

static void
probe_add_server(struct dns_config *c, const struct reactor_address *at)
{
	char text[REACTOR_ADDRESS_TEXT];

	reactor_address_format_port(at, text);
	CHECK_INT(dns_config_add_server(c, text, strlen(text)), 0);
}

void
bad_open(struct probe *p, struct bad_server *b, bad_answer *answer,
    struct dns_config *c, int with_good)
{
	struct reactor_address at = probe_loopback();
	struct reactor_udp_options options = { .from = &at };

	memset(b, 0, sizeof(*b));
	b->receiver.ops = &bad_ops;
	b->answer = answer;
	CHECK_INT(reactor_open_udp(p->reactor, &options, &b->receiver,
	    &b->port), 0);
	CHECK_INT(reactor_udp_local_address(b->port, &at), 0);
	dns_config_init(c);
	c->timeout_ns = 20000000;
	probe_add_server(c, &at);
	if (with_good) {
		CHECK_INT(dns_server_address(p->server, &at), 0);
		probe_add_server(c, &at);
	}
}

void
bad_close(struct probe *p, struct bad_server *b)
{
	reactor_udp_close(b->port);
	reactor_iterate(p->reactor, 0);
}

void
bad_reply(struct bad_server *b, const struct dns_request *q,
    const struct reactor_address *to, const char *ipv4, unsigned rcode)
{
	uint8_t at[512];
	struct dns_answer a;
	struct reactor_address address;

	dns_answer_begin(&a, q, at, sizeof(at));
	if (ipv4 != NULL && q->type == DNS_TYPE_A) {
		reactor_address_parse(&address, ipv4, strlen(ipv4), 0);
		dns_answer_record(&a, &q->name, DNS_TYPE_A, 60,
		    (const uint8_t *)&address.u.ipv4.sin_addr, 4);
	}
	reactor_udp_send(b->port, at, dns_answer_end(&a, rcode), to);
}

void
answer_silence(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	(void)b;
	(void)at;
	(void)len;
	(void)from;
}

void
answer_servfail(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_request q;

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	bad_reply(b, &q, from, NULL, DNS_RCODE_SERVFAIL);
}

void
answer_plainly(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_request q;

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	dns_name_format(&q.name, b->name);
	bad_reply(b, &q, from, "192.0.2.5", DNS_RCODE_OK);
}

/* The table of the good server, but for the name with many addresses. */
static const struct dns_server_record probe_table[] = {
	{ "two.example", "192.0.2.1", 60 },
	{ "two.example", "2001:db8::1", 60 },
	{ "four.example", "192.0.2.4", 60 },
	{ "many.example", "192.0.2.7", 60 },
	{ "many.example", "192.0.2.8", 60 },
	{ "many.example", "192.0.2.9", 60 },
	{ "many.example", "2001:db8::7", 60 },
	{ "many.example", "2001:db8::8", 60 },
	{ "alias.example", "two.example", 60 },
	{ "alias2.example", "alias.example", 60 },
	{ "alias3.example", "alias2.example", 60 },
	{ "loop.example", "pool.example", 60 },
	{ "pool.example", "loop.example", 60 },
	{ "dangling.example", "nowhere.example", 60 },
	{ "short.second.example", "192.0.2.30", 60 },
	{ "a.b", "192.0.2.31", 60 },
	{ "a.b.first.example", "192.0.2.41", 60 },
	{ "one.dot.first.example", "192.0.2.32", 60 },
};

enum {
	PROBE_TABLE = sizeof(probe_table) / sizeof(probe_table[0]),
	PROBE_BIG = 100
};

/* One that asks over TCP. */
struct probe_tcp {
	struct protocol protocol;
	struct probe *probe;
	struct reactor_timer later;	/* when more of the answer is sent */
	size_t size, sent;
	uint8_t answer[2 + 4096];
};

/* The answer comes in three pieces: half of its length is the first. */
static void
probe_tcp_later(struct reactor_timer *timer)
{
	struct probe_tcp *t = (struct probe_tcp *)((char *)timer -
	    offsetof(struct probe_tcp, later));
	size_t end = t->sent == 0 ? 1 : t->sent == 1 ? 3 : t->size;

	transport_write(t->protocol.transport, t->answer + t->sent,
	    end - t->sent);
	t->sent = end;
	if (end < t->size)
		reactor_call_later(t->probe->reactor, &t->later, 10000000,
		    probe_tcp_later);
}

static size_t
probe_tcp_received(struct protocol *p, const char *at, size_t len)
{
	uint8_t bytes[4] = { 10, 0, 0, 0 };
	struct probe_tcp *t = (struct probe_tcp *)p;
	struct probe *probe = t->probe;
	struct dns_request q;
	struct dns_answer a;
	size_t size;

	if (len < 2 || dns_request_parse(&q, (const uint8_t *)at + 2,
	    len - 2) < 0)
		return 0;
	probe->tcp_queries++;
	if (probe->tcp_mute)
		return len;
	q.id ^= probe->tcp_spoils;
	dns_answer_begin(&a, &q, t->answer + 2, sizeof(t->answer) - 2);
	for (bytes[3] = 1; bytes[3] <= PROBE_BIG; bytes[3]++)
		dns_answer_record(&a, &q.name, DNS_TYPE_A, 60, bytes, 4);
	size = dns_answer_end(&a, DNS_RCODE_OK);
	t->answer[0] = (uint8_t)(size >> 8);
	t->answer[1] = (uint8_t)size;
	t->size = size + 2;
	t->sent = 0;
	probe_tcp_later(&t->later);
	return len;
}

static void
probe_tcp_made(struct protocol *p)
{
	(void)p;
}

static void
probe_tcp_ended(struct protocol *p, int reason)
{
	(void)reason;
	reactor_cancel_timer(&((struct probe_tcp *)p)->later);
	free(p);
}

static const struct protocol_ops probe_tcp_ops = {
	.connection_made = probe_tcp_made,
	.data_received = probe_tcp_received,
	.connection_lost = probe_tcp_ended,
	.connect_failed = probe_tcp_ended,
};

static struct protocol *
probe_tcp_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct probe_tcp *t = calloc(1, sizeof(*t));

	(void)from;
	if (t == NULL)
		return NULL;
	t->protocol.ops = &probe_tcp_ops;
	t->probe = (struct probe *)((char *)f -
	    offsetof(struct probe, factory));
	return &t->protocol;
}

static const struct protocol_factory_ops probe_factory_ops = {
	.build_protocol = probe_tcp_build,
};

/* Serves the table, and TCP at the same port, if that is free there. */
static int
probe_serve(struct probe *p)
{
	struct dns_server_record records[PROBE_TABLE + PROBE_BIG];
	char values[PROBE_BIG][24];
	struct reactor_address at = probe_loopback();
	int i;

	memcpy(records, probe_table, sizeof(probe_table));
	for (i = 0; i < PROBE_BIG; i++) {
		snprintf(values[i], sizeof(values[i]), "10.0.0.%d", i + 1);
		records[PROBE_TABLE + i].name = "big.example";
		records[PROBE_TABLE + i].value = values[i];
		records[PROBE_TABLE + i].ttl_s = 60;
	}
	if (dns_server_new(&p->server, p->reactor, &at, records,
	    PROBE_TABLE + PROBE_BIG) < 0 ||
	    dns_server_address(p->server, &at) < 0)
		abort();
	p->factory.ops = &probe_factory_ops;
	i = reactor_listen(p->reactor, &at, NULL, &p->factory, &p->listener);
	if (i == 0)
		probe_add_server(&p->config, &at);
	else
		dns_server_free(p->server);
	return i;
}

void
probe_world(struct probe *p)
{
	static const struct sim_options calm = {
		.latency_min_ns = 1000000, .latency_max_ns = 2000000,
	};
	struct reactor_options options;

	memset(p, 0, sizeof(*p));
	p->sim = sim_new(&calm);
	options = sim_reactor_options(p->sim);
	if (reactor_new(&p->reactor, &options) < 0)
		abort();
}

void
probe_world_end(struct probe *p)
{
	reactor_free(p->reactor);
	CHECK_INT(sim_open_fds(p->sim), 0);
	CHECK_STR(sim_first_violation(p->sim), NULL);
	sim_free(p->sim);
}

void
probe_open(struct probe *p)
{
	static const char hosts[] =
	    "127.9.9.9 localhost\n"
	    "192.0.2.99\thosts.example other # no.example\n"
	    "2001:db8::99 hosts.example";
	static const char config[] =
	    "search first.example second.example\n";

	probe_world(p);
	if (dns_hosts_parse(&p->hosts, hosts, sizeof(hosts) - 1) < 0)
		abort();
	dns_config_init(&p->config);
	dns_config_parse(&p->config, config, sizeof(config) - 1);
	while (probe_serve(p) < 0)
		continue;
}

void
probe_close(struct probe *p)
{
	check_case("nothing is left");
	dns_server_free(p->server);
	reactor_listener_stop(p->listener);
	dns_hosts_free(&p->hosts);
	reactor_iterate(p->reactor, 0);
	probe_world_end(p);
	CHECK_INT(alloc_live(), 0);
}
