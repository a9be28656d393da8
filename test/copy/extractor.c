/*
 * extractor.c - the title of a page in windows-1252, as UTF-8, and of its
 * links only those in an h3.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "extractor.h"

#include <string.h>

static int titles, matches;

static bool
on_title(struct html_extractor_sink *sink, const char *at, size_t len)
{
	(void)sink;
	titles += len == 5 && memcmp(at, "Caf\xC3\xA9", 5) == 0;
	return false;
}

static bool
on_match(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	(void)sink;
	matches += path == 0 && len == 1 && *at == '2';
	return false;
}

int
main(void)
{
	static const char page[] = "<title>Caf\xE9</title><a href=1>"
	    "<h3><a href=2></h3>";
	struct html_extractor_sink sink = { on_title, NULL, on_match, NULL };
	struct html_extractor_options want = { true, false, NULL, 1 };
	struct html_extractor *x;
	struct html_path *path;
	const struct html_path *paths[1];

	if (html_path_compile(&path, "//h3/a/@href", 12, NULL) < 0)
		return 1;
	paths[0] = path;
	want.paths = paths;
	x = html_extractor_new(&want, &sink);
	if (x == NULL)
		return 1;
	html_extractor_start(x, "windows-1252", 12);
	html_extractor_feed(x, page, strlen(page));
	html_extractor_finish(x);
	html_extractor_free(x);
	html_path_free(path);
	return titles != 1 || matches != 1;
}
