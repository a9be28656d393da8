/*
 * udp.h - datagrams: a socket, and the receiver that is told what comes.
 */
#ifndef REACTOR_UDP_H
#define REACTOR_UDP_H

#include <stddef.h>

#include "address.h"

struct datagram_receiver;
struct reactor;
struct udp_port;

/* What a receiver does.  Any of these may close the port. */
struct datagram_receiver_ops {
	/* One datagram, possibly empty; all borrowed until it returns. */
	void (*datagram_received)(struct datagram_receiver *, const char *at,
	    size_t len, const struct address *from);

	/*
	 * Something did not arrive: on a connected port -ECONNREFUSED,
	 * -EHOSTUNREACH and their like.  The port lives on.
	 */
	void (*datagram_failed)(struct datagram_receiver *, int error);

	/* The port is closed and calls no more; the last call. */
	void (*port_closed)(struct datagram_receiver *);
};

/* What a user's struct embeds. */
struct datagram_receiver {
	const struct datagram_receiver_ops *ops;
};

/* How a port is opened; all zero: unbound port of `family`. */
struct udp_options {
	int family;			/* AF_INET or AF_INET6; 0: that of
					   `to` or `from` */
	const struct address *from;	/* bind to this, or NULL for any */
	const struct address *to;	/* only peer, or NULL for any */
	int receive_buffer;		/* bytes of SO_RCVBUF; 0: default */
};

/*
 * Opens a port, at once; the port is the reactor's, the receiver the
 * caller's until port_closed.  Options are not kept.
 */
int reactor_open_udp(struct reactor *, const struct udp_options *,
    struct datagram_receiver *, struct udp_port **);

/*
 * Sends one datagram; `to` is NULL on a connected port.  It goes out at
 * once or, as datagrams may, is lost: -EAGAIN when the kernel has no room,
 * -EMSGSIZE when it is too long, or any errno of sendto(2).
 */
int udp_send(struct udp_port *, const void *at, size_t len,
    const struct address *to);

/* The address it is bound to, with its real port. */
int udp_local_address(struct udp_port *, struct address *);

/* Receives no more until resumed. */
void udp_pause(struct udp_port *);
/* Receives again. */
void udp_resume(struct udp_port *);

/* Closes the port; port_closed follows when the turn reaps. */
void udp_close(struct udp_port *);

#endif
