/*
 * reactor_poller_test.c - the contract of poller.h, the same for each of its
 * tables: epoll, kqueue (real where there is one, and the stand-in of
 * test/kqueue everywhere) and poll.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../reactor/poller.h"
#include "../reactor/address.h"
#include "../reactor/reactor.h"
#include "alloc.h"
#include "check.h"
#include "kqueue/stand_in.h"
#include "reactor_poller_kit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* ---- cases ---- */

static void
level_triggered(void)
{
	struct poller_watch w = {0};
	char byte;
	int fds[2], i;

	pair(fds);
	w.fd = fds[0];
	want(&w, POLLER_READ);
	CHECK_INT(look(&w), 0);
	CHECK_INT(write(fds[1], "x", 1), 1);
	for (i = 0; i < 3; i++)
		CHECK_INT(look(&w), POLLER_READ);
	CHECK_INT(read(fds[0], &byte, 1), 1);
	CHECK_INT(look(&w), 0);
	give_up(&w);
	close(fds[1]);
}

static void
both_in_one_event(void)
{
	struct poller_watch w = {0};
	int fds[2];

	pair(fds);
	w.fd = fds[0];
	CHECK_INT(write(fds[1], "x", 1), 1);
	want(&w, BOTH);
	CHECK_INT(look(&w), BOTH);
	CHECK_INT(look(&w), BOTH);
	give_up(&w);
	close(fds[1]);
}

static void
interest_changes(void)
{
	static const unsigned char steps[] = {
		POLLER_READ, POLLER_WRITE, BOTH, 0, BOTH, POLLER_READ, 0,
		POLLER_WRITE, BOTH, POLLER_WRITE, 0
	};
	struct poller_watch w = {0};
	int fds[2];
	size_t i;

	pair(fds);
	w.fd = fds[0];
	CHECK_INT(write(fds[1], "x", 1), 1);
	for (i = 0; i < sizeof(steps); i++) {
		want(&w, steps[i]);
		CHECK_INT(look(&w), steps[i]);
	}
	want(&w, BOTH);		/* changed twice before the wait */
	want(&w, POLLER_WRITE);
	CHECK_INT(look(&w), POLLER_WRITE);
	give_up(&w);
	close(fds[1]);
}

/* Ends of all kinds: reported only as what was wanted, and not at all else. */
static void
ends(void)
{
	static const unsigned char steps[] = { POLLER_READ, 0, BOTH, 0 };
	struct poller_watch w;
	int fds[2], kind;
	size_t i;

	for (kind = 0; kind < 3; kind++) {
		if (kind == 2)
			tcp_pair(fds);
		else
			pair(fds);
		w = (struct poller_watch){ .fd = fds[0] };
		want(&w, POLLER_READ);
		CHECK_INT(look(&w), 0);
		if (kind == 0)
			close(fds[1]);
		else if (kind == 1)
			shutdown(fds[1], SHUT_WR);
		else
			reset(fds[1]);
		for (i = 0; i < sizeof(steps); i++) {
			want(&w, steps[i]);
			CHECK_INT(look(&w), steps[i]);
			CHECK_INT(look(&w), steps[i]);
		}
		want(&w, POLLER_WRITE);
		CHECK_INT(look(&w), POLLER_WRITE);
		give_up(&w);
		if (kind == 1)
			close(fds[1]);
	}
}

/* A pipe's ends tell of each other. */
static void
pipes(void)
{
	struct poller_watch out = {0}, in = {0};
	int fds[2];

	CHECK_INT(pipe(fds), 0);
	in.fd = fds[0];
	out.fd = fds[1];
	want(&in, POLLER_READ);
	CHECK_INT(look(&in), 0);
	want(&out, POLLER_WRITE);
	CHECK_INT(look(&out), POLLER_WRITE);
	want(&out, 0);
	give_up(&out);
	CHECK_INT(look(&in), POLLER_READ);
	give_up(&in);
	CHECK_INT(pipe(fds), 0);
	out = (struct poller_watch){ .fd = fds[1] };
	want(&out, POLLER_WRITE);
	close(fds[0]);
	CHECK_INT(look(&out), POLLER_WRITE);
	CHECK_INT(look(&out), POLLER_WRITE);
	give_up(&out);
}

