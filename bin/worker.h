/*
 * worker.h - a worker process's end of its line to scraper: what it is asked
 * comes by standard input.  Its answers go to standard output, as the records
 * of a crew; and what it prints on standard error scraper prints.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_WORKER_H
#define BIN_WORKER_H

#include "../http/journal.h"
#include "../reactor/reactor.h"
#include "../reactor/watch.h"
#include "crew.h"
#include "wire.h"

/* What a worker hears of.  The user fills in what is not private. */
struct worker {
	struct crew *crew;		/* is fed with the URLs */

	/* Is to tell what is in flight. */
	void (*look)(struct worker *);

	/* May be told of requests, and passes them on; before worker_open,
	 * only its address may be used. */
	struct http_journal journal;

	bool failed;			/* read only: has given up */

	/* private */
	struct reactor_watch watch;
	struct wire_reader reader;
	struct record told;		/* requests, to go with an answer */
	bool closed;
};

/*
 * Listens, in the crew's reactor.  Its run ends when scraper hangs up, be it
 * that all is done or that it has died; or when it gives up, since nothing
 * sensible comes or memory has run out.
 */
void worker_open(struct worker *);

/*
 * Makes an answer of the job's record, and puts before it what requests were
 * told; without memory it has `failed` set.
 */
void worker_answer(struct worker *, struct crew_job *, struct wire_message *);

/* Ends it, before the reactor is freed.  Nothing is answered any more. */
void worker_close(struct worker *);

/* Sends the requests that were told since the last answer, at the very end. */
void worker_end(struct worker *);

#endif
