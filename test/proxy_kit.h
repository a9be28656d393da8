/*
 * proxy_kit.h - a proxy for tests: it says what a test wants to each CONNECT,
 * and forwards what comes then.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_PROXY_KIT_H
#define SPINDLE_TEST_PROXY_KIT_H

#include <stdbool.h>
#include <stddef.h>

#include "../reactor/list.h"
#include "../reactor/listen.h"
#include "../reactor/reactor.h"

/* The proxy, the test's memory. */
struct proxy_kit {
	struct protocol_factory factory;
	struct reactor *reactor;
	struct reactor_listener *listener;
	unsigned port;
	struct reactor_list halves;
	/* Set by tests: */
	const char *say;	/* to a CONNECT */
	size_t piece;		/* bytes of that in one turn; 0: all */
	bool forward;		/* then; else it closes */
	bool silent;		/* says and does nothing at all */
	unsigned to;		/* the port of 127.0.0.1 to forward to */
	/* Seen: */
	int requests;
	char heard[16384];	/* the last head */
};

/* Listens at 127.0.0.1, at any port. */
void proxy_kit_open(struct proxy_kit *, struct reactor *);

/* Closes all; run the reactor once more after it. */
void proxy_kit_close(struct proxy_kit *);

#endif
