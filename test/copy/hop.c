/*
 * hop.c - a form is posted, and the answer is a redirect: what is sent first,
 * and what then.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "hop.h"

#include <string.h>

int
main(void)
{
	static const char from[] = "https://me:secret@example.org/form";
	static const char to[] = "https://example.com/thanks";
	struct http_cookie_jar jar;
	struct http_hop hop;
	struct http_url a, b;
	int good;

	memset(&jar, 0, sizeof(jar));
	memset(&hop, 0, sizeof(hop));
	hop.method = "POST";
	hop.body = "a=b";
	hop.body_len = 3;
	hop.content_type = "application/x-www-form-urlencoded";
	hop.jar = &jar;
	if (http_url_parse(&a, from, strlen(from), NULL) != 0 ||
	    http_url_parse(&b, to, strlen(to), NULL) != 0 ||
	    http_hop_begin(&hop, &a) != 0 ||
	    http_hop_prepare(&hop, &a, NULL, 0) != 0)
		return 1;
	/* Authorization and Content-Type. */
	good = hop.extra_count == 2 && hop.has_body &&
	    !http_hop_is_repeatable(&hop);
	http_hop_redirect(&hop, 303, &a, &b);
	if (http_hop_prepare(&hop, &b, NULL, 0) != 0)
		return 1;
	good = good && hop.extra_count == 0 && !hop.has_body && hop.strayed &&
	    strcmp(hop.method, "GET") == 0;
	http_hop_clear(&hop);
	http_url_free(&a);
	http_url_free(&b);
	return good ? 0 : 1;
}
