/*
 * reactor.c - the event loop: its turn, its runs, and how it is made.
 *
 * Read loop_turn first: it is the table of contents.  Each phase detaches
 * its list before it begins, so what a function asks for while it is called
 * waits for the next turn, and no kind of work can starve the others.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "reactor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loop.h"

/* ---- timers ---- */

static void
loop_read_clock(struct reactor *r)
{
	uint64_t now = r->system->now_ns(r->system);

	if (now > r->now_ns)
		r->now_ns = now;
}

/* Between turns the time of the last one may be long past. */
uint64_t
reactor_now_ns(const struct reactor *r)
{
	uint64_t now = r->in_turn ? 0 : r->system->now_ns(r->system);

	return now > r->now_ns ? now : r->now_ns;
}

void
reactor_call_later(struct reactor *r, struct reactor_timer *t,
    uint64_t delay_ns, void (*call)(struct reactor_timer *))
{
	uint64_t now = reactor_now_ns(r), latest = UINT64_MAX - now;

	t->call = call;
	reactor_timers_set(&r->timers, t,
	    now + (delay_ns < latest ? delay_ns : latest));
}

void
reactor_cancel_timer(struct reactor_timer *t)
{
	reactor_timer_remove(t);
}

static void
loop_call_timers(struct reactor *r)
{
	struct reactor_list due;
	struct reactor_timer *t;

	reactor_timers_take_due(&r->timers, r->now_ns, &due);
	while ((t = reactor_timer_take_first(&due)) != NULL) {
		reactor_note(r, -1, "timer", 0);
		t->call(t);
	}
}

/* ---- waiting ---- */

/* Tells the poller the interest of a watch, if it has changed. */
static void
loop_tell_change(struct reactor *r, struct reactor_watch *w)
{
	int error;

	if (w->wanted == w->poll.registered)
		return;
	error = r->poller->ops->set(r->poller, &w->poll, w->wanted);
	reactor_note(r, w->poll.fd, "interest", error < 0 ? error : w->wanted);
	if (error == 0)
		w->poll.registered = w->wanted;
	else if (error == -EPERM)
		reactor_watch_always_ready(w);
	else
		w->ops->failed(w, error);
}

static void
loop_tell_changes(struct reactor *r)
{
	struct reactor_list changed, *link;

	reactor_list_move(&r->changed, &changed);
	while ((link = reactor_list_take_first(&changed)) != NULL)
		loop_tell_change(r, reactor_container_of(link,
		    struct reactor_watch, listed));
}

/* Whether something is ready that the poller cannot wait for. */
static bool
loop_has_ready(const struct reactor *r)
{
	struct reactor_list *link;

	for (link = r->always.next; link != &r->always; link = link->next)
		if (reactor_container_of(link, struct reactor_watch,
		    listed)->wanted != 0)
			return true;
	return false;
}

/*
 * How long the wait may be; 0 while there is work.  The functions that were
 * called took time, so the clock is read again: else the wait is too long.
 */
static int64_t
loop_wait_limit(struct reactor *r, int64_t limit_ns)
{
	uint64_t first = reactor_timers_earliest_ns(&r->timers);
	int64_t until;

	if (r->hurries || !reactor_list_is_empty(&r->calls) ||
	    !reactor_list_is_empty(&r->closing) || loop_has_ready(r))
		return 0;
	if (first == UINT64_MAX)
		return limit_ns;
	loop_read_clock(r);
	if (first <= r->now_ns)
		return 0;
	until = first - r->now_ns < INT64_MAX ?
	    (int64_t)(first - r->now_ns) : INT64_MAX;
	return limit_ns < 0 || until < limit_ns ? until : limit_ns;
}

/* Fills r->events and returns how many there are, or the poller's error. */
static int
loop_wait(struct reactor *r, int64_t limit_ns)
{
	int count = r->poller->ops->wait(r->poller,
	    loop_wait_limit(r, limit_ns), r->events, REACTOR_EVENTS);

	r->hurries = false;
	loop_read_clock(r);
	reactor_note(r, -1, "wait", count);
	return count;
}

/* ---- descriptors that are ready ---- */

/* The first call may change the interest, so it is asked for each bit. */
static void
loop_call_watch(struct reactor_watch *w, unsigned ready)
{
	if (ready & w->wanted & POLLER_READ)
		w->ops->readable(w);
	if (ready & w->wanted & POLLER_WRITE)
		w->ops->writable(w);
}

