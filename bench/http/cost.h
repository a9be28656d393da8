/*
 * cost.h - what a client of this comparison has cost so far: time, CPU and
 * memory, seen from inside.  Each client is one program that includes this
 * once.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BENCH_COST_H
#define BENCH_COST_H

#include <sys/resource.h>

#include <malloc.h>
#include <stdio.h>
#include <time.h>

struct cost {
	double wall_s;
	double cpu_us;		/* user and system */
};

static inline struct cost
cost_now(void)
{
	struct timespec now;
	struct rusage u;

	clock_gettime(CLOCK_MONOTONIC, &now);
	getrusage(RUSAGE_SELF, &u);
	return (struct cost){
		.wall_s = (double)now.tv_sec + (double)now.tv_nsec / 1e9,
		.cpu_us =
		    (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
		    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec),
	};
}

/* What went by since `start`. */
static inline struct cost
cost_since(struct cost start)
{
	struct cost now = cost_now();

	return (struct cost){
		.wall_s = now.wall_s - start.wall_s,
		.cpu_us = now.cpu_us - start.cpu_us,
	};
}

/* Resident memory now, in KB. */
static inline long
cost_resident_kb(void)
{
	FILE *f = fopen("/proc/self/smaps_rollup", "r");
	char line[256];
	long kb = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "Rss: %ld", &kb) == 1)
			break;
	if (f != NULL)
		fclose(f);
	return kb;
}

/*
 * Prints the line of name=value that each client ends with: wall_s from the
 * first connect to the last byte, cpu_us a page, and what memory it holds
 * now: resident_kb in all, heap_kb allocated and not freed.
 */
static inline void
cost_report(struct cost spent, long pages, long titles)
{
	printf("pages=%ld titles=%ld wall_s=%.4f cpu_us=%.3f resident_kb=%ld "
	    "heap_kb=%.0f\n", pages, titles, spent.wall_s,
	    spent.cpu_us / (double)pages, cost_resident_kb(),
	    (double)(mallinfo2().uordblks + mallinfo2().hblkhd) / 1024);
}

/* As many files as the system allows: a run may want thousands. */
static inline void
cost_raise_limit(void)
{
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

#endif
