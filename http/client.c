/*
 * client.c - hosts, their queues and their connections: which connection
 * carries which exchange.
 *
 *      client --hash--> host --- begun: exchange, ... (had a turn before)
 *                            --- queue: exchange, exchange, ...
 *                            --- working: connection, connection, ...
 *                            --- idle: connection, ... (last used last)
 *
 * A host exists while it has any of these.  Connections and exchanges point
 * to it, so it is freed in one place only, at the end of http_client_serve.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "client.h"

#include "../defer/control.h"
#include "../reactor/reactor.h"
#include "../reactor/tls_settings.h"
#include "connection.h"
#include "http_failure.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Buckets: for the hosts in use at a time, not all that were ever asked. */
enum { HTTP_CLIENT_BUCKETS = 4096 };

static const uint64_t http_client_second_ns = 1000000000;

/* A client. */
struct http_client {
	struct http_client_options options;	/* defaults filled in */
	struct http_request_field *fields;	/* the secret ones last */
	size_t public_fields;			/* those before them */
	struct http_client_host *hosts[HTTP_CLIENT_BUCKETS];
	struct reactor_list idle;	/* all idle connections, by age */
	size_t idle_count;
	uint64_t opened;		/* connections, so far */
	bool closed;			/* http_client_free was called */
	bool serving;			/* then its memory is still needed */
	struct reactor_tls_settings *tls;	/* NULL before the first use */
	char no_tls[REACTOR_TLS_WHY];	/* why there is none; "": it may be */
};

/* A scheme, host and port; exists while it has exchanges or connections. */
struct http_client_host {
	struct http_client *client;
	struct http_client_host *next;	/* in its bucket */
	/*
	 * Exchanges that wait.  The clock of those in `begun` is running, as
	 * they go on with a page or are repeated: all of them come before
	 * those in `queue`.
	 */
	struct reactor_list begun, queue;
	struct reactor_list working, idle;	/* connections */
	unsigned open;			/* how many in both */
	struct reactor_call serve;	/* hands out what waits */
	uint64_t hash;
	bool https;
	const struct http_proxy *proxy;	/* on the way there, or NULL */
	size_t len;
	char authority[];		/* host and port, as in the URL */
};

/* ---- the table of hosts ---- */

static void http_client_serve(struct reactor_call *);

/* FNV-1a over host and port, which URLs have in lower case. */
static uint64_t
http_client_hash(const char *at, size_t len, bool https)
{
	uint64_t h = UINT64_C(14695981039346656037) + https;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)at[i]) * UINT64_C(1099511628211);
	return h ^ h >> 32;
}

/* The host of a URL, made if there is none yet; NULL without memory. */
static struct http_client_host *
http_client_host_get(struct http_client *client, const struct http_url *url)
{
	size_t len;
	const char *at = http_url_authority(url, &len);
	uint64_t hash = http_client_hash(at, len, url->https);
	struct http_client_host **bucket =
	    &client->hosts[hash % HTTP_CLIENT_BUCKETS];
	struct http_client_host *h = *bucket;

	while (h != NULL && (h->hash != hash || h->len != len ||
	    h->https != url->https || memcmp(h->authority, at, len) != 0))
		h = h->next;
	if (h != NULL)
		return h;
	h = calloc(1, sizeof(*h) + len);
	if (h == NULL)
		return NULL;
	h->client = client;
	reactor_list_init(&h->begun);
	reactor_list_init(&h->queue);
	reactor_list_init(&h->working);
	reactor_list_init(&h->idle);
	reactor_call_init(&h->serve, http_client_serve);
	h->https = url->https;
	h->proxy = http_client_proxy(client, url);
	h->hash = hash;
	h->len = len;
	memcpy(h->authority, at, len);
	h->next = *bucket;
	*bucket = h;
	return h;
}

/* Takes a host out of the table and frees it. */
static void
http_client_host_free(struct http_client_host *h)
{
	struct http_client_host **at =
	    &h->client->hosts[h->hash % HTTP_CLIENT_BUCKETS];

	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	reactor_cancel_call(&h->serve);
	free(h);
}

/* Has the loop look at a host: what it waits for may be there. */
static void
http_client_wake(struct http_client_host *h)
{
	reactor_call_soon(h->client->options.reactor, &h->serve);
}

/* ---- TLS ---- */

/*
 * Makes the settings of TLS if there are none yet.  NULL, or why that cannot
 * be done: the answer is remembered, so that a thousand URLs do not look for
 * the library a thousand times; but that memory is out will pass.
 */
