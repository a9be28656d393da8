/*
 * delayed.h - answers of a server that come after a while.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_DELAYED_H
#define BIN_DELAYED_H

#include <stdint.h>

#include "../http/http_server.h"
#include "../reactor/reactor.h"
#include "record.h"

/* How long to wait, and by whose clock. */
struct delayed_clock {
	struct reactor *reactor;
	uint64_t delay_ns;
};

/*
 * Gives an answer later, or at once if the delay is 0.  Its content is that
 * of *body, which is taken over and empty afterwards; fields and all other
 * texts must be constants.  Uses the request's ctx.
 */
void delayed_answer(const struct delayed_clock *, struct http_server_request *,
    const struct http_server_answer *, struct record *body);

/* The `gone` of each resource that uses delayed_answer. */
void delayed_gone(struct http_resource *, struct http_server_request *);

#endif
