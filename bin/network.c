/*
 * network.c - from options to a client that is ready to fetch.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "network.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../defer/deferred.h"
#include "../defer/unhandled.h"
#include "../dns/dns_public.h"
#include "../http/credentials.h"
#include "../reactor/address.h"

/* macOS says "no limit" and grants no more than this (OPEN_MAX). */
enum { NETWORK_DESCRIPTORS = 10240 };

void
network_init(struct network *n, const struct program *program)
{
	*n = (struct network){
		.timeout_ns = 30000000000,
		.connect_timeout_ns = 10000000000,
		.max_body = 8388608,
		.max_redirects = 10,
		.program = program,
	};
	dns_config_init(&n->config);
}

/* ---- options ---- */

/* Adds a field to every request; http_client_new checks it. */
static void
network_field(struct network *n, const char *name, size_t name_len,
    const char *value)
{
	if (n->field_count == NETWORK_FIELDS_MAX)
		program_usage(n->program, "more than %d fields",
		    NETWORK_FIELDS_MAX);
	n->fields[n->field_count++] = (struct http_request_field){
		.name = name, .name_len = name_len,
		.value = value, .value_len = strlen(value),
	};
}

static void
network_set_agent(const struct options_use *u)
{
	network_field(u->to, "User-Agent", strlen("User-Agent"), u->value);
}

/* "Name: value", or "Name;" for one with an empty value. */
static void
network_set_header(const struct options_use *u)
{
	const char *line = u->value;
	size_t len = strcspn(line, ":;");
	const char *value = line + len;

	if (line[len] == ';' && line[len + 1] == '\0')
		value = "";
	else if (line[len] == ':')
		value += 1 + strspn(value + 1, " \t");
	if (len == 0 || value == line + len ||
	    (line[len] == ':' && *value == '\0'))
		program_usage(u->program, "-H takes \"Name: value\" or "
		    "\"Name;\", not \"%s\"", line);
	network_field(u->to, line, len, value);
}

/* "user:password", which becomes the field that a request has it in. */
static void
network_set_credentials(const struct options_use *u)
{
	struct network *n = u->to;
	size_t name = strcspn(u->value, ":"), len = strlen(u->value);
	char *text;

	if (u->value[name] != ':')
		program_usage(u->program, "-u takes USER:PASSWORD");
	/* 3 bytes become 4; and "Basic ", and an incomplete group. */
	text = malloc(len * 2 + 16);
	if (text == NULL)
		program_check(u->program, PROGRAM_USAGE, "-u", -ENOMEM);
	n->credentials.len = 0;
	record_add(&n->credentials, text, http_credentials_basic(u->value,
	    name, u->value + name + 1, len - name - 1, text, len * 2 + 16));
	free(text);
}

/* "name=value; other=value": more than one option is a longer list. */
static void
network_set_cookie(const struct options_use *u)
{
	struct network *n = u->to;

	if (strchr(u->value, '=') == NULL)
		program_usage(u->program, "-b takes NAME=VALUE, and no file");
	if (n->cookies.len > 0)
		record_add(&n->cookies, "; ", 2);
	record_add(&n->cookies, u->value, strlen(u->value));
}

static void
network_set_server(const struct options_use *u)
{
	struct network *n = u->to;
	size_t len = strlen(u->value);
	struct reactor_address address;

	if (reactor_address_parse(&address, u->value, len, 53) != 0)
		program_usage(u->program, "--dns takes an address with or "
		    "without a port, not \"%s\"", u->value);
	if (dns_config_add_server(&n->config, u->value, len) != 0)
		program_usage(u->program, "--dns: too many name servers");
}

const struct options_row network_name_options[] = {
	{ 0, "dns", "ADDR[:PORT]", "name server; repeatable (/etc/resolv.conf)",
	    network_set_server, 0, 0, 0 },
	{ '4', "ipv4", NULL, "IPv4 addresses only", options_set_constant,
	    offsetof(struct network, families), DNS_IPV4, 0 },
	{ '6', "ipv6", NULL, "IPv6 addresses only", options_set_constant,
	    offsetof(struct network, families), DNS_IPV6, 0 },
	{ .name = NULL }
};

