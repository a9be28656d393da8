/*
 * get_page.c - a page is got: a deferred of it, and the callback that is
 * given the page when it is there.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http/get_page.h"

#include <stdio.h>
#include <string.h>

#include "dns/config.h"
#include "dns/resolver.h"
#include "http/client.h"
#include "reactor/listen.h"
#include "reactor/reactor.h"
#include "reactor/transport.h"

static struct reactor *loop;
static int arrived;

static struct defer_result
show(void *ctx, struct defer_result in)
{
	const struct http_page *page =
	    (const struct http_page *)defer_result_get(in, &http_page_type);

	(void)ctx;
	arrived = page != NULL && strcmp(page->body, "hello") == 0;
	reactor_stop(loop);
	return in;
}

/* ---- a server that says the same whatever it is asked ---- */

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

static struct protocol server;

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
	struct protocol_ops ops;
	struct protocol_factory_ops factory_ops = {
		.build_protocol = server_build,
	};
	struct protocol_factory factory = { &factory_ops };
	struct reactor_listener *listener;
	struct reactor_address at;
	struct dns_config config;
	struct dns_resolver *resolver;
	struct http_client_options options;
	struct http_client *client;
	struct deferred *d;
	char url[40];
	int len;

	memset(&ops, 0, sizeof(ops));
	ops.connection_made = server_made;
	ops.data_received = server_received;
	ops.connection_lost = server_lost;
	server.ops = &ops;
	dns_config_init(&config);
	dns_config_add_server(&config, "127.0.0.1", 9);
	if (reactor_new(&loop, NULL) != 0 ||
	    reactor_address_parse(&at, "127.0.0.1", 9, 0) != 0 ||
	    reactor_listen(loop, &at, NULL, &factory, &listener) != 0 ||
	    reactor_listener_address(listener, &at) != 0 ||
	    dns_resolver_new(&resolver, loop, &config, NULL) != 0)
		return 1;
	memset(&options, 0, sizeof(options));
	options.reactor = loop;
	options.resolver = resolver;
	if (http_client_new(&client, &options) != 0)
		return 1;
	len = snprintf(url, sizeof(url), "http://127.0.0.1:%u/",
	    (unsigned)reactor_address_port(&at));

	d = http_get_page(client, url, (size_t)len, NULL);
	deferred_add_both(d, show, NULL);
	deferred_release(d);
	reactor_run(loop);

	http_client_free(client);
	dns_resolver_free(resolver);
	reactor_free(loop);
	return arrived ? 0 : 1;
}
