/*
 * bin_crew_test.c - a crew, whose jobs end at once or some turns later: the
 * order of what comes out, how much is under way, and what is lost when each
 * allocation fails in turn.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/crew.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alloc.h"
#include "check.h"
#include "full_pipe.h"

enum { LINES = 200, ROOM = 4096 };

static const struct program test_program = { "test", "", "", "" };

/*
 * A job that waits for its turn; "2" waits two turns, "0" none.  Of those that
 * wait for one, "f" fails, "w" steps aside meanwhile, and "d" is dropped.
 */
struct task {
	struct crew_job *job;
	struct reactor_call call;
	int turns;
};

/* A crew and what it has written. */
struct world {
	struct crew crew;
	size_t under_way, most, asked;
	int fds[2];
	char out[ROOM];
};

static struct world *
world_of(struct crew *c)
{
	return (struct world *)((char *)c - offsetof(struct world, crew));
}

static void
task_end(struct task *t, const char *category)
{
	world_of(t->job->crew)->under_way--;
	record_add(&t->job->record, t->job->text, t->job->len);
	record_add(&t->job->record, "\n", 1);
	if (t->job->record.failed) {
		record_free(&t->job->record);
		category = "no-resources";
	}
	crew_done(t->job, category, category);
	free(t);
}

static void
task_turn(struct reactor_call *c)
{
	struct task *t = (struct task *)((char *)c -
	    offsetof(struct task, call));

	if (t->turns-- > 0) {
		reactor_call_soon(t->job->crew->reactor, c);
	} else if (t->job->text[0] == 'd') {
		world_of(t->job->crew)->under_way--;
		crew_drop(t->job);
		free(t);
	} else {
		crew_go(t->job);
		task_end(t, t->job->text[0] == 'f' ? "reset" : NULL);
	}
}

static enum deferred_cancelling
task_cancel(void *ctx, struct deferred *d)
{
	struct task *t = ctx;

	(void)d;
	reactor_cancel_call(&t->call);
	task_end(t, "reset");
	return DEFERRED_STOPPED;
}

static void
work(struct crew_job *job)
{
	struct world *w = world_of(job->crew);
	struct task *t = calloc(1, sizeof(*t));

	if (t != NULL)
		job->deferred = deferred_new(task_cancel, t);
	if (job->deferred == NULL) {
		free(t);
		crew_done(job, "no-resources", "no memory");
		return;
	}
	if (++w->under_way > w->most)
		w->most = w->under_way;
	t->job = job;
	t->turns = job->text[0] > '9' ? 1 : job->text[0] - '0';
	reactor_call_init(&t->call, task_turn);
	if (job->text[0] == 'w')
		crew_wait(job);
	if (t->turns == 0)
		task_end(t, NULL);
	else
		reactor_call_soon(job->crew->reactor, &t->call);
}

static void
world_begin(struct world *w, bool ordered)
{
	memset(w, 0, sizeof(*w));
	CHECK_INT(pipe(w->fds), 0);
	w->crew.program = &test_program;
	w->crew.concurrency = 3;
	w->crew.ordered = ordered;
	w->crew.work = work;
	CHECK_INT(reactor_new(&w->crew.reactor, NULL), 0);
}

static void
world_open(struct world *w, char **lines, bool ordered)
{
	world_begin(w, ordered);
	CHECK_INT(crew_begin(&w->crew, lines, w->fds[1]), 0);
}

/* Ends it; what it wrote is in w->out then. */
static void
world_close(struct world *w)
{
	ssize_t n;

	crew_end(&w->crew);
	reactor_free(w->crew.reactor);
	close(w->fds[1]);
	n = read(w->fds[0], w->out, ROOM - 1);
	w->out[n > 0 ? n : 0] = '\0';
	close(w->fds[0]);
	CHECK_INT(w->under_way, 0);
	CHECK_INT(alloc_live(), 0);
}

static void
test_order(void)
{
	char slow[] = "9 slow", quick[] = "0 quick ", soon[] = "1#soon";
	char *lines[] = { slow, quick, soon, NULL };
	struct world w;

	check_case("crew: records come as jobs end");
	world_open(&w, lines, false);
	CHECK_INT(reactor_run(w.crew.reactor), 0);
	world_close(&w);
	CHECK_STR(w.out, "0 quick \n1#soon\n9 slow\n");
	CHECK_INT(crew_status(&w.crew, ""), PROGRAM_OK);

	check_case("crew: records in the order of the input");
	world_open(&w, lines, true);
	CHECK_INT(reactor_run(w.crew.reactor), 0);
	world_close(&w);
	CHECK_STR(w.out, "9 slow\n0 quick \n1#soon\n");
}

