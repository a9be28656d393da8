/*
 * http_tls_test.c - pages over https: connections and sessions that are used
 * again, redirects between the schemes, answers that are cut, and what is
 * told when there is no page.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../dns/dns_connect.h"
#include "../http/http_server.h"
#include "../reactor/tls.h"
#include "alloc.h"
#include "check.h"
#include "http_rig.h"
#include "tls_kit.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define HI OK "Content-Length: 2\r\n\r\nhi"
#define FOUND "HTTP/1.1 302 Found\r\nContent-Length: 4\r\nLocation: "

static const struct script_step tls_hi = { HI, 0, 0, SCRIPT_REPEAT };

/* What `connected` has seen. */
struct tls_seen {
	int connections, resumed, verified, plain;
	char version[16], alpn[16];
};

static void
tls_connected(void *ctx, struct transport *t)
{
	struct tls_seen *seen = ctx;
	struct reactor_tls_facts facts;

	seen->connections++;
	if (!reactor_tls_facts(t, &facts)) {
		seen->plain++;
		return;
	}
	seen->resumed += facts.resumed;
	seen->verified += facts.verified;
	snprintf(seen->version, sizeof(seen->version), "%s", facts.version);
	snprintf(seen->alpn, sizeof(seen->alpn), "%s", facts.alpn);
}

/* A rig whose server speaks TLS; `how` stays as long as it. */
static void
tls_rig_open(struct rig *rig, struct http_client_options *o,
    const struct reactor_tls_options *how)
{
	o->tls = how;
	rig_open(rig, o);
	rig->script.tls = tls_kit_server(rig->reactor);
	script_play(&rig->script, &tls_hi, 1);
}

static void
tls_rig_close(struct rig *rig)
{
	struct reactor_tls_settings *server = rig->script.tls;

	rig_close(rig);
	reactor_tls_settings_free(server);
}

static const struct reactor_tls_options tls_trusting = {
	.ca_file = tls_kit_authority,
};

static void
tls_get_ok(struct rig *rig, const char *path)
{
	struct rig_got got;

	rig_get(rig, &got, path, NULL);
	CHECK_STR(rig_name(&got), "page");
	if (got.failure != NULL)
		CHECK_STR(got.failure->message, NULL);
	rig_clear(&got);
}

/* ---- connections and sessions ---- */

static void
tls_keeps_connections(void)
{
	struct tls_seen seen = { 0 };
	struct http_client_options o = {
		.connected = tls_connected, .ctx = &seen,
	};
	struct rig_got got;
	struct rig rig;

	if (!tls_kit_case("one connection carries many requests"))
		return;
	tls_rig_open(&rig, &o, &tls_trusting);
	for (int i = 0; i < 5; i++)
		tls_get_ok(&rig, "/x");
	rig_get(&rig, &got, "/x", NULL);
	CHECK(strncmp(got.page->url.href, "https://", 8) == 0);
	CHECK_STR(got.page->body, "hi");
	CHECK_INT(rig.script.connections, 1);
	CHECK_INT(rig.script.requests, 6);
	CHECK_INT(seen.connections, 1);
	CHECK_INT(seen.verified, 1);
	CHECK_INT(seen.plain, 0);
	CHECK(strncmp(seen.version, "TLSv1.", 6) == 0);
	CHECK_STR(seen.alpn, "http/1.1");
	rig_clear(&got);
	tls_rig_close(&rig);
}

static void
tls_resumes(void)
{
	struct tls_seen seen = { 0 };
	struct http_client_options o = {
		.connected = tls_connected, .ctx = &seen,
	};
	struct rig rig;

	if (!tls_kit_case("each further connection resumes a session"))
		return;
	tls_rig_open(&rig, &o, &tls_trusting);
	for (int i = 0; i < 4; i++) {
		tls_get_ok(&rig, "/");
		http_client_close_idle(rig.client);
		rig_settle(&rig);
		CHECK_INT(seen.connections, i + 1);
		CHECK_INT(seen.resumed, i);
		CHECK_INT(seen.verified, i + 1);
	}
	tls_rig_close(&rig);
}

