/*
 * http_inflate_hand_test.c - streams put together bit by bit: the farthest
 * that the format allows, and what no encoder would write.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdint.h>

#include "http_inflate_probe.h"

struct reactor_stream {
	unsigned char bytes[40000];
	size_t bits;
};

/* Appends the n lowest bits, the lowest first. */
static void
put(struct reactor_stream *s, uint32_t value, int n)
{
	for (; n > 0; n--, value >>= 1, s->bits++)
		if ((value & 1) != 0)
			s->bytes[s->bits / 8] |=
			    (unsigned char)(1u << s->bits % 8);
}

/* Appends a Huffman code, its highest bit first. */
static void
put_code(struct reactor_stream *s, uint32_t code, int n)
{
	while (n-- > 0)
		put(s, code >> n & 1, 1);
}

static void
align(struct reactor_stream *s)
{
	s->bits = (s->bits + 7) / 8 * 8;
}

static size_t
stream_len(const struct reactor_stream *s)
{
	return (s->bits + 7) / 8;
}

/* A bare stream that begins with a last block of this type. */
static struct reactor_stream *
begin(uint32_t type)
{
	static struct reactor_stream s;

	memset(&s, 0, sizeof(s));
	put(&s, 1, 1);
	put(&s, type, 2);
	return &s;
}

static int
inflate_stream(const struct reactor_stream *s)
{
	return inflate_both(HTTP_INFLATE_DEFLATE, s->bytes, stream_len(s));
}

/* The order in which code lengths of code lengths are written. */
static const int order[19] = {
	16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
};

/*
 * A dynamic block whose code lengths have this code: symbols 0, 1 and 18 of
 * two bits, and 16 too.  Codes: 0 is 00, 1 is 01, 16 is 10, 18 is 11.
 */
static struct reactor_stream *
begin_dynamic(uint32_t hlit, uint32_t hdist)
{
	struct reactor_stream *s = begin(2);

	put(s, hlit, 5);
	put(s, hdist, 5);
	put(s, 19 - 4, 4);
	for (int i = 0; i < 19; i++)
		put(s, order[i] == 0 || order[i] == 1 || order[i] == 16 ||
		    order[i] == 18 ? 2 : 0, 3);
	return s;
}

/* n code lengths of zero, 11 to 138. */
static void
put_zeros(struct reactor_stream *s, uint32_t n)
{
	put_code(s, 3, 2);
	put(s, n - 11, 7);
}

/* A bare stream: one stored block of n bytes, not the last. */
static struct reactor_stream *
begin_stored(uint32_t n)
{
	struct reactor_stream *s = begin(0);

	s->bytes[0] = 0;
	align(s);
	put(s, n, 16);
	put(s, ~n, 16);
	for (uint32_t i = 0; i < n; i++)
		put(s, i * 2654435761u >> 24, 8);
	return s;
}

/* Begins the last block, with fixed codes, and a match of 258 bytes. */
static void
put_match(
    struct reactor_stream *s, uint32_t distance_code, uint32_t extra, int bits)
{
	put(s, 3, 3);
	put_code(s, 0xc5, 8);	/* 285 */
	put_code(s, distance_code, 5);
	put(s, extra, bits);
	put_code(s, 0, 7);
}

static void
test_distances(void)
{
	static const unsigned char opening[10] = { 0x1f, 0x8b, 8 };
	struct reactor_stream *s;

	check_case("matches reach back 32768 bytes, never too far");
	s = begin_stored(32768);
	put_match(s, 29, 8191, 13);
	CHECK_INT(inflate_stream(s), 0);
	CHECK_INT(output_len, 32768 + 258);
	CHECK(memcmp(output, output + 32768, 258) == 0);
	s = begin_stored(32767);
	put_match(s, 29, 8191, 13);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	CHECK_INT(output_len, 32767);
	s = begin_stored(1);
	put_match(s, 0, 0, 0);
	CHECK_INT(inflate_stream(s), 0);
	CHECK_INT(output_len, 259);
	s = begin_stored(0);
	put_match(s, 0, 0, 0);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	s = begin_stored(1000);
	put_match(s, 30, 0, 0);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);

	check_case("a member does not reach back into the one before");
	memset(s, 0, sizeof(*s));
	for (int i = 0; i < 2; i++) {
		for (size_t b = 0; b < sizeof(opening); b++)
			put(s, opening[b], 8);
		if (i == 1)
			break;
		put(s, 3, 3);		/* an a: 97 + 48 */
		put_code(s, 0x91, 8);
		put_code(s, 0, 7);
		align(s);
		put(s, 0xe8b7be43, 32);
		put(s, 1, 32);
	}
	put_match(s, 0, 0, 0);
	CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, s->bytes, stream_len(s)),
	    HTTP_INFLATE_E_DATA);
	CHECK_BYTES(output, output_len, "a");
}

