/*
 * stats.c - counts, and a histogram whose classes grow with the times.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- the histogram ---- */

/*
 * The class of a time: the times below 32 have a class each, and then the
 * five bits behind the highest count.
 */
static size_t
stats_class(uint64_t time_us)
{
	size_t shift = 0;

	while (time_us >= 2 * STATS_FINE) {
		time_us >>= 1;
		shift++;
	}
	return shift * STATS_FINE + (size_t)time_us;
}

/* The largest time of a class. */
static uint64_t
stats_class_end(size_t class)
{
	size_t shift = class < 2 * STATS_FINE ? 0 : class / STATS_FINE - 1;
	uint64_t first = class - shift * STATS_FINE;

	return ((first + 1) << shift) - 1;
}

uint64_t
stats_percentile(const struct stats *s, unsigned percent)
{
	uint64_t well = s->urls - s->failed, seen = 0;
	/* How many at least: rounded up, without an overflow. */
	uint64_t want = well / 100 * percent +
	    (well % 100 * percent + 99) / 100;

	if (well == 0)
		return 0;
	for (size_t i = 0; i < STATS_CLASSES; i++) {
		seen += s->times[i];
		if (seen >= want && stats_class_end(i) < s->longest_us)
			return stats_class_end(i);
	}
	return s->longest_us;
}

/* ---- counting ---- */

static void
stats_add_failure(struct stats *s, const char *category)
{
	size_t i = 0;

	while (i < STATS_CATEGORIES - 1 && s->categories[i].count > 0 &&
	    strcmp(s->categories[i].word, category) != 0)
		i++;
	if (s->categories[i].count == 0)
		snprintf(s->categories[i].word, CATEGORY_TEXT, "%s",
		    i < STATS_CATEGORIES - 1 ? category : "other");
	s->categories[i].count++;
	s->failed++;
}

void
stats_add(struct stats *s, const struct report *report)
{
	uint64_t time_us = report->elapsed_ns / 1000;

	s->urls++;
	s->requests += report->requests;
	s->answers += report->answers;
	s->bytes += report->bytes;
	if (report->category != NULL) {
		stats_add_failure(s, report->category);
		return;
	}
	s->times[stats_class(time_us)]++;
	if (time_us > s->longest_us)
		s->longest_us = time_us;
}

/* ---- telling ---- */

static void
stats_write_failures(const struct stats *s, const char *name,
    struct record *r)
{
	for (size_t i = 0; i < STATS_CATEGORIES &&
	    s->categories[i].count > 0; i++)
		record_addf(r, "%s: stats: %s %" PRIu64 "\n", name,
		    s->categories[i].word, s->categories[i].count);
}

static void
stats_write_times(const struct stats *s, const char *name, struct record *r)
{
	static const unsigned percents[] = { 50, 90, 99 };

	record_addf(r, "%s: stats: time of those that went well:", name);
	for (size_t i = 0; i < sizeof(percents) / sizeof(percents[0]); i++)
		record_addf(r, " %u%% %.1f ms,", percents[i],
		    (double)stats_percentile(s, percents[i]) / 1000);
	record_addf(r, " longest %.1f ms\n", (double)s->longest_us / 1000);
}

void
stats_write(const struct stats *s, const char *name, struct record *r)
{
	/* A connection may have been made and never have answered. */
	uint64_t again = s->answers > s->connections ?
	    s->answers - s->connections : 0;

	stats_write_failures(s, name, r);
	if (s->urls > s->failed)
		stats_write_times(s, name, r);
	record_addf(r, "%s: stats: %" PRIu64 " bytes of pages, decoded\n",
	    name, s->bytes);
	record_addf(r, "%s: stats: %" PRIu64 " requests, %" PRIu64
	    " answers, %" PRIu64 " connections, used again %" PRIu64
	    " times\n", name, s->requests, s->answers, s->connections, again);
}
