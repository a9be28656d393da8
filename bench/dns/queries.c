/*
 * queries.c - see queries.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "queries.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The whole file as a string; exits if it cannot be read. */
static char *
queries_load(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t size = 1 << 16, len = 0, n;
	char *text = malloc(size);

	while (file != NULL && text != NULL &&
	    (n = fread(text + len, 1, size - 1 - len, file)) > 0) {
		len += n;
		if (len == size - 1)
			text = realloc(text, size *= 2);
	}
	if (file == NULL || text == NULL) {
		perror(path);
		exit(1);
	}
	fclose(file);
	text[len] = '\0';
	return text;
}

struct query *
queries_read(const char *path, size_t *count)
{
	char *at = queries_load(path), *type, *end;
	struct query *all = malloc((strlen(at) / 4 + 1) * sizeof(*all));

	for (*count = 0; all != NULL && (end = strchr(at, '\n')) != NULL;
	    at = end + 1) {
		*end = '\0';
		type = strchr(at, ' ');
		if (type == NULL)
			continue;
		*type = '\0';
		all[*count].name = at;
		all[(*count)++].type = strcmp(type + 1, "AAAA") == 0 ? 28 : 1;
	}
	return all;
}

void
queries_done(size_t asked, size_t answered)
{
	printf("asked=%zu answered=%zu\n", asked, answered);
	exit(asked != answered);
}
