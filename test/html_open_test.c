/*
 * html_open_test.c - where in a page are we: what is open at its end, by the
 * stack alone; and tag soup, through the extractor, in pieces.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../html/extractor.h"
#include "check.h"
#include "guard.h"

/* ---- the stack ---- */

/* Names of HTML elements; "?" another, "*" of svg or math, "-" a ghost. */
static const struct {
	const char *html, *open;
} stacks[] = {
	{ "", "" },
	{ " <!-- -->", "" },
	{ "x", "html body" },
	{ "<title>x</title>", "html head" },
	{ "<title></title> x", "html body" },
	{ "<p>1<p>2", "html body p" },
	{ "<p><b>1<p>2", "html body p" },
	{ "<b><p></b>", "html body - p" },
	{ "<b><p></b></p>", "html body" },
	{ "<b><p><i></b>", "html body - p i" },
	{ "<b><p><span><i></b>", "html body - p" },
	{ "<a><p><svg><g></a>", "html body - p" },
	{ "<a><p><svg><desc><u></a>", "html body a p * * u" },
	{ "<a><svg><desc><p></a>", "html body a * * p" },
	{ "<form><div><span></form>", "html body - div span" },
	{ "<ul><li>1<li>2<ul><li>3", "html body ul li ul li" },
	{ "<table><td>", "html body table tbody tr td" },
	{ "<table><tr><td>1<tr>", "html body table tbody tr" },
	{ "<!doctype html><p><table>", "html body table" },
	{ "<p><table>", "html body p table" },
	{ "<table><tr><table>", "html body table" },
	{ "<table><td><table>", "html body table tbody tr td table" },
	{ "<svg><p>", "html body p" },
	{ "<svg><foreignobject><p>", "html body * * p" },
	{ "<svg><g></svg>", "html body" },
	{ "<h1><h2>", "html body h2" },
	{ "<h1>1</h3>", "html body" },
	{ "<select><option>1<option>2", "html body select option" },
	/* Parts of a table without a table. */
	{ "<tr><div>", "html body div" },
	{ "<col><p>", "html body p" },
	{ "<template><tr><div>", "html head template tr div" },
	{ "<p><template><td>1<td>2", "html body p template td td" },
	{ "<td>1<p>", "html body p" },
	/* A part of a ruby closes the one before it. */
	{ "<ruby>a<rt>b<rt>", "html body ruby rt" },
	{ "<ruby>a<rt>b<p><rp>", "html body ruby rp" },
	{ "<ruby><rb>a<rtc>b<rt>c<rt>", "html body ruby rtc rt" },
	{ "<ruby><rtc>a<rb>", "html body ruby rb" },
	{ "<rt>a<rt>", "html body rt rt" },
	/* Names that are not HTML's have end tags of their own. */
	{ "<x-a><x-b></x-c>", "html body ? ?" },
	{ "<x-a><x-b></x-a>", "html body" },
	/* What a p or br that is not open leaves behind. */
	{ "a</p></p>", "html body" },
	{ "</p>", "" },
	{ "</br>", "html body" },
	{ "<head><noscript></br>", "html body" },
	{ "<svg><g></br>", "html body" },
	/* A stray end tag does not end svg, one of an open element does. */
	{ "<svg><g></b>", "html body * *" },
	{ "<b></b><svg><g></b>", "html body * *" },
	{ "<b><svg><g></b>", "html body" },
	{ "<math><annotation-xml><svg><p>", "html body p" },
	{ "<math><annotation-xml><svg><desc><p>", "html body * * * * p" },
	{ "<math><annotation-xml encoding=text/html><mglyph>",
	    "html body * * mglyph" },
	{ "<math><annotation-xml encoding=Application/XHTML+xml><mglyph>",
	    "html body * * mglyph" },
	{ "<math><annotation-xml encoding=image/svg+xml><mglyph>",
	    "html body * * *" },
	{ "<math><mi><mglyph>", "html body * * *" },
	/* Frames, and what cannot stand among them. */
	{ "<frameset><frame><frameset>", "html frameset frameset" },
	{ "<frameset><p><svg><table></br></p>", "html frameset" },
	{ "<frameset></frameset><frame><noframes>", "html noframes" },
	{ "<p><frame><frameset>", "html body p" },
	/* A late html or body opens nothing. */
	{ "<div><body><html>", "html body div" },
	{ "<svg><body>", "html body" },
	{ "<svg><html>", "html body * *" },
};

