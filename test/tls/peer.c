/*
 * peer.c - one end of a TLS connection by reactor/tls, for scripts that have
 * a real peer at the other end.  It says line by line what happens:
 *
 *	port 40123
 *	made TLSv1.3 http/1.1 verified new
 *	data hello
 *	end
 *	lost orderly: ...
 *	failed certificate: ...
 *	total 6 bytes, 8120 KiB
 *
 *	peer [OPTION ...] PORT ...	connects to 127.0.0.1
 *	peer [OPTION ...] -C CERTIFICATE -K KEY		listens
 *
 *	-h HOST  whom to expect        -c FILE  trust these     -k  anybody
 *	-l FILE  libssl                -p ALPN                  -t MS  at most
 *	-n N     so many connections, one after the other, to each port in
 *	         turn; all go by the name of the first, so share its sessions
 *	-s TEXT  send this first       -e  answer each piece with "pong"
 *	-f       then half-close       -m N  lose it after N bytes
 *	-q       do not print data
 *
 * A server echoes, answers "GET " as HTTP does, and closes after "bye".
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700

#include "tls_kit.h"

#include <sys/resource.h>
#include <unistd.h>

/* One program, so one of everything. */
struct peer {
	struct reactor *reactor;
	struct reactor_tls_settings *settings;
	struct reactor_tls_options options;
	struct reactor_tls_peer at;
	struct protocol_factory factory;
	struct reactor_listener *listener;
	char **ports;
	int port, port_count;		/* port: the next one's index */
	long count, most;
	unsigned long total;
	const char *text;
	bool echo, half_close, quiet;
};

struct peer_end {
	struct protocol protocol;
	struct peer *peer;
	unsigned long received;
};

static void peer_connect(struct peer *);

static void
peer_farewell(struct protocol *p, const char *what, int error)
{
	struct peer_end *e = (struct peer_end *)p;
	struct peer *peer = e->peer;

	printf("%s %s: %s\n", what, tls_kit_word(error),
	    transport_reason(p->transport));
	fflush(stdout);
	free(e);
	if (--peer->count <= 0)
		(void)reactor_stop(peer->reactor);
	else if (peer->listener == NULL)
		peer_connect(peer);
}

static void
peer_lost(struct protocol *p, int error)
{
	peer_farewell(p, "lost", error);
}

static void
peer_failed(struct protocol *p, int error)
{
	peer_farewell(p, "failed", error);
}

static void
peer_made(struct protocol *p)
{
	struct peer *peer = ((struct peer_end *)p)->peer;
	struct reactor_tls_facts facts;

	if (!reactor_tls_facts(p->transport, &facts))
		tls_kit_fatal("facts", 0);
	printf("made %s %s %s %s\n", facts.version,
	    *facts.alpn != '\0' ? facts.alpn : "-",
	    facts.verified ? "verified" : "unverified",
	    facts.resumed ? "resumed" : "new");
	fflush(stdout);
	if (peer->text != NULL)
		transport_write(p->transport, peer->text, strlen(peer->text));
	if (peer->half_close)
		transport_half_close(p->transport);
}

static void
peer_print(const char *at, size_t len)
{
	size_t i;

	printf("data ");
	for (i = 0; i < len && i < 200; i++)
		putchar(at[i] >= ' ' && at[i] <= '~' ? at[i] : '.');
	putchar('\n');
	fflush(stdout);
}

static void
peer_serve(struct transport *t, const char *at, size_t len)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\n"
	    "Content-Length: 3\r\nConnection: close\r\n\r\nhi\n";

	if (len >= 3 && memcmp(at, "bye", 3) == 0) {
		transport_lose_connection(t);
	} else if (len >= 4 && memcmp(at, "GET ", 4) == 0) {
		transport_write(t, answer, sizeof(answer) - 1);
		transport_lose_connection(t);
	} else {
		transport_write(t, at, len);
	}
}

static size_t
peer_data(struct protocol *p, const char *at, size_t len)
{
	struct peer_end *e = (struct peer_end *)p;
	struct peer *peer = e->peer;

	e->received += len;
	peer->total += len;
	if (!peer->quiet)
		peer_print(at, len);
	if (peer->listener != NULL)
		peer_serve(p->transport, at, len);
	if (peer->echo)
		transport_write(p->transport, "pong\n", 5);
	if (peer->most > 0 && e->received >= (unsigned long)peer->most)
		transport_lose_connection(p->transport);
	return len;
}

static void
peer_read_closed(struct protocol *p)
{
	printf("end\n");
	fflush(stdout);
	transport_lose_connection(p->transport);
}

