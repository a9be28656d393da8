/*
 * connection.c - how a connection begins, sends and ends; what it receives
 * is connection_read.c's.
 *
 * The order within each function is the same throughout: first the
 * connection and the pool are brought into their new state, then, last of
 * all, an exchange is told.  For whoever is told may free anything.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "connection.h"

#include "../dns/dns_connect.h"
#include "http_failure.h"
#include "pool.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

/* The longest head that is sent: a URL of HTTP_URL_MAX and as much again. */
enum { HTTP_CONNECTION_REQUEST = 32768 };

/* How long the rest of an answer that nobody wants may take. */
static const uint64_t http_connection_drain_ns = 5000000000;

/* What an exchange is told that a connection was doing when it failed. */
static const char *const http_connection_phases[] = {
	[HTTP_CONNECTION_CONNECTING] = "connecting",
	[HTTP_CONNECTION_WAITING] = "waiting for the answer",
	[HTTP_CONNECTION_HEAD] = "receiving the head",
	[HTTP_CONNECTION_BODY] = "receiving the body",
	[HTTP_CONNECTION_CLOSED] = NULL
};

/* ---- time ---- */

const struct defer_failure *
http_connection_overdue(const struct http_exchange *e, const char *phase)
{
	return defer_failure_new(&http_timeout,
	    "not done within %.3g s, while %s", (double)e->timeout_ns / 1e9,
	    phase);
}

/* What the connection was doing has taken too long. */
static void
http_connection_time_up(struct reactor_timer *t)
{
	struct http_connection *c = (struct http_connection *)
	    ((char *)t - offsetof(struct http_connection, timer));
	struct http_exchange *e = c->exchange;
	const char *phase = http_connection_phases[c->state];

	if (c->state == HTTP_CONNECTION_IDLE)
		http_connection_close(c);
	else
		http_connection_abort(c);
	if (e != NULL)
		e->ops->done(e, http_connection_overdue(e, phase));
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

void
http_connection_drain(struct http_connection *c)
{
	c->exchange = NULL;
	c->state = HTTP_CONNECTION_DRAINING;
	http_connection_set_timer(c, http_connection_drain_ns);
}

/* ---- sending ---- */

int
http_connection_send(struct http_connection *c, struct http_exchange *e)
{
	char text[HTTP_CONNECTION_REQUEST];
	int len = http_request_write(&e->request, text, sizeof(text));

	if (len < 0)
		return len;
	if ((size_t)len > sizeof(text))
		return HTTP_REQUEST_E_LENGTH;
	transport_write(c->protocol.transport, text, (size_t)len);
	http_connection_set_deadline(c, e);
	c->exchange = e;
	e->connection = c;
	c->state = HTTP_CONNECTION_WAITING;
	c->interim = 0;
	http_head_init(&c->head, HTTP_HEAD_RESPONSE);
	return 0;
}

/* ---- connecting ---- */

/* Frees a connection that has no transport any more. */
static void
http_connection_free(struct http_connection *c)
{
	reactor_cancel_timer(&c->timer);
	if (c->host != NULL)
		http_pool_remove(c);
	free(c);
}

/* The deferred of dns_connect has fired. */
static struct defer_result
http_connection_connected(void *ctx, struct defer_result in)
{
	struct http_connection *c = ctx;
	struct http_exchange *e = c->exchange;
	struct deferred *d = c->connecting;
	int err;

	c->connecting = NULL;
	deferred_release(d);
	if (defer_result_is_failure(in)) {
		http_connection_free(c);
		http_exchange_done(e, in.value);
		return defer_result_none();
	}
	defer_result_destroy(in);
	if (e == NULL)
		return defer_result_none();
	err = http_connection_send(c, e);
	if (err < 0) {
		http_connection_abort(c);
		e->ops->done(e, http_failure_of(err, "request"));
	}
	return defer_result_none();
}

static void
http_connection_made(struct protocol *p)
{
	(void)p;	/* http_connection_connected follows */
}

/* ---- the end ---- */

/* Why the answer is not complete; NULL if it is. */
static const struct defer_failure *
http_connection_verdict(const struct http_connection *c, int reason)
{
	if (reason == 0 && c->state == HTTP_CONNECTION_BODY &&
	    http_body_end(&c->body) == 0)
		return NULL;
	if (reason == -EMSGSIZE)
		return http_failure_of(HTTP_HEAD_E_LARGE, "answer");
	return defer_failure_new(&http_reset, "%s, while %s", reason == 0 ?
	    "connection closed" : transport_reason(c->protocol.transport),
	    http_connection_phases[c->state]);
}

/*
 * A server may close an idle connection at the very moment at which it is
 * used again (RFC 9112, section 9.3.1).  Then, and once only, for the next
 * one is fresh, the request is repeated.
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
	struct http_connection *c = http_connection_of(p);
	struct http_exchange *e = c->exchange;
	bool stale = http_connection_was_stale(c, reason);
	const struct defer_failure *f = NULL;

	if (e != NULL && !stale)
		f = http_connection_verdict(c, reason);
	http_connection_free(c);
	if (stale)
		http_pool_repeat(e);
	else
		http_exchange_done(e, f);
}

/* Without connect_failed: dns_connect tells that by its deferred. */
static const struct protocol_ops http_connection_ops = {
	.connection_made = http_connection_made,
	.data_received = http_connection_read,
	.connection_lost = http_connection_lost,
};

int
http_connection_open(struct http_pool_host *host,
    const struct http_client_options *o, struct http_exchange *e)
{
	struct http_connection *c = calloc(1, sizeof(*c));
	struct dns_connect_options how = {
		.families = o->families, .timeout_ns = o->connect_timeout_ns,
	};
	const struct http_url *url = e->url;
	const char *name;
	size_t len;

	if (c == NULL)
		return -ENOMEM;
	c->protocol.ops = &http_connection_ops;
	c->reactor = o->reactor;
	c->idle_timeout_ns = o->idle_timeout_ns;
	http_connection_set_deadline(c, e);
	name = http_url_host(url, &len);
	c->connecting = dns_connect(o->resolver, name, len, url->port, &how,
	    &c->protocol);
	if (c->connecting == NULL) {
		reactor_cancel_timer(&c->timer);
		free(c);
		return -ENOMEM;
	}
	c->exchange = e;
	e->connection = c;
	http_pool_add(host, c);
	/* May call back at once; a new deferred has room for a pair. */
	(void)deferred_add_both(c->connecting, http_connection_connected, c);
	return 0;
}

/* Leaves the pool; true if there is a transport that must be told. */
static bool
http_connection_retire(struct http_connection *c)
{
	struct deferred *d = c->connecting;

	reactor_cancel_timer(&c->timer);
	http_pool_remove(c);
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
