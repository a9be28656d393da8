/*
 * http_by_proxy_test.c - pages through a proxy: what it is told, what it may
 * answer, and how its failures are told from those of the site.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/proxy.h"
#include "alloc.h"
#include "check.h"
#include "http_rig.h"
#include "proxy_kit.h"
#include "tls_kit.h"

#define HI "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

static const struct script_step proxy_hi = { HI, 0, 0, SCRIPT_REPEAT };

static const struct reactor_tls_options proxy_trusting = {
	.ca_file = tls_kit_authority,
};

/* A client, a server and a proxy in one reactor. */
struct proxy_rig {
	struct rig rig;
	struct proxy_kit kit;
	struct http_proxy_choice choice;
	struct http_client_options options;
};

/* A proxy of the choice, at this port, with user info "name:password@". */
static void
proxy_use(struct http_proxy *p, const char *who, unsigned port)
{
	char text[80];
	int len = snprintf(text, sizeof(text), "%s127.0.0.1:%u", who, port);

	CHECK_INT(http_proxy_parse(p, text, (size_t)len), 0);
}

/* Opens all; the server speaks TLS, and all https goes through the kit. */
static void
proxy_rig_open(struct proxy_rig *p, const char *who)
{
	p->options.proxies = &p->choice;
	p->options.tls = &proxy_trusting;
	rig_open(&p->rig, &p->options);
	p->rig.script.tls = tls_kit_server(p->rig.reactor);
	script_play(&p->rig.script, &proxy_hi, 1);
	proxy_kit_open(&p->kit, p->rig.reactor);
	p->kit.to = p->rig.script.port;
	proxy_use(&p->choice.https, who, p->kit.port);
}

static void
proxy_rig_close(struct proxy_rig *p)
{
	struct reactor_tls_settings *server = p->rig.script.tls;

	http_client_close_idle(p->rig.client);
	rig_settle(&p->rig);
	proxy_kit_close(&p->kit);
	rig_settle(&p->rig);
	rig_close(&p->rig);
	reactor_tls_settings_free(server);
	http_proxy_free(&p->choice.https);
	http_proxy_free(&p->choice.http);
}

/* ---- https: a tunnel ---- */

static void
proxy_tunnel_test(void)
{
	struct proxy_rig p = { .choice.none = NULL };
	struct rig_got got;
	char want[200];

	if (!tls_kit_case("RFC 9110, 9.3.6: CONNECT, and TLS through it"))
		return;
	proxy_rig_open(&p, "f:o@");
	for (int i = 0; i < 3; i++) {
		rig_get(&p.rig, &got, "/x", NULL);
		CHECK_STR(rig_name(&got), "page");
		rig_clear(&got);
	}
	snprintf(want, sizeof(want), "CONNECT 127.0.0.1:%u HTTP/1.1\r\n"
	    "Host: 127.0.0.1:%u\r\nProxy-Authorization: Basic Zjpv\r\n\r\n",
	    p.rig.script.port, p.rig.script.port);
	CHECK_STR(p.kit.heard, want);
	CHECK_INT(p.kit.requests, 1);
	CHECK_INT(p.rig.script.requests, 3);
	CHECK_INT(p.rig.script.connections, 1);
	CHECK(strncmp(p.rig.script.heard, "GET /x HTTP/1.1\r\n", 17) == 0);
	CHECK(strstr(p.rig.script.log, "Proxy-") == NULL);
	proxy_rig_close(&p);
}

/* What a watcher is shown: the beginning of each head. */
struct proxy_watch {
	struct http_watcher watcher;
	char told[200];
};

static void
proxy_watch_head(struct http_watcher *w, bool sent, const char *at,
    size_t len)
{
	struct proxy_watch *my = reactor_container_of(
	    w, struct proxy_watch, watcher);
	size_t used = strlen(my->told);

	CHECK(len > 4 && memcmp(at + len - 4, "\r\n\r\n", 4) == 0);
	snprintf(my->told + used, sizeof(my->told) - used, "%c%.12s;",
	    sent ? '>' : '<', at);
}

