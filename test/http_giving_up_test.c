/*
 * http_giving_up_test.c - pages that are cancelled, that take too long, or
 * whose client is freed under way.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/head.h"
#include "check.h"
#include "http_rig.h"

#define OK "HTTP/1.1 200 OK\r\n"

static const struct script_step giving_up_hi = {
	OK "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_REPEAT
};
static const struct script_step giving_up_mute = {"", 0, 0, SCRIPT_REPEAT};

static void
giving_up_cancels(void)
{
	struct http_client_options o = {.per_host = 1};
	struct rig_got got[3];
	struct rig rig;

	check_case("cancel: before anything, queued, and under way");
	rig_open(&rig, &o);
	script_play(&rig.script, &giving_up_mute, 1);
	rig_start(&rig, &got[0], "/", NULL);
	deferred_cancel(got[0].deferred);
	CHECK_STR(rig_name(&got[0]), "cancelled");
	rig_clear(&got[0]);

	for (int i = 0; i < 3; i++)
		rig_start(&rig, &got[i], "/", NULL);
	reactor_iterate(rig.reactor, 0);	/* connecting */
	deferred_cancel(got[0].deferred);
	CHECK_STR(rig_name(&got[0]), "cancelled");
	rig_settle(&rig);			/* the second is under way */
	CHECK_INT(rig.script.requests, 1);
	deferred_cancel(got[2].deferred);
	CHECK_STR(rig_name(&got[2]), "cancelled");
	deferred_cancel(got[1].deferred);
	deferred_cancel(got[1].deferred);
	CHECK_STR(rig_name(&got[1]), "cancelled");
	rig_settle(&rig);
	CHECK(reactor_list_is_empty(&rig.script.peers));
	for (int i = 0; i < 3; i++) {
		CHECK_INT(got[i].fired, 1);
		rig_clear(&got[i]);
	}
	rig_pass_hour(&rig);
	rig_close(&rig);
}

static const uint64_t giving_up_second = 1000000000;

static void
giving_up_deadline(const char *say, const char *phase)
{
	struct script_step step = {say, 0, 0, SCRIPT_STAY};
	struct rig_got got;
	struct rig rig;

	rig_open(&rig, NULL);
	script_play(&rig.script, &step, 1);
	rig_start(&rig, &got, "/", NULL);
	rig_settle(&rig);
	rig_skip(&rig, 20 * giving_up_second);
	CHECK_INT(got.fired, 0);
	rig_skip(&rig, 10 * giving_up_second);
	CHECK_STR(rig_name(&got), "timeout");
	CHECK(got.failure != NULL &&
	    strncmp(got.failure->message, "127.0.0.1:", 10) == 0 &&
	    strstr(got.failure->message, phase) != NULL);
	CHECK_INT(rig.script.requests, 1);
	CHECK_INT(rig.script.lost, 1);
	rig_clear(&got);
	rig_close(&rig);
}

/* How the time that has passed is told. */
static void
giving_up_words(void)
{
	static const struct {
		uint64_t timeout_ns;
		const char *words;
	} rows[] = {
		{1000000, "within 0.001 s"}, {250000000, "within 0.25 s"},
		{29743123000, "within 29.7 s"}, {99990000000, "within 100 s"},
		{1000000000000, "within 1000 s"},
		{86400000000000, "within 86400 s"},
	};

	check_case("deadline: how it is told");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct http_get_options o = {.timeout_ns = rows[i].timeout_ns};
		struct rig_got got;
		struct rig rig;

		rig_play(&giving_up_mute, 1, "/", &o, &rig, &got);
		CHECK(got.failure != NULL && strstr(got.failure->message,
		    rows[i].words) != NULL);
		rig_end(&rig, &got);
	}
}

/* A host that is silent, and a name of which the name server is. */
static void
giving_up_before_connected(const char *url, const char *silent,
    const char *phase)
{
	struct http_get_options o = {.timeout_ns = 3 * giving_up_second};
	struct reactor_address host;
	struct rig_got got;
	struct rig rig;

	rig_open(&rig, NULL);
	CHECK_INT(reactor_address_parse(&host, silent, strlen(silent), 0), 0);
	sim_set_host(rig.sim, &host, SIM_HOST_SILENT);
	rig_start(&rig, &got, url, &o);
	rig_settle(&rig);
	rig_skip(&rig, 2 * giving_up_second);
	CHECK_INT(got.fired, 0);
	rig_skip(&rig, giving_up_second);
	CHECK_STR(rig_name(&got), "timeout");
	CHECK_STR(got.failure != NULL ? got.failure->message : NULL, phase);
	rig_clear(&got);
	rig_close(&rig);
}

