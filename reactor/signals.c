/*
 * signals.c - signals become calls of the loop.
 *
 * A handler may do next to nothing safely, so ours does one thing: it writes
 * the signal's number to the wake-up pipe of the one reactor that catches
 * signals.  All the rest happens in the loop.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _POSIX_C_SOURCE 200809L
#include "signals.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "loop.h"

/*
 * What the handler writes to: the pipe's descriptor, or -1 while no reactor
 * catches signals.  One of the two statics of the house.
 */
static volatile sig_atomic_t reactor_signal_fd = -1;

static void
reactor_signal_handler(int number)
{
	unsigned char byte = (unsigned char)number;
	int saved = errno;
	ssize_t n = write(reactor_signal_fd, &byte, 1);

	(void)n;	/* full: 65536 signals are waiting to be read */
	errno = saved;
}

static struct reactor_signal *
reactor_signal_of(struct reactor_list *link)
{
	return (struct reactor_signal *)((char *)link -
	    offsetof(struct reactor_signal, link));
}

/* The signal caught under a number, or NULL. */
static struct reactor_signal *
reactor_find_signal(struct reactor *r, int number)
{
	struct reactor_list *link;

	for (link = r->signals.next; link != &r->signals; link = link->next)
		if (reactor_signal_of(link)->number == number)
			return reactor_signal_of(link);
	return NULL;
}

int
reactor_catch_signal(struct reactor *r, struct reactor_signal *s, int number,
    void (*call)(struct reactor_signal *, int number))
{
	struct sigaction action = { .sa_handler = reactor_signal_handler };

	if (number <= 0 || number > UCHAR_MAX)
		return -EINVAL;
	if (reactor_find_signal(r, number) != NULL ||
	    (reactor_signal_fd >= 0 && reactor_signal_fd != r->waker_fd))
		return -EBUSY;
	sigemptyset(&action.sa_mask);
	action.sa_flags = SA_RESTART;
	reactor_signal_fd = r->waker_fd;
	s->call = call;
	s->number = number;
	if (sigaction(number, &action, &s->before) != 0) {
		if (reactor_list_is_empty(&r->signals))
			reactor_signal_fd = -1;
		return -EINVAL;
	}
	s->reactor = r;
	reactor_list_append(&r->signals, &s->link);
	return 0;
}

static void
reactor_stop_by_signal(struct reactor_signal *s, int number)
{
	(void)number;
	if (reactor_stop(s->reactor) != 0)
		reactor_crash(s->reactor);
}

int
reactor_stop_on_signals(struct reactor *r, struct reactor_signal both[2])
{
	static const int numbers[2] = { SIGINT, SIGTERM };
	struct sigaction now;
	int i, error = 0;

	for (i = 0; i < 2 && error == 0; i++) {
		sigaction(numbers[i], NULL, &now);
		if (now.sa_handler != SIG_IGN)
			error = reactor_catch_signal(r, &both[i], numbers[i],
			    reactor_stop_by_signal);
	}
	return error;
}

void
reactor_release_signal(struct reactor_signal *s)
{
	struct reactor *r = s->reactor;

	if (r == NULL)
		return;
	sigaction(s->number, &s->before, NULL);
	reactor_list_remove(&s->link);
	s->reactor = NULL;
	if (reactor_list_is_empty(&r->signals))
		reactor_signal_fd = -1;
}

void
reactor_release_signals(struct reactor *r)
{
	while (!reactor_list_is_empty(&r->signals))
		reactor_release_signal(reactor_signal_of(r->signals.next));
}

void
reactor_deliver_signal(struct reactor *r, int number)
{
	struct reactor_signal *s = reactor_find_signal(r, number);

	if (s == NULL)
		return;
	reactor_note(r, -1, "signal", number);
	s->call(s, number);
}
