/*
 * system_posix.c - the system table over a POSIX machine.
 *
 * Each function is the call of the same name with -errno for an error and
 * EINTR tried again.  What POSIX does not have stands here and nowhere else.
 * No send raises SIGPIPE.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#define _DARWIN_C_SOURCE
#define _NETBSD_SOURCE
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A count, or the errno negated; two numbers may mean the same. */
static ssize_t
system_posix_count(ssize_t n)
{
	if (n >= 0)
		return n;
	return errno == EWOULDBLOCK ? -EAGAIN : -errno;
}

/* The same where success is 0. */
static int
system_posix_done(int status)
{
	return status == 0 ? 0 : -errno;
}

static uint64_t
system_posix_now_ns(const struct reactor_system *self)
{
	struct timespec t;

	(void)self;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- descriptors ---- */

/*
 * Where a send has no flag against SIGPIPE (older macOS), its socket must be
 * told.  There a socket whose peer has reset it refuses all options.
 */
static int
system_posix_silence(int fd)
{
#ifdef SO_NOSIGPIPE
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on)) != 0 &&
	    errno != ENOTSOCK)
		return errno == EINVAL ? -ECONNABORTED : -errno;
#endif
	(void)fd;
	return 0;
}

/* Also what else a descriptor needs that was not born here. */
static int
system_posix_make_nonblocking(const struct reactor_system *self, int fd)
{
	int flags = fcntl(fd, F_GETFL);

	(void)self;
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	return system_posix_silence(fd);
}

static int
system_posix_pipe(const struct reactor_system *self, int fds[2])
{
	int error;

	if (pipe(fds) != 0)
		return -errno;
	error = system_posix_make_nonblocking(self, fds[0]);
	if (error == 0)
		error = system_posix_make_nonblocking(self, fds[1]);
	if (error != 0) {
		close(fds[0]);
		close(fds[1]);
	}
	return error;
}

static int
system_posix_open_reserve(const struct reactor_system *self)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	(void)self;
	return (int)system_posix_count(fd);
}

/* After EINTR the descriptor is closed, or must be counted as closed. */
static int
system_posix_close(const struct reactor_system *self, int fd)
{
	(void)self;
	return close(fd) == 0 || errno == EINTR ? 0 : -errno;
}

static int
system_posix_unlink_socket(const struct reactor_system *self, const char *path)
{
	struct stat s;

	(void)self;
	if (lstat(path, &s) == 0 && !S_ISSOCK(s.st_mode))
		return -ENOTSOCK;
	return system_posix_done(unlink(path));
}

static int
system_posix_kind(const struct reactor_system *self, int fd)
{
	struct stat s;

	(void)self;
	if (fstat(fd, &s) != 0)
		return -errno;
	if (S_ISSOCK(s.st_mode))
		return REACTOR_SYSTEM_SOCKET;
	return S_ISREG(s.st_mode) ? REACTOR_SYSTEM_REGULAR_FILE :
				    REACTOR_SYSTEM_STREAM;
}

static ssize_t
system_posix_read(
    const struct reactor_system *self, int fd, void *at, size_t len)
{
	ssize_t n;

	(void)self;
	do {
		n = read(fd, at, len);
	} while (n < 0 && errno == EINTR);
	return system_posix_count(n);
}

static ssize_t
system_posix_write(const struct reactor_system *self, int fd, const void *at,
    size_t len)
{
	ssize_t n;

	(void)self;
	do {
		n = write(fd, at, len);
	} while (n < 0 && errno == EINTR);
	return system_posix_count(n);
}

/* ---- sockets ---- */

static int
system_posix_bind(const struct reactor_system *self, int fd,
    const struct sockaddr *to, socklen_t len)
{
	(void)self;
	return system_posix_done(bind(fd, to, len));
}

static int
system_posix_listen(const struct reactor_system *self, int fd, int backlog)
{
	(void)self;
	return system_posix_done(listen(fd, backlog));
}

