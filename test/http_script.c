/*
 * http_script.c - see http_script.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http_script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/tls.h"
#include "../reactor/transport.h"

struct script_peer {
	struct protocol protocol;
	struct protocol *below;		/* of TLS */
	struct reactor_list link;
	struct script *script;
	const struct script_step *step;	/* being said, or NULL */
	size_t said;
	struct reactor_call more;
};

static void
script_say(struct reactor_call *call)
{
	struct script_peer *peer = reactor_container_of(
	    call, struct script_peer, more);
	const struct script_step *step = peer->step;
	size_t len = step->len != 0 ? step->len : strlen(step->say);
	size_t left = len - peer->said, n = left;

	if (step->piece != 0 && n > step->piece)
		n = step->piece;
	transport_write(peer->protocol.transport, step->say + peer->said, n);
	peer->said += n;
	if (n < left) {
		reactor_call_soon(peer->script->reactor, &peer->more);
		return;
	}
	peer->step = NULL;
	if (step->end == SCRIPT_GARBLE)
		transport_write(peer->below->transport, "garbage", 7);
	if (step->end == SCRIPT_CLOSE)
		transport_lose_connection(peer->protocol.transport);
	else if (step->end == SCRIPT_CUT)
		transport_lose_connection(peer->below->transport);
	else if (step->end == SCRIPT_RESET)
		transport_abort_connection(peer->protocol.transport);
	else
		transport_resume_reading(peer->protocol.transport);
}

/* Copies a request to a text of 64 KiB; returns where that ends. */
static size_t
script_keep(char *to, size_t used, const char *at, size_t len)
{
	size_t room = sizeof(((struct script *)NULL)->log) - used - 1;

	if (len > room)
		len = room;
	memcpy(to + used, at, len);
	to[used + len] = '\0';
	return used + len;
}

/* The content that belongs to a head, by its Content-Length. */
static size_t
script_content_len(const char *head, size_t len)
{
	static const char name[] = "\nContent-Length: ";
	size_t n = sizeof(name) - 1;

	for (size_t i = 0; i + n < len; i++)
		if (head[i] == '\n' && memcmp(head + i, name, n) == 0)
			return (size_t)strtoul(head + i + n, NULL, 10);
	return 0;
}

static size_t
script_received(struct protocol *p, const char *at, size_t len)
{
	struct script_peer *peer = reactor_container_of(
	    p, struct script_peer, protocol);
	struct script *s = peer->script;
	static const char bad[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	size_t n = 0;

	if (s->mends && at[0] == '\x16') {
		transport_write(p->transport, bad, sizeof(bad) - 1);
		transport_lose_connection(p->transport);
		return len;
	}
	while (n + 4 <= len && memcmp(at + n, "\r\n\r\n", 4) != 0)
		n++;
	if (n + 4 > len)
		return 0;
	n += script_content_len(at, n);
	if (n + 4 > len)
		return 0;
	s->requests++;
	s->heard_len = script_keep(s->heard, 0, at, n + 4);
	s->log_len = script_keep(s->log, s->log_len, at, n + 4);
	if (s->steps == s->end) {
		transport_abort_connection(p->transport);
		return len;
	}
	peer->step = s->steps;
	if (s->steps->end != SCRIPT_REPEAT)
		s->steps++;
	peer->said = 0;
	transport_pause_reading(p->transport);
	reactor_call_soon(s->reactor, &peer->more);
	return n + 4;
}

static void
script_lost(struct protocol *p, int reason)
{
	struct script_peer *peer = reactor_container_of(
	    p, struct script_peer, protocol);

	(void)reason;
	peer->script->lost++;
	reactor_list_remove(&peer->link);
	reactor_cancel_call(&peer->more);
	free(peer);
}

static void
script_made(struct protocol *p)
{
	const struct script *s = reactor_container_of(
	    p, struct script_peer, protocol)->script;

	if (s->leftover > 0)
		transport_set_leftover_limit(p->transport, s->leftover);
}

static const struct protocol_ops script_ops = {
	.connection_made = script_made, .data_received = script_received,
	.connection_lost = script_lost,
};

static struct protocol *
script_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct script *s = reactor_container_of(f, struct script, factory);
	struct script_peer *peer = calloc(1, sizeof(*peer));

	(void)from;
	if (peer == NULL)
		abort();
	peer->protocol.ops = &script_ops;
	peer->script = s;
	peer->below = &peer->protocol;
	if (s->tls != NULL)
		peer->below = reactor_tls_wrap(s->tls,
		    &(struct reactor_tls_peer){ .port = 0 },
		    &peer->protocol);
	if (peer->below == NULL) {
		free(peer);
		return NULL;
	}
	s->connections++;
	reactor_call_init(&peer->more, script_say);
	reactor_list_append(&s->peers, &peer->link);
	return peer->below;
}

static const struct protocol_factory_ops script_factory = {
	.build_protocol = script_build,
};

void
script_open(struct script *s, struct reactor *r, const char *address)
{
	struct reactor_address at;

	memset(s, 0, sizeof(*s));
	s->factory.ops = &script_factory;
	s->reactor = r;
	reactor_list_init(&s->peers);
	if (reactor_address_parse(&at, address, strlen(address), 0) != 0 ||
	    reactor_listen(r, &at, NULL, &s->factory, &s->listener) != 0 ||
	    reactor_listener_address(s->listener, &at) != 0) {
		fprintf(stderr, "script_open failed\n");
		abort();
	}
	s->port = reactor_address_port(&at);
}

void
script_play(struct script *s, const struct script_step *steps, size_t count)
{
	s->steps = steps;
	s->end = steps + count;
	s->connections = s->lost = s->requests = 0;
	s->log_len = 0;
	s->log[0] = '\0';
}

void
script_blurt(struct script *s, const char *say)
{
	struct reactor_list *link;

	for (link = s->peers.next; link != &s->peers; link = link->next) {
		struct script_peer *peer = reactor_container_of(
		    link, struct script_peer, link);

		transport_write(peer->protocol.transport, say, strlen(say));
	}
}

void
script_close(struct script *s)
{
	struct reactor_list *link, *next;

	reactor_listener_stop(s->listener);
	for (link = s->peers.next; link != &s->peers; link = next) {
		struct script_peer *peer = reactor_container_of(
		    link, struct script_peer, link);

		next = link->next;
		transport_abort_connection(peer->protocol.transport);
	}
}
