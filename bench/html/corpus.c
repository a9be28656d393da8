/*
 * corpus.c - see corpus.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void
corpus_die(const char *what)
{
	perror(what);
	exit(1);
}

static void
corpus_read(struct corpus_page *page, const char *name)
{
	FILE *f = fopen(name, "rb");
	long len;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (len = ftell(f)) < 0)
		corpus_die(name);
	rewind(f);
	page->len = (size_t)len;
	page->at = malloc(page->len + 1);
	if (page->at == NULL ||
	    fread(page->at, 1, page->len, f) != page->len)
		corpus_die(name);
	page->at[page->len] = '\0';
	fclose(f);
}

static void
corpus_load(struct corpus *c, const char *list)
{
	char line[4096];
	FILE *f = fopen(list, "r");

	memset(c, 0, sizeof(*c));
	if (f == NULL)
		corpus_die(list);
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		c->pages = realloc(c->pages,
		    (c->count + 1) * sizeof(*c->pages));
		if (c->pages == NULL)
			corpus_die("realloc");
		corpus_read(&c->pages[c->count], line);
		c->bytes += c->pages[c->count++].len;
	}
	fclose(f);
}

static double
corpus_cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void
corpus_run(const char *name, const char *list, const char *seconds,
    void (*pass)(const struct corpus *, struct corpus_found *))
{
	struct corpus c;
	struct corpus_found found = { 0, 0, 0 };
	double begin, now, limit = atof(seconds);
	unsigned long passes = 0;

	corpus_load(&c, list);
	pass(&c, &found);		/* warm up */
	begin = corpus_cpu();
	do {
		memset(&found, 0, sizeof(found));
		pass(&c, &found);
		passes++;
		now = corpus_cpu();
	} while (now - begin < limit);
	printf("%s %.1f %lu %lu %lu\n", name,
	    (double)c.bytes * (double)passes / (now - begin) / 1e6,
	    found.titles, found.links, found.bytes);
}