/* A connect that a signal broke off goes on by itself, as EINPROGRESS. */
static int
system_posix_connect(const struct reactor_system *self, int fd,
    const struct sockaddr *to, socklen_t len)
{
	(void)self;
	if (connect(fd, to, len) == 0)
		return 0;
	return errno == EINTR ? -EINPROGRESS : -errno;
}

static ssize_t
system_posix_recvfrom(const struct reactor_system *self, int fd, void *at,
    size_t len, struct sockaddr *from, socklen_t *from_len)
{
	ssize_t n;

	(void)self;
	do {
		n = recvfrom(fd, at, len, 0, from, from_len);
	} while (n < 0 && errno == EINTR);
	return system_posix_count(n);
}

#ifndef MSG_NOSIGNAL	/* see system_posix_silence */
#define MSG_NOSIGNAL 0
#endif

static ssize_t
system_posix_sendto(const struct reactor_system *self, int fd, const void *at,
    size_t len, const struct sockaddr *to, socklen_t to_len)
{
	ssize_t n;

	(void)self;
	do {
		n = sendto(fd, at, len, MSG_NOSIGNAL, to, to_len);
	} while (n < 0 && errno == EINTR);
	return system_posix_count(n);
}

static ssize_t
system_posix_recv(
    const struct reactor_system *self, int fd, void *at, size_t len)
{
	return system_posix_recvfrom(self, fd, at, len, NULL, NULL);
}

static ssize_t
system_posix_send(const struct reactor_system *self, int fd, const void *at,
    size_t len)
{
	return system_posix_sendto(self, fd, at, len, NULL, 0);
}

