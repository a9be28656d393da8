/*
 * chronicle.h - is told of each request of a run, and writes what is asked for
 * beside the output: a waterfall, and an archive.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_CHRONICLE_H
#define BIN_CHRONICLE_H

#include <stdbool.h>
#include <stdint.h>

#include "../http/journal.h"
#include "har.h"
#include "program.h"
#include "waterfall.h"

/* A chronicle.  The user sets the names of its files, the rest is zero. */
struct chronicle {
	struct http_journal journal;	/* to be told */
	const char *waterfall_name;	/* NULL: no waterfall */
	const char *har_name;		/* NULL: no archive */

	/* private */
	const struct program *program;
	struct waterfall waterfall;
	struct har har;
	int waterfall_fd;
};

/*
 * Opens and empties the files that are asked for; "-" is standard output.
 * now_ns is the present by the journal's clock.  Ends the process with
 * PROGRAM_NO_OUTPUT if one cannot be written.  Afterwards the journal may be
 * told.
 */
void chronicle_open(struct chronicle *, const struct program *,
    uint64_t now_ns);

/* Whether a file is known not to be writable: the run makes no sense then. */
bool chronicle_has_failed(const struct chronicle *);

/*
 * Writes what is left, when no request is under way any more, and frees all.
 * True if all was written; else each file that was not is told on standard
 * error.
 */
bool chronicle_close(struct chronicle *);

#endif
