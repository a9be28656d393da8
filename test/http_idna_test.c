/*
 * http_idna_test.c - host names in any language: their ASCII form, the form
 * for people, and names that are none.
 *
 * Among the rows are those of the URL Standard's own tests that are about
 * hosts (toascii.json) and the samples of RFC 3492, section 7.1.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../http/idna.h"

#include <stdint.h>
#include <string.h>

#include "check.h"
#include "guard.h"

enum {
	CHARACTER = HTTP_IDNA_E_CHARACTER,
	PLACE = HTTP_IDNA_E_PLACE,
	ALABEL = HTTP_IDNA_E_ALABEL,
	LENGTH = HTTP_IDNA_E_LENGTH
};

/* A name in UTF-8, and its two forms; or the error in place of them. */
struct row {
	const char *in;
	const char *ascii;	/* NULL: error */
	const char *unicode;	/* NULL: as it was given */
	int error;
};

#define TEN_DIGITS "0123456789"
#define FIFTY_AS "aaaaaaaaaa" "aaaaaaaaaa" "aaaaaaaaaa" "aaaaaaaaaa" \
    "aaaaaaaaaa"
#define FIFTY_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS TEN_DIGITS
/* 61 characters, the first an x. */
#define LONG_LABEL "x" TEN_DIGITS FIFTY_DIGITS
/* 200 characters in four labels. */
#define LONG_NAME FIFTY_DIGITS "." FIFTY_DIGITS "." FIFTY_DIGITS "." \
    FIFTY_DIGITS

static const struct row standard[] = {
	{ "aa--", "aa--", NULL, 0 },
	{ "a†--", "xn--a---kp0a", NULL, 0 },
	{ "ab--c", "ab--c", NULL, 0 },
	{ "-x", "-x", NULL, 0 },
	{ "-†", "xn----xhn", NULL, 0 },
	{ "-x.xn--zca", "-x.xn--zca", "-x.ß", 0 },
	{ "-x.ß", "-x.xn--zca", NULL, 0 },
	{ "x-.xn--zca", "x-.xn--zca", "x-.ß", 0 },
	{ "x-.ß", "x-.xn--zca", NULL, 0 },
	{ "x..xn--zca", "x..xn--zca", "x..ß", 0 },
	{ "x..ß", "x..xn--zca", NULL, 0 },
	{ "xn--a", NULL, NULL, ALABEL },
	{ "xn--99999b", NULL, NULL, ALABEL },	/* beyond U+10FFFF */
	{ "xn--a.xn--zca", NULL, NULL, ALABEL },
	{ "xn--a.ß", NULL, NULL, ALABEL },
	{ "xn--ls8h=", NULL, NULL, ALABEL },
	{ "xn--tešla", NULL, NULL, ALABEL },
	{ "xn--zca.xn--zca", "xn--zca.xn--zca", "ß.ß", 0 },
	{ "xn--zca.ß", "xn--zca.xn--zca", "ß.ß", 0 },
	{ "ab--c.xn--zca", "ab--c.xn--zca", "ab--c.ß", 0 },
	{ "ab--c.ß", "ab--c.xn--zca", NULL, 0 },
	{ "\u200D.example", NULL, NULL, PLACE },
	{ "xn--1ug.example", NULL, NULL, ALABEL },
	{ "\u064Aa", NULL, NULL, PLACE },
	{ "\u064A.", "xn--mhb.", NULL, 0 },
	/* UTS 46 says no (B1), as ICU does; toascii.json says yes. */
	{ "1.\u064A", NULL, NULL, PLACE },
	{ "\u064A.1", NULL, NULL, PLACE },
	{ "xn--mhb.1", NULL, NULL, PLACE },
	{ "xn--a-yoc", NULL, NULL, PLACE },
	{ "ශ්\u200Dරී", "xn--10cl1a0b660p", NULL, 0 },
	{ "نامه\u200Cای", "xn--mgba3gch31f060k", NULL, 0 },
	{ "\uFFFD.com", NULL, NULL, CHARACTER },
	{ "xn--zn7c.com", NULL, NULL, ALABEL },
	{ LONG_LABEL "1x", LONG_LABEL "1x", NULL, 0 },
	{ LONG_LABEL "1†", NULL, NULL, LENGTH },
	{ LONG_LABEL "1x.ß", LONG_LABEL "1x.xn--zca", NULL, 0 },
	{ LONG_NAME "." FIFTY_DIGITS ".x", NULL, NULL, LENGTH },
	{ "a\u00ADb", "ab", "ab", 0 },
	{ "≠", "xn--1ch", NULL, 0 },
	{ "=\u0338", "xn--1ch", "≠", 0 },
	/* A mark of the lowest class goes in front of one of another. */
	{ "=\u0301\u0338", "xn--lsa571n", "≠\u0301", 0 },
	{ "≮", "xn--gdh", NULL, 0 },
	{ "≯", "xn--hdh", NULL, 0 },
};

