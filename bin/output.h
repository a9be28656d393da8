/*
 * output.h - standard output or a file, written a record at a time, without
 * holding up the loop.
 *
 * Whoever reads our output may be slow, or be a pager whose user is asleep.
 * So a record is written only when that cannot block, and otherwise stays
 * with the caller, who is told when to try again.  The descriptor's flags
 * are left alone, since other processes share them.
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
	struct reactor_watch watch;		/* first: its address is ours */
	void (*writable)(struct output *);

	/* private */
	int fd;
	size_t done;			/* bytes of the record at hand */
	bool regular, patient;
};

/*
 * Uses fd, which stays open.  `writable` is called from the loop when a
 * record that was refused may be written again.
 */
void output_open(struct output *, struct reactor *, int fd,
    void (*writable)(struct output *));

/*
 * Writes a record and empties it: 0.  -EAGAIN while that might block: give
 * the same record again, unchanged.  Or why it cannot be written.
 */
int output_write(struct output *, struct record *);

/*
 * Takes the descriptor from the reactor, before that is freed.  Records may
 * still be written, but now that waits.
 */
void output_close(struct output *);

#endif
