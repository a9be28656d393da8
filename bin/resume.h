/*
 * resume.h - which URLs an earlier run has done: the file that it wrote, one
 * JSON object a line, is its own journal.
 *
 * A record is in the file as a whole or, if the run was killed while it was
 * written, as a last line without its end, which is cut off.  Of each URL a
 * hash of 64 bits is kept, in a table that is half to three quarters full:
 * 11 to 22 bytes.  That one of a million URLs is taken for another is a chance
 * of one in thirty million.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_RESUME_H
#define BIN_RESUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/* The URLs that are done.  All zero: none. */
struct resume {
	/* private */
	uint64_t *hashes;		/* 0: a free place */
	size_t room, count;		/* places, a power of 2; those taken */
	struct record text;		/* of the URL that is asked for */

	/* Where the reader is: */
	size_t column;			/* bytes of the line that are read */
	uint64_t digest;		/* of the URL so far */
	bool other;			/* the line has no URL in front */
	bool escaped;			/* behind a backslash */
	bool closed;			/* the URL is complete */
};

/*
 * Opens the file for writing at its end, reads which URLs it has, and cuts a
 * last line off that is not complete.  A file that is not there is made.
 * *fd is the caller's to close, and the file is locked until then.
 * 0, -ENOMEM, -ESPIPE if it is no regular file, -EAGAIN or -EACCES if another
 * process has it locked, or another errno; then nothing is open.
 */
int resume_open(struct resume *, const char *file, int *fd);

/* What resume_open does with each piece of the file: 0 or -ENOMEM. */
int resume_feed(struct resume *, const char *at, size_t len);

/* Whether a URL is done.  Without memory: no, so that none is lost. */
bool resume_has(struct resume *, const char *url, size_t len);

/* Frees all; the struct is all zero then. */
void resume_free(struct resume *);

#endif
