/*
 * inflate.h - gzip and deflate undone: RFC 1950, RFC 1951, RFC 1952.
 *
 * The caller shows pieces of input, cut anywhere.  The last 32 KiB of output
 * are kept, as the format demands, and nothing else: output is handed over
 * from this window, so memory is bounded whatever is sent.  There is no limit
 * on the length of the output: the caller counts it.
 *
 * Copy: inflate.h inflate.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_INFLATE_H
#define HTTP_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What surrounds the compressed data. */
enum http_inflate_format {
	HTTP_INFLATE_GZIP,	/* RFC 1952, one member or more */
	HTTP_INFLATE_DEFLATE	/* RFC 1950, or RFC 1951 bare: both are met */
};

/* What http_inflate_next found. */
enum http_inflate_event {
	HTTP_INFLATE_MORE = 0,	/* all bytes used: show those that follow */
	HTTP_INFLATE_DATA = 1	/* a piece of output: call again */
};

/*
 * Why the data was refused: `bad-response`, but HTTP_INFLATE_E_TRUNCATED is
 * `reset`.  HTTP_INFLATE_E_CHECK is told at the very end, when all there is
 * of the output was given: a caller may keep it.  Outside the numbers of
 * errno.
 */
enum http_inflate_error {
	HTTP_INFLATE_E_FORMAT = -2301,	/* no gzip header: maybe plain */
	HTTP_INFLATE_E_METHOD = -2302,	/* a kind of gzip not known here */
	HTTP_INFLATE_E_DATA = -2303,	/* a block that no encoder writes */
	HTTP_INFLATE_E_CHECK = -2304,	/* checksum or size wrong, or cut */
	HTTP_INFLATE_E_TRUNCATED = -2305	/* ends within the output */
};

/* Bytes of the window: the farthest that a match may reach back. */
enum { HTTP_INFLATE_WINDOW = 32768 };

/* Lengths of codes, in bits. */
enum {
	HTTP_INFLATE_FAST = 10,		/* what the table knows */
	HTTP_INFLATE_LONGEST = 15	/* what there may be */
};

/*
 * A Huffman code (RFC 1951, section 3.2.2), ready to decode.  Codes of up to
 * HTTP_INFLATE_FAST bits, nearly all that occur, are looked up in a table by
 * the next bits of the stream; longer ones are found by counting, since
 * codes of one length are consecutive numbers.
 */
struct http_inflate_huffman {
	/* symbol << 4 | length by the next bits, or 0: longer, or no code */
	uint16_t fast[1 << HTTP_INFLATE_FAST];
	uint16_t count[HTTP_INFLATE_LONGEST + 1];	/* codes by length */
	uint16_t symbols[288];		/* in order of their codes */
};

struct http_inflate;
struct http_inflate_input;

/* Private: what is done with the next bits; see inflate.c. */
typedef int http_inflate_step(struct http_inflate *,
    struct http_inflate_input *);

/*
 * One stream being inflated, about 40 KiB, wherever the caller wants it.
 * It holds no other memory.  Its members are inflate.c's.
 */
struct http_inflate {
	enum http_inflate_format format;
	http_inflate_step *step;	/* the next one */
	int error;		/* the first one, returned ever after */
	bool last;		/* the block is the stream's last */
	bool bare;		/* no zlib header, no checksum */
	bool damaged;		/* a checksum or size was wrong */
	bool fixed;		/* the codes are the fixed ones */
	uint32_t flags;		/* of a gzip header, those still to do */
	uint64_t bits;		/* bits read ahead, next one lowest */
	uint32_t bit_count;
	uint32_t pos;		/* where in the window output goes */
	uint32_t given;		/* what is before has been handed over */
	int64_t origin;		/* pos at which this member began */
	uint32_t length;	/* bytes of match or stored block to come */
	uint32_t distance;	/* of that match */
	uint32_t check;		/* CRC-32 or Adler-32 of what was given */
	uint32_t literal_count;	/* code lengths in this block's header: */
	uint32_t total_count;	/* with those of distances, */
	uint32_t order_count;	/* and of the code for code lengths */
	uint32_t have;		/* code lengths read so far */
	uint8_t lengths[320];
	struct http_inflate_huffman literals;
	struct http_inflate_huffman distances;
	unsigned char window[HTTP_INFLATE_WINDOW];
};

/* Begins a stream. */
void http_inflate_init(struct http_inflate *, enum http_inflate_format);

/*
 * Looks at the *len bytes at *at and moves both past what it used.  With
 * HTTP_INFLATE_DATA, *piece points to *piece_len bytes (never 0) of output,
 * good until the next call, which must come with *at and *len as they were
 * left.  A wrong checksum stops nothing, as more of the stream may follow;
 * what follows the stream's end is passed over.  Returns an enum
 * http_inflate_event or an enum http_inflate_error, which is then final.
 */
int http_inflate_next(struct http_inflate *, const char **at, size_t *len,
    const char **piece, size_t *piece_len);

/*
 * No more bytes will come: 0 if the stream was complete, or never began
 * (no byte at all), else the error that happened, or what is missing or
 * wrong: HTTP_INFLATE_E_TRUNCATED or HTTP_INFLATE_E_CHECK.
 */
int http_inflate_end(const struct http_inflate *);

/* What an enum http_inflate_error says, a constant; else NULL. */
const char *http_inflate_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
