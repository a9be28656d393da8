/*
 * poller.c - the list of pollers, best first.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "poller.h"

#include <errno.h>
#include <string.h>

int
poller_open(
    struct poller **out, const char *name, const struct reactor_system *system)
{
	static const struct poller_ops *const known[] = {
		&poller_epoll,
		&poller_kqueue,
		&poller_poll,
	};
	int error = name == NULL ? -ENOSYS : -EINVAL;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (name != NULL && strcmp(name, known[i]->name) != 0)
			continue;
		error = known[i]->open(out, system);
		if (error != -ENOSYS)
			break;
	}
	return error;
}
