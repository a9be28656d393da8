/*
 * body.c - chunked content in two arrivals; then the next message begins.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "body.h"

#include <string.h>

int
main(void)
{
	static const char *const arrivals[] = { "5\r\nhello\r\n9\r\n, pla",
	    "nets\r\n0\r\n\r\nHTTP/1.1 200" };
	char content[32] = "";
	const char *at = "", *piece;
	size_t len, n;
	struct http_body b;
	int event = HTTP_BODY_MORE;

	http_body_init(&b, HTTP_BODY_CHUNKED, 0);
	for (int i = 0; i < 2 && event == HTTP_BODY_MORE; i++) {
		at = arrivals[i];
		len = strlen(at);
		while ((event = http_body_next(&b, &at, &len, &piece, &n)) ==
		    HTTP_BODY_DATA)
			strncat(content, piece, n);
	}
	return event == HTTP_BODY_DONE &&
	    strcmp(content, "hello, planets") == 0 &&
	    strcmp(at, "HTTP/1.1 200") == 0 ? 0 : 1;
}
