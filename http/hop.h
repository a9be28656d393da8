/*
 * hop.h - one request in the chain that leads to a page: its method, its
 * body, and the fields that depend on where it goes.
 *
 * A page may take several requests, from redirect to redirect, often to other
 * servers.  What each of them is told is decided here:
 *
 *      Authorization         from the URL, to the origin that was asked for
 *      Cookie                those of the jar that are for this URL, and the
 *                            user's own to the origin that was asked for
 *      Content-Type          of the body
 *      Proxy-Authorization   to the proxy, in front of an http URL
 *
 * Copy: hop.h hop.c cookie.h cookie.c credentials.h credentials.c date.h
 *     date.c request.h request.c head.h head.c body.h proxy.h proxy.c
 *     idna.h idna.c idna_data.h url.h url.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_HOP_H
#define HTTP_HOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cookie.h"
#include "proxy.h"
#include "request.h"
#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A chain, at one of its requests.  Zero at first. */
struct http_hop {
	/* Set by its user, borrowed; of the body, NULL is none. */
	const char *method;
	const char *body;
	size_t body_len;
	const char *content_type;	/* of the body */
	struct http_cookie_jar *jar;
	/* The user's own fields, which go with each request; the last
	 * `secret_count` of them to the origin that was asked for only. */
	const struct http_request_field *fields;
	size_t field_count, secret_count;

	bool strayed;			/* it has left that origin: for good */

	/* What http_hop_prepare has made; read only. */
	struct http_request_field extra[4];
	size_t extra_count;
	bool has_body;

	/* private */
	char *credentials;		/* of the first URL */
	size_t credentials_len;
	char *text;			/* of `extra` */
};

/* The chain begins, at this URL: 0 or -ENOMEM. */
int http_hop_begin(struct http_hop *, const struct http_url *);

/*
 * Prepares the request to this URL, over this proxy or NULL, at this time (in
 * seconds of an even clock).  0 or -ENOMEM.
 */
int http_hop_prepare(struct http_hop *, const struct http_url *,
    const struct http_proxy *, int64_t now);

/*
 * The answer is a redirect from one URL to the other.  Settles with which
 * method the chain goes on, and whether with its body: RFC 9110, sections
 * 15.4.2 to 15.4.9.
 */
void http_hop_redirect(struct http_hop *, int status,
    const struct http_url *from, const struct http_url *to);

/*
 * Whether the request may be sent a second time, where it is not known if the
 * first one has arrived (RFC 9110, section 9.2.2).
 */
bool http_hop_is_repeatable(const struct http_hop *);

/* Frees all that the functions above have made. */
void http_hop_clear(struct http_hop *);

#ifdef __cplusplus
}
#endif

#endif
