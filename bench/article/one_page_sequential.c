/*
 * one_page_sequential.c - the article's trivial_sequential.py: 30 times, one
 * after the other, prints the title of the page at the URL given.
 *
 * The article's urlopen makes a connection for each page and sleeps in every
 * system call until the answer is there.  So does this one (urlopen.c): plain
 * blocking sockets and no reactor, which is what the article compares with.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "urlopen.h"

#include <stdio.h>
#include <stdlib.h>

static void
title(const char *url)
{
	char *text = urlopen_text(url, "/html/head/title");

	printf("%s\n", text);
	free(text);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: one_page_sequential URL\n");
		return 2;
	}
	/* Let's download the page 30 times. */
	for (int i = 0; i < 30; i++)
		title(argv[1]);
	return 0;
}
