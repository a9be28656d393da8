/*
 * http_chain_test.c - what each request of a chain of redirects says: its
 * method and body, credentials and cookies.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/head.h"
#include "alloc.h"
#include "check.h"
#include "http_rig.h"

#define HI "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
#define GO(status, to) "HTTP/1.1 " #status " Go\r\nContent-Length: 0\r\n" \
	"Location: " to "\r\n"

/* The last answer of a script, to all further requests. */
#define CHAIN_HI { HI, 0, 0, SCRIPT_REPEAT }

static const struct script_step chain_hi = CHAIN_HI;

/* How often a text occurs in another. */
static int
chain_count(const char *in, const char *what)
{
	int count = 0;

	for (; (in = strstr(in, what)) != NULL; in++)
		count++;
	return count;
}

/* ---- methods and bodies ---- */

static const struct {
	int status;
	const char *method, *body;	/* as asked for */
	const char *first, *then;	/* lines of the two requests */
	bool keeps_body;
} chain_methods[] = {
	/* RFC 9110, 15.4.2 and 15.4.3: POST becomes GET. */
	{ 301, NULL, "a=b", "POST", "GET", false },
	{ 302, NULL, "a=b", "POST", "GET", false },
	{ 301, "PUT", "a=b", "PUT", "PUT", true },
	{ 302, "DELETE", NULL, "DELETE", "DELETE", false },
	{ 301, NULL, NULL, "GET", "GET", false },
	{ 302, "HEAD", NULL, "HEAD", "HEAD", false },
	{ 302, "POST", NULL, "POST", "GET", false },
	/* 15.4.4: all but HEAD becomes GET. */
	{ 303, NULL, "a=b", "POST", "GET", false },
	{ 303, "PUT", "a=b", "PUT", "GET", false },
	{ 303, "HEAD", NULL, "HEAD", "HEAD", false },
	{ 303, "GET", "a=b", "GET", "GET", false },
	/* 15.4.8 and 15.4.9: as it was. */
	{ 307, NULL, "a=b", "POST", "POST", true },
	{ 308, NULL, "", "POST", "POST", true },
	{ 307, "PATCH", "a=b", "PATCH", "PATCH", true },
	{ 308, NULL, NULL, "GET", "GET", false },
};

