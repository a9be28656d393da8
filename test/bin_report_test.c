/*
 * bin_report_test.c - the forms of the scraper's output.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/report.h"

#include <string.h>

#include "alloc.h"
#include "check.h"

/* Without links and fields. */
static const struct field_list no_fields;
static const struct report_form text = { .fields = &no_fields };
static const struct report_form json = { .json = true, .fields = &no_fields };

/* What JSON says of a URL that was asked for in vain, or not at all. */
#define UNKNOWN "\"attempts\":0,\"content_type\":null,\"address\":null," \
    "\"bytes\":0,\"ms\":0"

static void
report_is(struct report *p, const struct report_form *form, const char *want)
{
	struct record r = { .at = NULL };

	report_write(p, form, &r);
	CHECK_BYTES(r.at, r.len, want);
	record_free(&r);
}

/* Each allocation that a report needs fails in turn, or all from then on. */
static void
test_memory(struct report *p, const struct report_form *form,
    const char *poor)
{
	struct record r = { .at = NULL };
	int failed = 1;
	long n;

	for (n = 0; failed; n++) {
		struct report copy = *p;

		alloc_fail_at(n, 0);
		report_write(&copy, form, &r);
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
	report_write(&(struct report){ .url = p->url }, form, &r);
	alloc_fail_at(-1, 0);
	record_free(&r);
}

/* Links and fields, in both forms; and what is left where none were found. */
static void
test_findings(void)
{
	struct field_list fields = { .count = 0 };
	struct html_path_error error;
	struct findings links = { .count = 0 }, values = { .count = 0 };
	struct report p = { .url = "http://a/", .url_len = 9, .links = &links,
	    .values = &values };
	struct report failed = { .url = "x", .url_len = 1, .category = "reset",
	    .detail = "so" };
	struct report_form form = { .links = true, .fields = &fields };
	int status = field_list_add(&fields, "by=//b", &error) |
	    field_list_add(&fields, "price=//i", &error) |
	    field_list_add(&fields, "by=//u", &error);

	CHECK_INT(status, 0);
	findings_add(&links, 0, "http://a/b", 10, &status);
	findings_add(&links, 0, "http://a/c", 10, &status);
	findings_add(&values, 2, "\"Jane\"", 6, &status);
	findings_add(&values, 1, "1\t2\n3\x1b", 6, &status);
	findings_add(&values, 0, "", 0, &status);
	CHECK_INT(status, 0);

	check_case("report: links and fields as text");
	report_is(&p, &form, "http://a/\thttp://a/b\nhttp://a/\thttp://a/c\n"
	    "http://a/\tby\t\"Jane\"\nhttp://a/\tprice\t1 2 3\xEF\xBF\xBD\n"
	    "http://a/\tby\t\n");
	report_is(&failed, &form, "");

	check_case("report: links and fields as JSON");
	form.json = true;
	p.missing = "much";
	report_is(&p, &form, "{\"url\":\"http://a/\",\"final_url\":null,"
	    "\"article\":null,"
	    "\"title\":null,\"links\":[\"http://a/b\",\"http://a/c\"],"
	    "\"fields\":{\"by\":[\"\\\"Jane\\\"\",\"\"],"
	    "\"price\":[\"1\\u00092\\u000a3\\u001b\"]},"
	    "\"missing\":\"much\",\"error\":null,\"detail\":null,"
	    "\"status\":null,\"redirects\":0," UNKNOWN "}\n");
	report_is(&failed, &form, "{\"url\":\"x\",\"final_url\":null,"
	    "\"article\":null,"
	    "\"title\":null,\"links\":[],\"fields\":{\"by\":[],\"price\":[]},"
	    "\"missing\":null,\"error\":\"reset\",\"detail\":\"so\","
	    "\"status\":null,\"redirects\":0," UNKNOWN "}\n");

	findings_free(&links);
	findings_free(&values);
	field_list_clear(&fields);
	CHECK_INT(alloc_live(), 0);
}

/* The same page and failure as in main, with timings. */
static void
test_timings(struct report *p, struct report *failed)
{
	struct report_form timings = json;

	check_case("report: timings, where asked for and known");
	timings.timings = true;
	p->timed = true;
	report_is(p, &timings, "{\"url\":\"http://planet.test/\","
	    "\"final_url\":\"http://planet.test/a?b\","
	    "\"article\":\"http://planet.test/a\","
	    "\"title\":\"A \\\"first\\\" post\",\"error\":null,"
	    "\"detail\":null,\"status\":200,\"redirects\":1,"
	    "\"attempts\":2,\"content_type\":\"text/html\","
	    "\"address\":\"[::1]:80\",\"bytes\":4321,\"ms\":12,"
	    "\"timings\":{\"dns\":0.001,\"connect\":2.000,\"tls\":0.000,"
	    "\"wait\":60000.000,\"receive\":0.500}}\n");
	report_is(failed, &timings, "{\"url\":\"bad\\u001burl\","
	    "\"final_url\":null,\"article\":null,\"title\":null,"
	    "\"error\":\"bad-url\",\"detail\":\"no \\\"scheme\\\"\","
	    "\"status\":null,\"redirects\":0," UNKNOWN
	    ",\"timings\":null}\n");
}

static void
test_without_memory(struct report *p)
{
	char title[2000];

	check_case("report: one that there is no memory for says so");
	memset(title, 'x', sizeof(title));
	p->title = title;
	p->title_len = sizeof(title);
	test_memory(p, &text, "");
	test_memory(p, &json, "{\"url\":\"http://planet.test/\","
	    "\"final_url\":null,\"article\":null,\"title\":null,"
	    "\"error\":\"no-resources\","
	    "\"detail\":\"memory is out\",\"status\":null,\"redirects\":0,"
	    UNKNOWN "}\n");
}

int
main(void)
{
	struct report p = {
		.url = "http://planet.test/", .url_len = 19,
		.article = "http://planet.test/a", .title = "A \"first\" post",
		.title_len = 14, .status = 200, .redirects = 1, .attempts = 2,
		.final_url = "http://planet.test/a?b#", .final_url_len = 22,
		.content_type = "text/html", .address = "[::1]:80",
		.bytes = 4321, .elapsed_ns = 12999999,
		.timings = { .name_ns = 1499, .connect_ns = 2000000,
		    .wait_ns = 60000000000, .receive_ns = 500000 },
	};
	struct report failed = {
		.url = "bad\x1b" "url", .url_len = 7, .category = "bad-url",
		.detail = "no \"scheme\"",
	};

	check_case("report: text");
	report_is(&p, &text, "first article on http://planet.test/ :\n"
	    "http://planet.test/a\nA \"first\" post\n\n");
	p.article = NULL;
	report_is(&p, &text, "http://planet.test/\tA \"first\" post\n");
	report_is(&failed, &text, "");
	p.article = "http://planet.test/a";

	check_case("report: JSON");
	report_is(&p, &json, "{\"url\":\"http://planet.test/\","
	    "\"final_url\":\"http://planet.test/a?b\","
	    "\"article\":\"http://planet.test/a\","
	    "\"title\":\"A \\\"first\\\" post\",\"error\":null,"
	    "\"detail\":null,\"status\":200,\"redirects\":1,"
	    "\"attempts\":2,\"content_type\":\"text/html\","
	    "\"address\":\"[::1]:80\",\"bytes\":4321,\"ms\":12}\n");
	report_is(&failed, &json, "{\"url\":\"bad\\u001burl\","
	    "\"final_url\":null,\"article\":null,\"title\":null,"
	    "\"error\":\"bad-url\","
	    "\"detail\":\"no \\\"scheme\\\"\",\"status\":null,"
	    "\"redirects\":0," UNKNOWN "}\n");

	test_timings(&p, &failed);

	check_case("report: a title cannot break its line");
	p.article = NULL;
	p.title = "a\tb\nc";
	p.title_len = 5;
	report_is(&p, &text, "http://planet.test/\ta\xEF\xBF\xBD"
	    "b\xEF\xBF\xBD" "c\n");

	test_without_memory(&p);
	test_findings();
	return check_done();
}
