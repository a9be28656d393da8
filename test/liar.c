/*
 * liar.c - a web server that misbehaves, and the name server of its hosts.
 *
 *	liar SEED CERTIFICATE KEY BOMB PACKED
 *
 * Its first line says where it is: the ports of names, of http, of https, and
 * of rude http and https.  The path of a request says what is done to it, and
 * has a number:
 *
 *	GET /honest/00000042	a page with the title "Page 00000042"
 *	GET /flood/00000042	a page without an end
 *
 * liar_kinds lists them all.  How an answer is sent, at once or in pieces with
 * pauses, is drawn from the seed and the number, so a URL can be asked for
 * again.  The rude ports may break a connection before there is any request.
 * BOMB and PACKED are pages compressed by gzip.  The hosts h0.site.test to
 * h63.site.test are at 127.0.0.1, and there are no others.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../dns/dns_server.h"
#include "../reactor/listen.h"
#include "../reactor/reactor.h"
#include "../reactor/signals.h"
#include "../reactor/tls.h"

enum {
	LIAR_HOSTS = 64, LIAR_NUMBER = 8, LIAR_TEXT = 1024,
	LIAR_FILE = 1048576, LIAR_BLOCK = 16384,
	LIAR_MARK = 65536	/* unsent, and a flood waits */
};

/* What comes behind the text of an answer. */
enum liar_end {
	LIAR_KEEP,		/* the connection is kept */
	LIAR_LOSE,		/* it is closed in good order */
	LIAR_HALF_CLOSE,	/* only our direction ends */
	LIAR_ABORT,		/* a reset */
	LIAR_CUT,		/* FIN, and TLS is not told */
	LIAR_FLOOD,		/* `more`, again and again */
	LIAR_NOISE		/* any bytes, and it is closed */
};

/* Each 00000000 becomes the number, 11111 and 22222 our ports. */
#define LIAR_PAGE "<!DOCTYPE html><title>Page 00000000</title>\n"
#define LIAR_OK "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
#define LIAR_LENGTH LIAR_OK "Content-Length: 44\r\n"
#define LIAR_CHUNKED LIAR_OK "Transfer-Encoding: chunked\r\n\r\n"
#define LIAR_MOVED "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"

