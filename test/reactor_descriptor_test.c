/*
 * reactor_descriptor_test.c - adopted descriptors: pipes, files, devices and
 * sockets, as standard input and output may be.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../reactor/descriptor.h"
#include "reactor_rig.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>

enum { LARGE = 300000 };

static char large[LARGE];

/* ---- helpers ---- */

/* A rig without a port: only its reactor and the two ends are used. */
static void
begin(struct rig *rig)
{
	memset(rig, 0, sizeof(*rig));
	rig_init_end(rig, &rig->client, &rig_plain);
	rig_init_end(rig, &rig->server, &rig_plain);
	CHECK_INT(reactor_new(&rig->reactor, &rig_options), 0);
}

static void
end(struct rig *rig)
{
	reactor_free(rig->reactor);
	CHECK_INT(alloc_live(), 0);
}

static void
open_pipe(int fds[2])
{
	if (pipe(fds) != 0)
		abort();
}

static void
write_and_lose(struct rig_end *e)
{
	transport_write(e->protocol.transport, large, LARGE);
	transport_lose_connection(e->protocol.transport);
}

static bool
is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* ---- cases ---- */

/* Through a pipe, both ends blocking, and neither end blocks the loop. */
static void
through_a_pipe(void)
{
	struct rig rig;
	int fds[2];

	begin(&rig);
	open_pipe(fds);
	rig.client.made = write_and_lose;
	rig.server.quiet = true;
	CHECK_INT(reactor_adopt_output(rig.reactor, fds[1], 1,
	    &rig.client.protocol), 0);
	CHECK_INT(reactor_adopt_input(rig.reactor, fds[0], 0,
	    &rig.server.protocol), 0);
	rig_run(&rig, 2);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	CHECK_INT(rig.server.received, LARGE);
	CHECK(!is_open(fds[1]));
	CHECK(is_open(fds[0]));
	CHECK_INT(fcntl(fds[0], F_GETFL) & O_NONBLOCK, 0);
	close(fds[0]);
	end(&rig);
}

static void
write_much(struct rig_end *e)
{
	transport_write(e->protocol.transport, large, LARGE);
}

static void
stop_run(struct reactor_call *c)
{
	(void)c;
}

/* A pipe that nobody empties: the loop goes on, and so do other things. */
static void
a_full_pipe(void)
{
	struct reactor_call c;
	struct rig rig;
	int fds[2], i;

	begin(&rig);
	open_pipe(fds);
	rig.client.protocol.ops = &rig_full;
	rig.client.made = write_much;
	CHECK_INT(reactor_adopt_output(rig.reactor, fds[1], 1,
	    &rig.client.protocol), 0);
	reactor_call_init(&c, stop_run);
	for (i = 0; i < 200; i++) {
		reactor_call_soon(rig.reactor, &c);
		CHECK_INT(reactor_iterate(rig.reactor, -1), 0);
	}
	CHECK(transport_unsent(rig.client.protocol.transport) > 0);
	CHECK_STR(rig.client.log, "made paused");
	signal(SIGPIPE, SIG_IGN);
	close(fds[0]);
	rig_run(&rig, 1);
	rig_check_error(&rig.client, "made paused lost", -EPIPE);
	end(&rig);
}

/* Files are always ready: read to their end, and written. */
static void
files(void)
{
	char path[64];
	struct rig rig;
	int fd;

	begin(&rig);
	snprintf(path, sizeof(path), "/tmp/spindle-%ld.txt", (long)getpid());
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(fd >= 0);
	rig.client.made = write_and_lose;
	CHECK_INT(reactor_adopt_output(rig.reactor, fd, 1,
	    &rig.client.protocol), 0);
	rig_run(&rig, 1);
	CHECK_STR(rig.client.log, "made lost(0)");
	fd = open(path, O_RDONLY);
	unlink(path);
	rig.server.quiet = true;
	rig.server.protocol.ops = &rig_full;
	rig.server.end = rig_lose;
	CHECK_INT(reactor_adopt_input(rig.reactor, fd, 1,
	    &rig.server.protocol), 0);
	rig_run(&rig, 1);
	CHECK_STR(rig.server.log, "made end lost(0)");
	CHECK_INT(rig.server.received, LARGE);
	end(&rig);
}

/* Some pollers refuse these; they are ready nevertheless. */
static void
devices(void)
{
	struct rig rig;

	begin(&rig);
	rig.client.made = write_and_lose;
	CHECK_INT(reactor_adopt_output(rig.reactor,
	    open("/dev/null", O_WRONLY), 1, &rig.client.protocol), 0);
	CHECK_INT(reactor_adopt_input(rig.reactor,
	    open("/dev/null", O_RDONLY), 1, &rig.server.protocol), 0);
	rig_run(&rig, 2);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	end(&rig);
}

