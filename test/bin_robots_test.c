/*
 * bin_robots_test.c - robots.txt: whose rules, which paths, in pieces split
 * anywhere, within its limits, and with each allocation failing.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../bin/robots.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

#define ALL "User-agent: *\n"
#define US "User-agent: spindle\n"

/* Reads a file, in pieces of so many bytes, whose ends are guarded. */
static int
robots_of(struct robots *rules, const char *text, size_t len, size_t piece)
{
	static struct robots_reader reader;

	robots_begin(&reader, "Spindle/0.1 (a crawler)");
	for (size_t at = 0; at < len; at += piece) {
		size_t n = piece < len - at ? piece : len - at;
		char *copy = guard_copy(text + at, n);

		robots_feed(&reader, copy, n);
		guard_free(copy, n);
	}
	return robots_end(&reader, rules);
}

static bool
robots_ask(const struct robots *rules, const char *path)
{
	size_t len = strlen(path);
	char *copy = guard_copy(path, len);
	bool allowed = robots_allows(rules, copy, len);

	guard_free(copy, len);
	return allowed;
}

/* One file, one path: '+' allowed, '-' not. */
static const struct {
	const char *what, *text, *path;
	char answer;
} rows[] = {
	{ "an empty file", "", "/x", '+' },
	{ "no rules", ALL, "/x", '+' },
	{ "all", ALL "Disallow: /\n", "/x", '-' },
	{ "nothing", ALL "Disallow:\n", "/x", '+' },
	{ "a prefix", ALL "Disallow: /x", "/xy?z", '-' },
	{ "another", ALL "Disallow: /x", "/y", '+' },
	{ "longer than the path", ALL "Disallow: /xy", "/x", '+' },
	{ "letters of both cases differ", ALL "Disallow: /X", "/x", '+' },
	{ "the file itself", ALL "Disallow: /", "/robots.txt", '+' },
	{ "no name, no rule", "Disallow: /\n", "/x", '+' },
	{ "rubbish", "<html>: /\nDisallow /\n" ALL ":\n::\n", "/x", '+' },

	/* Lines. */
	{ "CR", "User-agent: *\rDisallow: /\r", "/x", '-' },
	{ "CRLF", "User-agent: *\r\n\r\nDisallow: /\r\n", "/x", '-' },
	{ "a byte order mark", "\xEF\xBB\xBF" ALL "Disallow: /", "/x", '-' },
	{ "half of one", "\xEF\xBB" ALL "Disallow: /", "/x", '+' },
	{ "blanks", " \tUSER-AGENT \t: \t* \t\n dISALLOW\t:/\t", "/x", '-' },
	{ "comments", "#a\n" ALL "Disallow: /x # y\n#Disallow: /", "/x", '-' },
	{ "a comment is no path", ALL "Disallow: #/\n", "/#", '+' },
	{ "a blank line ends no group", ALL "\n\nDisallow: /", "/x", '-' },

	/* Groups. */
	{ "ours", US "Disallow: /", "/x", '-' },
	{ "another's", "User-agent: other\nDisallow: /", "/x", '+' },
	{ "ours before everybody's", US "Disallow: /a\n" ALL "Disallow: /b",
	    "/b", '+' },
	{ "ours behind everybody's", ALL "Disallow: /b\n" US "Disallow: /a",
	    "/b", '+' },
	{ "and it counts", ALL "Disallow: /b\n" US "Disallow: /a", "/a", '-' },
	{ "ours, though empty", ALL "Disallow: /\n" US, "/a", '+' },
	{ "two of ours", US "Disallow: /a\n" ALL "Disallow: /c\n"
	    "User-agent: SPINDLE/2.0\nDisallow: /b", "/a", '-' },
	{ "the second of them", US "Disallow: /a\n" ALL "Disallow: /c\n"
	    "User-agent: SPINDLE/2.0\nDisallow: /b", "/b", '-' },
	{ "two of everybody's", ALL "Disallow: /a\nUser-agent: x\n"
	    "Disallow: /\n" ALL "Disallow: /b", "/b", '-' },
	{ "several names", "User-agent: x\n" US "User-agent: y\nDisallow: /",
	    "/a", '-' },
	{ "us and everybody", ALL US "Disallow: /", "/a", '-' },
	{ "a rule ends the names", "User-agent: x\nAllow: /q\n" US
	    "Disallow: /", "/a", '-' },
	{ "and begins no group", US "Disallow: /a\nUser-agent: x\n"
	    "Disallow: /", "/b", '+' },
	{ "a sitemap ends none", US "Sitemap: http://x/\nUser-agent: x\n"
	    "Disallow: /", "/b", '-' },
	{ "nor does a delay", US "Crawl-delay: 3\nUser-agent: x\n"
	    "Disallow: /", "/b", '-' },
	{ "a longer name", "User-agent: spindles\nDisallow: /", "/a", '+' },
	{ "a shorter one", "User-agent: spin\nDisallow: /", "/a", '+' },
	{ "a star and more", "User-agent: *x\nDisallow: /", "/a", '+' },
	{ "a star and a word", "User-agent: * x\nDisallow: /", "/a", '-' },

	/* The longest decides. */
	{ "longest, allowed", ALL "Allow: /a/b\nDisallow: /a", "/a/b", '+' },
	{ "in any order", ALL "Disallow: /a\nAllow: /a/b", "/a/b", '+' },
	{ "longest, forbidden", ALL "Allow: /a\nDisallow: /a/b", "/a/b", '-' },
	{ "as long", ALL "Allow: /a\nDisallow: /a", "/a", '+' },
	{ "in the other order", ALL "Disallow: /a\nAllow: /a", "/a", '+' },
	{ "a star counts", ALL "Disallow: /a*\nAllow: /a", "/ab", '-' },
	{ "RFC 9309, 5.2", ALL "Allow: /example/page/\n"
	    "Disallow: /example/page/disallowed.gif",
	    "/example/page/disallowed.gif", '-' },

	/* Stars and ends. */
	{ "a star", ALL "Disallow: /*.gif", "/a/b.gif?c", '-' },
	{ "no byte", ALL "Disallow: /a*b", "/ab", '-' },
	{ "in front", ALL "Disallow: *b", "/a/b", '-' },
	{ "two", ALL "Disallow: /*a*b", "/xaxxb", '-' },
	{ "in order", ALL "Disallow: /*a*b", "/xbxxa", '+' },
	{ "back to the last", ALL "Disallow: /*aab", "/aaaab", '-' },
	{ "back and to the end", ALL "Disallow: /*ab$", "/abxab", '-' },
	{ "stars alone", ALL "Disallow: ***", "/x", '-' },
	{ "an end", ALL "Disallow: /a$", "/a", '-' },
	{ "not the end", ALL "Disallow: /a$", "/ab", '+' },
	{ "a star and an end", ALL "Disallow: /*.php$", "/a.php", '-' },
	{ "that are not there", ALL "Disallow: /*.php$", "/a.php?x", '+' },
	{ "a star, then the end", ALL "Disallow: /a*$", "/ab", '-' },
	{ "$ elsewhere is a $", ALL "Disallow: /a$b", "/a$bc", '-' },
	{ "and no end", ALL "Disallow: /a$b", "/a", '+' },
	{ "$ written", ALL "Disallow: /a%24", "/a$", '-' },
	{ "* written", ALL "Disallow: /a%2A.h", "/a*.h", '-' },
	{ "and is no star", ALL "Disallow: /a%2A.h", "/ab.h", '+' },

	/* Characters (the table of section 2.2.2). */
	{ "a query", ALL "Allow: /\nDisallow: /f?b=q", "/f?b=q", '-' },
	{ "encoded in the path", ALL "Disallow: /f?b=http://f.b",
	    "/f?b=http%3A%2F%2Ff.b", '-' },
	{ "encoded in the rule", ALL "Disallow: /f?b=http%3A%2F%2Ff.b",
	    "/f?b=http://f.b", '-' },
	{ "but not before the query", ALL "Disallow: /a%2Fb", "/a/b", '+' },
	{ "nor there", ALL "Disallow: /a/b", "/a%2Fb", '+' },
	{ "through a star", ALL "Disallow: /*/feed", "/a?u=/feed", '-' },
	{ "U+30C4", ALL "Disallow: /f/\xE3\x83\x84", "/f/%E3%83%84", '-' },
	{ "in small letters", ALL "Disallow: /f/%e3%83%84", "/f/%E3%83%84",
	    '-' },
	{ "letters encoded", ALL "Disallow: /%62%61%7A", "/baz", '-' },
	{ "in the URL", ALL "Disallow: /baz", "/%62%61%7A", '-' },
	{ "a blank", ALL "Disallow: /a b", "/a%20b", '-' },
	{ "no hex", ALL "Disallow: /a%zz", "/a%zz", '-' },
	{ "% at the end", ALL "Disallow: /a%2", "/a%2", '-' },
	{ "reserved ones differ", ALL "Disallow: /a%26", "/a&", '+' },
};

