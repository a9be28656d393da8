/*
 * shard.c - a hash of the host decides.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "shard.h"

#include <errno.h>
#include <string.h>

#include "digest.h"
#include "fetch.h"

enum { SHARD_MOST = 1000000 };

/* Reads digits, and moves behind them; 0 if there are none, or too many. */
static uint32_t
shard_number(const char **text)
{
	uint32_t n = 0;

	for (; **text >= '0' && **text <= '9'; (*text)++)
		n = n > SHARD_MOST ? n : n * 10 + (uint32_t)(**text - '0');
	return n > SHARD_MOST ? 0 : n;
}

bool
shard_parse(struct shard *s, const char *text)
{
	s->index = shard_number(&text);
	if (*text++ != '/')
		return false;
	s->count = shard_number(&text);
	return *text == '\0' && s->index > 0 && s->index <= s->count;
}

bool
shard_hash(uint64_t *hash, const char *url, size_t len)
{
	struct http_url u = { .href = NULL };
	int error = fetch_parse(&u, url, len);

	if (error == -ENOMEM)
		return false;
	if (error == 0)
		url = http_url_host(&u, &len);
	*hash = digest_end(digest_add(DIGEST_BEGIN, url, len));
	http_url_free(&u);
	return true;
}

bool
shard_has(const struct shard *s, const char *url, size_t len)
{
	uint64_t hash;

	return s->count <= 1 || !shard_hash(&hash, url, len) ||
	    hash % s->count == s->index - 1;
}
