/*
 * tls.c - the transport that speaks TLS over another transport.
 *
 * The engine (tls_engine.h) turns records into plaintext and back; here is
 * what makes it a transport: the states, pausing, what is left over and what
 * is unsent.
 *
 * The life of a connection:
 *
 *      NEW ----------> HANDSHAKING ---> OPEN ---> FLUSHING
 *       below connects                   |            | all is encrypted
 *                                        |            v
 *                     errors, aborted    |        LINGERING
 *                                        v            |
 *                                       DEAD <--------+
 *
 * DEAD waits for the last call of the transport below, so a connection ends
 * when that one does, and never inside a call of its user.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "tls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "reactor.h"
#include "tls_engine.h"
#include "words.h"

enum {
	TLS_LIMIT = 65536,		/* bytes: the defaults of transport.h */
	TLS_HIGH_WATER = 65536,
	TLS_LINGER_BYTES = 262144,	/* dropped at most, as by a stream */
	TLS_HANDSHAKE_RECORD = 22,	/* bytes that TLS begins with */
	TLS_ALERT_RECORD = 21
};

/* How long a handshake may take, and the end of a peer. */
static const uint64_t tls_handshake_ns = UINT64_C(30000000000);
static const uint64_t tls_linger_ns = 2000000000;

/* The life, in this order: see above. */
enum tls_state {
	TLS_NEW,
	TLS_HANDSHAKING,
	TLS_OPEN,
	TLS_FLUSHING,	/* plaintext waits for the engine to take it */
	TLS_LINGERING,	/* close_notify and FIN are sent, or on their way */
	TLS_DEAD
};

/* What the protocol wants to read. */
enum tls_reading {
	TLS_READING,
	TLS_PAUSED,
	TLS_RESUMED	/* reading, once the leftover was shown again */
};

/* What the peer has done with its direction. */
enum tls_end {
	TLS_NO_END,
	TLS_ENDED,	/* its close_notify was received */
	TLS_END_TOLD	/* and the protocol knows of it */
};

/* What we have done with ours. */
enum tls_writing {
	TLS_WRITING,
	TLS_HALF_CLOSING,	/* close_notify follows what is unsent */
	TLS_CLOSE_SENT
};

/* How much is unsent. */
enum tls_pressure {
	TLS_FLOWING,
	TLS_FULL,	/* past the high water mark */
	TLS_FULL_TOLD	/* write_paused was called */
};

/* A connection.  It frees itself after the last call. */
struct tls {
	struct transport transport;	/* the user's */
	struct protocol lower;		/* of the transport below */
	struct reactor_tls_engine *engine;
	struct reactor *reactor;
	struct reactor_call call;	/* always tls_called */
	struct reactor_timer timer;	/* of the handshake, or lingering */
	struct reactor_buffer leftover;	/* plaintext received, not used */
	struct reactor_buffer unsent;	/* plaintext written, not encrypted */
	bool begun;			/* a first byte was received */
	bool was_made;			/* connection_made was called */
	bool below_paused;		/* by us */
	enum tls_state state;
	enum tls_reading reading;
	enum tls_end end;
	enum tls_writing writing;
	enum tls_pressure pressure;
	int failure;			/* found while reading; told later */
	size_t lingered;		/* bytes dropped */
	int reason;			/* DEAD: why; 0: as below says */
	uint64_t timeout_ns;		/* of the handshake */
};

static struct tls *
tls_of_transport(const struct transport *t)
{
	return reactor_container_of(t, struct tls, transport);
}

static struct tls *
tls_of_protocol(const struct protocol *p)
{
	return reactor_container_of(p, struct tls, lower);
}

/* ---- the end ---- */

/* Nothing more is done but to wait for the last call from below. */
static void
tls_die(struct tls *t, int reason)
{
	t->state = TLS_DEAD;
	t->reason = reason;
	reactor_cancel_timer(&t->timer);
	reactor_cancel_call(&t->call);
}

/* Gives up at once; a second call does nothing. */
static void
tls_abort(struct tls *t, int reason)
{
	if (t->state == TLS_DEAD)
		return;
	tls_die(t, reason);
	transport_abort_connection(t->lower.transport);
}

