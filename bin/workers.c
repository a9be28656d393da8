/*
 * workers.c - deals jobs to processes, and takes their answers.
 *
 * A process has three pipes: what it is asked, what it answers, and its
 * standard error, which is printed here, so that it never mixes with the
 * progress line.  That it has died is told by the end of its answers.  That
 * we have died is told to it by the end of what it is asked.  One that stands
 * still, be it stopped or in an endless loop, says nothing: so it is asked.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "workers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../reactor/watch.h"
#include "../reactor/words.h"
#include "inflight.h"
#include "shard.h"

/* A place is given up after so many deaths between which it ended no URL. */
enum { WORKERS_DEATHS = 3 };

/*
 * So often within the time for which it may be silent it is seen whether a
 * worker is: not only once, since that time has passed at once for all of
 * them when a shell had stopped us together, and lets us go on.
 */
enum { WORKERS_CHECKS = 3 };

/* The limits of that time, in ns. */
static const uint64_t workers_least_silence_ns = 5000000000;
static const uint64_t workers_most_silence_ns = 30000000000;

/* What is added for each process to the numbers of its connections. */
enum { WORKERS_CONNECTIONS = 1000000000 };

/* What is printed of a line of standard error before it is complete. */
enum { WORKERS_LINE = 65536 };

/* A job at a worker, or waiting for it. */
struct workers_task {
	struct reactor_list link;
	struct crew_job *job;
	bool suspect;			/* a worker has died with it */
};

/* Which of its pipes: their numbers in the worker, too. */
enum {
	WORKERS_ASK, WORKERS_ANSWER, WORKERS_ERRORS, WORKERS_PIPES
};

/* A process, and our ends of its pipes. */
struct workers_process {
	struct workers_one *one;
	pid_t pid;
	size_t number;			/* among all that were begun, from 1 */
	int silent;			/* checks since it said something */
	struct workers_line {
		struct reactor_watch watch;
		struct workers_process *process;
		int fd;
		bool open;
	} lines[WORKERS_PIPES];
	int watched;			/* lines not yet `closed` */
	struct wire_reader reader;
	struct record asks;		/* not yet sent */
	struct record errors;		/* a line not yet complete */
};

/* The place of a worker, which one process after the other may have. */
struct workers_one {
	struct workers *workers;
	struct workers_process *process;	/* or NULL */
	bool given_up;
	int deaths;			/* since a URL was ended */
	size_t busy;			/* tasks under way */
	struct workers_task **tasks;	/* by their id; NULL: free */
	struct reactor_list suspects;	/* to be done one by one, first */
	struct reactor_list queue;
};

static void workers_died(struct workers_process *, const char *);

/* ---- lines of standard error ---- */

/* Prints whole lines; or, at the end, all there is. */
static void
workers_print_errors(struct workers_process *p, bool ended)
{
	struct record *e = &p->errors, lines;
	size_t len = e->len;

	if (ended && len > 0 && e->at[len - 1] != '\n')
		record_add(e, "\n", 1);
	for (len = e->len; len > 0 && e->at[len - 1] != '\n'; len--)
		;
	if (len == 0 && e->len > WORKERS_LINE)
		len = e->len;
	if (len == 0)
		return;
	progress_wipe(&p->one->workers->crew->progress);
	lines = *e;
	lines.len = len;
	(void)record_write(&lines, STDERR_FILENO);
	e->len -= len;
	memmove(e->at, e->at + len, e->len);
}

/* Reads and prints a piece: its length, 0 at the end, or a negative errno. */
static ssize_t
workers_read_errors(struct workers_process *p)
{
	char piece[4096];
	ssize_t n = read(p->lines[WORKERS_ERRORS].fd, piece, sizeof(piece));

	if (n < 0)
		return -errno;
	record_add(&p->errors, piece, (size_t)n);
	p->errors.failed = false;
	workers_print_errors(p, n == 0);
	return n;
}

/* ---- the pipes ---- */

