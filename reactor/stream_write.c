/*
 * stream_write.c - from transport_write to the socket.
 *
 * A write tries the socket at once.  Only what the kernel does not take is
 * copied, and only then is writability asked for.  A descriptor that may
 * block must be writable first.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <limits.h>

#include "loop.h"
#include "stream.h"

/*
 * POSIX promises of a pipe that is writable that so much goes in without
 * waiting.  Systems on which it differs from file to file need not define it.
 */
#ifdef PIPE_BUF
enum { STREAM_UNBLOCKED = PIPE_BUF };
#else
enum { STREAM_UNBLOCKED = _POSIX_PIPE_BUF };
#endif

static ssize_t
stream_send(struct reactor_stream *s, const struct iovec *pieces, int count)
{
	const struct reactor_system *system = s->watch.reactor->system;
	size_t len = pieces->iov_len;
	int fd = s->watch.poll.fd;

	if (count > 1)
		return system->sendv(system, fd, pieces, count);
	if (s->is_socket)
		return system->send(system, fd, pieces->iov_base, len);
	return system->write(system, fd, pieces->iov_base,
	    len < STREAM_UNBLOCKED ? len : STREAM_UNBLOCKED);
}

static bool
stream_would_block(ssize_t n)
{
	return n == -EAGAIN || n == -ENOBUFS;
}

/*
 * When the peer reads no more, it may still have sent something: an answer
 * that refuses the request, say.  Reading goes on if it can, and what was
 * the matter is told at its end.
 */
static void
stream_write_failed(struct reactor_stream *s, int error)
{
	bool gone = error == -EPIPE || error == -ECONNRESET;

	if (gone && s->state == STREAM_OPEN && !s->paused && !s->read_ended) {
		s->write_error = error;
		stream_buffer_free(&s->unsent);
		stream_update_interest(s);
	} else {
		stream_lose(s, error);
	}
}

/* Copies what is left of the pieces after the first `skip` bytes. */
static int
stream_keep(struct reactor_stream *s, const struct iovec *pieces, int count,
    size_t skip)
{
	int i, error;

	for (i = 0; i < count; i++) {
		if (skip >= pieces[i].iov_len) {
			skip -= pieces[i].iov_len;
			continue;
		}
		error = stream_buffer_append(&s->unsent,
		    (const char *)pieces[i].iov_base + skip,
		    pieces[i].iov_len - skip);
		if (error != 0)
			return error;
		skip = 0;
	}
	return 0;
}

static void
stream_check_high_water(struct reactor_stream *s)
{
	if (s->write_paused ||
	    stream_buffer_len(&s->unsent) <= s->transport.high_water)
		return;
	s->write_paused = true;
	if (s->transport.protocol->ops->write_paused == NULL)
		return;
	s->tell_paused = true;
	stream_call_soon(s);
}

void
stream_writev(struct transport *t, const struct iovec *pieces, int count)
{
	struct reactor_stream *s = stream_of(t);
	bool writable = s->state == STREAM_OPEN ||
	    s->state == STREAM_CONNECTING;
	bool at_once = s->state == STREAM_OPEN && s->is_socket &&
	    stream_buffer_len(&s->unsent) == 0;
	ssize_t n = 0;

	if (!writable || s->half_closing || s->write_error != 0)
		return;
	if (at_once) {
		n = stream_send(s, pieces, count);
		if (stream_would_block(n))
			n = 0;
		if (n < 0) {
			stream_write_failed(s, (int)n);
			return;
		}
		if (n > 0)
			stream_touch(s);
	}
	if (stream_keep(s, pieces, count, (size_t)n) != 0) {
		stream_lose(s, -ENOMEM);
		return;
	}
	if (stream_buffer_len(&s->unsent) == 0)
		return;
	stream_check_high_water(s);
	stream_update_interest(s);
}

/*
 * Called from the loop, so the protocol may be told at once.  Each pause is
 * told before its end, even when the bytes were gone sooner.
 */
void
stream_check_low_water(struct reactor_stream *s)
{
	struct protocol *p = s->transport.protocol;

	if (!s->write_paused || s->tell_paused || s->state != STREAM_OPEN ||
	    stream_buffer_len(&s->unsent) > s->transport.low_water)
		return;
	s->write_paused = false;
	stream_note(s, "write_resumed", (int64_t)stream_buffer_len(&s->unsent));
	if (p->ops->write_resumed != NULL)
		p->ops->write_resumed(p);
}

void
stream_flush(struct reactor_stream *s)
{
	struct iovec piece = {
		.iov_base = s->unsent.at + s->unsent.head,
		.iov_len = stream_buffer_len(&s->unsent),
	};
	ssize_t n = stream_send(s, &piece, 1);

	if (stream_would_block(n))
		return;
	if (n < 0) {
		stream_write_failed(s, (int)n);
		return;
	}
	stream_touch(s);
	stream_buffer_consume(&s->unsent, (size_t)n);
	stream_check_low_water(s);
	if (stream_buffer_len(&s->unsent) == 0)
		stream_flushed(s);
}
