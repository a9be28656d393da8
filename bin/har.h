/*
 * har.h - writes down each request of a run in the form that browsers have for
 * it, HAR 1.2 (HTTP Archive), so that they and other tools can show it.
 *
 * It is written as the requests are done, so memory is bounded however long
 * the run is; har_end makes a whole document of it.  What is secret is not in
 * it: names and passwords of URLs, and all fields of the heads.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_HAR_H
#define BIN_HAR_H

#include <stddef.h>
#include <stdint.h>

#include "../http/journal.h"
#include "record.h"

/* Bytes that are gathered before they are written. */
enum { HAR_ROOM = 65536 };

/* An archive that is being written.  All of it is private. */
struct har {
	int fd;
	struct record out;
	/* What is added to a time of the journal to get that since 1970. */
	uint64_t ahead_ns;
	uint64_t count;			/* entries so far */
	int error;			/* the first: 0, or a negative errno */
};

/*
 * Begins an archive in an empty file, by a blocking descriptor, which stays
 * the caller's.  now_ns is the present by the journal's clock, and wall_ns in
 * nanoseconds since 1970.
 */
void har_begin(struct har *, int fd, uint64_t now_ns, uint64_t wall_ns);

/*
 * Adds a request.  0; or why the archive cannot be written, -ENOMEM or an
 * errno of write(2), once that is known: then nothing more is written.
 */
int har_add(struct har *, const struct http_journal_entry *);

/* Ends the archive and frees its memory: 0 or why it cannot be written. */
int har_end(struct har *);

#endif
