/*
 * refusing.h - a poller that can watch nothing, for tests of what has to go on
 * without.
 *
 *	struct poller_ops ops = { .name = "refusing", .open = refusing_open };
 *	struct reactor_options options = { .own_poller = &ops };
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_REFUSING_H
#define SPINDLE_TEST_REFUSING_H

#include "../reactor/poller.h"

#include <errno.h>

static struct poller_ops refusing_ops;

static inline int
refusing_set(struct poller *p, struct poller_watch *w, unsigned interest)
{
	(void)p;
	(void)w;
	(void)interest;
	return -ENOSPC;
}

static inline int
refusing_open(struct poller **p, const struct reactor_system *system)
{
	int error = poller_poll.open(p, system);

	if (error != 0)
		return error;
	refusing_ops = *(*p)->ops;
	refusing_ops.set = refusing_set;
	(*p)->ops = &refusing_ops;
	return 0;
}

#endif
