/*
 * defer_coroutine_test.c - functions that wait.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700

#include "../defer/control.h"
#include "defer_frame.h"

#include <sys/resource.h>

static void
test_results(void)
{
	struct deferred *a = probe_deferred(), *b = probe_deferred(), *d;

	check_case("values come to their COROUTINE_AWAIT; no return is "
		   "nothing");
	d = start(two_steps, deferred_ref(a), deferred_ref(b));
	PROBE_SAYS(&defer_log, "begin ");
	deferred_finish(&a, probe_number(1));
	PROBE_SAYS(&defer_log, "first(1) ");
	deferred_finish(&b, probe_number(2));
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "second(2) is(none) ");
	deferred_release(d);

	check_case("a failure ends the function, and is its result");
	a = probe_deferred();
	d = start(two_steps, deferred_ref(a), NULL);
	deferred_finish(&a, probe_failure());
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "begin is(!failed) ");
	deferred_release(d);

	check_case("a returned value is the result; failures are caught");
	a = probe_deferred();
	b = probe_deferred();
	d = start(catcher, deferred_ref(a), deferred_ref(b));
	deferred_finish(&a, probe_failure());
	deferred_finish(&b, probe_number(2));
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "caught(!failed) caught(2) is(2) ");
	deferred_release(d);

	check_case("it runs to the first COROUTINE_AWAIT that must wait");
	a = probe_deferred();
	d = start(two_steps, deferred_of(probe_number(1)), deferred_ref(a));
	PROBE_SAYS(&defer_log, "begin first(1) ");
	deferred_finish(&a, probe_number(2));
	PROBE_SAYS(&defer_log, "second(2) ");
	deferred_release(d);

	check_case("a COROUTINE_AWAIT of NULL is the failure of no memory");
	d = start(catcher, NULL, NULL);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "caught(!out-of-memory) "
	    "caught(!out-of-memory) is(!out-of-memory) ");
	deferred_release(d);
}

/* Awaits 100,000 deferreds that have fired. */
static struct defer_result
many_awaits(struct coroutine *co)
{
	struct frame *my = frame_of(co);

	COROUTINE_BEGIN(co);
	while (my->count < 100000) {
		COROUTINE_AWAIT(co, deferred_of(probe_number(++my->count)));
		CHECK_INT(*(long *)co->got.value, my->count);
	}
	COROUTINE_AWAIT(co, my->first);
	COROUTINE_END;
}

static void
test_depth(void)
{
	struct deferred *bottom = probe_deferred(), *d;
	int i;

	check_case("100,000 awaits of what is there need no stack");
	d = start(many_awaits, deferred_of(defer_result_none()), NULL);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "is(none) ");
	deferred_release(d);

	check_case("100,000 coroutines that wait for each other need none");
	d = deferred_ref(bottom);
	for (i = 0; i < 100000; i++)
		d = start(awaits_first, d, NULL);
	deferred_fire(bottom, probe_number(5));
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "is(5) ");
	deferred_release(d);
	deferred_release(bottom);

	check_case("nor when what they wait for is abandoned");
	d = probe_deferred();
	deferred_pause(d);
	bottom = d;
	deferred_ref(bottom);
	for (i = 0; i < 100000; i++)
		d = start(awaits_first, d, NULL);
	deferred_release(bottom);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "is(!abandoned) ");
	deferred_release(d);
}

/* Returns a deferred: a tail call. */
static struct defer_result
returns_deferred(struct coroutine *co)
{
	struct frame *my = frame_of(co);

	COROUTINE_BEGIN(co);
	COROUTINE_AWAIT(co, my->first);
	return defer_result_deferred(my->second);
	COROUTINE_END;
}

/* Waits for itself. */
static struct defer_result
awaits_itself(struct coroutine *co)
{
	COROUTINE_BEGIN(co);
	COROUTINE_AWAIT(co, deferred_ref(&co->deferred));
	COROUTINE_END;
}

static void
test_end(void)
{
	struct deferred *a = probe_deferred(), *b = probe_deferred(), *d;
	struct frame *my = frame_new(two_steps, deferred_ref(a), NULL);
	struct probe see = {&defer_log, "see", PROBE_PASS, 0, NULL, NULL};
	int cleaned = 0;

	check_case("the frame is cleaned up when the function ends");
	my->cleaned = &cleaned;
	d = coroutine_start(&my->co);
	CHECK_INT(cleaned, 0);
	deferred_finish(&a, probe_failure());
	CHECK_INT(cleaned, 1);
	deferred_cancel(d);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "begin is(!failed) ");
	deferred_release(d);
	CHECK_INT(cleaned, 1);

	check_case("also if it never began");
	my = frame_new(two_steps, NULL, NULL);
	my->cleaned = &cleaned;
	deferred_release(&my->co.deferred);
	CHECK_INT(cleaned, 2);

	check_case("a deferred returned is waited for, frame cleaned up");
	my = frame_new(returns_deferred, deferred_of(defer_result_none()),
	    deferred_ref(b));
	my->cleaned = &cleaned;
	d = coroutine_start(&my->co);
	CHECK_INT(cleaned, 3);
	deferred_add_both(d, probe_run, &see);
	deferred_finish(&b, probe_number(5));
	PROBE_SAYS(&defer_log, "see(5) ");
	deferred_release(d);

	check_case("forgotten by all, it still runs to its end");
	a = probe_deferred();
	deferred_release(start(two_steps, deferred_ref(a),
	    deferred_of(probe_number(2))));
	deferred_finish(&a, probe_number(1));
	PROBE_SAYS(&defer_log, "begin first(1) second(2) ");

	check_case("one that would wait for itself fails");
	d = start(awaits_itself, NULL, NULL);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "is(!deadlock) ");
	deferred_release(d);
}

static void
test_cost(void)
{
	struct deferred *a = probe_deferred(), *d;
	long before = alloc_made();

	check_case("one allocation for a call, none for an await");
	d = start(awaits_first, deferred_ref(a), NULL);
	deferred_finish(&a, defer_result_none());
	CHECK_INT(alloc_made() - before, 1);
	deferred_release(d);
}

int
main(void)
{
	struct rlimit small = {256 * 1024, 256 * 1024};

	setrlimit(RLIMIT_STACK, &small);
	test_results();
	test_depth();
	test_end();
	test_cost();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
