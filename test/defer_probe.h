/*
 * defer_probe.h - what the tests of defer/ share: callbacks that write down
 * what they were given, and then do as told.
 *
 *      struct probe_log log = {0};
 *      struct probe a = {&log, "a", .does = PROBE_NUMBER, .number = 7};
 *
 *      deferred_add_both(d, probe_run, &a);
 *      deferred_fire(d, probe_number(5));      log.text is "a(5) "
 *
 * Each number is a block of memory of its own, so that a lost or twice freed
 * result shows in alloc_live or in a sanitizer.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_DEFER_PROBE_H
#define SPINDLE_TEST_DEFER_PROBE_H

#include "../defer/deferred.h"
#include "alloc.h"
#include "check.h"

#include <stdio.h>
#include <string.h>

struct probe_log {
	char text[2048];
};

enum probe_does {
	PROBE_PASS,	/* return what came */
	PROBE_NUMBER,	/* return that number */
	PROBE_NONE,	/* return nothing */
	PROBE_FAIL,	/* fail with probe_failed */
	PROBE_DEFER	/* return that deferred, whose reference it takes */
};

struct probe {
	struct probe_log *log;
	const char *name;
	enum probe_does does;
	long number;
	struct deferred *deferred;
	struct deferred *on;		/* for callbacks that act on it */
};

static const struct defer_failure_kind probe_failed = {"failed", NULL};
static const struct defer_failure_kind probe_other = {"other", &probe_failed};

static inline void
probe_free(void *value)
{
	test_free(value);
}

static inline void *probe_copy(void *value);

/* Numbers that can be shared, and such that cannot. */
static const struct defer_result_type probe_shared = {
	"shared", probe_free, probe_copy
};
static const struct defer_result_type probe_unique = {
	"unique", probe_free, NULL
};

static inline struct defer_result
probe_of_type(const struct defer_result_type *type, long number)
{
	long *box = test_malloc(sizeof(*box));

	if (box == NULL)
		return defer_result_failure(NULL);
	*box = number;
	return defer_result_value(type, box);
}

static inline void *
probe_copy(void *value)
{
	struct defer_result r = probe_of_type(&probe_shared, *(long *)value);

	return defer_result_is_failure(r) ? NULL : r.value;
}

static inline struct defer_result
probe_number(long number)
{
	return probe_of_type(&probe_unique, number);
}

static inline struct defer_result
probe_failure(void)
{
	return defer_result_failure(
	    defer_failure_new(&probe_failed, "as told"));
}

/* Writes "name(what) " at the end of the log. */
static inline void
probe_write(struct probe_log *log, const char *name, struct defer_result r)
{
	size_t len = strlen(log->text), room = sizeof(log->text) - len;
	const struct defer_failure *f = defer_result_get_failure(r);

	if (f != NULL)
		snprintf(log->text + len, room, "%s(!%s) ", name,
		    f->kind->name);
	else if (r.type == &probe_unique || r.type == &probe_shared)
		snprintf(log->text + len, room, "%s(%ld) ", name,
		    *(long *)r.value);
	else
		snprintf(log->text + len, room, "%s(%s) ", name,
		    r.type == NULL ? "none" : r.type->name);
}

static inline struct defer_result
probe_run(void *ctx, struct defer_result in)
{
	struct probe *p = ctx;

	probe_write(p->log, p->name, in);
	if (p->does == PROBE_PASS)
		return in;
	defer_result_destroy(in);
	switch (p->does) {
	case PROBE_NUMBER:
		return probe_number(p->number);
	case PROBE_FAIL:
		return probe_failure();
	case PROBE_DEFER:
		return defer_result_deferred(p->deferred);
	default:
		return defer_result_none();
	}
}

/* Takes what d has, which must be there, and writes it down. */
static inline void
probe_take(struct probe_log *log, const char *name, struct deferred *d)
{
	struct defer_result r = defer_result_none();

	if (deferred_take(d, &r))
		probe_write(log, name, r);
	else
		strncat(log->text, "(not there) ",
		    sizeof(log->text) - strlen(log->text) - 1);
	defer_result_destroy(r);
}

/* A new deferred, and what to do with it in most tests. */
static inline struct deferred *
probe_deferred(void)
{
	return deferred_new(NULL, NULL);
}

/* Checks the log and empties it. */
#define PROBE_SAYS(log, want) \
	do { \
		CHECK_STR((log)->text, (want)); \
		(log)->text[0] = '\0'; \
	} while (0)

#endif
