/*
 * system.h - all that the reactor asks of the operating system.
 *
 * One table of function pointers.  reactor_system_posix is the real one; a test
 * plugs in a world of its own (fake clock, fake network) by embedding a
 * struct reactor_system in its state and recovering that state from `self`.
 *
 * Every function returns 0, a count or a descriptor, or a negative errno;
 * none reports EINTR, since a call that a signal broke off is made again, and
 * what is not ready is always -EAGAIN, never -EWOULDBLOCK.
 * Descriptors made here are non-blocking and closed on exec.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_SYSTEM_H
#define REACTOR_SYSTEM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What a socket can be asked for beyond POSIX calls that every system
 * spells alike; the value is on (1) or off (0), or a size in bytes.
 */
enum reactor_system_option {
	REACTOR_SYSTEM_NODELAY, /* TCP_NODELAY */
	REACTOR_SYSTEM_REUSEADDR, /* SO_REUSEADDR */
	REACTOR_SYSTEM_RESET_ON_CLOSE, /* SO_LINGER of 0: close sends a reset */
	REACTOR_SYSTEM_ONLY_IPV6, /* IPV6_V6ONLY */
	REACTOR_SYSTEM_RECEIVE_BUFFER /* SO_RCVBUF, bytes */
};

/* What kind of thing a descriptor is, as far as a loop must know. */
enum reactor_system_kind {
	REACTOR_SYSTEM_SOCKET, /* also anything that behaves like one */
	REACTOR_SYSTEM_STREAM, /* pipe, terminal, other character device */
	REACTOR_SYSTEM_REGULAR_FILE /* always ready, as far as pollers go */
};

/* The table.  `self` is the table itself, always the first argument. */
struct reactor_system {
	/* Nanoseconds of a clock that never runs backwards, since any time. */
	uint64_t (*now_ns)(const struct reactor_system *self);

	/* Fills len bytes that nobody can predict; -errno where none are. */
	int (*random)(const struct reactor_system *self, void *at, size_t len);

	/* As the POSIX calls of the same name. */
	int (*socket)(const struct reactor_system *self, int domain, int type);
	int (*bind)(const struct reactor_system *self, int fd,
	    const struct sockaddr *to, socklen_t len);
	int (*listen)(const struct reactor_system *self, int fd, int backlog);
	int (*connect)(const struct reactor_system *self, int fd,
	    const struct sockaddr *to, socklen_t len);
	int (*accept)(const struct reactor_system *self, int fd,
	    struct sockaddr *from, socklen_t *len);
	ssize_t (*recv)(const struct reactor_system *self, int fd, void *at,
	    size_t len);
	ssize_t (*send)(const struct reactor_system *self, int fd,
	    const void *at, size_t len);
	ssize_t (*sendv)(const struct reactor_system *self, int fd,
	    const struct iovec *pieces, int count);
	ssize_t (*recvfrom)(const struct reactor_system *self, int fd, void *at,
	    size_t len, struct sockaddr *from, socklen_t *from_len);
	ssize_t (*sendto)(const struct reactor_system *self, int fd,
	    const void *at, size_t len, const struct sockaddr *to,
	    socklen_t to_len);
	int (*getsockname)(const struct reactor_system *self, int fd,
	    struct sockaddr *at, socklen_t *len);
	int (*getpeername)(const struct reactor_system *self, int fd,
	    struct sockaddr *at, socklen_t *len);

	/* Half-close: no more bytes will be sent (SHUT_WR). */
	int (*shutdown)(const struct reactor_system *self, int fd);

	/* The error that waits on a socket (SO_ERROR), negative, or 0. */
	int (*socket_error)(const struct reactor_system *self, int fd);

	int (*set_option)(const struct reactor_system *self, int fd,
	    enum reactor_system_option option, int value);

	/* A pipe: fds[0] to read, fds[1] to write, neither blocks. */
	int (*pipe)(const struct reactor_system *self, int fds[2]);

	/* For descriptors that are no sockets; they may block. */
	ssize_t (*read)(const struct reactor_system *self, int fd, void *at,
	    size_t len);
	ssize_t (*write)(const struct reactor_system *self, int fd,
	    const void *at, size_t len);

	/* Which of the three kinds, an enum reactor_system_kind, or -EBADF. */
	int (*kind)(const struct reactor_system *self, int fd);

	/* Makes an adopted socket non-blocking and closed on exec. */
	int (*make_nonblocking)(const struct reactor_system *self, int fd);

	/* A descriptor held back for the day when there are none left. */
	int (*open_reserve)(const struct reactor_system *self);

	/* Removes a name from the file system. */
	int (*unlink)(const struct reactor_system *self, const char *path);

	int (*close)(const struct reactor_system *self, int fd);
};

/* The machine that this program runs on. */
extern const struct reactor_system reactor_system_posix;

#ifdef __cplusplus
}
#endif

#endif