/* A byte now and then does not move the deadline. */
static void
giving_up_drip(void)
{
	static const struct script_step step = {
		OK "Content-Length: 1000\r\n\r\n", 0, 0, SCRIPT_STAY
	};
	struct rig_got got;
	struct rig rig;

	check_case("deadline: a server that drips");
	rig_open(&rig, NULL);
	script_play(&rig.script, &step, 1);
	rig_start(&rig, &got, "/", NULL);
	rig_settle(&rig);
	for (int i = 0; i < 29; i++) {
		script_blurt(&rig.script, "x");
		rig_skip(&rig, giving_up_second);
		CHECK_INT(got.fired, 0);
	}
	script_blurt(&rig.script, "x");
	rig_skip(&rig, giving_up_second);
	CHECK_STR(rig_name(&got), "timeout");
	rig_clear(&got);
	rig_close(&rig);
}

static void
giving_up_idles(void)
{
	struct rig_got got;
	struct rig rig;

	check_case("an idle connection is closed in the end");
	rig_open(&rig, NULL);
	script_play(&rig.script, &giving_up_hi, 1);
	rig_get(&rig, &got, "/", NULL);
	rig_clear(&got);
	rig_skip(&rig, 50 * giving_up_second);
	CHECK_INT(rig.script.lost, 0);
	rig_get(&rig, &got, "/", NULL);
	rig_clear(&got);
	rig_skip(&rig, 50 * giving_up_second);
	CHECK_INT(rig.script.lost, 0);
	rig_skip(&rig, 10 * giving_up_second);
	CHECK_INT(rig.script.lost, 1);
	CHECK_INT(rig.script.connections, 1);
	rig_close(&rig);
}

static enum http_sink_answer
giving_up_begin(struct http_sink *sink, const struct http_page *page)
{
	(void)sink;
	(void)page;
	return HTTP_SINK_ENOUGH;
}

/* A sink had enough, and the short rest does not come. */
static void
giving_up_drains(void)
{
	static const struct http_sink_ops ops = {.begin = giving_up_begin};
	static const struct script_step step = {
		OK "Content-Length: 9\r\n\r\nx", 0, 0, SCRIPT_STAY
	};
	struct http_sink sink = {&ops};
	struct http_get_options o = {.sink = &sink};
	struct rig_got got;
	struct rig rig;

	check_case("a rest that nobody wants is not waited for long");
	rig_open(&rig, NULL);
	script_play(&rig.script, &step, 1);
	rig_get(&rig, &got, "/", &o);
	CHECK_STR(rig_name(&got), "page");
	rig_clear(&got);
	rig_skip(&rig, 4 * giving_up_second);
	CHECK_INT(rig.script.lost, 0);
	rig_skip(&rig, giving_up_second);
	CHECK_INT(rig.script.lost, 1);
	rig_close(&rig);
}

/* Redirected to a host all of whose connections are held by others. */
static void
giving_up_waits_too_long(void)
{
	struct http_client_options o = {.per_host = 1};
	struct http_get_options longer = {.timeout_ns = 100000000000};
	struct script_step step;
	struct script other;
	struct rig_got got[2];
	struct rig rig;
	char say[128], url[64];

	check_case("the deadline holds in the queue of another host");
	rig_open(&rig, &o);
	script_open(&other, rig.reactor, "127.0.0.1");
	script_play(&other, &giving_up_mute, 1);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", other.port);
	snprintf(say, sizeof(say), "HTTP/1.1 302 Found\r\n"
	    "Content-Length: 0\r\nLocation: %s\r\n\r\n", url);
	step = (struct script_step){say, 0, 0, SCRIPT_STAY};
	script_play(&rig.script, &step, 1);
	rig_start(&rig, &got[0], url, &longer);
	rig_settle(&rig);
	rig_start(&rig, &got[1], "/", NULL);
	rig_settle(&rig);
	rig_skip(&rig, 20 * giving_up_second);
	CHECK_INT(got[1].fired, 0);
	rig_skip(&rig, 10 * giving_up_second);
	CHECK_STR(rig_name(&got[1]), "timeout");
	CHECK(got[1].failure != NULL && strstr(got[1].failure->message,
	    "waiting for a connection") != NULL);
	CHECK_INT(other.requests, 1);
	CHECK_INT(got[0].fired, 0);
	deferred_cancel(got[0].deferred);
	rig_clear(&got[0]);
	rig_clear(&got[1]);
	script_close(&other);
	rig_close(&rig);
}

