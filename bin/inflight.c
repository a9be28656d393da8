/*
 * inflight.c - the list of what is in flight, and the signals that print it.
 *
 * This file asks for no standard: those that it could ask for hide SIGINFO
 * where there is one.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "inflight.h"

#include <inttypes.h>
#include <signal.h>
#include <unistd.h>

#ifdef SIGINFO
static const int inflight_signals[] = { SIGUSR1, SIGINFO };
#else
static const int inflight_signals[] = { SIGUSR1 };
#endif

enum {
	INFLIGHT_SIGNALS = sizeof(inflight_signals) /
	    sizeof(inflight_signals[0])
};

static void
inflight_signalled(struct reactor_signal *s, int number)
{
	const struct inflight *in = reactor_container_of(
	    s, struct inflight_catch, signal)->inflight;

	(void)number;
	if (in->print != NULL)
		in->print(in);
	else
		inflight_print(in);
}

void
inflight_open(struct inflight *in, const struct program *program,
    struct reactor *reactor, struct progress *progress)
{
	*in = (struct inflight){
		.program = program, .reactor = reactor, .progress = progress,
	};
	reactor_list_init(&in->all);
	for (size_t i = 0; i < INFLIGHT_SIGNALS; i++) {
		in->catches[i].inflight = in;
		(void)reactor_catch_signal(reactor, &in->catches[i].signal,
		    inflight_signals[i], inflight_signalled);
	}
}

void
inflight_add(struct inflight *in, struct inflight_one *one)
{
	if (in == NULL)
		return;
	one->begun_ns = reactor_now_ns(in->reactor);
	reactor_list_append(&in->all, &one->link);
	in->count++;
}

void
inflight_remove(struct inflight *in, struct inflight_one *one)
{
	if (in == NULL || one->link.next == NULL)
		return;
	reactor_list_remove(&one->link);
	in->count--;
}

static void
inflight_print_one(const struct inflight *in, const struct inflight_one *one)
{
	uint64_t ms = (reactor_now_ns(in->reactor) - one->begun_ns) / 1000000;
	struct record r = { .at = NULL };

	record_addf(&r, "%" PRIu64 ".%" PRIu64 " s, ", ms / 1000,
	    ms / 100 % 10);
	one->describe(one, &r);
	record_add(&r, "", 1);
	program_fail(in->program, one->name, one->len, "in flight",
	    r.failed ? "no memory to tell more" : r.at);
	record_free(&r);
}

void
inflight_print_count(const struct inflight *in, size_t count)
{
	struct record r = { .at = NULL };

	progress_wipe(in->progress);
	record_addf(&r, "%s: %zu in flight\n", in->program->name, count);
	(void)record_write(&r, STDERR_FILENO);
	record_free(&r);
}

void
inflight_print_each(const struct inflight *in)
{
	const struct reactor_list *l;

	for (l = in->all.next; l != &in->all; l = l->next)
		inflight_print_one(in, reactor_container_of(
		    l, const struct inflight_one, link));
}

void
inflight_print(const struct inflight *in)
{
	inflight_print_count(in, in->count);
	inflight_print_each(in);
}

void
inflight_ignore_signals(void)
{
	for (size_t i = 0; i < INFLIGHT_SIGNALS; i++)
		(void)signal(inflight_signals[i], SIG_IGN);
}

void
inflight_close(struct inflight *in)
{
	for (size_t i = 0; i < INFLIGHT_SIGNALS; i++)
		reactor_release_signal(&in->catches[i].signal);
}
