/*
 * scan.h - the tokenizer: bytes go in, in pieces; tags and text come out.
 *
 * After the WHATWG standard (HTML 13.2.5), with scripting off.  Two ideas:
 * it works where the bytes lie, and it can stop and go on at any byte.  Text
 * is handed out as slices of the piece.  A tag that the end of a piece cuts is
 * carried over in a buffer of the scanner's own, at most HTML_SCAN_CARRY
 * bytes of it, and no byte is looked at more than twice, however small the
 * pieces are.
 *
 * Names and values are handed out as the page spells them: letters in
 * either case, character references undecoded (text.h decodes them).
 *
 * Copy: scan.h scan.c tag.h tag.c tag_id_data.h tag_data.h text.h text.c
 *     entity_data.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_SCAN_H
#define HTML_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tag.h"
#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Attributes beyond this many of one tag are read over. */
#define HTML_SCAN_ATTRS 64
/* An attribute that ends further than this from its '<' is read over. */
#define HTML_SCAN_CARRY 65536

/* What html_scan_next has found. */
enum html_scan_kind {
	HTML_SCAN_MORE,			/* nothing: feed the next piece */
	HTML_SCAN_TEXT,			/* part of a run of text */
	HTML_SCAN_START,
	HTML_SCAN_END,
	HTML_SCAN_COMMENT,		/* or what counts as one */
	HTML_SCAN_DOCTYPE
};

/* What html_scan_next hands out; each adds to the one before it. */
enum html_scan_want {
	HTML_SCAN_WANT_NOTED,		/* start tags of HTML_TAG_IS_NOTED */
	HTML_SCAN_WANT_TAGS,		/* all tags */
	HTML_SCAN_WANT_TEXT		/* and text */
};

/* An attribute: offsets from the tag's '<', and lengths. */
struct html_scan_attr {
	uint32_t name, name_len, value, value_len;
};

/* What was found; borrowed from the scanner and the piece until the next. */
struct html_scan_token {
	enum html_scan_kind kind;
	/*
	 * Text: the bytes.  Tags: the name.  A doctype: what stands between
	 * "<!doctype" and '>', as far as HTML_SCAN_CARRY.
	 */
	const char *at;
	size_t len;
	bool raw;			/* text: '&' stands for itself */
	bool self_closing;		/* the tag ends in "/>" */
	uint32_t hash;			/* of the name, in lower case */
	const struct html_tag *tag;	/* never NULL for a tag */
	const char *base;		/* the '<' that offsets count from */
	const struct html_scan_attr *attrs;
	unsigned attr_count;
};

/* A scanner.  All members but the first five are private. */
struct html_scan {
	struct html_scan_token token;	/* the last found */
	bool limited;			/* attributes were read over */
	bool cdata;			/* the caller sets it in svg and math */
	enum html_scan_want want;	/* the caller may change it any time */
	bool met[256];			/* start tags, see html_tag_find */

	const char *at, *end;		/* what is left of the piece */
	bool finished, failed;
	uint8_t state;			/* enum html_scan_state */
	uint8_t tag_state;		/* enum html_scan_tag_state */
	uint8_t script;			/* 1, 2: in comments of a script */
	bool is_end;			/* the tag began with "</" */
	char byte;			/* one of carry, handed out alone */
	const struct html_tag *raw_of;	/* whose raw text this is, or NULL */
	struct html_text carry;		/* what the end of a piece has cut */
	struct html_scan_attr attrs[HTML_SCAN_ATTRS];
};

/*
 * Makes a scanner of any memory, which must stay where it is;
 * html_scan_free frees what it owns.
 */
void html_scan_init(struct html_scan *scan);

/* Back to the start of a page, wanting text; keeps the memory. */
void html_scan_reset(struct html_scan *scan);

/*
 * Gives the next piece, which must stay until html_scan_next has returned
 * HTML_SCAN_MORE.  Only to be called then, or first.
 */
void html_scan_feed(struct html_scan *scan, const char *at, size_t len);

/* The page ends here: html_scan_next then finds what was cut short. */
void html_scan_finish(struct html_scan *scan);

/*
 * Finds the next token and leaves it in scan->token.  Returns its kind, or
 * -ENOMEM, then and ever after.
 */
int html_scan_next(struct html_scan *scan);

/*
 * To be called for each start tag of an HTML element, once it is found: if
 * the standard says so of the element, what follows is raw text, in which no
 * tag counts but its own end tag.
 */
void html_scan_raw(struct html_scan *scan);

/*
 * Looks for the attribute `name` (lower case, NUL-terminated) of a start tag.
 * Returns whether there is one; its value, maybe empty, is borrowed from the
 * token.
 */
bool html_scan_value(const struct html_scan_token *tag, const char *name,
    const char **at, size_t *len);

/* Frees what a scanner owns. */
void html_scan_free(struct html_scan *scan);

#ifdef __cplusplus
}
#endif

#endif
