/*
 * http_third_test.c - the third page from a host that may have one connection:
 * after each two ways in which the first two can end, and after waits that
 * were cancelled.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "http_rig.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define SECOND_NS 1000000000u

/* An answer of 60,000 bytes: so long a rest is read, a longer one is not. */
static char third_large[61000];

static void
third_fill_large(void)
{
	int n = snprintf(third_large, sizeof(third_large),
	    OK "Content-Length: 60000\r\n\r\n");

	memset(third_large + n, '.', 60000);
}

/* ---- a sink that has enough at once ---- */

static enum http_sink_answer
third_sink_begin(struct http_sink *sink, const struct http_page *page)
{
	(void)sink;
	(void)page;
	return HTTP_SINK_CONTINUE;
}

static enum http_sink_answer
third_sink_data(struct http_sink *sink, const char *at, size_t len)
{
	(void)sink;
	(void)at;
	(void)len;
	return HTTP_SINK_ENOUGH;
}

static const struct http_sink_ops third_sink_ops = {
	.begin = third_sink_begin, .data = third_sink_data,
};

/* ---- how a request ends ---- */

enum third_wait {
	THIRD_TO_ITS_END,
	THIRD_ENOUGH,			/* a sink wants no more than a byte */
	THIRD_CANCEL_AT_ONCE,
	THIRD_CANCEL_CONNECTING,	/* or after one turn, where it is */
	THIRD_CANCEL_WAITING
};

/* How one request ends. */
static const struct third_way {
	const char *name;
	const char *say;
	enum script_end end;
	const char *want;
	enum third_wait wait;
	bool keeps;			/* the connection, for the next */
} third_ways[] = {
	{ "is kept", OK "Content-Length: 2\r\n\r\nhi", SCRIPT_STAY, "page",
	    THIRD_TO_ITS_END, true },
	{ "says close", OK "Connection: close\r\nContent-Length: 2\r\n\r\nhi",
	    SCRIPT_STAY, "page", THIRD_TO_ITS_END, false },
	{ "is kept and closed", OK "Content-Length: 2\r\n\r\nhi",
	    SCRIPT_CLOSE, "page", THIRD_TO_ITS_END, false },
	{ "is kept and reset", OK "Content-Length: 2\r\n\r\nhi",
	    SCRIPT_RESET, "page", THIRD_TO_ITS_END, false },
	{ "ends with the connection", OK "\r\nhi", SCRIPT_CLOSE, "page",
	    THIRD_TO_ITS_END, false },
	{ "has chunks", OK "Transfer-Encoding: chunked\r\n\r\n"
	    "2\r\nhi\r\n0\r\nX: y\r\n\r\n", SCRIPT_STAY, "page",
	    THIRD_TO_ITS_END, true },
	{ "has an interim answer", "HTTP/1.1 103 E\r\n\r\n"
	    OK "Content-Length: 2\r\n\r\nhi", SCRIPT_STAY, "page",
	    THIRD_TO_ITS_END, true },
	{ "has too many bytes", OK "Content-Length: 2\r\n\r\nhi" OK,
	    SCRIPT_STAY, "page", THIRD_TO_ITS_END, false },
	{ "is no page", "HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nhi",
	    SCRIPT_STAY, "status", THIRD_TO_ITS_END, true },
	{ "is too large", OK "Content-Length: 7\r\n\r\n1234567", SCRIPT_STAY,
	    "too-large", THIRD_TO_ITS_END, true },
	{ "is no gzip", OK "Content-Encoding: gzip\r\nContent-Length: 4\r\n"
	    "\r\nhihi", SCRIPT_STAY, "bad-response", THIRD_TO_ITS_END, true },
	{ "has two lengths", OK "Content-Length: 2\r\nContent-Length: 3\r\n"
	    "\r\nhi", SCRIPT_STAY, "bad-response", THIRD_TO_ITS_END, false },
	{ "is no HTTP", "SSH-2.0-OpenSSH\r\n\r\n", SCRIPT_STAY,
	    "bad-response", THIRD_TO_ITS_END, false },
	{ "is reset", "", SCRIPT_RESET, "reset", THIRD_TO_ITS_END, false },
	{ "breaks off in the head", "HTTP/1.1 200 OK\r\nX", SCRIPT_CLOSE,
	    "reset", THIRD_TO_ITS_END, false },
	{ "breaks off in the content", OK "Content-Length: 3\r\n\r\nhi",
	    SCRIPT_CLOSE, "reset", THIRD_TO_ITS_END, false },
	{ "is late", "", SCRIPT_STAY, "timeout", THIRD_TO_ITS_END, false },
	{ "is late within its content", OK "Transfer-Encoding: chunked\r\n"
	    "\r\n2\r\nhi\r\n", SCRIPT_STAY, "timeout",
	    THIRD_TO_ITS_END, false },
	{ "is enough, and a rest is read", third_large, SCRIPT_STAY,
	    "page", THIRD_ENOUGH, true },
	{ "is enough, and no rest comes", OK "Content-Length: 60\r\n\r\n"
	    "hi", SCRIPT_STAY, "page", THIRD_ENOUGH, false },
	{ "is enough, and the rest is long", OK "Content-Length: 99999\r\n"
	    "\r\nhi", SCRIPT_STAY, "page", THIRD_ENOUGH, false },
	{ "is cancelled at once", "", SCRIPT_STAY, "cancelled",
	    THIRD_CANCEL_AT_ONCE, false },
	{ "is cancelled when it has begun", "", SCRIPT_STAY, "cancelled",
	    THIRD_CANCEL_CONNECTING, false },
	{ "is cancelled before its answer", "", SCRIPT_STAY, "cancelled",
	    THIRD_CANCEL_WAITING, false },
	{ "is cancelled in its content", OK "Content-Length: 3\r\n\r\nhi",
	    SCRIPT_STAY, "cancelled", THIRD_CANCEL_WAITING, false },
};

