/*
 * dns_tls_test.c - connecting by name with TLS, in a simulated world: what
 * is verified, what is told, how long it may take, and cancelling it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "dns_world.h"
#include "tls_kit.h"

static const struct sim_options calm = {
	.latency_min_ns = MILLISECOND, .latency_max_ns = 2 * MILLISECOND,
};

/* Bytes that a server may say, and how many they are. */
#define BYTES(text) text, sizeof(text) - 1
#define FATAL "\x15\x03\x03\0\2\2"

/* Whom we connect to, what it does, and what comes of it. */
static const struct {
	const char *what, *name;
	enum world_habit habit;
	const char *says;
	size_t says_len;
	const char *trusted;
	const char *want;	/* how it begins */
	const char *has;	/* what else is in it; or NULL */
	long code;
	int from_ms, to_ms;	/* how long it may take */
} tls_rows[] = {
	{ "a name", "up.site.test", WORLD_ECHO, NULL, 0, tls_kit_authority,
	    "ping", NULL, 0, 0, 30 },
	{ "a final dot", "up.site.test.", WORLD_ECHO, NULL, 0,
	    tls_kit_authority, "ping", NULL, 0, 0, 30 },
	{ "capitals", "UP.Site.Test", WORLD_ECHO, NULL, 0, tls_kit_authority,
	    "ping", NULL, 0, 0, 30 },
	{ "the race is before it", "silent6.site.test", WORLD_ECHO, NULL, 0,
	    tls_kit_authority, "ping", NULL, 0, 250, 285 },
	{ "refused", "refused.site.test", WORLD_ECHO, NULL, 0,
	    tls_kit_authority, "!refused: 10.0.0.2:80: ", NULL, ECONNREFUSED,
	    0, 20 },
	{ "another name", "up.example", WORLD_ECHO, NULL, 0,
	    tls_kit_authority, "!tls: 10.0.0.1:80: ", NULL,
	    -REACTOR_TLS_E_CERTIFICATE, 0, 30 },
	{ "a name too deep", "far.up.site.test", WORLD_ECHO, NULL, 0,
	    tls_kit_authority, "!tls: 10.0.0.1:80: ", NULL,
	    -REACTOR_TLS_E_CERTIFICATE, 0, 30 },
	{ "another address", "10.0.0.1", WORLD_ECHO, NULL, 0,
	    tls_kit_authority, "!tls: 10.0.0.1:80: ", NULL,
	    -REACTOR_TLS_E_CERTIFICATE, 0, 30 },
	{ "another authority", "up.site.test", WORLD_ECHO, NULL, 0,
	    tls_kit_certificate, "!tls: 10.0.0.1:80: ", NULL,
	    -REACTOR_TLS_E_CERTIFICATE, 0, 30 },
	{ "silence", "up.site.test", WORLD_MUTE, NULL, 0, tls_kit_authority,
	    "!timeout: 10.0.0.1:80: ", "handshake", ETIMEDOUT, 10000, 10020 },
	{ "silence, late in the race", "silent6.site.test", WORLD_MUTE, NULL, 0,
	    tls_kit_authority, "!timeout: 10.0.0.1:80: ", "handshake",
	    ETIMEDOUT, 10250, 10275 },
	{ "no TLS", "up.site.test", WORLD_SAYS,
	    BYTES("HTTP/1.1 400 Bad Request\r\n\r\n"), tls_kit_authority,
	    "!tls: 10.0.0.1:80: ", NULL, -REACTOR_TLS_E_NOT_TLS, 0, 30 },
	{ "an alert", "up.site.test", WORLD_SAYS, BYTES(FATAL "\x28"),
	    tls_kit_authority, "!tls: 10.0.0.1:80: ", "handshake",
	    -REACTOR_TLS_E_ALERT, 0, 30 },
	{ "cut short", "up.site.test", WORLD_CUTS, NULL, 0, tls_kit_authority,
	    "!tls: 10.0.0.1:80: ", NULL, -REACTOR_TLS_E_TRUNCATED, 0, 30 },
	{ "reset", "up.site.test", WORLD_RESETS, NULL, 0, tls_kit_authority,
	    "!reset: 10.0.0.1:80: ", "handshake", ECONNRESET, 0, 30 },
};

/* A world with TLS, and how to connect in it. */
static void
tls_world_open(struct world *w, struct dns_connect_options *o,
    const char *trusted)
{
	CHECK_INT(world_open(w, &calm), 0);
	w->tls = tls_kit_server(w->reactor);
	memset(o, 0, sizeof(*o));
	o->tls = tls_kit_client(w->reactor, trusted);
}

static void
tls_world_close(struct world *w, const struct dns_connect_options *o)
{
	world_close(w);
	reactor_tls_settings_free(w->tls);
	reactor_tls_settings_free(o->tls);
}

