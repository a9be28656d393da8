/*
 * html_judge.c - what html/ makes of a page, for html_judge.js to compare
 * with what a browser's parser makes of it.
 *
 * Usage: html_judge [PATH ...] <page.  Prints a line for each fact, each
 * with its length in front, so that any text can stand in it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/extractor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JUDGE_PATHS 16

static void
judge_print(const char *what, const char *at, size_t len)
{
	printf("%s %lu ", what, (unsigned long)len);
	fwrite(at, 1, len, stdout);
	putchar('\n');
}

static bool
judge_title(struct html_extractor_sink *sink, const char *at, size_t len)
{
	(void)sink;
	judge_print("title", at, len);
	return 0;
}

static bool
judge_link(struct html_extractor_sink *sink, const struct html_link *link)
{
	(void)sink;
	if (link->kind == HTML_LINK_A || link->kind == HTML_LINK_AREA)
		judge_print("link", link->href, link->len);
	return 0;
}

static bool
judge_match(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	char name[32];

	(void)sink;
	snprintf(name, sizeof(name), "%lu", (unsigned long)path);
	judge_print(name, at, len);
	return 0;
}

int
main(int argc, char **argv)
{
	static char page[16 << 20];
	struct html_extractor_sink sink = { judge_title, judge_link,
	    judge_match };
	struct html_path *paths[JUDGE_PATHS];
	struct html_extractor_options want = { 1, 1, NULL, 0 };
	struct html_path_error error;
	struct html_extractor *x;
	size_t len = fread(page, 1, sizeof(page), stdin);
	int i;

	for (i = 1; i < argc && i <= JUDGE_PATHS; i++) {
		if (html_path_compile(&paths[i - 1], argv[i],
		    strlen(argv[i]), &error) < 0) {
			fprintf(stderr, "%s: %s at %lu\n", argv[i],
			    error.what, (unsigned long)error.at);
			return 2;
		}
		want.path_count++;
	}
	want.paths = (const struct html_path *const *)paths;
	x = html_extractor_new(&want, &sink);
	if (x == NULL)
		return 2;
	html_extractor_feed(x, page, len);
	html_extractor_finish(x);
	judge_print("charset", html_extractor_charset(x),
	    strlen(html_extractor_charset(x)));
	html_extractor_free(x);
	for (i = 0; i < (int)want.path_count; i++)
		html_path_free(paths[i]);
	return 0;
}