const struct options_row network_options[] = {
	{ 't', "timeout", "S", "time for one URL, all in all, in seconds (30)",
	    options_set_seconds, offsetof(struct network, timeout_ns), 0, 0 },
	{ 0, "connect-timeout", "S", "time for one connection, with TLS (10)",
	    options_set_seconds,
	    offsetof(struct network, connect_timeout_ns), 0, 0 },
	{ 0, "max-size", "BYTES", "most bytes of a page, decoded (8388608)",
	    options_set_number, offsetof(struct network, max_body),
	    1, UINT64_MAX / 2 },
	{ 0, "max-header", "BYTES", "most bytes of an answer's header (262144)",
	    options_set_number, offsetof(struct network, max_head),
	    1, INT32_MAX },
	{ 0, "max-redirects", "N", "redirects followed for one page (10)",
	    options_set_number, offsetof(struct network, max_redirects),
	    0, 1000 },
	{ 0, "public-only", NULL, "refuse private and special addresses, where"
	    "ver\na URL or a redirect leads; and proxies", options_set_flag,
	    offsetof(struct network, public_only), 0, 0 },
	{ 'A', "user-agent", "TEXT", "what to call ourselves",
	    network_set_agent, 0, 0, 0 },
	{ 'H', "header", "LINE", "field to send with every request; repeatable",
	    network_set_header, 0, 0, 0 },
	{ 'u', "user", "USER:PASSWORD", "sent to the site of the URL, and to "
	    "no\nother", network_set_credentials, 0, 0, 0 },
	{ 'b', "cookie", "NAME=VALUE", "likewise; repeatable.  Cookies of the "
	    "sites\nthemselves are kept while one URL is done",
	    network_set_cookie, 0, 0, 0 },
	{ 'k', "insecure", NULL, "https with any certificate, so with anybody",
	    options_set_flag, offsetof(struct network, tls.unverified), 0, 0 },
	{ 0, "cacert", "FILE", "trust only the authorities in FILE (PEM)",
	    options_set_text, offsetof(struct network, tls.ca_file), 0, 0 },
	{ 0, "tls-library", "FILE", "the libssl to use (the system's)",
	    options_set_text, offsetof(struct network, tls.library), 0, 0 },
	{ 'x', "proxy", "URL", "the proxy, [http://][USER:PASSWORD@]HOST"
	    "[:PORT],\nfor all URLs but those that $no_proxy lists; \"\": "
	    "none\n($http_proxy, $https_proxy, $all_proxy)",
	    options_set_text, offsetof(struct network, proxy), 0, 0 },
	{ .name = NULL }
};

/* ---- opening ---- */

/* Raises the soft limit of descriptors as far as the hard one allows. */
static size_t
network_raise_limit(void)
{
	struct rlimit limit, most;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 256;		/* the smallest default there is */
	most = limit;
	most.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &most) != 0 &&
	    limit.rlim_cur < NETWORK_DESCRIPTORS) {
		most.rlim_cur = NETWORK_DESCRIPTORS;
		(void)setrlimit(RLIMIT_NOFILE, &most);
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
	    (uintmax_t)limit.rlim_cur > SIZE_MAX / 2)
		return SIZE_MAX / 2;
	return (size_t)limit.rlim_cur;
}

static void
network_open_resolver(struct network *n)
{
	static const char config[] = "/etc/resolv.conf", hosts[] = "/etc/hosts";

	if (n->config.server_count == 0)
		program_check(n->program, PROGRAM_USAGE, config,
		    dns_config_read(&n->config, config));
	program_check(n->program, PROGRAM_USAGE, hosts,
	    dns_hosts_read(&n->hosts, hosts));
	program_check(n->program, PROGRAM_USAGE, "the resolver",
	    dns_resolver_new(&n->resolver, n->reactor, &n->config, &n->hosts));
}

void
network_open(struct network *n)
{
	program_hold_standard();
	deferred_on_unhandled(deferred_print_unhandled, stderr);
	n->descriptors = network_raise_limit();
	n->reactor = trace_make_reactor(&n->trace, n->program);
	network_open_resolver(n);
}

/* Whom to trust, and how much. */
static void
network_settle_trust(struct network *n)
{
	struct reactor_tls_options *o = &n->tls;

	if (o->ca_file == NULL) {
		o->ca_file = program_variable("SSL_CERT_FILE");
		o->ca_directory = program_variable("SSL_CERT_DIR");
	}
	if (o->unverified && !n->warned)
		program_warn(n->program, "--insecure", "certificates are not "
		    "checked: it may be anybody who answers");
}

/* Whether an address is one of the public Internet. */
static bool
network_is_public(const struct reactor_address *a)
{
	if (reactor_address_family(a) == AF_INET)
		return dns_public_ipv4(
		    (const uint8_t *)&a->u.ipv4.sin_addr.s_addr);
	return reactor_address_family(a) == AF_INET6 &&
	    dns_public_ipv6(a->u.ipv6.sin6_addr.s6_addr);
}

