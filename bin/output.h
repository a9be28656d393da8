/*
 * output.h - standard output or a file, written in whole records, without
 * holding up the loop.
 *
 * Whoever reads our output may be slow: a pager, say, whose user has gone to
 * lunch.  So a record is written only when that cannot block, and otherwise
 * stays with the caller, who is told when to try again.  The descriptor is
 * not made non-blocking, since other processes share that flag.
 *
 * A system call for each record would cost as much as looking up a name, so
 * the records of one turn are gathered and written together.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_OUTPUT_H
#define BIN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "../reactor/reactor.h"
#include "../reactor/watch.h"
#include "record.h"

/* Bytes that are gathered at most. */
enum { OUTPUT_ROOM = 4096 };

/* An open output. */
struct output {
	void (*writable)(struct output *);

	/* private */
	struct reactor_watch watch;
	int fd;
	size_t done;			/* bytes of what is being written */
	bool regular;			/* a regular file */
	bool patient;			/* writing waits until it can */
	size_t len;			/* bytes that are gathered */
	char gathered[OUTPUT_ROOM];
};

/*
 * Uses fd, which stays the caller's.  `writable` is called from the loop when
 * a record that was refused with -EAGAIN may be given again.
 */
void output_open(struct output *, struct reactor *, int fd,
    void (*writable)(struct output *));

/*
 * Takes a record and empties it: 0.  It is written at the next output_flush,
 * or before.  -EAGAIN when that might block: give the same record again,
 * unchanged.  Any other error, a negative errno, is why something cannot be
 * written, this record or an earlier one.
 */
int output_write(struct output *, struct record *);

/*
 * Writes all that was taken.  -EAGAIN when that might block: `writable` is
 * called, as above.
 */
int output_flush(struct output *);

/* Tells whether all that was taken is written. */
static inline bool
output_is_flushed(const struct output *o)
{
	return o->len == 0;
}

/*
 * Takes the descriptor from the reactor, before that is freed.  Records may
 * still be written, but from now on that blocks.
 */
void output_close(struct output *);

#endif
