/*
 * html_extractor_test.c - pages through all of html/: titles, links and
 * paths, whole, cut at every byte, a byte at a time, and while memory fails.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/extractor.h"

#include <errno.h>
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

/* ---- limits ---- */

/* How many matches there were, and a sum over all that was in them. */
struct counter {
	struct html_extractor_sink sink;
	size_t count, bytes, longest, last[3];
	uint32_t sum;
};

static bool
counter_match(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	struct counter *c = (struct counter *)(void *)sink;
	size_t i;

	(void)path;
	c->count++;
	c->bytes += len;
	c->last[0] = c->last[1];
	c->last[1] = c->last[2];
	c->last[2] = len;
	if (len > c->longest)
		c->longest = len;
	for (i = 0; i < len; i++)
		c->sum = (c->sum ^ (unsigned char)at[i]) * 16777619u;
	return false;
}

/* A large page: `head`, then `unit` with each number below `times`. */
static char *
large_page(const char *head, const char *unit, unsigned times, size_t *len)
{
	char *page = malloc(strlen(head) + times * (strlen(unit) + 10) + 1);
	unsigned i;

	*len = (size_t)sprintf(page, "%s", head);
	for (i = 0; i < times; i++)
		*len += (size_t)sprintf(page + *len, "%s%u", unit, i);
	return page;
}

/* Counts what a path matches in a page cut in pieces of `step` bytes. */
static void
count_matches(struct counter *c, struct html_extractor *x, const char *page,
    size_t len, size_t step)
{
	size_t n;

	memset(c, 0, sizeof(*c));
	c->sink.match = counter_match;
	html_extractor_start(x, "utf-8", 5);
	for (; len > 0; page += n, len -= n) {
		n = len < step ? len : step;
		html_extractor_feed(x, page, n);
	}
	CHECK_INT(html_extractor_finish(x), HTML_EXTRACT_MORE);
}

/* A layout table around many cells, and texts longer than a text may be. */
static const struct large {
	const char *source, *head, *unit;
	unsigned times;
	size_t count;
	bool is_missing;
} larges[] = {
	{ "//td", "<table><td>x<table>", "<td>", 5001, 5002, false },
	{ "//td", "<table><td>x<table>", "<td>", 70000, 70001, true },
	/* Those without text do not wait. */
	{ "//td", "<table><td>x<table><td", "></td><td id=", 70000, 1, false },
	{ "//td//text()", "<table><td>x<table>", "<td>", 70000, 70001,
	    false },
	{ "//*", "<title>x</title>", "<p>1234567890 &amp; <b>", 50000, 100004,
	    true },
	{ "//p", "<p>", "1234567890 &lt; \xC3\xA9 ", 40000, 1, false },
	{ "//p", "<p>", "1234567890 &lt; \xC3\xA9 ", 90000, 1, true },
	{ "//p|//body", "<p>", "1234567890 &lt; <i>", 90000, 2, true },
	{ "//script", "<script>", "if (a && b) c &= 1; &amp;", 60000, 1, true },
};

static void
test_large(const struct large *l)
{
	struct html_extractor_options want = { 0, 0, NULL, 1 };
	struct html_path *path;
	struct counter whole, cut;
	struct html_extractor *x;
	size_t len;
	char *page = large_page(l->head, l->unit, l->times, &len);

	html_path_compile(&path, l->source, strlen(l->source), NULL);
	want.paths = (const struct html_path *const *)&path;
	x = html_extractor_new(&want, &whole.sink);
	count_matches(&whole, x, page, len, len);
	CHECK_INT(whole.count, l->count);
	CHECK(whole.longest <= HTML_TEXT_MAX);
	CHECK_INT(html_extractor_missing(x) != NULL, l->is_missing);
	html_extractor_free(x);
	x = html_extractor_new(&want, &cut.sink);
	count_matches(&cut, x, page, len, 4099);
	CHECK_INT(cut.count, whole.count);
	CHECK_INT(cut.bytes, whole.bytes);
	CHECK(cut.sum == whole.sum);
	if (!CHECK_INT(html_extractor_missing(x) != NULL, l->is_missing))
		printf("# %s in %s\n", l->source, l->unit);
	count_matches(&cut, x, "<td>", 4, 4);
	CHECK(html_extractor_missing(x) == NULL);
	html_extractor_free(x);
	html_path_free(path);
	free(page);
}

static void
test_larges(void)
{
	size_t i;

	check_case("more matches and longer texts than are kept at once");
	for (i = 0; i < sizeof(larges) / sizeof(larges[0]); i++)
		test_large(&larges[i]);
}