static void
proxy_watch_test(void)
{
	struct proxy_watch watch = { { proxy_watch_head }, "" };
	struct proxy_rig p = { .options.watcher = &watch.watcher };
	struct rig_got got;

	if (!tls_kit_case("who watches sees CONNECT and its answers"))
		return;
	proxy_rig_open(&p, "");
	p.kit.say = "HTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 200 OK\r\n\r\n";
	p.kit.piece = 1;
	rig_get(&p.rig, &got, "/x", NULL);
	CHECK_STR(rig_name(&got), "page");
	CHECK_STR(watch.told, ">CONNECT 127.;<HTTP/1.1 102;<HTTP/1.1 200;"
	    ">GET /x HTTP/;<HTTP/1.1 200;");
	rig_clear(&got);
	proxy_rig_close(&p);
}

#define HINT "HTTP/1.1 100 a\r\n\r\n"
#define HINTS HINT HINT HINT HINT

/* What a proxy may say to CONNECT. */
static const struct {
	const char *what, *say;
	size_t piece;
	bool forward;
	const char *name, *has;
	long code;
} proxy_answers[] = {
	{ "byte by byte", "HTTP/1.1 200 OK\r\nX: y\r\n\r\n", 1, true, "page",
	    NULL, 0 },
	{ "2.3.6: a length in a success means nothing",
	    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n", 0, true, "page", NULL, 0 },
	{ "HTTP/1.0, and any success", "HTTP/1.0 299 Established\r\n\r\n", 0,
	    true, "page", NULL, 0 },
	{ "an interim answer before", "HTTP/1.1 100 Continue\r\n\r\n"
	    "HTTP/1.1 200 OK\r\n\r\n", 3, true, "page", NULL, 0 },
	{ "it wants a password", "HTTP/1.1 407 Who?\r\n"
	    "Proxy-Authenticate: Basic realm=x\r\n\r\n", 0, false, "status",
	    ": 407 Who?", 407 },
	{ "it forbids", "HTTP/1.1 403 No\r\n\r\n", 1, false, "status",
	    ": 403 No", 403 },
	{ "it cannot reach the site", "HTTP/1.1 502 Bad\r\nContent-Length: 9"
	    "\r\n\r\nsome text", 0, false, "status", ": 502 Bad", 502 },
	{ "a redirect leads nowhere", "HTTP/1.1 302 Go\r\nLocation: /\r\n"
	    "\r\n", 0, true, "status", ": 302 Go", 302 },
	{ "no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", 0, true, "bad-response",
	    "answer to CONNECT", 0 },
	{ "other bytes", "\x16\x03\x01\r\n\r\n", 0, true, "bad-response",
	    "answer to CONNECT", 0 },
	{ "another protocol", "HTTP/1.1 101 Switch\r\n\r\n", 0, true,
	    "bad-response", "interim", 0 },
	{ "as many interim answers as there may be",
	    HINTS HINTS "HTTP/1.1 200 a\r\n\r\n", 0, true, "page", NULL, 0 },
	{ "one interim answer too many",
	    HINTS HINTS HINT "HTTP/1.1 200 a\r\n\r\n", 0, true,
	    "bad-response", "interim", 0 },
	{ "nothing, and it closes", "", 0, false, "reset",
	    "while it was asked to connect", 0 },
	{ "half a head, and it closes", "HTTP/1.1 200 OK\r\nX: ", 0, false,
	    "reset", "while it was asked to connect", 0 },
	{ "a success, and it closes", "HTTP/1.1 200 OK\r\n\r\n", 0, false,
	    "tls", "", 0 },
	{ "a success, and a web page", "HTTP/1.1 200 OK\r\n\r\n"
	    "<title>Log in</title>", 0, false, "tls", "", 0 },
	{ "bytes in front of those of the site", "HTTP/1.1 200 OK\r\n\r\n"
	    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", 0, true, "tls",
	    "", 0 },
};

static void
proxy_answer(size_t i)
{
	struct proxy_rig p = { .choice.none = NULL };
	struct rig_got got;

	if (!tls_kit_case(proxy_answers[i].what))
		return;
	proxy_rig_open(&p, "");
	p.kit.say = proxy_answers[i].say;
	p.kit.piece = proxy_answers[i].piece;
	p.kit.forward = proxy_answers[i].forward;
	rig_get(&p.rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), proxy_answers[i].name);
	if (proxy_answers[i].has != NULL && CHECK(got.failure != NULL)) {
		CHECK(strncmp(got.failure->message, "proxy ", 6) == 0);
		if (!CHECK(strstr(got.failure->message,
		    proxy_answers[i].has) != NULL))
			printf("# %s\n", got.failure->message);
		if (proxy_answers[i].code != 0)
			CHECK_INT(got.failure->code, proxy_answers[i].code);
		CHECK_INT(p.rig.script.requests, 0);
	}
	rig_clear(&got);
	/* The next page is not harmed by it. */
	p.kit.say = "HTTP/1.1 200 OK\r\n\r\n";
	p.kit.piece = 0;
	p.kit.forward = true;
	rig_get(&p.rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "page");
	rig_clear(&got);
	proxy_rig_close(&p);
}

