/*
 * planets_coroutines.c - the article's concurrent.py: for all planets given,
 * at once, the title of the first article.
 *
 * Where Python has `yield`, this has COROUTINE_AWAIT. planets_callbacks.c is
 * the same program without it, to be read beside this one: same names, same
 * order.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../../defer/coroutine.h"
#include "../../defer/deferred_list.h"
#include "article.h"

#include <stdio.h>
#include <stdlib.h>

struct first_title {
	struct coroutine co;
	struct article_world *world;
	const char *url;
	char *article, *title;
};

static struct defer_result first_title_run(struct coroutine *co);
static void first_title_end(struct coroutine *co);

static struct deferred *
first_title(struct article_world *world, const char *url)
{
	struct first_title *my;

	my = coroutine_new(sizeof(*my), first_title_run, first_title_end);
	if (my == NULL)
		return NULL;
	my->world = world;
	my->url = url;
	return coroutine_start(&my->co);
}

static struct defer_result
first_title_run(struct coroutine *co)
{
	struct first_title *my = (struct first_title *)co;
	const struct defer_failure *f;

	COROUTINE_BEGIN(co);

	COROUTINE_AWAIT(co, article_get_page(my->world, my->url));
	f = article_link(&my->article, co->got.value, "//h3/a/@href");
	if (f != NULL)
		return defer_result_failure(f);

	COROUTINE_AWAIT(co, article_get_page(my->world, my->article));
	f = article_text(&my->title, co->got.value, "/html/head/title");
	if (f != NULL)
		return defer_result_failure(f);

	printf("first article on %s :\n%s\n%s\n\n", my->url, my->article,
	    my->title);

	COROUTINE_END;
}

/* Whatever came of it; the frame itself goes with the coroutine. */
static void
first_title_end(struct coroutine *co)
{
	struct first_title *my = (struct first_title *)co;

	free(my->article);
	free(my->title);
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