/* Gives up, but lets an alert that was written reach the peer. */
static void
tls_fail(struct tls *t, int reason)
{
	if (t->state == TLS_DEAD)
		return;
	if (t->state == TLS_HANDSHAKING)
		reactor_tls_engine_drop_session(t->engine);
	tls_die(t, reason);
	transport_lose_connection(t->lower.transport);
}

/* Frees what is DEAD: so nothing of the loop's is still set. */
static void
tls_free(struct tls *t)
{
	reactor_tls_engine_free(t->engine);
	reactor_buffer_free(&t->leftover);
	reactor_buffer_free(&t->unsent);
	free(t);
}

static void
tls_timed_out(struct reactor_timer *timer)
{
	tls_abort(reactor_container_of(timer, struct tls, timer),
	    REACTOR_TLS_E_TIMEOUT);
}

/* ---- writing ---- */

/*
 * What is written is encrypted at once, and is then the transport below's to
 * keep.  Plaintext is kept only before the handshake is done, and while a
 * new one is under way, when the engine takes none.
 */

/* Encrypts what the engine takes now of len bytes: how many. */
static size_t
tls_encrypt(struct tls *t, const char *at, size_t len)
{
	size_t taken;
	int error = reactor_tls_engine_encrypt(t->engine, at, len, &taken);

	if (error != 0)
		tls_fail(t, error);
	return taken;
}

static bool
tls_takes_writes(const struct tls *t)
{
	return t->state <= TLS_OPEN && t->writing == TLS_WRITING;
}

static size_t
tls_unsent_len(const struct tls *t)
{
	return reactor_buffer_len(&t->unsent) +
	    (t->lower.transport != NULL ?
	    transport_unsent(t->lower.transport) : 0);
}

static void
tls_check_high_water(struct tls *t)
{
	if (t->pressure == TLS_FLOWING && t->state != TLS_DEAD &&
	    tls_unsent_len(t) > t->transport.high_water) {
		t->pressure = TLS_FULL;
		reactor_call_soon(t->reactor, &t->call);
	}
}

/* Only called from the loop, so the protocol may be told at once. */
static void
tls_check_low_water(struct tls *t)
{
	struct protocol *p = t->transport.protocol;

	if (t->pressure != TLS_FULL_TOLD || t->state != TLS_OPEN ||
	    tls_unsent_len(t) > t->transport.low_water)
		return;
	t->pressure = TLS_FLOWING;
	if (p->ops->write_resumed != NULL)
		p->ops->write_resumed(p);
}

/*
 * The transport below tells of its pressure as soon as more than our low mark
 * is unsent, and so also when that ends.
 */
static void
tls_marks_changed(struct transport *transport)
{
	struct tls *t = tls_of_transport(transport);

	if (t->lower.transport != NULL)
		transport_set_water_marks(t->lower.transport,
		    transport->low_water, transport->low_water);
}

/* Encrypts, and keeps what the engine does not take. */
static void
tls_write_piece(struct tls *t, const char *at, size_t len)
{
	size_t done = 0;

	if (t->state == TLS_OPEN && reactor_buffer_len(&t->unsent) == 0)
		done = tls_encrypt(t, at, len);
	if (done < len && t->state != TLS_DEAD &&
	    reactor_buffer_append(&t->unsent, at + done, len - done) != 0)
		tls_abort(t, -ENOMEM);
}

/*
 * Copies pieces together until a record is full or they end, since each call
 * of the engine makes a record.  Moves on to what was not copied.
 */
static size_t
tls_gather(struct tls *t, const struct iovec **pieces, int *count,
    size_t *skip)
{
	char *to = t->engine->settings->gathered;
	size_t used = 0, n;

	while (*count > 0 && used < REACTOR_TLS_RECORD) {
		n = (*pieces)->iov_len - *skip;
		if (n > REACTOR_TLS_RECORD - used)
			n = REACTOR_TLS_RECORD - used;
		if (n > 0)
			memcpy(to + used, (const char *)(*pieces)->iov_base +
			    *skip, n);
		used += n;
		*skip += n;
		if (*skip == (*pieces)->iov_len) {
			++*pieces;
			--*count;
			*skip = 0;
		}
	}
	return used;
}

