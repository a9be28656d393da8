/*
 * reactor_close_test.c - closing any watch from inside any callback: who is
 * closed hears nothing more but `closed`, once, and neither its memory nor
 * its number is used again before that.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../reactor/watch.h"
#include "reactor_rig.h"
#include "reactor_spy.h"

#include <fcntl.h>
#include <sys/socket.h>

enum { MANY = 40 };

static void
close_victim(struct spy *s)
{
	reactor_watch_close(&s->victim->watch);
	reactor_watch_close(&s->victim->watch);
}

static void
close_self(struct spy *s)
{
	reactor_watch_close(&s->watch);
}

static void
stop_victims_reading(struct spy *s)
{
	reactor_watch_want(&s->victim->watch, POLLER_WRITE);
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

static void
begin(void)
{
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
}

static void
end(void)
{
	reactor_free(loop);
	CHECK_INT(alloc_live(), 0);
}

/* ---- cases ---- */

/* Two ready in one batch, each of which closes the other: one is called. */
static void
close_each_other(void)
{
	struct spy a, b;
	int fds[2];

	begin();
	spy_open(&a, POLLER_READ | POLLER_WRITE, close_victim);
	spy_open(&b, POLLER_READ | POLLER_WRITE, close_victim);
	a.victim = &b;
	b.victim = &a;
	fds[0] = a.watch.poll.fd;
	fds[1] = b.watch.poll.fd;
	CHECK_INT(reactor_iterate(loop, 0), 0);
	CHECK_INT(a.closes + b.closes, 1);
	CHECK_INT(a.reads + b.reads, 1);
	CHECK_INT(is_open(fds[0]) + is_open(fds[1]), 1);
	close_victim(a.closes ? &a : &b);
	end();
	CHECK_INT(a.closes, 1);
	CHECK_INT(b.closes, 1);
	CHECK_INT(a.fails + b.fails, 0);
}

/* Both bits were reported; the first call takes the second away. */
static void
between_two_bits(void)
{
	struct spy a;

	begin();
	spy_open(&a, POLLER_READ | POLLER_WRITE, close_self);
	reactor_iterate(loop, 0);
	CHECK_INT(a.reads, 1);
	CHECK_INT(a.writes, 0);
	CHECK_INT(a.closes, 1);
	end();
}

/* Interest is looked at bit by bit, also when another took it away. */
static void
interest_withdrawn(void)
{
	struct spy a, b;

	begin();
	spy_open(&a, POLLER_READ, stop_victims_reading);
	spy_open(&b, POLLER_READ, stop_victims_reading);
	a.victim = &b;
	b.victim = &a;
	reactor_iterate(loop, 0);
	CHECK_INT(a.reads + b.reads, 1);
	CHECK_INT(a.writes + b.writes, 0);
	reactor_iterate(loop, 0);
	CHECK_INT(a.writes + b.writes, 1);
	end();
	CHECK_INT(a.fails + b.fails, 2);
	CHECK_INT(a.closes + b.closes, 2);
}

static struct spy newcomer, released;

/* The number must not be free before the batch is over. */
static void
open_another(struct spy *s)
{
	int fd = s->victim->watch.poll.fd;

	reactor_watch_close(&s->victim->watch);
	s->act = NULL;
	s->victim->act = NULL;
	spy_open(&newcomer, POLLER_READ, NULL);
	CHECK(newcomer.watch.poll.fd != fd);
	CHECK(is_open(fd));
}

static void
number_stays_taken(void)
{
	struct spy a, b;

	begin();
	spy_open(&a, POLLER_READ, open_another);
	spy_open(&b, POLLER_READ, open_another);
	a.victim = &b;
	b.victim = &a;
	reactor_iterate(loop, 0);
	CHECK_INT(a.reads + b.reads, 1);
	CHECK_INT(a.closes + b.closes, 1);
	CHECK_INT(newcomer.reads, 0);
	reactor_iterate(loop, 0);
	CHECK_INT(newcomer.reads, 1);
	end();
}

