/*
 * link.h - which tags lead to another page, and how.
 *
 * Copy along: scan.h, text.h and what they name.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_LINK_H
#define HTML_LINK_H

#include <stddef.h>

#include "scan.h"
#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a page points at another. */
enum html_link_kind {
	HTML_LINK_NONE,
	HTML_LINK_A,			/* <a href> */
	HTML_LINK_AREA,			/* <area href> */
	HTML_LINK_BASE,			/* <base href>: what all resolve by */
	HTML_LINK_CANONICAL,		/* <link rel=canonical> */
	HTML_LINK_NEXT,			/* <link rel=next> */
	HTML_LINK_FEED,			/* <link rel=alternate type=...+xml> */
	HTML_LINK_REFRESH		/* <meta http-equiv=refresh> */
};

/* A link of a page. */
struct html_link {
	enum html_link_kind kind;
	/*
	 * The URL as the page spells it, unresolved: references decoded,
	 * valid UTF-8, white space around it still there.  Borrowed from
	 * the page or from the text given to html_link_find.
	 */
	const char *href;
	size_t len;
	unsigned long delay_s;		/* HTML_LINK_REFRESH only */
};

/*
 * Looks at a start tag of the HTML namespace.  Returns 1 and fills *link
 * when it is a link, 0 when it is not, or -ENOMEM.  `text` is room for a
 * URL that has to be decoded; the link borrows it until its next use.
 */
int html_link_find(struct html_link *link, const struct html_scan_token *tag,
    struct html_text *text);

#ifdef __cplusplus
}
#endif

#endif
