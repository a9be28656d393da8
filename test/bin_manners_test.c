/*
 * bin_manners_test.c - robots.txt, pauses and Retry-After, of a scripted
 * server in the simulated world, whose clock shows when each page had its
 * turn.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../bin/manners.h"

#include <stdio.h>
#include <string.h>

#include "../http/get_page.h"
#include "alloc.h"
#include "check.h"
#include "http_rig.h"

#define ANSWER(status, fields, body) \
	"HTTP/1.1 " status "\r\n" fields "Transfer-Encoding: chunked\r\n\r\n" \
	body "0\r\n\r\n"
#define HI ANSWER("200 OK", "", "2\r\nhi\r\n")
#define ALLOW ANSWER("200 OK", "", "10\r\nUser-agent: a\r\nx\r\n")
/* Each line below has 26 bytes. */
#define FORBID ANSWER("200 OK", "", \
	"1a\r\nUser-agent: *\nDisallow: /\n\r\n")
#define FORBID_X ANSWER("200 OK", "", \
	"1b\r\nUser-agent: *\nDisallow: /x\n\r\n")
#define SLOWLY ANSWER("200 OK", "", \
	"2b\r\nUser-agent: *\nCrawl-delay: 2\nDisallow: /no\n\r\n")
#define TO(place) ANSWER("302 Found", "Location: " place "\r\n", "")

enum { SECOND = 1000000000 };

/* A page that has manners. */
struct visit {
	struct http_gate gate;
	struct manners *manners;
	struct http_get_progress progress;
	struct rig_got got;
};

static struct rig rig;
static struct manners manners;

static struct deferred *
visit_ask(struct http_gate *gate, const struct http_url *u)
{
	return manners_wait(((struct visit *)gate)->manners, u);
}

static bool
visit_is_open(struct http_gate *gate, const struct http_url *u)
{
	return manners_is_free(((struct visit *)gate)->manners, u);
}

static void
visit_start(struct visit *v, const char *path, uint64_t timeout_ns)
{
	const struct http_get_options options = {
		.gate = &v->gate, .timeout_ns = timeout_ns,
		.progress = &v->progress,
	};

	*v = (struct visit){
		.gate = { .ask = visit_ask, .is_open = visit_is_open },
		.manners = &manners,
	};
	rig_start(&rig, &v->got, path, &options);
}

static void
visit_open(const struct script_step *steps, size_t count, bool robots,
    uint64_t delay_ns)
{
	const struct http_client_options one = { .per_host = 1 };

	rig_open(&rig, &one);
	script_play(&rig.script, steps, count);
	manners = (struct manners){
		.reactor = rig.reactor, .client = rig.client,
		.agent = "spindle", .robots = robots, .delay_ns = delay_ns,
		.timeout_ns = UINT64_C(10) * SECOND,
	};
}

static void
visit_close(void)
{
	manners_clear(&manners);
	rig_close(&rig);
	CHECK_INT(alloc_live(), 0);
}

/* Gets one page, and says what came of it. */
static void
visit(const char *path, const char *name)
{
	struct visit v;

	visit_start(&v, path, 0);
	rig_run(&rig);
	CHECK_INT(v.got.fired, 1);
	CHECK_STR(rig_name(&v.got), name);
	rig_clear(&v.got);
}

/* ---- robots.txt ---- */

