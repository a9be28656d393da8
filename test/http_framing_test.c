/*
 * http_framing_test.c - what a head says about the content after it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "../http/head.h"
#include "check.h"

/* A response with these lines after the first. */
#define WITH(lines) "HTTP/1.1 200 OK\r\n" lines "\r\n\r\n"

static void
parse(struct http_head *h, const char *in)
{
	http_head_init(h, HTTP_HEAD_RESPONSE);
	CHECK_INT(http_head_parse(h, in, strlen(in)), strlen(in));
}

/* A response to a method: its framing, and may the connection stay? */
struct framed {
	const char *in;
	const char *method;
	enum http_body_framing framing;
	int persists;
};

#define CHUNKED "Transfer-Encoding: chunked"
#define LENGTH "Content-Length: 5"

static const struct framed framings[] = {
	{ WITH(LENGTH), "GET", HTTP_BODY_LENGTH, 1 },
	{ WITH(LENGTH), "HEAD", HTTP_BODY_NONE, 1 },
	{ WITH(LENGTH), "head", HTTP_BODY_LENGTH, 1 },
	{ WITH(LENGTH), "CONNECT", HTTP_BODY_NONE, 1 },
	{ WITH("A: b"), "GET", HTTP_BODY_UNTIL_CLOSE, 0 },
	{ WITH("A: b"), "HEAD", HTTP_BODY_NONE, 1 },
	{ WITH(CHUNKED), "GET", HTTP_BODY_CHUNKED, 1 },
	{ WITH(CHUNKED "\r\n" LENGTH), "GET", HTTP_BODY_CHUNKED, 0 },
	{ WITH(LENGTH "\r\n" CHUNKED), "GET", HTTP_BODY_CHUNKED, 0 },
	{ WITH("Transfer-Encoding: identity\r\n" LENGTH), "GET",
	    HTTP_BODY_UNTIL_CLOSE, 0 },
	{ WITH(LENGTH "\r\nConnection: x,  Close ,y"), "GET",
	    HTTP_BODY_LENGTH, 0 },
	{ WITH(LENGTH "\r\nConnection: keep-alive, close"), "GET",
	    HTTP_BODY_LENGTH, 0 },
	{ WITH(LENGTH "\r\nConnection: closed"), "GET", HTTP_BODY_LENGTH, 1 },
	{ "HTTP/1.0 200 OK\r\n" LENGTH "\r\n\r\n", "GET", HTTP_BODY_LENGTH,
	    0 },
	{ "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n" LENGTH "\r\n\r\n",
	    "GET", HTTP_BODY_LENGTH, 1 },
	{ "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n" CHUNKED "\r\n\r\n",
	    "GET", HTTP_BODY_CHUNKED, 0 },
	{ "HTTP/1.1 100 x\r\n" CHUNKED "\r\n\r\n", "GET", HTTP_BODY_NONE, 1 },
	{ "HTTP/1.1 101 x\r\n\r\n", "GET", HTTP_BODY_NONE, 0 },
	{ "HTTP/1.1 204 x\r\n" LENGTH "\r\n\r\n", "GET", HTTP_BODY_NONE, 1 },
	{ "HTTP/1.1 304 x\r\n" LENGTH "\r\n\r\n", "GET", HTTP_BODY_NONE, 1 },
	{ "HTTP/1.1 404 x\r\n" LENGTH "\r\n\r\n", "CONNECT",
	    HTTP_BODY_LENGTH, 1 },
};

static void
test_framing(void)
{
	struct http_head h;

	check_case("framing and persistence (sections 6.3 and 9.3)");
	for (size_t i = 0; i < sizeof(framings) / sizeof(*framings); i++) {
		const struct framed *row = &framings[i];

		parse(&h, row->in);
		if (!CHECK_INT(http_head_framing(&h, row->method,
		    strlen(row->method)), row->framing) ||
		    !CHECK_INT(http_head_persists(&h, row->framing),
		    row->persists))
			printf("# in row %zu\n", i);
	}
}

static void
test_codings(void)
{
	static const struct {
		const char *in;
		enum http_head_coding coding;
	} rows[] = {
		{ WITH("A: b"), HTTP_HEAD_IDENTITY },
		{ WITH("Content-Encoding:"), HTTP_HEAD_IDENTITY },
		{ WITH("Content-Encoding: identity"), HTTP_HEAD_IDENTITY },
		{ WITH("Content-Encoding: GZip"), HTTP_HEAD_GZIP },
		{ WITH("Content-Encoding: x-gzip"), HTTP_HEAD_GZIP },
		{ WITH("Content-Encoding: deflate"), HTTP_HEAD_DEFLATE },
		{ WITH("Content-Encoding: br"), HTTP_HEAD_OTHER },
		{ WITH("Content-Encoding: gzip, gzip"), HTTP_HEAD_GZIP },
		{ WITH("Content-Encoding: gzip, gzip, gzip"), HTTP_HEAD_OTHER },
		{ WITH("Content-Encoding: gzip, zstd"), HTTP_HEAD_OTHER },
		{ WITH("Content-Encoding: UTF-8"), HTTP_HEAD_NO_CODING },
		{ WITH("Content-Encoding: utf-8, gzip, none"), HTTP_HEAD_GZIP },
		{ WITH("Content-Encoding: br\r\nContent-Encoding: gzip"),
		    HTTP_HEAD_OTHER },
	};
	struct http_head h;

	check_case("content codings");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		parse(&h, rows[i].in);
		CHECK_INT(h.coding, rows[i].coding);
		if (strstr(rows[i].in, "gzip, gzip") == NULL)
			CHECK_INT(h.inner_coding, HTTP_HEAD_IDENTITY);
	}
	parse(&h, WITH("Content-Encoding: x-gzip\r\n"
	    "Content-Encoding: deflate"));
	CHECK_INT(h.coding, HTTP_HEAD_DEFLATE);
	CHECK_INT(h.inner_coding, HTTP_HEAD_GZIP);
}

int
main(void)
{
	test_framing();
	test_codings();
	return check_done();
}
