/*
 * proxy.h - which proxy stands between us and a URL, by curl's rules.
 *
 *      http_proxy, https_proxy   for URLs of that scheme
 *      all_proxy                 for those without one
 *      no_proxy                  "example.org, 10.0.0.0/8": hosts without any
 *
 * A proxy is "[http://][name:password@]host[:port]"; the port is 1080 if none
 * is given, as curl has it.  Whoever calls this takes the texts from options
 * or the environment; nothing here does.
 *
 * Copy: proxy.h proxy.c idna.h idna.c idna_data.h url.h url.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_PROXY_H
#define HTTP_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The port of a proxy that has none. */
enum { HTTP_PROXY_PORT = 1080 };

/* Why a text is no proxy, where no enum http_url_error says it. */
enum http_proxy_error {
	HTTP_PROXY_E_SCHEME = -2601	/* https, socks5: not spoken here */
};

/* A proxy. */
struct http_proxy {
	struct http_url url;		/* href NULL: there is none */
	uint16_t port;			/* to connect to */
};

/* Reads a proxy: 0, -ENOMEM, or why not (url.h, and above). */
int http_proxy_parse(struct http_proxy *, const char *at, size_t len);

/* Frees what was read; a second call does no harm. */
void http_proxy_free(struct http_proxy *);

/* Which proxy is for what; all zero is none. */
struct http_proxy_choice {
	struct http_proxy http, https, all;
	const char *none;		/* no_proxy; borrowed; or NULL */
};

/* The proxy for a URL, borrowed; NULL: none. */
const struct http_proxy *http_proxy_for(const struct http_proxy_choice *,
    const struct http_url *);

/*
 * Whether a host is one of a list as no_proxy has it: names and numeric
 * addresses, between commas and blanks.  A name, with or without a dot in
 * front, stands for itself and all below it; an address may end in a
 * length of its prefix, "10.0.0.0/8"; a `*` alone is all hosts.
 */
bool http_proxy_is_listed(const char *list, const struct http_url *);

/* What an enum http_proxy_error says, a constant; NULL for other numbers. */
const char *http_proxy_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
