/*
 * bin_story_test.c - what -v tells of a URL: a hint for each category that
 * there is, facts where there are any, and harmless text.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../bin/story.h"

#include <string.h>

#include "alloc.h"
#include "check.h"

/* All categories, and words that their hints must have. */
static const struct {
	const char *category, *words;
} hints[] = {
	{ "bad-url", "http://" }, { "no-network", "network" },
	{ "no-dns", "--dns" }, { "no-such-host", "resolve" },
	{ "no-route", "--public-only" }, { "refused", "port" },
	{ "timeout", "--connect-timeout" }, { "reset", "--retries" },
	{ "tls", "--cacert" }, { "bad-response", "getpage -v" },
	{ "too-large", "--max-size" },
	{ "too-many-redirects", "--max-redirects" },
	{ "http-401", "-u" }, { "http-404", "moved" }, { "http-403", "-b" },
	{ "http-407", "-x" }, { "http-429", "--delay" },
	{ "http-500", "trouble" }, { "http-599", "trouble" },
	{ "http-418", "getpage -i" }, { "http-304", "getpage -i" },
	{ "no-article", "-a" }, { "no-title", "-e" }, { "robots", "ask" },
	{ "no-resources", "ulimit" },
};

static const struct report report = {
	.url = "http://a.test/\033", .url_len = 15, .timed = true,
	.address = "192.0.2.1:80", .status = 200, .requests = 2,
	.redirects = 1, .attempts = 1,
	.timings = {
		.name_ns = 3999999, .connect_ns = 4000000,
		.wait_ns = 20000000, .receive_ns = 1000000,
	},
};

static void
story_is(const struct report *p, const char *text)
{
	struct record r = { .at = NULL };

	story_write("scraper", p, &r);
	record_add(&r, "", 1);
	if (CHECK(!r.failed))
		CHECK_STR(r.at, text);
	record_free(&r);
}

static void
test_hints(void)
{
	check_case("story: a hint for each category");
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++) {
		const char *hint = story_hint(hints[i].category);

		CHECK(hint != NULL && strstr(hint, hints[i].words) != NULL);
	}
	CHECK(story_hint("") == NULL);
	CHECK(story_hint("unknown") == NULL);
}

static void
test_lines(void)
{
	struct report p = report;

	check_case("story: who answered, after how much, and when");
	story_is(&p, "scraper: http://a.test/\xef\xbf\xbd: last asked "
	    "192.0.2.1:80; 200, 2 requests, 1 redirect, 1 attempt; "
	    "name 3 ms, connect 4 ms, TLS 0 ms, wait 20 ms, receive 1 ms\n");
	check_case("story: nobody answered; and what to try");
	p.address = NULL;
	p.status = 0;
	p.attempts = 2;
	p.category = "refused";
	story_is(&p, "scraper: http://a.test/\xef\xbf\xbd: no answer, 2 "
	    "requests, 1 redirect, 2 attempts; name 3 ms, connect 4 ms, "
	    "TLS 0 ms, wait 20 ms, receive 1 ms\n"
	    "scraper: http://a.test/\xef\xbf\xbd: try: is the server running, "
	    "and is this its port?\n");
	check_case("story: nobody was asked");
	p.timed = false;
	p.category = "unknown";
	story_is(&p, "");
}

static void
test_memory(void)
{
	long n = 0;

	check_case("story: any allocation may fail");
	do {
		struct record r = { .at = NULL };

		alloc_fail_at(n, 1);
		story_write("scraper", &report, &r);
		CHECK(r.failed == (alloc_has_failed() != 0));
		record_free(&r);
		CHECK_INT(alloc_live(), 0);
	} while (alloc_has_failed() && n++ < 100);
	alloc_fail_at(-1, 0);
	CHECK(n > 0);
}

int
main(void)
{
	test_hints();
	test_lines();
	test_memory();
	return check_done();
}