static void
test_end(void)
{
	char slow[] = "9 slow", quick[] = "0 quick";
	char *lines[] = { slow, quick, NULL };
	struct world w;

	check_case("crew: what is under way is dropped, what is done written");
	world_open(&w, lines, true);
	for (int i = 0; i < 3; i++)
		CHECK_INT(reactor_iterate(w.crew.reactor, 0), 0);
	CHECK_INT(w.under_way, 1);
	world_close(&w);
	CHECK_STR(w.out, "0 quick\n");
	CHECK_INT(w.crew.progress.done, 1);
	CHECK_INT(w.crew.progress.failed, 0);
}

/* Another process, which reads a pipe to its end, and fails if there are not
 * as many bytes as expected. */
static pid_t
count_bytes(const int fds[2], size_t expected)
{
	static char piece[4096];
	size_t all = 0;
	ssize_t n;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	close(fds[1]);
	while ((n = read(fds[0], piece, sizeof(piece))) > 0)
		all += (size_t)n;
	_exit(all == expected ? 0 : 1);
}

/* Records that have waited for a slow reader are written before the end. */
static void
test_end_blocks(void)
{
	enum { LONG = 1 << 22 };
	char *text = calloc(1, LONG + 1), *lines[] = { text, NULL };
	struct world w;
	int status = -1;
	size_t full;
	pid_t pid;

	check_case("crew: its end waits until all is written");
	memset(text, '0', LONG);
	world_open(&w, lines, false);
	full = fill_pipe(w.fds[1]);
	for (int i = 0; i < 3; i++)
		CHECK_INT(reactor_iterate(w.crew.reactor, 0), 0);
	CHECK_INT(w.crew.progress.done, 1);
	drain(w.fds[0], NULL, full);
	pid = count_bytes(w.fds, LONG + 1);
	close(w.fds[0]);		/* all bytes are for that process */
	w.fds[0] = open("/dev/null", O_RDONLY);
	crew_end(&w.crew);
	free(text);
	world_close(&w);
	CHECK_INT(waitpid(pid, &status, 0), pid);
	CHECK_INT(status, 0);
}

/* The progress line does not stay behind what is said at the end. */
static void
test_end_of_progress(void)
{
	char slow[] = "9 slow", *lines[] = { slow, NULL };
	int standard_error = dup(STDERR_FILENO);
	FILE *errors = tmpfile();
	struct world w;
	char text[200];
	size_t n;

	check_case("crew: its progress line is wiped away at the end");
	dup2(fileno(errors), STDERR_FILENO);
	world_begin(&w, false);
	progress_begin(&w.crew.progress, w.crew.reactor, true);
	CHECK_INT(crew_begin(&w.crew, lines, w.fds[1]), 0);
	progress_changed(&w.crew.progress);
	while (lseek(fileno(errors), 0, SEEK_END) == 0)
		CHECK_INT(reactor_iterate(w.crew.reactor, -1), 0);
	world_close(&w);
	dup2(standard_error, STDERR_FILENO);
	close(standard_error);
	rewind(errors);
	n = fread(text, 1, sizeof(text) - 1, errors);
	text[n] = '\0';
	fclose(errors);
	CHECK(n > 4 && strcmp(text + n - 4, "\r\033[J") == 0);
}

/* Lines that come when all is over are left to whoever reads on. */
static void
test_late_input(void)
{
	char *none[] = { NULL };
	struct world w;
	int fds[2];

	check_case("crew: no input is taken after the end");
	CHECK_INT(pipe(fds), 0);
	world_begin(&w, false);
	w.crew.input_fd = fds[0];
	CHECK_INT(crew_begin(&w.crew, none, w.fds[1]), 0);
	CHECK_INT(write(fds[1], "0 a\n", 4), 4);
	for (int i = 0; i < 3; i++)
		CHECK_INT(reactor_iterate(w.crew.reactor, 0), 0);
	CHECK_INT(w.crew.progress.done, 1);
	crew_end(&w.crew);
	CHECK_INT(write(fds[1], "0 b\n", 4), 4);
	close(fds[1]);
	for (int i = 0; i < 3; i++)
		CHECK_INT(reactor_iterate(w.crew.reactor, 0), 0);
	world_close(&w);
	CHECK_STR(w.out, "0 a\n");
	CHECK_INT(read(fds[0], w.out, ROOM), 4);
	close(fds[0]);
}

