/*
 * html_extractor_test.c - pages through all of html/: titles, links and
 * paths, whole, cut at every byte, a byte at a time, and while memory fails.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/extractor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

#define EXTRACT_PATHS 4

/* All that a page gave, as one string: a line for each callback. */
struct collector {
	struct html_extractor_sink sink;
	char text[8192];
	size_t len;
	int enough_after;		/* callbacks; 0: never enough */
	int calls;
};

static struct collector *
collector_of(struct html_extractor_sink *sink)
{
	return (struct collector *)(void *)((char *)sink -
	    offsetof(struct collector, sink));
}

static bool
collector_add(struct collector *c, const char *what, const char *at,
    size_t len)
{
	int n = snprintf(c->text + c->len, sizeof(c->text) - c->len,
	    "%s=%.*s\n", what, (int)len, at);

	c->len += (size_t)n;
	return ++c->calls == c->enough_after;
}

static bool
collector_title(struct html_extractor_sink *sink, const char *at, size_t len)
{
	return collector_add(collector_of(sink), "title", at, len);
}

static bool
collector_link(struct html_extractor_sink *sink, const struct html_link *link)
{
	static const char *const kinds[] = { "a", "area", "base",
	    "refresh" };

	return collector_add(collector_of(sink), kinds[link->kind],
	    link->href, link->len);
}

static bool
collector_match(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	char name[2] = { (char)('0' + path), '\0' };

	return collector_add(collector_of(sink), name, at, len);
}

/* What is asked of a page, and what must come of it. */
struct page {
	const char *name, *html;
	int title, links;
	const char *paths[EXTRACT_PATHS];
	const char *want;
};

