/*
 * tag.c - a name is looked up in letters of either case: <TextArea> has no
 * tags inside, <br> has no content at all, and <my-tag> is not HTML's.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "tag.h"

int
main(void)
{
	uint32_t hash;
	const struct html_tag *area = html_tag_find("TextArea", 8, 8, &hash);
	const struct html_tag *br = html_tag_find("br", 2, 2, &hash);

	if (area->id != HTML_TAG_TEXTAREA ||
	    area->text != HTML_TAG_TEXT_RCDATA)
		return 1;
	if ((br->lists & HTML_TAG_IS_VOID) == 0)
		return 1;
	return html_tag_find("my-tag", 6, 6, &hash)->id != HTML_TAG_OTHER;
}
