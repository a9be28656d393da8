/*
 * defer_unhandled_test.c - failures that nobody took, and failures as such.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <unistd.h>

#include "../defer/control.h"
#include "../defer/coroutine.h"
#include "../defer/deferred_list.h"
#include "../defer/failure_detail.h"
#include "../defer/lock.h"
#include "../defer/share.h"
#include "../defer/unhandled.h"
#include "defer_probe.h"

static struct probe_log defer_log;
static const char *defer_file;
static int defer_line;

static void
unhandled(void *ctx, const struct defer_failure *f, const char *file, int line)
{
	CHECK(ctx == &defer_log);
	defer_file = file;
	defer_line = line;
	strcat(strcat(defer_log.text, f->kind->name), " ");
}

static void
test_report(void)
{
	struct probe p = {&defer_log, "p", PROBE_FAIL, 0, NULL, NULL};
	struct probe heal = {&defer_log, "heal", PROBE_NONE, 0, NULL, NULL};
	struct deferred *d;
	struct defer_result r;
	int line;

	check_case("the last release reports it, with the place");
	line = __LINE__ + 1;
	d = deferred_new(NULL, NULL);
	deferred_fire(d, probe_failure());
	deferred_ref(d);
	deferred_release(d);
	PROBE_SAYS(&defer_log, "");
	deferred_release(d);
	PROBE_SAYS(&defer_log, "failed ");
	CHECK_INT(defer_line, line);
	CHECK_STR(defer_file, __FILE__);

	check_case("a failure replaced or taken is handled, seen is not");
	d = probe_deferred();
	deferred_add_errback(d, probe_run, &heal);
	deferred_fire(d, probe_failure());
	deferred_release(d);
	PROBE_SAYS(&defer_log, "heal(!failed) ");
	d = deferred_of(probe_failure());
	CHECK(deferred_take(d, &r));
	deferred_release(d);
	defer_result_destroy(r);
	PROBE_SAYS(&defer_log, "");
	p.does = PROBE_PASS;
	d = deferred_of(probe_failure());
	deferred_add_both(d, probe_run, &p);
	deferred_release(d);
	PROBE_SAYS(&defer_log, "p(!failed) failed ");

	check_case("one never fired goes in silence");
	deferred_release(probe_deferred());
	d = probe_deferred();
	deferred_add_both(d, probe_run, &p);
	deferred_release(d);
	PROBE_SAYS(&defer_log, "p(!abandoned) ");
}

static void
test_chained(void)
{
	struct deferred *o = probe_deferred(), *i = probe_deferred();
	struct probe p = {&defer_log, "p", PROBE_DEFER, 0, i, NULL};

	check_case("a failure that o took from i is o's to report");
	deferred_ref(i);
	deferred_add_both(o, probe_run, &p);
	deferred_fire(o, defer_result_none());
	deferred_finish(&i, probe_failure());
	PROBE_SAYS(&defer_log, "p(none) ");
	deferred_release(o);
	PROBE_SAYS(&defer_log, "failed ");

	check_case("one replaced by what an errback waits for is not");
	o = probe_deferred();
	p.deferred = deferred_of(probe_number(5));
	deferred_add_errback(o, probe_run, &p);
	deferred_fire(o, probe_failure());
	deferred_release(o);
	PROBE_SAYS(&defer_log, "p(!failed) ");
}

static struct defer_result
fails(void *ctx, struct defer_result in)
{
	(void)ctx;
	defer_result_destroy(in);
	return probe_failure();
}

static struct defer_result
coroutine_fails(struct coroutine *co)
{
	(void)co;
	return probe_failure();
}

/* A deferred with a failure that nobody took: it was made on `line`. */
static void
check_made(struct deferred *d, int line)
{
	defer_file = "";
	defer_line = 0;
	if (!deferred_has_fired(d))
		deferred_fire(d, probe_failure());
	deferred_release(d);
	CHECK_INT(defer_line, line);
	CHECK_STR(defer_file, __FILE__);
	defer_log.text[0] = '\0';
}

