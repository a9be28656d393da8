/*
 * stream_read.c - from the socket to data_received.
 *
 * Bytes are received into the buffer that all connections share and shown
 * to the protocol there.  Only when it leaves a rest does the connection get
 * memory; later bytes are then received right behind the rest, so that a
 * slow drip is not copied over and over.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <string.h>

#include "loop.h"
#include "stream.h"

/* Room behind a rest for the next bytes, so that few suffice. */
enum { STREAM_READ_ROOM = 4096 };

/*
 * Shows len bytes, and says how many were used.  The protocol may do
 * anything meanwhile; the memory shown stays, since only a reap frees it.
 */
static size_t
stream_show(struct reactor_stream *s, const char *at, size_t len)
{
	struct protocol *p = s->transport.protocol;
	size_t used;

	s->show_rest = false;
	stream_note(s, "data_received", (int64_t)len);
	used = p->ops->data_received(p, at, len);
	return used < len ? used : len;
}

static void
stream_check_rest(struct reactor_stream *s)
{
	if (stream_buffer_len(&s->rest) > s->transport.rest_limit)
		stream_lose(s, -EMSGSIZE);
	else if (s->show_rest && stream_buffer_len(&s->rest) > 0)
		stream_call_soon(s);
}

/*
 * New bytes in the shared buffer, and no rest before them.  A protocol that
 * wants no more (it lost or aborted) leaves none.
 */
static void
stream_show_new(struct reactor_stream *s, const char *at, size_t len)
{
	size_t used = stream_show(s, at, len);

	if (used == len || s->state != STREAM_OPEN)
		return;
	if (stream_buffer_append(&s->rest, at + used, len - used) != 0)
		stream_lose(s, -ENOMEM);
	else
		stream_check_rest(s);
}

/* The rest, with whatever was received behind it. */
static void
stream_show_kept(struct reactor_stream *s)
{
	size_t used = stream_show(s, s->rest.at + s->rest.head,
	    stream_buffer_len(&s->rest));

	if (s->state != STREAM_OPEN)
		return;
	stream_buffer_consume(&s->rest, used);
	stream_check_rest(s);
}

/*
 * The peer sends no more.  A protocol that does not mind by itself gets the
 * usual end: what it wrote is sent, and the connection closed.
 */
static void
stream_tell_end(struct reactor_stream *s)
{
	struct protocol *p = s->transport.protocol;

	s->end_told = true;
	stream_note(s, "read_closed", 0);
	if (s->write_error != 0)
		stream_lose(s, s->write_error);
	else if (p->ops->read_closed == NULL)
		transport_lose_connection(&s->transport);
	else
		p->ops->read_closed(p);
	if (s->state == STREAM_OPEN && s->fin_sent)
		stream_lose(s, 0);
}

void
stream_show_rest(struct reactor_stream *s)
{
	s->show_rest = false;
	if (stream_buffer_len(&s->rest) > 0)
		stream_show_kept(s);
	if (s->show_rest && stream_buffer_len(&s->rest) > 0)
		return;		/* the call asked for will come here again */
	if (s->read_ended && !s->end_told && !s->paused &&
	    s->state == STREAM_OPEN)
		stream_tell_end(s);
}

void
stream_show_rest_soon(struct reactor_stream *s)
{
	if (s->state != STREAM_OPEN)
		return;
	s->show_rest = true;
	if (stream_buffer_len(&s->rest) > 0 || s->read_ended)
		stream_call_soon(s);
}

static void
stream_received_end(struct reactor_stream *s)
{
	s->read_ended = true;
	stream_update_interest(s);
	stream_show_rest(s);
}

/* After our FIN: all that still comes is dropped, up to a limit. */
static void
stream_drain(struct reactor_stream *s, char *at, size_t room)
{
	const struct reactor_system *system = s->watch.reactor->system;
	ssize_t n = system->recv(system, s->watch.poll.fd, at, room);

	if (n == -EAGAIN)
		return;
	if (n <= 0 || (size_t)n >= s->linger_left)
		stream_lose(s, 0);
	else
		s->linger_left -= (size_t)n;
}

/* Receives where the bytes belong; -ENOMEM, or as recv. */
static ssize_t
stream_receive(struct reactor_stream *s, struct reactor *r, bool behind_rest)
{
	char *at = r->buffer;
	size_t room = sizeof(r->buffer);

	if (behind_rest) {
		if (stream_buffer_reserve(&s->rest, STREAM_READ_ROOM) != 0)
			return -ENOMEM;
		at = s->rest.at + s->rest.tail;
		room = s->rest.capacity - s->rest.tail;
	}
	if (!s->is_socket)
		return r->system->read(r->system, s->watch.poll.fd, at, room);
	return r->system->recv(r->system, s->watch.poll.fd, at, room);
}

void
stream_readable(struct reactor_watch *w)
{
	struct reactor_stream *s = stream_of_watch(w);
	struct reactor *r = w->reactor;
	bool behind_rest = stream_buffer_len(&s->rest) > 0;
	ssize_t n;

	if (s->state == STREAM_LINGERING) {
		stream_drain(s, r->buffer, sizeof(r->buffer));
		return;
	}
	if (behind_rest && s->show_rest) {
		stream_show_rest(s);	/* resumed: first what is here */
		return;
	}
	n = stream_receive(s, r, behind_rest);
	if (n == -EAGAIN)
		return;
	if (n < 0) {
		stream_lose(s, s->write_error != 0 ? s->write_error : (int)n);
		return;
	}
	if (n == 0) {
		stream_received_end(s);
		return;
	}
	stream_touch(s);
	if (!behind_rest) {
		stream_show_new(s, r->buffer, (size_t)n);
		return;
	}
	s->rest.tail += (size_t)n;
	stream_show_kept(s);
}
