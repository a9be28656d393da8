/*
 * reader.c - the title and the links of a page in UTF-8; the title of the
 * svg is not the page's.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "reader.h"

#include <string.h>

static bool
on_title(struct html_reader_sink *sink, const char *at, size_t len)
{
	(void)sink;
	return len != 3 || memcmp(at, "a&b", 3) != 0;
}

static bool
on_link(struct html_reader_sink *sink, const struct html_link *link)
{
	(void)sink;
	return link->kind != HTML_LINK_A || link->len != 6 ||
	    memcmp(link->href, "/?q&r=", 6) != 0;
}

int
main(void)
{
	static const char page[] = "<svg><title>icon</title></svg>"
	    "<title>a&amp;b</title><a href='/?q&amp;r='>next</a>";
	static struct html_reader reader;
	struct html_reader_sink sink = { on_title, on_link };
	int status;

	html_reader_init(&reader, &sink);
	html_reader_feed(&reader, page, strlen(page));
	status = html_reader_finish(&reader);
	html_reader_free(&reader);
	return status != HTML_READER_MORE;	/* a callback was not content */
}
