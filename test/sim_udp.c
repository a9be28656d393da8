/*
 * sim_udp.c - datagrams of the simulated world: each takes its own time, so
 * they overtake one another; some are lost, some come twice.
 */
#include "sim_world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Who gets a datagram: a connected socket only what its peer sent. */
static struct sim_file *
sim_udp_receiver(struct sim *sim, const struct address *to,
    const struct address *from)
{
	struct sim_file *f;

	for (f = sim->files; f != NULL; f = f->next)
		if (f->type == SIM_UDP && sim_is_bound_to(f, to) &&
		    (f->remote.len == 0 || address_equal(&f->remote, from)))
			return f;
	return NULL;
}

/* "Port unreachable" comes back to a connected socket. */
static void
sim_udp_refused(struct sim *sim, struct sim_event *e)
{
	(void)sim;
	if (e->file->open && e->file->remote.len != 0)
		e->file->error = (int)e->len;
}

static void
sim_udp_arrives(struct sim *sim, struct sim_event *e)
{
	struct sim_file *f = sim_udp_receiver(sim, &e->to, &e->from);
	struct sim_datagram *d;

	sim_note(sim, "datagram", address_port(&e->to), f != NULL);
	if (f == NULL) {
		sim_plan(sim, sim->now_ns + sim_latency(sim),
		    sim_udp_refused, e->file, NULL, ECONNREFUSED);
		return;
	}
	if (f->queue_len == SIM_QUEUE)
		return;		/* no room: lost, as a real kernel does */
	d = &f->datagrams[f->queue_len++];
	d->from = e->from;
	d->len = e->len;
	d->at = e->at;
	e->at = NULL;
}

static void
sim_udp_transmit(struct sim *sim, struct sim_file *f, const void *at,
    size_t len, const struct address *to)
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

static ssize_t
sim_udp_sendto(const struct system *self, int fd, const void *at, size_t len,
    const struct sockaddr *to, socklen_t to_len)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim_file_of(sim, fd, SIM_UDP);
	struct address a = { .len = to_len };
	int error;

	if (f == NULL)
		return -EBADF;
	if (to != NULL)
		memcpy(&a.u, to, to_len);
	else
		a = f->remote;
	if (a.len == 0)
		return -EDESTADDRREQ;
	sim_note(sim, "sendto", fd, (int64_t)len);
	error = f->error;
	f->error = 0;
	if (error != 0)
		return -error;
	if (len > 65507)
		return -EMSGSIZE;
	if (sim_fate(sim, &a) == SIM_HOST_NO_NETWORK)
		return -ENETUNREACH;
	if (sim_chance(sim, sim->options.nobufs))
		return -ENOBUFS;
	sim_bind_any(sim, f);
	sim_udp_transmit(sim, f, at, len, &a);
	if (sim_chance(sim, sim->options.duplicate))
		sim_udp_transmit(sim, f, at, len, &a);
	return (ssize_t)len;
}

/* One piece may be a datagram; more are always a stream's. */
static ssize_t
sim_udp_send(const struct system *self, int fd, const void *at, size_t len)
{
	struct iovec piece = {
		.iov_base = (void *)(uintptr_t)at, .iov_len = len
	};

	if (((const struct sim *)self)->fds[fd]->type == SIM_UDP)
		return sim_udp_sendto(self, fd, at, len, NULL, 0);
	return self->sendv(self, fd, &piece, 1);
}

static ssize_t
sim_udp_recvfrom(const struct system *self, int fd, void *at, size_t len,
    struct sockaddr *from, socklen_t *from_len)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim_file_of(sim, fd, SIM_UDP);
	struct sim_datagram d;
	int error;

	if (f == NULL)
		return -EBADF;
	error = f->error;
	f->error = 0;
	if (error != 0)
		return -error;
	if (f->queue_len == 0 || sim_chance(sim, sim->options.spurious))
		return -EAGAIN;
	d = f->datagrams[0];
	memmove(f->datagrams, f->datagrams + 1,
	    --f->queue_len * sizeof(f->datagrams[0]));
	if (d.len < len)
		len = d.len;
	if (len > 0)
		memcpy(at, d.at, len);
	free(d.at);
	if (from != NULL) {
		memcpy(from, &d.from.u,
		    *from_len < d.from.len ? *from_len : d.from.len);
		*from_len = d.from.len;
	}
	sim_note(sim, "recvfrom", fd, (int64_t)len);
	return (ssize_t)len;
}

int
sim_udp_connect(struct sim *sim, struct sim_file *f, const struct address *to)
{
	(void)sim;
	f->remote = *to;
	return 0;
}

void
sim_udp_fill(struct system *system)
{
	system->send = sim_udp_send;
	system->sendto = sim_udp_sendto;
	system->recvfrom = sim_udp_recvfrom;
}