static const struct page pages[] = {
	{ "a plain title", "<html><head><title>One</title>", 1, 0, { NULL },
	    "title=One\n" },
	{ "references and white space in a title",
	    "<title>\n a &amp; b&nbsp;&lt;&eacute;  \tc\r\n</title>", 1, 0,
	    { NULL }, "title=a & b\xC2\xA0<\xC3\xA9 c\n" },
	{ "the first title counts",
	    "<title>1</title><title>2</title>", 1, 0, { NULL },
	    "title=1\n" },
	{ "no title in svg",
	    "<svg><title>no</title></svg><title>yes</title>", 1, 0, { NULL },
	    "title=yes\n" },
	{ "no title in math",
	    "<math><title>no</title></math><title>yes</title>", 1, 0,
	    { NULL }, "title=yes\n" },
	{ "svg ends where HTML breaks out of it",
	    "<svg><p><title>yes</title>", 1, 0, { NULL }, "title=yes\n" },
	{ "a title that is never closed", "<title>open &lt", 1, 0, { NULL },
	    "title=open <\n" },
	{ "no tag in a title", "<title><b>x</b></title>", 1, 0, { NULL },
	    "title=<b>x</b>\n" },
	{ "an empty title", "<title></title>", 1, 0, { NULL }, "title=\n" },
	{ "a title in a template is none",
	    "<template><title>no</title></template><title>y</title>", 1, 0,
	    { NULL }, "title=y\n" },
	{ "a title in a script is none",
	    "<script>'<title>no</title>'</script><title>y</title>", 1, 0,
	    { NULL }, "title=y\n" },
	{ "a title in a comment is none",
	    "<!-- <title>no</title> --><title>y</title>", 1, 0, { NULL },
	    "title=y\n" },
	{ "bad UTF-8 in a title", "<title>a\xFF\xE2\x82z</title>", 1, 0,
	    { NULL }, "title=a\xEF\xBF\xBD\xEF\xBF\xBDz\n" },
	{ "links",
	    "<base href=/b/><a href=x>1</a><A HREF='y&amp;z'>2</A><a>3</a>"
	    "<area href=\"w\"><link rel=canonical href=c>"
	    "<link rel='x Next' href=n>"
	    "<link rel=alternate type=application/rss+xml href=f>"
	    "<link rel=stylesheet href=s>"
	    "<meta http-equiv=Refresh content='5; url=\"r\"'>", 0, 1,
	    { NULL }, "base=/b/\na=x\na=y&z\narea=w\nrefresh=r\n" },
	{ "links in noscript, not in a comment, script or template",
	    "<noscript><a href=1></a></noscript><!--<a href=2>-->"
	    "<script><a href=3></script><template><a href=4></template>"
	    "<textarea><a href=5></textarea><svg><a href=6></a></svg>"
	    "<a href=7>", 0, 1, { NULL }, "a=1\na=7\n" },
	{ "the paths of the scraper",
	    "<h1><a href=1>x</a></h1><h2 class=t><a href=2></a></h2>"
	    "<h3><a name=q href=3></a></h3><h3><b><a href=4></a></b></h3>"
	    "<article><p><a href=5></a></article>", 0, 0,
	    { "//h3/a/@href", "//h2/a/@href", "//h1/a/@href",
	    "//article//a/@href" }, "2=1\n1=2\n0=3\n3=5\n" },
	{ "a path from the root, with all left out",
	    "<title>t</title><h1>a<b>b</b>c</h1>", 0, 0,
	    { "/html/head/title", "/html/body/h1", "//h1/text()" },
	    "0=t\n1=abc\n2=a\n2=c\n" },
	{ "predicates",
	    "<div class='a b' id=1><a href=1><a href=2></div>"
	    "<div class=c id=2><a href=3><a href=4></div>", 0, 0,
	    { "//div[contains(@class,'b')]/a/@href",
	    "//div[@class='c']/a[2]/@href", "//a[1]/@href",
	    "//div[@id][2]/@id" },
	    "0=1\n2=1\n0=2\n3=2\n2=3\n1=4\n" },
	{ "a union selects a node once",
	    "<h1 id=x>1</h1><h2>2</h2>", 0, 0,
	    { "//h1|//*[@id='x']|//h2", "//h1/@id|//@id" },
	    "1=x\n0=1\n0=2\n" },
	{ "a value that two paths select is decoded once for each",
	    "<a href='&amp;lt;&eacute;'>", 0, 0, { "//a/@href", "//@*" },
	    "0=&lt;\xC3\xA9\n1=&lt;\xC3\xA9\n" },
	{ "nested elements in document order",
	    "<div>a<div>b</div>c</div><div>d</div>", 0, 0, { "//div" },
	    "0=abc\n0=b\n0=d\n" },
	{ "cells and rows that are implied",
	    "<table><td>1<td>2<tr><td>3</table>", 0, 0,
	    { "//table/tbody/tr/td", "//tr[2]/td/text()" },
	    "0=1\n0=2\n0=3\n1=3\n" },
	{ "paragraphs and items close by themselves",
	    "<p>1<p>2<ul><li>3<li>4</ul><dl><dt>5<dd>6</dl>", 0, 0,
	    { "/html/body/p", "//ul/li", "//dl/dd" },
	    "0=1\n0=2\n1=3\n1=4\n2=6\n" },
	{ "text of a script, references as they stand",
	    "<div>&lt;<script>a&amp;b</script></div>", 0, 0, { "//div" },
	    "0=<a&amp;b\n" },
	{ "CDATA in svg only",
	    "<svg><desc>x</desc><![CDATA[<a>]]]></svg><![CDATA[<i>y</i>", 0,
	    0, { "//body" }, "0=x<a>]y\n" },
};

static void
collect(struct collector *c, int enough_after)
{
	memset(c, 0, sizeof(*c));
	c->sink.title = collector_title;
	c->sink.link = collector_link;
	c->sink.match = collector_match;
	c->enough_after = enough_after;
}

static size_t
page_compile(const struct page *p, struct html_path **paths)
{
	struct html_path_error error;
	size_t n = 0;

	while (n < EXTRACT_PATHS && p->paths[n] != NULL) {
		CHECK_INT(html_path_compile(&paths[n], p->paths[n],
		    strlen(p->paths[n]), &error), 0);
		n++;
	}
	return n;
}

