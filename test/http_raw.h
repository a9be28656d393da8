/*
 * http_raw.h - a client that sends what a test says, split anywhere, and
 * keeps what it hears.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_HTTP_RAW_H
#define SPINDLE_TEST_HTTP_RAW_H

#include <stddef.h>

#include "../reactor/connect.h"
#include "../reactor/reactor.h"

struct raw {
	struct protocol protocol;
	struct reactor *reactor;
	struct reactor_call more;
	const char *say;
	size_t len, said, piece;
	char *heard;
	size_t heard_len;
	int lost, reason;
};

/*
 * Connects, says len bytes, `piece` a turn (0: all), and listens until many
 * turns have brought nothing, or the connection is lost.
 */
void raw_talk(struct raw *, struct reactor *, const struct reactor_address *to,
    const char *say, size_t len, size_t piece);

/* Hangs up and frees what was heard. */
void raw_end(struct raw *);

#endif
