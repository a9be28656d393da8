/*
 * bin_stats_test.c - counts of many URLs: percentiles that are never too
 * small, and categories that do not end.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/stats.h"

#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "check.h"

static struct stats stats;

static void
add_time(uint64_t time_us)
{
	stats_add(&stats, &(struct report){ .elapsed_ns = time_us * 1000 });
}

/* A class holds what is put in it, is narrow, and has its place in order. */
static void
test_classes(void)
{
	check_case("stats: any time is in a class that is narrow enough");
	for (uint64_t base = 1; base < UINT64_MAX / 2000; base *= 2)
		for (int more = -1; more < 2; more++) {
			uint64_t time_us = base + base / 3 + (uint64_t)more;
			uint64_t got;

			memset(&stats, 0, sizeof(stats));
			add_time(time_us);
			add_time(UINT64_MAX / 1000);
			got = stats_percentile(&stats, 50);
			if (!CHECK(got >= time_us &&
			    got - time_us <= time_us / 32))
				printf("# %llu for %llu\n",
				    (unsigned long long)got,
				    (unsigned long long)time_us);
			CHECK(stats_percentile(&stats, 100) ==
			    UINT64_MAX / 1000);
		}
}

static void
test_percentiles(void)
{
	static const struct {
		unsigned percent;
		uint64_t want;
	} cases[] = {
		{ 1, 1 }, { 10, 10 }, { 50, 50 }, { 90, 91 }, { 99, 99 },
		{ 100, 100 },
	};

	check_case("stats: percentiles of a hundred, of one, of none");
	memset(&stats, 0, sizeof(stats));
	CHECK_INT(stats_percentile(&stats, 99), 0);
	add_time(7);
	CHECK_INT(stats_percentile(&stats, 1), 7);
	CHECK_INT(stats_percentile(&stats, 100), 7);
	memset(&stats, 0, sizeof(stats));
	for (uint64_t i = 100; i > 0; i--)
		add_time(i);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(stats_percentile(&stats, cases[i].percent),
		    cases[i].want);

	check_case("stats: a failure has no time");
	stats_add(&stats, &(struct report){ .elapsed_ns = UINT64_MAX,
	    .category = "timeout" });
	CHECK_INT(stats_percentile(&stats, 100), 100);
	CHECK_INT(stats.urls, 101);
	CHECK_INT(stats.failed, 1);
}

static void
test_text(void)
{
	struct report well = { .elapsed_ns = 2500000, .requests = 3,
	    .answers = 3, .bytes = 40 };
	struct record r = { .at = NULL };

	check_case("stats: what is told of none");
	memset(&stats, 0, sizeof(stats));
	stats_write(&stats, "me", &r);
	CHECK_BYTES(r.at, r.len, "me: stats: 0 bytes of pages, decoded\n"
	    "me: stats: 0 requests, 0 answers, 0 connections, used again 0 "
	    "times\n");
	r.len = 0;

	check_case("stats: what is told of some");
	stats_add(&stats, &well);
	stats_add(&stats, &(struct report){ .category = "refused",
	    .requests = 1 });
	stats_add(&stats, &(struct report){ .category = "http-404",
	    .requests = 1, .answers = 1 });
	stats_add(&stats, &(struct report){ .category = "refused",
	    .requests = 2 });
	stats.connections = 3;
	stats_write(&stats, "me", &r);
	CHECK_BYTES(r.at, r.len, "me: stats: refused 2\n"
	    "me: stats: http-404 1\n"
	    "me: stats: time of those that went well: 50% 2.5 ms, 90% 2.5 ms, "
	    "99% 2.5 ms, longest 2.5 ms\n"
	    "me: stats: 40 bytes of pages, decoded\n"
	    "me: stats: 7 requests, 4 answers, 3 connections, used again 1 "
	    "times\n");
	record_free(&r);
	CHECK_INT(alloc_live(), 0);
}

static void
test_categories(void)
{
	struct record r = { .at = NULL };
	char word[CATEGORY_TEXT];
	size_t lines = 0;

	check_case("stats: more categories than are counted each");
	memset(&stats, 0, sizeof(stats));
	for (int again = 0; again < 2; again++)
		for (int i = 0; i < 1000; i++) {
			snprintf(word, sizeof(word), "http-%d", i);
			stats_add(&stats, &(struct report){ .category = word });
		}
	stats_write(&stats, "me", &r);
	record_add(&r, "", 1);
	CHECK(strstr(r.at, "me: stats: http-0 2\n") != NULL);
	CHECK(strstr(r.at, "me: stats: http-62 2\n") != NULL);
	CHECK(strstr(r.at, "me: stats: other 1874\n") != NULL);
	for (const char *p = r.at; *p != '\0'; p++)
		lines += *p == '\n';
	CHECK_INT(lines, STATS_CATEGORIES + 2);
	CHECK_INT(stats.failed, 2000);
	record_free(&r);
}

int
main(void)
{
	test_classes();
	test_percentiles();
	test_text();
	test_categories();
	return check_done();
}
