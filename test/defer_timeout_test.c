/*
 * defer_timeout_test.c - deferreds with a limit, and a clock whose hands the
 * test moves.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../defer/control.h"
#include "../defer/failure_detail.h"
#include "../defer/timeout.h"
#include "defer_probe.h"

#include <errno.h>

static struct probe_log defer_log;

enum { SECOND = 1000000000 };

struct hand {
	uint64_t due_ns;
	void (*expired)(void *arg);
	void *arg;
};

/* A clock for a few timers; a free place has no function. */
struct hands {
	uint64_t now_ns;
	struct hand hand[4];
	int active;
};

static void *
clock_start(void *ctx, uint64_t delay_ns, void (*expired)(void *arg),
    void *arg)
{
	struct hands *c = ctx;
	size_t i = 0;

	while (i < 4 && c->hand[i].expired != NULL)
		i++;
	if (i == 4)
		return NULL;
	c->active++;
	c->hand[i] = (struct hand){c->now_ns + delay_ns, expired, arg};
	return &c->hand[i];
}

static void
clock_stop(void *ctx, void *timer)
{
	struct hands *c = ctx;

	((struct hand *)timer)->expired = NULL;
	c->active--;
}

static void
clock_advance(struct hands *c, uint64_t ns)
{
	size_t i;

	c->now_ns += ns;
	for (i = 0; i < 4; i++) {
		struct hand *h = &c->hand[i];
		void (*expired)(void *) = h->expired;

		if (expired == NULL || h->due_ns > c->now_ns)
			continue;
		clock_stop(c, h);
		expired(h->arg);
	}
}

static struct hands hands;
static const struct deferred_clock test_clock = {
	clock_start, clock_stop, &hands
};

static struct probe
does(const char *name, enum probe_does what)
{
	return (struct probe){.log = &defer_log, .name = name, .does = what,
	    .number = 7};
}

static int
limit(struct deferred *d, uint64_t delay_ns, struct probe *translate)
{
	return deferred_add_timeout(d, &test_clock, delay_ns,
	    translate != NULL ? probe_run : NULL, translate);
}

static void
test_in_time(void)
{
	struct deferred *d = probe_deferred(), *later = probe_deferred();
	struct probe wait = does("wait", PROBE_DEFER);

	check_case("a value in time passes and stops the timer");
	CHECK_INT(limit(d, SECOND, NULL), 0);
	CHECK_INT(hands.active, 1);
	wait.deferred = deferred_ref(later);
	deferred_add_both(d, probe_run, &wait);
	deferred_fire(d, probe_number(5));
	PROBE_SAYS(&defer_log, "wait(5) ");
	CHECK_INT(hands.active, 0);

	check_case("what a later callback waits for is not limited");
	clock_advance(&hands, 2 * (uint64_t)SECOND);
	CHECK(!deferred_has_fired(later));
	deferred_finish(&later, probe_number(6));
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "is(6) ");
	deferred_release(d);

	check_case("a failure in time passes too");
	d = probe_deferred();
	limit(d, SECOND, NULL);
	deferred_fire(d, probe_failure());
	CHECK_INT(hands.active, 0);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "is(!failed) ");
	deferred_release(d);

	check_case("one that has fired needs no timer any more");
	d = deferred_of(probe_number(5));
	CHECK_INT(limit(d, SECOND, NULL), 0);
	CHECK_INT(hands.active, 0);
	deferred_release(d);
}

static enum deferred_cancelling
gives(void *ctx, struct deferred *d)
{
	deferred_fire(d, ctx != NULL ? probe_failure() : probe_number(9));
	return DEFERRED_STOPPED;
}

