/*
 * defer_lock_test.c - locks, semaphores, and queues of results.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700

#include "../defer/control.h"
#include "../defer/lock.h"
#include "defer_probe.h"

#include <errno.h>
#include <stdint.h>
#include <sys/resource.h>

static struct probe_log defer_log;

static struct probe
does(const char *name, enum probe_does what)
{
	return (struct probe){.log = &defer_log, .name = name, .does = what,
	    .number = 7};
}

static void
test_lock(void)
{
	struct probe p[4] = {does("1", PROBE_NONE), does("2", PROBE_NONE),
	    does("3", PROBE_NONE), does("4", PROBE_NONE)};
	struct deferred_lock lock;
	struct deferred *d[4];
	int i;

	check_case("a lock goes to the first who came");
	CHECK_INT(deferred_lock_init(&lock, 1), 0);
	CHECK_INT(deferred_lock_release(&lock), -EPERM);
	for (i = 0; i < 4; i++) {
		d[i] = deferred_lock_acquire(&lock);
		deferred_add_both(d[i], probe_run, &p[i]);
	}
	PROBE_SAYS(&defer_log, "1(none) ");
	CHECK_INT(lock.waiters.count, 3);

	check_case("who is cancelled leaves; the holder cannot be");
	deferred_cancel(d[1]);
	PROBE_SAYS(&defer_log, "2(!cancelled) ");
	CHECK_INT(lock.waiters.count, 2);
	deferred_cancel(d[0]);
	CHECK_INT(lock.held, 1);
	CHECK_INT(deferred_lock_release(&lock), 0);
	PROBE_SAYS(&defer_log, "3(none) ");
	CHECK_INT(lock.held, 1);
	deferred_cancel(d[2]);
	CHECK_INT(lock.held, 1);

	check_case("the middle, the last, and all may leave");
	deferred_lock_close(&lock);
	PROBE_SAYS(&defer_log, "4(!cancelled) ");
	for (i = 0; i < 4; i++)
		deferred_release(d[i]);
	CHECK_INT(deferred_lock_release(&lock), 0);
	CHECK_INT(deferred_lock_release(&lock), -EPERM);
}

static void
test_semaphore(void)
{
	struct deferred_lock lock;
	struct deferred *d[5];
	int i;

	check_case("n at once, in order; 0 is refused");
	CHECK_INT(deferred_lock_init(&lock, 0), -EINVAL);
	CHECK_INT(deferred_lock_init(&lock, 2), 0);
	for (i = 0; i < 5; i++)
		d[i] = deferred_lock_acquire(&lock);
	for (i = 0; i < 5; i++)
		CHECK_INT(deferred_has_fired(d[i]), i < 2);
	deferred_cancel(d[3]);
	deferred_lock_release(&lock);
	CHECK(deferred_has_fired(d[2]) && !deferred_has_fired(d[4]));
	deferred_lock_release(&lock);
	CHECK(deferred_has_fired(d[4]));
	CHECK_INT(lock.held, 2);
	deferred_lock_release(&lock);
	deferred_lock_release(&lock);
	CHECK_INT(deferred_lock_release(&lock), -EPERM);
	for (i = 0; i < 5; i++)
		deferred_release(d[i]);
}

static void
test_run(void)
{
	struct probe wait = does("wait", PROBE_DEFER);
	struct probe fail = does("fail", PROBE_FAIL);
	struct probe never = does("never", PROBE_NONE);
	struct deferred *inner = probe_deferred(), *a, *b, *c;
	struct deferred_lock lock;

	check_case("run holds the lock until the function's end");
	deferred_lock_init(&lock, 1);
	wait.deferred = deferred_ref(inner);
	a = deferred_lock_run(&lock, probe_run, &wait);
	b = deferred_lock_run(&lock, probe_run, &fail);
	c = deferred_lock_run(&lock, probe_run, &never);
	PROBE_SAYS(&defer_log, "wait(none) ");
	deferred_cancel(c);
	deferred_finish(&inner, probe_number(5));
	CHECK_INT(lock.held, 0);
	probe_take(&defer_log, "a", a);
	probe_take(&defer_log, "b", b);
	probe_take(&defer_log, "c", c);
	PROBE_SAYS(&defer_log,
	    "fail(none) a(5) b(!failed) c(!cancelled) ");
	deferred_release(a);
	deferred_release(b);
	deferred_release(c);
}

static void
test_run_cancelled(void)
{
	struct probe wait = does("wait", PROBE_DEFER);
	struct probe never = does("never", PROBE_NONE);
	struct deferred *inner = probe_deferred(), *a, *b;
	struct deferred_lock lock;

	check_case("a run cancelled while it waits gives up no lock");
	deferred_lock_init(&lock, 1);
	wait.deferred = deferred_ref(inner);
	a = deferred_lock_run(&lock, probe_run, &wait);
	b = deferred_lock_run(&lock, probe_run, &never);
	deferred_cancel(b);
	CHECK_INT(lock.held, 1);
	CHECK_INT(lock.waiters.count, 0);
	probe_take(&defer_log, "b", b);
	deferred_release(b);
	PROBE_SAYS(&defer_log, "wait(none) b(!cancelled) ");

	check_case("one cancelled while it works gives it up, once");
	b = deferred_lock_acquire(&lock);
	CHECK(!deferred_has_fired(b));
	deferred_cancel(a);
	CHECK(deferred_has_fired(inner) && deferred_has_fired(b));
	CHECK_INT(lock.held, 1);
	probe_take(&defer_log, "a", a);
	PROBE_SAYS(&defer_log, "a(!cancelled) ");
	deferred_cancel(a);
	CHECK_INT(lock.held, 1);
	deferred_release(inner);
	deferred_release(a);
	deferred_release(b);
	CHECK_INT(deferred_lock_release(&lock), 0);
	CHECK_INT(deferred_lock_release(&lock), -EPERM);
}

struct chain {
	struct deferred_lock *lock;
	int served;
};

static struct defer_result
serve_and_release(void *ctx, struct defer_result in)
{
	struct chain *c = ctx;

	c->served++;
	deferred_lock_release(c->lock);
	return in;
}

static void
test_many(void)
{
	struct deferred_lock lock;
	struct chain c = {&lock, 0};
	struct deferred *d;
	int i;

	check_case("100,000 who release inside their callbacks");
	deferred_lock_init(&lock, 1);
	deferred_release(deferred_lock_acquire(&lock));
	for (i = 0; i < 100000; i++) {
		d = deferred_lock_acquire(&lock);
		deferred_add_both(d, serve_and_release, &c);
		deferred_release(d);
	}
	CHECK_INT(lock.waiters.count, 100000);
	deferred_lock_release(&lock);
	CHECK_INT(c.served, 100000);
	CHECK_INT(lock.held, 0);
}

static void
test_queue(void)
{
	struct deferred_queue q;
	struct deferred *d[4];
	int i;

	check_case("results wait, and are got first in first out");
	deferred_queue_init(&q, 2, 2);
	CHECK_INT(deferred_queue_put(&q, probe_number(1)), 0);
	CHECK_INT(deferred_queue_put(&q, probe_failure()), 0);
	CHECK_INT(deferred_queue_put(&q, probe_number(3)), -ENOBUFS);
	for (i = 0; i < 4; i++)
		d[i] = deferred_queue_get(&q);
	probe_take(&defer_log, "0", d[0]);
	probe_take(&defer_log, "1", d[1]);
	PROBE_SAYS(&defer_log, "0(1) 1(!failed) ");
	CHECK(!deferred_has_fired(d[2]));

	check_case("too many who wait; who is cancelled is skipped");
	deferred_release(d[0]);
	d[0] = deferred_queue_get(&q);
	probe_take(&defer_log, "0", d[0]);
	PROBE_SAYS(&defer_log, "0(!underflow) ");
	deferred_cancel(d[2]);
	CHECK_INT(q.getters.count, 1);
	CHECK_INT(deferred_queue_put(&q, probe_number(4)), 0);
	CHECK_INT(q.items.count, 0);
	deferred_cancel(d[3]);
	probe_take(&defer_log, "3", d[3]);
	PROBE_SAYS(&defer_log, "3(4) ");
	CHECK_INT(
	    deferred_queue_put(&q, defer_result_deferred(probe_deferred())),
	    -EINVAL);
	for (i = 0; i < 4; i++)
		deferred_release(d[i]);

	check_case("0 is legal for both; close ends all");
	deferred_queue_init(&q, 0, 0);
	CHECK_INT(deferred_queue_put(&q, probe_number(1)), -ENOBUFS);
	d[0] = deferred_queue_get(&q);
	CHECK(deferred_has_fired(d[0]));
	deferred_release(d[0]);
	deferred_queue_init(&q, SIZE_MAX, SIZE_MAX);
	deferred_queue_put(&q, probe_number(1));
	deferred_queue_put(&q, probe_number(2));
	deferred_queue_close(&q);
	d[0] = deferred_queue_get(&q);
	deferred_queue_close(&q);
	probe_take(&defer_log, "0", d[0]);
	PROBE_SAYS(&defer_log, "0(!cancelled) ");
	deferred_release(d[0]);
}

/* Puts two more, takes note of how many wait then, and gets one. */
struct feeder {
	struct deferred_queue *q;
	struct deferred *got;
};

