/*
 * defer_third_test.c - the third use of a lock, of a queue, and of a
 * coroutine's frame, after each two ways in which the first two can end.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../defer/control.h"
#include "../defer/lock.h"
#include "defer_frame.h"

#include <errno.h>

/* Begins the case of a pair of ways. */
static void
third_case(const char *what, const char *first, const char *second)
{
	char name[160];

	snprintf(name, sizeof(name), "%s: one %s, one %s, a third works",
	    what, first, second);
	check_case(name);
}

/* ---- locks ---- */

static void
lock_is_released(struct deferred_lock *lock)
{
	struct deferred *d = deferred_lock_acquire(lock);

	CHECK(deferred_has_fired(d));
	deferred_release(d);
	CHECK_INT(deferred_lock_release(lock), 0);
}

/* Who has waited behind the holder got this; both are done. */
static void
lock_waited(struct deferred_lock *lock, struct deferred *held,
    struct deferred *waited, const char *says)
{
	probe_take(&defer_log, "b", waited);
	PROBE_SAYS(&defer_log, says);
	CHECK_INT(deferred_lock_release(lock), 0);
	deferred_release(held);
	deferred_release(waited);
}

static void
lock_is_handed_over(struct deferred_lock *lock)
{
	struct deferred *a = deferred_lock_acquire(lock);
	struct deferred *b = deferred_lock_acquire(lock);

	CHECK(!deferred_has_fired(b));
	CHECK_INT(deferred_lock_release(lock), 0);
	lock_waited(lock, a, b, "b(none) ");
}

static void
lock_is_cancelled(struct deferred_lock *lock)
{
	struct deferred *a = deferred_lock_acquire(lock);
	struct deferred *b = deferred_lock_acquire(lock);

	deferred_cancel(a);
	deferred_cancel(b);
	deferred_cancel(b);
	lock_waited(lock, a, b, "b(!cancelled) ");
}

static void
lock_is_closed(struct deferred_lock *lock)
{
	struct deferred *a = deferred_lock_acquire(lock);
	struct deferred *b = deferred_lock_acquire(lock);

	deferred_lock_close(lock);
	deferred_lock_close(lock);
	lock_waited(lock, a, b, "b(!cancelled) ");
}

static void
lock_has_no_memory(struct deferred_lock *lock)
{
	struct deferred *a;

	alloc_fail_at(0, 1);
	CHECK(deferred_lock_acquire(lock) == NULL);
	alloc_fail_at(-1, 0);
	CHECK_INT(lock->held, 0);
	a = deferred_lock_acquire(lock);
	alloc_fail_at(0, 1);
	CHECK(deferred_lock_acquire(lock) == NULL);
	CHECK(deferred_lock_run(lock, probe_run, NULL) == NULL);
	alloc_fail_at(-1, 0);
	CHECK_INT(deferred_lock_release(lock), 0);
	deferred_release(a);
}

/* A function that runs with the lock ends by itself, so. */
static void
lock_run_ends(struct deferred_lock *lock, enum probe_does does,
    const char *says)
{
	struct probe p = { &defer_log, "run", does, 3, NULL, NULL };
	struct deferred *d = deferred_lock_run(lock, probe_run, &p);

	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, says);
	deferred_release(d);
}

static void
lock_run_succeeds(struct deferred_lock *lock)
{
	lock_run_ends(lock, PROBE_NUMBER, "run(none) d(3) ");
}

static void
lock_run_fails(struct deferred_lock *lock)
{
	lock_run_ends(lock, PROBE_FAIL, "run(none) d(!failed) ");
}

static void
lock_run_is_cancelled(struct deferred_lock *lock)
{
	struct deferred *inner = probe_deferred(), *d;
	struct probe p = { &defer_log, "run", PROBE_DEFER, 0, inner, NULL };

	deferred_ref(inner);
	d = deferred_lock_run(lock, probe_run, &p);
	deferred_cancel(d);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "run(none) d(!cancelled) ");
	deferred_release(d);
	deferred_release(inner);
}

