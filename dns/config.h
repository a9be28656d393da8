/*
 * config.h - what resolv.conf says.
 *
 * Text in, facts out: reading the file is someone else's work (see
 * system_config.h).  Copy along: name.h, name.c.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_CONFIG_H
#define DNS_CONFIG_H

#include "name.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How much is kept; what comes after that is passed over. */
enum {
	DNS_CONFIG_SERVERS = 8,
	DNS_CONFIG_SUFFIXES = 6,
	DNS_CONFIG_SERVER_TEXT = 72	/* address, scope, port and NUL */
};

/* How to look names up.  It owns nothing: copy it freely. */
struct dns_config {
	/*
	 * Name servers in the order to be asked, as text: an address with or
	 * without a port, such as "192.0.2.1", "fe80::1%eth0" or
	 * "[2001:db8::1]:5353".  The text is not checked here.
	 */
	char servers[DNS_CONFIG_SERVERS][DNS_CONFIG_SERVER_TEXT];
	size_t server_count;

	/* Appended to names with fewer than `ndots` dots. */
	struct dns_name suffixes[DNS_CONFIG_SUFFIXES];
	size_t suffix_count;
	unsigned ndots;

	uint64_t timeout_ns;	/* the most that one attempt waits */
	unsigned attempts;	/* how often each server is asked */
	bool rotate;		/* spread questions over all servers */
};

/* The state before anything is read: no server, ndots 1, 5 s, 2 attempts. */
void dns_config_init(struct dns_config *);

/*
 * Adds what the text of a resolv.conf says: nameserver, search, domain, and
 * of the options ndots, timeout, attempts and rotate.  Lines that are
 * unknown, malformed or too much are passed over, as every other resolver
 * does; numbers beyond the usual limits (15, 30, 5) are lowered to them.
 */
void dns_config_parse(struct dns_config *, const char *at, size_t len);

/* Adds a server; -EINVAL for too long a text, -ENOSPC when there are many. */
int dns_config_add_server(struct dns_config *, const char *at, size_t len);

#ifdef __cplusplus
}
#endif

#endif
