/*
 * stats.h - counts what came of many URLs, in constant memory: how many
 * failed and why, how long they took, and how often a connection served more
 * than one request.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_STATS_H
#define BIN_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "category.h"
#include "report.h"

/*
 * Times are counted in classes: 32 for each power of two of microseconds, so
 * that a class is at most a 32nd of its times wide.
 */
enum { STATS_FINE = 32, STATS_CLASSES = 60 * STATS_FINE };

/* Most categories that are counted each; what is beyond is "other". */
enum { STATS_CATEGORIES = 64 };

/* The counts; all zero at first, read only. */
struct stats {
	uint64_t urls, failed;
	uint64_t requests, answers;	/* redirects and retries too */
	uint64_t connections;		/* made */
	uint64_t bytes;			/* decoded */
	uint64_t longest_us;

	/* private */
	uint64_t times[STATS_CLASSES];	/* of the URLs that went well */
	struct {
		char word[CATEGORY_TEXT];
		uint64_t count;
	} categories[STATS_CATEGORIES];
};

/* Counts a URL. */
void stats_add(struct stats *, const struct report *);

/*
 * The time within which `percent` (1 to 100) of the URLs that went well were
 * done, in microseconds: at most a 32nd too large, never too small.  0 if
 * there are none.
 */
uint64_t stats_percentile(const struct stats *, unsigned percent);

/* Adds lines that tell all but how many URLs, each begun with `name`. */
void stats_write(const struct stats *, const char *name, struct record *);

#endif
