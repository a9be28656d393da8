/*
 * scraper_options.h - what the command line of scraper says.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_SCRAPER_OPTIONS_H
#define BIN_SCRAPER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "../html/path.h"
#include "field.h"
#include "network.h"
#include "shard.h"

/* Most paths that -a can give. */
enum { SCRAPER_OPTIONS_PATHS = 16 };

/* When to draw a progress line. */
enum scraper_options_progress {
	SCRAPER_OPTIONS_AUTO,		/* if standard error is a terminal */
	SCRAPER_OPTIONS_ON,
	SCRAPER_OPTIONS_OFF
};

/* The options, and the network whose options are among them. */
struct scraper_options {
	struct network network;
	uint64_t concurrency;
	uint64_t retries;
	uint64_t workers;		/* processes; 1: this one alone */
	uint64_t delay_ns;		/* between requests to one host */
	uint64_t progress;		/* enum scraper_options_progress */
	struct shard shard;
	struct html_path *paths[SCRAPER_OPTIONS_PATHS];
	const char *path_texts[SCRAPER_OPTIONS_PATHS];
	size_t path_count;
	struct field_list fields;
	const char *input;		/* NULL: standard input, or URLs */
	const char *output;		/* NULL: standard output */
	const char *waterfall, *har;	/* files; NULL: none */
	bool json, ordered, only_titles, links, verbose;
	bool explain, stats, exit_zero;
	bool robots, resume, timings;
};

/* Scraper's name and help. */
extern const struct program scraper_options_program;

/*
 * Reads the command line and returns the URLs, ended by NULL.  Ends the
 * process if it is wrong.  The caller frees the paths, and clears the fields.
 */
char **scraper_options_read(struct scraper_options *, int argc, char **argv);

#endif
