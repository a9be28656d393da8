/*
 * match.c - the link in a heading is found while the page goes by.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "match.h"

#include <string.h>

/* Notes in *path that the link is the right one. */
static bool
found(struct html_match *match, size_t path, const char *at, size_t len)
{
	(void)match;
	return path == 0 && len == 2 && memcmp(at, "/2", 2) == 0;
}

int
main(void)
{
	static const char page[] = "<a href=/1>x</a><h3><a href='/2'>y</a>";
	static const char source[] = "//h3/a/@href";
	static struct html_match match;
	static struct html_open open;
	const struct html_path *paths[1];
	struct html_path *path;
	struct html_scan scan;
	int kind, error;

	if (html_path_compile(&path, source, strlen(source), NULL) != 0)
		return 1;
	paths[0] = path;
	error = html_match_init(&match, paths, 1);
	match.found = found;
	html_open_reset(&open);
	html_scan_init(&scan);
	html_scan_feed(&scan, page, strlen(page));
	while (error == 0 && (kind = html_scan_next(&scan)) > 0) {
		if (kind == HTML_SCAN_START) {
			html_open_start(&open, &scan.token);
			error = html_match_enter(&match, &open, &scan.token);
		} else if (kind == HTML_SCAN_END) {
			html_open_end(&open, &scan.token);
			error = html_match_leave(&match, open.fresh);
		}
	}
	html_scan_free(&scan);
	html_match_free(&match);
	html_path_free(path);
	return error != 0 || !match.enough;
}
