/*
 * answer.c - see answer.h.
 *
 * The header can only be written when all is known; so it is filled with
 * zeros first and written over at the end.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "answer.h"

#include <errno.h>
#include <string.h>

enum {
	DNS_ANSWER_HEADER = 12,
	DNS_ANSWER_UDP_LEAST = 512,	/* any client takes that much */
	DNS_ANSWER_POINTER = 0xc000 | DNS_ANSWER_HEADER	/* to the question */
};

/* Our OPT record: the root, its type, and in place of a class our limit. */
static const uint8_t dns_answer_opt[11] = {
	0, 0, DNS_TYPE_OPT, DNS_UDP_MAX >> 8, DNS_UDP_MAX & 0xff,
};

int
dns_request_parse(struct dns_request *q, const uint8_t *at, size_t len)
{
	struct dns_reader r = { at, len, 0, false };
	uint16_t flags, questions, others, additional, type, size;
	struct dns_name root;

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
	/* A record in the same shape: OPT, with our room in its class. */
	dns_read_name(&r, &root);
	type = dns_read_u16(&r);
	size = dns_read_u16(&r);
	q->edns = additional > 0 && !r.failed && root.len == 1 &&
	    type == DNS_TYPE_OPT;
	q->udp_room = q->edns && size > DNS_ANSWER_UDP_LEAST ? size :
	    DNS_ANSWER_UDP_LEAST;
	return 0;
}

void
dns_answer_begin(struct dns_answer *a, const struct dns_request *q,
    uint8_t *at, size_t room)
{
	static const uint8_t zeros[DNS_ANSWER_HEADER] = { 0 };

	memset(a, 0, sizeof(*a));
	a->request = q;
	a->writer.at = at;
	a->writer.room = room - sizeof(dns_answer_opt);	/* for the end */
	dns_write_bytes(&a->writer, zeros, sizeof(zeros));
	/* The question again, as every answer must show it. */
	dns_write_bytes(&a->writer, q->name.at, q->name.len);
	dns_write_u16(&a->writer, q->type);
	dns_write_u16(&a->writer, q->class);
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
	dns_write_u32(w, ttl_s);
	dns_write_u16(w, (uint16_t)size);
	dns_write_bytes(w, data, size);
	if (type == DNS_TYPE_SOA)
		a->authority++;
	else
		a->answers++;
}

size_t
dns_answer_end(struct dns_answer *a, unsigned rcode)
{
	struct dns_writer *w = &a->writer;
	struct dns_writer header = { w->at, DNS_ANSWER_HEADER, 0, false };
	unsigned flags = DNS_FLAG_REPLY | DNS_FLAG_AUTHORITATIVE | rcode;

	if (a->request->recurse)
		flags |= DNS_FLAG_RECURSE;
	if (w->failed) {
		flags |= DNS_FLAG_TRUNCATED;
		a->answers = a->authority = 0;
		w->failed = false;
		/* The question stays: a name, a type, and a class. */
		w->len = DNS_ANSWER_HEADER + a->request->name.len + 2 + 2;
	}
	w->room += sizeof(dns_answer_opt);
	if (a->request->edns)
		dns_write_bytes(w, dns_answer_opt, sizeof(dns_answer_opt));
	dns_write_u16(&header, a->request->id);
	dns_write_u16(&header, (uint16_t)flags);
	dns_write_u16(&header, 1);
	dns_write_u16(&header, a->answers);
	dns_write_u16(&header, a->authority);
	dns_write_u16(&header, a->request->edns);
	return w->len;
}
