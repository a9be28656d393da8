/*
 * pool_host.c - the table of hosts: chains in buckets, doubled when there
 * are more hosts than buckets.
 */
#include "pool_host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { HTTP_POOL_TABLE_SIZE = 64 };	/* at first */

/* FNV-1a over host and port, which URLs have in lower case. */
static uint64_t
http_pool_host_hash(const char *at, size_t len, bool https)
{
	uint64_t h = UINT64_C(14695981039346656037) + https;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)at[i]) * UINT64_C(1099511628211);
	return h ^ h >> 32;
}

static void
http_pool_table_link(struct http_pool_table *t, struct http_pool_host *h)
{
	struct http_pool_host **bucket = &t->buckets[h->hash & (t->size - 1)];

	h->next = *bucket;
	*bucket = h;
}

/* Twice the buckets; without memory the chains just get longer. */
static void
http_pool_table_grow(struct http_pool_table *t)
{
	struct http_pool_table fresh = {.size = t->size * 2};
	struct http_pool_host *h;

	fresh.buckets = calloc(fresh.size, sizeof(*fresh.buckets));
	if (fresh.buckets == NULL)
		return;
	for (size_t i = 0; i < t->size; i++) {
		while ((h = t->buckets[i]) != NULL) {
			t->buckets[i] = h->next;
			http_pool_table_link(&fresh, h);
		}
	}
	free(t->buckets);
	t->buckets = fresh.buckets;
	t->size = fresh.size;
}

int
http_pool_table_init(struct http_pool_table *t)
{
	t->buckets = calloc(HTTP_POOL_TABLE_SIZE, sizeof(*t->buckets));
	if (t->buckets == NULL)
		return -ENOMEM;
	t->size = HTTP_POOL_TABLE_SIZE;
	t->count = 0;
	return 0;
}

struct http_pool_host *
http_pool_host_find(const struct http_pool_table *t,
    const struct http_url *url)
{
	size_t len;
	const char *at = http_url_authority(url, &len);
	uint64_t hash = http_pool_host_hash(at, len, url->https);
	struct http_pool_host *h = t->buckets[hash & (t->size - 1)];

	while (h != NULL && (h->hash != hash || h->len != len ||
	    h->https != url->https || memcmp(h->authority, at, len) != 0))
		h = h->next;
	return h;
}

struct http_pool_host *
http_pool_host_add(struct http_pool_table *t, const struct http_url *url)
{
	size_t len;
	const char *at = http_url_authority(url, &len);
	struct http_pool_host *h = calloc(1, sizeof(*h) + len);

	if (h == NULL)
		return NULL;
	if (t->count++ >= t->size)
		http_pool_table_grow(t);
	list_init(&h->queue);
	list_init(&h->working);
	list_init(&h->idle);
	h->https = url->https;
	h->len = len;
	memcpy(h->authority, at, len);
	h->hash = http_pool_host_hash(at, len, url->https);
	http_pool_table_link(t, h);
	return h;
}

void
http_pool_host_remove(struct http_pool_table *t, struct http_pool_host *h)
{
	struct http_pool_host **at = &t->buckets[h->hash & (t->size - 1)];

	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	t->count--;
	reactor_cancel_call(&h->serve);
	free(h);
}

void
http_pool_table_free(struct http_pool_table *t)
{
	for (size_t i = 0; i < t->size; i++)
		while (t->buckets[i] != NULL)
			http_pool_host_remove(t, t->buckets[i]);
	free(t->buckets);
}