/* Frees a process whose lines are all closed. */
static void
workers_line_closed(struct reactor_watch *w)
{
	struct workers_process *p = reactor_container_of(
	    w, struct workers_line, watch)->process;

	if (--p->watched > 0)
		return;
	wire_free(&p->reader);
	record_free(&p->asks);
	record_free(&p->errors);
	free(p);
}

/* Closes our end of a pipe; the watch's memory is used until the reap. */
static void
workers_hang_up(struct workers_line *line)
{
	if (!line->open)
		return;
	line->open = false;
	reactor_watch_release(&line->watch);
	close(line->fd);
}

/* Sends what there is to ask, as far as the pipe takes it. */
static void
workers_send(struct workers_process *p)
{
	struct workers_line *line = &p->lines[WORKERS_ASK];
	ssize_t n = 0;

	if (!line->open)
		return;
	if (p->asks.len > 0)
		n = write(line->fd, p->asks.at, p->asks.len);
	/* That the worker is gone is told by the end of its answers. */
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		n = (ssize_t)p->asks.len;
	if (n > 0) {
		p->asks.len -= (size_t)n;
		memmove(p->asks.at, p->asks.at + n, p->asks.len);
	}
	reactor_watch_want(&line->watch,
	    p->asks.len > 0 ? POLLER_WRITE : 0);
}

static void
workers_writable(struct reactor_watch *w)
{
	workers_send(reactor_container_of(
	    w, struct workers_line, watch)->process);
}

static void
workers_answers_readable(struct workers_process *p)
{
	char piece[16384];
	ssize_t n;
	int error;

	/* What it has said before the answer is printed before it. */
	if (p->lines[WORKERS_ERRORS].open)
		(void)workers_read_errors(p);
	n = read(p->lines[WORKERS_ANSWER].fd, piece, sizeof(piece));
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	p->silent = 0;
	error = n > 0 ? wire_feed(&p->reader, piece, (size_t)n) : 0;
	if (n <= 0)
		workers_died(p, NULL);
	else if (error != 0)
		workers_died(p, error == -ENOMEM ? reactor_strerror(error) :
		    "it has sent what is no answer");
}

static void
workers_readable(struct reactor_watch *w)
{
	struct workers_line *line = reactor_container_of(
	    w, struct workers_line, watch);
	struct workers_process *p = line->process;

	if (line == &p->lines[WORKERS_ANSWER])
		workers_answers_readable(p);
	else if (workers_read_errors(p) == 0)
		workers_hang_up(line);
}

static void
workers_line_failed(struct reactor_watch *w, int error)
{
	struct workers_process *p = reactor_container_of(
	    w, struct workers_line, watch)->process;

	workers_died(p, reactor_strerror(error));
}

static const struct reactor_watch_ops workers_line_ops = {
	.readable = workers_readable,
	.writable = workers_writable,
	.failed = workers_line_failed,
	.closed = workers_line_closed,
};

/* ---- a process ---- */

/* In the new process: keeps nothing of the others, and serves. */
static _Noreturn void
workers_be_one(struct workers *w, const int ends[WORKERS_PIPES],
    const sigset_t *mask)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction usual = { .sa_handler = SIG_DFL };

	/* Both handlers would write to a pipe that we share with scraper. */
	sigemptyset(&ignore.sa_mask);
	sigemptyset(&usual.sa_mask);
	sigaction(SIGINT, &ignore, NULL);
	sigaction(SIGTERM, &ignore, NULL);
	sigaction(SIGPIPE, &usual, NULL);
	inflight_ignore_signals();
	sigprocmask(SIG_SETMASK, mask, NULL);
	for (size_t i = 0; i < w->count; i++)
		for (int k = 0; w->all[i].process != NULL &&
		    k < WORKERS_PIPES; k++)
			if (w->all[i].process->lines[k].open)
				close(w->all[i].process->lines[k].fd);
	for (int k = 0; k < WORKERS_PIPES; k++) {
		dup2(ends[k], k);
		close(ends[k]);
	}
	w->serve(w);
	_exit(EXIT_FAILURE);
}

