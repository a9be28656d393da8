/*
 * html_multibyte_test.c - character sets of more than one byte: what their
 * bytes mean by the Encoding Standard, in pieces too, and back.
 *
 * The pairs are such as C libraries disagree about.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/multibyte.h"

#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "check.h"

#define BAD "\xEF\xBF\xBD"

static const struct {
	enum html_multibyte_set set;
	const char *bytes, *want;
} texts[] = {
	/* Symbols that are all over the pages of Taiwan. */
	{ HTML_MULTIBYTE_BIG5, "\xA1\x45\xA1\x4E\xA1\x5A", "\xE2\x80\xA7"
	    "\xEF\xB9\x91\xE2\x95\xB4" },
	{ HTML_MULTIBYTE_BIG5, "\xA1\xC2\xA1\xC3\xA1\xC5\xA1\xE3", "\xC2\xAF"
	    "\xEF\xBF\xA3\xCB\x8D\xEF\xBD\x9E" },
	{ HTML_MULTIBYTE_BIG5, "\xA1\xF2\xA1\xF3\xA1\xFE\xA2\x40", "\xE2\x8A"
	    "\x95\xE2\x8A\x99\xEF\xBC\x8F\xEF\xBC\xBC" },
	{ HTML_MULTIBYTE_BIG5, "\xA2\x41\xA2\x42\xA2\x44\xA2\x46\xA2\x47",
	    "\xE2\x88\x95\xEF\xB9\xA8\xEF\xBF\xA5\xEF\xBF\xA0\xEF\xBF\xA1" },
	{ HTML_MULTIBYTE_BIG5, "\xA2\xCC\xA2\xCE\xA3\xC0\xA3\xE1", "\xE5\x8D"
	    "\x81\xE5\x8D\x85\xE2\x90\x80\xE2\x82\xAC" },
	{ HTML_MULTIBYTE_BIG5, "\x8E\x69\xC6\xCD\xC6\xDE\xF9\xFE\xFE\xDD",
	    "\xE7\xAE\xB8\xE2\xBC\xB3\xE3\x80\x83\xEF\xBF\xAD\xE7\xA0\x89" },
	{ HTML_MULTIBYTE_BIG5, "\x88\x62\xA1\x45\x88\x66", "\xC3\x8A\xCC\x84"
	    "\xE2\x80\xA7\xC3\x8A" },
	{ HTML_MULTIBYTE_BIG5, "\xB4\xFA\xB8\xD5", "\xE6\xB8\xAC\xE8\xA9"
	    "\xA6" },
	/* Numbers in circles, what Microsoft draws otherwise, rare names. */
	{ HTML_MULTIBYTE_EUC_JP, "\xAD\xA1\xAD\xE2\xAD\xFC", "\xE2\x91\xA0"
	    "\xE2\x84\x96\xE2\x88\xAA" },
	{ HTML_MULTIBYTE_EUC_JP, "\xA1\xC0\xA1\xC1\xA1\xC2\xA1\xDD", "\xEF"
	    "\xBC\xBC\xEF\xBD\x9E\xE2\x88\xA5\xEF\xBC\x8D" },
	{ HTML_MULTIBYTE_EUC_JP, "\xA1\xF1\xA1\xF2\xA2\xCC", "\xEF\xBF\xA0"
	    "\xEF\xBF\xA1\xEF\xBF\xA2" },
	{ HTML_MULTIBYTE_EUC_JP, "\xF9\xA1\xFC\xE2\xFC\xFE", "\xE7\xBA\x8A"
	    "\xE9\xAB\x99\xEF\xBC\x82" },
	{ HTML_MULTIBYTE_EUC_JP, "\x8E\xB1\xA5\xC6", "\xEF\xBD\xB1\xE3\x83"
	    "\x86" },
	{ HTML_MULTIBYTE_SHIFT_JIS, "\x87\x40\x81\x60\x81\x7C\x81\x5F",
	    "\xE2\x91\xA0\xEF\xBD\x9E\xEF\xBC\x8D\xEF\xBC\xBC" },
	{ HTML_MULTIBYTE_SHIFT_JIS, "\xED\x40\xEE\xFC\xFB\xFC\xFA\x40\x80",
	    "\xE7\xBA\x8A\xEF\xBC\x82\xE9\xAB\x99\xE2\x85\xB0\xC2\x80" },
	{ HTML_MULTIBYTE_SHIFT_JIS, "\x83\x65\xB1\\~", "\xE3\x83\x86\xEF"
	    "\xBD\xB1\\~" },
	{ HTML_MULTIBYTE_ISO_2022_JP, "\x1B$B%F\x1B(Bx\x1B$@%F-!y!",
	    "\xE3\x83\x86x\xE3\x83\x86\xE2\x91\xA0\xE7\xBA\x8A" },
	{ HTML_MULTIBYTE_ISO_2022_JP, "\x1B(I1`\x1B(J\\~a\x1B(B\\~", "\xEF"
	    "\xBD\xB1" BAD "\xC2\xA5\xE2\x80\xBE" "a\\~" },
	{ HTML_MULTIBYTE_GBK, "\x80\xA3\xA0\xA8\xBC\xA2\xE3", "\xE2\x82\xAC"
	    "\xE3\x80\x80\xE1\xB8\xBF\xE2\x82\xAC" },
	{ HTML_MULTIBYTE_GBK, "\xA6\xD9\xFE\x59\xFE\x51\xB2\xE2", "\xEF\xB8"
	    "\x90\xE9\xBE\xB4\xEE\xA0\x96\xE6\xB5\x8B" },
	{ HTML_MULTIBYTE_GB18030, "\x80\x81\x30\x81\x30\x94\x39\xDA\x33",
	    "\xE2\x82\xAC\xC2\x80\xF0\x9F\x92\xA9" },
	{ HTML_MULTIBYTE_GB18030, "\x81\x30\x81\x34\x81\x35\xF4\x37"
	    "\x84\x31\xA4\x39\xE3\x32\x9A\x35", "\xC2\x84\xEE\x9F\x87"
	    "\xEF\xBF\xBF\xF4\x8F\xBF\xBF" },
	{ HTML_MULTIBYTE_EUC_KR, "\xBD\xC3\x81\x41\xC6\x52\xA1\xA1", "\xEC"
	    "\x8B\x9C\xEA\xB0\x82\xED\x9E\xA3\xE3\x80\x80" },
	/* Pairs that are none; of these a library once read too far. */
	{ HTML_MULTIBYTE_SHIFT_JIS, "\x81<b>\xEF\xFC\xEB\x40\xFC\x30",
	    BAD "<b>" BAD BAD "@" BAD "0" },
	{ HTML_MULTIBYTE_SHIFT_JIS, "\x81\xFF\xA0\xFD", BAD BAD BAD },
	{ HTML_MULTIBYTE_EUC_KR, "\xC8\x41\xDD\x51\xC7\x80\xA2\xE8" "b"
	    "\xFF", BAD "A" BAD "Q" BAD BAD "b" BAD },
	{ HTML_MULTIBYTE_GB18030, "\x84\x32\x81\x30\xA1\xA1\xE3\x32\x9A"
	    "6aa", BAD "2" BAD "0\xE3\x80\x80" BAD "2" BAD "6aa" },
	{ HTML_MULTIBYTE_BIG5, "\x81\x45\x81\xFF\x80\xFF", BAD "E" BAD BAD
	    BAD },
	{ HTML_MULTIBYTE_GBK, "a\xFF\xFF<b>\x81\x30\x81<\x81\x20", "a" BAD
	    BAD "<b>" BAD "0" BAD "<" BAD " " },
	{ HTML_MULTIBYTE_EUC_JP, "\x8F\xA1<\x8F<\x8F\xFF\x8E\xFE\xA1" "b",
	    BAD "<" BAD "<" BAD BAD BAD "b" },
	{ HTML_MULTIBYTE_ISO_2022_JP, "\x1B?\xB1\x0E\x1B$B%\x1B(B%\x1B$B"
	    "%\xC6%F\n", BAD "?" BAD BAD BAD "%" BAD "\xE3\x83\x86" },
};

