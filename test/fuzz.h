/*
 * fuzz.h - what a fuzz target is: one function, given any bytes.
 *
 * fuzz_x.c is a target.  `make fuzz` links it with clang's libFuzzer, which
 * makes up inputs from test/corpus/x and the words of test/corpus/x.dict;
 * `make test` links it with fuzz_replay.c, which gives it the corpus alone.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_FUZZ_H
#define SPINDLE_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/*
 * The target: looks at len bytes, and aborts if anything is wrong.  What it
 * allocates it frees; checks of check.h count, too.
 */
void fuzz_one(const uint8_t *at, size_t len);

/* What libFuzzer and fuzz_replay.c call: fuzz_one and what must hold then. */
int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len);

/* Where an input is cut: pieces of all sizes, from one number. */
struct fuzz_cuts {
	uint32_t state;
};

/* The size of the next piece of len > 0 bytes: from 1 to len. */
size_t fuzz_next_cut(struct fuzz_cuts *, size_t len);

/* The bytes up to the next end of a line, or all; moves past that end. */
const char *fuzz_line(const uint8_t **at, size_t *len, size_t *line_len);

/* A sum over bytes; begin with any. */
uint64_t fuzz_sum(uint64_t sum, const void *at, size_t len);

#endif
