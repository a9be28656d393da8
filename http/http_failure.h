/*
 * http_failure.h - why there is no page: the kinds of failure of HTTP.
 *
 * Each kind but the parent is one category of what can go wrong, so that a
 * program can tell people in a word.  A name that was not found, a refused
 * connection and the like are failures of dns/dns_connect and pass through
 * unchanged; so does deferred_cancelled.
 *
 * Copy: http_failure.h http_failure.c idna.h idna.c idna_data.h url.h
 *     url.c request.h request.c head.h head.c body.h body.c inflate.h
 *     inflate.c ALL(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_FAILURE_H
#define HTTP_FAILURE_H

#include "../defer/control.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The parent of all below: something about HTTP. */
extern const struct defer_failure_kind http_failure;

/* Not an absolute http or https URL: what was given, or a redirect's. */
extern const struct defer_failure_kind http_bad_url;

/* The deadline passed; the message says during what. */
extern const struct defer_failure_kind http_timeout;

/* The connection broke before the answer was complete. */
extern const struct defer_failure_kind http_reset;

/*
 * TLS cannot be used (no library, nothing to trust), or it broke in an open
 * connection.  That of a handshake is dns_connect_tls.
 */
extern const struct defer_failure_kind http_tls;

/* Not HTTP, HTTP that must not be trusted, or content not understood. */
extern const struct defer_failure_kind http_bad_response;

/* A limit on the head or on the decoded body; RFC 9110, section 17.5. */
extern const struct defer_failure_kind http_too_large;

/* More redirects than allowed. */
extern const struct defer_failure_kind http_too_many_redirects;

/*
 * The final status is not one of success.  `code` is the status, `detail` a
 * value of http_page_type (get_page.h) without body: final URL, redirects,
 * and for how long Retry-After asks to wait.
 */
extern const struct defer_failure_kind http_bad_status;

/*
 * The failure that an error number of this folder stands for: those of
 * head.h, body.h, inflate.h, request.h, url.h and content.h, and -ECANCELED.
 * `doing` says during what, or is NULL.  The caller owns it, as a new one.
 */
const struct defer_failure *http_failure_of(int error, const char *doing);

#ifdef __cplusplus
}
#endif

#endif
