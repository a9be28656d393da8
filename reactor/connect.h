/*
 * connect.h - outgoing connections to an address, TCP or UNIX, and sockets
 * that are connected already.
 *
 * Copy: connect.h connect.c stream.h stream.c buffer.h buffer.c transport.h
 *     transport.c address.h address.c words.h words.c CORE(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_CONNECT_H
#define REACTOR_CONNECT_H

#include <stdint.h>

#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How to connect; all zero is a good choice. */
struct reactor_connect_options {
	uint64_t timeout_ns;		/* of the attempt; 0: the kernel's */
	const struct reactor_address *from; /* bind to this first; or NULL */
};

/*
 * Connects to an address for a protocol, which gets its transport at once
 * and connection_made or connect_failed from the loop.  The kernel is asked
 * for nothing before the loop runs.  Address and options are copied.  The
 * protocol gives up by transport_abort_connection.
 * 0 or -ENOMEM; then the protocol is not called.
 */
int reactor_connect(struct reactor *, const struct reactor_address *to,
    const struct reactor_connect_options *, struct protocol *);

/*
 * Makes a transport of a connected stream socket, which belongs to the
 * reactor from now on: it is closed also when this fails.  connection_made
 * comes from the loop.
 * 0, -ENOMEM, or a negative errno of fcntl(2).
 */
int reactor_adopt_socket(struct reactor *, int fd, struct protocol *);

#ifdef __cplusplus
}
#endif

#endif
