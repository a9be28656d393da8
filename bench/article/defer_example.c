/*
 * defer_example.c - the example of defer/README.md: the first article of each
 * planet, in a web of four planets that exists nowhere, with a time of its
 * own.  It needs defer/ and a C library, no network and no reactor.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../../defer/coroutine.h"
#include "../../defer/deferred_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A page, how long it takes to come, and the article it links to. */
struct example_page {
	const char *url, *title, *link;
	unsigned delay_ms;
};

static const struct example_page example_pages[] = {
	{"planet/debian", "Planet Debian", "debian/1", 400},
	{"planet/zope", "Planet Zope", "zope/1", 100},
	{"planet/gnome", "Planet GNOME", NULL, 200},
	{"debian/1", "Bits from Debian", NULL, 50},
	{"zope/1", "Zope takes off", NULL, 300},
};

static const struct defer_result_type example_page_type = {.name = "page"};
static const struct defer_failure_kind example_not_found = {"http-404", NULL};
static const struct defer_failure_kind example_no_article = {
    "no-article", NULL};

/* A page that was asked for and has not come yet. */
struct example_request {
	struct example_request *next;
	struct deferred *deferred;
	const char *url;
	const struct example_page *page;	/* NULL: there is none */
	unsigned due_ms;
};

struct example_web {
	struct example_request *requests;	/* who is due first is first */
	unsigned now_ms;
};

static const struct example_page *
example_find(const char *url)
{
	size_t i;

	for (i = 0; i < sizeof(example_pages) / sizeof(example_pages[0]); i++)
		if (strcmp(example_pages[i].url, url) == 0)
			return &example_pages[i];
	return NULL;
}

/* The producer's side, first half: notes the request and promises a page. */
static struct deferred *
example_get_page(struct example_web *web, const char *url)
{
	struct example_request **at = &web->requests, *r = malloc(sizeof(*r));

	if (r == NULL)
		return NULL;
	r->deferred = deferred_new(NULL, NULL);
	r->url = url;
	r->page = example_find(url);
	r->due_ms = web->now_ms + (r->page != NULL ? r->page->delay_ms : 20);
	while (*at != NULL && (*at)->due_ms <= r->due_ms)
		at = &(*at)->next;
	r->next = *at;
	*at = r;
	return deferred_ref(r->deferred);
}

/* What the page turned out to be. */
static struct defer_result
example_answer(const struct example_request *r)
{
	if (r->page == NULL)
		return defer_result_failure(
		    defer_failure_new(&example_not_found, "%s", r->url));
	return defer_result_value(&example_page_type, (void *)r->page);
}

/* The second half: time passes, and what is due is fired. */
static void
example_run(struct example_web *web)
{
	struct example_request *r;

	while ((r = web->requests) != NULL) {
		web->requests = r->next;
		web->now_ms = r->due_ms;
		(void)deferred_finish(&r->deferred, example_answer(r));
		free(r);
	}
}

/* The consumer's side. */
struct example_title {
	struct coroutine co;
	struct example_web *web;
	const char *planet, *article;
};

static struct defer_result
example_first_title_run(struct coroutine *co)
{
	struct example_title *my = (struct example_title *)co;
	const struct example_page *page;

	COROUTINE_BEGIN(co);

	COROUTINE_AWAIT(co, example_get_page(my->web, my->planet));
	page = co->got.value;
	my->article = page->link;
	if (my->article == NULL)
		return defer_result_failure(
		    defer_failure_new(&example_no_article, "%s", my->planet));

	COROUTINE_AWAIT(co, example_get_page(my->web, my->article));
	page = co->got.value;
	printf("%4u ms: first article on %s: %s, %s\n", my->web->now_ms,
	    my->planet, my->article, page->title);

	COROUTINE_END;
}

static struct deferred *
example_first_title(struct example_web *web, const char *planet)
{
	struct example_title *my;

	my = coroutine_new(sizeof(*my), example_first_title_run, NULL);
	if (my == NULL)
		return NULL;
	my->web = web;
	my->planet = planet;
	return coroutine_start(&my->co);
}

/* A plain callback, on the list of all: says which failed. */
static struct defer_result
example_summary(void *ctx, struct defer_result in)
{
	const struct deferred_outcomes *outcomes = in.value;
	const struct example_web *web = ctx;
	char text[100];
	size_t i;

	for (i = 0; i < outcomes->count; i++) {
		if (!defer_result_is_failure(outcomes->at[i]))
			continue;
		defer_failure_describe(
		    outcomes->at[i].value, text, sizeof(text));
		printf("%4u ms: planet %zu: %s\n", web->now_ms, i, text);
	}
	return in;
}

int
main(void)
{
	struct example_web web = {NULL, 0};
	struct deferred *planets[4], *all;

	planets[0] = example_first_title(&web, "planet/debian");
	planets[1] = example_first_title(&web, "planet/zope");
	planets[2] = example_first_title(&web, "planet/gnome");
	planets[3] = example_first_title(&web, "planet/x");
	all = deferred_list(planets, 4, DEFERRED_LIST_CONSUME_ERRORS);
	(void)deferred_add_callback(all, example_summary, &web);
	example_run(&web);
	deferred_release(all);
	return 0;
}