/* A terminal at which nobody types holds up nothing. */
static void
idle_terminal(void)
{
	int keyboard = posix_openpt(O_RDWR | O_NOCTTY), screen, i;
	struct reactor_call c;
	struct rig rig;

	if (keyboard < 0 || grantpt(keyboard) != 0 ||
	    unlockpt(keyboard) != 0) {
		check_skip("there are no terminals here");
		return;
	}
	begin(&rig);
	screen = open(ptsname(keyboard), O_RDWR | O_NOCTTY);
	CHECK_INT(reactor_adopt_input(rig.reactor, screen, 1,
	    &rig.server.protocol), 0);
	reactor_call_init(&c, stop_run);
	for (i = 0; i < 10; i++) {
		reactor_call_soon(rig.reactor, &c);
		CHECK_INT(reactor_iterate(rig.reactor, -1), 0);
	}
	CHECK_STR(rig.server.log, "made");
	CHECK_INT(write(keyboard, "hello\n", 6), 6);
	for (i = 0; rig.server.received == 0 && i < 100; i++)
		CHECK_INT(reactor_iterate(rig.reactor, -1), 0);
	CHECK_INT(rig.server.received, 6);
	transport_lose_connection(rig.server.protocol.transport);
	rig_run(&rig, 1);
	close(keyboard);
	end(&rig);
}

/* A descriptor that is not open (a closed standard input). */
static void
nothing_there(void)
{
	struct rig rig;

	begin(&rig);
	CHECK_INT(reactor_adopt_input(rig.reactor, 1000000, 1,
	    &rig.server.protocol), 0);
	rig_run(&rig, 1);
	rig_check_error(&rig.server, "made lost", -EBADF);
	end(&rig);
}

static size_t
pause_once(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	transport_pause_reading(e->protocol.transport);
	return len;
}

