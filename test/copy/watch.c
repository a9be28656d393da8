/*
 * watch.c - one end of a pipe in the loop: reads what comes, until the end.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "watch.h"

#include <string.h>
#include <unistd.h>

#include "reactor.h"

static struct reactor *loop;
static char received[16];
static size_t len;

static void
readable(struct reactor_watch *w)
{
	ssize_t n = read(w->poll.fd, received + len, sizeof(received) - len);

	if (n > 0)
		len += (size_t)n;
	else
		reactor_watch_close(w);
}

static void
failed(struct reactor_watch *w, int error)
{
	(void)error;
	reactor_watch_close(w);
}

static void
closed(struct reactor_watch *w)
{
	(void)w;
	reactor_stop(loop);
}

int
main(void)
{
	static const struct reactor_watch_ops ops = {
		readable, NULL, failed, closed
	};
	static struct reactor_watch watch;
	int fds[2];

	if (reactor_new(&loop, NULL) != 0 || pipe(fds) != 0)
		return 1;
	reactor_watch_init(&watch, loop, fds[0], &ops);
	reactor_watch_want(&watch, POLLER_READ);
	if (write(fds[1], "hello", 5) != 5 || close(fds[1]) != 0)
		return 2;
	if (reactor_run(loop) != 0)
		return 3;
	reactor_free(loop);
	return len == 5 && memcmp(received, "hello", 5) == 0 ? 0 : 4;
}
