/*
 * defer_random_test.c - programs made by dice: callbacks, and coroutines, that
 * add, fire, pause, cancel, release, chain, wait, get, put and await whatever
 * is at hand, inside each other.  In the end every pair that was attached has
 * run exactly once, every coroutine was cleaned up, every timer is stopped or
 * has expired, and no memory is left.
 *
 * Each deferred has a number, and only depends on those with a higher one; so
 * there are no circles.  Every other program is "round": all may wait for all,
 * but there are no lists, tees, chains and locks, through which a circle is
 * not seen.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../defer/control.h"
#include "../defer/coroutine.h"
#include "../defer/deferred_list.h"
#include "../defer/lock.h"
#include "../defer/share.h"
#include "../defer/timeout.h"
#include "defer_probe.h"

#include <stdint.h>

enum { POOL = 12, STEPS = 60, PROGRAMS = 20000, BUDGET = 400, TIMERS = 8 };

struct entry {
	struct deferred *d;
	int serial;
};

struct timer {
	void (*expired)(void *arg);	/* NULL: free */
	void *arg;
};

struct world {
	uint32_t dice;
	bool round;
	struct timer timers[TIMERS];
	struct deferred_clock clock;
	struct entry pool[POOL];	/* a reference each, or NULL */
	int serial, attached, ran, begun, cleaned;
	int budget;			/* what callbacks may still do */
	struct deferred_lock lock;
	struct deferred_queue queue;
};

/* One pair, and the number of the deferred that it is attached to. */
struct pair {
	struct world *w;
	int serial, runs;
};

struct walker {
	struct coroutine co;
	struct world *w;
	int serial, awaits;
};

static void act(struct world *w);

/* 0 to n - 1, by a shift register. */
static int
throw_dice(struct world *w, int n)
{
	w->dice ^= w->dice << 13;
	w->dice ^= w->dice >> 17;
	w->dice ^= w->dice << 5;
	return (int)((w->dice >> 8) % (uint32_t)n);
}

static struct defer_result
any_result(struct world *w)
{
	switch (throw_dice(w, 4)) {
	case 0:
		return probe_failure();
	case 1:
		return probe_of_type(&probe_shared, 1);
	case 2:
		return probe_number(2);
	default:
		return defer_result_none();
	}
}

/* A reference to one of the pool with a higher number, or NULL. */
static struct deferred *
any_above(struct world *w, int serial)
{
	struct entry *e = &w->pool[throw_dice(w, POOL)];

	return e->serial > serial || w->round ? deferred_ref(e->d) : NULL;
}

static struct defer_result
pair_run(void *ctx, struct defer_result in)
{
	struct pair *p = ctx;
	struct world *w = p->w;
	int serial = p->serial;
	struct deferred *d;

	w->ran++;
	test_free(p);
	while (w->budget > 0 && throw_dice(w, 3) == 0)
		act(w);
	d = throw_dice(w, 2) == 0 ? any_above(w, serial) : NULL;
	if (d == NULL && throw_dice(w, 2) == 0)
		return in;
	defer_result_destroy(in);
	return d != NULL ? defer_result_deferred(d) : any_result(w);
}

static void
attach(struct world *w, struct entry *e)
{
	struct pair *p = test_malloc(sizeof(*p));

	*p = (struct pair){w, e->serial, 0};
	w->attached++;
	CHECK_INT(deferred_add_both(e->d, pair_run, p), 0);
}

/* ---- a clock ---- */

static void *
clock_start(void *ctx, uint64_t delay_ns, void (*expired)(void *arg),
    void *arg)
{
	struct world *w = ctx;
	int i;

	(void)delay_ns;
	for (i = 0; i < TIMERS; i++)
		if (w->timers[i].expired == NULL) {
			w->timers[i] = (struct timer){expired, arg};
			return &w->timers[i];
		}
	return NULL;
}

static void
clock_stop(void *ctx, void *timer)
{
	struct timer *t = timer;

	(void)ctx;
	CHECK(t->expired != NULL);
	t->expired = NULL;
}

static void
clock_expire(struct timer *t)
{
	void (*expired)(void *arg) = t->expired;

	t->expired = NULL;
	if (expired != NULL)
		expired(t->arg);
}

/* ---- coroutines ---- */

static void
walker_cleanup(struct coroutine *co)
{
	((struct walker *)co)->w->cleaned++;
}

static struct defer_result
walker_run(struct coroutine *co)
{
	struct walker *my = (struct walker *)co;

	COROUTINE_BEGIN(co);
	while (my->awaits-- > 0) {
		if (throw_dice(my->w, 8) == 0)
			deferred_cancel(&co->deferred);
		COROUTINE_AWAIT_RESULT(co, any_above(my->w, my->serial));
		if (my->w->budget > 0 && throw_dice(my->w, 2) == 0)
			act(my->w);
	}
	if (throw_dice(my->w, 3) == 0)
		return defer_result_deferred(any_above(my->w, my->serial));
	return coroutine_take(co);
	COROUTINE_END;
}

