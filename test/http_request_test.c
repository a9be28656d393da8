/*
 * http_request_test.c - request heads as written, and what is refused.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../http/request.h"

#include <stdlib.h>
#include <string.h>

#include "../http/head.h"
#include "../http/url.h"
#include "check.h"

#define USUAL "User-Agent: spindle\r\nAccept: */*\r\n" \
	"Accept-Encoding: gzip\r\n"

/* A field of two literals, with their lengths. */
#define FIELD(name, value) { name, sizeof(name) - 1, value, \
	sizeof(value) - 1 }

static struct http_url url;

/* A request for a URL, by GET. */
static struct http_request
get(const char *text)
{
	struct http_request r = { .method = "GET", .method_len = 3 };

	http_url_free(&url);
	CHECK_INT(http_url_parse(&url, text, strlen(text), NULL), 0);
	r.target = http_url_target(&url, &r.target_len);
	r.authority = http_url_authority(&url, &r.authority_len);
	return r;
}

/* Writes into exactly the room that is needed; our own parser agrees. */
static void
check_writes(const struct http_request *r, const char *want)
{
	size_t len = strlen(want);
	char *to = malloc(len);
	struct http_head h;

	CHECK_INT(http_request_write(r, NULL, 0), len);
	CHECK_INT(http_request_write(r, to, len - 1), len);
	if (CHECK_INT(http_request_write(r, to, len), len)) {
		CHECK_BYTES(to, len, want);
		http_head_init(&h, HTTP_HEAD_REQUEST);
		CHECK_INT(http_head_parse(&h, to, len), len);
	}
	free(to);
}

static void
test_forms(void)
{
	struct http_request r = get("http://u:p@example.org/a?b#c");

	check_case("a GET request");
	check_writes(&r, "GET /a?b HTTP/1.1\r\nHost: example.org\r\n" USUAL
	    "\r\n");
	r = get("https://[::1]:8443");
	r.close = true;
	check_writes(&r, "GET / HTTP/1.1\r\nHost: [::1]:8443\r\n" USUAL
	    "Connection: close\r\n\r\n");

	check_case("with a body");
	r = get("https://a/b");
	r.method = "POST";
	r.method_len = 4;
	r.has_body = true;
	check_writes(&r, "POST /b HTTP/1.1\r\nHost: a\r\n" USUAL
	    "Content-Length: 0\r\n\r\n");
	r.body_len = UINT64_MAX;
	check_writes(&r, "POST /b HTTP/1.1\r\nHost: a\r\n" USUAL
	    "Content-Length: 18446744073709551615\r\n\r\n");
}

static void
test_fields(void)
{
	static const struct http_request_field fields[] = {
		FIELD("X-Y", "a\tb \xff"), FIELD("HOST", "other"),
		FIELD("user-agent", "me"), FIELD("Accept", ""),
		FIELD("accept-encoding", "identity"),
	};
	struct http_request r = get("http://a/");

	check_case("the caller's fields come first");
	r.fields = fields;
	r.field_count = 5;
	check_writes(&r, "GET / HTTP/1.1\r\nX-Y: a\tb \xff\r\nHOST: other\r\n"
	    "user-agent: me\r\nAccept: \r\naccept-encoding: identity\r\n"
	    "\r\n");
}

static void
test_extra(void)
{
	static const struct http_request_field fields[] = {
		FIELD("Cookie", "a=1"), FIELD("X", "1"), FIELD("cookie", "b=2"),
	};
	static const struct http_request_field extra[] = {
		FIELD("COOKIE", "c=3"), FIELD("Accept", "text/html"),
		FIELD("XX", "2"),
	};
	static const struct http_request_field bad = FIELD("Y", "\r\n");
	struct http_request r = get("http://a:81/x?y#z");

	check_case("RFC 6265, 5.4: a request's own fields replace others");
	r.fields = fields;
	r.field_count = 3;
	r.extra = extra;
	r.extra_count = 3;
	check_writes(&r, "GET /x?y HTTP/1.1\r\nHost: a:81\r\n"
	    "User-Agent: spindle\r\nAccept-Encoding: gzip\r\nX: 1\r\n"
	    "COOKIE: c=3\r\nAccept: text/html\r\nXX: 2\r\n\r\n");
	r.extra = &bad;
	r.extra_count = 1;
	CHECK_INT(http_request_write(&r, NULL, 0), HTTP_REQUEST_E_VALUE);

	check_case("RFC 9112, 3.2.2: the absolute form, for a proxy");
	r = get("http://u:p@a:81/x?y#z");
	r.absolute = true;
	check_writes(&r, "GET http://a:81/x?y HTTP/1.1\r\nHost: a:81\r\n"
	    USUAL "\r\n");
}

