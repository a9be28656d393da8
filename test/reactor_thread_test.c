/*
 * reactor_thread_test.c - what comes from outside of the loop: calls of other
 * threads, and signals.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../reactor/signals.h"
#include "../reactor/wake.h"
#include "reactor_rig.h"

#include <pthread.h>
#include <signal.h>

enum { THREADS = 8, CALLS = 2000 };

static struct reactor *loop;
static struct reactor_wake *wake;

/* ---- threads ---- */

static struct handed {
	struct reactor_thread_call call;
	int thread, number;
} handed[THREADS][CALLS];
static int next_number[THREADS], made;

static void
on_call(struct reactor_thread_call *c)
{
	struct handed *h = (struct handed *)(void *)c;

	CHECK_INT(h->number, next_number[h->thread]);
	next_number[h->thread]++;
	if (++made == THREADS * CALLS)
		reactor_stop(loop);
}

static void *
hand_over(void *first)
{
	struct handed *h = first;
	int i;

	for (i = 0; i < CALLS; i++)
		reactor_call_from_thread(wake, &h[i].call);
	return NULL;
}

/* The loop sleeps in its wait; each thread's calls come in their order. */
static void
many_threads(void)
{
	pthread_t threads[THREADS];
	int t, i;

	made = 0;
	memset(next_number, 0, sizeof(next_number));
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	CHECK_INT(reactor_wake_open(loop, &wake), 0);
	for (t = 0; t < THREADS; t++) {
		for (i = 0; i < CALLS; i++)
			handed[t][i] = (struct handed){
				{ .call = on_call }, t, i
			};
		if (pthread_create(&threads[t], NULL, hand_over,
		    handed[t]) != 0)
			abort();
	}
	CHECK_INT(reactor_run(loop), 0);
	for (t = 0; t < THREADS; t++)
		pthread_join(threads[t], NULL);
	CHECK_INT(made, THREADS * CALLS);
	reactor_free(loop);
	CHECK_INT(alloc_live(), 0);
}

static void
on_again(struct reactor_thread_call *c)
{
	if (++made == 5)
		reactor_stop(loop);
	reactor_call_from_thread(wake, c);
}

/* One that hands itself over again waits a turn, and starves nobody. */
static void
again_and_again(void)
{
	struct reactor_thread_call c = { .call = on_again };

	made = 0;
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	CHECK_INT(reactor_wake_open(loop, &wake), 0);
	reactor_call_from_thread(wake, &c);
	CHECK_INT(made, 0);
	reactor_iterate(loop, 0);
	CHECK_INT(made, 1);
	CHECK_INT(reactor_run(loop), 0);
	CHECK_INT(made, 5);
	reactor_free(loop);
}

static void
on_call_made(struct reactor_thread_call *c)
{
	(void)c;
	made++;
}

/* A poller that hands a call over when the loop thinks it can sleep. */
static const struct poller_ops *real_ops;
static struct poller_ops late_ops;
static struct reactor_thread_call late;

static void
on_late(struct reactor_thread_call *c)
{
	(void)c;
	reactor_stop(loop);
}

static int
late_wait(struct poller *p, int64_t timeout_ns, struct poller_event *events,
    size_t room)
{
	if (timeout_ns < 0)
		reactor_call_from_thread(wake, &late);
	return real_ops->wait(p, timeout_ns, events, room);
}

static int
late_open(struct poller **p, const struct reactor_system *system)
{
	int error = rig_open_poller(p, system);

	if (error != 0)
		return error;
	real_ops = (*p)->ops;
	late_ops = *real_ops;
	late_ops.wait = late_wait;
	(*p)->ops = &late_ops;
	return 0;
}

/* The wait that has just been decided on does not last. */
static void
wakes_a_sleeper(void)
{
	struct poller_ops ops = { .name = "late", .open = late_open };
	struct reactor_options options = { .own_poller = &ops };

	late.call = on_late;
	CHECK_INT(reactor_new(&loop, &options), 0);
	CHECK_INT(reactor_wake_open(loop, &wake), 0);
	CHECK_INT(reactor_run(loop), 0);
	reactor_free(loop);
}

static void
hand_over_once(struct reactor_call *c)
{
	(void)c;
	reactor_call_from_thread(wake, &late);
}

/* It is there from one run to the next, and goes with its reactor. */
static void
run_twice(void)
{
	struct reactor_call c;

	late.call = on_late;
	reactor_call_init(&c, hand_over_once);
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	CHECK_INT(reactor_wake_open(loop, &wake), 0);
	reactor_call_soon(loop, &c);
	CHECK_INT(reactor_run(loop), 0);
	reactor_call_soon(loop, &c);
	CHECK_INT(reactor_run(loop), 0);
	reactor_call_from_thread(wake, &late);	/* and is forgotten */
	reactor_free(loop);
	CHECK_INT(alloc_live(), 0);
}

