/*
 * fuzz_record.c - any bytes as text from elsewhere: what is printed of them
 * is UTF-8 without control characters, and one JSON string.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../bin/record.h"
#include "../html/text.h"
#include "fuzz.h"

static void
fuzz_record_check(const struct record *r)
{
	uint32_t code;
	size_t i;
	bool cut;

	if (r->failed || html_utf8_valid(r->at, r->len, &cut) != r->len)
		abort();
	for (i = 0; i < r->len;) {
		i += html_utf8_read(&code, r->at + i, r->len - i);
		if (code < 0x20 || (code >= 0x7f && code < 0xa0) ||
		    (code >= 0x202a && code <= 0x202e))
			abort();
	}
}

/* Quotes around it, and in it only behind a backslash. */
static void
fuzz_record_check_json(const struct record *r)
{
	size_t i;

	if (r->len < 2 || r->at[0] != '"' || r->at[r->len - 1] != '"')
		abort();
	for (i = 1; i < r->len - 1; i++) {
		if (r->at[i] == '"')
			abort();
		if (r->at[i] == '\\' && (++i == r->len - 1 ||
		    strchr("\"\\/bfnrtu", r->at[i]) == NULL))
			abort();
	}
}

void
fuzz_one(const uint8_t *at, size_t len)
{
	struct record r = { .at = NULL };

	record_add_clean(&r, (const char *)at, len);
	if (r.len > 0)
		fuzz_record_check(&r);
	record_free(&r);
	record_add_json(&r, (const char *)at, len);
	fuzz_record_check(&r);
	fuzz_record_check_json(&r);
	record_free(&r);
}
