/*
 * defer_deferred_test.c - chains, firing once, and pauses.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../defer/control.h"
#include "../defer/deferred.h"
#include "../defer/share.h"
#include "defer_probe.h"

#include <errno.h>

static struct probe_log defer_log;

/* A probe with a name that does one thing. */
static struct probe
does(const char *name, enum probe_does what)
{
	return (struct probe){.log = &defer_log, .name = name, .does = what,
	    .number = 7};
}

static void
test_track(void)
{
	struct probe a = does("a", PROBE_NUMBER), b = does("b", PROBE_PASS);
	struct deferred *d = probe_deferred();

	check_case("fire runs callbacks in order, with their ctx");
	deferred_add_callback(d, probe_run, &a);
	deferred_add_callback(d, probe_run, &b);
	PROBE_SAYS(&defer_log, "");
	CHECK(!deferred_has_fired(d));
	CHECK_INT(deferred_fire(d, probe_number(5)), 0);
	CHECK(deferred_has_fired(d));
	PROBE_SAYS(&defer_log, "a(5) b(7) ");

	check_case("what is added to a fired deferred runs at once");
	a.does = PROBE_NONE;
	CHECK_INT(deferred_add_callback(d, probe_run, &a), 0);
	PROBE_SAYS(&defer_log, "a(7) ");
	deferred_add_callback(d, probe_run, &b);
	PROBE_SAYS(&defer_log, "b(none) ");
	deferred_release(d);
}

static void
test_two_tracks(void)
{
	struct probe a = does("a", PROBE_FAIL), b = does("b", PROBE_PASS);
	struct probe c = does("c", PROBE_NUMBER), e = does("e", PROBE_PASS);
	struct deferred *d = probe_deferred();

	check_case("failures take the other track and come back");
	deferred_add_errback(d, probe_run, &b);		/* passes 5 */
	deferred_add_callback(d, probe_run, &a);	/* fails */
	deferred_add_callback(d, probe_run, &b);	/* is passed */
	deferred_add_errback(d, probe_run, &b);		/* fails again */
	deferred_add_both(d, probe_run, &e);
	deferred_add_errback(d, probe_run, &c);		/* heals */
	deferred_add_both(d, probe_run, &e);
	deferred_fire(d, probe_number(5));
	PROBE_SAYS(&defer_log,
	    "a(5) b(!failed) e(!failed) c(!failed) e(7) ");
	deferred_release(d);

	check_case("an errback does not see the failure of its own pair");
	d = probe_deferred();
	deferred_add_callbacks(d, probe_run, NULL, &a);
	deferred_add_callbacks(d, NULL, probe_run, &c);
	deferred_fire(d, defer_result_none());
	PROBE_SAYS(&defer_log, "a(none) c(!failed) ");
	deferred_release(d);

	check_case("firing with a failure begins on the failure track");
	d = probe_deferred();
	deferred_add_callbacks(d, probe_run, NULL, &a);
	deferred_add_errback(d, probe_run, &c);
	CHECK_INT(deferred_fire(d, probe_failure()), 0);
	PROBE_SAYS(&defer_log, "c(!failed) ");
	deferred_release(d);

	check_case("a pair of two NULLs is passed");
	d = probe_deferred();
	CHECK_INT(deferred_add_callbacks(d, NULL, NULL, NULL), 0);
	deferred_add_both(d, probe_run, &c);
	deferred_fire(d, probe_number(5));
	PROBE_SAYS(&defer_log, "c(5) ");
	deferred_release(d);

	check_case("a failure that is NULL is the one of no memory");
	d = probe_deferred();
	deferred_add_errback(d, probe_run, &c);
	deferred_fire(d, defer_result_failure(NULL));
	PROBE_SAYS(&defer_log, "c(!out-of-memory) ");
	deferred_release(d);
}

/* Adds another probe to the deferred that it runs on. */
static struct defer_result
adds_another(void *ctx, struct defer_result in)
{
	struct probe *p = ctx;

	probe_write(p->log, p->name, in);
	deferred_add_both(p->on, probe_run, p + 1);
	strcat(p->log->text, "added ");
	defer_result_destroy(in);
	return p->does == PROBE_FAIL ? probe_failure() : defer_result_none();
}

