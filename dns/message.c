/*
 * message.c - see message.h.
 *
 * A message (RFC 1035 section 4.1):
 *
 *      | id | flags | counts of the four sections |	12 octets
 *      | question: name, type, class |
 *      | answers | authority | additional |		records:
 *      | name | type | class | ttl 4 | size 2 | data ... |
 */
#include "message.h"

#include <errno.h>
#include <string.h>

#include "wire.h"

/* One record of an answer; `data` is where its data begin. */
struct dns_message_record {
	struct dns_name owner;
	uint16_t type, class, size;
	uint32_t ttl;		/* of an OPT record something else */
	size_t data;
};

/* The sections behind the question: how many records, and where. */
struct dns_message_sections {
	unsigned answers, authority, additional;
	size_t first;		/* where the answers begin */
};

size_t
dns_query_write(uint8_t at[DNS_QUERY_MAX], uint16_t id,
    const struct dns_question *q, bool edns)
{
	static const uint8_t root = 0;
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
	if (edns) {
		dns_write_bytes(&w, &root, 1);
		dns_write_u16(&w, DNS_TYPE_OPT);
		dns_write_u16(&w, DNS_UDP_MAX);	/* in place of a class */
		dns_write_u32(&w, 0);
		dns_write_u16(&w, 0);
	}
	return w.len;
}

/* Reads the head of a record and steps over its data. */
static void
dns_message_record(struct dns_reader *r, struct dns_message_record *record)
{
	dns_read_name(r, &record->owner);
	record->type = dns_read_u16(r);
	record->class = dns_read_u16(r);
	record->ttl = dns_read_u32(r);
	record->size = dns_read_u16(r);
	record->data = r->pos;
	dns_read_bytes(r, record->size);
}

/* A time to live, where the top bit stands for 0 (RFC 2181 section 8). */
static uint32_t
dns_message_ttl(uint32_t ttl)
{
	return ttl > INT32_MAX ? 0 : ttl;
}

/* Lowers the reply's time to live to that of one more record. */
static void
dns_message_lower_ttl(struct dns_reply *reply, uint32_t ttl)
{
	ttl = dns_message_ttl(ttl);
	if (ttl < reply->ttl_s)
		reply->ttl_s = ttl;
}

/*
 * Reads header and question.  True if this answers the question: reply bit,
 * plain opcode, our id, and our question, alone, given back.
 */
static bool
dns_message_is_ours(struct dns_reader *r, uint16_t id,
    const struct dns_question *q, uint16_t *flags,
    struct dns_message_sections *sections)
{
	struct dns_name name;
	uint16_t got_id = dns_read_u16(r), questions, type, class;

	*flags = dns_read_u16(r);
	questions = dns_read_u16(r);
	sections->answers = dns_read_u16(r);
	sections->authority = dns_read_u16(r);
	sections->additional = dns_read_u16(r);
	if (got_id != id || questions != 1 ||
	    (*flags & (DNS_FLAG_REPLY | DNS_FLAG_OPCODE)) != DNS_FLAG_REPLY)
		return false;
	dns_read_name(r, &name);
	type = dns_read_u16(r);
	class = dns_read_u16(r);
	sections->first = r->pos;
	return !r->failed && dns_name_equal(&name, &q->name) &&
	    type == q->type && class == DNS_CLASS_IN;
}

/*
 * Takes in a record of the answer section that belongs to *name: an address
 * is kept, an alias becomes the new *name.  True in the latter case.
 */
static bool
dns_message_take(struct dns_reader *r, const struct dns_message_record *record,
    const struct dns_question *q, struct dns_name *name,
    struct dns_reply *reply)
{
	struct dns_reader data = { r->at, r->len, record->data, false };

	if (record->type == DNS_TYPE_CNAME) {
		dns_read_name(&data, name);
		if (data.failed || data.pos != record->data + record->size)
			r->failed = true;
		dns_message_lower_ttl(reply, record->ttl);
		return true;
	}
	if (record->type != q->type)
		return false;
	if (record->size != dns_type_size(q->type))
		r->failed = true;
	else if (reply->count < DNS_ADDRESSES_MAX)
		memcpy(reply->addresses[reply->count++],
		    r->at + record->data, record->size);
	dns_message_lower_ttl(reply, record->ttl);
	return false;
}

