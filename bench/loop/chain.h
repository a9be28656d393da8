/*
 * chain.h - the work of the dispatch bench, the same under every loop.
 *
 * A number of socket pairs are watched.  A few bytes are put in; whoever
 * finds its pair readable reads the byte and writes one to the next pair, so
 * that as many bytes are always on their way.  A run is over after
 * CHAIN_WRITES bytes more; the median of CHAIN_RUNS runs is printed as
 * ns=N, nanoseconds an event.  The read and the write are in it for all:
 * chain_none, which has no loop, says how much they are.
 *
 * Command line of each program: PAIRS ACTIVE
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BENCH_CHAIN_H
#define BENCH_CHAIN_H

enum { CHAIN_WRITES = 1000, CHAIN_RUNS = 400 };

/* The pairs, and how far a run is. */
struct chain {
	int pairs, active;
	int (*fds)[2];		/* [0] is watched for reading */
	long left;		/* writes of this run still to do */
	long events;		/* reads of this run done */
	int last;		/* the pair that was written to last, or -1 */
};

/* Opens the pairs that the command line asks for, or exits. */
void chain_open(struct chain *, int argc, char **argv);

/* Pair `index` is readable. */
void chain_step(struct chain *, int index);

/* Runs and prints; each turn() waits for events and calls chain_step. */
void chain_measure(struct chain *, void (*turn)(void *), void *ctx);

#endif
