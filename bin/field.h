/*
 * field.h - what is wanted of a page, each under a name: "price=//b/text()".
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_FIELD_H
#define BIN_FIELD_H

#include <stddef.h>

#include "../html/path.h"

/*
 * Most paths of a list: each has a step, and an extractor takes 64 steps, of
 * which a finder needs some itself (FINDER_REFRESH_STEPS).
 */
enum { FIELD_PATHS = 58, FIELD_STEPS = 58 };

/*
 * A list of paths, each with the name of a field; all zero is an empty one.
 * Several paths may have one name: then the field is what any of them
 * matches.
 */
struct field_list {
	size_t count;			/* read only, as are all */
	struct html_path *paths[FIELD_PATHS];
	const char *names[FIELD_PATHS];	/* not ended; see name_lens */
	size_t name_lens[FIELD_PATHS];
	size_t first[FIELD_PATHS];	/* the first path of the same name */
	size_t steps;			/* of all paths */
};

/*
 * Adds "NAME=PATH", which must stay, as the name does.  A name is of ASCII
 * letters, digits, "_", "-", "." and ":".  0; -ENOMEM; or -EINVAL, and *error
 * tells why and where in the text.  In failure the list is as it was.
 */
int field_list_add(struct field_list *, const char *text,
    struct html_path_error *error);

/* Frees the paths; the list is empty then. */
void field_list_clear(struct field_list *);

#endif