static void
loop_call_ready(struct reactor *r, int count)
{
	struct poller_event *event = r->events;
	struct reactor_watch *w;

	for (; count > 0; count--, event++) {
		w = reactor_container_of(event->watch,
		    struct reactor_watch, poll);
		/* A kernel may say only now that it cannot watch this one. */
		if ((event->ready & POLLER_REFUSED) && w->wanted != 0)
			w->ops->failed(w, -EMFILE);
		loop_call_watch(w, event->ready);
	}
}

static void
loop_call_always_ready(struct reactor *r)
{
	struct reactor_list due, *link;

	reactor_list_move(&r->always, &due);
	while ((link = reactor_list_take_first(&due)) != NULL) {
		reactor_list_append(&r->always, link);
		loop_call_watch(reactor_container_of(link,
		    struct reactor_watch, listed),
		    POLLER_READ | POLLER_WRITE);
	}
}

/* ---- calls ---- */

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

static void
loop_make_calls(struct reactor *r)
{
	struct reactor_list due, *link;
	struct reactor_call *c;

	reactor_list_move(&r->calls, &due);
	while ((link = reactor_list_take_first(&due)) != NULL) {
		c = reactor_container_of(link, struct reactor_call, link);
		reactor_note(r, -1, "call", 0);
		c->call(c);
	}
}

/* ---- closing ---- */

static void
loop_reap_watch(struct reactor *r, struct reactor_watch *w)
{
	reactor_note(r, w->poll.fd, "reap", w->keep_fd);
	if (w->poll.fd >= 0 && !w->keep_fd)
		r->system->close(r->system, w->poll.fd);
	w->poll.fd = -1;
	w->ops->closed(w);
}

static void
loop_reap(struct reactor *r)
{
	struct reactor_list due, *link;

	reactor_list_move(&r->closing, &due);
	while ((link = reactor_list_take_first(&due)) != NULL)
		loop_reap_watch(r, reactor_container_of(link,
		    struct reactor_watch, listed));
}

/* Closes all open watches; those opened meanwhile stay, so it ends. */
static void
loop_lose_all(struct reactor *r)
{
	struct reactor_list open, *link;
	struct reactor_watch *w;

	loop_read_clock(r);
	r->in_turn = true;
	reactor_list_move(&r->watches, &open);
	while ((link = reactor_list_take_first(&open)) != NULL) {
		w = reactor_container_of(link, struct reactor_watch, open);
		w->ops->failed(w, -ECONNABORTED);
	}
	while (!reactor_list_is_empty(&r->closing))
		loop_reap(r);
	r->in_turn = false;
}

/* ---- the turn ---- */

static int
loop_turn(struct reactor *r, int64_t limit_ns)
{
	int count;

	if (r->in_turn)
		return -EALREADY;
	r->in_turn = true;
	r->turn++;
	loop_call_timers(r);
	loop_tell_changes(r);
	count = loop_wait(r, limit_ns);
	loop_call_ready(r, count);
	loop_call_always_ready(r);
	loop_make_calls(r);
	loop_reap(r);
	r->in_turn = false;
	return count < 0 ? count : 0;
}

int
reactor_iterate(struct reactor *r, int64_t timeout_ns)
{
	loop_read_clock(r);
	return loop_turn(r, timeout_ns);
}

/* ---- triggers ---- */

void
reactor_add_trigger(struct reactor *r, enum reactor_phase phase,
    struct reactor_trigger *t, void (*call)(struct reactor_trigger *))
{
	reactor_remove_trigger(t);
	t->call = call;
	reactor_list_append(&r->triggers[phase], &t->link);
}

void
reactor_remove_trigger(struct reactor_trigger *t)
{
	reactor_list_remove(&t->link);
}

