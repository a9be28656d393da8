/*
 * finder.c - from a page's bytes to its first article, or its title.
 *
 * Of several paths an earlier one wins over a later one, whatever their
 * order in the page; so a match of the first path ends the search at once,
 * and one of another path is kept until an earlier path matches.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "finder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../reactor/list.h"

/* ---- what the page says ---- */

/* The title, cut in front of a character if it is too long. */
static bool
finder_title(struct html_extractor_sink *s, const char *at, size_t len)
{
	struct finder *f = reactor_container_of(s, struct finder, facts);

	if (len > FINDER_TITLE_MAX)
		for (len = FINDER_TITLE_MAX; (at[len] & 0xC0) == 0x80; len--)
			;
	record_add(&f->title, at, len);
	f->has_title = true;
	return true;
}

/* Reads a URL that is spelt in the page's character set. */
static int
finder_parse(struct finder *f, struct http_url *url, const char *at,
    size_t len, const struct http_url *base)
{
	int error = html_extractor_address(f->extract, &at, &len);

	return error < 0 ? error : http_url_parse(url, at, len, base);
}

/* Resolves a link as a browser does: by the page's <base>, if it is good. */
static int
finder_resolve(struct finder *f, const char *at, size_t len,
    struct http_url *link)
{
	size_t base_len;
	const char *base_at = html_extractor_base(f->extract, &base_len);
	struct http_url base = { .href = NULL };
	int error = 0;

	if (base_at != NULL)
		error = finder_parse(f, &base, base_at, base_len, &f->page);
	if (error != -ENOMEM)
		error = finder_parse(f, link, at, len,
		    base.href != NULL ? &base : &f->page);
	http_url_free(&base);
	return error;
}

/* A link to a place in the same page leads to no article. */
static bool
finder_is_same_page(const struct http_url *a, const struct http_url *b)
{
	return a->fragment == b->fragment &&
	    memcmp(a->href, b->href, a->fragment) == 0;
}

static void
finder_forget_link(struct finder *f)
{
	http_url_free(&f->link);
	f->link_error = 0;
	f->link_text.len = 0;
	f->link_text.failed = false;
}

/*
 * A link that leads nowhere, such as "javascript:", is passed over.  One
 * that cannot be read is not: the next would be taken for the article.
 */
static bool
finder_match(struct html_extractor_sink *s, size_t path, const char *at,
    size_t len)
{
	struct finder *f = reactor_container_of(s, struct finder, facts);
	bool found = f->link.href != NULL || f->link_error != 0;
	struct http_url link = { .href = NULL };
	int error;

	if (found && path >= f->best)
		return false;
	error = finder_resolve(f, at, len, &link);
	if (error == -ENOMEM) {
		f->error = error;
		return true;
	}
	if (error == HTTP_URL_E_SCHEME)
		return false;
	if (error == 0 && finder_is_same_page(&link, &f->page)) {
		http_url_free(&link);
		return false;
	}
	finder_forget_link(f);
	f->link = link;
	f->link_error = error;
	if (error != 0)
		record_add(&f->link_text, at, len);
	f->best = path;
	return path == 0;
}

/* ---- how the page comes ---- */

/* Forgets what was found. */
static void
finder_reset(struct finder *f)
{
	finder_forget_link(f);
	http_url_free(&f->page);
	f->title.len = 0;
	f->title.failed = false;
	f->has_title = false;
	f->error = 0;
}

/*
 * The charset of a Content-Type such as `text/html; charset="utf-8"` (RFC
 * 9110, section 8.3.1), as a slice of it; NULL if there is none.  Where the
 * field is a list, the last one counts.
 */
static const char *
finder_charset(const char *type, size_t *len)
{
	static const char name[] = "charset=";
	const char *found = NULL;

	for (; *type != '\0'; type++)
		if (strncasecmp(type, name, strlen(name)) == 0)
			found = type;
	if (found == NULL)
		return NULL;
	type = found + strlen(name);
	type += *type == '"';
	*len = strcspn(type, "\"; \t,");
	return *len > 0 ? type : NULL;
}

static enum http_sink_answer
finder_begin(struct http_sink *s, const struct http_page *page)
{
	struct finder *f = reactor_container_of(s, struct finder, sink);
	size_t len = 0;
	const char *charset = finder_charset(page->content_type, &len);

	finder_reset(f);		/* it may be another attempt */
	if (f->shelf->path_count > 0)
		f->error = http_url_copy(&f->page, &page->url);
	if (f->error == 0)
		html_extractor_start(f->extract, charset, len);
	return f->error == 0 ? HTTP_SINK_CONTINUE : HTTP_SINK_ENOUGH;
}

static enum http_sink_answer
finder_data(struct http_sink *s, const char *at, size_t len)
{
	struct finder *f = reactor_container_of(s, struct finder, sink);
	int status = html_extractor_feed(f->extract, at, len);

	if (status < 0)
		f->error = status;
	return status == HTML_EXTRACT_MORE ? HTTP_SINK_CONTINUE :
	    HTTP_SINK_ENOUGH;
}

/* The page breaks off: what was held back may be all that is needed. */
static enum http_sink_answer
finder_cut(struct http_sink *s)
{
	struct finder *f = reactor_container_of(s, struct finder, sink);
	int status = html_extractor_cut(f->extract);

	if (status < 0)
		f->error = status;
	return status == HTML_EXTRACT_MORE ? HTTP_SINK_CONTINUE :
	    HTTP_SINK_ENOUGH;
}

int
finder_finish(struct finder *f)
{
	int status = f->error;

	if (status == 0)
		status = html_extractor_finish(f->extract);
	if (f->title.failed || f->link_text.failed)
		status = -ENOMEM;
	return status < 0 ? status : 0;
}

/* ---- the shelf ---- */

static const struct http_sink_ops finder_sink_ops = {
	.begin = finder_begin,
	.data = finder_data,
	.cut = finder_cut,
};

static void
finder_free(struct finder *f)
{
	html_extractor_free(f->extract);
	http_url_free(&f->link);
	http_url_free(&f->page);
	record_free(&f->link_text);
	record_free(&f->title);
	free(f);
}

static struct finder *
finder_new(struct finder_shelf *shelf)
{
	struct html_extractor_options want = {
		.title = shelf->path_count == 0,
		.paths = shelf->paths,
		.path_count = shelf->path_count,
	};
	struct finder *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->sink.ops = &finder_sink_ops;
	f->facts.title = finder_title;
	f->facts.match = finder_match;
	f->shelf = shelf;
	f->extract = html_extractor_new(&want, &f->facts);
	if (f->extract == NULL) {
		free(f);
		return NULL;
	}
	return f;
}

struct finder *
finder_take(struct finder_shelf *shelf)
{
	struct finder *f = shelf->first;

	if (f == NULL)
		return finder_new(shelf);
	shelf->first = f->next;
	return f;
}

void
finder_put_back(struct finder_shelf *shelf, struct finder *f)
{
	if (f == NULL)
		return;
	finder_reset(f);
	f->next = shelf->first;
	shelf->first = f;
}

void
finder_clear(struct finder_shelf *shelf)
{
	struct finder *f;

	while ((f = shelf->first) != NULL) {
		shelf->first = f->next;
		finder_free(f);
	}
}
