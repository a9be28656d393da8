/*
 * whole.c - prints the page of a URL; the example of the whole library.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "dns/config.h"
#include "dns/resolver.h"
#include "http/get_page.h"
#include "reactor/reactor.h"

static struct defer_result
show(void *ctx, struct defer_result in)
{
	const struct http_page *page = (const struct http_page *)
	    defer_result_get(in, &http_page_type);

	if (page != NULL)
		puts(page->body);
	reactor_stop((struct reactor *)ctx);
	return in;
}

int
main(int argc, char **argv)
{
	struct dns_config config;
	struct http_client_options options;
	struct http_client *client;
	struct deferred *d;

	memset(&options, 0, sizeof(options));
	dns_config_read(&config, "/etc/resolv.conf");
	if (argc != 2 || reactor_new(&options.reactor, NULL) != 0 ||
	    dns_resolver_new(&options.resolver, options.reactor, &config,
	    NULL) != 0 || http_client_new(&client, &options) != 0)
		return 1;
	d = http_get_page(client, argv[1], strlen(argv[1]), NULL);
	deferred_add_both(d, show, options.reactor);
	reactor_run(options.reactor);
	deferred_release(d);
	http_client_free(client);
	dns_resolver_free(options.resolver);
	reactor_free(options.reactor);
	return 0;
}
