/*
 * words.c - a table of errors and words; other errors have the words of
 * strerror(3).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "words.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

const char *
reactor_strerror(int error)
{
	static const struct {
		int error;
		const char *words;
	} known[] = {
		{ 0, "connection closed" },
		{ ECONNREFUSED, "connection refused" },
		{ ECONNRESET, "connection reset by peer" },
		{ EPIPE, "connection reset by peer" },
		{ ECONNABORTED, "connection aborted" },
		{ ECANCELED, "cancelled" },
		{ ETIMEDOUT, "timed out" },
		{ EHOSTUNREACH, "no route to host" },
		{ ENETUNREACH, "network unreachable" },
		{ ENETDOWN, "network down" },
		{ EMFILE, "too many open files" },
		{ ENFILE, "too many open files" },
		{ EADDRINUSE, "address in use" },
		{ EADDRNOTAVAIL, "address not available" },
		{ EMSGSIZE, "message too long" },
		{ ENOMEM, "out of memory" },
		{ EACCES, "permission denied" },
		{ EPERM, "permission denied" },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].error == -error)
			return known[i].words;
	return strerror(-error);
}
