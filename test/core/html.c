/*
 * html.c - the core of html/ alone: the title and the links of a page that
 * comes a byte at a time, with a script, a comment and an svg to mislead.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "reader.h"

#include <string.h>

struct found {
	struct html_reader_sink sink;	/* first: its address is ours */
	char text[64];
	size_t len;
};

static bool
found_add(struct found *f, const char *at, size_t len)
{
	memcpy(f->text + f->len, at, len);
	f->len += len;
	f->text[f->len++] = '\n';
	return false;
}

static bool
found_title(struct html_reader_sink *sink, const char *at, size_t len)
{
	return found_add((struct found *)(void *)sink, at, len);
}

static bool
found_link(struct html_reader_sink *sink, const struct html_link *link)
{
	return found_add((struct found *)(void *)sink, link->href, link->len);
}

int
main(void)
{
	static const char page[] = "<!-- <a href=0> --><svg><title>icon</title>"
	    "</svg><title> The\n page </title><script>'<a href=1>'</script>"
	    "<p><a href='two&amp;'>2</a><A HREF=three>3";
	static struct html_reader reader;
	static struct found found;
	size_t i;

	found.sink.title = found_title;
	found.sink.link = found_link;
	html_reader_init(&reader, &found.sink);
	for (i = 0; i < strlen(page); i++)
		html_reader_feed(&reader, page + i, 1);
	if (html_reader_finish(&reader) != HTML_READER_MORE)
		return 1;
	html_reader_free(&reader);
	return strcmp(found.text, "The page\ntwo&\nthree\n");
}
