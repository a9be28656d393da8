/*
 * fuzz_date.c - any bytes as a date, and as a Retry-After.
 *
 * A date that is read must be one that a server can write: written again it
 * means the same second.  (The leap second after all years of four digits
 * cannot be written so.)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../http/date.h"
#include "fuzz.h"

/* Fri, 31 Dec 9999 23:59:59 GMT. */
static const int64_t fuzz_last = INT64_C(253402300799);

/* "Thu, 01 Jan 1970 00:00:00 GMT", by the C library's calendar. */
static size_t
fuzz_date_write(char *to, size_t room, int64_t when)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)when;
	const struct tm *tm = gmtime(&t);

	if (tm == NULL)
		abort();
	return (size_t)snprintf(to, room, "Thu, %02d %.3s %04d "
	    "%02d:%02d:%02d GMT", tm->tm_mday, names + 3 * tm->tm_mon,
	    tm->tm_year + 1900, tm->tm_hour, tm->tm_min, tm->tm_sec);
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data;
	int64_t when = http_date_parse(at, size);
	int64_t wait = http_date_retry_after(at, size, 0);
	char text[80];
	size_t len;

	if (when < -1 || wait < -1 || (when >= 0 && wait != when))
		abort();
	if (http_date_retry_after(at, size, INT64_MAX) < -1)
		abort();
	if (when < 0 || when > fuzz_last || (int64_t)(time_t)when != when)
		return;
	if (http_date_retry_after(at, size, when) != 0)
		abort();
	len = fuzz_date_write(text, sizeof(text), when);
	if (http_date_parse(text, len) != when)
		abort();
}
