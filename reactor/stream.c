/*
 * stream.c - the transport over a byte stream: TCP and UNIX sockets, and
 * inherited descriptors.
 *
 * The life of a stream, from what makes it to its last call:
 *
 *      NEW -------> CONNECTING       connect(2) is under way
 *       |               |
 *       | adopted or    | connected
 *       | accepted      v
 *       +-----------> OPEN           connection_made, data_received ...
 *                       |
 *                       | lose_connection, or the end of file
 *                       v
 *                   FLUSHING         what was written is sent
 *                       |
 *                       | all is sent (only an accepted stream lingers)
 *                       v
 *                   LINGERING        FIN is sent; what comes is dropped
 *                       |
 *                       v
 *                     DEAD           connection_lost when the loop reaps
 *
 * Errors, time-outs and abort_connection lead from every state to DEAD.  A
 * new stream does not wait for its descriptor: it opens, or connects, when
 * the loop makes the call that it asked for (stream_called).
 *
 * While a stream is open, its two directions have states of their own:
 * stream_reading and stream_end, stream_writing and stream_pressure.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "stream.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "buffer.h"
#include "loop.h"
#include "words.h"

enum {
	STREAM_LIMIT = 65536,		/* bytes: the defaults of transport.h */
	STREAM_HIGH_WATER = 65536,
	STREAM_READ_ROOM = 4096,	/* for new bytes behind a leftover */
	STREAM_LINGER_BYTES = 262144	/* dropped at most after our FIN */
};

/*
 * So much goes into a writable pipe without blocking, as POSIX promises.
 * Systems where that differs from file to file need not define PIPE_BUF.
 */
#ifdef PIPE_BUF
enum { STREAM_UNBLOCKED = PIPE_BUF };
#else
enum { STREAM_UNBLOCKED = _POSIX_PIPE_BUF };
#endif

/* How long a stream lingers. */
static const uint64_t stream_linger_ns = 2000000000;

/* The life, in this order: see above. */
enum stream_state {
	STREAM_NEW,
	STREAM_CONNECTING,
	STREAM_OPEN,
	STREAM_FLUSHING,
	STREAM_LINGERING,
	STREAM_DEAD
};

/* What the protocol wants to read. */
enum stream_reading {
	STREAM_READING,
	STREAM_PAUSED,
	STREAM_RESUMED	/* reading, once the leftover was shown again */
};

/* What the peer has done with its direction. */
enum stream_end {
	STREAM_NO_END,
	STREAM_ENDED,	/* its end of file was received */
	STREAM_END_TOLD	/* and the protocol knows of it */
};

/* What we have done with ours. */
enum stream_writing {
	STREAM_WRITING,
	STREAM_HALF_CLOSING,	/* FIN follows what is unsent */
	STREAM_FIN_SENT,
	STREAM_BROKEN	/* the peer reads no more, `reason` says why */
};

/* How full the buffer of unsent bytes is. */
enum stream_pressure {
	STREAM_FLOWING,
	STREAM_FULL,	/* past the high water mark */
	STREAM_FULL_TOLD	/* write_paused was called */
};

/* A stream.  It frees itself when it is reaped. */
struct stream {
	struct transport transport;
	struct reactor_watch watch;
	struct reactor_timer timer;	/* connecting, idle or lingering */
	struct reactor_call call;	/* always stream_called */
	struct reactor_stream_connector *connector;	/* NEW: or NULL */
	struct reactor_buffer leftover;	/* received and not used */
	struct reactor_buffer unsent;	/* written and not sent */
	uint64_t timeout_ns;		/* of idling; 0: no limit */
	enum stream_state state;
	enum stream_reading reading;
	enum stream_end end;
	enum stream_writing writing;
	enum stream_pressure pressure;
	int reason;			/* DEAD, BROKEN: a negative errno */
	unsigned linger_left;		/* bytes */
	unsigned char traits;		/* REACTOR_STREAM_... */
	bool was_made;			/* connection_made was called */
};

