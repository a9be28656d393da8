/*
 * full_pipe.h - a pipe whose reader is slow, for tests of what is written.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_FULL_PIPE_H
#define SPINDLE_TEST_FULL_PIPE_H

#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

/* Fills a pipe whose other end nobody reads; returns how full it is. */
static inline size_t
fill_pipe(int fd)
{
	static const char zeros[PIPE_BUF];
	int flags = fcntl(fd, F_GETFL);
	size_t len = 0;
	ssize_t n;

	CHECK_INT(fcntl(fd, F_SETFL, flags | O_NONBLOCK), 0);
	while ((n = write(fd, zeros, sizeof(zeros))) > 0)
		len += (size_t)n;
	CHECK_INT(fcntl(fd, F_SETFL, flags), 0);
	return len;
}

/* Reads len bytes from a pipe that has at least as many; `at` may be NULL. */
static inline void
drain(int fd, char *at, size_t len)
{
	static char nowhere[65536];
	ssize_t n;

	for (; len > 0; len -= (size_t)n) {
		n = read(fd, at != NULL ? at : nowhere,
		    at == NULL && len > sizeof(nowhere) ? sizeof(nowhere) :
		    len);
		if (!CHECK(n > 0))
			return;
		if (at != NULL)
			at += n;
	}
}

#endif
