/*
 * tls_kit.c - see tls_kit.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "tls_kit.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

const char tls_kit_authority[] = "test/tls/authority.pem";
const char tls_kit_certificate[] = "test/tls/site.pem";

bool
tls_kit_case(const char *name)
{
	char why[REACTOR_TLS_WHY], text[200];
	struct reactor_tls_library library;

	if (reactor_tls_library_open(&library, NULL, why) == 0) {
		reactor_tls_library_close(&library);
		check_case(name);
		return true;
	}
	snprintf(text, sizeof(text), "%s # no libssl", name);
	check_case(text);
	return false;
}

static struct reactor_tls_settings *
kit_new(struct reactor *r, const struct reactor_tls_options *options)
{
	struct reactor_tls_settings *s;
	char why[REACTOR_TLS_WHY];

	if (reactor_tls_settings_new(&s, r, options, why) == 0)
		return s;
	fprintf(stderr, "tls_kit: %s\n", why);
	abort();
}

struct reactor_tls_settings *
tls_kit_server(struct reactor *r)
{
	return kit_new(r, &(struct reactor_tls_options){
	    .server = true, .certificate_file = tls_kit_certificate,
	    .key_file = "test/tls/site.key", .alpn = "http/1.1" });
}

struct reactor_tls_settings *
tls_kit_client(struct reactor *r, const char *authority)
{
	return kit_new(r, &(struct reactor_tls_options){
	    .ca_file = authority, .alpn = "http/1.1" });
}