/* A head that never ends. */
static void
proxy_endless_test(void)
{
	struct proxy_rig p = { .choice.none = NULL };
	char *say = malloc(80000);
	struct rig_got got;

	if (tls_kit_case("a head without end") && say != NULL) {
		memset(say, 'x', 79999);
		memcpy(say, "HTTP/1.1 200 OK\r\nX: ", 20);
		say[79999] = '\0';
		proxy_rig_open(&p, "");
		p.kit.say = say;
		rig_get(&p.rig, &got, "/", NULL);
		CHECK_STR(rig_name(&got), "too-large");
		rig_clear(&got);
		proxy_rig_close(&p);
	}
	free(say);
}

static void
proxy_silent_test(void)
{
	struct proxy_rig p = { .options.connect_timeout_ns = 3000000000 };
	struct http_get_options o = { .timeout_ns = 2000000000 };
	struct rig_got got;
	uint64_t begun;

	if (!tls_kit_case("a proxy that says nothing"))
		return;
	proxy_rig_open(&p, "");
	p.kit.silent = true;
	begun = sim_now_ns(p.rig.sim);
	rig_get(&p.rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "timeout");
	CHECK(strstr(got.failure->message, "proxy ") != NULL);
	CHECK(sim_now_ns(p.rig.sim) - begun >= 3000000000);
	CHECK(sim_now_ns(p.rig.sim) - begun < 4000000000);
	rig_clear(&got);
	rig_get(&p.rig, &got, "/", &o);
	CHECK_STR(rig_name(&got), "timeout");
	CHECK(strncmp(got.failure->message, "proxy 127.0.0.1:", 16) == 0);
	CHECK(strstr(got.failure->message,
	    ": not done within 2 s, while connecting to the proxy") != NULL);
	rig_clear(&got);
	proxy_rig_close(&p);
}

static void
proxy_untrusted_test(void)
{
	static const struct reactor_tls_options nobody = {
		.ca_file = tls_kit_certificate,
	};
	struct proxy_rig p = { .choice.none = NULL };
	struct http_client *client;
	struct rig_got got;

	if (!tls_kit_case("the site's certificate counts, not the proxy's"))
		return;
	proxy_rig_open(&p, "");
	p.options.tls = &nobody;
	p.options.reactor = p.rig.reactor;
	p.options.resolver = p.rig.resolver;
	client = p.rig.client;
	CHECK_INT(http_client_new(&p.rig.client, &p.options), 0);
	rig_get(&p.rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "tls");
	CHECK(strncmp(got.failure->message, "proxy ", 6) == 0);
	CHECK_INT(p.kit.requests, 1);
	rig_clear(&got);
	http_client_free(p.rig.client);
	p.rig.client = client;
	proxy_rig_close(&p);
}

/* ---- no proxy there ---- */

static void
proxy_refused_test(void)
{
	struct proxy_rig p = { .choice.none = NULL };
	struct rig_got got;

	if (!tls_kit_case("no proxy at its port, or no such name"))
		return;
	proxy_rig_open(&p, "");
	http_proxy_free(&p.choice.https);
	proxy_use(&p.choice.https, "", 1);
	proxy_use(&p.choice.http, "", 1);
	rig_get(&p.rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "refused");
	CHECK(strncmp(got.failure->message, "proxy 127.0.0.1", 15) == 0);
	rig_clear(&got);
	rig_get(&p.rig, &got, "http://127.0.0.1:2/", NULL);
	CHECK_STR(rig_name(&got), "refused");
	CHECK(strncmp(got.failure->message, "proxy 127.0.0.1", 15) == 0);
	CHECK(got.failure->code > 0);
	rig_clear(&got);
	http_proxy_free(&p.choice.https);
	CHECK_INT(http_proxy_parse(&p.choice.https, "no.test", 7), 0);
	rig_get(&p.rig, &got, "https://127.0.0.1:2/", NULL);
	CHECK_STR(rig_name(&got), "no-dns");
	CHECK(strncmp(got.failure->message, "proxy no.test", 13) == 0);
	rig_clear(&got);
	proxy_rig_close(&p);
}

