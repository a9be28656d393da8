/*
 * url.c - a link is read as a browser would, relative to the page it is on.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "url.h"

#include <string.h>

int
main(void)
{
	static const char page[] = "https://Example.ORG:443/planets/earth";
	static const char link[] = "../stars/\xc3\xa9toile?near=yes#top";
	struct http_url base, u;
	size_t len;
	int right;

	if (http_url_parse(&base, page, strlen(page), NULL) != 0)
		return 1;
	if (http_url_parse(&u, link, strlen(link), &base) != 0)
		return 1;
	right = strcmp(u.href, "https://example.org/stars/%C3%A9toile"
	    "?near=yes#top") == 0 && u.port == 443 &&
	    memcmp(http_url_host(&u, &len), "example.org", 11) == 0 &&
	    len == 11 && http_url_same_origin(&u, &base);
	http_url_free(&u);
	http_url_free(&base);
	return right ? 0 : 1;
}
