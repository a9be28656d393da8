/*
 * inflate.c - bits, codes, blocks, and what stands around them.
 *
 * The stream is read by steps.  A step is a function that takes all the bits
 * that it needs, or none: if they have not come yet it says so, and is
 * called again when they have.  So the input may be cut at any bit, and
 * nothing here has a special case for it.
 *
 * Output goes round in the window.  At its end, and before a checksum is
 * compared, a step waits until what is there has been handed over.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "inflate.h"

#include <string.h>

/* What a step returns, unless it is an enum http_inflate_error. */
enum {
	HTTP_INFLATE_WAIT = 0,	/* for bits, or for room in the window */
	HTTP_INFLATE_GO = 1	/* the next step may follow */
};

/* The input not yet used. */
struct http_inflate_input {
	const unsigned char *at;
	const unsigned char *end;
};

/* Sets the next step. */
static int
http_inflate_go(struct http_inflate *z, http_inflate_step *step)
{
	z->step = step;
	return HTTP_INFLATE_GO;
}

/* ---- bits ---- */

/*
 * Are there n bits, at most 48?  If there are fewer than 48 it reads ahead
 * as many bytes as 64 bits hold.
 */
static inline bool
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
	/* The last byte may be there in part: it is read again. */
	z->bits &= ((uint64_t)1 << z->bit_count) - 1;
	return true;
}

/* The lowest n bits, at most 32. */
static inline uint32_t
http_inflate_low(uint64_t bits, uint32_t n)
{
	return (uint32_t)(bits & (((uint64_t)1 << n) - 1));
}

static inline void
http_inflate_drop(struct http_inflate *z, uint32_t n)
{
	z->bits >>= n;
	z->bit_count -= n;
}

/* Takes n bits, at most 32, that are there; the lowest came first. */
static inline uint32_t
http_inflate_take(struct http_inflate *z, uint32_t n)
{
	uint32_t taken = http_inflate_low(z->bits, n);

	http_inflate_drop(z, n);
	return taken;
}

/* Drops what is left of a byte. */
static void
http_inflate_align(struct http_inflate *z)
{
	http_inflate_drop(z, z->bit_count % 8);
}

/* ---- Huffman codes ---- */

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

/*
 * Builds the code in which symbol i has lengths[i] bits, 0 to 15, for the n
 * symbols, at most 288.  Returns 0, or HTTP_INFLATE_E_DATA if there are more
 * codes than such lengths have room for, or fewer (but a lone code of one
 * bit, or none, is allowed: such are written when there are no distances).
 */
static int
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
		/* Whatever bits follow the code, it is this symbol. */
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

/*
 * The symbol that the lowest bits of `bits` stand for, as
 * symbol << 4 | length; symbol 0xfff, length 15 if they are no code.
 */
static inline uint32_t
http_inflate_huffman_decode(const struct http_inflate_huffman *h,
    uint64_t bits)
{
	uint32_t entry = h->fast[bits & ((1 << HTTP_INFLATE_FAST) - 1)];

	return entry != 0 ? entry : http_inflate_huffman_slow(h, bits);
}

/* ---- literals and matches ---- */

/*
 * Here the time goes.  The longest match takes 48 bits: 15 and 5 for the
 * length, 15 and 13 for the distance.  So the bits read ahead hold one, or
 * the input is at its end.  Then the missing bits read as zeros, and what
 * was decoded with more bits than there are is forgotten until more have
 * come.
 */

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

static int http_inflate_block_end(struct http_inflate *);

/* Copies as much of the match as the window still has room for. */
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
	/* Eight bytes at once, where none of them is written meanwhile. */
	if (from + n <= HTTP_INFLATE_WINDOW && z->distance >= 8)
		for (; n >= 8; n -= 8, to += 8, from += 8)
			memmove(to, z->window + from, 8);
	for (; n > 0; n--, from++)
		*to++ = z->window[from & mask];
}

