/*
 * http_inflate_test.c - gzip and deflate as encoders write it; what stands
 * around it and may be wrong; ends too early.
 *
 * With arguments it inflates stdin to stdout in pieces of argv[2] bytes;
 * argv[1] is gzip or deflate.  inflate_real.sh makes use of that.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>

#include "http_inflate_probe.h"

/* 6 lines of text (test_encoded), with codes of their own. */
static const unsigned char dynamic[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4d,
	0xcd, 0x3d, 0x0a, 0xc0, 0x20, 0x0c, 0x40, 0xe1, 0xbd, 0xa7, 0xc8,
	0x01, 0x4a, 0x31, 0x6a, 0xfc, 0x39, 0x8e, 0x50, 0x87, 0x82, 0x58,
	0x21, 0xb9, 0x3f, 0xed, 0x64, 0xb2, 0xbd, 0xe1, 0x83, 0xe7, 0x60,
	0x8d, 0x36, 0xbb, 0xf0, 0x09, 0x0e, 0xd6, 0xcb, 0xc2, 0xd0, 0xe6,
	0xfd, 0xb7, 0x3c, 0x32, 0x3a, 0x5f, 0x07, 0x2a, 0xc8, 0x06, 0x04,
	0xdc, 0x22, 0xaa, 0xa0, 0x64, 0x48, 0xf2, 0x9b, 0x54, 0x25, 0x58,
	0xaa, 0x31, 0x35, 0xe8, 0x28, 0x29, 0x8a, 0xb1, 0x18, 0x84, 0x3e,
	0x6e, 0xe5, 0x49, 0x55, 0xc9, 0x64, 0x15, 0xd1, 0x56, 0x1f, 0x9f,
	0xd7, 0xdc, 0x58, 0xd6, 0x00, 0x00, 0x00
};

/* hello (below), with fixed codes only. */
static const unsigned char fixed[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb,
	0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0xc8, 0x40, 0xa2, 0x14, 0x0a,
	0x72, 0x12, 0xf3, 0x52, 0x4b, 0x00, 0x8a, 0x56, 0x6d, 0x9e, 0x1a,
	0x00, 0x00, 0x00
};

/* A gzip header with all that it can have. */
static const unsigned char header[] = {
	0x1f, 0x8b, 0x08, 0x1e, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x05,
	0x00, 0x65, 0x78, 0x74, 0x72, 0x61, 0x6e, 0x61, 0x6d, 0x65, 0x00,
	0x63, 0x6f, 0x6d, 0x6d, 0x65, 0x6e, 0x74, 0x00, 0x12, 0x34
};

/* hello as zlib. */
static const unsigned char zlib[] = {
	0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xd7, 0x51, 0xc8, 0x40,
	0xa2, 0x14, 0x0a, 0x72, 0x12, 0xf3, 0x52, 0x4b, 0x00, 0x7d, 0xa3,
	0x09, 0x79
};

/* The letter a, 100000 times. */
static const unsigned char run[] = {
	0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xed,
	0xc1, 0x31, 0x01, 0x00, 0x00, 0x00, 0xc2, 0xa0, 0xac, 0xeb, 0x5f,
	0xc2, 0x1a, 0x1e, 0x40, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0xaf, 0x06, 0x87, 0xfa, 0xe2, 0x1b, 0xa0, 0x86, 0x01,
	0x00
};

static const char hello[] = "hello, hello, hello planet";

static void
test_encoded(void)
{
	char want[2048];
	size_t n = 0;

	for (int i = 0; i < 6; i++)
		n += (size_t)sprintf(want + n,
		    "%d planets, %d posts and %d titles.\n", i * i,
		    i * i * i * 7, i * 31);
	check_case("gzip: codes of its own, fixed codes");
	CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, dynamic, sizeof(dynamic)),
	    0);
	CHECK_BYTES(output, output_len, want);
	CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, fixed, sizeof(fixed)), 0);
	CHECK_BYTES(output, output_len, hello);

	check_case("gzip: a long run goes round in the window");
	CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, run, sizeof(run)), 0);
	CHECK_INT(output_len, 100000);
	CHECK_INT(strspn(output, "a"), 100000);

	check_case("deflate: with and without the zlib header");
	CHECK_INT(inflate_both(HTTP_INFLATE_DEFLATE, zlib, sizeof(zlib)), 0);
	CHECK_BYTES(output, output_len, hello);
	CHECK_INT(inflate_both(HTTP_INFLATE_DEFLATE, zlib + 2,
	    sizeof(zlib) - 6), 0);
	CHECK_BYTES(output, output_len, hello);
}

