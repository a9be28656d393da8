/*
 * scraper_options.c - the options of scraper, and its --help.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "scraper_options.h"

#include <string.h>
#include <unistd.h>

#include "finder.h"
#include "workers.h"

const struct program scraper_options_program = {
	.name = "scraper",
	.synopsis = "[options] [URL ...]",
	.about =
"For each URL (given, or a line of the input): fetches the page, takes\n"
"the link of its first article, fetches that, and prints its title.  A host\n"
"without a scheme is asked for by https, then by http.  Or, of each page:\n"
"title, links, or what paths match, as fields.\n",
	.statuses = PROGRAM_PATHS
"\nExit status: 0 all done, 1 some URLs failed, 2 wrong usage, 3 all failed,\n"
"4 the output cannot be written.\n",
};

/* Most steps that an extractor allows in all paths together. */
enum { SCRAPER_OPTIONS_STEPS = 64 - FINDER_REFRESH_STEPS };

static const char *const scraper_options_paths[] = {
	"//h3/a/@href", "//h2/a/@href", "//h1/a/@href", "//article//a/@href",
};

/* Whether all that a path matches are attributes. */
static bool
scraper_options_is_link(const struct html_path *path)
{
	for (size_t i = 0; i < path->step_count; i++)
		if (path->steps[i].last &&
		    path->steps[i].kind != HTML_PATH_ATTRIBUTE)
			return false;
	return true;
}

static void
scraper_options_add_path(struct scraper_options *o, const char *text)
{
	const struct program *p = &scraper_options_program;
	struct html_path_error error = { .what = "no memory" };
	size_t steps = 0;

	if (o->path_count == SCRAPER_OPTIONS_PATHS)
		program_usage(p, "-a: more than %d paths",
		    SCRAPER_OPTIONS_PATHS);
	if (html_path_compile(&o->paths[o->path_count], text, strlen(text),
	    &error) != 0)
		program_usage(p, "-a \"%s\": %s at \"%s\"", text, error.what,
		    text + error.at);
	if (!scraper_options_is_link(o->paths[o->path_count]))
		program_usage(p, "-a \"%s\": a link is an attribute, such as "
		    "@href at the end", text);
	o->path_texts[o->path_count++] = text;
	for (size_t i = 0; i < o->path_count; i++)
		steps += o->paths[i]->step_count;
	if (steps > SCRAPER_OPTIONS_STEPS)
		program_usage(p, "-a: more than %d steps in all paths",
		    SCRAPER_OPTIONS_STEPS);
}

static void
scraper_options_set_path(const struct options_use *u)
{
	scraper_options_add_path(u->to, u->value);
}

/* -e NAME=PATH */
static void
scraper_options_set_field(const struct options_use *u)
{
	struct html_path_error error = { 0, "no memory" };

	if (field_list_add(u->to, u->value, &error) != 0)
		program_usage(u->program, "-e \"%s\": %s at \"%s\"", u->value,
		    error.what, u->value + error.at);
}

static void
scraper_options_set_shard(const struct options_use *u)
{
	if (!shard_parse(u->to, u->value))
		program_usage(u->program, "--shard takes I/N, a number from 1 "
		    "to N and N, not \"%s\"", u->value);
}

