/*
 * http_get_page_test.c - what a page says, statuses and redirects.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "http_rig.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define FOUND "HTTP/1.1 302 Found\r\nContent-Length: 4\r\nLocation: "

/* ---- what a page says ---- */

static void
page_facts(void)
{
	static const struct script_step step = {
		"HTTP/1.1 203 Fine\r\nContent-Type: text/html; charset=x\r\n"
		"Content-Length: 5\r\n\r\nhello", 0, 1, SCRIPT_STAY
	};
	struct http_get_options o = {.keep_head = true};
	struct rig_got got;
	struct rig rig;
	char want[64];

	check_case("a page and its facts");
	rig_play(&step, 1, "/a/../b?c#d", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	snprintf(want, sizeof(want), "http://127.0.0.1:%u/b?c#d",
	    rig.script.port);
	CHECK_STR(got.page->url.href, want);
	CHECK_INT(got.page->status, 203);
	CHECK_INT(got.page->redirects, 0);
	CHECK_INT(got.page->bytes, 5);
	CHECK_INT(got.page->retry_after_s, -1);
	CHECK_STR(got.page->content_type, "text/html; charset=x");
	CHECK_STR(got.page->body, "hello");
	CHECK_INT(got.page->body_len, 5);
	CHECK_BYTES(got.page->head, got.page->head_len,
	    "HTTP/1.1 203 Fine\r\nContent-Type: text/html; charset=x\r\n"
	    "Content-Length: 5\r\n\r\n");
	CHECK(strncmp(rig.script.heard, "GET /b?c HTTP/1.1\r\n", 19) == 0);
	rig_end(&rig, &got);
}

static void
page_head(void)
{
	static const struct script_step step = {
		OK "Content-Length: 99999999999\r\n"
		"Content-Encoding: br\r\n\r\n", 0, 0, SCRIPT_REPEAT
	};
	struct http_get_options o = {.head = true};
	struct rig_got got;
	struct rig rig;

	check_case("HEAD has no content, and keeps the connection");
	rig_play(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_STR(got.page->body, "");
	CHECK(strncmp(rig.script.heard, "HEAD / HTTP/1.1\r\n", 17) == 0);
	rig_clear(&got);
	rig_get(&rig, &got, "/", &o);
	CHECK_INT(rig.script.connections, 1);
	rig_end(&rig, &got);
}

static void
page_status(void)
{
	static const struct script_step steps[] = {
		{"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone", 0,
		    0, SCRIPT_STAY},
		{"HTTP/1.1 429 Slowly\r\nRetry-After: 7\r\n"
		    "Content-Length: 0\r\n\r\n", 0, 0, SCRIPT_STAY},
		{"HTTP/1.1 503 Later\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
		    "Retry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n"
		    "Content-Length: 0\r\n\r\n", 0, 0, SCRIPT_STAY},
		{"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone", 0,
		    0, SCRIPT_STAY},
	};
	struct http_get_options any = {.any_status = true};
	const struct http_page *page;
	struct rig_got got;
	struct rig rig;

	check_case("statuses: failures that tell, or pages on request");
	rig_play(steps, 4, "/x", NULL, &rig, &got);
	CHECK(defer_failure_is(got.failure, &http_bad_status));
	CHECK_INT(got.failure->code, 404);
	CHECK_STR(got.failure->message, "404 Not Found");
	page = defer_result_get(got.failure->detail, &http_page_type);
	CHECK(page != NULL && strstr(page->url.href, "/x") != NULL);
	CHECK(page != NULL && page->body_len == 0);
	rig_clear(&got);
	rig_get(&rig, &got, "/", NULL);
	page = defer_result_get(got.failure->detail, &http_page_type);
	CHECK_INT(page->retry_after_s, 7);
	CHECK_INT(page->status, 429);
	rig_clear(&got);
	rig_get(&rig, &got, "/", NULL);
	page = defer_result_get(got.failure->detail, &http_page_type);
	CHECK_INT(page->retry_after_s, 60);
	rig_clear(&got);
	rig_get(&rig, &got, "/", &any);
	CHECK_STR(rig_name(&got), "page");
	CHECK_STR(got.page->body, "gone");
	CHECK_INT(rig.script.connections, 1);
	rig_end(&rig, &got);
}

/* ---- redirects ---- */

static void
page_redirects(void)
{
	static const struct script_step steps[] = {
		{FOUND "b/c?x\r\n\r\nover", 0, 0, SCRIPT_STAY},
		{"HTTP/1.1 308 Permanent\r\nLocation: /d\r\n"
		    "Content-Length: 0\r\n\r\n", 0, 2, SCRIPT_STAY},
		{"HTTP/1.1 303 Other\r\nLocation: ?e\r\n"
		    "Transfer-Encoding: chunked\r\n\r\n4\r\nover\r\n0\r\n\r\n",
		    0, 0, SCRIPT_STAY},
		{OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY},
	};
	struct rig_got got;
	struct rig rig;

	check_case("redirects are followed, on one connection");
	rig_play(steps, 4, "/a/a", NULL, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_STR(got.page->body, "hi");
	CHECK_INT(got.page->redirects, 3);
	CHECK(strstr(got.page->url.href, "/d?e") != NULL);
	CHECK_INT(rig.script.requests, 4);
	CHECK_INT(rig.script.connections, 1);
	rig_end(&rig, &got);
}

static void
page_redirect_ends(void)
{
	static const struct {
		const char *say, *kind;
		bool stay;
	} ends[] = {
		{FOUND "https://127.0.0.1/\r\n\r\nover", "tls", false},
		{FOUND "ftp://127.0.0.1/\r\n\r\nover", "bad-url", false},
		{FOUND "javascript:alert(1)\r\n\r\nover", "bad-url", false},
		{FOUND "http://[1\r\n\r\nover", "bad-url", false},
		{FOUND "/\r\n\r\nover", "status", true},
		{"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "status",
		    false},
		{"HTTP/1.1 304 Not Modified\r\nLocation: /\r\n\r\n", "status",
		    false},
	};

	check_case("redirects that lead nowhere");
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct http_get_options o = {.no_redirects = ends[i].stay};
		struct script_step step = {ends[i].say, 0, 0, SCRIPT_STAY};
		struct rig_got got;
		struct rig rig;

		rig_play(&step, 1, "/", &o, &rig, &got);
		CHECK_STR(rig_name(&got), ends[i].kind);
		CHECK_INT(rig.script.requests, 1);
		rig_end(&rig, &got);
	}
}

static void
page_redirect_loop(void)
{
	static const struct script_step step = {
		FOUND "/\r\n\r\nover", 0, 0, SCRIPT_REPEAT
	};
	struct http_get_options three = {.max_redirects = 3};
	struct rig_got got;
	struct rig rig;

	check_case("a redirect to itself ends");
	rig_play(&step, 1, "/", NULL, &rig, &got);
	CHECK_STR(rig_name(&got), "too-many-redirects");
	CHECK_INT(rig.script.requests, 11);
	rig_clear(&got);
	rig.script.requests = 0;
	rig_get(&rig, &got, "/", &three);
	CHECK_INT(rig.script.requests, 4);
	rig_end(&rig, &got);
}

static void
page_secrets(void)
{
	static const struct http_request_field fields[] = {
		{"Authorization", 13, "Basic cGFzcw==", 14},
		{"X-Plain", 7, "seen", 4},
		{"cookie", 6, "k=v", 3},
	};
	static const struct script_step there = {
		OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_REPEAT
	};
	struct http_client_options o = {.fields = fields, .field_count = 3};
	struct script_step steps[2];
	struct script other;
	struct rig_got got;
	struct rig rig;
	char say[128];

	check_case("credentials do not go to another origin");
	rig_open(&rig, &o);
	script_open(&other, rig.reactor, "127.0.0.1");
	script_play(&other, &there, 1);
	snprintf(say, sizeof(say), FOUND "http://127.0.0.1:%u/\r\n\r\nover",
	    other.port);
	steps[0] = (struct script_step){FOUND "/here\r\n\r\nover", 0, 0,
	    SCRIPT_STAY};
	steps[1] = (struct script_step){say, 0, 0, SCRIPT_STAY};
	script_play(&rig.script, steps, 2);
	rig_get(&rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "page");
	CHECK(strstr(rig.script.heard, "GET /here ") != NULL);
	CHECK(strstr(rig.script.heard, "Authorization: Basic") != NULL);
	CHECK(strstr(rig.script.heard, "cookie: k=v") != NULL);
	CHECK_INT(other.requests, 1);
	CHECK(strstr(other.heard, "X-Plain: seen") != NULL);
	CHECK(strstr(other.heard, "Authorization") == NULL);
	CHECK(strstr(other.heard, "cookie") == NULL);
	script_close(&other);
	rig_end(&rig, &got);
}

/*
 * A redirect to another origin, and from there to itself or back again: what
 * was meant for the first one does not come back.
 */
static void
page_keeps_secrets(bool back)
{
	static const struct http_request_field fields[] = {
		{"Authorization", 13, "Basic cGFzcw==", 14},
		{"Host", 4, "first.test", 10},
		{"X-Plain", 7, "seen", 4},
	};
	struct http_client_options o = {.fields = fields, .field_count = 3};
	struct script_step here[2], there[2];
	struct script other, *last = &other;
	struct rig_got got;
	struct rig rig;
	char go[128], come[128], host[64];

	rig_open(&rig, &o);
	script_open(&other, rig.reactor, "127.0.0.1");
	snprintf(go, sizeof(go), FOUND "http://127.0.0.1:%u/1\r\n\r\nover",
	    other.port);
	snprintf(come, sizeof(come), FOUND "http://127.0.0.1:%u/2\r\n\r\nover",
	    back ? rig.script.port : other.port);
	here[0] = (struct script_step){go, 0, 0, SCRIPT_STAY};
	there[0] = (struct script_step){come, 0, 0, SCRIPT_STAY};
	here[1] = there[1] = (struct script_step){
	    OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_STAY};
	script_play(&rig.script, here, 2);
	script_play(&other, there, 2);
	rig_get(&rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "page");
	if (back)
		last = &rig.script;
	CHECK_INT(last->requests, 2);
	CHECK(strstr(last->heard, "GET /2 ") != NULL);
	CHECK(strstr(last->heard, "X-Plain: seen") != NULL);
	CHECK(strstr(last->heard, "Authorization") == NULL);
	CHECK(strstr(last->heard, "first.test") == NULL);
	snprintf(host, sizeof(host), "Host: 127.0.0.1:%u\r\n", last->port);
	CHECK(strstr(last->heard, host) != NULL);
	rig_clear(&got);
	/* The next page is another one, for which they are meant. */
	script_play(&rig.script, here + 1, 1);
	rig_get(&rig, &got, "/", NULL);
	CHECK(strstr(rig.script.heard, "Authorization: Basic") != NULL);
	CHECK(strstr(rig.script.heard, "Host: first.test\r\n") != NULL);
	script_close(&other);
	rig_end(&rig, &got);
}

/* A redirect without a fragment has that of what was redirected. */
static void
page_fragments(void)
{
	static const struct {
		const char *from, *to, *then, *at;
	} rows[] = {
		{"/a#f", "/b", "/c", "/c#f"}, {"/a#f", "/b#g", "/c", "/c#g"},
		{"/a#f", "/b#g", "/c#h", "/c#h"}, {"/a", "/b", "/c#h", "/c#h"},
		{"/a#f", "/b#", "/c", "/c#"}, {"/a", "/b", "/c", "/c"},
		{"/a#f", "?b", "", "/a?b#f"},
	};

	check_case("the fragment goes on over a redirect");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct script_step steps[3];
		struct rig_got got;
		struct rig rig;
		char say[2][128], want[64];

		snprintf(say[0], sizeof(say[0]), FOUND "%s\r\n\r\nover",
		    rows[i].to);
		snprintf(say[1], sizeof(say[1]), FOUND "%s\r\n\r\nover",
		    rows[i].then);
		steps[0] = (struct script_step){say[0], 0, 0, SCRIPT_STAY};
		steps[1] = (struct script_step){say[1], 0, 0, SCRIPT_STAY};
		steps[2] = (struct script_step){
		    OK "Content-Length: 0\r\n\r\n", 0, 0, SCRIPT_STAY};
		if (rows[i].then[0] == '\0')
			steps[1] = steps[2];
		rig_play(steps, 3, rows[i].from, NULL, &rig, &got);
		CHECK_STR(rig_name(&got), "page");
		snprintf(want, sizeof(want), "http://127.0.0.1:%u%s",
		    rig.script.port, rows[i].at);
		CHECK_STR(got.page->url.href, want);
		CHECK(strchr(rig.script.heard, '#') == NULL);
		rig_end(&rig, &got);
	}
}

static void
page_bad_urls(void)
{
	static const char *const urls[] = {
		"", "nonsense", "ftp://x/", "http://", "http://a b/",
		"mailto:x@y", "http://127.0.0.1:99999/", "//x/",
	};
	struct rig_got got;
	struct rig rig;

	check_case("URLs that cannot be fetched fail at once");
	rig_open(&rig, NULL);
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		memset(&got, 0, sizeof(got));
		got.deferred = http_get_page(rig.client, urls[i],
		    strlen(urls[i]), NULL);
		CHECK(deferred_take(got.deferred, &got.result));
		CHECK(defer_failure_is(defer_result_get_failure(got.result),
		    &http_bad_url));
		rig_clear(&got);
	}
	rig_start(&rig, &got, "https://127.0.0.1/", NULL);
	CHECK_STR(rig_name(&got), "tls");
	rig_end(&rig, &got);
}