/*
 * Goes over the answer section from where it begins and follows *name.
 * Returns how many aliases led on.  Servers put a chain in order, so that
 * one pass does; the caller makes another as long as aliases turn up.
 */
static unsigned
dns_message_pass(struct dns_reader *r, const struct dns_message_sections *s,
    const struct dns_question *q, struct dns_name *name,
    struct dns_reply *reply)
{
	struct dns_message_record record;
	unsigned aliases = 0, i;

	r->pos = s->first;
	for (i = 0; i < s->answers && !r->failed; i++) {
		dns_message_record(r, &record);
		if (!r->failed && record.class == DNS_CLASS_IN &&
		    dns_name_equal(&record.owner, name))
			aliases += dns_message_take(r, &record, q, name,
			    reply);
	}
	return aliases;
}

/* Takes from a SOA record how long "there is nothing" may be remembered. */
static void
dns_message_take_soa(struct dns_reader *r,
    const struct dns_message_record *record, struct dns_reply *reply)
{
	struct dns_reader data = { r->at, r->len, record->data, false };
	struct dns_name skipped;

	/* Two names and five numbers, the last being the minimum. */
	dns_read_name(&data, &skipped);
	dns_read_name(&data, &skipped);
	dns_read_bytes(&data, 16);
	dns_message_lower_ttl(reply, dns_read_u32(&data));
	dns_message_lower_ttl(reply, record->ttl);
	if (data.failed || data.pos != record->data + record->size)
		r->failed = true;
}

/*
 * Goes over the authority section.  If there was no address, it looks for
 * the SOA record of a zone around the name where the chain ended.
 */
static void
dns_message_authority(struct dns_reader *r,
    const struct dns_message_sections *s, const struct dns_name *name,
    struct dns_reply *reply)
{
	struct dns_message_record record;
	bool wanted = reply->count == 0;
	unsigned i;

	for (i = 0; i < s->authority && !r->failed; i++) {
		dns_message_record(r, &record);
		if (!wanted || r->failed || record.type != DNS_TYPE_SOA ||
		    record.class != DNS_CLASS_IN ||
		    !dns_name_is_within(name, &record.owner))
			continue;
		dns_message_take_soa(r, &record, reply);
		wanted = false;
	}
	if (wanted)
		reply->ttl_s = 0;
}

/*
 * Looks into the additional section for the OPT record, whose "ttl" begins
 * with the upper eight bits of the response code (RFC 6891 section 6.1.3).
 * Nothing else there is believed.
 */
static void
dns_message_additional(struct dns_reader *r,
    const struct dns_message_sections *s, struct dns_reply *reply)
{
	struct dns_message_record record;
	unsigned i, seen = 0;

	for (i = 0; i < s->additional && !r->failed; i++) {
		dns_message_record(r, &record);
		if (r->failed || record.type != DNS_TYPE_OPT)
			continue;
		if (seen++ > 0 || record.owner.len != 1)
			r->failed = true;
		reply->rcode |= (unsigned)(record.ttl >> 24) << 4;
	}
}

int
dns_reply_parse(struct dns_reply *reply, const uint8_t *at, size_t len,
    uint16_t id, const struct dns_question *q)
{
	struct dns_reader r = { at, len, 0, false };
	struct dns_message_sections sections;
	struct dns_name name = q->name;
	unsigned aliases = 0, more;
	uint16_t flags;

	if (!dns_message_is_ours(&r, id, q, &flags, &sections))
		return -ENOMSG;
	reply->rcode = flags & 0xf;
	reply->truncated = (flags & DNS_FLAG_TRUNCATED) != 0;
	reply->ttl_s = INT32_MAX;
	reply->count = 0;
	if (reply->truncated)
		return 0;
	do {
		more = dns_message_pass(&r, &sections, q, &name, reply);
		aliases += more;
	} while (more > 0 && reply->count == 0 && !r.failed &&
	    aliases <= DNS_ALIASES_MAX);
	dns_message_authority(&r, &sections, &name, reply);
	dns_message_additional(&r, &sections, reply);
	if (reply->rcode != DNS_RCODE_OK || aliases > DNS_ALIASES_MAX)
		reply->count = 0;
	return r.failed ? -EBADMSG : 0;
}
