/*
 * http_inflate_probe.h - runs of inflate in pieces of any size, each ending
 * where memory ends.  For the two tests that include it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_HTTP_INFLATE_PROBE_H
#define SPINDLE_TEST_HTTP_INFLATE_PROBE_H

#include <stdlib.h>
#include <string.h>

#include "../http/inflate.h"
#include "check.h"
#include "guard.h"

/* What came out of the last run. */
static char output[1 << 18];
static size_t output_len;

/* Inflates in pieces of `step`; the result is that of http_inflate_end. */
static int
inflate(enum http_inflate_format format, const void *in, size_t len,
    size_t step)
{
	static struct http_inflate z;
	int rc = 0;

	memset(&z, 0x55, sizeof(z));
	http_inflate_init(&z, format);
	output_len = 0;
	for (size_t i = 0; rc >= 0 && i < len; i += step) {
		size_t shown = len - i < step ? len - i : step, left = shown;
		char *copy = guard_copy((const char *)in + i, shown);
		const char *at = copy, *piece;
		size_t n;

		while ((rc = http_inflate_next(&z, &at, &left, &piece, &n)) ==
		    HTTP_INFLATE_DATA) {
			if (n > sizeof(output) - output_len)
				abort();
			memcpy(output + output_len, piece, n);
			output_len += n;
		}
		CHECK(rc < 0 || left == 0);
		guard_free(copy, shown);
	}
	if (rc < 0)
		CHECK_INT(http_inflate_end(&z), rc);
	return http_inflate_end(&z);
}

/* The same result and output, whatever the pieces. */
static int
inflate_both(enum http_inflate_format format, const void *in, size_t len)
{
	static char whole[sizeof(output)];
	static const size_t steps[] = { 1, 2, 3, 7, 1000 };
	int rc = inflate(format, in, len, len > 0 ? len : 1);
	size_t whole_len = output_len;

	memcpy(whole, output, output_len);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		CHECK_INT(inflate(format, in, len, steps[i]), rc);
		CHECK(output_len == whole_len &&
		    memcmp(output, whole, whole_len) == 0);
	}
	return rc;
}

#endif
