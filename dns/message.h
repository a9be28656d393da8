/*
 * message.h - the DNS codec: names, the question that a client asks, and
 * what a reply says to it.
 *
 * Bytes in, facts out: no socket, no clock, no allocation.
 *
 *      dns_query_write ---> query ---> (a socket of yours) ---> server
 *      dns_reply_parse <--- reply <--- (a socket of yours) <---
 *
 * A reply counts for nothing by itself.  It is read together with the
 * question that it should answer.  Only the records of that question's name
 * are used, and of the names that its chain of aliases leads to.
 *
 * Copy: message.h message.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_MESSAGE_H
#define DNS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- names ---- */

/* Limits of RFC 1035 section 2.3.4, and room for any name as text. */
enum {
	DNS_NAME_MAX = 255,	/* octets of the wire form */
	DNS_LABEL_MAX = 63,	/* octets of one label */
	DNS_NAME_TEXT = 1024	/* each octet may become \DDD; with the NUL */
};

/*
 * A name in wire form (RFC 1035 section 3.1): each label stands behind its
 * length, and the last label is empty.
 *
 *      www.Example.com  is  3 w w w 7 e x a m p l e 3 c o m 0
 *
 * Letters are always lower case here, since DNS ignores their case: so two
 * names are equal if their octets are.  Copy a name freely.
 */
struct dns_name {
	uint8_t len;			/* octets used; 1 for the root */
	uint8_t at[DNS_NAME_MAX];
};

/*
 * Reads a host name as people write it, with or without the dot at its end.
 * A label is made of letters, digits, '-' and '_'.  -EINVAL for all else, for
 * an empty label or name, and beyond the limits: a name is never cut.  Names
 * in other scripts must come in their ASCII form (RFC 5891).
 */
int dns_name_from_text(struct dns_name *, const char *at, size_t len);

/*
 * Writes the name without its last dot (the root is "."), NUL-terminated,
 * and returns its length.  Octets that no host name has, dots inside of a
 * label too, become \DDD, decimal: the text is unambiguous and safe to print.
 */
size_t dns_name_format(const struct dns_name *, char text[DNS_NAME_TEXT]);

/* Puts `suffix` behind the name; -EINVAL if that is too long: no change. */
int dns_name_append(struct dns_name *, const struct dns_name *suffix);

/* Tells whether both are the same name. */
bool dns_name_equal(const struct dns_name *, const struct dns_name *);

/* Tells whether the name is `zone` or lies below it. */
bool dns_name_is_within(const struct dns_name *, const struct dns_name *zone);

/* The lower case of an ASCII capital; any other octet as it is. */
static inline uint8_t
dns_name_lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

/* ---- the parts of a message ---- */

/* Record types (RFC 1035 section 3.2.2, RFC 3596, RFC 6891), and a class. */
enum {
	DNS_CLASS_IN = 1,	/* the Internet, the only class in use */
	DNS_TYPE_A = 1,
	DNS_TYPE_CNAME = 5,
	DNS_TYPE_SOA = 6,
	DNS_TYPE_AAAA = 28,
	DNS_TYPE_OPT = 41
};

/* Response codes (RFC 1035 section 4.1.1, RFC 6891 section 9). */
enum {
	DNS_RCODE_OK = 0,
	DNS_RCODE_FORMERR = 1,
	DNS_RCODE_SERVFAIL = 2,
	DNS_RCODE_NXDOMAIN = 3,
	DNS_RCODE_NOTIMP = 4,
	DNS_RCODE_REFUSED = 5
};

/* Bits of a header's flags; the lowest four are the response code. */
enum {
	DNS_FLAG_REPLY = 0x8000,
	DNS_FLAG_OPCODE = 0x7800,	/* four bits; 0: a plain question */
	DNS_FLAG_AUTHORITATIVE = 0x0400,
	DNS_FLAG_TRUNCATED = 0x0200,
	DNS_FLAG_RECURSE = 0x0100,
	DNS_FLAG_RCODE = 0x000f
};

