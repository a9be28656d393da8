/*
 * open.h - the stack of open elements (HTML 13.2.4.2): which element are we
 * in, after all the end tags that authors leave out?
 *
 * Show it each tag, and the text in front of the body.  It follows the tree
 * construction of the standard (13.2.6) as far as a stack can, without a
 * tree: html, head, body, tbody and tr that are left out, what closes a p,
 * scopes, tables, svg and math.  Three things are simpler than there:
 *
 * - A formatting element (b, a ...) that its block has closed is not opened
 *   again in the next block (13.2.4.3).
 * - A formatting element that ends before a block in it, as in <b><p></b>,
 *   stays on the stack as a "ghost", without a name, until that block ends.
 * - Quirks mode, in which a table does not close a p, is that of all pages
 *   without a doctype "html"; its public identifier does not count.
 *
 * Copy: open.h open.c scan.h scan.c tag.h tag.c tag_id_data.h tag_data.h
 *     text.h text.c entity_data.h reader.h reader.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_OPEN_H
#define HTML_OPEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "scan.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Most elements that are open at a time.  A start tag may open four, since it
 * stands for those in front of it that were left out: where there is no room
 * for four, it is passed over, with its end.  So 509 can always be open.
 */
#define HTML_OPEN_MAX 512

/* What html_open_start made of a start tag. */
enum html_open_result {
	HTML_OPEN_IGNORED,		/* the standard drops such a tag */
	HTML_OPEN_HTML,			/* an HTML element */
	HTML_OPEN_FOREIGN,		/* an element of svg or math */
	HTML_OPEN_TOO_DEEP,		/* passed over: see HTML_OPEN_MAX */
	/*
	 * A html or body that comes late: it opens nothing, but the open one,
	 * frame 0 or 1, gets those of its attributes that it does not have.
	 */
	HTML_OPEN_MERGED
};

/* Which language an element is of. */
enum html_open_space {
	HTML_OPEN_IN_HTML,
	HTML_OPEN_IN_SVG,
	HTML_OPEN_IN_MATH
};

/* An open element. */
struct html_open_frame {
	uint32_t hash;			/* of the name */
	uint32_t lists;			/* enum html_tag_list */
	uint8_t id;			/* HTML_TAG_OTHER if not HTML */
	uint8_t space : 2;		/* enum html_open_space */
	uint8_t holds_html : 1;		/* svg or math, but HTML inside */
	uint8_t ghost : 1;		/* goes when what is above goes */
};

/*
 * The frames [0, depth) are open, the innermost last.  After each call, those
 * below `fresh` are the elements they were before it; those from `fresh` up
 * are new.  The first of the new ones is a child of frame `parent` (-1: of
 * the document), each other of the one before it.  Only the last of them has
 * the attributes of the tag; the others were left out in the page.
 */
struct html_open {
	unsigned depth, fresh;
	int parent;
	unsigned templates;		/* how many <template> we are in */
	bool limited;			/* there was one that is too deep */

	/* The rest is private. */
	bool quirks;			/* a table does not close a p */
	bool had_head, in_body;
	bool in_frameset;		/* there will be no body */
	bool leaf;			/* the innermost has no content */
	unsigned over;			/* elements open beyond the limit */
	struct html_open_frame frame[HTML_OPEN_MAX];
};

/* At the start of a page. */
void html_open_reset(struct html_open *open);

/* A doctype: "html" lets a table close a p. */
void html_open_doctype(struct html_open *open,
    const struct html_scan_token *doctype);

/*
 * A start tag.  Unless it is ignored, its element is the innermost now, even
 * when it can have no content: html_open_settle takes that away.  Elements
 * in front of it may be new even if it is ignored.
 */
enum html_open_result html_open_start(struct html_open *open,
    const struct html_scan_token *tag);

/* Closes the element just opened if it is one that has no content. */
void html_open_settle(struct html_open *open);

/*
 * An end tag.  That of a p or br which is not open is an empty element of that
 * name: then it is the innermost, as after html_open_start.
 */
void html_open_end(struct html_open *open,
    const struct html_scan_token *tag);

/*
 * Text, which needs to be told only while html_open_in_body is false: what is
 * not white space opens the body.  Returns whether it has done so.
 */
bool html_open_text(struct html_open *open, const char *at, size_t len);

/* Whether the body has begun. */
static inline bool
html_open_in_body(const struct html_open *open)
{
	return open->in_body;
}

/*
 * Whether text in the innermost element belongs to the page: it does not in a
 * template, whose content is a document of its own, nor between frames.
 */
static inline bool
html_open_shows_text(const struct html_open *open)
{
	return open->templates == 0 && (!open->in_frameset ||
	    open->frame[open->depth - 1].id == HTML_TAG_NOFRAMES);
}

/* Whether the innermost element is of svg or math, so that CDATA counts. */
static inline bool
html_open_is_foreign(const struct html_open *open)
{
	return open->depth > 0 &&
	    open->frame[open->depth - 1].space != HTML_OPEN_IN_HTML;
}

#ifdef __cplusplus
}
#endif

#endif