/* What cannot be waited for is always ready, never silent. */
static void
always_ready(void)
{
	static const char *const paths[] = { "Makefile", "/dev/null" };
	struct poller_watch w;
	size_t i;
	int error;

	for (i = 0; i < 2; i++) {
		w = (struct poller_watch){ .fd = open(paths[i], O_RDWR) };
		if (w.fd < 0)
			continue;
		error = poller->ops->set(poller, &w, POLLER_READ);
		CHECK(error == 0 || error == -EPERM);
		if (error == 0) {
			w.registered = POLLER_READ;
			CHECK_INT(look(&w), POLLER_READ);
			CHECK_INT(look(&w), POLLER_READ);
		}
		give_up(&w);
	}
}

/*
 * What is given up is not looked at again, also not what no kernel waits for:
 * a watch in the same place is another one.
 */
static void
forgotten(void)
{
	static const char *const paths[] = { "Makefile", "/dev/null" };
	struct poller_watch w;
	int fds[2];
	size_t i;

	pair(fds);
	CHECK_INT(write(fds[1], "x", 1), 1);
	for (i = 0; i < 2; i++) {
		w = (struct poller_watch){ .fd = open(paths[i], O_RDWR) };
		if (poller->ops->set(poller, &w, BOTH) == 0)
			w.registered = BOTH;
		if (w.registered != 0)
			CHECK(look(&w) != 0);
		give_up(&w);
		w = (struct poller_watch){ .fd = fds[0], .registered = BOTH };
		CHECK_INT(look(&w), 0);
	}
	close(fds[0]);
	close(fds[1]);
}

/* What one wait says that lasts until something is ready. */
static unsigned
await(struct poller_watch *w)
{
	struct poller_event event = { .watch = NULL };

	CHECK_INT(poller->ops->wait(poller, -1, &event, 1), 1);
	CHECK(event.watch == w);
	return event.ready;
}

/*
 * A terminal, which some kernels do not watch as they do others: it is ready
 * when somebody has typed, and does not hide who else is.
 */
static void
terminal(void)
{
	int keyboard = posix_openpt(O_RDWR | O_NOCTTY), fds[2];
	struct poller_watch screen = { 0 }, pipe_end = { 0 };
	char line[8];

	if (keyboard < 0 || grantpt(keyboard) != 0 ||
	    unlockpt(keyboard) != 0) {
		check_skip("there are no terminals here");
		return;
	}
	screen.fd = open(ptsname(keyboard), O_RDWR | O_NOCTTY);
	CHECK(screen.fd >= 0);
	CHECK_INT(pipe(fds), 0);
	pipe_end.fd = fds[0];
	want(&screen, POLLER_READ);
	want(&pipe_end, POLLER_READ);
	CHECK_INT(look(&screen), 0);
	CHECK_INT(write(fds[1], "x", 1), 1);
	CHECK_INT(await(&pipe_end), POLLER_READ);
	CHECK_INT(read(fds[0], line, 1), 1);
	CHECK_INT(look(&screen), 0);
	CHECK_INT(write(keyboard, "hello\n", 6), 6);
	CHECK_INT(await(&screen), POLLER_READ);
	want(&screen, BOTH);
	CHECK_INT(look(&screen), BOTH);
	CHECK_INT(read(screen.fd, line, sizeof(line)), 6);
	CHECK_INT(look(&screen), POLLER_WRITE);
	want(&screen, POLLER_READ);
	CHECK_INT(look(&screen), 0);
	want(&screen, 0);
	CHECK_INT(write(keyboard, "hello\n", 6), 6);
	CHECK_INT(look(&screen), 0);
	give_up(&screen);
	give_up(&pipe_end);
	close(fds[1]);
	close(keyboard);
}

static void
bad_descriptor(void)
{
	struct poller_watch w = { .fd = 1000000 };
	int error = poller->ops->set(poller, &w, BOTH);

	CHECK(error == 0 || error == -EBADF);
	if (error != 0)
		return;
	w.registered = BOTH;
	CHECK(look(&w) != 0);
	w.closing = 1;
	want(&w, 0);
	CHECK_INT(look(&w), 0);
}

