/*
 * reactor_accept_test.c - a port whose accept(2) fails: which errors are of
 * one connection, and which make the port wait.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
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

/* A port may be stopped while it waits. */
static void
stop_while_waiting(void)
{
	static const int errors[] = { ENFILE, 0 };
	struct rig rig;

	fake_begin(errors, false);
	rig_open(&rig);
	rig.waiting = 99;
	rig_connect(&rig);
	turns(&rig, 8);
	reactor_listener_stop(rig.listener);
	fake.now_ns = 100000000;
	turns(&rig, 3);
	CHECK_INT(fake.calls, 1);
	CHECK_INT(rig.stopped, 1);
	rig_close(&rig);
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "accept fails", accept_fails },
		{ "a wait and a pause", wait_and_pause },
		{ "stopped while it waits", stop_while_waiting },
	};
	size_t count = sizeof(cases) / sizeof(cases[0]);

	rig_each(cases, count, loopback_any());
	rig_each(cases, count, NULL);
	return check_done();
}