static const struct row punycode[] = {
	{ "ليهمابتكلموشعربي؟", "xn--egbpdaj6bu4bxfgehfvwxn", NULL, 0 },
	{ "他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye", NULL, 0 },
	{ "他們爲什麽不說中文", "xn--ihqwctvzc91f659drss3x8bo0yb", NULL, 0 },
	{ "Pročprostěnemluvíčesky", "xn--proprostnemluvesky-uyb24dma41a",
	    "pročprostěnemluvíčesky", 0 },
	{ "למההםפשוטלאמדבריםעברית", "xn--4dbcagdahymbxekheh6e0a7fei0b", NULL,
	    0 },
	{ "यहलोगहिन्दीक्योंनहींबोलसकतेहैं",
	    "xn--i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd", NULL, 0 },
	{ "なぜみんな日本語を話してくれないのか",
	    "xn--n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa", NULL, 0 },
	{ "세계의모든사람들이한국어를이해한다면얼마나좋을까",
	    NULL, NULL, LENGTH },
	{ "почемужеонинеговорятпорусски",
	    "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l", NULL, 0 },
	{ "PorquénopuedensimplementehablarenEspañol",
	    "xn--porqunopuedensimplementehablarenespaol-fmd56a",
	    "porquénopuedensimplementehablarenespañol", 0 },
	{ "TạisaohọkhôngthểchỉnóitiếngViệt",
	    "xn--tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g",
	    "tạisaohọkhôngthểchỉnóitiếngviệt", 0 },
	{ "3年B組金八先生", "xn--3b-ww4c5e180e575a65lsy2b",
	    "3年b組金八先生", 0 },
	{ "Hello-Another-Way-それぞれの場所",
	    "xn--hello-another-way--fc4qua05auwb3674vfr0b",
	    "hello-another-way-それぞれの場所", 0 },
	{ "ひとつ屋根の下2", "xn--2-u9tlzr9756bt3uc0v", NULL, 0 },
	{ "そのスピードで", "xn--d9juau41awczczp", NULL, 0 },
	{ "\U0010FFFD", NULL, NULL, CHARACTER },
	{ "xn--", NULL, NULL, ALABEL },
	{ "xn---", NULL, NULL, ALABEL },
	{ "xn---a", NULL, NULL, ALABEL },
	{ "xn--abc-", NULL, NULL, ALABEL },
	{ "xn--mnchen-3y", NULL, NULL, ALABEL },
	{ "xn--mnchen-3y_", NULL, NULL, ALABEL },
	{ "xn--99999999", NULL, NULL, ALABEL },
	{ "xn--a-999999999999999999999999999", NULL, NULL, ALABEL },
	{ "XN--MNCHEN-3YA", "xn--mnchen-3ya", "münchen", 0 },
	{ "xn--MNCHEN-3YA", "xn--mnchen-3ya", "münchen", 0 },
	/* Decoded: in upper case, not NFC, xn--é, full-width, private. */
	{ "xn--wca", NULL, NULL, ALABEL },
	{ "xn--e-xbb", NULL, NULL, ALABEL },
	{ "xn--xn---epa", NULL, NULL, ALABEL },
	{ "xn--mi7c", NULL, NULL, ALABEL },
	{ "xn--a-so7g", NULL, NULL, ALABEL },
	{ "xn---epa", NULL, NULL, ALABEL },
	{ "xn----bga", "xn----bga", "-é", 0 },
	{ "a.xn--.b", NULL, NULL, ALABEL },
	{ "xn-", "xn-", NULL, 0 },
	{ "axn--", "axn--", NULL, 0 },
};

