/*
 * hop.c - the fields of a request that depend on where it goes.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "hop.h"

#include "credentials.h"
#include "head.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- methods ---- */

static bool
http_hop_is(const struct http_hop *hop, const char *method)
{
	return strcmp(hop->method, method) == 0;
}

bool
http_hop_is_repeatable(const struct http_hop *hop)
{
	static const char *const methods[] = {
		"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE",
	};

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (http_hop_is(hop, methods[i]))
			return true;
	return false;
}

/* A method that means content has a length, even if that is 0. */
static bool
http_hop_needs_length(const struct http_hop *hop)
{
	return hop->body != NULL || http_hop_is(hop, "POST") ||
	    http_hop_is(hop, "PUT") || http_hop_is(hop, "PATCH");
}

void
http_hop_redirect(struct http_hop *hop, int status,
    const struct http_url *from, const struct http_url *to)
{
	bool is_get = (status == 303 && !http_hop_is(hop, "HEAD")) ||
	    ((status == 301 || status == 302) && http_hop_is(hop, "POST"));

	if (is_get) {
		hop->method = "GET";
		hop->body = NULL;
		hop->body_len = 0;
	}
	if (!http_url_same_origin(from, to))
		hop->strayed = true;
}

/* ---- fields ---- */

/* The user's own field of that name, if it goes out with this request. */
static const struct http_request_field *
http_hop_own(const struct http_hop *hop, const char *lower)
{
	size_t count = hop->field_count -
	    (hop->strayed ? hop->secret_count : 0), len = strlen(lower);

	for (size_t i = 0; i < count; i++)
		if (hop->fields[i].name_len == len &&
		    http_head_equal(hop->fields[i].name, lower, len))
			return &hop->fields[i];
	return NULL;
}

static void
http_hop_add(struct http_hop *hop, const char *name, const char *value,
    size_t len)
{
	hop->extra[hop->extra_count++] = (struct http_request_field){
		.name = name, .name_len = strlen(name),
		.value = value, .value_len = len,
	};
}

int
http_hop_begin(struct http_hop *hop, const struct http_url *u)
{
	size_t len = http_credentials_of_url(u, NULL, 0);

	if (len == 0)
		return 0;
	hop->credentials = malloc(len);
	if (hop->credentials == NULL)
		return -ENOMEM;
	hop->credentials_len = http_credentials_of_url(
	    u, hop->credentials, len);
	return 0;
}

/* Writes the jar's cookies and the user's own: all go in one field. */
static void
http_hop_add_cookies(struct http_hop *hop, const struct http_url *u,
    int64_t now, char *to, size_t len)
{
	const struct http_request_field *own = http_hop_own(hop, "cookie");
	size_t n = http_cookie_write(hop->jar, u, now, to, len);

	if (n == 0)
		return;
	if (own != NULL && own->value_len > 0) {
		memcpy(to + n, "; ", 2);
		memcpy(to + n + 2, own->value, own->value_len);
		n += 2 + own->value_len;
	}
	http_hop_add(hop, "Cookie", to, n);
}

int
http_hop_prepare(struct http_hop *hop, const struct http_url *u,
    const struct http_proxy *proxy, int64_t now)
{
	const struct http_request_field *own = http_hop_own(hop, "cookie");
	size_t cookies = http_cookie_write(hop->jar, u, now, NULL, 0);
	size_t pass = proxy == NULL || u->https ? 0 :
	    http_credentials_of_url(&proxy->url, NULL, 0);

	if (cookies > 0 && own != NULL)
		cookies += 2 + own->value_len;
	free(hop->text);
	hop->text = NULL;
	hop->extra_count = 0;
	hop->has_body = http_hop_needs_length(hop);
	if (cookies + pass > 0) {
		hop->text = malloc(cookies + pass);
		if (hop->text == NULL)
			return -ENOMEM;
		http_hop_add_cookies(hop, u, now, hop->text, cookies);
	}
	if (pass > 0)
		http_hop_add(hop, "Proxy-Authorization", hop->text + cookies,
		    http_credentials_of_url(&proxy->url, hop->text + cookies,
			pass));
	if (hop->credentials_len > 0 && !hop->strayed &&
	    http_hop_own(hop, "authorization") == NULL)
		http_hop_add(hop, "Authorization", hop->credentials,
		    hop->credentials_len);
	if (hop->body != NULL && hop->content_type != NULL &&
	    http_hop_own(hop, "content-type") == NULL)
		http_hop_add(hop, "Content-Type", hop->content_type,
		    strlen(hop->content_type));
	return 0;
}

void
http_hop_clear(struct http_hop *hop)
{
	free(hop->credentials);
	free(hop->text);
	hop->credentials = NULL;
	hop->text = NULL;
	hop->extra_count = 0;
}