static void
test_expiry(void)
{
	struct deferred *d = probe_deferred();
	struct defer_result r = defer_result_none();
	char text[200];

	check_case("too late: cancelled, told as a time-out");
	limit(d, 1500000000, NULL);
	clock_advance(&hands, 1500000000 - 1);
	CHECK(!deferred_has_fired(d));
	clock_advance(&hands, 1);
	CHECK(deferred_take(d, &r));
	CHECK(
	    defer_failure_is(defer_result_get_failure(r), &deferred_timed_out));
	CHECK(defer_failure_find(r.value, &deferred_cancelled) != NULL);
	CHECK_INT(defer_result_get_failure(r)->code, 1500);
	defer_failure_describe(r.value, text, sizeof(text));
	CHECK_STR(text, "timed-out: not done after 1.500 s, because "
	    "cancelled: it was cancelled");
	defer_result_destroy(r);
	deferred_release(d);

	check_case("the canceller's own value or failure stands");
	d = deferred_new(gives, NULL);
	limit(d, SECOND, NULL);
	clock_advance(&hands, SECOND);
	probe_take(&defer_log, "is", d);
	deferred_release(d);
	d = deferred_new(gives, &hands);
	limit(d, SECOND, NULL);
	clock_advance(&hands, SECOND);
	probe_take(&defer_log, "is", d);
	deferred_release(d);
	PROBE_SAYS(&defer_log, "is(9) is(!failed) ");
}

static void
test_translate(void)
{
	struct deferred *d;
	struct probe t = does("translate", PROBE_NUMBER);
	struct probe heal = does("heal", PROBE_NONE);
	int i;

	check_case("a translator decides, whatever it is given");
	for (i = 0; i < 3; i++) {
		d = i < 2 ? probe_deferred() : deferred_new(gives, NULL);
		if (i == 1)
			deferred_add_errback(d, probe_run, &heal);
		t.does = i < 2 ? PROBE_NUMBER : PROBE_FAIL;
		limit(d, SECOND, &t);
		clock_advance(&hands, SECOND);
		probe_take(&defer_log, "is", d);
		deferred_release(d);
	}
	PROBE_SAYS(&defer_log, "translate(!cancelled) is(7) "
	    "heal(!cancelled) translate(none) is(7) "
	    "translate(9) is(!failed) ");

	check_case("cancelled by hand before, it is not asked");
	d = probe_deferred();
	limit(d, SECOND, &t);
	deferred_cancel(d);
	CHECK_INT(hands.active, 0);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "is(!cancelled) ");
	deferred_release(d);

	check_case("an errback before the limit heals: no time-out");
	d = probe_deferred();
	deferred_add_errback(d, probe_run, &heal);
	limit(d, SECOND, NULL);
	clock_advance(&hands, SECOND);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "heal(!cancelled) is(none) ");
	deferred_release(d);
}

static void
test_two(void)
{
	struct deferred *d = probe_deferred(), *inner = probe_deferred();
	struct probe wait = does("wait", PROBE_DEFER);

	check_case("of two limits the earlier counts; both timers stop");
	limit(d, 2 * (uint64_t)SECOND, NULL);
	limit(d, SECOND, NULL);
	clock_advance(&hands, SECOND);
	CHECK_INT(hands.active, 0);
	probe_take(&defer_log, "is", d);
	deferred_release(d);
	d = probe_deferred();
	limit(d, SECOND, NULL);
	limit(d, 2 * (uint64_t)SECOND, NULL);
	clock_advance(&hands, SECOND);
	CHECK_INT(hands.active, 0);
	probe_take(&defer_log, "is", d);
	deferred_release(d);
	PROBE_SAYS(&defer_log, "is(!timed-out) is(!timed-out) ");

	check_case("a limit on one that waits cancels what it waits for");
	d = probe_deferred();
	wait.deferred = deferred_ref(inner);
	deferred_add_both(d, probe_run, &wait);
	limit(d, SECOND, NULL);
	deferred_fire(d, defer_result_none());
	clock_advance(&hands, SECOND);
	CHECK(deferred_has_fired(inner));
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "wait(none) is(!timed-out) ");
	deferred_release(d);
	deferred_release(inner);
}

static void
test_refused(void)
{
	struct deferred *d[5];
	int i;

	check_case("a clock without memory; and no deferred at all");
	for (i = 0; i < 5; i++) {
		d[i] = probe_deferred();
		CHECK_INT(limit(d[i], SECOND, NULL), i < 4 ? 0 : -ENOMEM);
	}
	for (i = 0; i < 5; i++)
		deferred_release(d[i]);
	CHECK_INT(hands.active, 0);
	CHECK_INT(limit(NULL, SECOND, NULL), -ENOMEM);
	CHECK_INT(hands.active, 0);
}

int
main(void)
{
	test_in_time();
	test_expiry();
	test_translate();
	test_two();
	test_refused();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
