/*
 * kqueue.c - kqueue(2) played over poll(2), with the rules of the manual
 * pages of FreeBSD, NetBSD, OpenBSD and macOS; where they differ, with the
 * strictest of them:
 *  - A filter of a descriptor is registered once; adding it again changes
 *    its udata; deleting what is not there is ENOENT.
 *  - A change that fails takes a place in the event list, marked EV_ERROR,
 *    and then no events are fetched.  Without a place the call fails with
 *    that error, and the changes after it are not made.
 *  - Closing a descriptor deletes its filters.
 *  - An event for each filter; level-triggered; what was not fetched for
 *    want of room comes first the next time.
 *  - A regular file is readable up to its end only, and cannot be waited
 *    for to be writable; devices cannot be waited for at all; nor can a
 *    pipe without readers to be writable.
 *  - select(2) can wait for a queue.
 *  - A time of more than 100,000,000 seconds is EINVAL.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE	/* POLLRDHUP */
#include "sys/event.h"
#include "stand_in.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef POLLRDHUP	/* where there is none, there is a real kqueue */
#define POLLRDHUP 0
#endif

enum { KQUEUE_QUEUES = 64, KQUEUE_NOTES = 8192 };

/* A registered filter, and the file that its descriptor was. */
struct kqueue_note {
	struct kevent want;
	dev_t device;
	ino_t inode;
};

struct kqueue_state {
	int fd;
	int count;
	int next;		/* where the last fetch left off */
	struct kqueue_note notes[KQUEUE_NOTES];
	struct pollfd polls[KQUEUE_NOTES + FD_SETSIZE];
};

/* Queues are found by the number of their descriptor. */
static struct kqueue_state *kqueue_states[KQUEUE_QUEUES];
int kqueue_stand_in_calls, kqueue_stand_in_changes;
int kqueue_stand_in_select_error;

int
kqueue(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), i;

	if (fd < 0)
		return -1;
	for (i = 0; i < KQUEUE_QUEUES; i++)
		if (kqueue_states[i] == NULL || kqueue_states[i]->fd == fd)
			break;
	if (i == KQUEUE_QUEUES)
		abort();
	if (kqueue_states[i] == NULL)
		kqueue_states[i] = malloc(sizeof(*kqueue_states[i]));
	if (kqueue_states[i] == NULL)
		abort();
	kqueue_states[i]->fd = fd;
	kqueue_states[i]->count = kqueue_states[i]->next = 0;
	return fd;
}

/* ---- changes ---- */

static int
kqueue_find(const struct kqueue_state *q, const struct kevent *change)
{
	int i;

	for (i = 0; i < q->count; i++)
		if (q->notes[i].want.ident == change->ident &&
		    q->notes[i].want.filter == change->filter)
			return i;
	return -1;
}

static void
kqueue_remove(struct kqueue_state *q, int i)
{
	q->count--;
	memmove(&q->notes[i], &q->notes[i + 1],
	    (size_t)(q->count - i) * sizeof(q->notes[0]));
}

/* Filters of descriptors that were closed are gone. */
static void
kqueue_purge(struct kqueue_state *q)
{
	struct stat s;
	int i;

	for (i = q->count - 1; i >= 0; i--)
		if (fstat((int)q->notes[i].want.ident, &s) != 0 ||
		    s.st_ino != q->notes[i].inode ||
		    s.st_dev != q->notes[i].device)
			kqueue_remove(q, i);
}

/* Why this filter cannot be had of that file, or 0. */
static int
kqueue_refusal(const struct kevent *change, const struct stat *s)
{
	struct pollfd p = { (int)change->ident, POLLOUT, 0 };

	if (S_ISREG(s->st_mode))
		return change->filter == EVFILT_WRITE ? EINVAL : 0;
	if (S_ISCHR(s->st_mode) || S_ISBLK(s->st_mode) || S_ISDIR(s->st_mode))
		return EINVAL;
	if (S_ISFIFO(s->st_mode) && change->filter == EVFILT_WRITE &&
	    poll(&p, 1, 0) == 1 && (p.revents & POLLERR))
		return EPIPE;
	return 0;
}