/* A stale connection, and bytes that nobody asked for. */
static void
tls_repeats_stale(void)
{
	static const struct script_step steps[] = {
		{ HI, 0, 0, SCRIPT_STAY }, { "", 0, 0, SCRIPT_CLOSE },
		{ HI, 0, 0, SCRIPT_STAY }, { "", 0, 0, SCRIPT_CUT },
		{ HI, 0, 0, SCRIPT_CUT }, { HI, 0, 0, SCRIPT_STAY },
	};
	struct http_client_options o = { .per_host = 1 };
	struct rig rig;

	if (!tls_kit_case("a request on a stale connection is repeated"))
		return;
	tls_rig_open(&rig, &o, &tls_trusting);
	SCRIPT_PLAY(&rig.script, steps);
	for (int i = 0; i < 4; i++)
		tls_get_ok(&rig, "/");
	CHECK_INT(rig.script.connections, 4);
	CHECK_INT(rig.script.requests, 6);
	script_blurt(&rig.script, HI);
	rig_settle(&rig);
	script_play(&rig.script, &tls_hi, 1);
	tls_get_ok(&rig, "/");
	CHECK_INT(rig.script.connections, 1);
	tls_rig_close(&rig);
}

/* ---- answers that are cut ---- */

static const struct {
	const char *what;
	struct script_step step;
	const char *name, *has;
} tls_cuts[] = {
	{ "ended by close_notify",
	    { OK "\r\nall of it", 0, 0, SCRIPT_CLOSE }, "page", NULL },
	{ "ended by the close alone",
	    { OK "\r\nall of it", 0, 0, SCRIPT_CUT }, "reset", "body" },
	{ "nothing, then the close alone",
	    { OK "\r\n", 0, 0, SCRIPT_CUT }, "reset", "body" },
	{ "complete by its length, then close_notify",
	    { HI, 0, 0, SCRIPT_CLOSE }, "page", NULL },
	{ "complete by its length, then cut",
	    { HI, 0, 0, SCRIPT_CUT }, "page", NULL },
	{ "complete in chunks, then cut",
	    { OK "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 0,
	    0, SCRIPT_CUT }, "page", NULL },
	{ "cut in chunks",
	    { OK "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", 0, 0,
	    SCRIPT_CUT }, "reset", "body" },
	{ "close_notify in chunks",
	    { OK "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", 0, 0,
	    SCRIPT_CLOSE }, "reset", "body" },
	{ "cut before its length",
	    { OK "Content-Length: 3\r\n\r\nhi", 0, 0, SCRIPT_CUT }, "reset",
	    "body" },
	{ "cut in its head", { OK "Content-", 0, 0, SCRIPT_CUT }, "reset",
	    "head" },
	{ "no answer at all", { "", 0, 0, SCRIPT_CUT }, "reset", "answer" },
	{ "a reset in the body",
	    { OK "\r\nnot all", 0, 0, SCRIPT_RESET }, "reset", "body" },
	{ "garbage in the body",
	    { OK "\r\nnot all", 0, 0, SCRIPT_GARBLE }, "tls", "body" },
	{ "garbage after a whole answer", { HI, 0, 0, SCRIPT_GARBLE }, "page",
	    NULL },
	{ "byte by byte", { OK "\r\nall of it", 0, 1, SCRIPT_CLOSE }, "page",
	    NULL },
};

static void
tls_cut(void)
{
	size_t count = sizeof(tls_cuts) / sizeof(tls_cuts[0]);
	struct http_client_options o = { 0 };
	struct rig_got got;
	struct rig rig;

	for (size_t i = 0; i < count; i++) {
		if (!tls_kit_case(tls_cuts[i].what))
			continue;
		tls_rig_open(&rig, &o, &tls_trusting);
		script_play(&rig.script, &tls_cuts[i].step, 1);
		rig_get(&rig, &got, "/", NULL);
		CHECK_STR(rig_name(&got), tls_cuts[i].name);
		if (tls_cuts[i].has != NULL && got.failure != NULL)
			CHECK(strstr(got.failure->message,
			    tls_cuts[i].has) != NULL);
		rig_clear(&got);
		script_play(&rig.script, &tls_hi, 1);
		tls_get_ok(&rig, "/");
		CHECK_INT(rig.script.requests, 1);
		tls_rig_close(&rig);
	}
}

/* ---- redirects and secrets ---- */

static const struct http_request_field tls_fields[] = {
	{ "Authorization", 13, "Basic cGFzcw==", 14 },
	{ "X-Plain", 7, "seen", 4 },
	{ "cookie", 6, "k=v", 3 },
};

