/*
 * http_journal_test.c - what a journal is told of each request: where it went,
 * what came back, and how long each phase took, also of one that failed.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "../http/journal.h"
#include "alloc.h"
#include "check.h"
#include "http_rig.h"

#define MS UINT64_C(1000000)
#define EMPTY "Content-Length: 0\r\n\r\n"

/* What was told: a line for each entry, and the numbers of the last ones. */
struct keeper {
	struct http_journal journal;
	char text[2000];
	int count;
	struct http_journal_entry entries[4];	/* without texts */
};

static void
keeper_told(struct http_journal *journal, const struct http_journal_entry *e)
{
	struct keeper *k = (struct keeper *)journal;
	size_t len = strlen(k->text);

	snprintf(k->text + len, sizeof(k->text) - len,
	    "%s http%s//%.*s%.*s %d %s %s%s%s\n", e->method,
	    e->place.https ? "s:" : ":", (int)e->place.authority_len,
	    e->place.authority, (int)e->place.target_len, e->place.target,
	    e->status, e->content_type, e->address[0] != '\0' ? "there" : "-",
	    e->reused ? " again" : "", e->failure != NULL ? " !" : "");
	if (k->count < 4)
		k->entries[k->count] = *e;
	k->count++;
	CHECK(e->begun_ns <= e->ended_ns);
	CHECK(http_journal_blocked_ns(e) <= e->ended_ns - e->begun_ns);
	CHECK(e->connection == 0 || e->address[0] != '\0');
}

/* A world in which each way takes 5 ms. */
static void
keeper_open(struct keeper *k, struct rig *rig, unsigned per_host)
{
	struct http_client_options o = { .per_host = per_host };

	*k = (struct keeper){ .journal.told = keeper_told };
	rig_open(rig, &o);
	sim_weather(rig->sim)->latency_min_ns = 5 * MS;
	sim_weather(rig->sim)->latency_max_ns = 5 * MS;
}

/* Compares all lines; @ stands for host and port of the script. */
static void
keeper_has(const struct keeper *k, const struct rig *rig, const char *want)
{
	char text[2000], *to = text;

	for (; *want != '\0'; want++)
		if (*want == '@')
			to += sprintf(to, "127.0.0.1:%u", rig->script.port);
		else
			*to++ = *want;
	*to = '\0';
	CHECK_STR(k->text, text);
}

static void
keeper_close(struct rig *rig)
{
	http_client_close_idle(rig->client);
	rig_skip(rig, 50 * MS);
	rig_close(rig);
}

static void
journal_redirect(void)
{
	static const struct script_step steps[] = {
		{ "HTTP/1.1 302 Go\r\nLocation: /b?c#d\r\n" EMPTY, 0, 0,
		    SCRIPT_STAY },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: "
		    "text/html; charset=utf-8; and=0123456789012345678901234567"
		    "8901234567\r\n\r\nhi", 0, 1, SCRIPT_STAY },
		{ "HTTP/1.1 404 No\r\nContent-Type: a/b\r\n" EMPTY, 0, 0,
		    SCRIPT_STAY },
	};
	struct http_get_options o = { .timeout_ns = 0 };
	const struct http_journal_entry *e;
	struct rig_got got;
	struct keeper k;
	char url[80];
	struct rig rig;

	check_case("journal: each hop, without a password");
	keeper_open(&k, &rig, 0);
	o.journal = &k.journal;
	SCRIPT_PLAY(&rig.script, steps);
	snprintf(url, sizeof(url), "http://u:secret@127.0.0.1:%u/a#f",
	    rig.script.port);
	rig_get(&rig, &got, url, &o);
	rig_clear(&got);
	o.head = true;
	rig_get(&rig, &got, "/c", &o);
	rig_clear(&got);
	keeper_has(&k, &rig, "GET http://@/a 302  there\n"
	    "GET http://@/b?c 200 text/html; charset=utf-8; "
	    "and=012345678901234567890123456789012 there again\n"
	    "HEAD http://@/c 404 a/b there again\n");
	e = k.entries;
	CHECK(e[0].timings.connect_ns >= 10 * MS);
	CHECK(e[0].timings.wait_ns >= 10 * MS);
	CHECK(e[0].timings.wait_ns < 20 * MS);
	CHECK_INT(e[1].timings.name_ns + e[1].timings.connect_ns, 0);
	CHECK(e[1].timings.wait_ns >= 10 * MS);
	CHECK(e[1].timings.wait_ns < 20 * MS);
	CHECK(e[1].timings.receive_ns > 0 && e[1].begun_ns == e[0].ended_ns);
	CHECK_INT(e[1].bytes, 2);
	CHECK(e[0].connection == 1 && e[2].connection == 1);
	keeper_close(&rig);
}

