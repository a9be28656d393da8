/*
 * category.h - the one word that tells what kind of failure it was.
 *
 * The words are the same in every program, on standard error and in JSON,
 * so that a script can tell "the name does not exist" from "try again".
 * README.md lists them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_CATEGORY_H
#define BIN_CATEGORY_H

#include <stdbool.h>

#include "../defer/failure.h"

/* Room for any category, with its NUL. */
enum { CATEGORY_TEXT = 32 };

/* Kinds of failure that only the programs know: what a page lacks. */
extern const struct defer_failure_kind category_no_article;
extern const struct defer_failure_kind category_no_title;
/* And what a site does not want. */
extern const struct defer_failure_kind category_robots;

/*
 * The category of a failure of dns/, http/ or one of the kinds above, as
 * text; `no-resources` for what has none (no memory, no descriptors).
 * Returns `text` or a constant.
 */
const char *category_of(const struct defer_failure *, char text[CATEGORY_TEXT]);

/* Whether it is that this machine is short of memory or descriptors, which
 * passes. */
bool category_is_shortage(const struct defer_failure *);

#endif