/* A variable in lower case, or else in upper case; NULL: neither is set. */
static const char *
network_variable(const char *lower, const char *upper)
{
	const char *value = program_variable(lower);

	return value != NULL ? value : program_variable(upper);
}

/* Reads a proxy, if there is a text of one, which `name` has. */
static void
network_read_proxy(const struct network *n, struct http_proxy *p,
    const char *name, const char *text)
{
	int error = text == NULL || *text == '\0' ? 0 :
	    http_proxy_parse(p, text, strlen(text));
	const char *words = http_proxy_strerror(error);

	if (words == NULL)
		words = http_url_strerror(error);
	if (words != NULL)
		program_usage(n->program, "%s: %s", name, words);
	program_check(n->program, PROGRAM_USAGE, name, error);
}

/* Reads the proxies that there are. */
static void
network_read_proxies(struct network *n)
{
	struct http_proxy_choice *c = &n->proxies;

	if (n->proxy != NULL) {
		network_read_proxy(n, &c->all, "-x", n->proxy);
		return;
	}
	network_read_proxy(n, &c->http, "http_proxy",
	    program_variable("http_proxy"));
	network_read_proxy(n, &c->https, "https_proxy",
	    network_variable("https_proxy", "HTTPS_PROXY"));
	network_read_proxy(n, &c->all, "all_proxy",
	    network_variable("all_proxy", "ALL_PROXY"));
}

/*
 * Settles which proxies there are.  The addresses to which one connects cannot
 * be looked at from here, so none is taken where they must be.
 */
static void
network_settle_proxies(struct network *n)
{
	struct http_proxy_choice *c = &n->proxies;

	c->none = network_variable("no_proxy", "NO_PROXY");
	network_read_proxies(n);
	if (n->public_only && (c->http.url.href != NULL ||
	    c->https.url.href != NULL || c->all.url.href != NULL))
		program_usage(n->program, "--public-only cannot see which "
		    "address a proxy connects to; -x \"\" takes none");
}

/* Adds a field of our own making, if there is any. */
static void
network_add_record(struct network *n, const char *name,
    const struct record *value)
{
	if (value->failed)
		program_check(n->program, PROGRAM_USAGE, name, -ENOMEM);
	if (value->len > 0)
		n->fields[n->field_count++] = (struct http_request_field){
			.name = name, .name_len = strlen(name),
			.value = value->at, .value_len = value->len,
		};
}

void
network_open_client(struct network *n)
{
	struct http_client_options options = {
		.reactor = n->reactor,
		.resolver = n->resolver,
		.families = (unsigned)n->families,
		.per_host = (unsigned)n->per_host,
		.max_idle = n->descriptors < 512 ?
		    (unsigned)n->descriptors / 8 + 1 : 0,
		.max_head = (uint32_t)n->max_head,
		.max_fields = (uint32_t)n->max_head,
		.connect_timeout_ns = n->connect_timeout_ns,
		.allowed = n->public_only ? network_is_public : NULL,
		.fields = n->fields,
		.proxies = &n->proxies,
		.tls = &n->tls,
		.connected = n->connected,
		.ctx = n->ctx,
		.watcher = n->watcher,
	};
	int error;

	network_settle_trust(n);
	network_settle_proxies(n);
	network_add_record(n, "Authorization", &n->credentials);
	network_add_record(n, "Cookie", &n->cookies);
	options.field_count = n->field_count;
	error = http_client_new(&n->client, &options);
	if (http_request_strerror(error) != NULL)
		program_usage(n->program, "-A, -H or -b: %s",
		    http_request_strerror(error));
	program_check(n->program, PROGRAM_USAGE, "the client", error);
}

const char *
network_agent(const struct network *n)
{
	static const char name[] = "user-agent";
	const char *agent = "spindle";

	for (size_t i = 0; i < n->field_count; i++)
		if (n->fields[i].name_len == strlen(name) &&
		    strncasecmp(n->fields[i].name, name, strlen(name)) == 0)
			agent = n->fields[i].value;
	return agent;
}

void
network_close(struct network *n)
{
	if (n->client != NULL)
		http_client_free(n->client);
	dns_resolver_free(n->resolver);
	dns_hosts_free(&n->hosts);
	http_proxy_free(&n->proxies.http);
	http_proxy_free(&n->proxies.https);
	http_proxy_free(&n->proxies.all);
	record_free(&n->credentials);
	record_free(&n->cookies);
	reactor_free(n->reactor);
	trace_close(&n->trace);
}
