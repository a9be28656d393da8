/*
 * proxy.c - a proxy for all URLs but those of one domain.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "proxy.h"

#include <string.h>

/* The port of the proxy for a URL; 0: there is none. */
static int
port_for(const struct http_proxy_choice *choice, const char *url)
{
	const struct http_proxy *p;
	struct http_url u;

	if (http_url_parse(&u, url, strlen(url), NULL) != 0)
		return -1;
	p = http_proxy_for(choice, &u);
	http_url_free(&u);
	return p != NULL ? p->port : 0;
}

int
main(void)
{
	struct http_proxy_choice choice;
	int good;

	memset(&choice, 0, sizeof(choice));
	choice.none = ".example.org, 10.0.0.0/8";
	if (http_proxy_parse(&choice.all, "proxy.test:3128", 15) != 0)
		return 1;
	good = port_for(&choice, "https://example.com/") == 3128 &&
	    port_for(&choice, "https://www.example.org/") == 0 &&
	    port_for(&choice, "http://10.1.2.3/") == 0;
	http_proxy_free(&choice.all);
	return good ? 0 : 1;
}