static void
chain_check_method(size_t i)
{
	char say[128], want[128];
	const struct script_step steps[] = {
		{ say, 0, 0, SCRIPT_STAY }, chain_hi,
	};
	const char *body = chain_methods[i].body, *then;
	struct http_get_options o = {
		.method = chain_methods[i].method, .body = body,
		.body_len = body != NULL ? strlen(body) : 0,
	};
	struct rig_got got;
	struct rig rig;

	snprintf(say, sizeof(say), "HTTP/1.1 %d Go\r\nContent-Length: 0\r\n"
	    "Location: /b\r\n\r\n", chain_methods[i].status);
	rig_play(steps, 2, "/a", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(rig.script.requests, 2);
	snprintf(want, sizeof(want), "%s /a HTTP/1.1\r\n",
	    chain_methods[i].first);
	CHECK(strncmp(rig.script.log, want, strlen(want)) == 0);
	snprintf(want, sizeof(want), "%s /b HTTP/1.1\r\n",
	    chain_methods[i].then);
	then = strstr(rig.script.log, want);
	if (CHECK(then != NULL)) {
		bool has = strstr(then, "Content-Type: ") != NULL;

		CHECK_INT(has, chain_methods[i].keeps_body);
		CHECK_INT(strstr(then, "Content-Length: ") != NULL, has);
		snprintf(want, sizeof(want), "\r\n\r\n%s", has ? body : "");
		CHECK_STR(strstr(then, "\r\n\r\n"), want);
	}
	rig_end(&rig, &got);
}

static void
chain_methods_test(void)
{
	check_case("each redirect with each method: RFC 9110, 15.4");
	for (size_t i = 0; i < sizeof(chain_methods) /
	    sizeof(*chain_methods); i++) {
		int failing = check_failing();

		chain_check_method(i);
		if (check_failing() > failing)
			printf("# in row %zu\n", i);
	}
}

static void
chain_bodies_test(void)
{
	static const struct http_request_field type = {
		"content-type", 12, "text/x", 6,
	};
	struct http_client_options own = { .fields = &type,
		.field_count = 1 };
	static char large[200000];
	struct http_get_options o = { .body = large,
		.body_len = sizeof(large), .content_type = "text/plain" };
	struct rig_got got;
	struct rig rig;

	check_case("bodies: none at all, a large one, its type");
	memset(large, 'x', sizeof(large));
	rig_open(&rig, NULL);
	script_play(&rig.script, &chain_hi, 1);
	rig.script.leftover = sizeof(large) + 1000;
	rig_get(&rig, &got, "/", &o);
	CHECK_STR(rig_name(&got), "page");
	CHECK(strstr(rig.script.heard, "Content-Length: 200000\r\n") != NULL);
	CHECK(strstr(rig.script.heard, "Content-Type: text/plain\r\n") !=
	    NULL);
	CHECK_INT(rig.script.requests, 1);
	rig_clear(&got);
	o = (struct http_get_options){ .method = "POST" };
	rig_get(&rig, &got, "/", &o);
	CHECK(strstr(rig.script.heard, "Content-Length: 0\r\n") != NULL);
	CHECK(strstr(rig.script.heard, "Content-Type") == NULL);
	CHECK(strstr(rig.script.heard, "Expect") == NULL);
	rig_clear(&got);
	o.method = "NO\r\nX: y";
	rig_get(&rig, &got, "/", &o);
	CHECK_STR(rig_name(&got), "http");
	CHECK_INT(rig.script.requests, 2);
	rig_end(&rig, &got);
	rig_open(&rig, &own);
	script_play(&rig.script, &chain_hi, 1);
	o = (struct http_get_options){ .body = "x", .body_len = 1 };
	rig_get(&rig, &got, "/", &o);
	CHECK_INT(chain_count(rig.script.heard, "ontent-"), 1 + 1);
	CHECK(strstr(rig.script.heard, "content-type: text/x\r\n") != NULL);
	rig_end(&rig, &got);
}

/*
 * A kept connection that its server closes at that moment is no trouble for a
 * request that may be repeated; one that may not does not try it.
 */
static void
chain_stale_test(void)
{
	static const struct {
		const char *method;
		int connections, requests;
	} rows[] = {
		{ "GET", 2, 3 }, { "PUT", 2, 3 }, { "DELETE", 2, 3 },
		{ "POST", 2, 2 }, { "PATCH", 2, 2 }, { "FROB", 2, 2 },
	};
	struct rig_got got;
	struct rig rig;

	check_case("9.2.2: what may not be repeated gets a new connection");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct script_step steps[] = {
			{ HI, 0, 0, SCRIPT_STAY },
			{ "", 0, 0, rows[i].requests == 3 ? SCRIPT_CLOSE :
			    SCRIPT_STAY }, chain_hi,
		};
		struct http_get_options o = { .method = rows[i].method };

		rig_open(&rig, &(struct http_client_options){
		    .per_host = 1 });
		if (rows[i].requests == 3)
			script_play(&rig.script, steps, 3);
		else
			script_play(&rig.script, &chain_hi, 1);
		rig_get(&rig, &got, "/", NULL);
		rig_clear(&got);
		rig_get(&rig, &got, "/", &o);
		if (!CHECK_STR(rig_name(&got), "page"))
			printf("# with %s\n", rows[i].method);
		CHECK_INT(rig.script.connections, rows[i].connections);
		CHECK_INT(rig.script.requests, rows[i].requests);
		rig_end(&rig, &got);
	}
	check_case("and one that breaks is not sent again");
	{
		static const struct script_step cut = { "", 0, 0,
			SCRIPT_CLOSE };
		struct http_get_options o = { .method = "POST" };

		rig_open(&rig, NULL);
		script_play(&rig.script, &cut, 1);
		rig_get(&rig, &got, "/", &o);
		CHECK_STR(rig_name(&got), "reset");
		CHECK_INT(rig.script.requests, 1);
		rig_end(&rig, &got);
	}
}

/* ---- credentials ---- */

/* A URL of a server of the rig, with a name and a password. */
static void
chain_url(char url[80], const char *who, const struct script *s,
    const char *path)
{
	snprintf(url, 80, "http://%s127.0.0.1:%u%s", who, s->port, path);
}

