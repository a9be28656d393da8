/*
 * http.c - the core of http/ alone: a URL is read, a request for it written,
 * and an answer in chunks read, which comes three bytes at a time.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "body.h"
#include "head.h"
#include "request.h"
#include "url.h"

static const char wanted[] = "GET /planets?near=yes HTTP/1.1\r\n"
    "Host: example.org:8080\r\nUser-Agent: spindle\r\nAccept: */*\r\n"
    "Accept-Encoding: gzip\r\n\r\n";

static const char answer[] = "HTTP/1.1 200 OK\r\n"
    "Transfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n9\r\n, planets\r\n0\r\n\r\n";

/* Does the request say what it should? */
static int
ask(const struct http_url *u)
{
	struct http_request r = { .method = "GET", .method_len = 3 };
	char text[256];
	int len;

	r.target = http_url_target(u, &r.target_len);
	r.authority = http_url_authority(u, &r.authority_len);
	len = http_request_write(&r, text, sizeof(text));
	return len == (int)strlen(wanted) && memcmp(text, wanted,
	    strlen(wanted)) == 0;
}

/* Reads the answer; its content is added to `content`. */
static int
read_answer(char *content)
{
	enum { STEP = 3 };
	struct http_head head;
	struct http_body body;
	size_t shown = 0, len, n;
	const char *at, *piece;
	int head_len, event;

	http_head_init(&head, HTTP_HEAD_RESPONSE);
	do {
		shown += STEP;
		head_len = http_head_parse(&head, answer, shown);
	} while (head_len == 0);
	if (head_len < 0 || head.status != 200)
		return -1;
	http_body_init(&body, http_head_framing(&head, "GET", 3),
	    head.content_length);
	at = answer + head_len;
	len = shown - (size_t)head_len;
	do {
		while ((event = http_body_next(&body, &at, &len, &piece,
		    &n)) == HTTP_BODY_DATA)
			strncat(content, piece, n);
		len = strlen(at) < STEP ? strlen(at) : STEP;
	} while (event == HTTP_BODY_MORE && len > 0);
	return event;
}

int
main(void)
{
	static const char text[] = "HTTP://Example.org:8080/a/../planets"
	    "?near=yes#top";
	char content[32] = "";
	struct http_url u;
	int right;

	if (http_url_parse(&u, text, strlen(text), NULL) != 0)
		return 1;
	right = ask(&u) && read_answer(content) == HTTP_BODY_DONE &&
	    strcmp(content, "hello, planets") == 0;
	http_url_free(&u);
	return right ? 0 : 1;
}
