/*
 * html_charset_test.c - which character set a page is in, and its bytes as
 * UTF-8, in pieces of every size.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/charset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "guard.h"

/* Bytes with NULs in them need their length; PAGE gives both. */
#define PAGE(s) (s), sizeof(s) - 1

static const struct {
	const char *label, *html;
	size_t len;
	const char *name, *want;
} pages[] = {
	/* What decides: the mark, the header, the page, a guess. */
	{ "windows-1251", PAGE("\xEF\xBB\xBF\xC3\xA9"), "UTF-8", "\xC3\xA9" },
	{ "utf-8", PAGE("\xFF\xFE" "a\0\xE9\0"), "UTF-16LE", "a\xC3\xA9" },
	{ NULL, PAGE("\xFE\xFF\0a\0\xE9"), "UTF-16BE", "a\xC3\xA9" },
	{ " KOI8-R\n", PAGE("<meta charset=utf-8>\xC1"), "KOI8-R",
	    "<meta charset=utf-8>\xD0\xB0" },
	{ "nonsense", PAGE("<meta charset=koi8-r>\xC1"), "KOI8-R",
	    "<meta charset=koi8-r>\xD0\xB0" },
	{ NULL, PAGE("plain"), "UTF-8", "plain" },
	{ NULL, PAGE("\xC3\xA9t\xC3\xA9"), "UTF-8", "\xC3\xA9t\xC3\xA9" },
	{ NULL, PAGE("\xE9t\xE9 \x93x\x94"), "windows-1252",
	    "\xC3\xA9t\xC3\xA9 \xE2\x80\x9Cx\xE2\x80\x9D" },
	{ NULL, PAGE("ok \xE2\x82\xAC then \xE2\x82!"), "windows-1252",
	    "ok \xE2\x82\xAC then \xC3\xA2\xE2\x80\x9A!" },
	{ NULL, PAGE("\xE2 x a few more bytes"), "windows-1252",
	    "\xC3\xA2 x a few more bytes" },
	{ NULL, PAGE("cut \xE2\x82"), "windows-1252",
	    "cut \xC3\xA2\xE2\x80\x9A" },
	{ NULL, PAGE(""), "UTF-8", "" },
	{ "utf-8", PAGE("\xEF\xBB"), "UTF-8", "\xEF\xBB" },
	/* What a page says of itself. */
	{ NULL, PAGE("<META name=x CHARSET='koi8-r'>\xC1"), "KOI8-R", NULL },
	{ NULL, PAGE("<meta http-equiv=Content-Type content=\"text/html; "
	    "charset = 'koi8-r'\">\xC1"), "KOI8-R", NULL },
	{ NULL, PAGE("<meta content='x; charset=koi8-r' "
	    "http-equiv=content-type>\xC1"), "KOI8-R", NULL },
	{ NULL, PAGE("<meta content='x;charset=koi8-r'>\xC1"),
	    "windows-1252", NULL },
	{ NULL, PAGE("<!-- <meta charset=koi8-r> -->\xC1"), "windows-1252",
	    NULL },
	{ NULL, PAGE("<!--><meta charset=koi8-r>-->\xC1"), "KOI8-R", NULL },
	{ NULL, PAGE("<p title='<meta charset=koi8-r>'>\xC1"),
	    "windows-1252", NULL },
	{ NULL, PAGE("<metax charset=koi8-r></meta charset=koi8-r>\xC1"),
	    "windows-1252", NULL },
	{ NULL, PAGE("<meta charset=what><meta charset=koi8-r>\xC1"),
	    "KOI8-R", NULL },
	{ NULL, PAGE("<?x <meta charset=koi8-r>\xC1"), "windows-1252",
	    NULL },
	{ NULL, PAGE("<meta charset=utf-16>"), "UTF-8", NULL },
	{ NULL, PAGE("<meta charset=x-user-defined>"), "windows-1252", NULL },
	/* Sets of one byte. */
	{ "iso-8859-1", PAGE("\x80\x81\xFF"), "windows-1252",
	    "\xE2\x82\xAC\xC2\x81\xC3\xBF" },
	{ "latin2", PAGE("\xB1"), "ISO-8859-2", "\xC4\x85" },
	{ "iso-8859-8-i", PAGE("\xE0\xA1"), "ISO-8859-8-I",
	    "\xD7\x90\xEF\xBF\xBD" },
	{ "x-user-defined", PAGE("a\x80"), "x-user-defined",
	    "a\xEF\x9E\x80" },
	{ "windows-1252", PAGE("a\0b"), "windows-1252", "a" },
	/* UTF-16 with a pair, without its half, cut. */
	{ "utf-16", PAGE("\x3D\xD8\x00\xDE"), "UTF-16LE",
	    "\xF0\x9F\x98\x80" },
	{ "utf-16be", PAGE("\xD8\x3D\0a\xDE\0\0b"), "UTF-16BE",
	    "\xEF\xBF\xBD" "a\xEF\xBF\xBD" "b" },
	{ "utf-16le", PAGE("a\0b"), "UTF-16LE", "a\xEF\xBF\xBD" },
	{ "utf-16le", PAGE("\x3D\xD8"), "UTF-16LE", "\xEF\xBF\xBD" },
	{ "utf-16le", PAGE("\x3D\xD8\x3D\xD8\x00\xDE"), "UTF-16LE",
	    "\xEF\xBF\xBD\xF0\x9F\x98\x80" },
};