/* ---- states ---- */

/* Tells the trace which function of the protocol is called now. */
static void
stream_note(const struct stream *s, const char *what, int64_t number)
{
	reactor_note(s->watch.reactor, s->watch.poll.fd, what, number);
}

/* Tells the watch what the states and the buffers want of the descriptor. */
static void
stream_update_interest(struct stream *s)
{
	bool open = s->state == STREAM_OPEN;
	bool reads = s->state == STREAM_LINGERING || (open &&
	    s->reading != STREAM_PAUSED && s->end == STREAM_NO_END);
	bool writes = s->state == STREAM_CONNECTING ||
	    ((open || s->state == STREAM_FLUSHING) &&
	    reactor_buffer_len(&s->unsent) > 0);

	reactor_watch_want(&s->watch, (reads ? POLLER_READ : 0u) |
	    (writes ? POLLER_WRITE : 0u));
}

/* The one place where the state changes. */
static void
stream_enter(struct stream *s, enum stream_state state)
{
	s->state = state;
	stream_update_interest(s);
}

/* The end of every stream; a second call does nothing. */
static void
stream_lose(struct stream *s, int reason)
{
	if (s->state == STREAM_DEAD)
		return;
	s->reason = reason;
	reactor_cancel_timer(&s->timer);
	reactor_cancel_call(&s->call);
	reactor_watch_close(&s->watch);
	stream_enter(s, STREAM_DEAD);
}

static void
stream_timed_out(struct reactor_timer *t)
{
	struct stream *s = reactor_container_of(t, struct stream, timer);

	stream_lose(s, s->state == STREAM_LINGERING ? 0 : -ETIMEDOUT);
}

/* Something was received or sent: the idle time begins anew. */
static void
stream_touch(struct stream *s)
{
	bool idles = s->state == STREAM_OPEN || s->state == STREAM_FLUSHING;

	if (s->timeout_ns != 0 && idles)
		reactor_call_later(s->watch.reactor, &s->timer, s->timeout_ns,
		    stream_timed_out);
}

/* Has stream_called called from the loop. */
static void
stream_call_soon(struct stream *s)
{
	if (s->state != STREAM_DEAD)
		reactor_call_soon(s->watch.reactor, &s->call);
}

/* ---- opening ---- */

static void stream_check_flushed(struct stream *);	/* see closing */

/* The connection is there. */
static void
stream_opened(struct stream *s)
{
	struct protocol *p = s->transport.protocol;

	s->was_made = true;
	reactor_cancel_timer(&s->timer);
	stream_enter(s, STREAM_OPEN);
	stream_touch(s);
	stream_note(s, "connection_made",
	    (s->traits & REACTOR_STREAM_LINGERS) != 0);
	p->ops->connection_made(p);
	/* What was asked for before: */
	if (s->pressure == STREAM_FULL)
		stream_call_soon(s);
	stream_check_flushed(s);
}

/* The loop has come to a new stream: connects it if it must be, and opens. */
static void
stream_begin(struct stream *s)
{
	struct reactor_stream_connector *c = s->connector;
	struct reactor *r = s->watch.reactor;
	int error = c != NULL ? c->connect(c, r, &s->watch.poll.fd) : 0;

	if (error == -EINPROGRESS) {
		stream_enter(s, STREAM_CONNECTING);
		if (c->timeout_ns != 0)
			reactor_call_later(r, &s->timer, c->timeout_ns,
			    stream_timed_out);
	}
	s->connector = NULL;
	free(c);
	if (error == 0)
		stream_opened(s);
	else if (error != -EINPROGRESS)
		stream_lose(s, error);
}

/* ---- reading ---- */

/*
 * All bytes are received into the buffer that the whole reactor shares, and
 * are shown to the protocol there.  Only when it leaves some over does the
 * connection get memory.  The next bytes are then received right behind the
 * leftover, so that a slow drip is not copied over and over.
 *
 * A protocol may do anything while it is shown bytes.  Their memory stays,
 * since only the reap frees a stream.
 */

