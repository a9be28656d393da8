/*
 * report.c - three ways to print what came of a URL.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "report.h"

#include <inttypes.h>
#include <string.h>

#include "../defer/failure.h"

/* Three lines and an empty one. */
static void
report_write_article(const struct report *p, struct record *r)
{
	record_addf(r, "first article on ");
	record_add_clean(r, p->url, p->url_len);
	record_addf(r, " :\n");
	record_add_clean(r, p->article, strlen(p->article));
	record_add(r, "\n", 1);
	record_add_clean(r, p->title, p->title_len);
	record_add(r, "\n\n", 2);
}

static void
report_write_title(const struct report *p, struct record *r)
{
	record_add_clean(r, p->url, p->url_len);
	record_add(r, "\t", 1);
	record_add_clean(r, p->title, p->title_len);
	record_add(r, "\n", 1);
}

/* A member whose value is a string, or null if `at` is NULL. */
static void
report_add_member(struct record *r, const char *name, const char *at,
    size_t len)
{
	record_addf(r, "\"%s\":", name);
	if (at != NULL)
		record_add_json(r, at, len);
	else
		record_addf(r, "null");
	record_add(r, ",", 1);
}

static void
report_add_text(struct record *r, const char *name, const char *text)
{
	report_add_member(r, name, text, text != NULL ? strlen(text) : 0);
}

static void
report_write_json(const struct report *p, struct record *r)
{
	record_add(r, "{", 1);
	report_add_member(r, "url", p->url, p->url_len);
	report_add_text(r, "article", p->article);
	report_add_member(r, "title", p->title, p->title_len);
	report_add_text(r, "error", p->category);
	report_add_text(r, "detail", p->detail);
	if (p->status != 0)
		record_addf(r, "\"status\":%d,", p->status);
	else
		record_addf(r, "\"status\":null,");
	record_addf(r, "\"redirects\":%u,\"bytes\":%" PRIu64 ",\"ms\":%"
	    PRIu64 "}\n", p->redirects, p->bytes, p->elapsed_ns / 1000000);
}

static void
report_write_form(const struct report *p, bool json, struct record *r)
{
	if (json)
		report_write_json(p, r);
	else if (p->category == NULL && p->article != NULL)
		report_write_article(p, r);
	else if (p->category == NULL)
		report_write_title(p, r);
}

struct report
report_without_memory(const char *url, size_t url_len)
{
	return (struct report){
		.url = url, .url_len = url_len, .category = "no-resources",
		.detail = defer_failure_no_memory.message,
	};
}

void
report_write(struct report *p, bool json, struct record *r)
{
	report_write_form(p, json, r);
	if (!r->failed)
		return;
	/* The title may have been long; a few words may still have room. */
	record_free(r);
	*p = report_without_memory(p->url, p->url_len);
	report_write_form(p, json, r);
}
