/*
 * http_server.c - a port, a protocol that reads requests one by one, and
 * their answers.
 *
 *      head --> render ... answer --> content dropped --> head ...
 *
 * While a request waits for its answer, and while answers wait to be sent,
 * reading is paused: what a client sends ahead stays in its own kernel.
 *
 * The server's memory is used by its owner, its listener and each of its
 * connections; the last user frees it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http_server.h"

#include "../reactor/list.h"
#include "../reactor/listen.h"
#include "../reactor/tls.h"
#include "../reactor/transport.h"
#include "body.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	/*
	 * With more unsent bytes of answers no further request is read.  It
	 * is the high water mark of a transport: so write_resumed follows.
	 */
	HTTP_SERVER_UNSENT = 65536,
	/* Limits on the head of a request. */
	HTTP_SERVER_REQUEST = 65536,
	HTTP_SERVER_FIELDS = 200,
	/* Bytes of a request's content that are read to keep the connection. */
	HTTP_SERVER_DROP = 1048576,
	/* Room for the head of an answer; if it does not fit, a 500 is sent. */
	HTTP_SERVER_HEAD = 4096
};

/* A client that is silent for so long, and not waiting for us, is gone. */
static const uint64_t http_server_silence_ns = 60000000000;

/* A server. */
struct http_server {
	struct protocol_factory factory;
	struct reactor_listener *listener;	/* NULL once it has stopped */
	struct http_resource *root;
	struct reactor_tls_settings *tls;	/* NULL: plain HTTP */
	struct reactor_list connections;
	size_t users;			/* owner, listener, connections */
};

/* A client's connection: a request is read, answered, and the next read. */
struct http_server_connection {
	struct protocol protocol;
	struct reactor_list link;	/* among the server's */
	struct http_server *server;
	struct http_head head;
	struct http_body body;		/* of the request */
	uint64_t dropped;		/* bytes of the request's content */
	struct http_server_request request;
	struct http_resource *resource;	/* that answers */
	size_t wanted;			/* bytes of head and content to come
					   before it is asked; 0: no request */
	bool answering;			/* a request waits for its answer */
	bool in_body;			/* its content is not yet read */
	bool head_only;			/* HEAD */
	bool keep;			/* the request allows another */
	bool closing;			/* it was the last one */
};

/* ---- the flow of requests ---- */

/* Whether another request may be read. */
static bool
http_server_is_ready(const struct http_server_connection *c)
{
	return !c->answering &&
	    transport_unsent(c->protocol.transport) <= HTTP_SERVER_UNSENT;
}

/* Reads if another request may be read, else pauses. */
static void
http_server_flow(struct http_server_connection *c)
{
	if (http_server_is_ready(c))
		transport_resume_reading(c->protocol.transport);
	else
		transport_pause_reading(c->protocol.transport);
}

/* Prepares for the head of a request. */
static void
http_server_expect(struct http_server_connection *c)
{
	http_head_init(&c->head, HTTP_HEAD_REQUEST);
	c->head.max_len = HTTP_SERVER_REQUEST;
	c->head.max_fields = HTTP_SERVER_FIELDS;
}

/* Nothing more is read; what was answered is still sent. */
static void
http_server_close(struct http_server_connection *c)
{
	c->closing = true;
	transport_lose_connection(c->protocol.transport);
}

/* ---- answers ---- */

/* A head being written. */
struct http_server_text {
	size_t len;
	bool full;			/* there was more than fits */
	char at[HTTP_SERVER_HEAD];
};

/* The words that go with a status. */
static const char *
http_server_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} known[] = {
		{200, "OK"}, {204, "No Content"},
		{301, "Moved Permanently"}, {302, "Found"},
		{303, "See Other"}, {304, "Not Modified"},
		{307, "Temporary Redirect"}, {308, "Permanent Redirect"},
		{400, "Bad Request"}, {401, "Unauthorized"},
		{403, "Forbidden"}, {404, "Not Found"},
		{405, "Method Not Allowed"}, {411, "Length Required"},
		{413, "Content Too Large"},
		{429, "Too Many Requests"},
		{431, "Request Header Fields Too Large"},
		{500, "Internal Server Error"},
		{503, "Service Unavailable"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].status == status)
			return known[i].reason;
	return "Other";
}

