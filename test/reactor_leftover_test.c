/*
 * reactor_leftover_test.c - what a protocol leaves unused, when it is shown
 * again, and what that costs; pausing; handing over to another protocol.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "reactor_rig.h"

enum { DRIP = 10000 };

static char bytes[1 << 16];	/* as long as the usual limit */

/* ---- hooks ---- */

static void
say_abcd(struct rig_end *e)
{
	transport_write(e->protocol.transport, "abcd", 4);
}

static void
say_abcd_and_lose(struct rig_end *e)
{
	say_abcd(e);
	transport_lose_connection(e->protocol.transport);
}

static void
say_a_thousand(struct rig_end *e)
{
	transport_write(e->protocol.transport, bytes, 1000);
	transport_lose_connection(e->protocol.transport);
}

static void
fill_twice(struct rig_end *e)
{
	transport_write(e->protocol.transport, bytes, sizeof(bytes));
	transport_write(e->protocol.transport, bytes, sizeof(bytes));
}

static size_t
use_one(struct rig_end *e, const char *at, size_t len)
{
	(void)e;
	(void)at;
	(void)len;
	return 1;
}

static size_t
use_none_of_three(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	(void)len;
	transport_set_leftover_limit(e->protocol.transport, 3);
	return 0;
}

/* More than there is counts as all. */
static size_t
use_too_many(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	rig_lose(e);
	return len + 1000 > e->received ? len : 0;
}

/* A call of the loop's, to act on the server from outside of its calls. */
static struct reactor_call later;
static struct rig *later_rig;

static void
resume_server(struct reactor_call *c)
{
	(void)c;
	transport_resume_reading(later_rig->server.protocol.transport);
}

static size_t
use_one_and_pause(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	(void)len;
	transport_pause_reading(e->protocol.transport);
	later_rig = e->rig;
	reactor_call_init(&later, resume_server);
	reactor_call_soon(e->rig->reactor, &later);
	return 1;
}

/* ---- leftovers ---- */

/* A leftover comes with the next bytes, and once more at the end. */
static void
leftover_at_the_end(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_abcd_and_lose;
	rig.server.protocol.ops = &rig_full;
	rig.server.data = use_one;
	rig.server.end = rig_lose;
	rig_meet(&rig);
	CHECK_STR(rig.server.log, "made \"abcd\" \"bcd\" end lost(0)");
	rig_close(&rig);
}

/* After a resume the leftover comes without new bytes, and then the end. */
static void
leftover_after_resume(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_abcd_and_lose;
	rig.server.protocol.ops = &rig_full;
	rig.server.data = use_one_and_pause;
	rig.server.end = rig_lose;
	rig_meet(&rig);
	CHECK_STR(rig.server.log,
	    "made \"abcd\" \"bcd\" \"cd\" \"d\" end lost(0)");
	rig_close(&rig);
}

/* How each call pauses and resumes; all use one byte. */
enum pausing { PAUSE_AT_ONCE, PAUSE_LATER, PAUSE_TWICE, PAUSE_RESUMED_BOTH,
	PAUSINGS };

static enum pausing pausings[4];
static size_t pausing_at;

static size_t
use_one_and_pause_so(struct rig_end *e, const char *at, size_t len)
{
	struct transport *t = e->protocol.transport;
	enum pausing how = pausings[pausing_at++ % 4];

	if (how == PAUSE_LATER || how == PAUSE_TWICE)
		use_one_and_pause(e, at, len);
	if (how != PAUSE_LATER)
		transport_pause_reading(t);
	if (how == PAUSE_AT_ONCE || how == PAUSE_RESUMED_BOTH)
		transport_resume_reading(t);
	return 1;
}