/* Whether the last request had what is meant for one origin only. */
static void
tls_check_heard(const struct script *s, bool secret)
{
	CHECK(strstr(s->heard, "X-Plain: seen") != NULL);
	CHECK_INT(strstr(s->heard, "Authorization") != NULL, secret);
	CHECK_INT(strstr(s->heard, "cookie: k=v") != NULL, secret);
}

/*
 * The user asks the first of two servers, one of which has TLS; that leads to
 * the second, and this one back.  Secrets are for the first one alone, and
 * only before the redirect.
 */
static void
tls_redirects(bool secure_first)
{
	struct http_client_options o = {
		.fields = tls_fields, .field_count = 3,
	};
	struct script_step here[2], there[1];
	char go[128], come[128], from[64];
	struct script other, *first, *second;
	struct rig_got got;
	struct rig rig;

	tls_rig_open(&rig, &o, &tls_trusting);
	script_open(&other, rig.reactor, "127.0.0.1");
	first = secure_first ? &rig.script : &other;
	second = secure_first ? &other : &rig.script;
	snprintf(go, sizeof(go), FOUND "%s://127.0.0.1:%u/1\r\n\r\nover",
	    secure_first ? "http" : "https", second->port);
	snprintf(come, sizeof(come), FOUND "%s://127.0.0.1:%u/2\r\n\r\nover",
	    secure_first ? "https" : "http", first->port);
	snprintf(from, sizeof(from), "%s://127.0.0.1:%u/",
	    secure_first ? "https" : "http", first->port);
	here[0] = (struct script_step){ go, 0, 0, SCRIPT_STAY };
	here[1] = tls_hi;
	there[0] = (struct script_step){ come, 0, 0, SCRIPT_STAY };
	script_play(first, here, 2);
	script_play(second, there, 1);
	rig_get(&rig, &got, from, NULL);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(got.page != NULL ? got.page->redirects : 0, 2);
	CHECK_INT(first->requests, 2);
	tls_check_heard(first, false);
	tls_check_heard(second, false);
	rig_clear(&got);
	rig_get(&rig, &got, from, NULL);
	CHECK_STR(rig_name(&got), "page");
	tls_check_heard(first, true);
	CHECK_INT(first->connections, 1);
	CHECK_INT(second->connections, 1);
	rig_clear(&got);
	script_close(&other);
	tls_rig_close(&rig);
}

/* The same host and port, but the other scheme, is another origin. */
static void
tls_no_secrets(void)
{
	struct http_client_options o = {
		.fields = tls_fields, .field_count = 3,
	};
	struct http_get_options none = { .no_secrets = true };
	struct rig_got got;
	struct rig rig;

	if (!tls_kit_case("no secrets where none are wanted"))
		return;
	tls_rig_open(&rig, &o, &tls_trusting);
	rig_get(&rig, &got, "/", &none);
	CHECK_STR(rig_name(&got), "page");
	tls_check_heard(&rig.script, false);
	rig_clear(&got);
	tls_get_ok(&rig, "/");
	tls_check_heard(&rig.script, true);
	tls_rig_close(&rig);
}

/* ---- when there is no page ---- */

static const struct reactor_tls_options tls_anybody = { .unverified = true },
    tls_mistrusting = { .ca_file = tls_kit_certificate },
    tls_no_file = { .ca_file = "test/tls/missing.pem" },
    tls_no_library = { .library = "/nonexistent/libssl.so.0" };

static const struct {
	const char *what;
	const struct reactor_tls_options *how;
	const char *name;
	long code;
	const char *has;	/* in the message; or NULL */
	bool at_once;		/* without a connection */
} tls_failures[] = {
	{ "trusted", &tls_trusting, "page", 0, NULL, false },
	{ "not trusted", &tls_mistrusting, "tls", -REACTOR_TLS_E_CERTIFICATE,
	    "127.0.0.1:", false },
	{ "not trusted, and not looked at", &tls_anybody, "page", 0, NULL,
	    false },
	{ "no options", NULL, "tls", 0, "no TLS options", true },
	{ "no such file of authorities", &tls_no_file, "tls", 0,
	    "missing.pem", true },
	{ "no library", &tls_no_library, "tls", 0, "/nonexistent/libssl.so.0",
	    true },
};

