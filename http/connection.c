/*
 * connection.c - how a connection begins, sends, receives and ends.
 *
 * Nothing is copied: the head is read in the receive buffer, and content is
 * passed on from there.
 *
 * The order within each function is the same throughout: first connection
 * and client are brought into their new state, then, last of all, an exchange
 * is told, because its user may then free anything.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "connection.h"

#include "../defer/control.h"
#include "../defer/deferred.h"
#include "../reactor/reactor.h"
#include "../reactor/tls_settings.h"
#include "client.h"
#include "http_failure.h"
#include "tunnel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The longest head that is sent: a URL of HTTP_URL_MAX and as much again. */
enum { HTTP_CONNECTION_REQUEST = 32768 };

/* How long it may take to read the rest of an unwanted body. */
static const uint64_t http_connection_drain_ns = 5000000000;

/* What an exchange is told that a connection was doing when it failed. */
static const char *const http_connection_phases[] = {
	[HTTP_CONNECTION_WAITING] = "waiting for the answer",
	[HTTP_CONNECTION_HEAD] = "receiving the head",
	[HTTP_CONNECTION_BODY] = "receiving the body",
	[HTTP_CONNECTION_CLOSED] = NULL
};

static const char *
http_connection_phase(const struct http_connection *c)
{
	/* Without a proxy, and with one. */
	static const char *const connecting[2][3] = {
		{
			[DNS_CONNECT_LOOKING_UP] = "looking up the name",
			[DNS_CONNECT_CONNECTING] = "connecting",
			[DNS_CONNECT_SHAKING_HANDS] = "shaking hands (TLS)",
		}, {
			[DNS_CONNECT_LOOKING_UP] =
			    "looking up the proxy's name",
			[DNS_CONNECT_CONNECTING] = "connecting to the proxy",
			[DNS_CONNECT_SHAKING_HANDS] =
			    "shaking hands (TLS) through the proxy",
		},
	};

	if (c->state == HTTP_CONNECTION_CONNECTING)
		return connecting[c->proxy != NULL][c->phase];
	return http_connection_phases[c->state];
}

const char *
http_exchange_phase(const struct http_exchange *e)
{
	return e->connection == NULL ? "waiting for a connection" :
	    http_connection_phase(e->connection);
}

/* ---- how long it takes ---- */

/* To where it is connecting, and what that has taken, be it done or given up
 * on the way. */
static void
http_connection_note_connecting(struct http_connection *c)
{
	struct http_timings *t = &c->exchange->timings;
	uint64_t now = reactor_now_ns(c->reactor);
	const uint64_t *since = c->since_ns;
	uint64_t asked = since[DNS_CONNECT_LOOKING_UP];
	uint64_t found = since[DNS_CONNECT_CONNECTING];
	uint64_t shaking = since[DNS_CONNECT_SHAKING_HANDS];

	memcpy(c->exchange->address, c->address, sizeof(c->address));
	if (asked != 0)
		t->name_ns += (found != 0 ? found : now) - asked;
	if (found != 0)
		t->connect_ns += (shaking != 0 ? shaking : now) - found;
	if (shaking != 0)
		t->tls_ns += now - shaking;
}

/* The exchange, if there is one, will not have its answer from here. */
static void
http_connection_note_broken(struct http_connection *c)
{
	if (c->exchange == NULL)
		return;
	if (c->state == HTTP_CONNECTION_CONNECTING)
		http_connection_note_connecting(c);
	else if (c->state == HTTP_CONNECTION_WAITING)
		c->exchange->timings.wait_ns +=
		    reactor_now_ns(c->reactor) - c->sent_ns;
}

/* ---- giving up ---- */

/*
 * Leaves the client; true if there is a transport to be closed, which ends
 * in connection_lost.  Without one, connecting is cancelled.
 */
static bool
http_connection_retire(struct http_connection *c)
{
	struct deferred *d = c->connecting;

	reactor_cancel_timer(&c->timer);
	http_client_forget(c);
	http_connection_note_broken(c);
	c->exchange = NULL;
	c->state = HTTP_CONNECTION_CLOSED;
	if (d != NULL)
		deferred_cancel(d);	/* which frees c */
	return d == NULL;
}

