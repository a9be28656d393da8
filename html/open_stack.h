/*
 * open_stack.h - what the files of the stack of open elements share; for
 * open*.c alone.
 */
#ifndef HTML_OPEN_STACK_H
#define HTML_OPEN_STACK_H

#include "open.h"

/* What a search returns when there is none. */
enum { HTML_OPEN_NONE = -1 };

/* The innermost frame; there must be one. */
static inline struct html_open_frame *
html_open_top(struct html_open *open)
{
	return &open->frame[open->depth - 1];
}

/* Makes frame i and all above it go, and ghosts that then lie on top. */
void html_open_pop_to(struct html_open *open, int i);

/* As html_open_pop_to, unless i is HTML_OPEN_NONE. */
void html_open_close(struct html_open *open, int i);

/*
 * An HTML element becomes the innermost; html_open_start has made sure that
 * there is room for four.
 */
void html_open_push(struct html_open *open, unsigned id, uint32_t hash,
    unsigned lists);

/* Opens an element that the page left out. */
void html_open_imply(struct html_open *open, unsigned id);

/*
 * The innermost element with this id in scope; `fence` and `fence2` are
 * further elements at which the search ends (button, or ol and ul), or 0.
 */
int html_open_find(const struct html_open *open, unsigned id, unsigned fence,
    unsigned fence2);

/* The innermost element in scope that stands in one of the lists. */
int html_open_find_list(const struct html_open *open, unsigned lists);

/* "In table scope": only html, table and template end the search. */
int html_open_find_in_table(const struct html_open *open, unsigned id);

/* Closes a p in button scope. */
void html_open_close_p(struct html_open *open);

/* A formatting element is taken off, though what it holds stays. */
void html_open_make_ghost(struct html_open *open, int i);

/*
 * Ends a formatting element (13.2.6.4.7, the adoption agency, in short): if
 * it holds a block that is still open, that block outlives it.
 */
void html_open_end_format(struct html_open *open, unsigned id);

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

#endif
