/*
 * program.h - what programs print of themselves and of what goes wrong.
 *
 * A wrong use is one line on standard error and ends the process with
 * PROGRAM_USAGE.  What goes wrong with one URL is one line, "PROGRAM: URL:
 * CATEGORY: what happened".
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

/* What --help says of PATHs (html/path.h), in lines. */
#define PROGRAM_PATHS \
"\nPATH is a part of XPath, and begins with // or /html.  Its steps:\n" \
"  /NAME  //NAME       elements: children; all below.  * is any name\n" \
"  ...[@A]             those with the attribute A\n" \
"  ...[@A='X']         with this value\n" \
"  ...[contains(@A,'X')]  with X in the value\n" \
"  ...[N]              the Nth of them, from 1, in each parent\n" \
"  /@A  /@*  /text()   at the end: an attribute, all of them, texts\n" \
"  PATH|PATH           what matches one or the other\n" \
"For example //div[@class='post']//a[1]/@href\n"

/* A variable of the environment that is set to something, or NULL. */
const char *program_variable(const char *name);

/* How a program can end. */
enum program_status {
	PROGRAM_OK = 0,
	PROGRAM_SOME_FAILED = 1,
	PROGRAM_USAGE = 2,
	PROGRAM_ALL_FAILED = 3,
	PROGRAM_NO_OUTPUT = 4		/* the output cannot be written */
};

/* What --help prints of a program. */
struct program {
	const char *name;		/* "scraper" */
	const char *synopsis;		/* "[options] [URL ...]" */
	const char *about;		/* what it does, in whole lines */
	const char *statuses;		/* exit statuses, in lines; or "" */
};

/*
 * Opens the standard descriptors that are closed: else a socket would get
 * such a number, and what we print would be sent to a peer.  To be called
 * before anything else is opened.
 */
void program_hold_standard(void);

/*
 * Writes to standard output and ends the process: PROGRAM_OK, or
 * PROGRAM_NO_OUTPUT if that failed.
 */
_Noreturn void program_say(struct record *);

/*
 * Prints one line, "NAME: what (NAME --help tells more)", and ends the
 * process with PROGRAM_USAGE.
 */
_Noreturn void program_usage(const struct program *, const char *format, ...);

/*
 * Prints a failure: one line, one write.  `subject` is a URL, a name or a
 * file; it and `what` are made harmless (record_add_clean).  A category of
 * NULL is left out.
 */
void program_fail(const struct program *, const char *subject, size_t len,
    const char *category, const char *what);

/* The same without a category. */
void program_warn(const struct program *, const char *subject,
    const char *what);

/*
 * Does nothing if the error is 0.  Else prints the words of this negative
 * errno, and ends the process with the status.
 */
void program_check(const struct program *, enum program_status,
    const char *subject, int error);

/*
 * Opens the file *name for writing and returns its descriptor; if *name is
 * NULL that of standard output, and *name is set to "standard output".  Ends
 * the process with PROGRAM_NO_OUTPUT if it cannot.  What is in the file stays
 * until program_empty_output, which does nothing to standard output.
 */
int program_open_output(const struct program *, const char **name);
void program_empty_output(const struct program *, const char *name, int fd);

/*
 * Ends the process with PROGRAM_NO_OUTPUT if writing has failed: error is 0
 * or a negative errno.  Says nothing if the reader of a pipe has gone, which
 * is no fault: `scraper | head -n 2`.
 */
void program_check_output(const struct program *, const char *name,
    int error);

#endif