void
http_connection_abort(struct http_connection *c)
{
	if (http_connection_retire(c))
		transport_abort_connection(c->protocol.transport);
}

void
http_connection_close(struct http_connection *c)
{
	if (http_connection_retire(c))
		transport_lose_connection(c->protocol.transport);
}

/* Tells an exchange, if there is one, that it is done.  Takes the failure. */
static void
http_exchange_done(struct http_exchange *e, const struct defer_failure *f)
{
	if (e != NULL)
		e->ops->done(e, f);
	else
		defer_failure_release(f);
}

/* What went wrong with whom, if that is known, and during what. */
static const struct defer_failure *
http_exchange_failure(const struct http_exchange *e, bool proxied,
    const struct defer_failure_kind *kind, const char *what,
    const char *phase)
{
	bool known = e->address[0] != '\0';

	return defer_failure_new(kind, "%s%s%s%s, while %s",
	    known && proxied ? "proxy " : "", e->address, known ? ": " : "",
	    what, phase);
}

/* What was received, or could not be sent, ends connection and exchange. */
static void
http_connection_fail(struct http_connection *c, const struct defer_failure *f)
{
	struct http_exchange *e = c->exchange;

	http_connection_abort(c);
	http_exchange_done(e, f);
}

/* ---- time ---- */

void
http_exchange_time_out(struct http_exchange *e, bool proxied,
    const char *phase)
{
	double seconds = (double)e->timeout_ns / 1e9;
	char text[64];

	snprintf(text, sizeof(text), seconds < 100 ?
	    "not done within %.3g s" : "not done within %.0f s", seconds);
	e->ops->done(e, http_exchange_failure(
	    e, proxied, &http_timeout, text, phase));
}

/* What the connection was doing has taken too long. */
static void
http_connection_time_up(struct reactor_timer *t)
{
	struct http_connection *c = reactor_container_of(
	    t, struct http_connection, timer);
	struct http_exchange *e = c->exchange;
	const char *phase = http_connection_phase(c);
	bool proxied = c->proxy != NULL;

	if (c->state == HTTP_CONNECTION_IDLE)
		http_connection_close(c);
	else
		http_connection_abort(c);
	if (e != NULL)
		http_exchange_time_out(e, proxied, phase);
}

static void
http_connection_set_timer(struct http_connection *c, uint64_t delay_ns)
{
	reactor_call_later(c->reactor, &c->timer, delay_ns,
	    http_connection_time_up);
}

static void
http_connection_set_deadline(struct http_connection *c,
    const struct http_exchange *e)
{
	uint64_t now = reactor_now_ns(c->reactor);

	http_connection_set_timer(c, e->deadline_ns > now ?
	    e->deadline_ns - now : 0);
}

void
http_connection_rest(struct http_connection *c)
{
	c->state = HTTP_CONNECTION_IDLE;
	http_connection_set_timer(c, c->idle_timeout_ns);
}

/* ---- heads ---- */

/* Shows a head that is sent or received to who watches. */
static void
http_connection_show(const struct http_connection *c, bool sent,
    const char *at, size_t len)
{
	if (c->watcher != NULL)
		c->watcher->head(c->watcher, sent, at, len);
}

/* Prepares for the head of an answer. */
static void
http_connection_expect(struct http_connection *c)
{
	http_head_init(&c->head, HTTP_HEAD_RESPONSE);
	c->head.max_len = c->max_head;
	c->head.max_fields = c->max_fields;
}

/* ---- sending ---- */

