/*
 * progress.h - the one line on a terminal that tells how far things are.
 *
 *	[########        ] 12 done, 1 failed, 8 in flight, 7 left, 9.1/s
 *
 * It is as wide as the terminal is at the moment: the bar has what the words
 * leave, and words that have no room are left out.  It is drawn anew five
 * times a second, so it is soon right again when the terminal gets another
 * width; and it is wiped away before anything else is written, so that it
 * never mixes with output or with failures.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_PROGRESS_H
#define BIN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../reactor/reactor.h"

/* A progress line on standard error. */
struct progress {
	/* How far things are; kept up to date by the user. */
	size_t done;		/* well or not */
	size_t failed;		/* of those, not well */
	size_t running;
	size_t total;		/* 0: not known */

	/* private */
	struct reactor_timer timer;
	uint64_t begun_ns;
	struct reactor *reactor;
	bool enabled, shown;
};

/* Begins.  A line that is not enabled, or all zero, is never drawn. */
void progress_begin(struct progress *, struct reactor *, bool enabled);

/* To be called when the counts have changed. */
void progress_changed(struct progress *);

/* Wipes the line away until it is drawn again. */
void progress_wipe(struct progress *);

/* Wipes the line away for good. */
void progress_end(struct progress *);

#endif
