/*
 * stand_in.h - the reactor's kqueue file over the stand-in for kqueue(2), as
 * a poller of its own beside the others.  It is made of
 * reactor/poller_kqueue.c, compiled with -Itest/kqueue -DPOLLER_WITH_KQUEUE
 * and -Dpoller_kqueue=poller_kqueue_stand_in.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_KQUEUE_STAND_IN_H
#define SPINDLE_TEST_KQUEUE_STAND_IN_H

struct poller_ops;

/* For own_poller in the options of a reactor. */
extern const struct poller_ops poller_kqueue_stand_in;

/* The same with the types of NetBSD before 10 (-DKQUEUE_LIKE_NETBSD). */
extern const struct poller_ops poller_kqueue_like_netbsd;

/* How many calls of kevent(2) there were, and changes in them. */
extern int kqueue_stand_in_calls, kqueue_stand_in_changes;

/* Not 0: the next pselect(2) fails with this errno, and only that one. */
extern int kqueue_stand_in_select_error;

#endif
