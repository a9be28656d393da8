/*
 * dns_third_test.c - a resolver is asked for the same name a third time, after
 * each two ways in which the first two lookups can end, with an hour between
 * them and without.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "dns_probe.h"

#define RIGHT "192.0.2.5"

enum third_wait {
	THIRD_TO_ITS_END,
	THIRD_CANCEL_AT_ONCE,
	THIRD_CANCEL_ASKED,		/* when the server has been asked */
	THIRD_NO_MEMORY
};

/* There is no such name. */
static void
third_no(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_request q;

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	bad_reply(b, &q, from, NULL, DNS_RCODE_NXDOMAIN);
}

/* What is no message at all. */
static void
third_nonsense(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	(void)len;
	reactor_udp_send(b->port, at, 5, from);
}

static const struct third_way {
	const char *name;
	bad_answer *answer;
	enum third_wait wait;
	const char *want;
} third_ways[] = {
	{ "is answered", answer_plainly, THIRD_TO_ITS_END, RIGHT },
	{ "finds no such name", third_no, THIRD_TO_ITS_END,
	    "!no-such-host" },
	{ "meets a server that fails", answer_servfail, THIRD_TO_ITS_END,
	    "!no-dns" },
	{ "is not answered", answer_silence, THIRD_TO_ITS_END,
	    "!dns-timeout" },
	{ "gets nonsense", third_nonsense, THIRD_TO_ITS_END,
	    "!dns-timeout" },
	{ "is cancelled at once", answer_plainly, THIRD_CANCEL_AT_ONCE,
	    "!cancelled" },
	{ "is cancelled when asked", answer_silence, THIRD_CANCEL_ASKED,
	    "!cancelled" },
	{ "has no memory", answer_plainly, THIRD_NO_MEMORY, NULL },
};

enum { THIRD_WAYS = sizeof(third_ways) / sizeof(*third_ways) };

/* What one pair of ways needs. */
struct third {
	struct probe *probe;
	struct bad_server bad;
	struct dns_resolver *resolver;
	bool cached;			/* a right answer is remembered */
};

/* A lookup that ends in this way, or is answered from memory. */
static void
third_use(struct third *t, const struct third_way *way)
{
	struct outcome o[2] = { { 0, "" }, { 0, "" } };
	unsigned queries = t->bad.queries;
	struct deferred *d[2];

	t->bad.answer = way->answer;
	if (way->wait == THIRD_NO_MEMORY) {
		alloc_fail_at(0, 1);
		CHECK(dns_resolve(t->resolver, "x.example", 9, 80, DNS_IPV4) ==
		    NULL);
		alloc_fail_at(-1, 0);
		return;
	}
	for (int i = 0; i < 2; i++) {
		d[i] = dns_resolve(t->resolver, "x.example", 9, 80, DNS_IPV4);
		deferred_add_both(d[i], outcome_take, &o[i]);
	}
	for (int i = 0; i < 1000 && way->wait == THIRD_CANCEL_ASKED &&
	    !t->cached && t->bad.queries == queries; i++)
		reactor_iterate(t->probe->reactor, 1000000);
	for (int i = 0; i < 2; i++) {
		if (way->wait != THIRD_TO_ITS_END)
			deferred_cancel(d[i]);
		probe_run(t->probe, &o[i].done, 1);
		CHECK_STR(o[i].text, t->cached ? RIGHT : way->want);
		deferred_release(d[i]);
	}
	t->cached = t->cached || strcmp(way->want, RIGHT) == 0;
	CHECK(!t->cached || t->bad.queries - queries <= 1);
}

/* An hour later no timer is left, and nothing is remembered. */
static void
third_hour(struct third *t)
{
	CHECK(sim_pass_hour(t->probe->sim, t->probe->reactor));
	t->cached = false;
}

/* The third is as the first. */
static void
third_pair(struct probe *p, const struct third_way *first,
    const struct third_way *second, bool pause)
{
	struct third t = { .probe = p };
	struct dns_config c;
	long live = alloc_live();

	bad_open(p, &t.bad, answer_plainly, &c, 0);
	t.resolver = probe_resolver(p, &c);
	third_use(&t, first);
	if (pause)
		third_hour(&t);
	third_use(&t, second);
	if (pause)
		third_hour(&t);
	third_use(&t, &third_ways[0]);
	third_hour(&t);
	third_use(&t, &third_ways[0]);
	dns_resolver_free(t.resolver);
	bad_close(p, &t.bad);
	CHECK_INT(alloc_live(), live);
}

/*
 * Looks up what has too many addresses for UDP, cancels after so many turns,
 * and lets an hour pass or frees the resolver at once; false if that was too
 * late.
 */
static bool
third_cancelled_at(struct probe *p, int turns, bool pause)
{
	struct third t = {
		.probe = p, .resolver = probe_resolver(p, &p->config),
	};
	struct outcome o = { 0, "" };
	struct deferred *d = dns_resolve(t.resolver, "big.example", 11, 80,
	    DNS_IPV4);
	bool cancelled;

	deferred_add_both(d, outcome_take, &o);
	while (turns-- > 0 && o.done == 0)
		reactor_iterate(p->reactor, 1000000);
	cancelled = o.done == 0;
	deferred_cancel(d);
	CHECK_INT(o.done, 1);
	if (cancelled)
		CHECK_STR(o.text, "!cancelled");
	deferred_release(d);
	if (pause)
		third_hour(&t);
	dns_resolver_free(t.resolver);
	third_hour(&t);
	CHECK_INT(o.done, 1);
	return cancelled;
}

static void
third_cancel(struct probe *p)
{
	long live = alloc_live();
	unsigned before = p->tcp_queries;
	int turns = 0;

	check_case("cancelled after any number of turns, also over TCP");
	while (third_cancelled_at(p, turns, true) &&
	    third_cancelled_at(p, turns, false))
		turns++;
	CHECK(turns > 5);
	CHECK(p->tcp_queries > before + 2);
	CHECK_INT(alloc_live(), live);
}

/* And the n-th allocation fails: it is told, or another try does it. */
static void
third_memory(struct probe *p)
{
	long live = alloc_live();
	bool failed = true;

	check_case("each allocation of a lookup over TCP fails in turn");
	for (long n = 0; failed && n < 100; n++) {
		struct third t = {
			.probe = p, .resolver = probe_resolver(p, &p->config),
		};
		struct outcome o = { 0, "" };
		struct deferred *d;

		alloc_fail_at(n, 0);
		d = dns_resolve(t.resolver, "big.example", 11, 80, DNS_IPV4);
		if (d != NULL && deferred_add_both(d, outcome_take, &o) == 0)
			probe_run(p, &o.done, 1);
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		CHECK(failed || o.text[0] == '1');
		if (d != NULL)
			deferred_release(d);
		third_hour(&t);
		dns_resolver_free(t.resolver);
		CHECK_INT(alloc_live(), live);
	}
	CHECK(!failed);
}

int
main(void)
{
	struct probe p;
	char name[120];

	probe_open(&p);
	for (int i = 0; i < THIRD_WAYS * THIRD_WAYS; i++) {
		const struct third_way *first = &third_ways[i / THIRD_WAYS];
		const struct third_way *second = &third_ways[i % THIRD_WAYS];

		snprintf(name, sizeof(name), "one %s, one %s, a third works",
		    first->name, second->name);
		check_case(name);
		third_pair(&p, first, second, false);
		third_pair(&p, first, second, true);
	}
	third_cancel(&p);
	third_memory(&p);
	probe_close(&p);
	return check_done();
}
