/*
 * cache.h - every question that is known: answered, or being asked.
 *
 * A question is in the table once.  So whoever wants to ask one that is
 * being asked already finds it here, and waits along (RFC 5452 section 5
 * wants no two of the same in flight); and an answer stays until its time is
 * over or room is needed for newer ones.
 *
 * Knows no clock: times are given to it, nanoseconds of any one clock.
 */
#ifndef DNS_CACHE_H
#define DNS_CACHE_H

#include "../reactor/list.h"
#include "message.h"

/* What came out of a question; from DNS_UNREACHABLE on, no answer at all. */
enum dns_verdict {
	DNS_FOUND,		/* addresses */
	DNS_NOTHING,		/* the name has none of that type */
	DNS_NO_NAME,		/* the name does not exist */
	DNS_UNREACHABLE,	/* no way to any name server */
	DNS_TIMED_OUT,		/* at least one was silent */
	DNS_FAILED,		/* at least one could or would not answer */
	DNS_NO_MEMORY
};

/* One question.  All is read only but for cache.c, and `asking`. */
struct dns_cache_entry {
	struct dns_question question;
	void *asking;			/* the caller's, while it is asked */
	bool answered;
	enum dns_verdict verdict;
	size_t count;			/* of addresses */
	uint8_t *addresses;	/* 16 octets each; A: the first 4 of them */

	/* private */
	uint64_t expires_ns;
	struct dns_cache_entry *next;	/* of the same bucket */
	struct list used;		/* from the least recently used on */
};

/* About a quarter of the answers that are remembered. */
enum { DNS_CACHE_BUCKETS = 1024 };

/* The table.  All fields are private. */
struct dns_cache {
	struct dns_cache_entry *buckets[DNS_CACHE_BUCKETS];
	struct list used;
	size_t held, limit;		/* answers */
	uint32_t seed;
};

/*
 * An empty table that remembers up to `limit` answers.  With a seed that
 * nobody can guess, names cannot be chosen to fall into one bucket.
 */
void dns_cache_init(struct dns_cache *, size_t limit, uint32_t seed);

/* Frees all entries, also those that are being asked. */
void dns_cache_free(struct dns_cache *);

/*
 * The question's entry: answered and still good at now_ns, or being asked.
 * If there is none, a new one with neither; NULL if there is no memory.
 */
struct dns_cache_entry *dns_cache_get(struct dns_cache *,
    const struct dns_question *, uint64_t now_ns);

/*
 * Puts the answer into an entry that is being asked, and remembers it until
 * expires_ns.  If there is no memory for that the entry is removed.
 */
void dns_cache_answer(struct dns_cache *, struct dns_cache_entry *,
    enum dns_verdict, const struct dns_reply *, uint64_t expires_ns);

/* Forgets an entry: it is freed. */
void dns_cache_remove(struct dns_cache *, struct dns_cache_entry *);

#endif
