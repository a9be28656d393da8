/*
 * reactor_system_test.c - system_posix.c as older systems see it: without
 * getentropy, and where a socket must be told not to raise SIGPIPE; and what
 * it says of a datagram without bytes.
 *
 * The source is compiled once more, in here, with a few calls played.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE
#define _DARWIN_C_SOURCE
#define _NETBSD_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../reactor/address.h"
#include "check.h"
#include "loopback.h"

/* What the played calls answer, and how often they were asked. */
static int entropy_error, option_error, options_set, opened;
static const char *device;

static int
play_entropy(void *at, size_t len)
{
	memset(at, 0, len);
	errno = entropy_error;
	return entropy_error != 0 ? -1 : 0;
}

static int
play_option(int fd, int level, int name, const void *at, socklen_t len)
{
	struct stat s;

	(void)level, (void)name, (void)at, (void)len;
	options_set++;
	errno = option_error;
	if (fstat(fd, &s) == 0 && !S_ISSOCK(s.st_mode))
		errno = ENOTSOCK;
	return errno != 0 ? -1 : 0;
}

static int
play_open(const char *path, int flags)
{
	CHECK_STR(path, "/dev/urandom");
	opened++;
	return open(device, flags);
}

#undef SOCK_NONBLOCK
#undef SO_NOSIGPIPE
#undef MSG_NOSIGNAL
#define SO_NOSIGPIPE 4242
#define getentropy play_entropy
#define setsockopt play_option
#define open play_open
#define reactor_system_posix old_system
#include "../reactor/system_posix.c"
#undef open

/* ---- random numbers ---- */

/* Fills 600 bytes; how many of them are not 0, or the error. */
static int
ask_random(int error, const char *path)
{
	unsigned char bytes[600] = { 0 };
	int count = 0, answer;
	size_t i;

	entropy_error = error;
	device = path;
	opened = 0;
	answer = old_system.random(&old_system, bytes, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++)
		count += bytes[i] != 0;
	return answer != 0 ? answer : count;
}

static void
random_numbers(void)
{
	check_case("without getentropy, the device is read");
	CHECK(ask_random(ENOSYS, "/dev/urandom") > 400);
	CHECK_INT(opened, 1);
	check_case("no device: no numbers");
	CHECK_INT(ask_random(ENOSYS, "/dev/none/such"), -ENOENT);
	check_case("a device that ends: no numbers");
	CHECK_INT(ask_random(ENOSYS, "/dev/null"), -EIO);
	check_case("other errors are errors, and getentropy comes first");
	CHECK_INT(ask_random(EIO, "/dev/urandom"), -EIO);
	CHECK_INT(ask_random(0, "/dev/urandom"), 0);
	CHECK_INT(opened, 0);
}

/* ---- SIGPIPE ---- */

/* A socket at which a connection waits; `guest` is its other end. */
static int
listen_with_guest(int *guest)
{
	const char *where = loopback_any();
	struct reactor_address at;
	int port;

	reactor_address_parse(&at, where, strlen(where), 0);
	port = socket(at.u.any.sa_family, SOCK_STREAM, 0);
	CHECK_INT(bind(port, &at.u.any, at.len), 0);
	CHECK_INT(listen(port, 1), 0);
	CHECK_INT(getsockname(port, &at.u.any, &at.len), 0);
	*guest = socket(at.u.any.sa_family, SOCK_STREAM, 0);
	CHECK_INT(connect(*guest, &at.u.any, at.len), 0);
	return port;
}

/* Accepts while options are answered with `error`. */
static int
accept_with(int error)
{
	int guest, port = listen_with_guest(&guest), fd;

	option_error = error;
	fd = old_system.accept(&old_system, port, NULL, NULL);
	close(port);
	close(guest);
	return fd;
}

static void
no_sigpipe(void)
{
	int fds[2], fd, next;

	check_case("sockets that are made or accepted are told");
	options_set = option_error = 0;
	fd = old_system.socket(&old_system, AF_INET, SOCK_STREAM);
	CHECK(fd >= 0);
	close(fd);
	CHECK_INT(options_set, 1);
	fd = accept_with(0);
	CHECK(fd >= 0);
	CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
	close(fd);
	CHECK_INT(options_set, 2);
	check_case("one that was reset before it was accepted");
	next = dup(0);
	close(next);
	CHECK_INT(accept_with(EINVAL), -ECONNABORTED);
	fd = dup(0);
	CHECK_INT(fd, next);	/* nothing was left open */
	close(fd);
	check_case("one that is adopted");
	options_set = option_error = 0;
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	CHECK_INT(old_system.make_nonblocking(&old_system, fds[0]), 0);
	CHECK_INT(options_set, 1);
	option_error = EINVAL;
	CHECK_INT(old_system.make_nonblocking(&old_system, fds[0]),
	    -ECONNABORTED);
	close(fds[0]);
	close(fds[1]);
	check_case("a socket that cannot be made");
	CHECK(old_system.socket(&old_system, -1, SOCK_STREAM) < 0);
	check_case("a pipe is no socket");
	CHECK_INT(old_system.pipe(&old_system, fds), 0);
	close(fds[0]);
	close(fds[1]);
}

/* ---- datagrams ---- */

static void
empty_datagram(void)
{
	char byte;
	int fds[2];

	check_case("an empty datagram is one, whatever errno was");
	CHECK_INT(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
	CHECK_INT(send(fds[1], "", 0, 0), 0);
	CHECK_INT(send(fds[1], "x", 1, 0), 1);
	errno = EINTR;
	CHECK_INT(old_system.recvfrom(&old_system, fds[0], &byte, 1, NULL,
	    NULL), 0);
	close(fds[0]);
	close(fds[1]);
}

int
main(void)
{
	random_numbers();
	no_sigpipe();
	empty_datagram();
	return check_done();
}
