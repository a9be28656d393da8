/*
 * stream_transport.c - what a program may ask of a stream: the functions of
 * transport.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>

#include "loop.h"
#include "stream.h"
#include "words.h"

static void
stream_lose_connection(struct transport *t)
{
	struct reactor_stream *s = stream_of(t);

	if (s->state == STREAM_CONNECTING)
		stream_lose(s, -ECANCELED);
	if (s->state != STREAM_OPEN)
		return;
	s->state = STREAM_FLUSHING;
	if (s->write_error != 0)
		stream_lose(s, s->write_error);
	else if (stream_buffer_len(&s->unsent) == 0)
		stream_flushed(s);
	else
		stream_update_interest(s);
}

static void
stream_abort_connection(struct transport *t)
{
	struct reactor_stream *s = stream_of(t);
	const struct reactor_system *system = s->watch.reactor->system;

	if (s->state == STREAM_CONNECTING) {
		stream_lose(s, -ECANCELED);
		return;
	}
	if (s->state != STREAM_DEAD && s->is_socket)
		system->set_option(system, s->watch.poll.fd,
		    REACTOR_SYSTEM_RESET_ON_CLOSE, 1);
	stream_lose(s, -ECONNABORTED);
}

static void
stream_half_close(struct transport *t)
{
	struct reactor_stream *s = stream_of(t);

	if ((s->state != STREAM_OPEN && s->state != STREAM_CONNECTING) ||
	    s->half_closing)
		return;
	s->half_closing = true;
	if (s->state == STREAM_OPEN && stream_buffer_len(&s->unsent) == 0)
		stream_flushed(s);
}

static size_t
stream_unsent(const struct transport *t)
{
	return stream_buffer_len(&((const struct reactor_stream *)t)->unsent);
}

static void
stream_pause_reading(struct transport *t)
{
	stream_of(t)->paused = true;
	stream_update_interest(stream_of(t));
}

static void
stream_resume_reading(struct transport *t)
{
	struct reactor_stream *s = stream_of(t);

	if (!s->paused)
		return;
	s->paused = false;
	stream_update_interest(s);
	stream_show_rest_soon(s);
}

/* Also from within data_received, before it is known what it leaves. */
static void
stream_protocol_changed(struct transport *t)
{
	stream_show_rest_soon(stream_of(t));
}

static void
stream_set_timeout(struct transport *t, uint64_t timeout_ns)
{
	struct reactor_stream *s = stream_of(t);

	s->timeout_ns = timeout_ns;
	if (s->state != STREAM_OPEN && s->state != STREAM_FLUSHING)
		return;
	reactor_cancel_timer(&s->timer);
	stream_touch(s);
}

static int
stream_local_address(struct transport *t, struct reactor_address *a)
{
	const struct reactor_watch *w = &stream_of(t)->watch;

	return reactor_address_ask(a, w->reactor->system, w->poll.fd,
	    w->reactor->system->getsockname);
}

static int
stream_remote_address(struct transport *t, struct reactor_address *a)
{
	const struct reactor_watch *w = &stream_of(t)->watch;

	return reactor_address_ask(a, w->reactor->system, w->poll.fd,
	    w->reactor->system->getpeername);
}

static const char *
stream_reason(struct transport *t)
{
	return reactor_strerror(stream_of(t)->reason);
}

const struct transport_ops stream_transport_ops = {
	.writev = stream_writev,
	.unsent = stream_unsent,
	.lose_connection = stream_lose_connection,
	.abort_connection = stream_abort_connection,
	.half_close = stream_half_close,
	.pause_reading = stream_pause_reading,
	.resume_reading = stream_resume_reading,
	.protocol_changed = stream_protocol_changed,
	.set_timeout = stream_set_timeout,
	.local_address = stream_local_address,
	.remote_address = stream_remote_address,
	.reason = stream_reason,
};
