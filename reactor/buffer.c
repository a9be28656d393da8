/*
 * buffer.c - see buffer.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "buffer.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_LEAST = 1024 };	/* bytes of memory, if any */

void
reactor_buffer_free(struct reactor_buffer *b)
{
	free(b->at);
	*b = (struct reactor_buffer){ 0 };
}

int
reactor_buffer_reserve(struct reactor_buffer *b, size_t more)
{
	size_t len = reactor_buffer_len(b), capacity = b->capacity;
	char *at;

	if (more <= b->capacity - b->tail)
		return 0;
	if (len > SIZE_MAX / 8 || more > SIZE_MAX / 8)
		return -ENOMEM;
	if (capacity < BUFFER_LEAST)
		capacity = BUFFER_LEAST;
	while (capacity < len + len / 2 + more)
		capacity *= 2;
	at = malloc(capacity);
	if (at == NULL)
		return -ENOMEM;
	if (len > 0)
		memcpy(at, b->at + b->head, len);
	free(b->at);
	*b = (struct reactor_buffer){ at, 0, len, capacity };
	return 0;
}

int
reactor_buffer_append(struct reactor_buffer *b, const char *at, size_t len)
{
	int error = reactor_buffer_reserve(b, len);

	if (error != 0)
		return error;
	memcpy(b->at + b->tail, at, len);
	b->tail += len;
	return 0;
}

void
reactor_buffer_consume(struct reactor_buffer *b, size_t len)
{
	b->head += len;
	if (b->head == b->tail)
		reactor_buffer_free(b);
}
