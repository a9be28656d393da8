/*
 * sim_crowd_test.c - a crowd of connections that do what chance says, to
 * themselves and to one another, whenever one of them is called.
 *
 * There is no plot: what is checked is what transport.h promises whatever
 * is done.  The order of the calls; no call after a close but the farewell,
 * none while paused; every byte once and in order; a leftover shown again
 * after a resume; all that was written received before an orderly end; who
 * is told to write less is told to write on, in turns; and in the end the
 * loop has nothing left in any of its lists.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>

#include "../reactor/connect.h"
#include "../reactor/listen.h"
#include "../reactor/loop.h"
#include "alloc.h"
#include "check.h"
#include "sim_seeds.h"

enum {
	CROWD_CALLERS = 8,
	CROWD_PARTIES = 2 * CROWD_CALLERS,	/* and who is called */
	CROWD_BYTES = 20000,		/* that each may write in its life */
	CROWD_HIGH = 4000, CROWD_LOW = 1000,	/* water marks */
	CROWD_PORT = 2000,		/* behind the next one is nobody */
	CROWD_CHANCES = 14		/* of all acts together */
};

static const uint64_t crowd_second = 1000000000;

/* One end of a connection, and what it knows of itself. */
struct crowd_party {
	struct protocol protocol;
	struct crowd *crowd;
	struct reactor_timer tick;
	uint64_t tick_ns;		/* when it is due */
	uint16_t port;			/* the caller's: names the pair */
	size_t written, used, leftover;		/* bytes */
	size_t end;			/* bytes there were at the end */
	uint64_t resumed;		/* in this turn of the loop */
	uint64_t above, below;		/* the turn that saw the mark passed */
	int reason;
	bool minds_end;			/* else its transport does, unasked */
	bool made, gone, ended;		/* which calls have come */
	bool closing, half_closed, paused, owed;	/* what it has asked */
	bool full;			/* told to write less */
};

struct crowd {
	struct sim *sim;
	struct reactor *reactor;
	struct protocol_factory factory;
	struct reactor_listener *listener;
	struct crowd_party parties[CROWD_PARTIES];
	int present;			/* parties, callers first */
	struct reactor_timer bell;
	bool stormy, going_home;
	const char *broken;		/* the first promise, or NULL */
};

static void
crowd_check(struct crowd_party *p, bool held, const char *promise)
{
	if (held || p->crowd->broken != NULL)
		return;
	p->crowd->broken = promise;
	sim_note(p->crowd->sim, "party %d, broken: %s",
	    (int)(p - p->crowd->parties), promise);
}

/* ---- what a party does ---- */

/* Byte number i of any party's stream. */
static char
crowd_byte(size_t i)
{
	return (char)(i * 7 + i / 251);
}

static void
crowd_write(struct crowd_party *p)
{
	char bytes[CROWD_BYTES];
	size_t room = CROWD_BYTES - p->written, len, i;

	len = (size_t)sim_draw(p->crowd->sim, room / 2 + 1);
	for (i = 0; i < len; i++)
		bytes[i] = crowd_byte(p->written + i);
	transport_write(p->protocol.transport, bytes, len);
	if (!p->closing && !p->half_closed)
		p->written += len;
}

static void
crowd_pause(struct crowd_party *p)
{
	p->paused = true;
	transport_pause_reading(p->protocol.transport);
}

static void
crowd_resume(struct crowd_party *p)
{
	if (!p->paused)
		return;
	p->paused = false;
	p->owed = true;
	p->resumed = p->crowd->reactor->turn;
	transport_resume_reading(p->protocol.transport);
}

static void
crowd_half_close(struct crowd_party *p)
{
	p->half_closed = true;
	transport_half_close(p->protocol.transport);
}

static void
crowd_lose(struct crowd_party *p)
{
	p->closing = true;
	transport_lose_connection(p->protocol.transport);
}

