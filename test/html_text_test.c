/*
 * html_text_test.c - character references, and what text.h makes of bytes.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

static const struct {
	const char *from, *text, *value;	/* value NULL: as text */
} references[] = {
	{ "&amp;&lt;&gt;&quot;&apos;", "&<>\"'", NULL },
	{ "&amp&lt", "&<", NULL },
	{ "&ampx &amp=x &amp1", "&x &=x &1", "&ampx &amp=x &amp1" },
	{ "&amp;x &amp;= &amp-", "&x &= &-", NULL },
	{ "&notit; &notin; &not", "\xC2\xACit; \xE2\x88\x89 \xC2\xAC",
	    "&notit; \xE2\x88\x89 \xC2\xAC" },
	{ "&nGt; &bne;", "\xE2\x89\xAB\xE2\x83\x92 =\xE2\x83\xA5", NULL },
	{ "&CounterClockwiseContourIntegral;", "\xE2\x88\xB3", NULL },
	{ "&zwnj; &Aacute", "\xE2\x80\x8C \xC3\x81", NULL },
	{ "&AMP; &Amp; &AMp", "& &Amp; &AMp", NULL },
	{ "&; & &x; &1; &#; &#x; &#xg;", "&; & &x; &1; &#; &#x; &#xg;", NULL },
	{ "&#65;&#x41;&#X41;&#65x", "AAAAx", NULL },
	{ "&#0; &#x110000; &#xD800; &#99999999999;",
	    "\xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD", NULL },
	{ "&#128; &#x9F; &#x81;", "\xE2\x82\xAC \xC5\xB8 \xC2\x81", NULL },
	{ "&#x10FFFF;", "\xF4\x8F\xBF\xBF", NULL },
	{ "a\r\nb\rc\nd", "a\nb\nc\nd", NULL },
	/* UTF-8 that is none: the longest start of a sequence is one. */
	{ "\xC3\xA9\xFF\xC0\xAF", "\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD"
	    "\xEF\xBF\xBD", NULL },
	{ "\xE2\x82x\xED\xA0\x80", "\xEF\xBF\xBDx\xEF\xBF\xBD\xEF\xBF\xBD"
	    "\xEF\xBF\xBD", NULL },
	{ "\xF0\x9F\x98\x80\xF0\x9F\x98", "\xF0\x9F\x98\x80"
	    "\xEF\xBF\xBD", NULL },
	{ "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"
	    "\xEF\xBF\xBD", NULL },
};

static void
test_references(void)
{
	struct html_text text = { NULL, 0, 0 };
	size_t i, len;

	check_case("references and bytes, in text and in values");
	for (i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		const char *value = references[i].value != NULL ?
		    references[i].value : references[i].text;
		char *from;

		len = strlen(references[i].from);
		from = guard_copy(references[i].from, len);
		CHECK_INT(html_text_decode(&text, from, len,
		    HTML_TEXT_AS_IS), 0);
		CHECK_BYTES(text.at, text.len, references[i].text);
		html_text_decode(&text, from, len, HTML_TEXT_VALUE);
		CHECK_BYTES(text.at, text.len, value);
		guard_free(from, len);
	}
	html_text_free(&text);
}

static void
test_nul(void)
{
	struct html_text text = { NULL, 0, 0 };

	check_case("NUL becomes U+FFFD");
	html_text_decode(&text, "a\0b", 3, HTML_TEXT_AS_IS);
	CHECK_BYTES(text.at, text.len, "a\xEF\xBF\xBD" "b");
	html_text_free(&text);
}

static void
test_collapse(void)
{
	struct html_text text = { NULL, 0, 0 };

	check_case("white space is stripped and collapsed");
	html_text_decode(&text, " \n a&#32; b\f\tc&nbsp;\r\n", 22,
	    HTML_TEXT_COLLAPSE);
	CHECK_BYTES(text.at, text.len, "a b c\xC2\xA0");
	html_text_decode(&text, " \n ", 3, HTML_TEXT_COLLAPSE);
	CHECK_INT(text.len, 0);
	html_text_free(&text);
}

/* Whether html_text_value leaves a value where it is. */
static int
is_plain(struct html_text *text, const char *bytes, size_t len)
{
	const char *at = bytes;
	size_t got = len;

	CHECK_INT(html_text_value(text, &at, &got), 0);
	return at == bytes && got == len;
}

static void
test_plain(void)
{
	struct html_text text = { NULL, 0, 0 };
	char bytes[24];
	size_t len, i;

	check_case("a value that needs no decoding is not copied");
	for (len = 0; len <= sizeof(bytes); len++) {
		memset(bytes, 'x', sizeof(bytes));
		CHECK(is_plain(&text, bytes, len));
		for (i = 0; i < len; i++) {
			bytes[i] = "&\r\0\x80\xFF"[i % 5];
			CHECK(!is_plain(&text, bytes, len));
			bytes[i] = "'%\f\x01\x7F"[i % 5];
			CHECK(is_plain(&text, bytes, len));
		}
	}
	html_text_free(&text);
}

static void
test_limits(void)
{
	struct html_text text = { NULL, 0, 0 };
	size_t i;

	check_case("a text has a limit");
	for (i = 0; i < HTML_TEXT_MAX; i += 4)
		CHECK_INT(html_text_add(&text, "1234", 4), 0);
	CHECK_INT(text.len, HTML_TEXT_MAX);
	CHECK_INT(html_text_add(&text, "1234", 4), 0);
	CHECK_INT(text.len, HTML_TEXT_MAX);
	text.len = 0;
	alloc_fail_at(0, 0);
	html_text_free(&text);
	CHECK_INT(html_text_add(&text, "1", 1), -ENOMEM);
	CHECK_INT(text.len, 0);
	html_text_free(&text);
	CHECK_INT(alloc_live(), 0);
}

/* Every code point goes there and back, and its bytes are valid. */
static void
test_utf8(void)
{
	uint32_t code, back;
	char bytes[4];
	size_t n;
	bool cut;
	int wrong = 0;

	check_case("every code point, there and back");
	for (code = 0; code <= 0x10FFFF; code++) {
		if (code >= 0xD800 && code < 0xE000)
			continue;
		n = html_utf8_write(bytes, code);
		wrong += html_utf8_read(&back, bytes, n) != n ||
		    back != code || html_utf8_valid(bytes, n, &cut) != n;
		if (n > 1)
			wrong += html_utf8_valid(bytes, n - 1, &cut) != 0 ||
			    !cut;
	}
	CHECK_INT(wrong, 0);
}

int
main(void)
{
	test_references();
	test_nul();
	test_collapse();
	test_plain();
	test_limits();
	test_utf8();
	return check_done();
}
