/*
 * gumbo.c - gumbo over the corpus: a whole tree, then the title and the href
 * of each a found in it.
 *
 * Usage: gumbo LIST SECONDS
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <gumbo.h>
#include <string.h>

#include "corpus.h"

static void
gumbo_walk(const GumboNode *node, struct corpus_found *found, int *titled)
{
	const GumboVector *children = &node->v.element.children;
	const GumboAttribute *href;
	unsigned i;

	if (node->type != GUMBO_NODE_ELEMENT)
		return;
	if (node->v.element.tag == GUMBO_TAG_TITLE && !*titled) {
		*titled = 1;
		found->titles++;
		if (children->length > 0)
			found->bytes += strlen(((const GumboNode *)
			    children->data[0])->v.text.text);
	}
	if (node->v.element.tag == GUMBO_TAG_A) {
		href = gumbo_get_attribute(&node->v.element.attributes,
		    "href");
		if (href != NULL) {
			found->links++;
			found->bytes += strlen(href->value);
		}
	}
	for (i = 0; i < children->length; i++)
		gumbo_walk(children->data[i], found, titled);
}

static void
gumbo_pass(const struct corpus *c, struct corpus_found *found)
{
	GumboOutput *out;
	size_t i;
	int titled;

	for (i = 0; i < c->count; i++) {
		titled = 0;
		out = gumbo_parse_with_options(&kGumboDefaultOptions,
		    c->pages[i].at, c->pages[i].len);
		gumbo_walk(out->root, found, &titled);
		gumbo_destroy_output(&kGumboDefaultOptions, out);
	}
}

int
main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	corpus_run("gumbo", argv[1], argv[2], gumbo_pass);
	return 0;
}