/* ---- http: the absolute form ---- */

/* A rig whose script is the proxy of all http URLs but those of `none`. */
static void
proxy_plain_open(struct proxy_rig *p, const char *who, const char *none)
{
	p->choice.none = none;
	p->options.proxies = &p->choice;
	rig_open(&p->rig, &p->options);
	script_play(&p->rig.script, &proxy_hi, 1);
	proxy_use(&p->choice.http, who, p->rig.script.port);
}

static void
proxy_plain_close(struct proxy_rig *p)
{
	rig_close(&p->rig);
	http_proxy_free(&p->choice.http);
}

static void
proxy_plain_test(void)
{
	struct proxy_rig p = { .choice.none = NULL };
	struct rig_got got;

	check_case("RFC 9112, 3.2.2: http goes to the proxy in absolute form");
	proxy_plain_open(&p, "f:o@", NULL);
	rig_get(&p.rig, &got, "http://x:y@site.test:81/a?b#c", NULL);
	CHECK_STR(rig_name(&got), "page");
	CHECK_STR(got.page->url.href, "http://x:y@site.test:81/a?b#c");
	CHECK_STR(p.rig.script.heard, "GET http://site.test:81/a?b HTTP/1.1"
	    "\r\nHost: site.test:81\r\nUser-Agent: spindle\r\nAccept: */*\r\n"
	    "Accept-Encoding: gzip\r\nProxy-Authorization: Basic Zjpv\r\n"
	    "Authorization: Basic eDp5\r\n\r\n");
	rig_clear(&got);
	rig_get(&p.rig, &got, "http://site.test:81/", NULL);
	CHECK_INT(p.rig.script.connections, 1);
	rig_clear(&got);
	/* Another host is another queue, and another connection. */
	rig_get(&p.rig, &got, "http://other.test/", NULL);
	CHECK_INT(p.rig.script.connections, 2);
	CHECK(strncmp(p.rig.script.heard, "GET http://other.test/ ", 23) ==
	    0);
	rig_clear(&got);
	proxy_plain_close(&p);
}

static void
proxy_plain_refusals_test(void)
{
	static const struct script_step steps[] = {
		{ "HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\r\n", 0, 0,
		    SCRIPT_STAY },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", 0, 0,
		    SCRIPT_CLOSE },
	};
	struct proxy_rig p = { .choice.none = NULL };
	struct rig_got got;

	check_case("a proxy that wants a password, or breaks off");
	proxy_plain_open(&p, "", NULL);
	SCRIPT_PLAY(&p.rig.script, steps);
	rig_get(&p.rig, &got, "http://site.test/", NULL);
	CHECK_STR(rig_name(&got), "status");
	CHECK_STR(got.failure->message, "proxy: 407 Who?");
	CHECK(strstr(p.rig.script.heard, "Proxy-") == NULL);
	rig_clear(&got);
	rig_get(&p.rig, &got, "http://site.test/", NULL);
	CHECK_STR(rig_name(&got), "reset");
	CHECK(strncmp(got.failure->message, "proxy 127.0.0.1:", 16) == 0);
	rig_clear(&got);
	proxy_plain_close(&p);
}

