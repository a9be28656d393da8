/*
 * html_judge.c - what html/ makes of pages, for html_judge.js to compare
 * with what a browser's parser makes of them.
 *
 * Usage: html_judge [PATH ...] <pages.  Each page has its length and a line
 * feed in front.  Prints a line for each fact, with its length in front, so
 * that any text can stand in it: charset, title, link and number-of-path;
 * reader-title and reader-link are what is found when no path is wanted.
 * "pieces 1" (2, 3, 7) says that pieces of so many bytes give anything else,
 * "end" ends a page.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/extractor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JUDGE_PATHS 32

/* All that one run over a page gives. */
struct judge {
	struct html_extractor_sink sink;
	struct html_extractor *extractor;
	bool is_reader;			/* no path is wanted */
	char *at;
	size_t len, room;
};

static struct judge *
judge_of(struct html_extractor_sink *sink)
{
	return (struct judge *)(void *)sink;
}

static void
judge_add(struct judge *j, const char *at, size_t len)
{
	if (j->len + len > j->room) {
		j->room = 2 * (j->len + len);
		j->at = realloc(j->at, j->room);
		if (j->at == NULL)
			exit(2);
	}
	if (len > 0)
		memcpy(j->at + j->len, at, len);
	j->len += len;
}

static void
judge_fact(struct judge *j, const char *what, const char *at, size_t len)
{
	char head[64];

	snprintf(head, sizeof(head), "%s %lu ", what, (unsigned long)len);
	judge_add(j, head, strlen(head));
	judge_add(j, at, len);
	judge_add(j, "\n", 1);
}

static bool
judge_title(struct html_extractor_sink *sink, const char *at, size_t len)
{
	judge_fact(judge_of(sink), judge_of(sink)->is_reader ?
	    "reader-title" : "title", at, len);
	return false;
}

static bool
judge_link(struct html_extractor_sink *sink, const struct html_link *link)
{
	if (link->kind == HTML_LINK_A || link->kind == HTML_LINK_AREA)
		judge_fact(judge_of(sink), judge_of(sink)->is_reader ?
		    "reader-link" : "link", link->href, link->len);
	return false;
}

static bool
judge_match(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	char name[32];

	snprintf(name, sizeof(name), "%lu", (unsigned long)path);
	judge_fact(judge_of(sink), name, at, len);
	return false;
}

static void
judge_init(struct judge *j, bool is_reader,
    const struct html_extractor_options *want)
{
	memset(j, 0, sizeof(*j));
	j->sink.title = judge_title;
	j->sink.link = judge_link;
	j->sink.match = judge_match;
	j->is_reader = is_reader;
	j->extractor = html_extractor_new(want, &j->sink);
	if (j->extractor == NULL)
		exit(2);
}

static void
judge_free(struct judge *j)
{
	html_extractor_free(j->extractor);
	free(j->at);
}

/* Reads a page in pieces of `step` bytes. */
static void
judge_run(struct judge *j, const char *page, size_t len, size_t step)
{
	size_t n;
	const char *charset;

	j->len = 0;
	html_extractor_start(j->extractor, NULL, 0);
	for (; len > 0; page += n, len -= n) {
		n = len < step ? len : step;
		html_extractor_feed(j->extractor, page, n);
	}
	html_extractor_finish(j->extractor);
	charset = html_extractor_charset(j->extractor);
	if (!j->is_reader)
		judge_fact(j, "charset", charset, strlen(charset));
}

/* The page whole, then in pieces. */
static void
judge_page(struct judge *whole, struct judge *cut, const char *page,
    size_t len)
{
	static const unsigned steps[] = { 1, 2, 3, 7 };
	unsigned i;

	judge_run(whole, page, len, len);
	if (whole->len > 0)
		fwrite(whole->at, 1, whole->len, stdout);
	for (i = 0; i < 4; i++) {
		judge_run(cut, page, len, steps[i]);
		if (cut->len != whole->len || (cut->len > 0 &&
		    memcmp(cut->at, whole->at, cut->len) != 0))
			printf("pieces 1 %u\n", steps[i]);
	}
}

/* The next page of standard input, or NULL; the caller frees it. */
static char *
judge_read(size_t *len)
{
	unsigned long n;
	char *page;

	if (scanf("%lu", &n) != 1 || getchar() != '\n')
		return NULL;
	page = malloc(n + 1);
	if (page == NULL || fread(page, 1, n, stdin) != n)
		exit(2);
	*len = n;
	return page;
}

static void
judge_pages(const struct html_extractor_options *want)
{
	struct html_extractor_options no_paths = { true, true, NULL, 0 };
	struct judge full[2], reader[2];
	size_t len;
	char *page;
	int i;

	for (i = 0; i < 2; i++) {
		judge_init(&full[i], false, want);
		judge_init(&reader[i], true, &no_paths);
	}
	while ((page = judge_read(&len)) != NULL) {
		judge_page(&full[0], &full[1], page, len);
		judge_page(&reader[0], &reader[1], page, len);
		printf("end 0 \n");
		free(page);
	}
	for (i = 0; i < 2; i++) {
		judge_free(&full[i]);
		judge_free(&reader[i]);
	}
}

int
main(int argc, char **argv)
{
	struct html_path *paths[JUDGE_PATHS];
	struct html_extractor_options want = { true, true, NULL, 0 };
	struct html_path_error error;
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
	judge_pages(&want);
	for (i = 0; i < (int)want.path_count; i++)
		html_path_free(paths[i]);
	return 0;
}
