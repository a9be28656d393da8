/*
 * http_raw.c - see http_raw.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http_raw.h"

#include <stdlib.h>
#include <string.h>

static void
raw_say(struct reactor_call *call)
{
	struct raw *r = reactor_container_of(call, struct raw, more);
	size_t n = r->len - r->said;

	if (r->lost)
		return;
	if (r->piece != 0 && n > r->piece)
		n = r->piece;
	transport_write(r->protocol.transport, r->say + r->said, n);
	r->said += n;
	if (r->said < r->len)
		reactor_call_soon(r->reactor, &r->more);
}

static void
raw_made(struct protocol *p)
{
	raw_say(&reactor_container_of(p, struct raw, protocol)->more);
}

static size_t
raw_received(struct protocol *p, const char *at, size_t len)
{
	struct raw *r = reactor_container_of(p, struct raw, protocol);
	char *more = realloc(r->heard, r->heard_len + len + 1);

	if (more == NULL)
		abort();
	r->heard = more;
	memcpy(r->heard + r->heard_len, at, len);
	r->heard_len += len;
	r->heard[r->heard_len] = '\0';
	return len;
}

static void
raw_lost(struct protocol *p, int reason)
{
	struct raw *r = reactor_container_of(p, struct raw, protocol);

	reactor_cancel_call(&r->more);
	r->lost++;
	r->reason = reason;
}

static const struct protocol_ops raw_ops = {
	.connection_made = raw_made, .data_received = raw_received,
	.connection_lost = raw_lost, .connect_failed = raw_lost,
};

void
raw_talk(struct raw *r, struct reactor *reactor,
    const struct reactor_address *to, const char *say, size_t len, size_t piece)
{
	size_t before;
	int quiet = 0;

	memset(r, 0, sizeof(*r));
	r->protocol.ops = &raw_ops;
	r->reactor = reactor;
	r->say = say;
	r->len = len;
	r->piece = piece;
	reactor_call_init(&r->more, raw_say);
	if (reactor_connect(reactor, to, NULL, &r->protocol) != 0)
		abort();
	while (quiet < 50 && !r->lost) {
		before = r->heard_len + r->said;
		reactor_iterate(reactor, 0);
		quiet = r->heard_len + r->said == before ? quiet + 1 : 0;
	}
}

void
raw_end(struct raw *r)
{
	if (!r->lost)
		transport_abort_connection(r->protocol.transport);
	while (!r->lost)
		reactor_iterate(r->reactor, 0);
	free(r->heard);
}
