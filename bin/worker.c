/*
 * worker.c - listens to scraper.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "worker.h"

#include <errno.h>
#include <unistd.h>

/*
 * There is no memory for what is asked, or it is nonsense.  Scraper has it
 * done by the process that takes our place.
 */
static void
worker_give_up(struct worker *w)
{
	w->failed = true;
	reactor_break(w->crew->reactor);
}

static void
worker_take(struct worker *w, uint32_t id, const struct record *text)
{
	if (text->failed || !crew_feed(w->crew, id,
	    text->at != NULL ? text->at : "", text->len))
		worker_give_up(w);
}

/* Scraper asks whether this process is there. */
static void
worker_pong(struct worker *w)
{
	struct record pong = { .at = NULL };

	wire_add(&pong, &(struct wire_message){
	    .head = { .kind = WIRE_PONG } });
	crew_say(w->crew, &pong);
}

static void
worker_told(struct wire_reader *r, const struct wire_message *m,
    struct record *text)
{
	struct worker *w = reactor_container_of(r, struct worker, reader);

	if (m->head.kind == WIRE_LOOK)
		w->look(w);
	else if (m->head.kind == WIRE_PING)
		worker_pong(w);
	else if (m->head.kind == WIRE_URL)
		worker_take(w, m->head.id, text);
	else
		worker_give_up(w);
}

static void
worker_hung_up(struct reactor_watch *watch, int error)
{
	(void)error;
	reactor_break(watch->reactor);
}

static void
worker_readable(struct reactor_watch *watch)
{
	struct worker *w = reactor_container_of(watch, struct worker, watch);
	char piece[16384];
	ssize_t n = read(STDIN_FILENO, piece, sizeof(piece));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0 || wire_feed(&w->reader, piece, (size_t)n) != 0)
		worker_hung_up(watch, 0);
}

static void
worker_closed(struct reactor_watch *watch)
{
	(void)watch;
}

static void
worker_requested(struct http_journal *journal,
    const struct http_journal_entry *e)
{
	wire_add_request(&reactor_container_of(
	    journal, struct worker, journal)->told, e);
}

void
worker_open(struct worker *w)
{
	static const struct reactor_watch_ops ops = {
		.readable = worker_readable,
		.failed = worker_hung_up,
		.closed = worker_closed,
	};

	w->journal.told = worker_requested;
	w->reader = (struct wire_reader){ .message = worker_told };
	reactor_watch_init(&w->watch, w->crew->reactor, STDIN_FILENO, &ops);
	reactor_watch_want(&w->watch, POLLER_READ);
}

void
worker_answer(struct worker *w, struct crew_job *job, struct wire_message *m)
{
	struct record answer = w->told;

	if (w->closed)
		return;
	w->told = (struct record){ .at = NULL };
	m->head.kind = WIRE_DONE;
	m->head.id = job->id;
	m->text = &job->record;
	wire_add(&answer, m);
	record_free(&job->record);
	job->record = answer;
}

void
worker_close(struct worker *w)
{
	reactor_watch_release(&w->watch);
	wire_free(&w->reader);
	w->closed = true;
}

void
worker_end(struct worker *w)
{
	(void)record_write(&w->told, STDOUT_FILENO);
	record_free(&w->told);
}
