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

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/select.h>
#include <time.h>

/* An event, or a change, as in the manual page of kqueue(2). */
#ifdef KQUEUE_LIKE_NETBSD	/* before 10 */
#define kqueue kqueue_like_netbsd
#define kevent kevent_like_netbsd
#define pselect pselect_like_netbsd
#define kqueue_stand_in_calls kqueue_like_netbsd_calls
#define kqueue_stand_in_changes kqueue_like_netbsd_changes
#define kqueue_stand_in_select_error kqueue_like_netbsd_select_error

typedef size_t kqueue_count;
typedef intptr_t kqueue_data;

struct kevent {
	uintptr_t ident;
	uint32_t filter;
	uint32_t flags;
	uint32_t fflags;
	int64_t data;
	intptr_t udata;
};

#define EVFILT_READ 0U
#define EVFILT_WRITE 1U
#else	/* like FreeBSD */
#define kqueue kqueue_stand_in
#define kevent kevent_stand_in
#define pselect pselect_stand_in

typedef int kqueue_count;
typedef void *kqueue_data;

struct kevent {
	uintptr_t ident;
	short filter;
	unsigned short flags;
	unsigned fflags;
	int64_t data;
	void *udata;
};

#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#endif

#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ERROR 0x4000
#define EV_EOF 0x8000

#define EV_SET(kev, i, f, fl, ff, d, u) \
	(*(kev) = (struct kevent){ (i), (f), (fl), (ff), (d), (u) })

/* A new queue: a descriptor to be closed by close(2), or -1 and errno. */
int kqueue(void);

/* Makes changes and fetches events: how many, or -1 and errno. */
int kevent(int queue, const struct kevent *changes,
    kqueue_count change_count, struct kevent *events, kqueue_count room,
    const struct timespec *timeout);

/* As the call of that name, and knows when such a queue is ready. */
int pselect(int limit, fd_set *reads, fd_set *writes, fd_set *errors,
    const struct timespec *timeout, const sigset_t *mask);

#endif
