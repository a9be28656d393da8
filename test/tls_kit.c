/*
 * tls_kit.c - see tls_kit.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "tls_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

const char tls_kit_authority[] = "test/tls/authority.pem";
const char tls_kit_certificate[] = "test/tls/site.pem";
const char tls_kit_plain[] = "build/libplain.so";

/* Whether the environment says TEST_TLS=word. */
static bool
kit_is_told(const char *word)
{
	const char *said = getenv("TEST_TLS");

	return said != NULL && strcmp(said, word) == 0;
}

const char *
tls_kit_library(void)
{
	return kit_is_told("plain") ? tls_kit_plain : NULL;
}

bool
tls_kit_is_all(void)
{
	return kit_is_told("only") || kit_is_told("plain");
}

bool
tls_kit_is_here(void)
{
	char why[REACTOR_TLS_WHY];
	struct reactor_tls_library library;

	if (kit_is_told("no"))
		return false;
	if (reactor_tls_library_open(&library, tls_kit_library(), why) != 0)
		return false;
	reactor_tls_library_close(&library);
	return true;
}

bool
tls_kit_case(const char *name)
{
	char text[200];

	if (tls_kit_is_here()) {
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
	    .library = tls_kit_library(), .server = true,
	    .certificate_file = tls_kit_certificate,
	    .key_file = "test/tls/site.key", .alpn = "http/1.1" });
}

struct reactor_tls_settings *
tls_kit_client(struct reactor *r, const char *authority)
{
	return kit_new(r, &(struct reactor_tls_options){
	    .library = tls_kit_library(), .ca_file = authority,
	    .alpn = "http/1.1" });
}
