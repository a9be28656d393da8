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

struct http_pool;

/* It exists while it has exchanges or connections. */
struct http_pool_host {
	struct http_pool *pool;
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

/* A table of hosts. */
struct http_pool_table {
	struct http_pool_host **buckets;
	size_t size;			/* a power of two */
	size_t count;			/* of hosts */
};

/* Makes an empty table; 0 or -ENOMEM. */
int http_pool_table_init(struct http_pool_table *);

/* The host of a URL, or NULL. */
struct http_pool_host *http_pool_host_find(const struct http_pool_table *,
    const struct http_url *);

/* Adds that of a URL, which is not there; NULL without memory. */
struct http_pool_host *http_pool_host_add(struct http_pool_table *,
    const struct http_url *);

/* Takes a host out and frees it. */
void http_pool_host_remove(struct http_pool_table *, struct http_pool_host *);

/* Frees the table and every host in it. */
void http_pool_table_free(struct http_pool_table *);

#endif
