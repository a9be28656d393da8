/*
 * network.c - from options to a client that is ready to fetch.
 */
#define _POSIX_C_SOURCE 200809L
#include "network.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "../dns/system_config.h"
#include "../reactor/address.h"

/* Where RLIM_INFINITY is not granted, this much usually is. */
enum { NETWORK_DESCRIPTORS = 10240 };

static const uint64_t network_timeout_ns = 30000000000;
static const uint64_t network_connect_timeout_ns = 10000000000;
static const uint64_t network_max_body = 8388608;
static const uint64_t network_largest_body = UINT64_MAX / 2;

void
network_init(struct network *n, const struct program *program)
{
	*n = (struct network){
		.timeout_ns = network_timeout_ns,
		.connect_timeout_ns = network_connect_timeout_ns,
		.max_body = network_max_body,
		.max_redirects = 10,
		.program = program,
	};
	dns_config_init(&n->config);
}

/* ---- options ---- */

/* Adds a field to every request, unless it could forge another one. */
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

/* "Name: value", or "Name;" for one with an empty value. */
static void
network_header(struct network *n, const char *line)
{
	size_t len = strcspn(line, ":;");
	const char *value = line + len;

	if (line[len] == ';' && line[len + 1] == '\0')
		value = "";
	else if (line[len] == ':')
		value += 1 + strspn(value + 1, " \t");
	if (len == 0 || value == line + len ||
	    (line[len] == ':' && *value == '\0'))
		program_usage(n->program, "-H takes \"Name: value\" or "
		    "\"Name;\", not \"%s\"", line);
	network_field(n, line, len, value);
}

static void
network_server(struct network *n, const char *text)
{
	struct address address;

	if (address_parse(&address, text, strlen(text), 53) != 0)
		program_usage(n->program, "--dns takes an address with or "
		    "without a port, not \"%s\"", text);
	if (dns_config_add_server(&n->config, text, strlen(text)) != 0)
		program_usage(n->program, "--dns: too many name servers");
	n->has_servers = true;
}

bool
network_option(struct network *n, int option, const char *value)
{
	const struct program *p = n->program;

	switch (option) {
	case '4':
		n->families = DNS_IPV4;
		break;
	case '6':
		n->families = DNS_IPV6;
		break;
	case 'A':
		network_field(n, "User-Agent", strlen("User-Agent"), value);
		break;
	case 'H':
		network_header(n, value);
		break;
	case 't':
		n->timeout_ns = program_seconds(p, "--timeout", value);
		break;
	case 'k':
		program_usage(p, "-k: TLS is not supported yet");
	case 'x':
		program_usage(p, "-x: proxies are not supported yet");
	case NETWORK_OPTION_CACERT:
		program_usage(p, "--cacert: TLS is not supported yet");
	case NETWORK_OPTION_CONNECT_TIMEOUT:
		n->connect_timeout_ns = program_seconds(p,
		    "--connect-timeout", value);
		break;
	case NETWORK_OPTION_DNS:
		network_server(n, value);
		break;
	case NETWORK_OPTION_MAX_REDIRECTS:
		n->max_redirects = (unsigned)program_number(p,
		    "--max-redirects", value, 0, 1000);
		break;
	case NETWORK_OPTION_MAX_SIZE:
		n->max_body = program_number(p, "--max-size", value, 1,
		    network_largest_body);
		break;
	default:
		return false;
	}
	return true;
}

/* ---- opening ---- */

static void
network_check(const struct network *n, const char *what, int error)
{
	if (error != 0)
		program_exit(n->program, PROGRAM_USAGE, what,
		    reactor_strerror(error));
}

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
	    limit.rlim_cur > SIZE_MAX / 2)
		return SIZE_MAX / 2;
	return (size_t)limit.rlim_cur;
}

/*
 * Where a standard descriptor is closed, puts one there that refuses what
 * is wanted of it: else a socket would get its number, and our output.
 */
static void
network_hold_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1)
			(void)open("/dev/null", fd == STDIN_FILENO ?
			    O_WRONLY : O_RDONLY);
}

static int
network_open_resolver(struct network *n)
{
	int error = 0;

	if (!n->has_servers)
		error = dns_system_config(&n->config, "/etc/resolv.conf");
	if (error == 0)
		error = dns_system_hosts(&n->hosts, "/etc/hosts");
	if (error == 0)
		error = dns_resolver_new(&n->resolver, n->reactor, &n->config,
		    &n->hosts);
	return error;
}

static int
network_open_client(struct network *n)
{
	struct http_client_options options = {
		.reactor = n->reactor,
		.resolver = n->resolver,
		.families = n->families,
		.per_host = n->per_host,
		.max_idle = n->descriptors < 512 ?
		    (unsigned)n->descriptors / 8 + 1 : 0,
		.connect_timeout_ns = n->connect_timeout_ns,
		.fields = n->fields,
		.field_count = n->field_count,
	};

	return http_client_new(&n->client, &options);
}

void
network_open(struct network *n)
{
	const char *variable;
	int error;

	network_hold_standard();
	n->descriptors = network_raise_limit();
	error = trace_make_reactor(&n->trace, &n->reactor, &variable);
	network_check(n, variable != NULL ? variable : "the event loop",
	    error);
	network_check(n, "the resolver", network_open_resolver(n));
	error = network_open_client(n);
	if (http_request_strerror(error) != NULL)
		program_usage(n->program, "-A or -H: %s",
		    http_request_strerror(error));
	network_check(n, "the client", error);
}

void
network_close(struct network *n)
{
	http_client_free(n->client);
	dns_resolver_free(n->resolver);
	dns_hosts_free(&n->hosts);
	reactor_free(n->reactor);
	trace_close(&n->trace);
}
