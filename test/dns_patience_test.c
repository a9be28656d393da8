/*
 * dns_patience_test.c - lookups and time, in a simulated world: how long
 * servers are waited for, which is asked next, and when answers are old.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "dns_probe.h"

static const uint64_t second_ns = 1000000000;

/* A world with two servers in it, and a resolver that knows them. */
struct town {
	struct probe probe;
	struct bad_server first, second;
	struct dns_config config;
	struct dns_resolver *resolver;
	int names;			/* looked up so far */
};

static void
town_open(struct town *t, bad_answer *first, bad_answer *second)
{
	struct dns_config other;

	memset(t, 0, sizeof(*t));
	probe_world(&t->probe);
	bad_open(&t->probe, &t->first, first, &t->config, 0);
	bad_open(&t->probe, &t->second, second, &other, 0);
	CHECK_INT(dns_config_add_server(&t->config, other.servers[0],
	    strlen(other.servers[0])), 0);
	t->config.timeout_ns = 5 * second_ns;
}

static void
town_close(struct town *t)
{
	dns_resolver_free(t->resolver);
	bad_close(&t->probe, &t->first);
	bad_close(&t->probe, &t->second);
	probe_world_end(&t->probe);
}

/* Looks up a name that was not asked for before; returns milliseconds. */
static int
town_ask(struct town *t, const char *want)
{
	uint64_t began_ns = sim_now_ns(t->probe.sim);
	char name[32];

	snprintf(name, sizeof(name), "host%d.example", t->names++);
	probe_expect(&t->probe, t->resolver, name, DNS_IPV4, want);
	return (int)((sim_now_ns(t->probe.sim) - began_ns) / 1000000);
}

/* Lets time pass. */
static void
town_wait(struct town *t, unsigned seconds)
{
	CHECK(sim_pass(t->probe.sim, t->probe.reactor, seconds * second_ns));
}

static void
test_patience(void)
{
	struct town t;
	int i, ms;

	check_case("a server not known is given a second, the last time all");
	town_open(&t, answer_silence, answer_silence);
	t.config.server_count = 1;
	t.resolver = probe_resolver(&t.probe, &t.config);
	ms = town_ask(&t, "!dns-timeout");
	CHECK(ms >= 6000 && ms < 6100);

	check_case("one that is quick a quarter, and the next try twice that");
	t.config.attempts = 3;
	dns_resolver_free(t.resolver);
	t.resolver = probe_resolver(&t.probe, &t.config);
	t.first.answer = answer_plainly;
	for (i = 0; i < 30; i++)
		CHECK(town_ask(&t, "192.0.2.5") < 10);
	t.first.answer = answer_silence;
	ms = town_ask(&t, "!dns-timeout");
	CHECK(ms >= 5750 && ms < 5850);
	town_close(&t);
}

static void
test_rest(void)
{
	struct town t;
	struct outcome o = { 0, "" };
	struct deferred *d;
	int i;

	check_case("a silent server is asked last for half a minute");
	town_open(&t, answer_silence, answer_plainly);
	t.resolver = probe_resolver(&t.probe, &t.config);
	for (i = 0; i < 6; i++)
		town_ask(&t, "192.0.2.5");
	CHECK_INT(t.first.queries, 3);
	CHECK_INT(t.second.queries, 6);

	check_case("and then tried again by one question alone");
	town_wait(&t, 31);
	d = dns_resolve(t.resolver, "other.example", 13, 80, DNS_IPV4);
	deferred_add_both(d, outcome_take, &o);
	CHECK(town_ask(&t, "192.0.2.5") < 100);
	probe_run(&t.probe, &o.done, 1);
	CHECK_STR(o.text, "192.0.2.5");
	deferred_release(d);
	town_ask(&t, "192.0.2.5");
	CHECK_INT(t.first.queries, 4);

	check_case("one that answers again is asked first again");
	town_wait(&t, 31);
	t.first.answer = answer_plainly;
	for (i = 0; i < 3; i++)
		town_ask(&t, "192.0.2.5");
	CHECK_INT(t.first.queries, 7);
	town_close(&t);
}

