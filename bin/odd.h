/*
 * odd.h - pages that something is wrong with, to see what a client does.
 *
 *	404 503 busy redirect loop no-title no-article lost-article
 *	controls agent cut coding large reset silent secret cookie form
 *	refresh
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_ODD_H
#define BIN_ODD_H

#include <stddef.h>

#include "../http/http_server.h"
#include "delayed.h"

/* How many there are. */
enum { ODD_PAGES = 21 };

/* One of them. */
struct odd_page {
	struct http_resource resource;
	const struct delayed_clock *clock;
	size_t which;
	unsigned asked;			/* how often so far */
};

/* The branch of a tree that holds them all, and lists them. */
struct odd {
	struct http_resource resource;
	struct odd_page pages[ODD_PAGES];
};

/* Prepares the branch; the clock stays the caller's. */
void odd_init(struct odd *, const struct delayed_clock *);

#endif