static void
tls_failure(size_t i)
{
	struct tls_seen seen = { 0 };
	struct http_client_options o = {
		.connected = tls_connected, .ctx = &seen,
	};
	struct script plain;
	struct rig_got got;
	struct rig rig;
	char url[64];

	tls_rig_open(&rig, &o, tls_failures[i].how);
	script_open(&plain, rig.reactor, "127.0.0.1");
	script_play(&plain, &tls_hi, 1);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", plain.port);
	for (int use = 0; use < 3; use++) {
		rig_start(&rig, &got, "/", NULL);
		CHECK_INT(got.fired, tls_failures[i].at_once);
		rig_run(&rig);
		CHECK_STR(rig_name(&got), tls_failures[i].name);
		if (got.failure != NULL) {
			CHECK_INT(got.failure->code, tls_failures[i].code);
			CHECK(strstr(got.failure->message,
			    tls_failures[i].has) != NULL);
		}
		rig_clear(&got);
		/* And http works as always. */
		tls_get_ok(&rig, url);
	}
	CHECK_INT(plain.requests, 3);
	CHECK_INT(seen.plain, 1);
	CHECK_INT(rig.script.requests, tls_failures[i].code == 0 &&
	    !tls_failures[i].at_once ? 3 : 0);
	CHECK_INT(seen.verified, tls_failures[i].how == &tls_trusting);
	script_close(&plain);
	tls_rig_close(&rig);
}

/* The certificate is for the address, not for this name. */
static void
tls_wrong_host(void)
{
	static const struct reactor_tls_options *const how[] = {
		&tls_trusting, &tls_anybody,
	};
	struct http_client_options o = { 0 };
	struct dns_config config;
	struct rig_got got;
	struct rig rig;
	char url[64];

	for (int i = 0; i < 2; i++) {
		if (!tls_kit_case(i == 0 ? "another name" :
		    "another name, and not looked at"))
			return;
		tls_rig_open(&rig, &o, how[i]);
		dns_config_init(&config);
		snprintf(url, sizeof(url), "https://127.0.0.2:%u/",
		    rig.script.port);
		rig_get(&rig, &got, url, NULL);
		/* Nobody listens there: no TLS, but no page either. */
		CHECK_STR(rig_name(&got), "refused");
		rig_clear(&got);
		snprintf(url, sizeof(url), "https://localhost.:%u/",
		    rig.script.port);
		rig_get(&rig, &got, url, NULL);
		CHECK_STR(rig_name(&got), "page");
		rig_clear(&got);
		snprintf(url, sizeof(url), "https://other.localhost:%u/",
		    rig.script.port);
		rig_get(&rig, &got, url, NULL);
		CHECK_STR(rig_name(&got), i == 0 ? "tls" : "page");
		rig_clear(&got);
		tls_rig_close(&rig);
	}
}

static void
tls_not_spoken(void)
{
	struct http_client_options o = { .tls = &tls_trusting };
	struct rig_got got;
	struct rig rig;
	char url[64];

	if (!tls_kit_case("https to a server that speaks http"))
		return;
	rig_open(&rig, &o);
	script_play(&rig.script, &tls_hi, 1);
	/* It takes no request for one that has no empty line in it. */
	snprintf(url, sizeof(url), "https://127.0.0.1:%u/", rig.script.port);
	rig_start(&rig, &got, url, NULL);
	rig_settle(&rig);
	script_blurt(&rig.script, "HTTP/1.1 400 Bad Request\r\n\r\n");
	rig_run(&rig);
	CHECK_STR(rig_name(&got), "tls");
	CHECK(defer_failure_is(got.failure, &dns_connect_tls));
	CHECK_INT(got.failure->code, -REACTOR_TLS_E_NOT_TLS);
	rig_clear(&got);
	tls_get_ok(&rig, "/");
	rig_close(&rig);
}

