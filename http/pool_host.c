/*
 * pool_host.c - the table of hosts: chains in buckets.
 */
#include "pool_host.h"

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

static struct http_pool_host **
http_pool_host_bucket(struct http_pool_table *t, uint64_t hash)
{
	return &t->buckets[hash % HTTP_POOL_BUCKETS];
}

static struct http_pool_host *
http_pool_host_new(const char *at, size_t len, bool https)
{
	struct http_pool_host *h = calloc(1, sizeof(*h) + len);

	if (h == NULL)
		return NULL;
	list_init(&h->queue);
	list_init(&h->working);
	list_init(&h->idle);
	h->https = https;
	h->len = len;
	memcpy(h->authority, at, len);
	return h;
}

struct http_pool_host *
http_pool_host_get(struct http_pool_table *t, const struct http_url *url)
{
	size_t len;
	const char *at = http_url_authority(url, &len);
	uint64_t hash = http_pool_host_hash(at, len, url->https);
	struct http_pool_host **bucket = http_pool_host_bucket(t, hash);
	struct http_pool_host *h = *bucket;

	while (h != NULL && (h->hash != hash || h->len != len ||
	    h->https != url->https || memcmp(h->authority, at, len) != 0))
		h = h->next;
	if (h != NULL)
		return h;
	h = http_pool_host_new(at, len, url->https);
	if (h == NULL)
		return NULL;
	h->hash = hash;
	h->next = *bucket;
	*bucket = h;
	return h;
}

void
http_pool_host_remove(struct http_pool_table *t, struct http_pool_host *h)
{
	struct http_pool_host **at = http_pool_host_bucket(t, h->hash);

	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	reactor_cancel_call(&h->serve);
	free(h);
}
