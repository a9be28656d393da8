/*
 * poller.c - a poller without a loop: asks which end of a pipe is ready.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "poller.h"

#include <unistd.h>

int
main(void)
{
	const struct poller_ops *const *ops = poller_list;
	struct poller_watch watch = { 0, 0, 0, 0 };
	struct poller_event event;
	struct poller *poller;
	int fds[2];

	while (*ops != NULL && (*ops)->open(&poller, NULL) != 0)
		ops++;
	if (*ops == NULL || pipe(fds) != 0)
		return 1;
	watch.fd = fds[0];
	if (poller->ops->set(poller, &watch, POLLER_READ) != 0)
		return 2;
	watch.registered = POLLER_READ;
	if (poller->ops->wait(poller, 0, &event, 1) != 0)
		return 3;		/* nothing was written yet */
	if (write(fds[1], "x", 1) != 1 ||
	    poller->ops->wait(poller, -1, &event, 1) != 1 ||
	    event.watch != &watch || event.ready != POLLER_READ)
		return 4;
	poller->ops->close(poller);
	return 0;
}
