/*
 * fuzz_server.c - a server in the simulated world, asked in any bytes, cut
 * anywhere: it answers with whole heads, and never hangs or leaks.
 *
 * The first byte is the size of pieces; the rest is what the server hears.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../http/http_server.h"
#include "check.h"
#include "fuzz.h"
#include "http_raw.h"
#include "sim.h"

static struct http_resource *
fuzz_server_child(struct http_resource *r, const char *name, size_t len)
{
	return memchr(name, '/', len) == NULL && len < 5 ? r : NULL;
}

static void
fuzz_server_render(struct http_resource *r, struct http_server_request *q)
{
	struct http_server_answer a = {
		.status = 200, .content_type = "text/plain",
		.body = q->path, .len = q->path_len,
	};

	(void)r;
	if (memchr(q->path, '\n', q->path_len) != NULL ||
	    memchr(q->query, '\n', q->query_len) != NULL)
		abort();
	http_server_answer(q, &a);
}

static const struct http_resource_ops fuzz_server_ops = {
	.child = fuzz_server_child, .render = fuzz_server_render,
};

void
fuzz_one(const uint8_t *at, size_t len)
{
	struct sim *sim = sim_new(&(struct sim_options){ .seed = 1 });
	struct reactor_options how = sim_reactor_options(sim);
	struct http_resource root = { &fuzz_server_ops };
	struct reactor_address address;
	struct http_server *server;
	struct reactor *reactor;
	struct raw raw;

	reactor_address_parse(&address, "127.0.0.1:80", 12, 0);
	if (reactor_new(&reactor, &how) < 0 ||
	    http_server_new(&server, reactor, &address, &root) < 0)
		abort();
	if (len > 1) {
		raw_talk(&raw, reactor, &address, (const char *)at + 1,
		    len - 1, *at % 64);
		if (raw.heard_len > 0)
			CHECK(raw.heard_len > 12 &&
			    memcmp(raw.heard, "HTTP/1.1 ", 9) == 0);
		raw_end(&raw);
	}
	http_server_free(server);
	reactor_iterate(reactor, 0);
	reactor_free(reactor);
	CHECK_INT(sim_open_fds(sim), 0);
	CHECK_STR(sim_first_violation(sim), NULL);
	sim_free(sim);
}
