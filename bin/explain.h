/*
 * explain.h - says how a report came about: which page was read and how far,
 * in which character set and why, and where the link and the title are from.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_EXPLAIN_H
#define BIN_EXPLAIN_H

#include "finder.h"
#include "report.h"

/*
 * Adds lines about a report, the first with the URL, the others indented.
 * The finders are those of the page with the article and of the last page.
 * NULL, or a finder that has seen no page: it did not come to that.  `paths`
 * are the texts of the paths of articles.
 */
void explain_write(struct record *, const struct report *,
    const struct finder *article, const struct finder *last,
    const char *const *paths);

#endif