static const struct row mapping[] = {
	{ "", "", NULL, 0 },
	{ ".", ".", NULL, 0 },
	{ "EXAMPLE.Org.", "example.org.", "example.org.", 0 },
	{ "a b%/_", "a b%/_", NULL, 0 },
	{ "Bücher.example", "xn--bcher-kva.example", "bücher.example", 0 },
	{ "faß.de", "xn--fa-hia.de", NULL, 0 },
	{ "FAẞ.de", "xn--fa-hia.de", "faß.de", 0 },
	{ "βόλος", "xn--nxasmm1c", NULL, 0 },
	{ "ΒΌΛΟΣ", "xn--nxasmq6b", "βόλοσ", 0 },
	{ "ＧＯ．ｃｏｍ", "go.com", "go.com", 0 },
	{ "例。え｡テスト", "xn--fsq.xn--r8j.xn--zckzah", "例.え.テスト", 0 },
	{ "１２７．０。０.１", "127.0.0.1", "127.0.0.1", 0 },
	{ "a\u00AD\u200B\u2060\uFEFF\uFE0Fb", "ab", "ab", 0 },
	{ "\u00AD", "", "", 0 },
	{ "\u212B", "xn--5ca", "å", 0 },
	{ "\uFB01", "fi", "fi", 0 },
	{ "\u2168.\u33A5", "ix.m3", "ix.m3", 0 },
	{ "\U0001D400\U0001D7D8", "a0", "a0", 0 },
	{ "\U0002F800", "xn--viq", "丽", 0 },
	{ "\U00010400", "xn--hj8c", "\U00010428", 0 },
	{ "\U0001F4A9.la", "xn--ls8h.la", NULL, 0 },
	{ "\u2100", "a/c", "a/c", 0 },
	{ "\uFF05", "%", "%", 0 },
	{ "\u2488", NULL, NULL, CHARACTER },	/* "1." */
	{ "\u0378", NULL, NULL, CHARACTER },	/* not assigned */
	{ "\uE000", NULL, NULL, CHARACTER },	/* private */
	{ "\u202E", NULL, NULL, CHARACTER },	/* turns text round */
	{ "\xC2\x80", NULL, NULL, CHARACTER },
};

static const struct row composing[] = {
	{ "u\u0308", "xn--tda", "ü", 0 },
	{ "U\u0308", "xn--tda", "ü", 0 },
	/* Marks below and above, in either order. */
	{ "a\u0323\u0302", "xn--zkg", "ậ", 0 },
	{ "a\u0302\u0323", "xn--zkg", "ậ", 0 },
	{ "\u00E2\u0323", "xn--zkg", "ậ", 0 },
	{ "\u1EA1\u0302", "xn--zkg", "ậ", 0 },
	/* A mark of the same class is in the way, another one is not. */
	{ "e\u0327\u0301", "xn--fma64b", "\u0229\u0301", 0 },
	{ "e\u031B\u0323\u0301", "xn--lsa5c106j", "\u1EB9\u031B\u0301", 0 },
	{ "e\u0305\u0301", "xn--e-xbbl", "e\u0305\u0301", 0 },
	{ "e\u0315\u0300\u05AE\u0301x", "xn--x-7fa52nkcx9n",
	    "\u00E8\u05AE\u0301\u0315x", 0 },
	{ "\u03B1\u0301\u0313", "xn--3sa91a", "\u03AC\u0313", 0 },
	{ "\u1100\u1161\u11A8", "xn--p39a", "각", 0 },
	{ "\u1100\u1161", "xn--o39a", "가", 0 },
	{ "\u1112\u1175\u11C2", "xn--u78b", "힣", 0 },
	{ "가\u11A7", "xn--qud9310f", NULL, 0 },
	{ "가\u11A8", "xn--p39a", "각", 0 },
	{ "각\u11A8", "xn--rud9310f", "각\u11A8", 0 },
	{ "\u1100\u1100\u1161", "xn--ypd4740f", "\u1100가", 0 },
	{ "\u0915\u093C", "xn--11b2f", "\u0915\u093C", 0 },
	{ "\u0958", "xn--11b2f", "\u0915\u093C", 0 },
	{ "\u0BC6\u0BBE", NULL, NULL, PLACE },
	{ "\u0B95\u0BC6\u0BBE", "xn--clc0i", "\u0B95\u0BCA", 0 },
	{ "\U00011131\U00011127", NULL, NULL, PLACE },
	{ "\u30AB\u3099", "xn--mck", "ガ", 0 },
	{ "\uFF76\uFF9E", "xn--mck", "ガ", 0 },
	{ "a.\u0308", NULL, NULL, PLACE },
};

