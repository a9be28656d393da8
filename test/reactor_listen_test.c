/*
 * reactor_listen_test.c - ports: batches, the day without descriptors, stale
 * UNIX sockets; and what a client and a server cost and survive in memory.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "reactor_rig.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

enum { CLIENTS = 150 };

/* ---- a factory that counts ---- */

static struct guest {
	struct protocol protocol;
	int lost;
} guests[CLIENTS];
static int guest_count;

static void
guest_made(struct protocol *p)
{
	(void)p;
}

static size_t
guest_data(struct protocol *p, const char *at, size_t len)
{
	(void)p;
	(void)at;
	return len;
}

static void
guest_lost(struct protocol *p, int reason)
{
	(void)reason;
	((struct guest *)(void *)p)->lost++;
}

static const struct protocol_ops guest_ops = {
	.connection_made = guest_made, .data_received = guest_data,
	.connection_lost = guest_lost,
};

static struct protocol *
guest_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct guest *g = &guests[guest_count++];

	(void)f;
	CHECK(reactor_address_family(from) != 0);
	*g = (struct guest){ { .ops = &guest_ops }, 0 };
	return &g->protocol;
}

static const struct protocol_factory_ops guest_factory = {
	.build_protocol = guest_build, .stopped = rig_stopped,
};

static void
open_house(struct rig *rig)
{
	guest_count = 0;
	rig_open(rig);
	rig->factory.ops = &guest_factory;
	rig->waiting = 99;
}

/* A client made without the reactor. */
static int
raw_client(const struct reactor_address *to)
{
	int fd = socket(reactor_address_family(to), SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, &to->u.any, to->len) != 0)
		abort();
	return fd;
}

/* ---- cases ---- */

/* Batches grow, and no turn takes more than 64. */
static void
batches(void)
{
	int fds[CLIENTS], i, before, turns;
	struct rig rig;

	open_house(&rig);
	for (i = 0; i < CLIENTS; i++)
		fds[i] = raw_client(&rig.address);
	for (turns = 0; turns < 100 && guest_count < CLIENTS; turns++) {
		before = guest_count;
		reactor_iterate(rig.reactor, -1);
		CHECK(guest_count - before <= 64);
	}
	CHECK_INT(guest_count, CLIENTS);
	CHECK(turns < 20);
	for (i = 0; i < CLIENTS; i++)
		close(fds[i]);
	rig_close(&rig);
	for (i = before = 0; i < CLIENTS; i++)
		before += guests[i].lost;
	CHECK_INT(before, CLIENTS);
}

static bool
turned_away(int fd)
{
	char byte;

	CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
	return recv(fd, &byte, 1, 0) == 0;
}

/* No descriptor left: who comes is turned away at once, then all is well. */
static void
no_descriptors(void)
{
	struct rlimit old, few;
	struct rig rig;
	int first, second, i;

	open_house(&rig);
	reactor_iterate(rig.reactor, 0);
	first = raw_client(&rig.address);
	CHECK_INT(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = old;
	few.rlim_cur = (rlim_t)first + 1;
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &few), 0);
	for (i = 0; i < 10 && !turned_away(first); i++)
		reactor_iterate(rig.reactor, 0);
	CHECK(turned_away(first));
	CHECK_INT(guest_count, 0);
	CHECK_INT(setrlimit(RLIMIT_NOFILE, &old), 0);
	second = raw_client(&rig.address);
	for (i = 0; i < 10 && guest_count == 0; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_INT(guest_count, 1);
	close(first);
	close(second);
	rig_close(&rig);
}