/*
 * Shows len bytes: the leftover, or new bytes if nothing is left over.  What
 * is not used is kept, unless the protocol wants no more.
 */
static void
stream_show(struct stream *s, const char *at, size_t len)
{
	struct protocol *p = s->transport.protocol;
	bool kept = reactor_buffer_len(&s->leftover) > 0;
	size_t used, left;

	s->reading = STREAM_READING;
	stream_note(s, "data_received", (int64_t)len);
	used = p->ops->data_received(p, at, len);
	left = used < len ? len - used : 0;
	if (s->state != STREAM_OPEN)
		return;
	if (kept)
		reactor_buffer_consume(&s->leftover, len - left);
	else if (left > 0 &&
	    reactor_buffer_append(&s->leftover, at + len - left, left) != 0)
		stream_lose(s, -ENOMEM);
	if (left > s->transport.leftover_limit)
		stream_lose(s, -EMSGSIZE);
	else if (left > 0 && s->reading == STREAM_RESUMED)
		stream_call_soon(s);
}

/*
 * The peer sends no more.  A protocol that does not handle that itself gets
 * the usual end: what it wrote is sent, and the connection closed.
 */
static void
stream_tell_end(struct stream *s)
{
	struct protocol *p = s->transport.protocol;

	s->end = STREAM_END_TOLD;
	stream_note(s, "read_closed", 0);
	if (s->writing == STREAM_BROKEN)
		stream_lose(s, s->reason);
	else if (p->ops->read_closed == NULL)
		transport_lose_connection(&s->transport);
	else
		p->ops->read_closed(p);
	if (s->state == STREAM_OPEN && s->writing == STREAM_FIN_SENT)
		stream_lose(s, 0);
}

/*
 * Shows the leftover, and the end if it has come.  A protocol that resumes
 * or is replaced meanwhile has asked for a call that comes here again.
 */
static void
stream_show_leftover(struct stream *s)
{
	const struct reactor_buffer *b = &s->leftover;

	if (reactor_buffer_len(b) > 0)
		stream_show(s, b->at + b->head, reactor_buffer_len(b));
	else
		s->reading = STREAM_READING;
	if (s->reading == STREAM_READING && s->end == STREAM_ENDED &&
	    s->state == STREAM_OPEN)
		stream_tell_end(s);
}

/* Has that done from the loop, if there is anything to show. */
static void
stream_show_leftover_soon(struct stream *s)
{
	s->reading = STREAM_RESUMED;
	if (s->state == STREAM_OPEN &&
	    (reactor_buffer_len(&s->leftover) > 0 || s->end == STREAM_ENDED))
		stream_call_soon(s);
}

/*
 * Where the next bytes are received, and how many at most; NULL without
 * memory.  There is room for one byte more than may be left over: a protocol
 * that uses none of so many has left too much, but one that takes its
 * messages one by one is never given more than it may leave.
 */
static char *
stream_room(struct stream *s, size_t *room)
{
	size_t kept = reactor_buffer_len(&s->leftover);
	size_t limit = s->transport.leftover_limit;
	size_t spare = limit > kept ? limit - kept : 0;
	char *at = s->watch.reactor->buffer;

	*room = REACTOR_BUFFER;
	if (kept > 0) {
		if (reactor_buffer_reserve(&s->leftover,
		    spare < STREAM_READ_ROOM ? spare + 1 :
		    STREAM_READ_ROOM) != 0)
			return NULL;
		at = s->leftover.at + s->leftover.tail;
		*room = s->leftover.capacity - s->leftover.tail;
	}
	if (*room > spare)
		*room = spare + 1;
	return at;
}

static ssize_t
stream_recv(struct stream *s, char *at, size_t room)
{
	const struct reactor_system *system = s->watch.reactor->system;

	if (s->traits & REACTOR_STREAM_MAY_BLOCK)
		return system->read(system, s->watch.poll.fd, at, room);
	return system->recv(system, s->watch.poll.fd, at, room);
}

