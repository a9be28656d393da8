/*
 * udp.h - datagrams: a port, and the receiver that is told what comes.
 *
 * Copy: udp.h udp.c address.h address.c CORE(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_UDP_H
#define REACTOR_UDP_H

#include <stddef.h>

#include "address.h"

#ifdef __cplusplus
extern "C" {
#endif

struct reactor_udp_receiver;
struct reactor;
struct reactor_udp_port;

/* What a receiver does.  Any of these may close the port. */
struct reactor_udp_receiver_ops {
	/* One datagram, possibly empty; all borrowed until it returns. */
	void (*datagram_received)(struct reactor_udp_receiver *, const char *at,
	    size_t len, const struct reactor_address *from);

	/*
	 * Something did not arrive: on a connected port -ECONNREFUSED,
	 * -EHOSTUNREACH and their like.  The port stays open, unless the
	 * reactor shuts down (-ECONNABORTED) or the poller refuses the port
	 * (-ENOSPC, -ENOMEM): then port_closed follows.  May be NULL.
	 */
	void (*datagram_failed)(struct reactor_udp_receiver *, int error);

	/* The port is closed and calls no more; the last call. */
	void (*port_closed)(struct reactor_udp_receiver *);
};

/* What a user's struct embeds. */
struct reactor_udp_receiver {
	const struct reactor_udp_receiver_ops *ops;
};

/* How a port is opened. */
struct reactor_udp_options {
	int family;	/* AF_INET or AF_INET6; without `to` and `from` */
	const struct reactor_address *from;	/* bind to this; NULL: any */
	const struct reactor_address *to;	/* only peer; NULL: any */
	int receive_buffer;	/* SO_RCVBUF, bytes; 0: the system's */
};

/*
 * Opens a port, at once.  The port is the reactor's; the receiver is the
 * caller's and must stay until port_closed.  Options are not kept.
 * 0, -ENOMEM, or an error of socket(2), bind(2) or connect(2).
 */
int reactor_open_udp(struct reactor *, const struct reactor_udp_options *,
    struct reactor_udp_receiver *, struct reactor_udp_port **);

/*
 * Sends one datagram, now or never; `to` is NULL on a connected port.
 * 0, -EAGAIN when the kernel has no room, -EMSGSIZE when it is too long,
 * -EBADF when the port is closed, or another errno of sendto(2).
 */
int reactor_udp_send(struct reactor_udp_port *, const void *at, size_t len,
    const struct reactor_address *to);

/* The address that it is bound to, with its real port number. */
int reactor_udp_local_address(
    struct reactor_udp_port *, struct reactor_address *);

/* Receives no more until resumed. */
void reactor_udp_pause(struct reactor_udp_port *);

/* Receives again. */
void reactor_udp_resume(struct reactor_udp_port *);

/* Closes the port; port_closed is called when the turn reaps. */
void reactor_udp_close(struct reactor_udp_port *);

#ifdef __cplusplus
}
#endif

#endif
