/*
 * dns_server.c - a name server with a table of one name, which a port of the
 * same loop asks for it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns/dns_server.h"

#include <string.h>

#include "dns/message.h"
#include "reactor/reactor.h"
#include "reactor/udp.h"

static struct reactor *loop;
static struct dns_question question;
static struct dns_reply reply;
static int error = -1;

static void
received(struct reactor_udp_receiver *r, const char *at, size_t len,
    const struct reactor_address *from)
{
	(void)r;
	(void)from;
	error = dns_reply_parse(&reply, (const uint8_t *)at, len, 1, &question);
	(void)reactor_stop(loop);
}

static void
failed(struct reactor_udp_receiver *r, int why)
{
	(void)r;
	(void)why;
	(void)reactor_stop(loop);
}

static void
closed(struct reactor_udp_receiver *r)
{
	(void)r;
}

int
main(void)
{
	static const struct dns_server_record table[] =
	    { { "mars.example", "192.0.2.1", 60 } };
	static const struct reactor_udp_receiver_ops ops =
	    { received, failed, closed };
	struct reactor_udp_receiver client = { &ops };
	struct reactor_udp_options options = { .from = NULL };
	struct reactor_udp_port *port;
	struct dns_server *server;
	struct reactor_address at;
	uint8_t query[DNS_QUERY_MAX];
	size_t len;

	question.type = DNS_TYPE_A;
	(void)dns_name_from_text(&question.name, "mars.example", 12);
	len = dns_query_write(query, 1, &question, true);
	(void)reactor_address_parse(&at, "127.0.0.1", 9, 0);
	if (reactor_new(&loop, NULL) < 0 ||
	    dns_server_new(&server, loop, &at, table, 1) < 0 ||
	    dns_server_address(server, &at) < 0)
		return 1;
	options.to = &at;
	if (reactor_open_udp(loop, &options, &client, &port) < 0 ||
	    reactor_udp_send(port, query, len, NULL) < 0)
		return 1;
	(void)reactor_run(loop);
	dns_server_free(server);
	reactor_free(loop);
	return error != 0 || reply.count != 1 ||
	    memcmp(reply.addresses[0], "\300\0\2\1", 4) != 0;
}
