/*
 * finder.c - from a page's bytes to its first article; or to its title, its
 * links and what paths match in it.
 *
 * Of several paths an earlier one wins over a later one, whatever their
 * order in the page; so a match of the first path ends the search at once,
 * and one of another path is kept until an earlier path matches.
 *
 * A page's <base> holds also for links in front of it: so all links are kept
 * until the page has ended, and resolved then.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "finder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../html/path.h"
#include "../html/refresh.h"
#include "../reactor/list.h"

/*
 * Where refreshes stand: in the head, and in no noscript, which is for those
 * who miss a script.  The value may be in any case, of which these are seen.
 */
static const char finder_refreshes[] =
    "//head/meta[contains(@http-equiv,'efresh')]/@content|"
    "//head/meta[@http-equiv='REFRESH']/@content";

/* ---- what the page says ---- */

/* Whether a refresh can still come that counts. */
static bool
finder_awaits_refresh(const struct finder *f)
{
	return f->fed < FINDER_REFRESH && !f->in_body;
}

/* Whether there is more to look for than the title. */
static bool
finder_wants_more(const struct finder *f)
{
	const struct field_list *fields = f->shelf->fields;

	return f->shelf->links || (fields != NULL && fields->count > 0);
}

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
	return !finder_awaits_refresh(f) && !finder_wants_more(f);
}

/* Keeps a text; returns true if no more of the page is to be looked at. */
static bool
finder_keep(struct finder *f, struct findings *to, size_t sort,
    const char *at, size_t len)
{
	return !findings_add(to, sort, at, len, &f->error);
}

static bool
finder_href(struct html_extractor_sink *s, const struct html_link *link)
{
	struct finder *f = reactor_container_of(s, struct finder, facts);

	return (link->kind == HTML_LINK_A || link->kind == HTML_LINK_AREA) &&
	    finder_keep(f, &f->hrefs, 0, link->href, link->len);
}

/* Reads a URL that is spelt in the page's character set. */
static int
finder_parse(struct finder *f, struct http_url *url, const char *at,
    size_t len, const struct http_url *base)
{
	int error = html_extractor_address(f->extract, &at, &len);

	return error < 0 ? error : http_url_parse(url, at, len, base);
}

/*
 * What the links of a page are resolved by, as a browser does it: the page's
 * <base>, if it is good; else base->href is NULL.  0 or -ENOMEM.
 */
static int
finder_read_base(struct finder *f, struct http_url *base)
{
	size_t len;
	const char *at = html_extractor_base(f->extract, &len);

	base->href = NULL;
	return at != NULL && finder_parse(f, base, at, len, &f->page) ==
	    -ENOMEM ? -ENOMEM : 0;
}

/* Resolves one link: 0, -ENOMEM or an enum http_url_error. */
static int
finder_resolve(struct finder *f, const struct http_url *base, const char *at,
    size_t len, struct http_url *link)
{
	return finder_parse(f, link, at, len,
	    base->href != NULL ? base : &f->page);
}

/* Resolves one of all links and keeps it, unless it leads nowhere. */
static void
finder_add_link(struct finder *f, const struct http_url *base, const char *at,
    size_t len)
{
	struct http_url link = { .href = NULL };
	int error = finder_resolve(f, base, at, len, &link);

	if (error == -ENOMEM)
		f->error = error;
	else if (error == 0)
		(void)finder_keep(f, &f->links, 0, link.href, link.len);
	else if (error != HTTP_URL_E_SCHEME)
		f->unreadable++;
	http_url_free(&link);
}

