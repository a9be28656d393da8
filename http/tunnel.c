/*
 * tunnel.c - to a proxy, through it, and into TLS.
 *
 * A tunnel has one protocol for both of its lives: first it speaks HTTP with
 * the proxy; then it waits at the top of TLS for the handshake, and its
 * transport is handed over.  It frees itself when it ends, which it does in
 * one function; there its deferred is fired, unless that was cancelled.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "tunnel.h"

#include "../defer/control.h"
#include "../defer/failure_detail.h"
#include "../reactor/reactor.h"
#include "../reactor/tls.h"
#include "credentials.h"
#include "head.h"
#include "http_failure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Limits on a proxy's answer, and on how long it and the handshake take. */
enum {
	HTTP_TUNNEL_HEAD = 65536,
	HTTP_TUNNEL_FIELDS = 200,
	HTTP_TUNNEL_INTERIM = 8
};
static const uint64_t http_tunnel_timeout_ns = UINT64_C(10000000000);

/* What a tunnel is doing. */
enum http_tunnel_state {
	HTTP_TUNNEL_CONNECTING,		/* to the proxy */
	HTTP_TUNNEL_ASKING,		/* for the way through */
	HTTP_TUNNEL_SHAKING_HANDS,	/* with who is behind it */
	HTTP_TUNNEL_HANDING_OVER
};

/* One call of http_tunnel_connect. */
struct http_tunnel {
	struct protocol protocol;
	struct protocol *user;		/* who gets the transport */
	struct deferred *deferred;	/* to be fired; NULL: cancelled */
	struct deferred *connecting;	/* of dns_connect, or NULL */
	enum http_tunnel_state state;
	const struct http_proxy *proxy;
	struct http_watcher *watcher;	/* or NULL */
	struct dns_connect_options options;
	struct reactor *reactor;
	struct reactor_timer timer;
	uint64_t begun_ns;		/* when the proxy was reached */
	struct http_head head;		/* of the proxy's answer */
	unsigned interim;
	const struct defer_failure *why;	/* it fails, if known */
	struct reactor_tls_peer peer;
	char address[REACTOR_ADDRESS_TEXT];	/* if its user has no room */
	uint16_t port;
	size_t len;
	char host[];			/* as in the URL, with brackets */
};

/* ---- failures ---- */

/* The proxy's host and port. */
static const char *
http_tunnel_name(const struct http_proxy *p, int *len)
{
	const struct http_url *u = &p->url;

	*len = u->host_end - u->host;
	return u->href + u->host;
}

/* A failure of the proxy: of this kind, with these words. */
static const struct defer_failure *
http_tunnel_failure(const struct http_tunnel *t,
    const struct defer_failure_kind *kind, const char *words)
{
	int len;
	const char *name = http_tunnel_name(t->proxy, &len);

	return defer_failure_new(kind, "proxy %.*s: %s: %s", len, name,
	    t->options.address, words);
}

const struct defer_failure *
http_tunnel_proxy_failure(const struct http_proxy *p,
    const struct defer_failure *f)
{
	const struct defer_failure *made;
	int len;
	const char *name = http_tunnel_name(p, &len);

	if (f->kind == &deferred_cancelled ||
	    f->kind == &defer_failure_out_of_memory)
		return f;
	made = defer_failure_set_code(defer_failure_new(f->kind,
	    "proxy %.*s: %s", len, name, f->message), f->code);
	return defer_failure_set_cause(made, f);
}

/* Why the connection was lost, where the proxy was asked. */
static const struct defer_failure *
http_tunnel_lost_asking(const struct http_tunnel *t, int reason)
{
	char words[160];

	snprintf(words, sizeof(words), "%s, while it was asked to connect",
	    reason == 0 ? "connection closed" :
	    transport_reason(t->protocol.transport));
	return http_tunnel_failure(t, &http_reset, words);
}

/* Why the handshake through the proxy failed. */
static const struct defer_failure *
http_tunnel_lost_shaking(const struct http_tunnel *t, int error)
{
	char peer[300];

	snprintf(peer, sizeof(peer), "%.*s:%u", (int)t->len, t->host,
	    (unsigned)t->port);
	return http_tunnel_proxy_failure(t->proxy,
	    dns_connect_handshake_failure(t->protocol.transport, peer, error));
}

/* ---- the end ---- */

/* Frees the tunnel and fires its deferred, unless that was cancelled. */
static void
http_tunnel_end(struct http_tunnel *t, struct defer_result r)
{
	struct deferred *d = t->deferred;

	reactor_cancel_timer(&t->timer);
	free(t);
	(void)deferred_finish(&d, r);
}

/* It fails, when the connection is gone.  Takes the failure. */
static void
http_tunnel_fail(struct http_tunnel *t, const struct defer_failure *f)
{
	defer_failure_release(t->why);
	t->why = f;
	transport_abort_connection(t->protocol.transport);
}