/*
 * Reads a match, of which the length symbol is read and was `used` bits
 * long.  Returns HTTP_INFLATE_GO once all of it is known.
 */
static int
http_inflate_read_match(struct http_inflate *z, uint32_t symbol,
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
		return HTTP_INFLATE_WAIT;
	symbol = entry >> 4;
	if (symbol >= 30)
		return HTTP_INFLATE_E_DATA;
	distance = http_inflate_distance_base[symbol] +
	    http_inflate_low(z->bits >> used,
	    http_inflate_distance_extra[symbol]);
	used += http_inflate_distance_extra[symbol];
	if (used > z->bit_count)
		return HTTP_INFLATE_WAIT;
	if (distance > z->pos - z->origin)
		return HTTP_INFLATE_E_DATA;
	http_inflate_drop(z, used);
	z->length = length;
	z->distance = distance;
	return HTTP_INFLATE_GO;
}

/* Decodes literals and matches into the window, up to the end of a block. */
static int
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
			int verdict = http_inflate_read_match(z, symbol - 257,
			    used);

			if (verdict != HTTP_INFLATE_GO)
				return verdict;
			continue;
		}
		http_inflate_drop(z, used);
		if (symbol == 256)
			return http_inflate_block_end(z);
		z->window[z->pos++] = (unsigned char)symbol;
	}
}

/* ---- the three kinds of block (RFC 1951, section 3.2) ---- */

/* The bytes of a stored block. */
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

/* A stored block: its length, and once more with all bits inverted. */
static int
http_inflate_stored(struct http_inflate *z, struct http_inflate_input *in)
{
	http_inflate_align(z);
	if (!http_inflate_need(z, in, 32))
		return HTTP_INFLATE_WAIT;
	z->length = http_inflate_take(z, 16);
	if (http_inflate_take(z, 16) != (z->length ^ 0xffff))
		return HTTP_INFLATE_E_DATA;
	return http_inflate_go(z, http_inflate_copy);
}

/* Sets the two codes that need no description (RFC 1951, section 3.2.6). */
static void
http_inflate_set_fixed(struct http_inflate *z)
{
	/* A block may be ten bits long: not each builds these codes. */
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

/*
 * One code length, itself coded: a length from 0 to 15, or how often to
 * repeat the one before (16) or zero (17, 18).
 */
static int
http_inflate_length(struct http_inflate *z, struct http_inflate_input *in)
{
	static const uint8_t extra[3] = { 2, 3, 7 }, least[3] = { 3, 3, 11 };
	uint32_t entry, used, symbol, repeat;

	(void)http_inflate_need(z, in, 32);
	entry = http_inflate_huffman_decode(&z->literals, z->bits);
	used = entry & 15;
	symbol = entry >> 4;
	if (used > z->bit_count)
		return HTTP_INFLATE_WAIT;
	if (symbol < 16) {
		http_inflate_drop(z, used);
		z->lengths[z->have++] = (uint8_t)symbol;
		return HTTP_INFLATE_GO;
	}
	if (symbol > 18 || (symbol == 16 && z->have == 0))
		return HTTP_INFLATE_E_DATA;
	if (used + extra[symbol - 16] > z->bit_count)
		return HTTP_INFLATE_WAIT;
	http_inflate_drop(z, used);
	repeat = least[symbol - 16] + http_inflate_take(z, extra[symbol - 16]);
	if (repeat > z->total_count - z->have)
		return HTTP_INFLATE_E_DATA;
	memset(z->lengths + z->have,
	    symbol == 16 ? z->lengths[z->have - 1] : 0, repeat);
	z->have += repeat;
	return HTTP_INFLATE_GO;
}

/* All code lengths; then the two codes of the block are known. */
static int
http_inflate_lengths(struct http_inflate *z, struct http_inflate_input *in)
{
	while (z->have < z->total_count) {
		int verdict = http_inflate_length(z, in);

		if (verdict != HTTP_INFLATE_GO)
			return verdict;
	}
	/* A block without a code for its end would never end. */
	if (z->lengths[256] == 0 ||
	    http_inflate_huffman_build(&z->literals, z->lengths,
	    z->literal_count) != 0 ||
	    http_inflate_huffman_build(&z->distances,
	    z->lengths + z->literal_count,
	    z->total_count - z->literal_count) != 0)
		return HTTP_INFLATE_E_DATA;
	return http_inflate_go(z, http_inflate_symbols);
}

/* The code in which these lengths are written: three bits for each symbol. */
static int
http_inflate_order(struct http_inflate *z, struct http_inflate_input *in)
{
	static const uint8_t order[19] = {
		16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1,
		15
	};
	int error;

	for (; z->have < z->order_count; z->have++) {
		if (!http_inflate_need(z, in, 3))
			return HTTP_INFLATE_WAIT;
		z->lengths[order[z->have]] = (uint8_t)http_inflate_take(z, 3);
	}
	z->have = 0;
	error = http_inflate_huffman_build(&z->literals, z->lengths, 19);
	return error != 0 ? error : http_inflate_go(z, http_inflate_lengths);
}

/* A block with codes of its own: how many code lengths (section 3.2.7). */
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

/* Three bits open a block (section 3.2.3). */
static int
http_inflate_block(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 3))
		return HTTP_INFLATE_WAIT;
	z->last = http_inflate_take(z, 1) != 0;
	switch (http_inflate_take(z, 2)) {
	case 0:
		return http_inflate_go(z, http_inflate_stored);
	case 1:
		http_inflate_set_fixed(z);
		return http_inflate_go(z, http_inflate_symbols);
	case 2:
		return http_inflate_go(z, http_inflate_dynamic);
	default:
		return HTTP_INFLATE_E_DATA;
	}
}