/* The number is used again at once; a duplicate keeps the file open. */
static void
number_reuse(void)
{
	struct poller_watch old, new;
	int fds[2], again[2], duplicate, round;

	for (round = 0; round < 3; round++) {
		pair(fds);
		old = (struct poller_watch){ .fd = fds[0] };
		CHECK_INT(write(fds[1], "x", 1), 1);
		want(&old, round == 0 ? BOTH : POLLER_READ);
		if (round < 2)
			look(&old);
		duplicate = dup(fds[0]);
		give_up(&old);
		memset(&old, 0xff, sizeof(old));
		pair(again);
		CHECK_INT(again[0], fds[0]);
		new = (struct poller_watch){ .fd = again[0] };
		want(&new, POLLER_READ);
		CHECK_INT(look(&new), 0);
		CHECK_INT(write(again[1], "x", 1), 1);
		CHECK_INT(look(&new), POLLER_READ);
		give_up(&new);
		close(duplicate);
		close(fds[1]);
		close(again[1]);
	}
}

/* More are ready than there is room for: each gets its turn. */
static void
little_room(void)
{
	static struct poller_watch watches[MANY];
	static int seen[MANY];
	struct poller_event events[ROOM];
	int fds[2], i, count, round;

	memset(seen, 0, sizeof(seen));
	pair(fds);
	CHECK_INT(write(fds[1], "x", 1), 1);
	for (i = 0; i < MANY; i++) {
		watches[i] = (struct poller_watch){ .fd = dup(fds[0]) };
		if (watches[i].fd < 0)
			abort();
		want(&watches[i], POLLER_READ);
	}
	for (round = 0; round < 3 * MANY / ROOM; round++) {
		count = poller->ops->wait(poller, -1, events, ROOM);
		CHECK(count > 0 && count <= ROOM);
		for (i = 0; i < count; i++)
			seen[(struct poller_watch *)events[i].watch -
			    watches]++;
	}
	for (i = count = 0; i < MANY; i++)
		count += seen[i] > 0;
	CHECK_INT(count, MANY);
	for (i = 0; i < MANY; i++)
		give_up(&watches[i]);
	CHECK_INT(poller->ops->wait(poller, 0, events, ROOM), 0);
	close(fds[0]);
	close(fds[1]);
}

/* More changes than room, before each wait: all that are ready get a turn. */
static void
more_changes_than_room(void)
{
	static struct poller_watch ready[ROOM], idle[MANY];
	struct poller_event events[ROOM / 2];
	static int seen[ROOM];
	int fds[2], quiet[2], i, count, round;

	memset(seen, 0, sizeof(seen));
	pair(fds);
	pair(quiet);
	CHECK_INT(write(fds[1], "x", 1), 1);
	for (i = 0; i < MANY; i++)
		idle[i] = (struct poller_watch){ .fd = dup(quiet[0]) };
	for (i = 0; i < ROOM; i++) {
		ready[i] = (struct poller_watch){ .fd = dup(fds[0]) };
		want(&ready[i], POLLER_READ);
	}
	for (round = 0; round < 9; round++) {
		for (i = 0; i < (round < 6 ? ROOM : MANY); i++)
			want(&idle[i], idle[i].registered ? 0 : POLLER_READ);
		count = poller->ops->wait(poller, -1, events, ROOM / 2);
		CHECK(count > 0 && count <= ROOM / 2);
		for (i = 0; i < count; i++)
			seen[(struct poller_watch *)events[i].watch -
			    ready]++;
	}
	for (i = 0; i < ROOM; i++)
		CHECK(seen[i] > 0);
	for (i = 0; i < ROOM; i++)
		give_up(&ready[i]);
	for (i = 0; i < MANY; i++)
		give_up(&idle[i]);
	close(fds[0]);
	close(fds[1]);
	close(quiet[0]);
	close(quiet[1]);
}

/* Waits until all these were refused, or are ready always. */
static void
hear_refusals(int most)
{
	struct poller_event events[ROOM];
	int i, count, heard = 0, round;

	for (round = 0; round <= 9 * most / ROOM && heard < most; round++) {
		count = poller->ops->wait(poller, 0, events, ROOM);
		for (i = 0; i < count; i++) {
			heard++;
			want(events[i].watch, 0);
		}
	}
	CHECK_INT(heard, most);
}

/*
 * So many are refused that the wait has no room to say so: it says it later.
 * There may even be no room to ask for more, before a wait.
 */
