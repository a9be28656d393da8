/*
 * server.c - the port: the factory that makes connections, and their list.
 *
 * The server's memory has one user in the listener and one in each
 * connection; the last to leave frees it.
 */
#include "server.h"

#include "../reactor/listen.h"
#include "server_connection.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

static struct http_server *
http_server_of(struct factory *f)
{
	return (struct http_server *)
	    ((char *)f - offsetof(struct http_server, factory));
}

void
http_server_leave(struct http_server *s)
{
	if (--s->users == 0)
		free(s);
}

static struct protocol *
http_server_build_protocol(struct factory *f, const struct address *from)
{
	(void)from;
	return http_server_connection_new(http_server_of(f));
}

static void
http_server_stopped(struct factory *f)
{
	struct http_server *s = http_server_of(f);

	s->listener = NULL;
	http_server_leave(s);
}

static const struct factory_ops http_server_factory_ops = {
	.build_protocol = http_server_build_protocol,
	.stopped = http_server_stopped,
};

int
http_server_new(struct http_server **server, struct reactor *reactor,
    const struct address *at, struct http_resource *root)
{
	struct http_server *s = calloc(1, sizeof(*s));
	int err;

	if (s == NULL)
		return -ENOMEM;
	s->factory.ops = &http_server_factory_ops;
	s->root = root;
	s->users = 1;
	list_init(&s->connections);
	err = reactor_listen(reactor, at, NULL, &s->factory, &s->listener);
	if (err < 0) {
		free(s);
		return err;
	}
	*server = s;
	return 0;
}

int
http_server_address(struct http_server *s, struct address *at)
{
	return s->listener != NULL ? listener_address(s->listener, at) :
	    -EBADF;
}

void
http_server_free(struct http_server *s)
{
	struct list all, *link;

	if (s == NULL)
		return;
	list_move(&s->connections, &all);
	while ((link = list_take_first(&all)) != NULL)
		http_server_connection_abort(link);
	if (s->listener != NULL)
		listener_stop(s->listener);
}
