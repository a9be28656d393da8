/*
 * dns_pool.c - asks a server that is a port of the same loop; it gives each
 * query back as a reply that has no address.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns/dns_pool.h"

#include <string.h>

#include "reactor/reactor.h"
#include "reactor/udp.h"

static struct reactor *loop;
static struct reactor_udp_port *port;
static struct dns_question question;
static int found = -1;

static void
serve(struct reactor_udp_receiver *r, const char *at, size_t len,
    const struct reactor_address *from)
{
	char reply[DNS_UDP_MAX];

	(void)r;
	memcpy(reply, at, len);
	reply[2] = (char)(reply[2] | DNS_FLAG_REPLY >> 8);
	(void)reactor_udp_send(port, reply, len, from);
}

static void
lost(struct reactor_udp_receiver *r, int error)
{
	(void)r;
	(void)error;
}

static void
closed(struct reactor_udp_receiver *r)
{
	(void)r;
}

static void
received(struct dns_pending *p, const uint8_t *at, size_t len, bool tcp)
{
	struct dns_reply reply;

	(void)tcp;
	if (dns_reply_parse(&reply, at, len, p->id, &question) == 0)
		found = (int)reply.count;
	(void)reactor_stop(loop);
}

static void
failed(struct dns_pending *p, int error)
{
	(void)p;
	(void)error;
	(void)reactor_stop(loop);
}

int
main(void)
{
	static const struct reactor_udp_receiver_ops server_ops =
	    { serve, lost, closed };
	static const struct dns_pool_ops ops = { received, failed };
	struct reactor_udp_receiver server = { &server_ops };
	struct reactor_udp_options options = { .from = NULL };
	struct reactor_address at;
	struct dns_pending pending = { .socket = NULL };
	struct dns_pool pool;

	question.type = DNS_TYPE_A;
	(void)dns_name_from_text(&question.name, "a.example", 9);
	(void)reactor_address_parse(&at, "127.0.0.1", 9, 0);
	options.from = &at;
	if (reactor_new(&loop, NULL) < 0 ||
	    reactor_open_udp(loop, &options, &server, &port) < 0 ||
	    reactor_udp_local_address(port, &at) < 0)
		return 1;
	dns_pool_init(&pool, loop, &at, &ops);
	if (dns_pool_ask(&pool, &pending, &question, false) < 0)
		return 1;
	(void)reactor_run(loop);
	reactor_free(loop);
	return found != 0;
}
