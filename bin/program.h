/*
 * program.h - how programs speak: of themselves and of what goes wrong.
 *
 * A wrong use is one line on standard error and ends with PROGRAM_USAGE.
 * What goes wrong with one URL is one line, "PROGRAM: URL: CATEGORY: what
 * happened".
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_PROGRAM_H
#define BIN_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "record.h"

/* What --version says. */
#define PROGRAM_VERSION "0.1"

/* How a program can end. */
enum program_status {
	PROGRAM_OK = 0,
	PROGRAM_SOME_FAILED = 1,
	PROGRAM_USAGE = 2,
	PROGRAM_ALL_FAILED = 3,
	PROGRAM_NO_OUTPUT = 4		/* the output cannot be written */
};

/* What a program says of itself; whole lines, but for the first two. */
struct program {
	const char *name;		/* "scraper" */
	const char *synopsis;		/* "[options] [URL ...]" */
	const char *about;		/* what it does */
	const char *statuses;		/* how it ends; "" if that is plain */
};

/* Writes to standard output and ends the process, well if that worked. */
_Noreturn void program_say(struct record *);

/* Prints one line, "NAME: what (NAME --help tells more)", and exits. */
_Noreturn void program_usage(const struct program *, const char *format, ...);

/*
 * Reports a failure: one line, one write.  `subject`, a URL, name or file,
 * and `what` are made harmless; category NULL is left out.
 */
void program_fail(const struct program *, const char *subject, size_t len,
    const char *category, const char *what);

/* Reports what has no category. */
void program_warn(const struct program *, const char *subject,
    const char *what);

/* The same, and then ends the process, unless error (0, -errno) is 0. */
void program_check(const struct program *, enum program_status,
    const char *subject, int error);

/*
 * Opens the file to write to, or standard output if *name is NULL, which
 * becomes its name then.  Ends the process if it cannot.
 */
int program_open_output(const struct program *, const char **name);

/*
 * Ends the process if there was an error, 0 or a negative errno, in writing:
 * silently if nobody reads on, since then there is nobody to tell.
 */
void program_check_output(const struct program *, const char *name,
    int error);

#endif
