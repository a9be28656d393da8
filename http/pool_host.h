/*
 * pool_host.h - one scheme, host and port of the pool, and the hash table
 * in which it is found.
 */
#ifndef HTTP_POOL_HOST_H
#define HTTP_POOL_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../reactor/list.h"
#include "../reactor/reactor.h"
#include "url.h"

struct http_client;

/* It exists while it has exchanges or connections. */
struct http_pool_host {
	struct http_client *client;
	struct http_pool_host *next;	/* in its bucket */
	struct list queue;		/* exchanges that wait */
	struct list working, idle;	/* connections */
	unsigned open;			/* how many in both */
	struct reactor_call serve;	/* the pool's */
	uint64_t hash;
	bool https;
	size_t len;
	char authority[];		/* host and port, as in the URL */
};

/* Buckets: for the hosts in use at a time, not all that were ever asked. */
enum { HTTP_POOL_BUCKETS = 4096 };

/* A table of hosts; all zero is an empty one. */
struct http_pool_table {
	struct http_pool_host *buckets[HTTP_POOL_BUCKETS];
};

/*
 * The host of a URL.  If it is not there it is added, with `client` NULL and
 * `serve` not yet initialized; NULL without memory.
 */
struct http_pool_host *http_pool_host_get(struct http_pool_table *,
    const struct http_url *);

/* Takes a host out and frees it. */
void http_pool_host_remove(struct http_pool_table *, struct http_pool_host *);

#endif