static void
lock_run_is_cancelled_early(struct deferred_lock *lock)
{
	struct probe p = { &defer_log, "run", PROBE_NONE, 0, NULL, NULL };
	struct deferred *a = deferred_lock_acquire(lock), *d;

	d = deferred_lock_run(lock, probe_run, &p);
	deferred_cancel(d);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(!cancelled) ");
	CHECK_INT(lock->held, 1);
	CHECK_INT(deferred_lock_release(lock), 0);
	deferred_release(a);
	deferred_release(d);
}

static const struct {
	const char *name;
	void (*end)(struct deferred_lock *);
} lock_ways[] = {
	{ "is released", lock_is_released },
	{ "is handed over", lock_is_handed_over },
	{ "is cancelled", lock_is_cancelled },
	{ "is closed", lock_is_closed },
	{ "has no memory", lock_has_no_memory },
	{ "runs to its end", lock_run_succeeds },
	{ "runs and fails", lock_run_fails },
	{ "runs and is cancelled", lock_run_is_cancelled },
	{ "is cancelled before it runs", lock_run_is_cancelled_early },
};

enum { LOCK_WAYS = sizeof(lock_ways) / sizeof(*lock_ways) };

static void
test_locks(void)
{
	struct deferred_lock lock;
	long live = alloc_live();

	for (int i = 0; i < LOCK_WAYS * LOCK_WAYS; i++) {
		third_case("a lock", lock_ways[i / LOCK_WAYS].name,
		    lock_ways[i % LOCK_WAYS].name);
		deferred_lock_init(&lock, 1);
		lock_ways[i / LOCK_WAYS].end(&lock);
		lock_ways[i % LOCK_WAYS].end(&lock);
		CHECK_INT(lock.held, 0);
		CHECK_INT(lock.waiters.count, 0);
		lock_is_handed_over(&lock);
		CHECK_INT(deferred_lock_release(&lock), -EPERM);
		CHECK_INT(alloc_live(), live);
	}
}

/* ---- queues: of one result, or one who waits ---- */

static void
queue_takes(struct deferred_queue *q, const char *says)
{
	struct deferred *d = deferred_queue_get(q);

	probe_take(&defer_log, "got", d);
	PROBE_SAYS(&defer_log, says);
	deferred_release(d);
}

static void
queue_is_put_first(struct deferred_queue *q)
{
	CHECK_INT(deferred_queue_put(q, probe_number(1)), 0);
	queue_takes(q, "got(1) ");
}

static void
queue_is_got_first(struct deferred_queue *q)
{
	struct deferred *d = deferred_queue_get(q);

	CHECK(!deferred_has_fired(d));
	CHECK_INT(deferred_queue_put(q, probe_number(2)), 0);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(2) ");
	deferred_release(d);
}

static void
queue_is_full(struct deferred_queue *q)
{
	CHECK_INT(deferred_queue_put(q, probe_number(3)), 0);
	CHECK_INT(deferred_queue_put(q, probe_number(4)), -ENOBUFS);
	queue_takes(q, "got(3) ");
}

static void
queue_has_too_many_waiting(struct deferred_queue *q)
{
	struct deferred *d = deferred_queue_get(q);

	queue_takes(q, "got(!underflow) ");
	CHECK_INT(deferred_queue_put(q, probe_number(5)), 0);
	CHECK(deferred_has_fired(d));
	deferred_release(d);
}

static void
queue_is_cancelled(struct deferred_queue *q)
{
	struct deferred *d = deferred_queue_get(q);

	deferred_cancel(d);
	deferred_cancel(d);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(!cancelled) ");
	deferred_release(d);
}

static void
queue_is_closed_on_a_result(struct deferred_queue *q)
{
	CHECK_INT(deferred_queue_put(q, probe_number(6)), 0);
	deferred_queue_close(q);
}

