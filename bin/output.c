/*
 * output.c - writes a record when the descriptor takes it.
 *
 * A pipe that poll(2) calls writable takes PIPE_BUF bytes without blocking,
 * and takes them in one piece; so no write is longer than that.  Regular
 * files are always writable and get each record whole.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

static void
output_writable(struct reactor_watch *w)
{
	struct output *o = reactor_container_of(w, struct output, watch);

	reactor_watch_want(w, 0);
	o->writable(o);
}

/* The poller cannot watch this descriptor: from now on writes block. */
static void
output_failed(struct reactor_watch *w, int error)
{
	struct output *o = reactor_container_of(w, struct output, watch);

	(void)error;
	o->patient = true;
	o->writable(o);
}

/* `readable` is never asked for; `closed` has nothing to free. */
static void
output_ignored(struct reactor_watch *w)
{
	(void)w;
}

static const struct reactor_watch_ops output_watch_ops = {
	.readable = output_ignored,
	.writable = output_writable,
	.failed = output_failed,
	.closed = output_ignored,
};

void
output_open(struct output *o, struct reactor *reactor, int fd,
    void (*writable)(struct output *))
{
	struct stat s;

	*o = (struct output){ .fd = fd, .writable = writable };
	reactor_watch_init(&o->watch, reactor, fd, &output_watch_ops);
	o->regular = fstat(fd, &s) == 0 && S_ISREG(s.st_mode);
}

/* Whether a write would block; a patient output waits until it would not. */
static bool
output_would_block(const struct output *o)
{
	struct pollfd p = { .fd = o->fd, .events = POLLOUT };

	return !o->regular && poll(&p, 1, o->patient ? -1 : 0) == 0;
}

int
output_write(struct output *o, struct record *r)
{
	if (r->failed)
		return -ENOMEM;
	while (o->done < r->len) {
		size_t len = r->len - o->done;
		ssize_t n;

		if (output_would_block(o)) {
			reactor_watch_want(&o->watch, POLLER_WRITE);
			return -EAGAIN;
		}
		if (!o->regular && len > PIPE_BUF)
			len = PIPE_BUF;
		n = write(o->fd, r->at + o->done, len);
		if (n >= 0)
			o->done += (size_t)n;
		else if (errno != EINTR && errno != EAGAIN)
			return -errno;
	}
	o->done = r->len = 0;
	return 0;
}

void
output_close(struct output *o)
{
	reactor_watch_release(&o->watch);
	o->patient = true;
}
