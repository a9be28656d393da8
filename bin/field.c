/*
 * field.c - a list of named paths.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "field.h"

#include <errno.h>
#include <string.h>

/* What a name is made of. */
static const char field_letters[] = "abcdefghijklmnopqrstuvwxyz"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:";

/* Says what is wrong at a place of the text. */
static int
field_wrong(struct html_path_error *error, size_t at, const char *what)
{
	error->at = at;
	error->what = what;
	return -EINVAL;
}

/* The first path of the list that has a name, or the count of all. */
static size_t
field_find(const struct field_list *l, const char *name, size_t len)
{
	size_t i = 0;

	while (i < l->count && (l->name_lens[i] != len ||
	    memcmp(l->names[i], name, len) != 0))
		i++;
	return i;
}

int
field_list_add(struct field_list *l, const char *text,
    struct html_path_error *error)
{
	size_t len = strspn(text, field_letters), i = l->count;
	struct html_path *path;
	int status;

	if (text[len] != '=')
		return field_wrong(error, len, text[len] == '\0' ?
		    "a field is NAME=PATH" :
		    "a name has letters, digits, \"_\", \"-\", \".\", \":\"");
	if (len == 0)
		return field_wrong(error, 0, "the name is missing");
	status = html_path_compile(&path, text + len + 1,
	    strlen(text + len + 1), error);
	error->at += len + 1;
	if (status != 0)
		return status;
	if (path->step_count > FIELD_STEPS - l->steps) {
		html_path_free(path);
		return field_wrong(error, len + 1,
		    "all paths together have more than 58 steps");
	}
	l->first[i] = field_find(l, text, len);
	l->paths[i] = path;
	l->names[i] = text;
	l->name_lens[i] = len;
	l->steps += path->step_count;
	l->count++;
	return 0;
}

void
field_list_clear(struct field_list *l)
{
	while (l->count > 0)
		html_path_free(l->paths[--l->count]);
	l->steps = 0;
}