static const struct protocol_ops peer_ops = {
	peer_made, peer_data, peer_lost, peer_failed, peer_read_closed,
	NULL, NULL
};

/* TLS for a new end, ready for a transport. */
static struct protocol *
peer_wrap(struct peer *peer)
{
	struct peer_end *e = calloc(1, sizeof(*e));
	struct protocol *below;

	if (e == NULL)
		tls_kit_fatal("memory", 0);
	e->protocol.ops = &peer_ops;
	e->peer = peer;
	below = reactor_tls_wrap(peer->settings, &peer->at, &e->protocol);
	if (below == NULL)
		tls_kit_fatal("memory", 0);
	return below;
}

static void
peer_connect(struct peer *peer)
{
	struct reactor_address to = tls_kit_address(
	    (unsigned)atoi(peer->ports[peer->port++ % peer->port_count]));
	int error = reactor_connect(
	    peer->reactor, &to, NULL, peer_wrap(peer));

	if (error != 0)
		tls_kit_fatal("connect", error);
}

static struct protocol *
peer_build(struct protocol_factory *f, const struct reactor_address *from)
{
	(void)from;
	return peer_wrap((struct peer *)((char *)f -
	    offsetof(struct peer, factory)));
}

static const struct protocol_factory_ops peer_factory_ops = {
	peer_build, NULL, NULL
};

static void
peer_listen(struct peer *peer)
{
	struct reactor_address at = tls_kit_address(0);
	int error;

	peer->factory.ops = &peer_factory_ops;
	error = reactor_listen(peer->reactor, &at, NULL, &peer->factory,
	    &peer->listener);
	if (error == 0)
		error = reactor_listener_address(peer->listener, &at);
	if (error != 0)
		tls_kit_fatal("listen", error);
	printf("port %u\n", (unsigned)reactor_address_port(&at));
	fflush(stdout);
}

/* ---- the command line ---- */

static void
peer_option(struct peer *peer, int option, char *value)
{
	switch (option) {
	case 'C': peer->options.certificate_file = value; break;
	case 'K': peer->options.key_file = value; break;
	case 'c': peer->options.ca_file = value; break;
	case 'e': peer->echo = true; break;
	case 'f': peer->half_close = true; break;
	case 'h': peer->at.host = value; break;
	case 'k': peer->options.unverified = true; break;
	case 'l': peer->options.library = value; break;
	case 'm': peer->most = atol(value); break;
	case 'n': peer->count = atol(value); break;
	case 'p': peer->options.alpn = value; break;
	case 'q': peer->quiet = true; break;
	case 's': peer->text = value; break;
	case 't': peer->at.timeout_ns = (uint64_t)atol(value) * 1000000; break;
	default: exit(2);
	}
}

static void
peer_options(struct peer *peer, int argc, char **argv)
{
	int option;

	peer->count = 1;
	peer->at.host = "good.test";
	while ((option = getopt(argc, argv, "C:K:c:efh:kl:m:n:p:qs:t:")) != -1)
		peer_option(peer, option, optarg);
	peer->options.server = peer->options.certificate_file != NULL;
	peer->ports = argv + optind;
	peer->port_count = argc - optind;
	if ((peer->port_count == 0) != peer->options.server)
		exit(2);
	peer->at.host_len = strlen(peer->at.host);
	if (peer->options.server)
		peer->at.host = NULL;
	else
		peer->at.port = (uint16_t)atoi(peer->ports[0]);
}

int
main(int argc, char **argv)
{
	static struct peer peer;
	struct rusage usage;
	char why[REACTOR_TLS_WHY];
	int error;

	peer_options(&peer, argc, argv);
	alarm(100);		/* whatever its peer does, a script goes on */
	if (reactor_new(&peer.reactor, NULL) != 0)
		tls_kit_fatal("reactor", 0);
	error = reactor_tls_settings_new(
	    &peer.settings, peer.reactor, &peer.options, why);
	if (error != 0) {
		printf("failed %s: %s\n", tls_kit_word(error), why);
		reactor_free(peer.reactor);
		return 0;
	}
	if (peer.options.server)
		peer_listen(&peer);
	else
		peer_connect(&peer);
	error = reactor_run(peer.reactor);
	getrusage(RUSAGE_SELF, &usage);
	printf("total %lu bytes, %ld KiB\n", peer.total, usage.ru_maxrss);
	reactor_free(peer.reactor);
	reactor_tls_settings_free(peer.settings);
	return error != 0;
}
