/*
 * stream_buffer.c - bytes that wait: appended at the tail, taken from the
 * head.  An empty buffer owns no memory.
 *
 * What is left is moved to the front only when room is needed, and then the
 * room made is at least half of what was moved: so however bytes come and
 * go, each is moved a few times at most.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"

enum { STREAM_BUFFER_LEAST = 1024 };

int
stream_buffer_reserve(struct reactor_stream_buffer *b, size_t more)
{
	size_t len = stream_buffer_len(b), capacity = b->capacity;
	char *at;

	if (more <= b->capacity - b->tail)
		return 0;
	if (len > SIZE_MAX / 8 || more > SIZE_MAX / 8)
		return -ENOMEM;
	if (capacity < STREAM_BUFFER_LEAST)
		capacity = STREAM_BUFFER_LEAST;
	while (capacity < len + len / 2 + more)
		capacity *= 2;
	at = malloc(capacity);
	if (at == NULL)
		return -ENOMEM;
	if (len > 0)
		memcpy(at, b->at + b->head, len);
	free(b->at);
	*b = (struct reactor_stream_buffer){ at, 0, len, capacity };
	return 0;
}

int
stream_buffer_append(
    struct reactor_stream_buffer *b, const char *at, size_t len)
{
	int error = stream_buffer_reserve(b, len);

	if (error != 0)
		return error;
	memcpy(b->at + b->tail, at, len);
	b->tail += len;
	return 0;
}

void
stream_buffer_consume(struct reactor_stream_buffer *b, size_t len)
{
	b->head += len;
	if (b->head == b->tail)
		stream_buffer_free(b);
}

void
stream_buffer_free(struct reactor_stream_buffer *b)
{
	free(b->at);
	*b = (struct reactor_stream_buffer){ 0 };
}