/* Those that the C library may not know. */
static const struct {
	const char *label, *html, *want;
} foreign[] = {
	{ "shift_jis", "\x83\x65\x83\x58\x83\x67\\", "\xE3\x83\x86\xE3\x82\xB9"
	    "\xE3\x83\x88\\" },
	{ "euc-jp", "\xA5\xC6\xA5\xB9", "\xE3\x83\x86\xE3\x82\xB9" },
	{ "iso-2022-jp", "\x1B$B%F\x1B(Bx", "\xE3\x83\x86x" },
	{ "gb2312", "\xB2\xE2\xCA\xD4", "\xE6\xB5\x8B\xE8\xAF\x95" },
	{ "gb18030", "\x81\x30\x81\x30" "a", "\xC2\x80" "a" },
	{ "big5", "\xB4\xFA\xB8\xD5", "\xE6\xB8\xAC\xE8\xA9\xA6" },
	{ "euc-kr", "\xBD\xC3\xC7\xE8", "\xEC\x8B\x9C\xED\x97\x98" },
	{ "gbk", "a\xFF\xFF<b>", "a\xEF\xBF\xBD\xEF\xBF\xBD<b>" },
	{ "shift_jis", "a\x83", "a\xEF\xBF\xBD" },
};

/* Decodes in pieces of `step` bytes; returns the name of the set. */
static const char *
decode(const char *label, const char *html, size_t len, size_t step,
    char *out, size_t *out_len)
{
	static struct html_charset c;
	const char *at;
	size_t i, n, got;
	int end;

	*out_len = 0;
	html_charset_start(&c, label, label != NULL ? strlen(label) : 0);
	for (i = 0, end = 0; !end; i += n) {
		char *piece;

		n = len - i < step ? len - i : step;
		end = i == len;
		piece = guard_copy(html + i, n);
		if (end)
			html_charset_finish(&c);
		else
			html_charset_feed(&c, piece, n);
		while (html_charset_next(&c, &at, &got)) {
			memcpy(out + *out_len, at, got);
			*out_len += got;
		}
		guard_free(piece, n);
	}
	html_charset_free(&c);
	return html_charset_name(&c);
}

static void
test_pages(void)
{
	char out[8192];
	size_t i, step, len;

	check_case("each page in pieces of every size");
	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		for (step = 1; step <= pages[i].len + 1; step++) {
			const char *name = decode(pages[i].label,
			    pages[i].html, pages[i].len, step, out, &len);

			CHECK_STR(name, pages[i].name);
			if (pages[i].want != NULL &&
			    !CHECK(len >= strlen(pages[i].want) &&
			    memcmp(out, pages[i].want,
			    strlen(pages[i].want)) == 0)) {
				printf("# page %d, step %d: %.*s\n", (int)i,
				    (int)step, (int)len, out);
				break;
			}
		}
	}
}

static void
test_foreign(void)
{
	char out[8192];
	size_t i, step, len;

	check_case("sets of more than one byte, by iconv");
	decode("gb18030", "\xB2\xE2", 2, 2, out, &len);
	if (len == 6 && memcmp(out, "\xEF\xBF\xBD\xEF\xBF\xBD", 6) == 0) {
		printf("# the C library has no iconv\n");
		return;
	}
	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		for (step = 1; step < 10; step++) {
			decode(foreign[i].label, foreign[i].html,
			    strlen(foreign[i].html), step, out, &len);
			if (!CHECK_BYTES(out, len, foreign[i].want))
				printf("# %s, step %d\n", foreign[i].label,
				    (int)step);
		}
	}
}

/* More than the buffers hold, so that each is filled many times. */
static void
test_long(void)
{
	static char html[100000], out[400000];
	static const char *const labels[] = { NULL, "latin1", "utf-16le",
	    "gbk", "utf-8" };
	size_t i, len, want[5] = { 200000, 200000, 150000, 0, 100000 };

	check_case("long pages");
	memset(html, 0xE9, sizeof(html));
	for (i = 0; i < 5; i++) {
		decode(labels[i], html, sizeof(html), 977, out, &len);
		CHECK(want[i] == 0 || len == want[i]);
	}
}

/* A character cut by pieces when the set is being guessed already. */
static void
test_guess(void)
{
	static char html[2000], out[8192];
	size_t step, len;

	check_case("bytes that turn out not to be UTF-8, late");
	memset(html, 'x', sizeof(html));
	memcpy(html + 1500, "\xE2\x82\xAC\xE2\x82y\xE9", 7);
	for (step = 1; step < 9; step++) {
		CHECK_STR(decode(NULL, html, sizeof(html), step, out, &len),
		    "windows-1252");
		CHECK_INT(len, 2004);
		CHECK(memcmp(out + 1500, "\xE2\x82\xAC\xC3\xA2\xE2\x80\x9A"
		    "y\xC3\xA9xxx", 12) == 0);
	}
}

static void
test_labels(void)
{
	check_case("labels");
	CHECK_STR(html_charset_find("UTF8", 4)->name, "UTF-8");
	CHECK_STR(html_charset_find("\tascii ", 7)->name, "windows-1252");
	CHECK_STR(html_charset_find("x-x-big5", 8)->name, "Big5");
	CHECK_STR(html_charset_find("unicodefffe", 11)->name, "UTF-16BE");
	CHECK(html_charset_find("", 0) == NULL);
	CHECK(html_charset_find("utf", 3) == NULL);
	CHECK(html_charset_find("utf-88", 6) == NULL);
}

int
main(void)
{
	test_pages();
	test_foreign();
	test_long();
	test_guess();
	test_labels();
	return check_done();
}
