/*
 * fuzz_body.c - any bytes as a body, whole and in pieces: the same content.
 *
 * The first byte says which framing, the second one how long the pieces are
 * and, with a length, the length.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../http/body.h"
#include "fuzz.h"

struct fuzz_outcome {
	int rc;
	uint64_t sum;		/* of the content */
	uint64_t content;	/* its bytes */
	uint64_t used;
};

static struct fuzz_outcome
fuzz_decode(struct http_body *b, const uint8_t *data, size_t size,
    size_t step)
{
	struct fuzz_outcome o = { 0, 0, 0, 0 };

	while (o.rc == 0 && size > 0) {
		size_t shown = step < size ? step : size, left = shown, n;
		char *copy = malloc(shown);
		const char *at = copy, *piece;

		memcpy(copy, data, shown);
		while ((o.rc = http_body_next(b, &at, &left, &piece, &n)) ==
		    HTTP_BODY_DATA) {
			if (n == 0)
				abort();
			o.content += n;
			for (; n > 0; n--)
				o.sum = o.sum * 31 + (unsigned char)*piece++;
		}
		o.used += shown - left;
		free(copy);
		data += shown;
		size -= shown;
	}
	if (o.rc == 0)
		o.rc = http_body_end(b);
	return o;
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	struct http_body b;
	struct fuzz_outcome whole, pieces;
	enum http_body_framing framing;
	size_t step;

	if (size < 3)
		return;
	framing = (enum http_body_framing)(data[0] & 3);
	step = data[1] / 4 + (size_t)1;
	http_body_init(&b, framing, data[1]);
	whole = fuzz_decode(&b, data + 2, size - 2, size);
	http_body_init(&b, framing, data[1]);
	pieces = fuzz_decode(&b, data + 2, size - 2, step);
	if (whole.rc != pieces.rc || whole.sum != pieces.sum ||
	    whole.content != pieces.content || whole.used != pieces.used)
		abort();
}
