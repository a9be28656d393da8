/*
 * html_reader_test.c - the core of html/: titles and links, what svg, math
 * and templates hide, and that the extractor finds the same.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../html/extractor.h"
#include "alloc.h"
#include "check.h"
#include "guard.h"

/* All that a page gave, as one string: a line for each callback. */
struct facts {
	struct html_reader_sink sink;
	struct html_extractor_sink extracted;
	char text[16384];
	size_t len;
	int calls, enough_after;	/* 0: never enough */
};

static bool
facts_add(struct facts *f, const char *what, const char *at, size_t len)
{
	f->len += (size_t)snprintf(f->text + f->len, sizeof(f->text) - f->len,
	    "%s=%.*s\n", what, (int)len, at);
	return ++f->calls == f->enough_after;
}

static bool
facts_add_link(struct facts *f, const struct html_link *link)
{
	static const char *const kinds[] = { "a", "area", "base", "refresh" };
	char what[32];

	snprintf(what, sizeof(what), "%s", kinds[link->kind]);
	if (link->kind == HTML_LINK_REFRESH)
		snprintf(what, sizeof(what), "in %lu s", link->delay_s);
	return facts_add(f, what, link->href, link->len);
}

static bool
facts_title(struct html_reader_sink *s, const char *at, size_t len)
{
	return facts_add((struct facts *)(void *)s, "title", at, len);
}

static bool
facts_link(struct html_reader_sink *s, const struct html_link *link)
{
	return facts_add_link((struct facts *)(void *)s, link);
}

static struct facts *
facts_of(struct html_extractor_sink *s)
{
	return (struct facts *)(void *)((char *)s -
	    offsetof(struct facts, extracted));
}

static bool
facts_extracted_title(struct html_extractor_sink *s, const char *at,
    size_t len)
{
	return facts_add(facts_of(s), "title", at, len);
}

static bool
facts_extracted_link(struct html_extractor_sink *s,
    const struct html_link *link)
{
	return facts_add_link(facts_of(s), link);
}

static bool
facts_extracted_match(struct html_extractor_sink *s, size_t path,
    const char *at, size_t len)
{
	(void)s;
	(void)path;
	(void)at;
	(void)len;
	return false;
}

static void
facts_clear(struct facts *f)
{
	memset(f, 0, sizeof(*f));
	f->sink.title = facts_title;
	f->sink.link = facts_link;
	f->extracted.title = facts_extracted_title;
	f->extracted.link = facts_extracted_link;
	f->extracted.match = facts_extracted_match;
}

/* Reads a page in pieces of `step` bytes, each against a guard page. */
static void
facts_read(struct facts *f, struct html_reader *r, const char *html,
    size_t len, size_t step)
{
	size_t n;
	char *piece;

	facts_clear(f);
	html_reader_start(r);
	for (; len > 0; html += n, len -= n) {
		n = len < step ? len : step;
		piece = guard_copy(html, n);
		html_reader_feed(r, piece, n);
		guard_free(piece, n);
	}
	html_reader_finish(r);
}