static int
kqueue_add(struct kqueue_state *q, const struct kevent *change)
{
	struct stat s;
	int error, i = kqueue_find(q, change);

	if (fstat((int)change->ident, &s) != 0)
		return EBADF;
	error = kqueue_refusal(change, &s);
	if (error != 0)
		return error;
	if (i < 0) {
		if (q->count == KQUEUE_NOTES)
			return ENOMEM;
		i = q->count++;
	}
	q->notes[i] = (struct kqueue_note){ *change, s.st_dev, s.st_ino };
	return 0;
}

static int
kqueue_change(struct kqueue_state *q, const struct kevent *change)
{
	int i;

	kqueue_stand_in_changes++;
	if ((change->filter != EVFILT_READ &&
	    change->filter != EVFILT_WRITE) || change->fflags != 0)
		return EINVAL;
	if (change->flags == EV_ADD)
		return kqueue_add(q, change);
	if (change->flags != EV_DELETE)
		return EINVAL;
	if (fcntl((int)change->ident, F_GETFD) < 0)
		return EBADF;
	i = kqueue_find(q, change);
	if (i < 0)
		return ENOENT;
	kqueue_remove(q, i);
	return 0;
}

/* ---- events ---- */

/* Before its end a file can be read; poll would say so at the end too. */
static bool
kqueue_at_end(const struct kqueue_note *note)
{
	struct stat s;
	int fd = (int)note->want.ident;

	return fstat(fd, &s) == 0 && S_ISREG(s.st_mode) &&
	    lseek(fd, 0, SEEK_CUR) >= s.st_size;
}

static void
kqueue_fill_polls(struct kqueue_state *q)
{
	struct pollfd *p;
	int i;

	for (i = 0; i < q->count; i++) {
		p = &q->polls[i];
		p->fd = (int)q->notes[i].want.ident;
		p->events = q->notes[i].want.filter == EVFILT_READ ?
		    POLLIN | POLLRDHUP : POLLOUT;
		p->revents = 0;
		if (q->notes[i].want.filter == EVFILT_READ &&
		    kqueue_at_end(&q->notes[i]))
			p->fd = -1;
	}
}

static int
kqueue_collect(struct kqueue_state *q, struct kevent *events, int room)
{
	int seen, i, found = 0;

	for (seen = 0; seen < q->count && found < room; seen++) {
		i = (q->next + seen) % q->count;
		if (q->polls[i].revents == 0)
			continue;
		events[found] = q->notes[i].want;
		events[found].flags = q->polls[i].revents &
		    (POLLHUP | POLLRDHUP | POLLERR) ? EV_ADD | EV_EOF : EV_ADD;
		events[found++].data = 1;
	}
	q->next = q->count > 0 ? (q->next + seen) % q->count : 0;
	return found;
}

static int
kqueue_milliseconds(const struct timespec *t)
{
	if (t == NULL)
		return -1;
	if (t->tv_sec >= INT_MAX / 1000)
		return INT_MAX;
	return (int)(t->tv_sec * 1000 + (t->tv_nsec + 999999) / 1000000);
}

static int
kqueue_fetch(struct kqueue_state *q, struct kevent *events, int room,
    const struct timespec *timeout)
{
	int count;

	if (room == 0)
		return 0;
	kqueue_fill_polls(q);
	count = poll(q->polls, (nfds_t)q->count, kqueue_milliseconds(timeout));
	return count <= 0 ? count : kqueue_collect(q, events, room);
}

/* ---- the call ---- */

static struct kqueue_state *
kqueue_of(int fd)
{
	int i;

	for (i = 0; i < KQUEUE_QUEUES && kqueue_states[i] != NULL; i++)
		if (kqueue_states[i]->fd == fd)
			return kqueue_states[i];
	return NULL;
}