static void
stream_received(struct stream *s, const char *at, size_t len)
{
	stream_touch(s);
	if (reactor_buffer_len(&s->leftover) == 0) {
		stream_show(s, at, len);
		return;
	}
	s->leftover.tail += len;
	stream_show_leftover(s);
}

static void
stream_received_end(struct stream *s)
{
	s->end = STREAM_ENDED;
	stream_update_interest(s);
	stream_show_leftover(s);
}

static void
stream_receive(struct stream *s)
{
	size_t room;
	char *at = stream_room(s, &room);
	ssize_t n = at != NULL ? stream_recv(s, at, room) : -ENOMEM;

	if (n > 0)
		stream_received(s, at, (size_t)n);
	else if (n == 0)
		stream_received_end(s);
	else if (n != -EAGAIN)
		stream_lose(s,
		    s->writing == STREAM_BROKEN ? s->reason : (int)n);
}

/*
 * The peer reads no more, and reading is paused.  What has come is shown
 * when the protocol resumes, and the error is told after it.  If nothing
 * has come, the connection is lost now: who only writes may never resume.
 */
static void
stream_receive_paused(struct stream *s)
{
	char *at = s->watch.reactor->buffer;
	size_t room = s->transport.leftover_limit;
	ssize_t n = 0;

	if (reactor_buffer_len(&s->leftover) > 0)
		return;
	if (s->end == STREAM_NO_END && !(s->traits & REACTOR_STREAM_MAY_BLOCK))
		n = stream_recv(s, at,
		    room < REACTOR_BUFFER ? room + 1 : REACTOR_BUFFER);
	if (n <= 0 || reactor_buffer_append(&s->leftover, at, (size_t)n) != 0)
		stream_lose(s, s->reason);
}

/* After our FIN: all that still comes is dropped, up to a limit. */
static void
stream_drain(struct stream *s)
{
	ssize_t n = stream_recv(s, s->watch.reactor->buffer, REACTOR_BUFFER);

	if (n == -EAGAIN)
		return;
	if (n <= 0 || (size_t)n >= s->linger_left)
		stream_lose(s, 0);
	else
		s->linger_left -= (unsigned)n;
}

static void
stream_readable(struct reactor_watch *w)
{
	struct stream *s = reactor_container_of(w, struct stream, watch);

	if (s->state == STREAM_LINGERING)
		stream_drain(s);
	else if (s->reading == STREAM_RESUMED &&
	    reactor_buffer_len(&s->leftover) > 0)
		stream_show_leftover(s);	/* first what is here */
	else
		stream_receive(s);
}

/* ---- writing ---- */

/*
 * A write tries the socket at once.  Only what the kernel does not take is
 * copied, and only then is writability wanted.  A descriptor that may block
 * must be writable first.
 */

/* Sends what the kernel takes now: how many bytes, or a negative errno. */
static ssize_t
stream_send(struct stream *s, const struct iovec *pieces, int count)
{
	const struct reactor_system *system = s->watch.reactor->system;
	size_t len = pieces->iov_len;
	int fd = s->watch.poll.fd;
	ssize_t n;

	if (s->traits & REACTOR_STREAM_MAY_BLOCK)
		n = system->write(system, fd, pieces->iov_base,
		    len < STREAM_UNBLOCKED ? len : STREAM_UNBLOCKED);
	else if (count > 1)
		n = system->sendv(system, fd, pieces, count);
	else
		n = system->send(system, fd, pieces->iov_base, len);
	if (n == -EAGAIN || n == -ENOBUFS)
		return 0;
	if (n > 0)
		stream_touch(s);
	return n;
}

/*
 * When the peer reads no more, it may still have sent something: an answer
 * that refuses the request, say.  Reading goes on if it can, and the error
 * is told when that ends.  Nothing is unsent any more, so stream_called
 * resumes a writer that was paused, which may wait for that to read.
 */