/* Decodes as charset.c does, `step` bytes at a time; what is cut waits. */
static size_t
decode(enum html_multibyte_set set, const char *at, size_t len, size_t step,
    char *out)
{
	struct html_multibyte m;
	char piece[4096];
	size_t held = 0, n = 0, take;

	if (!html_multibyte_open(&m, set))
		return 0;
	while (len > 0) {
		take = len < step ? len : step;
		memcpy(piece + held, at, take);
		at += take;
		len -= take;
		held += take;
		for (take = held; held > 0 && take > 0; held -= take) {
			take = held;
			n += html_multibyte_decode(&m, out + n, 4096, piece,
			    &take);
			memmove(piece, piece + take, held - take);
		}
		CHECK(held < 16);
	}
	html_multibyte_close(&m);
	return n;
}

/* Whether the C library has iconv, without which there is nothing to test. */
static int
has_iconv(void)
{
	struct html_multibyte m;
	int has = html_multibyte_open(&m, HTML_MULTIBYTE_GBK);

	html_multibyte_close(&m);
	return has;
}

static void
test_texts(void)
{
	char out[8192];
	size_t i, len, step;

	check_case("what bytes mean, in pieces of every size");
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (step = 1; step <= strlen(texts[i].bytes); step++) {
			len = decode(texts[i].set, texts[i].bytes,
			    strlen(texts[i].bytes), step, out);
			if (!CHECK_BYTES(out, len, texts[i].want))
				printf("# text %d, step %d\n", (int)i,
				    (int)step);
		}
	}
}

