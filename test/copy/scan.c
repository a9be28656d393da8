/*
 * scan.c - counts the images of a page that comes in two pieces.  The cut
 * goes through a tag, and what stands in a script is no tag.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "scan.h"

#include <string.h>

int
main(void)
{
	static const char *const pieces[2] = { "<img src=a.png><im",
	    "g src='b.png'><script>'<img src=c.png>'</script>" };
	static struct html_scan scan;
	const char *src = NULL;
	size_t len = 0;
	int found, images = 0, i;

	html_scan_init(&scan);
	for (i = 0; i < 2; i++) {
		html_scan_feed(&scan, pieces[i], strlen(pieces[i]));
		while ((found = html_scan_next(&scan)) > 0) {
			if (found != HTML_SCAN_START)
				continue;
			html_scan_raw(&scan);
			if (scan.token.tag->id == HTML_TAG_IMG &&
			    html_scan_value(&scan.token, "src", &src, &len))
				images++;
		}
	}
	found = images == 2 && len == 5 && memcmp(src, "b.png", 5) == 0;
	html_scan_free(&scan);
	return !found;
}