/* A third and a fourth call, after two that pause and resume in any way. */
static void
third_after_resumes(void)
{
	struct rig rig;

	for (int i = 0; i < PAUSINGS * PAUSINGS; i++) {
		pausings[0] = (enum pausing)(i / PAUSINGS);
		pausings[1] = (enum pausing)(i % PAUSINGS);
		pausings[2] = pausings[3] = PAUSE_LATER;
		pausing_at = 0;
		rig_open(&rig);
		rig.client.made = say_abcd_and_lose;
		rig.server.protocol.ops = &rig_full;
		rig.server.data = use_one_and_pause_so;
		rig.server.end = rig_lose;
		rig_meet(&rig);
		CHECK_STR(rig.server.log,
		    "made \"abcd\" \"bcd\" \"cd\" \"d\" end lost(0)");
		rig_close(&rig);
	}
}

static size_t
pause_and_resume(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	transport_pause_reading(e->protocol.transport);
	transport_resume_reading(e->protocol.transport);
	return len > 2 ? 2 : len;
}

/* Both in one call: the leftover is shown again, from the loop. */
static void
pause_and_resume_at_once(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_abcd_and_lose;
	rig.server.data = pause_and_resume;
	rig_meet(&rig);
	CHECK_STR(rig.server.log, "made \"abcd\" \"cd\" lost(0)");
	rig_close(&rig);
}

static void
leftover_limit(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_abcd;
	rig.server.data = use_none_of_three;
	rig_meet(&rig);
	rig_check_error(&rig.server, "made \"abcd\" lost", -EMSGSIZE);
	rig_close(&rig);
}

static size_t
use_none_at_the_limit(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	transport_set_leftover_limit(e->protocol.transport, len);
	return 0;
}

/* As much as the limit is allowed. */
static void
leftover_of_the_limit(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_abcd_and_lose;
	rig.server.data = use_none_at_the_limit;
	rig_meet(&rig);
	CHECK_STR(rig.server.log, "made \"abcd\" \"abcd\" lost(0)");
	rig_close(&rig);
}

static size_t
use_none(struct rig_end *e, const char *at, size_t len)
{
	(void)e;
	(void)at;
	(void)len;
	return 0;
}

/* Bytes behind the first 64 KiB. */
static size_t more;

static void
say_the_usual_limit(struct rig_end *e)
{
	transport_write(e->protocol.transport, bytes, sizeof(bytes));
	transport_write(e->protocol.transport, bytes, more);
	rig_lose(e);
}

/* Nothing is used; without a limit that was set, 64 KiB may lie there. */
static void
leftover_of_the_usual_limit(void)
{
	for (more = 0; more < 2; more++) {
		struct rig rig;

		rig_open(&rig);
		rig.client.made = say_the_usual_limit;
		rig.server.quiet = true;
		rig.server.data = use_none;
		rig_meet(&rig);
		rig_check_error(&rig.server, "made lost",
		    more == 0 ? 0 : -EMSGSIZE);
		rig_close(&rig);
	}
}

static size_t
pause_now_and_then(struct rig_end *e, size_t used)
{
	if (used > 0)
		use_one_and_pause(e, NULL, 0);
	return used;
}

/* The first hundred bytes are missing: nearly a message lies unused. */
static size_t
take_message(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	CHECK(len <= sizeof(bytes) + 1);
	if (e->received == 0 && len == 63900)
		reactor_break(e->rig->reactor);
	if (len >= 64000 && e->received == 64000 * 3)
		rig_lose(e);
	return pause_now_and_then(e, len >= 64000 ? 64000 : 0);
}

/*
 * A burst behind a leftover: a protocol that takes its messages one by one
 * and pauses after each keeps the limit, however much is on its way.
 */
static void
burst_behind_a_leftover(void)
{
	struct transport *client;
	struct rig rig;
	int i;

	rig_open(&rig);
	rig.server.quiet = true;
	rig.server.data = take_message;
	rig_connect(&rig);
	client = rig.client.protocol.transport;
	transport_write(client, bytes, 63900);
	rig_run(&rig, 9);
	for (i = 0; i < 3; i++)
		transport_write(client, bytes, sizeof(bytes));
	rig_run(&rig, 2);
	CHECK_INT(rig.server.received, 4 * 64000);
	CHECK_STR(rig.server.log, "made lost(0)");
	rig_close(&rig);
}

