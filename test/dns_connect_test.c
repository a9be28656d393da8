/*
 * dns_connect_test.c - connecting by name, in a simulated world: there hosts
 * are silent or unreachable as we please, and time can be looked at.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "check.h"
#include "dns_world.h"

static const struct sim_options calm = {
	.latency_min_ns = MILLISECOND, .latency_max_ns = 2 * MILLISECOND,
};

/* Where to, and what comes of it. */
static const struct {
	const char *name;
	unsigned families;
	const char *want;
	const char *address;	/* that was tried last, or got furthest */
	int from_ms, to_ms;	/* how long it may take */
} connect_rows[] = {
	{ "10.0.0.1", 0, "ping", "10.0.0.1:80", 0, 10 },
	{ "2001:db8::1", 0, "ping", "[2001:db8::1]:80", 0, 10 },
	{ "up.example", 0, "ping", "10.0.0.1:80", 0, 20 },
	{ "both.example", 0, "ping", "[2001:db8::1]:80", 0, 20 },
	{ "both.example", DNS_IPV4, "ping", "10.0.0.1:80", 0, 20 },
	{ "silent6.example", 0, "ping", "10.0.0.1:80", 250, 275 },
	{ "net6.example", 0, "ping", "10.0.0.1:80", 0, 20 },
	{ "refused6.example", 0, "ping", "10.0.0.1:80", 0, 20 },
	{ "silent.example", 0, "!timeout: 10.0.0.5:80: ", "10.0.0.5:80", 10000,
	    10020 },
	{ "refused.example", 0,
	    "!refused: 10.0.0.2:80: ", "10.0.0.2:80", 0, 20 },
	{ "10.0.0.2", 0, "!refused: 10.0.0.2:80: ", "10.0.0.2:80", 0, 20 },
	{ "route.example", 0,
	    "!no-route: 10.0.0.6:80: ", "10.0.0.6:80", 0, 10000 },
	{ "net.example", 0,
	    "!no-network: 10.0.0.7:80: ", "10.0.0.7:80", 0, 20 },
	{ "furthest1.example", 0,
	    "!refused: 10.0.0.2:80: ", "10.0.0.2:80", 10000, 10020 },
	{ "furthest2.example", 0, "!no-route: 10.0.0.6:80: ", "10.0.0.6:80", 0,
	    10000 },
	{ "furthest3.example", 0,
	    "!timeout: 10.0.0.5:80: ", "10.0.0.5:80", 10000, 10020 },
	{ "nowhere.example", 0, "!no-such-host: nowhere.example ", "", 0,
	    20 },
	{ "up.example", DNS_IPV6, "!no-such-host: up.example ", "", 0,
	    20 },
	{ "a..b", 0, "!no-such-host: a..b ", "", 0, 0 },
};

static void
test_table(void)
{
	char address[REACTOR_ADDRESS_TEXT];
	struct dns_connect_options o = { .address = address };
	struct world w;
	struct caller c;
	struct deferred *d;
	uint64_t began, ms;
	size_t i;

	for (i = 0; i < sizeof(connect_rows) / sizeof(connect_rows[0]); i++) {
		check_case(connect_rows[i].name);
		CHECK_INT(world_open(&w, &calm), 0);
		o.families = connect_rows[i].families;
		address[0] = '\0';
		began = sim_now_ns(w.sim);
		d = world_connect(&w, &c, connect_rows[i].name, &o);
		world_run(&w, &c);
		ms = (sim_now_ns(w.sim) - began) / MILLISECOND;
		c.text[strlen(connect_rows[i].want)] = '\0';
		CHECK_STR(c.text, connect_rows[i].want);
		CHECK_INT(c.made, connect_rows[i].want[0] != '!');
		CHECK_STR(address, connect_rows[i].address);
		CHECK((int)ms >= connect_rows[i].from_ms);
		CHECK((int)ms <= connect_rows[i].to_ms);
		deferred_release(d);
		world_close(&w);
	}
}