static void
tls_writev(struct transport *transport, const struct iovec *pieces, int count)
{
	struct tls *t = tls_of_transport(transport);
	size_t skip = 0, len;

	if (!tls_takes_writes(t))
		return;
	if (count == 1)
		tls_write_piece(t, pieces->iov_base, pieces->iov_len);
	else
		while ((len = tls_gather(t, &pieces, &count, &skip)) > 0 &&
		    t->state != TLS_DEAD)
			tls_write_piece(t, t->engine->settings->gathered, len);
	tls_check_high_water(t);
}

/* ---- closing ---- */

/*
 * A peer may send records at any time that no protocol asked for, tickets
 * above all.  Who closes without having read them has its kernel send a reset,
 * which destroys what the peer has not read yet.  So both sides linger:
 * close_notify and FIN are sent, what comes is dropped, and the peer's end
 * ends it, or a time limit.
 */
static void
tls_close_below(struct tls *t)
{
	tls_die(t, 0);
	transport_lose_connection(t->lower.transport);
}

static void
tls_lingered(struct reactor_timer *timer)
{
	struct tls *t = reactor_container_of(timer, struct tls, timer);

	if (transport_unsent(t->lower.transport) > 0)
		reactor_call_later(t->reactor, &t->timer, tls_linger_ns,
		    tls_lingered);
	else
		tls_close_below(t);
}

static void
tls_linger(struct tls *t)
{
	if (t->writing != TLS_CLOSE_SENT)
		reactor_tls_engine_close(t->engine);
	if (t->engine->in_end) {
		tls_close_below(t);
		return;
	}
	t->state = TLS_LINGERING;
	reactor_call_later(t->reactor, &t->timer, tls_linger_ns,
	    tls_lingered);
	transport_half_close(t->lower.transport);
}

/* Does what waits until all is encrypted, once that is so. */
static void
tls_check_flushed(struct tls *t)
{
	if (reactor_buffer_len(&t->unsent) > 0)
		return;
	if (t->state == TLS_FLUSHING) {
		tls_linger(t);
	} else if (t->state == TLS_OPEN && t->writing == TLS_HALF_CLOSING) {
		t->writing = TLS_CLOSE_SENT;
		reactor_tls_engine_close(t->engine);
		transport_half_close(t->lower.transport);
		if (t->end == TLS_END_TOLD)
			tls_fail(t, 0);
	}
}

/* Encrypts what was kept, as far as the engine takes it. */
static void
tls_flush(struct tls *t)
{
	const struct reactor_buffer *b = &t->unsent;
	size_t done;

	if (reactor_buffer_len(b) == 0 || t->state == TLS_DEAD)
		return;
	done = tls_encrypt(t, b->at + b->head, reactor_buffer_len(b));
	reactor_buffer_consume(&t->unsent, done);
	tls_check_low_water(t);
	tls_check_flushed(t);
}

/* ---- reading ---- */

/*
 * Plaintext is decrypted into memory that all connections of the settings
 * share, as much as there is up to the leftover's limit, and shown there.
 * What is left over is kept, and the next plaintext goes right behind it.
 */

/*
 * Shows len bytes: the leftover, or new bytes if nothing is left over.  What
 * is not used is kept, unless the protocol wants no more.
 */
static void
tls_show(struct tls *t, const char *at, size_t len)
{
	struct protocol *p = t->transport.protocol;
	bool kept = reactor_buffer_len(&t->leftover) > 0;
	size_t used, left;

	t->reading = TLS_READING;
	used = p->ops->data_received(p, at, len);
	left = used < len ? len - used : 0;
	if (t->state != TLS_OPEN)
		return;
	if (kept)
		reactor_buffer_consume(&t->leftover, len - left);
	else if (left > 0 &&
	    reactor_buffer_append(&t->leftover, at + len - left, left) != 0)
		tls_abort(t, -ENOMEM);
	if (left > t->transport.leftover_limit)
		tls_abort(t, -EMSGSIZE);
	else if (left > 0 && t->reading == TLS_RESUMED &&
	    t->state == TLS_OPEN)
		reactor_call_soon(t->reactor, &t->call);
}

