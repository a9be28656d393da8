/*
 * message.c - writes a query for the address of a.example, and reads the
 * reply to it, whose second record is an alias's address.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "message.h"

#include <string.h>

static const uint8_t reply[] = {
	0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0,
	1, 'a', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1,
	0xc0, 12, 0, 5, 0, 1, 0, 0, 14, 16, 0, 4, 1, 'b', 0xc0, 14,
	0xc0, 39, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1,
};

int
main(void)
{
	struct dns_question question;
	struct dns_reply said;
	uint8_t query[DNS_QUERY_MAX];
	size_t len;

	question.type = DNS_TYPE_A;
	if (dns_name_from_text(&question.name, "A.example.", 10) < 0)
		return 1;
	len = dns_query_write(query, 0x1234, &question, false);
	if (len != 27 || memcmp(query + 12, reply + 12, 15) != 0)
		return 1;
	if (dns_reply_parse(&said, reply, sizeof(reply), 0x1234, &question) < 0)
		return 1;
	return said.count != 1 || said.ttl_s != 60 ||
	    memcmp(said.addresses[0], reply + sizeof(reply) - 4, 4) != 0;
}
