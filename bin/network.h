/*
 * network.h - reactor, resolver and client of a program, and the options for
 * them that programs share, named as curl has them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_NETWORK_H
#define BIN_NETWORK_H

#include <stddef.h>
#include <stdint.h>

#include "../dns/config.h"
#include "../dns/resolver.h"
#include "../http/client.h"
#include "../http/proxy.h"
#include "../reactor/reactor.h"
#include "../reactor/tls_settings.h"
#include "options.h"
#include "record.h"
#include "trace.h"

/* Most fields that -A and -H can give. */
enum { NETWORK_FIELDS_MAX = 32 };

/* The options and, once it is open, the network. */
struct network {
	/* What the options said, or their defaults. */
	uint64_t timeout_ns;
	uint64_t connect_timeout_ns;
	uint64_t max_body;
	uint64_t max_head;		/* 0: the client's, of fields too */
	uint64_t max_redirects;
	uint64_t families;		/* DNS_IPV4, DNS_IPV6; 0: both */
	uint64_t per_host;		/* connections; 0: the client's */
	bool public_only;		/* no private, special addresses */
	const char *proxy;		/* of -x; NULL: the environment's */
	struct reactor_tls_options tls;
	bool warned;			/* of what is risky: not again */
	size_t descriptors;		/* how many this process may have */

	/* Set by the program: as in struct http_client_options. */
	void (*connected)(void *ctx, struct transport *);
	void *ctx;
	struct http_watcher *watcher;

	/* What is opened. */
	struct reactor *reactor;
	struct dns_resolver *resolver;
	struct http_client *client;	/* unless only names are looked up */

	/* private */
	const struct program *program;
	struct trace trace;
	struct dns_config config;
	struct dns_hosts hosts;
	struct http_request_field fields[NETWORK_FIELDS_MAX + 2];
	size_t field_count;
	struct record credentials;	/* of -u, as a field has them */
	struct record cookies;		/* of all -b */
	struct http_proxy_choice proxies;
};

/*
 * The options, to fill in a struct network: how names are looked up, and all
 * the others.
 */
extern const struct options_row network_name_options[];
extern const struct options_row network_options[];

/* The defaults. */
void network_init(struct network *, const struct program *);

/*
 * Makes the reactor, as the environment wants it (trace.h), and a resolver,
 * with as many descriptors as the system allows.  Ends the process when
 * that fails.  From then on a failure of a deferred that nobody took, which
 * is a fault of the program, is told on standard error.
 */
void network_open(struct network *);

/*
 * Makes a client, for programs that fetch pages.  After network_open.  Where
 * no --cacert says whom to trust, the environment may: SSL_CERT_FILE and
 * SSL_CERT_DIR.  That certificates are not checked is told on standard error.
 * Where no -x names a proxy, the environment may: http_proxy (in lower case
 * only, since a web server sets HTTP_PROXY for its CGI programs to what a
 * client said), https_proxy and all_proxy; and in any case no_proxy.
 */
void network_open_client(struct network *);

/* What this client calls itself: as -A or -H said, or the default. */
const char *network_agent(const struct network *);

/* Frees all; pages under way fail with deferred_cancelled before. */
void network_close(struct network *);

#endif