static void
test_rotate(void)
{
	struct town t;
	int i;

	check_case("servers that rotate are asked in turn");
	town_open(&t, answer_plainly, answer_plainly);
	t.config.rotate = true;
	t.resolver = probe_resolver(&t.probe, &t.config);
	for (i = 0; i < 6; i++)
		town_ask(&t, "192.0.2.5");
	CHECK_INT(t.first.queries, 3);
	CHECK_INT(t.second.queries, 3);
	town_close(&t);
}

static void
test_expiry(void)
{
	struct town t;
	int i;

	check_case("an answer is asked for again when its time is over");
	town_open(&t, answer_plainly, answer_plainly);
	t.resolver = probe_resolver(&t.probe, &t.config);
	for (i = 0; i < 3; i++) {
		t.names = 0;
		town_ask(&t, "192.0.2.5");
		town_wait(&t, i == 0 ? 50 : 11);
	}
	CHECK_INT(t.first.queries, 2);
	town_close(&t);
}

/* Any name is there for a day, if it is asked for by IPv4, or not at all. */
static void
answer_for_a_day(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	static const uint8_t address[4] = { 192, 0, 2, 5 };
	static const uint8_t soa[2 + 5 * 4] = { [19] = 1, [20] = 0x51 };
	static const struct dns_name root = { 1, { 0 } };
	uint8_t text[512];
	struct dns_request q;
	struct dns_answer a;

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	dns_answer_begin(&a, &q, text, sizeof(text));
	if (q.type == DNS_TYPE_A)
		dns_answer_record(&a, &q.name, DNS_TYPE_A, 86400, address, 4);
	else
		dns_answer_record(&a, &root, DNS_TYPE_SOA, 86400, soa,
		    sizeof(soa));
	reactor_udp_send(b->port, text, dns_answer_end(&a, DNS_RCODE_OK),
	    from);
}

static void
test_longest_memory(void)
{
	static const struct {
		const char *what, *want;
		unsigned flags, seconds;
	} rows[] = {
		{ "what is not there is remembered for 5 minutes at most",
		    "!no-such-host", DNS_IPV6, 300 },
		{ "an address for an hour at most",
		    "192.0.2.5", DNS_IPV4, 3600 },
	};
	struct town t;
	size_t i;

	for (i = 0; i < 2; i++) {
		check_case(rows[i].what);
		town_open(&t, answer_for_a_day, answer_silence);
		t.resolver = probe_resolver(&t.probe, &t.config);
		probe_expect(&t.probe, t.resolver, "a.x", rows[i].flags,
		    rows[i].want);
		town_wait(&t, rows[i].seconds - 5);
		probe_expect(&t.probe, t.resolver, "a.x", rows[i].flags,
		    rows[i].want);
		CHECK_INT(t.first.queries, 1);
		town_wait(&t, 10);
		probe_expect(&t.probe, t.resolver, "a.x", rows[i].flags,
		    rows[i].want);
		CHECK_INT(t.first.queries, 2);
		town_close(&t);
	}
}

static void
test_many_expiries(void)
{
	struct town t;
	int i;

	check_case("a name that expired 4,200 times takes no more room");
	town_open(&t, answer_plainly, answer_silence);
	t.resolver = probe_resolver(&t.probe, &t.config);
	for (i = 0; i < 4200; i++) {
		t.names = 0;
		town_ask(&t, "192.0.2.5");
		town_wait(&t, 61);
	}
	CHECK_INT(t.first.queries, 4200);
	for (i = 0; i < 4; i++) {
		t.names = 1 + i % 2;
		town_ask(&t, "192.0.2.5");
	}
	CHECK_INT(t.first.queries, 4202);
	town_close(&t);
}

/* So many that each was asked for once: and which are known afterwards. */
static void
test_full_memory(void)
{
	struct town t;

	check_case("as many names are remembered as there is room for");
	town_open(&t, answer_for_a_day, answer_silence);
	t.resolver = probe_resolver(&t.probe, &t.config);
	while (t.names < 4096)
		town_ask(&t, "192.0.2.5");
	t.names = 0;
	town_ask(&t, "192.0.2.5");
	CHECK_INT(t.first.queries, 4096);

	check_case("one more takes the place of what was used longest ago");
	t.names = 4096;
	town_ask(&t, "192.0.2.5");
	CHECK_INT(t.first.queries, 4097);
	t.names = 0;
	town_ask(&t, "192.0.2.5");
	t.names = 2;
	town_ask(&t, "192.0.2.5");
	CHECK_INT(t.first.queries, 4097);
	t.names = 1;
	town_ask(&t, "192.0.2.5");
	CHECK_INT(t.first.queries, 4098);
	town_close(&t);
}