static void
room(struct crew *c)
{
	world_of(c)->asked++;
}

static void
test_aside(void)
{
	static char text[LINES][8];
	static char *lines[LINES + 1];
	struct world w;

	check_case("crew: so many step aside, and no more are begun");
	for (int i = 0; i < LINES; i++) {
		snprintf(text[i], sizeof(text[i]), i % 4 ? "w" : "3");
		lines[i] = text[i];
	}
	for (int ordered = 0; ordered < 2; ordered++) {
		world_open(&w, lines, ordered);
		w.crew.ahead = 10;
		w.crew.room = room;
		CHECK_INT(reactor_run(w.crew.reactor), 0);
		world_close(&w);
		CHECK_INT(w.crew.progress.done, LINES);
		CHECK(w.most > 6);
		CHECK(w.most <= 3 + 11);
		CHECK(w.asked > 0);
		CHECK(!ordered || strncmp(w.out, "3\nw\nw\nw\n3\n", 10) == 0);
	}

	check_case("crew: places that others take");
	world_open(&w, lines, false);
	crew_take_place(&w.crew);
	crew_take_place(&w.crew);
	CHECK(crew_may_go(&w.crew));
	crew_take_place(&w.crew);
	for (int i = 0; i < 9; i++)
		CHECK_INT(reactor_iterate(w.crew.reactor, 0), 0);
	CHECK_INT(w.most, 0);
	crew_free_place(&w.crew);
	CHECK_INT(reactor_iterate(w.crew.reactor, 0), 0);
	CHECK_INT(w.most, 1);
	crew_end(&w.crew);
	crew_free_place(&w.crew);
	crew_free_place(&w.crew);
	world_close(&w);
}

static void
test_all_waiting(void)
{
	static char *aside[] = { "w", "w", NULL };
	static char *mixed[] = { "w", "3", NULL };
	struct world w;

	check_case("crew: how many wait, where nothing else is under way");
	world_open(&w, aside, false);
	w.crew.ahead = 10;
	CHECK_INT((long)crew_all_waiting(&w.crew), 0);
	CHECK_INT(reactor_iterate(w.crew.reactor, 0), 0);
	CHECK_INT((long)crew_all_waiting(&w.crew), 2);
	crew_take_place(&w.crew);
	CHECK_INT((long)crew_all_waiting(&w.crew), 0);
	crew_free_place(&w.crew);
	CHECK_INT((long)crew_all_waiting(&w.crew), 2);
	world_close(&w);
	world_open(&w, mixed, false);
	w.crew.ahead = 10;
	CHECK_INT(reactor_iterate(w.crew.reactor, 0), 0);
	CHECK_INT((long)crew_all_waiting(&w.crew), 0);
	world_close(&w);
}

static size_t
count_lines(const char *at)
{
	size_t n = 0;

	for (; (at = strchr(at, '\n')) != NULL; at++)
		n++;
	return n;
}

static void
test_room(void)
{
	static char text[LINES][8];
	static char *lines[LINES + 1];
	struct world w;

	check_case("crew: no more than the concurrency is under way");
	for (int i = 0; i < LINES; i++) {
		snprintf(text[i], sizeof(text[i]), "%d", i * 7 % 5);
		lines[i] = text[i];
	}
	world_open(&w, lines, false);
	CHECK_INT(reactor_run(w.crew.reactor), 0);
	world_close(&w);
	CHECK_INT(w.most, 3);
	CHECK_INT(w.crew.progress.done, LINES);
	CHECK_INT(count_lines(w.out), LINES);
}

/* Jobs are used again, but not for texts or records longer than usual. */
static void
test_again(void)
{
	static const size_t lens[] = { 3, 128, 1, 129, 5, 2100, 2, 128, 4 };
	enum { COUNT = sizeof(lens) / sizeof(lens[0]) };
	static char text[COUNT][2200], want[ROOM];
	char *lines[COUNT + 1] = { NULL };
	struct world w;

	check_case("crew: long and short lines, one after the other");
	for (size_t i = 0; i < COUNT; i++) {
		memset(text[i], 'a' + (int)i, lens[i]);
		text[i][0] = (char)('0' + i % 2);
		lines[i] = text[i];
		strcat(strcat(want, text[i]), "\n");
	}
	world_open(&w, lines, false);
	w.crew.concurrency = 1;
	CHECK_INT(reactor_run(w.crew.reactor), 0);
	world_close(&w);
	CHECK_STR(w.out, want);
}

