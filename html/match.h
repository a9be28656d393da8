/*
 * match.h - paths matched while the page goes by, without a tree.
 *
 * All steps of all paths are numbered, and a set of them is one word of 64
 * bits.  For each open element there is such a set: the steps that may match
 * something directly inside it.  A start tag takes the set of its parent,
 * keeps the steps that its name and attributes satisfy, and that yields the
 * set for what is inside it: each satisfied step hands on to the next step,
 * and each step behind "//" stays.
 *
 * Copy along: path.h, open.h, text.h and what they name.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_MATCH_H
#define HTML_MATCH_H

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
/* Elements whose text is gathered at once; more are passed over. */
#define HTML_MATCH_PENDING 4096

/* A step, and the path it is of. */
struct html_match_step {
	const struct html_path_step *step;
	const struct html_path *path;
	size_t index;			/* of the path */
	unsigned first_count;		/* its first counter */
};

/* An element or text node whose text is being gathered; all private. */
struct html_match_pending {
	size_t path;
	unsigned frame;			/* the element's, or the parent's */
	int is_text;
	int outer;			/* the open one around it, or -1 */
	size_t from, to;		/* in gathered */
};

/* All private but `found`. */
struct html_match {
	/*
	 * Told of each match, in document order; the text is borrowed for
	 * the call.  Returns 1 for "enough", which ends all matching.
	 */
	int (*found)(struct html_match *match, size_t path, const char *at,
	    size_t len);

	struct html_match_step steps[HTML_MATCH_STEPS];
	unsigned step_count, counters;
	uint64_t begin, deep, attributes, texts;
	uint64_t by_tag[HTML_TAG_COUNT];
	int enough;
	uint32_t *counts;		/* `counters` for each frame */
	struct html_text gathered, decoded;
	struct html_match_pending *pending;
	unsigned pending_count, pending_room;
	int innermost;			/* of the pending that are open; -1 */
	uint64_t inside[HTML_OPEN_MAX + 1];	/* [0]: the document */
};

/*
 * Sets up matching of `count` paths, which are borrowed.  Returns 0, -ENOMEM,
 * or -E2BIG when they have more than HTML_MATCH_STEPS steps.
 */
int html_match_init(struct html_match *match,
    const struct html_path *const *paths, size_t count);

/* At the start of a page. */
void html_match_reset(struct html_match *match);

/*
 * The elements that a start tag has opened, after html_open_start; `tag` is
 * NULL when it was ignored, or was not a tag but text.  0 or -ENOMEM, as all
 * the following.
 */
int html_match_enter(struct html_match *match, const struct html_open *open,
    const struct html_scan_token *tag);

/* The frames from `depth` up are closed; any tag or comment ends a text(). */
int html_match_leave(struct html_match *match, unsigned depth);

/* Text in the innermost element. */
int html_match_text(struct html_match *match, const struct html_open *open,
    const struct html_scan_token *text);

/* Whether text in the innermost element matters. */
int html_match_wants_text(const struct html_match *match,
    const struct html_open *open);

/* Frees what the matching owns. */
void html_match_free(struct html_match *match);

#ifdef __cplusplus
}
#endif

#endif
