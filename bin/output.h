/*
 * output.h - standard output or a file, written a record at a time, without
 * holding up the loop.
 *
 * Whoever reads our output may be slow: a pager, say, whose user has gone to
 * lunch.  So a record is written only when that cannot block, and otherwise
 * stays with the caller, who is told when to try again.  The descriptor is
 * not made non-blocking, since other processes share that flag.
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

/* An open output. */
struct output {
	void (*writable)(struct output *);

	/* private */
	struct reactor_watch watch;
	int fd;
	size_t done;			/* bytes of the record at hand */
	bool regular;			/* a regular file */
	bool patient;			/* writing waits until it can */
};

/*
 * Uses fd, which stays the caller's.  `writable` is called from the loop when
 * a record that was refused with -EAGAIN may be given again.
 */
void output_open(struct output *, struct reactor *, int fd,
    void (*writable)(struct output *));

/*
 * Writes a record and empties it: 0.  -EAGAIN when that might block: give
 * the same record again, unchanged.  Any other error, a negative errno, is
 * why it cannot be written.
 */
int output_write(struct output *, struct record *);

/*
 * Takes the descriptor from the reactor, before that is freed.  Records may
 * still be written, but from now on that blocks.
 */
void output_close(struct output *);

#endif