/* Both addresses connect at the same time: one wins, one is closed. */
static void
test_tie(void)
{
	struct sim_options o = calm;
	struct dns_connect_options connect = { .stagger_ns = 1 };
	struct world w;
	struct caller c;
	struct deferred *d;

	check_case("a tie: one wins, the other is closed");
	o.latency_max_ns = o.latency_min_ns;
	CHECK_INT(world_open(&w, &o), 0);
	d = world_connect(&w, &c, "both.example", &connect);
	world_run(&w, &c);
	CHECK_STR(c.text, "ping");
	CHECK_INT(c.made, 1);
	CHECK_INT(w.accepted, 2);
	deferred_release(d);
	world_close(&w);
}

/* Cancels after so many turns of the loop. */
static void
test_cancel(void)
{
	struct world w;
	struct caller c;
	struct deferred *d;
	int turns, i;

	check_case("cancelled at any time");
	for (turns = 0; turns < 40; turns++) {
		CHECK_INT(world_open(&w, &calm), 0);
		d = world_connect(&w, &c, "silent6.example", NULL);
		for (i = 0; i < turns && !c.fired; i++)
			reactor_iterate(w.reactor, -1);
		deferred_cancel(d);
		deferred_cancel(d);
		CHECK_INT(c.fired, 1);
		if (c.made == 0)
			CHECK(strncmp(c.text, "!cancelled: ", 12) == 0);
		for (i = 0; i < 10; i++)
			reactor_iterate(w.reactor, MILLISECOND);
		CHECK_INT(sim_open_fds(w.sim), w.open_fds);
		deferred_release(d);
		world_pass_hour(&w);
		CHECK_INT(c.fired, 1);
		world_close(&w);
	}

	check_case("cancelled by connection_made");
	CHECK_INT(world_open(&w, &calm), 0);
	d = world_connect(&w, &c, "both.example", NULL);
	c.cancel = d;
	world_run(&w, &c);
	CHECK_INT(c.made, 1);
	deferred_release(d);
	world_close(&w);

	check_case("the resolver is freed");
	CHECK_INT(world_open(&w, &calm), 0);
	d = world_connect(&w, &c, "both.example", NULL);
	reactor_iterate(w.reactor, -1);
	dns_resolver_free(w.resolver);
	w.resolver = NULL;
	CHECK_INT(c.fired, 1);
	deferred_release(d);
	world_close(&w);
}

/* What is allowed here: addresses whose last byte is odd. */
static bool
is_odd(const struct reactor_address *a)
{
	const uint8_t *last = reactor_address_family(a) == AF_INET6 ?
	    &a->u.ipv6.sin6_addr.s6_addr[15] :
	    (const uint8_t *)&a->u.ipv4.sin_addr + 3;

	return *last % 2 == 1;
}

static void
test_allowed(void)
{
	static const struct {
		const char *name, *want;
	} rows[] = {
		{ "10.0.0.1", "ping" },
		{ "10.0.0.2", "!forbidden: 10.0.0.2:80: this address is" },
		{ "refused.example", "!forbidden: 10.0.0.2:80: " },
		{ "net.example", "!no-network: 10.0.0.7:80: " },
		{ "furthest1.example", "!timeout: 10.0.0.5:80: " },
		{ "both.example", "ping" },
	};
	struct dns_connect_options o = { .allowed = is_odd };
	struct world w;
	struct caller c;
	struct deferred *d;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_case(rows[i].name);
		CHECK_INT(world_open(&w, &calm), 0);
		d = world_connect(&w, &c, rows[i].name, &o);
		world_run(&w, &c);
		c.text[strlen(rows[i].want)] = '\0';
		CHECK_STR(c.text, rows[i].want);
		deferred_release(d);
		world_close(&w);
	}
}

/* The time limit is one of connecting alone. */
static void
test_outlive(void)
{
	const struct dns_connect_options o = { .timeout_ns = MILLISECOND * 50 };
	struct world w;

	check_case("a connection outlives the time it had to be made in");
	CHECK_INT(world_open(&w, &calm), 0);
	world_outlive(&w, "both.example", &o);
	world_close(&w);
}

int
main(void)
{
	test_table();
	test_allowed();
	test_tie();
	test_cancel();
	test_outlive();
	return check_done();
}