/* The same, but it is cancelled there, and nothing of it is left. */
static void
giving_up_cancels_waiting(void)
{
	static const struct script_step found = {
		"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
		"Location: /\r\n\r\n", 0, 0, SCRIPT_STAY
	};
	struct http_client_options o = {.per_host = 1};
	struct http_get_options longer = {.timeout_ns = 100000000000};
	struct script_step steps[2] = {found, giving_up_mute};
	struct rig_got got[2];
	struct rig rig;

	check_case("a redirect is cancelled in the queue");
	rig_open(&rig, &o);
	SCRIPT_PLAY(&rig.script, steps);
	rig_start(&rig, &got[0], "/", NULL);
	rig_start(&rig, &got[1], "/", &longer);
	rig_settle(&rig);
	CHECK_INT(rig.script.requests, 2);
	deferred_cancel(got[0].deferred);
	CHECK_STR(rig_name(&got[0]), "cancelled");
	rig_clear(&got[0]);
	rig_skip(&rig, 31 * giving_up_second);
	CHECK_INT(got[1].fired, 0);
	deferred_cancel(got[1].deferred);
	rig_clear(&got[1]);
	rig_pass_hour(&rig);
	rig_close(&rig);
}

static struct defer_result
giving_up_free_inside(void *ctx, struct defer_result in)
{
	struct rig *rig = ctx;

	http_client_free(rig->client);
	rig->client = NULL;
	return in;
}

static void
giving_up_freed(int when)
{
	struct http_client_options o = {.per_host = 2};
	struct script closed;
	struct rig_got got[5];
	struct rig rig;
	char url[64];

	rig_open(&rig, &o);
	script_open(&closed, rig.reactor, "127.0.0.1");
	script_close(&closed);
	rig_settle(&rig);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", closed.port);
	script_play(&rig.script, &giving_up_hi, 1);
	for (int i = 0; i < 5; i++)
		rig_start(&rig, &got[i], when == 2 && i == 0 ? url : "/",
		    NULL);
	if (when > 0)
		deferred_add_both(got[0].deferred, giving_up_free_inside, &rig);
	else
		giving_up_free_inside(&rig, defer_result_none());
	rig_run(&rig);
	for (int i = 0; i < 5; i++) {
		CHECK_INT(got[i].fired, 1);
		rig_clear(&got[i]);
	}
	rig_close(&rig);
}

static struct defer_result
giving_up_again(void *ctx, struct defer_result in)
{
	struct rig_got *another = ctx;

	rig_start(another->rig, another, "/", NULL);
	return in;
}

/* Who is told that the client is freed cannot get other pages from it. */
static void
giving_up_starts(void)
{
	struct rig_got got, another;
	struct rig rig;

	check_case("a page that is asked for while the client is freed");
	rig_open(&rig, NULL);
	script_play(&rig.script, &giving_up_mute, 1);
	rig_start(&rig, &got, "/", NULL);
	rig_settle(&rig);
	another.rig = &rig;
	CHECK_INT(deferred_add_both(got.deferred, giving_up_again, &another),
	    0);
	http_client_free(rig.client);
	rig.client = NULL;
	rig_settle(&rig);
	CHECK_INT(another.fired, 1);
	CHECK_STR(rig_name(&another), "cancelled");
	rig_clear(&another);
	rig_clear(&got);
	rig_close(&rig);
}

/* What a number stands for that can come from more than one place. */
static void
giving_up_kinds(void)
{
	static const struct {
		int error;
		const char *kind, *words;
	} rows[] = {
		{-ENOMEM, "out-of-memory", "memory is out"},
		{-ECANCELED, "cancelled", "it was cancelled"},
		{HTTP_HEAD_E_LARGE, "too-large", NULL},
		{-EMSGSIZE, "too-large", "body: longer than allowed"},
		{-ENOTSUP, "bad-response",
		    "body: a coding that is not understood"},
		{-ENOTTY, "bad-response", "body: failed"},
	};

	check_case("an error number as a failure");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct defer_failure *f =
		    http_failure_of(rows[i].error, "body");

		CHECK_STR(f->kind->name, rows[i].kind);
		if (rows[i].words != NULL)
			CHECK_STR(f->message, rows[i].words);
		defer_failure_release(f);
	}
}

int
main(void)
{
	giving_up_cancels();
	check_case("deadline: no address");
	giving_up_before_connected("http://x.example/", "127.0.0.1",
	    "not done within 3 s, while looking up the name");
	check_case("deadline: no connection");
	giving_up_before_connected("http://192.0.2.1/", "192.0.2.1",
	    "192.0.2.1:80: not done within 3 s, while connecting");
	check_case("deadline: no answer");
	giving_up_deadline("", "while waiting for the answer");
	check_case("deadline: half a head");
	giving_up_deadline("HTTP/1.1 200 OK\r\n", "while receiving the head");
	check_case("deadline: half a body");
	giving_up_deadline(OK "Content-Length: 9\r\n\r\nx",
	    "while receiving the body");
	giving_up_words();
	giving_up_drip();
	giving_up_idles();
	giving_up_drains();
	giving_up_waits_too_long();
	giving_up_cancels_waiting();
	giving_up_starts();
	giving_up_kinds();
	check_case("the client freed at once");
	giving_up_freed(0);
	check_case("the client freed by a page's callback");
	giving_up_freed(1);
	check_case("the client freed by a failure's callback");
	giving_up_freed(2);
	return check_done();
}
