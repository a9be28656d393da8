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

#include "alloc.h"
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
	{ NULL, PAGE("<meta content=text/html http-equiv=content-type>\xC1"),
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
	/* An XML declaration says it, too, but a tag says it better. */
	{ NULL, PAGE("<?xml version='1.0' encoding='koi8-r'?>\xC1"),
	    "KOI8-R", NULL },
	{ NULL, PAGE("<?xml encoding = \"utf-16\"?>\xC1"), "UTF-8", NULL },
	{ NULL, PAGE("<?xml encoding='koi8-r'?><meta charset=gbk>"), "GBK",
	    NULL },
	{ NULL, PAGE("<?xml encoding='ko i8-r'?>\xC1"), "windows-1252",
	    NULL },
	{ NULL, PAGE("<?xml encoding=koi8-r?>\xC1"), "windows-1252", NULL },
	{ NULL, PAGE("<?xml encoding='koi8-r>\xC1"), "windows-1252", NULL },
	{ NULL, PAGE("<?xml?> encoding='koi8-r'\xC1"), "windows-1252",
	    NULL },
	{ NULL, PAGE("<?xml encoding"), "UTF-8", NULL },
	{ NULL, PAGE("<?xml encoding 'koi8-r'?>\xC1"), "windows-1252", NULL },
	{ NULL, PAGE(" <?xml encoding='koi8-r'?>\xC1"), "windows-1252",
	    NULL },
	{ "koi8-r", PAGE("<?xml encoding='gbk'?>\xC1"), "KOI8-R", NULL },
	{ NULL, PAGE("<\0?\0x\0"), "UTF-16LE", "<?x" },
	{ NULL, PAGE("\0<\0?\0x"), "UTF-16BE", "<?x" },
	/* What the search in the first bytes takes for a comment. */
	{ NULL, PAGE("<title><!--</title><meta charset=koi8-r>-->\xC1"),
	    "KOI8-R", NULL },
	/* It does not know scripts (HTML 13.2.3.2, "prescan"). */
	{ NULL, PAGE("<script><meta charset=koi8-r></script>\xC1"),
	    "KOI8-R", NULL },
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

/*
 * Pages that declare their set behind the first bytes.  A `~` stands for
 * 1100 bytes, a `^` for 20000, which is more than is held back.
 */
static const struct {
	const char *label, *html;
	const char *name, *want;
} late[] = {
	{ NULL, "<!--~--><meta charset=koi8-r>\xC1", "KOI8-R",
	    "<!--~--><meta charset=koi8-r>\xD0\xB0" },
	{ NULL, "\xC1<!--~--><meta charset=koi8-r>\xC1", "KOI8-R",
	    "\xD0\xB0<!--~--><meta charset=koi8-r>\xD0\xB0" },
	{ NULL, "<!--~-->\xC1<meta charset=koi8-r>\xC1", "KOI8-R",
	    "<!--~-->\xD0\xB0<meta charset=koi8-r>\xD0\xB0" },
	{ NULL, "<!--^-->\xC1<!--~--><meta charset=koi8-r>\xC1", "KOI8-R",
	    "<!--^-->\xD0\xB0<!--~--><meta charset=koi8-r>\xD0\xB0" },
	/* Too late for what stands far in front of it. */
	{ NULL, "~\xC1<!--^--><meta charset=koi8-r>\xC1", "KOI8-R",
	    "~\xC3\x81<!--^--><meta charset=koi8-r>\xD0\xB0" },
	{ NULL, "~\xC3\xA9<!--^--><meta charset=koi8-r>\xC1^", "KOI8-R",
	    "~\xC3\xA9<!--^--><meta charset=koi8-r>\xD0\xB0^" },
	{ NULL, "~\xC3\xA9^^<meta charset=koi8-r>", "KOI8-R",
	    "~\xC3\xA9^^<meta charset=koi8-r>" },
	{ NULL, "~\xC1<!--^--><meta charset=utf-8>\xC3\xA9\xC3", "UTF-8",
	    "~\xC3\x81<!--^--><meta charset=utf-8>\xC3\xA9\xC3" },
	/* The first that is known counts, and scripts do not. */
	{ NULL, "~<meta charset=what><meta charset=koi8-r>\xC1<meta "
	    "charset=windows-1251>", "KOI8-R", NULL },
	{ NULL, "<script>~<meta charset=koi8-r></script>\xC1",
	    "windows-1252", NULL },
	{ NULL, "~<meta http-equiv=content-type content='a;charset=koi8-r'>",
	    "KOI8-R", NULL },
	{ NULL, "~<meta charset=utf-16>\xC3\xA9", "UTF-8", NULL },
	{ NULL, "~<meta charset=x-user-defined>\x80", "windows-1252", NULL },
	{ NULL, "~<meta charset=koi8-r", "UTF-8", NULL },
	/* What is not there does not keep the page. */
	{ NULL, "~\xC1", "windows-1252", "~\xC3\x81" },
	{ NULL, "~\xC3\xA9^\xC1", "windows-1252", "~\xC3\xA9^\xC3\x81" },
	{ NULL, "~\xC3\xA9^\xC3", "windows-1252", "~\xC3\xA9^\xC3\x83" },
	{ NULL, "\xC3\xA9~", "UTF-8", "\xC3\xA9~" },
	{ NULL, "~\xC3", "windows-1252", "~\xC3\x83" },
	/* A header or a mark is not overruled, an XML declaration is. */
	{ "koi8-r", "~<meta charset=windows-1251>\xC1", "KOI8-R", NULL },
	{ NULL, "\xEF\xBB\xBF~<meta charset=koi8-r>\xC3\xA9", "UTF-8",
	    "~<meta charset=koi8-r>\xC3\xA9" },
	{ NULL, "<?xml encoding='koi8-r'?>~\xC1", "KOI8-R",
	    "<?xml encoding='koi8-r'?>~\xD0\xB0" },
	{ NULL, "<?xml encoding='koi8-r'?>~\xC1<meta charset=windows-1251>",
	    "windows-1251", "<?xml encoding='koi8-r'?>~\xD0\x91" },
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

/* What decides, in words; a `~` as above. */
static const struct {
	const char *label, *html, *why;
} reasons[] = {
	{ "koi8-r", "\xEF\xBB\xBFx", "a byte order mark" },
	{ "koi8-r", "<meta charset=utf-8>", "the Content-Type" },
	{ "nonsense", "<meta charset=koi8-r>", "a <meta> of the page" },
	{ NULL, "<meta charset=what>~<meta charset=koi8-r>",
	    "a <meta> of the page" },
	{ NULL, "~\xC1~<meta charset=koi8-r>", "a <meta> of the page" },
	{ NULL, "<?xml encoding='koi8-r'?>~<meta charset=what>",
	    "an XML declaration" },
	{ NULL, "<?xml encoding='koi8-r'?>~<meta charset=gbk>",
	    "a <meta> of the page" },
	{ NULL, "\xC3\xA9", "a guess by its bytes, as nothing tells" },
	{ NULL, "\xC1!", "a guess by its bytes, as nothing tells" },
};

static struct html_charset decoder;

/* Decodes in pieces of `step` bytes; returns the name of the set. */
static const char *
decode(const char *label, const char *html, size_t len, size_t step,
    char *out, size_t *out_len)
{
	const char *at;
	size_t i, n, got;
	int end;

	*out_len = 0;
	html_charset_start(&decoder, label, label != NULL ? strlen(label) : 0);
	for (i = 0, end = 0; !end; i += n) {
		char *piece;

		n = len - i < step ? len - i : step;
		end = i == len;
		piece = guard_copy(html + i, n);
		if (end)
			html_charset_finish(&decoder);
		else
			html_charset_feed(&decoder, piece, n);
		while (html_charset_next(&decoder, &at, &got)) {
			memcpy(out + *out_len, at, got);
			*out_len += got;
		}
		guard_free(piece, n);
	}
	html_charset_free(&decoder);
	return html_charset_name(&decoder);
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

/* Whether the C library has iconv; else U+FFFD comes out. */
static int
has_iconv(void)
{
	char out[64];
	size_t len;

	decode("gb18030", "\xB2\xE2", 2, 2, out, &len);
	if (len == 3)
		return 1;
	printf("# the C library has no iconv\n");
	return 0;
}

static void
test_foreign(void)
{
	char out[8192];
	size_t i, step, len;

	check_case("sets of more than one byte, by iconv");
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

/* Writes a page of `late` out in full; returns how long it is. */
static size_t
expand(char *to, const char *from)
{
	size_t n = 0, fill;

	for (; *from != '\0'; from++) {
		fill = *from == '~' ? 1100 : *from == '^' ? 20000 : 1;
		memset(to + n, fill > 1 ? ' ' : *from, fill);
		n += fill;
	}
	return n;
}

static void
test_late(void)
{
	static char html[50000], want[50000], out[50000];
	static const size_t steps[] = { 1, 2, 3, 7, 97, 1024, 1101, 50000 };
	size_t i, step, len, want_len, out_len;

	check_case("declarations behind the first bytes");
	for (i = 0; i < sizeof(late) / sizeof(late[0]); i++) {
		len = expand(html, late[i].html);
		want_len = late[i].want != NULL ?
		    expand(want, late[i].want) : 0;
		/* Long pages in small pieces take long. */
		for (step = len > 9999 ? 4 : 0; step < 8; step++) {
			const char *name = decode(late[i].label, html, len,
			    steps[step], out, &out_len);

			if (!CHECK_STR(name, late[i].name) ||
			    !CHECK(out_len >= want_len &&
			    memcmp(out, want, want_len) == 0))
				printf("# page %d, step %d\n", (int)i,
				    (int)steps[step]);
		}
	}
}

/* The last byte that is held back may still end a declaration. */
static void
test_hold(void)
{
	static char html[3000 + HTML_CHARSET_HOLD], out[sizeof(html)];
	static const char meta[] = "<meta charset=koi8-r>";
	size_t i, step, len, size;

	check_case("how much is held back for a declaration");
	for (i = 0; i < 2; i++) {
		memset(html, ' ', sizeof(html));
		html[2000] = '\xC1';
		size = 2000 + HTML_CHARSET_HOLD + i;
		memcpy(html + size - strlen(meta), meta, strlen(meta));
		for (step = 37; step < 20000; step = step * 5 + 2) {
			CHECK_STR(decode(NULL, html, size, step, out, &len),
			    "KOI8-R");
			CHECK_INT(len, size + 1);
			CHECK(memcmp(out + 2000, i == 0 ? "\xD0\xB0" :
			    "\xC3\x81", 2) == 0);
		}
	}
}

/* Addresses: the query goes to the server in the page's own set. */
static const struct {
	const char *label, *at, *want;
} queries[] = {
	{ "gbk", "/\xE4\xB8\xAD?q=\xE4\xB8\xAD&r=?\xE4\xB8\xAD#\xE4\xB8\xAD",
	    "/\xE4\xB8\xAD?q=%D6%D0&r=?%D6%D0#\xE4\xB8\xAD" },
	{ "gbk", "#?\xE4\xB8\xAD", "#?\xE4\xB8\xAD" },
	{ "gbk", "?\xC3\x80 \xE2\x82\xAC", "?%26%23192%3B %80" },
	{ "shift_jis", "?\xE3\x83\x86", "?%83e" },
	{ "iso-2022-jp", "?\xE3\x83\x86&\xC3\xA9\xE3\x83\x86",
	    "?%1B$B%F%1B(B&%26%23233%3B%1B$B%F%1B(B" },
	{ "iso-2022-jp", "?\xE3\x83\x86\xC3\xA9",
	    "?%1B$B%F%1B(B%26%23233%3B" },
	{ "iso-2022-jp", "?\xE3\x81\xA3", "?%1B$B$C%1B(B" },
	{ "iso-2022-jp", "?\xE3\x81\xA3\xE2\x86\x92", "?%1B$B$C\"*%1B(B" },
	{ "koi8-r", "?\xD0\xB0=\xE4\xB8\xAD", "?%C1=%26%2320013%3B" },
	{ "koi8-r", "?a=b%20+&'", "?a=b%20+&'" },
	{ "latin1", "?\xC2\x81\xC2\xA0\xF0\x9F\x98\x80",
	    "?%81%A0%26%23128512%3B" },
	{ "iso-8859-8", "?\xC2\xA1", "?%26%23161%3B" },
	{ "utf-8", "?\xC3\xA9", "?\xC3\xA9" },
	{ "utf-16", "?\xC3\xA9", "?\xC3\xA9" },
	{ NULL, "?\xC3\xA9", "?\xC3\xA9" },
	{ "gbk", "", "" },
};

static void
test_queries(void)
{
	static struct html_charset c;
	struct html_text text = { NULL, 0, 0 };
	size_t i, len, got;
	const char *at, *out;

	check_case("queries in the set of the page");
	for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		html_charset_start(&c, queries[i].label,
		    queries[i].label != NULL ? strlen(queries[i].label) : 0);
		at = queries[i].at;
		len = strlen(at);
		CHECK_INT(html_charset_query(&c, &text, &at, &len), 0);
		CHECK_BYTES(at, len, queries[i].at);	/* not yet known */
		html_charset_feed(&c, "abc", 3);
		while (html_charset_next(&c, &out, &got))
			continue;
		CHECK_INT(html_charset_query(&c, &text, &at, &len), 0);
		CHECK_BYTES(at, len, queries[i].want);
		at = queries[i].at;
		len = strlen(at);
		CHECK_INT(html_charset_query(&c, &text, &at, &len), 0);
		CHECK_BYTES(at, len, queries[i].want);
	}
	html_charset_free(&c);
	html_text_free(&text);
	CHECK_INT(alloc_live(), 0);
}

static void
feed(struct html_charset *c, const char *at)
{
	const char *out;
	size_t got;

	html_charset_feed(c, at, strlen(at));
	while (html_charset_next(c, &out, &got))
		continue;
}

/* A tag may correct the XML declaration after queries were written. */
static void
test_query_in_new_set(void)
{
	static struct html_charset c;
	struct html_text text = { NULL, 0, 0 };
	const char *middle = "?\xE4\xB8\xAD", *at;
	char page[1100] = "<?xml encoding='gbk'?>";
	size_t len = strlen(page);

	check_case("queries before and behind a tag that changes the set");
	memset(page + len, ' ', sizeof(page) - 1 - len);
	html_charset_start(&c, NULL, 0);
	feed(&c, page);
	CHECK_STR(html_charset_name(&c), "GBK");
	at = middle;
	len = strlen(at);
	CHECK_INT(html_charset_query(&c, &text, &at, &len), 0);
	CHECK_BYTES(at, len, "?%D6%D0");
	feed(&c, "<meta charset=big5><p>");
	CHECK_STR(html_charset_name(&c), "Big5");
	at = middle;
	len = strlen(at);
	CHECK_INT(html_charset_query(&c, &text, &at, &len), 0);
	CHECK_BYTES(at, len, "?%A4%A4");
	html_charset_free(&c);
	html_text_free(&text);
	CHECK_INT(alloc_live(), 0);
}

/* Without memory an address is not made half. */
static void
test_query_memory(void)
{
	static struct html_charset c;
	struct html_text text = { NULL, 0, 0 };
	const char *at = "x?\xE4\xB8\xAD", *out;
	size_t len = 5, got;
	long n;
	int rc = -1;

	check_case("each allocation for a query fails in turn");
	html_charset_start(&c, "gbk", 3);
	html_charset_feed(&c, "abc", 3);
	while (html_charset_next(&c, &out, &got))
		continue;
	for (n = 0; rc < 0 && n < 20; n++) {
		alloc_fail_at(n, 0);
		rc = html_charset_query(&c, &text, &at, &len);
		alloc_fail_at(-1, 0);
		CHECK_BYTES(at, len, rc < 0 ? "x?\xE4\xB8\xAD" :
		    "x?%D6%D0");
		if (rc < 0)
			html_text_free(&text);
	}
	CHECK_INT(rc, 0);
	CHECK(n > 2);
	html_charset_free(&c);
	html_text_free(&text);
	CHECK_INT(alloc_live(), 0);
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

static void
test_reasons(void)
{
	static char html[50000], out[50000];
	size_t i, step, len, out_len;

	check_case("why it is this set");
	html_charset_start(&decoder, NULL, 0);
	CHECK_STR(html_charset_why(&decoder), NULL);
	for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		len = expand(html, reasons[i].html);
		for (step = 1; step <= len; step = step * 3 + 1) {
			decode(reasons[i].label, html, len, step, out,
			    &out_len);
			CHECK_STR(html_charset_why(&decoder), reasons[i].why);
		}
	}
}

int
main(void)
{
	test_reasons();
	test_pages();
	test_late();
	test_hold();
	if (has_iconv()) {
		test_foreign();
		test_queries();
	test_query_in_new_set();
		test_query_memory();
	}
	test_long();
	test_guess();
	test_labels();
	return check_done();
}