/* Opens the three pipes: ours and the worker's ends.  0 or an errno. */
static int
workers_open_pipes(int ours[WORKERS_PIPES], int ends[WORKERS_PIPES])
{
	int pair[2];

	for (int k = 0; k < WORKERS_PIPES; k++) {
		if (pipe(pair) != 0) {
			int error = -errno;

			while (k-- > 0) {
				close(ours[k]);
				close(ends[k]);
			}
			return error;
		}
		ours[k] = pair[k == WORKERS_ASK];
		ends[k] = pair[k != WORKERS_ASK];
		(void)fcntl(ours[k], F_SETFD, FD_CLOEXEC);
		(void)fcntl(ours[k], F_SETFL, O_NONBLOCK);
	}
	return 0;
}

/* Watches our ends of a new process. */
static void
workers_watch(struct workers_process *p, const int ours[WORKERS_PIPES])
{
	struct reactor *r = p->one->workers->crew->reactor;

	for (int k = 0; k < WORKERS_PIPES; k++) {
		struct workers_line *line = &p->lines[k];

		line->process = p;
		line->fd = ours[k];
		line->open = true;
		reactor_watch_init(&line->watch, r, line->fd,
		    &workers_line_ops);
		if (k != WORKERS_ASK)
			reactor_watch_want(&line->watch, POLLER_READ);
	}
	p->watched = WORKERS_PIPES;
}

/*
 * Forks.  No signal may come to the new process before it has put away our
 * handlers, which would tell us of it as if it were ours.
 */
static pid_t
workers_fork(struct workers_process *p, const int ends[WORKERS_PIPES])
{
	sigset_t all, mask;
	pid_t pid;
	int error;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	pid = fork();
	error = errno;
	if (pid == 0)
		workers_be_one(p->one->workers, ends, &mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	for (int k = 0; k < WORKERS_PIPES; k++)
		close(ends[k]);
	return pid < 0 ? -error : pid;
}

static void workers_received(struct wire_reader *,
    const struct wire_message *, struct record *);
static void workers_requested(struct wire_reader *,
    const struct http_journal_entry *);

/* Begins a process for a place: 0 or an errno. */
static int
workers_start(struct workers_one *one)
{
	struct workers_process *p = calloc(1, sizeof(*p));
	int ours[WORKERS_PIPES], ends[WORKERS_PIPES], error;

	if (p == NULL)
		return -ENOMEM;
	p->one = one;
	p->number = ++one->workers->processes;
	p->reader.message = workers_received;
	if (one->workers->journal != NULL)
		p->reader.request = workers_requested;
	error = workers_open_pipes(ours, ends);
	if (error != 0) {
		free(p);
		return error;
	}
	one->process = p;
	workers_watch(p, ours);
	p->pid = workers_fork(p, ends);
	if (p->pid > 0)
		return 0;
	error = (int)p->pid;
	one->process = NULL;
	for (int k = 0; k < WORKERS_PIPES; k++)
		workers_hang_up(&p->lines[k]);
	return error;
}

/* Waits for the end of a process, and says what it was; true if all is well. */
static bool
workers_reap(pid_t pid, char *text, size_t room)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status))
		snprintf(text, room, "killed by signal %d", WTERMSIG(status));
	else
		snprintf(text, room, "exit status %d", WEXITSTATUS(status));
	return status == 0;
}

/* ---- what is to be done ---- */

/* The place that a job is dealt to, or the next one that is not given up. */
static struct workers_one *
workers_deal(struct workers *w, const struct crew_job *job)
{
	uint64_t hash = 0;
	size_t i, first;

	/* Other bits than those that --shard has divided the list by. */
	(void)shard_hash(&hash, job->text, job->len);
	first = (size_t)((hash >> 32) % w->count);
	for (i = first; w->all[i].given_up; ) {
		i = (i + 1) % w->count;
		if (i == first)
			return NULL;
	}
	return &w->all[i];
}