static void
loop_call_triggers(struct reactor *r, enum reactor_phase phase)
{
	struct reactor_list due, *link;
	struct reactor_trigger *t;

	reactor_list_move(&r->triggers[phase], &due);
	while ((link = reactor_list_take_first(&due)) != NULL) {
		t = reactor_container_of(link, struct reactor_trigger, link);
		reactor_note(r, -1, "trigger", phase);
		t->call(t);
	}
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

/* ---- a run ---- */

static int
loop_shut_down(struct reactor *r)
{
	int error = 0;

	loop_call_triggers(r, REACTOR_BEFORE_SHUTDOWN);
	loop_read_clock(r);
	while (r->holds > 0 && r->state != REACTOR_BREAKING && error == 0)
		error = loop_turn(r, -1);
	if (r->state == REACTOR_BREAKING)
		return error;
	loop_call_triggers(r, REACTOR_SHUTDOWN);
	loop_lose_all(r);
	loop_call_triggers(r, REACTOR_AFTER_SHUTDOWN);
	return error;
}

int
reactor_run(struct reactor *r)
{
	int error = 0;

	if (r->state != REACTOR_IDLE || r->in_turn)
		return -EALREADY;
	r->state = REACTOR_RUNNING;
	loop_call_triggers(r, REACTOR_BEFORE_STARTUP);
	loop_call_triggers(r, REACTOR_STARTUP);
	loop_read_clock(r);
	while (r->state == REACTOR_RUNNING && !r->stops && error == 0)
		error = loop_turn(r, -1);
	if (r->state == REACTOR_RUNNING && r->stops)
		error = loop_shut_down(r);
	r->state = REACTOR_IDLE;
	r->stops = false;
	return error;
}

/* A timer may call this: then the wait of the same turn must not sleep. */
int
reactor_stop(struct reactor *r)
{
	if (r->stops || r->state == REACTOR_BREAKING)
		return -EALREADY;
	r->stops = r->hurries = true;
	return 0;
}

void
reactor_break(struct reactor *r)
{
	if (reactor_is_running(r))
		r->state = REACTOR_BREAKING;
	r->hurries = true;
}

bool
reactor_is_running(const struct reactor *r)
{
	return r->state >= REACTOR_RUNNING;
}

/* ---- making and freeing ---- */

/* Opens the poller of that name; without a name, the best one there is. */
static int
loop_open_poller(struct poller **out, const char *name,
    const struct reactor_system *system)
{
	const struct poller_ops *const *ops;
	int error = name == NULL ? -ENOSYS : -EINVAL;

	for (ops = poller_list; *ops != NULL; ops++) {
		if (name != NULL && strcmp(name, (*ops)->name) != 0)
			continue;
		error = (*ops)->open(out, system);
		if (error != -ENOSYS)
			break;
	}
	return error;
}

static void
loop_init(struct reactor *r)
{
	int phase;

	reactor_timers_init(&r->timers);
	reactor_list_init(&r->calls);
	reactor_list_init(&r->watches);
	reactor_list_init(&r->changed);
	reactor_list_init(&r->always);
	reactor_list_init(&r->closing);
	for (phase = 0; phase < REACTOR_PHASES; phase++)
		reactor_list_init(&r->triggers[phase]);
	r->reserve_fd = r->system->open_reserve(r->system);
	loop_read_clock(r);
}

int
reactor_new(struct reactor **out, const struct reactor_options *options)
{
	static const struct reactor_options defaults;
	const struct reactor_options *o = options ? options : &defaults;
	struct reactor *r = calloc(1, sizeof(*r));
	int error;

	if (r == NULL)
		return -ENOMEM;
	r->system = o->system ? o->system : &reactor_system_posix;
	r->trace = o->trace;
	error = o->own_poller != NULL ?
	    o->own_poller->open(&r->poller, r->system) :
	    loop_open_poller(&r->poller, o->poller, r->system);
	if (error != 0) {
		free(r);
		return error;
	}
	loop_init(r);
	*out = r;
	return 0;
}

void *
reactor_allocate(struct reactor *r, size_t size)
{
	return r->state == REACTOR_FREEING ? NULL : calloc(1, size);
}

/* Takes all members out of a list; their memory is not the reactor's. */
static void
loop_empty(struct reactor_list *l)
{
	while (reactor_list_take_first(l) != NULL)
		;
}

/* A watch that is lost may open another one, so this is done until none is. */
void
reactor_free(struct reactor *r)
{
	struct reactor_list timers;
	int phase;

	if (r == NULL)
		return;
	r->state = REACTOR_FREEING;
	do
		loop_lose_all(r);
	while (!reactor_list_is_empty(&r->watches));
	loop_call_triggers(r, REACTOR_AT_FREE);
	loop_lose_all(r);
	if (r->reserve_fd >= 0)
		r->system->close(r->system, r->reserve_fd);
	reactor_timers_take_due(&r->timers, UINT64_MAX, &timers);
	loop_empty(&timers);
	loop_empty(&r->calls);
	for (phase = 0; phase < REACTOR_PHASES; phase++)
		loop_empty(&r->triggers[phase]);
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
