/*
 * inflate_private.h - the steps of inflate.c, inflate_block.c and
 * inflate_symbols.c.
 *
 * A step takes all the bits that it needs, or none: when they have not come
 * yet it says so and is called again later.  That makes every bit a place
 * where the input may be cut, with no special case for any.
 */
#ifndef HTTP_INFLATE_PRIVATE_H
#define HTTP_INFLATE_PRIVATE_H

#include <stdbool.h>

#include "inflate.h"

/* What the next bits are: inflate.c has a step for each. */
enum http_inflate_state {
	HTTP_INFLATE_AT_START,		/* of a gzip member */
	HTTP_INFLATE_AT_METHOD,
	HTTP_INFLATE_AT_EXTRA,
	HTTP_INFLATE_AT_SKIP,		/* `length` bytes of no interest */
	HTTP_INFLATE_AT_TEXT,		/* zero-terminated, no interest */
	HTTP_INFLATE_AT_ZLIB,		/* zlib header, or none */
	HTTP_INFLATE_AT_BLOCK,
	HTTP_INFLATE_AT_STORED,
	HTTP_INFLATE_AT_COPY,		/* `length` bytes as they are */
	HTTP_INFLATE_AT_DYNAMIC,
	HTTP_INFLATE_AT_ORDER,
	HTTP_INFLATE_AT_LENGTHS,
	HTTP_INFLATE_AT_SYMBOLS,
	HTTP_INFLATE_AT_CHECK,
	HTTP_INFLATE_AT_SIZE,
	HTTP_INFLATE_AT_NEXT,		/* another member, or the end */
	HTTP_INFLATE_AT_END
};

/* What a step returns, unless it is an enum http_inflate_error. */
enum http_inflate_verdict {
	HTTP_INFLATE_WAIT = 0,	/* for bits, or for room in the window */
	HTTP_INFLATE_GO = 1,	/* the next step may follow */
	HTTP_INFLATE_STOP = 2	/* end of block; from the symbols only */
};

/* The input not yet used. */
struct http_inflate_input {
	const unsigned char *at;
	const unsigned char *end;
};

/* Are there n bits, at most 32?  Reads ahead to have them. */
bool http_inflate_need(struct http_inflate *, struct http_inflate_input *,
    uint32_t n);

/* Takes n bits, at most 32, that are there; the lowest came first. */
uint32_t http_inflate_take(struct http_inflate *, uint32_t n);

/* Drops the rest of a byte of which some bits are taken. */
void http_inflate_align(struct http_inflate *);

/* Sets the state; returns HTTP_INFLATE_GO. */
int http_inflate_go(struct http_inflate *, enum http_inflate_state);

/* Steps of a block, in inflate_block.c. */
int http_inflate_block(struct http_inflate *, struct http_inflate_input *);
int http_inflate_stored(struct http_inflate *, struct http_inflate_input *);
int http_inflate_copy(struct http_inflate *, struct http_inflate_input *);
int http_inflate_dynamic(struct http_inflate *, struct http_inflate_input *);
int http_inflate_order(struct http_inflate *, struct http_inflate_input *);
int http_inflate_lengths(struct http_inflate *, struct http_inflate_input *);
int http_inflate_coded(struct http_inflate *, struct http_inflate_input *);

/* Sets the two codes that need no description (RFC 1951, section 3.2.6). */
void http_inflate_symbols_fixed(struct http_inflate *);

/*
 * Decodes literals and matches into the window: HTTP_INFLATE_STOP at the
 * end of the block, HTTP_INFLATE_WAIT, or an error.
 */
int http_inflate_symbols_run(struct http_inflate *,
    struct http_inflate_input *);

#endif
