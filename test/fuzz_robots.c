/*
 * fuzz_robots.c - any bytes as a path, a line end, and a robots.txt: fed in
 * pieces it says what it says in one, and two simple truths hold.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../bin/robots.h"
#include "fuzz.h"

static void
fuzz_robots_read(struct robots *rules, const char *at, size_t len, bool cut)
{
	static struct robots_reader reader;
	struct fuzz_cuts cuts = { (uint32_t)len };

	robots_begin(&reader, "spindle");
	while (len > 0) {
		size_t n = cut ? fuzz_next_cut(&cuts, len) : len;

		robots_feed(&reader, at, n);
		at += n;
		len -= n;
	}
	if (robots_end(&reader, rules) != 0)
		abort();
}

/* Each rule is a letter, a pattern, and a line end. */
static void
fuzz_robots_check(const struct robots *r)
{
	if (r->len > ROBOTS_SIZE_MAX || r->delay_ns > 60000000000 ||
	    (r->len > 0) != (r->rules != NULL))
		abort();
	for (size_t i = 0; i < r->len; i++)
		if (i == 0 || r->rules[i - 1] == '\n')
			if (strchr("AD", r->rules[i]) == NULL ||
			    strchr("/*", r->rules[i + 1]) == NULL)
				abort();
	if (r->len > 0 && r->rules[r->len - 1] != '\n')
		abort();
}

void
fuzz_one(const uint8_t *at, size_t len)
{
	size_t path_len;
	const char *path = fuzz_line(&at, &len, &path_len);
	struct robots whole, pieces;

	fuzz_robots_read(&whole, (const char *)at, len, false);
	fuzz_robots_read(&pieces, (const char *)at, len, true);
	fuzz_robots_check(&whole);
	if (whole.len != pieces.len || whole.delay_ns != pieces.delay_ns ||
	    (whole.len > 0 && memcmp(whole.rules, pieces.rules, whole.len)))
		abort();
	if (path_len > 0 && !robots_allows(&whole, path, path_len) &&
	    whole.len == 0)
		abort();
	if (!robots_allows(&whole, "/robots.txt", 11))
		abort();
	robots_free(&whole);
	robots_free(&pieces);
}
