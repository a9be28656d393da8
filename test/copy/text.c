/*
 * text.c - what a reader sees of some bytes of a page: character references
 * decoded, white space collapsed, and what is not UTF-8 replaced.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "text.h"

#include <string.h>

int
main(void)
{
	static const char page[] = " Caf&eacute; \n&amp;&#32; Bar\xFF";
	static const char want[] = "Caf\xC3\xA9 & Bar\xEF\xBF\xBD";
	struct html_text text = { NULL, 0, 0 };
	bool same;

	if (html_text_decode(&text, page, strlen(page),
	    HTML_TEXT_COLLAPSE) < 0)
		return 1;
	same = text.len == strlen(want) &&
	    memcmp(text.at, want, text.len) == 0;
	html_text_free(&text);
	return !same;
}
