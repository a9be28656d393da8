/*
 * message.c - see message.h.
 *
 * A message (RFC 1035 section 4.1):
 *
 *      | id | flags | counts of the four sections |	12 octets
 *      | question: name, type, class |
 *      | answers | authority | additional |		records:
 *      | name | type | class | ttl 4 | size 2 | data ... |
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "message.h"

#include <errno.h>
#include <string.h>

#include "wire.h"

/* One record. */
struct dns_message_record {
	struct dns_name owner;
	uint16_t type, class;
	uint32_t ttl;		/* of an OPT record something else */
	struct dns_reader data;	/* where its data begin ... */
	size_t end;		/* ... and where they end */
};

/* A reply that is being read. */
struct dns_message {
	struct dns_reader r;
	const struct dns_question *question;
	struct dns_reply *reply;
	unsigned answers, authority, additional;	/* records */
	struct dns_name name;	/* the question's, or where aliases led */
	unsigned aliases;
};

size_t
dns_query_write(uint8_t at[DNS_QUERY_MAX], uint16_t id,
    const struct dns_question *q, bool edns)
{
	/* The root, its type, and in place of a class how much we take. */
	static const uint8_t opt[11] = {
		0, 0, DNS_TYPE_OPT, DNS_UDP_MAX >> 8, DNS_UDP_MAX & 0xff,
	};
	struct dns_writer w = { at, DNS_QUERY_MAX, 0, false };

	dns_write_u16(&w, id);
	dns_write_u16(&w, DNS_FLAG_RECURSE);
	dns_write_u16(&w, 1);		/* questions */
	dns_write_u16(&w, 0);
	dns_write_u16(&w, 0);
	dns_write_u16(&w, edns);	/* additional records */
	dns_write_bytes(&w, q->name.at, q->name.len);
	dns_write_u16(&w, q->type);
	dns_write_u16(&w, DNS_CLASS_IN);
	if (edns)
		dns_write_bytes(&w, opt, sizeof(opt));
	return w.len;
}

/* Reads the head of a record and steps over its data. */
static bool
dns_message_record(struct dns_reader *r, struct dns_message_record *record)
{
	uint16_t size;

	dns_read_name(r, &record->owner);
	record->type = dns_read_u16(r);
	record->class = dns_read_u16(r);
	record->ttl = dns_read_u32(r);
	size = dns_read_u16(r);
	record->data = *r;
	dns_read_bytes(r, size);
	record->end = r->pos;
	return !r->failed;
}

/*
 * Lowers the reply's time to live to another one, in which a top bit stands
 * for 0 (RFC 2181 section 8).
 */
static void
dns_message_lower_ttl(struct dns_message *m, uint32_t ttl)
{
	if (ttl > INT32_MAX)
		ttl = 0;
	if (ttl < m->reply->ttl_s)
		m->reply->ttl_s = ttl;
}

/* A record was used, whose data must then have come to their end. */
static void
dns_message_used(struct dns_message *m, const struct dns_message_record *record)
{
	if (record->data.failed || record->data.pos != record->end)
		m->r.failed = true;
	dns_message_lower_ttl(m, record->ttl);
}

/*
 * Reads header and question.  True if this answers the question: reply bit,
 * plain opcode, our id, and our question, alone, given back.
 */
static bool
dns_message_is_ours(struct dns_message *m, uint16_t id)
{
	struct dns_reader *r = &m->r;
	uint16_t got_id = dns_read_u16(r), flags = dns_read_u16(r);
	uint16_t questions = dns_read_u16(r), type, class;

	m->answers = dns_read_u16(r);
	m->authority = dns_read_u16(r);
	m->additional = dns_read_u16(r);
	m->reply->rcode = flags & 0xf;
	m->reply->truncated = (flags & DNS_FLAG_TRUNCATED) != 0;
	if (got_id != id || questions != 1 ||
	    (flags & (DNS_FLAG_REPLY | DNS_FLAG_OPCODE)) != DNS_FLAG_REPLY)
		return false;
	dns_read_name(r, &m->name);
	type = dns_read_u16(r);
	class = dns_read_u16(r);
	return !r->failed && dns_name_equal(&m->name, &m->question->name) &&
	    type == m->question->type && class == DNS_CLASS_IN;
}