static void
test_refused(void)
{
	static const struct {
		struct http_request_field field;
		int rc;
	} rows[] = {
		{ FIELD("", "x"), HTTP_REQUEST_E_NAME },
		{ FIELD("A B", "x"), HTTP_REQUEST_E_NAME },
		{ FIELD("A:", "x"), HTTP_REQUEST_E_NAME },
		{ FIELD("A\r\nB", "x"), HTTP_REQUEST_E_NAME },
		{ FIELD("A\0", "x"), HTTP_REQUEST_E_NAME },
		{ FIELD("A", "x\r\nB: y"), HTTP_REQUEST_E_VALUE },
		{ FIELD("A", "x\ry"), HTTP_REQUEST_E_VALUE },
		{ FIELD("A", "x\n"), HTTP_REQUEST_E_VALUE },
		{ FIELD("A", "\0"), HTTP_REQUEST_E_VALUE },
		{ FIELD("A", "\x7f"), HTTP_REQUEST_E_VALUE },
		{ FIELD("content-LENGTH", "1"), HTTP_REQUEST_E_FRAMING },
		{ FIELD("Transfer-Encoding", "x"), HTTP_REQUEST_E_FRAMING },
		{ FIELD("Connection", "x"), HTTP_REQUEST_E_FRAMING },
	};
	static const char *const methods[] = { "", "G T", "GET\r\nX:",
	    "G(T" };
	static const struct http_request_field hosts[] = {
		FIELD("Host", "a"), FIELD("host", "a")
	};
	struct http_request r = get("http://a/");

	check_case("what could inject is refused, nothing is written");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		r.fields = &rows[i].field;
		r.field_count = 1;
		CHECK_INT(http_request_write(&r, NULL, 0), rows[i].rc);
		CHECK(http_request_strerror(rows[i].rc) != NULL);
	}
	r.fields = hosts;
	r.field_count = 2;
	CHECK_INT(http_request_write(&r, NULL, 0), HTTP_REQUEST_E_HOST);
	r.field_count = 0;
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		r.method = methods[i];
		r.method_len = strlen(methods[i]);
		CHECK_INT(http_request_write(&r, NULL, 0),
		    HTTP_REQUEST_E_METHOD);
	}
	CHECK(http_request_strerror(0) == NULL);
	CHECK(http_request_strerror(HTTP_REQUEST_E_LENGTH) != NULL);
	CHECK(http_request_strerror(HTTP_REQUEST_E_TARGET) != NULL);
	CHECK(http_request_strerror(HTTP_REQUEST_E_TARGET - 1) == NULL);
}

static void
test_places(void)
{
	static const struct {
		const char *target, *authority;
		int rc;
	} places[] = {
		{ "/a b", "a", HTTP_REQUEST_E_TARGET },
		{ "/a\r\nX: y", "a", HTTP_REQUEST_E_TARGET },
		{ "/\xc3\xa9", "a", HTTP_REQUEST_E_TARGET },
		{ "/\x7f", "a", HTTP_REQUEST_E_TARGET },
		{ "", "a", HTTP_REQUEST_E_TARGET },
		{ "/", "a\r\nX: y", HTTP_REQUEST_E_TARGET },
		{ "/", "a b", HTTP_REQUEST_E_TARGET },
		{ "*", "", 0 },
	};
	struct http_request r = get("http://a/");

	check_case("target and authority are one word each");
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int rc;

		r.target = places[i].target;
		r.target_len = strlen(r.target);
		r.authority = places[i].authority;
		r.authority_len = strlen(r.authority);
		rc = http_request_write(&r, NULL, 0);
		CHECK_INT(rc < 0 ? rc : 0, places[i].rc);
	}
}

int
main(void)
{
	test_forms();
	test_fields();
	test_extra();
	test_refused();
	test_places();
	http_url_free(&url);
	return check_done();
}