/* A server that takes the connection and says nothing. */
static void
tls_too_slow(void)
{
	static const struct {
		uint64_t connect_s, all_s;
		const char *name, *has;
	} rows[] = {
		{ 3, 30, "timeout", "handshake" },
		{ 30, 3, "timeout", "shaking hands" },
	};
	struct http_client_options o = { .tls = &tls_trusting };
	struct http_get_options get = { 0 };
	struct rig_got got;
	struct rig rig;
	uint64_t began;
	char url[64];

	for (int i = 0; i < 2; i++) {
		if (!tls_kit_case(i == 0 ? "too slow a handshake" :
		    "too slow, all in all"))
			return;
		o.connect_timeout_ns = rows[i].connect_s * 1000000000;
		get.timeout_ns = rows[i].all_s * 1000000000;
		rig_open(&rig, &o);
		began = sim_now_ns(rig.sim);
		snprintf(url, sizeof(url), "https://127.0.0.1:%u/",
		    rig.script.port);
		rig_get(&rig, &got, url, &get);
		CHECK_STR(rig_name(&got), rows[i].name);
		CHECK_INT((sim_now_ns(rig.sim) - began) / 1000000000, 3);
		CHECK(got.failure != NULL && strstr(got.failure->message,
		    rows[i].has) != NULL);
		rig_clear(&got);
		rig_close(&rig);
	}
}

/*
 * The page is there in time, but the close that the server has asked for is
 * answered by it only after the time is up.
 */
static void
tls_closes_slowly(void)
{
	static const struct script_step step = {
		OK "Connection: close\r\nContent-Length: 2\r\n\r\nhi", 0, 0,
		SCRIPT_STAY
	};
	struct http_client_options o = { .tls = NULL };
	struct http_get_options get = { .timeout_ns = 1500000000 };
	struct sim_options *weather;
	struct rig_got got;
	struct rig rig;

	if (!tls_kit_case("closing takes longer than the page might"))
		return;
	tls_rig_open(&rig, &o, &tls_trusting);
	script_play(&rig.script, &step, 1);
	rig_start(&rig, &got, "/", &get);
	while (rig.script.requests == 0)
		reactor_iterate(rig.reactor, 0);
	/* Twice that is more than the time that the page has. */
	weather = sim_weather(rig.sim);
	weather->latency_min_ns = weather->latency_max_ns = 900000000;
	rig_run(&rig);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(rig.script.lost, 0);
	rig_pass_hour(&rig);
	CHECK_INT(got.fired, 1);
	CHECK_INT(rig.script.lost, 1);
	rig_clear(&got);
	weather->latency_min_ns = weather->latency_max_ns = 0;
	tls_rig_close(&rig);
}

/* ---- freed and cancelled at any time ---- */

static void
tls_freed(bool by_client)
{
	struct http_client_options o = { 0 };
	struct rig_got got;
	struct rig rig;

	for (int turns = 0; turns < 30; turns++) {
		tls_rig_open(&rig, &o, &tls_trusting);
		rig_start(&rig, &got, "/", NULL);
		for (int i = 0; i < turns && !got.fired; i++)
			reactor_iterate(rig.reactor, 0);
		if (by_client) {
			http_client_free(rig.client);
			rig.client = NULL;
		} else {
			deferred_cancel(got.deferred);
		}
		CHECK_INT(got.fired, 1);
		rig_clear(&got);
		rig_pass_hour(&rig);
		if (!by_client)
			tls_get_ok(&rig, "/");
		tls_rig_close(&rig);
	}
}

/* ---- our own server ---- */

enum { TLS_LARGE = 300000 };

static void
tls_render(struct http_resource *r, struct http_server_request *q)
{
	static char body[TLS_LARGE];
	struct http_server_answer a = {
		.status = 200, .body = body, .len = sizeof(body),
		.close = q->query_len > 0,
	};

	(void)r;
	memset(body, 'x', sizeof(body));
	http_server_answer(q, &a);
}

static const struct http_resource_ops tls_resource_ops = {
	.render = tls_render,
};

