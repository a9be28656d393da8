/*
 * progress.h - the one line on a terminal that tells how far things are.
 *
 * It is drawn at most ten times a second, and wiped away before anything
 * else is written, so that it never mixes with output or with failures.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_PROGRESS_H
#define BIN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

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
