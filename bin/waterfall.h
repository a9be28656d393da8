/*
 * waterfall.h - a run as a picture, as the network panel of a browser has it:
 * a row for each request, and in it a bar for each phase, over time.
 *
 *      a.test/          200   104 ms   |==##-----|
 *      a.test/article   200   102 ms             |------|
 *
 * Above the rows is how many requests were in flight at each moment.  So it
 * can be seen at a glance whether a run did one thing after the other.
 *
 * Memory is bounded: the first requests that are over are kept, and the
 * picture says how many more there were.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_WATERFALL_H
#define BIN_WATERFALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../http/journal.h"
#include "record.h"

/* What is kept at most. */
enum {
	WATERFALL_ROWS = 1000,		/* requests; more are left out */
	WATERFALL_LABEL = 200,		/* bytes of host and path, with a NUL */
	WATERFALL_WHY = 120		/* and of why a request failed */
};

struct waterfall_row;

/* A picture to be; all zero at first. */
struct waterfall {
	size_t count;			/* read only */
	uint64_t left_out;		/* read only: requests beyond these */

	/* private */
	struct waterfall_row *rows;
	size_t room;
};

/* Notes a request.  Without memory for it, it is one that is left out. */
void waterfall_add(struct waterfall *, const struct http_journal_entry *);

/*
 * Adds the picture, as SVG: it needs no other file, and is light or dark as
 * its reader wishes.  Sorts what was noted; more may be noted afterwards.
 */
void waterfall_write(struct waterfall *, struct record *);

/* Frees the memory. */
void waterfall_free(struct waterfall *);

#endif
