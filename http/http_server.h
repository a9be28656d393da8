/*
 * http_server.h - an HTTP/1.1 server: a tree of resources behind a port.
 *
 *      GET /planets/earth     root --child("planets")--> x
 *                             x --child("earth")--> y      y->render
 *
 * A connection stays open for further requests, which a client may send
 * before the first is answered; requests are read as strictly as RFC 9112
 * allows.  An answer may come later than the request: the resource keeps the
 * request until it has the answer.
 *
 * It is a small server, for demonstrations, tests and measurements: a
 * request's content is read and dropped, unless the resource wants it.
 *
 * Copy: http_server.h http_server.c head.h head.c body.h body.c request.h
 *     request.c ALL(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../reactor/address.h"
#include "head.h"
#include "request.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What content_max can be. */
enum { HTTP_SERVER_CONTENT_MAX = 1048576 };

struct http_resource;
struct http_server;
struct reactor;
struct reactor_tls_settings;

/* A request; it is the server's, and is gone when it is answered. */
struct http_server_request {
	/* While `render` runs: the head; later these must not be read. */
	const struct http_head *head;
	const char *path, *query;	/* query without its mark */
	size_t path_len, query_len;
	const char *content;		/* if the resource wants it */
	size_t content_len;
	/* For the resource, as long as the request is there. */
	void *ctx;
};

/* An answer; everything in it is borrowed during the call. */
struct http_server_answer {
	int status;			/* 200 to 599 */
	const char *content_type;	/* NULL: no such field */
	/* Further fields; framing is not theirs to decide. */
	const struct http_request_field *fields;
	size_t field_count;
	const void *body;
	size_t len;
	bool close;			/* close the connection afterwards */
};

/* What a resource does. */
struct http_resource_ops {
	/*
	 * The resource below this one that has this name: the next segment
	 * of the path, as it was sent, without slashes.  NULL: there is
	 * none, 404.  The function may be NULL if there never is one.
	 */
	struct http_resource *(*child)(struct http_resource *,
	    const char *name, size_t len);

	/* Answers, now or later, by http_server_answer, exactly once. */
	void (*render)(struct http_resource *, struct http_server_request *);

	/*
	 * The client has gone: the request is no more and must not be
	 * answered.  NULL if render always answers at once.
	 */
	void (*gone)(struct http_resource *, struct http_server_request *);

	/*
	 * The most bytes of content that it wants to be shown, at most
	 * HTTP_SERVER_CONTENT_MAX: then `render` comes when all of it is
	 * there.  More is answered by 413, content in chunks by 411.  0: none.
	 */
	size_t content_max;
};

/* What a user's struct embeds. */
struct http_resource {
	const struct http_resource_ops *ops;
};

/*
 * Listens at an address; port 0 for any free one.  The root answers for "/"
 * and stays until the server is freed.  Errors are those of reactor_listen,
 * and -ENOMEM.
 */
int http_server_new(struct http_server **, struct reactor *,
    const struct reactor_address *at, struct http_resource *root);

/*
 * Speaks https from now on, with a server's settings (reactor/tls_settings.h),
 * which stay until the server is freed.  What is connected already goes on
 * without TLS.
 */
void http_server_use_tls(struct http_server *, struct reactor_tls_settings *);

/* The address it listens at, with its real port: 0 or a negative errno. */
int http_server_address(struct http_server *, struct reactor_address *);

/*
 * Closes the port and resets what is connected; `gone` is called from the
 * loop, which also frees the memory.  NULL is allowed.
 */
void http_server_free(struct http_server *);

/* Answers a request.  Without memory the connection is reset. */
void http_server_answer(struct http_server_request *,
    const struct http_server_answer *);

/* Answers with a status and its name as text. */
void http_server_answer_status(struct http_server_request *, int status);

/* Resets the connection instead of an answer. */
void http_server_refuse(struct http_server_request *);

#ifdef __cplusplus
}
#endif

#endif
