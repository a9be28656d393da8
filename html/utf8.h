/*
 * utf8.h - one code point of UTF-8, read and written.
 *
 * Copy along: nothing.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_UTF8_H
#define HTML_UTF8_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What stands for bytes that mean nothing. */
#define HTML_UTF8_BAD 0xFFFDu
/* Most bytes of a code point. */
#define HTML_UTF8_MAX 4

/*
 * Reads one code point from len > 0 bytes; *code is HTML_UTF8_BAD when they
 * are not one.  Returns how many bytes that was: of what is not UTF-8 the
 * longest start of a sequence, as the Encoding Standard counts.
 */
size_t html_utf8_read(uint32_t *code, const char *at, size_t len);

/*
 * Writes a code point (no surrogate, at most 0x10FFFF) to HTML_UTF8_MAX bytes.
 * Returns how many it took.
 */
size_t html_utf8_write(char *to, uint32_t code);

/*
 * How many of the bytes are valid UTF-8, counted from the first; *cut is
 * true when what follows them may be a character cut by the end.
 */
size_t html_utf8_valid(const char *at, size_t len, int *cut);

#ifdef __cplusplus
}
#endif

#endif
