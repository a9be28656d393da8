/*
 * sim.c - the world's chance, its time, its events and its descriptors.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../reactor/words.h"
#include "sim_world.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- chance: splitmix64 ---- */

static uint64_t
sim_next(struct sim *sim)
{
	uint64_t z = sim->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint64_t
sim_draw(struct sim *sim, uint64_t below)
{
	return below > 0 ? sim_next(sim) % below : 0;
}

bool
sim_chance(struct sim *sim, unsigned thousandths)
{
	return thousandths > 0 && sim_draw(sim, 1000) < thousandths;
}

uint64_t
sim_latency(struct sim *sim)
{
	const struct sim_options *o = &sim->options;

	return o->latency_min_ns +
	    sim_draw(sim, o->latency_max_ns - o->latency_min_ns + 1);
}

/* ---- notes ---- */

void
sim_note(struct sim *sim, const char *format, ...)
{
	va_list args;

	if (sim->trace == NULL)
		return;
	fprintf(sim->trace, "# %12.6f  ", (double)sim->now_ns / 1e6);
	va_start(args, format);
	vfprintf(sim->trace, format, args);
	va_end(args);
	putc('\n', sim->trace);
}

void
sim_note_call(struct sim *sim, const char *what, int fd, ssize_t result)
{
	if (result < 0)
		sim_note(sim, "%s %d: %s", what, fd,
		    reactor_strerror((int)result));
	else
		sim_note(sim, "%s %d: %zd bytes", what, fd, result);
}

/* What the reactor calls; neither its time nor its turns run back. */
static void
sim_reactor_event(struct reactor_trace *t, const struct reactor_event *e)
{
	struct sim *sim = (struct sim *)
	    ((char *)t - offsetof(struct sim, reactor_trace));

	if (e->now_ns < sim->last_event.now_ns || e->now_ns > sim->now_ns ||
	    e->turn < sim->last_event.turn)
		sim_violate(sim, "time or turns of a reactor run back");
	sim->last_event = *e;
	sim_note(sim, "%32s turn %llu, %d: %s %lld", "",
	    (unsigned long long)e->turn, e->fd, e->what,
	    (long long)e->number);
}

void
sim_violate(struct sim *sim, const char *format, ...)
{
	va_list args;

	if (sim->first_violation[0] != '\0')
		return;
	va_start(args, format);
	vsnprintf(sim->first_violation, sizeof(sim->first_violation), format,
	    args);
	va_end(args);
}

unsigned
sim_overflows(const struct sim *sim)
{
	return sim->overflows;
}

const char *
sim_first_violation(const struct sim *sim)
{
	return sim->first_violation[0] != '\0' ? sim->first_violation : NULL;
}

void
sim_trace(struct sim *sim, FILE *to)
{
	sim->trace = to;
}

/* ---- events ---- */

static void *
sim_must(void *at)
{
	if (at == NULL)
		abort();
	return at;
}

static bool
sim_event_before(const struct sim_event *a, const struct sim_event *b)
{
	return a->at_ns != b->at_ns ? a->at_ns < b->at_ns :
	    a->serial < b->serial;
}

static void
sim_event_push(struct sim *sim, struct sim_event *e)
{
	size_t i = sim->event_count++;

	if (sim->event_count > sim->event_capacity) {
		sim->event_capacity = sim->event_count * 2;
		sim->events = sim_must(realloc(sim->events,
		    sim->event_capacity * sizeof(*sim->events)));
	}
	for (; i > 0 && sim_event_before(e, sim->events[(i - 1) / 2]);
	    i = (i - 1) / 2)
		sim->events[i] = sim->events[(i - 1) / 2];
	sim->events[i] = e;
}

static struct sim_event *
sim_event_pop(struct sim *sim)
{
	struct sim_event *top = sim->events[0];
	struct sim_event *last = sim->events[--sim->event_count];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < sim->event_count) {
		if (child + 1 < sim->event_count && sim_event_before(
		    sim->events[child + 1], sim->events[child]))
			child++;
		if (!sim_event_before(sim->events[child], last))
			break;
		sim->events[i] = sim->events[child];
		i = child;
	}
	sim->events[i] = last;
	return top;
}

struct sim_event *
sim_plan(struct sim *sim, uint64_t at_ns, sim_event_fn *happen,
    struct sim_file *file, const void *bytes, size_t len)
{
	struct sim_event *e = sim_must(calloc(1, sizeof(*e)));

	e->at_ns = at_ns;
	e->serial = sim->serial++;
	e->happen = happen;
	e->file = file;
	e->len = len;
	if (bytes != NULL) {
		e->at = sim_must(malloc(len > 0 ? len : 1));
		memcpy(e->at, bytes, len);
	}
	sim_event_push(sim, e);
	return e;
}

uint64_t
sim_next_event_ns(const struct sim *sim)
{
	return sim->event_count > 0 ? sim->events[0]->at_ns : UINT64_MAX;
}

