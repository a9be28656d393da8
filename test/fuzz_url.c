/*
 * fuzz_url.c - any bytes as a URL, the first line of them as its base.
 *
 * What was read must read the same again, and be fit for a request line.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../http/url.h"
#include "fuzz.h"

static void
fuzz_check(const struct http_url *u)
{
	struct http_url again;

	for (size_t i = 0; i < u->len; i++)
		if (u->href[i] <= ' ' || u->href[i] >= 0x7f)
			abort();
	if (u->href[u->path] != '/' || u->host >= u->host_end ||
	    u->host_end > u->path || u->path >= u->query + (size_t)1 ||
	    u->query > u->fragment || u->fragment > u->len)
		abort();
	if (http_url_parse(&again, u->href, u->len, NULL) != 0 ||
	    strcmp(again.href, u->href) != 0 ||
	    !http_url_same_origin(&again, u))
		abort();
	http_url_free(&again);
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data;
	const char *line = size > 0 ? memchr(at, '\n', size) : NULL;
	struct http_url base, u;
	int has_base = 0;

	if (line != NULL) {
		has_base = http_url_parse(&base, at, (size_t)(line - at),
		    NULL) == 0;
		size -= (size_t)(line + 1 - at);
		at = line + 1;
	}
	if (http_url_parse(&u, at, size, has_base ? &base : NULL) == 0) {
		fuzz_check(&u);
		http_url_free(&u);
	}
	if (has_base)
		http_url_free(&base);
}