int
http_connection_send(struct http_connection *c, struct http_exchange *e)
{
	char text[HTTP_CONNECTION_REQUEST];
	int len = http_request_write(&e->request, text, sizeof(text));
	struct iovec pieces[2] = { { .iov_base = text } };

	if (len < 0)
		return len;
	if ((size_t)len > sizeof(text))
		return HTTP_REQUEST_E_LENGTH;
	http_connection_show(c, true, text, (size_t)len);
	pieces[0].iov_len = (size_t)len;
	/* The body is only read; iovec has no const. */
	pieces[1].iov_base = (void *)(uintptr_t)e->body;
	pieces[1].iov_len = e->has_body ? e->body_len : 0;
	transport_writev(c->protocol.transport, pieces,
	    pieces[1].iov_len > 0 ? 2 : 1);
	http_connection_set_deadline(c, e);
	c->exchange = e;
	e->connection = c;
	e->reused = c->reused;
	e->first_ns = 0;
	e->number = c->number;
	memcpy(e->address, c->address, sizeof(e->address));
	c->sent_ns = reactor_now_ns(c->reactor);
	c->state = HTTP_CONNECTION_WAITING;
	c->enough = false;
	c->interim = 0;
	c->drained = 0;
	http_connection_expect(c);
	return 0;
}

/* ---- receiving: the head ---- */

/*
 * A server that closes an idle connection may say so by a 408, which then
 * seems to answer a request that it never saw (RFC 9110, section 15.5.9).
 * That is repeated on a fresh connection, as if this one had just closed.
 */
static void
http_connection_repeat(struct http_connection *c)
{
	struct http_exchange *e = c->exchange;

	http_connection_abort(c);
	http_client_repeat(e);
}

/*
 * A whole head has been read: of an interim response, and another follows,
 * or of the final one, and its content follows.
 */
static void
http_connection_take_head(struct http_connection *c)
{
	const struct http_head *h = &c->head;
	const struct http_request *r = &c->exchange->request;
	enum http_body_framing framing;

	if (h->status == 101) {
		http_connection_fail(c, defer_failure_new(&http_bad_response,
		    "switches protocols, unasked"));
		return;
	}
	if (h->status < 200 && ++c->interim > HTTP_CONNECTION_INTERIM) {
		http_connection_fail(c, defer_failure_new(&http_bad_response,
		    "too many interim answers"));
		return;
	}
	if (h->status < 200) {
		http_connection_expect(c);
		return;
	}
	if (h->status == 408 && c->reused) {
		http_connection_repeat(c);
		return;
	}
	framing = http_head_framing(h, r->method, r->method_len);
	http_body_init(&c->body, framing, h->content_length);
	c->keep = http_head_persists(h, framing);
	c->state = HTTP_CONNECTION_BODY;
	c->enough = c->exchange->ops->head(c->exchange, h) == HTTP_SINK_ENOUGH;
}

/*
 * Reads heads until that of the final response is complete.  Returns the
 * bytes used; the state tells what has become of it.
 */
static size_t
http_connection_read_head(struct http_connection *c, const char *at,
    size_t len)
{
	size_t used = 0;
	int n = 1;

	c->state = HTTP_CONNECTION_HEAD;
	while (c->state == HTTP_CONNECTION_HEAD && used < len && n > 0) {
		n = http_head_parse(&c->head, at + used, len - used);
		if (n < 0) {
			http_connection_fail(c,
			    http_failure_of(n, "head of the answer"));
		} else if (n > 0) {
			http_connection_show(c, false, at + used, (size_t)n);
			used += (size_t)n;
			http_connection_take_head(c);
		}
	}
	return used;
}

/* ---- receiving: the body ---- */

/* The response is complete, with nothing behind it if `clean`. */
static void
http_connection_complete(struct http_connection *c, bool clean)
{
	struct http_exchange *e = c->exchange;

	c->exchange = NULL;
	c->reused = true;
	if (c->keep && clean)
		http_client_reuse(c);
	else
		http_connection_close(c);
	http_exchange_done(e, NULL);
}

/*
 * The user has enough, and the rest of the body is not all here.  Reads it if
 * it is short, since a new connection costs more, else closes.
 */
