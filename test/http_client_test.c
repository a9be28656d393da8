/*
 * http_client_test.c - the pool: connections kept, shared, limited, queued
 * for, found stale, and dropped.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../dns/dns_connect.h"
#include "../reactor/system.h"
#include "check.h"
#include "http_rig.h"

#define OK "HTTP/1.1 200 OK\r\n"

static const struct script_step client_hi = {
	OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_REPEAT
};

static void
client_get_ok(struct rig *rig)
{
	struct rig_got got;

	rig_get(rig, &got, "/x", NULL);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(got.fired, 1);
	rig_clear(&got);
}

static void
client_keeps_connections(void)
{
	struct rig rig;

	check_case("one connection carries many requests");
	rig_open(&rig, NULL);
	script_play(&rig.script, &client_hi, 1);
	for (int i = 0; i < 10; i++)
		client_get_ok(&rig);
	CHECK_INT(rig.script.connections, 1);
	CHECK_INT(rig.script.requests, 10);
	rig_close(&rig);
}

static void
client_sees_idle_close(void)
{
	static const struct script_step steps[] = {
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_CLOSE},
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_RESET},
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY},
	};
	struct rig rig;

	check_case("an idle connection that is closed is forgotten");
	rig_open(&rig, NULL);
	SCRIPT_PLAY(&rig.script, steps);
	client_get_ok(&rig);
	CHECK_INT(rig.script.lost, 1);
	client_get_ok(&rig);
	client_get_ok(&rig);
	CHECK_INT(rig.script.connections, 3);
	CHECK_INT(rig.script.requests, 3);
	CHECK_INT(rig.script.lost, 2);
	rig_close(&rig);
}

static void
client_drops_blurts(void)
{
	struct rig rig;

	check_case("bytes on an idle connection end it");
	rig_open(&rig, NULL);
	script_play(&rig.script, &client_hi, 1);
	client_get_ok(&rig);
	script_blurt(&rig.script, OK "Content-Length: 4\r\n\r\nevil");
	rig_settle(&rig);
	CHECK_INT(rig.script.lost, 1);
	client_get_ok(&rig);
	CHECK_INT(rig.script.connections, 2);
	rig_close(&rig);
}

static void
client_retries_stale(void)
{
	static const struct script_step once[] = {
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY},
		{"", 0, 0, SCRIPT_CLOSE},
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY},
	};
	static const struct script_step twice[] = {
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY},
		{"", 0, 0, SCRIPT_RESET},
		{"", 0, 0, SCRIPT_RESET},
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY},
	};
	static const struct script_step begun[] = {
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY},
		{"H", 0, 0, SCRIPT_CLOSE},
	};
	struct http_client_options o = {.per_host = 1};
	struct rig_got got, got2;
	struct rig rig;

	check_case("a request on a stale connection is repeated once");
	rig_open(&rig, &o);
	SCRIPT_PLAY(&rig.script, once);
	client_get_ok(&rig);
	client_get_ok(&rig);
	CHECK_INT(rig.script.connections, 2);
	CHECK_INT(rig.script.requests, 3);
	http_client_close_idle(rig.client);
	rig_settle(&rig);

	SCRIPT_PLAY(&rig.script, twice);
	client_get_ok(&rig);
	rig_get(&rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "reset");
	CHECK_INT(rig.script.requests, 3);
	rig_clear(&got);

	/* Also when it was handed on without a rest. */
	http_client_close_idle(rig.client);
	rig_settle(&rig);
	SCRIPT_PLAY(&rig.script, once);
	rig_start(&rig, &got, "/", NULL);
	rig_start(&rig, &got2, "/", NULL);
	rig_run(&rig);
	CHECK_STR(rig_name(&got), "page");
	CHECK_STR(rig_name(&got2), "page");
	CHECK_INT(rig.script.requests, 3);
	rig_clear(&got);
	rig_clear(&got2);

	SCRIPT_PLAY(&rig.script, begun);
	client_get_ok(&rig);
	rig_get(&rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "reset");
	CHECK_INT(rig.script.requests, 2);
	rig_clear(&got);
	rig_close(&rig);
}