static void
test_blocks(void)
{
	struct reactor_stream *s;

	check_case("malformed blocks");
	CHECK_INT(inflate_stream(begin(3)), HTTP_INFLATE_E_TRUNCATED);
	s = begin(3);
	align(s);
	put(s, 0, 8);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	s = begin_stored(5);
	s->bytes[3] ^= 1;
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	s = begin(1);
	put_code(s, 0xc6, 8);	/* 286 has no meaning */
	put(s, 0, 30);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	s = begin_dynamic(30, 0);	/* 287 */
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	s = begin_dynamic(0, 30);	/* 31 */
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
}

static void
test_codes(void)
{
	struct reactor_stream *s;

	check_case("codes: only an end of block, no distances");
	s = begin_dynamic(0, 0);
	put_zeros(s, 138);
	put_zeros(s, 118);
	put_code(s, 1, 2);	/* 256 */
	put_code(s, 0, 2);	/* no distance */
	put_code(s, 0, 1);
	CHECK_INT(inflate_stream(s), 0);
	CHECK_INT(output_len, 0);

	check_case("codes: impossible ones");
	s = begin_dynamic(0, 0);	/* too many of one bit */
	put_zeros(s, 138);
	put_zeros(s, 116);
	for (int i = 0; i < 4; i++)
		put_code(s, 1, 2);
	put(s, 0, 16);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	s = begin_dynamic(0, 0);	/* no end of block */
	put_code(s, 1, 2);
	put_code(s, 1, 2);
	put_zeros(s, 138);
	put_zeros(s, 118);
	put(s, 0, 16);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	s = begin_dynamic(0, 0);	/* nothing to repeat */
	put_code(s, 2, 2);
	put(s, 0, 16);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	s = begin_dynamic(0, 0);	/* repeats past the end */
	put_zeros(s, 138);
	put_zeros(s, 121);
	put(s, 0, 16);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	s = begin_dynamic(0, 0);	/* the other bit of a lone code */
	put_zeros(s, 138);
	put_zeros(s, 118);
	put_code(s, 1, 2);
	put_code(s, 0, 2);
	put_code(s, 1, 1);
	put(s, 0, 32);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
	s = begin(2);			/* too few code lengths */
	put(s, 0, 10);
	put(s, 0, 4);
	put(s, 3, 12);
	put(s, 0, 32);
	CHECK_INT(inflate_stream(s), HTTP_INFLATE_E_DATA);
}

/*
 * Codes of 1 to 15 bits for the literals 0 to 14, 256 with 15 bits too: a
 * literal n is n ones and a zero.
 */
static void
test_long_codes(void)
{
	struct reactor_stream *s = begin(2);

	check_case("codes of every length");
	put(s, 0, 10);
	put(s, 19 - 4, 4);
	for (int i = 0; i < 19; i++)	/* a length n is n in four bits */
		put(s, order[i] < 16 ? 4 : 0, 3);
	for (uint32_t i = 0; i < 258; i++)
		put_code(s, i < 15 ? i + 1 : i == 256 ? 15 : 0, 4);
	for (int round = 0; round < 100; round++)
		for (int n = 0; n < 15; n++) {
			put(s, 0x7fff, n);
			put(s, 0, 1);
		}
	put(s, 0x7fff, 15);
	CHECK_INT(inflate_stream(s), 0);
	CHECK_INT(output_len, 1500);
	for (size_t i = 0; i < output_len; i++)
		CHECK_INT(output[i], i % 15);
}

int
main(void)
{
	test_distances();
	test_blocks();
	test_codes();
	test_long_codes();
	return check_done();
}
