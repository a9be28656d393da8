/*
 * place.h - where a request went, as text.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_PLACE_H
#define BIN_PLACE_H

#include "../http/journal.h"
#include "record.h"

/*
 * Adds the URL of a place.  It has no name and password, so it may be shown;
 * and none of its characters has to be made harmless, as it is a URL that was
 * read and written again.
 */
void place_add(struct record *, const struct http_journal_place *);

#endif
