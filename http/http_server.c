/*
 * server.c - a port, and a protocol that reads requests one by one.
 *
 *      head --> render ... answer --> content dropped --> head ...
 *
 * While a request waits for its answer, and while answers wait to be sent,
 * reading is paused: what a client sends ahead stays in its own kernel.
 *
 * The server's memory has one user in the listener and one in each
 * connection; the last to leave frees it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http_server_private.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/*
 * With more unsent bytes of answers no further request is read.  It is the
 * high water mark of a transport: so write_resumed follows.
 */
enum { HTTP_SERVER_UNSENT = 65536 };

/* Content of a request that is read to keep the connection. */
enum { HTTP_SERVER_DROP = 1048576 };

/* A client silent for so long is gone. */
static const uint64_t http_server_silence_ns = 60000000000;

static struct http_server_connection *
http_server_connection_of(struct protocol *p)
{
	return (struct http_server_connection *)
	    ((char *)p - offsetof(struct http_server_connection, protocol));
}

static void
http_server_connection_made(struct protocol *p)
{
	transport_set_timeout(p->transport, http_server_silence_ns);
}

/* Reads if there is somebody to read for. */
static void
http_server_connection_flow(struct http_server_connection *c)
{
	struct transport *t = c->protocol.transport;

	if (c->answering || transport_unsent(t) > HTTP_SERVER_UNSENT)
		transport_pause_reading(t);
	else
		transport_resume_reading(t);
}

/* Walks down the tree; NULL when the path leads nowhere. */
static struct http_resource *
http_server_connection_find(const struct http_server_connection *c)
{
	const char *at = c->request.path, *end = at + c->request.path_len;
	struct http_resource *r = c->server->root;

	if (at == end || *at != '/')
		return NULL;
	for (at++; r != NULL && at < end; at++) {
		const char *slash = memchr(at, '/', (size_t)(end - at));
		size_t len = (size_t)((slash != NULL ? slash : end) - at);

		if (r->ops->child == NULL)
			return NULL;
		r = r->ops->child(r, at, len);
		at += len;
	}
	return r;
}

/* Cuts the target into path and query: RFC 9112, section 3.2. */
static void
http_server_connection_target(struct http_server_connection *c)
{
	struct http_server_request *r = &c->request;
	const char *at = http_head_text(&c->head, c->head.target), *mark;
	size_t len = c->head.target.len;

	if (len > 7 && memcmp(at, "http://", 7) == 0) {
		mark = memchr(at + 7, '/', len - 7);	/* absolute-form */
		len = mark != NULL ? len - (size_t)(mark - at) : 0;
		at = mark;
	}
	mark = len > 0 ? memchr(at, '?', len) : NULL;
	r->path = at;
	r->path_len = mark != NULL ? (size_t)(mark - at) : len;
	r->query = mark != NULL ? mark + 1 : "";
	r->query_len = mark != NULL ? len - r->path_len - 1 : 0;
}

/* A whole head is here: has it answered. */
static void
http_server_connection_request(struct http_server_connection *c)
{
	const char *method = http_head_text(&c->head, c->head.method);
	size_t len = c->head.method.len;
	enum http_body_framing framing = http_head_framing(&c->head, NULL, 0);
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

	http_body_init(&c->body, framing, c->head.content_length);
	c->keep = c->head.minor > 0 && http_head_persists(&c->head, framing);
	c->in_body = true;
	c->dropped = 0;
	c->answering = true;
	c->head_only = len == 4 && memcmp(method, "HEAD", 4) == 0;
	c->request = (struct http_server_request){.head = &c->head};
	http_server_connection_target(c);
	if (c->head.expect_continue && framing != HTTP_BODY_NONE)
		transport_write(c->protocol.transport, go_on,
		    sizeof(go_on) - 1);
	c->resource = http_server_connection_find(c);
	if (c->resource != NULL)
		c->resource->ops->render(c->resource, &c->request);
	else
		http_server_answer_status(&c->request, 404);
}

/* A head that cannot be read: says so, and closes. */
static void
http_server_connection_reject(struct http_server_connection *c, int error)
{
	bool large = error == HTTP_HEAD_E_LARGE || error == HTTP_HEAD_E_FIELDS;

	c->request = (struct http_server_request){.head = &c->head};
	c->answering = true;
	c->resource = NULL;
	c->head_only = c->keep = false;
	http_server_answer_status(&c->request, large ? 431 : 400);
}

/* Nothing more is read; what was answered is still sent. */
static void
http_server_connection_close(struct http_server_connection *c)
{
	c->closing = true;
	transport_lose_connection(c->protocol.transport);
}

