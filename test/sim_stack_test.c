/*
 * sim_stack_test.c - the whole stack in the simulated world: name server,
 * web server and the scraper's core, on networks from calm to hopeless.
 *
 * Whatever the network does: each URL is reported once, with a word of the
 * list; the reactor comes to rest; no descriptor, timer or byte of memory
 * is left.  Where the network is fair, each URL gets just what it should.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <string.h>

#include "../bin/scrape.h"
#include "../dns/resolver.h"
#include "../dns/dns_server.h"
#include "../http/http_server.h"
#include "../reactor/loop.h"
#include "alloc.h"
#include "check.h"
#include "sim_forger.h"
#include "sim_seeds.h"

static const char sim_stack_timeout[] = "timeout";

/* Nothing else takes so long on a fair network without delays. */
static const uint64_t sim_stack_patience_ns = 500000000;

/* What is scraped, and what comes of it on a fair network. */
static const struct {
	const char *url, *title, *category;
} sim_stack_urls[] = {
	{ "http://planet-0.test/p0", "Article 0", NULL },
	{ "http://planet-1.test/p1", "Article 1", NULL },
	{ "http://planet-2.test/p2", "Article 2", NULL },
	{ "http://planet-0.test/p3", "Article 3", NULL },
	{ "http://missing.test/", NULL, "no-such-host" },
	{ "http://planet-0.test:81/", NULL, "refused" },
	{ "http://planet-0.test/none", NULL, "http-404" },
	{ "http://planet-1.test/x", NULL, "no-article" },
	{ "http://silent.test/", NULL, sim_stack_timeout },
	{ "http://unreachable.test/", NULL, "no-route" },
	{ "ftp://planet-0.test/", NULL, "bad-url" },
	{ "http://planet-3.test/p3", "Article 3", NULL },
	{ "http://planet-4.test/p4", "Article 4", NULL },
	{ "http://planet-5.test/p5", "Article 5", NULL },
};

enum {
	SIM_STACK_URLS = sizeof(sim_stack_urls) / sizeof(sim_stack_urls[0])
};

static const struct dns_server_record sim_stack_names[] = {
	{ "planet-0.test", "192.0.2.1", 60 },
	{ "planet-1.test", "192.0.2.2", 0 },
	{ "planet-2.test", "planet-1.test", 60 },
	{ "planet-3.test", "192.0.2.3", 60 },
	{ "planet-4.test", "192.0.2.3", 60 },
	{ "planet-5.test", "192.0.2.3", 60 },
	{ "silent.test", "192.0.2.99", 60 },
	{ "unreachable.test", "192.0.2.98", 60 },
};

/* One world with all that is in it. */
struct sim_stack {
	struct sim *sim;
	struct reactor *reactor;
	struct http_resource root, leaf;
	char leaf_name[8];
	struct http_server *site;
	struct dns_server *names;
	struct sim_forger *forger;
	struct dns_resolver *resolver;
	struct http_client *client;
	struct html_path *path;
	const struct html_path *paths[1];
	struct scraper scraper;
	uint64_t began_ns;
	int left, reports[SIM_STACK_URLS];
	bool fair, prompt;
};

/* The stack that a job belongs to, and the job's number. */
struct sim_stack_job {
	struct sim_stack *stack;
	int number;
};

/* ---- the site ---- */

static void
sim_stack_render(struct http_resource *r, struct http_server_request *request)
{
	struct sim_stack *s = (struct sim_stack *)
	    ((char *)r - offsetof(struct sim_stack, leaf));
	char page[20000];
	int len;
	struct http_server_answer answer = {
		.status = 200, .content_type = "text/html", .body = page,
	};

	if (s->leaf_name[0] == 'p')
		len = snprintf(page, sizeof(page), "<title>Planet</title>"
		    "<h3><a href='/a%c'>first</a></h3>%15000d", s->leaf_name[1],
		    0);
	else if (s->leaf_name[0] == 'a')
		len = snprintf(page, sizeof(page),
		    "<title>Article %c</title>%9000d", s->leaf_name[1], 0);
	else
		len = snprintf(page, sizeof(page), "<title>Bare</title>");
	answer.len = (size_t)len;
	http_server_answer(request, &answer);
}

