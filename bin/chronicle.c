/*
 * chronicle.c - the files of --waterfall and --har.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "chronicle.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../reactor/words.h"

static void
chronicle_told(struct http_journal *journal, const struct http_journal_entry *e)
{
	struct chronicle *w = (struct chronicle *)journal;

	if (w->waterfall_name != NULL)
		waterfall_add(&w->waterfall, e);
	if (w->har_name != NULL)
		(void)har_add(&w->har, e);	/* har_end tells it again */
}

/* Opens and empties a file. */
static int
chronicle_open_file(const struct program *p, const char *name)
{
	int fd;

	if (strcmp(name, "-") == 0)
		return STDOUT_FILENO;
	fd = program_open_output(p, &name);
	program_empty_output(p, name, fd);
	return fd;
}

void
chronicle_open(struct chronicle *w, const struct program *p, uint64_t now_ns)
{
	struct timespec wall = { .tv_sec = 0 };

	w->journal.told = chronicle_told;
	w->program = p;
	if (w->waterfall_name != NULL)
		w->waterfall_fd = chronicle_open_file(p, w->waterfall_name);
	if (w->har_name == NULL)
		return;
	clock_gettime(CLOCK_REALTIME, &wall);
	har_begin(&w->har, chronicle_open_file(p, w->har_name), now_ns,
	    (uint64_t)wall.tv_sec * 1000000000 + (uint64_t)wall.tv_nsec);
}

bool
chronicle_has_failed(const struct chronicle *w)
{
	return w->har.error != 0;
}

/* Tells why a file could not be written, if it could not. */
static bool
chronicle_check(const struct chronicle *w, const char *name, int error)
{
	if (error != 0)
		program_warn(w->program, name, reactor_strerror(error));
	return error == 0;
}

bool
chronicle_close(struct chronicle *w)
{
	struct record r = { .at = NULL };
	bool well = true;

	if (w->waterfall_name != NULL) {
		waterfall_write(&w->waterfall, &r);
		well = chronicle_check(w, w->waterfall_name,
		    record_write(&r, w->waterfall_fd));
		record_free(&r);
		waterfall_free(&w->waterfall);
	}
	if (w->har_name != NULL)
		well &= chronicle_check(w, w->har_name, har_end(&w->har));
	return well;
}
