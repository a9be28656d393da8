/*
 * reactor_udp_test.c - datagrams: unconnected and connected ports, refusals,
 * odd sizes, and closing from inside every call.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../reactor/udp.h"
#include "reactor_rig.h"

enum { FLOOD = 200 };

/* A receiver that writes down what it is told. */
struct ear {
	struct reactor_udp_receiver receiver;
	struct reactor_udp_port *port;
	struct reactor_address from;
	void (*act)(struct ear *);
	int count, closed;
	char log[512];
};

static struct reactor *loop;
static char huge[70000];

static struct ear *
ear_of(struct reactor_udp_receiver *r)
{
	return (struct ear *)(void *)((char *)r -
	    offsetof(struct ear, receiver));
}

static void
ear_note(struct ear *e, const char *text)
{
	size_t used = strlen(e->log);

	snprintf(e->log + used, sizeof(e->log) - used, "%s%s",
	    used > 0 ? " " : "", text);
}

static void
ear_received(struct reactor_udp_receiver *r, const char *at, size_t len,
    const struct reactor_address *from)
{
	struct ear *e = ear_of(r);
	char text[64];

	CHECK_INT(e->closed, 0);
	e->count++;
	e->from = *from;
	snprintf(text, sizeof(text), "\"%.*s\"", (int)(len < 20 ? len : 20),
	    at);
	ear_note(e, text);
	if (e->act != NULL)
		e->act(e);
}

static void
ear_failed(struct reactor_udp_receiver *r, int error)
{
	struct ear *e = ear_of(r);

	CHECK_INT(e->closed, 0);
	ear_note(e, error == -ECONNREFUSED ? "refused" :
	    error == -ECONNABORTED ? "aborted" : "failed");
	if (e->act != NULL)
		e->act(e);
}

static void
ear_closed(struct reactor_udp_receiver *r)
{
	struct ear *e = ear_of(r);
	struct reactor_address a;

	CHECK_INT(reactor_udp_local_address(e->port, &a), -ENOTCONN);
	CHECK_INT(reactor_udp_send(e->port, "x", 1, NULL), -EBADF);
	e->closed++;
	ear_note(e, "closed");
}

static const struct reactor_udp_receiver_ops ear_ops = {
	ear_received, ear_failed, ear_closed
};

static void
ear_open(struct ear *e, const struct reactor_address *from,
    const struct reactor_address *to)
{
	struct reactor_udp_options options = { .from = from, .to = to };

	memset(e, 0, sizeof(*e));
	e->receiver.ops = &ear_ops;
	CHECK_INT(reactor_open_udp(loop, &options, &e->receiver, &e->port),
	    0);
}

static void
close_self(struct ear *e)
{
	reactor_udp_close(e->port);
	reactor_udp_close(e->port);
}

static void
begin(struct reactor_address *at)
{
	CHECK_INT(reactor_new(&loop, &rig_options), 0);
	CHECK_INT(
	    reactor_address_parse(at, rig_where, strlen(rig_where), 0), 0);
}

static void
end(void)
{
	reactor_free(loop);
	CHECK_INT(alloc_live(), 0);
}

/* Turns until that many datagrams have come. */
static void
wait_for(struct ear *e, int count)
{
	int i;

	for (i = 0; i < 1000 && e->count < count; i++)
		reactor_iterate(loop, 10000000);
	CHECK_INT(e->count, count);
}

/* ---- cases ---- */

static void
there_and_back(void)
{
	struct reactor_address any, at;
	struct ear server, client;

	begin(&any);
	ear_open(&server, &any, NULL);
	CHECK_INT(reactor_udp_local_address(server.port, &at), 0);
	CHECK(reactor_address_port(&at) != 0);
	ear_open(&client, NULL, &at);
	CHECK_INT(reactor_udp_send(client.port, "ask", 3, NULL), 0);
	CHECK_INT(reactor_udp_send(client.port, "", 0, NULL), 0);
	CHECK_INT(
	    reactor_udp_send(client.port, huge, sizeof(huge), NULL), -EMSGSIZE);
	wait_for(&server, 2);
	CHECK_STR(server.log, "\"ask\" \"\"");
	CHECK_INT(reactor_udp_send(server.port, "answer", 6, &server.from), 0);
	wait_for(&client, 1);
	CHECK_STR(client.log, "\"answer\"");
	CHECK(reactor_address_equal(&client.from, &at));
	end();
	CHECK_STR(server.log, "\"ask\" \"\" aborted closed");
	CHECK_STR(client.log, "\"answer\" aborted closed");
}

