/*
 * bin_chronicle_test.c - the picture and the archive of a run: what is in them,
 * that no text gets out of its place, and that memory is bounded.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>

#include "../bin/har.h"
#include "../bin/waterfall.h"
#include "alloc.h"
#include "check.h"

#define MS UINT64_C(1000000)

/* One that went well: each phase takes so many ms as its place. */
static const struct http_journal_entry well = {
	.place = { .https = true, .authority = "a.test:81",
	    .authority_len = 9, .target = "/x?b=1&c&d=&&=e",
	    .target_len = 15 },
	.method = "GET", .status = 200, .content_type = "text/html",
	.address = "[::1]:81", .connection = 7, .bytes = 42,
	.begun_ns = 1000 * MS, .ended_ns = 1021 * MS,
	.timings = { 2 * MS, 3 * MS, 4 * MS, 5 * MS, 6 * MS },
};

/* One that failed, with words that mean much to XML and to JSON. */
static const struct http_journal_entry ill = {
	.place = { .authority = "b.test", .authority_len = 6, .target = "/",
	    .target_len = 1 },
	.method = "GET", .content_type = "", .address = "",
	.begun_ns = 900 * MS, .ended_ns = 1900 * MS,
	.timings = { .name_ns = 1000 * MS },
	.failure = "<b>&\"'\x1b\xE2\x80\xAE\xEF\xBF\xBF\xFF",
};

/* Whether the text is in the record, which is not ended by NUL. */
static bool
has(const struct record *r, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; r->len >= len && i <= r->len - len; i++)
		if (memcmp(r->at + i, text, len) == 0)
			return true;
	printf("# without %s\n", text);
	return false;
}

/* ---- the waterfall ---- */

static void
test_waterfall(void)
{
	struct waterfall w = { .count = 0 };
	struct record r = { .at = NULL };

	check_case("waterfall: rows in their order, and harmless texts");
	waterfall_add(&w, &well);
	waterfall_add(&w, &ill);
	waterfall_write(&w, &r);
	CHECK(!r.failed);
	CHECK(has(&r, ">2 requests in 1000 ms, 1 failed</text>"));
	CHECK(has(&r, "in flight: at most 2</text>"));
	CHECK(has(&r, "<g class=\"big bad\"><title>b.test/\nfailed: "
	    "&lt;b&gt;&amp;\"'\xEF\xBF\xBD\xEF\xBF\xBD?\xEF\xBF\xBD\n"
	    "name 1000.000 ms\n</title>"));
	CHECK(has(&r, "<g class=\"big\"><title>a.test:81/x?b=1&amp;c&amp;d=&"
	    "amp;&amp;=e\nstatus 200, 42 bytes decoded, on a new connection\n"
	    "waiting for a connection 1.000 ms\nname 2.000 ms\n"
	    "connect 3.000 ms\nTLS 4.000 ms\nwaiting 5.000 ms\n"
	    "receiving 6.000 ms\n</title>"));
	CHECK(strstr(r.at, "b.test") < strstr(r.at, "a.test"));
	/* What comes later covers the lines of the axis. */
	CHECK(has(&r, "<path class=\"g\"") && strstr(r.at,
	    "<path class=\"f\"") > strstr(r.at, "<path class=\"g\""));
	CHECK(has(&r, "</svg>\n"));
	record_free(&r);
	waterfall_free(&w);
	CHECK_INT(alloc_live(), 0);

	check_case("waterfall: of nothing");
	waterfall_write(&w, &r);
	CHECK(has(&r, ">0 requests in 0.0 ms</text>"));
	record_free(&r);
}

/* An answer of 400 or more is a failure as well (RFC 9110, section 15). */
static void
test_statuses(void)
{
	struct http_journal_entry e = well;
	struct waterfall w = { .count = 0 };
	struct record r = { .at = NULL };

	check_case("waterfall: statuses that are failures");
	for (e.status = 398; e.status < 402; e.status++)
		waterfall_add(&w, &e);
	waterfall_write(&w, &r);
	CHECK(has(&r, ">4 requests in 21 ms, 2 failed</text>"));
	record_free(&r);
	waterfall_free(&w);
	CHECK_INT(alloc_live(), 0);
}

/* More rows than are kept, and a label longer than is shown. */
static void
test_many(void)
{
	struct http_journal_entry e = well;
	struct waterfall w = { .count = 0 };
	struct record r = { .at = NULL };
	char host[400], path[400];

	check_case("waterfall: of many rows, and a long label, both ends");
	memset(host, 'h', sizeof(host));
	memset(path, 'p', sizeof(path));
	memcpy(path + sizeof(path) - 3, "end", 3);
	e.place.authority = host;
	e.place.authority_len = sizeof(host);
	e.place.target = path;
	e.place.target_len = sizeof(path);
	for (int i = 0; i < WATERFALL_ROWS + 5; i++)
		waterfall_add(&w, &e);
	CHECK_INT(w.count, WATERFALL_ROWS);
	CHECK_INT(w.left_out, 5);
	waterfall_write(&w, &r);
	CHECK(has(&r, ">and 5 more, which are not drawn</text>"));
	CHECK(has(&r, ">hhhhhhhhhhhhhhhhhhhhhhhhhhhh\xE2\x80\xA6"
	    "ppppppppppppppppppppppppend<"));
	record_free(&r);
	waterfall_free(&w);
}

/* ---- the archive ---- */