/* What a server says, the first for robots.txt, and what comes of /x. */
static const struct {
	const char *what, *name;
	int requests;
	struct script_step steps[8];
} answers[] = {
	{ "it allows", "page", 2, { { ALLOW, 0, 0, 0 }, { HI, 0, 0, 0 } } },
	{ "it forbids", "robots", 1, { { FORBID, 0, 0, 0 } } },
	{ "it comes in pieces", "robots", 1, { { FORBID, 0, 1, 0 } } },
	{ "404 allows", "page", 2, { { ANSWER("404 No", "", ""), 0, 0, 0 },
	    { HI, 0, 0, 0 } } },
	{ "even with rules", "page", 2, { { ANSWER("404 No", "",
	    "1a\r\nUser-agent: *\nDisallow: /\n\r\n"), 0, 0, 0 },
	    { HI, 0, 0, 0 } } },
	{ "401 allows", "page", 2, { { ANSWER("401 No", "", ""), 0, 0, 0 },
	    { HI, 0, 0, 0 } } },
	{ "500 forbids", "robots", 1, { { ANSWER("500 No", "", ""), 0, 0,
	    0 } } },
	{ "503 forbids", "robots", 1, { { ANSWER("503 No", "", ""), 0, 0,
	    0 } } },
	{ "a redirect", "robots", 2, { { TO("/r"), 0, 0, 0 },
	    { FORBID, 0, 0, 0 } } },
	{ "five", "robots", 6, { { TO("/1"), 0, 0, 0 }, { TO("/2"), 0, 0, 0 },
	    { TO("/3"), 0, 0, 0 }, { TO("/4"), 0, 0, 0 },
	    { TO("/5"), 0, 0, 0 }, { FORBID, 0, 0, 0 } } },
	{ "six", "page", 7, { { TO("/1"), 0, 0, 0 }, { TO("/2"), 0, 0, 0 },
	    { TO("/3"), 0, 0, 0 }, { TO("/4"), 0, 0, 0 },
	    { TO("/5"), 0, 0, 0 }, { TO("/6"), 0, 0, 0 }, { HI, 0, 0, 0 } } },
	{ "no HTTP", "bad-response", 1, { { "Hi\r\n\r\n", 0, 0,
	    SCRIPT_CLOSE } } },
	{ "it breaks off", "reset", 1, { { "HTTP/1.1 200 OK\r\n"
	    "Content-Length: 9\r\n\r\nUser", 0, 0, SCRIPT_CLOSE } } },
	{ "a redirect of the page", "robots", 2, { { FORBID_X, 0, 0, 0 },
	    { TO("/x"), 0, 0, 0 } } },
};

static void
test_answers(void)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		check_case(answers[i].what);
		visit_open(answers[i].steps, 8, true, 0);
		visit("/y", answers[i].name);
		CHECK_INT(rig.script.requests, answers[i].requests);
		visit_close();
	}
}

static void
test_once(void)
{
	static const struct script_step steps[] = {
		{ FORBID_X, 0, 0, 0 }, { HI, 0, 0, 0 }, { HI, 0, 0, 0 },
		{ HI, 0, 0, 0 }, { HI, 0, 0, 0 },
	}, busy[] = {
		{ ANSWER("503 No", "", ""), 0, 0, 0 }, { ALLOW, 0, 0, 0 },
		{ HI, 0, 0, 0 },
	}, broken[] = {
		{ "Hi\r\n\r\n", 0, 0, SCRIPT_CLOSE }, { ALLOW, 0, 0, 0 },
		{ HI, 0, 0, 0 },
	};
	struct visit v[3];

	check_case("one robots.txt for all pages of a host");
	visit_open(steps, 5, true, 0);
	for (int i = 0; i < 3; i++)
		visit_start(&v[i], "/y", 0);
	rig_run(&rig);
	for (int i = 0; i < 3; i++) {
		CHECK_STR(rig_name(&v[i].got), "page");
		rig_clear(&v[i].got);
	}
	visit("/x", "robots");
	visit("/z", "page");
	CHECK_INT(rig.script.requests, 5);
	visit_close();

	check_case("a status 5xx is believed for a minute");
	visit_open(busy, 3, true, 0);
	visit("/x", "robots");
	rig_skip(&rig, UINT64_C(59) * SECOND);
	visit("/x", "robots");
	CHECK_INT(rig.script.requests, 1);
	rig_skip(&rig, UINT64_C(1) * SECOND);
	visit("/x", "page");
	visit_close();

	check_case("a broken robots.txt is asked for again by the next");
	visit_open(broken, 3, true, 0);
	visit("/x", "bad-response");
	visit("/x", "page");
	visit_close();
}

static void
test_long(void)
{
	static char big[700000];
	static const char head[] = "HTTP/1.1 200 OK\r\n\r\n" "User-agent: *\n";
	static const char rule[] = "Disallow: /y\n";
	const struct script_step step = { big, sizeof(big), 0, SCRIPT_CLOSE };
	size_t n = strlen(head);

	check_case("of a robots.txt without end the beginning counts");
	memset(big, '\n', sizeof(big));
	memcpy(big, head, n);
	memcpy(big + n, rule, strlen(rule));
	visit_open(&step, 1, true, 0);
	visit("/y", "robots");
	visit_close();
}

/* ---- pauses ---- */

/*
 * Three pages that begin together, each with so much time; checks how long
 * each has waited.
 */