/* A 408 that was meant for nobody, and one that is an answer. */
static void
client_repeats_408(void)
{
#define LATE "HTTP/1.1 408 Request Timeout\r\n"
	static const struct script_step idle[] = {
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY},
		{LATE "Connection: close\r\nContent-Length: 0\r\n\r\n", 0, 0,
		    SCRIPT_CLOSE},
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY},
		{LATE "Content-Length: 4\r\n\r\nlate" OK, 0, 1, SCRIPT_STAY},
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY},
	};
	static const struct script_step fresh[] = {
		{LATE "Content-Length: 0\r\n\r\n", 0, 0, SCRIPT_STAY},
		{LATE "Content-Length: 0\r\n\r\n", 0, 0, SCRIPT_STAY},
		{LATE "Content-Length: 0\r\n\r\n", 0, 0, SCRIPT_STAY},
	};
#undef LATE
	struct rig_got got;
	struct rig rig;

	check_case("a 408 on a used connection answers nobody");
	rig_open(&rig, NULL);
	SCRIPT_PLAY(&rig.script, idle);
	for (int i = 0; i < 3; i++)
		client_get_ok(&rig);
	CHECK_INT(rig.script.connections, 3);
	CHECK_INT(rig.script.requests, 5);
	http_client_close_idle(rig.client);
	rig_settle(&rig);
	SCRIPT_PLAY(&rig.script, fresh);
	rig_get(&rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "status");
	CHECK_INT(rig.script.requests, 1);
	rig_clear(&got);
	rig_get(&rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "status");
	CHECK_INT(rig.script.requests, 3);
	CHECK_INT(rig.script.connections, 2);
	rig_clear(&got);
	rig_close(&rig);
}

/* ---- many at once ---- */

enum { CLIENT_MANY = 20 };

struct client_order {
	int count, seen[CLIENT_MANY];
};

struct client_one {
	struct client_order *order;
	int number;
};

static struct defer_result
client_note(void *ctx, struct defer_result in)
{
	struct client_one *one = ctx;

	one->order->seen[one->order->count++] = one->number;
	return in;
}

static void
client_limits_host(unsigned per_host)
{
	struct http_client_options o = {.per_host = per_host};
	struct client_order order = {0};
	struct client_one ones[CLIENT_MANY];
	struct rig_got got[CLIENT_MANY];
	struct rig rig;

	rig_open(&rig, &o);
	script_play(&rig.script, &client_hi, 1);
	for (int i = 0; i < CLIENT_MANY; i++) {
		ones[i] = (struct client_one){&order, i};
		rig_start(&rig, &got[i], "/", NULL);
		deferred_add_both(got[i].deferred, client_note, &ones[i]);
	}
	rig_run(&rig);
	CHECK_INT(order.count, CLIENT_MANY);
	for (int i = 0; i < CLIENT_MANY; i++) {
		CHECK_STR(rig_name(&got[i]), "page");
		if (per_host == 1)
			CHECK_INT(order.seen[i], i);
		rig_clear(&got[i]);
	}
	CHECK_INT(rig.script.connections, per_host);
	rig_close(&rig);
}

/* A page that is redirected goes on before those that did not begin. */
static void
client_goes_on_first(void)
{
	static const struct script_step steps[] = {
		{"HTTP/1.1 302 Found\r\nLocation: /on\r\n"
		    "Content-Length: 0\r\n\r\n", 0, 0, SCRIPT_STAY},
		{"HTTP/1.1 302 Found\r\nLocation: /on\r\n"
		    "Content-Length: 0\r\n\r\n", 0, 0, SCRIPT_STAY},
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_REPEAT},
	};
	static const int want[] = {0, 1, 2, 3, 4};
	struct http_client_options o = {.per_host = 1};
	struct client_order order = {0};
	struct client_one ones[5];
	struct rig_got got[5];
	struct rig rig;

	check_case("a redirect goes before those who had no turn");
	rig_open(&rig, &o);
	SCRIPT_PLAY(&rig.script, steps);
	for (int i = 0; i < 5; i++) {
		ones[i] = (struct client_one){&order, i};
		rig_start(&rig, &got[i], "/", NULL);
		deferred_add_both(got[i].deferred, client_note, &ones[i]);
	}
	rig_run(&rig);
	CHECK_INT(order.count, 5);
	for (int i = 0; i < 5; i++) {
		CHECK_STR(rig_name(&got[i]), "page");
		CHECK_INT(order.seen[i], want[i]);
		rig_clear(&got[i]);
	}
	CHECK_INT(rig.script.requests, 7);
	rig_close(&rig);
}

