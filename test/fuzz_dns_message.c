/*
 * fuzz_dns_message.c - a reply, and a query, made of any octets.
 *
 * The first octet chooses the type that was asked for; the rest is the
 * message.
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
	char text[DNS_NAME_TEXT];
	size_t len = dns_name_format(n, text), labels = 0, at;

	for (at = 0; at < n->len && n->at[at] != 0; at += 1u + n->at[at])
		labels++;
	if (len != strlen(text) || len >= sizeof(text) || n->len == 0 ||
	    at + 1 != n->len || labels > 127 || !dns_name_is_within(n, n))
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
	}
	if (dns_request_parse(&request, at, len) < 0)
		return;
	fuzz_name(&request.name);
	dns_answer_begin(&a, &request, answer, sizeof(answer));
	dns_answer_record(&a, &request.name, DNS_TYPE_CNAME, 1,
	    request.name.at, request.name.len);
	if (dns_answer_end(&a, DNS_RCODE_OK) > sizeof(answer))
		abort();
}