static void
chain_credentials_test(void)
{
	static const struct http_request_field field = {
		"authorization", 13, "Basic b3du", 10,
	};
	struct http_client_options own = { .fields = &field,
		.field_count = 1 };
	struct http_get_options none = { .no_secrets = true };
	char url[80], back[80], say[200], come[200];
	struct script_step here[3], there[1];
	struct script other;
	struct rig_got got;
	struct rig rig;

	check_case("RFC 9110, 11.6.2: a URL's password, to its origin only");
	rig_open(&rig, NULL);
	script_open(&other, rig.reactor, "127.0.0.1");
	chain_url(url, "x:y@", &other, "/2");
	snprintf(say, sizeof(say), GO(302, "%s") "\r\n", url);
	chain_url(back, "", &rig.script, "/3");
	snprintf(come, sizeof(come), GO(302, "%s") "\r\n", back);
	here[0] = (struct script_step){ GO(302, "/1") "\r\n", 0, 0,
	    SCRIPT_STAY };
	here[1] = (struct script_step){ say, 0, 0, SCRIPT_STAY };
	here[2] = chain_hi;
	there[0] = (struct script_step){ come, 0, 0, SCRIPT_STAY };
	script_play(&rig.script, here, 3);
	script_play(&other, there, 1);
	chain_url(url, "f:o@", &rig.script, "/0");
	rig_get(&rig, &got, url, NULL);
	CHECK_STR(rig_name(&got), "page");
	CHECK(got.page != NULL && got.page->strayed);
	CHECK_INT(rig.script.requests, 3);
	CHECK_INT(chain_count(rig.script.log, "Authorization: Basic Zjpv\r\n"),
	    2);
	CHECK(strstr(rig.script.heard, "GET /3 ") != NULL);
	CHECK(strstr(rig.script.heard, "Authorization") == NULL);
	CHECK_INT(other.requests, 1);
	CHECK(strstr(other.heard, "Authorization") == NULL);
	rig_clear(&got);
	script_play(&rig.script, &chain_hi, 1);
	rig_get(&rig, &got, url, &none);
	CHECK(strstr(rig.script.heard, "Authorization") == NULL);
	script_close(&other);
	rig_end(&rig, &got);

	check_case("the client's own field is stronger");
	rig_open(&rig, &own);
	script_play(&rig.script, &chain_hi, 1);
	chain_url(url, "f:o@", &rig.script, "/");
	rig_get(&rig, &got, url, NULL);
	CHECK(strstr(rig.script.heard, "authorization: Basic b3du\r\n") !=
	    NULL);
	CHECK_INT(chain_count(rig.script.heard, "Basic"), 1);
	CHECK(got.page != NULL && !got.page->strayed);
	rig_end(&rig, &got);
}

/* ---- cookies ---- */

static void
chain_cookies_test(void)
{
	static const struct script_step steps[] = {
		{ GO(302, "/b") "Set-Cookie: one=1\r\nSET-COOKIE: two=2; "
		    "path=/x\r\n\r\n", 0, 3, SCRIPT_STAY },
		{ "HTTP/1.1 103 Hints\r\nSet-Cookie: no=1\r\n\r\n"
		    GO(307, "/x/y") "Set-Cookie: one=3\r\n\r\n", 0, 0,
		    SCRIPT_STAY },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
		    "Set-Cookie: last=4\r\n\r\nhi", 0, 0, SCRIPT_STAY },
		CHAIN_HI,
	};
	struct http_cookie_jar jar = { .first = NULL };
	struct http_get_options o = { .cookies = &jar };
	struct rig_got got;
	struct rig rig;

	check_case("cookies along a chain, and for the page after it");
	rig_play(steps, 4, "/a", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(chain_count(rig.script.log, "Cookie: "), 2);
	CHECK_INT(chain_count(rig.script.log, "Cookie: one=1\r\n"), 1);
	CHECK(strstr(rig.script.heard, "Cookie: two=2; one=3\r\n") != NULL);
	rig_clear(&got);
	rig_get(&rig, &got, "/q", &o);
	CHECK(strstr(rig.script.heard, "Cookie: one=3\r\n") != NULL);
	rig_clear(&got);
	rig_get(&rig, &got, "/x/q", &o);
	CHECK(strstr(rig.script.heard, "Cookie: two=2; last=4; one=3\r\n") !=
	    NULL);
	rig_clear(&got);
	/* Another page, without this jar, knows nothing of it. */
	rig_get(&rig, &got, "/x/q", NULL);
	CHECK(strstr(rig.script.heard, "Cookie") == NULL);
	rig_end(&rig, &got);
	http_cookie_jar_clear(&jar);
}

