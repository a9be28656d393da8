/*
 * spindle.c - html/ over the corpus.
 *
 * Usage: spindle LIST SECONDS links | path | title
 *
 * "links": title and links.  "path": //h3/a/@href and /html/head/title.
 * "title": the title alone, with early end.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../../html/extractor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"

struct bench {
	struct html_extractor_sink sink;
	struct html_extractor_options want;
	struct corpus_found *found;
};

static struct bench *
bench_of(struct html_extractor_sink *sink)
{
	return (struct bench *)(void *)((char *)sink -
	    offsetof(struct bench, sink));
}

static bool
bench_title(struct html_extractor_sink *sink, const char *at, size_t len)
{
	struct bench *b = bench_of(sink);

	(void)at;
	b->found->titles++;
	b->found->bytes += len;
	return !b->want.links;
}

static bool
bench_link(struct html_extractor_sink *sink, const struct html_link *link)
{
	struct bench *b = bench_of(sink);

	if (link->kind != HTML_LINK_A)
		return 0;
	b->found->links++;
	b->found->bytes += link->len;
	return 0;
}

static bool
bench_match(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	struct bench *b = bench_of(sink);

	(void)at;
	b->found->titles += path == 0;
	b->found->links += path == 1;
	b->found->bytes += len;
	return 0;
}

static struct bench bench_one;
static struct html_extractor *bench_x;

static void
bench_pass(const struct corpus *c, struct corpus_found *found)
{
	size_t i;

	bench_one.found = found;
	for (i = 0; i < c->count; i++) {
		html_extractor_start(bench_x, "utf-8", 5);
		html_extractor_feed(bench_x, c->pages[i].at, c->pages[i].len);
		html_extractor_finish(bench_x);
	}
}

int
main(int argc, char **argv)
{
	static const char *const sources[2] = { "/html/head/title",
	    "//h3/a/@href" };
	static struct html_path *paths[2];
	char name[32];
	size_t i;

	if (argc != 4)
		return 2;
	bench_one.sink.title = bench_title;
	bench_one.sink.link = bench_link;
	bench_one.sink.match = bench_match;
	if (strcmp(argv[3], "path") == 0) {
		for (i = 0; i < 2; i++)
			if (html_path_compile(&paths[i], sources[i],
			    strlen(sources[i]), NULL) < 0)
				return 1;
		bench_one.want.paths =
		    (const struct html_path *const *)paths;
		bench_one.want.path_count = 2;
	} else {
		bench_one.want.title = 1;
		bench_one.want.links = strcmp(argv[3], "links") == 0;
	}
	bench_x = html_extractor_new(&bench_one.want, &bench_one.sink);
	if (bench_x == NULL)
		return 1;
	snprintf(name, sizeof(name), "spindle-%.20s", argv[3]);
	corpus_run(name, argv[1], argv[2], bench_pass);
	html_extractor_free(bench_x);
	return 0;
}
