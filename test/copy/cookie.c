/*
 * cookie.c - a cookie is taken from an answer, and sent with what is asked
 * for next, where it may go.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "cookie.h"

#include <string.h>

/* Whether this is what goes out to a URL. */
static int
sends(struct http_cookie_jar *jar, const char *url, const char *want)
{
	struct http_url u;
	char text[80];
	size_t len;

	if (http_url_parse(&u, url, strlen(url), NULL) != 0)
		return 0;
	len = http_cookie_write(jar, &u, 60, text, sizeof(text));
	http_url_free(&u);
	return len == strlen(want) && memcmp(text, want, len) == 0;
}

int
main(void)
{
	static const char field[] = "seen=yes; Domain=example.org; Secure";
	static const char url[] = "https://www.example.org/";
	struct http_cookie_jar jar;
	struct http_url u;
	int good;

	memset(&jar, 0, sizeof(jar));
	if (http_url_parse(&u, url, strlen(url), NULL) != 0 ||
	    http_cookie_take(&jar, &u, field, strlen(field), 0, -1) != 0)
		return 1;
	good = sends(&jar, "https://example.org/a", "seen=yes") &&
	    sends(&jar, "http://example.org/a", "") &&
	    sends(&jar, "https://example.com/", "");
	http_cookie_jar_clear(&jar);
	http_url_free(&u);
	return good ? 0 : 1;
}
