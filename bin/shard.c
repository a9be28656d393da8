/*
 * shard.c - a hash of the host decides.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "shard.h"

#include <errno.h>
#include <string.h>

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

/*
 * FNV-1a, and the last step of splitmix64, which spreads what differs little
 * over all bits.  These numbers must never change.
 */
static uint64_t
shard_hash(const char *at, size_t len)
{
	uint64_t sum = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)at[i]) * UINT64_C(1099511628211);
	sum = (sum ^ (sum >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	sum = (sum ^ (sum >> 27)) * UINT64_C(0x94D049BB133111EB);
	return sum ^ (sum >> 31);
}

bool
shard_has(const struct shard *s, const char *url, size_t len)
{
	struct http_url u = { .href = NULL };
	uint64_t hash;
	int error;

	if (s->count <= 1)
		return true;
	error = fetch_parse(&u, url, len);
	if (error == -ENOMEM)
		return true;
	if (error == 0)
		url = http_url_host(&u, &len);
	hash = shard_hash(url, len);
	http_url_free(&u);
	return hash % s->count == s->index - 1;
}
