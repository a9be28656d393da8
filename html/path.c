/*
 * path.c - compiles paths; see path.h for the grammar.
 *
 * A descent by hand without recursion, since nothing nests.  The source is
 * copied behind the struct, so that names and values are slices of the copy.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where the compiler stands; `why` is set by the first error. */
struct html_path_reader {
	struct html_path *path;
	char *at, *end;
	const char *why;
};

static int
html_path_fail(struct html_path_reader *r, const char *why)
{
	if (r->why == NULL)
		r->why = why;
	return 0;
}

static void
html_path_skip_space(struct html_path_reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' ||
	    *r->at == '\n' || *r->at == '\r'))
		r->at++;
}

/* Takes `word`, with space around it, if it comes next. */
static int
html_path_take(struct html_path_reader *r, const char *word)
{
	size_t len = strlen(word);

	html_path_skip_space(r);
	if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
		return 0;
	r->at += len;
	html_path_skip_space(r);
	return 1;
}

static int
html_path_is_name(char c)
{
	unsigned char u = (unsigned char)c;

	return (u | 0x20u) - 'a' < 26u || (unsigned)u - '0' < 10u ||
	    u == '-' || u == '_' || u == ':' || u == '.' || u >= 0x80;
}

/* A name, made lower case in our copy, or '*' as an empty one. */
static int
html_path_name(struct html_path_reader *r, struct html_path_word *name)
{
	name->at = r->at;
	name->len = 0;
	if (html_path_take(r, "*"))
		return 1;
	while (r->at < r->end && html_path_is_name(*r->at)) {
		if ((unsigned)*r->at - 'A' < 26u)
			*r->at = (char)(*r->at + 32);
		r->at++;
		name->len++;
	}
	html_path_skip_space(r);
	return name->len > 0 || html_path_fail(r, "a name was expected");
}

static int
html_path_quoted(struct html_path_reader *r, struct html_path_word *value)
{
	char *close = NULL;

	if (r->at < r->end && (*r->at == '\'' || *r->at == '"'))
		close = memchr(r->at + 1, *r->at,
		    (size_t)(r->end - r->at - 1));
	if (close == NULL)
		return html_path_fail(r, "a value in quotes was expected");
	value->at = r->at + 1;
	value->len = (size_t)(close - value->at);
	r->at = close + 1;
	html_path_skip_space(r);
	return 1;
}

static int
html_path_position(struct html_path_reader *r, struct html_path_test *test)
{
	uint32_t n = 0;

	test->ask = HTML_PATH_POSITION;
	while (r->at < r->end && (unsigned)*r->at - '0' < 10u &&
	    n < 100000000)
		n = n * 10 + (uint32_t)(*r->at++ - '0');
	test->position = n;
	html_path_skip_space(r);
	return n > 0 || html_path_fail(r, "positions count from 1");
}

/* What stands between '[' and ']'. */
static int
html_path_test(struct html_path_reader *r, struct html_path_test *test)
{
	if (r->at < r->end && (unsigned)*r->at - '0' < 10u)
		return html_path_position(r, test);
	if (html_path_take(r, "contains")) {
		test->ask = HTML_PATH_CONTAINS;
		return (html_path_take(r, "(") && html_path_take(r, "@") &&
		    html_path_name(r, &test->name) &&
		    html_path_take(r, ",") &&
		    html_path_quoted(r, &test->value) &&
		    html_path_take(r, ")")) ||
		    html_path_fail(r, "contains(@name, 'value') was expected");
	}
	if (!html_path_take(r, "@"))
		return html_path_fail(r, "this predicate is not known");
	test->ask = HTML_PATH_HAS;
	if (!html_path_name(r, &test->name))
		return 0;
	if (!html_path_take(r, "="))
		return 1;
	test->ask = HTML_PATH_EQUALS;
	return html_path_quoted(r, &test->value);
}

static int
html_path_tests(struct html_path_reader *r, struct html_path_step *step)
{
	struct html_path *path = r->path;

	step->first_test = path->test_count;
	while (html_path_take(r, "[")) {
		if (path->test_count == HTML_PATH_TESTS)
			return html_path_fail(r, "too many predicates");
		if (!html_path_test(r, &path->tests[path->test_count]))
			return 0;
		path->test_count++;
		step->tests++;
		if (!html_path_take(r, "]"))
			return html_path_fail(r, "']' was expected");
	}
	return 1;
}

/* One step, behind its slashes. */
static int
html_path_step(struct html_path_reader *r, struct html_path_step *step)
{
	if (html_path_take(r, "@")) {
		step->kind = HTML_PATH_ATTRIBUTE;
		return html_path_name(r, &step->name);
	}
	if (html_path_take(r, "text()")) {
		step->kind = HTML_PATH_TEXT;
		return 1;
	}
	step->kind = HTML_PATH_ELEMENT;
	return html_path_name(r, &step->name) && html_path_tests(r, step);
}

/* One alternative of a union. */
static int
html_path_alternative(struct html_path_reader *r)
{
	struct html_path *path = r->path;
	struct html_path_step *step;
	int slash, more = 1;

	slash = html_path_take(r, "/");
	while (more) {
		if (path->step_count == HTML_PATH_STEPS)
			return html_path_fail(r, "too many steps");
		step = &path->steps[path->step_count++];
		memset(step, 0, sizeof(*step));
		step->deep = slash && html_path_take(r, "/");
		if (!html_path_step(r, step))
			return 0;
		slash = more = html_path_take(r, "/");
		if (more && step->kind != HTML_PATH_ELEMENT)
			return html_path_fail(r,
			    "nothing can follow an attribute or text()");
		step->last = !more;
	}
	return 1;
}

static int
html_path_union(struct html_path_reader *r)
{
	do {
		html_path_skip_space(r);
		if (!html_path_alternative(r))
			return 0;
	} while (html_path_take(r, "|"));
	return r->at == r->end || html_path_fail(r, "'/' was expected");
}

int
html_path_compile(struct html_path **path, const char *at, size_t len,
    struct html_path_error *error)
{
	struct html_path_reader r = { NULL, NULL, NULL, NULL };

	*path = NULL;
	if (len > (size_t)-1 - sizeof(*r.path))
		return -ENOMEM;
	r.path = calloc(1, sizeof(*r.path) + len);
	if (r.path == NULL)
		return -ENOMEM;
	if (len > 0)
		memcpy(r.path->source, at, len);
	r.at = r.path->source;
	r.end = r.at + len;
	if (html_path_union(&r)) {
		*path = r.path;
		return 0;
	}
	if (error != NULL) {
		error->at = (size_t)(r.at - r.path->source);
		error->what = r.why;
	}
	free(r.path);
	return -EINVAL;
}

void
html_path_free(struct html_path *path)
{
	free(path);
}