/* Shows the stack all that the scanner has. */
static void
show_tokens(struct html_open *o, struct html_scan *scan)
{
	const struct html_scan_token *t = &scan->token;
	int found;

	while ((found = html_scan_next(scan)) > 0) {
		if (found == HTML_SCAN_START &&
		    html_open_start(o, t) == HTML_OPEN_HTML)
			html_scan_raw(scan);
		else if (found == HTML_SCAN_END)
			html_open_end(o, t);
		else if (found == HTML_SCAN_TEXT)
			html_open_text(o, t->at, t->len);
		else if (found == HTML_SCAN_DOCTYPE)
			html_open_doctype(o, t);
		html_open_settle(o);
	}
}

/* Shows the stack a page. */
static void
show(struct html_open *o, const char *html)
{
	struct html_scan scan;
	size_t len = strlen(html);
	char *copy = guard_copy(html, len);

	html_open_reset(o);
	html_scan_init(&scan);
	html_scan_feed(&scan, copy, len);
	show_tokens(o, &scan);
	html_scan_finish(&scan);
	show_tokens(o, &scan);
	html_scan_free(&scan);
	guard_free(copy, len);
}

static void
write_names(const struct html_open *o, char *to, size_t room)
{
	const struct html_open_frame *f;
	size_t len = 0;

	to[0] = '\0';
	for (f = o->frame; f < o->frame + o->depth; f++)
		len += (size_t)snprintf(to + len, room - len, "%s%s",
		    len > 0 ? " " : "", f->ghost ? "-" :
		    f->space != HTML_OPEN_IN_HTML ? "*" :
		    f->id == HTML_TAG_OTHER ? "?" :
		    html_tag_of((enum html_tag_id)f->id)->name);
}

static void
test_stacks(void)
{
	static struct html_open o;
	char names[256];
	size_t i;

	check_case("what is open at the end of a page");
	for (i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
		show(&o, stacks[i].html);
		write_names(&o, names, sizeof(names));
		if (!CHECK_STR(names, stacks[i].open))
			printf("# %s\n", stacks[i].html);
	}
}

/* Only what is not white space opens the body, and only once. */
static void
test_text(void)
{
	static struct html_open o;

	check_case("a text that opens the body says so");
	html_open_reset(&o);
	CHECK(!html_open_text(&o, " \n\t", 3));
	CHECK(!html_open_in_body(&o));
	CHECK(html_open_text(&o, " x", 2));
	CHECK(html_open_in_body(&o));
	CHECK(!html_open_text(&o, "y", 1));
	show(&o, "<template>");
	CHECK(!html_open_text(&o, "x", 1));
	show(&o, "<title>");
	CHECK(!html_open_text(&o, "x", 1));
}

/* Deeper than the stack: what is left out is closed by its own end tags. */
static void
test_depth(void)
{
	static char html[600 * (5 + 6) + 64];
	static struct html_open o;
	size_t i, len = 0;

	check_case("more levels than the stack has");
	for (i = 0; i < 600; i++)
		len += (size_t)sprintf(html + len, "<div>");
	show(&o, html);
	CHECK(o.depth > 500 && o.depth <= HTML_OPEN_MAX);
	for (i = 0; i < 599; i++)
		len += (size_t)sprintf(html + len, "</div>");
	show(&o, html);
	CHECK_INT(o.depth, 3);
	CHECK(o.limited);

	check_case("as many levels as can be open, and one more or two");
	for (size_t over = 0; over < 3; over++) {
		len = 0;
		for (i = 2; i < HTML_OPEN_MAX - 3 + over; i++)
			len += (size_t)sprintf(html + len, "<div>");
		show(&o, html);
		CHECK_INT(o.depth, HTML_OPEN_MAX - 3);
		CHECK_INT(o.limited, over > 0);
		for (i = 0; i < over; i++)
			len += (size_t)sprintf(html + len, "</div>");
		show(&o, html);
		CHECK_INT(o.depth, HTML_OPEN_MAX - 3);
		sprintf(html + len, "</div>");
		show(&o, html);
		CHECK_INT(o.depth, HTML_OPEN_MAX - 4);
	}

	check_case("and a tag that stands for three: tbody, tr and td");
	for (i = 2, len = 0; i < HTML_OPEN_MAX - 5; i++)
		len += (size_t)sprintf(html + len, "<div>");
	sprintf(html + len, "<table><td>");
	show(&o, html);
	CHECK_INT(o.depth, HTML_OPEN_MAX - 1);
	CHECK(!o.limited);

	check_case("what has no end tag leaves no level behind");
	len = (size_t)sprintf(html, "<svg>");
	for (i = 0; i < 600; i++)
		len += (size_t)sprintf(html + len, "<g>");
	len += (size_t)sprintf(html + len, "<path/><svg/><path/>");
	for (i = 0; i < 600; i++)
		len += (size_t)sprintf(html + len, "</g>");
	show(&o, html);
	CHECK_INT(o.depth, 3);
}

