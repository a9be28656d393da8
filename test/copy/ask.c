/*
 * ask.c - two ask the same question.  The server, a port of the same loop,
 * gets one query, and says that there is no such name.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns/ask.h"

#include <string.h>

#include "reactor/reactor.h"
#include "reactor/udp.h"

static struct reactor *loop;
static struct reactor_udp_port *port;
static int queries, answers;

static void
serve(struct reactor_udp_receiver *r, const char *at, size_t len,
    const struct reactor_address *from)
{
	char reply[DNS_UDP_MAX];

	(void)r;
	queries++;
	memcpy(reply, at, len);
	reply[2] = (char)(reply[2] | DNS_FLAG_REPLY >> 8);
	reply[3] = DNS_RCODE_NXDOMAIN;
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
answered(struct dns_waiter *w, enum dns_verdict verdict,
    const uint8_t *addresses, size_t count)
{
	(void)w;
	(void)addresses;
	if (verdict == DNS_NO_NAME && count == 0 && ++answers < 2)
		return;
	(void)reactor_stop(loop);
}

int
main(void)
{
	static const struct reactor_udp_receiver_ops ops =
	    { serve, lost, closed };
	struct reactor_udp_receiver server = { &ops };
	struct reactor_udp_options options = { .from = NULL };
	struct dns_waiter first = { .answered = answered }, second = first;
	struct dns_question question = { .type = DNS_TYPE_A };
	char text[REACTOR_ADDRESS_TEXT];
	struct reactor_address at;
	struct dns_config config;
	struct dns_asker *asker;

	(void)dns_name_from_text(&question.name, "no.example", 10);
	(void)reactor_address_parse(&at, "127.0.0.1", 9, 0);
	options.from = &at;
	dns_config_init(&config);
	if (reactor_new(&loop, NULL) < 0 ||
	    reactor_open_udp(loop, &options, &server, &port) < 0 ||
	    reactor_udp_local_address(port, &at) < 0)
		return 1;
	reactor_address_format_port(&at, text);
	if (dns_config_add_server(&config, text, strlen(text)) < 0 ||
	    dns_asker_new(&asker, loop, &config) < 0)
		return 1;
	dns_ask(asker, &question, &first);
	dns_ask(asker, &question, &second);
	(void)reactor_run(loop);
	dns_asker_free(asker);
	reactor_free(loop);
	return queries != 1 || answers != 2;
}