static const struct row places[] = {
	{ "\u0301a", NULL, NULL, PLACE },
	{ "\u0903a", NULL, NULL, PLACE },	/* a mark with a width */
	{ "\u20DDa", NULL, NULL, PLACE },	/* one around the letter */
	{ "xn--a-wbb", NULL, NULL, ALABEL },
	/* Joiners: behind a virama, or between letters that join. */
	{ "a\u200Cb", NULL, NULL, PLACE },
	{ "a\u200Db", NULL, NULL, PLACE },
	{ "क्\u200Cष", "xn--11b2ezcs70k", NULL, 0 },
	{ "क्\u200D", "xn--11b6iy14e", NULL, 0 },
	{ "क\u200Cष", NULL, NULL, PLACE },
	{ "ب\u200Cب", "xn--ngba799q", NULL, 0 },
	{ "ب\u064B\u200C\u064B\u064Bب", "xn--ngba8haa0760b", NULL, 0 },
	{ "ب\u200Dب", NULL, NULL, PLACE },
	{ "ب\u200C", NULL, NULL, PLACE },
	{ "\u200Cب", NULL, NULL, PLACE },
	{ "ا\u200Cب", NULL, NULL, PLACE },	/* alef joins none behind */
	{ "ب\u200Cا", "xn--mgbb899q", NULL, 0 },
	{ "ب\u200Cء", NULL, NULL, PLACE },
	{ "ب\u200C\u200Cب", NULL, NULL, PLACE },
	{ "بa\u200Cب", NULL, NULL, PLACE },
	/* RFC 5893, each of its conditions; it holds for the whole name. */
	{ "אב", "xn--4dbc", NULL, 0 },
	{ "1א", NULL, NULL, PLACE },
	{ "א1", "xn--1-zhc", NULL, 0 },
	{ "א\u0661", "xn--4db40a", NULL, 0 },
	{ "א1\u0661", NULL, NULL, PLACE },
	{ "אa", NULL, NULL, PLACE },
	{ "אaב", NULL, NULL, PLACE },
	{ "aאb", NULL, NULL, PLACE },
	{ "a\u0661b", NULL, NULL, PLACE },
	{ "א-", NULL, NULL, PLACE },
	{ "א-\u05B0", NULL, NULL, PLACE },
	{ "א\u05B0", "xn--7cb7d", NULL, 0 },
	{ "aא", NULL, NULL, PLACE },
	{ "\u0661", NULL, NULL, PLACE },
	{ "a.א", "a.xn--4db", NULL, 0 },
	{ "1a.א", NULL, NULL, PLACE },
	{ "1a.xn--4db", NULL, NULL, PLACE },
	{ "a-.א", NULL, NULL, PLACE },
	{ "a1.א", "a1.xn--4db", NULL, 0 },
	{ "a\u0301.א", "xn--1ca.xn--4db", "á.א", 0 },
	{ "a\u0661", NULL, NULL, PLACE },
	{ "-a.b", "-a.b", NULL, 0 },
	{ "-á.א", NULL, NULL, PLACE },
	{ "..א", "..xn--4db", NULL, 0 },
};

