/*
 * alloc.c - the allocator of the test build; see alloc.h.
 *
 * Each block carries its size in a header in front of it, which is all
 * that the count of live bytes needs.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "alloc.h"

#include <stdlib.h>
#include <string.h>

/* Bytes at each end of a freed block that are overwritten at most. */
enum { ALLOC_SPOILED = 1024 };

union alloc_header {
	size_t size;
	max_align_t align;
};

static long alloc_countdown = -1, alloc_live_blocks, alloc_total;
static size_t alloc_live_bytes;
static int alloc_persistent, alloc_failed;

void
alloc_fail_at(long n, int for_good)
{
	alloc_countdown = n;
	alloc_persistent = for_good;
	alloc_failed = 0;
}

int
alloc_has_failed(void)
{
	return alloc_failed;
}

long
alloc_live(void)
{
	return alloc_live_blocks;
}

long
alloc_made(void)
{
	return alloc_total;
}

size_t
alloc_bytes(void)
{
	return alloc_live_bytes;
}

static int
alloc_refuses(void)
{
	alloc_total++;
	if (alloc_failed && alloc_persistent)
		return 1;
	if (alloc_countdown < 0 || alloc_countdown-- > 0)
		return 0;
	alloc_failed = 1;
	return 1;
}

void *
test_malloc(size_t size)
{
	union alloc_header *h;

	if (alloc_refuses() || size > (size_t)-1 / 2)
		return NULL;
	h = malloc(sizeof(*h) + size);
	if (h == NULL)
		return NULL;
	h->size = size;
	alloc_live_blocks++;
	alloc_live_bytes += size;
	return h + 1;
}

void *
test_calloc(size_t count, size_t size)
{
	void *at;

	if (size != 0 && count > (size_t)-1 / 2 / size)
		return NULL;
	at = test_malloc(count * size);
	if (at != NULL)
		memset(at, 0, count * size);
	return at;
}

/* Always moves, so that a stale pointer is caught by the sanitizers. */
void *
test_realloc(void *at, size_t size)
{
	union alloc_header *old = at;
	void *fresh = test_malloc(size);
	size_t keep;

	if (fresh == NULL || at == NULL)
		return fresh;
	keep = old[-1].size < size ? old[-1].size : size;
	memcpy(fresh, at, keep);
	test_free(at);
	return fresh;
}

/*
 * What is freed is overwritten, so that a stale pointer that is followed leads
 * nowhere.  The compiler must not find out that nobody may read this.
 */
static void
alloc_spoil(void *at, size_t size)
{
	static void *(*volatile spoil)(void *, int, size_t) = memset;
	size_t n = size < ALLOC_SPOILED ? size : ALLOC_SPOILED;

	spoil(at, 0x5a, n);
	spoil((char *)at + size - n, 0x5a, n);
}

void
test_free(void *at)
{
	union alloc_header *h = at;

	if (at == NULL)
		return;
	alloc_live_blocks--;
	alloc_live_bytes -= h[-1].size;
	alloc_spoil(at, h[-1].size);
	free(h - 1);
}
