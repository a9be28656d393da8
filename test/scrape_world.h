/*
 * scrape_world.h - a scraper beside its server in one reactor, in the simulated
 * world, and what came of each scrape.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef TEST_SCRAPE_WORLD_H
#define TEST_SCRAPE_WORLD_H

#include "../bin/explain.h"
#include "../bin/scrape.h"
#include "../http/http_server.h"
#include "sim.h"

/* A page of the server's; all of it is in its text. */
struct page {
	struct http_resource resource;
	const char *body;
	struct scrape_world *world;
	int status;			/* 0: 200 */
	int answers;			/* then it resets; 0: never */
	bool later;			/* asks to come back in 5 seconds */
	const char *kind;		/* NULL: text/html */
};

/* Server, client and scraper around one reactor, and what came of it. */
struct scrape_world {
	struct sim *sim;
	struct reactor *reactor;
	struct http_server *server;
	struct dns_resolver *resolver;
	struct http_client *client;
	struct html_path *path;
	struct scraper scraper;
	struct inflight inflight;	/* of the scraper; no signals */
	char phases[1024];		/* what it has waited for, in lines */
	size_t last;			/* where the last of them begins */
	struct page planet, article;
	char url[64];
	int reports;
	int status;
	char category[32], title[64], link[64];
	size_t title_len;
	struct field_list fields;
	struct record out;		/* the report as JSON, then NUL */
	struct record why;		/* what explains it, likewise */
	int retries;			/* told by the scraper */
	uint64_t longest_ns;		/* of the pauses before these */
	char asides[80];		/* when it stepped aside, and went on */
};

/*
 * Everything but the scrape: 0 or what failed.  scrape_world_close is due
 * in any case, and says whether nothing is left.
 */
int scrape_world_open(struct scrape_world *);
bool scrape_world_close(struct scrape_world *);

/* The same as a case with this name, which must not fail. */
void scrape_world_begin(struct scrape_world *, const char *name);

/* The deferred of a scrape that begins; what it reports is in `world`. */
struct deferred *scrape_world_scrape(struct scrape_world *);

/* Turns until there is a report, at most `turns`. */
void scrape_world_run(struct scrape_world *, int turns);

/* One scrape, from its beginning to its report. */
void scrape_world_again(struct scrape_world *);

#endif