static void
test_members(void)
{
	static const unsigned char tail[] = { 0x1f, 0, 1, 2, 3 };
	unsigned char in[4096];
	size_t n = 0;

	check_case("gzip: every part of the header, members, what follows");
	memcpy(in, header, sizeof(header));
	n = sizeof(header);
	memcpy(in + n, fixed + 10, sizeof(fixed) - 10);
	n += sizeof(fixed) - 10;
	CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, in, n), 0);
	CHECK_BYTES(output, output_len, hello);
	memcpy(in + n, fixed, sizeof(fixed));
	n += sizeof(fixed);
	CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, in, n), 0);
	CHECK_INT(output_len, 2 * strlen(hello));
	for (size_t i = 0; i <= sizeof(tail); i++) {
		memcpy(in + n, tail, i);
		CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, in, n + i), 0);
		CHECK_INT(output_len, 2 * strlen(hello));
	}
}

/* Two members, one byte of the first one's checksum or size changed. */
static void
test_damaged_members(void)
{
	unsigned char in[2 * sizeof(fixed)];

	check_case("a wrong checksum does not hide the members that follow");
	for (size_t i = sizeof(fixed) - 8; i < sizeof(fixed); i++) {
		memcpy(in, fixed, sizeof(fixed));
		memcpy(in + sizeof(fixed), fixed, sizeof(fixed));
		in[i] ^= 1;
		CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, in, sizeof(in)),
		    HTTP_INFLATE_E_CHECK);
		CHECK_INT(output_len, 2 * strlen(hello));
		CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, in,
		    sizeof(in) - 9), HTTP_INFLATE_E_TRUNCATED);
	}
}

/* What n bytes come to of a stream of which the first `data` are enough. */
static int
cut_error(size_t n, size_t data)
{
	return n < data ? HTTP_INFLATE_E_TRUNCATED : HTTP_INFLATE_E_CHECK;
}

static void
test_truncated(void)
{
	check_case("an end too early is told, what came before is given");
	CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, "", 0), 0);
	CHECK_INT(inflate_both(HTTP_INFLATE_DEFLATE, "", 0), 0);
	for (size_t n = 1; n < sizeof(fixed); n++)
		CHECK_INT(inflate_both(HTTP_INFLATE_GZIP, fixed, n),
		    cut_error(n, sizeof(fixed) - 8));
	CHECK_BYTES(output, output_len, hello);
	for (size_t n = 1; n < sizeof(dynamic); n++)
		CHECK_INT(inflate(HTTP_INFLATE_GZIP, dynamic, n, 1),
		    cut_error(n, sizeof(dynamic) - 8));
	for (size_t n = 1; n < sizeof(zlib); n++)
		CHECK_INT(inflate_both(HTTP_INFLATE_DEFLATE, zlib, n),
		    cut_error(n, sizeof(zlib) - 4));
}

/* The result when one byte of a good gzip stream is another. */
static int
inflate_changed(size_t at, unsigned char to)
{
	unsigned char in[sizeof(fixed)];

	memcpy(in, fixed, sizeof(fixed));
	in[at] = to;
	return inflate_both(HTTP_INFLATE_GZIP, in, sizeof(in));
}

static void
test_wrapping(void)
{
	unsigned char in[sizeof(zlib)];

	check_case("headers and checksums that are wrong");
	CHECK_INT(inflate_changed(0, '<'), HTTP_INFLATE_E_FORMAT);
	CHECK_INT(inflate_changed(1, 0x8c), HTTP_INFLATE_E_FORMAT);
	CHECK_INT(inflate_changed(2, 7), HTTP_INFLATE_E_METHOD);
	CHECK_INT(inflate_changed(3, 0x20), HTTP_INFLATE_E_METHOD);
	CHECK_INT(inflate_changed(sizeof(fixed) - 8, 0),
	    HTTP_INFLATE_E_CHECK);
	CHECK_BYTES(output, output_len, hello);
	CHECK_INT(inflate_changed(sizeof(fixed) - 1, 1),
	    HTTP_INFLATE_E_CHECK);
	CHECK_BYTES(output, output_len, hello);
	memcpy(in, zlib, sizeof(zlib));
	in[sizeof(zlib) - 1] ^= 1;
	CHECK_INT(inflate_both(HTTP_INFLATE_DEFLATE, in, sizeof(in)),
	    HTTP_INFLATE_E_CHECK);
	CHECK_BYTES(output, output_len, hello);
	for (int e = HTTP_INFLATE_E_TRUNCATED; e <= HTTP_INFLATE_E_FORMAT;
	    e++)
		CHECK(http_inflate_strerror(e) != NULL);
	CHECK(http_inflate_strerror(0) == NULL);
	CHECK(http_inflate_strerror(HTTP_INFLATE_E_TRUNCATED) != NULL);
	CHECK(http_inflate_strerror(HTTP_INFLATE_E_TRUNCATED - 1) == NULL);
}

