/*
 * descriptor.c - inherited descriptors as streams.
 *
 * They may block, since their flags are not ours to change.  So one read is
 * made for each time that the poller says readable, and one write of at most
 * PIPE_BUF bytes for each time that it says writable: POSIX promises of a
 * pipe that is writable that so much goes in without waiting.
 */
#define _POSIX_C_SOURCE 200809L
#include "descriptor.h"

#include <errno.h>
#include <limits.h>

#include "loop.h"
#include "stream.h"

/* Systems on which it differs from file to file need not define PIPE_BUF. */
#ifdef PIPE_BUF
enum { DESCRIPTOR_WRITE = PIPE_BUF };
#else
enum { DESCRIPTOR_WRITE = _POSIX_PIPE_BUF };
#endif

static ssize_t
descriptor_receive(const struct system *system, int fd, void *at, size_t len)
{
	return system->read(system, fd, at, len);
}

static ssize_t
descriptor_send(const struct system *system, int fd,
    const struct iovec *pieces, int count)
{
	size_t len = pieces->iov_len;

	(void)count;
	return system->write(system, fd, pieces->iov_base,
	    len < DESCRIPTOR_WRITE ? len : DESCRIPTOR_WRITE);
}

static const struct stream_io descriptor_io = {
	.receive = descriptor_receive,
	.send = descriptor_send,
	.is_socket = false,
};

static struct stream *
descriptor_adopt(struct reactor *r, int fd, int close_it, struct protocol *p)
{
	struct stream *s = stream_new(r, fd, &descriptor_io, p);

	if (s == NULL)
		return NULL;
	s->watch.keep_fd = !close_it;
	if (r->system->kind(r->system, fd) == SYSTEM_REGULAR_FILE)
		watch_always_ready(&s->watch);
	return s;
}

static void
descriptor_opened(struct reactor_call *c)
{
	c->call = stream_notify;
	stream_opened(stream_of_call(c));
}

int
reactor_adopt_input(struct reactor *r, int fd, int close_it,
    struct protocol *p)
{
	struct stream *s = descriptor_adopt(r, fd, close_it, p);

	if (s == NULL)
		return -ENOMEM;
	reactor_call_init(&s->call, descriptor_opened);
	stream_call_soon(s);
	return 0;
}

int
reactor_adopt_output(struct reactor *r, int fd, int close_it,
    struct protocol *p)
{
	struct stream *s = descriptor_adopt(r, fd, close_it, p);

	if (s == NULL)
		return -ENOMEM;
	s->read_ended = s->end_told = true;
	reactor_call_init(&s->call, descriptor_opened);
	stream_call_soon(s);
	return 0;
}