static void
http_connection_drain(struct http_connection *c, bool readable)
{
	struct http_exchange *e = c->exchange;
	bool is_short = readable && c->keep &&
	    c->drained <= HTTP_CONNECTION_DRAIN &&
	    c->body.left <= HTTP_CONNECTION_DRAIN - c->drained;

	if (!is_short) {
		http_connection_abort(c);
	} else if (c->state != HTTP_CONNECTION_DRAINING) {
		c->exchange = NULL;
		c->state = HTTP_CONNECTION_DRAINING;
		http_connection_set_timer(c, http_connection_drain_ns);
	}
	http_exchange_done(e, NULL);
}

/*
 * Reads all that is at hand before the exchange is told that it is done, so
 * that the connection is free again by then.
 */
static void
http_connection_read_body(struct http_connection *c, const char *at,
    size_t len)
{
	struct http_exchange *e = c->exchange;
	const char *piece;
	size_t piece_len;
	int event;

	while ((event = http_body_next(&c->body, &at, &len, &piece,
	    &piece_len)) == HTTP_BODY_DATA)
		if (c->enough)
			c->drained += piece_len;
		else
			c->enough = e->ops->data(e, piece, piece_len) ==
			    HTTP_SINK_ENOUGH;
	if (event == HTTP_BODY_DONE)
		http_connection_complete(c, len == 0);
	else if (c->enough)
		http_connection_drain(c, event >= 0);
	else if (event < 0)
		http_connection_fail(c,
		    http_failure_of(event, "body of the answer"));
}

/* The first byte of an answer is there. */
static void
http_connection_note_first(struct http_connection *c)
{
	struct http_exchange *e = c->exchange;

	e->first_ns = reactor_now_ns(c->reactor);
	e->timings.wait_ns += e->first_ns - c->sent_ns;
}

static size_t
http_connection_data_received(struct protocol *p, const char *at, size_t len)
{
	struct http_connection *c = reactor_container_of(
	    p, struct http_connection, protocol);
	size_t used = 0;

	if (c->state == HTTP_CONNECTION_WAITING)
		http_connection_note_first(c);
	if (c->state == HTTP_CONNECTION_WAITING ||
	    c->state == HTTP_CONNECTION_HEAD) {
		used = http_connection_read_head(c, at, len);
		if (c->state == HTTP_CONNECTION_HEAD)
			return used;
	}
	if (c->state == HTTP_CONNECTION_BODY ||
	    c->state == HTTP_CONNECTION_DRAINING)
		http_connection_read_body(c, at + used, len - used);
	else if (c->state == HTTP_CONNECTION_IDLE)
		/* These bytes would be taken for the next answer. */
		http_connection_abort(c);
	return len;
}

/* ---- the end ---- */

/* Frees a connection that has no transport any more. */
static void
http_connection_free(struct http_connection *c)
{
	reactor_cancel_timer(&c->timer);
	if (c->host != NULL)
		http_client_forget(c);
	free(c);
}

/*
 * Why the answer is not complete; NULL if it is.  An answer that ends with
 * the connection is complete only if TLS says that this was its end: anybody
 * on the way can close a connection of TCP (RFC 9112, section 9.8).
 */
static const struct defer_failure *
http_connection_verdict(const struct http_connection *c, int reason)
{
	bool broken = reactor_tls_strerror(reason) != NULL &&
	    reason != REACTOR_TLS_E_TRUNCATED;

	if (reason == 0 && c->state == HTTP_CONNECTION_BODY &&
	    http_body_end(&c->body) == 0)
		return NULL;
	if (reason == -EMSGSIZE)
		return http_failure_of(HTTP_HEAD_E_LARGE, "answer");
	return http_exchange_failure(c->exchange, c->proxy != NULL,
	    broken ? &http_tls : &http_reset,
	    reason == 0 ? "connection closed" :
	    transport_reason(c->protocol.transport), http_connection_phase(c));
}

/*
 * A server may close an idle connection at the very moment at which it is
 * used again (RFC 9112, section 9.3.1).  Then the request is repeated, once
 * only, because the next connection is a fresh one.
 */
static bool
http_connection_was_stale(const struct http_connection *c, int reason)
{
	return c->exchange != NULL && c->reused &&
	    c->state == HTTP_CONNECTION_WAITING && reason != -ECONNABORTED;
}

