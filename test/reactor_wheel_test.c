/*
 * reactor_wheel_test.c - the wheels of timers against a naive model.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../reactor/timer.h"
#include "check.h"

enum { TIMERS = 300, STEPS = 100000 };

static unsigned long long seed = 88172645463325252u;

static uint64_t
draw(uint64_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 8) % below;
}

static struct reactor_timers all;
static struct reactor_timer timers[TIMERS];
static struct {
	uint64_t due_ns, order;
	bool active;
} model[TIMERS];

/* The first of the model that is due by now, or -1. */
static int
model_due(uint64_t now_ns)
{
	int i, best = -1;

	for (i = 0; i < TIMERS; i++)
		if (model[i].active && model[i].due_ns <= now_ns &&
		    (best < 0 || model[i].due_ns < model[best].due_ns ||
		    (model[i].due_ns == model[best].due_ns &&
		    model[i].order < model[best].order)))
			best = i;
	return best;
}

/* What was taken may still be removed, or set anew, before its turn. */
static void
take_due(uint64_t now_ns)
{
	struct reactor_list due;
	struct reactor_timer *t;
	int want;

	reactor_timers_take_due(&all, now_ns, &due);
	do {
		want = model_due(now_ns);
		if (want >= 0 && draw(8) == 0) {
			reactor_timer_remove(&timers[want]);
			model[want].active = false;
			want = model_due(now_ns);
		}
		t = reactor_timer_take_first(&due);
		if (!CHECK_INT(t == NULL ? -1 : t - timers, want))
			return;
		if (want >= 0)
			model[want].active = false;
	} while (t != NULL);
}

/* In some units of some size ahead, so that many are equal. */
static uint64_t
draw_due(uint64_t now)
{
	unsigned shift = (unsigned)draw(50);

	return draw(3) == 0 ? now + draw(4) :
	    ((now >> shift) + 1 + draw(70)) << shift;
}

/* Nothing is due before the time that is told, which is never over. */
static void
check_earliest(uint64_t now)
{
	uint64_t earliest = reactor_timers_earliest_ns(&all);

	if (model_due(UINT64_MAX) < 0) {
		CHECK(earliest == UINT64_MAX);
		return;
	}
	CHECK(earliest == 0 || model_due(earliest - 1) < 0);
	CHECK(earliest > now || model_due(now) >= 0);
}

static void
against_the_model(void)
{
	uint64_t now = 0;
	int step, i;

	check_case("against a naive model");
	reactor_timers_init(&all);
	for (step = 0; step < STEPS; step++) {
		i = (int)draw(TIMERS);
		switch (draw(20)) {
		case 0:
			now += draw(UINT64_C(1) << draw(46));
			take_due(now);
			check_earliest(now);
			break;
		case 1: case 2: case 3: case 4:
			reactor_timer_remove(&timers[i]);
			model[i].active = false;
			break;
		default:
			model[i].due_ns = draw_due(now);
			model[i].order = (uint64_t)step;
			model[i].active = true;
			reactor_timers_set(&all, &timers[i], model[i].due_ns);
			break;
		}
		CHECK_INT(reactor_timer_is_active(&timers[i]), model[i].active);
	}
	take_due(UINT64_MAX);
	CHECK(reactor_timers_earliest_ns(&all) == UINT64_MAX);
}

/* Who sleeps until the earliest time, and again, is not called often. */
static void
waking_early(int count, int want)
{
	uint64_t due = UINT64_C(0x123456789abcdef), now = 0;
	struct reactor_list list;
	int wakes = 0, i;

	check_case(count > 1 ? "waking early for several" :
	    "waking in time for one");
	reactor_timers_init(&all);
	for (i = 0; i < count; i++)
		reactor_timers_set(&all, &timers[i], due);
	do {
		now = reactor_timers_earliest_ns(&all);
		reactor_timers_take_due(&all, now, &list);
		wakes++;
	} while (wakes < 99 && reactor_timer_take_first(&list) == NULL);
	CHECK(now == due);
	CHECK_INT(wakes, want);
	for (i = 1; i < count; i++)
		CHECK(reactor_timer_take_first(&list) == &timers[i]);
}

static void
the_end_of_time(void)
{
	struct reactor_list list;
	int i;

	check_case("the end of time");
	reactor_timers_init(&all);
	for (i = 0; i < TIMERS; i++)
		reactor_timers_set(
		    &all, &timers[i], UINT64_MAX - (uint64_t)i % 2);
	reactor_timers_take_due(&all, UINT64_MAX - 2, &list);
	CHECK(reactor_timer_take_first(&list) == NULL);
	reactor_timers_take_due(&all, UINT64_MAX - 1, &list);
	CHECK(reactor_timer_take_first(&list) == &timers[1]);
	while (reactor_timer_take_first(&list) != NULL)
		;
	CHECK(reactor_timers_earliest_ns(&all) == UINT64_MAX);
	reactor_timers_take_due(&all, UINT64_MAX, &list);
	while (reactor_timer_take_first(&list) != NULL)
		;
	for (i = 0; i < TIMERS; i++)
		CHECK(!reactor_timer_is_active(&timers[i]));
}

int
main(void)
{
	against_the_model();
	waking_early(1, 1);
	waking_early(2, 10);
	the_end_of_time();
	return check_done();
}
