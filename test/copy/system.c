/*
 * system.c - a pipe, through the table of what the system can do.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "system.h"

#include <errno.h>
#include <string.h>

int
main(void)
{
	const struct reactor_system *s = &reactor_system_posix;
	uint64_t before = s->now_ns(s);
	char bytes[8];
	int fds[2];

	if (s->pipe(s, fds) != 0)
		return 1;
	if (s->read(s, fds[0], bytes, sizeof(bytes)) != -EAGAIN)
		return 2;		/* it does not block */
	if (s->write(s, fds[1], "hello", 5) != 5 ||
	    s->read(s, fds[0], bytes, sizeof(bytes)) != 5 ||
	    memcmp(bytes, "hello", 5) != 0)
		return 3;
	s->close(s, fds[0]);
	s->close(s, fds[1]);
	return s->now_ns(s) >= before ? 0 : 4;
}
