/*
 * http_memory_test.c - every allocation of client and server fails, one
 * after the other, alone and with all after it.  Whatever comes of it, each
 * page's deferred fires once and nothing is leaked.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/http_server.h"
#include "alloc.h"
#include "check.h"
#include "http_rig.h"

enum { MEMORY_PAGES = 6, MEMORY_TURNS = 3000 };

/* "hello", as gzip writes it. */
static const char memory_gzip[] = "HTTP/1.1 200 OK\r\n"
    "Content-Encoding: gzip\r\nContent-Length: 25\r\n\r\n"
    "\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\x48\xcd\xc9\xc9\x07"
    "\0\x86\xa6\x10\x36\x05\0\0";

static const struct script_step memory_steps[] = {
	{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 0, 9, SCRIPT_STAY},
	{"", 0, 0, SCRIPT_CLOSE},		/* stale: repeated */
	{"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 0\r\n"
	    "\r\n", 0, 0, SCRIPT_STAY},
	{memory_gzip, sizeof(memory_gzip), 0, SCRIPT_STAY},
	{"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 0, 0,
	    SCRIPT_STAY},
	{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "2\r\nhi\r\n2\r\nho\r\n0\r\n\r\n", 0, 9, SCRIPT_STAY},
	{"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n"
	    "Content-Length: 2\r\n\r\nhi", 0, 0, SCRIPT_REPEAT},
};

/* Gets some pages while the allocation `n` fails; true once none did. */
static bool
memory_client(long n, int for_good)
{
	struct http_client_options o = {.per_host = 1};
	struct http_get_options keep = {.keep_head = true};
	struct rig_got got[MEMORY_PAGES];
	long live = alloc_live();
	struct rig rig;
	int failed;

	rig_open(&rig, &o);
	SCRIPT_PLAY(&rig.script, memory_steps);
	alloc_fail_at(n, for_good);
	for (int i = 0; i < MEMORY_PAGES; i++)
		rig_start(&rig, &got[i], "/#here", &keep);
	for (int i = 0; i < MEMORY_TURNS && rig.wanted > 0; i++)
		reactor_iterate(rig.reactor, 0);
	failed = alloc_has_failed();
	alloc_fail_at(-1, 0);
	for (int i = 0; i < MEMORY_PAGES; i++) {
		if (!got[i].fired)
			deferred_cancel(got[i].deferred);
		CHECK_INT(got[i].fired, 1);
		CHECK(got[i].page != NULL || got[i].failure != NULL);
		rig_clear(&got[i]);
	}
	rig_close(&rig);
	CHECK_INT(alloc_live(), live);
	return !failed;
}

/* ---- the server ---- */

static void
memory_render(struct http_resource *r, struct http_server_request *q)
{
	(void)r;
	http_server_answer_status(q, 200);
}

static const struct http_resource_ops memory_ops = {.render = memory_render};

static bool
memory_server(long n, int for_good)
{
	struct http_resource root = {&memory_ops};
	struct rig_got got[MEMORY_PAGES];
	struct http_server *server;
	long live = alloc_live();
	struct reactor_address at;
	struct rig rig;
	char url[64];
	int err, failed;

	rig_open(&rig, NULL);
	CHECK_INT(reactor_address_parse(&at, "127.0.0.1", 9, 0), 0);
	alloc_fail_at(n, for_good);
	err = http_server_new(&server, rig.reactor, &at, &root);
	if (err == 0) {
		CHECK_INT(http_server_address(server, &at), 0);
		snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
		    (unsigned)reactor_address_port(&at));
		for (int i = 0; i < MEMORY_PAGES; i++)
			rig_start(&rig, &got[i], url, NULL);
		for (int i = 0; i < MEMORY_TURNS && rig.wanted > 0; i++)
			reactor_iterate(rig.reactor, 0);
	} else {
		CHECK_INT(err, -ENOMEM);
	}
	failed = alloc_has_failed();
	alloc_fail_at(-1, 0);
	for (int i = 0; i < MEMORY_PAGES && err == 0; i++) {
		if (!got[i].fired)
			deferred_cancel(got[i].deferred);
		CHECK_INT(got[i].fired, 1);
		rig_clear(&got[i]);
	}
	if (err == 0)
		http_server_free(server);
	rig_close(&rig);
	CHECK_INT(alloc_live(), live);
	return !failed;
}

/* ---- making and freeing a client ---- */

static bool
memory_new(long n, int for_good)
{
	struct http_request_field f = {"X", 1, "y", 1};
	struct http_client_options o = {.fields = &f, .field_count = 1};
	struct http_client *client = NULL;
	long live = alloc_live();
	struct rig rig;
	int err, failed;

	rig_open(&rig, NULL);
	o.reactor = rig.reactor;
	o.resolver = rig.resolver;
	alloc_fail_at(n, for_good);
	err = http_client_new(&client, &o);
	failed = alloc_has_failed();
	alloc_fail_at(-1, 0);
	CHECK_INT(err, failed ? -ENOMEM : 0);
	if (err == 0)
		http_client_free(client);
	rig_close(&rig);
	CHECK_INT(alloc_live(), live);
	return !failed;
}

static void
memory_all(const char *name, bool (*play)(long n, int for_good))
{
	long n = 0;

	check_case(name);
	for (int for_good = 0; for_good < 2; for_good++)
		for (n = 0; n < 2000 && !play(n, for_good); n++)
			;
	CHECK(n > 1 && n < 2000);
}

int
main(void)
{
	memory_all("a client is made", memory_new);
	memory_all("pages are got", memory_client);
	memory_all("pages are served", memory_server);
	return check_done();
}