static const struct liar_kind {
	const char *name, *text;
	enum liar_end end;
	const char *more;
} liar_kinds[] = {
	/* What can be believed. */
	{ "honest", LIAR_LENGTH "\r\n" LIAR_PAGE, LIAR_KEEP, NULL },
	{ "chunked", LIAR_CHUNKED "2c\r\n" LIAR_PAGE "\r\n0\r\n\r\n",
	    LIAR_KEEP, NULL },
	{ "until", LIAR_OK "Connection: close\r\n\r\n" LIAR_PAGE,
	    LIAR_HALF_CLOSE, NULL },
	{ "early", "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
	    "HTTP/1.1 100 Continue\r\n\r\n" LIAR_LENGTH "\r\n" LIAR_PAGE,
	    LIAR_KEEP, NULL },
	{ "moved", LIAR_MOVED "Location: /honest/00000000\r\n\r\n",
	    LIAR_KEEP, NULL },
	{ "bye", LIAR_LENGTH "\r\n" LIAR_PAGE, LIAR_ABORT, NULL },
	{ "close", LIAR_LENGTH "\r\n" LIAR_PAGE, LIAR_LOSE, NULL },
	{ "long", LIAR_LENGTH "\r\n" LIAR_PAGE LIAR_OK "Content-Length: 21"
	    "\r\n\r\n<title>Forged</title>", LIAR_KEEP, NULL },
	{ "busy", "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n"
	    "Retry-After: 1\r\n\r\n", LIAR_KEEP, NULL },
	/* What ends too early, or never. */
	{ "torn", LIAR_OK "Connection: close\r\n\r\n<p>", LIAR_CUT, NULL },
	{ "short", LIAR_OK "Content-Length: 444\r\n\r\n<p>", LIAR_LOSE, NULL },
	{ "half", LIAR_OK "Content-Length: 444\r\n\r\n<p>",
	    LIAR_HALF_CLOSE, NULL },
	{ "reset", LIAR_OK "Content-Length: 444\r\n\r\n<p>",
	    LIAR_ABORT, NULL },
	{ "end", LIAR_CHUNKED "2\r\nab", LIAR_LOSE, NULL },
	{ "empty", "", LIAR_LOSE, NULL },
	{ "silent", "", LIAR_KEEP, NULL },
	{ "stuck", LIAR_OK "Content-Length: 444\r\n\r\n<p>",
	    LIAR_KEEP, NULL },
	/* What cannot be. */
	{ "twice", LIAR_LENGTH "Content-Length: 45\r\n\r\n" LIAR_PAGE,
	    LIAR_KEEP, NULL },
	{ "both", LIAR_LENGTH "Transfer-Encoding: chunked\r\n\r\n2c\r\n"
	    LIAR_PAGE "\r\n0\r\n\r\n", LIAR_KEEP, NULL },
	{ "minus", LIAR_OK "Content-Length: -1\r\n\r\n" LIAR_PAGE,
	    LIAR_KEEP, NULL },
	{ "huge", LIAR_OK "Content-Length: 99999999999999999999\r\n\r\n"
	    LIAR_PAGE, LIAR_KEEP, NULL },
	{ "chunk", LIAR_CHUNKED "zz\r\n" LIAR_PAGE, LIAR_KEEP, NULL },
	{ "wide", LIAR_CHUNKED "fffffffffffffffff\r\n" LIAR_PAGE,
	    LIAR_KEEP, NULL },
	{ "coded", LIAR_LENGTH "Content-Encoding: gzip\r\n\r\n" LIAR_PAGE,
	    LIAR_KEEP, NULL },
	{ "status", "HTTP/1.1 99999 What\r\n\r\n", LIAR_KEEP, NULL },
	{ "noise", "", LIAR_NOISE, NULL },
	/* What has no end. */
	{ "flood", LIAR_OK "\r\n", LIAR_FLOOD, "<p>more and more" },
	{ "chunks", LIAR_CHUNKED, LIAR_FLOOD, "1\r\n \r\n" },
	{ "fields", LIAR_OK, LIAR_FLOOD, "X-Field: more\r\n" },
	{ "line", "HTTP/1.1 200 ", LIAR_FLOOD, "more" },
	{ "interim", "", LIAR_FLOOD, "HTTP/1.1 100 Continue\r\n\r\n" },
	{ "trailer", LIAR_CHUNKED "2\r\nab\r\n0\r\n", LIAR_FLOOD,
	    "X-Field: more\r\n" },
	{ "chunkline", LIAR_CHUNKED "2;", LIAR_FLOOD, "more" },
	{ "ring", LIAR_MOVED "Location: /ring/00000000\r\n\r\n",
	    LIAR_KEEP, NULL },
	{ "there", LIAR_MOVED "Location: https://h1.site.test:22222/back/"
	    "00000000\r\n\r\n", LIAR_KEEP, NULL },
	{ "back", LIAR_MOVED "Location: http://h2.site.test:11111/there/"
	    "00000000\r\n\r\n", LIAR_KEEP, NULL },
	/* Their bodies are files. */
	{ "bomb", LIAR_OK "Content-Encoding: gzip\r\n", LIAR_KEEP, NULL },
	{ "packed", LIAR_OK "Content-Encoding: gzip\r\n", LIAR_KEEP, NULL },
	/* What has no such path. */
	{ "", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
	    LIAR_KEEP, NULL }
};

/* A page that is a file. */
struct liar_file {
	const char *name;		/* of its kind */
	size_t len;
	char at[LIAR_FILE];
};

/* A port where connections come in. */
struct liar_port {
	struct protocol_factory factory;
	struct liar *liar;
	bool tls, rude;
	unsigned number;
};

/* One program, so one of everything. */
struct liar {
	struct reactor *reactor;
	struct reactor_tls_settings *settings;
	struct dns_server *names;
	uint64_t seed, connections;
	struct liar_port ports[4];
	struct liar_file files[2];
	struct reactor_signal signals[2];	/* that stop it */
};

/* A connection. */
struct liar_client {
	struct protocol protocol;
	struct protocol wire;		/* until TLS begins over it */
	struct transport *below;	/* TCP */
	struct liar_port *port;
	struct reactor_timer timer;
	uint64_t chance;
	bool made, busy;
	/* The answer under way. */
	const struct liar_kind *kind;
	const struct liar_file *file;
	char text[LIAR_TEXT];
	size_t len, sent, piece;	/* at most so much at once */
	uint64_t pause_ns;
};

