/*
 * inflate_huffman.c - builds and reads canonical Huffman codes.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "inflate_private.h"

/* The lowest `len` bits of a code in reverse: so the stream has them. */
static uint32_t
http_inflate_reverse(uint32_t code, uint32_t len)
{
	uint32_t reversed = 0;

	for (; len > 0; len--, code >>= 1)
		reversed = reversed << 1 | (code & 1);
	return reversed;
}

/* Do the lengths make a code that leaves no bit pattern without meaning? */
static int
http_inflate_huffman_check(const struct http_inflate_huffman *h, size_t n)
{
	int32_t left = 1;

	for (int len = 1; len <= HTTP_INFLATE_LONGEST; len++) {
		left = left * 2 - h->count[len];
		if (left < 0)
			return HTTP_INFLATE_E_DATA;
	}
	if (left == 0)
		return 0;
	/* No code at all, or a lone one of one bit, is what encoders write. */
	return h->count[1] <= 1 && h->count[0] + (size_t)h->count[1] == n ?
	    0 : HTTP_INFLATE_E_DATA;
}

int
http_inflate_huffman_build(struct http_inflate_huffman *h,
    const uint8_t *lengths, size_t n)
{
	uint32_t code[HTTP_INFLATE_LONGEST + 1] = { 0 };
	uint16_t index[HTTP_INFLATE_LONGEST + 1] = { 0 };

	memset(h, 0, sizeof(*h));
	for (size_t i = 0; i < n; i++)
		h->count[lengths[i]]++;
	if (http_inflate_huffman_check(h, n) != 0)
		return HTTP_INFLATE_E_DATA;
	h->count[0] = 0;
	for (int len = 1; len < HTTP_INFLATE_LONGEST; len++) {
		code[len + 1] = (code[len] + h->count[len]) << 1;
		index[len + 1] = (uint16_t)(index[len] + h->count[len]);
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t len = lengths[i], at;

		if (len == 0)
			continue;
		h->symbols[index[len]++] = (uint16_t)i;
		at = http_inflate_reverse(code[len]++, len);
		if (len > HTTP_INFLATE_FAST)
			continue;
		for (; at < 1 << HTTP_INFLATE_FAST; at += 1u << len)
			h->fast[at] = (uint16_t)(i << 4 | len);
	}
	return 0;
}

/* Bit by bit: codes of one length begin where the shorter ones end. */
static uint32_t
http_inflate_huffman_slow(const struct http_inflate_huffman *h,
    uint64_t bits)
{
	uint32_t code = 0, first = 0, index = 0;

	for (uint32_t len = 1; len <= HTTP_INFLATE_LONGEST; len++) {
		uint32_t count = h->count[len];

		code |= (uint32_t)bits & 1;
		bits >>= 1;
		if (code < first + count)
			return (uint32_t)h->symbols[index + code - first] << 4
			    | len;
		index += count;
		first = (first + count) << 1;
		code <<= 1;
	}
	return 0xfff << 4 | HTTP_INFLATE_LONGEST;
}

uint32_t
http_inflate_huffman_decode(const struct http_inflate_huffman *h,
    uint64_t bits)
{
	uint32_t entry = h->fast[bits & ((1 << HTTP_INFLATE_FAST) - 1)];

	return entry != 0 ? entry : http_inflate_huffman_slow(h, bits);
}
