/*
 * url.c - what is done with a URL once url_parse.c has read it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "url.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
http_url_copy(struct http_url *to, const struct http_url *from)
{
	char *href = malloc((size_t)from->len + 1);

	if (href == NULL)
		return -ENOMEM;
	memcpy(href, from->href, (size_t)from->len + 1);
	*to = *from;
	to->href = href;
	return 0;
}

void
http_url_free(struct http_url *u)
{
	free(u->href);
	u->href = NULL;
}

const char *
http_url_host(const struct http_url *u, size_t *len)
{
	size_t bracket = u->host_kind == HTTP_URL_IPV6;

	*len = u->host_end - u->host - 2 * bracket;
	return u->href + u->host + bracket;
}

const char *
http_url_authority(const struct http_url *u, size_t *len)
{
	*len = (size_t)(u->path - u->host);
	return u->href + u->host;
}

const char *
http_url_target(const struct http_url *u, size_t *len)
{
	*len = (size_t)(u->fragment - u->path);
	return u->href + u->path;
}

bool
http_url_same_origin(const struct http_url *a, const struct http_url *b)
{
	size_t a_len, b_len;
	const char *a_host = http_url_host(a, &a_len);
	const char *b_host = http_url_host(b, &b_len);

	return a->https == b->https && a->port == b->port && a_len == b_len &&
	    memcmp(a_host, b_host, a_len) == 0;
}

const char *
http_url_strerror(int error)
{
	static const char *const words[] = {	/* as the enum has them */
		"not an http or https URL",
		"not an absolute URL (no http:// or https://)",
		"no host, or a character that hosts cannot have",
		"host name too long",
		"host ends in a number but is no IPv4 address",
		"host in brackets is no IPv6 address",
		"host name is not ASCII (write its xn-- form)",
		"port is not a number from 0 to 65535",
		"URL too long",
	};
	unsigned i = (unsigned)HTTP_URL_E_SCHEME - (unsigned)error;

	return i < sizeof(words) / sizeof(words[0]) ? words[i] : NULL;
}