enum { THIRD_WAYS = sizeof(third_ways) / sizeof(*third_ways) };

/* Waits until it has ended, or cancels it where it says. */
static void
third_wait(struct rig *rig, struct rig_got *got, enum third_wait wait)
{
	if (wait == THIRD_CANCEL_CONNECTING)
		reactor_iterate(rig->reactor, 0);
	if (wait == THIRD_CANCEL_WAITING)
		rig_settle(rig);
	if (wait == THIRD_TO_ITS_END || wait == THIRD_ENOUGH)
		rig_skip(rig, 10 * (uint64_t)SECOND_NS);
	else
		deferred_cancel(got->deferred);
}

/* Gets a page that ends in this way. */
static void
third_use(struct rig *rig, const struct third_way *way)
{
	struct http_get_options o = {
		.max_body = 6, .timeout_ns = 5 * (uint64_t)SECOND_NS,
	};
	/* On a used connection what is reset is asked for once more. */
	struct script_step steps[2] = { { way->say, 0, 20000, way->end } };
	struct http_sink sink = { &third_sink_ops };
	struct rig_got got;

	if (way->wait == THIRD_ENOUGH)
		o.sink = &sink;
	steps[1] = steps[0];
	script_play(&rig->script, steps, 2);
	rig_start(rig, &got, "/", &o);
	third_wait(rig, &got, way->wait);
	CHECK_INT(got.fired, 1);
	CHECK_STR(rig_name(&got), way->want);
	if (got.page != NULL && o.sink == NULL)
		CHECK_BYTES(got.page->body, got.page->body_len, "hi");
	rig_clear(&got);
	/* What is on its way yet is no request of the next page. */
	if (way->wait == THIRD_CANCEL_CONNECTING)
		rig_settle(rig);
}

/*
 * Gets a page, as if nothing had been before, on a connection that was kept,
 * or on a new one.  A minute it is kept, too.
 */
