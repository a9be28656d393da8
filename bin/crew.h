/*
 * crew.h - keeps a number of scrapes under way: takes a URL from the input
 * whenever one has ended, and writes down what came of each.
 *
 *      input --> at most `concurrency` scrapes --> line --> output
 *        ^                                          |
 *        +---- paused while there is no room -------+
 *
 * What is finished stands in line until the output takes it; with `ordered`
 * a URL takes its place there when it is begun.  The line has a limit, so
 * memory has one, however long the input is.
 */
#ifndef BIN_CREW_H
#define BIN_CREW_H

#include <stdbool.h>
#include <stddef.h>

#include "../reactor/list.h"
#include "input.h"
#include "output.h"
#include "program.h"
#include "progress.h"
#include "report.h"
#include "scrape.h"

/* A crew.  Its user fills in what is not private, before crew_begin. */
struct crew {
	const struct program *program;	/* in whose name failures are told */
	size_t concurrency;
	enum report_form form;
	bool ordered;
	struct scraper scraper;
	struct input input;		/* opened with crew_input_ops */
	struct output output;		/* opened with crew_writable */
	struct progress progress;	/* its counts are the crew's */

	/* All is done, or nothing more can be.  Called once. */
	void (*finished)(struct crew *);

	/* private */
	struct list running, line;	/* of struct crew_job */
	size_t jobs;			/* in either */
	size_t held;			/* bytes of records in line */
	struct reactor_call step;
	bool input_ended, has_finished, ended;

	/* Read only, when finished: 0 or a negative errno. */
	int input_error;
	int error;			/* of output or memory */
};

/* What the crew gives its input and its output to call. */
extern const struct input_ops crew_input_ops;
void crew_writable(struct output *);

/* Begins the work. */
void crew_begin(struct crew *);

/* Starts nothing new; what is under way may come to its end. */
void crew_stop(struct crew *);

/*
 * Drops what is under way, and writes what stands in line even if that
 * takes time.  Afterwards the reactor may be freed.
 */
void crew_end(struct crew *);

#endif
