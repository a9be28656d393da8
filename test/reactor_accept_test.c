/*
 * reactor_accept_test.c - a port whose accept(2) fails: which errors are of
 * one connection, and which make the port wait.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../reactor/loop.h"
#include "reactor_rig.h"

#include <sys/socket.h>

/* ---- a kernel that fails ---- */

static struct {
	struct reactor_system system;	/* first: `self` is a pointer to it */
	uint64_t now_ns;
	const int *errors;	/* of the next calls, up to a 0 */
	bool no_reserve;
	int calls, opened;	/* of accept; of descriptors held back */
} fake;

static uint64_t
fake_now(const struct reactor_system *self)
{
	(void)self;
	return fake.now_ns;
}

static int
fake_accept(const struct reactor_system *self, int fd, struct sockaddr *from,
    socklen_t *len)
{
	fake.calls++;
	if (*fake.errors != 0)
		return -*fake.errors++;
	return reactor_system_posix.accept(self, fd, from, len);
}

static int
fake_open_reserve(const struct reactor_system *self)
{
	if (fake.no_reserve)
		return -EMFILE;
	fake.opened++;
	return reactor_system_posix.open_reserve(self);
}

static void
fake_begin(const int *errors, bool no_reserve)
{
	memset(&fake, 0, sizeof(fake));
	fake.system = reactor_system_posix;
	fake.system.now_ns = fake_now;
	fake.system.accept = fake_accept;
	fake.system.open_reserve = fake_open_reserve;
	fake.errors = errors;
	fake.no_reserve = no_reserve;
	rig_options.system = &fake.system;
}

/* ---- cases ---- */

static const struct {
	const char *what;
	int errors[4];		/* one after the other, then it works */
	bool no_reserve;
	bool waits;
} failures[] = {
	{ "aborted", { ECONNABORTED }, false, false },
	{ "broken", { EPROTO }, false, false },
	{ "forbidden", { EPERM }, false, false },
	{ "three of them", { EPROTO, ECONNABORTED, EPERM }, false, false },
	{ "nobody there", { EAGAIN }, false, false },
	{ "files of the system", { ENFILE }, false, true },
	{ "buffers", { ENOBUFS }, false, true },
	{ "memory", { ENOMEM }, false, true },
	{ "not supported, it says", { EOPNOTSUPP }, false, true },
	{ "the reserve does not help", { EMFILE, EMFILE }, false, true },
	{ "gone before its turn", { EMFILE, EAGAIN }, false, false },
	{ "no reserve", { EMFILE }, true, true },
};

static void
turns(struct rig *rig, int count)
{
	for (; count > 0; count--)
		reactor_iterate(rig->reactor, 0);
}

/* However often the loop turns, a port that waits does not try again. */
static void
one_failure(size_t i)
{
	int calls;
	struct rig rig;

	fake_begin(failures[i].errors, failures[i].no_reserve);
	rig_open(&rig);
	rig.waiting = 99;
	rig_connect(&rig);
	turns(&rig, 8);
	if (!CHECK_INT(rig.accepted, !failures[i].waits))
		printf("# %s\n", failures[i].what);
	calls = fake.calls;
	fake.now_ns = 99999999;
	turns(&rig, 3);
	CHECK(!failures[i].waits || fake.calls == calls);
	fake.now_ns = 100000000;
	turns(&rig, 3);
	CHECK_INT(rig.accepted, 1);
	CHECK_STR(rig.server.log, "made");
	CHECK_INT(fake.opened, failures[i].no_reserve ? 0 :
	    failures[i].errors[0] == EMFILE ? 2 : 1);
	rig_close(&rig);
}

