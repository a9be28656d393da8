/*
 * http_head_test.c - heads of responses and requests.
 *
 * Each is parsed whole, and byte by byte at a new place each time with
 * memory ending right behind it: the outcome must be the same.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../http/head.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "guard.h"

/* Shows one more byte each time, never twice at the same place. */
static int
parse_dripped(struct http_head *h, enum http_head_kind kind, const char *in,
    size_t len)
{
	int rc = 0;

	http_head_init(h, kind);
	for (size_t n = 0; n <= len && rc == 0; n++) {
		char *copy = guard_copy(in, n);

		rc = http_head_parse(h, copy, n);
		guard_free(copy, n);
	}
	h->base = in;
	return rc;
}

/* Parses both ways; h is left as the whole gave it. */
static int
parse(struct http_head *h, enum http_head_kind kind, const char *in)
{
	struct http_head dripped;
	size_t len = strlen(in);
	int rc;

	http_head_init(h, kind);
	rc = http_head_parse(h, in, len);
	CHECK_INT(parse_dripped(&dripped, kind, in, len), rc);
	if (rc > 0)
		CHECK(memcmp(&dripped, h, sizeof(*h)) == 0);
	return rc;
}

static int
parse_response(struct http_head *h, const char *in)
{
	return parse(h, HTTP_HEAD_RESPONSE, in);
}

static void
check_text(const struct http_head *h, struct http_head_slice slice,
    const char *want)
{
	const char *at = http_head_text(h, slice);

	if (want == NULL)
		CHECK(at == NULL);
	else
		CHECK_BYTES(at, slice.len, want);
}

static void
test_usual(void)
{
	static const char in[] =
	    "HTTP/1.1 301 Moved Permanently\r\n"
	    "Server: nginx/1.22.1\r\n"
	    "Date: Sat, 21 Nov 2026 06:00:00 GMT\r\n"
	    "content-TYPE: text/html; charset=utf-8\r\n"
	    "Content-Length: 162\r\n"
	    "Connection: keep-alive\r\n"
	    "Location: https://a/b\r\n"
	    "Retry-After:\t120 \t\r\n"
	    "X-Empty:\r\n"
	    "Content-Encoding: gzip\r\n"
	    "\r\nbody";
	struct http_head h;
	struct http_head_field f;
	size_t cursor = 0;
	int n = 0;

	check_case("a usual response");
	CHECK_INT(parse_response(&h, in), strlen(in) - 4);
	CHECK_INT(h.len, strlen(in) - 4);
	CHECK_INT(h.status, 301);
	CHECK_INT(h.minor, 1);
	check_text(&h, h.reason, "Moved Permanently");
	check_text(&h, h.content_type, "text/html; charset=utf-8");
	check_text(&h, h.location, "https://a/b");
	check_text(&h, h.retry_after, "120");
	check_text(&h, h.host, NULL);
	CHECK(h.has_length && h.content_length == 162);
	CHECK(h.keep_alive && !h.close && !h.chunked && !h.has_coding);
	CHECK_INT(h.coding, HTTP_HEAD_GZIP);

	check_case("fields one by one, and by name");
	while (http_head_next(&h, &cursor, &f))
		n++;
	CHECK_INT(n, 9);
	CHECK(!http_head_next(&h, &cursor, &f));
	CHECK(http_head_find(&h, "server", 6, &f));
	CHECK_BYTES(f.name, f.name_len, "Server");
	CHECK_BYTES(f.value, f.value_len, "nginx/1.22.1");
	CHECK(http_head_find(&h, "x-empty", 7, &f));
	CHECK_INT(f.value_len, 0);
	CHECK(!http_head_find(&h, "serve", 5, &f));
}

static void
test_find_next(void)
{
	static const char in[] = "HTTP/1.1 200 OK\r\nA: 1\r\nab: 2\nb\r\n"
	    "A : 3\r\na:4 \r\n: 5\r\nA:\r\n\r\nA: 6\r\n";
	struct http_head h;
	struct http_head_field f;
	size_t cursor = 0;

	check_case("all fields of one name");
	http_head_init(&h, HTTP_HEAD_RESPONSE);
	CHECK_INT(http_head_parse(&h, in, sizeof(in) - 1), sizeof(in) - 7);
	CHECK(http_head_find_next(&h, &cursor, "a", 1, &f));
	CHECK_BYTES(f.value, f.value_len, "1");
	CHECK(http_head_find_next(&h, &cursor, "a", 1, &f));
	CHECK_BYTES(f.name, f.name_len, "a");
	CHECK_BYTES(f.value, f.value_len, "4");
	CHECK(http_head_find_next(&h, &cursor, "a", 1, &f));
	CHECK_BYTES(f.value, f.value_len, "");
	CHECK(!http_head_find_next(&h, &cursor, "a", 1, &f));
	CHECK(!http_head_find_next(&h, &cursor, "a", 1, &f));
}