static const struct http_resource_ops sim_stack_leaf_ops = {
	.render = sim_stack_render,
};

static struct http_resource *
sim_stack_child(struct http_resource *r, const char *name, size_t len)
{
	struct sim_stack *s = (struct sim_stack *)
	    ((char *)r - offsetof(struct sim_stack, root));

	if (len == 0 || len > 2)
		return NULL;
	memcpy(s->leaf_name, name, len);
	s->leaf_name[len] = '\0';
	return &s->leaf;
}

static void
sim_stack_render_root(struct http_resource *r,
    struct http_server_request *request)
{
	(void)r;
	http_server_answer_status(request, 404);
}

static const struct http_resource_ops sim_stack_root_ops = {
	.child = sim_stack_child, .render = sim_stack_render_root,
};

/* ---- the work ---- */

static void
sim_stack_close_all(struct sim_stack *s)
{
	http_client_free(s->client);
	dns_resolver_free(s->resolver);
	http_server_free(s->site);
	if (s->names != NULL)
		dns_server_free(s->names);
	if (s->forger != NULL)
		sim_forger_close(s->forger);
	s->client = NULL;
	reactor_stop(s->reactor);
}

static void
sim_stack_done(void *ctx, const struct report *report)
{
	struct sim_stack_job *job = ctx;
	struct sim_stack *s = job->stack;
	const char *title = sim_stack_urls[job->number].title;
	const char *category = sim_stack_urls[job->number].category;
	int ok;

	s->reports[job->number]++;
	if (!s->fair)
		return;
	ok = CHECK_STR(report->category, category);
	if (title != NULL)
		ok &= CHECK_BYTES(report->title, report->title_len, title);
	/* A server that lies much can fill a queue: then one is asked again. */
	if (s->prompt && category != sim_stack_timeout &&
	    sim_overflows(s->sim) == 0)
		ok &= CHECK(sim_now_ns(s->sim) - s->began_ns <
		    sim_stack_patience_ns);
	if (!ok)
		printf("# %s: %s\n", sim_stack_urls[job->number].url,
		    report->detail != NULL ? report->detail : "no detail");
}

static struct defer_result
sim_stack_ended(void *ctx, struct defer_result in)
{
	struct sim_stack *s = ctx;

	if (--s->left == 0)
		sim_stack_close_all(s);
	return in;
}

static void
sim_stack_begin(struct sim_stack *s, struct sim_stack_job *jobs)
{
	struct deferred *d;
	int i;

	s->began_ns = sim_now_ns(s->sim);
	s->left = SIM_STACK_URLS;
	for (i = 0; i < SIM_STACK_URLS; i++) {
		jobs[i] = (struct sim_stack_job){ s, i };
		d = scrape(&s->scraper, sim_stack_urls[i].url,
		    strlen(sim_stack_urls[i].url), sim_stack_done, &jobs[i]);
		deferred_add_both(d, sim_stack_ended, s);
		deferred_release(d);
	}
}

/* ---- the world ---- */

static void
sim_stack_set_fate(struct sim *sim, const char *host, enum sim_host fate)
{
	struct reactor_address a;

	reactor_address_parse(&a, host, strlen(host), 0);
	sim_set_host(sim, &a, fate);
}

static int
sim_stack_open_names(struct sim_stack *s)
{
	struct reactor_address at;

	reactor_address_parse(&at, "127.0.0.1:53", 12, 0);
	if (sim_chance(s->sim, 500))
		return sim_forger_open(&s->forger, s->reactor, &at,
		    sim_stack_names,
		    sizeof(sim_stack_names) / sizeof(sim_stack_names[0]));
	return dns_server_new(&s->names, s->reactor, &at, sim_stack_names,
	    sizeof(sim_stack_names) / sizeof(sim_stack_names[0]));
}