int
kevent(int queue, const struct kevent *changes,
    kqueue_count change_count, struct kevent *events, kqueue_count room,
    const struct timespec *timeout)
{
	struct kqueue_state *q = kqueue_of(queue);
	int i, error = 0, failed = 0;

	kqueue_stand_in_calls++;
	if (q == NULL || fcntl(queue, F_GETFD) < 0)
		error = EBADF;
	else if (change_count > INT_MAX || room > INT_MAX || (timeout != NULL &&
	    (timeout->tv_sec < 0 || timeout->tv_sec > 100000000 ||
	    timeout->tv_nsec < 0 || timeout->tv_nsec >= 1000000000)))
		error = EINVAL;
	if (error == 0)
		kqueue_purge(q);
	for (i = 0; error == 0 && i < (int)change_count; i++) {
		error = kqueue_change(q, &changes[i]);
		if (error == 0 || failed == (int)room)
			continue;
		events[failed] = changes[i];
		events[failed].flags = EV_ERROR;
		events[failed++].data = error;
		error = 0;
	}
	if (error != 0) {
		errno = error;
		return -1;
	}
	if (failed > 0)
		return failed;
	return kqueue_fetch(q, events, (int)room, timeout);
}

/* ---- select ---- */

/* The macros take an int here, and an unsigned number there. */
static void
kqueue_set(fd_set *set, int fd)
{
	unsigned short number = (unsigned short)fd;

	FD_SET(number, set);
}

static bool
kqueue_is_set(const fd_set *set, int fd)
{
	unsigned short number = (unsigned short)fd;

	return FD_ISSET(number, set);
}

/* Adds what is in the sets behind the queue's own; how many, or -1. */
static int
kqueue_add_others(struct kqueue_state *q, int limit, const fd_set *reads,
    const fd_set *writes)
{
	int fd, count = 0;
	struct pollfd *p;

	for (fd = 0; fd < limit; fd++) {
		if (fd == q->fd ||
		    (!kqueue_is_set(reads, fd) && !kqueue_is_set(writes, fd)))
			continue;
		if (fcntl(fd, F_GETFD) < 0) {
			errno = EBADF;
			return -1;
		}
		p = &q->polls[q->count + count++];
		p->fd = fd;
		p->events = (short)((kqueue_is_set(reads, fd) ? POLLIN : 0) |
		    (kqueue_is_set(writes, fd) ? POLLOUT : 0));
		p->revents = 0;
	}
	return count;
}

/* The sets of what is ready. */
static void
kqueue_fill_sets(const struct kqueue_state *q, int others, fd_set *reads,
    fd_set *writes)
{
	short ends = POLLERR | POLLHUP;
	const struct pollfd *p;
	int i;

	FD_ZERO(reads);
	FD_ZERO(writes);
	for (i = 0; i < q->count; i++)
		if (q->polls[i].revents != 0)
			kqueue_set(reads, q->fd);
	for (p = &q->polls[q->count]; others > 0; others--, p++) {
		if ((p->events & POLLIN) && (p->revents & (POLLIN | ends)))
			kqueue_set(reads, p->fd);
		if ((p->events & POLLOUT) && (p->revents & (POLLOUT | ends)))
			kqueue_set(writes, p->fd);
	}
}

int
pselect(int limit, fd_set *reads, fd_set *writes, fd_set *errors,
    const struct timespec *timeout, const sigset_t *mask)
{
	struct kqueue_state *q = NULL;
	int fd, others, count;

	for (fd = 0; fd < limit && q == NULL; fd++)
		q = kqueue_is_set(reads, fd) ? kqueue_of(fd) : NULL;
	if (q == NULL || errors != NULL || mask != NULL)
		abort();
	if (kqueue_stand_in_select_error != 0) {
		errno = kqueue_stand_in_select_error;
		kqueue_stand_in_select_error = 0;
		return -1;
	}
	kqueue_purge(q);
	kqueue_fill_polls(q);
	others = kqueue_add_others(q, limit, reads, writes);
	if (others < 0)
		return -1;
	count = poll(q->polls, (nfds_t)(q->count + others),
	    kqueue_milliseconds(timeout));
	if (count > 0)
		kqueue_fill_sets(q, others, reads, writes);
	return count;
}