/* Ends a job without an answer. */
static void
workers_fail(struct workers *w, struct workers_task *t, const char *why)
{
	struct crew_job *job = t->job;

	free(t);
	w->failed(w, job, why);
}

/* Puts a task to a place where it waits for its turn. */
static void
workers_queue(struct workers *w, struct workers_task *t)
{
	struct workers_one *one = workers_deal(w, t->job);

	if (one == NULL) {
		workers_fail(w, t, "no worker process can be started");
		return;
	}
	crew_wait(t->job);
	reactor_list_append(t->suspect ? &one->suspects : &one->queue,
	    &t->link);
	reactor_call_soon(w->crew->reactor, &w->step);
}

void
workers_work(struct workers *w, struct crew_job *job)
{
	struct workers_task *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		w->failed(w, job, reactor_strerror(-ENOMEM));
		return;
	}
	t->job = job;
	workers_queue(w, t);
}

/* The task that a place is to do next, or NULL while there is none. */
static struct workers_task *
workers_next(struct workers_one *one)
{
	struct reactor_list *l = NULL;

	if (!crew_may_go(one->workers->crew))
		return NULL;
	if (!reactor_list_is_empty(&one->suspects))
		l = one->busy == 0 ?
		    reactor_list_take_first(&one->suspects) : NULL;
	else if (one->busy < one->workers->each &&
	    (one->busy != 1 || !one->tasks[0] || !one->tasks[0]->suspect))
		l = reactor_list_take_first(&one->queue);
	return l == NULL ? NULL :
	    reactor_container_of(l, struct workers_task, link);
}

/* Asks a worker to do a task. */
static void
workers_ask(struct workers_one *one, struct workers_task *t)
{
	struct record text = { .at = t->job->text, .len = t->job->len };
	struct wire_message m = { .head = { .kind = WIRE_URL },
	    .text = &text };

	while (one->tasks[m.head.id] != NULL)
		m.head.id++;
	one->tasks[m.head.id] = t;
	one->busy++;
	crew_go(t->job);
	wire_add(&one->process->asks, &m);
}

/* No process can be had for this place: the others do its tasks. */
static void
workers_give_up(struct workers_one *one)
{
	struct reactor_list *l;

	one->given_up = true;
	while ((l = reactor_list_take_first(&one->suspects)) != NULL ||
	    (l = reactor_list_take_first(&one->queue)) != NULL)
		workers_queue(one->workers, reactor_container_of(
		    l, struct workers_task, link));
}

/* Tells something of a process on standard error. */
static void
workers_tell(struct workers *w, pid_t pid, const char *what)
{
	char name[64];

	snprintf(name, sizeof(name), "worker %ld", (long)pid);
	progress_wipe(&w->crew->progress);
	program_warn(w->crew->program, name, what);
}

/* Begins a process for a place where something waits for one. */
static void
workers_fill(struct workers_one *one)
{
	struct workers *w = one->workers;
	int error;

	if (reactor_list_is_empty(&one->suspects) &&
	    reactor_list_is_empty(&one->queue))
		return;
	error = workers_start(one);
	if (error == 0 && w->verbose)
		workers_tell(w, one->process->pid, "begun");
	if (error == 0)
		return;
	progress_wipe(&w->crew->progress);
	program_warn(w->crew->program, "a worker process",
	    reactor_strerror(error));
	workers_give_up(one);
}

/* Gives a worker what it may do. */
static void
workers_employ(struct workers_one *one)
{
	struct workers_task *t;

	if (one->process == NULL && !one->given_up)
		workers_fill(one);
	if (one->process == NULL)
		return;
	while ((t = workers_next(one)) != NULL)
		workers_ask(one, t);
	if (one->process->asks.failed)
		workers_died(one->process, reactor_strerror(-ENOMEM));
	else
		workers_send(one->process);
}

