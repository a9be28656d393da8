/*
 * bin_finder_test.c - links and fields of a page that comes in pieces, and
 * how much of a page with very many is kept.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/finder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

/* What is looked for, and the page it is looked for in. */
static struct field_list fields;
static struct finder_shelf shelf;
static struct http_page page = { .content_type = "text/html" };

/* Shows a page in pieces of `step` bytes; returns whether all was needed. */
static bool
show(struct finder *f, const char *html, size_t len, size_t step)
{
	enum http_sink_answer answer = f->sink.ops->begin(&f->sink, &page);

	for (size_t i = 0; i < len && answer == HTTP_SINK_CONTINUE; i += step) {
		size_t n = len - i < step ? len - i : step;
		char *piece = guard_copy(html + i, n);

		answer = f->sink.ops->data(&f->sink, piece, n);
		guard_free(piece, n);
	}
	return answer == HTTP_SINK_CONTINUE;
}

static void
texts_are(const struct findings *f, const char *const *want)
{
	size_t i, sort, len;

	for (i = 0; i < f->count && want[i] != NULL; i++) {
		const char *at = findings_get(f, i, &sort, &len);

		CHECK_BYTES(at, len, want[i]);
	}
	CHECK_INT(f->count, i);
	CHECK_STR(want[i], NULL);
}

static void
test_pieces(void)
{
	static const char html[] = "<title>A &amp; B</title><a href=one>x</a>"
	    "<b>a<i id='q&quot;'> &euro;</i></b><area href='?\xE2\x82\xAC'>"
	    "<base href=//other/d/><b>second</b><a href='javascript:x'>x</a>";
	static const char *const links[] = { "http://other/d/one",
	    "http://other/d/?%E2%82%AC", NULL };
	static const char *const values[] = { "q\"", "a \xE2\x82\xAC",
	    "second", NULL };
	struct finder *f;

	check_case("finder: links and fields, in pieces of every size");
	for (size_t step = 1; step < sizeof(html); step++) {
		f = finder_take(&shelf);
		CHECK(show(f, html, sizeof(html) - 1, step));
		CHECK_INT(finder_finish(f), 0);
		CHECK_BYTES(f->title.at, f->title.len, "A & B");
		texts_are(&f->links, links);
		texts_are(&f->values, values);
		CHECK_STR(finder_missing(f), NULL);
		finder_put_back(&shelf, f);
	}
}

/* A page that breaks off is not enough, however much has been found. */
static void
test_cut(void)
{
	static const char html[] = "<title>T</title><b>x</b><a href=y>z</a>";
	struct finder *f = finder_take(&shelf);

	check_case("finder: a page that breaks off");
	show(f, html, sizeof(html) - 1, 7);
	CHECK_INT(f->sink.ops->cut(&f->sink), HTTP_SINK_CONTINUE);
	finder_put_back(&shelf, f);

	check_case("finder: and is tried again: nothing is found twice");
	f = finder_take(&shelf);
	show(f, html, sizeof(html) - 1, 7);
	show(f, html, sizeof(html) - 1, 5);
	CHECK_INT(finder_finish(f), 0);
	CHECK_INT(f->links.count, 1);
	CHECK_INT(f->values.count, 1);
	CHECK_INT(f->title.len, 1);
	finder_put_back(&shelf, f);
}

/* How many bytes of a page a finder of this shelf asks for. */
static size_t
needed(struct finder_shelf *s, const char *html)
{
	const struct http_page utf8 = {
		.content_type = "text/html; charset=utf-8", .url = page.url,
	};
	struct finder *f = finder_take(s);
	size_t i = 0, len = strlen(html);
	enum http_sink_answer answer = f->sink.ops->begin(&f->sink, &utf8);

	while (i < len && answer == HTTP_SINK_CONTINUE)
		answer = f->sink.ops->data(&f->sink, html + i++, 1);
	CHECK_INT(f->enough, answer == HTTP_SINK_ENOUGH);
	CHECK_INT(finder_finish(f), 0);
	finder_put_back(s, f);
	return i;
}

