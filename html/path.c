/*
 * path.c - compiles paths; see path.h for the grammar.
 *
 * One function for each line of the grammar; none calls itself, since nothing
 * nests.  The source is copied behind the struct, and all names and values
 * are slices of that copy, in which names are made lower case.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Positions in predicates are not read beyond this. */
#define HTML_PATH_POSITION_MAX 100000000

/* Where the compiler stands; `why` is set by the first error. */
struct html_path_reader {
	struct html_path *path;
	char *at, *end;
	const char *why;
};

/* Each function that reads returns this when it cannot. */
static bool
html_path_fail(struct html_path_reader *r, const char *why)
{
	if (r->why == NULL)
		r->why = why;
	return false;
}

/* ---- words ---- */

static void
html_path_skip_space(struct html_path_reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' ||
	    *r->at == '\n' || *r->at == '\r'))
		r->at++;
}

/* Takes `word`, with space around it, if it comes next. */
static bool
html_path_take(struct html_path_reader *r, const char *word)
{
	size_t len = strlen(word);

	html_path_skip_space(r);
	if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
		return false;
	r->at += len;
	html_path_skip_space(r);
	return true;
}

static bool
html_path_is_digit(char c)
{
	return (unsigned)c - '0' < 10u;
}

static bool
html_path_is_name(char c)
{
	unsigned char u = (unsigned char)c;

	return (u | 0x20u) - 'a' < 26u || html_path_is_digit(c) ||
	    u == '-' || u == '_' || u == ':' || u == '.' || u >= 0x80;
}

/* A name, or '*' as an empty one. */
static bool
html_path_name(struct html_path_reader *r, struct html_path_word *name)
{
	name->at = r->at;
	name->len = 0;
	if (html_path_take(r, "*"))
		return true;
	for (; r->at < r->end && html_path_is_name(*r->at); r->at++) {
		if ((unsigned)*r->at - 'A' < 26u)
			*r->at = (char)(*r->at - 'A' + 'a');
		name->len++;
	}
	html_path_skip_space(r);
	return name->len > 0 || html_path_fail(r, "a name was expected");
}

static bool
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
	return true;
}

/*
 * Whether what comes next can be an element's name: tags begin with a letter
 * (13.2.5.6), so that no page has another.
 */
static bool
html_path_is_element(struct html_path_reader *r)
{
	char c = '*';

	if (r->at < r->end)
		c = *r->at;
	if (c == '.')
		return html_path_fail(r, "'.' and '..' are not known");
	return c == '*' || ((unsigned char)c | 0x20u) - 'a' < 26u ||
	    !html_path_is_name(c) ||
	    html_path_fail(r, "no element has such a name");
}

/* Whether the name is none, but that of an axis: "child::a". */
static bool
html_path_is_axis(const struct html_path_word *name)
{
	for (size_t i = 1; i < name->len; i++)
		if (name->at[i - 1] == ':' && name->at[i] == ':')
			return true;
	return false;
}

/* ---- predicates ---- */

static bool
html_path_position(struct html_path_reader *r, struct html_path_test *test)
{
	uint32_t n = 0;

	test->ask = HTML_PATH_POSITION;
	while (r->at < r->end && html_path_is_digit(*r->at) &&
	    n < HTML_PATH_POSITION_MAX)
		n = n * 10 + (uint32_t)(*r->at++ - '0');
	test->position = n;
	html_path_skip_space(r);
	return n > 0 || html_path_fail(r, "positions count from 1");
}

/* Behind "contains". */
static bool
html_path_contains(struct html_path_reader *r, struct html_path_test *test)
{
	test->ask = HTML_PATH_CONTAINS;
	return (html_path_take(r, "(") && html_path_take(r, "@") &&
	    html_path_name(r, &test->name) && html_path_take(r, ",") &&
	    html_path_quoted(r, &test->value) && html_path_take(r, ")")) ||
	    html_path_fail(r, "contains(@name, 'value') was expected");
}

/* What stands between '[' and ']'. */
static bool
html_path_test(struct html_path_reader *r, struct html_path_test *test)
{
	if (r->at < r->end && html_path_is_digit(*r->at))
		return html_path_position(r, test);
	if (html_path_take(r, "contains"))
		return html_path_contains(r, test);
	if (!html_path_take(r, "@"))
		return html_path_fail(r, "this predicate is not known");
	if (!html_path_name(r, &test->name))
		return false;
	test->ask = HTML_PATH_HAS;
	if (!html_path_take(r, "="))
		return true;
	test->ask = HTML_PATH_EQUALS;
	return html_path_quoted(r, &test->value);
}

