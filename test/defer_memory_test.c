/*
 * defer_memory_test.c - a program that uses all of defer/, run again and
 * again with another of its allocations failing: nothing may leak, and every
 * callback that was attached must run.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../defer/control.h"
#include "../defer/coroutine.h"
#include "../defer/deferred_list.h"
#include "../defer/failure_detail.h"
#include "../defer/lock.h"
#include "../defer/share.h"
#include "../defer/timeout.h"
#include "defer_probe.h"

#include <errno.h>

/* How many pairs were attached, and how many ran. */
static int memory_attached, memory_ran;
/* The one timer of a clock that never moves by itself. */
static void (*memory_expired)(void *arg);
static void *memory_arg;

static struct defer_result
memory_run(void *ctx, struct defer_result in)
{
	(void)ctx;
	memory_ran++;
	return in;
}

static void
memory_attach(struct deferred *d)
{
	if (deferred_add_both(d, memory_run, NULL) == 0)
		memory_attached++;
}

/* Returns what it is given, or a failure made anew. */
static struct defer_result
memory_fail(void *ctx, struct defer_result in)
{
	const struct defer_failure *f = defer_failure_new(
	    &probe_failed, "%s", "made");

	(void)ctx;
	if (defer_result_is_failure(in))
		f = defer_failure_set_cause(f, in.value);
	else
		defer_result_destroy(in);
	return defer_result_failure(
	    defer_failure_set_detail(f, probe_number(1)));
}

static struct defer_result
memory_give(void *ctx, struct defer_result in)
{
	defer_result_destroy(in);
	return defer_result_deferred(deferred_ref(ctx));
}

struct memory_frame {
	struct coroutine co;
	struct deferred *first, *second;
};

static struct deferred *
memory_second(struct memory_frame *my)
{
	struct deferred *d = my->second;

	my->second = NULL;
	return d;
}

/* If it ends at the first await, this frees what the second has not had. */
static void
memory_cleanup(struct coroutine *co)
{
	deferred_release(memory_second((struct memory_frame *)co));
}

static struct defer_result
memory_function(struct coroutine *co)
{
	struct memory_frame *my = (struct memory_frame *)co;

	COROUTINE_BEGIN(co);
	COROUTINE_AWAIT_RESULT(co, my->first);
	my->first = NULL;
	COROUTINE_AWAIT(co, memory_second(my));
	COROUTINE_END;
}

/* A coroutine that takes over two deferreds in any case. */
static struct deferred *
memory_coroutine(struct deferred *first, struct deferred *second)
{
	struct memory_frame *my;

	my = coroutine_new(sizeof(*my), memory_function, memory_cleanup);
	if (my == NULL) {
		deferred_release(first);
		deferred_release(second);
		return NULL;
	}
	my->first = first;
	my->second = second;
	return coroutine_start(&my->co);
}

static void *
memory_start(void *ctx, uint64_t delay_ns, void (*expired)(void *arg),
    void *arg)
{
	(void)delay_ns;
	memory_expired = expired;
	memory_arg = arg;
	return ctx;
}

static void
memory_stop(void *ctx, void *timer)
{
	CHECK(timer == ctx);
	memory_expired = NULL;
}

static const struct deferred_clock memory_clock = {
	memory_start, memory_stop, &memory_ran
};

static void
memory_expire(void)
{
	void (*expired)(void *arg) = memory_expired;

	memory_expired = NULL;
	if (expired != NULL)
		expired(memory_arg);
}

static void
memory_locks(void)
{
	struct deferred *d[4];
	struct deferred_lock lock;
	struct deferred_queue q;
	int i;

	deferred_lock_init(&lock, 1);
	deferred_queue_init(&q, 2, 2);
	d[0] = deferred_lock_run(&lock, memory_fail, NULL);
	d[1] = deferred_lock_acquire(&lock);
	d[2] = deferred_lock_run(&lock, memory_fail, NULL);
	d[3] = deferred_lock_acquire(&lock);
	for (i = 0; i < 4; i++)
		memory_attach(d[i]);
	deferred_cancel(d[3]);
	while (deferred_lock_release(&lock) == 0)
		continue;
	deferred_lock_close(&lock);
	for (i = 0; i < 4; i++)
		deferred_release(d[i]);
	d[0] = deferred_queue_get(&q);
	deferred_queue_put(&q, probe_number(1));
	deferred_queue_put(&q, probe_number(2));
	d[1] = deferred_queue_get(&q);
	for (i = 0; i < 2; i++) {
		memory_attach(d[i]);
		deferred_release(d[i]);
	}
	deferred_queue_close(&q);
}

/* One that waits for another with a full room. */
static void
memory_waits(void)
{
	struct deferred *inner = deferred_new(NULL, NULL), *outer;
	char *words = test_malloc(8);
	int i;

	outer = deferred_of(defer_result_value(&defer_result_allocated, words));
	for (i = 0; i < DEFERRED_ROOM; i++)
		memory_attach(inner);
	if (inner != NULL)
		(void)deferred_add_both(outer, memory_give, inner);
	memory_attach(outer);
	deferred_release(inner);
	deferred_release(outer);
}

/* All of it, once. */
static void
memory_program(void)
{
	struct deferred *a = deferred_new(NULL, NULL), *b, *in[5], *list, *tee;
	int i;

	b = deferred_of(probe_number(2));
	in[0] = memory_coroutine(deferred_ref(a), deferred_ref(b));
	in[1] = memory_coroutine(deferred_of(probe_failure()), deferred_ref(a));
	in[2] = deferred_new(NULL, NULL);
	in[3] = deferred_race((struct deferred *[]){deferred_ref(in[2]),
	    deferred_ref(b)}, 2);
	in[4] = deferred_gather((struct deferred *[]){deferred_of(
	    probe_of_type(&probe_shared, 3)), deferred_ref(in[2])}, 2,
	    DEFERRED_LIST_CONSUME_ERRORS);
	if (b != NULL && in[2] != NULL)
		(void)deferred_add_both(in[2], memory_give, b);
	for (i = 0; i < 5; i++) {
		memory_attach(in[i]);
		memory_attach(in[i]);
		(void)deferred_add_both(in[i], memory_fail, NULL);
		memory_attach(in[i]);
	}
	(void)deferred_chain(in[2], deferred_ref(a));
	tee = deferred_tee(in[2]);
	memory_attach(tee);
	deferred_release(tee);
	list = deferred_list(in, 5, 0);
	(void)deferred_add_timeout(list, &memory_clock, 5, NULL, NULL);
	memory_attach(list);
	memory_expire();
	memory_locks();
	memory_waits();
	deferred_release(a);
	deferred_release(b);
	deferred_release(list);
}

int
main(void)
{
	long n, made;

	check_case("the program as it should run");
	made = alloc_made();
	memory_program();
	made = alloc_made() - made;
	CHECK(made > 40);
	CHECK_INT(memory_ran, memory_attached);
	CHECK_INT(alloc_live(), 0);

	check_case("each allocation fails in turn, once and for good");
	for (n = 0; n < 2 * made; n++) {
		memory_ran = memory_attached = 0;
		memory_expired = NULL;
		alloc_fail_at(n / 2, n % 2 == 1);
		memory_program();
		CHECK(alloc_has_failed());
		alloc_fail_at(-1, 0);
		CHECK_INT(memory_ran, memory_attached);
		CHECK_INT(alloc_live(), 0);
	}
	return check_done();
}
