/*
 * verbose.h - what -v tells on standard error: what a host is in Unicode, each
 * new connection, the heads that go over it, and how long each step took.
 *
 *	* connected to: 127.0.0.1:8000
 *	> GET /planet-1/ HTTP/1.1
 *	> Authorization: Basic (hidden)
 *	>
 *	< HTTP/1.1 200 OK
 *
 * Each is written at once, and all text from elsewhere is made harmless.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_VERBOSE_H
#define BIN_VERBOSE_H

#include "../http/get_page.h"
#include "../reactor/transport.h"
#include "crew.h"

/*
 * Tells what the host of a URL is in Unicode, if it is not ASCII there.  The
 * URL may be one without a scheme (fetch.h); one that is none is passed over.
 */
void verbose_host(struct crew *, const char *url, size_t len);

/*
 * Tells of a new connection: its address and facts of TLS.  For `connected`
 * of a client's options; the context is not used.
 */
void verbose_connection(void *ctx, struct transport *);

/*
 * Tells a head, a line for each of its own.  What only the two ends should
 * know is hidden, since such output is shown to others who are to help:
 * passwords (but not the name of their scheme) and the values of cookies (but
 * not their names).  For `head` of a client's watcher.
 */
void verbose_head(struct http_watcher *, bool sent, const char *at,
    size_t len);

/* Tells of a page that is there: the status, by whom, how long it took. */
void verbose_page(const struct http_page *);

#endif
