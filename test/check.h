/*
 * check.h - all that a test needs: named cases, checks, a TAP report.
 *
 * A test program calls check_case() before each case and returns
 * check_done() from main.  A failed check prints where and what, and the
 * case goes on, so that one run shows all that is wrong.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_CHECK_H
#define SPINDLE_TEST_CHECK_H

#include <stddef.h>

/* Ends the case before, if any, and begins the one called `name`. */
void check_case(const char *name);

/* Says that the running case is left out here, and why. */
void check_skip(const char *why);

/* Ends the last case and prints the plan; returns main's exit status. */
int check_done(void);

/*
 * A part of `many` repetitions that differ by chance alone, at least one:
 * all, or one of TEST_SHARE if the environment says so, as it does where an
 * emulator makes each fifty times as dear.
 */
long check_share(long many);

/* How many checks of the running case have failed so far. */
int check_failing(void);

/* The functions behind the macros below; each returns whether it held. */
int check_true(int held, const char *what, const char *file, int line);
int check_int(long long got, long long want, const char *what,
    const char *file, int line);
int check_bytes(const void *got, size_t got_len, const void *want,
    size_t want_len, const char *what, const char *file, int line);
int check_str(const char *got, const char *want, const char *what,
    const char *file, int line);

/* The expression holds. */
#define CHECK(e) check_true(!!(e), #e, __FILE__, __LINE__)
/* Two integers are equal. */
#define CHECK_INT(got, want) \
	check_int((long long)(got), (long long)(want), #got, __FILE__, __LINE__)
/* Two NUL-terminated strings are equal; either may be NULL. */
#define CHECK_STR(got, want) \
	check_str((got), (want), #got, __FILE__, __LINE__)
/* len bytes at `got` are those of the NUL-terminated string `want`. */
#define CHECK_BYTES(got, len, want) \
	check_bytes((got), (len), (want), strlen(want), #got, \
	    __FILE__, __LINE__)

#endif