static void
liar_must(int error, const char *what)
{
	if (error == 0)
		return;
	fprintf(stderr, "liar: %s: %d\n", what, error);
	exit(1);
}

/* The next number of a row (splitmix64), below `below`. */
static uint64_t
liar_draw(uint64_t *chance, uint64_t below)
{
	uint64_t z = *chance += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (z ^ (z >> 31)) % below;
}

static void
liar_later(struct liar_client *c, uint64_t delay_ns,
    void (*call)(struct reactor_timer *))
{
	reactor_call_later(c->port->liar->reactor, &c->timer, delay_ns, call);
}

/* ---- an answer ---- */

/* Has `what`, wherever it stands in the text, replaced. */
static void
liar_replace(char *text, const char *what, const char *by)
{
	for (; (text = strstr(text, what)) != NULL; text += strlen(by))
		memcpy(text, by, strlen(by));
}

/* Writes what a kind says, with its number and our ports. */
static void
liar_compose(struct liar_client *c, const char *number)
{
	const struct liar *liar = c->port->liar;
	char plain[8], tls[8];

	snprintf(plain, sizeof(plain), "%05u", liar->ports[0].number);
	snprintf(tls, sizeof(tls), "%05u", liar->ports[1].number);
	snprintf(c->text, sizeof(c->text), "%s", c->kind->text);
	liar_replace(c->text, "11111", plain);
	liar_replace(c->text, "22222", tls);
	liar_replace(c->text, "00000000", number);
	c->len = strlen(c->text);
	if (c->file != NULL)
		c->len += (size_t)snprintf(c->text + c->len,
		    sizeof(c->text) - c->len, "Content-Length: %zu\r\n\r\n",
		    c->file->len);
	if (c->kind->end == LIAR_NOISE)
		for (c->len = 0; c->len < LIAR_TEXT; c->len++)
			c->text[c->len] = (char)liar_draw(&c->chance, 256);
	c->sent = 0;
}

/* In one piece, or in pieces, with pauses now and then; or all too slowly. */
static void
liar_draw_pace(struct liar_client *c)
{
	static const struct {
		size_t piece;
		uint64_t pause_ms;
	} paces[] = {
		{ LIAR_TEXT, 0 }, { LIAR_TEXT, 0 }, { LIAR_TEXT, 20 },
		{ 1, 0 }, { 7, 1 }, { 100, 0 }, { 40, 30 }, { 1, 200 }
	};
	size_t i = (size_t)liar_draw(&c->chance, 32);

	/* A forged answer that came late would be that to the next request. */
	if (i >= sizeof(paces) / sizeof(paces[0]) ||
	    strstr(c->text, "Forged") != NULL)
		i = 0;
	c->piece = paces[i].piece;
	c->pause_ns = paces[i].pause_ms * 1000000;
}

/* Sends as much of a flood as there is room for. */
static void
liar_flood(struct liar_client *c)
{
	char block[LIAR_BLOCK];
	size_t each = strlen(c->kind->more), len = 0;

	while (len + each <= sizeof(block)) {
		memcpy(block + len, c->kind->more, each);
		len += each;
	}
	while (transport_unsent(c->protocol.transport) < LIAR_MARK) {
		size_t before = transport_unsent(c->protocol.transport);

		transport_write(c->protocol.transport, block, len);
		/* One block a turn if the kernel takes everything. */
		if (transport_unsent(c->protocol.transport) == before)
			break;
	}
}

static void
liar_flood_on(struct reactor_timer *t)
{
	struct liar_client *c = reactor_container_of(
	    t, struct liar_client, timer);

	liar_flood(c);
	liar_later(c, 1000000, liar_flood_on);
}

static void
liar_abort(struct reactor_timer *t)
{
	transport_abort_connection(reactor_container_of(
	    t, struct liar_client, timer)->below);
}

/* All of the text is sent. */
static void
liar_end_answer(struct liar_client *c)
{
	struct transport *t = c->protocol.transport;

	if (c->file != NULL)
		transport_write(t, c->file->at, c->file->len);
	switch (c->kind->end) {
	case LIAR_KEEP:
		c->busy = false;
		break;
	case LIAR_LOSE:
	case LIAR_NOISE:
		transport_lose_connection(t);
		break;
	case LIAR_HALF_CLOSE:
		transport_half_close(t);
		break;
	case LIAR_ABORT:
		liar_later(c, liar_draw(&c->chance, 3000000), liar_abort);
		break;
	case LIAR_CUT:
		transport_lose_connection(c->below);
		break;
	case LIAR_FLOOD:
		liar_flood_on(&c->timer);
		break;
	}
}

