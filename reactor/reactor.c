/*
 * reactor.c - how a reactor is made, how a run begins and ends, and what can
 * be asked of it meanwhile.  What a turn of the loop does is in turn.c.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "loop.h"

#include <errno.h>
#include <stdlib.h>

/* ---- running ---- */

static void
reactor_run_triggers(struct reactor *r, enum reactor_phase phase)
{
	struct reactor_list due, *link;
	struct reactor_trigger *t;

	reactor_list_move(&r->triggers[phase], &due);
	while ((link = reactor_list_take_first(&due)) != NULL) {
		t = (struct reactor_trigger *)((char *)link -
		    offsetof(struct reactor_trigger, link));
		reactor_note(r, -1, "trigger", phase);
		t->call(t);
	}
}

static int
reactor_shut_down(struct reactor *r)
{
	int error = 0;

	reactor_run_triggers(r, REACTOR_BEFORE_SHUTDOWN);
	while (r->holds > 0 && r->state != REACTOR_CRASHING && error == 0)
		error = reactor_turn(r, -1);
	if (r->state == REACTOR_CRASHING)
		return error;
	reactor_run_triggers(r, REACTOR_SHUTDOWN);
	reactor_lose_all(r);
	reactor_run_triggers(r, REACTOR_AFTER_SHUTDOWN);
	return error;
}

int
reactor_run(struct reactor *r)
{
	int error = 0;

	if (r->state != REACTOR_IDLE || r->in_turn)
		return -EALREADY;
	reactor_read_clock(r);
	r->state = REACTOR_RUNNING;
	reactor_run_triggers(r, REACTOR_BEFORE_STARTUP);
	reactor_run_triggers(r, REACTOR_STARTUP);
	while (r->state == REACTOR_RUNNING && error == 0)
		error = reactor_turn(r, -1);
	if (r->state == REACTOR_STOPPING)
		error = reactor_shut_down(r);
	r->state = REACTOR_IDLE;
	return error;
}

int
reactor_iterate(struct reactor *r, int64_t timeout_ns)
{
	reactor_read_clock(r);
	return reactor_turn(r, timeout_ns);
}

/* A stop asked for by a timer must not wait for the network: it hurries. */
int
reactor_stop(struct reactor *r)
{
	if (r->state != REACTOR_RUNNING)
		return -EALREADY;
	r->state = REACTOR_STOPPING;
	r->hurries = true;
	return 0;
}

void
reactor_crash(struct reactor *r)
{
	if (!reactor_is_running(r))
		return;
	r->state = REACTOR_CRASHING;
	r->hurries = true;
}

bool
reactor_is_running(const struct reactor *r)
{
	return r->state >= REACTOR_RUNNING;
}

void
reactor_add_trigger(struct reactor *r, enum reactor_phase phase,
    struct reactor_trigger *t, void (*call)(struct reactor_trigger *))
{
	t->call = call;
	reactor_list_append(&r->triggers[phase], &t->link);
}

void
reactor_remove_trigger(struct reactor_trigger *t)
{
	reactor_list_remove(&t->link);
}

void
reactor_hold(struct reactor *r)
{
	r->holds++;
}

void
reactor_release(struct reactor *r)
{
	if (r->holds > 0)
		r->holds--;
	r->hurries = true;
}

/* ---- time and calls ---- */

uint64_t
reactor_now_ns(const struct reactor *r)
{
	return r->now_ns;
}

void
reactor_call_later(struct reactor *r, struct reactor_timer *t,
    uint64_t delay_ns, void (*call)(struct reactor_timer *))
{
	uint64_t latest = UINT64_MAX - r->now_ns;

	t->call = call;
	reactor_timers_set(&r->timers, t,
	    r->now_ns + (delay_ns < latest ? delay_ns : latest));
}

void
reactor_cancel_timer(struct reactor_timer *t)
{
	reactor_timer_remove(t);
}

void
reactor_call_soon(struct reactor *r, struct reactor_call *c)
{
	if (reactor_list_is_empty(&c->link))
		reactor_list_append(&r->calls, &c->link);
}

void
reactor_cancel_call(struct reactor_call *c)
{
	reactor_list_remove(&c->link);
}

/* ---- making and freeing ---- */

void *
reactor_allocate(struct reactor *r, size_t size)
{
	return r->state == REACTOR_FREEING ? NULL : calloc(1, size);
}

static void
reactor_init(struct reactor *r, const struct reactor_system *system)
{
	int phase;

	r->system = system;
	reactor_timers_init(&r->timers);
	reactor_list_init(&r->watches);
	reactor_list_init(&r->changed);
	reactor_list_init(&r->always);
	reactor_list_init(&r->closing);
	reactor_list_init(&r->calls);
	reactor_list_init(&r->signals);
	for (phase = 0; phase < REACTOR_PHASES; phase++)
		reactor_list_init(&r->triggers[phase]);
	atomic_init(&r->thread_calls, NULL);
	r->reserve_fd = system->open_reserve(system);
	reactor_read_clock(r);
}

int
reactor_new(struct reactor **out, const struct reactor_options *options)
{
	static const struct reactor_options defaults;
	const struct reactor_options *o = options ? options : &defaults;
	const struct reactor_system *system = o->system ? o->system :
							  &reactor_system_posix;
	struct reactor *r = calloc(1, sizeof(*r));
	int error;

	if (r == NULL)
		return -ENOMEM;
	error = o->own_poller != NULL ?
	    o->own_poller->open(&r->poller, system) :
	    poller_open(&r->poller, o->poller, system);
	if (error != 0) {
		free(r);
		return error;
	}
	r->trace = o->trace;
	reactor_init(r, system);
	error = reactor_open_waker(r);
	if (error != 0) {
		reactor_free(r);
		return error;
	}
	*out = r;
	return 0;
}

/* Lets go of the members, whose memory is somebody else's. */
static void
reactor_empty(struct reactor_list *l)
{
	while (reactor_list_take_first(l) != NULL)
		;
}

/* What says farewell may want to begin again at once: it is not let. */
void
reactor_free(struct reactor *r)
{
	int phase;

	if (r == NULL)
		return;
	r->state = REACTOR_FREEING;
	do
		reactor_lose_all(r);
	while (!reactor_list_is_empty(&r->watches));
	reactor_close_waker(r);
	if (r->reserve_fd >= 0)
		r->system->close(r->system, r->reserve_fd);
	reactor_timers_clear(&r->timers);
	reactor_empty(&r->calls);
	for (phase = 0; phase < REACTOR_PHASES; phase++)
		reactor_empty(&r->triggers[phase]);
	r->poller->ops->close(r->poller);
	free(r);
}

const struct reactor_system *
reactor_get_system(const struct reactor *r)
{
	return r->system;
}

const char *
reactor_poller_name(const struct reactor *r)
{
	return r->poller->ops->name;
}