/* ---- checksums ---- */

/*
 * Entry [k][v] is what the remainder of a nibble v becomes once k nibbles
 * of zero have followed: so eight nibbles, four bytes, are looked up side
 * by side instead of one after the other.  Polynomial 0xedb88320.
 */
static const uint32_t http_inflate_crc_table[8][16] = {
	{ 0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
	  0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
	  0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
	  0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c },
	{ 0x00000000, 0x77073096, 0xee0e612c, 0x990951ba,
	  0x076dc419, 0x706af48f, 0xe963a535, 0x9e6495a3,
	  0x0edb8832, 0x79dcb8a4, 0xe0d5e91e, 0x97d2d988,
	  0x09b64c2b, 0x7eb17cbd, 0xe7b82d07, 0x90bf1d91 },
	{ 0x00000000, 0x4ac21251, 0x958424a2, 0xdf4636f3,
	  0xf0794f05, 0xbabb5d54, 0x65fd6ba7, 0x2f3f79f6,
	  0x3b83984b, 0x71418a1a, 0xae07bce9, 0xe4c5aeb8,
	  0xcbfad74e, 0x8138c51f, 0x5e7ef3ec, 0x14bce1bd },
	{ 0x00000000, 0x191b3141, 0x32366282, 0x2b2d53c3,
	  0x646cc504, 0x7d77f445, 0x565aa786, 0x4f4196c7,
	  0xc8d98a08, 0xd1c2bb49, 0xfaefe88a, 0xe3f4d9cb,
	  0xacb54f0c, 0xb5ae7e4d, 0x9e832d8e, 0x87981ccf },
	{ 0x00000000, 0x1c26a370, 0x384d46e0, 0x246be590,
	  0x709a8dc0, 0x6cbc2eb0, 0x48d7cb20, 0x54f16850,
	  0xe1351b80, 0xfd13b8f0, 0xd9785d60, 0xc55efe10,
	  0x91af9640, 0x8d893530, 0xa9e2d0a0, 0xb5c473d0 },
	{ 0x00000000, 0x01c26a37, 0x0384d46e, 0x0246be59,
	  0x0709a8dc, 0x06cbc2eb, 0x048d7cb2, 0x054f1685,
	  0x0e1351b8, 0x0fd13b8f, 0x0d9785d6, 0x0c55efe1,
	  0x091af964, 0x08d89353, 0x0a9e2d0a, 0x0b5c473d },
	{ 0x00000000, 0x5019579f, 0xa032af3e, 0xf02bf8a1,
	  0x9b14583d, 0xcb0d0fa2, 0x3b26f703, 0x6b3fa09c,
	  0xed59b63b, 0xbd40e1a4, 0x4d6b1905, 0x1d724e9a,
	  0x764dee06, 0x2654b999, 0xd67f4138, 0x866616a7 },
	{ 0x00000000, 0xb8bc6765, 0xaa09c88b, 0x12b5afee,
	  0x8f629757, 0x37def032, 0x256b5fdc, 0x9dd738b9,
	  0xc5b428ef, 0x7d084f8a, 0x6fbde064, 0xd7018701,
	  0x4ad6bfb8, 0xf26ad8dd, 0xe0df7733, 0x58631056 }
};