static const struct row bytes[] = {
	{ "a\x80", NULL, NULL, CHARACTER },
	{ "a\xBF" "b", NULL, NULL, CHARACTER },
	{ "\xBF\xBF", NULL, NULL, CHARACTER },
	{ "\xF8\x9F\x92\xA9", NULL, NULL, CHARACTER },
	{ "\xC3", NULL, NULL, CHARACTER },
	{ "\xC3(", NULL, NULL, CHARACTER },
	{ "\xC0\xAF", NULL, NULL, CHARACTER },
	{ "\xC1\xA1", NULL, NULL, CHARACTER },
	{ "\xE0\x81\xA1", NULL, NULL, CHARACTER },
	{ "\xE0\x9F\xBF", NULL, NULL, CHARACTER },
	{ "\xE4\xB8", NULL, NULL, CHARACTER },
	{ "\xE4", NULL, NULL, CHARACTER },
	{ "\xED\xA0\x80", NULL, NULL, CHARACTER },
	{ "\xED\xBF\xBF", NULL, NULL, CHARACTER },
	{ "\xF0\x80\x80\xA1", NULL, NULL, CHARACTER },
	{ "\xF0\x8F\xBF\xBF", NULL, NULL, CHARACTER },
	{ "\xF0\x9F\x92", NULL, NULL, CHARACTER },
	{ "\xF4\x90\x80\x80", NULL, NULL, CHARACTER },
	{ "\xF5\x80\x80\x80", NULL, NULL, CHARACTER },
	{ "\xF8\x88\x80\x80\x80", NULL, NULL, CHARACTER },
	{ "\xFF", NULL, NULL, CHARACTER },
};

/* Both forms of a name, given each the other way round, too. */
static void
check_forms(const struct row *row, const char *ascii, int len)
{
	const char *wanted = row->unicode != NULL ? row->unicode : row->in;
	char unicode[HTTP_IDNA_UNICODE_ROOM], again[HTTP_IDNA_ROOM];
	int unicode_len = http_idna_to_unicode(unicode, ascii, (size_t)len);

	CHECK_STR(unicode, wanted);
	CHECK_INT(unicode_len, strlen(wanted));
	CHECK_INT(http_idna_to_ascii(again, ascii, (size_t)len), len);
	CHECK_STR(again, ascii);
	CHECK_INT(http_idna_to_ascii(again, wanted, strlen(wanted)), len);
	CHECK_STR(again, ascii);
}

static void
check_row(const struct row *row)
{
	char ascii[HTTP_IDNA_ROOM], unicode[HTTP_IDNA_UNICODE_ROOM];
	size_t len = strlen(row->in);
	char *in = guard_copy(row->in, len);
	int got = http_idna_to_ascii(ascii, in, len), failing = check_failing();

	if (row->ascii == NULL) {
		CHECK_INT(got, row->error);
		CHECK_INT(http_idna_to_unicode(unicode, in, len), row->error);
	} else if (CHECK_INT(got, strlen(row->ascii)) &&
	    CHECK_STR(ascii, row->ascii)) {
		check_forms(row, ascii, got);
	}
	if (check_failing() > failing)	/* says which */
		CHECK_STR(row->in, "");
	guard_free(in, len);
}

static void
check_rows(const char *name, const struct row *rows, size_t size)
{
	check_case(name);
	for (size_t i = 0; i < size / sizeof(*rows); i++)
		check_row(&rows[i]);
}

/* ---- limits ---- */

/* The result for n copies of a text, followed by another. */
static int
repeated(size_t n, const char *each, const char *end)
{
	static char name[1 << 16];
	char ascii[HTTP_IDNA_ROOM];
	size_t len = strlen(each);

	for (size_t i = 0; i < n; i++)
		memcpy(name + i * len, each, len);
	strcpy(name + n * len, end);
	return http_idna_to_ascii(ascii, name, strlen(name));
}

