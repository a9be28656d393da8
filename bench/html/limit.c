/*
 * limit.c - the ceilings: memchr for '<' over the corpus, or memcpy of it
 * into one buffer.
 *
 * Usage: limit LIST SECONDS memchr | memcpy
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corpus.h"

static void
limit_memchr(const struct corpus *c, struct corpus_found *found)
{
	size_t i;

	for (i = 0; i < c->count; i++) {
		const char *p = c->pages[i].at, *end = p + c->pages[i].len;

		while ((p = memchr(p, '<', (size_t)(end - p))) != NULL) {
			found->links++;
			p++;
		}
	}
}

static void
limit_memcpy(const struct corpus *c, struct corpus_found *found)
{
	static char to[4 << 20];
	volatile char *use = to;
	size_t i;

	for (i = 0; i < c->count; i++) {
		size_t len = c->pages[i].len;

		memcpy(to, c->pages[i].at, len < sizeof(to) ? len :
		    sizeof(to));
		found->bytes += (unsigned char)use[len / 2] != 0;
	}
}

int
main(int argc, char **argv)
{
	if (argc != 4)
		return 2;
	corpus_run(argv[3], argv[1], argv[2],
	    strcmp(argv[3], "memchr") == 0 ? limit_memchr : limit_memcpy);
	return 0;
}
