/*
 * reactor_timer_test.c - by a fake clock: what the loop does with timers,
 * and the time-outs of transports.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "reactor_rig.h"

#include <fcntl.h>
#include <sys/socket.h>

/* ---- a fake clock ---- */

static struct {
	struct reactor_system system;	/* first: `self` is a pointer to it */
	uint64_t now_ns;
	int calls;		/* to the network */
	int full_fd;		/* given out as a socket, if not -1 */
} fake;

static uint64_t
fake_now(const struct reactor_system *self)
{
	(void)self;
	return fake.now_ns;
}

static int
fake_socket(const struct reactor_system *self, int domain, int type)
{
	fake.calls++;
	return fake.full_fd >= 0 ? fake.full_fd :
	    reactor_system_posix.socket(self, domain, type);
}

static int
fake_connect(const struct reactor_system *self, int fd,
    const struct sockaddr *to, socklen_t len)
{
	fake.calls++;
	return fake.full_fd >= 0 ? -EINPROGRESS :
	    reactor_system_posix.connect(self, fd, to, len);
}

static void
fake_begin(void)
{
	fake.system = reactor_system_posix;
	fake.system.now_ns = fake_now;
	fake.system.socket = fake_socket;
	fake.system.connect = fake_connect;
	fake.now_ns = 1000;
	fake.calls = 0;
	fake.full_fd = -1;
	rig_options.system = &fake.system;
}

static struct reactor *loop;
static char story[64];
static struct reactor_timer a, b, c;

static void
tell(struct reactor_timer *t)
{
	size_t used = strlen(story);

	story[used] = t == &a ? 'a' : t == &b ? 'b' : 'c';
	story[used + 1] = '\0';
}

static void
later(struct reactor_timer *t, uint64_t delay_ns)
{
	reactor_call_later(loop, t, delay_ns, tell);
}

static void
turn_at(uint64_t now_ns)
{
	fake.now_ns = now_ns;
	reactor_iterate(loop, 0);
}

static void
cancel_b(struct reactor_timer *t)
{
	tell(t);
	reactor_cancel_timer(&b);
}

static void
again(struct reactor_timer *t)
{
	tell(t);
	reactor_call_later(loop, t, 0, again);
}

static void
timers_in_the_loop(void)
{
	fake_begin();
	story[0] = '\0';
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	later(&a, 30);
	later(&b, 20);
	later(&c, 20);
	turn_at(1019);
	CHECK_STR(story, "");
	turn_at(1020);
	CHECK_STR(story, "bc");
	later(&a, 5);		/* earlier */
	later(&b, 50);
	later(&b, 60);		/* later */
	later(&c, UINT64_MAX);	/* beyond the end of time */
	turn_at(1025);
	CHECK_STR(story, "bca");
	turn_at(1079);
	CHECK_STR(story, "bca");
	turn_at(900);		/* a clock that runs back is not believed */
	CHECK_INT(reactor_now_ns(loop), 1079);
	reactor_call_later(loop, &a, 0, cancel_b);
	turn_at(1085);
	CHECK_STR(story, "bcaa");
	CHECK(!reactor_timer_is_active(&b));
	later(&b, 0);
	reactor_call_later(loop, &a, 0, again);
	turn_at(1086);
	CHECK_STR(story, "bcaaba");
	turn_at(1086);
	CHECK_STR(story, "bcaabaa");
	CHECK(reactor_timer_is_active(&c));
	reactor_cancel_timer(&a);
	reactor_free(loop);
	CHECK(!reactor_timer_is_active(&a) && !reactor_timer_is_active(&c));
}

static const uint64_t hour_ns = 3600000000000u;

static void
pass_an_hour(struct reactor_call *call)
{
	(void)call;
	fake.now_ns += hour_ns;
}

static void
stop(struct reactor_timer *t)
{
	(void)t;
	reactor_stop(loop);
}

/* A call takes an hour: the timer of an hour must not wait for another. */
static void
time_in_callbacks(void)
{
	struct reactor_call call;

	fake_begin();
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	reactor_call_later(loop, &a, hour_ns, stop);
	reactor_call_init(&call, pass_an_hour);
	reactor_call_soon(loop, &call);
	CHECK_INT(reactor_run(loop), 0);
	reactor_free(loop);
}

/* Set-up takes time: what is set before a run, or between two, is not early. */
static void
set_outside_of_a_run(void)
{
	int run;

	fake_begin();
	story[0] = '\0';
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	for (run = 0; run < 2; run++) {
		fake.now_ns += 300;
		CHECK_INT(reactor_now_ns(loop), fake.now_ns);
		later(&a, 200);
		turn_at(fake.now_ns + 199);
		CHECK_STR(story, run == 0 ? "" : "a");
		turn_at(fake.now_ns + 1);
		CHECK_STR(story, run == 0 ? "a" : "aa");
		reactor_call_later(loop, &b, 0, stop);
		CHECK_INT(reactor_run(loop), 0);
	}
	fake.now_ns = 900;	/* a clock that runs back is not believed */
	CHECK_INT(reactor_now_ns(loop), 2000);
	reactor_free(loop);
}