/* A poller that has no room for anything at first. */
static int refusals;

static int
poor_set(struct poller *p, struct poller_watch *w, unsigned interest)
{
	return refusals-- > 0 ? -ENOSPC : real_ops->set(p, w, interest);
}

static int
poor_open(struct poller **p, const struct reactor_system *system)
{
	int error = late_open(p, system);

	late_ops.wait = real_ops->wait;
	late_ops.set = poor_set;
	return error;
}

static void
on_signal_made(struct reactor_signal *s, int number)
{
	(void)s;
	(void)number;
	made++;
}

/* A way in that the poller does not watch would lose calls: it is refused. */
static void
a_poor_poller(void)
{
	struct poller_ops ops = { .name = "poor", .open = poor_open };
	struct reactor_options options = { .own_poller = &ops };
	struct reactor_signal term = { .number = 0 };
	long live;

	refusals = 2;
	made = 0;
	late.call = on_call_made;
	CHECK_INT(reactor_new(&loop, &options), 0);
	live = alloc_live();
	alloc_fail_at(0, 0);
	CHECK_INT(reactor_wake_open(loop, &wake), -ENOMEM);
	alloc_fail_at(-1, 0);
	CHECK_INT(reactor_wake_open(loop, &wake), -ENOSPC);
	CHECK_INT(reactor_catch_signal(loop, &term, SIGTERM, on_signal_made),
	    -ENOSPC);
	CHECK_INT(alloc_live(), live);
	CHECK_INT(reactor_wake_open(loop, &wake), 0);
	CHECK_INT(reactor_catch_signal(loop, &term, SIGTERM, on_signal_made),
	    0);
	reactor_call_from_thread(wake, &late);
	raise(SIGTERM);
	reactor_iterate(loop, -1);
	CHECK_INT(made, 2);
	reactor_free(loop);
	CHECK_INT(alloc_live(), 0);
}

static int
no_pipe(const struct reactor_system *s, int fds[2])
{
	(void)s;
	(void)fds;
	return -EMFILE;
}

/* Nothing is left of a way in that could not be made. */
static void
no_descriptors(void)
{
	struct reactor_system system = reactor_system_posix;
	struct reactor_options options = rig_options;
	struct reactor_signal term = { .number = 0 };
	long live;

	system.pipe = no_pipe;
	options.system = &system;
	CHECK_INT(reactor_new(&loop, &options), 0);
	live = alloc_live();
	CHECK_INT(reactor_wake_open(loop, &wake), -EMFILE);
	CHECK_INT(reactor_catch_signal(loop, &term, SIGTERM, on_signal_made),
	    -EMFILE);
	CHECK_INT(alloc_live(), live);
	reactor_free(loop);
}

/* ---- signals ---- */

static volatile sig_atomic_t caught;

static void
on_signal(struct reactor_signal *s, int number)
{
	caught = number;
	reactor_stop(s->reactor);
}

static void
before_us(int number)
{
	caught = -number;
}

static void
send_signal(struct reactor_call *c)
{
	(void)c;
	raise(SIGTERM);
	CHECK_INT(caught, 0);	/* not here, but from the loop */
}

static void
stop_by_signal(void)
{
	struct sigaction old = { .sa_handler = before_us };
	struct reactor_signal term = {0}, interrupt = {0}, bad = {0};
	struct reactor_call c;
	struct reactor *other;
	int n;

	CHECK_INT(sigaction(SIGTERM, &old, NULL), 0);
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	CHECK_INT(reactor_new(&other, &rig_options), 0);
	CHECK_INT(reactor_catch_signal(loop, &bad, SIGKILL, on_signal),
	    -EINVAL);
	CHECK_INT(reactor_catch_signal(other, &bad, 0, on_signal), -EINVAL);
	for (n = 0; n < 2; n++) {
		alloc_fail_at(n, 0);
		CHECK_INT(reactor_catch_signal(loop, &term, SIGTERM,
		    on_signal), -ENOMEM);
	}
	alloc_fail_at(-1, 0);
	CHECK_INT(reactor_catch_signal(loop, &term, SIGTERM, on_signal), 0);
	CHECK_INT(reactor_catch_signal(loop, &interrupt, SIGINT, on_signal),
	    0);
	CHECK_INT(reactor_catch_signal(loop, &bad, SIGINT, on_signal),
	    -EBUSY);
	CHECK_INT(reactor_catch_signal(other, &bad, SIGHUP, on_signal),
	    -EBUSY);
	reactor_release_signal(&bad);
	reactor_call_init(&c, send_signal);
	reactor_call_soon(loop, &c);
	caught = 0;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_INT(caught, SIGTERM);
	reactor_release_signal(&term);
	reactor_release_signal(&term);
	raise(SIGTERM);
	CHECK_INT(caught, -SIGTERM);
	reactor_free(loop);	/* gives SIGINT back */
	CHECK_INT(reactor_catch_signal(other, &bad, SIGINT, on_signal), 0);
	reactor_free(other);
	reactor_release_signal(&bad);
	CHECK_INT(alloc_live(), 0);
}

