/*
 * sim_system.c - the calls of the simulated kernel that are the same for all
 * kinds of descriptors, and its pipes.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "sim_world.h"

#include <errno.h>
#include <string.h>

static uint64_t
sim_sys_now_ns(const struct reactor_system *self)
{
	return ((const struct sim *)self)->now_ns;
}

static int
sim_sys_random(const struct reactor_system *self, void *at, size_t len)
{
	struct sim *sim = sim_of(self);
	unsigned char *byte = at;

	while (len-- > 0)
		*byte++ = sim->options.dull ? 7 :
		    (unsigned char)sim_draw(sim, 256);
	return 0;
}

static int
sim_sys_socket(const struct reactor_system *self, int domain, int type)
{
	struct sim *sim = sim_of(self);

	if (domain != AF_INET && domain != AF_INET6)
		return -EAFNOSUPPORT;
	return sim_fd_new(sim, sim_file_new(sim,
	    type == SOCK_DGRAM ? SIM_UDP : SIM_TCP, domain));
}

static void
sim_copy_in(struct reactor_address *a, const struct sockaddr *at, socklen_t len)
{
	memset(a, 0, sizeof(*a));
	a->len = len;
	memcpy(&a->u, at, len);
}

static int
sim_sys_bind(const struct reactor_system *self, int fd,
    const struct sockaddr *to, socklen_t len)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim->fds[fd], *other;
	struct reactor_address a;

	sim_copy_in(&a, to, len);
	sim_choose_port(sim, &a);
	for (other = sim->files; other != NULL; other = other->next)
		if (other != f && other->type == (f->type == SIM_UDP ?
		    SIM_UDP : SIM_LISTENER) && sim_is_bound_to(other, &a))
			return -EADDRINUSE;
	f->local = a;
	return 0;
}

static int
sim_sys_connect(const struct reactor_system *self, int fd,
    const struct sockaddr *to, socklen_t len)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim->fds[fd];
	struct reactor_address a;

	sim_copy_in(&a, to, len);
	sim_note(sim, "connect %d to port %u", fd, reactor_address_port(&a));
	if (sim_fate(sim, &a) == SIM_HOST_NO_NETWORK)
		return -ENETUNREACH;
	sim_bind_any(sim, f);
	if (f->type != SIM_UDP)
		return sim_tcp_connect(sim, f, &a);
	f->remote = a;
	return 0;
}

static void
sim_copy_out(
    const struct reactor_address *a, struct sockaddr *at, socklen_t *len)
{
	memcpy(at, &a->u, *len < a->len ? *len : a->len);
	*len = a->len;
}

static int
sim_sys_getsockname(const struct reactor_system *self, int fd,
    struct sockaddr *at, socklen_t *len)
{
	sim_copy_out(&sim_of(self)->fds[fd]->local, at, len);
	return 0;
}

static int
sim_sys_getpeername(const struct reactor_system *self, int fd,
    struct sockaddr *at, socklen_t *len)
{
	const struct sim_file *f = sim_of(self)->fds[fd];

	if (f->remote.len == 0 || f->connecting)
		return -ENOTCONN;
	sim_copy_out(&f->remote, at, len);
	return 0;
}

static int
sim_sys_socket_error(const struct reactor_system *self, int fd)
{
	struct sim_file *f = sim_of(self)->fds[fd];
	int error = f->error;

	f->error = 0;
	return -error;
}

static int
sim_sys_set_option(const struct reactor_system *self, int fd,
    enum reactor_system_option option, int value)
{
	struct sim *sim = sim_of(self);

	if (option == REACTOR_SYSTEM_RESET_ON_CLOSE)
		sim->fds[fd]->reset_on_close = value != 0;
	return 0;
}

static int
sim_sys_pipe(const struct reactor_system *self, int fds[2])
{
	struct sim *sim = sim_of(self);
	struct sim_file *in = sim_file_new(sim, SIM_PIPE_READ, 0);
	struct sim_file *out = sim_file_new(sim, SIM_PIPE_WRITE, 0);

	in->peer = out;
	out->peer = in;
	fds[0] = sim_fd_new(sim, in);
	if (fds[0] < 0)
		return fds[0];
	fds[1] = sim_fd_new(sim, out);
	if (fds[1] >= 0)
		return 0;
	sim->system.close(self, fds[0]);
	return fds[1];
}

size_t
sim_pipe_room(const struct sim *sim, const struct sim_file *f)
{
	size_t used = f->peer->received.len;

	return used < sim->options.buffer ? sim->options.buffer - used : 0;
}

static ssize_t
sim_sys_read(const struct reactor_system *self, int fd, void *at, size_t len)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim_file_of(sim, fd, SIM_PIPE_READ);

	if (f == NULL)
		return -EBADF;
	if (f->received.len == 0)
		return f->peer->open ? -EAGAIN : 0;
	return (ssize_t)sim_bytes_take(&f->received, at, len);
}

/*
 * As a pipe that does not block: up to SIM_PIPE_BUF bytes go whole or not.
 * Single bytes, which only wake somebody, always go if there is room.
 */