/* CRC-32 (RFC 1952, section 8) of what gave `crc`, at first 0, and these. */
static uint32_t
http_inflate_crc(uint32_t crc, const unsigned char *at, size_t len)
{
	const uint32_t (*t)[16] = http_inflate_crc_table;
	uint32_t c = ~crc;

	for (; len >= 4; at += 4, len -= 4) {
		c ^= at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
		    (uint32_t)at[3] << 24;
		c = t[7][c & 15] ^ t[6][c >> 4 & 15] ^ t[5][c >> 8 & 15] ^
		    t[4][c >> 12 & 15] ^ t[3][c >> 16 & 15] ^
		    t[2][c >> 20 & 15] ^ t[1][c >> 24 & 15] ^ t[0][c >> 28];
	}
	for (; len > 0; at++, len--) {
		c ^= *at;
		c = c >> 4 ^ t[0][c & 15];
		c = c >> 4 ^ t[0][c & 15];
	}
	return ~c;
}

/* Adler-32 (RFC 1950, section 9) likewise; at first 1. */
static uint32_t
http_inflate_adler(uint32_t adler, const unsigned char *at, size_t len)
{
	uint32_t a = adler & 0xffff, b = adler >> 16;

	while (len > 0) {
		/* 5552 bytes are the most before b could overflow. */
		size_t n = len < 5552 ? len : 5552;

		len -= n;
		for (; n > 0; n--) {
			a += *at++;
			b += a;
		}
		a %= 65521;
		b %= 65521;
	}
	return b << 16 | a;
}

/* ---- before the blocks: headers of gzip and zlib ---- */

/* Bits of a gzip header's FLG; the first one does not matter. */
enum {
	HTTP_INFLATE_HCRC = 2,
	HTTP_INFLATE_EXTRA = 4,
	HTTP_INFLATE_NAME = 8,
	HTTP_INFLATE_COMMENT = 16,
	HTTP_INFLATE_RESERVED = 0xe0
};

/*
 * Passes over z->length bytes, then over the next part of a gzip header that
 * is there by the flags; each flag is cleared as its part has passed.
 */