static enum deferred_cancelling
http_tunnel_cancel(void *ctx, struct deferred *d)
{
	struct http_tunnel *t = ctx;

	t->deferred = NULL;
	if (t->connecting != NULL)
		deferred_cancel(t->connecting);	/* which ends the tunnel */
	else
		transport_abort_connection(
		    t->state == HTTP_TUNNEL_HANDING_OVER ?
		    t->user->transport : t->protocol.transport);
	deferred_release(d);
	return DEFERRED_STOPPED;
}

static void
http_tunnel_lost(struct protocol *p, int reason)
{
	struct http_tunnel *t = reactor_container_of(
	    p, struct http_tunnel, protocol);
	const struct defer_failure *f = t->why;

	t->why = NULL;
	if (t->deferred == NULL)
		defer_failure_release(f);
	if (t->deferred == NULL)
		f = &deferred_was_cancelled;
	else if (f == NULL && t->state == HTTP_TUNNEL_SHAKING_HANDS)
		f = http_tunnel_lost_shaking(t, reason);
	else if (f == NULL)
		f = http_tunnel_lost_asking(t, reason);
	http_tunnel_end(t, defer_result_failure(f));
}

static void
http_tunnel_time_up(struct reactor_timer *timer)
{
	struct http_tunnel *t = reactor_container_of(
	    timer, struct http_tunnel, timer);

	http_tunnel_fail(t, http_tunnel_failure(t, &http_timeout,
	    "no answer to CONNECT"));
}

/* ---- the handshake ---- */

/* The way is free: TLS goes over it, in the time that is left. */
static void
http_tunnel_shake_hands(struct http_tunnel *t)
{
	uint64_t spent = reactor_now_ns(t->reactor) - t->begun_ns;
	uint64_t most = t->options.timeout_ns;

	reactor_cancel_timer(&t->timer);
	t->peer.timeout_ns = spent < most ? most - spent : 1;
	if (reactor_tls_start(t->options.tls, &t->peer,
	    t->protocol.transport, &t->protocol) < 0) {
		http_tunnel_fail(t, &defer_failure_no_memory);
		return;
	}
	t->state = HTTP_TUNNEL_SHAKING_HANDS;
	if (t->options.phase != NULL)
		*t->options.phase = DNS_CONNECT_SHAKING_HANDS;
	if (t->options.since_ns != NULL)
		t->options.since_ns[DNS_CONNECT_SHAKING_HANDS] =
		    reactor_now_ns(t->reactor);
}

/*
 * First there is a connection to the proxy, of which http_tunnel_reached
 * tells; then, through it, one of TLS, which its user gets.
 */
static void
http_tunnel_made(struct protocol *p)
{
	struct http_tunnel *t = reactor_container_of(
	    p, struct http_tunnel, protocol);

	if (t->state != HTTP_TUNNEL_SHAKING_HANDS)
		return;
	t->state = HTTP_TUNNEL_HANDING_OVER;
	transport_set_protocol(p->transport, t->user);
	t->user->ops->connection_made(t->user);
	http_tunnel_end(t, defer_result_none());
}

/* Shows a head that is sent or received to who watches. */
static void
http_tunnel_show(const struct http_tunnel *t, bool sent, const char *at,
    size_t len)
{
	if (t->watcher != NULL)
		t->watcher->head(t->watcher, sent, at, len);
}

/* ---- the proxy's answer ---- */

static void
http_tunnel_expect(struct http_tunnel *t)
{
	http_head_init(&t->head, HTTP_HEAD_RESPONSE);
	t->head.max_len = HTTP_TUNNEL_HEAD;
	t->head.max_fields = HTTP_TUNNEL_FIELDS;
}

/* The proxy's status, as a failure. */
static const struct defer_failure *
http_tunnel_refusal(const struct http_tunnel *t)
{
	const char *reason = http_head_text(&t->head, t->head.reason);
	int len = t->head.reason.len < 100 ? (int)t->head.reason.len : 100;
	char words[160];

	snprintf(words, sizeof(words), "%d %.*s", t->head.status, len,
	    reason != NULL ? reason : "");
	return defer_failure_set_code(http_tunnel_failure(
	    t, &http_bad_status, words), t->head.status);
}

/*
 * A whole head.  After a success what follows it belongs to the tunnel,
 * whatever the head says of its content.
 */
static void
http_tunnel_take_head(struct http_tunnel *t)
{
	int status = t->head.status;

	if (status < 200 && (status == 101 ||
	    ++t->interim > HTTP_TUNNEL_INTERIM))
		http_tunnel_fail(t, http_tunnel_failure(t, &http_bad_response,
		    "interim answers to CONNECT"));
	else if (status < 200)
		http_tunnel_expect(t);
	else if (status < 300)
		http_tunnel_shake_hands(t);
	else
		http_tunnel_fail(t, http_tunnel_refusal(t));
}

/* A head that cannot be read. */
static const struct defer_failure *
http_tunnel_bad_head(const struct http_tunnel *t, int error)
{
	const struct defer_failure *f = http_failure_of(
	    error, "answer to CONNECT"), *made;

	made = http_tunnel_failure(t, f->kind, f->message);
	defer_failure_release(f);
	return made;
}

