/*
 * poller.c - the list of pollers, the best first.
 *
 * To add one, write its file and put its table here.  To have fewer, write
 * such a list in a file of your own in place of this one.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "poller.h"

const struct poller_ops *const poller_list[] = {
	&poller_epoll,
	&poller_kqueue,
	&poller_poll,
	NULL
};
