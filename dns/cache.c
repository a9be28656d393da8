/*
 * cache.c - see cache.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "cache.h"

void
dns_cache_init(struct dns_cache *c, uint32_t seed)
{
	*c = (struct dns_cache){ .seed = seed };
}

/* The head of the bucket that a question belongs to (hash: FNV-1a). */
static struct dns_cache_entry **
dns_cache_bucket(struct dns_cache *c, const struct dns_question *q)
{
	uint32_t hash = (c->seed ^ q->type) * 16777619;
	size_t i;

	for (i = 0; i < q->name.len; i++)
		hash = (hash ^ q->name.at[i]) * 16777619;
	return &c->buckets[(hash ^ hash >> 16) % DNS_CACHE_BUCKETS];
}

struct dns_cache_entry *
dns_cache_find(struct dns_cache *c, const struct dns_question *q)
{
	struct dns_cache_entry *e = *dns_cache_bucket(c, q);

	while (e != NULL && (e->question.type != q->type ||
	    !dns_name_equal(&e->question.name, &q->name)))
		e = e->next;
	return e;
}

void
dns_cache_add(struct dns_cache *c, struct dns_cache_entry *e,
    const struct dns_question *q)
{
	struct dns_cache_entry **bucket = dns_cache_bucket(c, q);

	e->question = *q;
	e->next = *bucket;
	*bucket = e;
}

void
dns_cache_remove(struct dns_cache *c, struct dns_cache_entry *e)
{
	struct dns_cache_entry **at = dns_cache_bucket(c, &e->question);

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
}
