/*
 * system.h - everything that the reactor asks of the operating system, but
 * for the poller's question: one table of functions.
 *
 * reactor_system_posix is the real system.  A test may have a simulated one,
 * with a clock and a network of its own: it embeds a struct reactor_system
 * in its state, and finds that state from the first argument.
 *
 * Every function returns 0, a count or a descriptor, or a negative errno.
 * None returns -EINTR: a call that a signal broke off is made again.  What is
 * not ready is always -EAGAIN, never -EWOULDBLOCK.  New descriptors are
 * non-blocking and closed on exec.
 *
 * Copy: system.h system_posix.c
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

/* Socket options.  The value is 1 (on) or 0 (off), or a number of bytes. */
enum reactor_system_option {
	REACTOR_SYSTEM_NODELAY,		/* TCP_NODELAY */
	REACTOR_SYSTEM_REUSEADDR,	/* SO_REUSEADDR */
	REACTOR_SYSTEM_RESET_ON_CLOSE,	/* SO_LINGER of 0 seconds */
	REACTOR_SYSTEM_ONLY_IPV6,	/* IPV6_V6ONLY */
	REACTOR_SYSTEM_RECEIVE_BUFFER	/* SO_RCVBUF, bytes */
};

/* The kinds of descriptors that the reactor tells apart. */
enum reactor_system_kind {
	REACTOR_SYSTEM_SOCKET,
	REACTOR_SYSTEM_STREAM,		/* pipe, terminal, other device */
	REACTOR_SYSTEM_REGULAR_FILE	/* no poller waits for it */
};

/* The table.  The first argument of each function is the table itself. */
struct reactor_system {
	/* Nanoseconds of a clock that never runs backwards. */
	uint64_t (*now_ns)(const struct reactor_system *);

	/* Fills len bytes with numbers that nobody can predict. */
	int (*random)(const struct reactor_system *, void *at, size_t len);

	/* As the POSIX calls of the same name. */
	int (*socket)(const struct reactor_system *, int domain, int type);
	int (*bind)(const struct reactor_system *, int fd,
	    const struct sockaddr *to, socklen_t len);
	int (*listen)(const struct reactor_system *, int fd, int backlog);
	int (*connect)(const struct reactor_system *, int fd,
	    const struct sockaddr *to, socklen_t len);
	int (*accept)(const struct reactor_system *, int fd,
	    struct sockaddr *from, socklen_t *len);
	ssize_t (*recv)(const struct reactor_system *, int fd, void *at,
	    size_t len);
	ssize_t (*send)(const struct reactor_system *, int fd, const void *at,
	    size_t len);
	ssize_t (*sendv)(const struct reactor_system *, int fd,
	    const struct iovec *pieces, int count);
	ssize_t (*recvfrom)(const struct reactor_system *, int fd, void *at,
	    size_t len, struct sockaddr *from, socklen_t *from_len);
	ssize_t (*sendto)(const struct reactor_system *, int fd, const void *at,
	    size_t len, const struct sockaddr *to, socklen_t to_len);
	int (*getsockname)(const struct reactor_system *, int fd,
	    struct sockaddr *at, socklen_t *len);
	int (*getpeername)(const struct reactor_system *, int fd,
	    struct sockaddr *at, socklen_t *len);

	/* Half-close: no more bytes will be sent (SHUT_WR). */
	int (*shutdown)(const struct reactor_system *, int fd);

	/* The pending error of a socket (SO_ERROR), negative; or 0. */
	int (*socket_error)(const struct reactor_system *, int fd);

	int (*set_option)(const struct reactor_system *, int fd,
	    enum reactor_system_option option, int value);

	/* A pipe: fds[0] is read, fds[1] is written. */
	int (*pipe)(const struct reactor_system *, int fds[2]);

	/* For descriptors that are no sockets. */
	ssize_t (*read)(const struct reactor_system *, int fd, void *at,
	    size_t len);
	ssize_t (*write)(const struct reactor_system *, int fd, const void *at,
	    size_t len);

	/* An enum reactor_system_kind, or -EBADF. */
	int (*kind)(const struct reactor_system *, int fd);

	/* Makes a socket of somebody else non-blocking, closed on exec. */
	int (*make_nonblocking)(const struct reactor_system *, int fd);

	/* A descriptor of no use, to close when there are no others left. */
	int (*open_reserve)(const struct reactor_system *);

	/* Removes a UNIX socket from the file system; else -ENOTSOCK. */
	int (*unlink_socket)(const struct reactor_system *, const char *path);

	int (*close)(const struct reactor_system *, int fd);
};

/* The system that this program runs on. */
extern const struct reactor_system reactor_system_posix;

#ifdef __cplusplus
}
#endif

#endif
