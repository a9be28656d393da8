/*
 * failure_detail.h - what a failure says beside its kind and its message: a
 * number, a value, and the failure that led to it.
 *
 *      f = defer_failure_new(&http_status, "%s: no such page", url);
 *      f = defer_failure_set_code(f, 404);
 *
 * Copy: failure_detail.h failure_detail.c failure.h failure.c result.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_FAILURE_DETAIL_H
#define DEFER_FAILURE_DETAIL_H

#include "failure.h"
#include "result.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- for the maker of a failure, before anybody else has it ---- */

/*
 * Each returns f.  The failure takes over the detail and the cause.  On a
 * constant, such as &defer_failure_no_memory, they only free what they are
 * given.
 */
const struct defer_failure *defer_failure_set_code(
    const struct defer_failure *f, long code);
const struct defer_failure *defer_failure_set_detail(
    const struct defer_failure *f, struct defer_result detail);
const struct defer_failure *defer_failure_set_cause(
    const struct defer_failure *f, const struct defer_failure *cause);

/* ---- for its readers ---- */

/*
 * The first of that kind among f, its cause, the cause's cause and so on;
 * borrowed from f; NULL if there is none.
 */
const struct defer_failure *defer_failure_find(const struct defer_failure *f,
    const struct defer_failure_kind *kind);

/*
 * Writes "kind: message, because kind: message ..." and a NUL, cut to size.
 * Returns how long the text is when it is not cut, as snprintf does.
 */
size_t defer_failure_describe(
    const struct defer_failure *f, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