/* A response's head, and the result: 1 good, else the error. */
struct outcome {
	const char *in;
	int result;
};

static void
check_outcomes(const char *name, enum http_head_kind kind,
    const struct outcome *rows, size_t size)
{
	struct http_head h;

	check_case(name);
	for (size_t i = 0; i < size / sizeof(*rows); i++) {
		int rc = parse(&h, kind, rows[i].in);

		if (!CHECK_INT(rc > 0 ? 1 : rc, rows[i].result))
			printf("# in row %zu: %s\n", i, rows[i].in);
		CHECK(rc >= 0 || http_head_strerror(rc) != NULL);
	}
}

/* A response with these lines after the first. */
#define WITH(lines) "HTTP/1.1 200 OK\r\n" lines "\r\n\r\n"

static const struct outcome starts[] = {
	{ "HTTP/1.1 200 OK\r\n\r\n", 1 },
	{ "HTTP/1.1 200 OK\n\n", 1 },
	{ "HTTP/1.1 200 \r\n\r\n", 1 },
	{ "HTTP/1.1 200\r\n\r\n", 1 },
	{ "HTTP/1.0 999 \xc3\xa9t\xc3\xa9\r\n\r\n", 1 },
	{ "HTTP/1.9 200 OK\r\n\r\n", 1 },
	{ "HTTP/1.1 200 OK\r\n", 0 },
	{ "HTTP/1.1 200 OK\r\n\r", 0 },
	{ "HTTP/1.1 20", 0 },
	{ "", 0 },
	{ "\r\nHTTP/1.1 200 OK\r\n\r\n", HTTP_HEAD_E_START },
	{ "HTTP/1.1 +200 OK\r\n\r\n", HTTP_HEAD_E_START },
	{ "HTTP/1.1 0200 OK\r\n\r\n", HTTP_HEAD_E_START },
	{ "HTTP/1.1 020 OK\r\n\r\n", HTTP_HEAD_E_START },
	{ "HTTP/1.1 2000 OK\r\n\r\n", HTTP_HEAD_E_START },
	{ "HTTP/1.1 20x OK\r\n\r\n", HTTP_HEAD_E_START },
	{ "HTTP/1.1 200OK\r\n\r\n", HTTP_HEAD_E_START },
	{ "HTTP/1.1  200 OK\r\n\r\n", HTTP_HEAD_E_START },
	{ "HTTP/1.1\r\n\r\n", HTTP_HEAD_E_START },
	{ "HTTP/1.1 \r\n\r\n", HTTP_HEAD_E_START },
	{ "http/1.1 200 OK\r\n\r\n", HTTP_HEAD_E_START },
	{ "ICY 200 OK\r\n\r\n", HTTP_HEAD_E_START },
	{ "SSH-2.0-OpenSSH_9.2\r\n", HTTP_HEAD_E_START },
	{ "<html>\n", HTTP_HEAD_E_START },
	{ "HTTP/2 200\r\n\r\n", HTTP_HEAD_E_VERSION },
	{ "HTTP/2.0 200\r\n\r\n", HTTP_HEAD_E_VERSION },
	{ "HTTP/1.x 200\r\n\r\n", HTTP_HEAD_E_VERSION },
	{ "HTTP/1.10 200\r\n\r\n", HTTP_HEAD_E_VERSION },
	{ "HTTP/1.1\t200 OK\r\n\r\n", HTTP_HEAD_E_VERSION },
	{ "\x16\x03\x01", HTTP_HEAD_E_START },
	{ "HTTP/1.1 200 O\x01K\r\n\r\n", HTTP_HEAD_E_CONTROL },
	{ "H", 0 },
	{ "HTTP/", 0 },
	{ "HTTX", HTTP_HEAD_E_START },
	{ "HTTX\r\r", HTTP_HEAD_E_START },
	{ "hello", HTTP_HEAD_E_START },
};