static void
test_row(size_t i)
{
	struct dns_connect_options o;
	enum dns_connect_phase phase = DNS_CONNECT_CONNECTING;
	struct world w;
	struct caller c;
	struct deferred *d;
	uint64_t began, ms;

	tls_world_open(&w, &o, tls_rows[i].trusted);
	o.phase = &phase;
	w.habit = tls_rows[i].habit;
	w.says = tls_rows[i].says;
	w.says_len = tls_rows[i].says_len;
	began = sim_now_ns(w.sim);
	d = world_connect(&w, &c, tls_rows[i].name, &o);
	CHECK_INT(phase, tls_rows[i].name[0] == '1' ?
	    DNS_CONNECT_CONNECTING : DNS_CONNECT_LOOKING_UP);
	world_run(&w, &c);
	ms = (sim_now_ns(w.sim) - began) / MILLISECOND;
	CHECK_INT(phase, tls_rows[i].code == ECONNREFUSED ?
	    DNS_CONNECT_CONNECTING : DNS_CONNECT_SHAKING_HANDS);
	if (tls_rows[i].has != NULL)
		CHECK(strstr(c.text, tls_rows[i].has) != NULL);
	CHECK_INT(c.code, tls_rows[i].code);
	CHECK(strlen(c.text) > strlen(tls_rows[i].want) ||
	    tls_rows[i].code == 0);
	c.text[strlen(tls_rows[i].want)] = '\0';
	CHECK_STR(c.text, tls_rows[i].want);
	CHECK_INT(c.made, tls_rows[i].code == 0);
	CHECK((int)ms >= tls_rows[i].from_ms);
	CHECK((int)ms <= tls_rows[i].to_ms);
	deferred_release(d);
	tls_world_close(&w, &o);
}

static void
test_rows(void)
{
	size_t count = sizeof(tls_rows) / sizeof(tls_rows[0]);

	for (size_t i = 0; i < count; i++)
		if (tls_kit_case(tls_rows[i].what))
			test_row(i);
}

/* Both addresses connect at the same time: one handshake. */
static void
test_tie(void)
{
	struct dns_connect_options o;
	struct world w;
	struct caller c;
	struct deferred *d;

	if (!tls_kit_case("a tie: one shakes hands, the other is closed"))
		return;
	tls_world_open(&w, &o, tls_kit_authority);
	o.stagger_ns = 1;
	d = world_connect(&w, &c, "both.site.test", &o);
	world_run(&w, &c);
	CHECK_STR(c.text, "ping");
	CHECK_INT(w.accepted, 1);
	deferred_release(d);
	tls_world_close(&w, &o);
}

/* The next address is not tried while the first one shakes hands. */
static void
test_winner_alone(void)
{
	struct dns_connect_options o;
	struct world w;
	struct caller c;
	struct deferred *d;

	if (!tls_kit_case("who shakes hands is alone"))
		return;
	tls_world_open(&w, &o, tls_kit_authority);
	w.habit = WORLD_MUTE;
	d = world_connect(&w, &c, "both.site.test", &o);
	world_run(&w, &c);
	CHECK(strncmp(c.text, "!timeout: ", 10) == 0);
	CHECK_INT(w.built, 1);
	deferred_release(d);
	tls_world_close(&w, &o);
}

/* TCP takes two seconds of the three: the handshake has the third. */
static void
test_time_left(void)
{
	static const struct sim_options slow = {
		.latency_min_ns = 1000 * MILLISECOND,
		.latency_max_ns = 1000 * MILLISECOND,
	};
	struct dns_connect_options o = { .timeout_ns = 3000000000 };
	struct world w;
	struct caller c;
	struct deferred *d;
	uint64_t began;

	if (!tls_kit_case("the time is that of both together"))
		return;
	CHECK_INT(world_open(&w, &slow), 0);
	o.tls = tls_kit_client(w.reactor, tls_kit_authority);
	w.habit = WORLD_MUTE;
	began = sim_now_ns(w.sim);
	d = world_connect(&w, &c, "10.0.0.1", &o);
	world_run(&w, &c);
	CHECK_INT((sim_now_ns(w.sim) - began) / MILLISECOND, 3000);
	CHECK(strstr(c.text, "handshake") != NULL);
	deferred_release(d);
	tls_world_close(&w, &o);
}

static void
test_outlive(void)
{
	struct dns_connect_options o;
	struct world w;

	if (!tls_kit_case("a connection outlives the time of its handshake"))
		return;
	tls_world_open(&w, &o, tls_kit_authority);
	o.timeout_ns = MILLISECOND * 500;
	world_outlive(&w, "both.site.test", &o);
	tls_world_close(&w, &o);
}

