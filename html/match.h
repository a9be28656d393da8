/*
 * match.h - paths matched while the page goes by, without a tree.
 *
 * All steps of all paths are numbered, and a set of them is one word of 64
 * bits.  For each open element there is such a set: the steps that may match
 * something directly inside it.  A start tag takes the set of its parent and
 * keeps the steps that its name and attributes satisfy.  That yields the set
 * for what is inside it: the next step of each satisfied step, and of the
 * parent's set all steps behind "//", which apply at any depth.
 *
 * Show it what open.h makes of the page: html_match_enter after a tag that
 * changed the stack, html_match_leave for a comment, html_match_text for text.
 *
 * Copy: match.h match.c path.h path.c open.h open.c scan.h scan.c tag.h
 *     tag.c tag_id_data.h tag_data.h text.h text.c entity_data.h reader.h
 *     reader.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_MATCH_H
#define HTML_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "open.h"
#include "path.h"
#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Most steps of all paths together. */
#define HTML_MATCH_STEPS 64
/* Nodes whose text is gathered at once; beyond it the outermost are cut. */
#define HTML_MATCH_PENDING 65536

/* A step, and the path it is of. */
struct html_match_step {
	const struct html_path_step *step;
	const struct html_path *path;
	size_t index;			/* of the path */
	unsigned first_count;		/* its first counter */
};

/*
 * An element or text node that a path selects, whose text is being gathered.
 * All private.
 */
struct html_match_pending {
	size_t path;
	unsigned frame;			/* of the stack; see html_match_text */
	int outer;			/* the open one around it, or -1 */
	size_t from, to;		/* in gathered */
};

/* The attributes of <html> or <body>, which a late tag adds to; private. */
struct html_match_root {
	struct html_text bytes;		/* the names and values */
	struct html_scan_attr attrs[HTML_SCAN_ATTRS];
	unsigned count;
};

/* All private but the first two. */
struct html_match {
	/*
	 * Told of each match, in document order; the text is borrowed for
	 * the call.  Returns true for "enough", which ends all matching.  It
	 * must not call html_match functions.
	 */
	bool (*found)(struct html_match *match, size_t path, const char *at,
	    size_t len);
	/* Texts were too long or too many, and some have been cut. */
	bool limited;

	struct html_match_step steps[HTML_MATCH_STEPS];
	unsigned step_count;
	unsigned counters;		/* one for each [3] of a step */
	/* Sets of steps: the first ones, those behind "//", by kind ... */
	uint64_t begin, deep, attributes, texts;
	uint64_t by_tag[HTML_TAG_COUNT];	/* ... by element */
	bool enough;
	uint32_t *counts;		/* `counters` for each level */
	struct html_match_root roots[2];	/* of the frames 0 and 1 */
	struct html_text gathered, decoded;
	struct html_match_pending *pending;
	unsigned pending_count, pending_room;
	int innermost;			/* of the pending that are open; -1 */
	/* By level: 0 is the document, i + 1 is inside frame i. */
	uint64_t inside[HTML_OPEN_MAX + 1];
};

/*
 * Sets up matching of `count` paths, which are borrowed.  Returns 0, -ENOMEM,
 * or -E2BIG when they have more than HTML_MATCH_STEPS steps; html_match_free
 * is due in any case.
 */
int html_match_init(struct html_match *match,
    const struct html_path *const *paths, size_t count);

/* At the start of a page. */
void html_match_reset(struct html_match *match);

/*
 * The elements that html_open_start or html_open_text has opened.  `tag` is
 * NULL when it was ignored, or was not a tag but text.  Returns 0 or -ENOMEM.
 */
int html_match_enter(struct html_match *match, const struct html_open *open,
    const struct html_scan_token *tag);

/*
 * What html_open_start calls HTML_OPEN_MERGED, after html_match_enter: the
 * paths match from here on as if the attributes had been there at once, but
 * for the text of that element itself.  Returns 0 or -ENOMEM.
 */
int html_match_merge(struct html_match *match, const struct html_open *open,
    const struct html_scan_token *tag);

/*
 * The frames from `depth` up are closed: open->depth after html_open_settle,
 * or after what ends a text, such as a comment.  Returns 0 or -ENOMEM.
 */
int html_match_leave(struct html_match *match, unsigned depth);

/*
 * Text in the innermost element.  Its node counts as one more frame on top of
 * the stack, so that any html_match_enter or html_match_leave ends it.
 * Returns 0 or -ENOMEM.
 */
int html_match_text(struct html_match *match, const struct html_open *open,
    const struct html_scan_token *text);

/* Whether text in the innermost element matters. */
bool html_match_wants_text(const struct html_match *match,
    const struct html_open *open);

/* Frees what the matching owns. */
void html_match_free(struct html_match *match);

#ifdef __cplusplus
}
#endif

#endif