/* A site that redirects until its cookie comes back. */
static void
chain_own_cookies_test(void)
{
	static const struct http_request_field field = {
		"cookie", 6, "own=0", 5,
	};
	static const struct script_step steps[] = {
		{ GO(302, "/") "Set-Cookie: seen=1\r\n\r\n", 0, 0,
		    SCRIPT_STAY }, CHAIN_HI,
	};
	struct http_client_options own = { .fields = &field,
		.field_count = 1 };
	struct http_get_options none = { .no_secrets = true };
	struct rig_got got;
	struct rig rig;

	check_case("RFC 6265, 5.4: one field, the user's own behind the jar's");
	rig_open(&rig, &own);
	script_play(&rig.script, steps, 2);
	rig_get(&rig, &got, "/", NULL);
	CHECK_INT(chain_count(rig.script.log, "cookie: own=0\r\n"), 1);
	CHECK(strstr(rig.script.heard, "Cookie: seen=1; own=0\r\n") != NULL);
	CHECK_INT(chain_count(rig.script.heard, "ookie: "), 1);
	rig_clear(&got);
	script_play(&rig.script, steps, 2);
	rig_get(&rig, &got, "/", &none);
	CHECK(strstr(rig.script.heard, "Cookie: seen=1\r\n") != NULL);
	CHECK(strstr(rig.script.log, "own") == NULL);
	rig_end(&rig, &got);
}

/* A server whose every answer has as many cookies as its head may hold. */
static void
chain_flood_test(void)
{
	static char say[HTTP_HEAD_MAX];
	const struct script_step steps[] = {
		{ say, 0, 0, SCRIPT_REPEAT },
	};
	struct http_get_options o = { .max_redirects = 3 };
	struct rig_got got;
	struct rig rig;
	size_t len;

	check_case("a flood of cookies: requests stay small, and go on");
	len = (size_t)snprintf(say, sizeof(say), GO(302, "/"));
	for (int i = 0; i < 900; i++)
		len += (size_t)snprintf(say + len, sizeof(say) - len,
		    "Set-Cookie: c%d=%0*d; path=/\r\n", i, 1 + i % 250, 0);
	snprintf(say + len, sizeof(say) - len, "\r\n");
	rig_play(steps, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "too-many-redirects");
	CHECK_INT(rig.script.requests, 4);
	CHECK(rig.script.heard_len < HTTP_COOKIE_JAR_BYTES + 500);
	CHECK(strstr(rig.script.heard, "c899=") != NULL);
	CHECK(strstr(rig.script.heard, "c0=") == NULL);
	rig_end(&rig, &got);
}

/* Cookies in whatever order of failures of memory. */
static void
chain_memory_test(void)
{
	static const struct script_step steps[] = {
		{ GO(302, "/b") "Set-Cookie: one=1\r\nSet-Cookie: two=2\r\n"
		    "\r\n", 0, 0, SCRIPT_STAY },
		{ GO(302, "/c") "Set-Cookie: one=3\r\n\r\n", 0, 0,
		    SCRIPT_STAY }, CHAIN_HI,
	};
	struct http_get_options o = { .body = "x", .body_len = 1 };
	bool failed = true;
	char url[80];

	check_case("without memory at any step");
	for (long n = 0; failed && n < 200; n++) {
		long live = alloc_live();
		struct rig_got got;
		struct rig rig;

		rig_open(&rig, NULL);
		script_play(&rig.script, steps, 3);
		chain_url(url, "u:p@", &rig.script, "/");
		alloc_fail_at(n, 1);
		rig_start(&rig, &got, url, &o);
		for (int i = 0; i < 500 && !got.fired; i++)
			reactor_iterate(rig.reactor, 0);
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		if (!got.fired)
			deferred_cancel(got.deferred);
		CHECK_INT(got.fired, 1);
		CHECK(failed || got.page != NULL);
		rig_end(&rig, &got);
		CHECK_INT(alloc_live(), live);
	}
	CHECK(!failed);
}

int
main(void)
{
	chain_methods_test();
	chain_bodies_test();
	chain_stale_test();
	chain_credentials_test();
	chain_cookies_test();
	chain_own_cookies_test();
	chain_flood_test();
	chain_memory_test();
	return check_done();
}
