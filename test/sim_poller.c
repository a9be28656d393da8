/*
 * sim_poller.c - waiting, in the simulated world.
 *
 * When nothing is ready, time jumps to the next event or to the end of the
 * wait.  When there is neither, nothing can ever happen again: that is a
 * hang, and the wait says -EDEADLK.  Ready descriptors are reported in an
 * order that chance decides, and not always all at once.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "sim_world.h"

#include <errno.h>
#include <stdlib.h>

#include "../reactor/loop.h"

/* More waits than this in one world, and something is going in circles. */
static const uint64_t sim_poller_most_waits = 3000000;

struct sim_poller_state {
	struct poller poller;
	struct sim *sim;
};

static struct sim *
sim_poller_sim(struct poller *poller)
{
	return ((struct sim_poller_state *)poller)->sim;
}

static int
sim_poller_open(struct poller **out, const struct reactor_system *system)
{
	struct sim_poller_state *self = calloc(1, sizeof(*self));

	if (self == NULL)
		return -ENOMEM;
	self->poller.ops = &sim_poller;
	self->sim = sim_of(system);
	*out = &self->poller;
	return 0;
}

static int
sim_poller_set(struct poller *poller, struct poller_watch *watch,
    unsigned want)
{
	struct sim *sim = sim_poller_sim(poller);
	int fd = watch->fd;

	if (fd < 0 || fd >= SIM_FDS || sim->fds[fd] == NULL) {
		sim_violate(sim, "interest in %d, which is not open", fd);
		return -EBADF;
	}
	if (sim->wants[fd] != watch->registered ||
	    (watch->registered != 0 && sim->watches[fd] != watch))
		sim_violate(sim, "interest in %d is not what was set", fd);
	if (want == watch->registered)
		sim_violate(sim, "interest in %d set without a change", fd);
	sim_note(sim, "interest in %d: %s%s%s", fd,
	    want & POLLER_READ ? "read " : "",
	    want & POLLER_WRITE ? "write" : "", want == 0 ? "none" : "");
	sim->watches[fd] = watch;
	sim->wants[fd] = want;
	return 0;
}

static unsigned
sim_poller_ready(const struct sim *sim, int fd)
{
	bool hung_up;
	unsigned ready = sim_readiness(sim, sim->fds[fd], &hung_up);

	return hung_up ? sim->wants[fd] : ready & sim->wants[fd];
}

static int
sim_poller_collect(struct sim *sim, struct poller_event *events, size_t room)
{
	int numbers = sim->highest_fd + 1, i, fd;
	int first = (int)sim_draw(sim, (uint64_t)numbers);
	size_t found = 0;
	unsigned ready;

	for (i = 0; i < numbers && found < room; i++) {
		fd = (first + i) % numbers;
		if (sim->wants[fd] == 0)
			continue;
		ready = sim_poller_ready(sim, fd);
		if (ready == 0 || (found > 0 && sim_chance(sim, 200)))
			continue;
		events[found].watch = sim->watches[fd];
		events[found++].ready = ready;
	}
	return (int)found;
}

static uint64_t
sim_poller_deadline(const struct sim *sim, int64_t timeout_ns)
{
	if (timeout_ns < 0 || (uint64_t)timeout_ns > UINT64_MAX - sim->now_ns)
		return UINT64_MAX;
	return sim->now_ns + (uint64_t)timeout_ns;
}

static int
sim_poller_wait(struct poller *poller, int64_t timeout_ns,
    struct poller_event *events, size_t room)
{
	struct sim *sim = sim_poller_sim(poller);
	uint64_t deadline = sim_poller_deadline(sim, timeout_ns), next;
	int found;

	if (++sim->waits > sim_poller_most_waits)
		return -ELOOP;
	if (sim->witness != NULL && sim->witness->wait != NULL)
		sim->witness->wait(sim->witness);
	if (sim_chance(sim, sim->options.interrupt))
		return 0;
	for (;;) {
		sim_let_happen(sim);
		found = sim_poller_collect(sim, events, room);
		if (found > 0 || sim->now_ns >= deadline)
			return found;
		next = sim_next_event_ns(sim);
		if (next == UINT64_MAX && deadline == UINT64_MAX)
			return -EDEADLK;
		sim->now_ns = (next < deadline ? next : deadline) +
		    sim_draw(sim, sim->options.late_ns);
	}
}

static void
sim_poller_close(struct poller *poller)
{
	free(poller);
}

const struct poller_ops sim_poller = {
	.name = "sim",
	.open = sim_poller_open,
	.set = sim_poller_set,
	.wait = sim_poller_wait,
	.close = sim_poller_close,
};

bool
sim_pass(struct sim *sim, struct reactor *r, uint64_t ns)
{
	uint64_t until = sim->now_ns + ns;

	while (sim->now_ns < until &&
	    reactor_iterate(r, (int64_t)(until - sim->now_ns)) == 0)
		;
	return sim->now_ns >= until;
}

bool
sim_pass_hour(struct sim *sim, struct reactor *r)
{
	return sim_pass(sim, r, UINT64_C(3600000000000)) &&
	    reactor_timers_earliest_ns(&r->timers) == UINT64_MAX;
}