static ssize_t
sim_sys_write(
    const struct reactor_system *self, int fd, const void *at, size_t len)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = sim_file_of(sim, fd, SIM_PIPE_WRITE);
	size_t room;

	if (f == NULL)
		return -EBADF;
	if (!f->peer->open)
		return -EPIPE;
	room = sim_pipe_room(sim, f);
	if (room == 0 || (len > room && len <= SIM_PIPE_BUF) ||
	    (len > 1 && sim_chance(sim, sim->options.spurious)))
		return -EAGAIN;
	if (len > room)
		len = room;
	if (len > SIM_PIPE_BUF && sim_chance(sim, sim->options.short_io))
		len = 1 + (size_t)sim_draw(sim, len - 1);
	sim_bytes_append(&f->peer->received, at, len);
	return (ssize_t)len;
}

static int
sim_sys_kind(const struct reactor_system *self, int fd)
{
	enum sim_type type = sim_of(self)->fds[fd]->type;

	return type == SIM_TCP || type == SIM_UDP || type == SIM_LISTENER ?
	    REACTOR_SYSTEM_SOCKET : REACTOR_SYSTEM_STREAM;
}

static int
sim_sys_make_nonblocking(const struct reactor_system *self, int fd)
{
	(void)self;
	(void)fd;
	return 0;
}

static int
sim_sys_open_reserve(const struct reactor_system *self)
{
	struct sim *sim = sim_of(self);

	return sim_fd_new(sim, sim_file_new(sim, SIM_RESERVE, 0));
}

static int
sim_sys_unlink_socket(const struct reactor_system *self, const char *path)
{
	(void)self;
	(void)path;
	return -ENOENT;
}

static int
sim_sys_close(const struct reactor_system *self, int fd)
{
	struct sim *sim = sim_of(self);
	struct sim_file *f = fd >= 0 && fd < SIM_FDS ? sim->fds[fd] : NULL;

	if (f == NULL) {
		sim_violate(sim, "close of %d, which is not open", fd);
		return -EBADF;
	}
	if (sim->wants[fd] != 0)
		sim_violate(sim, "close of %d, which is still watched", fd);
	sim_note(sim, "close %d", fd);
	sim->wants[fd] = 0;
	sim->fds[fd] = NULL;
	sim->open_fds--;
	f->open = false;
	if (f->type == SIM_TCP)
		sim_tcp_close(sim, f);
	else if (f->type == SIM_LISTENER)
		sim_listener_close(sim, f);
	return 0;
}

void
sim_fill(struct reactor_system *system)
{
	*system = (struct reactor_system){
		.now_ns = sim_sys_now_ns,
		.random = sim_sys_random,
		.socket = sim_sys_socket,
		.bind = sim_sys_bind,
		.connect = sim_sys_connect,
		.getsockname = sim_sys_getsockname,
		.getpeername = sim_sys_getpeername,
		.socket_error = sim_sys_socket_error,
		.set_option = sim_sys_set_option,
		.pipe = sim_sys_pipe,
		.read = sim_sys_read,
		.write = sim_sys_write,
		.kind = sim_sys_kind,
		.make_nonblocking = sim_sys_make_nonblocking,
		.open_reserve = sim_sys_open_reserve,
		.unlink_socket = sim_sys_unlink_socket,
		.close = sim_sys_close,
	};
}
