/*
 * descriptor.c - inherited descriptors as streams.
 *
 * They may block, since their flags are not ours to change.  So one read is
 * made for each time that the poller says readable, and one short write for
 * each time that it says writable (stream_write.c).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "descriptor.h"

#include <errno.h>

#include "loop.h"
#include "stream.h"

static int
descriptor_adopt(struct reactor *r, int fd, int close_it, struct protocol *p,
    bool only_writes)
{
	struct reactor_stream *s = stream_new(r, fd, p);

	if (s == NULL)
		return -ENOMEM;
	s->is_socket = false;
	s->read_ended = s->end_told = only_writes;
	s->watch.keep_fd = !close_it;
	if (r->system->kind(r->system, fd) == REACTOR_SYSTEM_REGULAR_FILE)
		reactor_watch_always_ready(&s->watch);
	stream_open_soon(s);
	return 0;
}

int
reactor_adopt_input(struct reactor *r, int fd, int close_it,
    struct protocol *p)
{
	return descriptor_adopt(r, fd, close_it, p, false);
}

int
reactor_adopt_output(struct reactor *r, int fd, int close_it,
    struct protocol *p)
{
	return descriptor_adopt(r, fd, close_it, p, true);
}
