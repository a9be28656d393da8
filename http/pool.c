/*
 * pool.c - hosts, their queues and their connections.
 *
 *      pool --hash--> host --- queue: exchange, exchange, ...
 *                          --- working: connection, connection, ...
 *                          --- idle: connection, ... (last used last)
 *
 * A host exists while it has any of these.  Connections and exchanges point
 * to it, so it is forgotten in one place only, at the end of its turn of
 * http_pool_serve.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "pool.h"

#include "connection.h"
#include "http_failure.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

static struct http_connection *
http_pool_connection(struct reactor_list *link)
{
	return (struct http_connection *)
	    ((char *)link - offsetof(struct http_connection, link));
}

/* Has the loop look at a host: what it waits for may be there. */
static void
http_pool_wake(struct http_pool_host *h)
{
	reactor_call_soon(h->client->options.reactor, &h->serve);
}

/* ---- handing out ---- */

/* The first that waits, left in the queue, or NULL. */
static struct http_exchange *
http_pool_first(const struct http_pool_host *h)
{
	if (reactor_list_is_empty(&h->queue))
		return NULL;
	return (struct http_exchange *)((char *)h->queue.next -
	    offsetof(struct http_exchange, link));
}

/* The clock of an exchange starts when it gets a connection. */
static void
http_pool_start_clock(struct http_client *p, struct http_exchange *e)
{
	uint64_t now = reactor_now_ns(p->options.reactor);

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
http_pool_give(struct http_connection *c, struct http_exchange *e)
{
	struct http_pool_host *h = c->host;
	int err;

	http_pool_start_clock(h->client, e);
	err = http_connection_send(c, e);
	if (err < 0 || reactor_list_is_empty(&c->age))
		return err;
	reactor_list_remove(&c->age);
	h->client->idle_count--;
	reactor_list_remove(&c->link);
	reactor_list_append(&h->working, &c->link);
	return 0;
}

/* The idle connection that was used last, or NULL. */
static struct http_connection *
http_pool_rested(const struct http_pool_host *h)
{
	if (reactor_list_is_empty(&h->idle))
		return NULL;
	return http_pool_connection(h->idle.prev);
}

/* It has waited for a connection until its deadline. */
static void
http_pool_overdue(struct reactor_timer *t)
{
	struct http_exchange *e = (struct http_exchange *)
	    ((char *)t - offsetof(struct http_exchange, overdue));

	http_pool_cancel(e);
	e->ops->done(e, http_connection_overdue(e,
	    "waiting for a connection"));
}

/* Puts an exchange into the queue. */
static void
http_pool_wait(struct http_pool_host *h, struct http_exchange *e)
{
	struct reactor *r = h->client->options.reactor;
	uint64_t now = reactor_now_ns(r), d = e->deadline_ns;

	http_pool_wake(h);
	if (d != 0)
		reactor_call_later(r, &e->overdue, d > now ? d - now : 0,
		    http_pool_overdue);
	reactor_list_append(&h->queue, &e->link);
}

int
http_pool_submit(struct http_client *p, struct http_exchange *e)
{
	struct http_pool_host *h;
	struct http_connection *c;

	if (p->closed)
		return -ECANCELED;
	h = http_pool_host_get(p, e->url);
	if (h == NULL)
		return -ENOMEM;
	e->host = h;
	e->connection = NULL;
	e->fresh = false;
	reactor_list_init(&e->link);
	c = http_pool_rested(h);
	if (c != NULL && reactor_list_is_empty(&h->queue) &&
	    reactor_is_running(p->options.reactor))
		return http_pool_give(c, e);
	http_pool_wait(h, e);
	return 0;
}

/* Makes room for a connection, if an idle one can go for it. */
static bool
http_pool_make_room(struct http_pool_host *h)
{
	if (h->open < h->client->options.per_host)
		return true;
	if (reactor_list_is_empty(&h->idle))
		return false;
	http_connection_abort(http_pool_connection(h->idle.next));
	return true;
}

/* Serves the first exchange; false if it has to wait. */
static bool
http_pool_serve_one(struct http_pool_host *h, struct http_exchange *e)
{
	struct http_connection *c = e->fresh ? NULL : http_pool_rested(h);
	int err;

	if (c == NULL && !http_pool_make_room(h))
		return false;
	reactor_list_remove(&e->link);
	if (c != NULL) {
		err = http_pool_give(c, e);
	} else {
		http_pool_start_clock(h->client, e);
		err = http_connection_open(h, &h->client->options, e);
	}
	if (err < 0)
		e->ops->done(e, http_failure_of(err, "request"));
	return true;
}

static void
http_pool_destroy(struct http_client *p)
{
	for (size_t i = 0; i < HTTP_POOL_BUCKETS; i++)
		while (p->hosts[i] != NULL)
			http_pool_host_remove(p->hosts[i]);
	free(p->fields);
	free(p);
}

/* Whoever is told of a failure in here may free the client. */
void
http_pool_serve(struct reactor_call *call)
{
	struct http_pool_host *h = (struct http_pool_host *)
	    ((char *)call - offsetof(struct http_pool_host, serve));
	struct http_client *p = h->client;
	struct http_exchange *e;

	p->serving = true;
	while ((e = http_pool_first(h)) != NULL && http_pool_serve_one(h, e))
		;
	p->serving = false;
	if (p->closed)
		http_pool_destroy(p);
	else if (h->open == 0 && reactor_list_is_empty(&h->queue))
		http_pool_host_remove(h);
}

void
http_pool_cancel(struct http_exchange *e)
{
	reactor_list_remove(&e->link);
	reactor_cancel_timer(&e->overdue);
	if (e->connection != NULL)
		http_connection_abort(e->connection);
	else
		http_pool_wake(e->host);
}

void
http_pool_repeat(struct http_exchange *e)
{
	struct reactor_list *queue = &e->host->queue;

	e->fresh = true;
	e->connection = NULL;
	reactor_list_append(queue->next, &e->link);	/* before the first */
	http_pool_wake(e->host);
}

/* ---- what connections say ---- */

void
http_pool_add(struct http_pool_host *h, struct http_connection *c)
{
	c->host = h;
	h->open++;
	reactor_list_append(&h->working, &c->link);
	reactor_list_init(&c->age);
}

/* Closes the connection that has been idle longest. */
static void
http_pool_close_oldest(struct http_client *p)
{
	http_connection_close((struct http_connection *)((char *)
	    p->idle.next - offsetof(struct http_connection, age)));
}

void
http_pool_release(struct http_connection *c)
{
	struct http_pool_host *h = c->host;
	struct http_client *p = h->client;
	struct http_exchange *e = http_pool_first(h);

	if (e != NULL && !e->fresh && http_pool_give(c, e) == 0) {
		reactor_list_remove(&e->link);
		return;
	}
	http_connection_rest(c);
	reactor_list_remove(&c->link);
	reactor_list_append(&h->idle, &c->link);
	reactor_list_append(&p->idle, &c->age);
	if (e != NULL)
		http_pool_wake(h);
	if (++p->idle_count > p->options.max_idle)
		http_pool_close_oldest(p);
}

void
http_pool_remove(struct http_connection *c)
{
	struct http_pool_host *h = c->host;

	if (!reactor_list_is_empty(&c->age)) {
		reactor_list_remove(&c->age);
		h->client->idle_count--;
	}
	reactor_list_remove(&c->link);
	h->open--;
	c->host = NULL;
	http_pool_wake(h);
}

/* ---- the client as a whole ---- */

void
http_client_close_idle(struct http_client *p)
{
	while (!reactor_list_is_empty(&p->idle))
		http_pool_close_oldest(p);
}

/* Ends an exchange, wherever it is. */
static void
http_pool_end(struct http_exchange *e)
{
	http_pool_cancel(e);
	e->ops->done(e, &deferred_was_cancelled);
}

static void
http_pool_end_host(struct http_pool_host *h)
{
	struct http_connection *c;
	struct http_exchange *e;

	while (!reactor_list_is_empty(&h->working)) {
		c = http_pool_connection(h->working.next);
		if (c->exchange != NULL)
			http_pool_end(c->exchange);
		else
			http_connection_abort(c);
	}
	while ((e = http_pool_first(h)) != NULL)
		http_pool_end(e);
}

/* Whoever is told in here can start nothing more: see http_pool_submit. */
void
http_client_free(struct http_client *p)
{
	struct http_pool_host *h;

	if (p == NULL)
		return;
	p->closed = true;
	http_client_close_idle(p);
	for (size_t i = 0; i < HTTP_POOL_BUCKETS; i++)
		for (h = p->hosts[i]; h != NULL; h = h->next)
			http_pool_end_host(h);
	if (!p->serving)
		http_pool_destroy(p);
}
