/*
 * defer_coroutine_cancel_test.c - cancelling functions that wait.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../defer/control.h"
#include "defer_frame.h"

static void
test_cancel(void)
{
	struct deferred *a = probe_deferred(), *b = probe_deferred(), *d;

	check_case("a cancel goes to what is awaited");
	d = start(two_steps, deferred_ref(a), NULL);
	deferred_cancel(d);
	CHECK(deferred_has_fired(a));
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "begin is(!cancelled) ");
	deferred_release(d);
	deferred_release(a);

	check_case("who catches it goes on; the next cancel hits b");
	a = probe_deferred();
	d = start(catcher, deferred_ref(a), deferred_ref(b));
	deferred_cancel(d);
	PROBE_SAYS(&defer_log, "caught(!cancelled) ");
	CHECK(deferred_has_fired(a) && !deferred_has_fired(b));
	deferred_cancel(d);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "caught(!cancelled) is(!cancelled) ");
	deferred_release(d);
	deferred_release(a);
	deferred_release(b);
}

static void
test_slow_cancel(void)
{
	struct deferred *a = probe_deferred(), *slow = probe_deferred(), *d;
	struct probe delay = {&defer_log, "delay", PROBE_DEFER, 0, slow, NULL};

	check_case("a cancel that takes its time is waited for");
	deferred_ref(slow);
	deferred_add_errback(a, probe_run, &delay);
	d = start(catcher, deferred_ref(a), deferred_of(probe_number(2)));
	deferred_cancel(d);
	PROBE_SAYS(&defer_log, "delay(!cancelled) ");
	deferred_finish(&slow, probe_number(1));
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "caught(1) caught(2) is(2) ");
	deferred_release(d);
	deferred_release(a);
}

static void
test_nested_cancel(void)
{
	struct deferred *a, *d;
	int at;

	check_case(
	    "the same through others, at either COROUTINE_AWAIT");
	for (at = 0; at < 2; at++) {
		a = probe_deferred();
		if (at == 0)
			d = start(two_steps, deferred_ref(a), NULL);
		else
			d = start(two_steps, deferred_of(defer_result_none()),
			    deferred_ref(a));
		d = start(awaits_first, d, NULL);
		d = start(awaits_first, d, NULL);
		deferred_cancel(d);
		probe_take(&defer_log, "is", d);
		PROBE_SAYS(&defer_log, at == 0 ? "begin is(!cancelled) " :
		    "begin first(none) is(!cancelled) ");
		deferred_release(d);
		deferred_release(a);
	}
}

/* Cancels itself, then awaits. */
static struct defer_result
cancels_itself(struct coroutine *co)
{
	struct frame *my = frame_of(co);

	COROUTINE_BEGIN(co);
	deferred_cancel(&co->deferred);
	COROUTINE_AWAIT_RESULT(co, my->first);
	probe_write(&defer_log, "there", co->got);
	COROUTINE_AWAIT_RESULT(co, my->second);
	probe_write(&defer_log, "waited", co->got);
	COROUTINE_END;
}

static void
test_self_cancel(void)
{
	struct deferred *a = probe_deferred(), *b = probe_deferred(), *d;
	struct probe later = {&defer_log, "later", PROBE_DEFER, 0, b, NULL};

	check_case("a function that cancels itself: at the next wait");
	d = start(cancels_itself, deferred_of(probe_number(1)),
	    deferred_ref(a));
	PROBE_SAYS(&defer_log, "there(1) waited(!cancelled) ");
	CHECK(deferred_has_fired(a));
	deferred_release(d);
	deferred_release(a);

	check_case("if none follows, the cancel is forgotten");
	d = start(cancels_itself, deferred_of(probe_number(1)),
	    deferred_of(probe_number(2)));
	deferred_ref(b);
	deferred_add_both(d, probe_run, &later);
	CHECK(!deferred_has_fired(b));
	deferred_finish(&b, defer_result_none());
	PROBE_SAYS(&defer_log, "there(1) waited(2) later(none) ");
	deferred_release(d);
}

/* Cancels itself, then returns a deferred. */
static struct defer_result
cancels_and_returns(struct coroutine *co)
{
	deferred_cancel(&co->deferred);
	return defer_result_deferred(frame_of(co)->first);
}

static void
test_self_cancel_at_end(void)
{
	struct deferred *a = probe_deferred(), *b = probe_deferred(), *d;
	struct probe later = {&defer_log, "later", PROBE_DEFER, 0, b, NULL};

	check_case("one that cancels itself cancels what it returns");
	d = start(cancels_and_returns, deferred_ref(a), NULL);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "is(!cancelled) ");
	deferred_release(d);
	deferred_release(a);

	check_case("but nothing that a later callback returns");
	d = start(cancels_and_returns, deferred_of(probe_number(1)), NULL);
	deferred_ref(b);
	deferred_add_both(d, probe_run, &later);
	CHECK(!deferred_has_fired(b));
	deferred_finish(&b, defer_result_none());
	PROBE_SAYS(&defer_log, "later(1) ");
	deferred_release(d);
}

int
main(void)
{
	test_cancel();
	test_slow_cancel();
	test_nested_cancel();
	test_self_cancel();
	test_self_cancel_at_end();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
