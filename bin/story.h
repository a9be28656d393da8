/*
 * story.h - what -v tells of a URL that is over: who answered last, after how
 * much, and how long each step took; and where it failed, what to try.
 *
 *	scraper: http://a.test/: by 192.0.2.1:80: 200, 2 requests, 1 redirect,
 *	    1 attempt; name 3 ms, connect 9 ms, TLS 0 ms, wait 20 ms, ...
 *	scraper: http://b.test/: try: is the server running ...
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_STORY_H
#define BIN_STORY_H

#include "record.h"
#include "report.h"

/* What a user may do about a category of failure; NULL: nothing is known. */
const char *story_hint(const char *category);

/*
 * Adds the lines, each with the program's name and the URL in front.  There
 * is none of times where no request was begun.  Text from elsewhere is made
 * harmless.
 */
void story_write(const char *program, const struct report *, struct record *);

#endif
