/*
 * reactor_stream_test.c - what a client and a server are told, over TCP with
 * IPv4 and IPv6 and over UNIX sockets, with each poller: how bytes come
 * through and how connections end.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../reactor/buffer.h"
#include "reactor_rig.h"

#include <fcntl.h>

enum { LARGE = 4 << 20 };

static char large[LARGE];
static unsigned long large_sum;

/* ---- hooks ---- */

static void
say_hello(struct rig_end *e)
{
	transport_write(e->protocol.transport, "hello", 5);
}

static size_t
echo(struct rig_end *e, const char *at, size_t len)
{
	transport_write(e->protocol.transport, at, len);
	return len;
}

static void
lose_when_all_is_sent(struct rig_end *e)
{
	CHECK_INT(transport_unsent(e->protocol.transport), 0);
	rig_lose(e);
}

/* ---- bytes ---- */

static void
echo_and_lose(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_hello;
	rig.client.data = rig_lose_at_data;
	rig.server.data = echo;
	rig_meet(&rig);
	rig_check(&rig, "made \"hello\" lost(0)", "made \"hello\" lost(0)");
	rig_close(&rig);
}

/* What is asked of a transport before it is connected is not forgotten. */
static void
before_the_connection(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.server.data = rig_lose_at_data;
	rig_connect(&rig);
	transport_write(rig.client.protocol.transport, "early", 5);
	transport_pause_reading(rig.client.protocol.transport);
	transport_resume_reading(rig.client.protocol.transport);
	rig_run(&rig, 2);
	rig_check(&rig, "made lost(0)", "made \"early\" lost(0)");
	rig_close(&rig);
}

static void
write_pieces(struct rig_end *e)
{
	enum { MOST = 16, PART = LARGE / MOST };
	struct iovec pieces[MOST] = {
		{ .iov_base = large, .iov_len = 3 },
		{ .iov_base = NULL, .iov_len = 0 },
	};

	for (int i = 2; i < MOST; i++)
		pieces[i] = (struct iovec){
			.iov_base = large + (i - 2) * PART, .iov_len = PART,
		};
	pieces[MOST - 1].iov_len = 3 * PART;
	transport_writev(e->protocol.transport, pieces, MOST);
	transport_writev(e->protocol.transport, pieces + 1, 1);
	transport_write(e->protocol.transport, "", 0);
	CHECK(transport_unsent(e->protocol.transport) > 0);
	rig_lose(e);
	transport_write(e->protocol.transport, "too late", 8);
	rig_lose(e);
}

/* All that was written before lose_connection arrives, nothing after it. */
static void
lose_flushes(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.server.quiet = true;
	rig.client.made = write_pieces;
	rig_meet(&rig);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	CHECK_INT(rig.server.received, LARGE + 3);
	CHECK_INT(rig.server.sum, large_sum + (unsigned char)large[0] +
	    (unsigned char)large[1] + (unsigned char)large[2]);
	rig_close(&rig);
}

static void
write_large(struct rig_end *e)
{
	transport_write(e->protocol.transport, large, LARGE);
	CHECK_STR(e->log, "made");	/* told from the loop, not from here */
}

static void
let_server_read(struct rig_end *e)
{
	transport_resume_reading(e->rig->server.protocol.transport);
}

/* Over TLS, the writer is there first. */
static void
pause_until_writer_is(struct rig_end *e)
{
	if (strstr(e->rig->client.log, "paused") == NULL)
		rig_pause_reading(e);
}

/* The reader pauses, so the writer is paused; and the other way round. */
static void
back_pressure(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.protocol.ops = &rig_full;
	rig.client.made = write_large;
	rig.client.paused = let_server_read;
	rig.client.resumed = lose_when_all_is_sent;
	rig.server.made = pause_until_writer_is;
	rig.server.quiet = true;
	rig_meet(&rig);
	rig_check(&rig, "made paused resumed lost(0)", "made lost(0)");
	CHECK_INT(rig.server.received, LARGE);
	CHECK_INT(rig.server.sum, large_sum);
	rig_close(&rig);
}

/* What was written before counts too, and the pause is told when it stands. */
static void
early_pressure(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.protocol.ops = &rig_full;
	rig.client.resumed = rig_lose;
	rig.server.quiet = true;
	rig_connect(&rig);
	transport_write(rig.client.protocol.transport, large, LARGE);
	rig_run(&rig, 2);
	rig_check(&rig, "made paused resumed lost(0)", "made lost(0)");
	CHECK_INT(rig.server.received, LARGE);
	rig_close(&rig);
}

/* Bytes that are written at once. */
static size_t written;

static size_t
lose_when_all_is_there(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	if (e->received + len == written)
		rig_lose(e);
	return len;
}