/* A redirect leads from the proxy to a host that has none, and back. */
static void
proxy_hops_test(void)
{
	struct proxy_rig p = { .choice.none = NULL };
	struct script other;
	struct script_step steps[2], there[1];
	struct rig_got got;
	char say[128];

	check_case("each redirect chooses its proxy anew");
	proxy_plain_open(&p, "f:o@", "127.0.0.0/8");
	script_open(&other, p.rig.reactor, "127.0.0.1");
	snprintf(say, sizeof(say), "HTTP/1.1 302 Go\r\nContent-Length: 0\r\n"
	    "Location: http://127.0.0.1:%u/1\r\n\r\n", other.port);
	steps[0] = (struct script_step){ say, 0, 0, SCRIPT_STAY };
	steps[1] = proxy_hi;
	there[0] = (struct script_step){ "HTTP/1.1 302 Go\r\n"
	    "Content-Length: 0\r\nLocation: http://site.test/2\r\n\r\n", 0, 0,
	    SCRIPT_STAY };
	script_play(&p.rig.script, steps, 2);
	script_play(&other, there, 1);
	rig_get(&p.rig, &got, "http://site.test/0", NULL);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(other.requests, 1);
	CHECK(strncmp(other.heard, "GET /1 HTTP/1.1\r\n", 17) == 0);
	CHECK(strstr(other.heard, "Proxy-Authorization") == NULL);
	CHECK_INT(p.rig.script.requests, 2);
	CHECK(strncmp(p.rig.script.heard, "GET http://site.test/2 ", 23) ==
	    0);
	CHECK(strstr(p.rig.script.heard, "Proxy-Authorization") != NULL);
	rig_clear(&got);
	script_close(&other);
	proxy_plain_close(&p);
}

/* ---- giving up, and no memory ---- */

/* Turns the loop until the page is there, and cancels it after `turns`. */
static bool
proxy_cancelled(int turns, bool free_client)
{
	struct proxy_rig p = { .choice.none = NULL };
	struct rig_got got;
	bool done;

	proxy_rig_open(&p, "f:o@");
	p.kit.piece = 7;
	rig_start(&p.rig, &got, "/", NULL);
	for (int i = 0; i < turns && !got.fired; i++)
		reactor_iterate(p.rig.reactor, 1000000);
	done = got.fired;
	if (!done && free_client) {
		http_client_free(p.rig.client);
		p.rig.client = NULL;
	} else if (!done) {
		deferred_cancel(got.deferred);
	}
	CHECK_INT(got.fired, 1);
	CHECK(done || got.failure != NULL);
	rig_clear(&got);
	rig_pass_hour(&p.rig);
	if (p.rig.client == NULL) {
		p.options.reactor = p.rig.reactor;
		p.options.resolver = p.rig.resolver;
		CHECK_INT(http_client_new(&p.rig.client, &p.options), 0);
	}
	proxy_rig_close(&p);
	return done;
}

static void
proxy_cancel_test(void)
{
	int turns;

	if (!tls_kit_case("a tunnel is given up at each turn"))
		return;
	for (int way = 0; way < 2; way++) {
		for (turns = 0; turns < 300 && !proxy_cancelled(turns,
		    way == 1); turns++)
			;
		CHECK(turns > 8 && turns < 300);
	}
}

static void
proxy_memory_test(void)
{
	bool failed = true;
	long n, live;

	if (!tls_kit_case("a tunnel without memory at any step"))
		return;
	for (n = 0; failed && n < 400; n++) {
		struct proxy_rig p = { .choice.none = NULL };
		struct rig_got got;

		live = alloc_live();
		proxy_rig_open(&p, "f:o@");
		alloc_fail_at(n, 0);
		rig_start(&p.rig, &got, "/", NULL);
		for (int i = 0; i < 500 && !got.fired; i++)
			reactor_iterate(p.rig.reactor, 1000000);
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		if (!got.fired)
			deferred_cancel(got.deferred);
		CHECK_INT(got.fired, 1);
		CHECK(failed || got.page != NULL);
		rig_clear(&got);
		proxy_rig_close(&p);
		CHECK_INT(alloc_live(), live);
	}
	CHECK(n > 8 && !failed);
}

int
main(void)
{
	proxy_tunnel_test();
	proxy_watch_test();
	for (size_t i = 0; i < sizeof(proxy_answers) /
	    sizeof(*proxy_answers); i++)
		proxy_answer(i);
	proxy_endless_test();
	proxy_silent_test();
	proxy_untrusted_test();
	proxy_refused_test();
	proxy_plain_test();
	proxy_plain_refusals_test();
	proxy_hops_test();
	proxy_cancel_test();
	proxy_memory_test();
	return check_done();
}
