/*
 * reactor_watch_test.c - what a change of interest costs.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../reactor/poller.h"
#include "reactor_rig.h"
#include "reactor_spy.h"

/* A net change of nothing costs nothing: counted by a poller in between. */
static const struct poller_ops *real_ops;
static struct poller_ops counting_ops;
static int sets;

static int
count_set(struct poller *p, struct poller_watch *w, unsigned want)
{
	sets++;
	return real_ops->set(p, w, want);
}

static int
counting_open(struct poller **p, const struct reactor_system *system)
{
	int error = rig_open_poller(p, system);

	if (error != 0)
		return error;
	real_ops = (*p)->ops;
	counting_ops = *real_ops;
	counting_ops.set = count_set;
	(*p)->ops = &counting_ops;
	return 0;
}

static void
unchanged_costs_nothing(void)
{
	struct reactor_options options = { 0 };
	struct poller_ops ops = { .name = "counting", .open = counting_open };
	struct spy a;

	options.own_poller = &ops;
	CHECK_INT(reactor_new(&loop, &options), 0);
	spy_open(&a, POLLER_READ, NULL);
	reactor_iterate(loop, 0);
	sets = 0;
	reactor_iterate(loop, 0);
	reactor_watch_want(&a.watch, 0);
	reactor_watch_want(&a.watch, POLLER_READ | POLLER_WRITE);
	reactor_watch_want(&a.watch, POLLER_READ);
	reactor_iterate(loop, 0);
	CHECK_INT(sets, 0);
	CHECK_INT(a.reads, 3);
	reactor_watch_want(&a.watch, 0);
	reactor_iterate(loop, 0);
	CHECK_INT(sets, 1);
	reactor_watch_close(&a.watch);
	reactor_iterate(loop, 0);
	CHECK_INT(sets, 1);
	reactor_free(loop);
	CHECK_INT(alloc_live(), 0);
}

/* Some kernels say only in the wait that they cannot watch a descriptor. */
static int
refuse_in_wait(struct poller *p, int64_t timeout_ns,
    struct poller_event *events, size_t room)
{
	int i, n = real_ops->wait(p, timeout_ns, events, room);

	for (i = 0; i < n; i++)
		events[i].ready = POLLER_REFUSED;
	return n;
}

static int
refusing_open(struct poller **p, const struct reactor_system *system)
{
	int error = counting_open(p, system);

	counting_ops.wait = refuse_in_wait;
	return error;
}

static void
refused_failed(struct reactor_watch *w, int error)
{
	CHECK_INT(error, -EMFILE);
	spy_of(w)->fails++;
	reactor_watch_close(w);
}

static void
refused_in_the_wait(void)
{
	struct reactor_watch_ops told = spy_ops;
	struct poller_ops ops = { .name = "refusing", .open = refusing_open };
	struct reactor_options options = { .own_poller = &ops };
	struct spy a;

	CHECK_INT(reactor_new(&loop, &options), 0);
	spy_open(&a, POLLER_READ, NULL);
	told.failed = refused_failed;
	a.watch.ops = &told;
	reactor_iterate(loop, 0);
	CHECK_INT(a.reads, 0);
	CHECK_INT(a.fails, 1);
	CHECK_INT(a.closes, 1);
	reactor_free(loop);
	CHECK_INT(alloc_live(), 0);
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "unchanged interest", unchanged_costs_nothing, true },
		{ "refused in the wait", refused_in_the_wait, true },
	};

	rig_each(cases, sizeof(cases) / sizeof(cases[0]), loopback_any());
	return check_done();
}