/* The rows have a bar where no more is needed; else all is. */
static void
test_needed(struct finder_shelf *s, const char *const *rows)
{
	for (; *rows != NULL; rows++) {
		size_t want = strcspn(*rows, "|");
		char html[256];

		snprintf(html, sizeof(html), "%.*s%s", (int)want, *rows,
		    *rows + want + ((*rows)[want] == '|'));
		if (!CHECK_INT(needed(s, html), want))
			printf("# %s\n", *rows);
	}
	finder_clear(s);
}

static void
test_early_end(void)
{
	static const char *const titles[] = {
		"<title>T</title><link><p>|text", "<p><title>T</title>|text",
		"<title></title><body>|<title>T</title>",
		"<title>T</title> t|ext", "<title>T</title><meta name=x>",
		"<p>no title", NULL
	};
	static const char *const links[] = {
		"<h1><a href=/x>|</a></h1><h1><a href=/y></a></h1>",
		"<a href=/x>|", "<h2><a href=/x></a></h2>",
		"<h2><a href=/x></a></h2><h1><a href=/y>|</a></h1>", NULL
	};
	static const char *const wanted[] = { "//h1/a/@href|/html/body/a/@href",
	    "//h2/a/@href" };
	struct html_path *paths[2] = { NULL, NULL };
	struct finder_shelf articles = { .path_count = 2,
		.paths = (const struct html_path *const *)paths };
	static struct field_list none;
	struct finder_shelf alone = { .path_count = 0 };

	check_case("finder: a title is enough once the body has begun");
	test_needed(&alone, titles);
	alone.fields = &none;
	test_needed(&alone, titles);
	check_case("finder: and so is a link of the first path");
	for (size_t i = 0; i < 2; i++)
		html_path_compile(&paths[i], wanted[i], strlen(wanted[i]),
		    NULL);
	test_needed(&articles, links);
	for (size_t i = 0; i < 2; i++)
		html_path_free(paths[i]);
}

/*
 * A refresh counts if it ends within so many bytes, and so much of a page is
 * looked at although it has its title.
 */
static void
test_refresh(void)
{
	static const char begin[] = "<title>T</title><!--";
	static const char end[] =
	    "--><meta http-equiv=refresh content=0;url=x>";
	static const size_t steps[] = { 1, 7, FINDER_REFRESH - 1,
	    FINDER_REFRESH, FINDER_REFRESH + 1, FINDER_REFRESH + 2 };
	struct finder_shelf alone = { .path_count = 0 };
	char html[FINDER_REFRESH + 2];

	check_case("finder: how far into a page a refresh counts");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		for (size_t over = 0; over < 2; over++) {
			size_t len = FINDER_REFRESH + over;
			struct finder *f = finder_take(&alone);

			memset(html, 'x', len);
			memcpy(html, begin, sizeof(begin) - 1);
			memcpy(html + len - strlen(end), end, sizeof(end));
			show(f, html, len, steps[i]);
			CHECK_INT(finder_finish(f), 0);
			CHECK_INT(f->refresh.href != NULL, over == 0);
			CHECK(f->has_title);
			finder_put_back(&alone, f);
		}
	}
	memset(html + strlen(begin), 'x', sizeof(html) - sizeof(begin));
	CHECK_INT(needed(&alone, html), FINDER_REFRESH);
	finder_clear(&alone);
}

/*
 * Longest titles of a finder that is used again: what lies behind the title
 * in memory may be of the title before, here the middle of a letter.
 */