static int
http_inflate_parts(struct http_inflate *z, struct http_inflate_input *in)
{
	for (; z->length > 0; z->length--) {
		if (!http_inflate_need(z, in, 8))
			return HTTP_INFLATE_WAIT;
		http_inflate_drop(z, 8);
	}
	if ((z->flags & HTTP_INFLATE_EXTRA) != 0) {
		if (!http_inflate_need(z, in, 16))
			return HTTP_INFLATE_WAIT;
		z->length = http_inflate_take(z, 16);
		z->flags ^= HTTP_INFLATE_EXTRA;
	} else if ((z->flags & (HTTP_INFLATE_NAME |
	    HTTP_INFLATE_COMMENT)) != 0) {
		do {
			if (!http_inflate_need(z, in, 8))
				return HTTP_INFLATE_WAIT;
		} while (http_inflate_take(z, 8) != 0);
		z->flags ^= (z->flags & HTTP_INFLATE_NAME) != 0 ?
		    HTTP_INFLATE_NAME : HTTP_INFLATE_COMMENT;
	} else if ((z->flags & HTTP_INFLATE_HCRC) != 0) {
		z->length = 2;
		z->flags ^= HTTP_INFLATE_HCRC;
	} else {
		return http_inflate_go(z, http_inflate_block);
	}
	return HTTP_INFLATE_GO;
}

/* The method, which must be deflate (8), and the flags. */
static int
http_inflate_method(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	if (http_inflate_take(z, 8) != 8)
		return HTTP_INFLATE_E_METHOD;
	z->flags = http_inflate_take(z, 8);
	if ((z->flags & HTTP_INFLATE_RESERVED) != 0)
		return HTTP_INFLATE_E_METHOD;
	z->length = 6;		/* MTIME, XFL, OS */
	return http_inflate_go(z, http_inflate_parts);
}

/* Drops all input: what follows the end of the stream has no meaning. */
static int
http_inflate_ignore(struct http_inflate *z, struct http_inflate_input *in)
{
	in->at = in->end;
	z->bit_count = 0;
	return HTTP_INFLATE_WAIT;
}

/* The two bytes that open another member, or the end of the stream. */
static int
http_inflate_member(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	if (http_inflate_take(z, 16) != 0x8b1f)
		return http_inflate_go(z, http_inflate_ignore);
	z->check = 0;
	z->origin = z->pos;
	return http_inflate_go(z, http_inflate_method);
}

/* The same of the first member, which must be there. */
static int
http_inflate_start(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	return http_inflate_low(z->bits, 16) == 0x8b1f ?
	    http_inflate_member(z, in) : HTTP_INFLATE_E_FORMAT;
}

/*
 * A zlib header (RFC 1950, section 2.2) if these two bytes can be one:
 * "deflate" ought to have it, and often comes without.
 */
static int
http_inflate_zlib(struct http_inflate *z, struct http_inflate_input *in)
{
	uint32_t cmf, flg;

	if (!http_inflate_need(z, in, 16))
		return HTTP_INFLATE_WAIT;
	cmf = z->bits & 255;
	flg = z->bits >> 8 & 255;
	z->bare = (cmf & 15) != 8 || cmf >> 4 > 7 || (flg & 32) != 0 ||
	    (cmf << 8 | flg) % 31 != 0;
	if (!z->bare)
		http_inflate_drop(z, 16);
	return http_inflate_go(z, http_inflate_block);
}

/* ---- after the blocks: checksum and size ---- */

/* The size of the output, modulo 2^32; then another member may follow. */
static int
http_inflate_size(struct http_inflate *z, struct http_inflate_input *in)
{
	if (!http_inflate_need(z, in, 32))
		return HTTP_INFLATE_WAIT;
	if (http_inflate_take(z, 32) != (uint32_t)(z->pos - z->origin))
		z->damaged = true;
	return http_inflate_go(z, http_inflate_member);
}

/*
 * The checksum.  Ours is taken of the output as that is handed over, so it
 * waits until all of it has been.
 */
static int
http_inflate_compare(struct http_inflate *z, struct http_inflate_input *in)
{
	bool gzip = z->format == HTTP_INFLATE_GZIP;
	uint32_t want;

	if (z->pos > z->given)
		return HTTP_INFLATE_WAIT;
	http_inflate_align(z);
	if (!http_inflate_need(z, in, 32))
		return HTTP_INFLATE_WAIT;
	want = http_inflate_take(z, 32);
	if (!gzip)	/* the one number here that comes highest byte first */
		want = want >> 24 | (want >> 8 & 0xff00) |
		    (want << 8 & 0xff0000) | want << 24;
	if (want != z->check)
		z->damaged = true;
	return http_inflate_go(z, gzip ? http_inflate_size :
	    http_inflate_ignore);
}