static void
test_rows(void)
{
	struct robots rules;
	char answer;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = rows[i].text;
		size_t len = strlen(text);

		check_case(rows[i].what);
		for (size_t piece = 1; piece <= len + 1; piece++) {
			CHECK_INT(robots_of(&rules, text, len, piece), 0);
			answer = robots_ask(&rules, rows[i].path) ? '+' : '-';
			CHECK_INT(answer, rows[i].answer);
			robots_free(&rules);
		}
	}
	CHECK_INT(alloc_live(), 0);
}

static void
test_delay(void)
{
	static const struct {
		const char *text;
		long long ms;
	} delays[] = {
		{ ALL "Crawl-delay: 2", 2000 }, { ALL "crawl-DELAY:.25", 250 },
		{ ALL "Crawl-delay: 1.5\nDisallow: /", 1500 },
		{ ALL "Crawl-delay: 61", 60000 },
		{ ALL "Crawl-delay: 99999999999999999999999", 60000 },
		{ ALL "Crawl-delay: 0.00000000099999", 0 },
		{ ALL "Crawl-delay: -1", 0 }, { ALL "Crawl-delay: 3 s", 0 },
		{ ALL "Crawl-delay:", 0 }, { "Crawl-delay: 3", 0 },
		{ ALL "Crawl-delay: 3\n" US "Crawl-delay: 4", 4000 },
		{ US "Crawl-delay: 4\n" ALL "Crawl-delay: 3\n", 4000 },
		{ US "Disallow: /\n" ALL "Crawl-delay: 3\n", 0 },
	};
	struct robots rules;

	check_case("Crawl-delay");
	for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		CHECK_INT(robots_of(&rules, delays[i].text,
		    strlen(delays[i].text), 7), 0);
		CHECK_INT(rules.delay_ns / 1000000, delays[i].ms);
		robots_free(&rules);
	}
}

