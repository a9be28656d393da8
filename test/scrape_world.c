/*
 * scrape_world.c - see scrape_world.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "scrape_world.h"

#include <stdio.h>
#include <string.h>

#include "../dns/resolver.h"
#include "../html/path.h"
#include "alloc.h"
#include "check.h"

static struct http_resource *
page_child(struct http_resource *r, const char *name, size_t len)
{
	struct page *p = (struct page *)r;

	if (p != &p->world->planet || len != 1 || *name != 'a')
		return NULL;
	return &p->world->article.resource;
}

static void
page_render(struct http_resource *r, struct http_server_request *request)
{
	static const struct http_request_field later =
	    { "Retry-After", 11, "5", 1 };
	struct page *p = (struct page *)r;

	if (p->answers > 0 && --p->answers == 0) {
		p->answers = 1;
		http_server_refuse(request);
		return;
	}
	http_server_answer(request, &(struct http_server_answer){
	    .fields = &later, .field_count = p->later,
	    .status = p->status != 0 ? p->status : 200,
	    .content_type = p->kind != NULL ? p->kind : "text/html",
	    .body = p->body,
	    .len = strlen(p->body) });
}

static const struct http_resource_ops page_ops = {
	.child = page_child,
	.render = page_render,
};

int
scrape_world_open(struct scrape_world *w)
{
	struct sim_options perfect = { .seed = 1 };
	struct reactor_options how;
	struct dns_config config;
	struct reactor_address at;
	int error;

	memset(w, 0, sizeof(*w));
	w->planet = (struct page){ { &page_ops }, "<title>Planet</title>"
	    "<h3><a href=a>One</a></h3>", w, 0, 0, false, NULL };
	w->article = (struct page){ { &page_ops }, "<title>One</title>", w,
	    0, 0, false, NULL };
	dns_config_init(&config);
	dns_config_add_server(&config, "127.0.0.1:1", 11);
	reactor_address_parse(&at, "127.0.0.1", 9, 0);
	w->sim = sim_new(&perfect);
	how = sim_reactor_options(w->sim);
	error = reactor_new(&w->reactor, &how);
	if (error == 0)
		error = http_server_new(&w->server, w->reactor, &at,
		    &w->planet.resource);
	if (error == 0)
		error = http_server_address(w->server, &at);
	if (error == 0)
		error = dns_resolver_new(&w->resolver, w->reactor, &config,
		    NULL);
	if (error == 0)
		error = http_client_new(&w->client,
		    &(struct http_client_options){
			.reactor = w->reactor, .resolver = w->resolver });
	if (error == 0)
		error = html_path_compile(&w->path, "//h3/a/@href", 12, NULL);
	if (error != 0)
		return error;
	snprintf(w->url, sizeof(w->url), "http://127.0.0.1:%u/",
	    (unsigned)reactor_address_port(&at));
	w->inflight.reactor = w->reactor;
	reactor_list_init(&w->inflight.all);
	w->scraper = (struct scraper){
		.inflight = &w->inflight,
		.reactor = w->reactor, .client = w->client,
		.articles.paths = (const struct html_path *const *)&w->path,
		.articles.path_count = 1, .timeout_ns = 30000000000,
		.max_body = 100000, .max_redirects = 3, .retries = 1,
	};
	return 0;
}

void
scrape_world_begin(struct scrape_world *w, const char *what)
{
	check_case(what);
	CHECK_INT(scrape_world_open(w), 0);
}

bool
scrape_world_close(struct scrape_world *w)
{
	http_client_free(w->client);
	if (w->resolver != NULL)
		dns_resolver_free(w->resolver);
	http_server_free(w->server);
	CHECK_INT(w->inflight.count, 0);
	finder_clear(&w->scraper.articles);
	finder_clear(&w->scraper.titles);
	field_list_clear(&w->fields);
	record_free(&w->out);
	record_free(&w->why);
	html_path_free(w->path);
	reactor_free(w->reactor);
	CHECK_INT(sim_open_fds(w->sim), 0);
	CHECK_STR(sim_first_violation(w->sim), NULL);
	sim_free(w->sim);
	return CHECK_INT(alloc_live(), 0);
}

static void
world_done(void *ctx, const struct report *report)
{
	struct scrape_world *w = ctx;
	struct report copy = *report;

	w->out.len = 0;
	report_write(&copy, &(struct report_form){ .json = true,
	    .timings = w->scraper.answers, .links = w->scraper.titles.links,
	    .fields = &w->fields }, &w->out);
	record_add(&w->out, "", 1);
	w->reports++;
	w->status = report->status;
	w->title_len = report->title_len;
	snprintf(w->category, sizeof(w->category), "%s",
	    report->category != NULL ? report->category : "");
	snprintf(w->link, sizeof(w->link), "%s",
	    report->article != NULL ? report->article : "");
	snprintf(w->title, sizeof(w->title), "%.*s", (int)report->title_len,
	    report->title != NULL ? report->title : "");
}

struct deferred *
scrape_world_scrape(struct scrape_world *w)
{
	return scrape(&w->scraper, w->url, strlen(w->url), world_done, w);
}

void
scrape_world_run(struct scrape_world *w, int turns)
{
	while (turns-- > 0 && w->reports == 0 &&
	    reactor_iterate(w->reactor, 1000000) == 0)
		;
}

void
scrape_world_again(struct scrape_world *w)
{
	w->reports = 0;
	deferred_release(scrape_world_scrape(w));
	scrape_world_run(w, 30000);
	CHECK_INT(w->reports, 1);
}
