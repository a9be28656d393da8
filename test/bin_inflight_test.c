/*
 * bin_inflight_test.c - what is in flight, printed when a signal comes, and
 * how much of it when there is no memory.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/inflight.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "check.h"

static const struct program test_program = { "test", "", "", "" };

/* A list, and standard error as a pipe. */
struct world {
	struct inflight inflight;
	struct progress progress;
	struct reactor *reactor;
	int fds[2];
	int error;			/* standard error as it was */
	char seen[4096];
};

static bool
world_open(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->error = dup(STDERR_FILENO);
	if (pipe(w->fds) != 0 || dup2(w->fds[1], STDERR_FILENO) < 0 ||
	    reactor_new(&w->reactor, NULL) != 0)
		return false;
	progress_begin(&w->progress, w->reactor, false);
	inflight_open(&w->inflight, &test_program, w->reactor, &w->progress);
	return true;
}

static void
world_close(struct world *w)
{
	inflight_close(&w->inflight);
	reactor_free(w->reactor);
	dup2(w->error, STDERR_FILENO);
	close(w->error);
	close(w->fds[0]);
	close(w->fds[1]);
}

/* What was printed; at the end stands a dot of our own. */
static const char *
see(struct world *w)
{
	size_t len = 0;
	ssize_t n = 1;

	CHECK_INT(write(w->fds[1], ".", 1), 1);
	while (n > 0 && (len == 0 || w->seen[len - 1] != '.')) {
		n = read(w->fds[0], w->seen + len, sizeof(w->seen) - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	}
	w->seen[len] = '\0';
	return w->seen;
}

static void
describe(const struct inflight_one *one, struct record *r)
{
	record_add(r, "on a line\n", one->name[0] == 'c' ? 10 : 9);
}

static struct inflight_one
one_of(const char *name)
{
	return (struct inflight_one){
		.name = name, .len = strlen(name), .describe = describe,
	};
}

/* Has it begun so many seconds ago, and not much more. */
static void
age(const struct world *w, struct inflight_one *one, uint64_t seconds)
{
	one->begun_ns = reactor_now_ns(w->reactor) - seconds * 1000000000;
}

/* What was printed is this, but for the tenths of seconds. */
static void
printed(struct world *w, const char *want)
{
	char *at = w->seen;

	see(w);
	while ((at = strstr(at, " s, ")) != NULL) {
		at[-1] = '#';
		at++;
	}
	CHECK_STR(w->seen, want);
}

static void
check_list(struct world *w)
{
	struct inflight_one a = one_of("a\033"), b = one_of("b");
	struct inflight_one c = one_of("c");

	check_case("inflight: none");
	inflight_print(&w->inflight);
	printed(w, "test: 0 in flight\n.");
	check_case("inflight: oldest first, and one line each");
	inflight_add(&w->inflight, &a);
	inflight_add(&w->inflight, &b);
	inflight_add(&w->inflight, &c);
	inflight_remove(&w->inflight, &b);
	inflight_remove(&w->inflight, &b);
	CHECK_INT(w->inflight.count, 2);
	age(w, &a, 3);
	age(w, &c, 0);
	inflight_print(&w->inflight);
	printed(w, "test: 2 in flight\n"
	    "test: a\357\277\275: in flight: 3.# s, on a line\n"
	    "test: c: in flight: 0.# s, on a line\357\277\275\n.");
	check_case("inflight: without memory");
	age(w, &a, 3);
	for (long n = 0; n < 4; n++) {
		alloc_fail_at(n, 0);
		inflight_print(&w->inflight);
		CHECK(alloc_has_failed() == (n < 4));
		alloc_fail_at(-1, 0);
		see(w);
		CHECK(strlen(w->seen) > 1);
	}
	check_case("inflight: what was never added");
	inflight_remove(&w->inflight, &a);
	inflight_remove(&w->inflight, &c);
	inflight_add(NULL, &b);
	inflight_remove(NULL, &b);
	inflight_remove(&w->inflight, &b);
	CHECK_INT(w->inflight.count, 0);
	CHECK(reactor_list_is_empty(&w->inflight.all));
}

/* A signal is a call of the loop; afterwards it kills again. */
static void
check_signal(struct world *w)
{
	struct sigaction now;
	long live = alloc_live();

	check_case("inflight: SIGUSR1 has it printed");
	raise(SIGUSR1);
	CHECK(reactor_iterate(w->reactor, -1) >= 0);
	printed(w, "test: 0 in flight\n.");
	CHECK_INT(alloc_live(), live);
	inflight_close(&w->inflight);
	sigaction(SIGUSR1, NULL, &now);
	CHECK(now.sa_handler == SIG_DFL);
}

int
main(void)
{
	struct world w;

	check_case("inflight: it begins");
	if (!CHECK(world_open(&w)))
		return check_done();
	check_list(&w);
	check_signal(&w);
	world_close(&w);
	check_case("inflight: nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