static void
tls_server(void)
{
	struct tls_seen seen = { 0 };
	struct http_client_options o = {
		.tls = &tls_trusting, .connected = tls_connected,
		.ctx = &seen,
	};
	struct http_resource root = { &tls_resource_ops };
	struct reactor_tls_settings *settings;
	struct http_server *server;
	struct reactor_address at;
	struct rig_got got;
	struct rig rig;
	char url[64];

	if (!tls_kit_case("our own server"))
		return;
	rig_open(&rig, &o);
	settings = tls_kit_server(rig.reactor);
	CHECK_INT(reactor_address_parse(&at, "127.0.0.1", 9, 0), 0);
	CHECK_INT(http_server_new(&server, rig.reactor, &at, &root), 0);
	http_server_use_tls(server, settings);
	CHECK_INT(http_server_address(server, &at), 0);
	for (int i = 0; i < 6; i++) {
		snprintf(url, sizeof(url), "https://127.0.0.1:%u/%s",
		    (unsigned)reactor_address_port(&at), i % 3 == 2 ? "?" :
		    "");
		if (i % 3 == 2)
			strcat(url, "close");
		rig_get(&rig, &got, url, NULL);
		CHECK_STR(rig_name(&got), "page");
		CHECK_INT(got.page != NULL ? got.page->body_len : 0,
		    TLS_LARGE);
		rig_clear(&got);
	}
	CHECK_INT(seen.connections, 2);
	CHECK_INT(seen.resumed, 1);
	/* Freed while somebody shakes hands. */
	rig_start(&rig, &got, url, NULL);
	for (int i = 0; i < 3; i++)
		reactor_iterate(rig.reactor, 0);
	http_server_free(server);
	rig_run(&rig);
	CHECK(got.failure != NULL);
	rig_clear(&got);
	rig_close(&rig);
	reactor_tls_settings_free(settings);
}

/* ---- memory ---- */

enum { TLS_PAGES = 4, TLS_TURNS = 2000 };

static const struct script_step tls_memory_steps[] = {
	{ HI, 0, 9, SCRIPT_STAY }, { "", 0, 0, SCRIPT_CLOSE },
	{ FOUND "/there\r\n\r\nover", 0, 0, SCRIPT_STAY },
	{ OK "\r\nup to the close", 0, 0, SCRIPT_CLOSE },
	{ HI, 0, 0, SCRIPT_REPEAT },
};

/* Gets some pages while the allocation `n` fails; true once none did. */
static bool
tls_one_failing(long n, int for_good)
{
	struct http_client_options o = { .per_host = 1 };
	struct rig_got got[TLS_PAGES];
	long live = alloc_live();
	struct rig rig;
	int failed;

	tls_rig_open(&rig, &o, &tls_trusting);
	SCRIPT_PLAY(&rig.script, tls_memory_steps);
	alloc_fail_at(n, for_good);
	for (int i = 0; i < TLS_PAGES; i++)
		rig_start(&rig, &got[i], "/", NULL);
	for (int i = 0; i < TLS_TURNS && rig.wanted > 0; i++)
		reactor_iterate(rig.reactor, 0);
	failed = alloc_has_failed();
	alloc_fail_at(-1, 0);
	for (int i = 0; i < TLS_PAGES; i++) {
		if (!got[i].fired)
			deferred_cancel(got[i].deferred);
		CHECK_INT(got[i].fired, 1);
		CHECK(got[i].page != NULL || got[i].failure != NULL);
		rig_clear(&got[i]);
	}
	/* What failed then does not fail for ever. */
	script_play(&rig.script, &tls_hi, 1);
	tls_get_ok(&rig, "/");
	tls_rig_close(&rig);
	CHECK_INT(alloc_live(), live);
	return !failed;
}

static void
tls_memory(void)
{
	long n = 0, step = 1000 / check_share(1000);

	if (!tls_kit_case("any allocation may fail"))
		return;
	for (int for_good = 0; for_good < 2; for_good++)
		for (n = 0; n < 1000 && !tls_one_failing(n, for_good);)
			n += step;
	CHECK(n > 5 && n < 1000);
}

int
main(void)
{
	size_t count = sizeof(tls_failures) / sizeof(tls_failures[0]);

	tls_keeps_connections();
	tls_resumes();
	tls_repeats_stale();
	tls_cut();
	if (tls_kit_case("redirects: https, http, https"))
		tls_redirects(true);
	if (tls_kit_case("redirects: http, https, http"))
		tls_redirects(false);
	tls_no_secrets();
	for (size_t i = 0; i < count; i++)
		if (tls_kit_case(tls_failures[i].what))
			tls_failure(i);
	tls_wrong_host();
	tls_not_spoken();
	tls_too_slow();
	tls_closes_slowly();
	if (tls_kit_case("a page is cancelled at any time"))
		tls_freed(false);
	if (tls_kit_case("the client is freed at any time"))
		tls_freed(true);
	tls_server();
	tls_memory();
	return check_done();
}
