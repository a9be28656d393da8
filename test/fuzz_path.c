/*
 * fuzz_path.c - any bytes as a path: compiled and matched, or refused with a
 * reason that stands where it says.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../html/extractor.h"
#include "fuzz.h"

static const char fuzz_page[] = "<html class=x><head><title>A</title><body>"
    "<h1 id=top class='x y'>B</h1><ul><li><a href=1>C</a><li><a href=2>D"
    "</ul><table><tr><td>E<td class=x>F</table><p>G<b>H</b><svg><a>I";

static bool
fuzz_path_match(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	(void)sink;
	(void)at;
	if (path != 0 || len > sizeof(fuzz_page))
		abort();
	return false;
}

static void
fuzz_path_use(const struct html_path *path)
{
	struct html_extractor_sink sink = { .match = fuzz_path_match };
	struct html_extractor_options want = {
		.paths = &path, .path_count = 1,
	};
	struct html_extractor *x = html_extractor_new(&want, &sink);

	if (x == NULL)
		abort();
	html_extractor_start(x, "utf-8", 5);
	if (html_extractor_feed(x, fuzz_page, sizeof(fuzz_page) - 1) < 0 ||
	    html_extractor_finish(x) < 0)
		abort();
	html_extractor_free(x);
}

void
fuzz_one(const uint8_t *at, size_t len)
{
	struct html_path_error error = { len + 1, NULL };
	struct html_path *path;
	int rc = html_path_compile(&path, (const char *)at, len, &error);

	if (rc < 0) {
		if (path != NULL || error.at > len || error.what == NULL)
			abort();
		return;
	}
	if (path->step_count == 0 || path->step_count > HTML_PATH_STEPS ||
	    path->test_count > HTML_PATH_TESTS)
		abort();
	fuzz_path_use(path);
	html_path_free(path);
}