static const struct outcome lines[] = {
	{ WITH("A: b\tc \xff"), 1 },
	{ WITH("A:b\nC:d"), 1 },
	{ WITH("no colon at all"), 1 },
	{ WITH(": no name"), 1 },
	{ WITH("Bad Name: x"), 1 },
	{ WITH("Bad\xffName: x"), 1 },
	{ WITH("A: b\r\n folded\r\n\tagain\r\nC: d"), 1 },
	{ WITH(" folded"), HTTP_HEAD_E_FIELD },
	{ WITH("Content-Length: 1\r\n 2"), HTTP_HEAD_E_FIELD },
	{ WITH("Transfer-Encoding:\r\n chunked"), HTTP_HEAD_E_FIELD },
	{ WITH("Connection: close\r\n\t, x"), HTTP_HEAD_E_FIELD },
	{ WITH("Content-Length : 1"), HTTP_HEAD_E_FIELD },
	{ WITH("Transfer-Encoding\t: chunked"), HTTP_HEAD_E_FIELD },
	{ WITH("Content-Length 1"), HTTP_HEAD_E_FIELD },
	{ WITH("Content-Length"), HTTP_HEAD_E_FIELD },
	{ WITH("A: b\rC: d"), HTTP_HEAD_E_CONTROL },
	{ WITH("A: b\r\rC: d"), HTTP_HEAD_E_CONTROL },
	{ WITH("A: \x01"), 1 },
	{ WITH("A: \x1f""abcdefgh"), 1 },
	{ WITH("Set-Cookie: a=\x01""b\r\n \x02\r\nC: d"), 1 },
	{ WITH("A: \x01\r\nConnection: close"), 1 },
	{ WITH("Connection: close, \x01"), HTTP_HEAD_E_CONTROL },
	{ WITH("Content-Length: 1\x02"), HTTP_HEAD_E_CONTROL },
	{ WITH("\x01""Content-Length: 1"), HTTP_HEAD_E_CONTROL },
	{ WITH("A: \x01\rC: d"), HTTP_HEAD_E_CONTROL },
	{ WITH("A\v: x"), HTTP_HEAD_E_CONTROL },
};