static bool
html_path_tests(struct html_path_reader *r, struct html_path_step *step)
{
	struct html_path *path = r->path;
	struct html_path_test *test;

	step->first_test = path->test_count;
	while (html_path_take(r, "[")) {
		if (path->test_count == HTML_PATH_TESTS)
			return html_path_fail(r, "too many predicates");
		test = &path->tests[path->test_count];
		if (!html_path_test(r, test))
			return false;
		if (test->ask == HTML_PATH_POSITION &&
		    step->positions++ > 0 && test->position > 1)
			return html_path_fail(r, "a position leaves only one");
		path->test_count++;
		step->tests++;
		if (!html_path_take(r, "]"))
			return html_path_fail(r, "']' was expected");
	}
	return true;
}

/* ---- steps ---- */

/* One step, behind its slashes. */
static bool
html_path_step(struct html_path_reader *r, struct html_path_step *step)
{
	if (html_path_take(r, "@")) {
		step->kind = HTML_PATH_ATTRIBUTE;
		return html_path_name(r, &step->name);
	}
	if (html_path_take(r, "text()")) {
		step->kind = HTML_PATH_TEXT;
		return true;
	}
	step->kind = HTML_PATH_ELEMENT;
	if (!html_path_is_element(r) || !html_path_name(r, &step->name))
		return false;
	if (html_path_is_axis(&step->name))
		return html_path_fail(r, "axes are not known");
	return html_path_tests(r, step);
}

/* The first step: whatever a page is, its only root is html. */
static bool
html_path_first_step(struct html_path_reader *r, struct html_path_step *step)
{
	char *start = r->at;

	if (!html_path_step(r, step))
		return false;
	if (step->deep || (step->kind == HTML_PATH_ELEMENT &&
	    (step->name.len == 0 || (step->name.len == 4 &&
	    memcmp(step->name.at, "html", 4) == 0))))
		return true;
	r->at = start;
	return html_path_fail(r,
	    "only html stands at the top; // finds all below");
}

/* One alternative of a union. */
static bool
html_path_alternative(struct html_path_reader *r)
{
	struct html_path *path = r->path;
	struct html_path_step *step;
	bool slash = html_path_take(r, "/"), first = true, ok;

	do {
		if (path->step_count == HTML_PATH_STEPS)
			return html_path_fail(r, "too many steps");
		step = &path->steps[path->step_count++];
		step->deep = slash && html_path_take(r, "/");
		ok = first ? html_path_first_step(r, step) :
		    html_path_step(r, step);
		if (!ok)
			return false;
		first = false;
		slash = html_path_take(r, "/");
		if (slash && step->kind != HTML_PATH_ELEMENT)
			return html_path_fail(r,
			    "nothing can follow an attribute or text()");
	} while (slash);
	step->last = true;
	return true;
}

static bool
html_path_union(struct html_path_reader *r)
{
	do {
		html_path_skip_space(r);
		if (!html_path_alternative(r))
			return false;
	} while (html_path_take(r, "|"));
	return r->at == r->end || html_path_fail(r, "'/' was expected");
}

int
html_path_compile(struct html_path **path, const char *at, size_t len,
    struct html_path_error *error)
{
	struct html_path_reader r = { NULL, NULL, NULL, NULL };
	char *source;

	*path = NULL;
	if (len > (size_t)-1 - sizeof(*r.path))
		return -ENOMEM;
	r.path = calloc(1, sizeof(*r.path) + len);
	if (r.path == NULL)
		return -ENOMEM;
	source = (char *)(r.path + 1);
	if (len > 0)
		memcpy(source, at, len);
	r.at = source;
	r.end = source + len;
	if (html_path_union(&r)) {
		*path = r.path;
		return 0;
	}
	if (error != NULL) {
		error->at = (size_t)(r.at - source);
		error->what = r.why;
	}
	html_path_free(r.path);
	return -EINVAL;
}

void
html_path_free(struct html_path *path)
{
	free(path);
}
