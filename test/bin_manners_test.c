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
	struct manners_visitor visitor;
	struct http_get_progress progress;
	struct rig_got got;
};

static struct rig rig;
static struct manners manners;

static struct deferred *
visit_ask(struct http_gate *gate, const struct http_url *u)
{
	return manners_wait(((struct visit *)gate)->manners,
	    &((struct visit *)gate)->visitor, u);
}

static bool
visit_is_open(struct http_gate *gate, const struct http_url *u)
{
	return manners_enter(((struct visit *)gate)->manners,
	    &((struct visit *)gate)->visitor, u);
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

/* What came of it, which has left. */
static void
visit_clear(struct visit *v)
{
	manners_leave(&v->visitor);
	rig_clear(&v->got);
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
	visit_clear(&v);
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
		visit_clear(&v[i]);
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
		visit_clear(&v[i]);
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
	visit_clear(&v);
	visit_close();
}

static void
test_hold(void)
{
	static const struct script_step his = { HI, 0, 0, SCRIPT_REPEAT };
	struct manners_visitor nobody = { .begun = false };
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
	CHECK(!manners_enter(&manners, &nobody, &here));
	CHECK(manners_enter(&manners, &nobody, &there));
	d = manners_wait(&manners, &nobody, &there);
	CHECK(deferred_has_fired(d));
	deferred_release(d);
	http_url_free(&here);
	http_url_free(&there);
	visit_close();
}

/* ---- turns, and room for them ---- */

enum { QUEUE = 4 };

/* Visitors of one host, without any pages; and whether they have room. */
struct queue {
	struct http_url url;
	struct manners_visitor visitors[QUEUE];
	struct deferred *turns[QUEUE];
	int asking;			/* robots.txts under way */
	bool has_room;
};

static struct queue queue;

static bool
queue_has_room(struct manners *m)
{
	(void)m;
	return queue.has_room;
}

static void
queue_asking(struct manners *m, bool asking)
{
	(void)m;
	queue.asking += asking ? 1 : -1;
	CHECK(queue.asking == 0 || queue.asking == 1);
}

static void
queue_open(unsigned per_host)
{
	manners.per_host = per_host;
	manners.has_room = queue_has_room;
	manners.asking = queue_asking;
	queue = (struct queue){ .has_room = true };
	CHECK_INT(http_url_parse(&queue.url, "http://a.test/", 14, NULL), 0);
}

/* One asks for a page: whether it is under way at once. */
static bool
queue_go(int i)
{
	if (manners_enter(&manners, &queue.visitors[i], &queue.url))
		return true;
	deferred_release(queue.turns[i]);
	queue.turns[i] = manners_wait(&manners, &queue.visitors[i],
	    &queue.url);
	return deferred_has_fired(queue.turns[i]);
}

/* Which of them have had a turn for their last page, such as "01". */
static const char *
queue_fired(void)
{
	static char text[QUEUE + 1];
	size_t len = 0;

	for (int i = 0; i < QUEUE; i++)
		if (queue.turns[i] != NULL &&
		    deferred_has_fired(queue.turns[i]))
			text[len++] = (char)('0' + i);
	text[len] = '\0';
	return text;
}

static void
queue_close(void)
{
	for (int i = 0; i < QUEUE; i++) {
		deferred_cancel(queue.turns[i]);
		deferred_release(queue.turns[i]);
		manners_leave(&queue.visitors[i]);
	}
	CHECK_INT((long)manners.first_turns, 0);
	http_url_free(&queue.url);
	visit_close();
}

static void
test_per_host(void)
{
	static const struct script_step his = { HI, 0, 0, SCRIPT_REPEAT };
	struct http_url other;

	check_case("so many pages of a host are under way, and no more");
	visit_open(&his, 1, false, 0);
	queue_open(2);
	CHECK(queue_go(0));
	CHECK(queue_go(1));
	CHECK(!queue_go(2));
	CHECK(!queue_go(3));
	CHECK_INT((long)manners.first_turns, 2);
	manners_leave(&queue.visitors[1]);
	CHECK_STR(queue_fired(), "2");
	CHECK_INT((long)manners.first_turns, 1);

	check_case("who goes on at that host keeps the turn");
	CHECK(queue_go(0));
	CHECK_STR(queue_fired(), "2");

	check_case("and who goes on elsewhere gives it back");
	CHECK_INT(http_url_parse(&other, "http://b.test/", 14, NULL), 0);
	CHECK(manners_enter(&manners, &queue.visitors[0], &other));
	CHECK_STR(queue_fired(), "23");
	http_url_free(&other);

	check_case("who has had a turn comes before those who had none");
	queue.visitors[0].begun = false;
	CHECK(!queue_go(0));
	CHECK(!queue_go(1));
	manners_leave(&queue.visitors[2]);
	CHECK_STR(queue_fired(), "123");

	check_case("at the end who has had no turn gets none");
	manners.closing = true;
	manners_leave(&queue.visitors[3]);
	CHECK_STR(queue_fired(), "123");
	CHECK_INT((long)manners.first_turns, 1);
	CHECK(queue_go(2));
	manners.closing = false;
	manners_leave(&queue.visitors[2]);
	CHECK_STR(queue_fired(), "0123");

	check_case("a host of which there is nothing to know is forgotten");
	manners_leave(&queue.visitors[0]);
	CHECK_INT(manners.hosts, 1);
	manners_leave(&queue.visitors[1]);
	CHECK_INT(manners.hosts, 0);
	queue_close();
}

static void
test_room(void)
{
	static const struct script_step his = { HI, 0, 0, SCRIPT_REPEAT };

	check_case("a turn waits for room, too");
	visit_open(&his, 1, false, SECOND);
	queue_open(0);
	queue.has_room = false;
	CHECK(!queue_go(0));
	CHECK(!queue_go(1));
	manners_room(&manners);
	CHECK_STR(queue_fired(), "");
	queue.has_room = true;
	manners_room(&manners);
	CHECK_STR(queue_fired(), "0");
	queue.has_room = false;
	rig_skip(&rig, UINT64_C(3) * SECOND);
	CHECK_STR(queue_fired(), "0");

	check_case("but the pause begins with the turn");
	queue.has_room = true;
	manners_room(&manners);
	CHECK_STR(queue_fired(), "01");
	CHECK(!queue_go(2));
	rig_skip(&rig, SECOND - 1000000);
	CHECK_STR(queue_fired(), "01");
	rig_skip(&rig, 2000000);
	CHECK_STR(queue_fired(), "012");

	check_case("who waits for room may be cancelled");
	queue.has_room = false;
	rig_skip(&rig, SECOND);
	CHECK(!queue_go(3));
	deferred_cancel(queue.turns[3]);
	queue.has_room = true;
	manners_room(&manners);
	queue_close();
}

static void
test_asking(void)
{
	static const struct script_step steps[] = {
		{ ALLOW, 0, 0, 0 }, { HI, 0, 0, SCRIPT_REPEAT },
	};
	struct visit v;

	for (int cancelled = 0; cancelled < 2; cancelled++) {
		check_case("robots.txt waits for room, and takes some");
		visit_open(steps, 2, true, 0);
		queue_open(0);
		queue.has_room = false;
		visit_start(&v, "/y", 0);
		rig_skip(&rig, SECOND);
		CHECK_INT(queue.asking, 0);
		queue.has_room = true;
		manners_room(&manners);
		CHECK_INT(queue.asking, 1);
		if (cancelled)
			deferred_cancel(v.got.deferred);
		else
			rig_run(&rig);
		CHECK(cancelled || queue.asking == 0);
		visit_clear(&v);
		queue_close();
		CHECK_INT(queue.asking, 0);
	}
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
			visit_clear(&v[i]);
		}
		if (turns % 2 == 0)
			rig_run(&rig);
		deferred_cancel(v[2].got.deferred);
		CHECK(turns % 2 != 0 || v[2].got.page != NULL);
		visit_clear(&v[2]);
		rig_pass_hour(&rig);
		CHECK_INT(v[2].got.fired, 0);
		visit_close();
	}
}