static void
stream_write_failed(struct stream *s, int error)
{
	bool gone = error == -EPIPE || error == -ECONNRESET;

	if (!gone || s->state != STREAM_OPEN || s->end == STREAM_END_TOLD) {
		stream_lose(s, error);
		return;
	}
	s->writing = STREAM_BROKEN;
	s->reason = error;
	reactor_buffer_free(&s->unsent);
	stream_update_interest(s);
	stream_call_soon(s);
}

/* Copies what is left of the pieces after the first `skip` bytes. */
static int
stream_keep(struct stream *s, const struct iovec *pieces, int count,
    size_t skip)
{
	int i, error;

	for (i = 0; i < count; i++) {
		if (skip >= pieces[i].iov_len) {
			skip -= pieces[i].iov_len;
			continue;
		}
		error = reactor_buffer_append(&s->unsent,
		    (const char *)pieces[i].iov_base + skip,
		    pieces[i].iov_len - skip);
		if (error != 0)
			return error;
		skip = 0;
	}
	return 0;
}

static bool
stream_takes_writes(const struct stream *s)
{
	return s->state <= STREAM_OPEN && s->writing == STREAM_WRITING;
}

/* Nothing waits that must go first, and the descriptor does not block. */
static bool
stream_may_send_now(const struct stream *s)
{
	return s->state == STREAM_OPEN &&
	    reactor_buffer_len(&s->unsent) == 0 &&
	    !(s->traits & REACTOR_STREAM_MAY_BLOCK);
}

static void
stream_check_high_water(struct stream *s)
{
	if (s->pressure == STREAM_FLOWING &&
	    reactor_buffer_len(&s->unsent) > s->transport.high_water) {
		s->pressure = STREAM_FULL;
		stream_call_soon(s);
	}
}

static void
stream_writev(struct transport *t, const struct iovec *pieces, int count)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);
	ssize_t sent = 0;

	if (!stream_takes_writes(s))
		return;
	if (stream_may_send_now(s))
		sent = stream_send(s, pieces, count);
	if (sent < 0) {
		stream_write_failed(s, (int)sent);
		return;
	}
	if (stream_keep(s, pieces, count, (size_t)sent) != 0) {
		stream_lose(s, -ENOMEM);
		return;
	}
	stream_check_high_water(s);
	stream_update_interest(s);
}

/* Only called from the loop, so the protocol may be told at once. */
static void
stream_check_low_water(struct stream *s)
{
	struct protocol *p = s->transport.protocol;

	if (s->pressure != STREAM_FULL_TOLD || s->state != STREAM_OPEN ||
	    reactor_buffer_len(&s->unsent) > s->transport.low_water)
		return;
	s->pressure = STREAM_FLOWING;
	stream_note(s, "write_resumed",
	    (int64_t)reactor_buffer_len(&s->unsent));
	if (p->ops->write_resumed != NULL)
		p->ops->write_resumed(p);
}

/* Each pause is told before its end, even when the bytes are gone already. */
static void
stream_tell_full(struct stream *s)
{
	struct protocol *p = s->transport.protocol;

	s->pressure = STREAM_FULL_TOLD;
	stream_note(s, "write_paused",
	    (int64_t)reactor_buffer_len(&s->unsent));
	if (p->ops->write_paused != NULL)
		p->ops->write_paused(p);
}

/* ---- closing ---- */

/* FIN, and then time for the peer to read the last answer. */
static void
stream_linger(struct stream *s)
{
	struct reactor *r = s->watch.reactor;

	stream_enter(s, STREAM_LINGERING);
	s->linger_left = STREAM_LINGER_BYTES;
	reactor_call_later(r, &s->timer, stream_linger_ns, stream_timed_out);
	if (s->writing != STREAM_FIN_SENT &&
	    r->system->shutdown(r->system, s->watch.poll.fd) != 0)
		stream_lose(s, 0);
}