static const struct {
	const char *html, *want;
} cases[] = {
	{ "<a href=x><title>a &amp;\n b</title>", "a=x\ntitle=a & b\n" },
	{ "<base href=/b/><a name=y>t</a><area href='&lt;'><base href=c>",
	    "base=/b/\narea=<\nbase=c\n" },
	/* What refreshes say (HTML 4.2.5.3). */
	{ "<meta http-equiv=Refresh content='5; url=\"r\"'>", "in 5 s=r\n" },
	{ "<meta http-equiv=refresh content='0.9,r'>", "in 0 s=r\n" },
	{ "<meta http-equiv=refresh content='.5 URL = r '>", "in 0 s=r \n" },
	{ "<meta http-equiv=refresh content=\"7;'r's\">", "in 7 s=r\n" },
	{ "<meta http-equiv=refresh content='3 url'>", "in 3 s=url\n" },
	{ "<meta http-equiv=refresh content='5'>", "" },
	{ "<meta http-equiv=refresh content='5;'>", "" },
	{ "<meta http-equiv=refresh content='5x;r'>", "" },
	{ "<meta http-equiv=refresh content='; url=r'>", "" },
	{ "<meta http-equiv=refresh content='99999999999999999999;r'>",
	    "in 999999999 s=r\n" },
	{ "<meta name=refresh content='5;r'>", "" },
	{ "<link rel=canonical href=c><link rel=next href=n>", "" },
	/* svg and math hide, until they end. */
	{ "<svg><title>1</title><a href=2></a></svg><a href=3>", "a=3\n" },
	{ "<svg/><a href=1>", "a=1\n" },
	{ "<svg><g><path/></g></svg><a href=1>", "a=1\n" },
	{ "<svg><g></svg><a href=1>", "a=1\n" },
	{ "<svg><svg></svg><a href=1></svg><a href=2>", "a=2\n" },
	{ "<div><svg></div><a href=1>", "a=1\n" },
	{ "<svg><p><a href=1>", "a=1\n" },
	{ "<svg></p><a href=1>", "a=1\n" },
	{ "<svg><font><a href=1></font><font size=1><a href=2>", "a=2\n" },
	{ "<math><mi><a href=1></a></mi><a href=2></a></math>", "a=1\n" },
	{ "<math><mi><mglyph><a href=1></mglyph></mi><a href=2></math>",
	    "" },
	{ "<math><annotation-xml><a href=1></annotation-xml>"
	    "<annotation-xml encoding='Text/html'><a href=2>", "a=2\n" },
	{ "<math><annotation-xml encoding=image/svg+xml><a href=1></math>"
	    "<math><annotation-xml encoding=application/xhtml+xml><a href=2>",
	    "a=2\n" },
	/* HTML inside svg. */
	{ "<svg><desc><a href=1></a></desc><a href=2></a></svg>", "a=1\n" },
	{ "<svg><a><desc><a href=1></a></desc><a href=2></a></a></svg>",
	    "a=1\n" },
	{ "<svg><foreignObject><div><svg><a href=1></svg></div>"
	    "<a href=2></a><br></foreignObject><a href=3>", "a=2\n" },
	{ "<svg><![CDATA[<a href=1>]]><desc><![CDATA[<a href=2>]]><p>"
	    "<![CDATA[<a href=3>x]]></desc></svg>", "" },
	/* Templates, and what is in them. */
	{ "<template><a href=1></template><a href=2>", "a=2\n" },
	{ "<template><svg></template><title>t</title>", "title=t\n" },
	{ "<template><template></template><a href=1></template></template>"
	    "<a href=2>", "a=2\n" },
	{ "<template><script></template></script><a href=1></template>"
	    "<a href=2>", "a=2\n" },
	{ "<svg><template></svg><a href=1>", "a=1\n" },
	{ "<svg><desc><template><a href=1></desc></template><a href=2>",
	    "a=2\n" },
	/* A stray end tag: no such element was ever open around the svg. */
	{ "<svg><path/></path><a href=1></svg><a href=2>", "a=2\n" },
	{ "<svg></b><a href=1></svg><b><svg></b><a href=2>", "a=2\n" },
	{ "<svg></x-y><a href=1></svg><x-y><svg></x-y><a href=2>",
	    "a=2\n" },
	{ "<svg></br><a href=1>", "a=1\n" },
	{ "<svg><desc><i><svg></desc><a href=1></svg></i></desc><a href=2>"
	    "</svg><a href=3>", "a=3\n" },
	/* annotation-xml lets svg in. */
	{ "<math><annotation-xml><svg><a href=1></svg><a href=2></math>",
	    "" },
	{ "<math><annotation-xml><svg><desc><a href=1></desc></svg></math>"
	    "<a href=2>", "a=1\na=2\n" },
	{ "<math><annotation-xml encoding=text/html><mglyph><a href=1>",
	    "a=1\n" },
	{ "<math><mi><b><mglyph><a href=1></b></mi></math>", "a=1\n" },
};

static void
test_cases(struct html_reader *r, struct facts *f)
{
	size_t i, len, step;

	check_case("titles and links, in pieces of any size");
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		len = strlen(cases[i].html);
		for (step = 1; step <= len; step++) {
			facts_read(f, r, cases[i].html, len, step);
			if (!CHECK_STR(f->text, cases[i].want)) {
				printf("# of %s by %d\n", cases[i].html,
				    (int)step);
				break;
			}
		}
	}
}

static void
test_depth(struct html_reader *r, struct facts *f)
{
	static char html[16384];
	size_t i, len;

	check_case("svg deeper than the limit ends, too");
	len = (size_t)sprintf(html, "<svg>");
	for (i = 0; i < 2 * HTML_READER_DEPTH; i++)
		len += (size_t)sprintf(html + len, "<g>");
	len += (size_t)sprintf(html + len, "<a href=1></svg><a href=2>");
	facts_read(f, r, html, len, 100);
	CHECK_STR(f->text, "a=2\n");
	CHECK(r->limited);
	facts_read(f, r, "<svg>", 5, 5);
	CHECK(!r->limited);
}

static void
test_enough(struct html_reader *r, struct facts *f)
{
	static const char html[] = "<base href=b><title>1</title><a href=2>";
	size_t len = strlen(html);
	const char *base;

	check_case("a callback says enough, and another page begins");
	facts_clear(f);
	f->enough_after = 2;
	html_reader_start(r);
	CHECK_INT(html_reader_feed(r, html, len), HTML_READER_DONE);
	CHECK_INT(html_reader_feed(r, html, len), HTML_READER_DONE);
	CHECK_INT(html_reader_finish(r), HTML_READER_DONE);
	CHECK_STR(f->text, "base=b\ntitle=1\n");
	base = html_reader_base(r, &len);
	CHECK_BYTES(base, len, "b");
	html_reader_start(r);
	CHECK(html_reader_base(r, &len) == NULL);

	check_case("what is not wanted is not called");
	facts_clear(f);
	f->sink.title = NULL;
	f->sink.link = NULL;
	html_reader_feed(r, html, strlen(html));
	CHECK_INT(html_reader_finish(r), HTML_READER_MORE);
	CHECK_INT(f->calls, 0);
	base = html_reader_base(r, &len);
	CHECK_BYTES(base, len, "b");
}

