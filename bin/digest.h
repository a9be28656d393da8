/*
 * digest.h - a number for a text, the same on every machine: for tables, and
 * to deal texts out.  Not for secrets: who wants two texts with the same
 * number can make them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_DIGEST_H
#define BIN_DIGEST_H

#include <stddef.h>
#include <stdint.h>

/* The digest of nothing, with which one begins. */
#define DIGEST_BEGIN UINT64_C(14695981039346656037)

/* Adds len bytes. */
uint64_t digest_add(uint64_t digest, const char *at, size_t len);

/* The number, of which all bits are equally good; nothing is added to it. */
uint64_t digest_end(uint64_t digest);

#endif