/*
 * Cleared while nobody waits any more, but robots.txt is asked for (what it
 * says is not heard), or a pause is not over.
 */
static void
test_cleared(bool pausing)
{
	static const struct script_step steps[] = {
		{ ALLOW, 0, 0, 0 }, { HI, 0, 0, SCRIPT_REPEAT },
	}, mute = { "", 0, 0, SCRIPT_STAY };
	struct visit v;

	if (pausing) {
		visit_open(steps, 2, true, 5 * (uint64_t)SECOND);
		visit("/x", "page");
	} else {
		visit_open(&mute, 1, true, 0);
	}
	visit_start(&v, "/y", 0);
	rig_settle(&rig);
	deferred_cancel(v.got.deferred);
	CHECK_STR(rig_name(&v.got), "cancelled");
	rig_clear(&v.got);
	manners_clear(&manners);
	CHECK_INT(manners.hosts, 0);
	script_blurt(&rig.script, ALLOW);
	rig_pass_hour(&rig);
	visit_close();
}

static void
test_many(void)
{
	static const struct script_step his = { HI, 0, 0, SCRIPT_REPEAT };
	struct manners_visitor nobody = { .begun = false };
	struct http_url u;
	struct deferred *d, *waiting;
	char url[64];

	check_case("hosts of long ago are forgotten, but for those in use");
	visit_open(&his, 1, false, SECOND);
	CHECK_INT(http_url_parse(&u, "http://0.test/", 14, NULL), 0);
	deferred_release(manners_wait(&manners, &nobody, &u));
	waiting = manners_wait(&manners, &nobody, &u);
	CHECK(!deferred_has_fired(waiting));
	for (int i = 1; i <= MANNERS_HOSTS + 100; i++) {
		struct http_url other;
		int len = snprintf(url, sizeof(url), "http://%d.test/", i);

		CHECK_INT(http_url_parse(&other, url, (size_t)len, NULL), 0);
		d = manners_wait(&manners, &nobody, &other);
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
	struct manners_visitor nobody = { .begun = false };
	struct http_url u;
	char url[64];
	int len = snprintf(url, sizeof(url), "http://%d.test/", number);

	CHECK_INT(http_url_parse(&u, url, (size_t)len, NULL), 0);
	deferred_release(manners_wait(&manners, &nobody, &u));
	http_url_free(&u);
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
			manners.per_host = 2;
			alloc_fail_at(n, good);
			for (int i = 0; i < 2; i++)
				visit_start(&v[i], "/y", 0);
			rig_run(&rig);
			done = !alloc_has_failed();
			alloc_fail_at(-1, 0);
			for (int i = 0; i < 2; i++) {
				CHECK_INT(v[i].got.fired, 1);
				visit_clear(&v[i]);
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
	test_per_host();
	test_room();
	test_asking();
	test_cancel();
	check_case("cleared while robots.txt is asked for");
	test_cleared(false);
	check_case("cleared within a pause");
	test_cleared(true);
	test_many();
	test_rules();
	test_memory();
	return check_done();
}
