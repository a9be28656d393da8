/*
 * http_tunnel_test.c - one tunnel after the other, for the same protocol: a
 * third one after each two ways in which a tunnel ends, and one that is
 * cancelled at any moment, after which an hour passes.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "../http/tunnel.h"
#include "alloc.h"
#include "check.h"
#include "http_rig.h"
#include "proxy_kit.h"
#include "tls_kit.h"

#define HOUR_NS 3600000000000u

static const char tunnel_yes[] = "HTTP/1.1 200 OK\r\n\r\n";

/* Who wants a tunnel, and what it has been told. */
struct tunnel_user {
	struct protocol protocol;
	struct deferred *deferred;	/* held */
	bool cancels;			/* when its connection is made */
	int made, lost, fired;
	const struct defer_failure_kind *kind;	/* NULL: success */
};

struct tunnel_rig {
	struct rig rig;
	struct proxy_kit kit;
	struct http_proxy proxy;
	struct http_url url;
	struct reactor_tls_settings *tls, *stranger;
	uint64_t timeout_ns;
	struct tunnel_user user;
};

static void
tunnel_user_made(struct protocol *p)
{
	struct tunnel_user *u = reactor_container_of(
	    p, struct tunnel_user, protocol);

	u->made++;
	if (u->cancels)
		deferred_cancel(u->deferred);
}

static void
tunnel_user_lost(struct protocol *p, int reason)
{
	(void)reason;
	reactor_container_of(p, struct tunnel_user, protocol)->lost++;
}

static size_t
tunnel_user_received(struct protocol *p, const char *at, size_t len)
{
	(void)p;
	(void)at;
	return len;
}

static const struct protocol_ops tunnel_user_ops = {
	.connection_made = tunnel_user_made,
	.data_received = tunnel_user_received,
	.connection_lost = tunnel_user_lost,
};

static struct defer_result
tunnel_fired(void *ctx, struct defer_result in)
{
	struct tunnel_user *u = ctx;
	const struct defer_failure *f = defer_result_get_failure(in);

	u->fired++;
	u->kind = f != NULL ? f->kind : NULL;
	defer_result_destroy(in);
	return defer_result_none();
}

/* A server of TLS, and a proxy in front of it. */
static void
tunnel_open(struct tunnel_rig *t)
{
	char text[40];
	int len;

	memset(t, 0, sizeof(*t));
	rig_open(&t->rig, NULL);
	t->rig.script.tls = tls_kit_server(t->rig.reactor);
	t->tls = tls_kit_client(t->rig.reactor, tls_kit_authority);
	t->stranger = tls_kit_client(t->rig.reactor, tls_kit_certificate);
	proxy_kit_open(&t->kit, t->rig.reactor);
	t->kit.to = t->rig.script.port;
	t->timeout_ns = 5000000000;
	len = snprintf(text, sizeof(text), "127.0.0.1:%u", t->kit.port);
	CHECK_INT(http_proxy_parse(&t->proxy, text, (size_t)len), 0);
	len = snprintf(text, sizeof(text), "https://127.0.0.1:%u/",
	    t->rig.script.port);
	CHECK_INT(http_url_parse(&t->url, text, (size_t)len, NULL), 0);
}

static void
tunnel_close(struct tunnel_rig *t)
{
	struct reactor_tls_settings *server = t->rig.script.tls;

	proxy_kit_close(&t->kit);
	rig_settle(&t->rig);
	rig_close(&t->rig);
	reactor_tls_settings_free(server);
	reactor_tls_settings_free(t->tls);
	reactor_tls_settings_free(t->stranger);
	http_proxy_free(&t->proxy);
	http_url_free(&t->url);
}

/* Begins a tunnel; the proxy will say this, and then forward, or close. */
static void
tunnel_begin(struct tunnel_rig *t, const char *say, bool forward,
    struct reactor_tls_settings *tls)
{
	struct dns_connect_options how = {
		.tls = tls, .timeout_ns = t->timeout_ns,
	};

	memset(&t->user, 0, sizeof(t->user));
	t->user.protocol.ops = &tunnel_user_ops;
	t->kit.say = say;
	t->kit.forward = forward;
	t->user.deferred = http_tunnel_connect(t->rig.resolver, &t->proxy,
	    &t->url, &how, NULL, &t->user.protocol);
	CHECK(t->user.deferred != NULL);
	CHECK_INT(deferred_add_both(t->user.deferred, tunnel_fired,
	    &t->user), 0);
}

/* Turns until it has fired, `most` times at most: how often. */
static int
tunnel_turn(struct tunnel_rig *t, int most)
{
	int i;

	for (i = 0; i < most && t->user.fired == 0; i++)
		reactor_iterate(t->rig.reactor, 1000000);
	return i;
}