/* The peer sends no more: as a stream does it (stream.c). */
static void
tls_tell_end(struct tls *t)
{
	struct protocol *p = t->transport.protocol;

	t->end = TLS_END_TOLD;
	if (p->ops->read_closed == NULL)
		transport_lose_connection(&t->transport);
	else
		p->ops->read_closed(p);
	if (t->state == TLS_OPEN && t->writing == TLS_CLOSE_SENT)
		tls_fail(t, 0);
}

/* Decrypts into room for so many bytes; notes an end or a failure. */
static size_t
tls_decrypt(struct tls *t, char *at, size_t room)
{
	size_t len;
	int end = reactor_tls_engine_decrypt(t->engine, at, room, &len);

	if (end > 0)
		t->end = TLS_ENDED;
	else
		t->failure = end;
	return len;
}

/*
 * Where new plaintext goes, and how many bytes at most; NULL without memory.
 * The room is that of a stream: see stream_room.
 */
static char *
tls_room(struct tls *t, size_t *room)
{
	size_t kept = reactor_buffer_len(&t->leftover);
	size_t limit = t->transport.leftover_limit;
	size_t spare = limit > kept ? limit - kept : 0;
	char *at = t->engine->settings->plaintext;

	*room = REACTOR_TLS_PLAINTEXT;
	if (kept > 0) {
		if (reactor_buffer_reserve(&t->leftover,
		    spare < REACTOR_TLS_RECORD ? spare + 1 :
		    REACTOR_TLS_RECORD) != 0)
			return NULL;
		at = t->leftover.at + t->leftover.tail;
		*room = t->leftover.capacity - t->leftover.tail;
	}
	if (*room > spare)
		*room = spare + 1;
	return at;
}

/* Decrypts and shows once; false when there is nothing more to show now. */
static bool
tls_read_once(struct tls *t)
{
	struct reactor_buffer *b = &t->leftover;
	size_t room, len;
	char *at = tls_room(t, &room);
	bool filled;

	if (at == NULL) {
		tls_abort(t, -ENOMEM);
		return false;
	}
	len = tls_decrypt(t, at, room);
	if (len == 0)
		return false;
	filled = len == room;
	if (reactor_buffer_len(b) > 0) {
		b->tail += len;
		at = b->at + b->head;
		len = reactor_buffer_len(b);
	}
	tls_show(t, at, len);
	return filled || t->engine->in_len > 0;
}

/* Shows the leftover once more, or for the first time, and then the end. */
static void
tls_show_end(struct tls *t)
{
	const struct reactor_buffer *b = &t->leftover;

	if (reactor_buffer_len(b) > 0)
		tls_show(t, b->at + b->head, reactor_buffer_len(b));
	else
		t->reading = TLS_READING;
	if (t->state == TLS_OPEN && t->reading == TLS_READING)
		tls_tell_end(t);
}

/*
 * Reading is paused, but the library may have to read all the same: tickets,
 * new keys.  The transport below is paused when the first plaintext has come
 * that must wait.
 */
static void
tls_read_paused(struct tls *t)
{
	size_t room, len;
	char *at = tls_room(t, &room);

	if (at == NULL) {
		tls_abort(t, -ENOMEM);
		return;
	}
	len = tls_decrypt(t, at, room);
	if (reactor_buffer_len(&t->leftover) > 0)
		t->leftover.tail += len;
	else if (len > 0 &&
	    reactor_buffer_append(&t->leftover, at, len) != 0)
		tls_abort(t, -ENOMEM);
	if (len > 0 && t->state == TLS_OPEN) {
		t->below_paused = true;
		transport_pause_reading(t->lower.transport);
	}
}

/* Shows all that has come, and what it ends with, until reading is paused. */
static void
tls_read(struct tls *t)
{
	while (t->state == TLS_OPEN && t->reading != TLS_PAUSED &&
	    t->end == TLS_NO_END && t->failure == 0 && tls_read_once(t))
		;
	if (t->state == TLS_OPEN && t->reading == TLS_PAUSED &&
	    !t->below_paused && t->end == TLS_NO_END && t->failure == 0)
		tls_read_paused(t);
	if (t->state != TLS_OPEN || t->reading == TLS_PAUSED)
		return;
	if (t->failure != 0)
		tls_fail(t, t->failure);
	else if (t->end == TLS_ENDED && t->reading == TLS_READING)
		tls_show_end(t);
}