/* ---- through the extractor ---- */

struct soup {
	struct html_extractor_sink sink;
	char text[65536];
	size_t len;
};

static bool
soup_add(struct html_extractor_sink *sink, const char *what, const char *at,
    size_t len)
{
	struct soup *s = (struct soup *)(void *)((char *)sink -
	    offsetof(struct soup, sink));
	int n = snprintf(s->text + s->len, sizeof(s->text) - s->len,
	    "%s=%.*s ", what, (int)len, at);

	if (s->len + (size_t)n < sizeof(s->text))
		s->len += (size_t)n;
	return 0;
}

static bool
soup_title(struct html_extractor_sink *sink, const char *at, size_t len)
{
	return soup_add(sink, "title", at, len);
}

static bool
soup_link(struct html_extractor_sink *sink, const struct html_link *link)
{
	return soup_add(sink, "link", link->href, link->len);
}

static bool
soup_match(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	char name[2] = { (char)('0' + path), '\0' };

	return soup_add(sink, name, at, len);
}

/* What a page gives in pieces of `step`, into s->text. */
static void
soup_run(struct soup *s, const struct html_path *const *paths, size_t count,
    const char *html, size_t step)
{
	struct html_extractor_options want = { 1, 1, NULL, 0 };
	struct html_extractor *x;
	size_t len = strlen(html), n;

	memset(s, 0, sizeof(*s));
	s->sink.title = soup_title;
	s->sink.link = soup_link;
	s->sink.match = soup_match;
	want.paths = paths;
	want.path_count = count;
	x = html_extractor_new(&want, &s->sink);
	if (!CHECK(x != NULL))
		return;
	html_extractor_start(x, "utf-8", 5);
	for (; len > 0; html += n, len -= n) {
		char *copy;

		n = len < step ? len : step;
		copy = guard_copy(html, n);
		html_extractor_feed(x, copy, n);
		guard_free(copy, n);
	}
	CHECK_INT(html_extractor_finish(x), HTML_EXTRACT_MORE);
	html_extractor_free(x);
}

/* Two paths at most; titles and links always. */
static const struct {
	const char *html, *paths[2], *want;
} pages[] = {
	/* No parent was found for the div, or a frame below none. */
	{ "<template><tr><div>x", { "//template/div", "//div" }, "" },
	{ "<tr><div>x", { "//body/div", "//tr" }, "0=x " },
	{ "<p><svg></head></p><title>x", { NULL }, "title=x " },
	{ "<p><svg></body></p><title>x", { NULL }, "title=x " },
	{ "<table><tr><div>x", { "//body/div", "//tr/div" }, "0=x " },
	{ "<table><tr><svg><td><b>x", { "//tr/b", "//body/b" }, "1=x " },
	/* Elements of svg stand in each other. */
	{ "<svg><g id=x></svg>", { "//body/*/@id", "//body/*/*/@id" },
	    "1=x " },
	{ "<div><svg><g id=a><path id=b></path></g></svg></div>",
	    { "//div/*/@id", "//div/*/*/*/@id" }, "1=b " },
	/* A text before the body is one, however it is cut. */
	{ "<title>One Two</title>", { "//title/text()", NULL },
	    "title=One Two 0=One Two " },
	{ "<title>a < b & c <3</title>", { "//title/text()", NULL },
	    "title=a < b & c <3 0=a < b & c <3 " },
	{ "<title>a&amp;b&lt</title>", { "//title/text()", NULL },
	    "title=a&b< 0=a&b< " },
	{ "<style>a<b c<d</style>", { "//style/text()", NULL },
	    "0=a<b c<d " },
	{ "<title>a</title> b c", { "//head/text()", "//body/text()" },
	    "title=a 1=b c " },
	/* A tag that is dropped does not end a text, what is empty does. */
	{ "<p>a</b>b</span>c<body>d<br>e", { "//p/text()", "//p" },
	    "1=abcde 0=abcd 0=e " },
	/* Templates hide what is in them, at any depth, but not themselves. */
	{ "<div><template id=1><p id=2><h3><a href=3>x</a></h3></template>"
	    "<p id=4>y</div>", { "//@id", "//h3/a/@href|//div" },
	    "0=1 0=4 1=y " },
	{ "<template>x<template>y</template>z</template><p>w",
	    { "//text()", "//p" }, "1=w 0=w " },
	/* Frames. */
	{ "<frameset><frame src=1><a href=2><frame src=3></frameset>4"
	    "<noframes>5</noframes>", { "//frame/@src", "/html/noframes" },
	    "0=1 0=3 1=5 " },
	{ "<frame src=1><p>2", { "//frame/@src", "//p" }, "1=2 " },
	/* Lone end tags, rubies, and elements in svg without a name. */
	{ "<p>1</p>2</p><p>3", { "/html/body/p[3]", "/html/body/p[2]" },
	    "0=3 " },
	{ "<table></p><td>1</br>2", { "//td/br|//td", "//body/*[1]/td" },
	    "0=12 " },
	{ "<ruby>a<rt>b<rt>c</ruby>", { "//ruby/rt", "//rt[2]" },
	    "0=b 0=c 1=c " },
	{ "<svg></b><a href=1></svg><a href=2>", { "//@href", NULL },
	    "0=1 link=2 0=2 " },
	{ "<html lang=a><p>1", { "/html/@lang", "//html[@lang]//p" },
	    "0=a 1=1 " },
	/* Attributes that come late. */
	{ "<p>1<body class='x y'><h1>2", { "/html/body/@class",
	    "//body[contains(@class,'x')]//h1" }, "0=x y 1=2 " },
	{ "<body class=a id=b><body id=c lang=d><h1>1",
	    { "//body/@*", "//body[@id='c']/h1|//body[@lang][1]/h1" },
	    "0=a 0=b 0=d 1=1 " },
	{ "<div><html lang=x><p>1", { "/html[@lang]/body//p",
	    "/html[@lang]/body/*[1]/@*|//body[@lang]//p" }, "0=1 " },
	{ "<body id=1><p><html lang=x>", { "/html[@lang]/body/@id",
	    "/html[2]/@lang|/*[1]/@lang" }, "1=x 0=1 " },
	{ "<head><body id=1>2<body class=3><p>4",
	    { "/html/*[2][@class]/p", "/html/body[2]/p" }, "0=4 " },
	{ "<head></head><p><html lang=x>", { "//*[1]/@lang", "//*[2]/@lang" },
	    "0=x " },
	{ "<template><body id=1></template><svg><html id=2>",
	    { "//body/@id", "/html/@id" }, "" },
};