/* ---- time-outs ---- */

static void
set_timeout(struct rig_end *e)
{
	transport_set_timeout(e->protocol.transport, 1000);
}

static void
settle(struct rig *rig, uint64_t now_ns)
{
	int i;

	fake.now_ns = now_ns;
	for (i = 0; i < 6; i++)
		reactor_iterate(rig->reactor, 0);
}

/* Every byte, received or sent, begins the time anew. */
static void
idle_timeout(void)
{
	struct rig rig;

	fake_begin();
	rig_open(&rig);
	rig.waiting = 99;
	rig.client.made = set_timeout;
	rig_connect(&rig);
	settle(&rig, 1000);
	CHECK_STR(rig.client.log, "made");
	settle(&rig, 1999);
	transport_write(rig.server.protocol.transport, "x", 1);
	settle(&rig, 1999);
	settle(&rig, 2900);
	transport_write(rig.client.protocol.transport, "y", 1);
	settle(&rig, 3800);
	CHECK_STR(rig.client.log, "made \"x\"");
	transport_set_timeout(rig.client.protocol.transport, 0);
	settle(&rig, 9000);
	transport_set_timeout(rig.client.protocol.transport, 500);
	settle(&rig, 9499);
	CHECK_INT(rig.client.farewells, 0);
	settle(&rig, 9500);
	rig_check_error(&rig.client, "made \"x\" lost", -ETIMEDOUT);
	CHECK_STR(rig.server.log, "made \"y\" lost(0)");
	rig_close(&rig);
}

/* A peer that never closes is not waited for longer than two seconds. */
static void
linger_timeout(void)
{
	struct rig rig;

	fake_begin();
	rig_open(&rig);
	rig.waiting = 99;
	rig.client.protocol.ops = &rig_full;
	rig_connect(&rig);
	settle(&rig, 1000);
	transport_lose_connection(rig.server.protocol.transport);
	settle(&rig, 1999999000);
	CHECK_STR(rig.client.log, "made end");
	CHECK_STR(rig.server.log, "made");
	settle(&rig, 2000001000);
	CHECK_STR(rig.server.log, "made lost(0)");
	rig_close(&rig);
}

/* Nothing is asked of the network before the loop runs. */
static void
connect_is_lazy(void)
{
	struct rig rig;

	fake_begin();
	rig_open(&rig);
	rig.waiting = 99;
	fake.calls = 0;
	rig_connect(&rig);
	CHECK_INT(fake.calls, 0);
	transport_abort_connection(rig.client.protocol.transport);
	settle(&rig, 1000);
	CHECK_INT(fake.calls, 0);
	rig_check_error(&rig.client, "failed", -ECANCELED);
	rig_close(&rig);
}

/* A socket that never becomes writable: the attempt times out, or is ended. */
static void
connect_timeout(void)
{
	struct reactor_connect_options options = { .timeout_ns = 700 };
	struct rig rig;
	int fds[2], i;

	for (i = 0; i < 2; i++) {
		fake_begin();
		rig_open(&rig);
		rig.waiting = 99;
		CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		fake.full_fd = fds[0];
		CHECK(fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0);
		while (send(fds[0], story, 1, 0) == 1)
			;
		CHECK_INT(reactor_connect(rig.reactor, &rig.address, &options,
		    &rig.client.protocol), 0);
		settle(&rig, 1000);
		settle(&rig, 1699);
		CHECK_STR(rig.client.log, "");
		CHECK_INT(fake.calls, 3);
		if (i == 0)
			settle(&rig, 1700);
		else
			transport_lose_connection(
			    rig.client.protocol.transport);
		settle(&rig, 1700);
		rig_check_error(&rig.client, "failed",
		    i == 0 ? -ETIMEDOUT : -ECANCELED);
		close(fds[1]);
		rig_close(&rig);
	}
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "timers in the loop", timers_in_the_loop, true },
		{ "time passes in callbacks", time_in_callbacks, true },
		{ "set outside of a run", set_outside_of_a_run, true },
		{ "an idle connection", idle_timeout, true },
		{ "lingering", linger_timeout, true },
		{ "connecting before the run", connect_is_lazy, true },
		{ "connecting in vain", connect_timeout, true },
	};

	rig_each(cases, sizeof(cases) / sizeof(cases[0]), loopback_any());
	return check_done();
}