static void
limit_100(struct rig_end *e)
{
	transport_set_leftover_limit(e->protocol.transport, 100);
}

static size_t
take_hundred(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	CHECK(len <= 101);
	return pause_now_and_then(e, len >= 100 ? 100 : 0);
}

/* A small limit holds for the first bytes, too. */
static void
burst_at_first(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_a_thousand;
	rig.server.quiet = true;
	rig.server.made = limit_100;
	rig.server.data = take_hundred;
	rig_meet(&rig);
	CHECK_INT(rig.server.received, 1000);
	CHECK_STR(rig.server.log, "made lost(0)");
	rig_close(&rig);
}

/* More than the limit is still too much, however large the limit is. */
static void
burst_of_nothing_used(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = fill_twice;
	rig.server.quiet = true;
	rig.server.data = use_none;
	rig_meet(&rig);
	rig_check_error(&rig.server, "made lost", -EMSGSIZE);
	rig_close(&rig);
}

/* A protocol that closes is shown nothing more, whatever it used. */
static void
no_leftover_after_losing(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_abcd;
	rig.server.data = use_too_many;
	rig_meet(&rig);
	CHECK_STR(rig.server.log, "made \"abcd\" lost(0)");
	CHECK_INT(alloc_live() > 0, 1);
	rig_close(&rig);
}

/* ---- a drip is not quadratic ---- */

static size_t
ask_for_more(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	if (len == DRIP) {
		rig_lose(e);
		return len;
	}
	transport_write(e->protocol.transport, "+", 1);
	return 0;
}

static size_t
drip(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	transport_write(e->protocol.transport, "x", 1);
	return len;
}

static void
drip_once(struct rig_end *e)
{
	drip(e, "", 1);
}

/*
 * Bytes are moved only into new memory, so the number of allocations bounds
 * what is copied: a few doublings, however many bytes come one by one.
 */
static void
drip_is_linear(void)
{
	struct rig rig;
	long made;

	rig_open(&rig);
	rig.client.made = drip_once;
	rig.client.data = drip;
	rig.server.data = ask_for_more;
	rig.client.quiet = rig.server.quiet = true;
	rig_connect(&rig);
	made = alloc_made();
	rig_run(&rig, 2);
	CHECK_INT(rig.server.received, DRIP);
	CHECK(alloc_made() - made < 20);
	rig_close(&rig);
}

/* The oldest byte is used whenever one more comes; the leftover stays large. */
static size_t
use_the_first(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	if (len < sizeof(bytes) - 4100)
		return 0;
	if (e->received == DRIP) {
		rig_lose(e);
		return len;
	}
	transport_write(e->protocol.transport, "+", 1);
	return 1;
}

static void
fill_leftover(struct rig_end *e)
{
	transport_write(e->protocol.transport, bytes, sizeof(bytes) - 4100);
}

static void
sliding_leftover_is_linear(void)
{
	struct rig rig;
	long made;

	rig_open(&rig);
	rig.client.made = fill_leftover;
	rig.client.data = drip;
	rig.server.data = use_the_first;
	rig.client.quiet = rig.server.quiet = true;
	rig_connect(&rig);
	made = alloc_made();
	rig_run(&rig, 2);
	CHECK(rig.server.received > DRIP);
	CHECK(alloc_made() - made < 30);
	rig_close(&rig);
}

/* ---- handing over ---- */

static struct rig_end heir;

static size_t
hand_over(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	(void)len;
	transport_set_protocol(e->protocol.transport, &heir.protocol);
	return 2;
}

/* The heir gets the leftover, the end and the farewell. */
static void
hand_over_the_leftover(void)
{
	struct rig rig;
	int i;

	for (i = 0; i < 2; i++) {
		rig_open(&rig);
		rig.client.made = i == 0 ? say_abcd : say_abcd_and_lose;
		rig.server.data = hand_over;
		rig_init_end(&rig, &heir, &rig_full);
		heir.end = rig_lose;
		if (i == 0)
			heir.data = use_too_many;
		rig_meet(&rig);
		CHECK_STR(rig.server.log, "made \"abcd\"");
		CHECK_STR(heir.log, i == 0 ? "\"cd\" lost(0)" :
		    "\"cd\" end lost(0)");
		rig_close(&rig);
	}
}