void
sim_let_happen(struct sim *sim)
{
	struct sim_event *e;

	while (sim_next_event_ns(sim) <= sim->now_ns) {
		e = sim_event_pop(sim);
		e->happen(sim, e);
		free(e->at);
		free(e);
	}
}

/* ---- files and descriptors ---- */

static const char *const sim_type_names[] = {
	[SIM_TCP] = "a stream", [SIM_LISTENER] = "a port",
	[SIM_UDP] = "datagrams", [SIM_PIPE_READ] = "a pipe, to read",
	[SIM_PIPE_WRITE] = "a pipe, to write", [SIM_RESERVE] = "the reserve"
};

/* A call takes time, and the network does not wait for it. */
struct sim *
sim_of(const struct reactor_system *system)
{
	struct sim *sim = (struct sim *)(uintptr_t)system;

	sim->now_ns += sim_draw(sim, 500);
	sim_let_happen(sim);
	return sim;
}

struct sim_file *
sim_file_new(struct sim *sim, enum sim_type type, int family)
{
	struct sim_file *f = sim_must(calloc(1, sizeof(*f)));

	f->type = type;
	f->family = family;
	f->next = sim->files;
	sim->files = f;
	return f;
}

int
sim_fd_new(struct sim *sim, struct sim_file *f)
{
	int fd;

	if (sim_chance(sim, sim->options.no_descriptor))
		return ++sim->refused % 2 == 1 ? -EMFILE : -ENFILE;
	for (fd = 0; fd < sim->options.max_fds; fd++)
		if (sim->fds[fd] == NULL)
			break;
	if (fd == sim->options.max_fds)
		return -EMFILE;
	sim->fds[fd] = f;
	sim->open_fds++;
	if (fd > sim->highest_fd)
		sim->highest_fd = fd;
	f->open = true;
	sim_note(sim, "open %d: %s", fd, sim_type_names[f->type]);
	return fd;
}

struct sim_file *
sim_file_of(struct sim *sim, int fd, enum sim_type type)
{
	if (fd < 0 || fd >= SIM_FDS || sim->fds[fd] == NULL) {
		sim_violate(sim, "descriptor %d is not open", fd);
		return NULL;
	}
	return sim->fds[fd]->type == type ? sim->fds[fd] : NULL;
}

void
sim_bytes_append(struct sim_bytes *b, const char *at, size_t len)
{
	if (len == 0)
		return;
	if (b->len + len > b->capacity) {
		b->capacity = (b->len + len) * 2;
		b->at = sim_must(realloc(b->at, b->capacity));
	}
	memcpy(b->at + b->len, at, len);
	b->len += len;
}

void
sim_bytes_free(struct sim_bytes *b)
{
	free(b->at);
	*b = (struct sim_bytes){ NULL, 0, 0 };
}

size_t
sim_bytes_take(struct sim_bytes *b, char *at, size_t len)
{
	size_t n = len < b->len ? len : b->len;

	if (n == 0)
		return 0;
	memcpy(at, b->at, n);
	memmove(b->at, b->at + n, b->len - n);
	b->len -= n;
	return n;
}

/* ---- the world itself ---- */

struct sim *
sim_new(const struct sim_options *options)
{
	struct sim *sim = sim_must(calloc(1, sizeof(*sim)));

	sim_fill(&sim->system);
	sim_tcp_fill(&sim->system);
	sim_udp_fill(&sim->system);
	sim->options = *options;
	if (sim->options.buffer == 0)
		sim->options.buffer = 65536;
	if (sim->options.max_fds == 0)
		sim->options.max_fds = 1024;
	sim->state = options->seed;
	sim->now_ns = 1000000000;	/* a second after this world began */
	sim->next_port = 32768;
	sim->reactor_trace.event = sim_reactor_event;
	return sim;
}

static void
sim_file_free(struct sim_file *f)
{
	size_t i;

	if (f->type == SIM_UDP)
		for (i = 0; i < f->queue_len; i++)
			free(f->datagrams[i].at);
	free(f->received.at);
	free(f);
}

void
sim_free(struct sim *sim)
{
	struct sim_file *f, *next;

	for (f = sim->files; f != NULL; f = next) {
		next = f->next;
		sim_file_free(f);
	}
	while (sim->event_count > 0) {
		free(sim->events[--sim->event_count]->at);
		free(sim->events[sim->event_count]);
	}
	free(sim->events);
	free(sim);
}

const struct reactor_system *
sim_system(const struct sim *sim)
{
	return &sim->system;
}

struct reactor_options
sim_reactor_options(struct sim *sim)
{
	return (struct reactor_options){
		.system = &sim->system, .own_poller = &sim_poller,
		.trace = &sim->reactor_trace,
	};
}

void
sim_set_witness(struct sim *sim, struct sim_witness *witness)
{
	sim->witness = witness;
}

uint64_t
sim_now_ns(const struct sim *sim)
{
	return sim->now_ns;
}

int
sim_open_fds(const struct sim *sim)
{
	return sim->open_fds;
}

struct sim_options *
sim_weather(struct sim *sim)
{
	return &sim->options;
}
