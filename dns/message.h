/*
 * message.h - the question that a client asks, and what a reply says to it.
 *
 * Bytes in, facts out: no socket, no clock.  Copy along: wire.h, wire.c,
 * name.h, name.c.
 *
 * The one idea: a reply counts for nothing by itself.  It is read together
 * with the question it should answer, and only records that hang on that
 * question's name, directly or over a chain of aliases, are looked at.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

#include "name.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Record types (RFC 1035 section 3.2.2, RFC 3596, RFC 6891). */
enum {
	DNS_TYPE_A = 1,
	DNS_TYPE_CNAME = 5,
	DNS_TYPE_SOA = 6,
	DNS_TYPE_AAAA = 28,
	DNS_TYPE_OPT = 41
};

/* The only class there is: the Internet. */
enum { DNS_CLASS_IN = 1 };

/* Response codes (RFC 1035 section 4.1.1, RFC 6891 section 9). */
enum {
	DNS_RCODE_OK = 0,
	DNS_RCODE_FORMERR = 1,
	DNS_RCODE_SERVFAIL = 2,
	DNS_RCODE_NXDOMAIN = 3,
	DNS_RCODE_NOTIMP = 4,
	DNS_RCODE_REFUSED = 5
};

/* Bits of a header's second word. */
enum {
	DNS_FLAG_REPLY = 0x8000,
	DNS_FLAG_OPCODE = 0x7800,	/* four bits; 0: a plain question */
	DNS_FLAG_AUTHORITATIVE = 0x0400,
	DNS_FLAG_TRUNCATED = 0x0200,
	DNS_FLAG_RECURSE = 0x0100
};

/* Sizes in octets, and how much of a reply is kept. */
enum {
	DNS_QUERY_MAX = 12 + DNS_NAME_MAX + 4 + 11,
	DNS_UDP_MAX = 1232,	/* fits any path unfragmented */
	DNS_TCP_MAX = 65535,
	DNS_ALIASES_MAX = 12,	/* links of a chain of CNAMEs */
	DNS_ADDRESSES_MAX = 32	/* of one reply; more are not looked at */
};

/* What is asked: addresses of a name. */
struct dns_question {
	struct dns_name name;
	uint16_t type;		/* DNS_TYPE_A or DNS_TYPE_AAAA */
};

/* What a reply says to a question. */
struct dns_reply {
	unsigned rcode;		/* the 12 bits of RFC 6891 */
	bool truncated;		/* ask again over TCP; nothing below is set */

	/*
	 * How long this may be remembered, seconds: the least of the records
	 * used, or for a name without addresses what the zone's SOA record
	 * says (RFC 2308 section 5), 0 if there is none.
	 */
	uint32_t ttl_s;

	size_t count;		/* of addresses, in the order of the reply */
	uint8_t addresses[DNS_ADDRESSES_MAX][16];	/* A: the first 4 */
};

/* Octets of an address of that type: 4 or 16. */
static inline size_t
dns_type_size(uint16_t type)
{
	return type == DNS_TYPE_A ? 4 : 16;
}

/*
 * Writes a query that asks for recursion, and with `edns` one that says how
 * large a UDP reply may be (RFC 6891, DNS_UDP_MAX).  Returns its length.
 */
size_t dns_query_write(uint8_t at[DNS_QUERY_MAX], uint16_t id,
    const struct dns_question *, bool edns);

/*
 * Reads a reply.  -ENOMSG: this is no answer to that question with that id
 * (RFC 5452 section 9); drop it and go on waiting, since anybody may have
 * sent it.  -EBADMSG: it is, but what follows is malformed.  A reply with a
 * code other than OK and NXDOMAIN has no addresses.
 */
int dns_reply_parse(struct dns_reply *, const uint8_t *at, size_t len,
    uint16_t id, const struct dns_question *);

#ifdef __cplusplus
}
#endif

#endif
