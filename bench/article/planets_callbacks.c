/*
 * planets_callbacks.c - the article's concurrent.py without its `yield`: for
 * all planets given, at once, the title of the first article.
 *
 * What is one function in planets_coroutines.c is cut here where it waits:
 * each callback is what follows on one page.  Same names, same order.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../../defer/deferred_list.h"
#include "article.h"

#include <stdio.h>
#include <stdlib.h>

struct first_title {
	struct article_world *world;
	const char *url;
	char *article, *title;
};

static struct defer_result first_title_planet(
    void *ctx, struct defer_result html);
static struct defer_result first_title_article(
    void *ctx, struct defer_result html);
static struct defer_result first_title_end(void *ctx, struct defer_result in);

static struct deferred *
first_title(struct article_world *world, const char *url)
{
	struct first_title *my = calloc(1, sizeof(*my));
	struct deferred *d;

	if (my == NULL)
		return NULL;
	my->world = world;
	my->url = url;
	d = article_get_page(world, url);
	(void)deferred_add_callback(d, first_title_planet, my);
	if (deferred_add_both(d, first_title_end, my) != 0)
		free(my);		/* there was no memory for d */
	return d;
}

static struct defer_result
first_title_planet(void *ctx, struct defer_result html)
{
	struct first_title *my = ctx;
	const struct defer_failure *f;
	struct deferred *d;

	f = article_link(&my->article, html.value, "//h3/a/@href");
	defer_result_destroy(html);
	if (f != NULL)
		return defer_result_failure(f);

	d = article_get_page(my->world, my->article);
	(void)deferred_add_callback(d, first_title_article, my);
	return defer_result_deferred(d);	/* the chain waits for it */
}

static struct defer_result
first_title_article(void *ctx, struct defer_result html)
{
	struct first_title *my = ctx;
	const struct defer_failure *f;

	f = article_text(&my->title, html.value, "/html/head/title");
	defer_result_destroy(html);
	if (f != NULL)
		return defer_result_failure(f);

	printf("first article on %s :\n%s\n%s\n\n", my->url, my->article,
	    my->title);
	return defer_result_none();
}

/* Whatever came of it. */
static struct defer_result
first_title_end(void *ctx, struct defer_result in)
{
	struct first_title *my = ctx;

	free(my->article);
	free(my->title);
	free(my);
	return in;
}

int
main(int argc, char **argv)
{
	struct article_world world;
	struct deferred **titles = calloc((size_t)argc, sizeof(*titles)), *d;
	size_t count = 0;
	int error;

	if (titles == NULL)
		return 1;
	article_open(&world);

	for (; argv[count + 1] != NULL; count++)
		titles[count] = first_title(&world, argv[count + 1]);
	d = deferred_list(titles, count, 0);
	error = deferred_add_callback(d, article_stop, &world);

	if (error == 0)
		error = reactor_run(world.reactor);
	deferred_release(d);
	free(titles);
	return article_close(&world, error);
}
