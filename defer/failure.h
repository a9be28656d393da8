/*
 * failure.h - why there is no value: a kind, and words.
 *
 * The kind is the address of a constant, and may have a parent.  There is no
 * central list of error numbers: each module declares its own kinds, and a
 * reader asks as precisely as needed:
 *
 *      const struct defer_failure_kind dns_failure = {"dns", NULL};
 *      const struct defer_failure_kind dns_no_server = {
 *              "no-dns", &dns_failure};
 *
 *      defer_failure_is(f, &dns_failure)     any trouble with names
 *      defer_failure_is(f, &dns_no_server)   just this one
 *
 * A failure never changes once others see it and may have many owners; a
 * `const struct defer_failure *` is one reference.  Making one cannot fail:
 * without memory it is the failure that memory is out.
 *
 * Copy: failure.h failure.c result.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_FAILURE_H
#define DEFER_FAILURE_H

#include "result.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Constants; two kinds are the same if their addresses are. */
struct defer_failure_kind {
	const char *name;			/* one word, for people */
	const struct defer_failure_kind *parent; /* the wider kind, or NULL */
};

/*
 * Read its members, and change none.  One may also be declared as a constant
 * with just a kind and a message (refs 0): it is never freed, and costs no
 * memory to fail with.
 */
struct defer_failure {
	const struct defer_failure_kind *kind;
	const char *message;		/* what happened; no end of line */
	long code;			/* a number that the kind defines */
	struct defer_result detail;	/* what the kind says, or nothing */
	const struct defer_failure *cause;	/* what led to it, or NULL */
	unsigned refs;			/* private; 0: a constant */
};

/* Memory is out.  Its one failure is a constant. */
extern const struct defer_failure_kind defer_failure_out_of_memory;
extern const struct defer_failure defer_failure_no_memory;

/*
 * A new failure, whose message is formatted as printf does (any length).
 * Never NULL: without memory it is &defer_failure_no_memory.
 */
const struct defer_failure *defer_failure_new(
    const struct defer_failure_kind *kind, const char *format, ...);

/* One more reference; returns f. */
const struct defer_failure *defer_failure_ref(const struct defer_failure *f);

/* Gives up one reference.  NULL is allowed. */
void defer_failure_release(const struct defer_failure *f);

/* True if f is of that kind, or of one below it.  NULL is of none. */
bool defer_failure_is(
    const struct defer_failure *f, const struct defer_failure_kind *kind);

/* The type of results that take the failure track (deferred.h). */
extern const struct defer_result_type defer_result_type_failure;

/*
 * A result that takes over a reference to f.  NULL stands for the failure
 * that memory is out.
 */
struct defer_result defer_result_failure(const struct defer_failure *f);

/* Whether it is to take the failure track. */
static inline bool
defer_result_is_failure(struct defer_result r)
{
	return r.type == &defer_result_type_failure;
}

/* The failure in a result, borrowed from it; NULL if it is not one. */
static inline const struct defer_failure *
defer_result_get_failure(struct defer_result r)
{
	return (const struct defer_failure *)defer_result_get(r,
	    &defer_result_type_failure);
}

#ifdef __cplusplus
}
#endif

#endif
