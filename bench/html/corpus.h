/*
 * corpus.h - what the programs of this bench share: pages in memory, a clock
 * of CPU time, and the line that run.sh reads.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BENCH_HTML_CORPUS_H
#define BENCH_HTML_CORPUS_H

#include <stddef.h>

struct corpus_page {
	char *at;
	size_t len;
};

struct corpus {
	struct corpus_page *pages;
	size_t count, bytes;
};

/* What one pass over the corpus has found. */
struct corpus_found {
	unsigned long titles, links, bytes;
};

/*
 * Reads the files that are named in the file `list`, one a line; then runs
 * `pass` over all of them until `seconds` of CPU time have gone by, and
 * prints "NAME MB/s titles links bytes".  Ends the program on any error.
 */
void corpus_run(const char *name, const char *list, const char *seconds,
    void (*pass)(const struct corpus *, struct corpus_found *));

#endif