/* ---- the extractor finds the same ---- */

static const char *const scraps[] = { "<a href=", "<a href=x>", "</a>",
	"<A HREF=\"y\">", "<area href=y>", "<!--", "-->", "<title>",
	"</title>", "<script>", "</script>", "<textarea>", "</textarea>",
	"&amp", "<![CDATA[", "]]>", "<svg>", "</svg>", "<svg title>", "<math>",
	"</math>", "<mi>", "</mi>", "<template>", "</template>", "<desc>",
	"</desc>", "<foreignObject>", "</foreignObject>", "<g>", "</g>",
	"<path/>", "<p>", "</p>", "<b>", "</b>", "<font size=1>", "<style>",
	"</style>", "<base href=z>", "<br>", "text", "'", "\"", ">", "<",
	"<meta http-equiv=refresh content='3;url=k'>", "\xC3\xA9", "\xFF" };

/* Elements that nest: half of the heaps are made of these, well formed. */
static const char *const nested[] = { "a href=1", "title", "svg", "math",
	"mi", "template", "desc", "foreignObject", "g", "div", "b" };

static unsigned long heap_state;

static unsigned
heap_pick(size_t count)
{
	heap_state = (heap_state * 1103515245u + 12345u) & 0x7FFFFFFFu;
	return (unsigned)((heap_state >> 8) % count);
}

static void
heap_any(char *html)
{
	unsigned n = 1 + heap_pick(24);

	for (*html = '\0'; n > 0; n--)
		strcat(html, scraps[heap_pick(sizeof(scraps) /
		    sizeof(scraps[0]))]);
}

static void
heap_nested(char *html)
{
	const char *stack[16];
	unsigned depth = 0, n = 4 + heap_pick(20);
	const char *name;

	*html = '\0';
	while (n > 0 || depth > 0) {
		if (depth > 0 && (n == 0 || depth == 16 || heap_pick(2))) {
			name = stack[--depth];
			sprintf(html + strlen(html), "</%.*s>",
			    (int)strcspn(name, " "), name);
			continue;
		}
		n--;
		name = nested[heap_pick(sizeof(nested) / sizeof(nested[0]))];
		stack[depth++] = name;
		sprintf(html + strlen(html), "<%s>t", name);
	}
}

static void
heap_extract(struct facts *f, struct html_extractor *x, const char *html)
{
	html_extractor_start(x, "utf-8", 5);
	html_extractor_feed(x, html, strlen(html));
	html_extractor_finish(x);
	CHECK(f->len < sizeof(f->text));
}

static void
test_agree(struct html_reader *r, struct facts *f)
{
	struct html_extractor_options want = { true, true, NULL, 0 };
	static struct facts theirs;
	struct html_extractor *plain, *full;
	struct html_path *path;
	char html[2048];
	int i;

	check_case("the extractor finds the same titles and links");
	facts_clear(&theirs);
	plain = html_extractor_new(&want, &theirs.extracted);
	CHECK_INT(html_path_compile(&path, "//p/@q", 6, NULL), 0);
	want.paths = (const struct html_path *const *)&path;
	want.path_count = 1;
	full = html_extractor_new(&want, &theirs.extracted);
	for (i = 0; i < 6000; i++) {
		heap_state = (unsigned long)i;
		if (i % 2 == 0)
			heap_any(html);
		else
			heap_nested(html);
		facts_read(f, r, html, strlen(html), 1 + heap_pick(100));
		facts_clear(&theirs);
		heap_extract(&theirs, i % 2 == 0 ? plain : full, html);
		if (!CHECK_STR(f->text, theirs.text)) {
			printf("# of %s\n", html);
			break;
		}
	}
	html_extractor_free(plain);
	html_extractor_free(full);
	html_path_free(path);
}

static void
test_memory(void)
{
	static const char html[] = "<base href='&lt;'><title>a</title><a href="
	    "'x&amp;y'>";
	static struct html_reader r;
	static struct facts f;
	size_t i;
	long n;
	int status = -1;

	check_case("each allocation fails in turn");
	for (n = 0; status < 0 && n < 50; n++) {
		facts_clear(&f);
		alloc_fail_at(n, 0);
		html_reader_init(&r, &f.sink);
		for (i = 0; i < sizeof(html) - 1; i++)
			html_reader_feed(&r, html + i, 1);
		status = html_reader_finish(&r);
		html_reader_free(&r);
		CHECK(status == 0 || status == -ENOMEM);
		CHECK_INT(alloc_live(), 0);
	}
	CHECK_INT(status, 0);
	CHECK(n > 3);
	alloc_fail_at(-1, 0);
}

int
main(void)
{
	static struct html_reader r;
	static struct facts f;

	html_reader_init(&r, &f.sink);
	test_cases(&r, &f);
	test_depth(&r, &f);
	test_enough(&r, &f);
	test_agree(&r, &f);
	html_reader_free(&r);
	test_memory();
	return check_done();
}