static void
liar_send(struct reactor_timer *t)
{
	struct liar_client *c = reactor_container_of(
	    t, struct liar_client, timer);
	size_t len = c->len - c->sent;

	if (len > c->piece)
		len = c->piece;
	transport_write(c->protocol.transport, c->text + c->sent, len);
	c->sent += len;
	if (c->sent < c->len)
		liar_later(c, c->pause_ns, liar_send);
	else
		liar_end_answer(c);
}

/* ---- a connection ---- */

/* Finds out what is asked for: "GET /KIND/NUMBER ". */
static void
liar_answer(struct liar_client *c, const char *at)
{
	struct liar *liar = c->port->liar;
	char name[16] = "", number[LIAR_NUMBER + 1] = "00000000";

	(void)sscanf(at, "GET /%15[a-z]/%8[0-9] ", name, number);
	for (c->kind = liar_kinds; *c->kind->name != '\0'; c->kind++)
		if (strcmp(c->kind->name, name) == 0)
			break;
	c->file = NULL;
	for (size_t i = 0; i < 2; i++)
		if (strcmp(c->kind->name, liar->files[i].name) == 0)
			c->file = &liar->files[i];
	c->chance = liar->seed ^ strtoull(number, NULL, 10) << 8;
	c->busy = true;
	liar_compose(c, number);
	liar_draw_pace(c);
	if (c->pause_ns > 0)
		liar_later(c, c->pause_ns, liar_send);
	else
		liar_send(&c->timer);
}

static size_t
liar_data(struct protocol *p, const char *at, size_t len)
{
	struct liar_client *c = reactor_container_of(
	    p, struct liar_client, protocol);
	char head[LIAR_TEXT];

	/* Who asks while it is answered breaks the rules, or gives up. */
	if (c->busy || len >= sizeof(head)) {
		transport_abort_connection(p->transport);
		return len;
	}
	memcpy(head, at, len);
	head[len] = '\0';
	if (strstr(head, "\r\n\r\n") == NULL)
		return 0;
	liar_answer(c, head);
	return len;
}

static void
liar_lost(struct protocol *p, int reason)
{
	struct liar_client *c = reactor_container_of(
	    p, struct liar_client, protocol);

	(void)reason;
	reactor_cancel_timer(&c->timer);
	free(c);
}

static void
liar_close_below(struct reactor_timer *t)
{
	transport_lose_connection(reactor_container_of(
	    t, struct liar_client, timer)->below);
}

/* Does something to a connection before any request, or nothing. */
static void
liar_be_rude(struct liar_client *c)
{
	static const char reply[] = "HTTP/1.1 200 OK\r\n"
	    "Content-Length: 21\r\n\r\n<title>Forged</title>";
	uint64_t delay_ns = liar_draw(&c->chance, 8000000);

	switch (liar_draw(&c->chance, 10)) {
	case 0:
		transport_abort_connection(c->below);
		break;
	case 1:
		transport_lose_connection(c->below);
		break;
	case 2:
	case 3:
		liar_later(c, delay_ns, liar_abort);
		break;
	case 4:
	case 5:
		liar_later(c, delay_ns, liar_close_below);
		break;
	case 6:
		transport_pause_reading(c->below);
		break;
	case 7:			/* it is no TLS, or nobody has asked */
		transport_write(c->below, reply, sizeof(reply) - 1);
		transport_lose_connection(c->below);
		break;
	case 8:			/* FIN first: a client may send all the same */
		transport_half_close(c->below);
		break;
	}
}

static void
liar_made(struct protocol *p)
{
	(void)p;
}

static const struct protocol_ops liar_ops = {
	.connection_made = liar_made,
	.data_received = liar_data,
	.connection_lost = liar_lost,
};

/* TCP is there; what comes next is our page's protocol, or TLS. */
static void
liar_wire_made(struct protocol *p)
{
	static const struct reactor_tls_peer anybody = { .host = NULL };
	struct liar_client *c = reactor_container_of(
	    p, struct liar_client, wire);

	c->below = p->transport;
	transport_set_timeout(c->below, 20000000000);
	if (c->port->tls)
		liar_must(reactor_tls_start(c->port->liar->settings, &anybody,
		    c->below, &c->protocol), "TLS");
	else
		transport_set_protocol(c->below, &c->protocol);
	if (c->port->rude)
		liar_be_rude(c);
}

