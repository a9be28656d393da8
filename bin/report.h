/*
 * report.h - what came of one URL, and the forms in which it is printed.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_REPORT_H
#define BIN_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record.h"

/*
 * What came of one URL.  All text is borrowed; what is not known is NULL
 * or 0.  The category NULL means that all went well, and then there is a
 * title, and an article unless none was asked for.
 */
struct report {
	const char *url;		/* as it was given */
	size_t url_len;
	const char *article;		/* its link, resolved; NUL-terminated */
	const char *title;
	size_t title_len;
	const char *category;		/* of the failure */
	const char *detail;		/* what happened */
	int status;			/* HTTP's, of the last page */
	unsigned redirects;		/* of all pages together */
	uint64_t bytes;			/* decoded, of all pages together */
	uint64_t elapsed_ns;
};

/* What came of a URL that there is no memory for. */
struct report report_without_memory(const char *url, size_t url_len);

/*
 * Adds what the output gets to see of a report: one JSON object a line; or
 * else what the story prints, if there is an article, or URL, tab, title,
 * and of a failure nothing.  Where there is no memory for it, the report
 * becomes report_without_memory, and it is that which is added.
 */
void report_write(struct report *, bool json, struct record *);

#endif
