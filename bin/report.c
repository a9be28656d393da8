/*
 * report.c - the ways to print what came of a URL.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "report.h"

#include <string.h>

#include "../defer/failure.h"

/* Three lines and an empty one. */
static void
report_write_article(const struct report *p, struct record *r)
{
	record_add_text(r, "first article on ");
	record_add_clean(r, p->url, p->url_len);
	record_add_text(r, " :\n");
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

/* URL, tab, link; and URL, tab, name of a field, tab, value. */
static void
report_write_findings(const struct report *p, const struct field_list *fields,
    const struct findings *found, struct record *r)
{
	size_t count = found != NULL ? found->count : 0, sort, len;

	for (size_t i = 0; i < count; i++) {
		const char *at = findings_get(found, i, &sort, &len);

		record_add_clean(r, p->url, p->url_len);
		record_add(r, "\t", 1);
		if (fields != NULL) {
			record_add(r, fields->names[sort],
			    fields->name_lens[sort]);
			record_add(r, "\t", 1);
		}
		record_add_value(r, at, len);
		record_add(r, "\n", 1);
	}
}

/*
 * A member whose value is a string, or null if `at` is NULL.  `name` is all
 * that stands in front of the value.  There are many of them in each record,
 * and printf would take longer than all else here.
 */
static void
report_add_member(struct record *r, const char *name, const char *at,
    size_t len)
{
	record_add_text(r, name);
	if (at != NULL)
		record_add_json(r, at, len);
	else
		record_add(r, "null", 4);
}

static void
report_add_text(struct record *r, const char *name, const char *text)
{
	report_add_member(r, name, text, text != NULL ? strlen(text) : 0);
}

static void
report_add_number(struct record *r, const char *name, uint64_t number)
{
	record_add_text(r, name);
	record_add_number(r, number);
}

/*
 * A list of what was found, in order.  Of fields, those that are the field of
 * the path numbered `first`; else fields is NULL.
 */
static void
report_add_list(struct record *r, const struct findings *found,
    const struct field_list *fields, size_t first)
{
	size_t count = found != NULL ? found->count : 0, sort, len;
	const char *between = "";

	record_add(r, "[", 1);
	for (size_t i = 0; i < count; i++) {
		const char *at = findings_get(found, i, &sort, &len);

		if (fields != NULL && fields->first[sort] != first)
			continue;
		record_add_text(r, between);
		record_add_json(r, at, len);
		between = ",";
	}
	record_add(r, "]", 1);
}

/* Each name once, with a list of its values. */
static void
report_add_fields(struct record *r, const struct report *p,
    const struct field_list *fields)
{
	const char *between = "";

	record_add_text(r, ",\"fields\":{");
	for (size_t i = 0; i < fields->count; i++) {
		if (fields->first[i] != i)
			continue;
		record_add_text(r, between);
		record_add_json(r, fields->names[i], fields->name_lens[i]);
		record_add(r, ":", 1);
		report_add_list(r, p->values, fields, i);
		between = ",";
	}
	record_add(r, "}", 1);
}

/* What was asked for beside the title, and what is missing of it. */
static void
report_add_findings(struct record *r, const struct report *p,
    const struct report_form *form)
{
	if (form->links) {
		record_add_text(r, ",\"links\":");
		report_add_list(r, p->links, NULL, 0);
	}
	if (form->fields->count > 0)
		report_add_fields(r, p, form->fields);
	if (form->links || form->fields->count > 0)
		report_add_text(r, ",\"missing\":", p->missing);
}

/* In ms, to the microsecond; null if nothing was asked of the network. */
static void
report_add_timings(struct record *r, const struct report *p)
{
	const struct http_timings *t = &p->timings;

	if (!p->timed)
		record_add_text(r, ",\"timings\":null");
	else
		record_addf(r, ",\"timings\":{\"dns\":%.3f,\"connect\":%.3f,"
		    "\"tls\":%.3f,\"wait\":%.3f,\"receive\":%.3f}",
		    (double)t->name_ns / 1e6, (double)t->connect_ns / 1e6,
		    (double)t->tls_ns / 1e6, (double)t->wait_ns / 1e6,
		    (double)t->receive_ns / 1e6);
}

static void
report_write_json(const struct report *p, const struct report_form *form,
    struct record *r)
{
	report_add_member(r, "{\"url\":", p->url, p->url_len);
	report_add_member(r, ",\"final_url\":", p->final_url,
	    p->final_url_len);
	report_add_text(r, ",\"article\":", p->article);
	report_add_member(r, ",\"title\":", p->title, p->title_len);
	report_add_findings(r, p, form);
	report_add_text(r, ",\"error\":", p->category);
	report_add_text(r, ",\"detail\":", p->detail);
	if (p->status != 0)
		report_add_number(r, ",\"status\":", (unsigned)p->status);
	else
		report_add_text(r, ",\"status\":", NULL);
	report_add_number(r, ",\"redirects\":", p->redirects);
	report_add_number(r, ",\"attempts\":", p->attempts);
	report_add_text(r, ",\"content_type\":", p->content_type);
	report_add_text(r, ",\"address\":", p->address);
	report_add_number(r, ",\"bytes\":", p->bytes);
	report_add_number(r, ",\"ms\":", p->elapsed_ns / 1000000);
	if (form->timings)
		report_add_timings(r, p);
	record_add(r, "}\n", 2);
}

static void
report_write_text(const struct report *p, const struct report_form *form,
    struct record *r)
{
	if (form->links)
		report_write_findings(p, NULL, p->links, r);
	if (form->fields->count > 0)
		report_write_findings(p, form->fields, p->values, r);
	if (form->links || form->fields->count > 0)
		return;
	if (p->article != NULL)
		report_write_article(p, r);
	else
		report_write_title(p, r);
}

static void
report_write_form(const struct report *p, const struct report_form *form,
    struct record *r)
{
	if (form->json)
		report_write_json(p, form, r);
	else if (p->category == NULL)
		report_write_text(p, form, r);
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
report_write(struct report *p, const struct report_form *form,
    struct record *r)
{
	report_write_form(p, form, r);
	if (!r->failed)
		return;
	/* The title may have been long; a few words may still have room. */
	record_free(r);
	*p = report_without_memory(p->url, p->url_len);
	report_write_form(p, form, r);
}