/* In `closed` the number is free, and taken again at once. */
static void
reopen_in_closed(struct spy *s)
{
	if (s->closes == 0) {
		reactor_watch_close(&s->watch);
		return;
	}
	CHECK_INT(s->watch.poll.fd, -1);
	spy_open(&newcomer, POLLER_READ, NULL);
}

static void
number_used_again(void)
{
	struct spy a;
	int fd;

	begin();
	spy_open(&a, POLLER_READ, reopen_in_closed);
	a.victim = &a;
	fd = a.watch.poll.fd;
	reactor_iterate(loop, 0);
	CHECK_INT(newcomer.watch.poll.fd, fd);
	CHECK_INT(a.reads, 1);
	CHECK_INT(newcomer.reads, 0);
	reactor_iterate(loop, 0);
	CHECK_INT(newcomer.reads, 1);
	end();
}

/* Farewells that close others: each is reaped, none twice. */
static void
close_in_closed(void)
{
	struct spy a, b, c;
	int turn;

	begin();
	spy_open(&a, POLLER_READ, close_self);
	spy_open(&b, 0, close_victim);
	spy_open(&c, 0, NULL);
	a.victim = &b;
	b.victim = &c;
	a.act = close_victim;
	reactor_iterate(loop, 0);
	CHECK_INT(b.closes, 1);
	for (turn = 0; turn < 2; turn++)
		reactor_iterate(loop, -1);	/* does not wait */
	CHECK_INT(c.closes, 1);
	end();
	CHECK_INT(a.closes, 1);
	CHECK_INT(c.closes, 1);
}

/* A closing watch cannot be talked into anything. */
static void
closing_is_final(void)
{
	struct spy a;
	int fd;

	begin();
	spy_open(&a, POLLER_READ, NULL);
	fd = a.watch.poll.fd;
	reactor_watch_close(&a.watch);
	reactor_watch_want(&a.watch, POLLER_READ);
	reactor_watch_always_ready(&a.watch);
	reactor_watch_release(&a.watch);
	reactor_iterate(loop, 0);
	CHECK_INT(a.reads, 0);
	CHECK_INT(a.closes, 1);
	CHECK(!is_open(fd));
	end();
}

/* A released descriptor stays open and is not watched any more. */
static void
release(void)
{
	struct spy a, again;
	int fd;

	begin();
	spy_open(&a, POLLER_READ | POLLER_WRITE, NULL);
	fd = a.watch.poll.fd;
	reactor_iterate(loop, 0);
	reactor_watch_release(&a.watch);
	reactor_iterate(loop, 0);
	CHECK_INT(a.closes, 1);
	CHECK(is_open(fd));
	memset(&again, 0, sizeof(again));
	again.peer = -1;
	reactor_watch_init(&again.watch, loop, fd, &spy_ops);
	reactor_watch_want(&again.watch, POLLER_READ);
	reactor_iterate(loop, 0);
	CHECK_INT(again.reads, 1);
	CHECK_INT(a.reads, 1);
	end();
}

static void
release_and_watch_again(struct reactor_timer *t)
{
	int fd = released.watch.poll.fd;

	(void)t;
	reactor_watch_release(&released.watch);
	memset(&newcomer, 0, sizeof(newcomer));
	newcomer.peer = -1;
	reactor_watch_init(&newcomer.watch, loop, fd, &spy_ops);
	reactor_watch_want(&newcomer.watch, POLLER_READ);
}

/* From a timer: the new watch is told to the poller before the old goes. */
static void
watched_again(void)
{
	struct reactor_timer timer = { .call = NULL };
	int turn;

	begin();
	spy_open(&released, POLLER_READ | POLLER_WRITE, NULL);
	reactor_iterate(loop, 0);
	CHECK_INT(released.reads, 1);
	reactor_call_later(loop, &timer, 0, release_and_watch_again);
	for (turn = 1; turn <= 3; turn++) {
		reactor_iterate(loop, 0);
		CHECK_INT(newcomer.reads, turn);
	}
	CHECK_INT(newcomer.fails, 0);
	CHECK_INT(released.reads, 1);
	CHECK_INT(released.closes, 1);
	end();
}

