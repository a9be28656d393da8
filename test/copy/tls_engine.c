/*
 * tls_engine.c - makes an engine, which wants to speak to a peer; its first
 * record goes to a transport that counts it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "tls_engine.h"

#include <stdio.h>

#include "poller.h"
#include "reactor.h"

/* This program has one poller. */
const struct poller_ops *const poller_list[] = { &poller_epoll, NULL };

static size_t sent;

static void
count(struct transport *t, const struct iovec *pieces, int n)
{
	(void)t;
	while (n-- > 0)
		sent += pieces[n].iov_len;
}

int
main(void)
{
	const struct reactor_tls_options options = { .unverified = true };
	const struct transport_ops ops = { .writev = count };
	struct transport below = { .ops = &ops };
	struct reactor_tls_settings *s;
	struct reactor_tls_engine *e;
	char why[REACTOR_TLS_WHY];
	struct reactor *r;
	int done;

	if (reactor_new(&r, NULL) != 0)
		return 1;
	if (reactor_tls_settings_new(&s, r, &options, why) != 0) {
		puts(why);
		return 0;
	}
	e = reactor_tls_engine_new(s, "a.test", 6, 443);
	if (e == NULL)
		return 1;
	e->below = &below;
	done = reactor_tls_engine_handshake(e);
	reactor_tls_engine_free(e);
	reactor_tls_settings_free(s);
	reactor_free(r);
	return done != 0 || sent < 100;
}
