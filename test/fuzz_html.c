/*
 * fuzz_html.c - any bytes through the whole of the extractor, with any of its
 * options: in any pieces they must give what they give whole.
 *
 * The first four bytes say what is wanted (1: title, 2: links, 4: paths,
 * 8: the page is cut off), which character set the
 * header names, where the page is cut, and after how many facts the sink
 * has enough.  The rest of the line is a path; an empty one stands for some
 * that scrapers use.  All that follows is the page.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../html/extractor.h"
#include "fuzz.h"

/* A sum over all that came out, in order. */
struct fuzz_html {
	struct html_extractor_sink sink;
	uint64_t sum;
	unsigned facts, enough;		/* 0: never */
	bool title, body;		/* was there */
	size_t last_len;		/* of the last link, or what of it */
	char last[100];			/* there is room for */
};

static bool
fuzz_html_add(struct html_extractor_sink *sink, unsigned kind, const char *at,
    size_t len)
{
	struct fuzz_html *f = (struct fuzz_html *)(void *)((char *)sink -
	    offsetof(struct fuzz_html, sink));
	bool cut;

	if (html_utf8_valid(at, len, &cut) != len || len > HTML_TEXT_MAX)
		abort();
	if (f->enough != 0 && f->facts == f->enough)
		abort();
	f->sum = fuzz_sum((f->sum ^ kind) * 31 + len, at, len);
	return ++f->facts == f->enough;
}

static bool
fuzz_html_title(struct html_extractor_sink *sink, const char *at, size_t len)
{
	struct fuzz_html *f = (struct fuzz_html *)(void *)((char *)sink -
	    offsetof(struct fuzz_html, sink));

	if (f->title)
		abort();
	f->title = true;
	return fuzz_html_add(sink, 100, at, len);
}

static bool
fuzz_html_link(struct html_extractor_sink *sink, const struct html_link *link)
{
	struct fuzz_html *f = (struct fuzz_html *)(void *)((char *)sink -
	    offsetof(struct fuzz_html, sink));

	f->last_len = link->len < sizeof(f->last) ? link->len :
	    sizeof(f->last);
	memcpy(f->last, link->href, f->last_len);
	if (link->kind == HTML_LINK_REFRESH)
		f->sum += link->delay_s;
	return fuzz_html_add(sink, 200u + (unsigned)link->kind, link->href,
	    link->len);
}

static bool
fuzz_html_match(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	return fuzz_html_add(sink, (unsigned)path, at, len);
}

static bool
fuzz_html_body(struct html_extractor_sink *sink)
{
	struct fuzz_html *f = (struct fuzz_html *)(void *)((char *)sink -
	    offsetof(struct fuzz_html, sink));

	if (f->body)
		abort();
	f->body = true;
	return fuzz_html_add(sink, 300, "", 0);
}

/* A page, and how it is to be looked at. */
struct fuzz_html_case {
	struct html_extractor_options want;
	const char *label, *at;
	size_t len;
	unsigned enough;
	bool cut;
};

static void
fuzz_html_add_words(struct fuzz_html *f, const char *words)
{
	f->sum = fuzz_sum(f->sum, words, words != NULL ? strlen(words) : 0);
}

/* What can be asked once a page has been read. */
static void
fuzz_html_ask(struct fuzz_html *f, struct html_extractor *x)
{
	const char *at;
	size_t n;

	fuzz_html_add_words(f, html_extractor_charset(x));
	fuzz_html_add_words(f, html_extractor_charset_why(x));
	fuzz_html_add_words(f, html_extractor_missing(x));
	at = html_extractor_base(x, &n);
	f->sum = fuzz_sum(f->sum, at, at != NULL ? n : 0);
	at = f->last;
	n = f->last_len;
	if (html_extractor_address(x, &at, &n) != 0)
		abort();
	f->sum = fuzz_sum(f->sum, at, n);
}

/* Feeds a page, whole or in pieces of memory of their own; returns the sum. */
static uint64_t
fuzz_html_run(const struct fuzz_html_case *c, struct html_extractor *x,
    struct fuzz_html *f, struct fuzz_cuts *cuts)
{
	const char *at = c->at;
	size_t left = c->len, n;
	int rc = HTML_EXTRACT_MORE, before;
	char *piece;

	f->sum = 0;
	f->facts = 0;
	f->title = f->body = false;
	f->last_len = 0;
	f->enough = c->enough;
	html_extractor_start(x, c->label,
	    c->label != NULL ? strlen(c->label) : 0);
	for (; left > 0; at += n, left -= n) {
		n = cuts != NULL ? fuzz_next_cut(cuts, left) : left;
		piece = malloc(n);
		memcpy(piece, at, n);
		before = rc;
		rc = html_extractor_feed(x, piece, n);
		free(piece);
		if (rc < 0 || rc < before)
			abort();
	}
	if (c->cut)
		html_extractor_cut(x);
	if (html_extractor_finish(x) < rc)
		abort();
	fuzz_html_ask(f, x);
	return f->sum;
}

/* Whole, then in pieces by the same extractor, which has been used now. */
static void
fuzz_html_compare(const struct fuzz_html_case *c, uint32_t seed)
{
	struct fuzz_html f = { .sink = { fuzz_html_title, fuzz_html_link,
	    fuzz_html_match, fuzz_html_body } };
	struct fuzz_cuts cuts = { seed };
	struct html_extractor *x = html_extractor_new(&c->want, &f.sink);
	uint64_t whole;

	if (x == NULL)
		abort();
	whole = fuzz_html_run(c, x, &f, NULL);
	if (fuzz_html_run(c, x, &f, &cuts) != whole)
		abort();
	html_extractor_free(x);
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	static const char *const labels[] = { "utf-8", NULL, "utf-16le",
	    "windows-1252", "utf-16be", "gbk", "shift_jis", "no such set" };
	static const char usual[] = "//h3/a/@href|//a[1]|//p/text()|"
	    "/html/head/title|//*[contains(@class,'x')]|//td/@*|//svg";
	struct fuzz_html_case c = { .enough = 0 };
	struct html_path *path = NULL;
	const uint8_t *said = data;
	const char *source;
	size_t len;

	if (size < 4)
		return;
	data += 4;
	size -= 4;
	source = fuzz_line(&data, &size, &len);
	if (len == 0) {
		source = usual;
		len = sizeof(usual) - 1;
	}
	if (html_path_compile(&path, source, len, NULL) == 0 &&
	    (said[0] & 4) != 0)
		c.want.path_count = 1;
	c.want.paths = (const struct html_path *const *)&path;
	c.want.title = (said[0] & 1) != 0;
	c.want.links = (said[0] & 2) != 0;
	c.cut = (said[0] & 8) != 0;
	c.label = labels[said[1] % 8];
	c.enough = said[3] % 16;
	c.at = (const char *)data;
	c.len = size;
	fuzz_html_compare(&c, said[2]);
	html_path_free(path);
}
