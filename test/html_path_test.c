/*
 * html_path_test.c - what compiles as a path, and how what does not is
 * refused.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/path.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../html/match.h"
#include "alloc.h"
#include "check.h"
#include "guard.h"

static const struct {
	const char *source;
	unsigned steps, tests;
} good[] = {
	{ "/html/head/title", 3, 0 }, { "html/head", 2, 0 },
	{ "//h3/a/@href", 3, 0 }, { "// h3 / a / @href ", 3, 0 },
	{ "//*", 1, 0 }, { "//@*", 1, 0 }, { "//text()", 1, 0 },
	{ "//div[@class]", 1, 1 }, { "//A[@HREF='x]y']", 1, 1 },
	{ "//a[ contains( @class , \"x\" ) ][2][ @id = 'y' ]", 1, 3 },
	{ "//a|//b/@c | /html", 4, 0 }, { "//my-card/@data-x", 2, 0 },
};

static const struct {
	const char *source;
	size_t at;
	const char *what;
} bad[] = {
	{ "", 0, "a name was expected" },
	{ "/", 1, "a name was expected" },
	{ "//a/", 4, "a name was expected" },
	{ "///a", 2, "a name was expected" },
	{ "//a|", 4, "a name was expected" },
	{ "//a b", 4, "'/' was expected" },
	{ "//a)", 3, "'/' was expected" },
	{ "//a[x]", 4, "this predicate is not known" },
	{ "//a[last()]", 4, "this predicate is not known" },
	{ "//a[@b", 6, "']' was expected" },
	{ "//a[@b=c]", 7, "a value in quotes was expected" },
	{ "//a[@b='c]", 7, "a value in quotes was expected" },
	{ "//a[0]", 5, "positions count from 1" },
	{ "//a[contains(@b)]", 15, "contains(@name, 'value') was expected" },
	{ "//@a/b", 5, "nothing can follow an attribute or text()" },
	{ "//text()/b", 9, "nothing can follow an attribute or text()" },
	{ "//@a[1]", 4, "'/' was expected" },
	{ "//a/../b", 4, "'.' and '..' are not known" },
	{ "//a/.", 4, "'.' and '..' are not known" },
	{ "//_a", 2, "no element has such a name" },
	{ "//1", 2, "no element has such a name" },
	{ "//a/\xC3\xA4", 4, "no element has such a name" },
	{ "//a/child::b", 12, "axes are not known" },
	{ "page.html", 0, "only html stands at the top; // finds all below" },
	{ " /body", 2, "only html stands at the top; // finds all below" },
	{ "//a|/@x", 5, "only html stands at the top; // finds all below" },
	{ "text()", 0, "only html stands at the top; // finds all below" },
	{ "//a[2][2]", 8, "a position leaves only one" },
	{ "//a[1][@x][3]", 12, "a position leaves only one" },
	{ "*/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a",
	    64, "too many steps" },
};

static void
test_good(void)
{
	struct html_path_error error;
	struct html_path *path;
	size_t i, len;

	check_case("paths that compile, and any beginning of them");
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		for (len = 0; len <= strlen(good[i].source); len++) {
			char *copy = guard_copy(good[i].source, len);

			if (html_path_compile(&path, copy, len, &error) == 0)
				html_path_free(path);
			else
				CHECK(error.at <= len && error.what != NULL);
			guard_free(copy, len);
		}
		CHECK_INT(html_path_compile(&path, good[i].source,
		    strlen(good[i].source), &error), 0);
		CHECK_INT(path->step_count, good[i].steps);
		CHECK_INT(path->test_count, good[i].tests);
		html_path_free(path);
	}
}

static void
test_bad(void)
{
	struct html_path_error error;
	struct html_path *path;
	size_t i;

	check_case("paths that do not, with the place and the reason");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_INT(html_path_compile(&path, bad[i].source,
		    strlen(bad[i].source), &error), -EINVAL);
		CHECK(path == NULL);
		CHECK_INT(error.at, bad[i].at);
		CHECK_STR(error.what, bad[i].what);
	}
}

static void
test_parts(void)
{
	static const char source[] = "//DIV[@Class='X y']/@HREF|/*[7]/text()";
	struct html_path *path;

	check_case("the parts of a path");
	html_path_compile(&path, source, sizeof(source) - 1, NULL);
	CHECK_BYTES(path->steps[0].name.at, path->steps[0].name.len, "div");
	CHECK(path->steps[0].deep && !path->steps[0].last);
	CHECK_BYTES(path->tests[0].name.at, path->tests[0].name.len, "class");
	CHECK_BYTES(path->tests[0].value.at, path->tests[0].value.len,
	    "X y");
	CHECK_INT(path->steps[1].kind, HTML_PATH_ATTRIBUTE);
	CHECK(!path->steps[1].deep && path->steps[1].last);
	CHECK(!path->steps[2].deep);
	CHECK_INT(path->tests[1].position, 7);
	CHECK_INT(path->steps[3].kind, HTML_PATH_TEXT);
	html_path_free(path);
}

static void
test_limits(void)
{
	static struct html_match m;
	char tests[4 + 4 * (HTML_PATH_TESTS + 1)];
	struct html_path_error error;
	const struct html_path *many[33];
	struct html_path *path;
	size_t i;

	check_case("limits, and memory that runs out");
	/* The last of the bad ones has a step too many. */
	CHECK_INT(html_path_compile(&path,
	    bad[sizeof(bad) / sizeof(bad[0]) - 1].source, 63, NULL), 0);
	html_path_free(path);
	html_path_compile(&path, "//a/@b", 6, NULL);
	for (i = 0; i < 33; i++)
		many[i] = path;
	CHECK_INT(html_match_init(&m, many, 32), 0);
	html_match_free(&m);
	CHECK_INT(html_match_init(&m, many, 33), -E2BIG);
	html_match_free(&m);
	html_path_free(path);
	memset(tests, 0, sizeof(tests));
	strcpy(tests, "//a");
	for (i = 0; i < HTML_PATH_TESTS; i++)
		strcat(tests, "[@b]");
	CHECK_INT(html_path_compile(&path, tests, strlen(tests), &error), 0);
	html_path_free(path);
	strcat(tests, "[@b]");
	CHECK_INT(html_path_compile(&path, tests, strlen(tests), &error),
	    -EINVAL);
	CHECK_STR(error.what, "too many predicates");
	CHECK_INT(error.at, strlen(tests) - 3);
	CHECK_INT(html_path_compile(&path, "//a", SIZE_MAX, NULL), -ENOMEM);
	alloc_fail_at(0, 0);
	CHECK_INT(html_path_compile(&path, "//a", 3, NULL), -ENOMEM);
	CHECK(path == NULL);
	CHECK_INT(alloc_live(), 0);
}

int
main(void)
{
	test_good();
	test_bad();
	test_parts();
	test_limits();
	return check_done();
}