/* Without marks that were set: above 64 KiB, and when nothing is unsent. */
static void
usual_marks(void)
{
	for (written = 65536; written <= 65537; written++) {
		struct rig rig;

		rig_open(&rig);
		rig.client.protocol.ops = &rig_full;
		rig.client.end = rig_lose;
		rig.server.quiet = true;
		rig.server.data = lose_when_all_is_there;
		rig_connect(&rig);
		transport_write(rig.client.protocol.transport, large, written);
		rig_run(&rig, 2);
		CHECK_STR(rig.client.log, written == 65536 ?
		    "made end lost(0)" : "made paused resumed end lost(0)");
		rig_close(&rig);
	}
}

/* From a timer: crosses the mark, and makes room for all that is unsent. */
static void
cross_and_drain(struct reactor_timer *t)
{
	struct rig *rig = (struct rig *)(void *)((char *)t -
	    offsetof(struct rig, watchdog));
	static char sink[65536];
	struct transport *writer = rig->client.protocol.transport;

	while (transport_unsent(writer) == 0)
		transport_write(writer, large, 100);
	while (read(rig->accepted, sink, sizeof(sink)) > 0)
		;
}

/* What is flushed in the turn in which it crossed: paused, then resumed. */
static void
flushed_in_that_turn(void)
{
	struct rig rig;
	int fds[2], i;

	rig_open(&rig);
	rig.client.protocol.ops = &rig_full;
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	CHECK_INT(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
	CHECK_INT(reactor_adopt_socket(rig.reactor, fds[0],
	    &rig.client.protocol), 0);
	rig.accepted = fds[1];
	rig.waiting = 9;
	transport_set_water_marks(rig.client.protocol.transport, 0, 10);
	reactor_iterate(rig.reactor, 0);
	reactor_call_later(rig.reactor, &rig.watchdog, 0, cross_and_drain);
	reactor_iterate(rig.reactor, 0);
	CHECK_INT(transport_unsent(rig.client.protocol.transport), 0);
	for (i = 0; i < 3; i++)
		reactor_iterate(rig.reactor, 0);
	CHECK_STR(rig.client.log, "made paused resumed");
	close(fds[1]);
	rig_close(&rig);
}

static void
set_marks(struct rig_end *e)
{
	transport_set_water_marks(e->protocol.transport, LARGE, 2 * LARGE);
	transport_write(e->protocol.transport, large, LARGE);
	transport_write(e->protocol.transport, large, LARGE);
	rig_lose(e);
}

/* Below the high mark, or on the way out, nobody is told. */
static void
water_marks(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.protocol.ops = &rig_full;
	rig.client.made = set_marks;
	rig.server.quiet = true;
	rig_meet(&rig);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	CHECK_INT(rig.server.received, 2 * LARGE);
	rig_close(&rig);
}

/* ---- a network that takes little at a time ---- */

enum { SLOW_PART = 10000 };

static bool slow_now;		/* from connection_made on */
static unsigned slow_calls;

/* Each second call finds the network full. */
static ssize_t
slow_send(const struct reactor_system *self, int fd, const void *at,
    size_t len)
{
	if (slow_now && ++slow_calls % 2 == 0)
		return -EAGAIN;
	return reactor_system_posix.send(self, fd, at,
	    !slow_now || len < SLOW_PART ? len : SLOW_PART);
}

static ssize_t
slow_sendv(const struct reactor_system *self, int fd,
    const struct iovec *pieces, int count)
{
	(void)count;
	return slow_send(self, fd, pieces->iov_base, pieces->iov_len);
}

static void
rig_open_slowly(struct rig *rig)
{
	static struct reactor_system slow;
	const struct reactor_system *before = rig_options.system;

	slow = before != NULL ? *before : reactor_system_posix;
	slow.send = slow_send;
	slow.sendv = slow_sendv;
	rig_options.system = &slow;
	slow_now = false;
	slow_calls = 0;
	rig_open(rig);
	rig_options.system = before;
	rig->client.protocol.ops = &rig_full;
	rig->server.quiet = true;
}

static void
slow_down(struct rig_end *e)
{
	(void)e;
	slow_now = true;
}

static void
set_low_mark(struct rig_end *e)
{
	slow_down(e);
	transport_set_water_marks(e->protocol.transport, 3 * SLOW_PART,
	    6 * SLOW_PART);
	transport_write(e->protocol.transport, large, 20 * SLOW_PART);
}

static void
check_low_mark(struct rig_end *e)
{
	size_t unsent = transport_unsent(e->protocol.transport);

	CHECK(unsent <= 3 * SLOW_PART);
	CHECK(unsent > SLOW_PART);
	rig_lose(e);
}

/* Whoever waits for the low mark need not wait until all is sent. */
static void
low_mark(void)
{
	struct rig rig;

	rig_open_slowly(&rig);
	rig.client.made = set_low_mark;
	rig.client.resumed = check_low_mark;
	rig_meet(&rig);
	rig_check(&rig, "made paused resumed lost(0)", "made lost(0)");
	CHECK_INT(rig.server.received, 20 * SLOW_PART);
	rig_close(&rig);
}

/*
 * Just above the mark before the connection stands, and below it as soon as
 * the first part is sent: resumed all the same.
 */
static void
early_and_slow(void)
{
	enum { SOME = 66000 };
	struct rig rig;

	rig_open_slowly(&rig);
	rig.client.made = slow_down;
	rig.client.resumed = rig_lose;
	rig_connect(&rig);
	transport_write(rig.client.protocol.transport, large, SOME);
	rig_run(&rig, 2);
	rig_check(&rig, "made paused resumed lost(0)", "made lost(0)");
	CHECK_INT(rig.server.received, SOME);
	rig_close(&rig);
}

static void
lose_if_from_127_0_0_2(struct rig_end *e)
{
	char text[REACTOR_ADDRESS_TEXT];
	struct reactor_address a;

	CHECK_INT(transport_remote_address(e->protocol.transport, &a), 0);
	CHECK_STR(reactor_address_format(&a, text), "127.0.0.2");
	rig_lose(e);
}

/* Where there are more addresses than one, `from` is what the peer sees. */
static void
from_our_address(void)
{
	struct reactor_address from;
	struct reactor_connect_options options = { .from = &from };
	struct rig rig;

	if (!loopback_has("127.0.0.2")) {
		check_skip("there is no 127.0.0.2 here");
		return;
	}
	reactor_address_parse(&from, "127.0.0.2", 9, 0);
	rig_open(&rig);
	rig.server.made = lose_if_from_127_0_0_2;
	CHECK_INT(reactor_connect(rig.reactor, &rig.address, &options,
	    &rig.client.protocol), 0);
	rig_run(&rig, 2);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	rig_close(&rig);
}

/* Nobody connects from an address that another has. */
static void
from_a_taken_address(void)
{
	struct reactor_connect_options options;
	struct rig rig;

	rig_open(&rig);
	options = (struct reactor_connect_options){ .from = &rig.address };
	CHECK_INT(reactor_connect(rig.reactor, &rig.address, &options,
	    &rig.client.protocol), 0);
	rig_run(&rig, 1);
	rig_check_error(&rig.client, "failed", -EADDRINUSE);
	rig_close(&rig);
}

/* More than there can be is refused, and what is there stays. */
static void
too_much_for_memory(void)
{
	struct reactor_buffer b = { 0 };

	CHECK_INT(reactor_buffer_append(&b, "kept", 4), 0);
	CHECK_INT(reactor_buffer_reserve(&b, SIZE_MAX), -ENOMEM);
	CHECK_INT(reactor_buffer_reserve(&b, SIZE_MAX / 2), -ENOMEM);
	CHECK_INT(reactor_buffer_len(&b), 4);
	CHECK(memcmp(b.at + b.head, "kept", 4) == 0);
	reactor_buffer_free(&b);
	CHECK_INT(alloc_live(), 0);
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "echo", echo_and_lose, false },
		{ "before the connection stands",
		    before_the_connection, false },
		{ "lose_connection flushes", lose_flushes, false },
		{ "back-pressure", back_pressure, false },
		{ "back-pressure before that", early_pressure, false },
		{ "the usual marks", usual_marks, false },
		{ "water marks", water_marks, false },
		{ "flushed in the turn of the mark",
		    flushed_in_that_turn, false },
		{ "a low mark above nothing", low_mark, false },
		{ "just above the mark before that", early_and_slow, false },
	};
	static const struct rig_case sources[] = {
		{ "from one of our addresses", from_our_address, true },
		{ "from an address that is taken", from_a_taken_address,
		    true },
	};
	size_t count = sizeof(cases) / sizeof(cases[0]);
	int i;

	for (i = 0; i < LARGE; i++) {
		large[i] = (char)(i * 7 + i / 251);
		large_sum += (unsigned char)large[i];
	}
	rig_each(cases, count, "127.0.0.1");
	rig_each(cases, count, "::1");
	rig_each(cases, count, NULL);
	rig_each_over_tls(cases, count, loopback_any());
	rig_each(sources, sizeof(sources) / sizeof(sources[0]), "127.0.0.1");
	check_case("too much for memory");
	too_much_for_memory();
	return check_done();
}