static void
test_title(void)
{
	struct finder_shelf alone = { .path_count = 0 };
	char html[FINDER_TITLE_MAX + 64];

	check_case("finder: the longest title, and one more byte");
	for (int i = 0; i < 4; i++) {
		struct finder *f = finder_take(&alone);
		int over = 1 - i % 3;

		memset(html, 'x', sizeof(html));
		if (i == 0)
			memcpy(html + 7 + FINDER_TITLE_MAX - 1, "\xC3\xA9", 2);
		memcpy(html, "<title>", 7);
		memcpy(html + 7 + FINDER_TITLE_MAX + over, "</title>", 8);
		show(f, html, 7 + (size_t)(FINDER_TITLE_MAX + over) + 8, 999);
		CHECK_INT(finder_finish(f), 0);
		CHECK_INT(f->title.len, FINDER_TITLE_MAX -
		    (over < 0 || i == 0));
		finder_put_back(&alone, f);
	}
	finder_clear(&alone);
}

/* A page of 100,000 times the same, in memory that has a limit. */
static void
test_many(const char *each, const char *base, size_t most)
{
	size_t len = strlen(each), before = alloc_bytes(), used = 0, shown = 0;
	struct finder *f = finder_take(&shelf);
	char *piece = guard_copy(each, len);
	enum http_sink_answer answer = f->sink.ops->begin(&f->sink, &page);

	f->sink.ops->data(&f->sink, base, strlen(base));
	for (; shown < 100000 && answer == HTTP_SINK_CONTINUE; shown++) {
		answer = f->sink.ops->data(&f->sink, piece, len);
		if (alloc_bytes() > used)
			used = alloc_bytes();
	}
	CHECK_INT(finder_finish(f), 0);
	if (alloc_bytes() > used)
		used = alloc_bytes();
	CHECK(shown < 100000);
	CHECK(f->enough);
	CHECK_STR(finder_missing(f), "what is more than is kept of one page");
	CHECK(f->links.count + f->values.count <= FINDINGS_MAX);
	CHECK(f->links.count + f->values.count > 100);
	if (!CHECK(used - before < most))
		printf("# %zu bytes\n", used - before);
	finder_put_back(&shelf, f);
	if (!CHECK(alloc_bytes() - before < 300000))
		printf("# %zu bytes are kept\n", alloc_bytes() - before);
	finder_clear(&shelf);
	CHECK_INT(alloc_bytes(), before);
	guard_free(piece, len);
}

/* Each allocation fails in turn: all is found, or the page has failed. */
static void
test_memory(void)
{
	static const char html[] = "<title>T</title><a href=one>x</a><b>v</b>"
	    "<base href=/b/><a href=two>x</a>";
	static const char *const links[] = { "http://host/b/one",
	    "http://host/b/two", NULL };
	static const char *const values[] = { "v", NULL };
	int failed = 1;
	long n;

	check_case("finder: each allocation fails in turn");
	for (n = 0; failed; n++) {
		struct finder *f;
		int error;

		alloc_fail_at(n, 0);
		f = finder_take(&shelf);
		error = f == NULL ? -ENOMEM : 0;
		if (f != NULL) {
			show(f, html, sizeof(html) - 1, 99);
			error = finder_finish(f);
		}
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		CHECK_INT(error, failed ? -ENOMEM : 0);
		if (error == 0) {
			texts_are(&f->links, links);
			texts_are(&f->values, values);
		}
		finder_put_back(&shelf, f);
		finder_clear(&shelf);
	}
	CHECK(n > 10);
}

/* Likewise, of a page that leads to another, in pieces. */
static void
test_refresh_memory(void)
{
	char html[2000];
	struct finder_shelf alone = { .path_count = 0 };
	int failed = 1;
	long n;

	check_case("finder: each allocation of a refresh fails in turn");
	snprintf(html, sizeof(html), "<title>T</title><!--%1500s-->"
	    "<meta http-equiv=refresh content='0;url=another'>", "");
	for (n = 0; failed; n++) {
		struct finder *f = finder_take(&alone);
		int error;

		alloc_fail_at(n, 0);
		show(f, html, strlen(html), 50);
		error = finder_finish(f);
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		/* What fails may be needed no more. */
		CHECK(error == 0 ? f->refresh.href != NULL :
		    failed && error == -ENOMEM);
		finder_put_back(&alone, f);
		finder_clear(&alone);
	}
	CHECK(n > 3);
}

