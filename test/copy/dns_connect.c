/*
 * dns_connect.c - connects to a port of localhost.  Nobody listens at ::1, so
 * the attempt there fails and the one at 127.0.0.1 wins.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns/dns_connect.h"

#include "reactor/listen.h"
#include "reactor/reactor.h"

static struct reactor *loop;
static int made, failed;

static void
connection_made(struct protocol *p)
{
	made++;
	transport_lose_connection(p->transport);
}

static size_t
data_received(struct protocol *p, const char *at, size_t len)
{
	(void)p;
	(void)at;
	return len;
}

static void
connection_lost(struct protocol *p, int reason)
{
	(void)p;
	(void)reason;
	(void)reactor_stop(loop);
}

/* The listener closes each connection at once. */
static struct protocol *
build_none(struct protocol_factory *f, const struct reactor_address *from)
{
	(void)f;
	(void)from;
	return NULL;
}

static struct defer_result
fired(void *ctx, struct defer_result in)
{
	(void)ctx;
	if (defer_result_get_failure(in) != NULL) {
		failed = 1;
		(void)reactor_stop(loop);
	}
	defer_result_destroy(in);
	return defer_result_none();
}

int
main(void)
{
	static const struct protocol_factory_ops factory_ops = {
		.build_protocol = build_none,
	};
	static const struct protocol_ops ops = {
		.connection_made = connection_made,
		.data_received = data_received,
		.connection_lost = connection_lost,
		.connect_failed = connection_lost,
	};
	struct protocol_factory factory = { &factory_ops };
	struct protocol protocol = { .ops = &ops };
	struct reactor_listener *listener;
	struct dns_resolver *resolver;
	struct reactor_address at;
	struct dns_config config;
	struct deferred *d;

	(void)reactor_address_parse(&at, "127.0.0.1", 9, 0);
	dns_config_init(&config);
	if (dns_config_add_server(&config, "127.0.0.1", 9) < 0 ||
	    reactor_new(&loop, NULL) < 0 ||
	    reactor_listen(loop, &at, NULL, &factory, &listener) < 0 ||
	    reactor_listener_address(listener, &at) < 0 ||
	    dns_resolver_new(&resolver, loop, &config, NULL) < 0)
		return 1;
	d = dns_connect(resolver, "localhost", 9, reactor_address_port(&at),
	    NULL, &protocol);
	if (d == NULL || deferred_add_both(d, fired, NULL) < 0)
		return 1;
	(void)reactor_run(loop);
	deferred_release(d);
	dns_resolver_free(resolver);
	reactor_free(loop);
	return made != 1 || failed;
}
