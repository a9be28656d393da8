/*
 * fuzz_inflate.c - any bytes inflated, whole and in pieces: the same output.
 *
 * The first byte says which format, and how long the pieces are.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../http/inflate.h"
#include "fuzz.h"

/* More output than this is enough: the rest of a run is left out. */
enum { FUZZ_MOST = 1 << 20 };

struct fuzz_outcome {
	int rc;
	uint64_t sum;
	uint64_t size;
};

static struct fuzz_outcome
fuzz_inflate(enum http_inflate_format format, const uint8_t *data,
    size_t size, size_t step)
{
	static struct http_inflate z;
	struct fuzz_outcome o = { 0, 0, 0 };

	memset(&z, 0x55, sizeof(z));
	http_inflate_init(&z, format);
	while (o.rc == 0 && size > 0) {
		size_t shown = step < size ? step : size, left = shown, n;
		char *copy = malloc(shown);
		const char *at = copy, *piece;

		memcpy(copy, data, shown);
		while ((o.rc = http_inflate_next(&z, &at, &left, &piece,
		    &n)) == HTTP_INFLATE_DATA && o.size < FUZZ_MOST)
			for (; n > 0 && o.size < FUZZ_MOST; n--, o.size++)
				o.sum = o.sum * 31 + (unsigned char)*piece++;
		if (o.rc == HTTP_INFLATE_MORE && left > 0)
			abort();
		free(copy);
		data += shown;
		size -= shown;
	}
	if (o.size == FUZZ_MOST)
		o.rc = 0;
	else
		o.rc = http_inflate_end(&z);
	return o;
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	struct fuzz_outcome whole, pieces;
	enum http_inflate_format format;

	if (size < 2)
		return;
	format = data[0] & 1 ? HTTP_INFLATE_DEFLATE : HTTP_INFLATE_GZIP;
	whole = fuzz_inflate(format, data + 1, size - 1, size);
	pieces = fuzz_inflate(format, data + 1, size - 1,
	    data[0] / 2 + (size_t)1);
	if (whole.rc != pieces.rc || whole.sum != pieces.sum ||
	    whole.size != pieces.size)
		abort();
}
