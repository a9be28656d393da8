/*
 * title.h - the title of a page: the first HTML title, as a reader sees it.
 *
 * Copy along: scan.h, text.h and what they name.
 */
#ifndef HTML_TITLE_H
#define HTML_TITLE_H

#include "scan.h"
#include "text.h"

/* How much of the title is known. */
enum html_title_state {
	HTML_TITLE_NONE,		/* not seen yet */
	HTML_TITLE_OPEN,		/* its text is coming */
	HTML_TITLE_KNOWN		/* `text` is the title */
};

/* All zero is a page without a title so far. */
struct html_title {
	enum html_title_state state;
	struct html_text text, raw;
};

/* Forgets the title, keeps the memory. */
void html_title_reset(struct html_title *title);

/* A title start tag of the HTML namespace; only the first one matters. */
void html_title_start(struct html_title *title);

/* Text inside the title; 0 or -ENOMEM. */
int html_title_text(struct html_title *title,
    const struct html_scan_token *text);

/* The title has ended, or the page: decodes it.  0 or -ENOMEM. */
int html_title_end(struct html_title *title);

/* Frees what a title owns. */
void html_title_free(struct html_title *title);

#endif