/* One that the poller waits for may count as always ready from now on. */
static void
always_ready_later(void)
{
	struct spy a;
	int turn;

	begin();
	spy_open(&a, POLLER_READ | POLLER_WRITE, NULL);
	reactor_iterate(loop, 0);
	reactor_watch_always_ready(&a.watch);
	for (turn = 2; turn <= 4; turn++) {
		reactor_iterate(loop, -1);
		CHECK_INT(a.reads, turn);
		CHECK_INT(a.writes, turn);
	}
	end();
}

/* One of many is called, and closes all the others in the batch. */
static struct spy many[MANY];

static void
close_all_others(struct spy *s)
{
	int i;

	for (i = 0; i < MANY; i++)
		if (&many[i] != s)
			reactor_watch_close(&many[i].watch);
}

static void
close_many(void)
{
	int i, calls = 0, closes = 0;

	begin();
	for (i = 0; i < MANY; i++)
		spy_open(&many[i], POLLER_READ, close_all_others);
	reactor_iterate(loop, 0);
	for (i = 0; i < MANY; i++) {
		calls += many[i].reads;
		closes += many[i].closes;
	}
	CHECK_INT(calls, 1);
	CHECK_INT(closes, MANY - 1);
	end();
}

/* Always ready ones: each once a turn, closed from anywhere. */
static void
always_ready(void)
{
	struct spy a, b, c;
	int turn;

	begin();
	spy_open(&a, POLLER_READ, NULL);
	spy_open(&b, POLLER_READ | POLLER_WRITE, NULL);
	spy_open(&c, POLLER_READ, NULL);
	reactor_watch_always_ready(&a.watch);
	reactor_watch_always_ready(&b.watch);
	for (turn = 1; turn <= 3; turn++) {
		reactor_iterate(loop, -1);
		CHECK_INT(a.reads, turn);
		CHECK_INT(b.writes, turn);
		CHECK_INT(c.reads, turn);
	}
	a.act = close_victim;
	a.victim = &b;
	reactor_watch_want(&c.watch, 0);
	reactor_iterate(loop, 0);
	CHECK_INT(b.reads, 3);
	CHECK_INT(b.closes, 1);
	CHECK_INT(c.reads, 3);
	reactor_watch_want(&a.watch, 0);
	reactor_iterate(loop, 0);
	CHECK_INT(a.reads, 4);
	end();
}

/* What stands when the reactor is freed is lost, and its farewells too. */
static void
freed_without_a_run(void)
{
	struct spy a, b;

	begin();
	spy_open(&a, POLLER_READ, close_victim);
	spy_open(&b, POLLER_READ, NULL);
	a.victim = &b;
	reactor_free(loop);
	CHECK_INT(a.fails, 1);
	CHECK_INT(a.closes, 1);
	CHECK_INT(b.closes, 1);
	CHECK_INT(a.reads + b.reads, 0);
	CHECK_INT(alloc_live(), 0);
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "two that close each other", close_each_other, true },
		{ "closed between reading and writing",
		    between_two_bits, true },
		{ "interest withdrawn in the batch", interest_withdrawn, true },
		{ "a number stays taken in the batch",
		    number_stays_taken, true },
		{ "a number used again in closed", number_used_again, true },
		{ "closing in closed", close_in_closed, true },
		{ "closing is final", closing_is_final, true },
		{ "release", release, true },
		{ "released and watched again", watched_again, true },
		{ "always ready later", always_ready_later, true },
		{ "one closes all the others", close_many, true },
		{ "always ready", always_ready, true },
		{ "freed without a run", freed_without_a_run, true },
	};

	rig_each(cases, sizeof(cases) / sizeof(cases[0]), loopback_any());
	return check_done();
}