static void
refuse_many(int from)
{
	enum { FEWER = 700 };
	static struct poller_watch watches[FEWER];
	int null = open("/dev/null", O_RDONLY), i, asked = 0, error;

	for (i = 0; i < FEWER; i++) {
		watches[i] = (struct poller_watch){
			.fd = fcntl(null, F_DUPFD, from)
		};
		CHECK(watches[i].fd >= from);
		error = poller->ops->set(poller, &watches[i], POLLER_READ);
		if (error == -ENOMEM) {
			hear_refusals(asked);
			asked = 0;
			error = poller->ops->set(poller, &watches[i],
			    POLLER_READ);
		}
		CHECK(error == 0 || error == -EPERM);
		asked += error == 0;
		watches[i].registered = error == 0 ? POLLER_READ : 0;
	}
	hear_refusals(asked);
	for (i = 0; i < FEWER; i++)
		give_up(&watches[i]);
	close(null);
}

static void
more_refused_than_room(void)
{
	refuse_many(0);
}

/* Above what select can wait for. */
static void
high_numbers_refused(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		abort();
	if (limit.rlim_cur < 2048)
		limit.rlim_cur = 2048;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		check_skip("so many descriptors are not allowed");
	else
		refuse_many(FD_SETSIZE);
}

/* Nor is a poller opened that needs a descriptor, where there is none. */
static void
no_descriptors(void)
{
	struct rlimit limit, none;
	struct poller *second = NULL;
	int error, next = dup(0);

	close(next);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		abort();
	none = limit;
	none.rlim_cur = (rlim_t)next;
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &none), 0);
	error = poller->ops->open(&second, NULL);
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &limit), 0);
	CHECK(error == -EMFILE || (error == 0 && poller->ops != &poller_epoll));
	if (error == 0)
		second->ops->close(second);
}

static void
nothing(int signal_number)
{
	(void)signal_number;
}

/* Any time will do, and a signal ends a wait without an error. */
static void
times(void)
{
	static const int64_t limits[] = {
		-1, 0, 1, 999999, 1000001, INT64_MAX
	};
	struct itimerval often = { { 0, 2000 }, { 0, 2000 } }, never;
	struct sigaction action = { .sa_handler = nothing };
	struct poller_watch w = {0};
	struct poller_event event;
	int fds[2];
	size_t i;

	memset(&never, 0, sizeof(never));
	pair(fds);
	w.fd = fds[0];
	want(&w, POLLER_WRITE);
	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		CHECK_INT(poller->ops->wait(poller, limits[i], &event, 1), 1);
	want(&w, POLLER_READ);
	for (i = 1; i < 5; i++)
		CHECK_INT(poller->ops->wait(poller, limits[i], &event, 1), 0);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	CHECK_INT(poller->ops->wait(poller, -1, &event, 1), 0);
	CHECK_INT(poller->ops->wait(poller, INT64_MAX, &event, 1), 0);
	setitimer(ITIMER_REAL, &never, NULL);
	give_up(&w);
	close(fds[1]);
}

/* ---- running them ---- */

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "what stays ready is reported each time", level_triggered },
	{ "ready both ways is one event", both_in_one_event },
	{ "interest changes", interest_changes },
	{ "closed, half-closed and reset peers", ends },
	{ "pipes", pipes },
	{ "files and devices", always_ready },
	{ "what is given up is forgotten", forgotten },
	{ "a terminal", terminal },
	{ "a descriptor that is none", bad_descriptor },
	{ "a number used again", number_reuse },
	{ "more ready than room", little_room },
	{ "more changes than room", more_changes_than_room },
	{ "more refused than room", more_refused_than_room },
	{ "high numbers refused", high_numbers_refused },
	{ "no descriptors left", no_descriptors },
	{ "times and signals", times },
};

/* The number of the next descriptor: greater if one was left open. */
static int
next_descriptor(void)
{
	int fd = dup(0);

	close(fd);
	return fd;
}