static void
workers_step(struct reactor_call *call)
{
	struct workers *w = reactor_container_of(call, struct workers, step);

	for (size_t i = 0; i < w->count; i++)
		workers_employ(&w->all[i]);
}

/* ---- what comes of it ---- */

static void
workers_received(struct wire_reader *r, const struct wire_message *m,
    struct record *text)
{
	struct workers_process *p = reactor_container_of(
	    r, struct workers_process, reader);
	struct workers_one *one = p->one;
	struct workers_task *t = NULL;
	struct crew_job *job;

	if (m->head.kind == WIRE_DONE && m->head.id < one->workers->each)
		t = one->tasks[m->head.id];
	if (t == NULL)
		return;		/* of a job that it was never asked to do */
	one->tasks[m->head.id] = NULL;
	one->busy--;
	one->deaths = 0;
	job = t->job;
	free(t);
	reactor_call_soon(one->workers->crew->reactor, &one->workers->step);
	one->workers->answered(one->workers, job, m, text);
}

static void
workers_requested(struct wire_reader *r, const struct http_journal_entry *e)
{
	const struct workers_process *p = reactor_container_of(
	    r, struct workers_process, reader);
	struct http_journal *journal = p->one->workers->journal;
	struct http_journal_entry mine = *e;

	/* Each process counts its connections from 1. */
	if (mine.connection != 0)
		mine.connection += (uint64_t)p->number * WORKERS_CONNECTIONS;
	journal->told(journal, &mine);
}

/* Has what was under way done again, or given up; returns how many. */
static size_t
workers_suspect(struct workers_one *one)
{
	struct workers *w = one->workers;
	size_t again = 0;

	for (size_t i = 0; i < w->each; i++) {
		struct workers_task *t = one->tasks[i];

		if (t == NULL)
			continue;
		one->tasks[i] = NULL;
		one->busy--;
		if (t->suspect) {
			one->deaths = 0;
			workers_fail(w, t, "two workers have died with it");
			continue;
		}
		t->suspect = true;
		again++;
		workers_queue(w, t);
	}
	return again;
}

/* Ends what is left of a process, and says how it has died, as above. */
static bool
workers_bury(struct workers_process *p, char *how, size_t room)
{
	bool well;

	kill(p->pid, SIGKILL);
	well = workers_reap(p->pid, how, room);
	while (p->lines[WORKERS_ERRORS].open && workers_read_errors(p) > 0)
		;
	workers_print_errors(p, true);
	for (int k = 0; k < WORKERS_PIPES; k++)
		workers_hang_up(&p->lines[k]);
	p->one->process = NULL;
	return well;
}

/* A process has died, or is made to: `why` is known then. */
static void
workers_died(struct workers_process *p, const char *why)
{
	struct workers_one *one = p->one;
	char how[64], what[256];
	size_t again;
	bool well = workers_bury(p, how, sizeof(how)) && why == NULL;

	if (why == NULL)
		why = how;
	if (one->workers->closing) {
		if (!well)
			workers_tell(one->workers, p->pid, why);
		return;
	}
	one->deaths++;
	again = workers_suspect(one);
	if (one->deaths >= WORKERS_DEATHS)
		workers_give_up(one);
	snprintf(what, sizeof(what), "has died (%s), %zu URLs are begun again",
	    why, again);
	workers_tell(one->workers, p->pid, what);
	reactor_call_soon(one->workers->crew->reactor, &one->workers->step);
}

/* ---- whether it lives ---- */

static void
workers_check_one(struct workers_one *one)
{
	struct workers_process *p = one->process;

	if (p == NULL)
		return;
	if (one->busy == 0) {
		p->silent = 0;
	} else if (p->silent == WORKERS_CHECKS) {
		workers_died(p, "it does not answer");
	} else if (p->silent++ == 0) {
		wire_add(&p->asks, &(struct wire_message){
		    .head = { .kind = WIRE_PING } });
		workers_send(p);
	}
}

