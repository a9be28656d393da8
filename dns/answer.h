/*
 * answer.h - the other side of message.h: what a name server reads and
 * writes.
 *
 * Bytes in, bytes out: no socket, no clock, no allocation.
 *
 * Copy: answer.h answer.c message.h message.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_ANSWER_H
#define DNS_ANSWER_H

#include "message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A query, as the server sees it. */
struct dns_request {
	uint16_t id;
	uint16_t type, dns_class;
	bool recurse;		/* give the bit back (RFC 1035 4.1.1) */
	bool edns;		/* it has an OPT record: so must the answer */
	size_t udp_room;	/* octets of a UDP answer: 512 or more */
	struct dns_name name;
};

/*
 * Reads a query with one question.  -EBADMSG for anything else, also for a
 * reply: never answer that, lest two servers talk for ever.
 */
int dns_request_parse(struct dns_request *, const uint8_t *at, size_t len);

/*
 * An answer in the making: begin, then records in the order of sections,
 * then end.  Records whose owner is the name that was asked for are small.
 */
struct dns_answer {
	struct dns_writer writer;
	const struct dns_request *request;
	struct dns_header header;	/* counts the records so far */
};

/*
 * Begins an answer in `room` octets, 512 at least, at `at`.  The request is
 * borrowed until the end.
 */
void dns_answer_begin(struct dns_answer *, const struct dns_request *,
    uint8_t *at, size_t room);

/*
 * Adds a record with its data as they are on the wire: the octets of an
 * address, the name of an alias.  A DNS_TYPE_SOA goes to the authority
 * section, all others are answers.
 */
void dns_answer_record(struct dns_answer *, const struct dns_name *owner,
    uint16_t type, uint32_t ttl_s, const uint8_t *data, size_t size);

/*
 * Ends the answer with a response code, DNS_RCODE_OK and so on, and returns
 * its length.  If a record did not fit, no record is sent, and the answer
 * has DNS_FLAG_TRUNCATED: the client asks again over TCP.
 */
size_t dns_answer_end(struct dns_answer *, unsigned rcode);

#ifdef __cplusplus
}
#endif

#endif
