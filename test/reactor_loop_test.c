/*
 * reactor_loop_test.c - the turn and its order, that nothing starves, and how
 * a run begins, ends and begins again.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "reactor_cast.h"

/* ---- the turn ---- */

static void
order(void)
{
	begin();
	act = NULL;
	start_thread_call();
	start_call();
	reactor_call_soon(loop, &call);		/* twice is once */
	open_ready();
	start_timer();
	reactor_iterate(loop, -1);
	CHECK_STR(story, "trcT");
	reactor_watch_close(&ready);
	reactor_iterate(loop, -1);
	CHECK_STR(story, "trcTx");
	end();
}

static void
start_all_again(void)
{
	start_timer();
	if (reactor_list_is_empty(&call.link))
		start_call();
}

/* Each asks for more of its kind, and all get their turn. */
static void
nothing_starves(void)
{
	int i;

	begin();
	act = start_all_again;
	open_ready();
	start_all_again();
	for (i = 0; i < 4; i++) {
		reactor_iterate(loop, -1);
		tell(" ");
	}
	CHECK_STR(story, "trc trc trc trc ");
	act = NULL;
	end();
}

static void
nest(void)
{
	act = NULL;
	CHECK_INT(reactor_iterate(loop, 0), -EALREADY);
	CHECK_INT(reactor_run(loop), -EALREADY);
}

static void
turns_do_not_nest(void)
{
	begin();
	act = nest;
	start_call();
	reactor_iterate(loop, 0);
	CHECK_STR(story, "c");
	end();
}

/* ---- runs ---- */

static void
stop(void)
{
	CHECK(reactor_is_running(loop));
	CHECK_INT(reactor_stop(loop), 0);
	CHECK_INT(reactor_stop(loop), -EALREADY);
	CHECK_INT(reactor_run(loop), -EALREADY);
	act = NULL;
}

static void
break_off(void)
{
	reactor_break(loop);
	act = NULL;
}

static void
stop_aside(void)
{
	CHECK(!reactor_is_running(loop));
	CHECK_INT(reactor_stop(loop), 0);
}

static void
on_phase(struct reactor_trigger *t)
{
	static const char *const names[REACTOR_PHASES] = {
		"<", "(", ")", ">", ".", "!"
	};

	CHECK_INT(reactor_is_running(loop),
	    t - triggers != REACTOR_AT_FREE);
	tell(names[t - triggers]);
}

static void
add_triggers(void)
{
	int i;

	for (i = 0; i < REACTOR_PHASES; i++)
		reactor_add_trigger(loop, (enum reactor_phase)i, &triggers[i],
		    on_phase);
}

/* From each kind of callback; a run that waited would never end. */
static void
stop_from_everywhere(void)
{
	static void (*const starts[])(void) = {
		start_timer, start_call, start_thread_call, open_ready
	};
	static const char *const stories[] = {
		"<(t)>.", "<(c)>.", "<(T)>.", "<(r)>fx."
	};
	size_t i;

	for (i = 0; i < 4; i++) {
		begin();
		add_triggers();
		starts[i]();
		act = stop;
		CHECK_INT(reactor_run(loop), 0);
		CHECK_STR(story, stories[i]);
		CHECK(!reactor_is_running(loop));
		end();
	}
}

static void
on_set_up(struct reactor_trigger *t)
{
	(void)t;
	tell("s");
	CHECK_INT(reactor_stop(loop), 0);
	CHECK_INT(reactor_stop(loop), -EALREADY);
}

/*
 * A set-up that finds nothing to do stops the run that is to come, which
 * makes no turn; and only that run.  So does a trigger of the start-up.
 */
static void
stop_before_the_run(void)
{
	struct reactor_trigger trigger = { .call = NULL };

	begin();
	act = NULL;
	CHECK_INT(reactor_stop(loop), 0);
	CHECK_INT(reactor_stop(loop), -EALREADY);
	CHECK(!reactor_is_running(loop));
	add_triggers();
	start_call();
	open_ready();
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "<()>fx.");
	act = stop;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "<()>fx.c");
	reactor_add_trigger(loop, REACTOR_STARTUP, &trigger, on_set_up);
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "<()>fx.cs");
	end();
}

/* A turn of a loop of one's own is no run, either; and does not sleep. */
static void
stop_without_a_run(void)
{
	begin();
	act = stop_aside;
	start_timer();
	CHECK_INT(reactor_iterate(loop, -1), 0);
	CHECK_STR(story, "t");
	add_triggers();
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "t<()>.");
	end();
}

/* reactor_break calls no shutdown triggers and loses nothing. */
static void
break_and_run_again(void)
{
	begin();
	add_triggers();
	open_ready();
	act = break_off;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "<(r");
	act = stop;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "<(rr)>fx.");
	start_call();
	act = stop;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "<(rr)>fx.c");
	end();
}

