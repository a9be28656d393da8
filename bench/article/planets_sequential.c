/*
 * planets_sequential.c - the article's sequential.py: for each planet given,
 * one after the other, the title of its first article.
 *
 * Blocking sockets, a connection for each page, as urllib2 has it; a planet
 * that fails ends the program, as it ends the article's.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "urlopen.h"

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *planet = argv[i];
		char *article, *title;

		/* First pattern: links to articles; second: titles. */
		article = urlopen_link(planet, "//h3/a/@href");
		title = urlopen_text(article, "/html/head/title");

		printf("first article on %s :\n%s\n%s\n\n", planet, article,
		    title);
		free(article);
		free(title);
	}
	return 0;
}