static void
http_server_add(struct http_server_text *t, const char *at, size_t len)
{
	if (len > sizeof(t->at) - t->len || t->full) {
		t->full = true;
		return;
	}
	memcpy(t->at + t->len, at, len);
	t->len += len;
}

/* Adds a line of name and value; none of their bytes may end the line. */
static void
http_server_add_field(struct http_server_text *t, const char *name,
    size_t name_len, const char *value, size_t value_len)
{
	size_t begin = t->len;

	http_server_add(t, name, name_len);
	http_server_add(t, ": ", 2);
	http_server_add(t, value, value_len);
	for (size_t i = begin; i < t->len; i++)
		if ((unsigned char)t->at[i] < ' ' && t->at[i] != '\t')
			t->at[i] = ' ';
	http_server_add(t, "\r\n", 2);
}

static void
http_server_write_head(struct http_server_text *t,
    const struct http_server_answer *a, bool keep)
{
	int len = snprintf(t->at, sizeof(t->at), "HTTP/1.1 %d %s\r\n",
	    a->status, http_server_reason(a->status));
	char number[24];
	int digits = snprintf(number, sizeof(number), "%zu", a->len);

	t->len = (size_t)len;
	t->full = false;
	if (a->status != 204 && a->status != 304)
		http_server_add_field(t, "Content-Length", 14, number,
		    (size_t)digits);
	if (a->content_type != NULL)
		http_server_add_field(t, "Content-Type", 12, a->content_type,
		    strlen(a->content_type));
	for (size_t i = 0; i < a->field_count; i++)
		http_server_add_field(t, a->fields[i].name,
		    a->fields[i].name_len, a->fields[i].value,
		    a->fields[i].value_len);
	if (!keep)
		http_server_add_field(t, "Connection", 10, "close", 5);
	http_server_add(t, "\r\n", 2);
}

void
http_server_answer(struct http_server_request *r,
    const struct http_server_answer *a)
{
	struct http_server_connection *c = reactor_container_of(
	    r, struct http_server_connection, request);
	bool keep = c->keep && !a->close;
	bool bare = a->len == 0 || c->head_only || a->status == 204 ||
	    a->status == 304;
	struct http_server_text t;
	struct iovec pieces[2];

	http_server_write_head(&t, a, keep);
	if (t.full) {
		http_server_answer_status(r, 500);
		return;
	}
	pieces[0] = (struct iovec){t.at, t.len};
	pieces[1] = (struct iovec){(void *)(uintptr_t)a->body, a->len};
	transport_writev(c->protocol.transport, pieces, bare ? 1 : 2);
	c->answering = false;
	transport_set_timeout(c->protocol.transport, http_server_silence_ns);
	if (keep)
		http_server_flow(c);
	else
		http_server_close(c);
}

void
http_server_answer_status(struct http_server_request *r, int status)
{
	char text[64];
	int len = snprintf(text, sizeof(text), "%d %s\n", status,
	    http_server_reason(status));
	struct http_server_answer a = {
		.status = status, .content_type = "text/plain",
		.body = text, .len = (size_t)len,
	};

	http_server_answer(r, &a);
}

void
http_server_refuse(struct http_server_request *r)
{
	struct http_server_connection *c = reactor_container_of(
	    r, struct http_server_connection, request);

	c->answering = false;
	c->closing = true;
	transport_abort_connection(c->protocol.transport);
}

/* ---- a request ---- */

/* How many bytes of a target come before path and query: a whole URL may be
 * given, the absolute-form of RFC 9112, section 3.2.2. */
static size_t
http_server_origin_len(const char *at, size_t len)
{
	const size_t scheme = strlen("http://");
	size_t n = scheme;

	if (len < n || !http_head_equal(at, "http", 4) ||
	    memcmp(at + 4, "://", 3) != 0)
		return 0;
	while (n < len && at[n] != '/' && at[n] != '?')
		n++;
	return n > scheme ? n : 0;	/* without a host it is no URL */
}

