/*
 * connection_read.c - from the bytes of a connection to the head and body of
 * a response, and what follows from its end.
 *
 * Nothing is copied: the head is read in the receive buffer, and content is
 * passed on from there.  All that is at hand is read before the exchange is
 * told that it is done, so that the connection is free again by then.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "connection.h"

#include "http_failure.h"
#include "pool.h"

/* The response cannot be read: gives the connection up. */
static void
http_connection_read_fail(
    struct http_connection *c, const struct defer_failure *f)
{
	struct http_exchange *e = c->exchange;

	http_connection_abort(c);
	http_exchange_done(e, f);
}

/* ---- the head ---- */

/* A whole head stands at `at`; false if nothing more is to be read. */
static bool
http_connection_read_status(struct http_connection *c)
{
	const struct http_head *h = &c->head;
	const struct http_request *r = &c->exchange->request;
	enum http_body_framing framing;

	if (h->status == 101 || (h->status < 200 &&
	    ++c->interim > HTTP_CONNECTION_INTERIM)) {
		http_connection_read_fail(c,
		    defer_failure_new(&http_bad_response,
			h->status == 101 ? "switches protocols, unasked" :
					   "too many interim answers"));
		return false;
	}
	if (h->status < 200) {
		http_head_init(&c->head, HTTP_HEAD_RESPONSE);
		return true;
	}
	framing = http_head_framing(h, r->method, r->method_len);
	http_body_init(&c->body, framing, h->content_length);
	c->keep = http_head_persists(h, framing);
	c->drained = 0;
	c->state = HTTP_CONNECTION_BODY;
	if (c->exchange->ops->head(c->exchange, h) == HTTP_SINK_ENOUGH)
		c->enough = true;
	return true;
}

/*
 * Reads heads until that of the final answer is complete.  Returns the bytes
 * used; the state tells what has become of it.
 */
static size_t
http_connection_read_head(struct http_connection *c, const char *at,
    size_t len)
{
	size_t used = 0;

	c->state = HTTP_CONNECTION_HEAD;
	c->enough = false;
	while (c->state == HTTP_CONNECTION_HEAD && used < len) {
		int n = http_head_parse(&c->head, at + used, len - used);

		if (n == 0)
			return used;
		if (n < 0) {
			http_connection_read_fail(c,
			    http_failure_of(n, "head of the answer"));
			return len;
		}
		used += (size_t)n;
		if (!http_connection_read_status(c))
			return len;
	}
	return used;
}

/* ---- the body ---- */

/* The response is complete, with nothing behind it if `clean`. */
static void
http_connection_read_complete(struct http_connection *c, bool clean)
{
	struct http_exchange *e = c->exchange;

	c->exchange = NULL;
	c->reused = true;
	if (c->keep && clean)
		http_pool_release(c);
	else
		http_connection_close(c);
	http_exchange_done(e, NULL);
}

/*
 * Nobody wants the rest of the body, and it is not all here.  Reads it if it
 * is short, since a new connection costs more, else closes.
 */
static void
http_connection_read_drain(struct http_connection *c, bool readable)
{
	struct http_exchange *e = c->exchange;
	bool is_short = readable && c->keep &&
	    c->drained <= HTTP_CONNECTION_DRAIN &&
	    c->body.left <= HTTP_CONNECTION_DRAIN - c->drained;

	if (!is_short)
		http_connection_abort(c);
	else if (c->state != HTTP_CONNECTION_DRAINING)
		http_connection_drain(c);
	http_exchange_done(e, NULL);
}

static void
http_connection_read_body(struct http_connection *c, const char *at,
    size_t len)
{
	struct http_exchange *e = c->exchange;
	const char *piece;
	size_t piece_len;
	int event;

	for (;;) {
		event = http_body_next(&c->body, &at, &len, &piece, &piece_len);
		if (event != HTTP_BODY_DATA)
			break;
		if (c->enough)
			c->drained += piece_len;
		else if (e->ops->data(e, piece, piece_len) == HTTP_SINK_ENOUGH)
			c->enough = true;
	}
	if (event == HTTP_BODY_DONE)
		http_connection_read_complete(c, len == 0);
	else if (c->enough)
		http_connection_read_drain(c, event >= 0);
	else if (event < 0)
		http_connection_read_fail(c,
		    http_failure_of(event, "body of the answer"));
}

size_t
http_connection_read(struct protocol *p, const char *at, size_t len)
{
	struct http_connection *c = http_connection_of(p);
	size_t used = 0;

	switch (c->state) {
	case HTTP_CONNECTION_WAITING:
	case HTTP_CONNECTION_HEAD:
		used = http_connection_read_head(c, at, len);
		if (c->state != HTTP_CONNECTION_BODY)
			return used;
		break;
	case HTTP_CONNECTION_BODY:
	case HTTP_CONNECTION_DRAINING:
		break;
	case HTTP_CONNECTION_IDLE:
		/* An answer that nobody asked for would be the next one's. */
		http_connection_abort(c);
		return len;
	default:
		return len;
	}
	http_connection_read_body(c, at + used, len - used);
	return len;
}
