/*
 * url_host.h - the host of a URL: a name, or an address in one of many
 * spellings, made into the one spelling (WHATWG URL Standard, section 3.5).
 */
#ifndef HTTP_URL_HOST_H
#define HTTP_URL_HOST_H

#include <stddef.h>

#include "url.h"

/* What http_url_host_write may need beyond the length of its input. */
enum { HTTP_URL_HOST_ROOM = 48 };

/*
 * Writes the host that the len bytes at `at` mean to `to`, where there is
 * room for len + HTTP_URL_HOST_ROOM bytes, and returns how many it wrote,
 * or an enum http_url_error.
 */
int http_url_host_write(char *to, enum http_url_host_kind *,
    const char *at, size_t len);

#endif
