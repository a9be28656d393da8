/*
 * workers.h - several processes that do the jobs of one crew.
 *
 *	crew --> dealt by host --> at most `each` at once --> a process
 *	           |      ^
 *	           +------+ the others step aside
 *
 * All URLs of a host go to the same worker, so that what is kept for each
 * host (connections, pauses, robots.txt) holds for all of them together.  A
 * worker is begun when the first URL is dealt to it.
 *
 * When one dies, another takes its place and does what it had under way, but
 * one URL after the other: so a URL that kills its worker again is known, and
 * is given up.  Every job ends once, since a record counts only when all of
 * it has come.  One that stands still is killed, and has died as well.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_WORKERS_H
#define BIN_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../http/journal.h"
#include "../reactor/list.h"
#include "../reactor/reactor.h"
#include "crew.h"
#include "wire.h"

/* Most workers that there may be. */
enum { WORKERS_MOST = 256 };

struct workers_one;

/* The workers.  The user fills in what is not private, before workers_open. */
struct workers {
	struct crew *crew;
	size_t count;
	size_t each;			/* URLs in progress at one of them */
	bool verbose;			/* tell when a process begins */
	struct http_journal *journal;	/* told of their requests; or NULL */

	/*
	 * For how long a worker that has a job may be silent although it is
	 * asked whether it is there, in ns, but from 5 to 30 seconds.  It is
	 * not the jobs whose time is taken: how long one may wait for others
	 * of its host has no limit.
	 */
	uint64_t silence_ns;

	/*
	 * Is called in a new process: standard input and output are its line
	 * to this one (worker.h), and nothing of the crew's reactor may be
	 * touched, nor freed.  Must not return.
	 */
	void (*serve)(struct workers *);

	/*
	 * A job has been answered, and must be ended.  The message is
	 * borrowed; the record may be taken, see wire.h.
	 */
	void (*answered)(struct workers *, struct crew_job *,
	    const struct wire_message *, struct record *);

	/* A job cannot be done, for this reason, and must be ended. */
	void (*failed)(struct workers *, struct crew_job *, const char *why);

	/* private */
	struct workers_one *all;
	size_t processes;		/* begun so far */
	bool closing;
	struct reactor_call step;
	struct reactor_timer check;
};

/* Begins; no process yet.  0 or -ENOMEM. */
int workers_open(struct workers *);

/* Has a job done.  It may end at once, when there is no memory. */
void workers_work(struct workers *, struct crew_job *);

/* Has each worker tell on standard error what it has in flight. */
void workers_look(const struct workers *);

/*
 * Begins no more jobs: drops those that have not gone to a worker yet.  This
 * and workers_close do nothing to workers that are all zero.
 */
void workers_stop(struct workers *);

/*
 * Drops all jobs and ends all processes, when the reactor has stopped and
 * before the crew is ended, which must take no more input.  Runs the reactor
 * until they have ended; requests may be told meanwhile.
 */
void workers_close(struct workers *);

#endif
