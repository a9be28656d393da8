/*
 * place.c - scheme, host and path, put together again.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "place.h"

void
place_add(struct record *r, const struct http_journal_place *p)
{
	record_add_text(r, p->https ? "https://" : "http://");
	record_add(r, p->authority, p->authority_len);
	record_add(r, p->target, p->target_len);
}
