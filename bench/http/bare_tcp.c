/*
 * bare_tcp.c - the bytes of the bare client, by TCP alone.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#include <sys/socket.h>

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "bare.h"

void
bare_wire_init(const char *ca, const char *host)
{
	(void)host;
	if (ca != NULL)
		bare_die("this is the client without TLS");
}

bool
bare_wire_make(struct bare_peer *p)
{
	(void)p;
	return true;
}

void
bare_wire_send(struct bare_peer *p, const char *at, size_t len)
{
	if (send(p->fd, at, len, MSG_NOSIGNAL) != (ssize_t)len)
		bare_die("send");
}

ssize_t
bare_wire_recv(struct bare_peer *p, char *at, size_t room)
{
	ssize_t n = recv(p->fd, at, room, 0);

	if (n < 0 && errno != EAGAIN)
		bare_die("recv");
	return n;
}

bool
bare_wire_pending(struct bare_peer *p)
{
	(void)p;
	return false;
}

void
bare_wire_close(struct bare_peer *p)
{
	close(p->fd);
}
