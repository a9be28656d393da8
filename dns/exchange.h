/*
 * exchange.h - one question over TCP, for a reply that is too long for UDP.
 *
 * The same messages, each behind its length in two octets (RFC 7766).
 */
#ifndef DNS_EXCHANGE_H
#define DNS_EXCHANGE_H

#include "../reactor/address.h"
#include "message.h"

struct dns_exchange;
struct reactor;

/* Who asks; embedded in what the question is part of. */
struct dns_exchange_client {
	struct dns_exchange *exchange;	/* private; NULL: nothing under way */

	/* The whole reply, borrowed.  The exchange is over. */
	void (*replied)(struct dns_exchange_client *, const uint8_t *at,
	    size_t len);

	/* There is none; a negative errno.  The exchange is over. */
	void (*failed)(struct dns_exchange_client *, int error);
};

/* Connects and asks; -ENOMEM.  It has no time limit of its own. */
int dns_exchange_begin(struct dns_exchange_client *, struct reactor *,
    const struct address *server, uint16_t id, const struct dns_question *,
    bool edns);

/* Gives up; harmless if nothing is under way. */
void dns_exchange_drop(struct dns_exchange_client *);

#endif
