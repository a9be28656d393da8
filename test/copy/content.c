/*
 * content.c - packed content comes out as its sender had it, up to a limit.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "content.h"

#include <errno.h>
#include <string.h>

/* printf hello | gzip */
static const unsigned char packed[] = {
	0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7,
	0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0
};

/* What comes out is added to `text`; the result is 0 or an error. */
static int
unpack(char *text, uint64_t limit)
{
	const char *at = (const char *)packed, *piece;
	size_t len = sizeof(packed), n;
	struct http_head head = { .coding = HTTP_HEAD_GZIP };
	struct http_content c;
	int event = http_content_begin(&c, &head, limit);

	while (event >= 0 && (event = http_content_next(&c, &at, &len, &piece,
	    &n)) == HTTP_CONTENT_DATA)
		strncat(text, piece, n);
	if (event >= 0)
		event = http_content_end(&c);
	http_content_free(&c);
	return event;
}

int
main(void)
{
	char text[16] = "";

	return unpack(text, 5) == 0 && strcmp(text, "hello") == 0 &&
	    unpack(text, 4) == -EMSGSIZE ? 0 : 1;
}
