/*
 * http_server.c - a web server of fifteen lines, and a client that asks it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http/http_server.h"

#include <string.h>

#include "reactor/connect.h"
#include "reactor/reactor.h"
#include "reactor/transport.h"

static struct reactor *loop;
static int greeted;

/* The page of the only resource, the root of the tree. */
static void
hello_render(struct http_resource *self, struct http_server_request *request)
{
	struct http_server_answer answer;

	(void)self;
	memset(&answer, 0, sizeof(answer));
	answer.status = 200;
	answer.content_type = "text/plain";
	answer.body = "hello\n";
	answer.len = 6;
	http_server_answer(request, &answer);
}

static const struct http_resource_ops hello_ops = { .render = hello_render };

/* The client asks, waits for the last line of the answer, and stops all. */
static void
client_made(struct protocol *p)
{
	static const char question[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

	transport_write(p->transport, question, sizeof(question) - 1);
}

static size_t
client_received(struct protocol *p, const char *at, size_t len)
{
	greeted = len > 6 && memcmp(at + len - 6, "hello\n", 6) == 0;
	if (greeted)
		transport_lose_connection(p->transport);
	return greeted ? len : 0;	/* what is not used is shown again */
}

static void
client_lost(struct protocol *p, int reason)
{
	(void)p;
	(void)reason;
	reactor_stop(loop);
}

int
main(void)
{
	struct http_resource root = { &hello_ops };
	struct http_server *server;
	struct reactor_address at;
	struct protocol_ops ops;
	struct protocol client = { &ops, NULL };

	memset(&ops, 0, sizeof(ops));
	ops.connection_made = client_made;
	ops.data_received = client_received;
	ops.connection_lost = client_lost;
	if (reactor_new(&loop, NULL) != 0 ||
	    reactor_address_parse(&at, "127.0.0.1", 9, 0) != 0 ||
	    http_server_new(&server, loop, &at, &root) != 0 ||
	    http_server_address(server, &at) != 0 ||
	    reactor_connect(loop, &at, NULL, &client) != 0 ||
	    reactor_run(loop) != 0)
		return 1;
	http_server_free(server);
	reactor_free(loop);
	return greeted ? 0 : 1;
}
