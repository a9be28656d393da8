/*
 * alloc.h - allocations that fail on demand, and a count of what is live.
 *
 * The test build compiles every module with -Dmalloc=test_malloc and so on
 * (the Makefile's TEST_ALLOC), which makes this the allocator of the code
 * under test.  alloc.c itself is compiled without those flags.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_ALLOC_H
#define SPINDLE_TEST_ALLOC_H

#include <stddef.h>

void *test_malloc(size_t size);
void *test_calloc(size_t count, size_t size);
void *test_realloc(void *at, size_t size);
void test_free(void *at);

/*
 * The allocation numbered `n` from now (0 is the next) fails, and with
 * `for_good` all after it too.  n < 0: none fails any more.
 */
void alloc_fail_at(long n, int for_good);

/* True once the failure asked for has happened. */
int alloc_has_failed(void);

/* Blocks allocated and not yet freed. */
long alloc_live(void);

/* Allocations (realloc included) made since the program began. */
long alloc_made(void);

/* Bytes in live blocks, as asked for. */
size_t alloc_bytes(void);

#endif