/* What is counted, at its second use: idle, and not idle any more. */
static void
client_counts_idle(void)
{
	struct http_client_options o = {.max_idle = 2};
	struct rig_got got[2];
	struct rig rig;

	check_case("a connection in use is not counted as idle");
	rig_open(&rig, &o);
	script_play(&rig.script, &client_hi, 1);
	for (int i = 0; i < 10; i++)
		client_get_ok(&rig);
	CHECK_INT(rig.script.connections, 1);
	for (int i = 0; i < 2; i++)
		rig_start(&rig, &got[i], "/", NULL);
	rig_run(&rig);
	rig_settle(&rig);
	CHECK_INT(rig.script.connections, 2);
	CHECK_INT(rig.script.lost, 0);
	for (int i = 0; i < 2; i++)
		rig_clear(&got[i]);
	rig_close(&rig);
}

/* Interim answers are counted for each request, not for the connection. */
static void
client_counts_interim(void)
{
#define HINTS "HTTP/1.1 103 Early Hints\r\n\r\n"
	static const struct script_step step = {
		HINTS HINTS HINTS HINTS HINTS OK "Content-Length: 2\r\n\r\nhi",
		0, 0, SCRIPT_REPEAT
	};
#undef HINTS
	struct rig rig;

	check_case("interim answers are counted anew for each request");
	rig_open(&rig, NULL);
	script_play(&rig.script, &step, 1);
	for (int i = 0; i < 4; i++)
		client_get_ok(&rig);
	CHECK_INT(rig.script.connections, 1);
	rig_close(&rig);
}

static void
client_limits_idle(void)
{
	struct http_client_options o = {.per_host = 8, .max_idle = 3};
	struct rig_got got[8];
	struct rig rig;

	check_case("only so many idle connections are kept");
	rig_open(&rig, &o);
	script_play(&rig.script, &client_hi, 1);
	for (int i = 0; i < 8; i++)
		rig_start(&rig, &got[i], "/", NULL);
	rig_run(&rig);
	rig_settle(&rig);
	CHECK_INT(rig.script.connections, 8);
	CHECK_INT(rig.script.lost, 5);
	for (int i = 0; i < 8; i++)
		rig_clear(&got[i]);
	rig_close(&rig);
}

enum { CLIENT_HOSTS = 100 };

static void
client_has_hosts(void)
{
	struct http_client_options o = {.max_idle = CLIENT_HOSTS};
	struct script *scripts = calloc(CLIENT_HOSTS, sizeof(*scripts));
	struct rig_got got[CLIENT_HOSTS];
	struct rig rig;
	char url[64];

	check_case("hosts are kept apart, and found again");
	if (scripts == NULL)
		abort();
	rig_open(&rig, &o);
	for (int i = 0; i < CLIENT_HOSTS; i++) {
		script_open(&scripts[i], rig.reactor, "127.0.0.1");
		script_play(&scripts[i], &client_hi, 1);
	}
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < CLIENT_HOSTS; i++) {
			snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
			    scripts[i].port);
			rig_start(&rig, &got[i], url, NULL);
		}
		rig_run(&rig);
		for (int i = 0; i < CLIENT_HOSTS; i++) {
			CHECK_STR(rig_name(&got[i]), "page");
			rig_clear(&got[i]);
		}
	}
	for (int i = 0; i < CLIENT_HOSTS; i++) {
		CHECK_INT(scripts[i].connections, 1);
		CHECK_INT(scripts[i].requests, 2);
		script_close(&scripts[i]);
	}
	rig_close(&rig);
	free(scripts);
}