static void
test_pages(void)
{
	static struct soup s;
	struct html_path *paths[2];
	size_t i, j, count, step;

	check_case("pages whose elements had the wrong parent, or none");
	for (i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		for (count = 0; count < 2 && pages[i].paths[count] != NULL;
		    count++)
			html_path_compile(&paths[count], pages[i].paths[count],
			    strlen(pages[i].paths[count]), NULL);
		for (step = 1; step <= strlen(pages[i].html); step++) {
			soup_run(&s, (const struct html_path *const *)paths,
			    count, pages[i].html, step);
			CHECK_STR(s.text, pages[i].want);
		}
		for (j = 0; j < count; j++)
			html_path_free(paths[j]);
	}
}

static unsigned
soup_random(uint32_t *seed, unsigned below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (unsigned)(((uint64_t)(*seed >> 8) * below) >> 24);
}

/* Tags in no order, more often those that move others. */
static void
soup_write(char *to, uint32_t seed)
{
	static const char *const often[] = { "svg", "math", "template",
	    "table", "tr", "td", "a", "p", "body", "head", "foreignobject",
	    "x-y" };
	static const char *const forms[] = { "<%s>", "<%s id=x href=y>",
	    "</%s>", "</%s> x", "<%s/>", "</%s>y<!-- -->z", "<%s>&lt; " };
	unsigned tags = 2 + soup_random(&seed, 30);

	for (; tags > 0; tags--) {
		const char *name = often[soup_random(&seed, 12)];

		if (soup_random(&seed, 2))
			name = html_tag_of((enum html_tag_id)(1 +
			    soup_random(&seed, HTML_TAG_COUNT - 1)))->name;
		to += sprintf(to, forms[soup_random(&seed, 7)], name);
	}
}

static void
test_soup(void)
{
	static const char source[] = "//div/@id|//*/text()|//td[1]|/html/*/*|"
	    "//table//a/@href|//*/*[2]/@*";
	static struct soup whole, pieces;
	struct html_path *path;
	const struct html_path *paths[1];
	char html[2048];
	uint32_t seed, seeds = (uint32_t)check_share(3000);

	check_case("tag soup, whole and in pieces");
	html_path_compile(&path, source, sizeof(source) - 1, NULL);
	paths[0] = path;
	for (seed = 0; seed < seeds; seed++) {
		soup_write(html, seed);
		soup_run(&whole, paths, seed % 3 > 0, html, sizeof(html));
		soup_run(&pieces, paths, seed % 3 > 0, html, 1 + seed % 7);
		if (!CHECK(strcmp(whole.text, pieces.text) == 0))
			printf("# %s\n", html);
	}
	html_path_free(path);
}

int
main(void)
{
	test_stacks();
	test_text();
	test_depth();
	test_pages();
	test_soup();
	return check_done();
}