/* The outermost of three is cut; the two in it are still gathered. */
static void
test_long_outside(void)
{
	static const char source[] = "//section|//div|//i|//b";
	struct html_extractor_options want = { 0, 0, NULL, 1 };
	struct html_path *path;
	struct counter c;
	struct html_extractor *x;
	char *page = malloc(2 * 600000 + 100), *p = page;
	unsigned i;

	check_case("a text is cut, but not what is in it");
	p += sprintf(p, "<section>");
	for (i = 0; i < 300000; i++)
		p += sprintf(p, "a ");
	p += sprintf(p, "<div>d<i>x</i><b>");
	for (i = 0; i < 300000; i++)
		p += sprintf(p, "c ");
	p += sprintf(p, "</b>e</div>f</section>");
	html_path_compile(&path, source, sizeof(source) - 1, NULL);
	want.paths = (const struct html_path *const *)&path;
	x = html_extractor_new(&want, &c.sink);
	count_matches(&c, x, page, (size_t)(p - page), 65536);
	CHECK_INT(c.count, 4);
	CHECK(c.longest > HTML_TEXT_MAX - 16);
	CHECK_INT(c.last[0], 600003);
	CHECK_INT(c.last[1], 1);
	CHECK_INT(c.last[2], 599999);
	CHECK(html_extractor_missing(x) != NULL);
	html_extractor_free(x);
	html_path_free(path);
	free(page);
}

/* Other limits of a page with a title, as they are told. */
static void
test_missing(void)
{
	static const struct {
		const char *head, *unit;
		unsigned times;
		const char *want[2];	/* without and with paths */
	} cases[] = {
		{ "", "<i>", 100, { NULL, NULL } },
		{ "", "<i>", 600, { NULL, "deep" } },
		{ "<svg>", "<g>", 300, { "deep", NULL } },
		{ "<a", " b", 64, { NULL, NULL } },
		{ "<a", " b", 65, { "attributes", "attributes" } },
		{ "<title>", "text ", 90000, { NULL, NULL } },
		{ "<title>", "text & text ", 90000, { "text", "text" } },
	};
	struct html_extractor_options want = { 1, 1, NULL, 0 };
	struct html_path *path;
	size_t i, len;

	check_case("a limit that is met is told");
	html_path_compile(&path, "//q", 3, NULL);
	want.paths = (const struct html_path *const *)&path;
	for (i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		struct collector c;
		struct html_extractor *x;
		const char *told, *expect = cases[i / 2].want[i % 2];
		char *page = large_page(cases[i / 2].head, cases[i / 2].unit,
		    cases[i / 2].times, &len);

		want.path_count = i % 2;
		collect(&c, 1);
		x = html_extractor_new(&want, &c.sink);
		html_extractor_feed(x, page, len);
		html_extractor_feed(x, ">", 1);
		html_extractor_finish(x);
		told = html_extractor_missing(x);
		if (!CHECK(expect == NULL ? told == NULL : told != NULL &&
		    strstr(told, expect) != NULL))
			printf("# %s: %s\n", cases[i / 2].unit,
			    told != NULL ? told : "nothing");
		html_extractor_free(x);
		free(page);
	}
	html_path_free(path);
}

/* A tag that the page does not end is dropped, with all its attributes. */
static void
test_not_missing(void)
{
	struct html_extractor_options want = { 1, 1, NULL, 0 };
	struct html_extractor *x;
	struct collector c;
	char *page;
	size_t len;

	check_case("attributes of a tag that does not end are not missing");
	page = large_page("<a", " b", 67, &len);
	collect(&c, 1);
	x = html_extractor_new(&want, &c.sink);
	for (size_t cut = 0; cut < len; cut++) {
		html_extractor_start(x, NULL, 0);
		html_extractor_feed(x, page, cut);
		html_extractor_feed(x, page + cut, len - cut);
		html_extractor_finish(x);
		CHECK_STR(html_extractor_missing(x), NULL);
	}
	html_extractor_free(x);
	free(page);
}

/* ---- the second use ---- */

/* A page, what of it is fed, and what comes of it after any page before. */
static const struct {
	const char *html;
	bool is_cut;			/* another begins before it ends */
	const char *want;
} seconds[] = {
	{ "<base href=1><base href=2><ul><li id=a><li id=b><li id=c></ul>"
	    "<p>1<p>2", false, "base=1\nbase=2\n0=b\n1=1\n" },
	{ "<ul><li id=d><li id=e>", true, "0=e\n" },
	{ "<ul><li id=f><li id=g></ul><p>3<p>4", false, "0=g\n1=3\n" },
	{ "<base href=3><p>5 <template><svg><title>", true,
	    "base=3\n" },
	{ "<title>t</title><a href=6></a><p>7", false, "title=t\na=6\n1=7\n" },
	{ "<frameset><frame>", true, "" },
	{ "<p>8<body id=h lang=x>", false, "2=h\n1=8\n" },
	{ "<body id=i><html id=j>", false, "2=i\n" },
	{ "<body><body id=k><p>9", false, "2=k\n1=9\n" },
	{ "<title>u<", true, "" },
	{ "<script>'", true, "" },
	{ "<ul><li><li id=l", true, "" },
	{ "<ul><li id=m><li id=n><p>0", false, "0=n\n" },
};