/* Reads what was written. */
static void
read_back(FILE *file, struct record *r)
{
	char text[4096];
	size_t n;

	r->len = 0;
	rewind(file);
	while ((n = fread(text, 1, sizeof(text), file)) > 0)
		record_add(r, text, n);
}

/* Both of them, as HAR. */
static const char har_of_both[] =
    "{\"log\":{\"version\":\"1.2\",\"creator\":{"
	    "\"name\":\"Spindle\",\"version\":\"0.1\"},\"pages\":[],"
	    "\"entries\":[\n{\"startedDateTime\":\"2020-09-13T12:26:41.500Z\","
	    "\"time\":21.000,\"request\":{\"method\":\"GET\","
	    "\"url\":\"https://a.test:81/x?b=1&c&d=&&=e\","
	    "\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],\"headers\":[],"
	    "\"queryString\":[{\"name\":\"b\",\"value\":\"1\"},{\"name\":\"c\","
	    "\"value\":\"\"},{\"name\":\"d\",\"value\":\"\"},{\"name\":\"\","
	    "\"value\":\"e\"}],\"headersSize\":-1,\"bodySize\":-1},"
	    "\"response\":{\"status\":200,\"statusText\":\"\","
	    "\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],\"headers\":[],"
	    "\"content\":{\"size\":42,\"mimeType\":\"text/html\"},"
	    "\"redirectURL\":\"\",\"headersSize\":-1,\"bodySize\":-1},"
	    "\"cache\":{},\"timings\":{\"blocked\":1.000,\"dns\":2.000,"
	    "\"connect\":7.000,\"ssl\":4.000,\"send\":0,\"wait\":5.000,"
	    "\"receive\":6.000},\"serverIPAddress\":\"::1\","
	    "\"connection\":\"7\"},\n"
	    "{\"startedDateTime\":\"2020-09-13T12:26:41.400Z\","
	    "\"time\":1000.000,\"request\":{\"method\":\"GET\","
	    "\"url\":\"http://b.test/\",\"httpVersion\":\"HTTP/1.1\","
	    "\"cookies\":[],\"headers\":[],\"queryString\":[],"
	    "\"headersSize\":-1,\"bodySize\":-1},\"response\":{\"status\":0,"
	    "\"statusText\":\"\",\"httpVersion\":\"HTTP/1.1\",\"cookies\":[],"
	    "\"headers\":[],\"content\":{\"size\":0,\"mimeType\":\"\"},"
	    "\"redirectURL\":\"\",\"headersSize\":-1,\"bodySize\":-1},"
	    "\"cache\":{},\"timings\":{\"blocked\":0.000,\"dns\":1000.000,"
	    "\"connect\":-1.000,\"ssl\":-1.000,\"send\":0,\"wait\":0.000,"
	    "\"receive\":0.000},\"comment\":\"<b>&\\\"'\\u001b\\u202e\xEF\xBF"
	    "\xBF\\ufffd\"}\n]}}\n";

static void
test_har(void)
{
	struct record r = { .at = NULL };
	FILE *file = tmpfile();
	struct har h;

	check_case("har: two requests, one of which failed");
	/* The journal's second 1 is 02:46:41.5 on some day. */
	har_begin(&h, fileno(file), 1000 * MS, UINT64_C(1600000001500) * MS);
	CHECK_INT(har_add(&h, &well), 0);
	CHECK_INT(har_add(&h, &ill), 0);
	CHECK_INT(har_end(&h), 0);
	read_back(file, &r);
	CHECK_BYTES(r.at, r.len, har_of_both);
	record_free(&r);
	fclose(file);
	CHECK_INT(alloc_live(), 0);
}

static void
test_empty_har(void)
{
	struct record r = { .at = NULL };
	FILE *file = tmpfile();
	struct har h;

	check_case("har: of nothing; and one that cannot be written");
	har_begin(&h, fileno(file), 0, 0);
	CHECK_INT(har_end(&h), 0);
	read_back(file, &r);
	CHECK(has(&r, "\"entries\":[\n]}}\n"));
	record_free(&r);
	fclose(file);
	har_begin(&h, -1, 0, 0);
	while (har_add(&h, &well) == 0)
		CHECK(h.out.len <= HAR_ROOM);
	CHECK(har_add(&h, &well) < 0);	/* and stays so */
	CHECK(har_end(&h) < 0);
	CHECK_INT(alloc_live(), 0);
}

/* Each allocation fails in turn, and all is told or left out. */
static void
test_memory(void)
{
	struct record r = { .at = NULL };
	FILE *file = tmpfile();
	int failed = 1;
	long n;

	check_case("waterfall and har: each allocation fails in turn");
	for (n = 0; failed; n++) {
		struct waterfall w = { .count = 0 };
		struct har h;
		int error;

		alloc_fail_at(n, 0);
		waterfall_add(&w, &well);
		waterfall_add(&w, &ill);
		waterfall_write(&w, &r);
		har_begin(&h, fileno(file), 0, 0);
		(void)har_add(&h, &well);
		error = har_end(&h);
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		CHECK_INT(failed, r.failed || w.left_out > 0 || error < 0);
		CHECK_INT(w.count + w.left_out, 2);
		record_free(&r);
		waterfall_free(&w);
		if (!CHECK_INT(alloc_live(), 0))
			break;
	}
	CHECK(n > 8);
	fclose(file);
}

int
main(void)
{
	test_waterfall();
	test_statuses();
	test_many();
	test_har();
	test_empty_har();
	test_memory();
	return check_done();
}