/* It has ended so; what was connected is closed, and an hour passes. */
static void
tunnel_ended(struct tunnel_rig *t, const struct defer_failure_kind *kind,
    int made)
{
	CHECK_INT(t->user.fired, 1);
	CHECK(t->user.kind == kind);
	CHECK_INT(t->user.made, made);
	if (made > 0 && t->user.lost == 0)
		transport_abort_connection(t->user.protocol.transport);
	rig_pass_hour(&t->rig);
	CHECK_INT(t->user.fired, 1);
	CHECK_INT(t->user.made, made);
	CHECK_INT(t->user.lost, made);
	CHECK(reactor_list_is_empty(&t->kit.halves));
	deferred_release(t->user.deferred);
}

/* ---- the third use ---- */

static void
tunnel_succeeds(struct tunnel_rig *t)
{
	tunnel_begin(t, tunnel_yes, true, t->tls);
	tunnel_turn(t, 1000);
	tunnel_ended(t, NULL, 1);
}

static void
tunnel_is_refused(struct tunnel_rig *t)
{
	tunnel_begin(t, "HTTP/1.1 403 No\r\n\r\n", false, t->tls);
	tunnel_turn(t, 1000);
	tunnel_ended(t, &http_bad_status, 0);
}

static void
tunnel_is_closed(struct tunnel_rig *t)
{
	tunnel_begin(t, "HTTP/1.1 200 OK\r\nX:", false, t->tls);
	tunnel_turn(t, 1000);
	tunnel_ended(t, &http_reset, 0);
}

static void
tunnel_gets_nonsense(struct tunnel_rig *t)
{
	tunnel_begin(t, "SSH-2.0\r\n\r\n", true, t->tls);
	tunnel_turn(t, 1000);
	tunnel_ended(t, &http_bad_response, 0);
}

static void
tunnel_trusts_nobody(struct tunnel_rig *t)
{
	tunnel_begin(t, tunnel_yes, true, t->stranger);
	tunnel_turn(t, 1000);
	tunnel_ended(t, &dns_connect_tls, 0);
}

static void
tunnel_waits_in_vain(struct tunnel_rig *t)
{
	t->kit.silent = true;
	tunnel_begin(t, "", false, t->tls);
	rig_skip(&t->rig, 6000000000);
	t->kit.silent = false;
	tunnel_ended(t, &http_timeout, 0);
}

/* Behind the proxy somebody takes connections, and says nothing. */
static void
tunnel_shakes_in_vain(struct tunnel_rig *t)
{
	struct proxy_kit deaf;

	proxy_kit_open(&deaf, t->rig.reactor);
	deaf.silent = true;
	t->kit.to = deaf.port;
	tunnel_begin(t, tunnel_yes, true, t->tls);
	rig_skip(&t->rig, 4900000000);
	CHECK_INT(t->user.fired, 0);
	rig_skip(&t->rig, 200000000);
	tunnel_ended(t, &dns_connect_timeout, 0);
	t->kit.to = t->rig.script.port;
	proxy_kit_close(&deaf);
	rig_settle(&t->rig);	/* its port is closed in the next turn */
}

static void
tunnel_is_cancelled(struct tunnel_rig *t)
{
	tunnel_begin(t, tunnel_yes, true, t->tls);
	tunnel_turn(t, 6);
	deferred_cancel(t->user.deferred);
	tunnel_ended(t, &deferred_cancelled, 0);
}

static const struct {
	const char *name;
	void (*end)(struct tunnel_rig *);
} tunnel_ways[] = {
	{ "succeeds", tunnel_succeeds },
	{ "is refused", tunnel_is_refused },
	{ "is closed", tunnel_is_closed },
	{ "gets nonsense", tunnel_gets_nonsense },
	{ "trusts nobody", tunnel_trusts_nobody },
	{ "waits in vain", tunnel_waits_in_vain },
	{ "shakes hands in vain", tunnel_shakes_in_vain },
	{ "is cancelled", tunnel_is_cancelled },
};

enum { TUNNEL_WAYS = sizeof(tunnel_ways) / sizeof(*tunnel_ways) };

static void
tunnel_third_test(void)
{
	struct tunnel_rig t;
	char name[80];
	long live;

	for (int i = 0; i < TUNNEL_WAYS * TUNNEL_WAYS; i++) {
		snprintf(name, sizeof(name), "one %s, one %s, a third works",
		    tunnel_ways[i / TUNNEL_WAYS].name,
		    tunnel_ways[i % TUNNEL_WAYS].name);
		if (!tls_kit_case(name))
			return;
		live = alloc_live();
		tunnel_open(&t);
		tunnel_ways[i / TUNNEL_WAYS].end(&t);
		tunnel_ways[i % TUNNEL_WAYS].end(&t);
		tunnel_succeeds(&t);
		tunnel_close(&t);
		CHECK_INT(alloc_live(), live);
	}
}