/* Heads that are long, and one that is too long for anybody. */
static void
get_page_long_heads(void)
{
	static const struct script_step step = {
		OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_REPEAT
	};
	static char value[40000];
	struct http_request_field f = {"X-Long", 6, value, 0};
	struct http_client_options o = {.fields = &f, .field_count = 1};

	check_case("long request heads");
	memset(value, 'x', sizeof(value));
	for (f.value_len = 0; f.value_len <= sizeof(value);
	    f.value_len += 10000) {
		struct rig_got got;
		struct rig rig;

		rig_open(&rig, &o);
		script_play(&rig.script, &step, 1);
		rig_get(&rig, &got, "/", NULL);
		CHECK_STR(rig_name(&got), f.value_len <= 30000 ? "page" :
		    "http");
		CHECK(f.value_len > 30000 ||
		    rig.script.heard_len > f.value_len);
		rig_clear(&got);
		rig_close(&rig);
	}
}

/* ---- how far it came ---- */

static void
page_progress(void)
{
	static const struct {
		struct script_step steps[2];
		const char *kind;
		struct http_get_progress want;
	} cases[] = {
		{{{FOUND "/x\r\n\r\nover", 0, 0, SCRIPT_REPEAT}},
		    "too-many-redirects", {302, 3, 0, 4, NULL}},
		{{{FOUND "/x\r\n\r\nover", 0, 0, SCRIPT_STAY},
		    {"", 0, 0, SCRIPT_CLOSE}}, "reset", {302, 1, 0, 1, NULL}},
		{{{FOUND "ftp://x/\r\n\r\nover", 0, 0, SCRIPT_STAY}},
		    "bad-url", {302, 0, 0, 1, NULL}},
		{{{FOUND "/x\r\n\r\nover", 0, 0, SCRIPT_STAY},
		    {OK "Content-Encoding: br\r\nContent-Length: 4\r\n\r\nxxxx",
		    0, 0, SCRIPT_STAY}}, "bad-response", {200, 1, 0, 2, NULL}},
		{{{OK "Content-Length: 9\r\n\r\nhello", 0, 0, SCRIPT_CLOSE}},
		    "reset", {200, 0, 5, 1, NULL}},
		{{{OK "Content-Length: 99\r\n\r\n", 0, 0, SCRIPT_STAY}},
		    "timeout", {200, 0, 0, 1, NULL}},
		{{{"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 0, 0,
		    SCRIPT_STAY}}, "status", {404, 0, 0, 1, NULL}},
		{{{OK "Content-Length: 5\r\n\r\nhello", 0, 2, SCRIPT_STAY}},
		    "page", {200, 0, 5, 1, NULL}},
		{{{"", 0, 0, SCRIPT_CLOSE}}, "reset", {0, 0, 0, 0, NULL}},
	};
	struct http_get_progress progress;
	struct http_get_options o = {
		.max_redirects = 3, .progress = &progress,
	};
	struct rig_got got;
	struct rig rig;

	check_case("how far a page came, whether it failed or not");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		progress = (struct http_get_progress){1, 2, 3, 4, NULL};
		rig_play(cases[i].steps, cases[i].steps[1].say != NULL ? 2 : 1,
		    "/", &o, &rig, &got);
		CHECK_STR(rig_name(&got), cases[i].kind);
		CHECK_INT(progress.status, cases[i].want.status);
		CHECK_INT(progress.redirects, cases[i].want.redirects);
		CHECK_INT(progress.bytes, cases[i].want.bytes);
		CHECK_INT(progress.answers, cases[i].want.answers);
		CHECK_STR(http_get_progress_phase(&progress), NULL);
		rig_end(&rig, &got);
	}
}

static bool
page_allows(const struct reactor_address *a)
{
	return reactor_address_port(a) != 1;
}

static void
page_allowed(void)
{
	static const struct script_step steps[] = {
		{ FOUND "http://127.0.0.1:1/\r\n\r\nover", 0, 0, SCRIPT_STAY },
	};
	const struct http_client_options o = { .allowed = page_allows };
	struct rig_got got;
	struct rig rig;

	check_case("an address that is not allowed, on a later hop");
	rig_open(&rig, &o);
	SCRIPT_PLAY(&rig.script, steps);
	rig_get(&rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "forbidden");
	CHECK_INT(rig.script.requests, 1);
	rig_end(&rig, &got);
}

int
main(void)
{
	page_allowed();
	page_facts();
	page_head();
	page_status();
	page_redirects();
	page_redirect_ends();
	page_redirect_loop();
	page_secrets();
	check_case("nor do they come back there, with a second redirect");
	page_keeps_secrets(false);
	check_case("nor when it leads back");
	page_keeps_secrets(true);
	page_fragments();
	page_bad_urls();
	get_page_long_heads();
	page_progress();
	return check_done();
}
