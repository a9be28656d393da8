/*
 * signals.c - signals become calls of the loop.
 *
 * A signal handler may safely do very little.  This one writes the number of
 * the signal to a pipe, which the loop watches; everything else happens in
 * the loop.  The pipe is there while at least one signal is caught.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "signals.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "loop.h"

/* The pipe, and the signals that come through it. */
struct signals_pipe {
	struct reactor_watch watch;	/* the end to read from */
	int fd;				/* and the end to write to */
	struct reactor_list caught;
	struct reactor_trigger at_free;
};

/*
 * What the handler writes to; NULL while no reactor catches signals.  One of
 * the two statics of the house.
 */
static struct signals_pipe *_Atomic signals_current;

static void
signals_handler(int number)
{
	struct signals_pipe *p = signals_current;
	unsigned char byte = (unsigned char)number;
	int saved = errno;
	ssize_t n = p != NULL ? write(p->fd, &byte, 1) : 0;

	(void)n;	/* full: 65536 signals are waiting to be read */
	errno = saved;
}

/* ---- from the pipe to the calls ---- */

/* The signal caught under a number, or NULL. */
static struct reactor_signal *
signals_find(const struct signals_pipe *p, int number)
{
	struct reactor_list *link;
	struct reactor_signal *s;

	for (link = p->caught.next; link != &p->caught; link = link->next) {
		s = reactor_container_of(link, struct reactor_signal, link);
		if (s->number == number)
			return s;
	}
	return NULL;
}

/* A call may release any signal, also its own. */
static void
signals_readable(struct reactor_watch *watch)
{
	struct signals_pipe *p = reactor_container_of(watch,
	    struct signals_pipe, watch);
	const struct reactor_system *system = watch->reactor->system;
	struct reactor_signal *s;
	unsigned char bytes[64];
	ssize_t n, i;

	n = system->read(system, watch->poll.fd, bytes, sizeof(bytes));
	for (i = 0; i < n; i++) {
		s = signals_find(p, bytes[i]);
		if (s == NULL)
			continue;
		reactor_note(watch->reactor, -1, "signal", s->number);
		s->call(s, s->number);
	}
}

/* ---- opening and closing the pipe ---- */

static void
signals_closed(struct reactor_watch *watch)
{
	struct signals_pipe *p = reactor_container_of(watch,
	    struct signals_pipe, watch);

	watch->reactor->system->close(watch->reactor->system, p->fd);
	free(p);
}

/* If nothing is caught any more, closes the pipe when the turn reaps. */
static void
signals_close_unused(void)
{
	struct signals_pipe *p = signals_current;

	if (!reactor_list_is_empty(&p->caught))
		return;
	signals_current = NULL;
	reactor_remove_trigger(&p->at_free);
	reactor_watch_close(&p->watch);
}

static void
signals_free(struct reactor_trigger *t)
{
	struct signals_pipe *p = reactor_container_of(t,
	    struct signals_pipe, at_free);

	while (!reactor_list_is_empty(&p->caught))
		reactor_release_signal(reactor_container_of(p->caught.next,
		    struct reactor_signal, link));
}

/*
 * The poller is asked at once, not before the next wait: signals that would
 * come through a pipe that it does not watch must not count as caught.
 */
static int
signals_watch(struct signals_pipe *p)
{
	struct reactor *r = p->watch.reactor;
	int error = r->poller->ops->set(r->poller, &p->watch.poll, POLLER_READ);

	reactor_note(r, p->watch.poll.fd, "interest",
	    error < 0 ? error : POLLER_READ);
	if (error == 0)
		p->watch.poll.registered = p->watch.wanted = POLLER_READ;
	return error;
}

static int
signals_open(struct reactor *r)
{
	static const struct reactor_watch_ops ops = {
		.readable = signals_readable,
		.closed = signals_closed,
	};
	struct signals_pipe *p = reactor_allocate(r, sizeof(*p));
	int fds[2], error;

	if (p == NULL)
		return -ENOMEM;
	error = r->system->pipe(r->system, fds);
	if (error != 0) {
		free(p);
		return error;
	}
	reactor_watch_init(&p->watch, r, fds[0], &ops);
	reactor_list_remove(&p->watch.open);	/* a shutdown leaves it open */
	error = signals_watch(p);
	if (error != 0) {
		r->system->close(r->system, fds[0]);
		r->system->close(r->system, fds[1]);
		free(p);
		return error;
	}
	p->fd = fds[1];
	reactor_list_init(&p->caught);
	reactor_add_trigger(r, REACTOR_AT_FREE, &p->at_free, signals_free);
	signals_current = p;
	return 0;
}

/* ---- catching ---- */

int
reactor_catch_signal(struct reactor *r, struct reactor_signal *s, int number,
    void (*call)(struct reactor_signal *, int number))
{
	struct sigaction action = { .sa_handler = signals_handler };
	struct signals_pipe *p = signals_current;
	int error;

	if (number <= 0 || number > UCHAR_MAX)
		return -EINVAL;
	if (p != NULL && (p->watch.reactor != r || signals_find(p, number)))
		return -EBUSY;
	error = p == NULL ? signals_open(r) : 0;
	if (error != 0)
		return error;
	sigemptyset(&action.sa_mask);
	action.sa_flags = SA_RESTART;
	s->before = malloc(sizeof(*s->before));
	if (s->before == NULL)
		error = -ENOMEM;
	else if (sigaction(number, &action, s->before) != 0)
		error = -EINVAL;
	if (error != 0) {
		free(s->before);
		signals_close_unused();
		return error;
	}
	s->call = call;
	s->number = number;
	s->reactor = r;
	reactor_list_append(&signals_current->caught, &s->link);
	return 0;
}

void
reactor_release_signal(struct reactor_signal *s)
{
	if (s->reactor == NULL)
		return;
	sigaction(s->number, s->before, NULL);
	free(s->before);
	reactor_list_remove(&s->link);
	s->reactor = NULL;
	signals_close_unused();
}

/* ---- stopping ---- */

static void
signals_stop(struct reactor_signal *s, int number)
{
	(void)number;
	if (reactor_stop(s->reactor) != 0)
		reactor_break(s->reactor);
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
			    signals_stop);
	}
	return error;
}