/* Takes in a record that belongs to the name: an address, or an alias. */
static void
dns_message_take(struct dns_message *m, struct dns_message_record *record)
{
	size_t size = dns_type_size(m->question->type);
	const uint8_t *address;

	if (record->type == DNS_TYPE_CNAME) {
		dns_read_name(&record->data, &m->name);
		dns_message_used(m, record);
		m->aliases++;
	} else if (record->type == m->question->type) {
		address = dns_read_bytes(&record->data, size);
		dns_message_used(m, record);
		if (address != NULL && m->reply->count < DNS_ADDRESSES_MAX)
			memcpy(m->reply->addresses[m->reply->count++],
			    address, size);
	}
}

/*
 * Goes over the answer section and follows the name.  Servers put a chain of
 * aliases in order, so that one pass does; there is another as long as
 * aliases turn up, and no address.
 */
static void
dns_message_answers(struct dns_message *m)
{
	struct dns_message_record record;
	size_t first = m->r.pos;
	unsigned before, i;

	do {
		before = m->aliases;
		m->r.pos = first;
		for (i = 0; i < m->answers &&
		    dns_message_record(&m->r, &record); i++)
			if (record.class == DNS_CLASS_IN &&
			    dns_name_equal(&record.owner, &m->name))
				dns_message_take(m, &record);
	} while (m->aliases > before && m->aliases <= DNS_ALIASES_MAX &&
	    m->reply->count == 0 && !m->r.failed);
}

/*
 * Goes over the authority section.  If there was no address, it looks for
 * the SOA record of a zone around the name where the chain ended, which says
 * how long that may be remembered.
 */
static void
dns_message_authority(struct dns_message *m)
{
	struct dns_message_record record;
	struct dns_name skipped;
	bool wanted = m->reply->count == 0;
	unsigned i;

	for (i = 0; i < m->authority &&
	    dns_message_record(&m->r, &record); i++) {
		if (!wanted || record.type != DNS_TYPE_SOA ||
		    record.class != DNS_CLASS_IN ||
		    !dns_name_is_within(&m->name, &record.owner))
			continue;
		/* Two names and five numbers, the last being the minimum. */
		dns_read_name(&record.data, &skipped);
		dns_read_name(&record.data, &skipped);
		dns_read_bytes(&record.data, 16);
		dns_message_lower_ttl(m, dns_read_u32(&record.data));
		dns_message_used(m, &record);
		wanted = false;
	}
	if (wanted)
		m->reply->ttl_s = 0;
}

/*
 * Looks into the additional section for the OPT record, whose "ttl" begins
 * with the upper eight bits of the response code (RFC 6891 section 6.1.3).
 * Nothing else there is believed.
 */
static void
dns_message_additional(struct dns_message *m)
{
	struct dns_message_record record;
	unsigned i, seen = 0;

	for (i = 0; i < m->additional &&
	    dns_message_record(&m->r, &record); i++) {
		if (record.type != DNS_TYPE_OPT)
			continue;
		if (seen++ > 0 || record.owner.len != 1)
			m->r.failed = true;
		m->reply->rcode |= (unsigned)(record.ttl >> 24) << 4;
	}
}

int
dns_reply_parse(struct dns_reply *reply, const uint8_t *at, size_t len,
    uint16_t id, const struct dns_question *q)
{
	struct dns_message m = {
		.r = { at, len, 0, false }, .question = q, .reply = reply,
	};

	reply->ttl_s = INT32_MAX;
	reply->count = 0;
	if (!dns_message_is_ours(&m, id))
		return -ENOMSG;
	if (reply->truncated)
		return 0;
	dns_message_answers(&m);
	dns_message_authority(&m);
	dns_message_additional(&m);
	if (reply->rcode != DNS_RCODE_OK || m.aliases > DNS_ALIASES_MAX)
		reply->count = 0;
	return m.r.failed ? -EBADMSG : 0;
}
