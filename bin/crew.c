/*
 * crew.c - lines in, jobs, records out.
 *
 * When a job ends, a line comes or the output is writable, crew_step is asked
 * for, which the loop calls once in a turn: it writes what is finished, takes
 * new lines, and notices the end.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "crew.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../reactor/words.h"

/* No job is begun while there are as many as this times the concurrency. */
enum { CREW_AHEAD = 16 };

/* Nor while records of so many bytes stand in line. */
enum { CREW_HELD = 4194304 };

/* A job is kept for another line if its text and its record have room for no
 * more than so many bytes: those of nearly all jobs. */
enum { CREW_TEXT = 128, CREW_RECORD = 4096 };

/* ---- jobs ---- */

/*
 * A job for a text, all zero but for its memory.  Many end in one turn before
 * the next begin: too many for what malloc has at hand.
 */
static struct crew_job *
crew_new_job(struct crew *c, size_t len)
{
	struct reactor_list *spare = len <= CREW_TEXT ?
	    reactor_list_take_first(&c->spare) : NULL;
	struct record record = { .at = NULL };
	struct crew_job *job;

	if (spare != NULL) {
		job = reactor_container_of(spare, struct crew_job, link);
		record = job->record;
		record.len = 0;
		record.failed = false;
	} else {
		job = malloc(sizeof(*job) + (len < CREW_TEXT ? CREW_TEXT :
		    len));
	}
	if (job != NULL)
		*job = (struct crew_job){
			.crew = c, .record = record, .len = len,
		};
	return job;
}

static void
crew_destroy_job(struct crew_job *job)
{
	record_free(&job->record);
	free(job);
}

/* A job is over: it is kept, or freed. */
static void
crew_free_job(struct crew_job *job)
{
	struct crew *c = job->crew;

	c->jobs--;
	c->held -= job->held;
	reactor_list_remove(&job->link);
	deferred_release(job->deferred);
	if (!c->ended && job->len <= CREW_TEXT &&
	    job->record.room <= CREW_RECORD)
		reactor_list_append(&c->spare, &job->link);
	else
		crew_destroy_job(job);
}

/* Frees the jobs that are kept. */
static void
crew_free_spare(struct crew *c)
{
	struct reactor_list *l;

	while ((l = reactor_list_take_first(&c->spare)) != NULL)
		crew_destroy_job(reactor_container_of(
		    l, struct crew_job, link));
}

/* ---- what comes out ---- */

/* Counts one that has ended, and prints its failure, if it is one. */
static void
crew_count(struct crew *c, const char *text, size_t len, const char *category,
    const char *what)
{
	c->progress.done++;
	progress_changed(&c->progress);
	if (category == NULL)
		return;
	c->progress.failed++;
	progress_wipe(&c->progress);
	program_fail(c->program, text, len, category, what);
}

const char crew_cut_detail[] = "the line is too long";

void
crew_done(struct crew_job *job, const char *category, const char *what)
{
	struct crew *c = job->crew;

	crew_go(job);
	job->finished = true;
	c->progress.running--;
	if (!c->ordered) {
		reactor_list_remove(&job->link);
		reactor_list_append(&c->line, &job->link);
	}
	if (c->ended)
		record_free(&job->record);
	else
		crew_count(c, job->text, job->len, category, what);
	job->held = job->record.len;
	c->held += job->held;
	reactor_call_soon(c->reactor, &c->step);
}

void
crew_drop(struct crew_job *job)
{
	struct crew *c = job->crew;

	crew_go(job);
	c->progress.running--;
	c->progress.total -= c->progress.total > 0;
	reactor_call_soon(c->reactor, &c->step);
	crew_free_job(job);
}

/* Hands a record over and frees its job; false if that has to wait. */
static bool
crew_put(struct crew *c, struct crew_job *job)
{
	int error = 0;

	if (c->error == 0) {
		progress_wipe(&c->progress);
		error = output_write(&c->output, &job->record);
	}
	if (error == -EAGAIN)
		return false;
	if (error != 0)
		c->error = error;
	crew_free_job(job);
	return true;
}

/* Writes and frees the jobs at the head of the line that are finished. */
static void
crew_write(struct crew *c)
{
	int error;

	while (!reactor_list_is_empty(&c->line)) {
		struct crew_job *job = reactor_container_of(
		    c->line.next, struct crew_job, link);

		if (!job->finished)
			break;
		if (!crew_put(c, job))
			return;
	}
	error = c->error == 0 ? output_flush(&c->output) : 0;
	if (error != -EAGAIN && error != 0)
		c->error = error;
}

void
crew_say(struct crew *c, struct record *record)
{
	/* One of the line may be half written. */
	if (!record->failed && reactor_list_is_empty(&c->line))
		(void)output_write(&c->output, record);
	record_free(record);
	reactor_call_soon(c->reactor, &c->step);
}

static void
crew_writable(struct output *o)
{
	struct crew *c = reactor_container_of(o, struct crew, output);

	reactor_call_soon(c->reactor, &c->step);
}

/* ---- what steps aside ---- */

void
crew_wait(struct crew_job *job)
{
	if (job->waiting)
		return;
	job->waiting = true;
	job->crew->waiting++;
	job->crew->progress.running--;
	reactor_call_soon(job->crew->reactor, &job->crew->step);
}