static void
second_check(struct html_extractor *x, struct collector *c, size_t i)
{
	size_t len;
	const char *base;

	collect(c, 0);
	html_extractor_start(x, "utf-8", 5);
	html_extractor_feed(x, seconds[i].html, strlen(seconds[i].html));
	if (!seconds[i].is_cut)
		html_extractor_finish(x);
	if (!CHECK_STR(c->text, seconds[i].want))
		printf("# of %s\n", seconds[i].html);
	base = html_extractor_base(x, &len);
	CHECK((base != NULL) == (strstr(seconds[i].want, "base=") != NULL));
	if (base != NULL)
		CHECK_BYTES(base, len, i == 0 ? "1" : "3");
}

/* Each page after each other one, with the same extractor. */
static void
test_second(void)
{
	static const char *const sources[] = { "//ul/li[2]/@id",
	    "/html/body/p[1]", "/html[1]/body[1]/@id" };
	struct html_extractor_options want = { 1, 1, NULL, 3 };
	size_t count = sizeof(seconds) / sizeof(seconds[0]), i;
	struct html_path *paths[3];
	struct html_extractor *x;
	struct collector c;

	check_case("an extractor used again, with positions and bases");
	for (i = 0; i < 3; i++)
		html_path_compile(&paths[i], sources[i], strlen(sources[i]),
		    NULL);
	want.paths = (const struct html_path *const *)paths;
	x = html_extractor_new(&want, &c.sink);
	for (i = 0; i < count * count; i++) {
		second_check(x, &c, i / count);
		second_check(x, &c, i % count);
	}
	html_extractor_free(x);
	for (i = 0; i < 3; i++)
		html_path_free(paths[i]);
}

/* How a page is left before another begins. */
enum ending {
	ENDING_NONE,			/* it is left where it was fed */
	ENDING_FINISH,
	ENDING_CUT,
	ENDING_ENOUGH,			/* at its first fact */
	ENDING_NO_MEMORY,
	ENDING_SETTLED,			/* in a set of characters of its own */
	ENDINGS
};

static void
ending_play(struct html_extractor *x, struct collector *c, enum ending how)
{
	static const char html[] = "<base href=1><title>t</title><ul><li id=a>"
	    "<li id=b><p>\xC1<svg><title>open <a href=2>x</a><b><i><u><li x='";
	int error;

	collect(c, how == ENDING_ENOUGH);
	html_extractor_start(x, "koi8-r", how == ENDING_SETTLED ? 6 : 0);
	if (how == ENDING_NO_MEMORY)
		alloc_fail_at(0, 1);
	error = html_extractor_feed(x, html, sizeof(html) - 1);
	if (error == 0 && how == ENDING_NO_MEMORY)
		error = html_extractor_finish(x);
	alloc_fail_at(-1, 0);
	CHECK(error >= 0 || how == ENDING_NO_MEMORY);
	if (how == ENDING_FINISH)
		CHECK_INT(html_extractor_finish(x), HTML_EXTRACT_MORE);
	if (how == ENDING_CUT)
		CHECK_INT(html_extractor_cut(x), HTML_EXTRACT_MORE);
}

/* A third page after each two ways to leave one. */
static void
test_endings(void)
{
	static const char source[] = "//ul/li[2]/@id";
	struct html_extractor_options want = { 1, 1, NULL, 1 };
	struct html_path *path;
	struct html_extractor *x;
	struct collector c;

	check_case("a third page after each two ways to leave one");
	html_path_compile(&path, source, strlen(source), NULL);
	want.paths = (const struct html_path *const *)&path;
	for (int i = 0; i < ENDINGS * ENDINGS; i++) {
		x = html_extractor_new(&want, &c.sink);
		ending_play(x, &c, (enum ending)(i / ENDINGS));
		ending_play(x, &c, (enum ending)(i % ENDINGS));
		second_check(x, &c, 1);
		CHECK_STR(html_extractor_missing(x), NULL);
		CHECK_STR(html_extractor_charset(x), "UTF-8");
		html_extractor_free(x);
	}
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
	    "<a href='x&amp;y'>z</a><p>text &gt; 1<p>2<body id=b>";
	static const char source[] = "//p|//a/@href|//p[1]/text()|//body/@id"
	    "|//a[@href='x&y']";
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
		CHECK_STR(c.text, "title=a&b\nbase=<\na=x&y\n0=x&y\n0=z\n"
		    "0=text > 1\n0=text > 1\n0=b\n0=2\n");
	return rc;
}

