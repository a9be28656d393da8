/*
 * sys/event.h - as much of kqueue(2) as the reactor uses, for systems that
 * have none: kqueue.c plays it over poll(2), for tests only.
 *
 * All is renamed on the way, so that it can stand beside the real one.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_KQUEUE_EVENT_H
#define SPINDLE_TEST_KQUEUE_EVENT_H

#include <stdint.h>
#include <time.h>

#define kqueue kqueue_stand_in
#define kevent kevent_stand_in

/* An event, or a change, as in the manual page of kqueue(2). */
struct kevent {
	uintptr_t ident;
	short filter;
	unsigned short flags;
	unsigned fflags;
	int64_t data;
	void *udata;
};

/* Filters and flags; the numbers are FreeBSD's. */
#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ERROR 0x4000
#define EV_EOF 0x8000

#define EV_SET(kev, i, f, fl, ff, d, u) \
	(*(kev) = (struct kevent){ (i), (f), (fl), (ff), (d), (u) })

/* A new queue: a descriptor to be closed by close(2), or -1 and errno. */
int kqueue(void);

/* Makes changes and fetches events: how many, or -1 and errno. */
int kevent(int queue, const struct kevent *changes, int change_count,
    struct kevent *events, int room, const struct timespec *timeout);

#endif
