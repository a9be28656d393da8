/*
 * reactor_end_test.c - how connections end: lingering, resets, half-closes,
 * peers that are gone or were never there, and what is left of a transport
 * after that; over TCP and UNIX sockets, with each poller.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../reactor/words.h"
#include "reactor_rig.h"

enum { LARGE = 4 << 20 };

static char large[LARGE];

static void
write_more(struct rig_end *e)
{
	transport_write(e->protocol.transport, large, LARGE);
}

static void
write_large(struct rig_end *e)
{
	transport_write(e->protocol.transport, large, LARGE);
	CHECK_STR(e->log, "made");	/* told from the loop, not from here */
}

static void
stop_counting(struct rig_end *e)
{
	reactor_break(e->rig->reactor);
}

static size_t
answer_and_lose(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	transport_write(e->protocol.transport, "bye", 3);
	rig_lose(e);
	return len;
}

static void
say_much(struct rig_end *e)
{
	transport_write(e->protocol.transport, large, 200000);
}

/* The answer is not lost to a reset, though the client was still sending. */
static void
server_lingers(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_much;
	rig.server.data = answer_and_lose;
	rig.server.quiet = true;
	rig_meet(&rig);
	rig_check(&rig, "made \"bye\" lost(0)", "made lost(0)");
	rig_close(&rig);
}

/* But a client that never ends is not listened to for ever. */
static void
lingering_ends(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.protocol.ops = &rig_full;
	rig.client.made = write_large;
	rig.client.resumed = write_more;
	rig.client.quiet = true;
	rig.server.data = rig_lose_at_data;
	rig.server.quiet = true;
	rig_meet(&rig);
	CHECK_STR(rig.server.log, "made lost(0)");
	CHECK(strstr(rig.client.log, "lost(-") != NULL);
	rig_close(&rig);
}

static void
abort_twice(struct rig_end *e)
{
	struct transport *t = e->protocol.transport;

	transport_write(t, large, LARGE);
	transport_abort_connection(t);
	transport_abort_connection(t);
	transport_lose_connection(t);
	transport_write(t, "x", 1);
	CHECK_STR(e->log, "made");
}

/* A full buffer does not matter; the peer of a TCP connection sees a reset. */
static void
abort_resets(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = abort_twice;
	rig.server.quiet = true;
	rig_meet(&rig);
	rig_check_error(&rig.client, "made lost", -ECONNABORTED);
	if (rig_where != NULL)
		rig_check_error(&rig.server, "made lost", -ECONNRESET);
	CHECK_INT(rig.server.farewells, 1);
	rig_close(&rig);
}

static void
ask_and_half_close(struct rig_end *e)
{
	transport_write(e->protocol.transport, large, LARGE);
	transport_half_close(e->protocol.transport);
	transport_half_close(e->protocol.transport);
	transport_write(e->protocol.transport, "no", 2);
}

static void
answer(struct rig_end *e)
{
	transport_write(e->protocol.transport, "answer", 6);
}

static void
answer_and_half_close(struct rig_end *e)
{
	answer(e);
	transport_half_close(e->protocol.transport);
}

static void
answer_and_go(struct rig_end *e)
{
	answer(e);
	rig_lose(e);
}

/* Half-closed by the client, then by the server or wholly closed by it. */
static void
half_close(void)
{
	struct rig rig;
	int i;

	for (i = 0; i < 2; i++) {
		rig_open(&rig);
		rig.client.protocol.ops = &rig_full;
		rig.client.made = ask_and_half_close;
		rig.server.protocol.ops = &rig_full;
		rig.server.quiet = true;
		rig.server.end = i == 0 ? answer_and_half_close :
		    answer_and_go;
		rig_meet(&rig);
		CHECK_INT(rig.server.received, LARGE);
		CHECK_STR(rig.server.log, "made end lost(0)");
		CHECK_STR(rig.client.log,
		    "made paused resumed \"answer\" end lost(0)");
		rig_close(&rig);
	}
}