static void
crowd_abort(struct crowd_party *p)
{
	p->closing = true;
	transport_abort_connection(p->protocol.transport);
}

static const struct crowd_act {
	const char *name;
	void (*act)(struct crowd_party *);
	unsigned chance;
} crowd_acts[] = {
	{ "writes", crowd_write, 6 },
	{ "pauses", crowd_pause, 2 },
	{ "resumes", crowd_resume, 3 },
	{ "half-closes", crowd_half_close, 1 },
	{ "loses", crowd_lose, 1 },
	{ "aborts", crowd_abort, 1 },
};

/* Does something, to itself or to another; most often it only writes. */
static void
crowd_act(struct crowd_party *p)
{
	const struct crowd_act *act = crowd_acts;
	struct crowd *c = p->crowd;
	uint64_t chance = sim_draw(c->sim, CROWD_CHANCES);

	if (sim_chance(c->sim, 300))
		p = &c->parties[sim_draw(c->sim, (uint64_t)c->present)];
	if (!p->made || p->gone)
		return;
	while (chance >= act->chance)
		chance -= act++->chance;
	sim_note(c->sim, "%48s party %d %s", "", (int)(p - c->parties),
	    act->name);
	act->act(p);
}

/* Whoever is past a water mark has heard of it when a turn has passed. */
static void
crowd_check_marks(struct crowd_party *p)
{
	size_t unsent = transport_unsent(p->protocol.transport);
	uint64_t turn = p->crowd->reactor->turn;
	bool above = !p->full && unsent > CROWD_HIGH;
	bool below = p->full && unsent <= CROWD_LOW;

	if (p->closing || !p->minds_end)
		return;		/* or its transport may be closing, unasked */
	p->above = !above ? 0 : p->above != 0 ? p->above : turn;
	p->below = !below ? 0 : p->below != 0 ? p->below : turn;
	crowd_check(p, !above || turn <= p->above + 1,
	    "who has written too much is told");
	crowd_check(p, !below || turn <= p->below + 1,
	    "who was told to write less is told to write on");
}

static void crowd_tick(struct reactor_timer *);

static void
crowd_set_tick(struct crowd_party *p, uint64_t delay_ns)
{
	p->tick_ns = reactor_now_ns(p->crowd->reactor) + delay_ns;
	reactor_call_later(p->crowd->reactor, &p->tick, delay_ns, crowd_tick);
}

/* Now and then it acts unasked; at the end of the day it goes home. */
static void
crowd_tick(struct reactor_timer *t)
{
	struct crowd_party *p = (struct crowd_party *)
	    ((char *)t - offsetof(struct crowd_party, tick));
	struct crowd *c = p->crowd;

	crowd_check(p, reactor_now_ns(c->reactor) >= p->tick_ns,
	    "no timer is early");
	crowd_check_marks(p);
	if (p->minds_end && p->owed && p->leftover > 0 && !p->paused)
		crowd_check(p, p->closing ||
		    c->reactor->turn <= p->resumed + 1,
		    "a leftover is shown again after a resume");
	if (!c->going_home)
		crowd_act(p);
	else if (p->closing && sim_chance(c->sim, 20))
		crowd_abort(p);		/* its peer closes, too, and pauses */
	else
		crowd_lose(p);
	crowd_set_tick(p, sim_draw(c->sim, crowd_second / 50));
}

/* ---- what a party is told ---- */

static struct crowd_party *
crowd_called(struct protocol *p)
{
	struct crowd_party *party = (struct crowd_party *)p;

	crowd_check(party, party->made && !party->gone,
	    "connection_made comes first, the farewell last");
	crowd_check(party, !party->closing,
	    "who was closed is called no more");
	return party;
}

