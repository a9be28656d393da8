/*
 * crew.h - keeps a number of jobs under way: takes a line from the input
 * whenever one has ended, and writes down what came of each.
 *
 *      input --> at most `concurrency` jobs --> line --> output
 *        ^                                       |
 *        +---- paused while there is no room ----+
 *
 * What is finished stands in line until the output takes it; with `ordered`
 * a job takes its place in the line when it is begun.  The line has a limit,
 * so memory has one, however long the input is.
 *
 * A job that has to wait for something else than the network may step aside
 * (crew_wait): it does not count among the `concurrency`, but `ahead` limits
 * how many do so.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_CREW_H
#define BIN_CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../defer/control.h"
#include "../defer/deferred.h"
#include "../reactor/list.h"
#include "input.h"
#include "output.h"
#include "program.h"
#include "progress.h"

/* A line of the input, on its way to its record of the output. */
struct crew_job {
	struct reactor_list link;
	struct crew *crew;
	struct record record;		/* the worker writes it */
	struct deferred *deferred;	/* the worker's; cancelled at the end */
	uint32_t id;			/* what crew_feed was given */

	/* private */
	size_t held;			/* length of the record at first */
	bool finished, waiting;

	/* Read only. */
	bool cut;			/* the text is not all of the line */
	size_t len;
	char text[];			/* the line; no NUL */
};

/* A crew.  Its user fills in what is not private, before crew_begin. */
struct crew {
	const struct program *program;	/* whose failures are printed */
	struct reactor *reactor;
	size_t concurrency;
	size_t ahead;			/* most jobs that step aside */
	int input_fd;			/* where lines come from: 0, standard
					   input, or another that stays open */
	const char *input_name;		/* NULL: that of standard input */
	bool ordered;
	bool fed;			/* lines come by crew_feed alone */
	bool failures_are_data;		/* they do not count in crew_status */

	/*
	 * Begins a job.  Every job ends in one call of crew_done, which may
	 * come before this returns.  One whose line was cut must fail, with
	 * crew_cut_detail.
	 */
	void (*work)(struct crew_job *);

	/* Whether a line is for this crew: others are passed over.  NULL: all
	 * are.  The text is borrowed until it returns. */
	bool (*wanted)(struct crew *, const char *at, size_t len);

	/* Places may be free: those who have stepped aside come first, before
	 * a line is taken.  May call crew_go.  NULL: nobody asks. */
	void (*room)(struct crew *);

	struct progress progress;	/* its counts are the crew's */

	/* private */
	char **arguments;		/* those not yet begun */
	struct input input;
	struct output output;
	struct reactor_list running;	/* jobs that are not in line yet */
	struct reactor_list line;	/* jobs, finished or `ordered` */
	size_t jobs;			/* in both */
	struct reactor_list spare;	/* jobs that have ended, to use again */
	size_t waiting;			/* of those, stepped aside */
	size_t places;			/* taken by others than jobs */
	size_t held;			/* bytes of records in line */
	struct reactor_call step;
	bool input_ended;		/* or is not read at all */
	bool ended;			/* crew_end was called */
	int input_error;		/* 0 or a negative errno */
	int error;			/* of the output: the same */
};

/*
 * Begins the work: on the arguments, ended by NULL and kept by the caller,
 * or, where there are none, on the lines of the input.  Records go to
 * the descriptor, which stays the caller's.  When all is done, or the output
 * fails, reactor_run returns.  A crew that is fed has neither, and is not
 * done before it is told to stop.  0 or -ENOMEM.
 */
int crew_begin(struct crew *, char **arguments, int output);

/*
 * Begins a job for a line at once, however many there are.  False without
 * memory: then the line counts nowhere.
 */
bool crew_feed(struct crew *, uint32_t id, const char *at, size_t len);

/*
 * A job steps aside; and it goes on, for which there should be room.  Each
 * does nothing the second time.
 */
void crew_wait(struct crew_job *);
void crew_go(struct crew_job *);

/* Whether there is room for a job that has stepped aside. */
bool crew_may_go(const struct crew *);

/* How many jobs have stepped aside, where none is in progress and no place is
 * taken; else 0. */
size_t crew_all_waiting(const struct crew *);

/* Something that is no job takes a place; and it gives it back, also after
 * crew_end. */
void crew_take_place(struct crew *);
void crew_free_place(struct crew *);

/* Forgets a job that has not ended, and frees it: it counts nowhere. */
void crew_drop(struct crew_job *);

/*
 * A job has ended.  `category` and `what` tell of a failure, and are NULL if
 * all went well; the record may be empty.
 */
void crew_done(struct crew_job *, const char *category, const char *what);

/*
 * Writes a record that is no job's, at once if it can, and empties it; does
 * nothing while others wait to be written.
 */
void crew_say(struct crew *, struct record *);

/* What is wrong with a line that was cut. */
extern const char crew_cut_detail[];

/* Takes no more input; the jobs under way go on to their end. */
void crew_stop(struct crew *);

/*
 * Cancels the jobs under way, and writes the records in line, even if that
 * blocks.  Afterwards the reactor may be freed.
 */
void crew_end(struct crew *);

/*
 * The exit status, after crew_end.  Prints what was wrong with the input;
 * ends the process if the output, which has this name, has failed.
 */
enum program_status crew_status(const struct crew *, const char *output);

#endif