/* While it closes: what comes is of interest to the engine alone: tickets. */
static void
tls_read_and_drop(struct tls *t)
{
	while (t->failure == 0 && t->end == TLS_NO_END &&
	    tls_decrypt(t, t->engine->settings->plaintext,
	    REACTOR_TLS_PLAINTEXT) > 0)
		;
	if (t->failure != 0 && t->state == TLS_FLUSHING)
		tls_fail(t, t->failure);
}

/* ---- the handshake ---- */

/* It is done, and the peer is who it should be. */
static void
tls_opened(struct tls *t)
{
	struct protocol *p = t->transport.protocol;

	t->state = TLS_OPEN;
	t->was_made = true;
	if (t->reading == TLS_RESUMED)
		t->reading = TLS_READING;
	reactor_cancel_timer(&t->timer);
	p->ops->connection_made(p);
	/* What was asked for before: */
	if (t->pressure == TLS_FULL && t->state == TLS_OPEN)
		reactor_call_soon(t->reactor, &t->call);
	tls_flush(t);
	tls_check_flushed(t);
}

static void
tls_handshake(struct tls *t)
{
	int done = reactor_tls_engine_handshake(t->engine);

	if (done < 0)
		tls_fail(t, done);
	else if (done > 0)
		tls_opened(t);
}

/* The connection below is there. */
static void
tls_begin(struct tls *t)
{
	t->state = TLS_HANDSHAKING;
	t->engine->below = t->lower.transport;
	reactor_call_later(t->reactor, &t->timer, t->timeout_ns,
	    tls_timed_out);
	tls_marks_changed(&t->transport);
	tls_handshake(t);
}

/*
 * The first byte of a peer shows whether it speaks TLS at all; the engine
 * would report a fault in a record.
 */
static bool
tls_begins_well(struct tls *t, const char *at, size_t len)
{
	int first = (unsigned char)at[0];

	if (t->begun || first == TLS_HANDSHAKE_RECORD ||
	    first == TLS_ALERT_RECORD) {
		t->begun = true;
		return true;
	}
	reactor_tls_engine_not_tls(t->engine, at, len);
	tls_fail(t, REACTOR_TLS_E_NOT_TLS);
	return false;
}

/* ---- what the transport below calls ---- */

static void
tls_below_made(struct protocol *p)
{
	tls_begin(tls_of_protocol(p));
}

/* Brings the connection as far as it gets with what has come. */
static void
tls_go_on(struct tls *t)
{
	if (t->state == TLS_HANDSHAKING)
		tls_handshake(t);
	if (t->state == TLS_OPEN)
		tls_read(t);
	if (t->state == TLS_FLUSHING || t->state == TLS_LINGERING)
		tls_read_and_drop(t);
	if (t->state == TLS_OPEN || t->state == TLS_FLUSHING)
		tls_flush(t);
}

static size_t
tls_below_received(struct protocol *p, const char *at, size_t len)
{
	struct tls *t = tls_of_protocol(p);
	struct reactor_tls_engine *e = t->engine;
	size_t left;

	if (t->state == TLS_LINGERING && (t->lingered += len) >
	    TLS_LINGER_BYTES)
		tls_close_below(t);
	if (t->state == TLS_DEAD ||
	    (t->state == TLS_HANDSHAKING && !tls_begins_well(t, at, len)))
		return len;
	e->in = at;
	e->in_len = len;
	tls_go_on(t);
	left = e->in_len;
	e->in_len = 0;
	return t->state == TLS_OPEN && t->end == TLS_NO_END &&
	    t->failure == 0 ? len - left : len;
}

static void
tls_below_ended(struct protocol *p)
{
	struct tls *t = tls_of_protocol(p);

	t->engine->in_end = true;
	tls_go_on(t);
	if (t->state == TLS_LINGERING)
		tls_close_below(t);
}

