/*
 * inquiry.h - one question on its way to the name servers, and its attempts.
 *
 * Used by ask.c alone: the two files share the work of one module.
 */
#ifndef DNS_INQUIRY_H
#define DNS_INQUIRY_H

#include "ask.h"
#include "exchange.h"

/* A question on its way. */
struct dns_inquiry {
	struct dns_asker *asker;
	struct dns_cache_entry *entry;
	struct list link;		/* in the queue, or among the flying */
	struct list waiters;
	struct dns_pending pending;
	struct dns_exchange_client exchange;
	struct timer timer;
	struct dns_upstream *server;	/* of this attempt */
	uint64_t sent_ns;
	uint8_t tries[DNS_CONFIG_SERVERS];
	bool plain;			/* without EDNS */
	enum dns_verdict worst;		/* of the attempts so far */
};

/*
 * A question for an entry that is new.  It is put at the end of the queue,
 * and the asker's pump is asked for.  NULL if there is no memory.
 */
struct dns_inquiry *dns_inquiry_new(struct dns_asker *,
    struct dns_cache_entry *);

/*
 * Asks the next server that can be asked, for a question in no list.  False
 * if there is none left, or nobody waits any more.
 */
bool dns_inquiry_launch(struct dns_inquiry *);

/*
 * Takes a question out of the queue or out of the air; `overdue` if a reply
 * failed to come.
 */
void dns_inquiry_land(struct dns_inquiry *, bool overdue);

/* Frees the question and tells who waits that there is no answer. */
void dns_inquiry_give_up(struct dns_inquiry *);

/* What pools shall tell the questions that wait in them. */
extern const struct dns_pool_ops dns_inquiry_pool_ops;

/* The question whose `link` this is. */
struct dns_inquiry *dns_inquiry_of_link(struct list *link);

#endif
