/*
 * html_scan_test.c - the tokenizer against the cases that the standard makes
 * hard, each whole, cut at every byte, and a byte at a time.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

/* Tokens as text: <name attr="value">, </name>, {comment}, [doctype]. */
struct dump {
	char text[4096];
	size_t len;
	int in_text, foreign;
};

static void
dump_add(struct dump *d, const char *at, size_t len)
{
	if (len > sizeof(d->text) - 1 - d->len)
		len = sizeof(d->text) - 1 - d->len;
	memcpy(d->text + d->len, at, len);
	d->len += len;
	d->text[d->len] = '\0';
}

static void
dump_tag(struct dump *d, const struct html_scan_token *t)
{
	unsigned i;

	dump_add(d, t->kind == HTML_SCAN_END ? "</" : "<",
	    t->kind == HTML_SCAN_END ? 2 : 1);
	dump_add(d, t->at, t->len);
	for (i = 0; i < t->attr_count; i++) {
		dump_add(d, " ", 1);
		dump_add(d, t->base + t->attrs[i].name, t->attrs[i].name_len);
		dump_add(d, "=\"", 2);
		dump_add(d, t->base + t->attrs[i].value,
		    t->attrs[i].value_len);
		dump_add(d, "\"", 1);
	}
	if (t->self_closing)
		dump_add(d, "/", 1);
	dump_add(d, ">", 1);
}

static void
dump_all(struct dump *d, struct html_scan *s)
{
	int found;

	while ((found = html_scan_next(s)) > 0) {
		const struct html_scan_token *t = &s->token;

		if (found == HTML_SCAN_TEXT) {
			dump_add(d, t->at, t->len);
		} else if (found == HTML_SCAN_COMMENT) {
			dump_add(d, "{}", 2);
		} else if (found == HTML_SCAN_DOCTYPE) {
			dump_add(d, "[", 1);
			dump_add(d, t->at, t->len);
			dump_add(d, "]", 1);
		} else {
			dump_tag(d, t);
			s->cdata = t->tag->id == HTML_TAG_SVG &&
			    found == HTML_SCAN_START;
			if (found == HTML_SCAN_START)
				html_scan_raw(s);
		}
	}
	CHECK_INT(found, 0);
}

/* Feeds [at, at + len) against a guard page. */
static void
dump_piece(struct dump *d, struct html_scan *s, const char *at, size_t len)
{
	char *copy = guard_copy(at, len);

	html_scan_feed(s, copy, len);
	dump_all(d, s);
	guard_free(copy, len);
}

