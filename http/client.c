/*
 * client.c - making a client; pool.c frees it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "pool.h"

#include "head.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t http_client_second = 1000000000;

static void
http_client_defaults(struct http_client_options *o)
{
	if (o->per_host == 0)
		o->per_host = 6;
	if (o->max_idle == 0)
		o->max_idle = 128;
	if (o->connect_timeout_ns == 0)
		o->connect_timeout_ns = 10 * http_client_second;
	if (o->idle_timeout_ns == 0)
		o->idle_timeout_ns = 60 * http_client_second;
}

/* Whether a field is meant for one origin and must not reach another. */
static bool
http_client_is_secret(const struct http_request_field *f)
{
	static const char *const names[] = {
		"authorization", "cookie", "host", "proxy-authorization",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (f->name_len == strlen(names[i]) &&
		    http_head_equal(f->name, names[i], f->name_len))
			return true;
	return false;
}

/* Copies the fields, first those that may go anywhere, then the secret. */
static int
http_client_sort_fields(struct http_client *c)
{
	const struct http_client_options *o = &c->options;
	size_t n = 0;

	if (o->field_count == 0)
		return 0;
	c->fields = calloc(o->field_count, sizeof(c->fields[0]));
	if (c->fields == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < o->field_count; i++)
		if (!http_client_is_secret(&o->fields[i]))
			c->fields[n++] = o->fields[i];
	c->public_fields = n;
	for (size_t i = 0; i < o->field_count; i++)
		if (http_client_is_secret(&o->fields[i]))
			c->fields[n++] = o->fields[i];
	return 0;
}

int
http_client_new(struct http_client **client,
    const struct http_client_options *options)
{
	struct http_client *c;
	int err = http_request_check(options->fields, options->field_count);

	if (err < 0)
		return err;
	c = calloc(1, sizeof(*c));
	if (c == NULL)
		return -ENOMEM;
	c->options = *options;
	http_client_defaults(&c->options);
	reactor_list_init(&c->idle);
	err = http_client_sort_fields(c);
	if (err == 0)
		*client = c;
	else
		free(c);
	return err;
}