/* Cancels after so many turns of the loop. */
static void
test_cancel(enum world_habit habit)
{
	enum dns_connect_phase phase;
	struct dns_connect_options o;
	int seen[3] = { 0 }, made = 0;
	struct deferred *d;
	struct world w;
	struct caller c;

	for (int turns = 0; turns < 40; turns++) {
		tls_world_open(&w, &o, tls_kit_authority);
		o.phase = &phase;
		w.habit = habit;
		d = world_connect(&w, &c, "both.site.test", &o);
		for (int i = 0; i < turns && !c.fired; i++)
			reactor_iterate(w.reactor, MILLISECOND);
		seen[phase] += !c.fired;
		deferred_cancel(d);
		deferred_cancel(d);
		CHECK_INT(c.fired, 1);
		if (c.made == 0)
			CHECK(strncmp(c.text, "!cancelled: ", 12) == 0);
		made += c.made;
		for (int i = 0; i < 20; i++)
			reactor_iterate(w.reactor, MILLISECOND);
		if (c.made > c.lost)
			transport_abort_connection(c.protocol.transport);
		deferred_release(d);
		world_pass_hour(&w);
		CHECK_INT(c.fired, 1);
		CHECK_INT(c.lost, c.made);
		tls_world_close(&w, &o);
	}
	CHECK(seen[DNS_CONNECT_LOOKING_UP] > 0);
	CHECK(seen[DNS_CONNECT_CONNECTING] > 0);
	CHECK(seen[DNS_CONNECT_SHAKING_HANDS] > 0);
	CHECK((made > 0) == (habit == WORLD_ECHO));
}

static void
test_cancel_made(void)
{
	struct dns_connect_options o;
	struct world w;
	struct caller c;
	struct deferred *d;

	if (!tls_kit_case("cancelled by connection_made"))
		return;
	tls_world_open(&w, &o, tls_kit_authority);
	d = world_connect(&w, &c, "both.site.test", &o);
	c.cancel = d;
	world_run(&w, &c);
	CHECK_INT(c.made, 1);
	deferred_release(d);
	tls_world_close(&w, &o);
}

/* What has addresses goes on without the resolver. */
static void
test_resolver_freed(void)
{
	enum dns_connect_phase phase = DNS_CONNECT_LOOKING_UP;
	struct dns_connect_options o;
	struct world w;
	struct caller c;
	struct deferred *d;

	if (!tls_kit_case("the resolver is freed during the handshake"))
		return;
	tls_world_open(&w, &o, tls_kit_authority);
	o.phase = &phase;
	d = world_connect(&w, &c, "up.site.test", &o);
	while (phase != DNS_CONNECT_SHAKING_HANDS && !c.fired)
		reactor_iterate(w.reactor, -1);
	CHECK_INT(c.fired, 0);
	dns_resolver_free(w.resolver);
	w.resolver = NULL;
	world_run(&w, &c);
	CHECK_STR(c.text, "ping");
	deferred_release(d);
	tls_world_close(&w, &o);
}

/* Connects while the allocation `n` fails; true once none did. */
static bool
test_one_failing(long n, int for_good)
{
	struct dns_connect_options o;
	long live = alloc_live();
	struct world w;
	struct caller c;
	struct deferred *d;
	int failed;

	tls_world_open(&w, &o, tls_kit_authority);
	alloc_fail_at(n, for_good);
	d = world_connect(&w, &c, "both.site.test", &o);
	for (int i = 0; i < 300 && d != NULL && c.fired == 0; i++)
		reactor_iterate(w.reactor, 50 * MILLISECOND);
	for (int i = 0; i < 300 && c.lost < c.made; i++)
		reactor_iterate(w.reactor, 50 * MILLISECOND);
	failed = alloc_has_failed();
	alloc_fail_at(-1, 0);
	if (d != NULL && !c.fired)
		deferred_cancel(d);
	CHECK_INT(c.fired, d != NULL);
	if (c.lost < c.made)
		transport_abort_connection(c.protocol.transport);
	for (int i = 0; i < 20; i++)
		reactor_iterate(w.reactor, MILLISECOND);
	deferred_release(d);
	tls_world_close(&w, &o);
	CHECK_INT(alloc_live(), live);
	return !failed;
}

static void
test_memory(void)
{
	long n = 0;

	if (!tls_kit_case("any allocation may fail"))
		return;
	for (int for_good = 0; for_good < 2; for_good++)
		for (n = 0; n < 500 && !test_one_failing(n, for_good); n++)
			;
	CHECK(n > 5 && n < 500);
}

int
main(void)
{
	test_rows();
	test_tie();
	test_winner_alone();
	test_time_left();
	test_outlive();
	if (tls_kit_case("cancelled at any time"))
		test_cancel(WORLD_ECHO);
	if (tls_kit_case("cancelled while the server is silent"))
		test_cancel(WORLD_MUTE);
	test_cancel_made();
	test_resolver_freed();
	test_memory();
	return check_done();
}
