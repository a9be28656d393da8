/*
 * words.h - what an errno means, in words.
 *
 * Copy: words.h words.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_WORDS_H
#define REACTOR_WORDS_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What a negative errno of this folder means; never NULL.  The words are the
 * same on every system, and say what happened to a connection, not which
 * call failed.
 */
const char *reactor_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