static const struct options_row scraper_options_rows[] = {
	{ 'c', "concurrency", "N", "URLs in progress at once (64)",
	    options_set_number, offsetof(struct scraper_options, concurrency),
	    1, 1000000 },
	{ 0, "sequential", NULL, "one URL after the other",
	    options_set_constant,
	    offsetof(struct scraper_options, concurrency), 1, 0 },
	{ 0, "per-host", "N", "connections to one host (6)",
	    options_set_number,
	    offsetof(struct scraper_options, network.per_host), 1, 10000 },
	{ 'a', "article", "PATH", "where the article's link is; repeatable, "
	    "the\nfirst that matches counts (//h3/a/@href,\n"
	    "//h2/a/@href, //h1/a/@href, //article//a/@href)",
	    scraper_options_set_path, 0, 0, 0 },
	{ 0, "titles", NULL, "no article: the title of each URL itself",
	    options_set_flag, offsetof(struct scraper_options, only_titles),
	    0, 0 },
	{ 0, "links", NULL, "no article: the links of each URL's page, "
	    "resolved", options_set_flag,
	    offsetof(struct scraper_options, links), 0, 0 },
	{ 'e', "extract", "NAME=PATH", "what PATH matches in the article, or "
	    "with\n--titles or --links in each URL's page, as\n"
	    "the field NAME; repeatable", scraper_options_set_field,
	    offsetof(struct scraper_options, fields), 0, 0 },
	{ 'j', "json", NULL, "one JSON object a line", options_set_flag,
	    offsetof(struct scraper_options, json), 0, 0 },
	{ 0, "timings", NULL, "with -j: how long names, connecting, TLS, "
	    "waiting\nand receiving took, in ms", options_set_flag,
	    offsetof(struct scraper_options, timings), 0, 0 },
	{ 'i', "input", "FILE", "the list of URLs, instead of standard input",
	    options_set_text, offsetof(struct scraper_options, input), 0, 0 },
	{ 'o', "output", "FILE", "instead of standard output",
	    options_set_text, offsetof(struct scraper_options, output), 0, 0 },
	{ 0, "ordered", NULL, "in the order of the input, not as they complete",
	    options_set_flag, offsetof(struct scraper_options, ordered),
	    0, 0 },
	{ 0, "retries", "N", "tries more after a timeout, a broken\n"
	    "connection, no-resources, status 5xx or 429 (1)",
	    options_set_number, offsetof(struct scraper_options, retries),
	    0, 100 },
	{ 0, "resume", NULL, "with -o FILE -j: go on where an earlier "
	    "run\nhas ended, even if it was killed", options_set_flag,
	    offsetof(struct scraper_options, resume), 0, 0 },
	{ 0, "robots", NULL, "obey robots.txt, asked for once per host",
	    options_set_flag, offsetof(struct scraper_options, robots), 0, 0 },
	{ 0, "delay", "S", "pause between requests to one host, in seconds (0)",
	    options_set_delay, offsetof(struct scraper_options, delay_ns),
	    0, 0 },
	{ 0, "workers", "N", "processes that share the work, a host to each "
	    "(1)", options_set_number,
	    offsetof(struct scraper_options, workers), 1, WORKERS_MOST },
	{ 0, "shard", "I/N", "only the hosts of share I of N, from 1/N to N/N:"
	    "\nthe same on every machine", scraper_options_set_shard,
	    offsetof(struct scraper_options, shard), 0, 0 },
	{ 'v', "verbose", NULL, "tells of retries, of hosts in Unicode, of "
	    "what\nis left out, and a summary at the end",
	    options_set_flag, offsetof(struct scraper_options, verbose),
	    0, 0 },
	{ 'q', "quiet", NULL, "no progress line", options_set_constant,
	    offsetof(struct scraper_options, progress),
	    SCRAPER_OPTIONS_OFF, 0 },
	{ 0, "progress", NULL, "a progress line, even to no terminal",
	    options_set_constant, offsetof(struct scraper_options, progress),
	    SCRAPER_OPTIONS_ON, 0 },
	{ 0, "no-progress", NULL, "no progress line", options_set_constant,
	    offsetof(struct scraper_options, progress),
	    SCRAPER_OPTIONS_OFF, 0 },
	{ 0, "explain", NULL, "tells why this link, this charset, this title",
	    options_set_flag, offsetof(struct scraper_options, explain),
	    0, 0 },
	{ 0, "stats", NULL, "at the end: failures, times, bytes, connections",
	    options_set_flag, offsetof(struct scraper_options, stats), 0, 0 },
	{ 0, "waterfall", "FILE.svg", "draws when each request waited for what "
	    "(of\na long run the first 1000 that are done)", options_set_text,
	    offsetof(struct scraper_options, waterfall), 0, 0 },
	{ 0, "har", "FILE", "all requests, for the network panel of a browser:"
	    "\nan HTTP Archive (HAR 1.2)", options_set_text,
	    offsetof(struct scraper_options, har), 0, 0 },
	{ 0, "exit-zero", NULL, "URLs that fail are data: the status is 0",
	    options_set_flag, offsetof(struct scraper_options, exit_zero),
	    0, 0 },
	{ .name = NULL }
};

/* Only one file may be standard output. */
static void
scraper_options_check_files(const struct scraper_options *o)
{
	const char *const names[] = {
		o->output != NULL ? o->output : "-", o->waterfall, o->har,
	};
	int count = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		count += names[i] != NULL && strcmp(names[i], "-") == 0;
	if (count > 1)
		program_usage(&scraper_options_program, "standard output takes "
		    "one of the output (-o), --waterfall and --har");
}

char **
scraper_options_read(struct scraper_options *o, int argc, char **argv)
{
	const struct program *p = &scraper_options_program;
	size_t count = sizeof(scraper_options_paths) /
	    sizeof(scraper_options_paths[0]);
	const struct options_set sets[] = {
		{ scraper_options_rows, o }, { network_options, &o->network },
		{ network_name_options, &o->network }, { NULL, NULL },
	};
	char **urls;

	network_init(&o->network, p);
	o->network.per_host = 6;
	o->concurrency = 64;
	o->retries = 1;
	o->workers = 1;
	urls = options_read(p, sets, argc, argv);
	if (o->resume && (o->output == NULL || !o->json ||
	    strcmp(o->output, "-") == 0))
		program_usage(p, "--resume needs -o FILE and -j");
	if (o->timings && !o->json)
		program_usage(p, "--timings needs -j");
	scraper_options_check_files(o);
	for (size_t i = 0, given = o->path_count; given == 0 && i < count; i++)
		scraper_options_add_path(o, scraper_options_paths[i]);
	if (o->only_titles && o->links)
		program_usage(p, "--titles and --links exclude each other");
	if (o->input != NULL && *urls != NULL)
		program_usage(p, "either URLs or --input");
	if (o->input != NULL && strcmp(o->input, "-") == 0)
		o->input = NULL;
	else if (*urls == NULL && o->input == NULL && isatty(STDIN_FILENO))
		program_usage(p, "no URL, and standard input is a terminal");
	return urls;
}