static void
test_agent(void)
{
	static const char text[] = US "Disallow: /\n";
	static const struct {
		const char *agent;
		bool allowed;
	} agents[] = {
		{ "spindle", false }, { "SPINDLE", false },
		{ "spindle 1", false }, { "spindle1", false },
		{ "", true }, { "1spindle", true }, { "spindle-x", true },
		{ "Mozilla/5.0 spindle", true },
	};
	static struct robots_reader reader;
	struct robots rules;

	check_case("the name is the first word of User-Agent");
	for (size_t i = 0; i < sizeof(agents) / sizeof(agents[0]); i++) {
		robots_begin(&reader, agents[i].agent);
		robots_feed(&reader, text, strlen(text));
		CHECK_INT(robots_end(&reader, &rules), 0);
		CHECK_INT(robots_allows(&rules, "/", 1), agents[i].allowed);
		robots_free(&rules);
	}
}

/*
 * Names of so many letters, in User-Agent and in the file: do they match?  No
 * name is too long for that; only so much of it is looked at.
 */
static void
test_long_agent(void)
{
	enum { MOST = ROBOTS_AGENT_MAX - 1 };
	static const struct {
		int ours, theirs;
		bool match;
	} names[] = {
		{ MOST - 1, MOST - 1, true }, { MOST, MOST, true },
		{ MOST + 1, MOST + 1, true }, { 300, 300, true },
		{ MOST, MOST - 1, false }, { MOST - 1, MOST, false },
		{ MOST + 1, MOST - 1, false }, { MOST - 1, MOST + 1, false },
	};
	static struct robots_reader reader;
	char letters[301], text[400];
	struct robots rules;

	check_case("long names");
	memset(letters, 'x', sizeof(letters));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(text, sizeof(text), "%.*s", names[i].ours, letters);
		robots_begin(&reader, text);
		snprintf(text, sizeof(text), "User-agent: %.*s\nDisallow: /\n",
		    names[i].theirs, letters);
		robots_feed(&reader, text, strlen(text));
		CHECK_INT(robots_end(&reader, &rules), 0);
		CHECK_INT(!robots_allows(&rules, "/", 1), names[i].match);
		robots_free(&rules);
	}
}

/* A line of this length, its end included, behind a group for everybody. */
static void
robots_long_line(struct robots *rules, const char *rule, size_t len)
{
	static char text[2 * ROBOTS_LINE_MAX];
	size_t from = strlen(ALL);

	memset(text, 'x', sizeof(text));
	memcpy(text, ALL, from);
	memcpy(text + from, rule, strlen(rule));
	text[from + len] = '\n';
	CHECK_INT(robots_of(rules, text, from + len + 1, 100), 0);
}