/* Answers for names that begin with 'h', and for no other. */
static void
answer_hosts(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	if (at[DNS_HEADER_SIZE + 1] == 'h')
		answer_plainly(b, at, len, from);
}

/* Asks for names that are never answered. */
static void
town_ask_in_vain(struct town *t, struct deferred **d, int count,
    struct outcome *o)
{
	char name[32];
	int i;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "silent%d.example", i);
		d[i] = dns_resolve(t->resolver, name, strlen(name), 80, 0);
		deferred_add_both(d[i], outcome_take, &o[i]);
	}
}

static void
test_unanswered(void)
{
	enum { IN_VAIN = 500 };
	static struct deferred *d[IN_VAIN];
	static struct outcome o[IN_VAIN];
	struct town t;
	int i, ms;

	check_case("names that nobody answers hold up others for a moment");
	town_open(&t, answer_hosts, answer_silence);
	t.config.server_count = 1;
	t.resolver = probe_resolver(&t.probe, &t.config);
	town_ask_in_vain(&t, d, IN_VAIN, o);
	CHECK(sim_pass(t.probe.sim, t.probe.reactor, second_ns / 5));
	CHECK_INT(t.first.queries, 128);
	ms = town_ask(&t, "192.0.2.5");	/* the last of 1,001 questions */
	CHECK(ms >= 1000 && ms < 2000);
	CHECK(t.first.queries > 1000);

	check_case("and when they are asked again, for none");
	for (i = 0; i < 200; i++)
		CHECK(town_ask(&t, "192.0.2.5") < 300);
	for (i = 0; i < IN_VAIN; i++) {
		probe_run(&t.probe, &o[i].done, 1);
		CHECK_STR(o[i].text, "!dns-timeout");
		deferred_release(d[i]);
	}
	CHECK_INT(t.first.queries, 4 * IN_VAIN + 201);

	check_case("given up while they wait to be asked");
	memset(o, 0, sizeof(o));
	town_ask_in_vain(&t, d, IN_VAIN, o);
	town_wait(&t, 1);
	for (i = 0; i < IN_VAIN; i++) {
		deferred_cancel(d[i]);
		CHECK_STR(o[i].text, "!cancelled");
		deferred_release(d[i]);
	}
	CHECK(town_ask(&t, "192.0.2.5") < 300);
	town_close(&t);
}

static void
test_unanswered_freed(unsigned seconds)
{
	enum { IN_VAIN = 500 };
	static struct deferred *d[IN_VAIN];
	static struct outcome o[IN_VAIN];
	struct town t;
	int i;

	memset(o, 0, sizeof(o));
	town_open(&t, answer_silence, answer_silence);
	t.config.server_count = 1;
	t.resolver = probe_resolver(&t.probe, &t.config);
	town_ask_in_vain(&t, d, IN_VAIN, o);
	reactor_iterate(t.probe.reactor, 0);
	town_wait(&t, seconds);
	dns_resolver_free(t.resolver);
	CHECK(sim_pass_hour(t.probe.sim, t.probe.reactor));
	for (i = 0; i < IN_VAIN; i++) {
		CHECK_STR(o[i].text, "!cancelled");
		deferred_release(d[i]);
	}
	t.resolver = probe_resolver(&t.probe, &t.config);
	town_close(&t);
}

int
main(void)
{
	test_patience();
	test_rest();
	test_rotate();
	test_expiry();
	test_longest_memory();
	test_many_expiries();
	test_full_memory();
	test_unanswered();
	check_case("freed while some wait to be asked");
	test_unanswered_freed(0);
	check_case("freed while some wait to be asked again");
	test_unanswered_freed(2);
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
