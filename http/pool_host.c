/*
 * pool_host.c - the table of hosts: chains in buckets.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "pool.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a over host and port, which URLs have in lower case. */
static uint64_t
http_pool_host_hash(const char *at, size_t len, bool https)
{
	uint64_t h = UINT64_C(14695981039346656037) + https;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)at[i]) * UINT64_C(1099511628211);
	return h ^ h >> 32;
}

static struct http_pool_host *
http_pool_host_new(struct http_client *p, const char *at, size_t len)
{
	struct http_pool_host *h = calloc(1, sizeof(*h) + len);

	if (h == NULL)
		return NULL;
	h->client = p;
	reactor_list_init(&h->queue);
	reactor_list_init(&h->working);
	reactor_list_init(&h->idle);
	reactor_call_init(&h->serve, http_pool_serve);
	h->len = len;
	memcpy(h->authority, at, len);
	return h;
}

struct http_pool_host *
http_pool_host_get(struct http_client *p, const struct http_url *url)
{
	size_t len;
	const char *at = http_url_authority(url, &len);
	uint64_t hash = http_pool_host_hash(at, len, url->https);
	struct http_pool_host **bucket = &p->hosts[hash % HTTP_POOL_BUCKETS];
	struct http_pool_host *h = *bucket;

	while (h != NULL && (h->hash != hash || h->len != len ||
	    h->https != url->https || memcmp(h->authority, at, len) != 0))
		h = h->next;
	if (h != NULL)
		return h;
	h = http_pool_host_new(p, at, len);
	if (h == NULL)
		return NULL;
	h->https = url->https;
	h->hash = hash;
	h->next = *bucket;
	*bucket = h;
	return h;
}

void
http_pool_host_remove(struct http_pool_host *h)
{
	struct http_pool_host **at =
	    &h->client->hosts[h->hash % HTTP_POOL_BUCKETS];

	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	reactor_cancel_call(&h->serve);
	free(h);
}
