/*
 * charset.c - a page in KOI8-R, as it says itself, comes out as UTF-8.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "charset.h"

#include <string.h>

int
main(void)
{
	static const char page[] = "<meta charset=koi8-r>\xCD\xC9\xD2";
	static const char want[] = "<meta charset=koi8-r>\xD0\xBC\xD0\xB8"
	    "\xD1\x80";
	static struct html_charset charset;	/* all zero */
	char got[64] = "";
	const char *at;
	size_t len, n = 0;

	html_charset_start(&charset, NULL, 0);
	html_charset_feed(&charset, page, strlen(page));
	if (html_charset_next(&charset, &at, &len))
		return 1;		/* too few bytes to decide */
	html_charset_finish(&charset);
	for (; html_charset_next(&charset, &at, &len); n += len)
		memcpy(got + n, at, len);
	if (strcmp(html_charset_name(&charset), "KOI8-R") != 0)
		return 1;
	html_charset_free(&charset);
	return strcmp(got, want);
}