static void
http_connection_lost(struct protocol *p, int reason)
{
	struct http_connection *c = reactor_container_of(
	    p, struct http_connection, protocol);
	struct http_exchange *e = c->exchange;
	bool stale = http_connection_was_stale(c, reason);
	const struct defer_failure *f = NULL;

	http_connection_note_broken(c);
	if (e != NULL && !stale)
		f = http_connection_verdict(c, reason);
	http_connection_free(c);
	if (stale)
		http_client_repeat(e);
	else
		http_exchange_done(e, f);
}

/* ---- the beginning ---- */

static void
http_connection_made(struct protocol *p)
{
	(void)p;	/* http_connection_connected follows */
}

/* Without connect_failed: dns_connect tells that by its deferred. */
static const struct protocol_ops http_connection_ops = {
	.connection_made = http_connection_made,
	.data_received = http_connection_data_received,
	.connection_lost = http_connection_lost,
};

/* The deferred of dns_connect has fired. */
static struct defer_result
http_connection_connected(void *ctx, struct defer_result in)
{
	struct http_connection *c = ctx;
	struct http_exchange *e = c->exchange;
	int error;

	deferred_release(c->connecting);
	c->connecting = NULL;
	if (defer_result_is_failure(in)) {
		http_connection_note_broken(c);
		if (e != NULL && c->proxy != NULL && !e->url->https)
			in = defer_result_failure(http_tunnel_proxy_failure(
			    c->proxy, in.value));
		http_connection_free(c);
		http_exchange_done(e, in.value);
		return defer_result_none();
	}
	defer_result_destroy(in);
	if (e == NULL)
		return defer_result_none();
	http_connection_note_connecting(c);
	transport_set_leftover_limit(c->protocol.transport, c->max_head);
	if (c->connected != NULL)
		c->connected(c->ctx, c->protocol.transport);
	error = http_connection_send(c, e);
	if (error < 0)
		http_connection_fail(c, http_failure_of(error, "request"));
	return defer_result_none();
}

/* Begins to connect, over the proxy if there is one. */
static struct deferred *
http_connection_begin(struct http_connection *c,
    const struct http_client_options *o, struct reactor_tls_settings *tls,
    const struct http_url *u)
{
	const struct dns_connect_options how = {
		.families = o->families, .timeout_ns = o->connect_timeout_ns,
		.tls = tls, .allowed = o->allowed, .phase = &c->phase,
		.since_ns = c->since_ns, .address = c->address,
	};
	const char *name;
	size_t len;

	if (c->proxy != NULL && tls != NULL)
		return http_tunnel_connect(o->resolver, c->proxy, u, &how,
		    o->watcher, &c->protocol);
	name = http_url_host(c->proxy != NULL ? &c->proxy->url : u, &len);
	return dns_connect(o->resolver, name, len, c->proxy != NULL ?
	    c->proxy->port : u->port, &how, &c->protocol);
}

int
http_connection_open(struct http_client_host *host,
    const struct http_client_options *o, struct reactor_tls_settings *tls,
    const struct http_proxy *proxy, struct http_exchange *e)
{
	struct http_connection *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return -ENOMEM;
	c->proxy = proxy;
	c->protocol.ops = &http_connection_ops;
	c->reactor = o->reactor;
	c->idle_timeout_ns = o->idle_timeout_ns;
	c->max_head = o->max_head;
	c->max_fields = o->max_fields;
	c->connected = o->connected;
	c->ctx = o->ctx;
	c->watcher = o->watcher;
	http_connection_set_deadline(c, e);
	c->connecting = http_connection_begin(c, o, tls, e->url);
	if (c->connecting == NULL) {
		reactor_cancel_timer(&c->timer);
		free(c);
		return -ENOMEM;
	}
	c->exchange = e;
	e->connection = c;
	http_client_add(host, c);
	/* May call back at once; a new deferred has room for a pair. */
	(void)deferred_add_both(c->connecting, http_connection_connected, c);
	return 0;
}