static const struct {
	const char *html, *want;
} cases[] = {
	/* Tags and attributes. */
	{ "<a href=x>t</a>", "<a href=\"x\">t</a>" },
	{ "<A HREF='a b' c=\"d'e\" f>", "<A HREF=\"a b\" c=\"d'e\" f=\"\">" },
	{ "<br/><br /><br / ><br/x>", "<br/><br/><br><br x=\"\">" },
	{ "<a b=c/>", "<a b=\"c/\">" },
	{ "<a =b =c==d>", "<a =b=\"c==d\">" },
	{ "<a b = 'c'd=e>", "<a b=\"c\" d=\"e\">" },
	{ "<a b=>c", "<a b=\"\">c" },
	{ "<a b='>'>c", "<a b=\">\">c" },
	{ "<a\tb\n=\r'c'\f>", "<a b=\"c\">" },
	{ "<a \"b'=c>", "<a \"b'=\"c\">" },
	{ "<a b=c\"d'e>", "<a b=\"c\"d'e\">" },
	{ "<a / b / = c>", "<a b=\"\" ==\"\" c=\"\">" },
	{ "<a/b='c'/d>", "<a b=\"c\" d=\"\">" },
	{ "<ab<c>d", "<ab<c>d" },
	{ "</a b=c/>", "</a b=\"c/\">" },
	/* What is no tag. */
	{ "a < b <1 <= << <", "a < b <1 <= << <" },
	{ "</>x</ y>z</1>w", "x{}z{}w" },
	{ "<a", "" }, { "<a b='", "" }, { "</", "</" }, { "</a", "" },
	/* Comments and their odd ends. */
	{ "<!---->a<!-- - -- b -->c", "{}a{}c" },
	{ "<!-->a<!--->b<!--!>c-->d", "{}a{}b{}d" },
	{ "<!--a--!>b<!--a--!-->c", "{}b{}c" },
	{ "<!--a--->b<!--a- ->-->c", "{}b{}c" },
	{ "<!--<!-->a<!--<!--->b", "{}a{}b" },
	{ "<!--a--!b-->c", "{}c" }, { "<!--a", "{}" }, { "<!-", "{}" },
	{ "<!", "{}" }, { "<!a>b<?c>d<!->e", "{}b{}d{}e" },
	/* Doctypes. */
	{ "<!DOCTYPE html><!doctype x 'y>z", "[ html][ x 'y]z" },
	{ "<!doctyp>a", "{}a" }, { "<!docty", "{}" },
	/* Raw text. */
	{ "<title><b>&amp;</title >x", "<title><b>&amp;</title>x" },
	{ "<title></titl></titles></title/x>y",
	    "<title></titl></titles></title x=\"\">y" },
	{ "<style></a><!--</style>-->", "<style></a><!--</style>-->" },
	{ "<textarea><</textarea><xmp></xmp x>",
	    "<textarea><</textarea><xmp></xmp x=\"\">" },
	{ "<TITLE>a</tItLe>b", "<TITLE>a</tItLe>b" },
	{ "<plaintext></plaintext><a>", "<plaintext></plaintext><a>" },
	{ "<iframe><a></iframe><noembed><a></noembed><a b>",
	    "<iframe><a></iframe><noembed><a></noembed><a b=\"\">" },
	{ "<title>a</titl", "<title>a</titl" },
	/* Scripts and the comments in them. */
	{ "<script>a<b</script>c<d>", "<script>a<b</script>c<d>" },
	{ "<script><!--</script><a b>",
	    "<script><!--</script><a b=\"\">" },
	{ "<script><!--<script></script></script><a b>",
	    "<script><!--<script></script></script><a b=\"\">" },
	{ "<script><!--<script></script>--></script><a b>",
	    "<script><!--<script></script>--></script><a b=\"\">" },
	{ "<script><!--<script>--></script><a b>",
	    "<script><!--<script>--></script><a b=\"\">" },
	{ "<script><!--><script></script><a b>",
	    "<script><!--><script></script><a b=\"\">" },
	{ "<script><!--<scriptx></script><a b>",
	    "<script><!--<scriptx></script><a b=\"\">" },
	{ "<script><!--<script </script/</script><a b>",
	    "<script><!--<script </script/</script><a b=\"\">" },
	{ "<script></scriptx></script>a", "<script></scriptx></script>a" },
	{ "<script><!-", "<script><!-" },
	/* CDATA. */
	{ "<svg><![CDATA[a<b>]]]>c", "<svg>a<b>]c" },
	{ "<svg><![CDATA[]]]]><![cdata[x]]>", "<svg>]]{}" },
	{ "<svg><![CDATA[a]]", "<svg>a]]" },
	{ "<p><![CDATA[a>b]]>", "<p>{}b]]>" },
	{ "<svg><![CDAT", "<svg>{}" },
};

static void
test_case(struct html_scan *s, const char *html, const char *want)
{
	size_t len = strlen(html), cut;
	struct dump d;

	for (cut = 0; cut <= len; cut++) {
		memset(&d, 0, sizeof(d));
		html_scan_reset(s);
		dump_piece(&d, s, html, cut);
		dump_piece(&d, s, html + cut, len - cut);
		html_scan_finish(s);
		dump_all(&d, s);
		if (!CHECK_STR(d.text, want)) {
			printf("# of %s, cut at %d\n", html, (int)cut);
			break;
		}
	}
	memset(&d, 0, sizeof(d));
	html_scan_reset(s);
	for (cut = 0; cut < len; cut++)
		dump_piece(&d, s, html + cut, 1);
	html_scan_finish(s);
	dump_all(&d, s);
	CHECK_STR(d.text, want);
}

/* A tag so long that it is cut must look the same in any pieces. */
static void
test_long_tag(struct html_scan *s)
{
	static char html[3 * HTML_SCAN_CARRY];
	size_t len, i, edge;

	check_case("an attribute further than the limit is read over");
	for (edge = 0; edge < 4; edge++) {
		len = (size_t)sprintf(html, "<a b=c d='");
		memset(html + len, 'x', HTML_SCAN_CARRY);
		len = HTML_SCAN_CARRY - 4 + edge;
		len += (size_t)sprintf(html + len, "' e=f />");
		for (i = 1; i <= 2; i++) {
			size_t step = i == 1 ? len : 4099, at, n;
			int found = 0;

			html_scan_reset(s);
			for (at = 0; at < len; at += n) {
				n = len - at < step ? len - at : step;
				html_scan_feed(s, html + at, n);
				found = html_scan_next(s);
			}
			CHECK_INT(found, HTML_SCAN_START);
			CHECK_INT(s->token.attr_count, edge < 3 ? 2 : 1);
			CHECK_INT(s->token.self_closing, 1);
		}
	}
	check_case("attributes beyond the limit are read over");
	len = (size_t)sprintf(html, "<a");
	for (i = 0; i < 2 * HTML_SCAN_ATTRS; i++)
		len += (size_t)sprintf(html + len, " a%d=1", (int)i);
	len += (size_t)sprintf(html + len, " />");
	html_scan_reset(s);
	html_scan_feed(s, html, len);
	CHECK_INT(html_scan_next(s), HTML_SCAN_START);
	CHECK_INT(s->token.attr_count, HTML_SCAN_ATTRS);
	CHECK_INT(s->token.self_closing, 1);
}