/* CRC-32 and Adler-32 as their RFCs define them, bit by bit. */
static uint32_t
slow_crc(const unsigned char *at, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len * 8; i++) {
		crc ^= at[i / 8] >> i % 8 & 1;
		crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static uint32_t
slow_adler(const unsigned char *at, size_t len)
{
	uint32_t a = 1, b = 0;

	for (size_t i = 0; i < len; i++) {
		a = (a + at[i]) % 65521;
		b = (b + a) % 65521;
	}
	return b << 16 | a;
}

/*
 * The result, in three pieces, of n bytes in one stored block, between a
 * header and a checksum that differs by `wrong` from the right one.
 */
static int
inflate_stored(enum http_inflate_format format, const unsigned char *at,
    size_t n, uint32_t wrong)
{
	static unsigned char in[65536 + 32];
	bool gzip = format == HTTP_INFLATE_GZIP;
	uint32_t sum = (gzip ? slow_crc(at, n) : slow_adler(at, n)) ^ wrong;
	size_t len = gzip ? 10 : 2;

	memcpy(in, gzip ? fixed : zlib, len);
	in[len++] = 1;
	for (int i = 0; i < 4; i++)
		in[len++] = (unsigned char)((n ^ (i < 2 ? 0 : 0xffff)) >>
		    i % 2 * 8);
	memcpy(in + len, at, n);
	len += n;
	for (int i = 0; i < 4; i++)
		in[len++] = (unsigned char)(sum >> (gzip ? i : 3 - i) * 8);
	for (int i = 0; gzip && i < 4; i++)
		in[len++] = (unsigned char)(n >> i * 8);
	return inflate(format, in, len, len / 3 + 1);
}

static void
test_checksums(void)
{
	static unsigned char in[65000];

	check_case("the tables of CRC-32, and Adler-32");
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (unsigned char)(i * 2654435761u >> 23);
	for (size_t n = 0; n <= 1000; n += 7) {
		CHECK_INT(inflate_stored(HTTP_INFLATE_GZIP, in, n, 0), 0);
		CHECK_INT(output_len, n);
		CHECK_INT(inflate_stored(HTTP_INFLATE_DEFLATE, in, n, 0), 0);
		CHECK_INT(output_len, n);
	}
	for (int bit = 0; bit < 32; bit++) {
		CHECK_INT(inflate_stored(HTTP_INFLATE_GZIP, in, 99,
		    (uint32_t)1 << bit), HTTP_INFLATE_E_CHECK);
		CHECK_INT(inflate_stored(HTTP_INFLATE_DEFLATE, in, 99,
		    (uint32_t)1 << bit), HTTP_INFLATE_E_CHECK);
	}
	CHECK_INT(slow_adler((const unsigned char *)"Wikipedia", 9),
	    0x11e60398);

	check_case("checksums of what sums up most");
	memset(in, 0xff, sizeof(in));
	CHECK_INT(inflate_stored(HTTP_INFLATE_GZIP, in, sizeof(in), 0), 0);
	CHECK_INT(inflate_stored(HTTP_INFLATE_DEFLATE, in, sizeof(in), 0), 0);
}

static int
inflate_stdin(enum http_inflate_format format, size_t step)
{
	static struct http_inflate z;
	static char in[1 << 16];
	size_t len, n;
	int rc = 0;

	http_inflate_init(&z, format);
	while (rc == 0 && (len = fread(in, 1, step, stdin)) > 0) {
		const char *at = in, *piece;

		while ((rc = http_inflate_next(&z, &at, &len, &piece, &n)) ==
		    HTTP_INFLATE_DATA)
			fwrite(piece, 1, n, stdout);
	}
	rc = http_inflate_end(&z);
	if (rc != 0)
		fprintf(stderr, "%s\n", http_inflate_strerror(rc));
	return rc != 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3)
		return inflate_stdin(strcmp(argv[1], "gzip") == 0 ?
		    HTTP_INFLATE_GZIP : HTTP_INFLATE_DEFLATE,
		    (size_t)atoi(argv[2]));
	test_encoded();
	test_members();
	test_damaged_members();
	test_truncated();
	test_wrapping();
	test_checksums();
	return check_done();
}
