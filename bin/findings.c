/*
 * findings.c - a bounded list of texts: their bytes in one block, and where
 * each ends.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "findings.h"

#include <errno.h>
#include <stdlib.h>

/* Room for texts, and bytes of them, that is kept from page to page. */
enum { FINDINGS_FIRST_ROOM = 64, FINDINGS_KEPT = 65536 };

/* Makes room for one more: 0 or -ENOMEM. */
static int
findings_reserve(struct findings *f)
{
	size_t room = f->room > 0 ? f->room * 2 : FINDINGS_FIRST_ROOM;
	struct findings_item *items;

	if (f->count < f->room)
		return 0;
	items = realloc(f->items, room * sizeof(*items));
	if (items == NULL)
		return -ENOMEM;
	f->items = items;
	f->room = room;
	return 0;
}

bool
findings_add(struct findings *f, size_t sort, const char *at, size_t len,
    int *error)
{
	if (f->full || f->count == FINDINGS_MAX ||
	    len > FINDINGS_BYTES - f->text.len) {
		f->full = true;
		return false;
	}
	record_add(&f->text, at, len);
	if (f->text.failed || findings_reserve(f) != 0) {
		*error = -ENOMEM;
		return false;
	}
	f->items[f->count++] = (struct findings_item){ f->text.len, sort };
	return true;
}

const char *
findings_get(const struct findings *f, size_t i, size_t *sort, size_t *len)
{
	size_t from = i > 0 ? f->items[i - 1].end : 0;

	*sort = f->items[i].sort;
	*len = f->items[i].end - from;
	return *len > 0 ? f->text.at + from : "";
}

void
findings_empty(struct findings *f)
{
	if (f->text.failed || f->text.len > FINDINGS_KEPT ||
	    f->count > FINDINGS_KEPT / sizeof(*f->items))
		findings_free(f);
	f->count = f->text.len = 0;
	f->full = false;
}

void
findings_free(struct findings *f)
{
	free(f->items);
	record_free(&f->text);
	*f = (struct findings){ .count = 0 };
}
