/*
 * output.c - gathers records, and writes them when the descriptor takes them.
 *
 * A pipe that poll(2) calls writable takes PIPE_BUF bytes without blocking,
 * and takes them in one piece; so no write is longer than that, and ends
 * within a record only if that is longer.  Regular files are always writable.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
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

/* Writes the bytes, of which o->done are written already. */
static int
output_send(struct output *o, const char *at, size_t all)
{
	while (o->done < all) {
		size_t len = all - o->done;
		ssize_t n;

		if (output_would_block(o)) {
			reactor_watch_want(&o->watch, POLLER_WRITE);
			return -EAGAIN;
		}
		if (!o->regular && len > PIPE_BUF)
			len = PIPE_BUF;
		n = write(o->fd, at + o->done, len);
		if (n >= 0)
			o->done += (size_t)n;
		else if (errno != EINTR && errno != EAGAIN)
			return -errno;
	}
	o->done = 0;
	return 0;
}

int
output_flush(struct output *o)
{
	int error = o->len > 0 ? output_send(o, o->gathered, o->len) : 0;

	if (error == 0)
		o->len = 0;
	return error;
}

int
output_write(struct output *o, struct record *r)
{
	size_t room = o->regular || PIPE_BUF > OUTPUT_ROOM ? OUTPUT_ROOM :
	    PIPE_BUF;
	int error = 0;

	if (r->failed)
		return -ENOMEM;
	if (r->len > room - o->len)
		error = output_flush(o);
	if (error == 0 && r->len > room)
		error = output_send(o, r->at, r->len);
	if (error < 0)
		return error;
	if (r->len > 0 && r->len <= room) {
		memcpy(o->gathered + o->len, r->at, r->len);
		o->len += r->len;
	}
	r->len = 0;
	return 0;
}

void
output_close(struct output *o)
{
	reactor_watch_release(&o->watch);
	o->patient = true;
}