/* The last call from below is the last for the protocol. */
static void
tls_below_lost(struct protocol *lower, int reason)
{
	struct tls *t = tls_of_protocol(lower);
	struct protocol *p = t->transport.protocol;
	bool all_sent = t->state == TLS_LINGERING && reason != -EPIPE &&
	    transport_unsent(lower->transport) == 0;

	if (t->reason == 0 && !all_sent)
		t->reason = reason;
	if (t->state != TLS_DEAD)
		tls_die(t, t->reason);
	if (t->was_made || p->ops->connect_failed == NULL)
		p->ops->connection_lost(p, t->reason);
	else
		p->ops->connect_failed(p, t->reason != 0 ? t->reason :
		    -ECONNRESET);
	tls_free(t);
}

static void
tls_below_resumed(struct protocol *p)
{
	tls_check_low_water(tls_of_protocol(p));
}

static const struct protocol_ops tls_lower_ops = {
	.connection_made = tls_below_made,
	.data_received = tls_below_received,
	.connection_lost = tls_below_lost,
	.connect_failed = tls_below_lost,
	.read_closed = tls_below_ended,
	.write_resumed = tls_below_resumed,
};

/* ---- what the loop calls ---- */

/* Shows the leftover again, and goes on to read. */
static void
tls_show_leftover(struct tls *t)
{
	const struct reactor_buffer *b = &t->leftover;

	if (t->end == TLS_ENDED) {
		tls_show_end(t);
		return;
	}
	if (reactor_buffer_len(b) > 0)
		tls_show(t, b->at + b->head, reactor_buffer_len(b));
	else
		t->reading = TLS_READING;
	if (t->state != TLS_OPEN || t->reading == TLS_PAUSED)
		return;
	tls_read(t);
	if (t->state == TLS_OPEN && t->reading != TLS_PAUSED &&
	    t->below_paused) {
		t->below_paused = false;
		transport_resume_reading(t->lower.transport);
	}
}

/* Tells what came up inside a call of transport_*. */
static void
tls_called(struct reactor_call *c)
{
	struct tls *t = reactor_container_of(c, struct tls, call);
	struct protocol *p = t->transport.protocol;

	if (t->pressure == TLS_FULL && t->state == TLS_OPEN) {
		t->pressure = TLS_FULL_TOLD;
		if (p->ops->write_paused != NULL)
			p->ops->write_paused(p);
	}
	tls_check_low_water(t);
	if (t->reading == TLS_RESUMED && t->state == TLS_OPEN)
		tls_show_leftover(t);
}

/* ---- what transport.h asks of it ---- */

static size_t
tls_unsent(const struct transport *t)
{
	return tls_unsent_len(tls_of_transport(t));
}

static void
tls_lose_connection(struct transport *transport)
{
	struct tls *t = tls_of_transport(transport);

	if (t->state < TLS_OPEN) {
		tls_abort(t, -ECANCELED);
		return;
	}
	if (t->state != TLS_OPEN)
		return;
	t->state = TLS_FLUSHING;
	if (t->below_paused)
		transport_resume_reading(t->lower.transport);
	t->below_paused = false;
	tls_check_flushed(t);
}

static void
tls_abort_connection(struct transport *transport)
{
	struct tls *t = tls_of_transport(transport);

	tls_abort(t, t->state < TLS_OPEN ? -ECANCELED : -ECONNABORTED);
}

static void
tls_half_close(struct transport *transport)
{
	struct tls *t = tls_of_transport(transport);

	if (!tls_takes_writes(t))
		return;
	t->writing = TLS_HALF_CLOSING;
	tls_check_flushed(t);
}

/* See tls_read_paused. */
static void
tls_pause_reading(struct transport *transport)
{
	tls_of_transport(transport)->reading = TLS_PAUSED;
}

/* Goes on from the loop: what the engine holds is nobody else's to show. */
static void
tls_resume_reading(struct transport *transport)
{
	struct tls *t = tls_of_transport(transport);

	if (t->reading != TLS_PAUSED)
		return;
	t->reading = TLS_RESUMED;
	if (t->state == TLS_OPEN)
		reactor_call_soon(t->reactor, &t->call);
}

