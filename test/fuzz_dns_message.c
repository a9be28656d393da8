/*
 * fuzz_dns_message.c - a reply, and a query, made of any octets.
 *
 * The first octet chooses the type that was asked for; the rest is the
 * message.  What was understood is asked and answered once more, by our own
 * writers, and must read the same.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../dns/answer.h"
#include "../dns/message.h"
#include "fuzz.h"

/* What is said of a name must hold, whatever the name. */
static void
fuzz_name(const struct dns_name *n)
{
	struct dns_name again;
	char text[DNS_NAME_TEXT];
	size_t len = dns_name_format(n, text), labels = 0, at;

	for (at = 0; at < n->len && n->at[at] != 0; at += 1u + n->at[at])
		labels++;
	if (len != strlen(text) || len >= sizeof(text) || n->len == 0 ||
	    at + 1 != n->len || labels > 127 || !dns_name_is_within(n, n))
		abort();
	/* Without what is escaped it is a host name. */
	if (strchr(text, '\\') == NULL && (dns_name_from_text(&again, text,
	    len) != 0 || !dns_name_equal(&again, n)))
		abort();
}

/* Asks for this name, as a server reads it. */
static void
fuzz_query(struct dns_request *request, const struct dns_question *q)
{
	static uint8_t query[DNS_QUERY_MAX];
	size_t len = dns_query_write(query, 0x1234, q, true);

	if (dns_request_parse(request, query, len) != 0 ||
	    request->id != 0x1234 || request->type != q->type ||
	    !request->recurse || !request->edns ||
	    !dns_name_equal(&request->name, &q->name))
		abort();
}

/* A reply of one alias at most, and its addresses: reads the same. */
static void
fuzz_answer(const struct dns_question *q, const struct dns_reply *reply)
{
	static uint8_t answer[8192];
	struct dns_request request;
	struct dns_reply again;
	struct dns_answer a;
	size_t size = dns_type_size(q->type), i;

	fuzz_query(&request, q);
	dns_answer_begin(&a, &request, answer, sizeof(answer));
	if (reply->aliases > 0)
		dns_answer_record(&a, &q->name, DNS_TYPE_CNAME, reply->ttl_s,
		    reply->name.at, reply->name.len);
	for (i = 0; i < reply->count; i++)
		dns_answer_record(&a, &reply->name, q->type, reply->ttl_s,
		    reply->addresses[i], size);
	if (dns_reply_parse(&again, answer, dns_answer_end(&a, DNS_RCODE_OK),
	    0x1234, q) != 0 || again.count != reply->count ||
	    again.aliases != (reply->aliases > 0) || again.truncated ||
	    again.ttl_s != reply->ttl_s ||
	    !dns_name_equal(&again.name, &reply->name))
		abort();
	for (i = 0; i < reply->count; i++)
		if (memcmp(again.addresses[i], reply->addresses[i], size) != 0)
			abort();
}

void
fuzz_one(const uint8_t *at, size_t len)
{
	struct dns_question q = { { 3, { 1, 'a', 0 } }, DNS_TYPE_A };
	struct dns_reply reply;
	struct dns_request request;
	uint8_t answer[512];
	struct dns_answer a;

	if (len == 0)
		return;
	if (*at % 2 != 0)
		q.type = DNS_TYPE_AAAA;
	at++;
	len--;
	if (dns_reply_parse(&reply, at, len, 0x1234, &q) == 0) {
		if (reply.count > DNS_ADDRESSES_MAX ||
		    reply.aliases > DNS_ALIASES_MAX)
			abort();
		fuzz_name(&reply.name);
		if (reply.count > 0)
			fuzz_answer(&q, &reply);
	}
	if (dns_request_parse(&request, at, len) < 0)
		return;
	fuzz_name(&request.name);
	q.name = request.name;
	fuzz_query(&request, &q);
	dns_answer_begin(&a, &request, answer, sizeof(answer));
	dns_answer_record(&a, &request.name, DNS_TYPE_CNAME, 1,
	    request.name.at, request.name.len);
	if (dns_answer_end(&a, DNS_RCODE_OK) > sizeof(answer))
		abort();
}
