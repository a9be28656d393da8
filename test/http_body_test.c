/*
 * http_body_test.c - bodies in the three framings, cut everywhere.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../http/body.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "guard.h"

/* What a body turned out to be. */
struct outcome {
	char content[512];
	size_t len;
	size_t surplus;		/* bytes left after the end */
	int rc;			/* HTTP_BODY_DONE, _MORE or an error */
};

/* Shows `len` bytes, in pieces of `step`, each against a guard page. */
static struct outcome
decode(enum http_body_framing framing, uint64_t length, const char *in,
    size_t len, size_t step)
{
	struct outcome o = { .rc = HTTP_BODY_MORE };
	struct http_body b;

	http_body_init(&b, framing, length);
	for (size_t i = 0; o.rc == HTTP_BODY_MORE && i < len; i += step) {
		size_t shown = len - i < step ? len - i : step, left = shown;
		char *copy = guard_copy(in + i, shown);
		const char *at = copy, *piece;
		size_t n;

		while ((o.rc = http_body_next(&b, &at, &left, &piece, &n)) ==
		    HTTP_BODY_DATA) {
			if (!CHECK(n > 0 && piece >= copy && piece + n == at))
				break;
			memcpy(o.content + o.len, piece, n);
			o.len += n;
		}
		CHECK(o.rc != HTTP_BODY_MORE || left == 0);
		CHECK(at + left == copy + shown);
		o.surplus = o.rc == HTTP_BODY_DONE ? len - i - shown + left :
		    0;
		guard_free(copy, shown);
	}
	if (o.rc == HTTP_BODY_MORE)
		o.rc = http_body_end(&b);
	return o;
}

/* A body, its content, and what is left over; or an error. */
struct row {
	int framing;
	uint64_t length;
	const char *in;
	const char *content;
	const char *surplus;
	int rc;
};

static void
check_rows(const char *name, const struct row *rows, size_t size)
{
	check_case(name);
	for (size_t i = 0; i < size / sizeof(*rows); i++) {
		const struct row *r = &rows[i];
		size_t len = strlen(r->in);

		for (size_t step = 1; step <= len; step++) {
			struct outcome o = decode(
			    (enum http_body_framing)r->framing, r->length,
			    r->in, len, step);
			int good = CHECK_INT(o.rc, r->rc);

			good &= CHECK_BYTES(o.content, o.len, r->content);
			good &= CHECK_INT(o.surplus, strlen(r->surplus));
			if (!good)
				printf("# in row %zu, step %zu\n", i, step);
		}
		CHECK(r->rc >= 0 || http_body_strerror(r->rc) != NULL);
	}
}

enum { C = HTTP_BODY_CHUNKED, L = HTTP_BODY_LENGTH,
	U = HTTP_BODY_UNTIL_CLOSE, DONE = HTTP_BODY_DONE };

static const struct row simple[] = {
	{ HTTP_BODY_NONE, 0, "next", "", "next", DONE },
	{ L, 0, "next", "", "next", DONE },
	{ L, 5, "12345", "12345", "", DONE },
	{ L, 5, "12345next", "12345", "next", DONE },
	{ L, 5, "1234", "1234", "", HTTP_BODY_E_TRUNCATED },
	{ L, UINT64_C(1) << 32, "1234", "1234", "", HTTP_BODY_E_TRUNCATED },
	{ L, UINT64_MAX, "1234", "1234", "", HTTP_BODY_E_TRUNCATED },
	{ U, 0, "12345", "12345", "", 0 },
};

static const struct row chunked[] = {
	{ C, 0, "0\r\n\r\n", "", "", DONE },
	{ C, 0, "5\r\n12345\r\n0\r\n\r\nnext", "12345", "next", DONE },
	{ C, 0, "1\r\na\r\n0A\r\n0123456789\r\n000\r\n\r\n", "a0123456789",
	    "", DONE },
	{ C, 0, "a\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n",
	    "\r\n\r\n\r\n\r\n\r\n", "", DONE },
	{ C, 0, "2;x=y;z=\"q\"\r\nab\r\n0;w\r\n\r\n", "ab", "", DONE },
	{ C, 0, "2 \t\r\nab\r\n0 ;w\r\n\r\n", "ab", "", DONE },
	{ C, 0, "0\r\nA: b\r\nC: d\r\n\r\nnext", "", "next", DONE },
	{ C, 0, "000000000000000000001\r\na\r\n0\r\n\r\n", "a", "", DONE },
	{ C, 0, "5\r\n1234", "1234", "", HTTP_BODY_E_TRUNCATED },
	{ C, 0, "5\r\n12345", "12345", "", HTTP_BODY_E_TRUNCATED },
	{ C, 0, "5\r\n12345\r\n", "12345", "", HTTP_BODY_E_TRUNCATED },
	{ C, 0, "5\r\n12345\r\n0\r\n", "12345", "", HTTP_BODY_E_TRUNCATED },
	{ C, 0, "0\r\n\r", "", "", HTTP_BODY_E_TRUNCATED },
	{ C, 0, "100000000\r\nx", "x", "", HTTP_BODY_E_TRUNCATED },
	{ C, 0, "ffffffffffffffff\r\nx", "x", "", HTTP_BODY_E_TRUNCATED },
	{ C, 0, "10000000000000000\r\nx", "", "", HTTP_BODY_E_OVERFLOW },
};

