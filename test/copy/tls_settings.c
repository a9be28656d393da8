/*
 * tls_settings.c - makes the settings of a client; a file that is not there
 * is named.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "tls_settings.h"

#include <stdio.h>

#include "poller.h"
#include "reactor.h"

/* This program has one poller. */
const struct poller_ops *const poller_list[] = { &poller_epoll, NULL };

int
main(void)
{
	const struct reactor_tls_options good = { .unverified = true };
	const struct reactor_tls_options bad = { .ca_file = "/no/such.pem" };
	struct reactor_tls_settings *s;
	char why[REACTOR_TLS_WHY];
	struct reactor *r;
	int error;

	if (reactor_new(&r, NULL) != 0)
		return 1;
	error = reactor_tls_settings_new(&s, r, &good, why);
	if (error == 0) {
		puts(reactor_tls_library_version(s));
		reactor_tls_settings_free(s);
		error = reactor_tls_settings_new(&s, r, &bad, why);
		if (error != REACTOR_TLS_E_FILE)
			return 1;
	}
	puts(why);
	reactor_free(r);
	return 0;
}
