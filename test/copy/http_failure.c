/*
 * http_failure.c - what an error number means: in words, and in a kind that
 * a program can ask for.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "http/http_failure.h"

#include <stdio.h>

#include "http/url.h"

int
main(void)
{
	struct http_url url;
	int error = http_url_parse(&url, "ftp://example.org/", 18, NULL);
	const struct defer_failure *f = http_failure_of(error, "URL");
	int good = defer_failure_is(f, &http_bad_url) &&
	    defer_failure_is(f, &http_failure) &&
	    !defer_failure_is(f, &http_timeout);

	printf("%s: %s\n", f->kind->name, f->message);
	defer_failure_release(f);
	return good ? 0 : 1;
}