void
crew_go(struct crew_job *job)
{
	if (!job->waiting)
		return;
	job->waiting = false;
	job->crew->waiting--;
	job->crew->progress.running++;
}

bool
crew_may_go(const struct crew *c)
{
	return c->progress.running + c->places < c->concurrency;
}

size_t
crew_all_waiting(const struct crew *c)
{
	return c->progress.running + c->places == 0 ? c->waiting : 0;
}

void
crew_take_place(struct crew *c)
{
	c->places++;
}

void
crew_free_place(struct crew *c)
{
	c->places--;
	if (!c->ended)
		reactor_call_soon(c->reactor, &c->step);
}

/* ---- what comes in ---- */

/* Whether another job may be begun. */
static bool
crew_has_room(const struct crew *c)
{
	return crew_may_go(c) && c->waiting <= c->ahead &&
	    c->jobs < c->concurrency * CREW_AHEAD && c->held < CREW_HELD;
}

/* Begins a job for a line, or the beginning of one; false without memory. */
static bool
crew_start(struct crew *c, uint32_t id, const char *at, size_t len, bool cut)
{
	struct crew_job *job = crew_new_job(c, len);

	if (job == NULL)
		return false;
	job->id = id;
	job->cut = cut;
	memcpy(job->text, at, len);
	c->jobs++;
	c->progress.running++;
	progress_changed(&c->progress);
	reactor_list_append(c->ordered ? &c->line : &c->running, &job->link);
	c->work(job);
	return true;
}

/* The same, if it is for this crew; a line without memory has failed. */
static void
crew_take(struct crew *c, const char *at, size_t len, bool cut)
{
	reactor_call_soon(c->reactor, &c->step);
	if (c->wanted != NULL && !c->wanted(c, at, len))
		c->progress.total -= c->progress.total > 0;
	else if (!crew_start(c, 0, at, len, cut))
		crew_count(c, at, len, "no-resources",
		    defer_failure_no_memory.message);
}

bool
crew_feed(struct crew *c, uint32_t id, const char *at, size_t len)
{
	return crew_start(c, id, at, len, false);
}

static void
crew_line(struct input *in, const char *at, size_t len, bool cut)
{
	struct crew *c = reactor_container_of(in, struct crew, input);

	crew_take(c, at, len, cut);
	if (!crew_has_room(c))
		input_pause(in);
}

static void
crew_input_ended(struct input *in, int error)
{
	struct crew *c = reactor_container_of(in, struct crew, input);

	c->input_ended = true;
	c->input_error = error;
	c->progress.total = c->progress.done + c->progress.running +
	    c->waiting;
	reactor_call_soon(c->reactor, &c->step);
}

static const struct input_ops crew_input_ops = {
	.line = crew_line,
	.ended = crew_input_ended,
};

/* ---- from beginning to end ---- */

static void
crew_step(struct reactor_call *call)
{
	struct crew *c = reactor_container_of(call, struct crew, step);

	crew_write(c);
	if (c->room != NULL)
		c->room(c);
	for (; *c->arguments != NULL && crew_has_room(c); c->arguments++)
		crew_take(
		    c, *c->arguments, strlen(*c->arguments), false);
	if (!c->input_ended && crew_has_room(c))
		input_resume(&c->input);
	if (c->error != 0 || (c->input_ended && c->jobs == 0 &&
	    *c->arguments == NULL && output_is_flushed(&c->output)))
		reactor_break(c->reactor);
}

int
crew_begin(struct crew *c, char **arguments, int output)
{
	reactor_list_init(&c->running);
	reactor_list_init(&c->line);
	reactor_list_init(&c->spare);
	reactor_call_init(&c->step, crew_step);
	reactor_call_soon(c->reactor, &c->step);
	output_open(&c->output, c->reactor, output, crew_writable);
	while (arguments[c->progress.total] != NULL)
		c->progress.total++;
	c->arguments = arguments;
	c->input_ended = *arguments != NULL;
	return c->input_ended || c->fed ? 0 : input_open(&c->input, c->reactor,
	    &crew_input_ops, c->input_fd);
}

void
crew_stop(struct crew *c)
{
	while (*c->arguments != NULL)
		c->arguments++;
	input_close(&c->input);
	c->input_ended = true;
	reactor_call_soon(c->reactor, &c->step);
}

static void
crew_cancel(struct reactor_list *l)
{
	struct crew_job *job = reactor_container_of(l, struct crew_job, link);

	if (!job->finished)
		deferred_cancel(job->deferred);
}

void
crew_end(struct crew *c)
{
	struct reactor_list *l;

	c->ended = true;
	crew_free_spare(c);
	input_close(&c->input);
	while ((l = reactor_list_take_first(&c->running)) != NULL)
		crew_cancel(l);
	for (l = c->line.next; l != &c->line; l = l->next)
		crew_cancel(l);
	progress_end(&c->progress);
	output_close(&c->output);
	crew_write(c);
	reactor_cancel_call(&c->step);
}

enum program_status
crew_status(const struct crew *c, const char *output)
{
	if (c->input_error != 0)
		program_warn(c->program, c->input_name != NULL ?
		    c->input_name : "standard input",
		    reactor_strerror(c->input_error));
	program_check_output(c->program, output, c->error);
	if (c->input_error != 0)
		return PROGRAM_SOME_FAILED;
	return c->progress.failed > 0 && !c->failures_are_data ?
	    PROGRAM_SOME_FAILED : PROGRAM_OK;
}
