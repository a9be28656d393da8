/*
 * buffer.h - bytes that wait: received and not used, or written and not sent.
 *
 * Bytes are appended at the tail and taken from the head.  What is left is
 * moved to the front only when room is needed, and then the room made is at
 * least half of what was moved: each byte is moved a few times at most.  An
 * empty buffer owns no memory.
 *
 * Copy: buffer.h buffer.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_BUFFER_H
#define REACTOR_BUFFER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes from head to tail in memory of `capacity` bytes.  Zero at first. */
struct reactor_buffer {
	char *at;
	size_t head, tail, capacity;
};

/* How many bytes wait. */
static inline size_t
reactor_buffer_len(const struct reactor_buffer *b)
{
	return b->tail - b->head;
}

/* Drops all bytes, and the memory. */
void reactor_buffer_free(struct reactor_buffer *);

/* Makes room for `more` bytes at the tail; -ENOMEM, and nothing changed. */
int reactor_buffer_reserve(struct reactor_buffer *, size_t more);

/* Adds a copy of len bytes; -ENOMEM, and nothing changed. */
int reactor_buffer_append(
    struct reactor_buffer *, const char *at, size_t len);

/* Drops len bytes at the head; there must be so many. */
void reactor_buffer_consume(struct reactor_buffer *, size_t len);

#ifdef __cplusplus
}
#endif

#endif
