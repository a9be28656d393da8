/*
 * robots.h - what a site's robots.txt asks of us (RFC 9309).
 *
 * A reader is fed the file in pieces split anywhere, and keeps the rules of
 * one crawler, in the order of the file.  It does no I/O and knows no clock.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_ROBOTS_H
#define BIN_ROBOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Limits. */
enum {
	/* Bytes of a file that count (RFC 9309, section 2.5: 500 KiB). */
	ROBOTS_SIZE_MAX = 512000,

	/*
	 * Bytes of a line that count.  Of a longer one that forbids, these
	 * do, so that it forbids more; one that allows is passed over.
	 */
	ROBOTS_LINE_MAX = 4096,

	/* A crawler's name, with a NUL; of a longer one its beginning counts,
	 * here and in the file. */
	ROBOTS_AGENT_MAX = 64,

	/* Comparisons of characters for one path: then it is forbidden. */
	ROBOTS_WORK_MAX = 2097152
};

/* The rules for one crawler.  All zero: everything is allowed. */
struct robots {
	/* Each rule is 'A' or 'D' (allow, disallow), its pattern, a line
	 * end.  NULL if there are none; at most ROBOTS_SIZE_MAX bytes. */
	char *rules;
	size_t len;
	uint64_t delay_ns;	/* Crawl-delay, at most a minute; or 0 */
};

/* A file on its way; about 4 KiB, and the rules. */
struct robots_reader {
	/* private */
	struct robots rules;	/* those for everybody in small letters */
	size_t room;
	size_t seen;		/* bytes of the file */
	uint64_t everybodys_delay_ns;
	char agent[ROBOTS_AGENT_MAX];
	unsigned group;		/* whose rules these are: ROBOTS_... bits */
	bool naming;		/* no rule since the last User-agent */
	bool named;		/* a group is for our name */
	bool begun;		/* the first line is over */
	bool cut;		/* the line is longer than that */
	bool failed;		/* without memory */
	size_t line_len;
	char line[ROBOTS_LINE_MAX];
};

/*
 * Begins.  The crawler is named by the first letters, _ and - of its
 * User-Agent (section 2.2.1): "spindle/0.1" is "spindle".  Without any, only
 * the rules for everybody count.
 */
void robots_begin(struct robots_reader *, const char *agent);

/*
 * The next len bytes of the file; len may be 0.  Whether it wants more: false
 * when there is more than counts.
 */
bool robots_feed(struct robots_reader *, const char *at, size_t len);

/*
 * The file ends here, and the reader too.  The rules, which the caller frees,
 * are those of all groups that name the crawler; if none does, those for
 * everybody (*).  0; or -ENOMEM, and then there are none.
 */
int robots_end(struct robots_reader *, struct robots *);

/* Ends a reader without that. */
void robots_drop(struct robots_reader *);

/*
 * Whether a path, with its query, may be fetched: len bytes as http_url_target
 * has them.  The longest pattern that matches decides, and of two that are as
 * long the one that allows (section 2.2.2).  /robots.txt itself may always be.
 */
bool robots_allows(const struct robots *, const char *target, size_t len);

/* Frees the rules; they are all zero then. */
void robots_free(struct robots *);

#endif
