/*
 * bin_fetch_test.c - URLs without a scheme: which they are, that https comes
 * first, when http comes second, and what is not sent then.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "../bin/fetch.h"
#include "../bin/nap.h"
#include "../dns/dns_connect.h"
#include "../http/http_server.h"
#include "../http/proxy.h"
#include "alloc.h"
#include "check.h"
#include "http_rig.h"
#include "proxy_kit.h"
#include "tls_kit.h"

#define HI "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

static const struct script_step fetch_hi = { HI, 0, 0, SCRIPT_REPEAT };

static const struct reactor_tls_options fetch_trusting = {
	.ca_file = tls_kit_authority,
}, fetch_mistrusting = {
	.ca_file = tls_kit_certificate,
}, fetch_no_library = {
	.library = "/nonexistent/libssl.so.0",
};

static const struct http_request_field fetch_fields[] = {
	{ "Authorization", 13, "Basic cGFzcw==", 14 },
	{ "X-Plain", 7, "seen", 4 },
};

static struct defer_result
fetch_fired(void *ctx, struct defer_result in)
{
	struct rig_got *got = ctx;

	got->fired++;
	got->result = in;
	got->page = defer_result_get(in, &http_page_type);
	got->failure = defer_result_get_failure(in);
	return defer_result_none();
}

/* Begins to fetch; the deferred is in `got`. */
static void
fetch_start(struct rig *rig, struct rig_got *got, const char *url,
    const struct http_get_options *options)
{
	struct http_get_options o = { .timeout_ns = 30000000000 };

	memset(got, 0, sizeof(*got));
	got->deferred = fetch_page(rig->reactor, rig->client, url,
	    strlen(url), options != NULL ? options : &o);
	if (got->deferred == NULL)
		got->result = fetch_fired(got, defer_result_failure(NULL));
	else
		deferred_add_both(got->deferred, fetch_fired, got);
}

static void
fetch_get(struct rig *rig, struct rig_got *got, const char *url,
    const struct http_get_options *options)
{
	fetch_start(rig, got, url, options);
	for (int i = 0; i < 5000 && !got->fired; i++)
		reactor_iterate(rig->reactor, 1000000000);
	rig_settle(rig);
	CHECK_INT(got->fired, 1);
}

static void
fetch_rig_open(struct rig *rig, const struct reactor_tls_options *how)
{
	struct http_client_options o = {
		.fields = fetch_fields, .field_count = 2, .tls = how,
	};

	rig_open(rig, &o);
	script_play(&rig->script, &fetch_hi, 1);
}

/* ---- what has no scheme ---- */

/*
 * Where a URL leads in a world in which the names do not exist: by its
 * failure we see whether it was taken for a host.
 */
static const struct {
	const char *url, *name;
} fetch_urls[] = {
	{ "host.invalid", "no-such-host" }, { "a.invalid/x", "no-such-host" },
	{ "a.invalid:80", "no-such-host" }, { "a.invalid:8/x", "no-such-host" },
	{ "a.invalid:8?x", "no-such-host" }, { "a.invalid#x", "no-such-host" },
	{ "a.invalid?u=http://b/", "no-such-host" },
	{ "http.invalid", "no-such-host" }, { "invalid:80", "no-such-host" },
	{ "m\xc3\xbcnchen.invalid", NULL },
	{ "", "bad-url" }, { "/x", "bad-url" }, { "?x", "bad-url" },
	{ "#x", "bad-url" }, { "//a.invalid/", "bad-url" },
	{ ":80", "bad-url" }, { "x:", "bad-url" }, { "x:y", "bad-url" },
	{ "mailto:x@a.invalid", "bad-url" }, { "user:8@a", "bad-url" },
	{ "ftp://a.invalid/", "bad-url" }, { "a b.invalid", "bad-url" },
	{ "a.invalid:99999", "bad-url" }, { "[::1", "bad-url" },
	{ "javascript:1+1", "bad-url" }, { "a.invalid:8x", "bad-url" },
	{ "http:a.invalid", "no-such-host" },
	{ "https://a.invalid", "no-such-host" },
};

static void
fetch_schemes(void)
{
	size_t count = sizeof(fetch_urls) / sizeof(fetch_urls[0]);
	struct rig_got got;
	struct rig rig;

	if (!tls_kit_case("what is a host, and what is none"))
		return;
	fetch_rig_open(&rig, &fetch_trusting);
	for (size_t i = 0; i < count; i++) {
		fetch_get(&rig, &got, fetch_urls[i].url, NULL);
		if (fetch_urls[i].name != NULL)
			CHECK_STR(rig_name(&got), fetch_urls[i].name);
		CHECK(got.failure != NULL);
		rig_clear(&got);
	}
	rig_close(&rig);
}

/* ---- first https, then http ---- */