/* How a finder is left before somebody else takes it. */
enum leaving {
	LEAVING_AT_ONCE,		/* taken, and never shown anything */
	LEAVING_UNFINISHED,
	LEAVING_FINISHED,
	LEAVING_CUT,
	LEAVING_SHOWN_TWICE,
	LEAVING_NO_MEMORY,
	LEAVINGS
};

static void
leave(enum leaving how)
{
	static const char html[] = "<title>old</title><a href=old>x</a>"
	    "<base href=/old/><b>old</b><a href='http://['>x</a><i id=old>"
	    "<meta http-equiv=refresh content='0;url=old'><b>open";
	struct finder *f = finder_take(&shelf);
	int error = 0;

	if (how == LEAVING_NO_MEMORY)
		alloc_fail_at(0, 1);
	if (how != LEAVING_AT_ONCE)
		show(f, html, sizeof(html) - 1, 9);
	if (how == LEAVING_SHOWN_TWICE)
		show(f, html, sizeof(html) - 1, sizeof(html));
	if (how == LEAVING_CUT)
		f->sink.ops->cut(&f->sink);
	if (how >= LEAVING_FINISHED)
		error = finder_finish(f);
	CHECK_INT(error, how == LEAVING_NO_MEMORY && alloc_has_failed() ?
	    -ENOMEM : 0);
	alloc_fail_at(-1, 0);
	finder_put_back(&shelf, f);
}

/* The third who takes the same finder finds what is in his page, no more. */
static void
test_third(void)
{
	static const char html[] = "<a href=new>x</a><b>new</b>";
	static const char *const links[] = { "http://host/new", NULL };
	static const char *const values[] = { "new", NULL };
	struct finder *f;

	check_case("finder: a third page after each two ways to leave one");
	for (int i = 0; i < LEAVINGS * LEAVINGS; i++) {
		finder_clear(&shelf);
		leave((enum leaving)(i / LEAVINGS));
		leave((enum leaving)(i % LEAVINGS));
		f = finder_take(&shelf);
		show(f, html, sizeof(html) - 1, 1);
		CHECK_INT(finder_finish(f), 0);
		texts_are(&f->links, links);
		texts_are(&f->values, values);
		CHECK(!f->has_title);
		CHECK_INT(f->title.len, 0);
		CHECK_INT(f->unreadable, 0);
		CHECK_INT(f->passed, 0);
		CHECK(f->refresh.href == NULL && f->link.href == NULL);
		CHECK_INT(f->seen, sizeof(html) - 1);
		CHECK_STR(finder_missing(f), NULL);
		finder_put_back(&shelf, f);
	}
	finder_clear(&shelf);
}

int
main(void)
{
	static char each[3000], base[3000];
	struct html_path_error error;

	shelf.fields = &fields;
	shelf.links = true;
	CHECK_INT(http_url_parse(&page.url, "http://host/", 12, NULL), 0);
	CHECK_INT(field_list_add(&fields, "b=//b", &error), 0);
	CHECK_INT(field_list_add(&fields, "id=//i/@id", &error), 0);
	test_pieces();
	test_cut();
	test_early_end();
	test_refresh();
	test_title();
	test_memory();
	test_refresh_memory();
	test_third();
	finder_clear(&shelf);

	check_case("finder: 100,000 links, values, long values");
	test_many("<a href=/a/link>x</a>", "", 2000000);
	test_many("<b>value</b>", "", 1000000);
	snprintf(each, sizeof(each), "<i id=%2000s></i>", "x");
	memset(each + 6, 'x', 2000);
	test_many(each, "", 3500000);
	check_case("finder: a base that makes short links long");
	snprintf(base, sizeof(base), "<base href=/%2000s/>", "x");
	memset(base + 12, 'x', 2000);
	test_many("<a href=y>x</a>", base, 4000000);

	field_list_clear(&fields);
	http_url_free(&page.url);
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
