/*
 * defer_cancel_test.c - cancelling, with all its corners.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../defer/control.h"
#include "../defer/deferred.h"
#include "defer_probe.h"

#include <errno.h>

static struct probe_log defer_log;

/* What a canceller is to do, and how often it was called. */
struct stopper {
	int calls;
	enum { STOP, STOP_LATER, FIRE, FAIL, AGAIN } does;
	struct deferred *on;
};

static struct probe
does(const char *name, enum probe_does what)
{
	return (struct probe){.log = &defer_log, .name = name, .does = what,
	    .number = 7};
}

static enum deferred_cancelling
stop(void *ctx, struct deferred *d)
{
	struct stopper *s = ctx;

	s->calls++;
	s->on = d;
	if (s->does == FIRE)
		deferred_fire(d, probe_number(9));
	else if (s->does == FAIL)
		deferred_fire(d, probe_failure());
	else if (s->does == AGAIN)
		deferred_cancel(d);
	return s->does == STOP_LATER ? DEFERRED_STOPPING : DEFERRED_STOPPED;
}

static void
test_without_canceller(void)
{
	struct deferred *d = probe_deferred();

	check_case("without a canceller it fails as cancelled");
	deferred_cancel(d);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(!cancelled) ");

	check_case("one late fire is swallowed, the next is refused");
	CHECK_INT(deferred_fire(d, probe_number(1)), 0);
	CHECK_INT(deferred_fire(d, probe_number(1)), -EALREADY);
	deferred_release(d);
	d = probe_deferred();
	deferred_cancel(d);
	CHECK_INT(deferred_fire(d, probe_failure()), 0);
	CHECK_INT(deferred_fire(d, probe_failure()), -EALREADY);
	deferred_release(d);
}

static void
test_with_canceller(void)
{
	struct stopper s = {0};
	struct deferred *d = deferred_new(stop, &s);

	check_case("a canceller that fires nothing: cancelled");
	deferred_cancel(d);
	CHECK(s.calls == 1 && s.on == d);
	CHECK_INT(deferred_fire(d, probe_number(1)), -EALREADY);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(!cancelled) ");

	check_case("after that, a cancel does nothing");
	deferred_cancel(d);
	CHECK_INT(s.calls, 1);
	deferred_release(d);

	check_case("the canceller's own value or failure stands");
	s = (struct stopper){.does = FIRE};
	d = deferred_new(stop, &s);
	deferred_cancel(d);
	probe_take(&defer_log, "d", d);
	deferred_release(d);
	s = (struct stopper){.does = FAIL};
	d = deferred_new(stop, &s);
	deferred_cancel(d);
	probe_take(&defer_log, "d", d);
	deferred_release(d);
	PROBE_SAYS(&defer_log, "d(9) d(!failed) ");

	check_case("a canceller that cancels again is called once");
	s = (struct stopper){.does = AGAIN};
	d = deferred_new(stop, &s);
	deferred_cancel(d);
	CHECK_INT(s.calls, 1);
	deferred_release(d);

	check_case("one that is stopping fires it when it has ended");
	s = (struct stopper){.does = STOP_LATER};
	d = deferred_new(stop, &s);
	deferred_cancel(d);
	CHECK(!deferred_has_fired(d));
	deferred_cancel(d);
	CHECK_INT(s.calls, 2);
	CHECK_INT(deferred_fire(d, probe_number(1)), 0);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(1) ");
	deferred_release(d);
}

/* Cancels its own deferred. */
static struct defer_result
cancels(void *ctx, struct defer_result in)
{
	struct probe *p = ctx;

	deferred_cancel(p->on);
	return probe_run(ctx, in);
}

static void
test_no_effect(void)
{
	struct stopper s = {0};
	struct deferred *d = deferred_new(stop, &s), *inner = probe_deferred();
	struct probe a = does("a", PROBE_DEFER), b = does("b", PROBE_PASS);

	check_case("a cancel after the fire does nothing");
	deferred_fire(d, probe_number(1));
	deferred_cancel(d);
	CHECK_INT(s.calls, 0);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(1) ");
	deferred_release(d);

	check_case("nor from inside one of its callbacks");
	d = a.on = deferred_new(stop, &s);
	a.deferred = deferred_ref(inner);
	deferred_add_both(d, cancels, &a);
	deferred_add_both(d, probe_run, &b);
	deferred_fire(d, probe_number(1));
	CHECK(!deferred_has_fired(inner));
	deferred_finish(&inner, probe_number(2));
	PROBE_SAYS(&defer_log, "a(1) b(2) ");
	CHECK_INT(s.calls, 0);
	deferred_release(d);
}

static void
test_nested(void)
{
	struct stopper so = {0}, si = {0};
	struct deferred *o, *m, *i;
	struct probe po = does("o", PROBE_DEFER), pm = does("m", PROBE_DEFER);
	struct probe heal = does("heal", PROBE_NUMBER);
	struct probe end = does("end", PROBE_PASS);
	int round;

	check_case("the innermost of three is cancelled, no other");
	for (round = 0; round < 2; round++) {
		o = deferred_new(stop, &so);
		m = deferred_new(stop, &so);
		i = round == 0 ? deferred_new(stop, &si) : probe_deferred();
		po.deferred = m;
		pm.deferred = deferred_ref(i);
		deferred_add_both(o, probe_run, &po);
		deferred_add_both(m, probe_run, &pm);
		if (round == 1)
			deferred_add_both(i, probe_run, &heal);
		deferred_fire(m, defer_result_none());
		deferred_fire(o, defer_result_none());
		deferred_add_both(o, probe_run, &end);
		deferred_cancel(o);
		CHECK_INT(so.calls, 0);
		CHECK_INT(si.calls, 1);
		if (round == 0)
			PROBE_SAYS(&defer_log,
			    "m(none) o(none) end(!cancelled) ");
		else
			CHECK_INT(deferred_fire(i, probe_number(1)), 0);
		deferred_release(i);
		deferred_release(o);
	}

	check_case("it may turn the cancel into a value; late fire eaten");
	PROBE_SAYS(&defer_log,
	    "m(none) o(none) heal(!cancelled) end(7) ");
}

static enum deferred_cancelling
stop_and_release(void *ctx, struct deferred *d)
{
	deferred_release(d);
	*(struct deferred **)ctx = NULL;
	return DEFERRED_STOPPED;
}

static void
test_release_inside(void)
{
	struct deferred *producer, *d;
	struct probe a = does("a", PROBE_PASS);

	check_case("a canceller gives up the producer's reference");
	producer = d = deferred_new(stop_and_release, &producer);
	deferred_ref(d);
	deferred_add_both(d, probe_run, &a);
	deferred_cancel(d);
	CHECK(producer == NULL);
	PROBE_SAYS(&defer_log, "a(!cancelled) ");
	deferred_release(d);
}

int
main(void)
{
	test_without_canceller();
	test_with_canceller();
	test_no_effect();
	test_nested();
	test_release_inside();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
