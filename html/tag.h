/*
 * tag.h - the names of elements, and what the standard says of each.
 *
 * html_tag_find turns a name into one of the elements that HTML treats in a
 * way of their own.  tag_gen.py writes the data, tag_id_data.h and tag_data.h.
 *
 * Copy: tag.h tag.c tag_id_data.h tag_data.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_TAG_H
#define HTML_TAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tag_id_data.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How the tokenizer reads what follows a start tag (HTML 13.2.5). */
enum html_tag_text {
	HTML_TAG_TEXT_DATA,
	HTML_TAG_TEXT_RCDATA,		/* references, but no tags */
	HTML_TAG_TEXT_RAWTEXT,		/* neither */
	HTML_TAG_TEXT_SCRIPT,		/* neither, and comments hide its end */
	HTML_TAG_TEXT_PLAINTEXT		/* neither, and there is no end */
};

/* The lists in which an element stands; tag_gen.py has them. */
enum html_tag_list {
	HTML_TAG_IS_VOID = 1,		/* has no content */
	HTML_TAG_IS_SPECIAL = 1 << 1,
	/* Where searches end: "in scope", in three other scopes, ... */
	HTML_TAG_IS_SCOPE = 1 << 2,
	HTML_TAG_IS_BUTTON_SCOPE = 1 << 3,
	HTML_TAG_IS_ITEM_SCOPE = 1 << 4,
	HTML_TAG_IS_TABLE_SCOPE = 1 << 5,
	HTML_TAG_IS_ITEM_WALL = 1 << 6,	/* ... for a li, dd or dt */
	HTML_TAG_IS_CLOSES_P = 1 << 7,
	HTML_TAG_IS_BLOCK = 1 << 8,	/* its end tag closes by scope */
	HTML_TAG_IS_IMPLIED = 1 << 9,	/* its end tag may be left out */
	HTML_TAG_IS_FORMAT = 1 << 10,	/* formatting */
	HTML_TAG_IS_HEAD = 1 << 11,	/* may stand in head */
	HTML_TAG_IS_TABLE = 1 << 12,	/* ignored outside a table */
	HTML_TAG_IS_BARE = 1 << 13,	/* a table, or around its cells */
	HTML_TAG_IS_CELL = 1 << 14,	/* or caption */
	HTML_TAG_IS_TERM = 1 << 15,	/* dd and dt */
	HTML_TAG_IS_HEADING = 1 << 16,	/* h1 to h6 */
	HTML_TAG_IS_BREAKOUT = 1 << 17,	/* ends svg and math */
	HTML_TAG_IS_MATH_TEXT = 1 << 18,	/* HTML inside math */
	HTML_TAG_IS_SVG_HTML = 1 << 19,	/* HTML inside svg */
	HTML_TAG_IS_NOTED = 1 << 20	/* matters wherever it stands */
};

/* What is known of an element. */
struct html_tag {
	uint64_t word;			/* the first eight letters, packed */
	char name[15];			/* lower case, NUL-terminated */
	uint8_t len;
	uint8_t id;			/* enum html_tag_id */
	uint8_t text;			/* enum html_tag_text */
	uint32_t lists;			/* enum html_tag_list, or-ed */
};

/* One byte as HTML compares names: A to Z become a to z. */
static inline unsigned char
html_tag_lower(unsigned char c)
{
	return (unsigned char)(c + ((unsigned)c - 'A' < 26u) * 32u);
}

/* Whether a byte is white space, as HTML has it. */
static inline bool
html_tag_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* Whether a byte is an ASCII letter. */
static inline bool
html_tag_is_letter(char c)
{
	return ((unsigned)(unsigned char)c | 0x20) - 'a' < 26u;
}

/* The first byte from `at` on that is not white space, or `end`. */
static inline const char *
html_tag_skip_space(const char *at, const char *end)
{
	while (at < end && html_tag_is_space(*at))
		at++;
	return at;
}

/* Whether len bytes are `word` (lower case) in letters of either case. */
bool html_tag_same(const char *at, size_t len, const char *word,
    size_t word_len);

/*
 * The element that a name of len bytes names, in letters of either case;
 * never NULL, maybe HTML_TAG_OTHER.  Up to `room` (at least len) bytes at
 * `name` can be read.  *hash becomes a number for the name, as good as 30 bits
 * can be; its last 8 bits are enough to know a name that has an id.
 */
const struct html_tag *html_tag_find(const char *name, size_t len,
    size_t room, uint32_t *hash);

/* The element with an id. */
const struct html_tag *html_tag_of(enum html_tag_id id);

#ifdef __cplusplus
}
#endif

#endif
