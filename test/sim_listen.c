/*
 * sim_listen.c - how streams of the simulated world come to be: a SYN looks
 * for a listener with room in its backlog, and is sent again if there is
 * none; what comes of it travels back.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "sim_world.h"

#include <errno.h>
#include <string.h>

/* A SYN that finds no room is sent again so often, a second apart. */
enum { SIM_TCP_SYN_TRIES = 4 };
static const uint64_t sim_tcp_syn_retry_ns = 1000000000;

static struct sim_file *
sim_tcp_listener(struct sim *sim, const struct reactor_address *at)
{
	struct sim_file *f;

	for (f = sim->files; f != NULL; f = f->next)
		if (f->type == SIM_LISTENER && sim_is_bound_to(f, at))
			return f;
	return NULL;
}

static void
sim_tcp_established(struct sim *sim, struct sim_event *e)
{
	if (!e->file->connecting)
		return;
	sim_note(sim, "port %u to %u: connected",
	    reactor_address_port(&e->file->remote),
	    reactor_address_port(&e->file->local));
	e->file->connecting = false;
	e->file->connected = true;
}

static void
sim_tcp_fails(struct sim *sim, struct sim_event *e)
{
	if (!e->file->connecting)
		return;
	sim_note(sim, "port %u to %u: cannot connect",
	    reactor_address_port(&e->file->remote),
	    reactor_address_port(&e->file->local));
	e->file->connecting = false;
	e->file->reset = true;
	e->file->error = (int)e->len;	/* an errno, see below */
}

static void
sim_tcp_fail(struct sim *sim, struct sim_file *f, int error)
{
	sim_plan(sim, sim_tcp_arrival(sim, f), sim_tcp_fails, f, NULL,
	    (size_t)error);
}

/* The listener's side of a new connection, waiting to be accepted. */
static void
sim_tcp_enqueue(struct sim *sim, struct sim_file *l, struct sim_file *client)
{
	struct sim_file *f = sim_file_new(sim, SIM_TCP, client->family);

	f->local = client->remote;
	f->remote = client->local;
	f->connected = true;
	f->open = true;		/* the kernel keeps it for the listener */
	f->peer = client;
	client->peer = f;
	l->pending[l->queue_len++] = f;
	sim_plan(sim, sim_tcp_arrival(sim, client), sim_tcp_established,
	    client, NULL, 0);
}

static void
sim_tcp_syn_arrives(struct sim *sim, struct sim_event *e)
{
	struct sim_file *client = e->file;
	struct sim_file *l = sim_tcp_listener(sim, &client->remote);

	if (!client->connecting || !client->open)
		return;
	sim_note(sim, "port %u to %u: SYN",
	    reactor_address_port(&client->local),
	    reactor_address_port(&client->remote));
	if (l == NULL) {
		sim_tcp_send_reset(sim, client);
	} else if (l->queue_len <= (size_t)l->backlog) {
		sim_tcp_enqueue(sim, l, client);
	} else if (++client->syn_tries < SIM_TCP_SYN_TRIES) {
		sim_plan(sim, sim->now_ns + sim_tcp_syn_retry_ns,
		    sim_tcp_syn_arrives, client, NULL, 0);
	} else {
		sim_tcp_fail(sim, client, ETIMEDOUT);
	}
}

int
sim_tcp_connect(
    struct sim *sim, struct sim_file *f, const struct reactor_address *to)
{
	f->remote = *to;
	f->connecting = true;
	switch (sim_fate(sim, to)) {
	case SIM_HOST_UNREACHABLE:
		sim_tcp_fail(sim, f, EHOSTUNREACH);
		break;
	case SIM_HOST_SILENT:
		sim_plan(sim, sim->now_ns + 100 * sim_tcp_syn_retry_ns,
		    sim_tcp_fails, f, NULL, ETIMEDOUT);
		break;
	default:
		sim_plan(sim, sim->now_ns + sim_latency(sim),
		    sim_tcp_syn_arrives, f, NULL, 0);
	}
	return -EINPROGRESS;
}

static int
sim_tcp_listen(const struct reactor_system *self, int fd, int backlog)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim->fds[fd];

	sim_bind_any(sim, f);
	f->type = SIM_LISTENER;
	f->backlog = backlog < SIM_QUEUE ? backlog : SIM_QUEUE - 1;
	return 0;
}

static int
sim_tcp_accept(const struct reactor_system *self, int fd, struct sockaddr *from,
    socklen_t *len)
{
	struct sim *sim = sim_of(self);
	struct sim_file *l = sim_file_of(sim, fd, SIM_LISTENER), *f;
	int accepted;

	if (l == NULL)
		return -EINVAL;
	if (l->queue_len == 0 || sim_chance(sim, sim->options.spurious))
		return -EAGAIN;
	f = l->pending[0];
	accepted = sim_fd_new(sim, f);
	if (accepted < 0)
		return accepted;
	memmove(l->pending, l->pending + 1,
	    --l->queue_len * sizeof(l->pending[0]));
	if (from != NULL) {
		memcpy(from, &f->remote.u,
		    *len < f->remote.len ? *len : f->remote.len);
		*len = f->remote.len;
	}
	return accepted;
}

void
sim_listener_close(struct sim *sim, struct sim_file *l)
{
	size_t i;

	for (i = 0; i < l->queue_len; i++) {
		l->pending[i]->open = false;
		sim_tcp_send_reset(sim, l->pending[i]->peer);
	}
	l->queue_len = 0;
}

void
sim_tcp_fill_listen(struct reactor_system *system)
{
	system->listen = sim_tcp_listen;
	system->accept = sim_tcp_accept;
}
