/*
 * path.h - the part of XPath 1.0 that scrapers use, compiled.
 *
 *	path   = '/' or '//' before each step; "html/a" is "/html/a"
 *	step   = name, '*', '@name', '@*' or 'text()'
 *	after a name or '*':  [@class]  [@class='x']  [contains(@class,'x')]
 *	                      [3]
 *	union  = path | path
 *
 * A path that no page can match, whatever is in it, is wrong: an element's
 * name begins with a letter, and only html stands at the top.
 *
 * A compiled path is read only: any number of pages may be matched against
 * it at once, in any thread.  match.h does the matching.
 *
 * Copy: path.h path.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_PATH_H
#define HTML_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Most steps of one path, all alternatives of its union together. */
#define HTML_PATH_STEPS 32
/* Most predicates of one path, all its steps together. */
#define HTML_PATH_TESTS 32

/* What a step selects. */
enum html_path_kind {
	HTML_PATH_ELEMENT,
	HTML_PATH_ATTRIBUTE,
	HTML_PATH_TEXT
};

/* What a predicate asks. */
enum html_path_ask {
	HTML_PATH_HAS,			/* [@name] */
	HTML_PATH_EQUALS,		/* [@name='value'] */
	HTML_PATH_CONTAINS,		/* [contains(@name,'value')] */
	HTML_PATH_POSITION		/* [3]: among the matching siblings */
};

/* A slice of the path's own copy of its source. */
struct html_path_word {
	const char *at;
	size_t len;
};

/* A predicate. */
struct html_path_test {
	enum html_path_ask ask;
	struct html_path_word name;	/* an attribute's, in lower case */
	struct html_path_word value;
	uint32_t position;		/* from 1 */
};

/* A step, with the slashes in front of it. */
struct html_path_step {
	enum html_path_kind kind;
	bool deep;			/* '//' stood before it */
	bool last;			/* the end of an alternative */
	struct html_path_word name;	/* lower case; len 0: '*' */
	unsigned first_test, tests;	/* into tests of the path */
	unsigned positions;		/* how many of these are [3] */
};

/* A compiled path; the steps of its alternatives one after the other. */
struct html_path {
	struct html_path_step steps[HTML_PATH_STEPS];
	struct html_path_test tests[HTML_PATH_TESTS];
	unsigned step_count, test_count;
	/* The copy of the source follows. */
};

/* Where and why a path could not be compiled. */
struct html_path_error {
	size_t at;			/* offset into the source */
	const char *what;		/* a constant, without a full stop */
};

/*
 * Compiles len bytes of UTF-8 at `at` (copied) into *path, which the caller
 * frees with html_path_free.  Returns 0, -ENOMEM, or -EINVAL with *error
 * (which may be NULL) telling why; then *path is NULL.
 */
int html_path_compile(struct html_path **path, const char *at, size_t len,
    struct html_path_error *error);

/* Frees a compiled path; NULL is ignored. */
void html_path_free(struct html_path *path);

#ifdef __cplusplus
}
#endif

#endif
