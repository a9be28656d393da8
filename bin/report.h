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

#include "../http/client.h"
#include "field.h"
#include "findings.h"
#include "record.h"

/*
 * What came of one URL.  All text is borrowed; what is not known is NULL
 * or 0.  The category NULL means that all went well: then there is an article
 * unless none was asked for, and a title unless links or fields were.
 */
struct report {
	const char *url;		/* as it was given */
	size_t url_len;
	const char *final_url;		/* of the last answer */
	size_t final_url_len;
	const char *article;		/* its link, resolved; NUL-terminated */
	const char *title;
	size_t title_len;
	const char *category;		/* of the failure */
	const char *detail;		/* what happened */
	int status;			/* HTTP's, of the last answer */
	const struct findings *links;	/* of the last page */
	const struct findings *values;	/* likewise; the sort is the path's */
	const char *missing;		/* what of it was left out */
	unsigned requests;		/* made, and those answered: of all */
	unsigned answers;		/* pages together, redirects too */
	unsigned redirects;		/* of all pages together */
	unsigned attempts;		/* 1, and 1 for each retry of a page */
	const char *content_type;	/* of the last answer */
	const char *address;		/* of the last request, and port: whom
					   it talked to, or tried */
	uint64_t bytes;			/* decoded, of all pages together */
	uint64_t elapsed_ns;
	bool timed;			/* a request was begun: then this is */
	struct http_timings timings;	/* the sum of all */
};

/* How reports are to be printed. */
struct report_form {
	bool json;			/* else text */
	bool timings;			/* in JSON */
	bool links;			/* of the last page */
	const struct field_list *fields;	/* of it; empty: none */
};

/* The report of a URL that there was no memory for. */
struct report report_without_memory(const char *url, size_t url_len);

/*
 * Adds a report to a record: as one JSON object on a line; or as text.  That
 * is nothing for a failure; else a line for each link and each value, if such
 * were asked for; else the three lines "first article on URL :", article and
 * title, if there is an article; else URL, tab, title.  Without memory for
 * it, the report becomes report_without_memory, and that is added.
 */
void report_write(struct report *, const struct report_form *,
    struct record *);

#endif
