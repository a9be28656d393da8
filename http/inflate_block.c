/*
 * inflate_block.c - what a block of the stream is, and how it is coded
 * (RFC 1951, section 3.2).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "inflate_private.h"

/* Reads ahead as much as 64 bits hold, if there are fewer than 48. */
bool
http_inflate_need(struct http_inflate *z, struct http_inflate_input *in,
    uint32_t n)
{
	const unsigned char *at = in->at;
	uint64_t word = 0;

	if (z->bit_count >= 48)
		return true;
	if (in->end - at < 8) {
		while (z->bit_count <= 56 && in->at < in->end) {
			z->bits |= (uint64_t)*in->at++ << z->bit_count;
			z->bit_count += 8;
		}
		return z->bit_count >= n;
	}
	for (int i = 7; i >= 0; i--)
		word = word << 8 | at[i];
	z->bits |= word << z->bit_count;
	in->at += (63 - z->bit_count) / 8;
	z->bit_count |= 56;
	z->bits &= ((uint64_t)1 << z->bit_count) - 1;
	return true;
}

uint32_t
http_inflate_take(struct http_inflate *z, uint32_t n)
{
	uint32_t taken = (uint32_t)(z->bits & (((uint64_t)1 << n) - 1));

	z->bits >>= n;
	z->bit_count -= n;
	return taken;
}

int
http_inflate_go(struct http_inflate *z, http_inflate_step *step)
{
	z->step = step;
	return HTTP_INFLATE_GO;
}

int
http_inflate_block_end(struct http_inflate *z)
{
	if (!z->last)
		return http_inflate_go(z, http_inflate_block);
	return http_inflate_go(z, z->bare ? http_inflate_ignore :
	    http_inflate_compare);
}

static int
http_inflate_copy(struct http_inflate *z, struct http_inflate_input *in)
{
	while (z->length > 0 && z->pos < HTTP_INFLATE_WINDOW) {
		size_t n = (size_t)(in->end - in->at);

		if (z->bit_count > 0) {
			z->window[z->pos++] =
			    (unsigned char)http_inflate_take(z, 8);
			z->length--;
			continue;
		}
		if (n > z->length)
			n = z->length;
		if (n > HTTP_INFLATE_WINDOW - z->pos)
			n = HTTP_INFLATE_WINDOW - z->pos;
		if (n == 0)
			return HTTP_INFLATE_WAIT;
		memcpy(z->window + z->pos, in->at, n);
		in->at += n;
		z->pos += (uint32_t)n;
		z->length -= (uint32_t)n;
	}
	return z->length > 0 ? HTTP_INFLATE_WAIT : http_inflate_block_end(z);
}

static int
http_inflate_stored(struct http_inflate *z, struct http_inflate_input *in)
{
	http_inflate_take(z, z->bit_count % 8);	/* to a whole byte */
	if (!http_inflate_need(z, in, 32))
		return HTTP_INFLATE_WAIT;
	z->length = http_inflate_take(z, 16);
	if (http_inflate_take(z, 16) != (z->length ^ 0xffff))
		return HTTP_INFLATE_E_DATA;
	return http_inflate_go(z, http_inflate_copy);
}

/*
 * One symbol of that code: a length, or how often to repeat the one before
 * (16) or zero (17, 18).
 */
static int
http_inflate_length(struct http_inflate *z, struct http_inflate_input *in)
{
	static const uint8_t extra[3] = { 2, 3, 7 }, least[3] = { 3, 3, 11 };
	uint32_t entry, used, symbol, repeat;

	http_inflate_need(z, in, 32);
	entry = http_inflate_huffman_decode(&z->literals, z->bits);
	used = entry & 15;
	symbol = entry >> 4;
	if (used > z->bit_count)
		return HTTP_INFLATE_WAIT;
	if (symbol < 16) {
		http_inflate_take(z, used);
		z->lengths[z->have++] = (uint8_t)symbol;
		return HTTP_INFLATE_GO;
	}
	if (symbol > 18 || (symbol == 16 && z->have == 0))
		return HTTP_INFLATE_E_DATA;
	if (used + extra[symbol - 16] > z->bit_count)
		return HTTP_INFLATE_WAIT;
	http_inflate_take(z, used);
	repeat = least[symbol - 16] + http_inflate_take(z, extra[symbol - 16]);
	if (repeat > z->total_count - z->have)
		return HTTP_INFLATE_E_DATA;
	memset(z->lengths + z->have,
	    symbol == 16 ? z->lengths[z->have - 1] : 0, repeat);
	z->have += repeat;
	return HTTP_INFLATE_GO;
}

static int
http_inflate_lengths(struct http_inflate *z, struct http_inflate_input *in)
{
	while (z->have < z->total_count) {
		int rc = http_inflate_length(z, in);

		if (rc != HTTP_INFLATE_GO)
			return rc;
	}
	/* Without an end of block there is none. */
	if (z->lengths[256] == 0 ||
	    http_inflate_huffman_build(&z->literals, z->lengths,
	    z->literal_count) != 0 ||
	    http_inflate_huffman_build(&z->distances,
	    z->lengths + z->literal_count,
	    z->total_count - z->literal_count) != 0)
		return HTTP_INFLATE_E_DATA;
	return http_inflate_go(z, http_inflate_symbols);
}

/* The lengths of the code in which the other lengths are written. */
static int
http_inflate_order(struct http_inflate *z, struct http_inflate_input *in)
{
	static const uint8_t order[19] = {
		16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1,
		15
	};
	int rc;

	for (; z->have < z->order_count; z->have++) {
		if (!http_inflate_need(z, in, 3))
			return HTTP_INFLATE_WAIT;
		z->lengths[order[z->have]] = (uint8_t)http_inflate_take(z, 3);
	}
	z->have = 0;
	rc = http_inflate_huffman_build(&z->literals, z->lengths, 19);
	return rc != 0 ? rc : http_inflate_go(z, http_inflate_lengths);
}

/* How many code lengths follow (RFC 1951, section 3.2.7). */
static int
http_inflate_dynamic(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 14))
		return HTTP_INFLATE_WAIT;
	z->literal_count = http_inflate_take(z, 5) + 257;
	z->total_count = z->literal_count + http_inflate_take(z, 5) + 1;
	z->order_count = http_inflate_take(z, 4) + 4;
	if (z->literal_count > 286 || z->total_count > z->literal_count + 30)
		return HTTP_INFLATE_E_DATA;
	z->have = 0;
	z->fixed = false;
	memset(z->lengths, 0, sizeof(z->lengths));
	return http_inflate_go(z, http_inflate_order);
}

/* Three bits open a block (RFC 1951, section 3.2.3). */
int
http_inflate_block(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 3))
		return HTTP_INFLATE_WAIT;
	z->last = http_inflate_take(z, 1) != 0;
	switch (http_inflate_take(z, 2)) {
	case 0:
		return http_inflate_go(z, http_inflate_stored);
	case 1:
		http_inflate_symbols_fixed(z);
		return http_inflate_go(z, http_inflate_symbols);
	case 2:
		return http_inflate_go(z, http_inflate_dynamic);
	default:
		return HTTP_INFLATE_E_DATA;
	}
}
