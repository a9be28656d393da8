/*
 * trace.c - a line for each event, written at once, so that it is there even
 * if the program dies next.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../reactor/poller.h"

static void
trace_event(struct reactor_trace *reactor, const struct reactor_event *e)
{
	struct trace *t = reactor_container_of(reactor, struct trace, reactor);
	char line[128], fd[16] = "-";
	ssize_t written;
	int len;

	if (t->begun_ns == 0)
		t->begun_ns = e->now_ns;
	if (e->fd >= 0)
		snprintf(fd, sizeof(fd), "%d", e->fd);
	len = snprintf(line, sizeof(line), "%10.3f %6llu %3s  %-18s %lld\n",
	    (double)(e->now_ns - t->begun_ns) / 1e6,
	    (unsigned long long)e->turn, fd, e->what, (long long)e->number);
	written = write(t->fd, line, (size_t)len);
	(void)written;		/* a full disk must not stop the program */
}

/* Names a poller, if this system has it. */
static void
trace_add_poller(struct record *r, const struct poller_ops *ops)
{
	struct reactor_options options = { .poller = ops->name };
	struct reactor *reactor;

	if (reactor_new(&reactor, &options) != 0)
		return;
	reactor_free(reactor);
	record_addf(r, " %s", ops->name);
}

/* The poller that was asked for is none, or none of this system's. */
static _Noreturn void
trace_wrong_poller(const struct program *p, const char *name)
{
	struct record r = { .at = NULL };

	record_addf(&r, "\"");
	record_add_clean(&r, name, strlen(name));
	record_addf(&r, "\" is not there; this system has");
	for (const struct poller_ops *const *ops = poller_list; *ops != NULL;
	    ops++)
		trace_add_poller(&r, *ops);
	record_add(&r, "", 1);
	program_warn(p, "REACTOR_POLLER", r.failed ? name : r.at);
	exit(PROGRAM_USAGE);
}

struct reactor *
trace_make_reactor(struct trace *t, const struct program *p)
{
	const char *path = program_variable("REACTOR_TRACE");
	struct reactor_options options = {
		.poller = program_variable("REACTOR_POLLER"),
		.trace = path != NULL ? &t->reactor : NULL,
	};
	struct reactor *reactor;
	int error;

	*t = (struct trace){ .reactor = { trace_event }, .fd = -1 };
	if (path != NULL && strcmp(path, "-") == 0)
		t->fd = 2;
	else if (path != NULL)
		t->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		    0666);
	program_check(p, PROGRAM_USAGE, "REACTOR_TRACE",
	    path != NULL && t->fd < 0 ? -errno : 0);
	error = reactor_new(&reactor, &options);
	if (options.poller != NULL && (error == -EINVAL || error == -ENOSYS))
		trace_wrong_poller(p, options.poller);
	program_check(p, PROGRAM_USAGE, "the event loop", error);
	return reactor;
}

void
trace_close(struct trace *t)
{
	if (t->fd > 2)
		close(t->fd);
	t->fd = -1;
}
