/*
 * trace.h - writes down what the reactor does, a line each, to read along.
 *
 *      time, ms   turn  fd  what             number
 *         0.213      3   5  connection_made  0
 *         0.214      3   5  data_received    233
 *
 * "wait" is the end of a wait, with how many descriptors are ready;
 * "interest" what the poller is told (1 read, 2 write); "reap" the close of
 * a descriptor, after which its protocol is told connection_lost.  Any other
 * word is the function that is called next, with its number: bytes, an errno
 * and the like.  The chapter of reactor/ explains an example.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_TRACE_H
#define BIN_TRACE_H

#include "../reactor/reactor.h"
#include "program.h"

/* A trace.  It owns its file, unless that is standard error. */
struct trace {
	struct reactor_trace reactor;	/* what the reactor calls */
	int fd;				/* -1: there is no trace */
	uint64_t begun_ns;		/* 0: nothing was written yet */
};

/*
 * Makes a reactor as the environment says: REACTOR_POLLER names its poller,
 * REACTOR_TRACE the file to write a trace to, "-" for standard error.  The
 * trace stays until the reactor is freed.  Ends the process with a message of
 * this program when that fails.
 */
struct reactor *trace_make_reactor(struct trace *, const struct program *);

/* Closes the file, if there is one. */
void trace_close(struct trace *);

#endif
