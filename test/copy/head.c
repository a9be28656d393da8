/*
 * head.c - the head of a response, read while it arrives byte by byte.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "head.h"

#include <string.h>

int
main(void)
{
	static const char bytes[] = "HTTP/1.1 200 OK\r\nServer: tiny\r\n"
	    "Content-Length: 5\r\n\r\nhello";
	struct http_head_field server;
	struct http_head h;
	size_t shown = 0;
	int len;

	http_head_init(&h, HTTP_HEAD_RESPONSE);
	do
		len = http_head_parse(&h, bytes, ++shown);
	while (len == 0 && shown < strlen(bytes));
	if (len <= 0)
		return 1;
	return h.status == 200 && strcmp(bytes + len, "hello") == 0 &&
	    http_head_framing(&h, "GET", 3) == HTTP_BODY_LENGTH &&
	    h.content_length == 5 &&
	    http_head_find(&h, "server", 6, &server) &&
	    memcmp(server.value, "tiny", server.value_len) == 0 ? 0 : 1;
}
