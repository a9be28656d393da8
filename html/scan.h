/*
 * scan.h - the tokenizer: bytes go in, in pieces; tags and text come out.
 *
 * After the WHATWG standard (HTML 13.2.5), with scripting off.  Two ideas:
 * it works where the bytes lie, and it is restartable anywhere.  Text is
 * handed out as slices of the piece; what begins with '<' and is cut by the
 * end of a piece is gathered in a buffer of the scanner's own, at most
 * HTML_SCAN_CARRY bytes of it, and no byte is looked at more than twice,
 * however small the pieces are.
 *
 * Names and values are handed out as the page spells them: letters in
 * either case, references undecoded (text.h does that).
 *
 * Copy along: tag.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_SCAN_H
#define HTML_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "tag.h"

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

/* What html_scan_next is to hand out; each adds to the one before it. */
enum html_scan_want {
	HTML_SCAN_WANT_NOTED,		/* start tags of HTML_TAG_IS_NOTED */
	HTML_SCAN_WANT_TAGS,		/* all tags */
	HTML_SCAN_WANT_TEXT		/* and text */
};

/* Offsets from the tag's '<'. */
struct html_scan_attr {
	uint32_t name, name_len, value, value_len;
};

/* Borrowed from the scanner and the piece until the next call. */
struct html_scan_token {
	enum html_scan_kind kind;
	/*
	 * Text: the bytes.  Tags: the name.  A doctype: what stands between
	 * "<!doctype" and '>', as far as HTML_SCAN_CARRY.
	 */
	const char *at;
	size_t len;
	int raw;			/* text: '&' stands for itself */
	int self_closing;		/* the tag ends in "/>" */
	uint32_t hash;			/* of the name, in lower case */
	const struct html_tag *tag;	/* never NULL for a tag */
	const char *base;		/* what the attributes count from */
	const struct html_scan_attr *attrs;
	unsigned attr_count;
};

/*
 * All members are private but the first three.  A "construct" is what begins
 * with '<'.
 */
struct html_scan {
	struct html_scan_token token;	/* the last found */
	int cdata;			/* set while in svg or math */
	enum html_scan_want want;

	const char *at, *end;		/* what is left of the piece */
	const char *begun;		/* the construct; NULL: in carry */
	int finished, failed;
	int state;			/* enum html_scan_state */
	int mark;			/* place inside the state */
	int script;			/* 1, 2: in script's comments */
	const struct html_tag *raw;	/* whose raw text this is, or NULL */
	int is_end;			/* the tag began with "</" */
	char *carry;			/* a construct cut by a piece's end */
	size_t carry_len, carry_room;
	struct html_scan_attr attrs[HTML_SCAN_ATTRS];
};

/* Makes a scanner of any memory; html_scan_free frees what it owns. */
void html_scan_init(struct html_scan *scan);

/* Back to the start of a page, wanting text; keeps the memory. */
void html_scan_reset(struct html_scan *scan);

/*
 * Gives the next piece, which must stay until html_scan_next has returned
 * HTML_SCAN_MORE.  Only to be called then, or first.
 */
void html_scan_feed(struct html_scan *scan, const char *at, size_t len);

/* The page ends here: what was cut short is found by html_scan_next. */
void html_scan_finish(struct html_scan *scan);

/*
 * Finds the next token and leaves it in scan->token.  Returns its kind, or
 * -ENOMEM, and ever after.
 */
int html_scan_next(struct html_scan *scan);

/*
 * What follows the start tag just found is raw text, if the standard says so
 * of its element.  To be called for each start tag of the HTML namespace
 * that is not ignored.
 */
void html_scan_raw(struct html_scan *scan);

/*
 * The attribute called `name` (lower case, NUL-terminated) of a start tag.
 * Returns whether there is one; its value, maybe empty, is borrowed.
 */
int html_scan_value(const struct html_scan_token *tag, const char *name,
    const char **at, size_t *len);

/* Frees what a scanner owns. */
void html_scan_free(struct html_scan *scan);

#ifdef __cplusplus
}
#endif

#endif