static const struct outcome lengths[] = {
	{ WITH("Content-Length: 007"), 1 },
	{ WITH("Content-Length: 42, 42,,042"), 1 },
	{ WITH("Content-Length: 42\r\nContent-Length: 42"), 1 },
	{ WITH("Content-Length: 18446744073709551615"), 1 },
	{ WITH("Content-Length: 18446744073709551616"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length: 184467440737095516150"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length: 42, 43"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length: 4\r\nContent-Length: 5"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length:"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length: ,"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length: +1"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length: -1"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length: 0x1"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length: 1 1"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length: 1a"), HTTP_HEAD_E_LENGTH },
	{ WITH("Content-Length: 1;"), HTTP_HEAD_E_LENGTH },
	{ WITH("Transfer-Encoding: chunked"), 1 },
	{ WITH("Transfer-Encoding: , ChunKed ,"), 1 },
	{ WITH("Transfer-Encoding: identity"), 1 },
	{ WITH("Transfer-Encoding: gzip, chunked"), HTTP_HEAD_E_CODING },
	{ WITH("Transfer-Encoding: xchunked"), HTTP_HEAD_E_CODING },
	{ WITH("Transfer-Encoding: chunked;q=1"), HTTP_HEAD_E_CODING },
	{ WITH("Transfer-Encoding: \"chunked\""), HTTP_HEAD_E_CODING },
	{ WITH("Transfer-Encoding: chunked, chunked"), HTTP_HEAD_E_CHUNKED },
	{ WITH("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
	    HTTP_HEAD_E_CHUNKED },
	{ WITH("Transfer-Encoding: chunked, identity"), HTTP_HEAD_E_CHUNKED },
};

static const struct outcome requests[] = {
	{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1 },
	{ "GET / HTTP/1.1\r\nHost:\r\n\r\n", 1 },
	{ "GET / HTTP/1.0\r\n\r\n", 1 },
	{ "\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 1 },
	{ "M-x! http://a/?%20 HTTP/1.1\r\nHost: a\r\n\r\n", 1 },
	{ "\r\n\r\n", 0 },
	{ "GET / HTTP/1.1\r\n\r\n", HTTP_HEAD_E_HOST },
	{ "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", HTTP_HEAD_E_HOST },
	{ "GET /\r\n\r\n", HTTP_HEAD_E_START },
	{ "GET  / HTTP/1.1\r\n\r\n", HTTP_HEAD_E_START },
	{ "GET /  HTTP/1.1\r\n\r\n", HTTP_HEAD_E_START },
	{ "GET /a b HTTP/1.1\r\n\r\n", HTTP_HEAD_E_START },
	{ "GET /\tb HTTP/1.1\r\n\r\n", HTTP_HEAD_E_START },
	{ "GET /\xc3\xa9 HTTP/1.1\r\n\r\n", HTTP_HEAD_E_START },
	{ "G(T / HTTP/1.1\r\n\r\n", HTTP_HEAD_E_START },
	{ " GET / HTTP/1.1\r\n\r\n", HTTP_HEAD_E_START },
	{ "GET / HTTP/1.1 \r\n\r\n", HTTP_HEAD_E_VERSION },
	{ "GET / HTTP/2.0\r\n\r\n", HTTP_HEAD_E_VERSION },
	{ "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", HTTP_HEAD_E_FIELD },
	{ "GET / HTTP/1.1\r\nHost: a\r\nB: \x01\r\n\r\n",
	    HTTP_HEAD_E_CONTROL },
	{ "GET / HTTP/1.1\r\nHost : a\r\n\r\n", HTTP_HEAD_E_FIELD },
	{ "GET / HTTP/1.1\r\nHost: a\r\nx\r\n\r\n", HTTP_HEAD_E_FIELD },
	{ "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n",
	    HTTP_HEAD_E_CODING },
};

static void
test_request(void)
{
	static const char in[] = "\r\nPUT /a?b HTTP/1.1\r\nHOST: h:81\r\n"
	    "Expect: 100-Continue\r\nContent-Length: 5\r\n\r\n12345";
	struct http_head h;

	check_case("a request");
	CHECK_INT(parse(&h, HTTP_HEAD_REQUEST, in), strlen(in) - 5);
	check_text(&h, h.method, "PUT");
	check_text(&h, h.target, "/a?b");
	check_text(&h, h.host, "h:81");
	CHECK(h.expect_continue);
	CHECK_INT(http_head_framing(&h, NULL, 0), HTTP_BODY_LENGTH);
	CHECK(http_head_persists(&h, HTTP_BODY_LENGTH));
	CHECK_INT(parse(&h, HTTP_HEAD_REQUEST,
	    "GET / HTTP/1.0\r\n\r\n"), 18);
	check_text(&h, h.method, "GET");
	CHECK_INT(http_head_framing(&h, NULL, 0), HTTP_BODY_NONE);
	CHECK(!http_head_persists(&h, HTTP_BODY_NONE));
	CHECK_INT(parse(&h, HTTP_HEAD_REQUEST, "P / HTTP/1.1\r\nHost: a\r\n"
	    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"), 72);
	CHECK_INT(http_head_framing(&h, NULL, 0), HTTP_BODY_CHUNKED);
	CHECK(!http_head_persists(&h, HTTP_BODY_CHUNKED));
}

/* Content-Type comes more than once: the last one with a charset. */
static void
test_types(void)
{
	static const struct {
		const char *in, *type;
	} rows[] = {
		{ WITH("Content-Type: a/b\r\nContent-Type: c/d"), "a/b" },
		{ WITH("Content-Type: a/b\r\nContent-Type: c/d;CharSet=x"),
		    "c/d;CharSet=x" },
		{ WITH("Content-Type: a/b; charset=x\r\nContent-Type: c/d"),
		    "a/b; charset=x" },
		{ WITH("Content-Type: a/b; charset=x\r\n"
		    "Content-Type: a/b; charset=y\r\n"
		    "Content-Type: a/b; mycharset=z"), "a/b; charset=y" },
	};
	struct http_head h;

	check_case("several types");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CHECK(parse_response(&h, rows[i].in) > 0);
		check_text(&h, h.content_type, rows[i].type);
	}
}

/* A head whose first line and one field have these many bytes of filling. */
static int
parse_filled(size_t reason, size_t value, size_t lines_more, int drip)
{
	static char in[3 * HTTP_HEAD_MAX];
	struct http_head h;
	size_t n = (size_t)sprintf(in, "HTTP/1.1 200 ");

	memset(in + n, 'r', reason);
	n += reason;
	n += (size_t)sprintf(in + n, "\r\nA: ");
	memset(in + n, 'v', value);
	n += value;
	for (size_t i = 0; i < lines_more; i++)
		n += (size_t)sprintf(in + n, "\r\nB: ");
	n += (size_t)sprintf(in + n, "\r\n\r\n");
	http_head_init(&h, HTTP_HEAD_RESPONSE);
	for (size_t shown = drip ? 1 : n; ; shown++) {
		int rc = http_head_parse(&h, in, shown);

		if (rc != 0 || shown == n)
			return rc;
	}
}

static void
test_limits(void)
{
	size_t start = HTTP_HEAD_START_MAX - 15;
	size_t value = HTTP_HEAD_MAX - 13 - 5 - 4;

	check_case("limits: first line, whole head, number of fields");
	for (int drip = 0; drip <= 1; drip++) {
		CHECK(parse_filled(start, 1, 0, drip) > 0);
		CHECK_INT(parse_filled(start + 1, 1, 0, drip),
		    HTTP_HEAD_E_LARGE);
		CHECK_INT(parse_filled(0, value, 0, drip), HTTP_HEAD_MAX);
		CHECK_INT(parse_filled(0, value + 1, 0, drip),
		    HTTP_HEAD_E_LARGE);
		CHECK(parse_filled(0, 1, HTTP_HEAD_FIELDS_MAX - 1, drip) > 0);
		CHECK_INT(parse_filled(0, 1, HTTP_HEAD_FIELDS_MAX, drip),
		    HTTP_HEAD_E_FIELDS);
	}
	CHECK(http_head_strerror(0) == NULL);
	CHECK(http_head_strerror(HTTP_HEAD_E_CHUNKED) != NULL);
	CHECK(http_head_strerror(HTTP_HEAD_E_CHUNKED - 1) == NULL);
}

static void
test_other_limits(void)
{
	static const char in[] = WITH("A: b\r\nC: d");
	struct http_head h;

	check_case("limits of the caller's");
	for (uint32_t most = 1; most <= sizeof(in); most++) {
		http_head_init(&h, HTTP_HEAD_RESPONSE);
		h.max_len = most;
		CHECK_INT(http_head_parse(&h, in, sizeof(in) - 1),
		    most < sizeof(in) - 1 ? HTTP_HEAD_E_LARGE :
		    (int)sizeof(in) - 1);
	}
	for (uint32_t most = 0; most < 4; most++) {
		http_head_init(&h, HTTP_HEAD_RESPONSE);
		h.max_fields = most;
		CHECK_INT(http_head_parse(&h, in, sizeof(in) - 1),
		    most < 2 ? HTTP_HEAD_E_FIELDS : (int)sizeof(in) - 1);
	}
}

static void
test_nul(void)
{
	static const char in[] = "HTTP/1.1 200 OK\r\nA: \0b\r\n\r\n";
	struct http_head h;

	check_case("a NUL, and a token of every byte");
	http_head_init(&h, HTTP_HEAD_RESPONSE);
	CHECK_INT(http_head_parse(&h, in, sizeof(in) - 1),
	    HTTP_HEAD_E_CONTROL);
	for (int c = 0x20; c < 256; c++) {
		char line[] = "?: x\n\n";
		char whole[64];
		int token = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') ||
		    strchr("!#$%&'*+-.^_`|~", c) != NULL;

		line[0] = (char)c;
		sprintf(whole, "GET / HTTP/1.0\n%s", line);
		http_head_init(&h, HTTP_HEAD_REQUEST);
		CHECK_INT(http_head_parse(&h, whole, strlen(whole)) > 0,
		    token);
	}
}

int
main(void)
{
	test_usual();
	test_find_next();
	check_outcomes("status lines", HTTP_HEAD_RESPONSE, starts,
	    sizeof(starts));
	check_outcomes("field lines", HTTP_HEAD_RESPONSE, lines,
	    sizeof(lines));
	check_outcomes("lengths and transfer codings", HTTP_HEAD_RESPONSE,
	    lengths, sizeof(lengths));
	check_outcomes("requests, strictly", HTTP_HEAD_REQUEST, requests,
	    sizeof(requests));
	test_request();
	test_types();
	test_limits();
	test_other_limits();
	test_nul();
	return check_done();
}