static void
stream_send_fin(struct stream *s)
{
	const struct reactor_system *system = s->watch.reactor->system;

	s->writing = STREAM_FIN_SENT;
	if (!(s->traits & REACTOR_STREAM_MAY_BLOCK))
		system->shutdown(system, s->watch.poll.fd);
	if (s->end == STREAM_END_TOLD)
		stream_lose(s, 0);
}

/* Does what waits until all is sent, once that is so. */
static void
stream_check_flushed(struct stream *s)
{
	bool lingers = (s->traits & REACTOR_STREAM_LINGERS) &&
	    s->end == STREAM_NO_END;

	if (reactor_buffer_len(&s->unsent) > 0)
		return;
	if (s->state == STREAM_FLUSHING && lingers)
		stream_linger(s);
	else if (s->state == STREAM_FLUSHING)
		stream_lose(s, 0);
	else if (s->state == STREAM_OPEN && s->writing == STREAM_HALF_CLOSING)
		stream_send_fin(s);
}

/* Sends what waits, since the descriptor is writable. */
static void
stream_flush(struct stream *s)
{
	struct iovec piece = {
		.iov_base = s->unsent.at + s->unsent.head,
		.iov_len = reactor_buffer_len(&s->unsent),
	};
	ssize_t sent = stream_send(s, &piece, 1);

	if (sent < 0) {
		stream_write_failed(s, (int)sent);
		return;
	}
	reactor_buffer_consume(&s->unsent, (size_t)sent);
	stream_update_interest(s);
	stream_check_low_water(s);
	stream_check_flushed(s);
}

/* The descriptor is closed: the last call, and all is freed. */
static void
stream_closed(struct reactor_watch *w)
{
	struct stream *s = reactor_container_of(w, struct stream, watch);
	struct protocol *p = s->transport.protocol;

	stream_note(s, s->was_made ? "connection_lost" : "connect_failed",
	    s->reason);
	if (p == NULL)		/* the factory made none */
		;
	else if (s->was_made || p->ops->connect_failed == NULL)
		p->ops->connection_lost(p, s->reason);
	else
		p->ops->connect_failed(p, s->reason);
	reactor_buffer_free(&s->leftover);
	reactor_buffer_free(&s->unsent);
	free(s->connector);
	free(s);
}

/* ---- what the loop calls ---- */

/* While connecting, writability means that the attempt has ended. */
static void
stream_writable(struct reactor_watch *w)
{
	struct stream *s = reactor_container_of(w, struct stream, watch);
	const struct reactor_system *system = w->reactor->system;
	int error;

	if (s->state != STREAM_CONNECTING) {
		stream_flush(s);
		return;
	}
	error = system->socket_error(system, w->poll.fd);
	if (error == 0)
		stream_opened(s);
	else
		stream_lose(s, error);
}

static void
stream_failed(struct reactor_watch *w, int error)
{
	stream_lose(reactor_container_of(w, struct stream, watch), error);
}

static const struct reactor_watch_ops stream_watch_ops = {
	.readable = stream_readable,
	.writable = stream_writable,
	.failed = stream_failed,
	.closed = stream_closed,
};

/* To begin; later, to tell what came up inside a call of transport_*. */
static void
stream_called(struct reactor_call *c)
{
	struct stream *s = reactor_container_of(c, struct stream, call);

	if (s->state == STREAM_NEW) {
		stream_begin(s);
		return;
	}
	if (s->pressure == STREAM_FULL && s->state == STREAM_OPEN)
		stream_tell_full(s);
	stream_check_low_water(s);
	if (s->writing == STREAM_BROKEN && s->reading == STREAM_PAUSED &&
	    s->state == STREAM_OPEN)
		stream_receive_paused(s);
	if (s->reading == STREAM_RESUMED && s->state == STREAM_OPEN)
		stream_show_leftover(s);
}

/* ---- what transport.h asks of a stream ---- */

static size_t
stream_unsent(const struct transport *t)
{
	const struct stream *s =
	    reactor_container_of(t, struct stream, transport);

	return reactor_buffer_len(&s->unsent);
}