static void
client_refused(void)
{
	struct script script;
	struct rig_got got;
	struct rig rig;
	char url[64];

	check_case("nobody listens: the failure of dns/connect");
	rig_open(&rig, NULL);
	script_open(&script, rig.reactor, "127.0.0.1");
	script_close(&script);
	rig_settle(&rig);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", script.port);
	rig_get(&rig, &got, url, NULL);
	CHECK(defer_failure_is(got.failure, &dns_connect_refused));
	rig_clear(&got);
	script_play(&rig.script, &client_hi, 1);
	client_get_ok(&rig);
	rig_close(&rig);
}

/* ---- nothing goes out before the reactor runs ---- */

struct client_system {
	struct reactor_system table;
	int sockets, sends;
};

static int
client_socket(const struct reactor_system *self, int domain, int type)
{
	((struct client_system *)(uintptr_t)self)->sockets++;
	return reactor_system_posix.socket(&reactor_system_posix, domain, type);
}

static ssize_t
client_send(
    const struct reactor_system *self, int fd, const void *at, size_t len)
{
	((struct client_system *)(uintptr_t)self)->sends++;
	return reactor_system_posix.send(&reactor_system_posix, fd, at, len);
}

static void
client_waits_for_reactor(void)
{
	struct client_system world = {.table = reactor_system_posix};
	struct reactor_options how = {.system = &world.table};
	struct http_client_options o = {0};
	struct http_client *client;
	struct dns_config config;
	struct deferred *d[3];
	const char *const urls[] = {
		"http://127.0.0.1:9/", "http://name.test/", "http://[::1]:9/"
	};

	check_case("no network before the reactor runs");
	world.table.socket = client_socket;
	world.table.send = client_send;
	dns_config_init(&config);
	CHECK_INT(dns_config_add_server(&config, "127.0.0.1", 9), 0);
	CHECK_INT(reactor_new(&o.reactor, &how), 0);
	CHECK_INT(dns_resolver_new(&o.resolver, o.reactor, &config, NULL), 0);
	CHECK_INT(http_client_new(&client, &o), 0);
	for (int i = 0; i < 3; i++)
		d[i] = http_get_page(client, urls[i], strlen(urls[i]), NULL);
	CHECK_INT(world.sockets, 0);
	CHECK_INT(world.sends, 0);
	for (int i = 0; i < 3; i++) {
		deferred_cancel(d[i]);
		deferred_release(d[i]);
	}
	http_client_free(client);
	dns_resolver_free(o.resolver);
	CHECK_INT(reactor_iterate(o.reactor, 0), 0);
	reactor_free(o.reactor);
	CHECK_INT(world.sockets, 0);
}

static void
client_refuses_fields(void)
{
	static const struct {
		const char *name, *value;
		int err;
	} bad[] = {
		{"X", "a\r\nEvil: b", HTTP_REQUEST_E_VALUE},
		{"X Y", "a", HTTP_REQUEST_E_NAME},
		{"Content-Length", "3", HTTP_REQUEST_E_FRAMING},
		{"connection", "close", HTTP_REQUEST_E_FRAMING},
		{"X-Good", "a b", 0},
	};
	struct reactor *r;
	struct http_client *c;

	check_case("fields that cannot be sent are refused at once");
	CHECK_INT(reactor_new(&r, NULL), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct http_request_field f = {
			bad[i].name, strlen(bad[i].name), bad[i].value,
			strlen(bad[i].value)
		};
		struct http_client_options o = {
			.reactor = r, .fields = &f, .field_count = 1
		};
		int err = http_client_new(&c, &o);

		CHECK_INT(err, bad[i].err);
		if (err == 0)
			http_client_free(c);
	}
	reactor_free(r);
}

int
main(void)
{
	client_keeps_connections();
	client_sees_idle_close();
	client_drops_blurts();
	client_retries_stale();
	client_repeats_408();
	check_case("one connection for a host, in order");
	client_limits_host(1);
	check_case("six connections for a host");
	client_limits_host(6);
	client_goes_on_first();
	client_limits_idle();
	client_counts_idle();
	client_counts_interim();
	client_has_hosts();
	client_refused();
	client_waits_for_reactor();
	client_refuses_fields();
	return check_done();
}
