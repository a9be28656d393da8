/*
 * inflate_symbols.c - where the time goes: decodes, copies, counts.
 *
 * The longest match takes 48 bits: 15 and 5 for the length, 15 and 13 for
 * the distance.  So the 64 bits read ahead hold one, or the input is at its
 * end; then the missing bits read as zeros, and what was decoded with more
 * bits than there are is forgotten until more have come.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "inflate_private.h"

/* Lengths and distances: the least one of a symbol, and its extra bits. */
static const uint16_t http_inflate_length_base[29] = {
	3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51,
	59, 67, 83, 99, 115, 131, 163, 195, 227, 258
};
static const uint8_t http_inflate_length_extra[29] = {
	0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4,
	4, 5, 5, 5, 5, 0
};
static const uint16_t http_inflate_distance_base[30] = {
	1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385,
	513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
	24577
};
static const uint8_t http_inflate_distance_extra[30] = {
	0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10,
	10, 11, 11, 12, 12, 13, 13
};

void
http_inflate_symbols_fixed(struct http_inflate *z)
{
	/* Blocks may be ten bits long: building is not for each. */
	if (z->fixed)
		return;
	z->fixed = true;
	memset(z->lengths, 8, 288);
	memset(z->lengths + 144, 9, 256 - 144);
	memset(z->lengths + 256, 7, 280 - 256);
	http_inflate_huffman_build(&z->literals, z->lengths, 288);
	/* Two of these 32 have no meaning, but a place in the code. */
	memset(z->lengths, 5, 32);
	http_inflate_huffman_build(&z->distances, z->lengths, 32);
}

/* Copies of the match what the window still has room for. */
static void
http_inflate_match(struct http_inflate *z)
{
	uint32_t mask = HTTP_INFLATE_WINDOW - 1;
	uint32_t from = (z->pos - z->distance) & mask;
	uint32_t n = HTTP_INFLATE_WINDOW - z->pos;
	unsigned char *to = z->window + z->pos;

	if (n > z->length)
		n = z->length;
	z->pos += n;
	z->length -= n;
	if (from + n <= HTTP_INFLATE_WINDOW && z->distance >= 8)
		for (; n >= 8; n -= 8, to += 8, from += 8)
			memmove(to, z->window + from, 8);
	for (; n > 0; n--, from++)
		*to++ = z->window[from & mask];
}

static uint32_t
http_inflate_low(uint64_t bits, uint32_t n)
{
	return (uint32_t)bits & ((1u << n) - 1);
}

/*
 * A match, of which the length symbol is read and was `used` bits long.
 * Returns 1 once it is known, 0 if bits are missing, or an error.
 */
static int
http_inflate_symbols_match(struct http_inflate *z, uint32_t symbol,
    uint32_t used)
{
	uint32_t length, distance, entry;

	if (symbol >= 29)
		return HTTP_INFLATE_E_DATA;
	length = http_inflate_length_base[symbol] +
	    http_inflate_low(z->bits >> used,
	    http_inflate_length_extra[symbol]);
	used += http_inflate_length_extra[symbol];
	entry = http_inflate_huffman_decode(&z->distances, z->bits >> used);
	used += entry & 15;
	if (used > z->bit_count)
		return 0;
	symbol = entry >> 4;
	if (symbol >= 30)
		return HTTP_INFLATE_E_DATA;
	distance = http_inflate_distance_base[symbol] +
	    http_inflate_low(z->bits >> used,
	    http_inflate_distance_extra[symbol]);
	used += http_inflate_distance_extra[symbol];
	if (used > z->bit_count)
		return 0;
	if (distance > z->pos - z->origin)
		return HTTP_INFLATE_E_DATA;
	z->bits >>= used;
	z->bit_count -= used;
	z->length = length;
	z->distance = distance;
	return 1;
}

int
http_inflate_symbols(struct http_inflate *z, struct http_inflate_input *in)
{
	for (;;) {
		uint32_t entry, used, symbol;

		if (z->length > 0)
			http_inflate_match(z);
		if (z->pos == HTTP_INFLATE_WINDOW)
			return HTTP_INFLATE_WAIT;
		(void)http_inflate_need(z, in, 48);
		entry = http_inflate_huffman_decode(&z->literals, z->bits);
		used = entry & 15;
		symbol = entry >> 4;
		if (used > z->bit_count)
			return HTTP_INFLATE_WAIT;
		if (symbol > 256) {
			int rc = http_inflate_symbols_match(z, symbol - 257,
			    used);

			if (rc <= 0)
				return rc;
			continue;
		}
		z->bits >>= used;
		z->bit_count -= used;
		if (symbol == 256)
			return http_inflate_block_end(z);
		z->window[z->pos++] = (unsigned char)symbol;
	}
}
