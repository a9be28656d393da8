/*
 * network.h - what scraper and getpage need of the network, and the options
 * for it that they share, named as curl has them.
 */
#ifndef BIN_NETWORK_H
#define BIN_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../dns/config.h"
#include "../dns/hosts.h"
#include "../dns/resolver.h"
#include "../http/client.h"
#include "../reactor/reactor.h"
#include "program.h"
#include "trace.h"

/* The letters of these options for getopt_long. */
#define NETWORK_LETTERS "46A:H:kt:x:"

/* Values of those without a letter; a program's own begin after them. */
enum {
	NETWORK_OPTION_CACERT = PROGRAM_OPTION_FREE,
	NETWORK_OPTION_CONNECT_TIMEOUT,
	NETWORK_OPTION_DNS,
	NETWORK_OPTION_MAX_REDIRECTS,
	NETWORK_OPTION_MAX_SIZE,
	NETWORK_OPTION_FREE
};

/* Their lines in the table of long options. */
#define NETWORK_OPTIONS \
	{ "ipv4", no_argument, NULL, '4' }, \
	{ "ipv6", no_argument, NULL, '6' }, \
	{ "user-agent", required_argument, NULL, 'A' }, \
	{ "header", required_argument, NULL, 'H' }, \
	{ "insecure", no_argument, NULL, 'k' }, \
	{ "timeout", required_argument, NULL, 't' }, \
	{ "proxy", required_argument, NULL, 'x' }, \
	{ "cacert", required_argument, NULL, NETWORK_OPTION_CACERT }, \
	{ "connect-timeout", required_argument, NULL, \
	    NETWORK_OPTION_CONNECT_TIMEOUT }, \
	{ "dns", required_argument, NULL, NETWORK_OPTION_DNS }, \
	{ "max-redirects", required_argument, NULL, \
	    NETWORK_OPTION_MAX_REDIRECTS }, \
	{ "max-size", required_argument, NULL, NETWORK_OPTION_MAX_SIZE }

/* Their lines in --help. */
#define NETWORK_HELP \
"  -t, --timeout S          time for one URL, all in all, in seconds (30)\n" \
"      --connect-timeout S  time for one connection (10)\n" \
"      --max-size BYTES     most bytes of a page, decoded (8388608)\n" \
"      --max-redirects N    redirects followed for one page (10)\n" \
"      --dns ADDR[:PORT]    name server; repeatable (/etc/resolv.conf)\n" \
"  -4, --ipv4; -6, --ipv6   use addresses of this sort only\n" \
"  -A, --user-agent TEXT    what to call ourselves\n" \
"  -H, --header LINE        field to send with every request; repeatable\n" \
"  -k, --cacert, -x         not supported yet\n"

/* Most fields that -A and -H can give. */
enum { NETWORK_FIELDS_MAX = 32 };

/* The options and, once it is open, the network. */
struct network {
	/* What the options said, or their defaults. */
	uint64_t timeout_ns;
	uint64_t connect_timeout_ns;
	uint64_t max_body;
	unsigned max_redirects;
	unsigned families;		/* DNS_IPV4, DNS_IPV6; 0: both */
	unsigned per_host;		/* connections; the program's option */
	size_t descriptors;		/* how many this process may have */

	/* What is opened. */
	struct reactor *reactor;
	struct http_client *client;

	/* private */
	const struct program *program;
	struct trace trace;
	struct dns_config config;
	bool has_servers;
	struct dns_hosts hosts;
	struct dns_resolver *resolver;
	struct http_request_field fields[NETWORK_FIELDS_MAX];
	size_t field_count;
};

/* The defaults. */
void network_init(struct network *, const struct program *);

/*
 * Takes one of the options above; false if it is none.  What is wrong with
 * it ends the process.  `value` is borrowed for good.
 */
bool network_option(struct network *, int option, const char *value);

/*
 * Makes reactor, resolver and client, with as many descriptors as the
 * system allows, and the reactor as the environment wants it (trace.h).
 * Ends the process when that fails.
 */
void network_open(struct network *);

/* Frees them; what is under way fails with deferred_cancelled before. */
void network_close(struct network *);

#endif