/* Cuts the target into path and query: RFC 9112, section 3.2. */
static void
http_server_cut_target(struct http_server_connection *c)
{
	struct http_server_request *r = &c->request;
	const char *at = http_head_text(&c->head, c->head.target), *mark;
	const char *end = at + c->head.target.len;
	size_t origin = http_server_origin_len(at, c->head.target.len);

	at += origin;
	mark = memchr(at, '?', (size_t)(end - at));
	r->path = at;
	r->path_len = (size_t)((mark != NULL ? mark : end) - at);
	if (origin > 0 && r->path_len == 0) {
		r->path = "/";		/* "http://host" is its root */
		r->path_len = 1;
	}
	r->query = mark != NULL ? mark + 1 : "";
	r->query_len = mark != NULL ? (size_t)(end - mark) - 1 : 0;
}

/* Walks down the tree; NULL when the path leads nowhere. */
static struct http_resource *
http_server_find(const struct http_server_connection *c)
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

/*
 * A whole head of n bytes is here: finds who answers, and settles how much of
 * the content must be there before.  When that is there, the head is read once
 * more: it may have moved.
 */
static void
http_server_begin(struct http_server_connection *c, size_t n)
{
	enum http_body_framing framing = http_head_framing(&c->head, NULL, 0);
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	uint64_t len = c->head.content_length;

	c->request = (struct http_server_request){.head = &c->head};
	http_server_cut_target(c);
	c->resource = http_server_find(c);
	if (c->wanted > 0)
		return;			/* it has begun before */
	c->wanted = n;
	if (c->resource != NULL && framing == HTTP_BODY_LENGTH &&
	    len <= c->resource->ops->content_max &&
	    len <= HTTP_SERVER_CONTENT_MAX)
		c->wanted += (size_t)len;
	if (c->wanted > HTTP_SERVER_REQUEST)
		transport_set_leftover_limit(c->protocol.transport,
		    c->wanted);
	/* HTTP/1.0 has no interim answers: RFC 9110, section 15.2. */
	if (c->head.expect_continue && c->head.minor > 0 &&
	    framing != HTTP_BODY_NONE)
		transport_write(c->protocol.transport, go_on,
		    sizeof(go_on) - 1);
}

/* The status that refuses a request's content, or 0. */
static int
http_server_refusal(const struct http_server_connection *c,
    enum http_body_framing framing)
{
	size_t most = c->resource->ops->content_max;

	if (most == 0 || framing == HTTP_BODY_NONE)
		return 0;
	if (framing != HTTP_BODY_LENGTH)
		return 411;
	return c->head.content_length > most ? 413 : 0;
}

/* Head and wanted content stand at `at`: has the request answered. */
static void
http_server_request(struct http_server_connection *c, const char *at)
{
	const char *method = http_head_text(&c->head, c->head.method);
	size_t len = c->head.method.len;
	enum http_body_framing framing = http_head_framing(&c->head, NULL, 0);
	int refusal = 0;

	http_body_init(&c->body, framing, c->head.content_length);
	c->keep = c->head.minor > 0 && http_head_persists(&c->head, framing);
	c->in_body = true;
	c->dropped = 0;
	c->answering = true;
	c->head_only = len == 4 && memcmp(method, "HEAD", 4) == 0;
	c->request.content = at + c->head.len;
	c->request.content_len = c->wanted - c->head.len;
	c->wanted = 0;
	if (c->resource != NULL)
		refusal = http_server_refusal(c, framing);
	if (c->resource == NULL || refusal != 0)
		http_server_answer_status(&c->request,
		    refusal != 0 ? refusal : 404);
	else
		c->resource->ops->render(c->resource, &c->request);
	if (c->answering)
		/* It is the client who waits now, for as long as it likes. */
		transport_set_timeout(c->protocol.transport, 0);
}

/* A head that cannot be read: says so, and closes. */
static void
http_server_reject(struct http_server_connection *c, int error)
{
	bool large = error == HTTP_HEAD_E_LARGE || error == HTTP_HEAD_E_FIELDS;

	c->request = (struct http_server_request){.head = &c->head};
	c->answering = true;
	c->resource = NULL;
	c->head_only = c->keep = false;
	http_server_answer_status(&c->request, large ? 431 : 400);
}