static void
queue_is_closed_on_who_waits(struct deferred_queue *q)
{
	struct deferred *d = deferred_queue_get(q);

	deferred_queue_close(q);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(!cancelled) ");
	deferred_release(d);
}

static void
queue_has_no_memory(struct deferred_queue *q)
{
	struct defer_result r = probe_number(7);

	alloc_fail_at(0, 1);
	CHECK_INT(deferred_queue_put(q, r), -ENOMEM);
	CHECK(deferred_queue_get(q) == NULL);
	alloc_fail_at(-1, 0);
}

/* Who got a result puts one for the next, who is called later. */
static struct defer_result
queue_hands_on(void *ctx, struct defer_result in)
{
	CHECK_INT(deferred_queue_put(ctx, probe_number(9)), 0);
	return in;
}

static void
queue_is_put_inside(struct deferred_queue *q)
{
	struct deferred *d = deferred_queue_get(q);

	deferred_add_both(d, queue_hands_on, q);
	CHECK_INT(deferred_queue_put(q, probe_number(8)), 0);
	probe_take(&defer_log, "d", d);
	PROBE_SAYS(&defer_log, "d(8) ");
	deferred_release(d);
	queue_takes(q, "got(9) ");
}

static const struct {
	const char *name;
	void (*end)(struct deferred_queue *);
} queue_ways[] = {
	{ "is put first", queue_is_put_first },
	{ "is got first", queue_is_got_first },
	{ "is full", queue_is_full },
	{ "has too many waiting", queue_has_too_many_waiting },
	{ "is cancelled", queue_is_cancelled },
	{ "is closed on a result", queue_is_closed_on_a_result },
	{ "is closed on who waits", queue_is_closed_on_who_waits },
	{ "has no memory", queue_has_no_memory },
	{ "is put inside a callback", queue_is_put_inside },
};

enum { QUEUE_WAYS = sizeof(queue_ways) / sizeof(*queue_ways) };

static void
test_queues(void)
{
	struct deferred_queue q;
	long live = alloc_live();

	for (int i = 0; i < QUEUE_WAYS * QUEUE_WAYS; i++) {
		third_case("a queue", queue_ways[i / QUEUE_WAYS].name,
		    queue_ways[i % QUEUE_WAYS].name);
		deferred_queue_init(&q, 1, 1);
		queue_ways[i / QUEUE_WAYS].end(&q);
		queue_ways[i % QUEUE_WAYS].end(&q);
		queue_is_full(&q);
		queue_has_too_many_waiting(&q);
		CHECK_INT(q.items.count + q.getters.count + q.served.count, 0);
		deferred_queue_close(&q);
		CHECK_INT(alloc_live(), live);
	}
}

/* ---- frames: three waits of one function ---- */

enum frame_way {
	FRAME_THERE,
	FRAME_FAILED,
	FRAME_FIRES,
	FRAME_FAILS,
	FRAME_CANCELLED,
	FRAME_CANCELLED_LATE,	/* the awaited one ends later, with a value */
	FRAME_ABANDONED,
	FRAME_NO_MEMORY,
	FRAME_WAYS
};

static const struct {
	const char *name, *says;
} frame_ways[FRAME_WAYS] = {
	[FRAME_THERE] = { "is there", "got(1) " },
	[FRAME_FAILED] = { "has failed", "got(!failed) " },
	[FRAME_FIRES] = { "fires", "got(2) " },
	[FRAME_FAILS] = { "fails", "got(!failed) " },
	[FRAME_CANCELLED] = { "is cancelled", "got(!cancelled) " },
	[FRAME_CANCELLED_LATE] = { "is cancelled and takes its time",
	    "got(3) " },
	[FRAME_ABANDONED] = { "is abandoned", "got(!abandoned) " },
	[FRAME_NO_MEMORY] = { "has no memory", "got(!out-of-memory) " },
};

