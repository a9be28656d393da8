/*
 * listen.h - ports: where connections come in, and the factory that makes a
 * protocol for each.
 */
#ifndef REACTOR_LISTEN_H
#define REACTOR_LISTEN_H

#include "transport.h"

struct factory;
struct listener;

/* What a factory does. */
struct factory_ops {
	/*
	 * The protocol for a new connection from `from` (borrowed), or NULL
	 * to close it at once.  connection_made follows.
	 */
	struct protocol *(*build_protocol)(struct factory *,
	    const struct address *from);

	/* The port is closed and calls no more.  May be NULL. */
	void (*stopped)(struct factory *);
};

/* What a user's struct embeds. */
struct factory {
	const struct factory_ops *ops;
};

/* How to listen; all zero is a good choice. */
struct reactor_listen_options {
	int backlog;		/* 0: 1024 */
};

/*
 * Listens at an address, port 0 for any free one; a stale UNIX socket that
 * nobody listens at is replaced.  The factory is the caller's and stays
 * until `stopped`.  The listener is the reactor's.
 * Errors of bind(2) and listen(2) are returned at once, -EADDRINUSE say.
 */
int reactor_listen(struct reactor *, const struct address *at,
    const struct reactor_listen_options *, struct factory *,
    struct listener **);

/*
 * As above, for a socket that listens already (from a parent process); in
 * failure it stays the caller's.
 */
int reactor_adopt_listener(struct reactor *, int fd, struct factory *,
    struct listener **);

/* The address it is bound to, with its real port. */
int listener_address(struct listener *, struct address *);

/* Accepts no more until resumed; connections wait in the backlog. */
void listener_pause(struct listener *);

/* Accepts again. */
void listener_resume(struct listener *);

/*
 * Closes the port; factory->ops->stopped follows when the turn reaps.
 * Connections that were accepted live on.
 */
void listener_stop(struct listener *);

#endif
