/*
 * findings.h - texts found in a page, in order, each of a sort; as many as
 * fit.
 *
 * A page may have any number of links.  What is kept of one page has a limit,
 * and whoever prints it can tell that there was more.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_FINDINGS_H
#define BIN_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "record.h"

/* Most texts, and most bytes of them. */
enum { FINDINGS_MAX = 10000, FINDINGS_BYTES = 1048576 };

/* Texts.  All zero is none; memory is kept for the next page. */
struct findings {
	size_t count;			/* read only */
	bool full;			/* read only: there were more */

	/* private */
	struct findings_item {
		size_t end;		/* in text; it begins where the one
					   before ends */
		size_t sort;
	} *items;
	size_t room;
	struct record text;
};

/*
 * Adds a text (copied).  Returns false when it is not kept: the findings are
 * full, now and until they are emptied, or memory is short (*error is
 * -ENOMEM then, else it is left alone).
 */
bool findings_add(struct findings *, size_t sort, const char *at, size_t len,
    int *error);

/* One of the texts, i < count; borrowed until more is added. */
const char *findings_get(const struct findings *, size_t i, size_t *sort,
    size_t *len);

/* Forgets all texts.  Frees their memory if it is much. */
void findings_empty(struct findings *);

/* Frees the memory; then there are none. */
void findings_free(struct findings *);

#endif