/* The page has ended, so its base is known. */
static void
finder_add_links(struct finder *f)
{
	struct http_url base;
	size_t sort, len;

	if (f->hrefs.count == 0)
		return;
	f->error = finder_read_base(f, &base);
	for (size_t i = 0; i < f->hrefs.count && f->error == 0 &&
	    !f->links.full; i++) {
		const char *at = findings_get(&f->hrefs, i, &sort, &len);

		finder_add_link(f, &base, at, len);
	}
	http_url_free(&base);
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

/* What is only for the site that was asked for must not go to this URL. */
static bool
finder_is_elsewhere(const struct finder *f, const struct http_url *url)
{
	return f->strayed || !http_url_same_origin(url, &f->page);
}

/* Reads a link, resolved by the page's base. */
static int
finder_read_link(struct finder *f, const char *at, size_t len,
    struct http_url *link)
{
	struct http_url base;
	int error = finder_read_base(f, &base);

	if (error == 0)
		error = finder_resolve(f, &base, at, len, link);
	http_url_free(&base);
	return error;
}

/*
 * A refresh that is soon enough and leads to another page is as good as a
 * redirect; all others are passed over.
 */
static bool
finder_refresh(struct finder *f, const char *at, size_t len)
{
	struct html_refresh r;
	struct http_url to = { .href = NULL };
	int error;

	if (f->fed >= FINDER_REFRESH || !html_refresh_read(&r, at, len) ||
	    r.url_len == 0 || r.seconds > FINDER_REFRESH_DELAY)
		return false;
	error = finder_read_link(f, r.url, r.url_len, &to);
	if (error == -ENOMEM)
		f->error = error;
	if (error != 0 || finder_is_same_page(&to, &f->page)) {
		http_url_free(&to);
		return error == -ENOMEM;
	}
	f->refresh = to;
	f->is_elsewhere = finder_is_elsewhere(f, &to);
	return true;
}

static bool
finder_value(struct html_extractor_sink *s, size_t path, const char *at,
    size_t len)
{
	struct finder *f = reactor_container_of(s, struct finder, facts);

	return path == f->path_count ? finder_refresh(f, at, len) :
	    finder_keep(f, &f->values, path, at, len);
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

	if (path == f->path_count)
		return finder_refresh(f, at, len);
	if (found && path >= f->best)
		return false;
	error = finder_read_link(f, at, len, &link);
	if (error == -ENOMEM) {
		f->error = error;
		return true;
	}
	if (error == HTTP_URL_E_SCHEME ||
	    (error == 0 && finder_is_same_page(&link, &f->page))) {
		http_url_free(&link);
		f->passed++;
		return false;
	}
	finder_forget_link(f);
	f->link = link;
	f->link_error = error;
	f->is_elsewhere = error == 0 && finder_is_elsewhere(f, &link);
	if (error != 0)
		record_add(&f->link_text, at, len);
	f->best = path;
	return path == 0 && !finder_awaits_refresh(f);
}

/* What is looked for was found, and nothing that is better can follow. */
static bool
finder_is_content(const struct finder *f)
{
	if (f->shelf->path_count == 0)
		return f->has_title && !finder_wants_more(f);
	return f->best == 0 && (f->link.href != NULL || f->link_error != 0);
}

/* The head is over, and with it what a refresh could change. */
static bool
finder_body(struct html_extractor_sink *s)
{
	struct finder *f = reactor_container_of(s, struct finder, facts);

	f->in_body = true;
	return finder_is_content(f);
}

/* ---- how the page comes ---- */

/* Forgets what was found. */
static void
finder_reset(struct finder *f)
{
	finder_forget_link(f);
	http_url_free(&f->page);
	http_url_free(&f->refresh);
	f->title.len = 0;
	f->title.failed = false;
	f->has_title = f->enough = f->in_body = false;
	findings_empty(&f->hrefs);
	findings_empty(&f->links);
	findings_empty(&f->values);
	f->unreadable = f->passed = f->seen = f->fed = 0;
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
		if ((*type == 'c' || *type == 'C') &&
		    strncasecmp(type, name, strlen(name)) == 0)
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
	f->strayed = page->strayed;
	f->error = http_url_copy(&f->page, &page->url);
	if (f->error == 0)
		html_extractor_start(f->extract, charset, len);
	return f->error == 0 ? HTTP_SINK_CONTINUE : HTTP_SINK_ENOUGH;
}

/* What a sink answers to what the extractor has said. */
static enum http_sink_answer
finder_answer(struct finder *f, int status)
{
	if (status < 0)
		f->error = status;
	f->enough = status != HTML_EXTRACT_MORE;
	return f->enough ? HTTP_SINK_ENOUGH : HTTP_SINK_CONTINUE;
}

/*
 * The part in which a refresh counts is fed by itself: so what comes of a page
 * does not depend on the pieces in which it comes.
 */
static enum http_sink_answer
finder_data(struct http_sink *s, const char *at, size_t len)
{
	struct finder *f = reactor_container_of(s, struct finder, sink);
	size_t left = f->fed < FINDER_REFRESH ? FINDER_REFRESH - f->fed : 0;
	size_t n = left > 0 && left < len ? left : len;
	int status = html_extractor_feed(f->extract, at, n);

	f->seen += len;
	f->fed += n;
	if (status == HTML_EXTRACT_MORE && f->fed >= FINDER_REFRESH &&
	    finder_is_content(f))
		status = HTML_EXTRACT_DONE;
	if (status == HTML_EXTRACT_MORE && n < len)
		status = html_extractor_feed(f->extract, at + n, len - n);
	return finder_answer(f, status);
}

/* The page breaks off: what was held back may be all that is needed. */
static enum http_sink_answer
finder_cut(struct http_sink *s)
{
	struct finder *f = reactor_container_of(s, struct finder, sink);

	int status = html_extractor_cut(f->extract);

	return finder_answer(f, status == HTML_EXTRACT_MORE &&
	    finder_is_content(f) ? HTML_EXTRACT_DONE : status);
}

int
finder_finish(struct finder *f)
{
	int status = f->error;

	if (status == 0)
		status = html_extractor_finish(f->extract);
	if (status >= 0 && f->error == 0)
		finder_add_links(f);
	if (status >= 0)
		status = f->error;
	if (f->title.failed || f->link_text.failed)
		status = -ENOMEM;
	return status < 0 ? status : 0;
}

const char *
finder_missing(const struct finder *f)
{
	if (f->hrefs.full || f->links.full || f->values.full)
		return "what is more than is kept of one page";
	return f->unreadable > 0 ? "a link that cannot be read" :
	    html_extractor_missing(f->extract);
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
	findings_free(&f->hrefs);
	findings_free(&f->links);
	findings_free(&f->values);
	http_url_free(&f->refresh);
	record_free(&f->link_text);
	record_free(&f->title);
	free(f->paths);
	free(f);
}

/* What its extractor is to look for: its own paths, and then refreshes. */
static int
finder_set_paths(struct finder *f, const struct html_path *const *paths,
    size_t count)
{
	f->paths = calloc(count + 1, sizeof(f->paths[0]));
	if (f->paths == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		f->paths[i] = paths[i];
	f->paths[count] = f->shelf->refresh;
	f->path_count = count;
	return 0;
}

static struct finder *
finder_new(struct finder_shelf *shelf)
{
	struct html_extractor_options want = {
		.title = shelf->path_count == 0,
		.links = shelf->links,
	};
	const struct html_path *const *paths = shelf->paths;
	size_t count = shelf->path_count;
	struct finder *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->sink.ops = &finder_sink_ops;
	f->facts.title = finder_title;
	f->facts.link = finder_href;
	f->facts.match = finder_match;
	f->facts.body = finder_body;
	if (shelf->path_count == 0 && shelf->fields != NULL) {
		paths = (const struct html_path *const *)
		    shelf->fields->paths;
		count = shelf->fields->count;
		f->facts.match = finder_value;
	}
	f->shelf = shelf;
	if (finder_set_paths(f, paths, count) == 0) {
		want.paths = f->paths;
		want.path_count = count + 1;
		f->extract = html_extractor_new(&want, &f->facts);
	}
	if (f->extract == NULL) {
		finder_free(f);
		return NULL;
	}
	return f;
}

struct finder *
finder_take(struct finder_shelf *shelf)
{
	struct finder *f = shelf->first;

	if (shelf->refresh == NULL && html_path_compile(&shelf->refresh,
	    finder_refreshes, sizeof(finder_refreshes) - 1, NULL) != 0)
		return NULL;
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
	html_path_free(shelf->refresh);
	shelf->refresh = NULL;
}