static void
test_limits(void)
{
	static char text[ROBOTS_SIZE_MAX + 100];
	static const char last[] = "\nDisallow: /ab";
	struct robots rules;
	size_t at;

	check_case("a line that is too long forbids more, and allows nothing");
	robots_long_line(&rules, "Disallow: /", ROBOTS_LINE_MAX);
	CHECK_INT(rules.len, ROBOTS_LINE_MAX - strlen("Disallow: ") + 2);
	robots_free(&rules);
	robots_long_line(&rules, "Disallow: /", ROBOTS_LINE_MAX + 99);
	CHECK_INT(rules.len, ROBOTS_LINE_MAX - strlen("Disallow: ") + 2);
	robots_free(&rules);
	robots_long_line(&rules, "Allow: /", ROBOTS_LINE_MAX);
	CHECK_INT(rules.len, ROBOTS_LINE_MAX - strlen("Allow: ") + 2);
	robots_free(&rules);
	robots_long_line(&rules, "Allow: /", ROBOTS_LINE_MAX + 1);
	CHECK_INT(rules.len, 0);
	robots_free(&rules);
	robots_long_line(&rules, "Allow: /a#", ROBOTS_LINE_MAX + 1);
	CHECK_INT(rules.len, 4);
	robots_free(&rules);

	check_case("a file that is too long is cut");
	memset(text, '\n', sizeof(text));
	memcpy(text, ALL, strlen(ALL));
	at = ROBOTS_SIZE_MAX - strlen(last);
	memcpy(text + at, last, strlen(last));
	memcpy(text + ROBOTS_SIZE_MAX, "\nDisallow: /z\n", 14);
	CHECK_INT(robots_of(&rules, text, sizeof(text), 4096), 0);
	CHECK(!robots_ask(&rules, "/ab"));
	CHECK(robots_ask(&rules, "/a"));
	CHECK(robots_ask(&rules, "/z"));
	robots_free(&rules);
	memcpy(text + at, "\nAllow: /abcde", strlen(last));
	CHECK_INT(robots_of(&rules, text, ROBOTS_SIZE_MAX, 4096), 0);
	CHECK_INT(rules.len, strlen("A/abcde\n"));
	robots_free(&rules);
	CHECK_INT(robots_of(&rules, text, ROBOTS_SIZE_MAX + 1, 4096), 0);
	CHECK_INT(rules.len, 0);
	robots_free(&rules);
}

/*
 * Whether a path of so many x may be fetched by as many rules "*y", each of
 * which compares each of its characters, and its end.
 */
static bool
robots_works(size_t rules, size_t len)
{
	static const char rule[] = "Disallow: *y\n";
	static char text[40000], path[10000];
	size_t n = strlen(ALL);
	struct robots all;
	bool allowed;

	memcpy(text, ALL, n);
	for (; rules > 0; rules--, n += strlen(rule))
		memcpy(text + n, rule, strlen(rule));
	memset(path, 'x', len);
	path[len] = '\0';
	CHECK_INT(robots_of(&all, text, n, 1000), 0);
	allowed = robots_ask(&all, path);
	robots_free(&all);
	return allowed;
}

static void
test_work(void)
{
	check_case("rules that take too long forbid");
	CHECK_INT(337 * 6223, ROBOTS_WORK_MAX - 1);
	CHECK(robots_works(337, 6222));
	CHECK_INT(1024 * 2048, ROBOTS_WORK_MAX);
	CHECK(!robots_works(1024, 2047));
	CHECK(!robots_works(1024, 9000));
}

static void
test_memory(void)
{
	static const char text[] = ALL "Disallow: /a\nDisallow: /b\n" US
	    "Disallow: /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n";
	struct robots rules;
	int error = -1;

	check_case("each allocation fails once");
	for (long n = 0; error != 0 && n < 20; n++) {
		alloc_fail_at(n, 0);
		error = robots_of(&rules, text, strlen(text), 10);
		alloc_fail_at(-1, 0);
		CHECK(error == 0 || error == -ENOMEM);
		CHECK(error == 0 || rules.rules == NULL);
		robots_free(&rules);
		CHECK_INT(alloc_live(), 0);
	}
	CHECK_INT(error, 0);
}

int
main(void)
{
	test_rows();
	test_delay();
	test_agent();
	test_long_agent();
	test_limits();
	test_work();
	test_memory();
	return check_done();
}