/* Asked for before the connection stands, it comes when that does. */
static void
half_close_early(void)
{
	struct rig rig;
	int i;

	for (i = 0; i < 2; i++) {
		rig_open(&rig);
		rig.client.protocol.ops = &rig_full;
		rig.server.protocol.ops = &rig_full;
		rig.server.quiet = true;
		rig.server.end = answer_and_go;
		rig_connect(&rig);
		if (i == 0)
			ask_and_half_close(&rig.client);
		else
			transport_half_close(rig.client.protocol.transport);
		rig_run(&rig, 2);
		CHECK_INT(rig.server.received, i == 0 ? LARGE : 0);
		CHECK_STR(rig.server.log, "made end lost(0)");
		CHECK_STR(rig.client.log, i == 0 ?
		    "made paused resumed \"answer\" end lost(0)" :
		    "made \"answer\" end lost(0)");
		rig_close(&rig);
	}
}

/* Who does not mind the end of file still gets its answer out. */
static void
plain_end_flushes(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = ask_and_half_close;
	rig.server.made = say_much;
	rig.server.quiet = rig.client.quiet = true;
	rig_meet(&rig);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	CHECK_INT(rig.server.received, LARGE);
	CHECK_INT(rig.client.received, 200000);
	rig_close(&rig);
}

static void
abort_peer(struct rig_end *e)
{
	(void)e;
	transport_abort_connection(e->rig->server.protocol.transport);
}

/* While reading is paused, the next write tells that the peer has gone. */
static void
gone_while_paused(void)
{
	struct rig rig;
	struct rig_end *client = &rig.client;
	int i;

	rig_open(&rig);
	client->made = rig_pause_reading;
	rig.server.data = rig_lose_at_data;
	rig.server.made = stop_counting;
	rig_meet(&rig);
	abort_peer(client);
	rig_run(&rig, 1);
	for (i = 0; i < 4000 && client->farewells == 0; i++) {
		transport_write(client->protocol.transport, large, 100);
		reactor_iterate(rig.reactor, 0);
	}
	CHECK_INT(client->farewells, 1);
	CHECK(strstr(client->log, "lost(-") != NULL);
	rig_close(&rig);
}

/* ---- an answer behind a broken pipe ---- */

static size_t
leave_two(struct rig_end *e, const char *at, size_t len)
{
	(void)e;
	(void)at;
	return len > 2 ? len - 2 : 0;
}

static void
resume_reading(struct rig_end *e)
{
	transport_resume_reading(e->protocol.transport);
}

static void
settle(struct rig *rig)
{
	int i;

	for (i = 0; i < 6; i++)
		reactor_iterate(rig->reactor, 0);
}

/* A client at one end of a pair of sockets; the test is at the other. */
static int
adopt(struct rig *rig, void (*made)(struct rig_end *))
{
	int fds[2];

	rig_open(rig);
	rig->waiting = 9;
	rig->client.protocol.ops = &rig_full;
	rig->client.made = made;
	CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	CHECK_INT(reactor_adopt_socket(rig->reactor, fds[0],
	    &rig->client.protocol), 0);
	settle(rig);
	return fds[1];
}

static void
say(int fd, const char *text)
{
	CHECK_INT(write(fd, text, strlen(text)), (int)strlen(text));
}

static void
write_in_vain(struct rig *rig)
{
	transport_write(rig->client.protocol.transport, "x", 1);
	settle(rig);
}

/* Paused or not, what has come is shown before the error is told. */
static void
answer_behind_a_broken_pipe(void)
{
	struct rig rig;
	int peer, paused;

	for (paused = 0; paused < 2; paused++) {
		peer = adopt(&rig, paused ? rig_pause_reading : NULL);
		say(peer, "answer");
		close(peer);
		write_in_vain(&rig);
		if (paused) {
			CHECK_STR(rig.client.log, "made");
			resume_reading(&rig.client);
			settle(&rig);
		}
		rig_check_error(&rig.client, "made \"answer\" lost", -EPIPE);
		rig_close(&rig);
	}
}

/* If nothing has come, who is paused hears of it now, or never would. */
static void
nothing_behind_a_broken_pipe(void)
{
	struct rig rig;

	close(adopt(&rig, rig_pause_reading));
	write_in_vain(&rig);
	rig_check_error(&rig.client, "made lost", -EPIPE);
	rig_close(&rig);
}