/* Passes over the request's content; false while there is more to come. */
static bool
http_server_connection_drop(struct http_server_connection *c,
    const char **at, size_t *len)
{
	const char *piece;
	size_t piece_len;
	int event;

	do {
		event = http_body_next(&c->body, at, len, &piece, &piece_len);
		if (event == HTTP_BODY_DATA)
			c->dropped += piece_len;
	} while (event == HTTP_BODY_DATA && c->dropped <= HTTP_SERVER_DROP);
	if (event < 0 || event == HTTP_BODY_DATA)
		http_server_connection_close(c);
	c->in_body = event != HTTP_BODY_DONE;
	if (!c->in_body)
		http_head_init(&c->head, HTTP_HEAD_REQUEST);
	return !c->in_body;
}

static size_t
http_server_connection_data_received(struct protocol *p, const char *at,
    size_t len)
{
	struct http_server_connection *c = http_server_connection_of(p);
	size_t shown = len;
	int n;

	while (len > 0 && !c->answering && !c->closing &&
	    transport_unsent(p->transport) <= HTTP_SERVER_UNSENT) {
		if (c->in_body && !http_server_connection_drop(c, &at, &len))
			break;
		n = http_head_parse(&c->head, at, len);
		if (n == 0)
			break;
		if (n < 0) {
			http_server_connection_reject(c, n);
			break;
		}
		http_server_connection_request(c);
		at += n;
		len -= (size_t)n;
	}
	if (c->answering)
		http_server_connection_flow(c);
	return c->closing ? shown : shown - len;
}

static void
http_server_leave(struct http_server *s)
{
	if (--s->users == 0)
		free(s);
}

static void
http_server_connection_lost(struct protocol *p, int reason)
{
	struct http_server_connection *c = http_server_connection_of(p);
	struct http_server *s = c->server;

	(void)reason;
	reactor_list_remove(&c->link);
	if (c->answering && c->resource->ops->gone != NULL)
		c->resource->ops->gone(c->resource, &c->request);
	free(c);
	http_server_leave(s);
}

static void
http_server_connection_write_resumed(struct protocol *p)
{
	http_server_connection_flow(http_server_connection_of(p));
}

static const struct protocol_ops http_server_connection_ops = {
	.connection_made = http_server_connection_made,
	.data_received = http_server_connection_data_received,
	.connection_lost = http_server_connection_lost,
	.write_resumed = http_server_connection_write_resumed,
};

void
http_server_connection_answered(struct http_server_connection *c, bool keep)
{
	c->answering = false;
	if (!keep)
		http_server_connection_close(c);
	else
		http_server_connection_flow(c);
}

/* ---- the port ---- */

static struct http_server *
http_server_of(struct protocol_factory *f)
{
	return (struct http_server *)
	    ((char *)f - offsetof(struct http_server, factory));
}

static struct protocol *
http_server_build_protocol(
    struct protocol_factory *f, const struct reactor_address *from)
{
	struct http_server *s = http_server_of(f);
	struct http_server_connection *c = calloc(1, sizeof(*c));

	(void)from;
	if (c == NULL)
		return NULL;
	c->protocol.ops = &http_server_connection_ops;
	c->server = s;
	http_head_init(&c->head, HTTP_HEAD_REQUEST);
	reactor_list_append(&s->connections, &c->link);
	s->users++;
	return &c->protocol;
}

static void
http_server_stopped(struct protocol_factory *f)
{
	struct http_server *s = http_server_of(f);

	s->listener = NULL;
	http_server_leave(s);
}

static const struct protocol_factory_ops http_server_factory_ops = {
	.build_protocol = http_server_build_protocol,
	.stopped = http_server_stopped,
};

int
http_server_new(struct http_server **server, struct reactor *reactor,
    const struct reactor_address *at, struct http_resource *root)
{
	struct http_server *s = calloc(1, sizeof(*s));
	int err;

	if (s == NULL)
		return -ENOMEM;
	s->factory.ops = &http_server_factory_ops;
	s->root = root;
	s->users = 2;		/* the listener, and who made it */
	reactor_list_init(&s->connections);
	err = reactor_listen(reactor, at, NULL, &s->factory, &s->listener);
	if (err < 0) {
		free(s);
		return err;
	}
	*server = s;
	return 0;
}

int
http_server_address(struct http_server *s, struct reactor_address *at)
{
	return s->listener != NULL ? reactor_listener_address(s->listener, at) :
	    -EBADF;
}

void
http_server_free(struct http_server *s)
{
	struct reactor_list all, *link;

	if (s == NULL)
		return;
	reactor_list_move(&s->connections, &all);
	while ((link = reactor_list_take_first(&all)) != NULL) {
		struct http_server_connection *c =
		    (struct http_server_connection *)((char *)link -
		    offsetof(struct http_server_connection, link));

		transport_abort_connection(c->protocol.transport);
	}
	if (s->listener != NULL)
		reactor_listener_stop(s->listener);
	http_server_leave(s);
}