/* What the port does that is asked by https. */
static const struct {
	const char *what;
	bool secure;			/* it speaks TLS */
	const struct reactor_tls_options *how;
	struct script_step step;
	const char *name;
	const char *scheme;		/* of the page */
	int connections;
} fetch_rows[] = {
	{ "https where it is spoken", true, &fetch_trusting,
	    { HI, 0, 0, SCRIPT_REPEAT }, "page", "https://", 1 },
	{ "http where it is not", false, &fetch_trusting,
	    { HI, 0, 0, SCRIPT_REPEAT }, "page", "http://", 2 },
	{ "no http after a certificate that is wrong", true,
	    &fetch_mistrusting, { HI, 0, 0, SCRIPT_REPEAT }, "tls", NULL, 1 },
	{ "no http without a library", false, &fetch_no_library,
	    { HI, 0, 0, SCRIPT_REPEAT }, "tls", NULL, 0 },
	{ "no http after an answer", true, &fetch_trusting,
	    { "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 0, 0,
	    SCRIPT_REPEAT }, "status", NULL, 1 },
	{ "no http after a redirect", true, &fetch_trusting,
	    { "HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\n"
	    "Content-Length: 0\r\n\r\n", 0, 0, SCRIPT_REPEAT }, "refused",
	    NULL, 1 },
	{ "no http after a cut", true, &fetch_trusting,
	    { "HTTP/1.1 200 OK\r\n", 0, 0, SCRIPT_CUT }, "reset", NULL, 1 },
};

/* A server of HTTP, to whom a ClientHello is a bad request. */
static void
fetch_render(struct http_resource *r, struct http_server_request *q)
{
	(void)r;
	http_server_answer_status(q, 200);
}

static const struct http_resource_ops fetch_resource_ops = {
	.render = fetch_render,
};

static void
fetch_row(size_t i)
{
	struct http_get_progress progress = { 0 };
	struct http_get_options o = { .timeout_ns = 30000000000 };
	struct reactor_tls_settings *server = NULL;
	struct rig_got got;
	struct rig rig;
	char url[64];

	for (int with_progress = 0; with_progress < 2; with_progress++) {
		fetch_rig_open(&rig, fetch_rows[i].how);
		if (fetch_rows[i].secure)
			server = tls_kit_server(rig.reactor);
		rig.script.tls = server;
		rig.script.mends = !fetch_rows[i].secure;
		script_play(&rig.script, &fetch_rows[i].step, 1);
		snprintf(url, sizeof(url), "127.0.0.1:%u/x", rig.script.port);
		o.progress = with_progress ? &progress : NULL;
		fetch_get(&rig, &got, url, &o);
		CHECK_STR(rig_name(&got), fetch_rows[i].name);
		if (got.page != NULL)
			CHECK(strncmp(got.page->url.href, fetch_rows[i].scheme,
			    strlen(fetch_rows[i].scheme)) == 0);
		if (with_progress && got.page != NULL)
			CHECK_INT(progress.status, 200);
		CHECK_INT(rig.script.connections, fetch_rows[i].connections);
		if (got.page != NULL) {
			CHECK(strstr(rig.script.heard, "X-Plain") != NULL);
			CHECK_INT(strstr(rig.script.heard, "Authorization") !=
			    NULL, fetch_rows[i].secure);
		}
		rig_clear(&got);
		rig_close(&rig);
		reactor_tls_settings_free(server);
	}
}

/* Nothing listens at port 443, but at port 80. */
static void
fetch_ports(void)
{
	struct http_resource root = { &fetch_resource_ops };
	struct http_server *server;
	struct reactor_address at;
	struct rig_got got;
	struct rig rig;

	if (!tls_kit_case("refused by https, taken by http"))
		return;
	fetch_rig_open(&rig, &fetch_trusting);
	fetch_get(&rig, &got, "localhost", NULL);
	CHECK_STR(rig_name(&got), "refused");
	CHECK(got.failure != NULL && strstr(got.failure->message, ":80: "));
	rig_clear(&got);
	CHECK_INT(reactor_address_parse(&at, "127.0.0.1", 9, 80), 0);
	CHECK_INT(http_server_new(&server, rig.reactor, &at, &root), 0);
	for (int i = 0; i < 2; i++) {
		fetch_get(&rig, &got, "localhost", NULL);
		CHECK_STR(rig_name(&got), "page");
		rig_clear(&got);
	}
	fetch_get(&rig, &got, "https://localhost", NULL);
	CHECK_STR(rig_name(&got), "refused");
	rig_clear(&got);
	http_server_free(server);
	rig_close(&rig);
}

/* A host that drops what comes to it: https takes its time, http the rest. */
static void
fetch_silent(void)
{
	struct http_get_options o = { .timeout_ns = 15000000000 };
	struct reactor_address at;
	struct rig_got got;
	struct rig rig;
	uint64_t began;

	if (!tls_kit_case("the time is that of both together"))
		return;
	fetch_rig_open(&rig, &fetch_trusting);
	CHECK_INT(reactor_address_parse(&at, "10.0.0.5", 8, 0), 0);
	sim_set_host(rig.sim, &at, SIM_HOST_SILENT);
	began = sim_now_ns(rig.sim);
	fetch_get(&rig, &got, "10.0.0.5", &o);
	CHECK_STR(rig_name(&got), "timeout");
	CHECK(defer_failure_is(got.failure, &http_timeout));
	CHECK_INT((sim_now_ns(rig.sim) - began) / 1000000000, 15);
	rig_clear(&got);
	rig_close(&rig);
}