static void
crowd_made(struct protocol *protocol)
{
	struct crowd_party *p = (struct crowd_party *)protocol;
	struct reactor_address a;

	crowd_check(p, !p->made && !p->gone, "connection_made comes once");
	p->made = true;
	if (p->port == 0 && transport_local_address(protocol->transport,
	    &a) == 0)
		p->port = reactor_address_port(&a);
	transport_set_timeout(protocol->transport, 60 * crowd_second);
	transport_set_water_marks(
	    protocol->transport, CROWD_LOW, CROWD_HIGH);
	crowd_set_tick(p, 1);
	crowd_act(p);
}

static size_t
crowd_received(struct protocol *protocol, const char *at, size_t len)
{
	struct crowd_party *p = crowd_called(protocol);
	struct sim *sim = p->crowd->sim;
	size_t i, use = len;

	crowd_check(p, !p->paused, "who has paused is shown nothing");
	crowd_check(p, !p->ended || p->owed,
	    "after the end only a resume shows a leftover");
	crowd_check(p, len > 0 && len >= p->leftover,
	    "a leftover is shown again");
	for (i = 0; i < len; i++)
		crowd_check(p, at[i] == crowd_byte(p->used + i),
		    "every byte comes once, and in order");
	p->owed = false;
	if (sim_chance(sim, 400))
		use = (size_t)sim_draw(sim, len + 1);
	p->used += use;
	p->leftover = len - use;
	if (p->leftover > 0 && sim_chance(sim, 500))
		crowd_pause(p);
	crowd_act(p);
	return use;
}

static void
crowd_read_closed(struct protocol *protocol)
{
	struct crowd_party *p = crowd_called(protocol);

	crowd_check(p, !p->ended && !p->paused, "the end is told once");
	p->ended = true;
	p->end = p->used + p->leftover;
	crowd_act(p);
}

static void
crowd_write_paused(struct protocol *protocol)
{
	struct crowd_party *p = crowd_called(protocol);

	crowd_check(p, !p->full, "a writer is paused once");
	p->full = true;
	p->above = 0;
	crowd_act(p);
}

static void
crowd_write_resumed(struct protocol *protocol)
{
	struct crowd_party *p = crowd_called(protocol);

	crowd_check(p, p->full, "a writer is resumed after a pause");
	crowd_check(p, transport_unsent(protocol->transport) <= CROWD_LOW,
	    "a writer is resumed when little is unsent");
	p->full = false;
	p->below = 0;
	crowd_act(p);
}

static void
crowd_farewell(struct protocol *protocol, int reason)
{
	struct crowd_party *p = (struct crowd_party *)protocol;

	crowd_check(p, !p->gone, "a farewell comes once");
	crowd_check(p, p->made || reason != 0, "a failure has a reason");
	p->gone = true;
	p->reason = reason;
	reactor_cancel_timer(&p->tick);
	if (reason == 0 && !p->closing && !p->minds_end) {
		p->ended = true;
		p->end = p->used + p->leftover;
	}
	crowd_act(p);
}

static const struct protocol_ops crowd_ops = {
	.connection_made = crowd_made,
	.data_received = crowd_received,
	.connection_lost = crowd_farewell,
	.write_paused = crowd_write_paused,
	.write_resumed = crowd_write_resumed,
};

static const struct protocol_ops crowd_minding_ops = {
	.connection_made = crowd_made,
	.data_received = crowd_received,
	.connection_lost = crowd_farewell,
	.write_paused = crowd_write_paused,
	.write_resumed = crowd_write_resumed,
	.read_closed = crowd_read_closed,
};

/* ---- the day ---- */

static struct crowd_party *
crowd_arrival(struct crowd *c)
{
	struct crowd_party *p = &c->parties[c->present];

	p->crowd = c;
	p->minds_end = c->present++ % 2 == 1;
	p->protocol.ops = p->minds_end ? &crowd_minding_ops : &crowd_ops;
	return p;
}

static struct protocol *
crowd_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct crowd *c = (struct crowd *)
	    ((char *)f - offsetof(struct crowd, factory));
	struct crowd_party *p = crowd_arrival(c);

	p->port = reactor_address_port(from);
	return &p->protocol;
}