static void
workers_check(struct reactor_timer *t)
{
	struct workers *w = reactor_container_of(t, struct workers, check);

	for (size_t i = 0; i < w->count; i++)
		workers_check_one(&w->all[i]);
	reactor_call_later(w->crew->reactor, t,
	    w->silence_ns / WORKERS_CHECKS, workers_check);
}

/* ---- from beginning to end ---- */

int
workers_open(struct workers *w)
{
	w->all = calloc(w->count, sizeof(*w->all));
	if (w->all == NULL)
		return -ENOMEM;
	if (w->silence_ns < workers_least_silence_ns)
		w->silence_ns = workers_least_silence_ns;
	if (w->silence_ns > workers_most_silence_ns)
		w->silence_ns = workers_most_silence_ns;
	reactor_call_init(&w->step, workers_step);
	for (size_t i = 0; i < w->count; i++) {
		struct workers_one *one = &w->all[i];

		one->workers = w;
		reactor_list_init(&one->suspects);
		reactor_list_init(&one->queue);
		one->tasks = calloc(w->each, sizeof(struct workers_task *));
		if (one->tasks != NULL)
			continue;
		while (i-- > 0)
			free(w->all[i].tasks);
		free(w->all);
		w->all = NULL;
		return -ENOMEM;
	}
	reactor_call_later(w->crew->reactor, &w->check,
	    w->silence_ns / WORKERS_CHECKS, workers_check);
	return 0;
}

void
workers_look(const struct workers *w)
{
	for (size_t i = 0; i < w->count; i++) {
		struct workers_process *p = w->all[i].process;

		if (p == NULL)
			continue;
		wire_add(&p->asks, &(struct wire_message){
		    .head = { .kind = WIRE_LOOK } });
		workers_send(p);
	}
}

static void
workers_drop(struct workers_task *t)
{
	crew_drop(t->job);
	free(t);
}

void
workers_stop(struct workers *w)
{
	struct reactor_list *l;

	if (w->all == NULL)
		return;
	for (size_t i = 0; i < w->count; i++)
		while ((l = reactor_list_take_first(
		    &w->all[i].suspects)) != NULL ||
		    (l = reactor_list_take_first(&w->all[i].queue)) != NULL)
			workers_drop(reactor_container_of(
			    l, struct workers_task, link));
}

/* Whether a process is still there. */
static bool
workers_live(const struct workers *w)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->all[i].process != NULL)
			return true;
	return false;
}

/* Those that are still there have had time enough to end. */
static void
workers_overdue(struct reactor_timer *t)
{
	const struct workers *w = reactor_container_of(
	    t, struct workers, check);

	for (size_t i = 0; i < w->count; i++)
		if (w->all[i].process != NULL)
			workers_died(w->all[i].process, "it does not end");
}

/* Hears all processes out, and waits for their ends. */
static void
workers_dismiss(struct workers *w)
{
	struct reactor *r = w->crew->reactor;
	int error = 0;

	w->closing = true;
	for (size_t i = 0; i < w->count; i++)
		if (w->all[i].process != NULL)
			workers_hang_up(
			    &w->all[i].process->lines[WORKERS_ASK]);
	reactor_call_later(r, &w->check, w->silence_ns, workers_overdue);
	while (workers_live(w) && error == 0)
		error = reactor_iterate(r, -1);
	workers_overdue(&w->check);
	reactor_cancel_timer(&w->check);
}

void
workers_close(struct workers *w)
{
	if (w->all == NULL)
		return;
	workers_stop(w);
	reactor_cancel_call(&w->step);
	for (size_t i = 0; i < w->count; i++) {
		struct workers_one *one = &w->all[i];

		for (size_t k = 0; k < w->each; k++) {
			if (one->tasks[k] != NULL)
				workers_drop(one->tasks[k]);
			one->tasks[k] = NULL;
		}
	}
	workers_dismiss(w);
	for (size_t i = 0; i < w->count; i++)
		free(w->all[i].tasks);
	free(w->all);
	w->all = NULL;
}
