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

/* ---- names ---- */

/* Host names are made of these octets (RFC 1123 section 2.1), and '_'. */
static bool
dns_name_is_host_octet(uint8_t c)
{
	c = dns_name_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	    c == '-' || c == '_';
}

int
dns_name_from_text(struct dns_name *n, const char *at, size_t len)
{
	bool root = len == 1 && at[0] == '.';
	size_t label = 0, i;	/* label: where its length stands */

	if (len > 1 && at[len - 1] == '.')
		len--;
	if (len == 0 || len > DNS_NAME_MAX - 2)
		return -EINVAL;
	/* The octets move by one, and lengths stand where dots would. */
	for (i = 0; i <= len && !root; i++) {
		if (i == len || at[i] == '.') {
			if (i == label || i - label > DNS_LABEL_MAX)
				return -EINVAL;
			n->at[label] = (uint8_t)(i - label);
			label = i + 1;
		} else if (dns_name_is_host_octet((uint8_t)at[i])) {
			n->at[i + 1] = dns_name_lower((uint8_t)at[i]);
		} else {
			return -EINVAL;
		}
	}
	n->at[label] = 0;
	n->len = (uint8_t)(label + 1);
	return 0;
}

/* Writes one octet of a label, escaped if it must be; returns its length. */
static size_t
dns_name_format_octet(uint8_t c, char *text)
{
	if (dns_name_is_host_octet(c)) {
		text[0] = (char)c;
		return 1;
	}
	text[0] = '\\';
	text[1] = (char)('0' + c / 100);
	text[2] = (char)('0' + c / 10 % 10);
	text[3] = (char)('0' + c % 10);
	return 4;
}

size_t
dns_name_format(const struct dns_name *n, char text[DNS_NAME_TEXT])
{
	size_t len = 0, at = 0, end;

	while (n->at[at] != 0) {
		if (at > 0)
			text[len++] = '.';
		end = at + 1 + n->at[at];
		for (at++; at < end; at++)
			len += dns_name_format_octet(n->at[at], text + len);
	}
	if (len == 0)
		text[len++] = '.';
	text[len] = '\0';
	return len;
}

int
dns_name_append(struct dns_name *n, const struct dns_name *suffix)
{
	size_t kept = n->len - 1u;	/* all but the root's label */

	if (kept + suffix->len > DNS_NAME_MAX)
		return -EINVAL;
	memcpy(n->at + kept, suffix->at, suffix->len);
	n->len = (uint8_t)(kept + suffix->len);
	return 0;
}

bool
dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

bool
dns_name_is_within(const struct dns_name *n, const struct dns_name *zone)
{
	size_t at = 0;

	/* Skip labels in front until as many octets are left as zone has. */
	while (n->len - at > zone->len)
		at += 1u + n->at[at];
	return n->len - at == zone->len &&
	    memcmp(n->at + at, zone->at, zone->len) == 0;
}

/* ---- reading ---- */

const uint8_t *
dns_read_bytes(struct dns_reader *r, size_t len)
{
	const uint8_t *at = r->at + r->pos;

	if (r->failed || r->len - r->pos < len) {
		r->failed = true;
		return NULL;
	}
	r->pos += len;
	return at;
}

uint16_t
dns_read_u16(struct dns_reader *r)
{
	const uint8_t *b = dns_read_bytes(r, 2);

	return (uint16_t)(b == NULL ? 0 : b[0] << 8 | b[1]);
}

uint32_t
dns_read_u32(struct dns_reader *r)
{
	uint32_t high = dns_read_u16(r);

	return high << 16 | dns_read_u16(r);
}

void
dns_read_header(struct dns_reader *r, struct dns_header *h)
{
	h->id = dns_read_u16(r);
	h->flags = dns_read_u16(r);
	h->questions = dns_read_u16(r);
	h->answers = dns_read_u16(r);
	h->authority = dns_read_u16(r);
	h->additional = dns_read_u16(r);
}

/* A name has no more labels, and so needs no more pointers. */
enum { DNS_READ_POINTERS = 127 };

/*
 * Returns where the pointer at `at` leads, or 0 if it must not be followed.
 * It must lead to before `lowest`, where the part of the name that it ends
 * began.  So each part begins before the last one: there is an end.
 */
static size_t
dns_read_pointer(const struct dns_reader *r, size_t at, size_t lowest)
{
	size_t target;

	if (r->len - at < 2)
		return 0;
	target = (size_t)(r->at[at] & 0x3f) << 8 | r->at[at + 1];
	return target < lowest && target >= DNS_HEADER_SIZE ? target : 0;
}