/* A function with three waits. */
struct third_frame {
	struct coroutine co;
	struct deferred *wait[3];
	int i, *cleaned;
};

static struct defer_result
third_run(struct coroutine *co)
{
	struct third_frame *my = (struct third_frame *)co;

	COROUTINE_BEGIN(co);
	for (my->i = 0; my->i < 3; my->i++) {
		COROUTINE_AWAIT_RESULT(co, my->wait[my->i]);
		probe_write(&defer_log, "got", co->got);
	}
	return coroutine_take(co);
	COROUTINE_END;
}

static void
third_cleanup(struct coroutine *co)
{
	++*((struct third_frame *)co)->cleaned;
}

static enum deferred_cancelling
third_stopping(void *ctx, struct deferred *d)
{
	(void)ctx;
	(void)d;
	return DEFERRED_STOPPING;
}

/* What is awaited, as it is at first. */
static struct deferred *
frame_awaits(enum frame_way way)
{
	if (way == FRAME_NO_MEMORY)
		return NULL;
	if (way == FRAME_THERE)
		return deferred_of(probe_number(1));
	if (way == FRAME_FAILED)
		return deferred_of(probe_failure());
	return deferred_new(way == FRAME_CANCELLED_LATE ? third_stopping :
	    NULL, NULL);
}

/* Ends a wait of the function whose deferred is d. */
static void
frame_ends(enum frame_way way, struct deferred *d, struct deferred **waits)
{
	if (way == FRAME_CANCELLED || way == FRAME_CANCELLED_LATE)
		deferred_cancel(d);
	if (way == FRAME_FIRES)
		(void)deferred_finish(waits, probe_number(2));
	else if (way == FRAME_CANCELLED_LATE)
		(void)deferred_finish(waits, probe_number(3));
	else if (way == FRAME_FAILS)
		(void)deferred_finish(waits, probe_failure());
	else
		deferred_release(*waits);
}

static void
frame_third(enum frame_way first, enum frame_way second, enum frame_way third)
{
	const enum frame_way ways[3] = { first, second, third };
	struct deferred *waits[3], *d;
	struct third_frame *my;
	char want[120];
	int cleaned = 0;

	my = coroutine_new(sizeof(*my), third_run, third_cleanup);
	if (!CHECK(my != NULL))
		return;
	my->cleaned = &cleaned;
	for (int i = 0; i < 3; i++) {
		my->wait[i] = frame_awaits(ways[i]);
		/* Who will not fire it keeps no reference. */
		waits[i] = ways[i] == FRAME_ABANDONED || my->wait[i] == NULL ?
		    NULL : deferred_ref(my->wait[i]);
	}
	d = coroutine_start(&my->co);
	for (int i = 0; i < 3; i++)
		frame_ends(ways[i], d, &waits[i]);
	snprintf(want, sizeof(want), "%s%s%s", frame_ways[first].says,
	    frame_ways[second].says, frame_ways[third].says);
	PROBE_SAYS(&defer_log, want);
	probe_take(&defer_log, "got", d);
	PROBE_SAYS(&defer_log, frame_ways[third].says);
	CHECK_INT(cleaned, 1);
	deferred_release(d);
}

static void
test_frames(void)
{
	long live = alloc_live();

	for (int i = 0; i < FRAME_WAYS * FRAME_WAYS; i++) {
		third_case("a wait", frame_ways[i / FRAME_WAYS].name,
		    frame_ways[i % FRAME_WAYS].name);
		for (int third = 0; third < FRAME_WAYS; third++)
			frame_third((enum frame_way)(i / FRAME_WAYS),
			    (enum frame_way)(i % FRAME_WAYS),
			    (enum frame_way)third);
		CHECK_INT(alloc_live(), live);
	}
}

int
main(void)
{
	test_locks();
	test_queues();
	test_frames();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