static void
release(struct reactor_timer *t)
{
	(void)t;
	tell("t");
	reactor_release(loop);
}

static void
release_in_call(struct reactor_call *c)
{
	(void)c;
	tell("c");
	reactor_release(loop);
}

static void
hold(struct reactor_trigger *t)
{
	(void)t;
	tell(")");
	reactor_hold(loop);
	reactor_hold(loop);
	reactor_call_later(loop, &timer, 0, release);
	reactor_call_init(&call, release_in_call);
	reactor_call_soon(loop, &call);
}

/* The shutdown waits as often as it is held; a spare release is nothing. */
static void
held_shutdown(void)
{
	begin();
	add_triggers();
	reactor_remove_trigger(&triggers[REACTOR_BEFORE_SHUTDOWN]);
	reactor_remove_trigger(&triggers[REACTOR_BEFORE_SHUTDOWN]);
	reactor_release(loop);
	reactor_add_trigger(loop, REACTOR_BEFORE_SHUTDOWN,
	    &triggers[REACTOR_BEFORE_SHUTDOWN], hold);
	start_call();
	act = stop;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "<(c)tc>.");
	end();
}

static void
hold_for_a_timer(struct reactor_trigger *t)
{
	(void)t;
	reactor_hold(loop);
	reactor_call_later(loop, &timer, 0, release);
}

/* A poller that tells (z) when it is to sleep, and does not. */
static const struct poller_ops *real_ops;
static struct poller_ops awake_ops;

static int
awake_wait(struct poller *p, int64_t timeout_ns, struct poller_event *events,
    size_t room)
{
	if (timeout_ns != 0)
		tell("z");
	return real_ops->wait(p, 0, events, room);
}

static int
awake_open(struct poller **p, const struct reactor_system *system)
{
	int error = rig_open_poller(p, system);

	if (error != 0)
		return error;
	real_ops = (*p)->ops;
	awake_ops = *real_ops;
	awake_ops.wait = awake_wait;
	(*p)->ops = &awake_ops;
	return 0;
}

/* Who ends the run from a timer does not let that turn sleep. */
static void
ended_by_a_timer(void)
{
	struct poller_ops ops = { .name = "awake", .open = awake_open };
	struct reactor_options options = { .own_poller = &ops };
	struct reactor_trigger holding = { .call = NULL };

	story[0] = '\0';
	CHECK_INT(reactor_new(&loop, &options), 0);
	reactor_add_trigger(loop, REACTOR_BEFORE_SHUTDOWN, &holding,
	    hold_for_a_timer);
	start_timer();
	act = stop;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "tt");
	start_timer();
	act = break_off;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "ttt");
	reactor_iterate(loop, -1);
	CHECK_STR(story, "tttz");
	end();
}

static void
break_in_timer(struct reactor_timer *t)
{
	(void)t;
	break_off();
}

static void
hold_and_break(struct reactor_trigger *t)
{
	(void)t;
	reactor_hold(loop);
	reactor_call_later(loop, &timer, 0, break_in_timer);
}

/* It ends even a shutdown, and leaves what is open as it is. */
static void
broken_shutdown(void)
{
	struct reactor_trigger holding = { .call = NULL };

	begin();
	add_triggers();
	reactor_add_trigger(loop, REACTOR_BEFORE_SHUTDOWN, &holding,
	    hold_and_break);
	open_ready();
	reactor_watch_want(&ready, 0);
	start_call();
	act = stop;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "<(c)");
	CHECK(!reactor_is_running(loop));
	end();
	CHECK_STR(story, "<(c)fx!");
}

/* All zero is nothing yet: it can be taken back, and used as it is. */
static void
all_zero(void)
{
	struct reactor_trigger trigger = { .call = NULL };
	struct reactor_timer t = { .call = NULL };
	struct reactor_call c = { .call = on_call };

	begin();
	act = stop;
	reactor_remove_trigger(&trigger);
	reactor_cancel_timer(&t);
	reactor_cancel_call(&c);
	reactor_call_soon(loop, &c);
	reactor_call_soon(loop, &c);
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "c");
	reactor_cancel_call(&c);
	end();
}

/* A trigger that is added again moves, and no other is lost. */
static void
add_again(void)
{
	struct reactor_trigger *moved = &triggers[REACTOR_STARTUP];

	begin();
	add_triggers();
	reactor_add_trigger(loop, REACTOR_STARTUP, moved, on_phase);
	reactor_add_trigger(loop, REACTOR_BEFORE_SHUTDOWN, moved, on_phase);
	start_call();
	act = stop;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "<c)(>.");
	end();
	CHECK_STR(story, "<c)(>.!");
}