static size_t
hand_over_at_end(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	if (len == 4)
		return 1;
	transport_set_protocol(e->protocol.transport, &heir.protocol);
	return 0;
}

/* Also when the leftover is only shown because the end has come. */
static void
hand_over_at_the_end(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_abcd_and_lose;
	rig.server.data = hand_over_at_end;
	rig_init_end(&rig, &heir, &rig_full);
	heir.end = rig_lose;
	rig_meet(&rig);
	CHECK_STR(rig.server.log, "made \"abcd\" \"bcd\"");
	CHECK_STR(heir.log, "\"bcd\" end lost(0)");
	rig_close(&rig);
}

static size_t
hand_over_paused(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	(void)len;
	use_one_and_pause(e, NULL, 0);
	transport_set_protocol(e->protocol.transport, &heir.protocol);
	rig_note(&heir, "(handed over)");
	later_rig->server.protocol.transport = e->protocol.transport;
	return 4;
}

/* A paused connection stays paused for the heir; it may want no calls. */
static void
hand_over_while_paused(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.made = say_abcd_and_lose;
	rig.server.data = hand_over_paused;
	rig_init_end(&rig, &heir, &rig_plain);
	rig_meet(&rig);
	CHECK_STR(heir.log, "(handed over) lost(0)");
	rig_close(&rig);
}

static void
write_and_hand_over(struct rig_end *e)
{
	int i;

	for (i = 0; i < 64; i++)
		transport_write(e->protocol.transport, bytes, sizeof(bytes));
	transport_set_protocol(e->protocol.transport, &heir.protocol);
}

/* An heir without write_paused is not told of the pause that is due. */
static void
hand_over_while_full(void)
{
	struct rig rig;

	rig_open(&rig);
	rig.client.protocol.ops = &rig_full;
	rig.client.made = write_and_hand_over;
	rig.server.quiet = true;
	rig_init_end(&rig, &heir, &rig_plain);
	rig_connect(&rig);
	rig.waiting = 1;
	while (rig.server.received < 64 * sizeof(bytes))
		reactor_iterate(rig.reactor, -1);
	CHECK_STR(heir.log, "");
	CHECK_STR(rig.client.log, "made");
	transport_lose_connection(heir.protocol.transport);
	rig_run(&rig, 2);
	rig_close(&rig);
}

int
main(void)
{
	static const struct rig_case cases[] = {
		{ "a leftover at the end of file", leftover_at_the_end, false },
		{ "a leftover after a resume", leftover_after_resume, false },
		{ "a third after resumes", third_after_resumes, false },
		{ "pause and resume at once", pause_and_resume_at_once, false },
		{ "the limit of a leftover", leftover_limit, false },
		{ "a leftover of the limit", leftover_of_the_limit, false },
		{ "a leftover of the usual limit",
		    leftover_of_the_usual_limit, false },
		{ "a burst behind a leftover", burst_behind_a_leftover, false },
		{ "a burst at first", burst_at_first, false },
		{ "a burst of which nothing is used",
		    burst_of_nothing_used, false },
		{ "no leftover after losing", no_leftover_after_losing, false },
		{ "a drip", drip_is_linear, false },
		{ "a leftover that slides", sliding_leftover_is_linear, false },
		{ "handing over a leftover", hand_over_the_leftover, false },
		{ "handing over at the end", hand_over_at_the_end, false },
		{ "handing over while paused", hand_over_while_paused, false },
		{ "handing over while full", hand_over_while_full, false },
	};
	size_t count = sizeof(cases) / sizeof(cases[0]);

	rig_each(cases, count, loopback_any());
	rig_each(cases, count, NULL);
	rig_each_over_tls(cases, count, loopback_any());
	return check_done();
}
