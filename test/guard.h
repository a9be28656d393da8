/*
 * guard.h - input that ends where memory ends: a read of one byte too many
 * is a fault at once, with or without sanitizers.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_GUARD_H
#define SPINDLE_TEST_GUARD_H

#include <stddef.h>

/*
 * A copy of len bytes (len at most 1 MiB) whose end lies against a page
 * that cannot be touched.  Free with guard_free.  Never NULL: a test that
 * cannot have memory aborts.
 */
char *guard_copy(const void *at, size_t len);

/* Frees what guard_copy(…, len) returned. */
void guard_free(char *copy, size_t len);

#endif
