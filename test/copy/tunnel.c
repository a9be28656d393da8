/*
 * tunnel.c - a proxy that is not there: the tunnel fails, and says so.  (With
 * a proxy, a protocol gets a connection of TLS as from dns_connect.)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http/tunnel.h"

#include <string.h>

#include "dns/config.h"
#include "reactor/reactor.h"

static struct reactor *loop;
static int refused;

static struct defer_result
failed(void *ctx, struct defer_result in)
{
	const struct defer_failure *f = defer_result_get_failure(in);

	(void)ctx;
	refused = defer_failure_is(f, &dns_connect_failure) &&
	    strncmp(f->message, "proxy 127.0.0.1", 15) == 0;
	reactor_stop(loop);
	defer_result_destroy(in);
	return defer_result_none();
}

int
main(void)
{
	static struct protocol nobody;
	struct dns_connect_options how;
	struct dns_resolver *resolver;
	struct http_proxy proxy;
	struct dns_config config;
	struct http_url url;
	struct deferred *d;

	memset(&how, 0, sizeof(how));
	dns_config_init(&config);
	dns_config_add_server(&config, "127.0.0.1", 9);
	if (reactor_new(&loop, NULL) != 0 ||
	    dns_resolver_new(&resolver, loop, &config, NULL) != 0 ||
	    http_proxy_parse(&proxy, "127.0.0.1:1", 11) != 0 ||
	    http_url_parse(&url, "https://example.org/", 20, NULL) != 0)
		return 1;
	d = http_tunnel_connect(resolver, &proxy, &url, &how, NULL,
	    &nobody);
	deferred_add_both(d, failed, NULL);
	deferred_release(d);
	reactor_run(loop);
	dns_resolver_free(resolver);
	reactor_free(loop);
	http_url_free(&url);
	http_proxy_free(&proxy);
	return refused ? 0 : 1;
}
