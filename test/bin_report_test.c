/*
 * bin_report_test.c - the three forms of the scraper's output.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/report.h"

#include <string.h>

#include "alloc.h"
#include "check.h"

static void
report_is(struct report *p, bool json, const char *want)
{
	struct record r = { .at = NULL };

	report_write(p, json, &r);
	CHECK_BYTES(r.at, r.len, want);
	record_free(&r);
}

/* Each allocation that a report needs fails in turn, or all from then on. */
static void
test_memory(struct report *p, bool json, const char *poor)
{
	struct record r = { .at = NULL };
	int failed = 1;
	long n;

	for (n = 0; failed; n++) {
		struct report copy = *p;

		alloc_fail_at(n, 0);
		report_write(&copy, json, &r);
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		CHECK(!r.failed);
		CHECK_STR(copy.category, failed ? "no-resources" : NULL);
		if (failed)
			CHECK_BYTES(r.at, r.len, poor);
		record_free(&r);
		CHECK_INT(alloc_live(), 0);
	}
	CHECK(n > 2);
	alloc_fail_at(0, 1);
	report_write(&(struct report){ .url = p->url }, json, &r);
	alloc_fail_at(-1, 0);
	record_free(&r);
}

int
main(void)
{
	char title[2000];

	struct report p = {
		.url = "http://planet.test/", .url_len = 19,
		.article = "http://planet.test/a", .title = "A \"first\" post",
		.title_len = 14, .status = 200, .redirects = 1, .bytes = 4321,
		.elapsed_ns = 12999999,
	};
	struct report failed = {
		.url = "bad\x1b" "url", .url_len = 7, .category = "bad-url",
		.detail = "no \"scheme\"",
	};

	check_case("report: text");
	report_is(&p, false, "first article on http://planet.test/ :\n"
	    "http://planet.test/a\nA \"first\" post\n\n");
	p.article = NULL;
	report_is(&p, false, "http://planet.test/\tA \"first\" post\n");
	report_is(&failed, false, "");
	p.article = "http://planet.test/a";

	check_case("report: JSON");
	report_is(&p, true, "{\"url\":\"http://planet.test/\","
	    "\"article\":\"http://planet.test/a\","
	    "\"title\":\"A \\\"first\\\" post\",\"error\":null,"
	    "\"detail\":null,\"status\":200,\"redirects\":1,\"bytes\":4321,"
	    "\"ms\":12}\n");
	report_is(&failed, true, "{\"url\":\"bad\\u001burl\","
	    "\"article\":null,\"title\":null,\"error\":\"bad-url\","
	    "\"detail\":\"no \\\"scheme\\\"\",\"status\":null,"
	    "\"redirects\":0,\"bytes\":0,\"ms\":0}\n");

	check_case("report: a title cannot break its line");
	p.article = NULL;
	p.title = "a\tb\nc";
	p.title_len = 5;
	report_is(&p, false, "http://planet.test/\ta\xEF\xBF\xBD"
	    "b\xEF\xBF\xBD" "c\n");

	check_case("report: one that there is no memory for says so");
	memset(title, 'x', sizeof(title));
	p.title = title;
	p.title_len = sizeof(title);
	test_memory(&p, false, "");
	test_memory(&p, true, "{\"url\":\"http://planet.test/\","
	    "\"article\":null,\"title\":null,\"error\":\"no-resources\","
	    "\"detail\":\"memory is out\",\"status\":null,\"redirects\":0,"
	    "\"bytes\":0,\"ms\":0}\n");
	return check_done();
}