/* One that has come, but is released before the turn that would tell it. */
static void
released_in_time(void)
{
	struct reactor_signal both[2] = { { .number = 0 } };

	made = 0;
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	CHECK_INT(reactor_catch_signal(loop, &both[0], SIGTERM,
	    on_signal_made), 0);
	CHECK_INT(reactor_catch_signal(loop, &both[1], SIGINT,
	    on_signal_made), 0);
	raise(SIGTERM);
	raise(SIGINT);
	reactor_release_signal(&both[0]);
	reactor_iterate(loop, -1);
	CHECK_INT(made, 1);
	reactor_free(loop);
	CHECK_INT(alloc_live(), 0);
}

/* ---- signals that stop ---- */

static int raised, calls_made;

/* Once a turn, until the loop is stopped or that was in vain. */
static void
raise_in_call(struct reactor_call *c)
{
	if (calls_made++ < 100) {
		raise(raised);
		reactor_call_soon(loop, c);
	} else {
		reactor_break(loop);
	}
}

static void
hold_on(struct reactor_trigger *t)
{
	(void)t;
	reactor_hold(loop);
}

static int
run_with_signals(int number)
{
	struct reactor_call c;

	raised = number;
	calls_made = 0;
	reactor_call_init(&c, raise_in_call);
	reactor_call_soon(loop, &c);
	CHECK_INT(reactor_run(loop), 0);
	reactor_cancel_call(&c);
	return calls_made;
}

/* The first stops, the second does not wait for what holds; unless ignored. */
static void
stopped_by_signals(void)
{
	struct sigaction old = { .sa_handler = SIG_IGN };
	struct reactor_signal both[2] = { { .number = 0 } };
	struct reactor_signal more[2] = { { .number = 0 } };
	struct reactor_trigger farewell = { .call = NULL };

	signal(SIGINT, SIG_DFL);
	CHECK_INT(sigaction(SIGTERM, &old, NULL), 0);
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	CHECK_INT(reactor_stop_on_signals(loop, both), 0);
	CHECK_INT(reactor_stop_on_signals(loop, more), -EBUSY);
	CHECK(run_with_signals(SIGTERM) > 100);
	CHECK(run_with_signals(SIGINT) < 5);
	reactor_add_trigger(loop, REACTOR_BEFORE_SHUTDOWN, &farewell, hold_on);
	CHECK(run_with_signals(SIGINT) < 5);
	reactor_free(loop);
	old.sa_handler = SIG_DFL;
	CHECK_INT(sigaction(SIGTERM, &old, NULL), 0);
	memset(both, 0, sizeof(both));
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	CHECK_INT(reactor_stop_on_signals(loop, both), 0);
	CHECK(run_with_signals(SIGTERM) < 5);
	reactor_release_signal(&both[0]);
	reactor_release_signal(&both[1]);
	CHECK_INT(sigaction(SIGTERM, NULL, &old), 0);
	CHECK(old.sa_handler == SIG_DFL);
	CHECK_INT(reactor_catch_signal(loop, &more[0], SIGINT, on_signal_made),
	    0);
	CHECK_INT(reactor_stop_on_signals(loop, both), -EBUSY);
	reactor_free(loop);
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "calls from many threads", many_threads, true },
		{ "calls that call again", again_and_again, true },
		{ "a call wakes the loop", wakes_a_sleeper, true },
		{ "calls in two runs", run_twice, true },
		{ "a poller without room", a_poor_poller, true },
		{ "no descriptors", no_descriptors, true },
		{ "signals", stop_by_signal, true },
		{ "a signal released in time", released_in_time, true },
		{ "signals that stop", stopped_by_signals, true },
	};

	rig_each(cases, sizeof(cases) / sizeof(cases[0]), loopback_any());
	return check_done();
}