static void
third_works(struct rig *rig, bool kept)
{
	static const struct script_step step = {
		OK "Content-Length: 5\r\n\r\nthird", 0, 0, SCRIPT_STAY,
	};
	struct rig_got got;

	script_play(&rig->script, &step, 1);
	rig_start(rig, &got, "/third", NULL);
	rig_skip(rig, SECOND_NS);
	CHECK_INT(got.fired, 1);
	CHECK_STR(rig_name(&got), "page");
	if (got.page != NULL)
		CHECK_BYTES(got.page->body, got.page->body_len, "third");
	CHECK_INT(rig->script.requests, 1);
	CHECK_INT(rig->script.connections, !kept);
	rig_clear(&got);
	rig_skip(rig, 50 * (uint64_t)SECOND_NS);
	CHECK(!reactor_list_is_empty(&rig->script.peers));
}

/* An hour later nothing is left: no more memory than at the beginning. */
static void
third_hour(struct rig *rig, long live)
{
	rig_pass_hour(rig);
	CHECK_INT(alloc_live(), live);
}

static void
third_pair(const struct third_way *first, const struct third_way *second,
    bool pause)
{
	struct http_client_options o = { .per_host = 1, .max_idle = 1 };
	long before = alloc_live(), live;
	struct rig rig;

	rig_open(&rig, &o);
	live = alloc_live();
	third_use(&rig, first);
	if (pause)
		third_hour(&rig, live);
	third_use(&rig, second);
	if (pause)
		third_hour(&rig, live);
	third_works(&rig, !pause && (second->keeps || (first->keeps &&
	    second->wait == THIRD_CANCEL_AT_ONCE)));
	third_hour(&rig, live);
	third_works(&rig, false);
	rig_close(&rig);
	CHECK_INT(alloc_live(), before);
}

static void
third_test(void)
{
	char name[120];

	for (int i = 0; i < THIRD_WAYS * THIRD_WAYS; i++) {
		const struct third_way *first = &third_ways[i / THIRD_WAYS];
		const struct third_way *second = &third_ways[i % THIRD_WAYS];

		snprintf(name, sizeof(name), "one %s, one %s, a third works",
		    first->name, second->name);
		check_case(name);
		third_pair(first, second, false);
		third_pair(first, second, true);
	}
}

/*
 * Of two that wait behind one that ends in this way, the first is cancelled
 * in the queue; the other gets its page.
 */
static void
third_queue(const struct third_way *way)
{
	struct http_client_options o = { .per_host = 1 };
	struct http_get_options get = {
		.max_body = 6, .timeout_ns = 5 * (uint64_t)SECOND_NS,
	};
	const struct script_step steps[2] = {
		{ way->say, 0, 20000, way->end },
		{ OK "Content-Length: 5\r\n\r\nthird", 0, 0, SCRIPT_STAY },
	};
	struct http_sink sink = { &third_sink_ops };
	/* What is cancelled before it is sent takes no answer. */
	size_t unsent = way->wait == THIRD_CANCEL_AT_ONCE ||
	    way->wait == THIRD_CANCEL_CONNECTING;
	struct rig_got got[3];
	struct rig rig;
	long live;

	rig_open(&rig, &o);
	live = alloc_live();
	script_play(&rig.script, steps + unsent, 2 - unsent);
	for (int i = 0; i < 3; i++) {
		get.sink = way->wait == THIRD_ENOUGH && i == 0 ? &sink : NULL;
		rig_start(&rig, &got[i], "/", &get);
	}
	deferred_cancel(got[1].deferred);
	third_wait(&rig, &got[0], way->wait);
	rig_skip(&rig, 10 * (uint64_t)SECOND_NS);
	CHECK_STR(rig_name(&got[0]), way->want);
	CHECK_STR(rig_name(&got[1]), "cancelled");
	CHECK_STR(rig_name(&got[2]), "page");
	for (int i = 0; i < 3; i++) {
		CHECK_INT(got[i].fired, 1);
		rig_clear(&got[i]);
	}
	third_hour(&rig, live);
	rig_close(&rig);
}

static void
third_queue_test(void)
{
	char name[120];

	for (int i = 0; i < THIRD_WAYS; i++) {
		snprintf(name, sizeof(name),
		    "one %s, one is cancelled in the queue",
		    third_ways[i].name);
		check_case(name);
		third_queue(&third_ways[i]);
	}
}

int
main(void)
{
	third_fill_large();
	third_test();
	third_queue_test();
	return check_done();
}
