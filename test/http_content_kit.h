/*
 * http_content_kit.h - compressed answers, and getting them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_HTTP_CONTENT_KIT_H
#define SPINDLE_TEST_HTTP_CONTENT_KIT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "http_rig.h"

#define OK "HTTP/1.1 200 OK\r\n"

/* "hello", as gzip writes it. */
static const unsigned char content_gzip[] = {
	0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7,
	0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0
};

/*
 * An answer with this content, so coded, of a length or up to the close; freed
 * by the caller.
 */
static inline struct script_step
content_coded(const char *coding, const void *at, size_t len, size_t piece,
    enum script_end end, char **say)
{
	char length[64] = "";
	int n;

	*say = malloc(len + 128);
	if (*say == NULL)
		abort();
	if (end == SCRIPT_STAY)
		snprintf(length, sizeof(length), "Content-Length: %zu\r\n",
		    len);
	n = snprintf(*say, 128, OK "Content-Type: text/html\r\n"
	    "Content-Encoding: %s\r\n%s\r\n", coding, length);
	memcpy(*say + n, at, len);
	return (struct script_step){*say, (size_t)n + len, piece, end};
}

/* The same of gzip. */
static inline struct script_step
content_zipped(const unsigned char *at, size_t len, size_t piece,
    enum script_end end, char **say)
{
	return content_coded("gzip", at, len, piece, end, say);
}

/*
 * Fixed Huffman codes, a zero byte and then matches of 258 bytes at distance
 * one: code 285 is 11000101, the distance's 00000; 13 bits for 258 bytes.
 */
static size_t
content_make_bomb(unsigned char *at, size_t room)
{
	static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0,
	    3};
	static const char begin[] = "110" "00110000", match[] =
	    "1100010100000";
	size_t bit = 0, n = sizeof(head);

	memset(at, 0, room);
	memcpy(at, head, n);
	for (size_t i = 0; begin[i] != '\0'; i++, bit++)
		at[n + bit / 8] |= (unsigned char)((begin[i] == '1') <<
		    bit % 8);
	while (n + bit / 8 + 4 < room)
		for (size_t i = 0; match[i] != '\0'; i++, bit++)
			at[n + bit / 8] |= (unsigned char)((match[i] == '1') <<
			    bit % 8);
	return room;
}

#endif
