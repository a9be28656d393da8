/*
 * server_private.h - what the files of the server share.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_SERVER_PRIVATE_H
#define HTTP_SERVER_PRIVATE_H

#include "../reactor/list.h"
#include "../reactor/listen.h"
#include "../reactor/transport.h"
#include "body.h"
#include "http_server.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The server's state. */
struct http_server {
	struct protocol_factory factory;
	struct reactor_listener *listener;	/* NULL once it has stopped */
	struct http_resource *root;
	struct reactor_list connections;
	size_t users;			/* owner, listener, connections */
};

/* A client's connection: a request is read, answered, and the next read. */
struct http_server_connection {
	struct protocol protocol;
	struct reactor_list link;		/* among the server's */
	struct http_server *server;
	struct http_head head;
	struct http_body body;		/* of the request */
	uint64_t dropped;		/* of the request's content */
	struct http_server_request request;
	struct http_resource *resource;	/* that answers */
	bool answering;			/* a request waits for its answer */
	bool in_body;			/* its content is not yet read */
	bool head_only;			/* HEAD */
	bool keep;			/* the request allows another */
	bool closing;			/* it was the last one */
};

/* The answer was written: reads on, or closes. */
void http_server_connection_answered(struct http_server_connection *,
    bool keep);

#ifdef __cplusplus
}
#endif

#endif
