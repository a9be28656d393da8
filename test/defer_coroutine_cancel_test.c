/*
 * defer_coroutine_cancel_test.c - cancelling functions that wait.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../defer/control.h"
#include "defer_frame.h"

#include <errno.h>

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

static void
test_cancel_before_start(void)
{
	struct deferred *a = probe_deferred(), *d;
	struct frame *my;
	int cleaned = 0, paused;

	check_case("cancelled before its start the function never begins");
	my = frame_new(two_steps, NULL, NULL);
	my->cleaned = &cleaned;
	deferred_cancel(&my->co.deferred);
	CHECK_INT(cleaned, 0);
	d = coroutine_start(&my->co);
	CHECK_INT(cleaned, 1);
	probe_take(&defer_log, "is", d);
	PROBE_SAYS(&defer_log, "is(!cancelled) ");
	CHECK_INT(deferred_fire(d, defer_result_none()), -EALREADY);
	deferred_release(d);
	CHECK_INT(cleaned, 1);

	check_case("cancelled while it is paused: at the next wait");
	for (paused = 0; paused < 2; paused++) {
		my = frame_new(catcher, deferred_ref(a), NULL);
		if (paused == 0)
			deferred_pause(&my->co.deferred);
		d = coroutine_start(&my->co);
		if (paused == 1) {
			my->second = a;
			a = probe_deferred();
			deferred_pause(d);
			deferred_fire(my->second, probe_number(1));
			deferred_release(my->second);
			my->second = deferred_ref(a);
		}
		deferred_cancel(d);
		PROBE_SAYS(&defer_log, "");
		CHECK(!deferred_has_fired(a));
		CHECK_INT(deferred_unpause(d), 0);
		CHECK(deferred_has_fired(a));
		probe_take(&defer_log, "is", d);
		PROBE_SAYS(&defer_log, paused == 0 ?
		    "caught(!cancelled) caught(!out-of-memory) "
		    "is(!out-of-memory) " :
		    "caught(1) caught(!cancelled) is(!cancelled) ");
		deferred_release(d);
		deferred_release(a);
		a = probe_deferred();
	}
	deferred_release(a);
}

/* Awaits its own deferred, having cancelled it, and then another one. */
static struct defer_result
awaits_itself(struct coroutine *co)
{
	COROUTINE_BEGIN(co);
	deferred_cancel(&co->deferred);
	COROUTINE_AWAIT_RESULT(co, deferred_ref(&co->deferred));
	probe_write(&defer_log, "itself", co->got);
	COROUTINE_AWAIT_RESULT(co, frame_of(co)->first);
	probe_write(&defer_log, "other", co->got);
	COROUTINE_END;
}

/* Catches whatever comes, as often as told. */
static struct defer_result
stubborn(struct coroutine *co)
{
	struct frame *my = frame_of(co);

	COROUTINE_BEGIN(co);
	while (my->count-- > 0) {
		my->second = probe_deferred();
		COROUTINE_AWAIT_RESULT(co, deferred_ref(my->second));
		probe_write(&defer_log, "caught", co->got);
		deferred_release(my->second);
	}
	COROUTINE_END;
}

static void
test_cancel_again(void)
{
	struct deferred *a = probe_deferred(), *b, *d;
	struct frame *my;
	int i;

	check_case("one cancel ends one wait, not the next");
	my = frame_new(stubborn, NULL, NULL);
	my->count = 6;
	d = coroutine_start(&my->co);
	for (i = 0; i < 6; i++) {
		b = deferred_ref(my->second);
		if (i % 2 == 0)
			deferred_cancel(d);
		CHECK_INT(deferred_has_fired(b), i % 2 == 0);
		CHECK_INT(deferred_fire(b, probe_number(i)), 0);
		deferred_release(b);
	}
	PROBE_SAYS(&defer_log, "caught(!cancelled) caught(1) "
	    "caught(!cancelled) caught(3) caught(!cancelled) caught(5) ");
	CHECK(deferred_take(d, &(struct defer_result){NULL, NULL}));
	deferred_release(d);

	check_case("a wait for itself, too, uses the cancel up");
	d = start(awaits_itself, deferred_ref(a), NULL);
	PROBE_SAYS(&defer_log, "itself(!deadlock) ");
	CHECK(!deferred_has_fired(a));
	deferred_finish(&a, probe_number(1));
	PROBE_SAYS(&defer_log, "other(1) ");
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
	test_cancel_before_start();
	test_cancel_again();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
