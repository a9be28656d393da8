/*
 * queries.h - the questions that every client of this bench is given: a file
 * in dnsperf's form, `NAME A` or `NAME AAAA` on each line.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_BENCH_QUERIES_H
#define SPINDLE_BENCH_QUERIES_H

#include <stddef.h>

/* A question: a name, and 1 (A) or 28 (AAAA). */
struct query {
	const char *name;
	int type;
};

/* All questions of the file; exits if it cannot be read.  Never freed. */
struct query *queries_read(const char *path, size_t *count);

/* What came of them: one line on stdout; exits, with 1 if any failed. */
void queries_done(size_t asked, size_t answered);

#endif