/* A lock that is held, and one who waits for it. */
static void
check_made_by_lock(struct deferred_lock *lock)
{
	struct deferred *d, *waits;

	CHECK_INT(deferred_lock_init(lock, 1), 0);
	d = deferred_lock_acquire(lock);
	deferred_add_both(d, fails, NULL);
	check_made(d, __LINE__ - 2);
	waits = deferred_lock_acquire(lock);
	deferred_add_both(waits, fails, NULL);
	deferred_lock_close(lock);
	check_made(waits, __LINE__ - 3);
	deferred_lock_release(lock);
	check_made(deferred_lock_run(lock, fails, NULL), __LINE__);
}

static void
test_places(void)
{
	struct deferred *in[2] = {NULL, NULL}, *d;
	struct deferred_queue queue;
	struct deferred_lock lock;
	struct coroutine *co;

	check_case("the place is the caller's, whoever made it");
	check_made(deferred_of(probe_failure()), __LINE__);
	d = deferred_of(probe_number(5));
	deferred_add_both(d, fails, NULL);
	check_made(deferred_of(defer_result_deferred(d)), __LINE__ - 2);
	check_made(deferred_tee(NULL), __LINE__);
	check_made(deferred_gather(in, 2, 0), __LINE__);
	check_made(deferred_list(in, 2, DEFERRED_LIST_ONE_ERRBACK), __LINE__);
	check_made(deferred_race(in, 2), __LINE__);
	co = coroutine_new(sizeof(*co), coroutine_fails, NULL);
	check_made(coroutine_start(co), __LINE__ - 1);
	check_made_by_lock(&lock);
	deferred_queue_init(&queue, 1, 0);
	check_made(deferred_queue_get(&queue), __LINE__);
	deferred_queue_put(&queue, probe_failure());
	check_made(deferred_queue_get(&queue), __LINE__);
	deferred_queue_init(&queue, 0, 1);
	d = deferred_queue_get(&queue);
	deferred_queue_close(&queue);
	check_made(d, __LINE__ - 2);
}

/*
 * What the ready hook has written of f, to be released here, when it returns:
 * a program that aborts next has told why.
 */
static const char *
printed(const struct defer_failure *f, const char *source)
{
	static char text[2000];
	FILE *file = tmpfile();
	ssize_t len = 0;

	if (CHECK(file != NULL)) {
		deferred_print_unhandled(file, f, source, 45);
		len = pread(fileno(file), text, sizeof(text) - 1, 0);
		fclose(file);
	}
	text[CHECK(len >= 0) ? len : 0] = '\0';
	defer_failure_release(f);
	return text;
}

static void
test_print(void)
{
	char long_name[1500];
	const char *text;
	size_t most;

	check_case("the ready hook prints a line");
	CHECK_STR(printed(defer_failure_new(&probe_failed, "as told"), "a.c"),
	    "unhandled failure of a deferred made at a.c:45: "
	    "failed: as told\n");
	CHECK_STR(printed(defer_failure_set_cause(
	    defer_failure_new(&probe_failed, "one"),
	    defer_failure_new(&probe_other, "two")), "a.c"),
	    "unhandled failure of a deferred made at a.c:45: "
	    "failed: one, because other: two\n");

	check_case("one line, whatever it is made of, of 1,000 bytes at most");
	CHECK_STR(printed(defer_failure_new(&probe_failed,
	    "\r\n\033[2J\177 \302\233 \303\234 ~"), "a.c"),
	    "unhandled failure of a deferred made at a.c:45: "
	    "failed: ???[2J? ?? \303\234 ~\n");
	memset(long_name, 'x', sizeof(long_name));
	for (most = 900; most <= 1400; most += most < 1000 ? 1 : 400) {
		long_name[most] = '\0';
		text = printed(defer_failure_new(&probe_failed, "%s",
		    long_name), "a.c");
		CHECK_INT(strlen(text), most + 57 < 1001 ? most + 57 : 1001);
		CHECK(strchr(text, '\n') == text + strlen(text) - 1);
		text = printed(defer_failure_new(&probe_failed, "as told"),
		    long_name);
		CHECK(strchr(text, '\n') == text + strlen(text) - 1);
		CHECK(strlen(text) <= 1001);
		long_name[most] = 'x';
	}
}

