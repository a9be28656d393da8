/*
 * refresh.h - what <meta http-equiv=refresh> asks for (HTML, "shared
 * declarative refresh steps").
 *
 * Copy: refresh.h refresh.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTML_REFRESH_H
#define HTML_REFRESH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What was asked for. */
struct html_refresh {
	uint32_t seconds;		/* UINT32_MAX: that, or more */
	const char *url;		/* borrowed; as it stands */
	size_t url_len;			/* 0: the page itself */
};

/*
 * Reads the content attribute, len bytes at `at` with references decoded, such
 * as "0; url=/there".  False, and nothing is filled in, if browsers pass it
 * over.
 */
bool html_refresh_read(struct html_refresh *, const char *at, size_t len);

#ifdef __cplusplus
}
#endif

#endif
