/*
 * credentials.c - the field of RFC 7617's example, written and checked.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "credentials.h"

#include <string.h>

int
main(void)
{
	static const char want[] = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
	static const char url[] = "http://Aladdin:open%20sesame@host/";
	char text[HTTP_CREDENTIALS_MAX];
	struct http_url u;
	size_t len = http_credentials_basic("Aladdin", 7, "open sesame", 11,
	    text, sizeof(text));

	if (len != strlen(want) || memcmp(text, want, len) != 0 ||
	    !http_credentials_match(text, len, "Aladdin", "open sesame"))
		return 1;
	if (http_url_parse(&u, url, strlen(url), NULL) != 0)
		return 1;
	len = http_credentials_of_url(&u, text, sizeof(text));
	http_url_free(&u);
	return len == strlen(want) && memcmp(text, want, len) == 0 ? 0 : 1;
}