static int
sim_stack_open_client(struct sim_stack *s)
{
	struct dns_config config;
	struct http_client_options options = { .reactor = s->reactor };
	int error;

	dns_config_init(&config);
	if (sim_chance(s->sim, 500))	/* there is no server: refused */
		dns_config_add_server(&config, "127.0.0.9", 9);
	dns_config_add_server(&config, "127.0.0.1", 9);
	error = dns_resolver_new(&s->resolver, s->reactor, &config, NULL);
	options.resolver = s->resolver;
	if (error == 0)
		error = http_client_new(&s->client, &options);
	if (error == 0)
		error = html_path_compile(&s->path, "//h3/a/@href", 12, NULL);
	s->paths[0] = s->path;
	s->scraper = (struct scraper){
		.reactor = s->reactor, .client = s->client,
		.articles = { .paths = s->paths, .path_count = 1 },
		.timeout_ns = UINT64_C(30000000000), .max_body = 1 << 20,
		.max_redirects = 3, .retries = 1,
	};
	return error;
}

static int
sim_stack_open(struct sim_stack *s)
{
	struct reactor_options options = sim_reactor_options(s->sim);
	struct reactor_address at;
	int error;

	error = reactor_new(&s->reactor, &options);
	if (error != 0)
		return error;
	sim_stack_set_fate(s->sim, "192.0.2.99", SIM_HOST_SILENT);
	sim_stack_set_fate(s->sim, "192.0.2.98", SIM_HOST_UNREACHABLE);
	sim_stack_set_fate(s->sim, SIM_FORGER_ADDRESS, SIM_HOST_SILENT);
	s->root.ops = &sim_stack_root_ops;
	s->leaf.ops = &sim_stack_leaf_ops;
	reactor_address_parse(&at, "0.0.0.0", 7, 80);
	error = http_server_new(&s->site, s->reactor, &at, &s->root);
	if (error == 0)
		error = sim_stack_open_names(s);
	if (error == 0)
		error = sim_stack_open_client(s);
	return error;
}

/* All was tried; now nothing may be left. */
static void
sim_stack_check(struct sim_stack *s, int run_error)
{
	int i;

	CHECK_INT(run_error, 0);
	for (i = 0; i < SIM_STACK_URLS; i++)
		CHECK_INT(s->reports[i], 1);
	CHECK_INT(s->left, 0);
	CHECK(reactor_timers_earliest_ns(&s->reactor->timers) == UINT64_MAX);
}

static void
sim_stack_run(const struct sim_options *o, FILE *trace)
{
	struct sim_stack s = {
		.sim = sim_new(o),
		.fair = o->reset == 0 && o->lose == 0 && o->nobufs == 0 &&
		    o->no_descriptor == 0,
		.prompt = o->latency_max_ns == 0,
	};
	struct sim_stack_job jobs[SIM_STACK_URLS];
	long live = alloc_live();
	int error;

	sim_trace(s.sim, trace);
	sim_weather(s.sim)->no_descriptor = 0;
	error = sim_stack_open(&s);
	CHECK_INT(error, 0);
	sim_weather(s.sim)->no_descriptor = o->no_descriptor;
	if (error == 0) {
		sim_stack_begin(&s, jobs);
		error = reactor_run(s.reactor);
		sim_stack_check(&s, error);
	}
	finder_clear(&s.scraper.articles);
	finder_clear(&s.scraper.titles);
	html_path_free(s.path);
	reactor_free(s.reactor);
	sim_seeds_end(s.sim, live);
}

int
main(int argc, char **argv)
{
	return sim_seeds_main(argc, argv, sim_stack_run);
}
