/*
 * fuzz.c - what all fuzz targets share; see fuzz.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"

int
LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	long live = alloc_live();

	fuzz_one(at, len);
	CHECK_INT(alloc_live(), live);
	if (check_failing() > 0) {
		fflush(stdout);
		abort();
	}
	return 0;
}

size_t
fuzz_next_cut(struct fuzz_cuts *c, size_t len)
{
	size_t most, n;

	c->state = c->state * 1664525u + 1013904223u;
	most = (size_t)1 << (c->state >> 28);	/* often few, seldom many */
	n = 1 + (c->state >> 8) % most;
	return n < len ? n : len;
}

const char *
fuzz_line(const uint8_t **at, size_t *len, size_t *line_len)
{
	const uint8_t *line = *at;
	const uint8_t *end = *len > 0 ? memchr(line, '\n', *len) : NULL;

	*line_len = end != NULL ? (size_t)(end - line) : *len;
	*at += *line_len + (end != NULL);
	*len -= *line_len + (end != NULL);
	return (const char *)line;
}

uint64_t
fuzz_sum(uint64_t sum, const void *at, size_t len)
{
	const unsigned char *byte = at;

	for (; len > 0; len--)
		sum = (sum ^ *byte++) * 1099511628211u;
	return sum;
}