/* A Content-Type of 60 bytes and so many more, and how it is told. */
static void
journal_type(const char *more, const char *told)
{
#define SIXTY "a/1234567890123456789012345678901234567890123456789012345678"
	char say[200], want[200];
	const struct script_step step = { say, 0, 0, SCRIPT_STAY };
	struct http_get_options o = { .timeout_ns = 0 };
	struct rig_got got;
	struct keeper k;
	struct rig rig;

	snprintf(say, sizeof(say), "HTTP/1.1 200 OK\r\nContent-Type: " SIXTY
	    "%s\r\n" EMPTY, more);
	snprintf(want, sizeof(want), "GET http://@/ 200 " SIXTY "%s there\n",
	    told);
#undef SIXTY
	keeper_open(&k, &rig, 0);
	o.journal = &k.journal;
	script_play(&rig.script, &step, 1);
	rig_get(&rig, &got, "/", &o);
	rig_clear(&got);
	keeper_has(&k, &rig, want);
	keeper_close(&rig);
}

static void
journal_long_type(void)
{
	check_case("journal: the longest type that is told, and a longer one");
	journal_type("abc", "abc");
	journal_type("abcd", "abc");
}

static void
journal_failure(void)
{
	static const struct script_step steps[] = {
		{ "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", 0, 0,
		    SCRIPT_CLOSE },
		{ "HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/refused\r\n"
		    EMPTY, 0, 0, SCRIPT_CLOSE },
		{ "", 0, 0, SCRIPT_STAY },
	};
	struct http_get_options o = { .timeout_ns = 1000 * MS };
	const struct http_journal_entry *e;
	struct rig_got got;
	struct keeper k;
	struct rig rig;

	check_case("journal: cut short, refused, too slow");
	keeper_open(&k, &rig, 0);
	o.journal = &k.journal;
	SCRIPT_PLAY(&rig.script, steps);
	rig_get(&rig, &got, "/a", &o);
	rig_clear(&got);
	rig_get(&rig, &got, "/b", &o);
	rig_clear(&got);
	rig_get(&rig, &got, "/nothing", &o);
	rig_clear(&got);
	keeper_has(&k, &rig, "GET http://@/a 200  there !\n"
	    "GET http://@/b 302  there\n"
	    "GET http://127.0.0.1:1/refused 0  there !\n"
	    "GET http://@/nothing 0  there !\n");
	e = k.entries;
	/* Of the hop before nothing is left over. */
	CHECK_INT(e[2].connection, 0);
	CHECK(e[2].timings.connect_ns >= 10 * MS);
	CHECK_INT(e[2].timings.wait_ns + e[2].timings.receive_ns, 0);
	CHECK_INT(e[2].ended_ns - e[2].begun_ns, e[2].timings.connect_ns);
	CHECK(e[3].timings.wait_ns > 900 * MS);
	CHECK_INT(http_journal_blocked_ns(&e[3]), 0);
	keeper_close(&rig);
}

static void
journal_queue(void)
{
	static const struct script_step steps[] = {
		{ "HTTP/1.1 200 OK\r\n" EMPTY, 0, 0, SCRIPT_STAY },
	};
	struct http_get_options o = { .timeout_ns = 0 };
	struct rig_got got[3];
	struct keeper k;
	struct rig rig;

	check_case("journal: waits for a connection, is cancelled");
	keeper_open(&k, &rig, 1);
	o.journal = &k.journal;
	SCRIPT_PLAY(&rig.script, steps);
	for (int i = 0; i < 3; i++)
		rig_start(&rig, &got[i], "/", &o);
	deferred_cancel(got[2].deferred);
	rig_skip(&rig, 25 * MS);
	deferred_cancel(got[1].deferred);
	rig_run(&rig);
	for (int i = 0; i < 3; i++)
		rig_clear(&got[i]);
	CHECK_INT(k.count, 3);
	CHECK(k.entries[0].failure != NULL && k.entries[0].connection == 0);
	CHECK_INT(k.entries[1].status, 200);
	CHECK(k.entries[2].reused && k.entries[2].failure != NULL);
	CHECK(http_journal_blocked_ns(&k.entries[2]) >= 20 * MS);
	CHECK(k.entries[2].timings.wait_ns > 0);
	keeper_close(&rig);
}

/* Each allocation fails in turn; what is told is always whole. */
static void
journal_memory(void)
{
	static const struct script_step steps[] = {
		{ "HTTP/1.1 301 Go\r\nLocation: /b\r\n" EMPTY, 0, 0,
		    SCRIPT_STAY },
		{ "HTTP/1.1 404 No\r\n" EMPTY, 0, 0, SCRIPT_STAY },
	};
	struct http_get_options o = { .timeout_ns = 0 };
	struct rig_got got;
	struct keeper k;
	struct rig rig;
	int failed = 1;
	long n;

	check_case("journal: each allocation fails in turn");
	for (n = 0; failed; n++) {
		keeper_open(&k, &rig, 0);
		o.journal = &k.journal;
		SCRIPT_PLAY(&rig.script, steps);
		alloc_fail_at(n, 0);
		rig_get(&rig, &got, "/a", &o);
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		CHECK(k.count <= 2);
		rig_clear(&got);
		keeper_close(&rig);
		CHECK_INT(alloc_live(), 0);
	}
	CHECK(n > 5);
	CHECK_INT(k.count, 2);
}

int
main(void)
{
	journal_redirect();
	journal_long_type();
	journal_failure();
	journal_queue();
	journal_memory();
	return check_done();
}