/* ---- cancelled waits ---- */

/*
 * Cancels after so many turns; false if that was too late.  The tunnel gives
 * up its own reference to the deferred, and none of the two that we hold.
 */
static bool
tunnel_cancelled_at(int turns)
{
	struct tunnel_rig t;
	bool cancelled;
	long live;

	tunnel_open(&t);
	tunnel_begin(&t, tunnel_yes, true, t.tls);
	deferred_ref(t.user.deferred);
	t.kit.piece = 5;
	if (tunnel_turn(&t, turns) == turns)
		deferred_cancel(t.user.deferred);
	CHECK(sim_pass(t.rig.sim, t.rig.reactor, HOUR_NS));
	CHECK_INT(t.user.fired, 1);
	live = alloc_live();
	deferred_release(t.user.deferred);
	CHECK_INT(alloc_live(), live);
	if (alloc_live() != live)	/* it is gone already */
		return false;
	cancelled = t.user.kind == &deferred_cancelled;
	tunnel_ended(&t, t.user.kind, cancelled ? 0 : 1);
	tunnel_close(&t);
	return cancelled;
}

static void
tunnel_cancel_test(void)
{
	int turns = 0;

	if (!tls_kit_case("cancelled after any number of turns"))
		return;
	while (tunnel_cancelled_at(turns))
		turns++;
	CHECK(turns > 8);
}

/* Its user wants it no more when it is told of its connection. */
static void
tunnel_cancel_made_test(void)
{
	struct tunnel_rig t;
	long live;

	if (!tls_kit_case("cancelled by connection_made"))
		return;
	tunnel_open(&t);
	tunnel_begin(&t, tunnel_yes, true, t.tls);
	deferred_ref(t.user.deferred);
	t.user.cancels = true;
	tunnel_turn(&t, 1000);
	rig_settle(&t.rig);
	live = alloc_live();
	deferred_release(t.user.deferred);
	if (!CHECK_INT(alloc_live(), live))
		return;
	tunnel_ended(&t, &deferred_cancelled, 1);
	tunnel_close(&t);
}

/* The end of the root is no part of the name in a certificate. */
static void
tunnel_root_test(void)
{
	static const char *const urls[] = {
		"https://localhost./", "https://a.site.test./",
	};
	struct tunnel_rig t;

	if (!tls_kit_case("a host with a dot at its end"))
		return;
	tunnel_open(&t);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		http_url_free(&t.url);
		CHECK_INT(http_url_parse(&t.url, urls[i], strlen(urls[i]),
		    NULL), 0);
		tunnel_succeeds(&t);
	}
	tunnel_close(&t);
}

/* As long as connecting may take where nobody says how long. */
static void
tunnel_default_test(void)
{
	struct tunnel_rig t;

	if (!tls_kit_case("ten seconds, if nobody says how long"))
		return;
	tunnel_open(&t);
	t.timeout_ns = 0;
	t.kit.silent = true;
	tunnel_begin(&t, "", false, t.tls);
	rig_skip(&t.rig, 9900000000);
	CHECK_INT(t.user.fired, 0);
	rig_skip(&t.rig, 200000000);
	tunnel_ended(&t, &http_timeout, 0);
	tunnel_close(&t);
}

/* Begins one of which an allocation fails, of any end; whether it is made. */
static bool
tunnel_without_memory(struct tunnel_rig *t, long n)
{
	tunnel_begin(t, tunnel_yes, true, t->tls);
	alloc_fail_at(n, 0);
	tunnel_turn(t, 1000);
	CHECK(alloc_has_failed() || t->user.kind == NULL);
	alloc_fail_at(-1, 0);
	if (t->user.kind != NULL) {
		tunnel_ended(t, t->user.kind, 0);
		return false;
	}
	tunnel_ended(t, NULL, 1);
	return true;
}

static void
tunnel_memory_test(void)
{
	struct tunnel_rig t;
	long n = 0;

	if (!tls_kit_case("each allocation of a tunnel fails in turn"))
		return;
	tunnel_open(&t);
	while (n < 1000 && !tunnel_without_memory(&t, n))
		n++;
	CHECK(n > 5 && n < 1000);
	tunnel_close(&t);
}

int
main(void)
{
	tunnel_root_test();
	tunnel_default_test();
	tunnel_memory_test();
	tunnel_third_test();
	tunnel_cancel_test();
	tunnel_cancel_made_test();
	return check_done();
}