/* Adds the label at `at` to the name; false if it is no label or too long. */
static bool
dns_read_label(const struct dns_reader *r, size_t at, struct dns_name *n)
{
	const uint8_t *from = r->at + at;
	uint8_t *to = n->at + n->len;
	size_t i, len = *from;

	if (len > DNS_LABEL_MAX || r->len - at < 1 + len ||
	    n->len + 1 + len > DNS_NAME_MAX)
		return false;
	*to = (uint8_t)len;
	for (i = 1; i <= len; i++)
		to[i] = dns_name_lower(from[i]);
	n->len = (uint8_t)(n->len + 1 + len);
	return true;
}

/* Reads the name at r->pos; returns where the next thing is, or 0. */
static size_t
dns_read_labels(const struct dns_reader *r, struct dns_name *n)
{
	size_t at = r->pos, lowest = at, next = 0;
	unsigned pointers = 0;

	n->len = 0;
	while (at < r->len) {
		if (r->at[at] >= 0xc0) {
			if (next == 0)
				next = at + 2;
			at = lowest = dns_read_pointer(r, at, lowest);
			if (at == 0 || ++pointers > DNS_READ_POINTERS)
				return 0;
			continue;
		}
		if (!dns_read_label(r, at, n))
			return 0;
		if (r->at[at] == 0)
			return next != 0 ? next : at + 1;
		at += 1u + r->at[at];
	}
	return 0;
}

void
dns_read_name(struct dns_reader *r, struct dns_name *n)
{
	size_t next = r->failed ? 0 : dns_read_labels(r, n);

	if (next != 0) {
		r->pos = next;
		return;
	}
	r->failed = true;
	n->len = 1;
	n->at[0] = 0;
}

/* ---- writing ---- */

void
dns_write_bytes(struct dns_writer *w, const void *at, size_t len)
{
	if (w->failed || w->room - w->len < len) {
		w->failed = true;
		return;
	}
	memcpy(w->at + w->len, at, len);
	w->len += len;
}

void
dns_write_u16(struct dns_writer *w, uint16_t v)
{
	const uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	dns_write_bytes(w, b, sizeof(b));
}

void
dns_write_header(struct dns_writer *w, const struct dns_header *h)
{
	dns_write_u16(w, h->id);
	dns_write_u16(w, h->flags);
	dns_write_u16(w, h->questions);
	dns_write_u16(w, h->answers);
	dns_write_u16(w, h->authority);
	dns_write_u16(w, h->additional);
}

void
dns_write_opt(struct dns_writer *w)
{
	/* The root, the type, and in place of a class how much we take. */
	static const uint8_t opt[DNS_OPT_SIZE] = {
		0, 0, DNS_TYPE_OPT, DNS_UDP_MAX >> 8, DNS_UDP_MAX & 0xff,
	};

	dns_write_bytes(w, opt, sizeof(opt));
}

/* ---- the question ---- */

size_t
dns_query_write(uint8_t at[DNS_QUERY_MAX], uint16_t id,
    const struct dns_question *q, bool edns)
{
	const struct dns_header header = {
		id, DNS_FLAG_RECURSE, 1, 0, 0, edns,
	};
	struct dns_writer w = { at, DNS_QUERY_MAX, 0, false };

	dns_write_header(&w, &header);
	dns_write_bytes(&w, q->name.at, q->name.len);
	dns_write_u16(&w, q->type);
	dns_write_u16(&w, DNS_CLASS_IN);
	if (edns)
		dns_write_opt(&w);
	return w.len;
}

/* ---- the reply ---- */

/* One record. */
struct dns_message_record {
	struct dns_name owner;
	uint16_t type, dns_class;
	uint32_t ttl;		/* of an OPT record something else */
	struct dns_reader data;	/* where its data begin ... */
	size_t end;		/* ... and where they end */
};

/* A reply that is being read. */
struct dns_message {
	struct dns_reader r;
	const struct dns_question *question;
	struct dns_reply *reply;
	struct dns_header header;
	bool nothing;		/* an SOA record: there is no address */
};

/*
 * Reads the head of the next record of a section and steps over its data;
 * `left` counts those that are left.  False at the end, and if it is broken.
 */
static bool
dns_message_next(struct dns_message *m, uint16_t *left,
    struct dns_message_record *record)
{
	struct dns_reader *r = &m->r;
	uint16_t size;

	if (*left == 0)
		return false;
	--*left;
	dns_read_name(r, &record->owner);
	record->type = dns_read_u16(r);
	record->dns_class = dns_read_u16(r);
	record->ttl = dns_read_u32(r);
	size = dns_read_u16(r);
	record->data = *r;
	dns_read_bytes(r, size);
	record->end = r->pos;
	return !r->failed;
}

/*
 * Ends the use of a record: its data must have been read to their end.  The
 * reply lives no longer than ttl, in which a top bit stands for 0 (RFC 2181
 * section 8).
 */
static void
dns_message_used(struct dns_message *m,
    const struct dns_message_record *record, uint32_t ttl)
{
	if (record->data.failed || record->data.pos != record->end)
		m->r.failed = true;
	if (ttl > INT32_MAX)
		ttl = 0;
	if (ttl < m->reply->ttl_s)
		m->reply->ttl_s = ttl;
}

