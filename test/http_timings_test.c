/*
 * http_timings_test.c - how long each step to a page took, with whom it was
 * talked, and whether the connection was there before.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "../http/proxy.h"
#include "check.h"
#include "http_rig.h"
#include "proxy_kit.h"
#include "tls_kit.h"

#define HI "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

static uint64_t
timings_sum(const struct http_timings *t)
{
	return t->name_ns + t->connect_ns + t->tls_ns + t->wait_ns +
	    t->receive_ns;
}

/* Gets a page; each of its steps lies within the time that it took. */
static void
timings_get(struct rig *rig, struct rig_got *got, const char *path,
    struct http_timings *t)
{
	uint64_t begun = sim_now_ns(rig->sim), spent;
	char address[40];

	rig_get(rig, got, path, NULL);
	spent = sim_now_ns(rig->sim) - begun;
	memset(t, 0, sizeof(*t));
	if (!CHECK_STR(rig_name(got), "page"))
		return;
	*t = got->page->timings;
	CHECK(timings_sum(t) <= spent);
	CHECK(t->wait_ns > 0);
	snprintf(address, sizeof(address), "127.0.0.1:%u", rig->script.port);
	CHECK_STR(got->page->address, address);
}

static void
timings_plain(void)
{
	static const struct script_step steps[] = {
		{ HI, 0, 1, SCRIPT_STAY }, { HI, 0, 0, SCRIPT_STAY },
		{ "HTTP/1.1 302 Go\r\nContent-Length: 0\r\nLocation: /b\r\n"
		    "\r\n", 0, 0, SCRIPT_STAY },
		{ HI, 0, 1, SCRIPT_CLOSE }, { HI, 0, 0, SCRIPT_STAY },
	};
	struct http_timings first, second, both;
	struct rig_got got;
	struct rig rig;

	check_case("a new connection, one that is there, a redirect");
	rig_open(&rig, NULL);
	sim_weather(rig.sim)->latency_min_ns = 5000000;
	sim_weather(rig.sim)->latency_max_ns = 5000000;
	SCRIPT_PLAY(&rig.script, steps);
	timings_get(&rig, &got, "/", &first);
	CHECK(first.connect_ns >= 10000000);
	CHECK(first.wait_ns >= 10000000);
	CHECK_INT(first.tls_ns, 0);
	CHECK(first.receive_ns > 0);
	CHECK(got.page != NULL && !got.page->reused);
	rig_clear(&got);
	timings_get(&rig, &got, "/", &second);
	CHECK_INT(second.name_ns + second.connect_ns + second.tls_ns, 0);
	CHECK(got.page != NULL && got.page->reused);
	rig_clear(&got);
	timings_get(&rig, &got, "/", &both);
	CHECK(second.wait_ns < 20000000);
	CHECK(both.wait_ns >= 20000000);
	CHECK(got.page != NULL && got.page->reused);
	rig_clear(&got);
	timings_get(&rig, &got, "/", &first);
	CHECK(first.connect_ns > 0);
	CHECK(got.page != NULL && !got.page->reused);
	rig_clear(&got);
	/* Each way takes 5 ms: so do the farewells. */
	http_client_close_idle(rig.client);
	rig_skip(&rig, 50000000);
	rig_close(&rig);
}

static void
timings_failure(void)
{
	static const struct script_step steps[] = {
		{ "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 0, 0,
		    SCRIPT_STAY },
	};
	const struct http_page *page;
	struct rig_got got;
	struct rig rig;

	check_case("of a page that fails by its status, too");
	rig_play(steps, 1, "/", NULL, &rig, &got);
	page = defer_result_get(got.failure->detail, &http_page_type);
	CHECK(page != NULL && page->timings.connect_ns > 0);
	CHECK(page != NULL && page->timings.wait_ns > 0);
	CHECK(page != NULL && strncmp(page->address, "127.0.0.1:", 10) == 0);
	rig_end(&rig, &got);
}

static void
timings_tls(bool by_proxy)
{
	static const struct reactor_tls_options how = {
		.ca_file = tls_kit_authority,
	};
	static const struct script_step hi = { HI, 0, 0, SCRIPT_REPEAT };
	struct http_proxy_choice choice = { .none = NULL };
	struct http_client_options o = { .tls = &how, .proxies = &choice };
	struct reactor_tls_settings *server;
	struct http_timings t;
	struct proxy_kit kit;
	struct rig_got got;
	struct rig rig;
	char text[40];

	if (!tls_kit_case(by_proxy ? "TLS through a proxy" : "TLS"))
		return;
	rig_open(&rig, &o);
	server = rig.script.tls = tls_kit_server(rig.reactor);
	script_play(&rig.script, &hi, 1);
	proxy_kit_open(&kit, rig.reactor);
	kit.to = rig.script.port;
	snprintf(text, sizeof(text), "127.0.0.1:%u", kit.port);
	if (by_proxy)
		CHECK_INT(http_proxy_parse(&choice.all, text, strlen(text)),
		    0);
	rig_get(&rig, &got, "/", NULL);
	if (CHECK_STR(rig_name(&got), "page")) {
		t = got.page->timings;
		CHECK(t.connect_ns > 0 && t.tls_ns > 0 && t.wait_ns > 0);
		if (by_proxy)
			CHECK_STR(got.page->address, text);
	}
	rig_clear(&got);
	http_client_close_idle(rig.client);
	rig_settle(&rig);
	proxy_kit_close(&kit);
	rig_settle(&rig);
	rig_close(&rig);
	http_proxy_free(&choice.all);
	reactor_tls_settings_free(server);
}

int
main(void)
{
	timings_plain();
	timings_failure();
	timings_tls(false);
	timings_tls(true);
	return check_done();
}
