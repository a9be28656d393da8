/*
 * open_stack.h - what the files of the stack of open elements share; for
 * open*.c alone.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_OPEN_STACK_H
#define HTML_OPEN_STACK_H

#include "open.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a search returns when there is none. */
enum { HTML_OPEN_NONE = -1 };

/* The scopes of the standard, as fences for html_open_find. */
enum html_open_scope {
	HTML_OPEN_SCOPE = HTML_TAG_IS_SCOPE,
	HTML_OPEN_BUTTON_SCOPE = HTML_TAG_IS_SCOPE | HTML_TAG_IS_BUTTON_SCOPE,
	HTML_OPEN_ITEM_SCOPE = HTML_TAG_IS_SCOPE | HTML_TAG_IS_ITEM_SCOPE,
	HTML_OPEN_TABLE_SCOPE = HTML_TAG_IS_TABLE_SCOPE
};

/* The innermost frame; there must be one. */
static inline struct html_open_frame *
html_open_top(struct html_open *open)
{
	return &open->frame[open->depth - 1];
}

/* Makes frame i and all above it go, and ghosts that then lie on top. */
void html_open_pop_to(struct html_open *open, int i);

/*
 * An HTML element becomes the innermost; html_open_start has made sure that
 * there is room for four.
 */
void html_open_push(struct html_open *open, const struct html_tag *tag,
    uint32_t hash);

/* Opens an element that the page left out. */
void html_open_imply(struct html_open *open, enum html_tag_id id);

/*
 * The innermost element that has this id (0: none has) or is in one of the
 * lists; HTML_OPEN_NONE if one in the lists `fence` is further in.
 */
int html_open_find(const struct html_open *open, unsigned id, unsigned lists,
    unsigned fence);

/* Closes what html_open_find finds. */
void html_open_close(struct html_open *open, unsigned id, unsigned lists,
    unsigned fence);

/*
 * Takes the innermost formatting element or form with this id off (13.2.6.4.7,
 * the adoption agency, in short).  Where it holds a block that is still open,
 * or the form anything, that outlives it.
 */
void html_open_take_off(struct html_open *open, unsigned id);

/*
 * open_place.c: before the body (13.2.6.4.2 to 6), what belongs into head
 * opens it, even again, and all else ends it.  0: the tag is ignored.
 */
int html_open_before_body(struct html_open *open, const struct html_tag *tag);

/* An HTML element makes way for itself in the body.  0: it is ignored. */
int html_open_place(struct html_open *open, const struct html_tag *tag);

/*
 * The parent of the first new element: what cannot stand in a table goes in
 * front of it (13.2.6.1, foster parenting).
 */
int html_open_foster(const struct html_open *open,
    const struct html_tag *tag);

#ifdef __cplusplus
}
#endif

#endif
