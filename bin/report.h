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
	int status;			/* HTTP's, of the last answer */
	unsigned redirects;		/* of all pages together */
	uint64_t bytes;			/* decoded, of all pages together */
	uint64_t elapsed_ns;
};

/* The report of a URL that there was no memory for. */
struct report report_without_memory(const char *url, size_t url_len);

/*
 * Adds a report to a record: as one JSON object on a line; or as text.  That
 * is the three lines "first article on URL :", article and title, if there is
 * an article; else URL, tab, title; and nothing for a failure.  Without memory
 * for it, the report becomes report_without_memory, and that is added.
 */
void report_write(struct report *, bool json, struct record *);

#endif
