/*
 * cache.h - a table of questions.
 *
 * A question is in the table once, be it answered or still being asked.  So
 * whoever wants to ask one that is being asked already finds it here, and
 * waits along: RFC 5452 section 5 wants no two of the same in flight.
 *
 * Entries are embedded in structs of the caller's, who frees them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_CACHE_H
#define DNS_CACHE_H

#include "message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One question; private but for what was asked. */
struct dns_cache_entry {
	struct dns_question question;
	struct dns_cache_entry *next;	/* of the same bucket */
};

/* Enough for some thousand questions. */
enum { DNS_CACHE_BUCKETS = 1024 };

/* The table.  All fields are private. */
struct dns_cache {
	struct dns_cache_entry *buckets[DNS_CACHE_BUCKETS];
	uint32_t seed;
};

/*
 * An empty table.  With a seed that nobody can guess, names cannot be chosen
 * to fall into one bucket.
 */
void dns_cache_init(struct dns_cache *, uint32_t seed);

/* The question's entry, or NULL. */
struct dns_cache_entry *dns_cache_find(struct dns_cache *,
    const struct dns_question *);

/* Puts in an entry for a question that has none. */
void dns_cache_add(struct dns_cache *, struct dns_cache_entry *,
    const struct dns_question *);

/* Takes out an entry that is in the table. */
void dns_cache_remove(struct dns_cache *, struct dns_cache_entry *);

#ifdef __cplusplus
}
#endif

#endif