static void
accept_fails(void)
{
	size_t i;

	for (i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		one_failure(i);
}

/* A pause may be longer than the wait, and a resume does not end that. */
static void
wait_and_pause(void)
{
	static const int errors[] = { ENOMEM, 0 };
	struct rig rig;

	fake_begin(errors, false);
	rig_open(&rig);
	rig.waiting = 99;
	rig_connect(&rig);
	turns(&rig, 8);
	reactor_listener_pause(rig.listener);
	reactor_listener_resume(rig.listener);
	turns(&rig, 3);
	CHECK_INT(fake.calls, 1);
	reactor_listener_pause(rig.listener);
	fake.now_ns = 100000000;
	turns(&rig, 3);
	CHECK_INT(fake.calls, 1);
	reactor_listener_resume(rig.listener);
	turns(&rig, 3);
	CHECK_INT(rig.accepted, 1);
	rig_close(&rig);
}

/* Lets a wait end, and the next one begin. */
static void
next_try(struct rig *rig)
{
	fake.now_ns += 100000000;
	turns(rig, 3);
}

enum { TRIES = 10 };

/* A descriptor that does not listen: the port is closed, after some tries. */
static void
never_again(void)
{
	static const int all[] = { EINVAL, ENOTSOCK, EBADF, EOPNOTSUPP };
	int errors[TRIES + 1] = { 0 }, i, kind;
	struct rig rig;

	for (kind = 0; kind < 4; kind++) {
		for (i = 0; i < TRIES; i++)
			errors[i] = all[kind];
		fake_begin(errors, false);
		rig_open(&rig);
		rig.waiting = 99;
		rig_connect(&rig);
		turns(&rig, 8);
		for (i = 1; i < TRIES; i++) {
			CHECK_INT(fake.calls, i);
			CHECK_INT(rig.stopped, 0);
			next_try(&rig);
		}
		CHECK_INT(rig.listen_error, -all[kind]);
		CHECK_INT(rig.stopped, 1);
		next_try(&rig);
		CHECK_INT(fake.calls, TRIES);
		rig_close(&rig);
	}
}

/* Each success, and each time that nobody is there, begins the count anew. */
static void
now_and_then(void)
{
	int errors[2 * TRIES + 1] = { 0 }, i;
	struct rig rig;

	for (i = 0; i < 2 * TRIES; i++)
		errors[i] = i == TRIES - 1 ? EAGAIN : EINVAL;
	errors[2 * TRIES - 1] = 0;
	fake_begin(errors, false);
	rig_open(&rig);
	rig.waiting = 99;
	rig_connect(&rig);
	turns(&rig, 8);
	for (i = 0; i < 2 * TRIES; i++)
		next_try(&rig);
	CHECK_INT(rig.accepted, 1);
	fake.errors = errors + TRIES;
	next_try(&rig);
	transport_abort_connection(rig.client.protocol.transport);
	turns(&rig, 3);
	rig_connect(&rig);
	for (i = 0; i < 2 * TRIES; i++)
		next_try(&rig);
	CHECK_INT(rig.accepted, 2);
	CHECK_INT(rig.stopped, 0);
	CHECK_INT(rig.listen_error, 0);
	rig_close(&rig);
}

/* One that was adopted and does not listen does not keep the loop busy. */
static void
adopted_without_listening(void)
{
	struct reactor_listener *port;
	struct rig rig;
	int i, fds[2];

	fake_begin((const int[]){ 0 }, false);
	rig_open(&rig);
	rig.waiting = 99;
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	CHECK_INT(write(fds[1], "x", 1), 1);
	CHECK_INT(reactor_adopt_listener(rig.reactor, fds[0], &rig.factory,
	    &port), 0);
	for (i = 0; i < TRIES; i++)
		next_try(&rig);
	CHECK_INT(fake.calls, TRIES);
	CHECK(rig.listen_error < 0);
	CHECK_INT(rig.stopped, 1);
	rig.stopped = 0;
	close(fds[1]);
	rig_close(&rig);
}

/* The poller may refuse a port; at a shutdown nothing has failed. */
static struct poller_ops refusing_ops;
static bool refuses;

static int
refusing_set(struct poller *p, struct poller_watch *w, unsigned want)
{
	return refuses ? -ENOSPC : poller_epoll.set(p, w, want);
}

static int
refusing_open(struct poller **p, const struct reactor_system *system)
{
	int error = poller_epoll.open(p, system);

	if (error != 0)
		return error;
	refusing_ops = poller_epoll;
	refusing_ops.set = refusing_set;
	(*p)->ops = &refusing_ops;
	return 0;
}

static void
refused_port(void)
{
	static const struct poller_ops ops = { .open = refusing_open };
	const struct poller_ops *own = rig_options.own_poller;
	struct rig rig;

	if (rig_options.poller == NULL ||
	    strcmp(rig_options.poller, "epoll") != 0)
		return;
	fake_begin((const int[]){ 0 }, false);
	rig_options.own_poller = &ops;
	for (refuses = true; ; refuses = false) {
		rig_open(&rig);
		reactor_iterate(rig.reactor, 0);
		CHECK_INT(rig.listen_error, refuses ? -ENOSPC : 0);
		CHECK_INT(rig.stopped, refuses);
		rig_close(&rig);
		CHECK_INT(rig.listen_error, refuses ? -ENOSPC : 0);
		if (!refuses)
			break;
	}
	rig_options.own_poller = own;
}

/* A port may be stopped while it waits; its time passes in vain. */
static void
stop_while_waiting(void)
{
	static const int few[] = { EMFILE, EMFILE, 0 }, none[] = { ENFILE, 0 };
	struct rig rig;
	int i;

	for (i = 0; i < 4; i++) {
		fake_begin(i < 2 ? few : none, false);
		rig_open(&rig);
		rig.waiting = 99;
		rig_connect(&rig);
		turns(&rig, 8);
		reactor_listener_stop(rig.listener);
		if (i % 2 == 1)
			turns(&rig, 1);		/* it is reaped */
		CHECK(reactor_timers_earliest_ns(&rig.reactor->timers) ==
		    UINT64_MAX);
		fake.now_ns = 100000000;
		turns(&rig, 3);
		CHECK_INT(fake.calls, i < 2 ? 2 : 1);
		CHECK_INT(rig.stopped, 1);
		rig_close(&rig);
	}
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "accept fails", accept_fails, true },
		{ "a wait and a pause", wait_and_pause, true },
		{ "a descriptor that does not listen", never_again, true },
		{ "errors now and then", now_and_then, true },
		{ "adopted without listening",
		    adopted_without_listening, true },
		{ "refused by the poller", refused_port, true },
		{ "stopped while it waits", stop_while_waiting, true },
	};
	size_t count = sizeof(cases) / sizeof(cases[0]);

	rig_each(cases, count, loopback_any());
	rig_each(cases, count, NULL);
	return check_done();
}