/* Nobody there: the connected port is told, and lives. */
static void
refused(void)
{
	struct reactor_address any, at;
	struct ear server, client;
	int i;

	begin(&any);
	ear_open(&server, &any, NULL);
	reactor_udp_local_address(server.port, &at);
	reactor_udp_close(server.port);
	reactor_iterate(loop, 0);
	CHECK_STR(server.log, "closed");
	ear_open(&client, NULL, &at);
	CHECK_INT(reactor_udp_send(client.port, "ask", 3, NULL), 0);
	for (i = 0; i < 1000 && client.log[0] == '\0'; i++)
		reactor_iterate(loop, 10000000);
	CHECK_STR(client.log, "refused");
	CHECK_INT(reactor_udp_send(client.port, "ask", 3, NULL), 0);
	client.act = close_self;
	for (i = 0; i < 1000 && client.closed == 0; i++)
		reactor_iterate(loop, 10000000);
	CHECK_STR(client.log, "refused refused closed");
	end();
}

/* How often the system was asked for a datagram. */
static int asked;

static ssize_t
counting_recvfrom(const struct reactor_system *self, int fd, void *at,
    size_t len, struct sockaddr *from, socklen_t *from_len)
{
	asked++;
	return reactor_system_posix.recvfrom(self, fd, at, len, from,
	    from_len);
}

/* Who gets one datagram at a time does not ask in vain for a second. */
static void
one_at_a_time(void)
{
	struct reactor_system system = reactor_system_posix;
	struct reactor_options counted = rig_options;
	struct reactor_address any, at;
	struct ear server, client;
	int i;

	begin(&any);
	reactor_free(loop);
	system.recvfrom = counting_recvfrom;
	counted.system = &system;
	CHECK_INT(reactor_new(&loop, &counted), 0);
	ear_open(&server, &any, NULL);
	reactor_udp_local_address(server.port, &at);
	ear_open(&client, NULL, &at);
	asked = 0;
	for (i = 1; i <= 40; i++) {
		CHECK_INT(reactor_udp_send(client.port, "x", 1, NULL), 0);
		wait_for(&server, i);
		if (i % 2 == 0)
			reactor_iterate(loop, 0);
	}
	CHECK_INT(asked, 40);
	end();
}

/* Somebody who sends to a port that is bound and about to be connected. */
static struct ear early;

static int
connect_late(const struct reactor_system *self, int fd,
    const struct sockaddr *to, socklen_t len)
{
	struct reactor_address bound;

	CHECK_INT(reactor_address_ask(&bound, self, fd, self->getsockname), 0);
	CHECK_INT(reactor_udp_send(early.port, "early", 5, &bound), 0);
	return reactor_system_posix.connect(self, fd, to, len);
}

/* What came before a port was connected is not taken for its peer's. */
static void
sent_early(void)
{
	struct reactor_system system = reactor_system_posix;
	struct reactor_options late = rig_options;
	struct reactor_address any, at, from;
	struct ear server, client;

	begin(&any);
	reactor_free(loop);
	system.connect = connect_late;
	late.system = &system;
	CHECK_INT(reactor_new(&loop, &late), 0);
	ear_open(&early, &any, NULL);
	ear_open(&server, &any, NULL);
	reactor_udp_local_address(early.port, &from);
	reactor_udp_local_address(server.port, &at);
	ear_open(&client, &any, &at);
	reactor_iterate(loop, 0);
	reactor_iterate(loop, 0);
	CHECK(client.count == 0 ||
	    reactor_address_equal(&client.from, &from));
	end();
}

