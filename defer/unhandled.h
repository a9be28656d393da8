/*
 * unhandled.h - a ready hook for failures that nobody took: a line of text for
 * each.  A program that reports nothing loses them without a word, so set
 * this, or a hook of your own, at its beginning:
 *
 *      deferred_on_unhandled(deferred_print_unhandled, stderr);
 *
 * It writes, and flushes, for example:
 *
 *      unhandled failure of a deferred made at planets.c:30: refused: no answer
 *
 * Copy: unhandled.h unhandled.c failure_detail.h failure_detail.c CORE(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DEFER_UNHANDLED_H
#define DEFER_UNHANDLED_H

#include "failure.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The hook, for deferred_on_unhandled (deferred.h).  `file` is a FILE *, open
 * for writing as long as the hook is set.  The line has the failure and what
 * led to it.  It is cut after 1,000 bytes, and control characters in it, which
 * may have come from a network, are written as question marks.
 */
void deferred_print_unhandled(void *file, const struct defer_failure *f,
    const char *source, int line);

#ifdef __cplusplus
}
#endif

#endif
