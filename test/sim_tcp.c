/*
 * sim_tcp.c - streams of the simulated world.
 *
 * A connection is two files, each with what it has received and has not
 * read.  What one sends is planned as arrivals at the other, in order; FIN
 * and reset travel the same way.  The window is what the receiver has room
 * for, so a reader that pauses stops its peer.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "sim_world.h"

#include <errno.h>
#include <string.h>

/* ---- arrivals ---- */

static void
sim_tcp_note_arrival(struct sim *sim, const struct sim_file *f,
    const char *what, size_t len)
{
	sim_note(sim, "port %u to %u: %s, %zu bytes",
	    reactor_address_port(&f->remote), reactor_address_port(&f->local),
	    what, len);
}

/* When the next segment to f arrives: never before the one in front. */
uint64_t
sim_tcp_arrival(struct sim *sim, struct sim_file *f)
{
	uint64_t at = sim->now_ns + sim_latency(sim);

	if (at < f->last_arrival_ns)
		at = f->last_arrival_ns;
	f->last_arrival_ns = at;
	return at;
}

static void
sim_tcp_reset_arrives(struct sim *sim, struct sim_event *e)
{
	struct sim_file *f = e->file;

	sim_tcp_note_arrival(sim, f, "reset", 0);
	if (f->reset)
		return;
	f->error = f->connecting ? ECONNREFUSED :
	    f->fin_received ? EPIPE : ECONNRESET;
	f->reset = true;
	f->connecting = f->connected = false;
}

void
sim_tcp_send_reset(struct sim *sim, struct sim_file *to)
{
	sim_plan(sim, sim_tcp_arrival(sim, to), sim_tcp_reset_arrives, to,
	    NULL, 0);
}

static void
sim_tcp_data_arrives(struct sim *sim, struct sim_event *e)
{
	struct sim_file *f = e->file;

	sim_tcp_note_arrival(sim, f, "data", e->len);
	f->in_flight -= e->len;
	if (f->reset)
		return;
	if (!f->open) {
		sim_tcp_send_reset(sim, f->peer);	/* nobody is there */
		return;
	}
	sim_bytes_append(&f->received, e->at, e->len);
}

static void
sim_tcp_fin_arrives(struct sim *sim, struct sim_event *e)
{
	sim_tcp_note_arrival(sim, e->file, "FIN", 0);
	if (!e->file->reset)
		e->file->fin_received = true;
}

void
sim_tcp_send_fin(struct sim *sim, struct sim_file *f)
{
	if (f->fin_sent || f->reset || f->peer == NULL)
		return;
	f->fin_sent = true;
	sim_plan(sim, sim_tcp_arrival(sim, f->peer), sim_tcp_fin_arrives,
	    f->peer, NULL, 0);
}

/* ---- sending and receiving ---- */

static size_t
sim_tcp_window(const struct sim *sim, const struct sim_file *f)
{
	const struct sim_file *to = f->peer;
	size_t used;

	if (to == NULL)
		return 0;
	used = to->received.len + to->in_flight;
	return used < sim->options.buffer ? sim->options.buffer - used : 0;
}

/* Hands bytes to the network, as one segment or several. */
static void
sim_tcp_transmit(struct sim *sim, struct sim_file *f, const char *at,
    size_t len)
{
	size_t piece;

	if (sim_chance(sim, sim->options.reset)) {
		sim_tcp_send_reset(sim, f->peer);
		sim_tcp_send_reset(sim, f);
	}
	for (; len > 0; at += piece, len -= piece) {
		piece = len;
		if (len > 1 && sim_chance(sim, sim->options.split))
			piece = 1 + (size_t)sim_draw(sim, len - 1);
		f->peer->in_flight += piece;
		sim_plan(sim, sim_tcp_arrival(sim, f->peer),
		    sim_tcp_data_arrives, f->peer, at, piece);
	}
}

/* Why nothing can be sent now, or 0. */
static int
sim_tcp_send_error(struct sim *sim, struct sim_file *f)
{
	int error = f->error;

	if (error != 0) {
		f->error = 0;
		return -error;
	}
	if (f->connecting)
		return -EAGAIN;
	if (f->reset || f->fin_sent)
		return -EPIPE;
	if (!f->connected)
		return -ENOTCONN;
	if (sim_tcp_window(sim, f) == 0 ||
	    sim_chance(sim, sim->options.spurious))
		return -EAGAIN;
	return sim_chance(sim, sim->options.nobufs) ? -ENOBUFS : 0;
}

