/*
 * date.h - the times in HTTP fields (RFC 9110, sections 5.6.7 and 10.2.3).
 *
 * Copy: date.h date.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Seconds since 1970 of a date like "Sun, 06 Nov 1994 08:49:37 GMT", or
 * either obsolete form; the name of the day is not checked.  -1 if it is
 * none of these, or before 1970.
 */
int64_t http_date_parse(const char *at, size_t len);

/*
 * How many seconds a Retry-After field asks to wait: a number, or a date
 * seen from `now`, in seconds since 1970 (one that is past gives 0).
 * -1 if it is neither.
 */
int64_t http_date_retry_after(const char *at, size_t len, int64_t now);

#ifdef __cplusplus
}
#endif

#endif