static const struct defer_failure *
http_client_need_tls(struct http_client *client)
{
	struct reactor_tls_options how;
	int error;

	if (client->tls != NULL)
		return NULL;
	if (client->no_tls[0] == '\0') {
		how = *client->options.tls;
		if (how.alpn == NULL)
			how.alpn = "http/1.1";
		error = reactor_tls_settings_new(&client->tls,
		    client->options.reactor, &how, client->no_tls);
		if (error == 0)
			return NULL;
		if (error == -ENOMEM) {
			client->no_tls[0] = '\0';
			return &defer_failure_no_memory;
		}
	}
	return defer_failure_new(&http_tls, "%s", client->no_tls);
}

/* ---- exchanges and connections meet ---- */

/* The exchange whose turn it is, left where it waits, or NULL. */
static struct http_exchange *
http_client_first(const struct http_client_host *h)
{
	const struct reactor_list *list =
	    reactor_list_is_empty(&h->begun) ? &h->queue : &h->begun;

	return reactor_list_is_empty(list) ? NULL : reactor_container_of(
	    list->next, struct http_exchange, link);
}

/* The idle connection that was used last, or NULL. */
static struct http_connection *
http_client_rested(const struct http_client_host *h)
{
	return reactor_list_is_empty(&h->idle) ? NULL : reactor_container_of(
	    h->idle.prev, struct http_connection, link);
}

/* The clock of an exchange starts when it gets a connection. */
static void
http_client_start_clock(struct http_client *client, struct http_exchange *e)
{
	uint64_t now = reactor_now_ns(client->options.reactor);

	reactor_cancel_timer(&e->overdue);
	if (e->deadline_ns == 0)
		e->deadline_ns = e->timeout_ns < UINT64_MAX - now ?
		    now + e->timeout_ns : UINT64_MAX;
}

/*
 * Sends an exchange on a connection that has none, and counts it among those
 * at work; on an error nothing changes.
 */
static int
http_client_give(struct http_connection *c, struct http_exchange *e)
{
	struct http_client_host *h = c->host;
	int error;

	http_client_start_clock(h->client, e);
	error = http_connection_send(c, e);
	if (error < 0 || reactor_list_is_empty(&c->age))
		return error;
	reactor_list_remove(&c->age);
	h->client->idle_count--;
	reactor_list_remove(&c->link);
	reactor_list_append(&h->working, &c->link);
	return 0;
}

/* ---- exchanges come ---- */

/* It has waited for a connection until its deadline. */
static void
http_client_overdue(struct reactor_timer *t)
{
	struct http_exchange *e = reactor_container_of(
	    t, struct http_exchange, overdue);

	http_client_cancel(e);
	http_exchange_time_out(e, false, http_exchange_phase(e));
}

/* Has an exchange wait, in front of this place in one of the lists. */
static void
http_client_wait(struct http_exchange *e, struct reactor_list *place)
{
	struct reactor *r = e->host->client->options.reactor;
	uint64_t now = reactor_now_ns(r), d = e->deadline_ns;

	http_client_wake(e->host);
	if (d != 0)
		reactor_call_later(r, &e->overdue, d > now ? d - now : 0,
		    http_client_overdue);
	reactor_list_append(place, &e->link);
}

/* What is sent for an exchange. */
static void
http_client_fill_request(const struct http_client *client,
    struct http_exchange *e)
{
	struct http_request *r = &e->request;

	*r = (struct http_request){
		.method = e->method, .method_len = strlen(e->method),
		.fields = client->fields,
		.field_count = e->strayed ? client->public_fields :
		    client->options.field_count,
		.extra = e->extra, .extra_count = e->extra_count,
		.has_body = e->has_body, .body_len = e->body_len,
		.absolute = e->host->proxy != NULL && !e->host->https,
	};
	r->target = http_url_target(e->url, &r->target_len);
	r->authority = http_url_authority(e->url, &r->authority_len);
}

/* An exchange comes to its host: 0 or an error. */
static int
http_client_arrive(struct http_client *client, struct http_exchange *e)
{
	struct http_client_host *h = http_client_host_get(client, e->url);
	struct http_connection *c;
	struct reactor_list *list;

	if (h == NULL)
		return -ENOMEM;
	e->host = h;
	http_client_fill_request(client, e);
	e->connection = NULL;
	e->first_ns = 0;
	e->number = 0;
	e->address[0] = '\0';
	e->reused = false;
	e->fresh = e->once;
	reactor_list_init(&e->link);
	list = e->deadline_ns != 0 ? &h->begun : &h->queue;
	c = http_client_rested(h);
	if (c != NULL && !e->fresh && http_client_first(h) == NULL &&
	    reactor_is_running(client->options.reactor))
		return http_client_give(c, e);
	http_client_wait(e, list);
	return 0;
}

