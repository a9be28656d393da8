/*
 * one_page_concurrent.c - the article's trivial_deferred.py, with the list
 * that its section 5.2 adds: asks 30 times at once for the page at the URL
 * given, prints each title, and stops when all have come to something.
 */
#include "../../defer/list.h"
#include "article.h"

#include <stdio.h>
#include <stdlib.h>

enum { ONE_PAGE_TIMES = 30 };

static struct result
getpage_callback(void *ctx, struct result html)
{
	char *title;
	const struct failure *f = article_text(&title, html.value,
	    "/html/head/title");

	(void)ctx;
	result_destroy(html);
	if (f != NULL)
		return result_failure(f);
	printf("%s\n", title);
	free(title);
	return result_none();
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