static const struct row malformed[] = {
	{ C, 0, "\r\n", "", "", HTTP_BODY_E_SIZE },
	{ C, 0, "x\r\n", "", "", HTTP_BODY_E_SIZE },
	{ C, 0, "0x5\r\n", "", "", HTTP_BODY_E_SIZE },
	{ C, 0, "-5\r\n", "", "", HTTP_BODY_E_SIZE },
	{ C, 0, "+5\r\n", "", "", HTTP_BODY_E_SIZE },
	{ C, 0, " 5\r\n", "", "", HTTP_BODY_E_SIZE },
	{ C, 0, ";x\r\n", "", "", HTTP_BODY_E_SIZE },
	{ C, 0, "5g\r\n", "", "", HTTP_BODY_E_SIZE },
	{ C, 0, "5\n12345", "", "", HTTP_BODY_E_SIZE },
	{ C, 0, "5 5\r\n", "", "", HTTP_BODY_E_LINE },
	{ C, 0, "5;x\n12345", "", "", HTTP_BODY_E_LINE },
	{ C, 0, "5;\x01\r\n", "", "", HTTP_BODY_E_LINE },
	{ C, 0, "5\r12345", "", "", HTTP_BODY_E_LINE },
	{ C, 0, "5\r\n123456\r\n", "12345", "", HTTP_BODY_E_CRLF },
	{ C, 0, "5\r\n12345\n0\r\n", "12345", "", HTTP_BODY_E_CRLF },
	{ C, 0, "5\r\n12345\rx", "12345", "", HTTP_BODY_E_CRLF },
	{ C, 0, "0\r\nA\nB\r\n\r\n", "", "", HTTP_BODY_E_TRAILER },
	{ C, 0, "0\r\nA\rB\r\n\r\n", "", "", HTTP_BODY_E_TRAILER },
	{ C, 0, "0\r\n\n", "", "", HTTP_BODY_E_TRAILER },
	{ C, 0, "0\r\n\rx", "", "", HTTP_BODY_E_TRAILER },
};

/* Feeds `text` again and again; returns how often before it is refused. */
static int
feed(struct http_body *b, const char *text, int most)
{
	for (int times = 0; times < most; times++) {
		const char *at = text, *piece;
		size_t len = strlen(text), n;
		int rc;

		while ((rc = http_body_next(b, &at, &len, &piece, &n)) ==
		    HTTP_BODY_DATA)
			;
		if (rc < 0) {
			CHECK_INT(rc, HTTP_BODY_E_EXTRA);
			return times;
		}
	}
	return most;
}

static void
test_limits(void)
{
	struct http_body b;

	check_case("what surrounds chunks is limited; their number is not");
	http_body_init(&b, HTTP_BODY_CHUNKED, 0);
	CHECK_INT(feed(&b, "0", 10000), HTTP_BODY_LINE_MAX);
	http_body_init(&b, HTTP_BODY_CHUNKED, 0);
	feed(&b, "1;", 1);
	CHECK_INT(feed(&b, "x", 10000), HTTP_BODY_LINE_MAX - 2);
	http_body_init(&b, HTTP_BODY_CHUNKED, 0);
	CHECK_INT(feed(&b, "1;1234567\r\nx\r\n", 10000),
	    HTTP_BODY_EXTRA_MAX / 8);
	http_body_init(&b, HTTP_BODY_CHUNKED, 0);
	feed(&b, "0\r\n", 1);
	CHECK_INT(feed(&b, "A: 4567\r\n", 10000), HTTP_BODY_EXTRA_MAX / 8);
	http_body_init(&b, HTTP_BODY_CHUNKED, 0);
	feed(&b, "1;1234567\r\nx\r\n", HTTP_BODY_EXTRA_MAX / 8);
	CHECK_INT(feed(&b, "1;", 1), 1);
	CHECK_INT(feed(&b, "x", 10), 0);
	http_body_init(&b, HTTP_BODY_CHUNKED, 0);
	CHECK_INT(feed(&b, "1\r\nx\r\n", 100000), 100000);
}

static void
test_done(void)
{
	struct http_body b;
	const char *at = "", *piece;
	size_t len = 0, n;

	check_case("done without a byte, and for good");
	http_body_init(&b, HTTP_BODY_LENGTH, 0);
	CHECK_INT(http_body_next(&b, &at, &len, &piece, &n), DONE);
	CHECK_INT(http_body_next(&b, &at, &len, &piece, &n), DONE);
	CHECK_INT(http_body_end(&b), 0);
	http_body_init(&b, HTTP_BODY_CHUNKED, 0);
	CHECK_INT(http_body_next(&b, &at, &len, &piece, &n), HTTP_BODY_MORE);
	CHECK_INT(http_body_end(&b), HTTP_BODY_E_TRUNCATED);
	CHECK(http_body_strerror(0) == NULL);
	CHECK(http_body_strerror(HTTP_BODY_E_TRUNCATED) != NULL);
	CHECK(http_body_strerror(HTTP_BODY_E_TRUNCATED - 1) == NULL);
}

int
main(void)
{
	check_rows("none, length, until close", simple, sizeof(simple));
	check_rows("chunks", chunked, sizeof(chunked));
	check_rows("malformed chunks", malformed, sizeof(malformed));
	test_limits();
	test_done();
	return check_done();
}
