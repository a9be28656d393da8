/*
 * one_page_concurrent.c - the article's trivial_deferred.py, with the list
 * that its section 5.2 adds: asks 30 times at once for the page at the URL
 * given, prints each title, and stops when all have come to something.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../../defer/deferred_list.h"
#include "article.h"

#include <stdio.h>
#include <stdlib.h>

enum { ONE_PAGE_TIMES = 30 };

static struct defer_result
getpage_callback(void *ctx, struct defer_result html)
{
	char *title;
	const struct defer_failure *f = article_text(&title, html.value,
	    "/html/head/title");

	(void)ctx;
	defer_result_destroy(html);
	if (f != NULL)
		return defer_result_failure(f);
	printf("%s\n", title);
	free(title);
	return defer_result_none();
}

int
main(int argc, char **argv)
{
	struct article_world world;
	struct deferred *l[ONE_PAGE_TIMES], *d;
	int error;

	if (argc != 2) {
		fprintf(stderr, "usage: one_page_concurrent URL\n");
		return 2;
	}
	article_open(&world);

	/* 30 pending network calls, and attachment of the callback. */
	for (int i = 0; i < ONE_PAGE_TIMES; i++) {
		l[i] = article_get_page(&world, argv[1]);
		(void)deferred_add_callback(l[i], getpage_callback, NULL);
	}
	d = deferred_list(l, ONE_PAGE_TIMES, 0);
	error = deferred_add_callback(d, article_stop, &world);

	/* Opens the connections, and fires the callbacks as soon as the
	 * replies are here. */
	if (error == 0)
		error = reactor_run(world.reactor);
	deferred_release(d);
	return article_close(&world, error);
}