static size_t
liar_wire_data(struct protocol *p, const char *at, size_t len)
{
	(void)p;
	(void)at;
	return len;
}

static void
liar_wire_lost(struct protocol *p, int reason)
{
	(void)reason;
	free(reactor_container_of(p, struct liar_client, wire));
}

static const struct protocol_ops liar_wire_ops = {
	.connection_made = liar_wire_made,
	.data_received = liar_wire_data,
	.connection_lost = liar_wire_lost,
};

static struct protocol *
liar_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct liar_port *port = reactor_container_of(
	    f, struct liar_port, factory);
	struct liar_client *c = calloc(1, sizeof(*c));

	(void)from;
	if (c == NULL)
		return NULL;
	c->port = port;
	c->protocol.ops = &liar_ops;
	c->wire.ops = &liar_wire_ops;
	c->chance = ~port->liar->seed + port->liar->connections++ * 256;
	return &c->wire;
}

/* ---- from beginning to end ---- */

/* 127.0.0.1, any port that is free. */
static struct reactor_address
liar_address(void)
{
	struct reactor_address at;

	liar_must(reactor_address_parse(&at, "127.0.0.1", 9, 0), "127.0.0.1");
	return at;
}

static void
liar_listen(struct liar *liar, size_t which)
{
	static const struct protocol_factory_ops ops = {
		.build_protocol = liar_build,
	};
	struct liar_port *port = &liar->ports[which];
	struct reactor_address at = liar_address();
	struct reactor_listener *listener;

	port->factory.ops = &ops;
	port->liar = liar;
	port->tls = which % 2 == 1;
	port->rude = which >= 2;
	liar_must(reactor_listen(liar->reactor, &at, NULL, &port->factory,
	    &listener), "listen");
	liar_must(reactor_listener_address(listener, &at), "address");
	port->number = reactor_address_port(&at);
}

static unsigned
liar_serve_names(struct liar *liar)
{
	struct reactor_address at = liar_address();
	struct dns_server_record table[LIAR_HOSTS];
	char names[LIAR_HOSTS][24];

	for (int i = 0; i < LIAR_HOSTS; i++) {
		snprintf(names[i], sizeof(names[i]), "h%d.site.test", i);
		table[i] = (struct dns_server_record){ names[i], "127.0.0.1",
		    1 + (uint32_t)i };
	}
	liar_must(dns_server_new(&liar->names, liar->reactor, &at, table,
	    LIAR_HOSTS), "names");
	liar_must(dns_server_address(liar->names, &at), "address");
	return reactor_address_port(&at);
}

static void
liar_read(struct liar_file *f, const char *kind, const char *name)
{
	FILE *in = fopen(name, "r");

	liar_must(in == NULL, name);
	f->name = kind;
	f->len = fread(f->at, 1, sizeof(f->at), in);
	fclose(in);
}

int
main(int argc, char **argv)
{
	static struct liar liar;
	struct reactor_tls_options tls = { .server = true };
	char why[REACTOR_TLS_WHY];
	unsigned names;

	liar_must(argc != 6, "SEED CERTIFICATE KEY BOMB PACKED");
	liar.seed = strtoull(argv[1], NULL, 10);
	tls.certificate_file = argv[2];
	tls.key_file = argv[3];
	liar_read(&liar.files[0], "bomb", argv[4]);
	liar_read(&liar.files[1], "packed", argv[5]);
	liar_must(reactor_new(&liar.reactor, NULL), "reactor");
	liar_must(reactor_tls_settings_new(&liar.settings, liar.reactor, &tls,
	    why), "TLS");
	(void)reactor_stop_on_signals(liar.reactor, liar.signals);
	names = liar_serve_names(&liar);
	for (size_t i = 0; i < 4; i++)
		liar_listen(&liar, i);
	printf("%u %u %u %u %u\n", names, liar.ports[0].number,
	    liar.ports[1].number, liar.ports[2].number,
	    liar.ports[3].number);
	fflush(stdout);
	liar_must(reactor_run(liar.reactor), "the loop");
	dns_server_free(liar.names);
	reactor_free(liar.reactor);
	reactor_tls_settings_free(liar.settings);
	return 0;
}
