/*
 * inflate_huffman.h - the Huffman codes of RFC 1951, section 3.2.2.
 *
 * Codes of up to HTTP_INFLATE_FAST bits, nearly all that occur, are looked
 * up in a table by the next bits of the stream; longer ones are found by
 * counting, since codes of one length are consecutive numbers.
 */
#ifndef HTTP_INFLATE_HUFFMAN_H
#define HTTP_INFLATE_HUFFMAN_H

#include <stddef.h>
#include <stdint.h>

/* Lengths of codes, in bits. */
enum {
	HTTP_INFLATE_FAST = 10,		/* what the table knows */
	HTTP_INFLATE_LONGEST = 15	/* what there may be */
};

/* A code, ready to decode.  Owns nothing. */
struct http_inflate_huffman {
	/* symbol << 4 | length by the next bits, or 0: longer, or no code */
	uint16_t fast[1 << HTTP_INFLATE_FAST];
	uint16_t count[HTTP_INFLATE_LONGEST + 1];	/* codes by length */
	uint16_t symbols[288];		/* in order of their codes */
};

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

#endif
