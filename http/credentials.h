/*
 * credentials.h - name and password for the Authorization field: the scheme
 * Basic (RFC 7617).
 *
 *      Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==
 *
 * That is no secret from anybody who can read the connection: only TLS makes
 * it one.
 *
 * Copy: credentials.h credentials.c idna.h idna.c idna_data.h url.h url.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_CREDENTIALS_H
#define HTTP_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>

#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Room for whatever http_credentials_of_url writes. */
enum { HTTP_CREDENTIALS_MAX = 6 + (HTTP_URL_MAX + 2) / 3 * 4 };

/*
 * Writes the value of the field for a name and a password, as much of it as
 * fits into the `room` bytes at `to`, without a NUL.  Returns its whole
 * length; or 0 for a name with a colon, which cannot be written.
 */
size_t http_credentials_basic(const char *name, size_t name_len,
    const char *password, size_t password_len, char *to, size_t room);

/*
 * The same for the name and password in a URL, without their percent-encoding;
 * 0 also if it has none.
 */
size_t http_credentials_of_url(const struct http_url *, char *to, size_t room);

/*
 * Whether the value of a field, len bytes at `at`, is that of this name and
 * password.  Takes the same time wherever two of one length differ.
 */
bool http_credentials_match(const char *at, size_t len, const char *name,
    const char *password);

#ifdef __cplusplus
}
#endif

#endif
