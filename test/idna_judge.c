/*
 * idna_judge.c - prints URLs as this house reads them, for idna_judge.mjs.
 *
 * Each line of standard input is a URL; its line of output is the URL as
 * serialized, or "!" and the error in words.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "../http/url.h"

int
main(void)
{
	static char line[4 * HTTP_URL_MAX];
	struct http_url u;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		int error = http_url_parse(&u, line, strcspn(line, "\n"),
		    NULL);

		if (error != 0) {
			printf("!%s\n", http_url_strerror(error));
			continue;
		}
		puts(u.href);
		http_url_free(&u);
	}
	return 0;
}