/* Feeds the first `cut` bytes, then the rest, each against a guard page. */
static void
page_feed_two(struct html_extractor *x, const char *html, size_t len,
    size_t cut)
{
	char *one = guard_copy(html, cut);
	char *two = guard_copy(html + cut, len - cut);

	html_extractor_start(x, "utf-8", 5);
	html_extractor_feed(x, one, cut);
	guard_free(one, cut);
	html_extractor_feed(x, two, len - cut);
	guard_free(two, len - cut);
	html_extractor_finish(x);
}

static void
page_feed_drip(struct html_extractor *x, const char *html, size_t len)
{
	size_t i;

	html_extractor_start(x, "utf-8", 5);
	for (i = 0; i < len; i++) {
		char *one = guard_copy(html + i, 1);

		html_extractor_feed(x, one, 1);
		guard_free(one, 1);
	}
	html_extractor_finish(x);
}

static void
test_page(const struct page *p)
{
	struct html_path *paths[EXTRACT_PATHS];
	struct html_extractor_options want = { 0 };
	struct html_extractor *x;
	struct collector c;
	size_t len = strlen(p->html), i;

	check_case(p->name);
	want.title = p->title;
	want.links = p->links;
	want.paths = (const struct html_path *const *)paths;
	want.path_count = page_compile(p, paths);
	x = html_extractor_new(&want, &c.sink);
	if (!CHECK(x != NULL))
		return;
	for (i = 0; i <= len; i++) {
		collect(&c, 0);
		page_feed_two(x, p->html, len, i);
		if (!CHECK_STR(c.text, p->want)) {
			printf("# cut at %d\n", (int)i);
			break;
		}
	}
	collect(&c, 0);
	page_feed_drip(x, p->html, len);
	CHECK_STR(c.text, p->want);
	html_extractor_free(x);
	for (i = 0; i < want.path_count; i++)
		html_path_free(paths[i]);
}

static void
test_enough(void)
{
	static const char html[] = "<title>1</title><a href=2><a href=3>";
	struct html_extractor_options want = { 1, 1, NULL, 0 };
	struct html_extractor *x;
	struct collector c;

	check_case("a callback says enough");
	collect(&c, 2);
	x = html_extractor_new(&want, &c.sink);
	html_extractor_start(x, "utf-8", 5);
	CHECK_INT(html_extractor_feed(x, html, 10), HTML_EXTRACT_MORE);
	CHECK_INT(html_extractor_feed(x, html + 10, sizeof(html) - 11),
	    HTML_EXTRACT_DONE);
	CHECK_INT(html_extractor_feed(x, html, 10), HTML_EXTRACT_DONE);
	CHECK_INT(html_extractor_finish(x), HTML_EXTRACT_DONE);
	CHECK_STR(c.text, "title=1\na=2\n");
	html_extractor_free(x);
}

/* The title and a path may end with one tag; no more than one is told. */
static void
test_enough_at_once(void)
{
	static const char html[] = "<title>1</title>";
	struct html_extractor_options want = { 1, 0, NULL, 1 };
	struct html_path *path;
	struct html_extractor *x;
	struct collector c;

	check_case("the first of two facts of a tag is enough");
	html_path_compile(&path, "//title", 7, NULL);
	want.paths = (const struct html_path *const *)&path;
	collect(&c, 1);
	x = html_extractor_new(&want, &c.sink);
	html_extractor_start(x, "utf-8", 5);
	CHECK_INT(html_extractor_feed(x, html, sizeof(html) - 1),
	    HTML_EXTRACT_DONE);
	CHECK_STR(c.text, "title=1\n");
	html_extractor_free(x);
	html_path_free(path);
}