static ssize_t
system_posix_sendv(const struct reactor_system *self, int fd,
    const struct iovec *pieces, int count)
{
	struct msghdr message = {
		.msg_iov = (struct iovec *)(uintptr_t)pieces,
		.msg_iovlen = (unsigned short)count,	/* int or size_t */
	};
	ssize_t n;

	(void)self;
	do {
		n = sendmsg(fd, &message, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return system_posix_count(n);
}

static int
system_posix_getsockname(const struct reactor_system *self, int fd,
    struct sockaddr *at, socklen_t *len)
{
	(void)self;
	return system_posix_done(getsockname(fd, at, len));
}

static int
system_posix_getpeername(const struct reactor_system *self, int fd,
    struct sockaddr *at, socklen_t *len)
{
	(void)self;
	return system_posix_done(getpeername(fd, at, len));
}

static int
system_posix_shutdown(const struct reactor_system *self, int fd)
{
	(void)self;
	return system_posix_done(shutdown(fd, SHUT_WR));
}

static int
system_posix_socket_error(const struct reactor_system *self, int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	(void)self;
	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 ?
	    -errno : -error;
}

static int
system_posix_set_option(const struct reactor_system *self, int fd,
    enum reactor_system_option option, int value)
{
	static const struct {
		int level, name;
	} names[] = {
		[REACTOR_SYSTEM_NODELAY] = { IPPROTO_TCP, TCP_NODELAY },
		[REACTOR_SYSTEM_REUSEADDR] = { SOL_SOCKET, SO_REUSEADDR },
		[REACTOR_SYSTEM_RESET_ON_CLOSE] = { SOL_SOCKET, SO_LINGER },
		[REACTOR_SYSTEM_ONLY_IPV6] = { IPPROTO_IPV6, IPV6_V6ONLY },
		[REACTOR_SYSTEM_RECEIVE_BUFFER] = { SOL_SOCKET, SO_RCVBUF },
	};
	struct linger linger = { .l_onoff = value };
	const void *at = &value;
	socklen_t len = sizeof(value);

	(void)self;
	if (option == REACTOR_SYSTEM_RESET_ON_CLOSE) {
		at = &linger;
		len = sizeof(linger);
	}
	return system_posix_done(setsockopt(fd, names[option].level,
	    names[option].name, at, len));
}

/* ---- where systems differ ---- */

#ifdef SOCK_NONBLOCK	/* descriptors are born as we want them */
enum { SYSTEM_POSIX_FLAGS = SOCK_NONBLOCK | SOCK_CLOEXEC };

static int
system_posix_accept4(int fd, struct sockaddr *from, socklen_t *len)
{
	return accept4(fd, from, len, SYSTEM_POSIX_FLAGS);
}

static int
system_posix_prepare(int fd)
{
	return (int)system_posix_count(fd);
}
#else			/* macOS, whose getentropy is not in unistd.h */
#include <sys/random.h>

enum { SYSTEM_POSIX_FLAGS = 0 };

static int
system_posix_accept4(int fd, struct sockaddr *from, socklen_t *len)
{
	return accept(fd, from, len);
}

static int
system_posix_prepare(int fd)
{
	int error;

	if (fd < 0)
		return (int)system_posix_count(fd);
	error = system_posix_make_nonblocking(NULL, fd);
	if (error != 0) {
		close(fd);
		return error;
	}
	return fd;
}
#endif

static int
system_posix_socket(const struct reactor_system *self, int domain, int type)
{
	(void)self;
	return system_posix_prepare(
	    socket(domain, type | SYSTEM_POSIX_FLAGS, 0));
}

static int
system_posix_accept(const struct reactor_system *self, int fd,
    struct sockaddr *from, socklen_t *len)
{
	int accepted;

	(void)self;
	do {
		accepted = system_posix_accept4(fd, from, len);
	} while (accepted < 0 && errno == EINTR);
	return system_posix_prepare(accepted);
}

#ifdef __NetBSD__
#include <sys/param.h>
#endif

#if defined(__NetBSD__) && __NetBSD_Version__ < 1000000000
static int
system_posix_entropy(void *at, size_t len)
{
	(void)at;
	(void)len;
	errno = ENOSYS;
	return -1;
}
#else
static int
system_posix_entropy(void *at, size_t len)
{
	return getentropy(at, len);
}
#endif

/* All that was asked for, or an error. */
static int
system_posix_read_urandom(
    const struct reactor_system *self, unsigned char *at, size_t len)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	for (; len > 0; at += n, len -= (size_t)n) {
		n = system_posix_read(self, fd, at, len);
		if (n <= 0)
			break;
	}
	close(fd);
	if (len == 0)
		return 0;
	return n < 0 ? (int)n : -EIO;
}

/*
 * getentropy gives at most 256 bytes a call.  It is not in NetBSD before 10,
 * and Linux before 3.17 has not what it needs: there the device is read.
 */
static int
system_posix_random(const struct reactor_system *self, void *at, size_t len)
{
	unsigned char *next = at;
	size_t piece;

	for (; len > 0; next += piece, len -= piece) {
		piece = len < 256 ? len : 256;
		if (system_posix_entropy(next, piece) == 0)
			continue;
		return errno == ENOSYS ?
		    system_posix_read_urandom(self, next, len) : -errno;
	}
	return 0;
}

const struct reactor_system reactor_system_posix = {
	.now_ns = system_posix_now_ns,
	.random = system_posix_random,
	.socket = system_posix_socket,
	.bind = system_posix_bind,
	.listen = system_posix_listen,
	.connect = system_posix_connect,
	.accept = system_posix_accept,
	.recv = system_posix_recv,
	.send = system_posix_send,
	.sendv = system_posix_sendv,
	.recvfrom = system_posix_recvfrom,
	.sendto = system_posix_sendto,
	.getsockname = system_posix_getsockname,
	.getpeername = system_posix_getpeername,
	.shutdown = system_posix_shutdown,
	.socket_error = system_posix_socket_error,
	.set_option = system_posix_set_option,
	.pipe = system_posix_pipe,
	.read = system_posix_read,
	.write = system_posix_write,
	.kind = system_posix_kind,
	.make_nonblocking = system_posix_make_nonblocking,
	.open_reserve = system_posix_open_reserve,
	.unlink_socket = system_posix_unlink_socket,
	.close = system_posix_close,
};