static void
stream_lose_connection(struct transport *t)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);

	if (s->state < STREAM_OPEN) {
		stream_lose(s, -ECANCELED);
	} else if (s->state == STREAM_OPEN && s->writing == STREAM_BROKEN) {
		stream_lose(s, s->reason);
	} else if (s->state == STREAM_OPEN) {
		stream_enter(s, STREAM_FLUSHING);
		stream_check_flushed(s);
	}
}

static void
stream_abort_connection(struct transport *t)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);
	const struct reactor_system *system = s->watch.reactor->system;

	if (s->state < STREAM_OPEN) {
		stream_lose(s, -ECANCELED);
		return;
	}
	if (s->state != STREAM_DEAD && !(s->traits & REACTOR_STREAM_MAY_BLOCK))
		system->set_option(system, s->watch.poll.fd,
		    REACTOR_SYSTEM_RESET_ON_CLOSE, 1);
	stream_lose(s, -ECONNABORTED);
}

static void
stream_half_close(struct transport *t)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);

	if (!stream_takes_writes(s))
		return;
	s->writing = STREAM_HALF_CLOSING;
	stream_check_flushed(s);
}

static void
stream_pause_reading(struct transport *t)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);

	s->reading = STREAM_PAUSED;
	stream_update_interest(s);
}

static void
stream_resume_reading(struct transport *t)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);

	if (s->reading != STREAM_PAUSED)
		return;
	stream_show_leftover_soon(s);
	stream_update_interest(s);
}

/* Also from within data_received, before it is known what it leaves over. */
static void
stream_protocol_changed(struct transport *t)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);

	if (s->reading != STREAM_PAUSED)
		stream_show_leftover_soon(s);
}

static void
stream_set_timeout(struct transport *t, uint64_t timeout_ns)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);

	s->timeout_ns = timeout_ns;
	if (s->state != STREAM_OPEN && s->state != STREAM_FLUSHING)
		return;
	reactor_cancel_timer(&s->timer);
	stream_touch(s);
}

static int
stream_local_address(struct transport *t, struct reactor_address *a)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);
	const struct reactor_system *system = s->watch.reactor->system;

	return reactor_address_ask(a, system, s->watch.poll.fd,
	    system->getsockname);
}

static int
stream_remote_address(struct transport *t, struct reactor_address *a)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);
	const struct reactor_system *system = s->watch.reactor->system;

	return reactor_address_ask(a, system, s->watch.poll.fd,
	    system->getpeername);
}

static const char *
stream_reason(struct transport *t)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);

	return reactor_strerror(s->reason);
}

static const struct transport_ops stream_transport_ops = {
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

/* ---- making ---- */

struct transport *
reactor_stream_new(
    struct reactor *r, int fd, unsigned traits, struct protocol *p)
{
	struct stream *s = reactor_allocate(r, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->transport.ops = &stream_transport_ops;
	s->transport.protocol = p;
	s->transport.leftover_limit = STREAM_LIMIT;
	s->transport.high_water = STREAM_HIGH_WATER;
	s->traits = (unsigned char)traits;
	if (traits & REACTOR_STREAM_ONLY_WRITES)
		s->end = STREAM_END_TOLD;
	reactor_watch_init(&s->watch, r, fd, &stream_watch_ops);
	s->watch.keep_fd = (traits & REACTOR_STREAM_KEEPS_FD) != 0;
	if (traits & REACTOR_STREAM_IS_FILE)
		reactor_watch_always_ready(&s->watch);
	reactor_call_init(&s->call, stream_called);
	if (p != NULL)
		p->transport = &s->transport;
	return &s->transport;
}

void
reactor_stream_open_soon(
    struct transport *t, struct reactor_stream_connector *connector)
{
	struct stream *s = reactor_container_of(t, struct stream, transport);

	s->connector = connector;
	stream_call_soon(s);
}

void
reactor_stream_open(struct transport *t)
{
	stream_opened(reactor_container_of(t, struct stream, transport));
}
