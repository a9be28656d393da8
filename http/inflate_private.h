/*
 * inflate_private.h - what the files of inflate share: steps, checksums.
 *
 * A step takes all the bits that it needs, or none: when they have not come
 * yet it says so and is called again later.  That makes every bit a place
 * where the input may be cut, with no special case for any.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_INFLATE_PRIVATE_H
#define HTTP_INFLATE_PRIVATE_H

#include <stdbool.h>

#include "inflate.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a step returns, unless it is an enum http_inflate_error. */
enum http_inflate_verdict {
	HTTP_INFLATE_WAIT = 0,	/* for bits, or for room in the window */
	HTTP_INFLATE_GO = 1	/* the next step may follow */
};

/* The input not yet used. */
struct http_inflate_input {
	const unsigned char *at;
	const unsigned char *end;
};

/* Are there n bits, at most 48?  Reads ahead to have them. */
bool http_inflate_need(struct http_inflate *, struct http_inflate_input *,
    uint32_t n);

/* Takes n bits, at most 32, that are there; the lowest came first. */
uint32_t http_inflate_take(struct http_inflate *, uint32_t n);

/* Sets the next step; returns HTTP_INFLATE_GO. */
int http_inflate_go(struct http_inflate *, http_inflate_step *);

/* The first step of a block, and the steps after the last one. */
int http_inflate_block(struct http_inflate *, struct http_inflate_input *);
int http_inflate_compare(struct http_inflate *, struct http_inflate_input *);
int http_inflate_ignore(struct http_inflate *, struct http_inflate_input *);

/* Goes on after a block. */
int http_inflate_block_end(struct http_inflate *);

/* Sets the two codes that need no description (RFC 1951, section 3.2.6). */
void http_inflate_symbols_fixed(struct http_inflate *);

/* Decodes literals and matches into the window, up to the end of a block. */
int http_inflate_symbols(struct http_inflate *, struct http_inflate_input *);

/*
 * Builds the code in which symbol i has lengths[i] bits, 0 to 15, for i up
 * to n (at most 288).  Returns 0, or HTTP_INFLATE_E_DATA if there are more
 * codes than such lengths have room for, or fewer (but a lone code of one
 * bit, or none, is allowed: such are written when there are no distances).
 */
int http_inflate_huffman_build(struct http_inflate_huffman *,
    const uint8_t *lengths, size_t n);

/*
 * The symbol that the lowest bits of `bits` stand for, as
 * symbol << 4 | length; symbol 0xfff, length 15 if they are no code.
 */
uint32_t http_inflate_huffman_decode(const struct http_inflate_huffman *,
    uint64_t bits);

/* CRC-32 (RFC 1952, section 8) of what gave `crc`, at first 0, and these. */
uint32_t http_inflate_crc(uint32_t crc, const unsigned char *at, size_t len);

/* Adler-32 (RFC 1950, section 9) likewise; at first 1. */
uint32_t http_inflate_adler(uint32_t adler, const unsigned char *at,
    size_t len);

#ifdef __cplusplus
}
#endif

#endif
