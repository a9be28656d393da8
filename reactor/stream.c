/*
 * stream.c - the life of a stream: how it opens, closes and says farewell.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "stream.h"

#include <errno.h>
#include <stdlib.h>

#include "loop.h"

enum {
	STREAM_REST_LIMIT = 65536,	/* bytes; transport.h names it */
	STREAM_HIGH_WATER = 65536,
	STREAM_LINGER_BYTES = 262144	/* dropped at most after our FIN */
};

/* And for how long. */
static const uint64_t stream_linger_ns = 2000000000;

/* ---- closing ---- */

void
stream_lose(struct reactor_stream *s, int reason)
{
	if (s->state == STREAM_DEAD)
		return;
	s->state = STREAM_DEAD;
	s->reason = reason;
	reactor_cancel_timer(&s->timer);
	reactor_cancel_call(&s->call);
	reactor_watch_close(&s->watch);
}

void
stream_timed_out(struct reactor_timer *t)
{
	struct reactor_stream *s = (struct reactor_stream *)((char *)t -
	    offsetof(struct reactor_stream, timer));

	stream_lose(s, s->state == STREAM_LINGERING ? 0 : -ETIMEDOUT);
}

/* FIN, so that the peer may read the last answer in peace. */
static void
stream_linger(struct reactor_stream *s)
{
	struct reactor *r = s->watch.reactor;

	s->state = STREAM_LINGERING;
	s->linger_left = STREAM_LINGER_BYTES;
	reactor_call_later(r, &s->timer, stream_linger_ns, stream_timed_out);
	stream_update_interest(s);
	if (!s->fin_sent &&
	    r->system->shutdown(r->system, s->watch.poll.fd) != 0)
		stream_lose(s, 0);
}

void
stream_flushed(struct reactor_stream *s)
{
	const struct reactor_system *system = s->watch.reactor->system;

	if (s->state == STREAM_FLUSHING) {
		if (s->accepted && !s->read_ended)
			stream_linger(s);
		else
			stream_lose(s, 0);
		return;
	}
	if (s->half_closing && !s->fin_sent) {
		s->fin_sent = true;
		if (s->is_socket)
			system->shutdown(system, s->watch.poll.fd);
		if (s->end_told)
			stream_lose(s, 0);
	}
	stream_update_interest(s);
}

void
stream_note(const struct reactor_stream *s, const char *what, int64_t number)
{
	reactor_note(s->watch.reactor, s->watch.poll.fd, what, number);
}

/* The descriptor is closed: say farewell, and be gone. */
static void
stream_closed(struct reactor_watch *w)
{
	struct reactor_stream *s = stream_of_watch(w);
	struct protocol *p = s->transport.protocol;

	stream_note(s, s->was_made ? "connection_lost" : "connect_failed",
	    s->reason);
	if (p == NULL)		/* the factory made none */
		;
	else if (s->was_made || p->ops->connect_failed == NULL)
		p->ops->connection_lost(p, s->reason);
	else
		p->ops->connect_failed(p, s->reason);
	stream_buffer_free(&s->rest);
	stream_buffer_free(&s->unsent);
	free(s->connecting);
	free(s);
}

/* ---- what the loop calls ---- */

/* While connecting, writability means that the attempt has ended. */
static void
stream_writable(struct reactor_watch *w)
{
	struct reactor_stream *s = stream_of_watch(w);
	int error;

	if (s->state != STREAM_CONNECTING) {
		stream_flush(s);
		return;
	}
	error = w->reactor->system->socket_error(w->reactor->system,
	    w->poll.fd);
	if (error == 0)
		stream_opened(s);
	else
		stream_lose(s, error);
}

static void
stream_failed(struct reactor_watch *w, int error)
{
	stream_lose(stream_of_watch(w), error);
}

static const struct reactor_watch_ops stream_watch_ops = {
	.readable = stream_readable,
	.writable = stream_writable,
	.failed = stream_failed,
	.closed = stream_closed,
};

/* What a call of transport_* asked for and the protocol must be told. */
void
stream_notify(struct reactor_call *c)
{
	struct reactor_stream *s = stream_of_call(c);
	struct protocol *p = s->transport.protocol;

	if (s->tell_paused && s->state == STREAM_OPEN) {
		s->tell_paused = false;
		stream_note(s, "write_paused",
		    (int64_t)stream_buffer_len(&s->unsent));
		if (p->ops->write_paused != NULL)
			p->ops->write_paused(p);
		stream_check_low_water(s);
	}
	if (s->show_rest && !s->paused && s->state == STREAM_OPEN)
		stream_show_rest(s);
}

void
stream_call_soon(struct reactor_stream *s)
{
	if (s->state != STREAM_DEAD)
		reactor_call_soon(s->watch.reactor, &s->call);
}

void
stream_update_interest(struct reactor_stream *s)
{
	bool reading = s->state == STREAM_OPEN && !s->paused &&
	    !s->read_ended;
	bool writing = s->state == STREAM_CONNECTING ||
	    stream_buffer_len(&s->unsent) > 0;

	if (s->watch.poll.fd < 0)
		return;		/* connect.c has not made it yet */
	if (s->state == STREAM_LINGERING)
		reading = true;
	reactor_watch_want(&s->watch, (reading ? POLLER_READ : 0u) |
	    (writing ? POLLER_WRITE : 0u));
}

void
stream_touch(struct reactor_stream *s)
{
	bool idles = s->state == STREAM_OPEN || s->state == STREAM_FLUSHING;

	if (s->timeout_ns != 0 && idles)
		reactor_call_later(s->watch.reactor, &s->timer, s->timeout_ns,
		    stream_timed_out);
}

/* ---- opening ---- */

struct reactor_stream *
stream_new(struct reactor *r, int fd, struct protocol *p)
{
	struct reactor_stream *s = reactor_allocate(r, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->transport.ops = &stream_transport_ops;
	s->transport.protocol = p;
	s->is_socket = true;
	s->transport.rest_limit = STREAM_REST_LIMIT;
	s->transport.high_water = STREAM_HIGH_WATER;
	reactor_watch_init(&s->watch, r, fd, &stream_watch_ops);
	reactor_call_init(&s->call, stream_notify);
	if (p != NULL)
		p->transport = &s->transport;
	return s;
}

void
stream_opened(struct reactor_stream *s)
{
	struct protocol *p = s->transport.protocol;

	s->state = STREAM_OPEN;
	s->was_made = true;
	reactor_cancel_timer(&s->timer);
	stream_touch(s);
	stream_update_interest(s);
	stream_note(s, "connection_made", s->accepted);
	p->ops->connection_made(p);
	/* What was asked for before: */
	if (s->tell_paused)
		stream_call_soon(s);
	if (s->half_closing && s->state == STREAM_OPEN &&
	    stream_buffer_len(&s->unsent) == 0)
		stream_flushed(s);
}

static void
stream_open_called(struct reactor_call *c)
{
	c->call = stream_notify;
	stream_opened(stream_of_call(c));
}

void
stream_open_soon(struct reactor_stream *s)
{
	s->call.call = stream_open_called;
	stream_call_soon(s);
}
