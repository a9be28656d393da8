/*
 * charset_iconv.h - the character sets of more than one byte, by iconv(3).
 *
 * Copy along: nothing.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_CHARSET_ICONV_H
#define HTML_CHARSET_ICONV_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A conversion from `name` to UTF-8, or NULL when there is none. */
void *html_charset_iconv_open(const char *name);

/*
 * Converts *len bytes at `from`, at most room / 8 of them.  *len becomes how
 * many were used; the rest is the start of a character.  Bytes that mean
 * nothing give U+FFFD.  Returns the bytes written to `to`.
 */
size_t html_charset_iconv_run(void *conversion, const char *from, size_t *len,
    char *to, size_t room);

/* Frees a conversion. */
void html_charset_iconv_close(void *conversion);

#ifdef __cplusplus
}
#endif

#endif
