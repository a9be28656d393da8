/*
 * answer.c - see answer.h.
 *
 * The header can only be written when all records are known.  So it is
 * written once to keep its place, and written over at the end.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "answer.h"

#include <errno.h>
#include <string.h>

enum {
	DNS_ANSWER_UDP_LEAST = 512,	/* any client takes that much */
	DNS_ANSWER_POINTER = 0xc000 | DNS_HEADER_SIZE	/* to the question */
};

/* ---- the request ---- */

int
dns_request_parse(struct dns_request *q, const uint8_t *at, size_t len)
{
	struct dns_reader r = { at, len, 0, false };
	struct dns_header h;
	struct dns_name owner;
	uint16_t type, size;

	dns_read_header(&r, &h);
	dns_read_name(&r, &q->name);
	q->type = dns_read_u16(&r);
	q->dns_class = dns_read_u16(&r);
	if (r.failed || h.questions != 1 || (h.answers | h.authority) != 0 ||
	    (h.flags & (DNS_FLAG_REPLY | DNS_FLAG_OPCODE)) != 0)
		return -EBADMSG;
	q->id = h.id;
	q->recurse = (h.flags & DNS_FLAG_RECURSE) != 0;
	/* The only record may be OPT, with the client's room as its class. */
	dns_read_name(&r, &owner);
	type = dns_read_u16(&r);
	size = dns_read_u16(&r);
	q->edns = h.additional > 0 && !r.failed && owner.len == 1 &&
	    type == DNS_TYPE_OPT;
	q->udp_room = q->edns && size > DNS_ANSWER_UDP_LEAST ? size :
	    DNS_ANSWER_UDP_LEAST;
	return 0;
}

/* ---- the answer ---- */

void
dns_answer_begin(struct dns_answer *a, const struct dns_request *q,
    uint8_t *at, size_t room)
{
	memset(a, 0, sizeof(*a));
	a->request = q;
	a->header.id = q->id;
	a->header.questions = 1;
	a->header.additional = q->edns;
	a->writer.at = at;
	a->writer.room = room - DNS_OPT_SIZE;	/* which is for the end */
	dns_write_header(&a->writer, &a->header);
	/* The question again, as every answer must show it. */
	dns_write_bytes(&a->writer, q->name.at, q->name.len);
	dns_write_u16(&a->writer, q->type);
	dns_write_u16(&a->writer, q->dns_class);
}

void
dns_answer_record(struct dns_answer *a, const struct dns_name *owner,
    uint16_t type, uint32_t ttl_s, const uint8_t *data, size_t size)
{
	struct dns_writer *w = &a->writer;

	if (dns_name_equal(owner, &a->request->name))
		dns_write_u16(w, DNS_ANSWER_POINTER);
	else
		dns_write_bytes(w, owner->at, owner->len);
	dns_write_u16(w, type);
	dns_write_u16(w, DNS_CLASS_IN);
	dns_write_u16(w, (uint16_t)(ttl_s >> 16));
	dns_write_u16(w, (uint16_t)ttl_s);
	dns_write_u16(w, (uint16_t)size);
	dns_write_bytes(w, data, size);
	if (type == DNS_TYPE_SOA)
		a->header.authority++;
	else
		a->header.answers++;
}

/* Takes all records out again, since one did not fit. */
static void
dns_answer_truncate(struct dns_answer *a)
{
	a->header.flags |= DNS_FLAG_TRUNCATED;
	a->header.answers = a->header.authority = 0;
	a->writer.failed = false;
	/* The question stays: a name, a type, and a class. */
	a->writer.len = DNS_HEADER_SIZE + a->request->name.len + 2 + 2;
}

size_t
dns_answer_end(struct dns_answer *a, unsigned rcode)
{
	struct dns_writer first = { a->writer.at, DNS_HEADER_SIZE, 0, false };
	unsigned flags = DNS_FLAG_REPLY | DNS_FLAG_AUTHORITATIVE | rcode;

	if (a->request->recurse)
		flags |= DNS_FLAG_RECURSE;
	a->header.flags = (uint16_t)flags;
	if (a->writer.failed)
		dns_answer_truncate(a);
	a->writer.room += DNS_OPT_SIZE;
	if (a->request->edns)
		dns_write_opt(&a->writer);
	dns_write_header(&first, &a->header);
	return a->writer.len;
}