/* Passes over the request's content; false while there is more to come. */
static bool
http_server_drop(struct http_server_connection *c, const char **at,
    size_t *len)
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
		http_server_close(c);
	c->in_body = event != HTTP_BODY_DONE;
	if (!c->in_body)
		http_server_expect(c);
	return !c->in_body;
}

/* ---- the connection as a protocol ---- */

static void
http_server_connection_made(struct protocol *p)
{
	transport_set_timeout(p->transport, http_server_silence_ns);
}

static size_t
http_server_data_received(struct protocol *p, const char *at, size_t len)
{
	struct http_server_connection *c = reactor_container_of(
	    p, struct http_server_connection, protocol);
	size_t shown = len;

	while (len > 0 && !c->closing && http_server_is_ready(c)) {
		int n;

		if (c->in_body && !http_server_drop(c, &at, &len))
			break;
		if (c->wanted > len)
			break;
		if (c->wanted > 0)
			http_server_expect(c);	/* shown again, elsewhere */
		n = http_head_parse(&c->head, at, len);
		if (n == 0)
			break;
		if (n < 0) {
			http_server_reject(c, n);
			break;
		}
		http_server_begin(c, (size_t)n);
		if (c->wanted > len)
			break;
		http_server_request(c, at);
		at += n;
		len -= (size_t)n;
	}
	if (c->answering)
		http_server_flow(c);
	return c->closing ? shown : shown - len;
}

static void
http_server_write_resumed(struct protocol *p)
{
	http_server_flow(reactor_container_of(
	    p, struct http_server_connection, protocol));
}

/* One user of the server's memory less. */
static void
http_server_leave(struct http_server *s)
{
	if (--s->users == 0)
		free(s);
}

static void
http_server_connection_lost(struct protocol *p, int reason)
{
	struct http_server_connection *c = reactor_container_of(
	    p, struct http_server_connection, protocol);
	struct http_server *s = c->server;

	(void)reason;
	reactor_list_remove(&c->link);
	if (c->answering && c->resource->ops->gone != NULL)
		c->resource->ops->gone(c->resource, &c->request);
	free(c);
	http_server_leave(s);
}

static const struct protocol_ops http_server_connection_ops = {
	.connection_made = http_server_connection_made,
	.data_received = http_server_data_received,
	.connection_lost = http_server_connection_lost,
	.write_resumed = http_server_write_resumed,
};

/* ---- the port ---- */

static struct protocol *
http_server_build_protocol(
    struct protocol_factory *f, const struct reactor_address *from)
{
	struct http_server *s = reactor_container_of(
	    f, struct http_server, factory);
	struct http_server_connection *c = calloc(1, sizeof(*c));
	const struct reactor_tls_peer anybody = { .host = NULL };
	struct protocol *p;

	(void)from;
	if (c == NULL)
		return NULL;
	p = &c->protocol;
	p->ops = &http_server_connection_ops;
	if (s->tls != NULL)
		p = reactor_tls_wrap(s->tls, &anybody, p);
	if (p == NULL) {
		free(c);
		return NULL;
	}
	c->server = s;
	http_server_expect(c);
	reactor_list_append(&s->connections, &c->link);
	s->users++;
	return p;
}

static void
http_server_stopped(struct protocol_factory *f)
{
	struct http_server *s = reactor_container_of(
	    f, struct http_server, factory);

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
	int error;

	if (s == NULL)
		return -ENOMEM;
	s->factory.ops = &http_server_factory_ops;
	s->root = root;
	s->users = 2;		/* the listener, and who made it */
	reactor_list_init(&s->connections);
	error = reactor_listen(reactor, at, NULL, &s->factory, &s->listener);
	if (error < 0) {
		free(s);
		return error;
	}
	*server = s;
	return 0;
}

void
http_server_use_tls(struct http_server *s, struct reactor_tls_settings *tls)
{
	s->tls = tls;
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
	while ((link = reactor_list_take_first(&all)) != NULL)
		transport_abort_connection(reactor_container_of(link,
		    struct http_server_connection, link)->protocol.transport);
	if (s->listener != NULL)
		reactor_listener_stop(s->listener);
	http_server_leave(s);
}
