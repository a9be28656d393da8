/*
 * loopback.c - asks the kernel itself, without the code under test.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "loopback.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool
loopback_binds(int family, const struct sockaddr *at, socklen_t len)
{
	int fd = socket(family, SOCK_STREAM, 0);
	bool bound = fd >= 0 && bind(fd, at, len) == 0;

	if (fd >= 0)
		close(fd);
	return bound;
}

bool
loopback_has(const char *address)
{
	struct sockaddr_in6 six = {
		.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	struct sockaddr_in four = { .sin_family = AF_INET };

	if (strchr(address, ':') != NULL)
		return loopback_binds(AF_INET6, (struct sockaddr *)&six,
		    sizeof(six));
	four.sin_addr.s_addr = htonl(0x7f000001);
	return loopback_binds(AF_INET, (struct sockaddr *)&four,
	    sizeof(four));
}

const char *
loopback_any(void)
{
	return loopback_has("127.0.0.1") || !loopback_has("::1") ?
	    "127.0.0.1" : "::1";
}