static const struct {
	enum html_multibyte_set set;
	uint32_t code;
	const char *want;		/* NULL: the set does not have it */
} letters[] = {
	{ HTML_MULTIBYTE_BIG5, 0x6E2C, "\xB4\xFA" },
	{ HTML_MULTIBYTE_BIG5, 0x2027, "\xA1\x45" },
	{ HTML_MULTIBYTE_BIG5, 0xFF0F, "\xA1\xFE" },
	{ HTML_MULTIBYTE_BIG5, 0x20AC, "\xA3\xE1" },
	{ HTML_MULTIBYTE_BIG5, 0x5341, "\xA4\x51" },	/* the last of two */
	{ HTML_MULTIBYTE_BIG5, 0x5029, "\xAD\xC5" },	/* the first of two */
	{ HTML_MULTIBYTE_BIG5, 0x00C0, NULL },		/* of Hong Kong */
	{ HTML_MULTIBYTE_EUC_JP, 0x30C6, "\xA5\xC6" },
	{ HTML_MULTIBYTE_EUC_JP, 0x2460, "\xAD\xA1" },
	{ HTML_MULTIBYTE_EUC_JP, 0xFF71, "\x8E\xB1" },
	{ HTML_MULTIBYTE_EUC_JP, 0x2212, "\xA1\xDD" },
	{ HTML_MULTIBYTE_EUC_JP, 0xA5, "\\" },
	{ HTML_MULTIBYTE_EUC_JP, 0x2D8, NULL },		/* of JIS X 0212 */
	{ HTML_MULTIBYTE_SHIFT_JIS, 0x30C6, "\x83\x65" },
	{ HTML_MULTIBYTE_SHIFT_JIS, 0xFF71, "\xB1" },
	{ HTML_MULTIBYTE_SHIFT_JIS, 0x9AD9, "\xFB\xFC" },
	{ HTML_MULTIBYTE_SHIFT_JIS, 0x80, "\x80" },
	{ HTML_MULTIBYTE_SHIFT_JIS, 0x203E, "~" },
	{ HTML_MULTIBYTE_GBK, 0x20AC, "\x80" },
	{ HTML_MULTIBYTE_GB18030, 0x20AC, "\xA2\xE3" },
	{ HTML_MULTIBYTE_GBK, 0x4E2D, "\xD6\xD0" },
	{ HTML_MULTIBYTE_GBK, 0x3000, "\xA1\xA1" },
	{ HTML_MULTIBYTE_GBK, 0xC0, NULL },
	{ HTML_MULTIBYTE_GBK, 0x1F4A9, NULL },
	{ HTML_MULTIBYTE_EUC_KR, 0xC2DC, "\xBD\xC3" },
	{ HTML_MULTIBYTE_EUC_KR, 0xAC02, "\x81\x41" },
	{ HTML_MULTIBYTE_EUC_KR, 'a', "a" },
	{ HTML_MULTIBYTE_ISO_2022_JP, 0x30C6, "\x1B$B%F" },
	{ HTML_MULTIBYTE_ISO_2022_JP, 0xFF71, NULL },
};

static void
test_letters(void)
{
	struct html_multibyte m;
	char out[HTML_MULTIBYTE_MAX];
	size_t i, len;

	check_case("letters encoded");
	for (i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		html_multibyte_open(&m, letters[i].set);
		CHECK_INT(html_multibyte_prepare(&m), 0);
		len = html_multibyte_encode(&m, out, letters[i].code);
		if (!CHECK_BYTES(out, len, letters[i].want != NULL ?
		    letters[i].want : ""))
			printf("# letter %d\n", (int)i);
		html_multibyte_close(&m);
	}
}

/* ISO-2022-JP goes there and back, and knows where it is. */
static void
test_modes(void)
{
	struct html_multibyte m;
	char out[HTML_MULTIBYTE_MAX];

	check_case("modes while encoding");
	html_multibyte_open(&m, HTML_MULTIBYTE_ISO_2022_JP);
	CHECK_INT(html_multibyte_prepare(&m), 0);
	CHECK_INT(html_multibyte_end(&m, out), 0);
	CHECK_BYTES(out, html_multibyte_encode(&m, out, 'a'), "a");
	CHECK_BYTES(out, html_multibyte_encode(&m, out, 0x30C6), "\x1B$B%F");
	CHECK_BYTES(out, html_multibyte_encode(&m, out, 0x30C6), "%F");
	CHECK_BYTES(out, html_multibyte_encode(&m, out, 'a'), "\x1B(Ba");
	CHECK_BYTES(out, html_multibyte_encode(&m, out, 0x30C6), "\x1B$B%F");
	CHECK_BYTES(out, html_multibyte_end(&m, out), "\x1B(B");
	CHECK_INT(html_multibyte_end(&m, out), 0);
	html_multibyte_close(&m);
	html_multibyte_close(&m);
}

static void
test_memory(void)
{
	struct html_multibyte m;

	check_case("no memory for the way back");
	html_multibyte_open(&m, HTML_MULTIBYTE_EUC_KR);
	alloc_fail_at(0, 0);
	CHECK(html_multibyte_prepare(&m) < 0);
	alloc_fail_at(-1, 0);
	html_multibyte_close(&m);
	CHECK_INT(alloc_live(), 0);
}

int
main(void)
{
	if (has_iconv()) {
		test_texts();
		test_letters();
		test_modes();
	} else {
		printf("# the C library has no iconv\n");
	}
	test_memory();
	return check_done();
}
