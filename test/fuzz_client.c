/*
 * fuzz_client.c - a client in the simulated world, fed by a server that says
 * any bytes, cut anywhere.
 *
 * The first three bytes: options of the pages (1: HEAD, 2: any status,
 * 4: keep the head, 8: no redirects, 16: a small limit, 32: two connections
 * at most); how many pages (1 to 4) and the weather; the size of pieces.  The
 * rest are answers: each ends with a byte 0xFE and one that says how the
 * server goes on (enum script_end).
 *
 * A single page from a single answer must come to the same in any pieces.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../http/get_page.h"
#include "check.h"
#include "fuzz.h"
#include "http_rig.h"

enum { FUZZ_ANSWERS = 16, FUZZ_PAGES = 4, FUZZ_END = 0xfe };

struct fuzz_client {
	struct script_step steps[FUZZ_ANSWERS];
	size_t count;
	struct http_get_options options;
	unsigned per_host;
};

/* The answers in the input, none of them empty. */
static void
fuzz_client_read(struct fuzz_client *c, const uint8_t *at, size_t len)
{
	while (len > 0 && c->count < FUZZ_ANSWERS) {
		const uint8_t *end = memchr(at, FUZZ_END, len);
		size_t n = end != NULL ? (size_t)(end - at) : len;
		struct script_step *s = &c->steps[c->count];

		s->say = (const char *)at;
		s->len = n;
		s->end = n + 1 < len ? (enum script_end)(at[n + 1] % 3) :
		    SCRIPT_CLOSE;
		c->count += n > 0;
		n = n + 2 < len ? n + 2 : len;
		at += n;
		len -= n;
	}
}

/* What one page came to, as far as no piece may change it. */
static uint64_t
fuzz_client_sum(const struct rig_got *got)
{
	const char *name = rig_name(got);
	uint64_t sum = fuzz_sum(1, name, strlen(name));

	CHECK_INT(got->fired, 1);
	if (got->page == NULL)
		return sum;
	sum += (uint64_t)got->page->status * 3 + got->page->bytes * 7 +
	    got->page->damaged;
	sum = fuzz_sum(sum, got->page->content_type,
	    got->page->content_type_len);
	sum = fuzz_sum(sum, got->page->head, got->page->head_len);
	return fuzz_sum(sum, got->page->body, got->page->body_len);
}

/* Plays all, `piece` bytes at a time; returns the sum of the last page. */
static uint64_t
fuzz_client_play(const struct fuzz_client *c, size_t piece, unsigned weather,
    unsigned pages)
{
	struct http_client_options options = { .per_host = c->per_host };
	struct script_step steps[FUZZ_ANSWERS];
	struct rig_got got[FUZZ_PAGES];
	struct rig rig;
	uint64_t sum = 0;
	unsigned i;

	memcpy(steps, c->steps, sizeof(steps));
	for (i = 0; i < c->count; i++)
		steps[i].piece = piece;
	rig_open(&rig, &options);
	sim_weather(rig.sim)->split = weather * 120;
	sim_weather(rig.sim)->short_io = weather * 100;
	sim_weather(rig.sim)->spurious = weather * 50;
	script_play(&rig.script, steps, c->count);
	for (i = 0; i < pages; i++)
		rig_start(&rig, &got[i], "/page", &c->options);
	rig_run(&rig);
	rig_settle(&rig);
	for (i = 0; i < pages; i++) {
		sum = fuzz_client_sum(&got[i]);
		rig_clear(&got[i]);
	}
	rig_close(&rig);
	return sum;
}

void
fuzz_one(const uint8_t *at, size_t len)
{
	struct fuzz_client c = { .count = 0 };
	unsigned pages, weather;
	uint64_t whole;

	if (len < 4)
		return;
	c.options.timeout_ns = 2000000000;
	c.options.head = (at[0] & 1) != 0;
	c.options.any_status = (at[0] & 2) != 0;
	c.options.keep_head = (at[0] & 4) != 0;
	c.options.no_redirects = (at[0] & 8) != 0;
	c.options.max_body = (at[0] & 16) != 0 ? 100 : 65536;
	c.per_host = (at[0] & 32) != 0 ? 2 : 6;
	pages = 1 + at[1] % FUZZ_PAGES;
	weather = at[1] / 4 % 8;
	fuzz_client_read(&c, at + 3, len - 3);
	if (c.count == 0)
		return;
	whole = fuzz_client_play(&c, 0, 0, pages);
	if (fuzz_client_play(&c, 1u + at[2] % 64u, weather, pages) != whole &&
	    c.count == 1 && pages == 1 && c.steps[0].end != SCRIPT_RESET)
		abort();
}