/* Also from within data_received, before it is known what it leaves over. */
static void
tls_protocol_changed(struct transport *transport)
{
	struct tls *t = tls_of_transport(transport);

	if (t->reading == TLS_PAUSED)
		return;
	t->reading = TLS_RESUMED;
	if (t->state == TLS_OPEN)
		reactor_call_soon(t->reactor, &t->call);
}

static void
tls_set_timeout(struct transport *transport, uint64_t timeout_ns)
{
	transport_set_timeout(
	    tls_of_transport(transport)->lower.transport, timeout_ns);
}

static int
tls_local_address(struct transport *transport, struct reactor_address *a)
{
	return transport_local_address(
	    tls_of_transport(transport)->lower.transport, a);
}

static int
tls_remote_address(struct transport *transport, struct reactor_address *a)
{
	return transport_remote_address(
	    tls_of_transport(transport)->lower.transport, a);
}

static const char *
tls_reason(struct transport *transport)
{
	struct tls *t = tls_of_transport(transport);
	const char *words = reactor_tls_strerror(t->reason);
	const char *why = reactor_tls_engine_words(t->engine);

	if (words == NULL)
		return reactor_strerror(t->reason);
	return why[0] != '\0' && t->reason != REACTOR_TLS_E_TIMEOUT ?
	    why : words;
}

static const struct transport_ops tls_transport_ops = {
	.writev = tls_writev,
	.unsent = tls_unsent,
	.lose_connection = tls_lose_connection,
	.abort_connection = tls_abort_connection,
	.half_close = tls_half_close,
	.pause_reading = tls_pause_reading,
	.resume_reading = tls_resume_reading,
	.protocol_changed = tls_protocol_changed,
	.marks_changed = tls_marks_changed,
	.set_timeout = tls_set_timeout,
	.local_address = tls_local_address,
	.remote_address = tls_remote_address,
	.reason = tls_reason,
};

/* ---- making ---- */

static struct tls *
tls_new(struct reactor_tls_settings *settings,
    const struct reactor_tls_peer *peer, struct protocol *p)
{
	struct tls *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->engine = reactor_tls_engine_new(settings,
	    peer != NULL ? peer->host : NULL,
	    peer != NULL && peer->host != NULL ? peer->host_len : 0,
	    peer != NULL ? peer->port : 0);
	if (t->engine == NULL) {
		free(t);
		return NULL;
	}
	t->reactor = settings->reactor;
	t->transport.ops = &tls_transport_ops;
	t->transport.protocol = p;
	t->transport.leftover_limit = TLS_LIMIT;
	t->transport.high_water = TLS_HIGH_WATER;
	t->lower.ops = &tls_lower_ops;
	t->timeout_ns = peer != NULL && peer->timeout_ns != 0 ?
	    peer->timeout_ns : tls_handshake_ns;
	reactor_call_init(&t->call, tls_called);
	return t;
}

struct protocol *
reactor_tls_wrap(struct reactor_tls_settings *settings,
    const struct reactor_tls_peer *peer, struct protocol *p)
{
	struct tls *t = tls_new(settings, peer, p);

	if (t == NULL)
		return NULL;
	p->transport = &t->transport;
	return &t->lower;
}

void
reactor_tls_discard(struct protocol *below)
{
	struct tls *t = tls_of_protocol(below);

	tls_die(t, 0);
	tls_free(t);
}

int
reactor_tls_start(struct reactor_tls_settings *settings,
    const struct reactor_tls_peer *peer, struct transport *below,
    struct protocol *p)
{
	struct tls *t = tls_new(settings, peer, p);

	if (t == NULL)
		return -ENOMEM;
	p->transport = &t->transport;
	transport_set_protocol(below, &t->lower);
	transport_resume_reading(below);
	tls_begin(t);
	return 0;
}

/* ---- facts ---- */

bool
reactor_tls_facts(
    const struct transport *transport, struct reactor_tls_facts *facts)
{
	const struct tls *t = tls_of_transport(transport);

	if (transport->ops != &tls_transport_ops || !t->was_made)
		return false;
	reactor_tls_engine_facts(t->engine, facts);
	return true;
}
