/*
 * shard.h - the share of one machine among many: URLs dealt by host, so that
 * what is kept for each host (connections, pauses, robots.txt) holds for all
 * machines together.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_SHARD_H
#define BIN_SHARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The share `index`, from 1, of `count`.  All zero: everything. */
struct shard {
	uint32_t index;
	uint32_t count;
};

/* Reads "I/N", with 1 <= I <= N <= 1000000: false if it is not that. */
bool shard_parse(struct shard *, const char *text);

/*
 * What a URL is dealt by: a number of 64 bits, of which all are equally good.
 * False without memory.
 */
bool shard_hash(uint64_t *hash, const char *url, size_t len);

/*
 * Whether a URL, as people type it (fetch.h), is of this share.  Depends on
 * nothing but its host, on every machine and in every version; what is not a
 * URL is dealt by all of its text.  Without memory it is of every share:
 * better to be fetched twice than never.
 */
bool shard_has(const struct shard *, const char *url, size_t len);

#endif