static void
test_limits(void)
{
	check_case("what the DNS has no room for");
	CHECK_INT(repeated(63, "a", ""), 63);
	CHECK_INT(repeated(64, "a", ""), LENGTH);
	CHECK_INT(repeated(64, "a", ".b"), LENGTH);
	CHECK_INT(repeated(126, "a.", "a"), 253);
	CHECK_INT(repeated(126, "a.", "a."), 254);
	CHECK_INT(repeated(127, "a.", ""), 254);
	CHECK_INT(repeated(126, "a.", "aa"), LENGTH);
	CHECK_INT(repeated(126, "a.", "aa."), LENGTH);
	CHECK_INT(repeated(127, "a.", "."), LENGTH);
	CHECK_INT(repeated(9000, "a.", ""), LENGTH);
	/* One digit of Punycode for each but the first. */
	CHECK_INT(repeated(57, "ü", ""), 63);
	CHECK_INT(repeated(58, "ü", ""), LENGTH);
	/* The same names as they are written, and what is no Punycode. */
	CHECK_INT(repeated(1, "xn--tda", FIFTY_AS "aaaaaa"), 63);
	CHECK_INT(repeated(1, "xn--tda", FIFTY_AS "aaaaaaa"), LENGTH);
	CHECK_INT(repeated(1, "xn--", FIFTY_DIGITS "123456789"), ALABEL);
	CHECK_INT(repeated(1, "xn--", FIFTY_DIGITS "1234567890"), LENGTH);
	CHECK_INT(repeated(57, "u\u0308", ""), 63);
	CHECK_INT(repeated(58, "u\u0308", ""), LENGTH);
	/* Three parts, the most that a character can have. */
	CHECK_INT(repeated(57, "a\u0302\u0323", ""), 63);
	CHECK_INT(repeated(58, "a\u0302\u0323", ""), LENGTH);
	CHECK_INT(repeated(64, "\u1EAD", ""), LENGTH);
	CHECK_INT(repeated(9000, "ü", ""), LENGTH);
	CHECK_INT(repeated(1, "xn--", FIFTY_DIGITS FIFTY_DIGITS), LENGTH);
	CHECK_INT(repeated(5, "\uFDFA", ""), LENGTH);
	CHECK_INT(repeated(30, "xn--tda.", "ü"), 247);
	CHECK_INT(repeated(31, "xn--tda.", "ü"), LENGTH);
}

static void
test_long_marks(void)
{
	check_case("what is ignored is not counted, and many marks are");
	CHECK_INT(repeated(16000, "\u00AD", "a"), 1);
	CHECK_INT(repeated(16000, "\uFEFF", ""), 0);
	CHECK_INT(repeated(16000, "\u0301", ""), LENGTH);
	CHECK_INT(repeated(8000, "\u0301\u0323", "."), LENGTH);
}

/* ---- all characters ---- */

static size_t
put_utf8(char *to, uint32_t c)
{
	size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };

	for (size_t i = len - 1; i > 0; i--, c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3F));
	to[0] = (char)(leads[len] | c);
	return len;
}

/* Counts, of all characters, those that a name can have. */
static void
test_all(void)
{
	char in[8] = "a", ascii[HTTP_IDNA_ROOM], again[HTTP_IDNA_ROOM];
	char unicode[HTTP_IDNA_UNICODE_ROOM];
	long good = 0, ignored = 0, differ = 0;

	check_case("each character of Unicode behind an a");
	for (uint32_t c = 0; c < 0x110000; c++) {
		size_t in_len = 1 + put_utf8(in + 1, c);
		int len = http_idna_to_ascii(ascii, in, in_len), back;

		if (len < 0)
			continue;
		good++;
		ignored += len == 1;
		back = http_idna_to_unicode(unicode, ascii, (size_t)len);
		differ += back < 0 || http_idna_to_ascii(again, unicode,
		    (size_t)back) != len || memcmp(ascii, again,
		    (size_t)len) != 0;
	}
	CHECK_INT(differ, 0);
	CHECK_INT(ignored, 294);
	CHECK_INT(good, 156540);
}

static void
test_words(void)
{
	check_case("each error has words of its own");
	CHECK(http_idna_strerror(0) == NULL);
	CHECK(http_idna_strerror(CHARACTER + 1) == NULL);
	CHECK(http_idna_strerror(LENGTH - 1) == NULL);
	for (int e = LENGTH; e < CHARACTER; e++)
		CHECK(http_idna_strerror(e) != NULL &&
		    http_idna_strerror(e) != http_idna_strerror(e + 1));
}

int
main(void)
{
	check_rows("the standard's own cases", standard, sizeof(standard));
	check_rows("Punycode", punycode, sizeof(punycode));
	check_rows("mapping", mapping, sizeof(mapping));
	check_rows("composing", composing, sizeof(composing));
	check_rows("marks, joiners, directions", places, sizeof(places));
	check_rows("bytes that are not UTF-8", bytes, sizeof(bytes));
	test_limits();
	test_long_marks();
	test_all();
	test_words();
	return check_done();
}