static void
reconnect(struct rig_end *e, int reason)
{
	(void)reason;
	CHECK_INT(reactor_connect(e->rig->reactor, &e->rig->address, NULL,
	    &e->protocol), e->farewells < 1 ? 0 : -ENOMEM);
}

static void
stop_rig(struct rig_end *e)
{
	reactor_stop(e->rig->reactor);
}

/*
 * A shutdown loses everything once; what begins anew in a farewell is kept
 * for another run, and refused when the reactor is freed.
 */
static void
shutdown_loses_once(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.lost = reconnect;
	rig.server.made = stop_rig;
	rig_connect(&rig);
	rig_run(&rig, 99);
	CHECK_INT(rig.client.farewells, 1);
	CHECK_INT(rig.server.farewells, 1);
	rig_check_error(&rig.server, "made lost", -ECONNABORTED);
	CHECK_INT(rig.stopped, 1);
	rig_close(&rig);
	CHECK_INT(rig.client.farewells, 2);
}

static void
turn_in_farewell(struct rig_end *e, int reason)
{
	(void)reason;
	CHECK_INT(reactor_iterate(e->rig->reactor, 0), -EALREADY);
	CHECK_INT(reactor_run(e->rig->reactor), -EALREADY);
}

/* Nor in a turn, nor at a shutdown, nor when all is freed. */
static void
no_turn_in_a_farewell(void)
{
	struct rig rig;
	int i;

	for (i = 0; i < 3; i++) {
		rig_open(&rig);
		rig.client.lost = rig.server.lost = turn_in_farewell;
		rig.client.made = i == 0 ? rig_lose : i == 1 ? stop_rig : NULL;
		rig_connect(&rig);
		if (i < 2)
			rig_run(&rig, i == 0 ? 2 : 99);
		rig.waiting = 99;
		reactor_iterate(rig.reactor, 0);
		rig_close(&rig);
		CHECK_INT(rig.client.farewells, 1);
	}
}

static struct reactor *inner;

static void
stop_inner(struct reactor_call *c)
{
	(void)c;
	CHECK_INT(reactor_stop(inner), 0);
}

static void
run_inner(void)
{
	struct reactor_call c;

	act = NULL;
	CHECK_INT(reactor_new(&inner, &rig_options), 0);
	reactor_call_init(&c, stop_inner);
	reactor_call_soon(inner, &c);
	CHECK_INT(reactor_run(inner), 0);
	reactor_free(inner);
	tell("i");
	reactor_stop(loop);
}

static void
several_reactors(void)
{
	begin();
	start_timer();
	act = run_inner;
	CHECK_INT(reactor_run(loop), 0);
	CHECK_STR(story, "ti");
	end();
}

/* What was asked for is given back when the reactor goes. */
static void
freed_with_work(void)
{
	begin();
	add_triggers();
	start_timer();
	start_call();
	open_ready();
	act = NULL;
	reactor_free(loop);
	CHECK_STR(story, "fx!");
	CHECK(!reactor_timer_is_active(&timer));
	reactor_cancel_call(&call);
	reactor_remove_trigger(&triggers[0]);
	CHECK_INT(alloc_live(), 0);
	reactor_free(NULL);
}

static void
no_memory(void)
{
	long n;
	int error = -ENOMEM;

	for (n = 0; error != 0 && n < 10; n++) {
		alloc_fail_at(n, 0);
		error = reactor_new(&loop, &rig_options);
		CHECK(error == 0 || error == -ENOMEM);
		alloc_fail_at(-1, 0);
	}
	CHECK_INT(error, 0);
	end();
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "the order of a turn", order, true },
		{ "nothing starves", nothing_starves, true },
		{ "turns do not nest", turns_do_not_nest, true },
		{ "stopping from everywhere", stop_from_everywhere, true },
		{ "stopping before the run", stop_before_the_run, true },
		{ "stopping without a run", stop_without_a_run, true },
		{ "break, and run again", break_and_run_again, true },
		{ "a shutdown that is held", held_shutdown, true },
		{ "ended by a timer", ended_by_a_timer, true },
		{ "a shutdown that is broken off", broken_shutdown, true },
		{ "all zero is nothing yet", all_zero, true },
		{ "a trigger that is added again", add_again, true },
		{ "a shutdown loses all once", shutdown_loses_once, true },
		{ "no turn in a farewell", no_turn_in_a_farewell, true },
		{ "several reactors", several_reactors, true },
		{ "freed with work to do", freed_with_work, true },
		{ "no memory", no_memory, true },
	};

	rig_each(cases, sizeof(cases) / sizeof(cases[0]), loopback_any());
	return check_done();
}
