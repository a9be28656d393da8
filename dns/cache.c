/*
 * cache.c - see cache.h.
 */
#include "cache.h"

#include <stdlib.h>
#include <string.h>

/* The entry whose `used` this is. */
static struct dns_cache_entry *
dns_cache_of_used(struct list *used)
{
	return (struct dns_cache_entry *)
	    ((char *)used - offsetof(struct dns_cache_entry, used));
}

void
dns_cache_init(struct dns_cache *c, size_t limit, uint32_t seed)
{
	memset(c, 0, sizeof(*c));
	list_init(&c->used);
	c->limit = limit;
	c->seed = seed;
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

void
dns_cache_remove(struct dns_cache *c, struct dns_cache_entry *e)
{
	struct dns_cache_entry **at = dns_cache_bucket(c, &e->question);

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	if (e->answered)
		c->held--;
	list_remove(&e->used);
	free(e->addresses);
	free(e);
}

void
dns_cache_free(struct dns_cache *c)
{
	size_t i;

	for (i = 0; i < DNS_CACHE_BUCKETS; i++)
		while (c->buckets[i] != NULL)
			dns_cache_remove(c, c->buckets[i]);
}

/* A new entry, in its bucket. */
static struct dns_cache_entry *
dns_cache_add(struct dns_cache *c, const struct dns_question *q)
{
	struct dns_cache_entry **bucket = dns_cache_bucket(c, q);
	struct dns_cache_entry *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->question = *q;
	list_init(&e->used);
	e->next = *bucket;
	*bucket = e;
	return e;
}

struct dns_cache_entry *
dns_cache_get(struct dns_cache *c, const struct dns_question *q,
    uint64_t now_ns)
{
	struct dns_cache_entry *e = *dns_cache_bucket(c, q);

	while (e != NULL && (e->question.type != q->type ||
	    !dns_name_equal(&e->question.name, &q->name)))
		e = e->next;
	if (e == NULL)
		return dns_cache_add(c, q);
	if (!e->answered)
		return e;
	if (e->expires_ns <= now_ns) {
		dns_cache_remove(c, e);
		return dns_cache_add(c, q);
	}
	list_remove(&e->used);
	list_append(&c->used, &e->used);
	return e;
}

void
dns_cache_answer(struct dns_cache *c, struct dns_cache_entry *e,
    enum dns_verdict verdict, const struct dns_reply *reply,
    uint64_t expires_ns)
{
	size_t size = reply->count * sizeof(reply->addresses[0]);

	if (size > 0) {
		e->addresses = malloc(size);
		if (e->addresses == NULL) {
			dns_cache_remove(c, e);
			return;
		}
		memcpy(e->addresses, reply->addresses, size);
	}
	e->asking = NULL;
	e->answered = true;
	e->verdict = verdict;
	e->count = reply->count;
	e->expires_ns = expires_ns;
	list_append(&c->used, &e->used);
	if (++c->held > c->limit)
		dns_cache_remove(c, dns_cache_of_used(c->used.next));
}
