/*
 * inflight.h - answers the question "what is it waiting for?": a signal has
 * all that is in flight printed, a line each, oldest first.
 *
 *	scraper: 2 in flight
 *	scraper: http://a.test/: in flight: 3.1 s, looking up the name
 *	scraper: http://b.test/: in flight: 0.2 s, receiving the body
 *
 * The signal is SIGUSR1, and SIGINFO where the system has it, which is a key
 * of the terminal (^T).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_INFLIGHT_H
#define BIN_INFLIGHT_H

#include <stddef.h>
#include <stdint.h>

#include "../reactor/list.h"
#include "../reactor/reactor.h"
#include "../reactor/signals.h"
#include "program.h"
#include "progress.h"

/* Something in flight; its memory is the caller's.  All zero at first. */
struct inflight_one {
	/* Set by the caller before it is added, and kept. */
	const char *name;		/* its URL, len bytes */
	size_t len;
	/* Adds to the record what it waits for, in words. */
	void (*describe)(const struct inflight_one *, struct record *);

	/* private */
	struct reactor_list link;
	uint64_t begun_ns;
};

/* All that is in flight. */
struct inflight {
	struct reactor_list all;	/* oldest first */
	size_t count;

	/* What the signals do, if not NULL, in place of inflight_print. */
	void (*print)(const struct inflight *);

	/* private */
	const struct program *program;
	struct reactor *reactor;
	struct progress *progress;
	struct inflight_catch {
		struct reactor_signal signal;
		struct inflight *inflight;
	} catches[2];
};

/*
 * Begins, and catches the signals.  The progress line is wiped away before
 * anything is printed.  Where a signal cannot be caught, it does what it does
 * to other programs.
 */
void inflight_open(struct inflight *, const struct program *,
    struct reactor *, struct progress *);

/* Adds one, whose time begins now; without a list it does nothing. */
void inflight_add(struct inflight *, struct inflight_one *);

/* Takes one away; it does nothing to one that was not added. */
void inflight_remove(struct inflight *, struct inflight_one *);

/* Prints all on standard error: what the signals do. */
void inflight_print(const struct inflight *);

/* The first line of it, for so many; and the lines that follow. */
void inflight_print_count(const struct inflight *, size_t count);
void inflight_print_each(const struct inflight *);

/* Has this process ignore the signals: another one answers them. */
void inflight_ignore_signals(void);

/* Releases the signals. */
void inflight_close(struct inflight *);

#endif
