/*
 * path.c - what a path selects is compiled into steps, and a path that is
 * wrong says where and why.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "path.h"

#include <string.h>

int
main(void)
{
	static const char good[] = "//h3[@class='new']/a/@href";
	static const char bad[] = "//h3[last()]";
	struct html_path_error error;
	struct html_path *path;
	const struct html_path_step *last;

	if (html_path_compile(&path, good, strlen(good), &error) != 0)
		return 1;
	last = &path->steps[path->step_count - 1];
	if (path->step_count != 3 || path->steps[0].tests != 1 ||
	    last->kind != HTML_PATH_ATTRIBUTE || last->name.len != 4 ||
	    memcmp(last->name.at, "href", 4) != 0)
		return 1;
	html_path_free(path);
	if (html_path_compile(&path, bad, strlen(bad), &error) == 0)
		return 1;
	return error.at == 5 ? 0 : 1;
}
