/*
 * scan_state.h - what the scanner's own files share; for scan*.c alone.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_SCAN_STATE_H
#define HTML_SCAN_STATE_H

#include "scan.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A length, and an answer beside those of enum html_scan_kind. */
enum {
	HTML_SCAN_LOOK = 16,		/* "</plaintext>" and room to spare */
	HTML_SCAN_AGAIN = 100		/* not a token: go round once more */
};

/* The states between tokens; `state` of the scanner holds one. */
enum html_scan_state {
	HTML_SCAN_IN_TEXT,
	HTML_SCAN_IN_TAG,
	HTML_SCAN_IN_COMMENT,
	HTML_SCAN_IN_BOGUS,		/* ends at '>' and says nothing */
	HTML_SCAN_IN_DOCTYPE,
	HTML_SCAN_IN_CDATA,
	HTML_SCAN_UNDECIDED		/* as an answer: more bytes needed */
};

/*
 * scan_open.c: the state that the construct beginning with p's '<' is in,
 * HTML_SCAN_IN_TEXT if it is none.  *used becomes how many bytes belong to
 * its opening.
 */
int html_scan_decide(struct html_scan *scan, const char *p, size_t len,
    size_t *used);

/*
 * The next '<' of the piece that may end a script's text, or NULL.  To be
 * called once for each byte: it keeps account of the script's comments.
 */
const char *html_scan_script_find(struct html_scan *scan);

/* Whether a byte is an ASCII letter. */
static inline int
html_scan_is_letter(char c)
{
	return ((unsigned)(unsigned char)c | 0x20) - 'a' < 26u;
}

/*
 * scan.c: a token of text, or HTML_SCAN_AGAIN if nobody wants text.
 */
int html_scan_text(struct html_scan *scan, const char *at, size_t len,
    int raw);

/* Back to text, with a token of this kind found. */
int html_scan_found(struct html_scan *scan, enum html_scan_kind kind);

/*
 * A construct has come to its end at `end`, or (NULL) not yet: carries over
 * what must outlive the piece, and sets the token's base.  Returns
 * HTML_SCAN_AGAIN when the construct is complete.
 */
int html_scan_gather(struct html_scan *scan, const char *end);

/* Whether the tag whose name is in the token is to be handed out. */
static inline int
html_scan_wants(const struct html_scan *scan)
{
	return scan->want != HTML_SCAN_WANT_NOTED || (!scan->is_end &&
	    (scan->token.tag->lists & HTML_TAG_IS_NOTED));
}

/*
 * scan_tag.c: reads the tag whose '<' is at `base` into the token; of one
 * that nobody wants little more than the end.  Returns where it ends, behind
 * its '>', or NULL when the bytes did first; then the attributes are those
 * that were whole.
 */
const char *html_scan_tag_read(struct html_scan *scan, const char *base,
    const char *end);

/*
 * Finds the end of a tag that comes in pieces, of which this is the next, and
 * sets self_closing.  `mark` is its state, 0 at first, behind "<" or "</".
 * Returns as html_scan_tag_read does.
 */
const char *html_scan_tag_end(struct html_scan *scan, const char *p,
    const char *end);

/* Whether a byte ends a tag's name. */
int html_scan_tag_ends_name(unsigned char c);

/* scan_aside.c: one step in each of these states. */
int html_scan_in_comment(struct html_scan *scan);
int html_scan_in_bogus(struct html_scan *scan);
int html_scan_in_doctype(struct html_scan *scan);
int html_scan_in_cdata(struct html_scan *scan);

#ifdef __cplusplus
}
#endif

#endif