/* A paused port leaves them in the backlog; a stopped one keeps its guests. */
static void
pause_and_stop(void)
{
	struct rig rig;
	int fd, i;

	open_house(&rig);
	reactor_listener_pause(rig.listener);
	fd = raw_client(&rig.address);
	for (i = 0; i < 3; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_INT(guest_count, 0);
	reactor_listener_resume(rig.listener);
	for (i = 0; i < 3; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_INT(guest_count, 1);
	reactor_listener_stop(rig.listener);
	reactor_listener_stop(rig.listener);
	reactor_iterate(rig.reactor, 0);
	CHECK_INT(rig.stopped, 1);
	CHECK_INT(guests[0].lost, 0);
	close(fd);
	for (i = 0; i < 3; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_INT(guests[0].lost, 1);
	rig_close(&rig);
}

/* ---- a third client, after each two ways in which two are treated ---- */

static void
turn(struct rig *rig)
{
	for (int i = 0; i < 4; i++)
		reactor_iterate(rig->reactor, 0);
}

static void
comes_and_goes(struct rig *rig)
{
	int fd = raw_client(&rig->address), before = guest_count;

	turn(rig);
	CHECK_INT(guest_count, before + 1);
	close(fd);
	turn(rig);
	CHECK_INT(guests[before].lost, 1);
}

static void
is_aborted(struct rig *rig)
{
	int fd = raw_client(&rig->address), before = guest_count;

	turn(rig);
	CHECK_INT(guest_count, before + 1);
	transport_abort_connection(guests[before].protocol.transport);
	turn(rig);
	CHECK_INT(guests[before].lost, 1);
	close(fd);
}

static void
waits_for_a_resume(struct rig *rig)
{
	int fd, before = guest_count;

	reactor_listener_pause(rig->listener);
	reactor_listener_pause(rig->listener);
	fd = raw_client(&rig->address);
	turn(rig);
	CHECK_INT(guest_count, before);
	reactor_listener_resume(rig->listener);
	reactor_listener_resume(rig->listener);
	turn(rig);
	CHECK_INT(guest_count, before + 1);
	close(fd);
	turn(rig);
}

static void
leaves_before_a_resume(struct rig *rig)
{
	int before = guest_count;

	reactor_listener_pause(rig->listener);
	close(raw_client(&rig->address));
	turn(rig);
	reactor_listener_resume(rig->listener);
	turn(rig);
	CHECK_INT(guest_count, before + 1);
	CHECK_INT(guests[before].lost, 1);
}

static void
nobody_comes_in_a_pause(struct rig *rig)
{
	reactor_listener_pause(rig->listener);
	reactor_listener_resume(rig->listener);
	turn(rig);
}

/* A protocol was made, if memory ended behind that: then it has been told. */
static void
finds_no_memory(struct rig *rig)
{
	int fd = raw_client(&rig->address);

	alloc_fail_at(0, 1);
	turn(rig);
	alloc_fail_at(-1, 0);
	CHECK(turned_away(fd));
	close(fd);
	turn(rig);
}

static void
a_third_client(void)
{
	static void (*const ways[])(struct rig *) = { comes_and_goes,
	    is_aborted, waits_for_a_resume, leaves_before_a_resume,
	    nobody_comes_in_a_pause, finds_no_memory };
	enum { WAYS = sizeof(ways) / sizeof(*ways) };
	struct rig rig;

	for (int i = 0; i < WAYS * WAYS; i++) {
		open_house(&rig);
		turn(&rig);	/* the poller knows the port from now on */
		ways[i / WAYS](&rig);
		ways[i % WAYS](&rig);
		comes_and_goes(&rig);
		rig_close(&rig);
	}
}

/* The rig's own factory builds one protocol; the second guest is sent away. */
static void
no_protocol(void)
{
	struct rig rig;
	int fds[2], i;

	rig_open(&rig);
	rig.waiting = 99;
	for (i = 0; i < 2; i++)
		fds[i] = raw_client(&rig.address);
	for (i = 0; i < 5; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_INT(rig.accepted, 2);
	CHECK_INT(turned_away(fds[0]) + turned_away(fds[1]), 1);
	close(fds[0]);
	close(fds[1]);
	rig_close(&rig);
}

/* An address in use is an error at once; a socket nobody has is replaced. */
static void
in_use(void)
{
	struct reactor_listener *other;
	struct reactor_address a;
	struct rig rig;
	int fd;

	open_house(&rig);
	CHECK_INT(reactor_listen(rig.reactor, &rig.address, NULL,
	    &rig.factory, &other), -EADDRINUSE);
	alloc_fail_at(0, 0);
	a = rig.address;
	reactor_address_set_port(&a, 0);
	CHECK(reactor_listen(rig.reactor, &a, NULL, &rig.factory, &other) <
	    0);
	alloc_fail_at(-1, 0);
	if (rig_where == NULL) {
		reactor_listener_stop(rig.listener);
		reactor_iterate(rig.reactor, 0);
		CHECK_INT(reactor_listen(rig.reactor, &rig.address, NULL,
		    &rig.factory, &other), 0);
		rig.stopped = 0;
	}
	fd = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_INT(listen(fd, 1), 0);
	CHECK_INT(reactor_adopt_listener(rig.reactor, fd, &rig.factory,
	    &other), 0);
	CHECK_INT(reactor_listener_address(other, &a), 0);
	CHECK_INT(reactor_address_family(&a), AF_INET);
	reactor_listener_stop(other);
	reactor_iterate(rig.reactor, 0);
	CHECK_INT(rig.stopped, 1);
	rig.stopped = 0;
	rig_close(&rig);
}

static int
no_datagrams(const struct reactor_system *self, int family, int type)
{
	return type == SOCK_DGRAM ? -EMFILE :
	    reactor_system_posix.socket(self, family, type);
}

/* Whose port it is cannot be asked: it stays; and how many may wait there. */
static void
cannot_ask(void)
{
	struct reactor_listen_options options = { .backlog = 1 };
	struct reactor_system system = reactor_system_posix;
	struct reactor_listener *other;
	struct reactor_options how = rig_options;
	struct reactor *r;
	struct rig rig;

	open_house(&rig);
	system.socket = no_datagrams;
	how.system = &system;
	CHECK_INT(reactor_new(&r, &how), 0);
	reactor_listener_stop(rig.listener);
	reactor_iterate(rig.reactor, 0);
	CHECK_INT(reactor_listen(r, &rig.address, &options, &rig.factory,
	    &other), rig_where == NULL ? -EADDRINUSE : 0);
	reactor_free(r);
	rig.stopped = 1;
	rig_close(&rig);
}

/* ---- what lies at the path of a UNIX socket ---- */

static struct reactor_address path;

/* Listening there is refused, and the file is the same afterwards. */
static void
stays(struct rig *rig)
{
	struct reactor_listener *other;
	struct stat before, after;

	CHECK_INT(lstat(path.u.local.sun_path, &before), 0);
	CHECK_INT(reactor_listen(rig->reactor, &path, NULL, &rig->factory,
	    &other), -EADDRINUSE);
	CHECK_INT(lstat(path.u.local.sun_path, &after), 0);
	CHECK(before.st_ino == after.st_ino);
}

static void
others_at_the_path(struct rig *rig, int type)
{
	int fd = socket(AF_UNIX, type, 0);

	CHECK_INT(bind(fd, &path.u.any, path.len), 0);
	stays(rig);		/* it does not listen yet */
	if (type == SOCK_STREAM) {
		CHECK_INT(listen(fd, 0), 0);
		stays(rig);
	}
	close(fd);
}

/* Only a socket that nobody has any more is replaced. */
static void
not_ours_to_remove(void)
{
	struct reactor_listener *other;
	char target[128];
	struct rig rig;
	int fd;

	if (rig_where != NULL)
		return;
	open_house(&rig);
	snprintf(target, sizeof(target), "/tmp/spindle-%ld.file",
	    (long)getpid());
	reactor_address_from_path(&path, target, strlen(target));
	fd = open(path.u.local.sun_path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	stays(&rig);
	snprintf(target, sizeof(target), "/tmp/spindle-%ld.link",
	    (long)getpid());
	CHECK_INT(symlink(path.u.local.sun_path, target), 0);
	reactor_address_from_path(&path, target, strlen(target));
	stays(&rig);
	unlink(target);
	snprintf(target, sizeof(target), "/tmp/spindle-%ld.file",
	    (long)getpid());
	unlink(target);
	reactor_address_from_path(&path, target, strlen(target));
	others_at_the_path(&rig, SOCK_DGRAM);
	unlink(target);
	others_at_the_path(&rig, SOCK_STREAM);
	CHECK_INT(reactor_listen(rig.reactor, &path, NULL, &rig.factory,
	    &other), 0);
	stays(&rig);
	reactor_listener_stop(other);
	reactor_iterate(rig.reactor, 0);
	unlink(target);
	rig.stopped = 0;
	rig_close(&rig);
}

/* ---- memory ---- */

/* An idle connection costs one stream, of which this is the size. */
static void
idle_memory(void)
{
	int fds[CLIENTS], i;
	struct rig rig;
	size_t before;

	open_house(&rig);
	reactor_iterate(rig.reactor, 0);
	before = alloc_bytes();
	for (i = 0; i < CLIENTS; i++)
		fds[i] = raw_client(&rig.address);
	for (i = 0; i < 50 && guest_count < CLIENTS; i++)
		reactor_iterate(rig.reactor, 0);
	for (i = 0; i < CLIENTS; i++)
		if (write(fds[i], "hello", 5) != 5)
			abort();
	for (i = 0; i < 5; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_INT(guest_count, CLIENTS);
	printf("# %zu bytes for an idle connection\n",
	    (alloc_bytes() - before) / CLIENTS);
	CHECK((alloc_bytes() - before) / CLIENTS <= 1024);
	for (i = 0; i < CLIENTS; i++)
		close(fds[i]);
	rig_close(&rig);
}

static char large[1 << 20];

static size_t
answer_at_last(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	if (len < 1000)
		return 0;	/* leaves them over */
	transport_write(e->protocol.transport, large, sizeof(large));
	transport_lose_connection(e->protocol.transport);
	return len;
}

static void
ask_in_two(struct rig_end *e)
{
	transport_set_timeout(e->protocol.transport, 5000000000u);
	transport_write(e->protocol.transport, large, 700);
	transport_write(e->protocol.transport, large, 700);
}

/* One client and one server; every allocation fails once. */
static bool
survive(long n)
{
	struct rig rig;
	int i, error;

	rig_open(&rig);
	rig.client.quiet = rig.server.quiet = true;
	rig.client.made = ask_in_two;
	rig.server.data = answer_at_last;
	rig.waiting = 99;
	alloc_fail_at(n, 0);
	error = reactor_connect(rig.reactor, &rig.address, NULL,
	    &rig.client.protocol);
	CHECK(error == 0 || error == -ENOMEM);
	for (i = 0; error == 0 && i < 5000 && rig.client.farewells == 0; i++)
		reactor_iterate(rig.reactor, 1000000);
	for (i = 0; i < 20; i++)
		reactor_iterate(rig.reactor, 0);
	error = alloc_has_failed();
	alloc_fail_at(-1, 0);
	rig_close(&rig);
	CHECK(rig.client.farewells <= 1);
	CHECK_INT(rig.server.farewells, rig.accepted > 0 && rig.server.log[0]);
	if (!error)
		CHECK_INT(rig.client.received, sizeof(large));
	return !error;
}

static void
each_allocation_fails(void)
{
	long n;

	for (n = 0; n < 100 && !survive(n); n++)
		;
	CHECK(n > 2 && n < 100);
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "batches", batches, true },
		{ "no descriptors left", no_descriptors, true },
		{ "paused and stopped", pause_and_stop, true },
		{ "a third client", a_third_client, true },
		{ "no protocol", no_protocol, true },
		{ "an address in use", in_use, true },
		{ "an owner that cannot be asked", cannot_ask, true },
		{ "not ours to remove", not_ours_to_remove, true },
		{ "memory of an idle connection", idle_memory, true },
		{ "each allocation fails", each_allocation_fails, true },
	};
	size_t count = sizeof(cases) / sizeof(cases[0]);

	rig_each(cases, count, loopback_any());
	rig_each(cases, count, NULL);
	return check_done();
}
