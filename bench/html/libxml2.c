/*
 * libxml2.c - libxml2's HTML SAX parser over the corpus: title and the href
 * of each a, pushed in pieces of 16 KiB.
 *
 * Usage: libxml2 LIST SECONDS
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <libxml/HTMLparser.h>
#include <string.h>

#include "corpus.h"

struct sax {
	struct corpus_found *found;
	int in_title, titled;
};

static void
sax_start(void *user, const xmlChar *name, const xmlChar **attrs)
{
	struct sax *s = user;
	const char *tag = (const char *)name;

	if (strcmp(tag, "title") == 0)
		s->in_title = !s->titled;
	if (strcmp(tag, "a") != 0 || attrs == NULL)
		return;
	for (; attrs[0] != NULL; attrs += 2) {
		if (strcmp((const char *)attrs[0], "href") == 0) {
			s->found->links++;
			s->found->bytes += attrs[1] == NULL ? 0 :
			    strlen((const char *)attrs[1]);
			break;
		}
	}
}

static void
sax_end(void *user, const xmlChar *name)
{
	struct sax *s = user;

	if (s->in_title && strcmp((const char *)name, "title") == 0) {
		s->in_title = 0;
		s->titled = 1;
		s->found->titles++;
	}
}

static void
sax_text(void *user, const xmlChar *at, int len)
{
	struct sax *s = user;

	(void)at;
	if (s->in_title)
		s->found->bytes += (unsigned long)len;
}

static void
sax_page(const struct corpus_page *page, struct corpus_found *found)
{
	struct sax user = { found, 0, 0 };
	htmlSAXHandler sax;
	htmlParserCtxtPtr ctxt;
	size_t at, n;

	memset(&sax, 0, sizeof(sax));
	sax.startElement = sax_start;
	sax.endElement = sax_end;
	sax.characters = sax_text;
	ctxt = htmlCreatePushParserCtxt(&sax, &user, NULL, 0, NULL,
	    XML_CHAR_ENCODING_UTF8);
	htmlCtxtUseOptions(ctxt, HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
	    HTML_PARSE_RECOVER);
	for (at = 0; at < page->len; at += n) {
		n = page->len - at < 16384 ? page->len - at : 16384;
		htmlParseChunk(ctxt, page->at + at, (int)n, 0);
	}
	htmlParseChunk(ctxt, NULL, 0, 1);
	htmlFreeParserCtxt(ctxt);
}

static void
sax_pass(const struct corpus *c, struct corpus_found *found)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		sax_page(&c->pages[i], found);
}

int
main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	corpus_run("libxml2", argv[1], argv[2], sax_pass);
	return 0;
}