static void
visit_three(const uint64_t waits_ms[3])
{
	struct visit v[3];

	for (int i = 0; i < 3; i++)
		visit_start(&v[i], "/y", SECOND);
	rig_run(&rig);
	for (int i = 0; i < 3; i++) {
		uint64_t ms = v[i].gate.waited_ns / 1000000;

		CHECK_STR(rig_name(&v[i].got), "page");
		CHECK_INT((ms + 250) / 500 * 500, waits_ms[i]);
		rig_clear(&v[i].got);
	}
}

static void
test_delay(void)
{
	static const struct script_step his = { HI, 0, 0, SCRIPT_REPEAT };
	static const struct script_step slowly[] = {
		{ SLOWLY, 0, 0, 0 }, { HI, 0, 0, SCRIPT_REPEAT },
	}, far[] = {
		{ TO("/b"), 0, 0, 0 }, { HI, 0, 0, 0 },
	};
	struct visit v;

	check_case("a pause between pages, which no time-out counts");
	visit_open(&his, 1, false, UINT64_C(3) * SECOND);
	visit_three((const uint64_t[3]){ 0, 3000, 6000 });
	visit_three((const uint64_t[3]){ 3000, 6000, 9000 });
	rig_skip(&rig, UINT64_C(100) * SECOND);
	visit_three((const uint64_t[3]){ 0, 3000, 6000 });
	visit_close();

	check_case("none");
	visit_open(&his, 1, false, 0);
	visit_three((const uint64_t[3]){ 0, 0, 0 });
	CHECK_INT(manners.hosts, 0);
	visit_close();

	check_case("Crawl-delay, which begins with robots.txt itself");
	visit_open(slowly, 2, true, SECOND);
	visit_three((const uint64_t[3]){ 2000, 4000, 6000 });
	visit_close();

	check_case("and none without robots");
	visit_open(&his, 1, false, SECOND);
	visit_three((const uint64_t[3]){ 0, 1000, 2000 });
	visit_close();

	check_case("a redirect waits, too, and has its time afterwards");
	visit_open(far, 2, false, UINT64_C(3) * SECOND);
	visit_start(&v, "/a", SECOND);
	rig_skip(&rig, UINT64_C(2) * SECOND);
	CHECK_STR(http_get_progress_phase(&v.progress),
	    "waiting for its turn");
	rig_run(&rig);
	CHECK_STR(rig_name(&v.got), "page");
	CHECK(v.gate.waited_ns > UINT64_C(2) * SECOND);
	rig_clear(&v.got);
	visit_close();
}