/* ---- cancelled, and without memory ---- */

static void
fetch_cancelled(void)
{
	struct rig_got got;
	struct rig rig;
	char url[64];
	int fired = 0;

	if (!tls_kit_case("cancelled at any time"))
		return;
	for (int turns = 0; turns < 60; turns++) {
		fetch_rig_open(&rig, &fetch_trusting);
		rig.script.mends = true;
		snprintf(url, sizeof(url), "127.0.0.1:%u/", rig.script.port);
		fetch_start(&rig, &got, url, NULL);
		for (int i = 0; i < turns && !got.fired; i++)
			reactor_iterate(rig.reactor, 0);
		fired += got.fired;
		deferred_cancel(got.deferred);
		CHECK_INT(got.fired, 1);
		CHECK(got.page != NULL || strcmp(rig_name(&got),
		    "cancelled") == 0);
		rig_clear(&got);
		rig_pass_hour(&rig);
		CHECK_INT(got.fired, 0);
		rig_close(&rig);
	}
	CHECK(fired > 5 && fired < 55);
}

static bool
fetch_one_failing(long n, int for_good)
{
	long live = alloc_live();
	struct rig_got got;
	struct rig rig;
	char url[64];
	int failed;

	fetch_rig_open(&rig, &fetch_trusting);
	rig.script.mends = true;
	snprintf(url, sizeof(url), "127.0.0.1:%u/", rig.script.port);
	alloc_fail_at(n, for_good);
	fetch_start(&rig, &got, url, NULL);
	for (int i = 0; i < 500 && !got.fired; i++)
		reactor_iterate(rig.reactor, 0);
	failed = alloc_has_failed();
	alloc_fail_at(-1, 0);
	if (!got.fired)
		deferred_cancel(got.deferred);
	CHECK_INT(got.fired, 1);
	CHECK(failed || got.page != NULL);
	rig_clear(&got);
	rig_close(&rig);
	CHECK_INT(alloc_live(), live);
	return !failed;
}

static void
fetch_memory(void)
{
	long n = 0;

	if (!tls_kit_case("any allocation may fail"))
		return;
	for (int for_good = 0; for_good < 2; for_good++)
		for (n = 0; n < 500 && !fetch_one_failing(n, for_good); n++)
			;
	CHECK(n > 5 && n < 500);
	alloc_fail_at(0, 0);
	CHECK(nap(NULL, 1) == NULL);
	alloc_fail_at(-1, 0);
}

/* What a proxy says to CONNECT, and how often it is asked for anything. */
static const struct {
	const char *what, *say;
	int requests;
} fetch_proxied[] = {
	{ "a proxy that cannot reach it by https: http is tried",
	    "HTTP/1.1 502 No\r\n\r\n", 2 },
	{ "a proxy that forbids https: http is not tried",
	    "HTTP/1.1 403 No\r\n\r\n", 1 },
};

static void
fetch_by_proxy(size_t row)
{
	struct http_proxy_choice choice = { .none = NULL };
	struct http_client_options o = {
		.tls = &fetch_trusting, .proxies = &choice,
	};
	struct proxy_kit kit;
	struct rig_got got;
	char name[40];
	struct rig rig;

	rig_open(&rig, NULL);
	proxy_kit_open(&kit, rig.reactor);
	kit.forward = false;
	kit.say = fetch_proxied[row].say;
	snprintf(name, sizeof(name), "127.0.0.1:%u", kit.port);
	CHECK_INT(http_proxy_parse(&choice.all, name, strlen(name)), 0);
	http_client_free(rig.client);
	o.reactor = rig.reactor;
	o.resolver = rig.resolver;
	CHECK_INT(http_client_new(&rig.client, &o), 0);
	fetch_get(&rig, &got, "far.test/", NULL);
	CHECK_INT(kit.requests, fetch_proxied[row].requests);
	rig_clear(&got);
	proxy_kit_close(&kit);
	rig_settle(&rig);
	rig_close(&rig);
	http_proxy_free(&choice.all);
}

int
main(void)
{
	size_t count = sizeof(fetch_rows) / sizeof(fetch_rows[0]);

	fetch_schemes();
	for (size_t i = 0; i < count; i++)
		if (tls_kit_case(fetch_rows[i].what))
			fetch_row(i);
	for (size_t i = 0; i < 2; i++)
		if (tls_kit_case(fetch_proxied[i].what))
			fetch_by_proxy(i);
	fetch_ports();
	fetch_silent();
	fetch_cancelled();
	fetch_memory();
	return check_done();
}