/* How feeding a page of one path ends if the n-th allocation fails. */
static int
match_with_failure(const char *source, const char *page, size_t len, long n)
{
	struct html_extractor_options want = { .path_count = 1 };
	struct html_path *path;
	struct html_extractor *x;
	struct counter c = { .sink = { .match = counter_match } };
	int error;

	html_path_compile(&path, source, strlen(source), NULL);
	want.paths = (const struct html_path *const *)&path;
	x = html_extractor_new(&want, &c.sink);
	html_extractor_start(x, "utf-8", 5);
	alloc_fail_at(n, 0);
	error = html_extractor_feed(x, page, len);
	if (error == 0)
		error = html_extractor_finish(x);
	CHECK_INT(error, alloc_has_failed() ? -ENOMEM : HTML_EXTRACT_MORE);
	alloc_fail_at(-1, 0);
	html_extractor_free(x);
	html_path_free(path);
	CHECK_INT(alloc_live(), 0);
	return error;
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
		    collector_link, collector_match, NULL } };
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

static bool
collector_body(struct html_extractor_sink *sink)
{
	return collector_add(collector_of(sink), "body", "", 0);
}

/* What comes of a page in pieces of `step` bytes, with one path. */
static void
collect_b(struct collector *c, const char *html, size_t step)
{
	struct html_path *path = NULL;
	const struct html_path *paths[1];
	struct html_extractor_options want = {
		.title = true, .paths = paths, .path_count = 1,
	};
	struct html_extractor *x;

	CHECK_INT(html_path_compile(&path, "//b", 3, NULL), 0);
	paths[0] = path;
	x = html_extractor_new(&want, &c->sink);
	html_extractor_start(x, "utf-8", 5);
	for (size_t i = 0, len = strlen(html); i < len; i += step)
		html_extractor_feed(x, html + i, len - i < step ? len - i :
		    step);
	html_extractor_finish(x);
	html_extractor_free(x);
	html_path_free(path);
}

static void
test_body(void)
{
	static const struct {
		const char *html;
		int enough_after;
		const char *want;
	} rows[] = {
		{ "<title>T</title><body><b>x</b>", 0,
		    "title=T\nbody=\n0=x\n" },
		{ "<b>x</b>", 0, "body=\n0=x\n" },
		{ "<head></head>\n \tw<b>x</b>", 0, "body=\n0=x\n" },
		{ "<p></p><body><body>", 0, "body=\n" },
		{ "</br>", 0, "body=\n" },
		{ "<frameset><frame>", 0, "body=\n" },
		{ "<title>T</title><meta name=x>", 0, "title=T\n" },
		{ "<template><body><p>x</template>", 0, "" },
		{ "<p><title>T</title><b>x</b>", 1, "body=\n" },
		{ "<title>T</title><p><b>x</b>", 2, "title=T\nbody=\n" },
	};

	check_case("the body begins, once, and may be enough");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t step = 1; step < 40; step++) {
			struct collector c = {
				.sink = { collector_title, collector_link,
				    collector_match, collector_body },
				.enough_after = rows[i].enough_after,
			};

			collect_b(&c, rows[i].html, step);
			if (!CHECK_STR(c.text, rows[i].want))
				printf("# %s\n", rows[i].html);
		}
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

/* Also where long texts are cut, and where the page ends in one. */
static void
test_match_memory(void)
{
	static const struct {
		const char *source, *head, *unit;
		unsigned times;
	} rows[] = {
		{ "//p", "<p>", "&lt;", 1 },
		{ "//p", "<p>", "1234567890 &lt; ", 90000 },
		{ "//script", "<script>", "12345 &", 180000 },
		{ "//p//b", "<p>", "<b>1", 20 },
		{ "//a/@href", "<p>", "<a href='?a&amp;b'>", 2 },
	};

	check_case("each allocation of a match fails in turn");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t len;
		char *page = large_page(rows[i].head, rows[i].unit,
		    rows[i].times, &len), *mine = guard_copy(page, len);
		long n = 0;

		free(page);
		while (n < 100 && match_with_failure(rows[i].source, mine,
		    len, n) < 0)
			n++;
		CHECK(n > 0 && n < 100);
		guard_free(mine, len);
	}
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
	test_larges();
	test_long_outside();
	test_missing();
	test_not_missing();
	test_second();
	test_endings();
	test_address();
	test_body();
	test_memory();
	test_match_memory();
	return check_done();
}