static struct defer_result
feed(void *ctx, struct defer_result in)
{
	struct feeder *f = ctx;

	probe_write(&defer_log, "feed", in);
	CHECK_INT(deferred_queue_put(f->q, probe_number(2)), 0);
	CHECK_INT(f->q->getters.count, 1);
	CHECK_INT(deferred_queue_put(f->q, probe_number(3)), 0);
	CHECK_INT(f->q->getters.count, 0);
	CHECK_INT(deferred_queue_put(f->q, probe_number(4)), -ENOBUFS);
	f->got = deferred_queue_get(f->q);
	strcat(defer_log.text, "fed ");
	return in;
}

static void
test_put_inside(void)
{
	struct probe p[2] = {does("b", PROBE_NONE), does("c", PROBE_NONE)};
	struct deferred_queue q;
	struct feeder f = {&q, NULL};
	struct deferred *d[3];
	int i;

	check_case("a put inside a callback hands over, and calls later");
	deferred_queue_init(&q, 0, SIZE_MAX);
	for (i = 0; i < 3; i++)
		d[i] = deferred_queue_get(&q);
	deferred_add_both(d[0], feed, &f);
	deferred_add_both(d[1], probe_run, &p[0]);
	deferred_release(d[1]);
	CHECK_INT(deferred_queue_put(&q, probe_number(1)), 0);
	PROBE_SAYS(&defer_log, "feed(1) fed b(2) ");
	deferred_add_both(d[2], probe_run, &p[1]);
	PROBE_SAYS(&defer_log, "c(3) ");
	CHECK(!deferred_has_fired(f.got));
	CHECK_INT(deferred_queue_put(&q, probe_number(5)), 0);
	probe_take(&defer_log, "got", f.got);
	PROBE_SAYS(&defer_log, "got(5) ");
	deferred_release(d[0]);
	deferred_release(d[2]);
	deferred_release(f.got);
}

int
main(void)
{
	struct rlimit small = {256 * 1024, 256 * 1024};

	setrlimit(RLIMIT_STACK, &small);
	test_lock();
	test_semaphore();
	test_run();
	test_run_cancelled();
	test_many();
	test_queue();
	test_put_inside();
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