const struct defer_failure *
http_client_submit(struct http_client *client, struct http_exchange *e)
{
	const struct defer_failure *f = NULL;
	int error;

	if (client->closed)
		return &deferred_was_cancelled;
	if (e->url->https)
		f = http_client_need_tls(client);
	if (f != NULL)
		return f;
	error = http_client_arrive(client, e);
	return error < 0 ? http_failure_of(error, "request") : NULL;
}

void
http_client_repeat(struct http_exchange *e)
{
	e->fresh = true;
	e->connection = NULL;
	e->address[0] = '\0';
	http_client_wait(e, e->host->begun.next);
}

void
http_client_cancel(struct http_exchange *e)
{
	reactor_list_remove(&e->link);
	reactor_cancel_timer(&e->overdue);
	if (e->connection != NULL)
		http_connection_abort(e->connection);
	else
		http_client_wake(e->host);
}

/* ---- connections come and go ---- */

void
http_client_add(struct http_client_host *h, struct http_connection *c)
{
	c->host = h;
	c->number = ++h->client->opened;
	h->open++;
	reactor_list_append(&h->working, &c->link);
	reactor_list_init(&c->age);
}

/* Closes the connection that has been idle longest. */
static void
http_client_close_oldest(struct http_client *client)
{
	http_connection_close(reactor_container_of(
	    client->idle.next, struct http_connection, age));
}

void
http_client_reuse(struct http_connection *c)
{
	struct http_client_host *h = c->host;
	struct http_client *client = h->client;
	struct http_exchange *e = http_client_first(h);

	if (e != NULL && !e->fresh && http_client_give(c, e) == 0) {
		reactor_list_remove(&e->link);
		return;
	}
	http_connection_rest(c);
	reactor_list_remove(&c->link);
	reactor_list_append(&h->idle, &c->link);
	reactor_list_append(&client->idle, &c->age);
	if (e != NULL)
		http_client_wake(h);
	if (++client->idle_count > client->options.max_idle)
		http_client_close_oldest(client);
}

void
http_client_forget(struct http_connection *c)
{
	struct http_client_host *h = c->host;

	if (!reactor_list_is_empty(&c->age)) {
		reactor_list_remove(&c->age);
		h->client->idle_count--;
	}
	reactor_list_remove(&c->link);
	h->open--;
	c->host = NULL;
	http_client_wake(h);
}

/* ---- a host's queue is served, by the loop ---- */

/* Makes room for a connection; false if there is none. */
static bool
http_client_make_room(struct http_client_host *h)
{
	if (h->open < h->client->options.per_host)
		return true;
	if (reactor_list_is_empty(&h->idle))
		return false;
	http_connection_abort(reactor_container_of(
	    h->idle.next, struct http_connection, link));
	return true;
}

/* Serves the first exchange; false if it has to wait. */
static bool
http_client_serve_one(struct http_client_host *h, struct http_exchange *e)
{
	struct http_connection *c = e->fresh ? NULL : http_client_rested(h);
	int error;

	if (c == NULL && !http_client_make_room(h))
		return false;
	reactor_list_remove(&e->link);
	if (c != NULL) {
		error = http_client_give(c, e);
	} else {
		http_client_start_clock(h->client, e);
		error = http_connection_open(h, &h->client->options,
		    h->https ? h->client->tls : NULL, h->proxy, e);
	}
	if (error < 0)
		e->ops->done(e, http_failure_of(error, "request"));
	return true;
}

static void
http_client_destroy(struct http_client *client)
{
	for (size_t i = 0; i < HTTP_CLIENT_BUCKETS; i++)
		while (client->hosts[i] != NULL)
			http_client_host_free(client->hosts[i]);
	reactor_tls_settings_free(client->tls);
	free(client->fields);
	free(client);
}

/* An exchange that is told of a failure in here may free the client. */
static void
http_client_serve(struct reactor_call *call)
{
	struct http_client_host *h = reactor_container_of(
	    call, struct http_client_host, serve);
	struct http_client *client = h->client;
	struct http_exchange *e;

	client->serving = true;
	while ((e = http_client_first(h)) != NULL &&
	    http_client_serve_one(h, e))
		;
	client->serving = false;
	if (client->closed)
		http_client_destroy(client);
	else if (h->open == 0 && http_client_first(h) == NULL)
		http_client_host_free(h);
}

