/*
 * bare.h - what carries the bytes of the bare client (bare.c): TCP as it is
 * (bare_tcp.c), or TLS by libssl on the descriptor (bare_tls.c).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct bare_peer {
	int fd;
	bool connected;		/* TCP's handshake is done */
	bool made;		/* all below is done: requests can go */
	void *tls;		/* bare_tls.c's */
	char *rest;		/* a response that came in pieces, else NULL */
	size_t rest_len;
};

/* Ends the program: nothing here recovers. */
void bare_die(const char *what);

/* ca: the file of certificates to trust, or NULL; host: a numeric address. */
void bare_wire_init(const char *ca, const char *host);

/* Goes on with what must be done before requests; true: it is done. */
bool bare_wire_make(struct bare_peer *);

/* All of it, or the program ends. */
void bare_wire_send(struct bare_peer *, const char *at, size_t len);

/* As recv(2) does, in one call; -1 only if nothing is there now. */
ssize_t bare_wire_recv(struct bare_peer *, char *at, size_t room);

/* Has it taken bytes from the descriptor that recv did not show? */
bool bare_wire_pending(struct bare_peer *);

void bare_wire_close(struct bare_peer *);

#endif
