/*
 * descriptor.c - inherited descriptors as streams.
 *
 * They may block, since their flags are not ours to change.  So one read is
 * made for each time that the poller says readable, and one short write for
 * each time that it says writable (stream.c).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "descriptor.h"

#include <errno.h>

#include "loop.h"
#include "stream.h"

/* Pollers take a descriptor once, or mix up the two who wait for it. */
static bool
descriptor_is_watched(const struct reactor *r, int fd)
{
	const struct reactor_list *link;

	for (link = r->watches.next; link != &r->watches; link = link->next)
		if (reactor_container_of(link, const struct reactor_watch,
		    open)->poll.fd == fd)
			return true;
	return false;
}

static int
descriptor_adopt(struct reactor *r, int fd, bool close_it, struct protocol *p,
    unsigned traits)
{
	struct transport *t;

	if (descriptor_is_watched(r, fd))
		return -EEXIST;
	traits |= REACTOR_STREAM_MAY_BLOCK;
	if (!close_it)
		traits |= REACTOR_STREAM_KEEPS_FD;
	if (r->system->kind(r->system, fd) == REACTOR_SYSTEM_REGULAR_FILE)
		traits |= REACTOR_STREAM_IS_FILE;
	t = reactor_stream_new(r, fd, traits, p);
	if (t == NULL)
		return -ENOMEM;
	reactor_stream_open_soon(t, NULL);
	return 0;
}

int
reactor_adopt_input(struct reactor *r, int fd, bool close_it,
    struct protocol *p)
{
	return descriptor_adopt(r, fd, close_it, p, 0);
}

int
reactor_adopt_output(struct reactor *r, int fd, bool close_it,
    struct protocol *p)
{
	return descriptor_adopt(r, fd, close_it, p,
	    REACTOR_STREAM_ONLY_WRITES);
}