/* More than the output gathers, while nobody reads: it waits, all comes. */
static void
test_slow_reader(void)
{
	enum { COUNT = 12, LONG = 1000 };
	static char text[COUNT][LONG + 1], got[COUNT * (LONG + 1) + 1];
	char *lines[COUNT + 1] = { NULL };
	struct world w;
	size_t full;

	check_case("crew: a reader that is slow");
	for (size_t i = 0; i < COUNT; i++) {
		memset(text[i], '1', LONG);
		lines[i] = text[i];
	}
	world_open(&w, lines, false);
	full = fill_pipe(w.fds[1]);
	for (int i = 0; i < 200; i++)
		CHECK_INT(reactor_iterate(w.crew.reactor, 0), 0);
	CHECK_INT(w.under_way, 0);
	CHECK(!output_is_flushed(&w.crew.output));
	drain(w.fds[0], NULL, full);
	CHECK_INT(reactor_run(w.crew.reactor), 0);
	drain(w.fds[0], got, sizeof(got) - 1);
	CHECK_INT(count_lines(got), COUNT);
	world_close(&w);
	CHECK_STR(w.out, "");
}

static void
test_memory(void)
{
	char a[] = "1 a", b[] = "0 b", c[] = "2 c", d[] = "1 d";
	char *lines[] = { a, b, c, d, NULL };
	int failed = 1, lost = 0, standard_error = dup(STDERR_FILENO);
	int nowhere = open("/dev/null", O_WRONLY);
	struct world w;
	long n;

	check_case("crew: a line that there is no memory for fails alone");
	dup2(nowhere, STDERR_FILENO);
	for (n = 0; failed; n++) {
		alloc_fail_at(-1, 0);
		world_open(&w, lines, false);
		alloc_fail_at(n, 0);
		CHECK_INT(reactor_run(w.crew.reactor), 0);
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		world_close(&w);
		CHECK_INT(w.crew.error, 0);
		CHECK_INT(w.crew.progress.done, 4);
		CHECK_INT(count_lines(w.out), 4 - w.crew.progress.failed);
		CHECK(w.crew.progress.failed <= 1);
		lost += (int)w.crew.progress.failed;
	}
	dup2(standard_error, STDERR_FILENO);
	close(standard_error);
	close(nowhere);
	CHECK(lost >= 12);
	CHECK_INT(w.crew.progress.failed, 0);
}

/* A third job, alone, after two that end in these ways. */
static void
third_job(const char *first, const char *second, bool ordered)
{
	char a[20], b[20], third[] = "1 third";
	char *lines[] = { a, b, third, NULL };
	int dropped = (first[0] == 'd') + (second[0] == 'd');
	int failed = (first[0] == 'f') + (second[0] == 'f');
	struct world w;

	snprintf(a, sizeof(a), "%s", first);
	snprintf(b, sizeof(b), "%s", second);
	world_open(&w, lines, ordered);
	w.crew.concurrency = 1;
	CHECK_INT(reactor_run(w.crew.reactor), 0);
	CHECK_INT(w.crew.jobs, 0);
	CHECK_INT(w.crew.waiting, 0);
	CHECK_INT(w.crew.held, 0);
	world_close(&w);
	CHECK(strstr(w.out, "1 third\n") != NULL);
	CHECK_INT(count_lines(w.out), 3 - dropped);
	CHECK_INT(w.crew.progress.done, 3 - dropped);
	CHECK_INT(w.crew.progress.failed, failed);
	CHECK_INT(w.crew.progress.running, 0);
	CHECK(w.most <= 2);
}

static void
test_third(void)
{
	static const char *const ways[] = { "0 at once", "3 later",
	    "f fails", "w steps aside", "d is dropped" };
	enum { WAYS = sizeof(ways) / sizeof(*ways) };
	int standard_error = dup(STDERR_FILENO);
	int nowhere = open("/dev/null", O_WRONLY);

	check_case("crew: a third job after each two ways to end");
	dup2(nowhere, STDERR_FILENO);
	for (int i = 0; i < WAYS * WAYS; i++) {
		third_job(ways[i / WAYS], ways[i % WAYS], false);
		third_job(ways[i / WAYS], ways[i % WAYS], true);
	}
	dup2(standard_error, STDERR_FILENO);
	close(standard_error);
	close(nowhere);
}

int
main(void)
{
	test_order();
	test_end();
	test_end_blocks();
	test_end_of_progress();
	test_late_input();
	test_room();
	test_aside();
	test_all_waiting();
	test_again();
	test_slow_reader();
	test_memory();
	test_third();
	return check_done();
}