static ssize_t
sim_tcp_send(struct sim *sim, struct sim_file *f, const struct iovec *pieces,
    int count)
{
	struct sim_bytes all = { NULL, 0, 0 };
	int i, error = sim_tcp_send_error(sim, f);
	size_t n;

	if (error != 0)
		return error;
	for (i = 0; i < count; i++)
		sim_bytes_append(&all, pieces[i].iov_base, pieces[i].iov_len);
	n = all.len;
	if (n > sim_tcp_window(sim, f))
		n = sim_tcp_window(sim, f);
	if (n > 1 && sim_chance(sim, sim->options.short_io))
		n = 1 + (size_t)sim_draw(sim, n - 1);
	sim_tcp_transmit(sim, f, all.at, n);
	sim_bytes_free(&all);
	return (ssize_t)n;
}

static ssize_t
sim_tcp_sendv(const struct reactor_system *self, int fd,
    const struct iovec *pieces, int count)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim_file_of(sim, fd, SIM_TCP);
	ssize_t n = f == NULL ? -EBADF : sim_tcp_send(sim, f, pieces, count);

	sim_note_call(sim, "send", fd, n);
	return n;
}

static ssize_t
sim_tcp_recv(struct sim *sim, struct sim_file *f, void *at, size_t len)
{
	int error = f->error;

	if (f->received.len > 0) {
		if (sim_chance(sim, sim->options.spurious))
			return -EAGAIN;
		if (len > 1 && sim_chance(sim, sim->options.short_io))
			len = 1 + (size_t)sim_draw(sim, len - 1);
		return (ssize_t)sim_bytes_take(&f->received, at, len);
	}
	if (error != 0) {
		f->error = 0;
		return -error;
	}
	if (f->reset || f->fin_received)
		return 0;
	return f->connected || f->connecting ? -EAGAIN : -ENOTCONN;
}

static ssize_t
sim_tcp_receive(const struct reactor_system *self, int fd, void *at, size_t len)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim_file_of(sim, fd, SIM_TCP);
	ssize_t n;

	if (f == NULL)
		return self->recvfrom(self, fd, at, len, NULL, NULL);
	n = sim_tcp_recv(sim, f, at, len);
	sim_note_call(sim, "recv", fd, n);
	return n;
}

/* ---- closing ---- */

static int
sim_tcp_shutdown(const struct reactor_system *self, int fd)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim_file_of(sim, fd, SIM_TCP);

	if (f == NULL || !f->connected)
		return -ENOTCONN;
	sim_tcp_send_fin(sim, f);
	return 0;
}

/* Unread bytes, or a wish for it, make the farewell a reset. */
void
sim_tcp_close(struct sim *sim, struct sim_file *f)
{
	f->connecting = false;
	if (f->peer == NULL || f->reset)
		return;
	if (f->received.len > 0 || f->reset_on_close)
		sim_tcp_send_reset(sim, f->peer);
	else
		sim_tcp_send_fin(sim, f);
}

void
sim_tcp_fill(struct reactor_system *system)
{
	sim_tcp_fill_listen(system);
	system->sendv = sim_tcp_sendv;
	system->recv = sim_tcp_receive;
	system->shutdown = sim_tcp_shutdown;
}

unsigned
sim_streams_to(const struct sim *sim, const struct reactor_address *to)
{
	unsigned count = 0;
	int fd;

	for (fd = 0; fd <= sim->highest_fd; fd++)
		if (sim->fds[fd] != NULL && sim->fds[fd]->type == SIM_TCP &&
		    reactor_address_equal(&sim->fds[fd]->remote, to))
			count++;
	return count;
}

/* ---- readiness ---- */

static unsigned
sim_tcp_readiness(const struct sim *sim, const struct sim_file *f,
    bool *hung_up)
{
	unsigned ready = 0;

	*hung_up = f->error != 0 || f->reset ||
	    (f->fin_received && f->fin_sent);
	if (f->connecting)
		return 0;
	if (f->received.len > 0 || f->fin_received)
		ready |= POLLER_READ;
	if (f->connected && sim_tcp_window(sim, f) > 0)
		ready |= POLLER_WRITE;
	return ready;
}

unsigned
sim_readiness(const struct sim *sim, const struct sim_file *f, bool *hung_up)
{
	*hung_up = false;
	switch (f->type) {
	case SIM_TCP:
		return sim_tcp_readiness(sim, f, hung_up);
	case SIM_LISTENER:
		return f->queue_len > 0 ? POLLER_READ : 0;
	case SIM_UDP:
		*hung_up = f->error != 0;
		return POLLER_WRITE | (f->queue_len > 0 ? POLLER_READ : 0u);
	case SIM_PIPE_READ:
		*hung_up = !f->peer->open;
		return f->received.len > 0 ? POLLER_READ : 0;
	case SIM_PIPE_WRITE:
		*hung_up = !f->peer->open;
		return sim_pipe_room(sim, f) >= SIM_PIPE_BUF ?
		    POLLER_WRITE : 0;
	default:
		return 0;
	}
}
