/*
 * connection.c - one exchange, from its request to the last of its pieces,
 * with a server that says the same whatever it is asked.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http/connection.h"

#include <stdio.h>
#include <string.h>

#include "dns/config.h"
#include "dns/resolver.h"
#include "http/client.h"
#include "reactor/listen.h"
#include "reactor/reactor.h"

static struct reactor *loop;
static int status;
static size_t received;

/* ---- what the exchange tells ---- */

static enum http_sink_answer
take_head(struct http_exchange *e, const struct http_head *head)
{
	(void)e;
	status = head->status;
	return HTTP_SINK_CONTINUE;
}

static enum http_sink_answer
take_piece(struct http_exchange *e, const char *at, size_t len)
{
	(void)e;
	(void)at;
	received += len;
	return HTTP_SINK_CONTINUE;
}

static void
take_end(struct http_exchange *e, const struct defer_failure *f)
{
	(void)e;
	defer_failure_release(f);
	reactor_stop(loop);
}

/* ---- the server ---- */

static void
server_made(struct protocol *p)
{
	(void)p;
}

static size_t
server_received(struct protocol *p, const char *at, size_t len)
{
	static const char answer[] =
	    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

	(void)at;
	transport_write(p->transport, answer, sizeof(answer) - 1);
	return len;
}

static void
server_lost(struct protocol *p, int reason)
{
	(void)p;
	(void)reason;
}

static const struct protocol_ops server_ops = {
	.connection_made = server_made, .data_received = server_received,
	.connection_lost = server_lost,
};
static struct protocol server = { &server_ops, NULL };

static struct protocol *
server_build(struct protocol_factory *f, const struct reactor_address *from)
{
	(void)f;
	(void)from;
	return &server;
}

int
main(void)
{
	static const struct http_exchange_ops ops = {
		take_head, take_piece, take_end
	};
	struct protocol_factory_ops factory_ops = {
		.build_protocol = server_build,
	};
	struct protocol_factory factory = { &factory_ops };
	struct http_client_options options = { .per_host = 1 };
	struct http_url url;
	struct http_exchange exchange = {
		.ops = &ops, .url = &url, .method = "GET",
		.timeout_ns = 5000000000,
	};
	struct reactor_listener *listener;
	struct reactor_address at;
	struct dns_config config;
	struct http_client *client;
	char text[40];
	int len;

	dns_config_init(&config);
	dns_config_add_server(&config, "127.0.0.1", 9);
	if (reactor_new(&loop, NULL) != 0 ||
	    reactor_address_parse(&at, "127.0.0.1", 9, 0) != 0 ||
	    reactor_listen(loop, &at, NULL, &factory, &listener) != 0 ||
	    reactor_listener_address(listener, &at) != 0 ||
	    dns_resolver_new(&options.resolver, loop, &config, NULL) != 0)
		return 1;
	options.reactor = loop;
	len = snprintf(text, sizeof(text), "http://127.0.0.1:%u/",
	    (unsigned)reactor_address_port(&at));
	if (http_url_parse(&url, text, (size_t)len, NULL) != 0 ||
	    http_client_new(&client, &options) != 0 ||
	    http_client_submit(client, &exchange) != NULL ||
	    reactor_run(loop) != 0)
		return 1;
	http_client_free(client);
	dns_resolver_free(options.resolver);
	http_url_free(&url);
	reactor_free(loop);
	return status == 200 && received == 5 ? 0 : 1;
}