/*
 * Reads header and question.  True if this answers the question: it has the
 * reply bit, the plain opcode, our id, and our question and no other.  Old
 * servers, to which EDNS is an error, may say so without the question.
 */
static bool
dns_message_is_ours(struct dns_message *m, uint16_t id)
{
	struct dns_reader *r = &m->r;
	struct dns_header *h = &m->header;

	dns_read_header(r, h);
	m->reply->rcode = h->flags & DNS_FLAG_RCODE;
	m->reply->truncated = (h->flags & DNS_FLAG_TRUNCATED) != 0;
	if (h->id != id || (h->flags &
	    (DNS_FLAG_REPLY | DNS_FLAG_OPCODE)) != DNS_FLAG_REPLY)
		return false;
	if (h->questions == 0)
		return m->reply->rcode == DNS_RCODE_FORMERR ||
		    m->reply->rcode == DNS_RCODE_NOTIMP;
	dns_read_name(r, &m->reply->name);
	return dns_name_equal(&m->reply->name, &m->question->name) &&
	    h->questions == 1 && dns_read_u16(r) == m->question->type &&
	    dns_read_u16(r) == DNS_CLASS_IN && !r->failed;
}

/* Uses a record that belongs to the name: an address, or an alias. */
static void
dns_message_take(struct dns_message *m, struct dns_message_record *record)
{
	size_t size = dns_type_size(m->question->type);
	const uint8_t *address;

	if (record->type == DNS_TYPE_CNAME) {
		dns_read_name(&record->data, &m->reply->name);
		dns_message_used(m, record, record->ttl);
		m->reply->aliases++;
	} else if (record->type == m->question->type) {
		address = dns_read_bytes(&record->data, size);
		dns_message_used(m, record, record->ttl);
		if (address != NULL && m->reply->count < DNS_ADDRESSES_MAX)
			memcpy(m->reply->addresses[m->reply->count++],
			    address, size);
	}
}

/*
 * Goes over the answer section and follows the name.  One pass is enough if
 * aliases are in order, as servers send them.  After a pass that has found
 * aliases and no address, there is another.
 */
static void
dns_message_answers(struct dns_message *m)
{
	struct dns_message_record record;
	size_t first = m->r.pos;
	unsigned before;
	uint16_t left;

	do {
		before = m->reply->aliases;
		left = m->header.answers;
		m->r.pos = first;
		while (dns_message_next(m, &left, &record))
			if (record.dns_class == DNS_CLASS_IN &&
			    dns_name_equal(&record.owner, &m->reply->name))
				dns_message_take(m, &record);
		m->r.failed |= m->reply->aliases > DNS_ALIASES_MAX;
	} while (m->reply->aliases > before && m->reply->count == 0 &&
	    !m->r.failed);
}

/*
 * Goes over the authority section.  If there was no address, it looks for
 * the SOA record of a zone around the name where the chain ended: that record
 * says that there is none, and how long this may be remembered.
 */
static void
dns_message_authority(struct dns_message *m)
{
	struct dns_message_record record;
	struct dns_name skipped;
	uint32_t minimum;

	while (dns_message_next(m, &m->header.authority, &record)) {
		if (m->reply->count > 0 || m->nothing ||
		    record.type != DNS_TYPE_SOA ||
		    record.dns_class != DNS_CLASS_IN ||
		    !dns_name_is_within(&m->reply->name, &record.owner))
			continue;
		/* Two names and five numbers; the last is the minimum. */
		dns_read_name(&record.data, &skipped);
		dns_read_name(&record.data, &skipped);
		dns_read_bytes(&record.data, 16);
		minimum = dns_read_u32(&record.data);
		dns_message_used(m, &record, minimum);
		dns_message_used(m, &record, record.ttl);
		m->nothing = true;
	}
}

/*
 * Looks into the additional section for the OPT record, whose "ttl" begins
 * with the upper eight bits of the response code (RFC 6891 section 6.1.3).
 * Nothing else there is used.
 */
static void
dns_message_additional(struct dns_message *m)
{
	struct dns_message_record record;
	unsigned seen = 0;

	while (dns_message_next(m, &m->header.additional, &record)) {
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
	reply->name = q->name;
	reply->count = reply->aliases = 0;
	if (!dns_message_is_ours(&m, id))
		return -ENOMSG;
	if (reply->truncated)
		return 0;
	dns_message_answers(&m);
	dns_message_authority(&m);
	dns_message_additional(&m);
	if (reply->rcode != DNS_RCODE_OK)
		reply->count = 0;
	reply->unfinished = reply->rcode == DNS_RCODE_OK &&
	    reply->aliases > 0 && reply->count == 0 && !m.nothing;
	if (reply->count == 0 && !m.nothing && !reply->unfinished)
		reply->ttl_s = 0;
	return m.r.failed ? -EBADMSG : 0;
}
