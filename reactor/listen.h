/*
 * listen.h - ports: where connections come in, and the factory that makes a
 * protocol for each.
 *
 * Copy: listen.h listen.c stream.h stream.c buffer.h buffer.c transport.h
 *     transport.c address.h address.c words.h words.c CORE(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_LISTEN_H
#define REACTOR_LISTEN_H

#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

struct protocol_factory;
struct reactor_listener;

/* What a factory does. */
struct protocol_factory_ops {
	/*
	 * The protocol for a new connection from `from` (borrowed), or NULL
	 * to close it at once.  connection_made follows.
	 */
	struct protocol *(*build_protocol)(struct protocol_factory *,
	    const struct reactor_address *from);

	/*
	 * The port can accept no more (a negative errno), since the
	 * descriptor does not listen or the poller refuses it.  It closes,
	 * and `stopped` follows.  May be NULL.
	 */
	void (*failed)(struct protocol_factory *, int error);

	/* The port is closed and calls no more.  May be NULL. */
	void (*stopped)(struct protocol_factory *);
};

/* What a user's struct embeds. */
struct protocol_factory {
	const struct protocol_factory_ops *ops;
};

/* How to listen; all zero is a good choice. */
struct reactor_listen_options {
	int backlog;		/* 0: 1024 */
};

/*
 * Listens at an address; port 0 means any that is free.  The file of a UNIX
 * socket which nobody has any more is replaced; any other file is left, and
 * the address is in use.  The factory is the
 * caller's and must stay until `stopped`; the listener is the reactor's.
 * 0, -ENOMEM, or an error of socket(2), bind(2) or listen(2): -EADDRINUSE,
 * say.
 */
int reactor_listen(struct reactor *, const struct reactor_address *at,
    const struct reactor_listen_options *, struct protocol_factory *,
    struct reactor_listener **);

/*
 * As above, for a socket that listens already (from a parent process).  When
 * this fails, the socket stays the caller's.
 */
int reactor_adopt_listener(struct reactor *, int fd, struct protocol_factory *,
    struct reactor_listener **);

/*
 * The address that the port is bound to, with its real number; -ENOTCONN once
 * it is closed.
 */
int reactor_listener_address(
    struct reactor_listener *, struct reactor_address *);

/* Accepts no more until resumed; connections wait in the backlog. */
void reactor_listener_pause(struct reactor_listener *);

/* Accepts again. */
void reactor_listener_resume(struct reactor_listener *);

/*
 * Closes the port; factory->ops->stopped is called when the turn reaps.
 * Connections that were accepted stay.
 */
void reactor_listener_stop(struct reactor_listener *);

#ifdef __cplusplus
}
#endif

#endif
