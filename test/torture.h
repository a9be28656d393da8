/*
 * torture.h - a whole scrape in the simulated world, again and again: each
 * time another allocation fails, or another call of the system.
 *
 * Whatever fails: each URL is reported once, the loop comes to rest, and no
 * memory, descriptor or timer is left.  The scrape has redirects, a cookie
 * that the site insists on, gzip, a page that is not there, links and fields,
 * and is written as JSON.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_TORTURE_H
#define SPINDLE_TEST_TORTURE_H

#include "../reactor/tls_settings.h"

/*
 * What a world speaks TLS with: settings of a server, and options of the
 * client, from which it makes its own at its first URL.
 */
struct torture_tls {
	struct reactor_tls_settings *(*server)(struct reactor *);
	struct reactor_tls_options client;
	long step;		/* of so many allocations or calls, one fails */
};

/* All cases, over http, or over https if `tls` is not NULL. */
void torture(const struct torture_tls *tls);

#endif
