/*
 * explain.c - the story of one URL, a fact a line.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "explain.h"

#include <string.h>

/* A line that ends with text from elsewhere. */
static void
explain_line(struct record *r, const char *what, const char *at, size_t len)
{
	record_addf(r, "  %-9s", what);
	record_add_value(r, at, len);
	record_add(r, "\n", 1);
}

/* Where a page was found, how much of it was read, and its characters. */
static void
explain_page(struct record *r, const struct finder *f)
{
	const char *charset = html_extractor_charset(f->extract);

	explain_line(r, "page", f->page.href, f->page.len);
	record_addf(r, "  read     %zu bytes, %s\n", f->seen, f->enough ?
	    "and no more was needed" : "to the end");
	if (charset != NULL)
		record_addf(r, "  charset  %s, by %s\n", charset,
		    html_extractor_charset_why(f->extract));
}

/* Why this link, of all in the page. */
static void
explain_article(struct record *r, const struct finder *f,
    const char *const *paths)
{
	size_t count = f->shelf->path_count, len;
	const char *base = html_extractor_base(f->extract, &len);
	bool found = f->link.href != NULL || f->link_error != 0;

	if (f->link.href != NULL)
		explain_line(r, "article", f->link.href, f->link.len);
	else if (found)
		explain_line(r, "article", f->link_text.at, f->link_text.len);
	else
		record_addf(r, "  article  none of %zu paths matches a link\n",
		    count);
	if (found) {
		record_addf(r, "  by       path %zu of %zu: ", f->best + 1,
		    count);
		record_add_clean(r, paths[f->best], strlen(paths[f->best]));
		record_add(r, "\n", 1);
	}
	if (f->passed > 0)
		record_addf(r, "  passed   %zu links that lead to no other "
		    "page\n", f->passed);
	if (base != NULL)
		explain_line(r, "base", base, len);
}

/* Why this title, and how much else was found. */
static void
explain_last(struct record *r, const struct finder *f)
{
	const struct field_list *fields = f->shelf->fields;

	if (f->title.len > 0)
		explain_line(r, "title", f->title.at, f->title.len);
	record_addf(r, "  by       %s\n", !f->has_title ?
	    "there is no <title> but, perhaps, those of drawings" :
	    f->title.len == 0 ? "the first <title>, which is empty" :
	    f->title.len < FINDER_TITLE_MAX - 3 ? "the first <title>" :
	    "the first <title>, perhaps cut");
	if (f->shelf->links)
		record_addf(r, "  links    %zu, and %zu that cannot be read\n",
		    f->links.count, f->unreadable);
	if (fields != NULL && fields->count > 0)
		record_addf(r, "  fields   %zu values of %zu paths\n",
		    f->values.count, fields->count);
	if (finder_missing(f) != NULL)
		record_addf(r, "  missing  %s\n", finder_missing(f));
}

void
explain_write(struct record *r, const struct report *report,
    const struct finder *article, const struct finder *last,
    const char *const *paths)
{
	record_add_clean(r, report->url, report->url_len);
	record_addf(r, ": explained\n");
	if (article != NULL && article->page.href != NULL) {
		explain_page(r, article);
		explain_article(r, article, paths);
	}
	if (last != NULL && last->page.href != NULL) {
		explain_page(r, last);
		explain_last(r, last);
	}
	if (report->category != NULL) {
		record_addf(r, "  failed   %s: ", report->category);
		record_add_clean(r, report->detail, strlen(report->detail));
		record_add(r, "\n", 1);
	}
}