/* Closed by the first of a batch of eight: the others are not shown. */
static void
closed_inside(void)
{
	struct reactor_address any, at;
	struct ear server, client;
	int i;

	begin(&any);
	ear_open(&server, &any, NULL);
	reactor_udp_local_address(server.port, &at);
	ear_open(&client, NULL, &at);
	for (i = 0; i < 32; i++)
		CHECK_INT(reactor_udp_send(client.port, "x", 1, NULL), 0);
	wait_for(&server, 8 + 2 + 4);	/* one in each of eight turns ... */
	server.act = close_self;
	server.log[0] = '\0';
	wait_for(&server, 8 + 2 + 4 + 1);
	reactor_iterate(loop, 0);
	CHECK_STR(server.log, "\"x\" closed");
	end();
}

/* A flood comes in batches that grow, and leaves timers their turn. */
static void
flood(void)
{
	struct reactor_address any, at;
	struct ear server, client;
	int i, turns, before;

	begin(&any);
	ear_open(&server, &any, NULL);
	reactor_udp_local_address(server.port, &at);
	ear_open(&client, NULL, &at);
	reactor_udp_pause(server.port);
	for (i = 0; i < FLOOD; i++)
		reactor_udp_send(client.port, "x", 1, NULL);
	reactor_iterate(loop, 0);
	CHECK_INT(server.count, 0);
	reactor_udp_resume(server.port);
	for (turns = 0; turns < 100 && server.count < FLOOD; turns++) {
		before = server.count;
		reactor_iterate(loop, 0);
		CHECK(server.count - before <= 64);
	}
	CHECK_INT(server.count, FLOOD);
	CHECK(turns >= FLOOD / 64 && turns < 20);
	end();
}

static void
bad_options(void)
{
	struct reactor_udp_options options = { .family = -1 };
	struct reactor_address any, at;
	struct reactor_udp_port *port;
	struct ear ear;

	begin(&any);
	ear_open(&ear, &any, NULL);
	CHECK(reactor_open_udp(loop, &options, &ear.receiver, &port) < 0);
	reactor_udp_local_address(ear.port, &at);
	options.from = &at;
	CHECK_INT(reactor_open_udp(loop, &options, &ear.receiver, &port),
	    -EADDRINUSE);
	options.from = NULL;
	options.to = &at;
	options.receive_buffer = 4096;
	alloc_fail_at(0, 0);
	CHECK_INT(reactor_open_udp(loop, &options, &ear.receiver, &port),
	    -ENOMEM);
	alloc_fail_at(-1, 0);
	CHECK_STR(ear.log, "");
	end();
}

/* Who does not mind what fails needs no function for it. */
static void
failures_ignored(void)
{
	static const struct reactor_udp_receiver_ops ops = {
		.datagram_received = ear_received, .port_closed = ear_closed,
	};
	struct reactor_address at;
	struct ear a, b;
	int i;

	begin(&at);
	ear_open(&b, &at, NULL);
	CHECK_INT(reactor_udp_local_address(b.port, &at), 0);
	ear_open(&a, NULL, &at);
	a.receiver.ops = &ops;
	reactor_udp_close(b.port);
	reactor_iterate(loop, 0);
	for (i = 0; i < 3; i++) {
		reactor_udp_send(a.port, "x", 1, NULL);
		reactor_iterate(loop, 0);
	}
	CHECK_INT(a.closed, 0);
	end();
	CHECK_STR(a.log, "closed");
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "there and back", there_and_back, true },
		{ "refused", refused, true },
		{ "one at a time", one_at_a_time, true },
		{ "sent early", sent_early, true },
		{ "closed from inside", closed_inside, true },
		{ "a flood", flood, true },
		{ "bad options and no memory", bad_options, true },
		{ "failures ignored", failures_ignored, true },
	};
	size_t count = sizeof(cases) / sizeof(cases[0]);

	rig_each(cases, count, "127.0.0.1");
	rig_each(cases, count, "::1");
	return check_done();
}