static void
test_add_while_running(void)
{
	struct probe a[2] = {does("a", PROBE_NONE), does("late", PROBE_NONE)};
	struct probe b = does("b", PROBE_PASS);
	struct deferred *d = probe_deferred();

	check_case("what a callback adds runs after what is queued");
	a[0].on = d;
	deferred_add_both(d, adds_another, a);
	deferred_add_both(d, probe_run, &b);
	deferred_fire(d, probe_number(1));
	PROBE_SAYS(&defer_log, "a(1) added b(none) late(none) ");
	deferred_release(d);

	check_case("and sees the failure of the one that added it");
	d = a[0].on = probe_deferred();
	a[0].does = PROBE_FAIL;
	deferred_add_both(d, adds_another, a);
	deferred_fire(d, probe_number(1));
	PROBE_SAYS(&defer_log, "a(1) added late(!failed) ");
	deferred_release(d);
}

static void
test_fire_once(void)
{
	struct deferred *d;
	int i;

	check_case("only the first fire counts");
	for (i = 0; i < 4; i++) {
		d = probe_deferred();
		deferred_fire(d, i < 2 ? probe_number(5) : probe_failure());
		CHECK_INT(deferred_fire(d, i % 2 == 0 ? probe_number(6) :
		    probe_failure()), -EALREADY);
		probe_take(&defer_log, "is", d);
		PROBE_SAYS(&defer_log, i < 2 ? "is(5) " : "is(!failed) ");
		deferred_release(d);
	}

	check_case("the deferred of a value, a failure, a deferred");
	d = deferred_of(probe_number(3));
	probe_take(&defer_log, "of", d);
	deferred_release(d);
	d = deferred_of(probe_failure());
	probe_take(&defer_log, "of", d);
	PROBE_SAYS(&defer_log, "of(3) of(!failed) ");
	CHECK(deferred_of(defer_result_deferred(d)) == d);
	deferred_release(d);

	check_case("a deferred is no result to fire with");
	d = probe_deferred();
	CHECK_INT(deferred_fire(d, defer_result_deferred(probe_deferred())),
	    -EINVAL);
	CHECK(!deferred_has_fired(d));
	CHECK_INT(deferred_fire(d, probe_number(5)), 0);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "is(5) ");
	deferred_release(d);

	check_case("finish fires, releases, and forgets");
	d = probe_deferred();
	CHECK_INT(deferred_finish(&d, probe_number(5)), 0);
	CHECK(d == NULL);
	CHECK_INT(deferred_finish(&d, probe_number(5)), -EALREADY);
}

static void
test_pause(void)
{
	struct probe a = does("a", PROBE_PASS);
	struct deferred *d = probe_deferred();

	check_case("a pause before the fire holds callbacks back");
	deferred_add_both(d, probe_run, &a);
	deferred_pause(d);
	deferred_fire(d, probe_number(5));
	PROBE_SAYS(&defer_log, "");
	CHECK_INT(deferred_unpause(d), 0);
	PROBE_SAYS(&defer_log, "a(5) ");

	check_case("and after it, for each pause one unpause");
	deferred_pause(d);
	deferred_pause(d);
	deferred_add_both(d, probe_run, &a);
	CHECK_INT(deferred_unpause(d), 0);
	PROBE_SAYS(&defer_log, "");
	CHECK_INT(deferred_unpause(d), 0);
	PROBE_SAYS(&defer_log, "a(5) ");

	check_case("one unpause too many is refused, and harmless");
	CHECK_INT(deferred_unpause(d), -EINVAL);
	deferred_add_both(d, probe_run, &a);
	PROBE_SAYS(&defer_log, "a(5) ");
	deferred_release(d);
}

static void
test_pause_corners(void)
{
	struct probe a = does("a", PROBE_PASS);
	struct deferred *d = probe_deferred();

	check_case("a failure is held back as a value is");
	deferred_add_errback(d, probe_run, &a);
	deferred_pause(d);
	deferred_fire(d, probe_failure());
	PROBE_SAYS(&defer_log, "");

	check_case("pause and unpause before the fire leave no trace");
	CHECK_INT(deferred_unpause(d), 0);
	PROBE_SAYS(&defer_log, "a(!failed) ");
	deferred_release(d);
	d = probe_deferred();
	deferred_pause(d);
	deferred_unpause(d);
	deferred_add_both(d, probe_run, &a);
	deferred_fire(d, probe_number(5));
	PROBE_SAYS(&defer_log, "a(5) ");
	deferred_release(d);

	check_case("a cancel of a paused one waits for the unpause");
	d = probe_deferred();
	deferred_add_both(d, probe_run, &a);
	deferred_pause(d);
	deferred_cancel(d);
	PROBE_SAYS(&defer_log, "");
	CHECK(deferred_has_fired(d));
	deferred_unpause(d);
	PROBE_SAYS(&defer_log, "a(!cancelled) ");
	deferred_release(d);

	check_case("pauses are void when the last reference goes");
	d = deferred_of(probe_number(5));
	deferred_pause(d);
	deferred_add_both(d, probe_run, &a);
	deferred_release(d);
	PROBE_SAYS(&defer_log, "a(5) ");
}