static void
test_failure(void)
{
	const struct defer_failure *f, *g;
	char text[64], small[8];

	check_case("kinds have parents, failures have causes");
	f = defer_failure_new(&probe_other, "number %d of %s", 5, "seven");
	CHECK_STR(f->message, "number 5 of seven");
	CHECK(defer_failure_is(f, &probe_other) &&
	    defer_failure_is(f, &probe_failed));
	CHECK(!defer_failure_is(f, &deferred_cancelled) &&
	    !defer_failure_is(NULL, NULL));
	g = defer_failure_set_cause(
	    defer_failure_new(&deferred_abandoned, "gone"), f);
	CHECK(!defer_failure_is(g, &probe_failed));
	CHECK(defer_failure_find(g, &probe_failed) == f);
	CHECK(defer_failure_find(g, &deferred_cancelled) == NULL);
	defer_failure_set_code(g, 404);
	CHECK_INT(g->code, 404);
	defer_failure_set_detail(g, probe_number(1));
	defer_failure_set_detail(g, probe_number(2));
	CHECK_INT(*(long *)g->detail.value, 2);

	check_case("descriptions are cut to size, and say how long they are");
	CHECK_INT(defer_failure_describe(g, text, sizeof(text)), 49);
	CHECK_STR(text, "abandoned: gone, because other: number 5 of seven");
	defer_failure_release(g);
	g = defer_failure_set_cause(defer_failure_new(&probe_failed, "a"),
	    defer_failure_new(&probe_failed, "b"));
	CHECK_INT(defer_failure_describe(g, small, sizeof(small)), 28);
	CHECK_STR(small, "failed:");
	CHECK_INT(defer_failure_describe(g, NULL, 0), 28);
	CHECK_INT(defer_failure_describe(NULL, text, sizeof(text)), 0);
	defer_failure_release(g);
	defer_failure_release(NULL);
}

static void
test_constant(void)
{
	static const struct defer_failure constant = {
		.kind = &probe_failed, .message = "always the same",
	};
	struct deferred *d;
	long made;

	check_case("a constant failure costs no memory and is never freed");
	d = probe_deferred();
	made = alloc_made();
	deferred_fire(d, defer_result_failure(&constant));
	deferred_release(d);
	CHECK_INT(alloc_made(), made);
	PROBE_SAYS(&defer_log, "failed ");

	check_case("without memory, that is the failure, and a constant");
	alloc_fail_at(0, 1);
	CHECK(
	    defer_failure_new(&probe_failed, "x") == &defer_failure_no_memory);
	alloc_fail_at(-1, 0);
	defer_failure_set_code(&defer_failure_no_memory, 3);
	defer_failure_set_cause(
	    &defer_failure_no_memory, defer_failure_new(&probe_other, "y"));
	defer_failure_set_detail(&defer_failure_no_memory, probe_number(1));
	CHECK(defer_failure_no_memory.cause == NULL &&
	    defer_failure_no_memory.code == 0);
}

static void
test_long_cause(void)
{
	const struct defer_failure *f = defer_failure_new(
	    &probe_failed, "first");
	int i;

	check_case("a row of 100,000 causes is freed without a stack");
	for (i = 0; i < 100000; i++)
		f = defer_failure_set_cause(
		    defer_failure_new(&probe_failed, "next"), f);
	defer_failure_release(f);
}

int
main(void)
{
	deferred_on_unhandled(unhandled, &defer_log);
	test_report();
	test_chained();
	test_places();
	test_print();
	test_failure();
	test_constant();
	test_long_cause();
	deferred_on_unhandled(NULL, NULL);
	deferred_release(deferred_of(probe_failure()));
	check_case("nothing is left");
	PROBE_SAYS(&defer_log, "");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
