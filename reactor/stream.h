/*
 * stream.h - the transport over a byte stream: TCP and UNIX sockets, and
 * inherited descriptors; for the files of this folder.
 *
 *   CONNECTING --> OPEN --lose--> FLUSHING --> [LINGERING] --> DEAD
 *        |           |                |             |           ^
 *        +-----------+----- error, abort, end ------+-----------+
 *
 * Only stream_lose() enters DEAD; the farewell to the protocol comes when
 * the loop reaps.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_STREAM_H
#define REACTOR_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reactor.h"
#include "system.h"
#include "transport.h"
#include "watch.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where in its life a stream is. */
enum reactor_stream_state {
	STREAM_CONNECTING,
	STREAM_OPEN,
	STREAM_FLUSHING,	/* sends what was written, then closes */
	STREAM_LINGERING,	/* has sent FIN and drops what comes */
	STREAM_DEAD		/* waits to be reaped */
};

/* Bytes from head to tail in memory of `capacity` bytes, or none at all. */
struct reactor_stream_buffer {
	char *at;
	size_t head, tail, capacity;
};

/* A stream.  It frees itself when it is reaped. */
struct reactor_stream {
	struct transport transport;
	struct reactor_watch watch;
	struct reactor_timer timer; /* connecting, idle or lingering */
	struct reactor_call call;	/* what must be told from the loop */
	void *connecting;		/* connect.c's, freed with the stream */
	struct reactor_stream_buffer rest;	/* received and not used */
	struct reactor_stream_buffer unsent;	/* written and not sent */
	size_t linger_left;		/* bytes */
	uint64_t timeout_ns;
	int reason;			/* of the farewell */
	int write_error;		/* the peer reads no more: why */
	enum reactor_stream_state state;
	bool is_socket;			/* else inherited: may block */
	bool was_made;			/* connection_made was called */
	bool accepted;			/* lingers when it closes */
	bool paused;			/* by pause_reading */
	bool read_ended;		/* end of file was received */
	bool end_told;			/* and the protocol knows of it */
	bool half_closing, fin_sent;
	bool write_paused;		/* the protocol was told, or will be */
	bool show_rest, tell_paused;	/* what `call` is to do */
};

/* The table behind transport.h (stream_transport.c). */
extern const struct transport_ops stream_transport_ops;

/*
 * Makes a stream over a socket for a protocol, whose transport it becomes.
 * fd may be -1, and the protocol NULL, as long as it is only CONNECTING.
 * NULL when there is no memory.
 */
struct reactor_stream *stream_new(struct reactor *, int fd, struct protocol *);

/* CONNECTING becomes OPEN, and the protocol hears of it. */
void stream_opened(struct reactor_stream *);

/* The same from the loop, for what is connected already. */
void stream_open_soon(struct reactor_stream *);

/* The only way to DEAD.  Does nothing the second time. */
void stream_lose(struct reactor_stream *, int reason);

/* Time is up: of connecting, of idling, or of lingering. */
void stream_timed_out(struct reactor_timer *);

/* Something was received or sent: the idle time begins anew. */
void stream_touch(struct reactor_stream *);

/* Tells the watch what the state and the buffers want. */
void stream_update_interest(struct reactor_stream *);

/* Tells the trace which function of the protocol is called now. */
void stream_note(
    const struct reactor_stream *, const char *what, int64_t number);

/* Asks for a call of stream_notify from the loop. */
void stream_call_soon(struct reactor_stream *);

/* Tells the protocol what came up while it was calling transport_*. */
void stream_notify(struct reactor_call *);

/* The stream of a transport that is known to be one. */
static inline struct reactor_stream *
stream_of(struct transport *t)
{
	return (struct reactor_stream *)t;
}

/* The stream that a watch is embedded in. */
static inline struct reactor_stream *
stream_of_watch(struct reactor_watch *w)
{
	return (struct reactor_stream *)((char *)w -
	    offsetof(struct reactor_stream, watch));
}

/* The stream that a call is embedded in. */
static inline struct reactor_stream *
stream_of_call(struct reactor_call *c)
{
	return (struct reactor_stream *)((char *)c -
	    offsetof(struct reactor_stream, call));
}

/* ---- stream_read.c ---- */

/* The descriptor is readable. */
void stream_readable(struct reactor_watch *);

/* Shows the protocol what it has not used yet, and the end if it came. */
void stream_show_rest(struct reactor_stream *);

/* Has that done from the loop, if there is anything to show. */
void stream_show_rest_soon(struct reactor_stream *);

/* ---- stream_write.c ---- */

/* As transport_writev. */
void stream_writev(struct transport *, const struct iovec *, int count);

/* The descriptor is writable. */
void stream_flush(struct reactor_stream *);

/* Tells the protocol when the low water mark is reached after a pause. */
void stream_check_low_water(struct reactor_stream *);

/* When all is sent: does what waited for that. */
void stream_flushed(struct reactor_stream *);

/* ---- stream_buffer.c ---- */

/* Makes room for `more` bytes at the tail; -ENOMEM, and nothing changed. */
int stream_buffer_reserve(struct reactor_stream_buffer *, size_t more);

/* Adds a copy of len bytes; -ENOMEM, and nothing changed. */
int stream_buffer_append(
    struct reactor_stream_buffer *, const char *at, size_t len);

/* Drops len bytes at the head; an empty buffer gives its memory back. */
void stream_buffer_consume(struct reactor_stream_buffer *, size_t len);

/* Frees the memory. */
void stream_buffer_free(struct reactor_stream_buffer *);

/* How many bytes there are. */
static inline size_t
stream_buffer_len(const struct reactor_stream_buffer *b)
{
	return b->tail - b->head;
}

#ifdef __cplusplus
}
#endif

#endif
