/*
 * stream.h - how a stream is made: the transport over a byte stream, that is
 * a TCP or UNIX socket or an inherited descriptor.
 *
 * For the files that make transports: connect.c, listen.c, descriptor.c.  A
 * program uses those, and then transport.h.
 *
 * Copy: stream.h stream.c buffer.h buffer.c transport.h transport.c
 *     address.h address.c words.h words.c CORE(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_STREAM_H
#define REACTOR_STREAM_H

#include <stdint.h>

#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is known of a stream from the beginning: a sum of these, or 0. */
enum {
	REACTOR_STREAM_LINGERS = 1,	/* when it closes: it was accepted */
	REACTOR_STREAM_MAY_BLOCK = 2,	/* an inherited descriptor */
	REACTOR_STREAM_ONLY_WRITES = 4,
	REACTOR_STREAM_IS_FILE = 8,	/* always ready, as pollers see it */
	REACTOR_STREAM_KEEPS_FD = 16	/* which is not closed at the end */
};

/*
 * How a stream gets its descriptor once the loop runs.  First member of what
 * malloc(3) returned: the stream frees it.
 */
struct reactor_stream_connector {
	/*
	 * Makes the socket and connects it.  Stores the descriptor as soon
	 * as there is one: the stream closes it, also after an error.
	 * 0 if it is connected, -EINPROGRESS, or another negative errno.
	 */
	int (*connect)(
	    struct reactor_stream_connector *, struct reactor *, int *fd);
	uint64_t timeout_ns;		/* while in progress; 0: no limit */
};

/*
 * Makes a stream, which belongs to the reactor; `traits` are the constants
 * above.  The protocol, if it is not NULL, gets it as its transport.  What
 * is written before the stream opens is kept.
 * NULL when there is no memory, and then the descriptor stays open.
 */
struct transport *reactor_stream_new(
    struct reactor *, int fd, unsigned traits, struct protocol *);

/* Has the loop open the stream, once the connector (or NULL) has done so. */
void reactor_stream_open_soon(
    struct transport *, struct reactor_stream_connector *);

/* Opens a connected stream now: calls connection_made. */
void reactor_stream_open(struct transport *);

#ifdef __cplusplus
}
#endif

#endif