/* A link's query is for a server that knows the page's set. */
static void
test_address(void)
{
	static const char html[] = "<meta charset=koi8-r><a href='?\xC1'>";
	struct html_extractor_options want = { 0, 1, NULL, 0 };
	struct html_extractor *x;
	struct collector c;
	const char *at;
	size_t i, len;

	check_case("the query of an address");
	collect(&c, 0);
	x = html_extractor_new(&want, &c.sink);
	for (i = 0; i < 4; i++) {	/* other pages, in turn */
		html_extractor_start(x, i % 2 == 0 ? NULL : "utf-8", 5);
		html_extractor_feed(x, html, sizeof(html) - 1);
		html_extractor_finish(x);
		at = "/\xD0\xB0?\xD0\xB0";
		len = 6;
		CHECK_INT(html_extractor_address(x, &at, &len), 0);
		CHECK_BYTES(at, len, i % 2 == 0 ? "/\xD0\xB0?%C1" :
		    "/\xD0\xB0?\xD0\xB0");
	}
	CHECK_STR(c.text, "a=?\xD0\xB0\na=?\xEF\xBF\xBD\n"
	    "a=?\xD0\xB0\na=?\xEF\xBF\xBD\n");
	html_extractor_free(x);
	CHECK_INT(alloc_live(), 0);
}

/* One page that uses everything; the n-th allocation fails. */
static int
run_with_failure(long n)
{
	static const char html[] = "<title>a&amp;b</title><base href='&lt;'>"
	    "<a href='x&amp;y'>z</a><p>text &gt; 1<p>2";
	static const char source[] = "//p|//a/@href|//p[1]/text()";
	struct html_extractor_options want = { 1, 1, NULL, 1 };
	struct html_path *path;
	struct html_extractor *x;
	struct collector c;
	size_t i;
	int rc;

	collect(&c, 0);
	alloc_fail_at(n, 0);
	rc = html_path_compile(&path, source, strlen(source), NULL);
	if (rc < 0)
		return rc;
	want.paths = (const struct html_path *const *)&path;
	x = html_extractor_new(&want, &c.sink);
	rc = -1;
	if (x != NULL) {
		for (i = 0; i < sizeof(html) - 1; i++)
			html_extractor_feed(x, html + i, 1);
		rc = html_extractor_finish(x);
	}
	html_extractor_free(x);
	html_path_free(path);
	if (rc == 0)
		CHECK_STR(c.text, "title=a&b\nbase=<\na=x&y\n0=x&y\n"
		    "0=text > 1\n0=text > 1\n0=2\n");
	return rc;
}

/* A page breaks off: what was held back is seen, nothing is completed. */
static void
test_cut(void)
{
	static const struct {
		const char *html, *want;
	} rows[] = {
		{ "<title>One</title><p>", "title=One\n" },
		{ "<title>One", "" }, { "<title>One</tit", "" }, { "", "" },
	};
	struct html_extractor_options want = { .title = true };

	check_case("a page that is cut off");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collector c = { .sink = { collector_title,
		    collector_link, collector_match } };
		struct html_extractor *x = html_extractor_new(&want, &c.sink);

		for (int round = 0; round < 2; round++) {
			html_extractor_start(x, NULL, 0);
			html_extractor_feed(x, rows[i].html,
			    strlen(rows[i].html));
			CHECK_INT(c.len, 0);
			CHECK_INT(html_extractor_cut(x), 0);
			CHECK_STR(c.text, rows[i].want);
			html_extractor_finish(x);
			memset(c.text, 0, sizeof(c.text));
			c.len = 0;
		}
		html_extractor_free(x);
	}
}

static void
test_memory(void)
{
	long n;
	int rc = -1;

	check_case("each allocation fails in turn");
	for (n = 0; rc < 0 && n < 200; n++) {
		rc = run_with_failure(n);
		CHECK_INT(alloc_live(), 0);
	}
	CHECK_INT(rc, 0);
	CHECK(n > 5);
	alloc_fail_at(-1, 0);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		test_page(&pages[i]);
	test_enough();
	test_enough_at_once();
	test_cut();
	test_address();
	test_memory();
	return check_done();
}