/* ---- the client as a whole: the beginning ---- */

static void
http_client_defaults(struct http_client_options *o)
{
	if (o->per_host == 0)
		o->per_host = 6;
	if (o->max_idle == 0)
		o->max_idle = 128;
	if (o->max_head == 0)
		o->max_head = HTTP_HEAD_MAX;
	if (o->max_fields == 0)
		o->max_fields = HTTP_HEAD_FIELDS_MAX;
	if (o->connect_timeout_ns == 0)
		o->connect_timeout_ns = 10 * http_client_second_ns;
	if (o->idle_timeout_ns == 0)
		o->idle_timeout_ns = 60 * http_client_second_ns;
}

/* Whether a field is meant for one origin and must not reach another. */
static bool
http_client_is_secret(const struct http_request_field *f)
{
	static const char *const names[] = {
		"authorization", "cookie", "host", "proxy-authorization",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (f->name_len == strlen(names[i]) &&
		    http_head_equal(f->name, names[i], f->name_len))
			return true;
	return false;
}

/* Copies the fields, first those that may go anywhere, then the secret. */
static int
http_client_sort_fields(struct http_client *client)
{
	const struct http_client_options *o = &client->options;
	size_t n = 0;

	if (o->field_count == 0)
		return 0;
	client->fields = calloc(o->field_count, sizeof(client->fields[0]));
	if (client->fields == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < o->field_count; i++)
		if (!http_client_is_secret(&o->fields[i]))
			client->fields[n++] = o->fields[i];
	client->public_fields = n;
	for (size_t i = 0; i < o->field_count; i++)
		if (http_client_is_secret(&o->fields[i]))
			client->fields[n++] = o->fields[i];
	return 0;
}

int
http_client_new(struct http_client **client,
    const struct http_client_options *options)
{
	struct http_client *c;
	int error = http_request_check(options->fields, options->field_count);

	if (error < 0)
		return error;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return -ENOMEM;
	c->options = *options;
	http_client_defaults(&c->options);
	if (options->tls == NULL)
		snprintf(c->no_tls, sizeof(c->no_tls),
		    "https is not wanted: this client has no TLS options");
	reactor_list_init(&c->idle);
	error = http_client_sort_fields(c);
	if (error == 0)
		*client = c;
	else
		free(c);
	return error;
}

const struct http_request_field *
http_client_fields(const struct http_client *client, size_t *count,
    size_t *secret_count)
{
	*count = client->options.field_count;
	*secret_count = *count - client->public_fields;
	return client->fields;
}

const struct http_proxy *
http_client_proxy(const struct http_client *client, const struct http_url *u)
{
	return client->options.proxies == NULL ? NULL :
	    http_proxy_for(client->options.proxies, u);
}

uint64_t
http_client_now_ns(const struct http_client *client)
{
	return reactor_now_ns(client->options.reactor);
}

/* ---- the client as a whole: the end ---- */

void
http_client_close_idle(struct http_client *client)
{
	while (!reactor_list_is_empty(&client->idle))
		http_client_close_oldest(client);
}

/* Ends an exchange, wherever it is. */
static void
http_client_end(struct http_exchange *e)
{
	http_client_cancel(e);
	e->ops->done(e, &deferred_was_cancelled);
}

/* Ends all that a host has. */
static void
http_client_end_host(struct http_client_host *h)
{
	struct http_connection *c;
	struct http_exchange *e;

	while (!reactor_list_is_empty(&h->working)) {
		c = reactor_container_of(
		    h->working.next, struct http_connection, link);
		if (c->exchange != NULL)
			http_client_end(c->exchange);
		else
			http_connection_abort(c);
	}
	while ((e = http_client_first(h)) != NULL)
		http_client_end(e);
}

/* Exchanges that are told in here cannot start others: -ECANCELED. */
void
http_client_free(struct http_client *client)
{
	struct http_client_host *h;

	if (client == NULL)
		return;
	client->closed = true;
	http_client_close_idle(client);
	for (size_t i = 0; i < HTTP_CLIENT_BUCKETS; i++)
		for (h = client->hosts[i]; h != NULL; h = h->next)
			http_client_end_host(h);
	if (!client->serving)
		http_client_destroy(client);
}