/* Pauses its own deferred. */
static struct defer_result
pauses(void *ctx, struct defer_result in)
{
	struct probe *p = ctx;

	deferred_pause(p->on);
	return probe_run(ctx, in);
}

/* Gives up the last reference of others to its own deferred. */
static struct defer_result
releases(void *ctx, struct defer_result in)
{
	struct probe *p = ctx;

	deferred_release(p->on);
	return probe_run(ctx, in);
}

static void
test_from_inside(void)
{
	struct probe a = does("a", PROBE_PASS), b = does("b", PROBE_PASS);
	struct deferred *d = probe_deferred();

	check_case("a callback pauses its own deferred");
	a.on = d;
	deferred_add_both(d, pauses, &a);
	deferred_add_both(d, probe_run, &b);
	deferred_fire(d, probe_number(1));
	PROBE_SAYS(&defer_log, "a(1) ");
	deferred_unpause(d);
	PROBE_SAYS(&defer_log, "b(1) ");
	deferred_release(d);

	check_case("a callback releases its own deferred");
	d = a.on = probe_deferred();
	deferred_add_both(d, releases, &a);
	deferred_add_both(d, probe_run, &b);
	deferred_fire(d, probe_number(1));
	PROBE_SAYS(&defer_log, "a(1) b(1) ");
}

static struct defer_result
count_up(void *ctx, struct defer_result in)
{
	++*(int *)ctx;
	return in;
}

static void
test_many_pairs(void)
{
	struct deferred *d = probe_deferred();
	long before = alloc_made();
	int i, count = 0;

	check_case("a thousand pairs, in room that grows and is used again");
	for (i = 0; i < 1000; i++)
		deferred_add_both(d, count_up, &count);
	deferred_fire(d, defer_result_none());
	CHECK_INT(count, 1000);
	CHECK(alloc_made() - before < 12);
	before = alloc_made();
	for (i = 0; i < 1000; i++)
		deferred_add_both(d, count_up, &count);
	CHECK_INT(count, 2000);
	CHECK_INT(alloc_made() - before, 0);
	deferred_release(d);
}

static enum deferred_cancelling
never_called(void *ctx, struct deferred *d)
{
	(void)d;
	CHECK(ctx == NULL);
	return DEFERRED_STOPPED;
}

static void
test_canceller_is_forgotten(void)
{
	struct deferred *d = deferred_new(never_called, &defer_log);

	check_case("the canceller is forgotten when the deferred fires");
	deferred_fire(d, defer_result_none());
	CHECK(d->canceller == NULL);
	deferred_cancel(d);
	deferred_release(d);
}

static void
test_types(void)
{
	struct deferred *d = deferred_of(
	    defer_result_value(&defer_result_allocated, test_malloc(8)));
	struct defer_result r = defer_result_value(
				&defer_result_borrowed, &defer_log),
			    s;

	check_case("allocated values are freed, borrowed ones shared");
	CHECK_INT(alloc_live(), 2);
	deferred_release(d);
	CHECK_INT(alloc_live(), 0);
	s = defer_result_share(&r);
	CHECK(defer_result_get(r, &defer_result_borrowed) == &defer_log);
	CHECK(defer_result_get(s, &defer_result_borrowed) == &defer_log);
	CHECK(defer_result_get(s, &defer_result_allocated) == NULL);
	r = defer_result_none();
	CHECK(defer_result_share(&r).type == NULL);
}

static void
test_null(void)
{
	struct probe a = does("a", PROBE_PASS);

	check_case("NULL is a deferred that failed for want of memory");
	CHECK_INT(deferred_add_both(NULL, probe_run, &a), -ENOMEM);
	CHECK_INT(deferred_fire(NULL, probe_number(1)), -EALREADY);
	CHECK(deferred_has_fired(NULL));
	CHECK(deferred_ref(NULL) == NULL);
	CHECK_INT(deferred_unpause(NULL), -EINVAL);
	deferred_pause(NULL);
	deferred_cancel(NULL);
	deferred_release(NULL);
	probe_take(&defer_log, "null", NULL);
	PROBE_SAYS(&defer_log, "null(!out-of-memory) ");
	CHECK(defer_result_is_failure(defer_result_deferred(NULL)));
}

int
main(void)
{
	test_track();
	test_two_tracks();
	test_add_while_running();
	test_fire_once();
	test_pause();
	test_pause_corners();
	test_from_inside();
	test_many_pairs();
	test_canceller_is_forgotten();
	test_types();
	test_null();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