static const struct protocol_factory_ops crowd_factory_ops = {
	.build_protocol = crowd_build,
};

/* All have gone home: what was listed is in no list any more. */
static void
crowd_check_lists(struct reactor *r)
{
	CHECK(reactor_timers_earliest_ns(&r->timers) == UINT64_MAX);
	CHECK(reactor_list_is_empty(&r->calls));
	CHECK(reactor_list_is_empty(&r->watches));
	CHECK(reactor_list_is_empty(&r->changed));
	CHECK(reactor_list_is_empty(&r->always));
	CHECK(reactor_list_is_empty(&r->closing));
}

/* Rings twice: when it is time to go home, and when all must be there. */
static void
crowd_bell_rings(struct reactor_timer *t)
{
	struct crowd *c = (struct crowd *)
	    ((char *)t - offsetof(struct crowd, bell));
	int i;

	if (!c->going_home) {
		c->going_home = true;
		reactor_listener_stop(c->listener);
		reactor_call_later(c->reactor, t, 50 * crowd_second,
		    crowd_bell_rings);
		return;
	}
	for (i = 0; i < c->present; i++)
		crowd_check(&c->parties[i], c->parties[i].gone,
		    "all connections end");
	crowd_check_lists(c->reactor);
	reactor_stop(c->reactor);
}

static int
crowd_gather(struct crowd *c)
{
	struct reactor_address at;
	int i, error;

	reactor_address_parse(&at, "127.0.0.1", 9, CROWD_PORT);
	error = reactor_listen(c->reactor, &at, NULL, &c->factory,
	    &c->listener);
	for (i = 0; i < CROWD_CALLERS && error == 0; i++) {
		reactor_address_set_port(
		    &at, CROWD_PORT + sim_chance(c->sim, 200));
		error = reactor_connect(c->reactor, &at, NULL,
		    &crowd_arrival(c)->protocol);
	}
	reactor_call_later(c->reactor, &c->bell, crowd_second / 2,
	    crowd_bell_rings);
	return error;
}

/*
 * What the two ends of a connection have seen fits together.  Who does not
 * mind the end of file may write in vain before it knows that it is closed.
 */
static void
crowd_compare(struct crowd_party *a, struct crowd_party *b)
{
	if (a->ended)
		crowd_check(a, b->minds_end ? a->end == b->written :
		    a->end <= b->written,
		    "all that was written comes before the end");
	if (!a->crowd->stormy && !a->closing && !b->closing)
		crowd_check(a, a->reason == 0,
		    "a connection is not lost without a reason");
}

static void
crowd_compare_all(struct crowd *c)
{
	struct crowd_party *a, *b, *end = c->parties + c->present;

	for (a = c->parties; a < end; a++)
		for (b = c->parties; b < end; b++)
			if (a != b && a->made && a->port == b->port)
				crowd_compare(a, b);
}

static void
crowd_run(const struct sim_options *o, FILE *trace)
{
	struct crowd c = {
		.sim = sim_new(o), .factory = { &crowd_factory_ops },
		.stormy = o->reset > 0 || o->no_descriptor > 0,
	};
	struct reactor_options options = sim_reactor_options(c.sim);
	long live = alloc_live();

	sim_trace(c.sim, trace);
	sim_weather(c.sim)->no_descriptor = 0;
	CHECK_INT(reactor_new(&c.reactor, &options), 0);
	CHECK_INT(crowd_gather(&c), 0);
	sim_weather(c.sim)->no_descriptor = o->no_descriptor;
	CHECK_INT(reactor_run(c.reactor), 0);
	crowd_compare_all(&c);
	CHECK_STR(c.broken, NULL);
	reactor_free(c.reactor);
	sim_seeds_end(c.sim, live);
}

int
main(int argc, char **argv)
{
	return sim_seeds_main(argc, argv, crowd_run);
}
