/*
 * dns.c - the core of dns/ alone: writes the query for an address, and reads
 * three replies: the right one, one with another id, and one cut short.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "message.h"

#include <errno.h>
#include <string.h>

static const uint8_t query[] = {
	0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0,
	1, 'a', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1,
};

static const uint8_t reply[] = {
	0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0,
	1, 'a', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, 0, 1, 0, 1,
	0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0x0e, 0x10, 0, 4, 192, 0, 2, 1,
};

int
main(void)
{
	uint8_t written[DNS_QUERY_MAX];
	struct dns_question question;
	struct dns_reply said;
	size_t len;

	question.type = DNS_TYPE_A;
	if (dns_name_from_text(&question.name, "a.example", 9) < 0)
		return 1;
	len = dns_query_write(written, 0x1234, &question, false);
	if (len != sizeof(query) || memcmp(written, query, len) != 0)
		return 1;
	if (dns_reply_parse(&said, reply, sizeof(reply), 0x1234,
	    &question) != 0 || said.count != 1 || said.ttl_s != 3600 ||
	    memcmp(said.addresses[0], reply + sizeof(reply) - 4, 4) != 0)
		return 1;
	if (dns_reply_parse(&said, reply, sizeof(reply), 0x4321,
	    &question) != -ENOMSG)
		return 1;
	return dns_reply_parse(&said, reply, sizeof(reply) - 1, 0x1234,
	    &question) != -EBADMSG;
}