static void
test_hold(void)
{
	static const struct script_step his = { HI, 0, 0, SCRIPT_REPEAT };
	struct http_url here, there;
	struct deferred *d;
	char url[64];

	check_case("a host on hold, at most for a minute, and no other");
	visit_open(&his, 1, false, 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", rig.script.port);
	CHECK_INT(http_url_parse(&here, url, strlen(url), NULL), 0);
	CHECK_INT(http_url_parse(&there, "http://127.0.0.1:1", 18, NULL), 0);
	manners_hold(&manners, &here, UINT64_C(5) * SECOND);
	manners_hold(&manners, &here, SECOND);
	visit_three((const uint64_t[3]){ 5000, 5000, 5000 });
	manners_hold(&manners, &here, UINT64_C(3600) * SECOND);
	visit_three((const uint64_t[3]){ 60000, 60000, 60000 });
	manners_hold(&manners, &here, UINT64_C(3600) * SECOND);
	CHECK(!manners_is_free(&manners, &here));
	CHECK(manners_is_free(&manners, &there));
	d = manners_wait(&manners, &there);
	CHECK(deferred_has_fired(d));
	deferred_release(d);
	http_url_free(&here);
	http_url_free(&there);
	visit_close();
}

/* ---- ends ---- */

static void
test_cancel(void)
{
	static const struct script_step steps[] = {
		{ ALLOW, 0, 0, 0 }, { HI, 0, 0, SCRIPT_REPEAT },
	};
	struct visit v[3];

	for (int turns = 0; turns < 60; turns++) {
		char name[40];

		snprintf(name, sizeof(name), "cancelled in turn %d", turns);
		check_case(name);
		visit_open(steps, 2, true, SECOND);
		for (int i = 0; i < 3; i++)
			visit_start(&v[i], "/y", 0);
		for (int i = 0; i < turns; i++)
			reactor_iterate(rig.reactor, SECOND / 10);
		for (int i = 0; i < 2; i++) {
			deferred_cancel(v[i].got.deferred);
			CHECK_INT(v[i].got.fired, 1);
			rig_clear(&v[i].got);
		}
		if (turns % 2 == 0)
			rig_run(&rig);
		deferred_cancel(v[2].got.deferred);
		CHECK(turns % 2 != 0 || v[2].got.page != NULL);
		rig_clear(&v[2].got);
		rig_pass_hour(&rig);
		CHECK_INT(v[2].got.fired, 0);
		visit_close();
	}
}

static void
test_many(void)
{
	static const struct script_step his = { HI, 0, 0, SCRIPT_REPEAT };
	struct http_url u;
	struct deferred *d, *waiting;
	char url[64];

	check_case("hosts of long ago are forgotten, but for those in use");
	visit_open(&his, 1, false, SECOND);
	CHECK_INT(http_url_parse(&u, "http://0.test/", 14, NULL), 0);
	deferred_release(manners_wait(&manners, &u));
	waiting = manners_wait(&manners, &u);
	CHECK(!deferred_has_fired(waiting));
	for (int i = 1; i <= MANNERS_HOSTS + 100; i++) {
		struct http_url other;
		int len = snprintf(url, sizeof(url), "http://%d.test/", i);

		CHECK_INT(http_url_parse(&other, url, (size_t)len, NULL), 0);
		d = manners_wait(&manners, &other);
		CHECK(deferred_has_fired(d));
		deferred_release(d);
		http_url_free(&other);
	}
	CHECK_INT(manners.hosts, MANNERS_HOSTS);
	rig_skip(&rig, UINT64_C(2) * SECOND);
	CHECK(deferred_has_fired(waiting));
	deferred_release(waiting);
	http_url_free(&u);
	visit_close();
}

/* Has a page of a host with that number wait; it has its turn at once. */
static void
test_rules_of(int number)
{
	struct http_url u;
	char url[64];
	int len = snprintf(url, sizeof(url), "http://%d.test/", number);

	CHECK_INT(http_url_parse(&u, url, (size_t)len, NULL), 0);
	deferred_release(manners_wait(&manners, &u));
	http_url_free(&u);
}

/* Nobody waits for robots.txt any more, and all is freed before it comes. */
static void
test_cleared(void)
{
	static const struct script_step allow = { ALLOW, 0, 0, 0 };
	struct visit v;

	check_case("freed while robots.txt is asked for");
	for (int turns = 0; turns < 10; turns++) {
		visit_open(&allow, 1, true, 0);
		visit_start(&v, "/y", 0);
		for (int i = 0; i < turns; i++)
			reactor_iterate(rig.reactor, SECOND / 10);
		deferred_cancel(v.got.deferred);
		CHECK_INT(v.got.fired, 1);
		rig_clear(&v.got);
		visit_close();
	}
}

static void
test_rules(void)
{
	static const struct script_step forbid_x = { FORBID_X, 0, 0, 0 };
	size_t hosts;

	check_case("too many rules: those of the oldest host are forgotten");
	visit_open(&forbid_x, 1, true, 0);
	visit("/x", "robots");
	CHECK(manners.rules > 0);
	manners.robots = false;		/* of the others */
	manners.delay_ns = SECOND;
	for (int over = 0; over < 2; over++) {
		size_t more = MANNERS_RULES - manners.rules + (size_t)over;

		hosts = manners.hosts;
		manners.rules += more;
		test_rules_of(over);
		CHECK_INT(manners.hosts, over == 0 ? hosts + 1 : hosts);
		manners.rules -= more;
	}
	CHECK_INT(manners.rules, 0);
	visit_close();
}

static void
test_memory(void)
{
	static const struct script_step steps[] = {
		{ SLOWLY, 0, 0, 0 }, { HI, 0, 0, SCRIPT_REPEAT },
	};
	struct visit v[2];
	bool done = false;

	check_case("each allocation fails once, or for good");
	for (long n = 0; !done && n < 400; n++) {
		for (int good = 0; good < 2; good++) {
			visit_open(steps, 2, true, 0);
			alloc_fail_at(n, good);
			for (int i = 0; i < 2; i++)
				visit_start(&v[i], "/y", 0);
			rig_run(&rig);
			done = !alloc_has_failed();
			alloc_fail_at(-1, 0);
			for (int i = 0; i < 2; i++) {
				CHECK_INT(v[i].got.fired, 1);
				rig_clear(&v[i].got);
			}
			visit_close();
		}
	}
	CHECK(done);
}

int
main(void)
{
	test_answers();
	test_once();
	test_long();
	test_delay();
	test_hold();
	test_cancel();
	test_many();
	test_cleared();
	test_rules();
	test_memory();
	return check_done();
}