static struct deferred *
walker_start(struct world *w, int serial)
{
	struct walker *my;

	my = coroutine_new(sizeof(*my), walker_run, walker_cleanup);
	my->w = w;
	my->serial = serial;
	my->awaits = throw_dice(w, 5);
	w->begun++;
	if (throw_dice(w, 8) == 0)
		deferred_cancel(&my->co.deferred);
	else if (throw_dice(w, 8) == 0)
		deferred_pause(&my->co.deferred);
	return coroutine_start(&my->co);
}

static enum deferred_cancelling
any_canceller(void *ctx, struct deferred *d)
{
	struct world *w = ctx;

	if (w->budget > 0)
		act(w);
	if (throw_dice(w, 3) == 0)
		(void)deferred_fire(d, any_result(w));
	return throw_dice(w, 8) == 0 ? DEFERRED_STOPPING : DEFERRED_STOPPED;
}

/* A list over two others, which it outnumbers downwards, or a tee. */
static struct deferred *
any_list(struct world *w, int serial)
{
	struct deferred *in[2] = {any_above(w, serial), any_above(w, serial)};
	int kind = throw_dice(w, 11);
	struct deferred *tee;

	if (kind == 10) {
		tee = deferred_tee(in[0]);
		deferred_release(in[0]);
		deferred_release(in[1]);
		return tee;
	}
	return kind < 8 ? deferred_list(in, 2, (unsigned)kind) :
	    deferred_race(in, 2);
}

/*
 * Puts a new deferred into a place of the pool.  Half of the time it gets a
 * low number, to be able to wait for what is there.
 */
static void
make(struct world *w, struct entry *e)
{
	int serial = throw_dice(w, 2) == 0 ? -++w->serial : ++w->serial;
	struct deferred *d, *old;

	switch (throw_dice(w, 8)) {
	case 0:
		d = deferred_of(any_result(w));
		break;
	case 1:
		d = walker_start(w, serial);
		break;
	case 2:
		d = w->round ? probe_deferred() : any_list(w, serial);
		break;
	case 3:
		d = w->round ? NULL : deferred_lock_acquire(&w->lock);
		break;
	case 7:
		d = deferred_queue_get(&w->queue);
		break;
	case 4:
		d = deferred_new(any_canceller, w);
		break;
	default:
		d = probe_deferred();
		break;
	}
	old = e->d;
	*e = (struct entry){d, serial};
	deferred_release(old);
}

/* Does one thing to one of the pool. */
static void
act(struct world *w)
{
	struct entry *e = &w->pool[throw_dice(w, POOL)];
	struct deferred *d;

	w->budget--;
	switch (e->d == NULL ? 0 : throw_dice(w, 14)) {
	case 0:
		make(w, e);
		break;
	case 1:
	case 2:
	case 3:
		attach(w, e);
		break;
	case 4:
	case 5:
		d = deferred_ref(e->d);
		(void)deferred_fire(d, any_result(w));
		deferred_release(d);
		break;
	case 6:
		deferred_pause(e->d);
		break;
	case 7:
		(void)deferred_unpause(e->d);
		break;
	case 8:
		d = deferred_ref(e->d);
		deferred_cancel(d);
		deferred_release(d);
		break;
	case 9:
		d = w->round ? NULL : any_above(w, e->serial);
		if (d != NULL)
			(void)deferred_chain(d, deferred_ref(e->d));
		deferred_release(d);
		break;
	case 10:
		(void)deferred_queue_put(&w->queue, any_result(w));
		break;
	case 11:
		(void)deferred_add_timeout(e->d, &w->clock, 1000000, NULL,
		    NULL);
		break;
	case 12:
		clock_expire(&w->timers[throw_dice(w, TIMERS)]);
		break;
	default:
		(void)deferred_lock_release(&w->lock);
		break;
	}
}

/* Releases the whole pool, and what its callbacks put there meanwhile. */
static void
finish(struct world *w)
{
	int i;

	w->budget = 0;
	for (i = 0; i < POOL; i++) {
		struct deferred *d = w->pool[i].d;

		w->pool[i].d = NULL;
		w->pool[i].serial = INT32_MIN;
		deferred_release(d);
	}
	deferred_lock_close(&w->lock);
	deferred_queue_close(&w->queue);
	for (i = 0; i < TIMERS; i++)
		CHECK(w->timers[i].expired == NULL);
}

static void
run_program(uint32_t seed)
{
	struct world w = {.dice = seed, .round = seed % 2 == 0};
	int i;

	w.clock = (struct deferred_clock){clock_start, clock_stop, &w};
	deferred_queue_init(&w.queue, 3, 5);

	for (i = 0; i < POOL; i++)
		w.pool[i].serial = INT32_MIN;
	deferred_lock_init(&w.lock, 2);
	for (i = 0; i < STEPS; i++) {
		w.budget = BUDGET;
		act(&w);
	}
	finish(&w);
	CHECK_INT(w.ran, w.attached);
	CHECK_INT(w.cleaned, w.begun);
	if (!CHECK_INT(alloc_live(), 0))
		printf("# seed %lu\n", (unsigned long)seed);
}

int
main(void)
{
	uint32_t seed, programs = (uint32_t)check_share(PROGRAMS);

	check_case("programs made by dice");
	for (seed = 1; seed <= programs; seed++)
		run_program(seed * 2654435761u);
	return check_done();
}
