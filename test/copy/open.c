/*
 * open.c - the second <p> closes the first, so three elements are open at the
 * end of this page: html and body, that were left out, and a p.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "open.h"

#include <string.h>

int
main(void)
{
	static const char page[] = "<p>one<p>two <b>words</b>.";
	static struct html_open open;
	struct html_scan scan;
	int found;

	html_open_reset(&open);
	html_scan_init(&scan);
	html_scan_feed(&scan, page, strlen(page));
	while ((found = html_scan_next(&scan)) > 0) {
		if (found == HTML_SCAN_START &&
		    html_open_start(&open, &scan.token) == HTML_OPEN_HTML)
			html_scan_raw(&scan);
		if (found == HTML_SCAN_END)
			html_open_end(&open, &scan.token);
		html_open_settle(&open);
	}
	html_scan_free(&scan);
	return open.depth != 3 || open.frame[0].id != HTML_TAG_HTML ||
	    open.frame[1].id != HTML_TAG_BODY ||
	    open.frame[2].id != HTML_TAG_P;
}
