/*
 * head_field.h - field lines of a head, and what the known ones say.
 *
 * For head.c; http/request.c asks it what a token is.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_HEAD_FIELD_H
#define HTTP_HEAD_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "head.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How many bytes from `at` on are of a token (RFC 9110, section 5.6.2). */
size_t http_head_token_len(const char *at, const char *end);

/* Equal but for case; `lower` is a token in lower case, of len bytes. */
bool http_head_equal(const char *at, const char *lower, size_t len);

/*
 * Cuts a line, without its end, into name and value.  False if it has no
 * name or no colon right after it.
 */
bool http_head_split(const char *at, const char *end,
    struct http_head_field *);

/*
 * Takes one line (not empty, without its end) into the facts of the head,
 * of which h->base must be set.  0 or an enum http_head_error.
 */
int http_head_take_line(struct http_head *h, const char *at,
    const char *end);

#ifdef __cplusplus
}
#endif

#endif
