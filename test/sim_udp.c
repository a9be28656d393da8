/*
 * sim_udp.c - datagrams of the simulated world: each takes its own time, so
 * they overtake one another; some are lost, some come twice.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "sim_world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Who gets a datagram: a connected socket only what its peer sent. */
static struct sim_file *
sim_udp_receiver(struct sim *sim, const struct reactor_address *to,
    const struct reactor_address *from)
{
	struct sim_file *f;

	for (f = sim->files; f != NULL; f = f->next)
		if (f->type == SIM_UDP && sim_is_bound_to(f, to) &&
		    (f->remote.len == 0 ||
			reactor_address_equal(&f->remote, from)))
			return f;
	return NULL;
}

/*
 * "Port unreachable" comes back.  A connected socket tells it to whatever
 * asks it next, once, be that the sending of another datagram.
 */
static void
sim_udp_refused(struct sim *sim, struct sim_event *e)
{
	if (!e->file->open || e->file->remote.len == 0)
		return;
	sim_note(sim, "port %u to %u: unreachable",
	    reactor_address_port(&e->file->remote),
	    reactor_address_port(&e->file->local));
	e->file->error = (int)e->len;
}

/* The bad news that waits at a socket, or 0. */
static int
sim_udp_take_error(struct sim_file *f)
{
	int error = f->error;

	f->error = 0;
	return -error;
}

static void
sim_udp_arrives(struct sim *sim, struct sim_event *e)
{
	struct sim_file *f = sim_udp_receiver(sim, &e->to, &e->from);
	struct sim_datagram *d;

	sim_note(sim, "port %u to %u: datagram, %zu bytes",
	    reactor_address_port(&e->from), reactor_address_port(&e->to),
	    e->len);
	if (f == NULL) {
		sim_plan(sim, sim->now_ns + sim_latency(sim),
		    sim_udp_refused, e->file, NULL, ECONNREFUSED);
		return;
	}
	if (f->queue_len == SIM_QUEUE) {
		sim->overflows++;	/* lost, as a real kernel does */
		return;
	}
	d = &f->datagrams[f->queue_len++];
	d->from = e->from;
	d->len = e->len;
	d->at = e->at;
	e->at = NULL;
}

static void
sim_udp_transmit(struct sim *sim, struct sim_file *f, const void *at,
    size_t len, const struct reactor_address *to)
{
	struct sim_event *e;

	if (sim_fate(sim, to) == SIM_HOST_SILENT ||
	    sim_chance(sim, sim->options.lose))
		return;
	if (sim_fate(sim, to) == SIM_HOST_UNREACHABLE) {
		sim_plan(sim, sim->now_ns + sim_latency(sim),
		    sim_udp_refused, f, NULL, EHOSTUNREACH);
		return;
	}
	e = sim_plan(sim, sim->now_ns + sim_latency(sim), sim_udp_arrives, f,
	    at, len);
	e->from = f->local;
	e->to = *to;
}

/* Why nothing can be sent to an address now, or 0. */
static int
sim_udp_send_error(struct sim *sim, struct sim_file *f,
    const struct reactor_address *to, size_t len)
{
	int error;

	if (to->len == 0)
		return -EDESTADDRREQ;
	error = sim_udp_take_error(f);
	if (error != 0)
		return error;
	if (len > 65507)
		return -EMSGSIZE;
	if (sim_fate(sim, to) == SIM_HOST_NO_NETWORK)
		return -ENETUNREACH;
	return sim_chance(sim, sim->options.nobufs) ? -ENOBUFS : 0;
}

static ssize_t
sim_udp_sendto(const struct reactor_system *self, int fd, const void *at,
    size_t len, const struct sockaddr *to, socklen_t to_len)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim_file_of(sim, fd, SIM_UDP);
	struct reactor_address a = { .len = to_len };
	int error;

	if (f == NULL)
		return -EBADF;
	if (to != NULL)
		memcpy(&a.u, to, to_len);
	else
		a = f->remote;
	error = sim_udp_send_error(sim, f, &a, len);
	sim_note_call(sim, "sendto", fd, error < 0 ? error : (ssize_t)len);
	if (error != 0)
		return error;
	sim_bind_any(sim, f);
	if (sim->witness != NULL && sim->witness->datagram != NULL)
		sim->witness->datagram(sim->witness, &f->local, &a, at, len);
	sim_udp_transmit(sim, f, at, len, &a);
	if (sim_chance(sim, sim->options.duplicate))
		sim_udp_transmit(sim, f, at, len, &a);
	return (ssize_t)len;
}

/* One piece may be a datagram; more are always a stream's. */
static ssize_t
sim_udp_send(
    const struct reactor_system *self, int fd, const void *at, size_t len)
{
	struct iovec piece = {
		.iov_base = (void *)(uintptr_t)at, .iov_len = len
	};

	if (((const struct sim *)self)->fds[fd]->type == SIM_UDP)
		return sim_udp_sendto(self, fd, at, len, NULL, 0);
	return self->sendv(self, fd, &piece, 1);
}

static ssize_t
sim_udp_receive(struct sim *sim, struct sim_file *f, void *at, size_t len,
    struct reactor_address *from)
{
	struct sim_datagram d;
	int error = sim_udp_take_error(f);

	if (error != 0)
		return error;
	if (f->queue_len == 0 || sim_chance(sim, sim->options.spurious))
		return -EAGAIN;
	d = f->datagrams[0];
	memmove(f->datagrams, f->datagrams + 1,
	    --f->queue_len * sizeof(f->datagrams[0]));
	*from = d.from;
	if (d.len < len)
		len = d.len;
	if (len > 0)
		memcpy(at, d.at, len);
	free(d.at);
	return (ssize_t)len;
}

static ssize_t
sim_udp_recvfrom(const struct reactor_system *self, int fd, void *at,
    size_t len, struct sockaddr *from, socklen_t *from_len)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim_file_of(sim, fd, SIM_UDP);
	struct reactor_address sender;
	ssize_t n;

	if (f == NULL)
		return -EBADF;
	n = sim_udp_receive(sim, f, at, len, &sender);
	sim_note_call(sim, "recvfrom", fd, n);
	if (n >= 0 && from != NULL) {
		memcpy(from, &sender.u,
		    *from_len < sender.len ? *from_len : sender.len);
		*from_len = sender.len;
	}
	return n;
}

void
sim_udp_fill(struct reactor_system *system)
{
	system->send = sim_udp_send;
	system->sendto = sim_udp_sendto;
	system->recvfrom = sim_udp_recvfrom;
}