/* What is not wanted is read over, yet raw text stays raw. */
static void
test_want(struct html_scan *s)
{
	static const char html[] = "<p title='<a>'>x<A HREF=1>y</a><br/>"
	    "<script><a></script><svg></svg x='>'><title><a></title><b";
	size_t cut;
	struct dump d;

	check_case("nothing but what is wanted is handed out");
	for (cut = 0; cut < sizeof(html); cut++) {
		memset(&d, 0, sizeof(d));
		html_scan_reset(s);
		s->want = HTML_SCAN_WANT_NOTED;
		dump_piece(&d, s, html, cut);
		dump_piece(&d, s, html + cut, sizeof(html) - 1 - cut);
		CHECK_STR(d.text, "<A HREF=\"1\"><script><svg><title>");
	}
	memset(&d, 0, sizeof(d));
	html_scan_reset(s);
	s->want = HTML_SCAN_WANT_TAGS;
	dump_piece(&d, s, html, sizeof(html) - 1);
	CHECK_STR(d.text, "<p title=\"<a>\"><A HREF=\"1\"></a><br/><script>"
	    "</script><svg></svg x=\">\"><title></title>");
}

/* What has made others quadratic must take time in proportion. */
static void
test_traps(struct html_scan *s)
{
	static const char *const traps[] = { "<!--", "<a ", "<a b='", "&",
	    "<", "</", "<title>", "<script><!--<script ", "]]", "<svg " };
	static char html[1 << 20];
	size_t i, at, n;

	check_case("a megabyte of each trap, in small pieces");
	for (i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
		n = strlen(traps[i]);
		for (at = 0; at + n <= sizeof(html); at += n)
			memcpy(html + at, traps[i], n);
		html_scan_reset(s);
		for (at = 0; at < sizeof(html); at += 16) {
			html_scan_feed(s, html + at, 16);
			while (html_scan_next(s) > 0)
				if (s->token.kind == HTML_SCAN_START)
					html_scan_raw(s);
		}
		html_scan_finish(s);
		while (html_scan_next(s) > 0)
			continue;
	}
}

static void
test_elements(void)
{
	static const char *const names[] = { "a", "blockquote", "H1",
	    "FOREIGNOBJECT", "annotation-XML", "template" };
	static const unsigned ids[] = { HTML_TAG_A, HTML_TAG_BLOCKQUOTE,
	    HTML_TAG_H1, HTML_TAG_FOREIGNOBJECT, HTML_TAG_ANNOTATION_XML,
	    HTML_TAG_TEMPLATE };
	uint32_t hash, other;
	size_t i, len;

	check_case("names of elements");
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		char *name;

		len = strlen(names[i]);
		name = guard_copy(names[i], len);
		CHECK_INT(html_tag_find(name, len, len, &hash)->id, ids[i]);
		CHECK_INT(html_tag_find(name, len - 1, len, &other)->id,
		    HTML_TAG_OTHER);
		CHECK(hash != other);
		guard_free(name, len);
	}
	CHECK_INT(html_tag_find("my-Card", 7, 7, &hash)->id, HTML_TAG_OTHER);
	html_tag_find("My-cARD", 7, 7, &other);
	CHECK_INT(hash, other);
}

/* Once it had no memory it says so until it begins another page. */
static void
test_memory(struct html_scan *s)
{
	check_case("without memory, a page has no more tokens");
	html_scan_free(s);
	html_scan_init(s);
	html_scan_feed(s, "<a b", 4);
	alloc_fail_at(0, 0);
	CHECK_INT(html_scan_next(s), -ENOMEM);
	html_scan_feed(s, "=c>", 3);
	CHECK_INT(html_scan_next(s), -ENOMEM);
	html_scan_reset(s);
	html_scan_feed(s, "<a b=c>", 7);
	CHECK_INT(html_scan_next(s), HTML_SCAN_START);
}

int
main(void)
{
	struct html_scan s;
	size_t i;

	html_scan_init(&s);
	check_case("the cases of the standard, in any pieces");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(&s, cases[i].html, cases[i].want);
	test_long_tag(&s);
	test_want(&s);
	test_traps(&s);
	test_elements();
	test_memory(&s);
	html_scan_free(&s);
	check_case("no memory left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
