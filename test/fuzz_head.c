/*
 * fuzz_head.c - any bytes as a head, whole and in pieces: the same outcome.
 *
 * The first byte says which kind of head, and how long the pieces are.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../http/head.h"
#include "fuzz.h"

/* Each call sees memory of its own that ends with what is shown. */
static int
fuzz_parse(struct http_head *h, const uint8_t *data, size_t size,
    size_t step)
{
	int rc = 0;

	for (size_t n = step; rc == 0; n += step) {
		size_t shown = n < size ? n : size;
		char *copy = malloc(shown);

		if (shown > 0)
			memcpy(copy, data, shown);
		rc = http_head_parse(h, copy, shown);
		free(copy);
		if (shown == size)
			break;
	}
	h->base = (const char *)data;
	return rc;
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	struct http_head whole, pieces;
	struct http_head_field f;
	enum http_head_kind kind;
	size_t step, cursor = 0;
	int rc;

	if (size == 0)
		return;
	kind = data[0] & 1 ? HTTP_HEAD_REQUEST : HTTP_HEAD_RESPONSE;
	step = data[0] / 2 + (size_t)1;
	data++;
	size--;
	http_head_init(&whole, kind);
	http_head_init(&pieces, kind);
	rc = fuzz_parse(&whole, data, size, size > 0 ? size : 1);
	if (fuzz_parse(&pieces, data, size, step) != rc)
		abort();
	if (rc <= 0)
		return;
	if (memcmp(&whole, &pieces, sizeof(whole)) != 0)
		abort();
	while (http_head_next(&whole, &cursor, &f))
		if (memchr(f.value, '\n', f.value_len) != NULL ||
		    memchr(f.value, '\r', f.value_len) != NULL ||
		    memchr(f.value, '\0', f.value_len) != NULL)
			abort();
	http_head_persists(&whole, http_head_framing(&whole, "GET", 3));
}
