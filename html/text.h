/*
 * text.h - a growable piece of text, and the way from the bytes between
 * tags to the text a reader sees: references decoded, line ends made one,
 * bytes that are not UTF-8 replaced, white space collapsed.
 *
 * Copy along: entity.h, utf8.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_TEXT_H
#define HTML_TEXT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Most bytes that a text holds; what would make it longer is left off. */
#define HTML_TEXT_MAX 1048576

/* How html_text_decode reads its bytes. */
enum html_text_kind {
	HTML_TEXT_AS_IS,
	HTML_TEXT_VALUE,		/* as the value of an attribute */
	HTML_TEXT_COLLAPSE		/* with white space collapsed */
};

/* Owns `at`; all zero is an empty text. */
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
 * Appends bytes in which '&' stands for itself (a script, say), so that
 * html_text_decode gives them back.  Returns as html_text_add does.
 */
int html_text_add_raw(struct html_text *text, const char *from, size_t len);

/*
 * Replaces the text by what the len bytes at `from` (not of the same text)
 * say: character references are decoded (HTML 13.2.5.72), carriage returns
 * become line feeds (13.2.3.5), NUL and what is not UTF-8 become U+FFFD.
 * Returns 0 or -ENOMEM.
 */
int html_text_decode(struct html_text *text, const char *from, size_t len,
    enum html_text_kind kind);

/*
 * Decodes the value *at, if there is anything to decode in it: then *at
 * becomes what the text holds now.  Returns as html_text_decode does.
 */
int html_text_value(struct html_text *text, const char **at, size_t *len);

/* Frees what the text owns and makes it empty. */
void html_text_free(struct html_text *text);

#ifdef __cplusplus
}
#endif

#endif