/* Sizes in octets, and how much of a reply is used. */
enum {
	DNS_HEADER_SIZE = 12,
	DNS_OPT_SIZE = 11,		/* of the record dns_write_opt writes */
	DNS_QUERY_MAX = DNS_HEADER_SIZE + DNS_NAME_MAX + 4 + DNS_OPT_SIZE,
	DNS_UDP_MAX = 1232,		/* fits any path unfragmented */
	DNS_TCP_MAX = 65535,
	DNS_ALIASES_MAX = 16,		/* links of a chain of CNAMEs */
	DNS_ADDRESSES_MAX = 32		/* of one reply; others are ignored */
};

/* What every message begins with (RFC 1035 section 4.1.1). */
struct dns_header {
	uint16_t id, flags;
	uint16_t questions, answers, authority, additional;	/* records */
};

/*
 * Takes apart a message that it borrows.  `failed` is set, and stays so, when
 * something does not fit; then all functions give zeros.  So a caller may
 * read many things in a row and look at `failed` once.
 */
struct dns_reader {
	const uint8_t *at;	/* the whole message: pointers refer to it */
	size_t len;
	size_t pos;		/* of what comes next */
	bool failed;
};

/* Numbers, most significant octet first, and a header, which is six. */
uint16_t dns_read_u16(struct dns_reader *);
uint32_t dns_read_u32(struct dns_reader *);
void dns_read_header(struct dns_reader *, struct dns_header *);

/* Steps over len octets and returns the first, or NULL if they end early. */
const uint8_t *dns_read_bytes(struct dns_reader *, size_t len);

/*
 * A name, compressed or not (RFC 1035 section 4.1.4), in lower case.  As RFC
 * 9267 sections 2 and 3 ask, a pointer must lead strictly backwards and not
 * into the header; label types 01 and 10 are refused; the name has at most
 * 255 octets.  After a failure the name is the root.
 */
void dns_read_name(struct dns_reader *, struct dns_name *);

/*
 * Puts together a message in memory of its caller's.  `failed` is set when
 * something does not fit; then nothing more is written.
 */
struct dns_writer {
	uint8_t *at;
	size_t room;
	size_t len;		/* octets written so far */
	bool failed;
};

/* A number, most significant octet first; a header; octets as they are. */
void dns_write_u16(struct dns_writer *, uint16_t);
void dns_write_header(struct dns_writer *, const struct dns_header *);
void dns_write_bytes(struct dns_writer *, const void *at, size_t len);

/* The OPT record that says: we take UDP messages of up to DNS_UDP_MAX. */
void dns_write_opt(struct dns_writer *);

/* ---- a question and its reply ---- */

/* What is asked: the addresses of a name. */
struct dns_question {
	struct dns_name name;
	uint16_t type;		/* DNS_TYPE_A or DNS_TYPE_AAAA */
};

/* What a reply says to a question. */
struct dns_reply {
	unsigned rcode;		/* the 12 bits of RFC 6891 */
	bool truncated;		/* ask again over TCP; all below says nothing */

	/*
	 * How long this may be remembered, seconds: the least of the records
	 * used.  Where there are no addresses, the zone's SOA record is one
	 * of them (RFC 2308 section 5); without it, this is 0.
	 */
	uint32_t ttl_s;

	/*
	 * The name that aliases led to, and how many.  With `unfinished` the
	 * reply says nothing of that name: ask for it; ttl_s is the aliases'.
	 */
	struct dns_name name;
	unsigned aliases;
	bool unfinished;

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
 * Writes a query that asks for recursion, with an OPT record if `edns` (RFC
 * 6891).  Returns its length.
 */
size_t dns_query_write(uint8_t at[DNS_QUERY_MAX], uint16_t id,
    const struct dns_question *, bool edns);

/*
 * Reads a reply.  -ENOMSG: this does not answer that question with that id
 * (RFC 5452 section 9); drop it and go on waiting, since anybody may have
 * sent it.  -EBADMSG: it does, but what follows is malformed, or a chain of
 * more than DNS_ALIASES_MAX aliases.  Only a reply with the code OK has
 * addresses.  FORMERR and NOTIMP need not repeat the question (RFC 6891
 * section 7).
 */
int dns_reply_parse(struct dns_reply *, const uint8_t *at, size_t len,
    uint16_t id, const struct dns_question *);

#ifdef __cplusplus
}
#endif

#endif
