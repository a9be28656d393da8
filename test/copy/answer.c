/*
 * answer.c - a server's side and a client's in one program: a query, the
 * answer with one address, and what the client reads in it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "answer.h"

#include <string.h>

int
main(void)
{
	static const uint8_t address[4] = { 192, 0, 2, 1 };
	uint8_t query[DNS_QUERY_MAX], at[512];
	struct dns_question question;
	struct dns_request request;
	struct dns_answer answer;
	struct dns_reply reply;
	size_t len;

	question.type = DNS_TYPE_A;
	if (dns_name_from_text(&question.name, "mars.example", 12) < 0)
		return 1;
	len = dns_query_write(query, 7, &question, true);
	if (dns_request_parse(&request, query, len) < 0)
		return 1;
	dns_answer_begin(&answer, &request, at, sizeof(at));
	dns_answer_record(&answer, &request.name, DNS_TYPE_A, 60, address, 4);
	len = dns_answer_end(&answer, DNS_RCODE_OK);
	if (dns_reply_parse(&reply, at, len, 7, &question) < 0)
		return 1;
	return reply.count != 1 || memcmp(reply.addresses[0], address, 4) != 0;
}
