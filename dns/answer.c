/*
 * answer.c - see answer.h.
 *
 * The header can only be written when all is known; so it is filled with
 * zeros first and written over at the end.
 */
#include "answer.h"

#include <errno.h>
#include <string.h>

enum {
	DNS_ANSWER_HEADER = 12,
	DNS_ANSWER_OPT = 11,		/* octets of our OPT record */
	DNS_ANSWER_UDP_LEAST = 512,	/* any client takes that much */
	DNS_ANSWER_POINTER = 0xc000 | DNS_ANSWER_HEADER	/* to the question */
};

/* Reads the OPT record, if the query has one and nothing else. */
static void
dns_request_options(struct dns_reader *r, struct dns_request *q)
{
	struct dns_name root;
	uint16_t type, size;

	dns_read_name(r, &root);
	type = dns_read_u16(r);
	size = dns_read_u16(r);		/* in place of a class */
	if (r->failed || type != DNS_TYPE_OPT || root.len != 1)
		return;
	q->edns = true;
	if (size > DNS_ANSWER_UDP_LEAST)
		q->udp_room = size;
}

int
dns_request_parse(struct dns_request *q, const uint8_t *at, size_t len)
{
	struct dns_reader r = { at, len, 0, false };
	uint16_t flags, questions, others, additional;

	q->id = dns_read_u16(&r);
	flags = dns_read_u16(&r);
	questions = dns_read_u16(&r);
	others = dns_read_u16(&r) | dns_read_u16(&r);
	additional = dns_read_u16(&r);
	dns_read_name(&r, &q->name);
	q->type = dns_read_u16(&r);
	q->class = dns_read_u16(&r);
	if (r.failed || questions != 1 || others != 0 ||
	    (flags & (DNS_FLAG_REPLY | DNS_FLAG_OPCODE)) != 0)
		return -EBADMSG;
	q->recurse = (flags & DNS_FLAG_RECURSE) != 0;
	q->edns = false;
	q->udp_room = DNS_ANSWER_UDP_LEAST;
	if (additional > 0)
		dns_request_options(&r, q);
	return 0;
}

/* The question again, as every answer must show it. */
static void
dns_answer_question(struct dns_answer *a)
{
	const struct dns_request *q = a->request;

	dns_write_bytes(&a->writer, q->name.at, q->name.len);
	dns_write_u16(&a->writer, q->type);
	dns_write_u16(&a->writer, q->class);
}

void
dns_answer_begin(struct dns_answer *a, const struct dns_request *q,
    uint8_t *at, size_t room)
{
	static const uint8_t zeros[DNS_ANSWER_HEADER] = { 0 };

	memset(a, 0, sizeof(*a));
	a->request = q;
	a->writer.at = at;
	a->writer.room = room - DNS_ANSWER_OPT;	/* kept for the end */
	dns_write_bytes(&a->writer, zeros, sizeof(zeros));
	dns_answer_question(a);
}

/* The head of a record with `size` octets of data to follow. */
static void
dns_answer_record(struct dns_answer *a, const struct dns_name *owner,
    uint16_t type, uint32_t ttl_s, size_t size)
{
	struct dns_writer *w = &a->writer;

	if (dns_name_equal(owner, &a->request->name))
		dns_write_u16(w, DNS_ANSWER_POINTER);
	else
		dns_write_bytes(w, owner->at, owner->len);
	dns_write_u16(w, type);
	dns_write_u16(w, DNS_CLASS_IN);
	dns_write_u32(w, ttl_s);
	dns_write_u16(w, (uint16_t)size);
}

void
dns_answer_address(struct dns_answer *a, const struct dns_name *owner,
    uint16_t type, uint32_t ttl_s, const uint8_t *bytes)
{
	dns_answer_record(a, owner, type, ttl_s, dns_type_size(type));
	dns_write_bytes(&a->writer, bytes, dns_type_size(type));
	a->answers++;
}

void
dns_answer_alias(struct dns_answer *a, const struct dns_name *owner,
    uint32_t ttl_s, const struct dns_name *target)
{
	dns_answer_record(a, owner, DNS_TYPE_CNAME, ttl_s, target->len);
	dns_write_bytes(&a->writer, target->at, target->len);
	a->answers++;
}

void
dns_answer_zone(struct dns_answer *a, const struct dns_name *zone,
    uint32_t ttl_s)
{
	static const uint8_t root = 0;
	unsigned i;

	/* Primary server and mailbox: none.  Then five numbers. */
	dns_answer_record(a, zone, DNS_TYPE_SOA, ttl_s, 2 + 5 * 4);
	dns_write_bytes(&a->writer, &root, 1);
	dns_write_bytes(&a->writer, &root, 1);
	for (i = 0; i < 5; i++)
		dns_write_u32(&a->writer, ttl_s);
	a->authority++;
}

/* Writes the OPT record, for which room was kept. */
static void
dns_answer_options(struct dns_answer *a)
{
	static const uint8_t root = 0;

	dns_write_bytes(&a->writer, &root, 1);
	dns_write_u16(&a->writer, DNS_TYPE_OPT);
	dns_write_u16(&a->writer, DNS_UDP_MAX);
	dns_write_u32(&a->writer, 0);
	dns_write_u16(&a->writer, 0);
}

size_t
dns_answer_end(struct dns_answer *a, unsigned rcode)
{
	struct dns_writer header = {
		a->writer.at, DNS_ANSWER_HEADER, 0, false
	};
	unsigned flags = DNS_FLAG_REPLY | DNS_FLAG_AUTHORITATIVE | rcode;

	if (a->request->recurse)
		flags |= DNS_FLAG_RECURSE;
	if (a->writer.failed) {
		flags |= DNS_FLAG_TRUNCATED;
		a->answers = a->authority = 0;
		a->writer.failed = false;
		a->writer.len = DNS_ANSWER_HEADER;
		dns_answer_question(a);
	}
	a->writer.room += DNS_ANSWER_OPT;
	if (a->request->edns)
		dns_answer_options(a);
	dns_write_u16(&header, a->request->id);
	dns_write_u16(&header, (uint16_t)flags);
	dns_write_u16(&header, 1);
	dns_write_u16(&header, a->answers);
	dns_write_u16(&header, a->authority);
	dns_write_u16(&header, a->request->edns);
	return a->writer.len;
}
