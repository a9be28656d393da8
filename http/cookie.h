/*
 * cookie.h - the cookies of one chain of pages (RFC 6265).
 *
 *      http_cookie_take(&jar, url, value of Set-Cookie ...)   an answer came
 *      http_cookie_write(&jar, url, ...)  "a=1; b=2"          what goes out
 *
 * A jar is for as long as one errand takes: a page, its redirects, the page
 * that it links to.  It is never written down.  A server may set a cookie for
 * its own host, or for a domain that its host lies within.  There is no table
 * of public suffixes (co.uk), which browsers need because their jar holds the
 * cookies of all sites and of all days; here what a site of co.uk sets for all
 * of co.uk can reach only those hosts that the same chain comes by.
 *
 * Of the drafts that follow RFC 6265 (6265bis) it has: no Secure cookie by
 * http, none of http in place of a Secure one, the prefixes __Secure- and
 * __Host-, and the limits of a cookie.
 *
 * Copy: cookie.h cookie.c date.h date.c idna.h idna.c idna_data.h url.h
 *     url.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include <stddef.h>
#include <stdint.h>

#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Limits: a cookie that is longer is refused, and the oldest makes room. */
enum {
	HTTP_COOKIE_MAX = 4096,		/* bytes of a name and a value */
	HTTP_COOKIE_ATTRIBUTE = 1024,	/* bytes of an attribute's value */
	HTTP_COOKIE_JAR_MAX = 50,	/* cookies in a jar */
	HTTP_COOKIE_JAR_BYTES = 8192	/* of names and values, with `=; ` */
};

struct http_cookie;

/* A jar; all zero is an empty one.  All members are private. */
struct http_cookie_jar {
	struct http_cookie *first;	/* longest path first, then oldest */
	size_t count, bytes;
	uint64_t number;		/* that the next one gets */
};

/*
 * Takes the value of one Set-Cookie field, len bytes at `at`, of an answer
 * from this URL.  `now` is in seconds, of any clock that goes evenly and is
 * the same for all calls.  `date` is what the answer's Date said, in seconds
 * since 1970, or -1: an Expires is understood by the server's own clock.
 * 0, also if the cookie is refused; or -ENOMEM, and the jar is as it was.
 */
int http_cookie_take(struct http_cookie_jar *, const struct http_url *,
    const char *at, size_t len, int64_t now, int64_t date);

/*
 * Writes what is to be sent to this URL, the value of a Cookie field: as much
 * of it as fits into the `room` bytes at `to`, without a NUL.  Returns its
 * whole length; 0: send no field.  Forgets cookies that have expired.
 */
size_t http_cookie_write(struct http_cookie_jar *, const struct http_url *,
    int64_t now, char *to, size_t room);

/* Forgets all cookies; the jar is an empty one. */
void http_cookie_jar_clear(struct http_cookie_jar *);

#ifdef __cplusplus
}
#endif

#endif