/* A leftover is shown after a resume, whatever was paused when. */
static void
leftover_behind_a_broken_pipe(void)
{
	struct rig rig;
	int peer, when;

	for (when = 0; when < 3; when++) {
		peer = adopt(&rig, NULL);
		rig.client.data = leave_two;
		say(peer, "abcd");
		settle(&rig);
		if (when == 0)
			rig_pause_reading(&rig.client);
		shutdown(peer, SHUT_RD);
		write_in_vain(&rig);
		rig_pause_reading(&rig.client);
		if (when == 2)
			write_in_vain(&rig);
		resume_reading(&rig.client);
		settle(&rig);
		CHECK_STR(rig.client.log, "made \"abcd\" \"cd\"");
		say(peer, "ef");
		close(peer);
		settle(&rig);
		rig_check_error(&rig.client,
		    "made \"abcd\" \"cd\" \"cdef\" \"ef\" lost", -EPIPE);
		rig_close(&rig);
	}
}

/* A writer that was paused is resumed, and may read when it hears that. */
static void
resumed_by_a_broken_pipe(void)
{
	struct rig rig;
	int peer;

	peer = adopt(&rig, write_large);
	rig.client.paused = rig_pause_reading;
	rig.client.resumed = resume_reading;
	settle(&rig);
	CHECK_STR(rig.client.log, "made paused");
	rig_pause_reading(&rig.client);
	say(peer, "answer");
	close(peer);
	settle(&rig);
	CHECK(strstr(rig.client.log,
	    "made paused resumed \"answer\" lost(-") == rig.client.log);
	rig_close(&rig);
}

static void
refuse(void)
{
	struct rig rig;

	rig_open(&rig);
	reactor_listener_stop(rig.listener);
	reactor_iterate(rig.reactor, 0);
	CHECK_INT(rig.stopped, 1);
	rig_connect(&rig);
	rig_run(&rig, 1);
	rig_check_error(&rig.client, "failed", -ECONNREFUSED);
	rig_close(&rig);
}

/* Everything may be called in a farewell, and does nothing. */
static void
use_dead(struct rig_end *e, int reason)
{
	struct transport *t = e->protocol.transport;
	struct reactor_address a;

	transport_write(t, large, LARGE);
	transport_lose_connection(t);
	transport_abort_connection(t);
	transport_half_close(t);
	transport_pause_reading(t);
	transport_resume_reading(t);
	transport_set_timeout(t, 1);
	transport_set_leftover_limit(t, 1);
	transport_set_water_marks(t, 1, 1);
	transport_set_protocol(t, &e->protocol);
	CHECK_INT(transport_unsent(t), 0);
	CHECK_INT(transport_local_address(t, &a), -ENOTCONN);
	CHECK_INT(transport_remote_address(t, &a), -ENOTCONN);
	CHECK_STR(transport_reason(t), reactor_strerror(reason));
}

static void
dead_transports(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = rig_lose;
	rig.client.lost = rig.server.lost = use_dead;
	rig_meet(&rig);
	rig_check(&rig, "made lost(0)", "made lost(0)");
	rig_init_end(&rig, &rig.client, &rig_plain);
	rig.client.lost = use_dead;
	rig_connect(&rig);
	transport_abort_connection(rig.client.protocol.transport);
	rig_run(&rig, 1);
	rig_check_error(&rig.client, "failed", -ECANCELED);
	rig_close(&rig);
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "a server lingers", server_lingers, false },
		{ "but not for ever", lingering_ends, false },
		{ "abort_connection resets", abort_resets, false },
		{ "half-close", half_close, false },
		{ "half-close before the connection stands",
		    half_close_early, false },
		{ "the end of file flushes", plain_end_flushes, false },
		{ "a peer gone while paused", gone_while_paused, false },
		{ "an answer behind a broken pipe",
		    answer_behind_a_broken_pipe, true },
		{ "nothing behind a broken pipe",
		    nothing_behind_a_broken_pipe, true },
		{ "a leftover behind a broken pipe",
		    leftover_behind_a_broken_pipe, true },
		{ "resumed by a broken pipe", resumed_by_a_broken_pipe, true },
		{ "nobody listens", refuse, false },
		{ "dead transports", dead_transports, false },
	};
	size_t count = sizeof(cases) / sizeof(cases[0]);

	rig_each(cases, count, "127.0.0.1");
	rig_each(cases, count, "::1");
	rig_each(cases, count, NULL);
	rig_each_over_tls(cases, count, loopback_any());
	return check_done();
}
