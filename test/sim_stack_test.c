/*
 * sim_stack_test.c - the whole stack in the simulated world: name server,
 * web server and the scraper's core, on networks from calm to hopeless.
 *
 *      sim_stack_test            a number of seeds
 *      sim_stack_test SEED       that seed alone, with its trace
 *      sim_stack_test 0 N        the seeds from 1 to N
 *
 * Whatever the network does: each URL is reported once, with a word of the
 * list; the reactor comes to rest; no descriptor, timer or byte of memory
 * is left.  Where the network is fair, each URL gets just what it should.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../bin/scrape.h"
#include "../dns/resolver.h"
#include "../dns/server.h"
#include "../http/server.h"
#include "../reactor/loop.h"
#include "alloc.h"
#include "check.h"
#include "sim.h"
#include "sim_forger.h"

enum { SIM_STACK_SEEDS = 150 };

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
	{ "http://silent.test/", NULL, "timeout" },
	{ "http://unreachable.test/", NULL, "no-route" },
	{ "ftp://planet-0.test/", NULL, "bad-url" },
};

enum {
	SIM_STACK_URLS = sizeof(sim_stack_urls) / sizeof(sim_stack_urls[0])
};

static const struct dns_server_record sim_stack_names[] = {
	{ "planet-0.test", "192.0.2.1", 60 },
	{ "planet-1.test", "192.0.2.2", 0 },
	{ "planet-2.test", "planet-1.test", 60 },
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
	int left, reports[SIM_STACK_URLS], wrong;
	bool fair;
	struct reactor_trace trace;
	uint64_t last_ns, last_turn;	/* that the trace was told */
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

	s->reports[job->number]++;
	if (!s->fair)
		return;
	if (!CHECK_STR(report->category,
	    sim_stack_urls[job->number].category) ||
	    (title != NULL && !CHECK_BYTES(report->title, report->title_len,
	    title))) {
		printf("# %s: %s\n", sim_stack_urls[job->number].url,
		    report->detail != NULL ? report->detail : "no detail");
		s->wrong++;
	}
}

static struct result
sim_stack_ended(void *ctx, struct result in)
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

	s->left = SIM_STACK_URLS;
	for (i = 0; i < SIM_STACK_URLS; i++) {
		jobs[i] = (struct sim_stack_job){ s, i };
		d = scrape(&s->scraper, sim_stack_urls[i].url,
		    strlen(sim_stack_urls[i].url), sim_stack_done, &jobs[i]);
		deferred_add_both(d, sim_stack_ended, s);
		deferred_release(d);
	}
}

/* Neither time nor turns run back. */
static void
sim_stack_event(struct reactor_trace *t, const struct reactor_event *e)
{
	struct sim_stack *s = (struct sim_stack *)
	    ((char *)t - offsetof(struct sim_stack, trace));

	s->wrong += e->now_ns < s->last_ns || e->turn < s->last_turn;
	s->last_ns = e->now_ns;
	s->last_turn = e->turn;
}

/* ---- the world ---- */

static void
sim_stack_set_fate(struct sim *sim, const char *host, enum sim_host fate)
{
	struct address a;

	address_parse(&a, host, strlen(host), 0);
	sim_set_host(sim, &a, fate);
}

static int
sim_stack_open_names(struct sim_stack *s, bool forged)
{
	struct address at;

	address_parse(&at, "127.0.0.1:53", 12, 0);
	if (forged)
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
sim_stack_open(struct sim_stack *s, bool forged)
{
	struct reactor_options options = {
		.system = sim_system(s->sim), .own_poller = &sim_poller,
		.trace = &s->trace,
	};
	struct address at;
	int error;

	s->trace.event = sim_stack_event;
	error = reactor_new(&s->reactor, &options);
	if (error != 0)
		return error;
	sim_stack_set_fate(s->sim, "192.0.2.99", SIM_HOST_SILENT);
	sim_stack_set_fate(s->sim, "192.0.2.98", SIM_HOST_UNREACHABLE);
	sim_stack_set_fate(s->sim, SIM_FORGER_ADDRESS, SIM_HOST_SILENT);
	s->root.ops = &sim_stack_root_ops;
	s->leaf.ops = &sim_stack_leaf_ops;
	address_parse(&at, "0.0.0.0", 7, 80);
	error = http_server_new(&s->site, s->reactor, &at, &s->root);
	if (error == 0)
		error = sim_stack_open_names(s, forged);
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
	CHECK_INT(s->wrong, 0);
	CHECK(timers_earliest_ns(&s->reactor->timers) == UINT64_MAX);
}

static uint64_t
sim_stack_run(const struct sim_options *o, int trace)
{
	struct sim_stack s = { .sim = sim_new(o) };
	struct sim_stack_job jobs[SIM_STACK_URLS];
	long live = alloc_live();
	uint64_t fingerprint;
	int error;

	s.fair = o->reset == 0 && o->lose == 0 && o->nobufs == 0 &&
	    o->seed % 9 != 0;
	sim_trace(s.sim, trace);
	error = sim_stack_open(&s, o->seed / 6 % 2 == 1);
	CHECK_INT(error, 0);
	if (o->seed % 9 == 0)
		sim_weather(s.sim)->no_descriptor = 100;
	if (error == 0) {
		sim_stack_begin(&s, jobs);
		error = reactor_run(s.reactor);
		sim_stack_check(&s, error);
	}
	finder_clear(&s.scraper.articles);
	finder_clear(&s.scraper.titles);
	html_path_free(s.path);
	reactor_free(s.reactor);
	CHECK_INT(sim_open_fds(s.sim), 0);
	CHECK_STR(sim_first_violation(s.sim), NULL);
	CHECK_INT(alloc_live(), live);
	fingerprint = sim_fingerprint(s.sim);
	sim_free(s.sim);
	return fingerprint;
}

static struct sim_options
sim_stack_weather(uint64_t seed)
{
	struct sim_options o = {
		.seed = seed,
		.latency_min_ns = seed % 5 * 1000000,
		.latency_max_ns = seed % 5 * 1000000 + seed % 23 * 2000000,
		.split = (unsigned)(seed % 5) * 150,
		.short_io = (unsigned)(seed % 4) * 150,
		.spurious = (unsigned)(seed % 3) * 100,
		.nobufs = seed % 6 < 3 ? 0 : (unsigned)(seed % 6) * 20,
		.interrupt = (unsigned)(seed % 2) * 100,
		.duplicate = (unsigned)(seed % 7) * 50,
		.lose = seed % 8 < 4 ? 0 : (unsigned)(seed % 8) * 40,
		.reset = seed % 10 < 6 ? 0 : (unsigned)(seed % 10) * 4,
		.buffer = 2000 + (size_t)(seed % 13) * 3000,
	};

	return o;
}

static int
sim_stack_seed(uint64_t seed, int trace)
{
	struct sim_options o = sim_stack_weather(seed);
	uint64_t first = sim_stack_run(&o, trace);

	if (seed % 16 == 0 && !trace)
		CHECK(first == sim_stack_run(&o, 0));
	return 0;
}

int
main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 0;
	uint64_t last = argc > 2 ? strtoull(argv[2], NULL, 0) :
	    SIM_STACK_SEEDS;
	char name[32];

	if (seed != 0) {
		check_case("one seed");
		sim_stack_seed(seed, 1);
		return check_done();
	}
	for (seed = 1; seed <= last; seed++) {
		snprintf(name, sizeof(name), "seed %llu",
		    (unsigned long long)seed);
		check_case(name);
		sim_stack_seed(seed, 0);
	}
	return check_done();
}
