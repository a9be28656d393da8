/*
 * fetch.h - gets the page at a URL as people type it: "example.org" has no
 * scheme, and means https if that is spoken there, else http.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_FETCH_H
#define BIN_FETCH_H

#include "../http/get_page.h"
#include "../reactor/reactor.h"

/*
 * Reads a URL, also one without a scheme, as if it were https.  As
 * http_url_parse, which makes *u for the caller to free.
 */
int fetch_parse(struct http_url *u, const char *url, size_t len);

/*
 * http_get_page, also for a host without a scheme, with or without a port and
 * a path.  That is asked for by https first.  If nothing answers there, or no
 * TLS, it is asked for by http, in the time that is left, and without the
 * fields that are meant for one origin: nobody has said that they may go out
 * in the clear.  A certificate that is not trusted is the end, as always.
 *
 * options->timeout_ns must be set.
 */
struct deferred *fetch_page(struct reactor *, struct http_client *,
    const char *url, size_t len, const struct http_get_options *);

#endif