static void
run_all(const char *label, const struct poller_ops *ops)
{
	static char names[2][128];	/* the case before still needs its */
	static unsigned turn;
	char *name;
	size_t i;
	int error, next = next_descriptor();

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		alloc_fail_at(0, 1);
		error = ops->open(&poller, NULL);
		alloc_fail_at(-1, 0);
		if (error == -ENOSYS)
			return;
		name = names[turn++ % 2];
		snprintf(name, sizeof(names[0]), "%s: %s", label,
		    cases[i].name);
		check_case(name);
		CHECK_INT(error, -ENOMEM);
		if (CHECK_INT(ops->open(&poller, NULL), 0)) {
			cases[i].run();
			poller->ops->close(poller);
		}
		CHECK_INT(alloc_live(), 0);
		CHECK_INT(next_descriptor(), next);
	}
}

/* Only changes reach the kernel, and they take no calls of their own. */
static void
kqueue_batches(void)
{
	struct poller_watch w = {0};
	int fds[2], calls, changes;

	check_case("kqueue: changes go with the wait");
	CHECK_INT(poller_kqueue_stand_in.open(&poller, NULL), 0);
	pair(fds);
	w.fd = fds[0];
	calls = kqueue_stand_in_calls;
	changes = kqueue_stand_in_changes;
	want(&w, POLLER_READ);
	want(&w, BOTH);
	look(&w);
	look(&w);
	CHECK_INT(kqueue_stand_in_calls - calls, 2);
	CHECK_INT(kqueue_stand_in_changes - changes, 2);
	give_up(&w);
	look(&w);
	CHECK_INT(kqueue_stand_in_changes - changes, 2);
	poller->ops->close(poller);
	close(fds[1]);
}

/* What kqueue refuses is waited for by select, which may lack memory. */
static void
kqueue_select_fails(void)
{
	struct poller_event event;
	struct poller_watch w = {0};

	check_case("kqueue: an error of select is told, and is over then");
	CHECK_INT(poller_kqueue_stand_in.open(&poller, NULL), 0);
	w.fd = open("/dev/null", O_RDONLY);
	want(&w, POLLER_READ);
	CHECK_INT(look(&w), POLLER_READ);
	kqueue_stand_in_select_error = ENOMEM;
	CHECK_INT(poller->ops->wait(poller, 0, &event, 1), -ENOMEM);
	kqueue_stand_in_select_error = EINTR;
	CHECK_INT(poller->ops->wait(poller, 0, &event, 1), 0);
	CHECK_INT(look(&w), POLLER_READ);
	give_up(&w);
	poller->ops->close(poller);
}

/* One that was closed while select waits for it is ready: the read learns. */
static void
kqueue_odd_is_closed(void)
{
	struct poller_watch w = {0};

	check_case("kqueue: what select cannot wait for any more is ready");
	CHECK_INT(poller_kqueue_stand_in.open(&poller, NULL), 0);
	w.fd = open("/dev/null", O_RDONLY);
	want(&w, POLLER_READ);
	CHECK_INT(look(&w), POLLER_READ);
	close(w.fd);
	CHECK_INT(look(&w), POLLER_READ);
	w.closing = 1;
	want(&w, 0);
	CHECK_INT(look(&w), 0);
	poller->ops->close(poller);
}

/* A wait for a queue that somebody has closed does not last for ever. */
static void
kqueue_is_closed(void)
{
	struct poller_event event;
	int next = dup(0);

	check_case("kqueue: an error of kevent is told");
	close(next);
	CHECK_INT(poller_kqueue_stand_in.open(&poller, NULL), 0);
	close(next);
	CHECK_INT(poller->ops->wait(poller, -1, &event, 1), -EBADF);
	CHECK_INT(dup(0), next);
	poller->ops->close(poller);
}

int
main(void)
{
	struct reactor_options options = { 0 };
	struct reactor *r;

	check_case("the list of pollers");
	CHECK_INT(reactor_new(&r, &options), 0);
	reactor_free(r);
	options.poller = "poll";
	CHECK_INT(reactor_new(&r, &options), 0);
	CHECK_STR(reactor_poller_name(r), "poll");
	reactor_free(r);
	options.poller = "select";
	CHECK_INT(reactor_new(&r, &options), -EINVAL);
	run_all("epoll", &poller_epoll);
	run_all("kqueue", &poller_kqueue);
	run_all("poll", &poller_poll);
	run_all("kqueue stand-in", &poller_kqueue_stand_in);
	run_all("kqueue like NetBSD's", &poller_kqueue_like_netbsd);
	kqueue_batches();
	kqueue_select_fails();
	kqueue_odd_is_closed();
	kqueue_is_closed();
	return check_done();
}
