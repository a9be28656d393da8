/*
 * dns_world.h - what tests of connecting share: a simulated world with a
 * name server, hosts of all sorts, and one that echoes; and a protocol that
 * takes down what happens to it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_DNS_WORLD_H
#define SPINDLE_TEST_DNS_WORLD_H

#include "../dns/dns_connect.h"
#include "../dns/dns_server.h"
#include "../reactor/listen.h"
#include "../reactor/reactor.h"
#include "sim.h"

/* A unit of time, and listeners at most. */
enum { MILLISECOND = 1000000, ADDRESSES = 4 };

/* What is at the other end of a connection. */
enum world_habit {
	WORLD_ECHO,			/* over TLS, if there are settings */
	WORLD_MUTE,			/* hears, and says nothing */
	WORLD_SAYS,			/* says the same to everything */
	WORLD_CUTS,			/* closes at the first byte */
	WORLD_RESETS			/* or resets */
};

/* The world of one test. */
struct world {
	struct sim *sim;
	struct reactor *reactor;
	struct dns_server *server;
	struct dns_resolver *resolver;
	struct protocol_factory factory;
	struct reactor_listener *listeners[ADDRESSES];
	int built;			/* connections at the listeners; */
	int accepted, dropped;		/* those that were made, and lost */
	int open_fds;			/* at rest; -1: they come and go */

	/* Set by tests after world_open. */
	enum world_habit habit;
	const char *says;
	size_t says_len;
	struct reactor_tls_settings *tls;	/* of the listeners; or NULL */
};

/* The caller's protocol, and all that it and the deferred have seen. */
struct caller {
	struct protocol protocol;
	struct world *world;
	struct deferred *cancel;	/* to be cancelled by connection_made */
	int made, fired, lost;
	long code;			/* of the failure */
	char text[256];
};

/*
 * Makes a world; a negative errno if a reactor or a server cannot be made in
 * it.  To be closed in any case.
 */
int world_open(struct world *, const struct sim_options *);

/* Ends it and checks that nothing is left. */
void world_close(struct world *);

/*
 * An hour passes, in which whatever was left behind comes to light.  Then no
 * timer is left, and nothing is open but what was before.
 */
void world_pass_hour(struct world *);

/* Begins to connect; the caller takes down what comes of it. */
struct deferred *world_connect(struct world *, struct caller *,
    const char *name, const struct dns_connect_options *);

/* Connects, lets an hour pass without a byte, and then has one echoed. */
void world_outlive(struct world *, const char *name,
    const struct dns_connect_options *);

/* Turns the loop until the caller is told, and its connection is gone. */
void world_run(struct world *, struct caller *);

#endif
