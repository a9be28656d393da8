/*
 * request.c - writes a request; refuses one that would smuggle in a field.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "request.h"

#include <string.h>

int
main(void)
{
	static const char want[] = "GET /a HTTP/1.1\r\nHost: example.org\r\n"
	    "User-Agent: spindle\r\nAccept: */*\r\n"
	    "Accept-Encoding: gzip\r\nX: 1\r\n\r\n";
	struct http_request_field x = { "X", 1, "1", 1 };
	struct http_request r = { "GET", 3, "/a", 2, "example.org", 11, &x, 1,
	    false, false, 0, NULL, 0, false };
	char text[256];
	int len = http_request_write(&r, text, sizeof(text));

	if (len != (int)strlen(want) || memcmp(text, want, strlen(want)) != 0)
		return 1;
	x.value = "1\r\nEvil: yes";
	x.value_len = strlen(x.value);
	return http_request_write(&r, text, sizeof(text)) ==
	    HTTP_REQUEST_E_VALUE ? 0 : 1;
}
