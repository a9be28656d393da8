/*
 * tls_kit.h - what the programs beside this file share, which speak TLS by
 * reactor/tls with peers that are real: words for errors, addresses, and a
 * client that writes down what it is told.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_TLS_KIT_H
#define SPINDLE_TEST_TLS_KIT_H

#include "../../reactor/address.h"
#include "../../reactor/connect.h"
#include "../../reactor/listen.h"
#include "../../reactor/reactor.h"
#include "../../reactor/tls.h"
#include "../alloc.h"
#include "../check.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A loop that was begun must not end a test by waiting for ever. */
static inline void
tls_kit_fatal(const char *what, int error)
{
	printf("Bail out! %s: %d\n", what, error);
	exit(99);
}

/* A word for an error, without the space that a sentence would have. */
static inline const char *
tls_kit_word(int error)
{
	switch (error) {
	case 0: return "orderly";
	case REACTOR_TLS_E_LIBRARY: return "library";
	case REACTOR_TLS_E_TRUST: return "trust";
	case REACTOR_TLS_E_FILE: return "file";
	case REACTOR_TLS_E_CERTIFICATE: return "certificate";
	case REACTOR_TLS_E_NOT_TLS: return "not-tls";
	case REACTOR_TLS_E_VERSION: return "version";
	case REACTOR_TLS_E_ALERT: return "alert";
	case REACTOR_TLS_E_PROTOCOL: return "protocol";
	case REACTOR_TLS_E_TRUNCATED: return "truncated";
	case REACTOR_TLS_E_TIMEOUT: return "timeout";
	case -ECONNRESET: return "reset";
	case -EPIPE: return "pipe";
	case -ECONNREFUSED: return "refused";
	case -ECANCELED: return "canceled";
	case -ECONNABORTED: return "aborted";
	case -ETIMEDOUT: return "idle";
	case -ENOMEM: return "no-memory";
	default: return "other";
	}
}

/* 127.0.0.1 and a port. */
static inline struct reactor_address
tls_kit_address(unsigned port)
{
	struct reactor_address a;

	if (reactor_address_parse(&a, "127.0.0.1", 9, (uint16_t)port) != 0)
		tls_kit_fatal("127.0.0.1", 0);
	return a;
}

/* ---- a client that asks for a page, and what becomes of it ---- */

struct tls_kit_client {
	struct protocol protocol;
	struct reactor *reactor;
	struct reactor_tls_settings *settings;
	unsigned port;			/* where it connects */
	uint64_t timeout_ns;		/* of the handshake */
	bool made, failed;
	int farewells, reason;
	size_t received;		/* bytes of the answer */
	unsigned long sum;		/* of those behind the head */
	char why[256];			/* the transport's words */
};

static inline void
tls_kit_farewell(struct protocol *p, int reason)
{
	struct tls_kit_client *c = (struct tls_kit_client *)p;

	c->farewells++;
	c->reason = reason;
	snprintf(c->why, sizeof(c->why), "%s", transport_reason(p->transport));
}

static inline void
tls_kit_failed(struct protocol *p, int reason)
{
	((struct tls_kit_client *)p)->failed = true;
	tls_kit_farewell(p, reason);
}

static inline void
tls_kit_made(struct protocol *p)
{
	static const char ask[] = "GET /page HTTP/1.0\r\n\r\n";
	struct tls_kit_client *c = (struct tls_kit_client *)p;

	c->made = true;
	transport_write(p->transport, ask, sizeof(ask) - 1);
}

static inline size_t
tls_kit_data(struct protocol *p, const char *at, size_t len)
{
	struct tls_kit_client *c = (struct tls_kit_client *)p;
	size_t i;

	/* The head has a date, and less than 400 bytes. */
	for (i = 0; i < len; i++)
		if (c->received++ >= 400)
			c->sum += (unsigned char)at[i];
	return len;
}

static const struct protocol_ops tls_kit_client_ops = {
	tls_kit_made, tls_kit_data, tls_kit_farewell, tls_kit_failed,
	NULL, NULL, NULL
};

/* Begins a connection; what it is told before is forgotten. */
static inline int
tls_kit_begin(struct tls_kit_client *c)
{
	struct tls_kit_client fresh = { 0 };
	struct reactor_tls_peer peer = { "good.test", 9, 443, 0 };
	struct reactor_address to = tls_kit_address(c->port);
	struct protocol *below;
	int error;

	fresh.protocol.ops = &tls_kit_client_ops;
	fresh.reactor = c->reactor;
	fresh.settings = c->settings;
	fresh.port = c->port;
	fresh.timeout_ns = c->timeout_ns;
	*c = fresh;
	peer.timeout_ns = c->timeout_ns;
	below = reactor_tls_wrap(c->settings, &peer, &c->protocol);
	if (below == NULL)
		return -ENOMEM;
	error = reactor_connect(c->reactor, &to, NULL, below);
	if (error != 0)
		reactor_tls_discard(below);
	return error;
}

#endif