/* Goes on after a block. */
static int
http_inflate_block_end(struct http_inflate *z)
{
	if (!z->last)
		return http_inflate_go(z, http_inflate_block);
	return http_inflate_go(z, z->bare ? http_inflate_ignore :
	    http_inflate_compare);
}

/* ---- the stream ---- */

void
http_inflate_init(struct http_inflate *z, enum http_inflate_format format)
{
	/* The window need not be cleared: no match reaches before origin. */
	memset(z, 0, offsetof(struct http_inflate, literals));
	z->format = format;
	z->step = format == HTTP_INFLATE_GZIP ? http_inflate_start :
	    http_inflate_zlib;
	z->check = format == HTTP_INFLATE_GZIP ? 0 : 1;
}

/* Hands over the output that is in the window; false if there is none. */
static bool
http_inflate_give(struct http_inflate *z, const char **piece, size_t *len)
{
	const unsigned char *at = z->window + z->given;

	if (z->pos == z->given)
		return false;
	*piece = (const char *)at;
	*len = z->pos - z->given;
	z->given = z->pos;
	if (z->format == HTTP_INFLATE_GZIP)
		z->check = http_inflate_crc(z->check, at, *len);
	else if (!z->bare)
		z->check = http_inflate_adler(z->check, at, *len);
	return true;
}

int
http_inflate_next(struct http_inflate *z, const char **at, size_t *len,
    const char **piece, size_t *piece_len)
{
	struct http_inflate_input in = {
		(const unsigned char *)*at, (const unsigned char *)*at + *len
	};
	int verdict = z->error;

	if (z->pos == HTTP_INFLATE_WINDOW && z->given == z->pos) {
		z->pos = z->given = 0;
		z->origin -= HTTP_INFLATE_WINDOW;
	}
	if (verdict == 0)
		while ((verdict = z->step(z, &in)) == HTTP_INFLATE_GO)
			;
	z->error = verdict;
	*at = (const char *)in.at;
	*len = (size_t)(in.end - in.at);
	/* What came out before an error is good. */
	if (http_inflate_give(z, piece, piece_len))
		return HTTP_INFLATE_DATA;
	return verdict;
}

int
http_inflate_end(const struct http_inflate *z)
{
	bool first = z->step == http_inflate_start ||
	    z->step == http_inflate_zlib;

	if (z->error != 0)
		return z->error;
	if (first && z->bit_count == 0)
		return 0;
	if (z->step == http_inflate_ignore || z->step == http_inflate_member)
		return z->damaged ? HTTP_INFLATE_E_CHECK : 0;
	return z->step == http_inflate_compare || z->step == http_inflate_size ?
	    HTTP_INFLATE_E_CHECK : HTTP_INFLATE_E_TRUNCATED;
}

/* ---- errors in words ---- */

static const struct {
	int error;
	const char *words;
} http_inflate_errors[] = {
	{ HTTP_INFLATE_E_FORMAT, "content is not gzip, though said to be" },
	{ HTTP_INFLATE_E_METHOD, "unknown kind of gzip" },
	{ HTTP_INFLATE_E_DATA, "compressed content is damaged" },
	{ HTTP_INFLATE_E_CHECK, "checksum of compressed content is wrong" },
	{ HTTP_INFLATE_E_TRUNCATED, "compressed content ends too early" }
};

const char *
http_inflate_strerror(int error)
{
	size_t count = sizeof(http_inflate_errors) /
	    sizeof(http_inflate_errors[0]);

	for (size_t i = 0; i < count; i++)
		if (http_inflate_errors[i].error == error)
			return http_inflate_errors[i].words;
	return NULL;
}
