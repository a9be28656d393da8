/*
 * fuzz_charset.c - any bytes in any character set, whole and in pieces: the
 * same UTF-8.
 *
 * The first byte says where the page is cut; the rest of the line is the
 * label in the header; what follows is the page.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../html/charset.h"
#include "../html/text.h"
#include "fuzz.h"

/* Takes all that there is; what was decoded must be UTF-8. */
static uint64_t
fuzz_charset_take(struct html_charset *c, uint64_t sum)
{
	const char *at;
	size_t len;
	bool cut;

	while (html_charset_next(c, &at, &len)) {
		if (len == 0 || c->info == NULL)
			abort();
		if (c->info->kind != HTML_CHARSET_UTF8 &&
		    c->info->kind != HTML_CHARSET_GUESS &&
		    html_utf8_valid(at, len, &cut) != len)
			abort();
		sum = fuzz_sum(sum, at, len);
	}
	return sum;
}

static uint64_t
fuzz_charset_run(const char *label, size_t label_len, const uint8_t *at,
    size_t len, struct fuzz_cuts *cuts)
{
	static struct html_charset c;
	const char *name;
	uint64_t sum = 0;
	size_t n;

	memset(&c, 0, sizeof(c));
	html_charset_start(&c, label, label_len);
	for (; len > 0; at += n, len -= n) {
		char *piece;

		n = cuts != NULL ? fuzz_next_cut(cuts, len) : len;
		piece = malloc(n);
		memcpy(piece, at, n);
		html_charset_feed(&c, piece, n);
		sum = fuzz_charset_take(&c, sum);
		free(piece);
	}
	html_charset_finish(&c);
	sum = fuzz_charset_take(&c, sum);
	name = html_charset_name(&c);
	sum = fuzz_sum(sum, name, name != NULL ? strlen(name) : 0);
	html_charset_free(&c);
	return sum;
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	struct fuzz_cuts cuts;
	const char *label;
	size_t len;

	if (size == 0)
		return;
	cuts.state = *data++;
	size--;
	label = fuzz_line(&data, &size, &len);
	if (fuzz_charset_run(label, len, data, size, NULL) !=
	    fuzz_charset_run(label, len, data, size, &cuts))
		abort();
}
