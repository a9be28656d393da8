/*
 * url_private.h - what url_parse.c is made of: percent-encoding, as each part
 * of a URL needs it (url_encode.c); and the host (url_host.c): a name, or an
 * address in one of many spellings, made into the one spelling (WHATWG URL
 * Standard, section 3.5).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_URL_PRIVATE_H
#define HTTP_URL_PRIVATE_H

#include <stddef.h>

#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Classes of bytes, a bit each: the percent-encode sets of the URL Standard
 * (section 1.3), and what ends a part.
 */
enum http_url_class {
	HTTP_URL_CONTROL = 1,		/* encoded in every part */
	HTTP_URL_IN_FRAGMENT = 2,
	HTTP_URL_IN_QUERY = 4,
	HTTP_URL_IN_PATH = 8,
	HTTP_URL_IN_USER = 16,
	HTTP_URL_END = 32,		/* of a path segment: / \ ? # */
	HTTP_URL_HASH = 64		/* the end of a query */
};

/* The first byte of class `stop` from `at` on, or `end`. */
const char *http_url_until(const char *at, const char *end, unsigned stop);

/*
 * Copies the bytes from *at on, up to `end` or one of class `stop`, where it
 * leaves *at; those of class `set` it encodes.  `to` must have room for
 * three bytes for each.  Returns how many were written.
 */
size_t http_url_encode(char *to, const char **at, const char *end,
    unsigned set, unsigned stop);

/* What http_url_host_write may need beyond the length of its input. */
enum { HTTP_URL_HOST_ROOM = 48 };

/*
 * Writes the host that the len bytes at `at` mean to `to`, where there is
 * room for len + HTTP_URL_HOST_ROOM bytes, and returns how many it wrote,
 * or an enum http_url_error.
 */
int http_url_host_write(char *to, enum http_url_host_kind *,
    const char *at, size_t len);

#ifdef __cplusplus
}
#endif

#endif
