/*
 * http_script.h - a server that plays what a test says: for each request it
 * gets, it sends the next bytes of the script, whole or in small pieces, and
 * then stays, closes or resets.  What it says need not be HTTP.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_HTTP_SCRIPT_H
#define SPINDLE_TEST_HTTP_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "../reactor/list.h"
#include "../reactor/listen.h"
#include "../reactor/reactor.h"

enum script_end {
	SCRIPT_STAY,		/* wait for the next request */
	SCRIPT_CLOSE,
	SCRIPT_RESET,
	SCRIPT_CUT,		/* with TLS: close without close_notify */
	SCRIPT_GARBLE,		/* with TLS: say more, but not by TLS */
	SCRIPT_REPEAT		/* stay, and say the same to all requests */
};

/* What one request is answered with. */
struct script_step {
	const char *say;
	size_t len;		/* 0: strlen */
	size_t piece;		/* bytes sent in one turn; 0: all */
	enum script_end end;
};

/* The server, the test's memory. */
struct script {
	struct protocol_factory factory;
	struct reactor *reactor;
	/* Set by tests: */
	struct reactor_tls_settings *tls;	/* of a server; or NULL */
	bool mends;		/* answers what begins like TLS by a 400 */
	size_t leftover;	/* longest request; 0: 64 KiB */
	struct reactor_listener *listener;
	unsigned port;
	const struct script_step *steps, *end;
	struct reactor_list peers;
	int connections;	/* accepted so far */
	int lost;		/* and gone again */
	int requests;		/* heads received */
	char heard[65536];	/* the last request, with its content */
	size_t heard_len;
	char log[65536];	/* all requests */
	size_t log_len;
};

/* Listens at an address, on any port. */
void script_open(struct script *, struct reactor *, const char *address);

/* From now on, plays `count` steps. */
void script_play(struct script *, const struct script_step *, size_t count);

/* Sends bytes that nobody asked for on all connections. */
void script_blurt(struct script *, const char *say);

/* Closes port and connections; run the reactor once more after it. */
void script_close(struct script *);

/* Plays an array of steps. */
#define SCRIPT_PLAY(s, steps) \
	script_play((s), (steps), sizeof(steps) / sizeof((steps)[0]))

#endif