static size_t
http_tunnel_received(struct protocol *p, const char *at, size_t len)
{
	struct http_tunnel *t = reactor_container_of(
	    p, struct http_tunnel, protocol);
	size_t used = 0;
	int n = 1;

	while (t->state == HTTP_TUNNEL_ASKING && t->why == NULL && n > 0) {
		n = http_head_parse(&t->head, at + used, len - used);
		if (n < 0)
			http_tunnel_fail(t, http_tunnel_bad_head(t, n));
		if (n > 0) {
			http_tunnel_show(t, false, at + used, (size_t)n);
			used += (size_t)n;
			http_tunnel_take_head(t);
		}
	}
	return t->why == NULL ? used : len;
}

static const struct protocol_ops http_tunnel_ops = {
	.connection_made = http_tunnel_made,
	.data_received = http_tunnel_received,
	.connection_lost = http_tunnel_lost,
};

/* ---- the beginning ---- */

/* Asks the proxy for the way through. */
static void
http_tunnel_ask(struct http_tunnel *t)
{
	char pass[HTTP_CREDENTIALS_MAX];
	size_t len = http_credentials_of_url(&t->proxy->url, pass,
	    sizeof(pass));
	char text[HTTP_CREDENTIALS_MAX + 2 * HTTP_URL_HOST_MAX + 128];
	int host_len = (int)t->len, n;

	n = snprintf(text, sizeof(text), "CONNECT %.*s:%u HTTP/1.1\r\n"
	    "Host: %.*s:%u\r\n%s%.*s%s\r\n", host_len, t->host,
	    (unsigned)t->port, host_len, t->host, (unsigned)t->port,
	    len > 0 ? "Proxy-Authorization: " : "", (int)len, pass,
	    len > 0 ? "\r\n" : "");
	t->state = HTTP_TUNNEL_ASKING;
	t->begun_ns = reactor_now_ns(t->reactor);
	http_tunnel_expect(t);
	reactor_call_later(t->reactor, &t->timer, t->options.timeout_ns,
	    http_tunnel_time_up);
	http_tunnel_show(t, true, text, (size_t)n);
	transport_write(t->protocol.transport, text, (size_t)n);
}

/* The deferred of dns_connect has fired: the proxy was reached, or not. */
static struct defer_result
http_tunnel_reached(void *ctx, struct defer_result in)
{
	struct http_tunnel *t = ctx;

	deferred_release(t->connecting);
	t->connecting = NULL;
	if (defer_result_is_failure(in)) {
		if (t->deferred != NULL)
			in = defer_result_failure(http_tunnel_proxy_failure(
			    t->proxy, in.value));
		http_tunnel_end(t, in);
		return defer_result_none();
	}
	defer_result_destroy(in);
	http_tunnel_ask(t);
	return defer_result_none();
}

/* A tunnel to the host of a URL; NULL without memory. */
static struct http_tunnel *
http_tunnel_new(const struct http_proxy *proxy, const struct http_url *u,
    const struct dns_connect_options *options, struct protocol *p)
{
	size_t len = (size_t)(u->host_end - u->host);
	size_t bracket = u->host_kind == HTTP_URL_IPV6;
	struct http_tunnel *t = calloc(1, sizeof(*t) + len);

	if (t == NULL)
		return NULL;
	t->protocol.ops = &http_tunnel_ops;
	t->user = p;
	t->proxy = proxy;
	t->options = *options;
	if (t->options.timeout_ns == 0)
		t->options.timeout_ns = http_tunnel_timeout_ns;
	if (t->options.address == NULL)
		t->options.address = t->address;
	t->port = u->port;
	t->len = len;
	memcpy(t->host, u->href + u->host, len);
	t->peer = (struct reactor_tls_peer){
		.host = t->host + bracket, .host_len = len - 2 * bracket,
		.port = u->port,
	};
	/* A certificate has no dot of the root. */
	if (t->host[len - 1] == '.')
		t->peer.host_len--;
	return t;
}

struct deferred *
http_tunnel_connect(struct dns_resolver *resolver,
    const struct http_proxy *proxy, const struct http_url *u,
    const struct dns_connect_options *options, struct http_watcher *watcher,
    struct protocol *p)
{
	struct http_tunnel *t = http_tunnel_new(proxy, u, options, p);
	struct dns_connect_options plain;
	struct deferred *d;
	const char *name;
	size_t len;

	if (t == NULL)
		return NULL;
	t->watcher = watcher;
	t->reactor = dns_resolver_reactor(resolver);
	plain = t->options;
	plain.tls = NULL;
	name = http_url_host(&proxy->url, &len);
	d = deferred_new(http_tunnel_cancel, t);
	if (d != NULL)
		t->connecting = dns_connect(resolver, name, len, proxy->port,
		    &plain, &t->protocol);
	if (t->connecting == NULL) {
		free(t);
		deferred_release(d);
		return NULL;
	}
	t->deferred = deferred_ref(d);
	/* May call back at once; a new deferred has room for a pair. */
	(void)deferred_add_both(t->connecting, http_tunnel_reached, t);
	return d;
}