/* Paused input is not read: what is in the pipe stays for others. */
static void
paused_input(void)
{
	struct rig rig;
	char rest[8];
	int fds[2], i;

	begin(&rig);
	open_pipe(fds);
	rig.server.data = pause_once;
	CHECK_INT(write(fds[1], "one", 3), 3);
	CHECK_INT(reactor_adopt_input(rig.reactor, fds[0], 0,
	    &rig.server.protocol), 0);
	for (i = 0; i < 5; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_INT(write(fds[1], "two", 3), 3);
	for (i = 0; i < 5; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_STR(rig.server.log, "made \"one\"");
	rig.waiting = 9;
	end(&rig);
	CHECK_INT(read(fds[0], rest, sizeof(rest)), 3);
	close(fds[0]);
	close(fds[1]);
}

static void
say_hello(struct rig_end *e)
{
	transport_write(e->protocol.transport, "hello", 5);
}

static void
ends_before_it_begins(struct rig *rig)
{
	rig_check_error(&rig->server, "made \"hello\" lost", 0);
	CHECK_STR(rig->client.log, "made lost(0)");
}

/* Connected sockets; and one that is lost before the loop ran. */
static void
sockets(void)
{
	struct rig rig;
	int fds[2];

	begin(&rig);
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	rig.client.made = say_hello;
	rig.server.data = rig_lose_at_data;
	CHECK_INT(reactor_adopt_socket(rig.reactor, fds[0],
	    &rig.client.protocol), 0);
	CHECK_INT(reactor_adopt_socket(rig.reactor, fds[1],
	    &rig.server.protocol), 0);
	rig_run(&rig, 2);
	ends_before_it_begins(&rig);
	end(&rig);
	begin(&rig);
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	CHECK_INT(reactor_adopt_socket(rig.reactor, fds[0],
	    &rig.client.protocol), 0);
	rig.waiting = 9;
	end(&rig);
	rig_check_error(&rig.client, "failed", -ECONNABORTED);
	CHECK(!is_open(fds[0]));
	close(fds[1]);
}

/* What is asked of an adopted socket before the loop runs is kept. */
static void
socket_before_the_run(void)
{
	struct rig rig;
	int fds[2], i;

	for (i = 0; i < 2; i++) {
		begin(&rig);
		CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		rig.server.data = rig_lose_at_data;
		CHECK_INT(reactor_adopt_socket(rig.reactor, fds[0],
		    &rig.client.protocol), 0);
		CHECK_INT(reactor_adopt_socket(rig.reactor, fds[1],
		    &rig.server.protocol), 0);
		if (i == 0)
			say_hello(&rig.client);
		rig_pause_reading(&rig.client);
		transport_resume_reading(rig.client.protocol.transport);
		if (i == 1)
			transport_half_close(rig.client.protocol.transport);
		CHECK_STR(rig.client.log, "");
		rig_run(&rig, 2);
		rig_check(&rig, "made lost(0)",
		    i == 0 ? "made \"hello\" lost(0)" : "made lost(0)");
		end(&rig);
	}
}

/* One that is paused before the loop runs is not read. */
static void
paused_before_the_run(void)
{
	struct rig rig;
	int fds[2], i;

	begin(&rig);
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	CHECK_INT(write(fds[1], "one", 3), 3);
	CHECK_INT(reactor_adopt_socket(rig.reactor, fds[0],
	    &rig.client.protocol), 0);
	rig_pause_reading(&rig.client);
	for (i = 0; i < 5; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_STR(rig.client.log, "made");
	transport_resume_reading(rig.client.protocol.transport);
	close(fds[1]);
	rig_run(&rig, 1);
	CHECK_STR(rig.client.log, "made \"one\" lost(0)");
	end(&rig);
}

/* One that is given up before the loop runs was never made. */
static void
given_up_before_the_run(void)
{
	struct rig rig;
	int fds[2], i;

	for (i = 0; i < 2; i++) {
		begin(&rig);
		CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		CHECK_INT(reactor_adopt_socket(rig.reactor, fds[0],
		    &rig.client.protocol), 0);
		if (i == 0)
			rig_lose(&rig.client);
		else
			transport_abort_connection(
			    rig.client.protocol.transport);
		say_hello(&rig.client);
		rig_run(&rig, 1);
		rig_check_error(&rig.client, "failed", -ECANCELED);
		CHECK(!is_open(fds[0]));
		close(fds[1]);
		end(&rig);
	}
}

/* What is written to a descriptor before the loop runs comes out, too. */
static void
output_before_the_run(void)
{
	struct rig rig;
	char got[8] = "";
	int fds[2];

	begin(&rig);
	open_pipe(fds);
	CHECK_INT(reactor_adopt_output(rig.reactor, fds[1], 1,
	    &rig.client.protocol), 0);
	say_hello(&rig.client);
	rig.client.made = rig_lose;
	rig_run(&rig, 1);
	CHECK_STR(rig.client.log, "made lost(0)");
	CHECK_INT(read(fds[0], got, sizeof(got)), 5);
	CHECK_STR(got, "hello");
	close(fds[0]);
	end(&rig);
}

/* A descriptor has one watch; a second transport needs a duplicate of it. */
static void
adopted_twice(void)
{
	struct rig rig;
	int fds[2], again, i;

	begin(&rig);
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	CHECK_INT(reactor_adopt_input(rig.reactor, fds[0], 0,
	    &rig.server.protocol), 0);
	for (i = 0; i < 2; i++) {
		CHECK_INT(reactor_adopt_output(rig.reactor, fds[0], 1,
		    &rig.client.protocol), -EEXIST);
		CHECK_INT(reactor_adopt_input(rig.reactor, fds[0], 1,
		    &rig.client.protocol), -EEXIST);
		reactor_iterate(rig.reactor, 0);
	}
	CHECK(is_open(fds[0]));
	CHECK_INT(write(fds[1], "hello", 5), 5);
	again = dup(fds[0]);
	rig.client.made = write_and_lose;
	rig.server.data = rig_lose_at_data;
	CHECK_INT(reactor_adopt_output(rig.reactor, again, 1,
	    &rig.client.protocol), 0);
	rig.waiting = 9;
	for (i = 0; i < 9; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_STR(rig.server.log, "made \"hello\" lost(0)");
	CHECK_STR(rig.client.log, "made");
	CHECK_INT(reactor_adopt_input(rig.reactor, fds[0], 1,
	    &rig.server.protocol), 0);		/* it is free again */
	CHECK_INT(write(fds[1], "again", 5), 5);
	for (i = 0; i < 9; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_STR(rig.server.log,
	    "made \"hello\" lost(0) made \"again\" lost(0)");
	close(fds[1]);
	signal(SIGPIPE, SIG_IGN);
	end(&rig);
}

/* A timer gives standard input up and takes it again, in one turn. */
static struct rig *again_rig;

static void
adopt_again(struct reactor_timer *t)
{
	(void)t;
	transport_abort_connection(again_rig->server.protocol.transport);
	CHECK_INT(reactor_adopt_input(again_rig->reactor,
	    again_rig->accepted, 0, &again_rig->client.protocol), 0);
}

static void
adopted_again(void)
{
	struct reactor_timer timer = { .call = NULL };
	struct rig rig;
	int fds[2], i;

	begin(&rig);
	open_pipe(fds);
	again_rig = &rig;
	rig.accepted = fds[0];
	rig.waiting = 9;
	CHECK_INT(reactor_adopt_input(rig.reactor, fds[0], 0,
	    &rig.server.protocol), 0);
	reactor_iterate(rig.reactor, 0);
	reactor_call_later(rig.reactor, &timer, 0, adopt_again);
	for (i = 0; i < 3; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_INT(write(fds[1], "hello", 5), 5);
	reactor_iterate(rig.reactor, 0);
	rig_check_error(&rig.server, "made lost", -ECONNABORTED);
	CHECK_STR(rig.client.log, "made \"hello\"");
	close(fds[1]);
	end(&rig);
	close(fds[0]);
}

/* TCP sockets, adopted or accepted by an adopted one, do not wait to send. */
static void
no_delay(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	struct reactor_listener *listener;
	socklen_t len = sizeof(at);
	int port = socket(AF_INET, SOCK_STREAM, 0), fd, on = 0;
	struct rig rig;

	if (!loopback_has("127.0.0.1")) {
		check_skip("there is no 127.0.0.1 here");
		close(port);
		return;
	}
	begin(&rig);
	at.sin_addr.s_addr = htonl(0x7f000001);
	if (bind(port, (struct sockaddr *)&at, len) != 0 ||
	    listen(port, 1) != 0 ||
	    getsockname(port, (struct sockaddr *)&at, &len) != 0)
		abort();
	fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_INT(connect(fd, (struct sockaddr *)&at, len), 0);
	CHECK_INT(reactor_adopt_socket(rig.reactor, fd,
	    &rig.client.protocol), 0);
	rig.factory.ops = &rig_factory;
	CHECK_INT(reactor_adopt_listener(rig.reactor, port, &rig.factory,
	    &listener), 0);
	len = sizeof(on);
	CHECK_INT(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &len), 0);
	CHECK(on != 0);
	on = 0;
	CHECK_INT(getsockopt(port, IPPROTO_TCP, TCP_NODELAY, &on, &len), 0);
	CHECK(on != 0);
	rig.waiting = 9;
	end(&rig);
}

/* A protocol without connect_failed hears of it by connection_lost. */
static void
one_farewell(void)
{
	struct protocol_ops ops = rig_plain;
	struct rig rig;
	int fds[2];

	ops.connect_failed = NULL;
	begin(&rig);
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	rig.client.protocol.ops = &ops;
	CHECK_INT(reactor_adopt_socket(rig.reactor, fds[0],
	    &rig.client.protocol), 0);
	rig.waiting = 9;
	end(&rig);
	rig_check_error(&rig.client, "lost", -ECONNABORTED);
	close(fds[1]);
}

/* What cannot be adopted: a socket is closed, input stays its owner's. */
static void
no_memory_for_it(void)
{
	struct rig rig;
	int fds[2];

	begin(&rig);
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	alloc_fail_at(0, 1);
	CHECK_INT(reactor_adopt_input(rig.reactor, fds[0], true,
	    &rig.client.protocol), -ENOMEM);
	CHECK(fcntl(fds[0], F_GETFD) >= 0);
	CHECK_INT(reactor_adopt_socket(rig.reactor, fds[0],
	    &rig.client.protocol), -ENOMEM);
	alloc_fail_at(-1, 0);
	CHECK(fcntl(fds[0], F_GETFD) < 0);
	CHECK_INT(reactor_adopt_socket(rig.reactor, fds[0],
	    &rig.client.protocol), -EBADF);
	close(fds[1]);
	rig.waiting = 9;
	end(&rig);
	CHECK_STR(rig.client.log, "");
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "through a pipe", through_a_pipe, true },
		{ "a pipe that stays full", a_full_pipe, true },
		{ "files", files, true },
		{ "devices", devices, true },
		{ "a terminal at which nobody types", idle_terminal, true },
		{ "a descriptor that is not open", nothing_there, true },
		{ "paused input", paused_input, true },
		{ "sockets", sockets, true },
		{ "a socket before the run", socket_before_the_run, true },
		{ "a socket paused before the run",
		    paused_before_the_run, true },
		{ "a socket given up before the run",
		    given_up_before_the_run, true },
		{ "output before the run", output_before_the_run, true },
		{ "adopted twice", adopted_twice, true },
		{ "adopted again", adopted_again, true },
		{ "no delay", no_delay, true },
		{ "a single farewell", one_farewell, true },
		{ "no memory for it", no_memory_for_it, true },
	};

	rig_each(cases, sizeof(cases) / sizeof(cases[0]), NULL);
	return check_done();
}
