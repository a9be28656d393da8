/*
 * text.h - a text that grows, and the way from the bytes between tags to the
 * text that a reader sees: character references decoded, line ends made one,
 * bytes that are not UTF-8 replaced, white space collapsed.
 *
 * Copy: text.h text.c entity_data.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_TEXT_H
#define HTML_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- UTF-8, a code point at a time (RFC 3629) ---- */

/* The code point that stands for bytes that mean nothing. */
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
size_t html_utf8_valid(const char *at, size_t len, bool *cut);

/* ---- text ---- */

/* Most bytes that a text holds; what would make it longer is left off. */
#define HTML_TEXT_MAX 1048576

/* How html_text_decode reads its bytes. */
enum html_text_kind {
	HTML_TEXT_AS_IS,
	HTML_TEXT_VALUE,		/* as the value of an attribute */
	HTML_TEXT_COLLAPSE		/* with white space collapsed */
};

/* A text.  Owns `at`; all zero is an empty one. */
struct html_text {
	char *at;
	size_t len, room;
};

/*
 * Appends len bytes as they are, as far as HTML_TEXT_MAX allows.
 * Returns 0 or -ENOMEM (then nothing has changed).
 */
int html_text_add(struct html_text *text, const char *from, size_t len);

/*
 * Replaces the text by what the len bytes at `from` (not of the same text)
 * say: character references are decoded (HTML 13.2.5.72), carriage returns
 * become line feeds (13.2.3.5), NUL and what is not UTF-8 become U+FFFD.
 * Returns 0 or -ENOMEM.
 */
int html_text_decode(struct html_text *text, const char *from, size_t len,
    enum html_text_kind kind);

/*
 * Decodes the value *at of *len bytes, if there is anything to decode in it:
 * then both become what the text holds now.  Returns 0 or -ENOMEM.
 */
int html_text_value(struct html_text *text, const char **at, size_t *len);

/* Frees what the text owns and makes it empty. */
void html_text_free(struct html_text *text);

#ifdef __cplusplus
}
#endif

#endif
