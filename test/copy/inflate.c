/*
 * inflate.c - unpacks what gzip packed.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "inflate.h"

#include <string.h>

int
main(void)
{
	/* printf 'hello, hello, hello planet' | gzip */
	static const unsigned char packed[] = {
		0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03,
		0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0xc8, 0x40, 0xa2,
		0x14, 0x0a, 0x72, 0x12, 0xf3, 0x52, 0x4b, 0x00, 0x8a, 0x56,
		0x6d, 0x9e, 0x1a, 0x00, 0x00, 0x00
	};
	static struct http_inflate z;	/* 40 KiB: not for a small stack */
	const char *at = (const char *)packed, *piece;
	size_t len = sizeof(packed), n;
	char text[64] = "";

	http_inflate_init(&z, HTTP_INFLATE_GZIP);
	while (http_inflate_next(&z, &at, &len, &piece, &n) ==
	    HTTP_INFLATE_DATA)
		strncat(text, piece, n);
	return http_inflate_end(&z) == 0 &&
	    strcmp(text, "hello, hello, hello planet") == 0 ? 0 : 1;
}
