/*
 * fuzz_server.c - a server in the simulated world, asked in any bytes, whole
 * and in pieces: it answers the same with whole heads, and never hangs or
 * leaks.
 *
 * The first byte is the size of pieces; the rest is what the server hears.
 * It answers with the path, or, where a name begins with w, with what it was
 * sent.
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

static struct http_resource *fuzz_server_child(struct http_resource *,
    const char *, size_t);

static void
fuzz_server_answer(struct http_server_request *q, const char *at, size_t len)
{
	struct http_server_answer a = {
		.status = 200, .content_type = "text/plain",
		.body = at, .len = len,
	};

	if (memchr(q->path, '\n', q->path_len) != NULL ||
	    memchr(q->query, '\n', q->query_len) != NULL)
		abort();
	http_server_answer(q, &a);
}

static void
fuzz_server_render(struct http_resource *r, struct http_server_request *q)
{
	(void)r;
	fuzz_server_answer(q, q->path, q->path_len);
}

static void
fuzz_server_echo(struct http_resource *r, struct http_server_request *q)
{
	(void)r;
	fuzz_server_answer(q, q->content, q->content_len);
}

static const struct http_resource_ops fuzz_server_ops = {
	.child = fuzz_server_child, .render = fuzz_server_render,
};
static const struct http_resource_ops fuzz_server_wanting_ops = {
	.child = fuzz_server_child, .render = fuzz_server_echo,
	.content_max = 100,
};
static struct http_resource fuzz_server_root = { &fuzz_server_ops };
static struct http_resource fuzz_server_wants = { &fuzz_server_wanting_ops };

static struct http_resource *
fuzz_server_child(struct http_resource *r, const char *name, size_t len)
{
	if (memchr(name, '/', len) != NULL || len >= 5)
		return NULL;
	return len > 0 && *name == 'w' ? &fuzz_server_wants : r;
}

/* What a server answers to all this, `piece` bytes at a time (0: whole). */
static uint64_t
fuzz_server_ask(const uint8_t *at, size_t len, size_t piece)
{
	struct sim *sim = sim_new(&(struct sim_options){ .seed = 1 });
	struct reactor_options how = sim_reactor_options(sim);
	struct reactor_address address;
	struct http_server *server;
	struct reactor *reactor;
	struct raw raw;
	uint64_t sum;

	reactor_address_parse(&address, "127.0.0.1:80", 12, 0);
	if (reactor_new(&reactor, &how) < 0 ||
	    http_server_new(&server, reactor, &address, &fuzz_server_root) < 0)
		abort();
	raw_talk(&raw, reactor, &address, (const char *)at, len, piece);
	if (raw.heard_len > 0)
		CHECK(raw.heard_len > 12 &&
		    memcmp(raw.heard, "HTTP/1.1 ", 9) == 0);
	sum = fuzz_sum(raw.lost == 1, raw.heard, raw.heard_len);
	raw_end(&raw);
	http_server_free(server);
	reactor_iterate(reactor, 0);
	reactor_free(reactor);
	CHECK_INT(sim_open_fds(sim), 0);
	CHECK_STR(sim_first_violation(sim), NULL);
	sim_free(sim);
	return sum;
}

void
fuzz_one(const uint8_t *at, size_t len)
{
	if (len > 1)
		CHECK(fuzz_server_ask(at + 1, len - 1, 0) ==
		    fuzz_server_ask(at + 1, len - 1, 1 + *at % 64u));
}
