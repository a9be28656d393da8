/*
 * sim_web_test.c - the scraper's core and whole pages in a simulated web of
 * several origins, with a proxy, https, robots.txt, cookies, passwords and
 * connections that are used again, each as the seed has it.
 *
 * The web (sim_web.h) judges what is asked; here is judged what comes of it.
 * Whatever the network does: each errand ends once; what a page shows was
 * sent for that page, every byte of it; to no host are there more connections
 * than are allowed, and no more errands are in progress, those apart that wait
 * for their turn; nothing is left.  Where the network is fair, each errand also
 * ends well, unless robots.txt forbids it.
 *
 * Where there is https, which is in a third of the seeds, a seed is not
 * replayed to the letter: the library draws its own random numbers.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../bin/scrape.h"
#include "../dns/dns_server.h"
#include "../dns/resolver.h"
#include "../http/proxy.h"
#include "../reactor/loop.h"
#include "alloc.h"
#include "check.h"
#include "sim_seeds.h"
#include "sim_web.h"
#include "tls_kit.h"

static const struct dns_server_record web_names[] = {
	{ "a.one.test", "192.0.2.1", 60 },
	{ "b.one.test", "192.0.2.2", 60 },
	{ "none.test", "192.0.2.3", 0 },
	{ "safe.site.test", "192.0.2.4", 60 },
};

static const struct http_request_field web_cookie = {
	.name = "Cookie", .name_len = 6, .value = "user=1", .value_len = 6
};

static bool web_has_tls;		/* on this machine */

struct web_errand {
	struct web_test *test;
	struct deferred *deferred;
	struct reactor_timer patience;
	bool aside;		/* takes none of the places */
	int number, ends;
	char url[160];
};

/* One world with all that is in it. */
struct web_test {
	struct sim_web web;
	struct sim_witness witness;
	struct reactor_timer start;
	struct reactor_call close, room;
	struct reactor_tls_options tls;
	struct dns_server *names;
	struct dns_resolver *resolver;
	struct http_proxy_choice proxies;
	struct http_client *client;
	unsigned per_host;
	struct manners manners;
	unsigned places, taken;	/* of errands and robots.txt in progress */
	struct html_path *path;
	const struct html_path *paths[1];
	struct scraper scraper;
	struct web_errand errands[SIM_WEB_ERRANDS];
	int begun, left;
	bool fair;
};

/* ---- what must hold ---- */

/* Flaws of the steps of one page, which ends at *step: the next is there. */
static int
web_flaws(const struct sim_web_plan *p, int *step)
{
	int flaws = 0;

	for (; *step < p->count; ++*step) {
		flaws += p->steps[*step].flaw != SIM_WEB_FINE;
		if (p->steps[*step].act == SIM_WEB_LINK)
			break;
	}
	++*step;
	return flaws;
}

/* Whether a flaw is more than retries make good. */
static bool
web_is_hopeless(const struct sim_web_plan *p)
{
	int step = 0, most = p->whole ? 0 : 1;

	while (step < p->count)
		if (web_flaws(p, &step) > most)
			return true;
	return false;
}

static bool
web_is_forbidden(const struct sim_web_plan *p)
{
	int i;

	for (i = 0; i < p->count; i++)
		if (p->steps[i].forbidden)
			return true;
	return false;
}

/* How an errand has ended: with a failure's category, or NULL. */
static void
web_judge_end(struct web_errand *e, const char *category, const char *detail)
{
	const struct web_test *t = e->test;
	const struct sim_web_plan *p = &t->web.plans[e->number];
	const char *want = NULL;

	CHECK_INT(++e->ends, 1);
	if (!t->fair || p->patience_ns > 0 || web_is_hopeless(p))
		return;
	if (t->web.robots && web_is_forbidden(p))
		want = "robots";
	if (!CHECK_STR(category, want))
		printf("# %s: %s\n", e->url, detail != NULL ? detail : "");
}

/* The title is of an answer that was given to the last step of the plan. */
static int
web_judge_title(const struct web_errand *e, const char *at, size_t len)
{
	const struct sim_web *w = &e->test->web;
	int answer = sim_web_answer_of(w, e->number, at, len);

	if (CHECK(answer >= 0))
		CHECK_INT(w->answers[answer].step,
		    w->plans[e->number].count - 1);
	return answer;
}

static void
web_reported(void *ctx, const struct report *report)
{
	struct web_errand *e = ctx;

	web_judge_end(e, report->category, report->detail);
	if (report->category == NULL)
		web_judge_title(e, report->title, report->title_len);
}

static void
web_judge_page(struct web_errand *e, const struct http_page *page)
{
	char content[SIM_WEB_CONTENT + 1];
	const char *title = strstr(page->body, "<title>");
	int answer;

	if (!CHECK(title != NULL))
		return;
	title += 7;
	answer = web_judge_title(e, title, strcspn(title, "<"));
	if (answer < 0)
		return;
	sim_web_content(&e->test->web, answer, content);
	CHECK_BYTES(page->body, page->body_len, content);
}

/* ---- places ---- */

/* Callback: who waits for a place is told of it. */
static void
web_tell_room(struct reactor_call *call)
{
	manners_room(&reactor_container_of(
	    call, struct web_test, room)->manners);
}

static void
web_set_place(struct web_test *t, bool taken)
{
	t->taken += taken ? 1 : UINT_MAX;
	CHECK(t->taken <= t->places);
	if (!taken && t->left > 0)
		reactor_call_soon(t->web.reactor, &t->room);
}

static bool
web_has_room(struct manners *m)
{
	const struct web_test *t = reactor_container_of(
	    m, struct web_test, manners);

	return t->taken < t->places;
}

static void
web_asking(struct manners *m, bool asking)
{
	web_set_place(reactor_container_of(m, struct web_test, manners),
	    asking);
}

static void
web_waiting(void *ctx, bool waiting)
{
	struct web_errand *e = ctx;

	e->aside = waiting;
	web_set_place(e->test, !waiting);
}

/* ---- the work ---- */

/* All is over: from the loop, since manners may be at work still. */
static void
web_close_all(struct reactor_call *call)
{
	struct web_test *t = reactor_container_of(
	    call, struct web_test, close);

	manners_clear(&t->manners);
	http_client_free(t->client);
	dns_resolver_free(t->resolver);
	dns_server_free(t->names);
	sim_web_close(&t->web);
	t->client = NULL;
	reactor_stop(t->web.reactor);
}

static struct defer_result
web_ended(void *ctx, struct defer_result in)
{
	struct web_errand *e = ctx;
	const struct defer_failure *f = defer_result_get_failure(in);
	const struct http_page *page = defer_result_get(in, &http_page_type);

	reactor_cancel_timer(&e->patience);
	if (!e->aside)
		web_set_place(e->test, false);
	if (e->test->web.plans[e->number].whole)
		web_judge_end(e, f != NULL ? "failure" : NULL,
		    f != NULL ? f->message : NULL);
	if (page != NULL)
		web_judge_page(e, page);
	defer_result_destroy(in);
	deferred_release(e->deferred);
	if (--e->test->left == 0)
		reactor_call_soon(e->test->web.reactor, &e->test->close);
	return defer_result_none();
}

/* Its patience is over.  It ends in this, or when a sink returns. */
static void
web_give_up(struct reactor_timer *timer)
{
	deferred_cancel(reactor_container_of(
	    timer, struct web_errand, patience)->deferred);
}

static void
web_begin(struct web_test *t, int number)
{
	struct web_errand *e = &t->errands[number];
	const struct sim_web_plan *p = &t->web.plans[number];
	struct deferred *d;

	*e = (struct web_errand){ .test = t, .number = number };
	web_set_place(t, true);
	sim_web_url(&t->web, number, 0, p->named, e->url, sizeof(e->url));
	if (p->whole)
		d = http_get_page(t->client, e->url, strlen(e->url), NULL);
	else
		d = scrape(&t->scraper, e->url, strlen(e->url), web_reported,
		    e);
	e->deferred = d;
	if (p->patience_ns > 0)
		reactor_call_later(t->web.reactor, &e->patience,
		    p->patience_ns, web_give_up);
	deferred_add_both(d, web_ended, e);
}

/* Errands begin now and then, so that connections lie idle meanwhile, and when
 * there is a place. */
static void
web_start(struct reactor_timer *timer)
{
	struct web_test *t = reactor_container_of(
	    timer, struct web_test, start);
	bool begins = t->taken < t->places;
	int number = t->begun;

	t->begun += begins;
	if (t->begun < SIM_WEB_ERRANDS)
		reactor_call_later(t->web.reactor, timer,
		    sim_draw(t->web.sim, 40) * 1000000, web_start);
	if (begins)
		web_begin(t, number);
}

/* ---- the world ---- */

/* Connections to each address are as few as was asked for. */
static void
web_count(struct sim_witness *witness)
{
	struct web_test *t = reactor_container_of(
	    witness, struct web_test, witness);
	struct reactor_address at;
	int i;

	for (i = 0; i < SIM_WEB_ORIGINS; i++) {
		const struct sim_web_place *p = &sim_web_places[i];

		if (i == SIM_WEB_SAFE)
			continue;	/* the proxy connects there, too */
		reactor_address_parse(&at, p->address, strlen(p->address),
		    p->port);
		if (sim_streams_to(t->web.sim, &at) > t->per_host &&
		    t->web.broken == NULL)
			t->web.broken = "per_host connections at most";
	}
}

static void
web_use_proxy(struct web_test *t, struct http_proxy *p, bool https)
{
	int i;

	http_proxy_parse(p, SIM_WEB_PROXY, strlen(SIM_WEB_PROXY));
	for (i = 0; i < SIM_WEB_ORIGINS; i++)
		if ((i == SIM_WEB_SAFE) == https)
			t->web.proxied[i] = true;
	if (!https && sim_chance(t->web.sim, 400)) {
		t->proxies.none = "none.test";
		t->web.proxied[2] = t->web.proxied[3] = false;
	}
}

static void
web_open_tls(struct web_test *t, uint64_t seed)
{
	if (!web_has_tls || seed % 16 == 0 || !sim_chance(t->web.sim, 350))
		return;
	t->tls.library = tls_kit_library();
	t->tls.ca_file = tls_kit_authority;
	t->web.tls = tls_kit_server(t->web.reactor);
}

/* What the seed has decided on. */
static void
web_decide(struct web_test *t, uint64_t seed)
{
	struct sim *sim = t->web.sim;

	web_open_tls(t, seed);
	t->web.robots = sim_chance(sim, 400);
	t->per_host = 1 + (unsigned)sim_draw(sim, 4);
	if (sim_chance(sim, 350))
		web_use_proxy(t, &t->proxies.http, false);
	if (sim_chance(sim, 350))
		web_use_proxy(t, &t->proxies.https, true);
	if (sim_chance(sim, 500))
		t->web.user_cookie = "user=1";
	sim_web_plan(&t->web);
}

static int
web_open_client(struct web_test *t)
{
	struct http_client_options options = {
		.reactor = t->web.reactor, .per_host = t->per_host,
		.proxies = &t->proxies, .fields = &web_cookie,
		.field_count = t->web.user_cookie != NULL,
		.tls = t->web.tls != NULL ? &t->tls : NULL,
		.max_idle = 1 + (unsigned)sim_draw(t->web.sim, 6),
		.idle_timeout_ns = 1 + sim_draw(t->web.sim, 200000000),
	};
	struct dns_config config;
	int error;

	dns_config_init(&config);
	dns_config_add_server(&config, "127.0.0.1", 9);
	error = dns_resolver_new(
	    &t->resolver, t->web.reactor, &config, NULL);
	options.resolver = t->resolver;
	if (error == 0)
		error = http_client_new(&t->client, &options);
	return error;
}

static void
web_open_scraper(struct web_test *t)
{
	html_path_compile(&t->path, "//h3/a/@href", 12, NULL);
	t->paths[0] = t->path;
	t->manners = (struct manners){
		.reactor = t->web.reactor, .client = t->client,
		.agent = "spindle", .robots = t->web.robots,
		.delay_ns = sim_draw(t->web.sim, 2) * 20000000,
		.timeout_ns = UINT64_C(30000000000),
		.per_host = sim_chance(t->web.sim, 500) ? t->per_host : 0,
		.has_room = web_has_room, .asking = web_asking,
	};
	t->scraper = (struct scraper){
		.reactor = t->web.reactor, .client = t->client,
		.articles = { .paths = t->paths, .path_count = 1 },
		.timeout_ns = UINT64_C(30000000000), .max_body = 1 << 20,
		.max_redirects = 3, .retries = 1,
		.manners = t->web.robots || t->manners.per_host > 0 ?
		    &t->manners : NULL,
		.waiting = web_waiting,
	};
	t->places = 1 + (unsigned)sim_draw(t->web.sim, SIM_WEB_ERRANDS);
}

static int
web_open(struct web_test *t, uint64_t seed)
{
	struct reactor_options options = sim_reactor_options(t->web.sim);
	struct reactor_address at;
	int error = reactor_new(&t->web.reactor, &options);

	if (error != 0)
		return error;
	web_decide(t, seed);
	reactor_address_parse(&at, "127.0.0.1:53", 12, 0);
	error = dns_server_new(&t->names, t->web.reactor, &at, web_names,
	    sizeof(web_names) / sizeof(web_names[0]));
	if (error == 0)
		error = sim_web_open(&t->web);
	if (error == 0)
		error = web_open_client(t);
	web_open_scraper(t);
	return error;
}

static void
web_free(struct web_test *t)
{
	finder_clear(&t->scraper.articles);
	finder_clear(&t->scraper.titles);
	html_path_free(t->path);
	http_proxy_free(&t->proxies.http);
	http_proxy_free(&t->proxies.https);
	reactor_free(t->web.reactor);
	reactor_tls_settings_free(t->web.tls);
}

static void
web_run(const struct sim_options *o, FILE *trace)
{
	struct web_test t = {
		.web.sim = sim_new(o), .left = SIM_WEB_ERRANDS,
		.witness.wait = web_count,
		.fair = o->reset == 0 && o->lose == 0 && o->nobufs == 0 &&
		    o->no_descriptor == 0,
	};
	long live = alloc_live();
	int i;

	sim_trace(t.web.sim, trace);
	sim_weather(t.web.sim)->no_descriptor = 0;
	if (CHECK_INT(web_open(&t, o->seed), 0)) {
		sim_weather(t.web.sim)->no_descriptor = o->no_descriptor;
		sim_set_witness(t.web.sim, &t.witness);
		reactor_call_init(&t.close, web_close_all);
		reactor_call_init(&t.room, web_tell_room);
		reactor_call_later(t.web.reactor, &t.start, 0, web_start);
		CHECK_INT(reactor_run(t.web.reactor), 0);
		for (i = 0; i < SIM_WEB_ERRANDS; i++)
			CHECK_INT(t.errands[i].ends, 1);
		for (i = 0; i < SIM_WEB_ORIGINS && t.fair; i++)
			CHECK(t.web.robots_asked[i] <= 1);
		CHECK(reactor_timers_earliest_ns(
		    &t.web.reactor->timers) == UINT64_MAX);
	}
	CHECK_INT(t.taken, 0);
	CHECK_STR(t.web.broken, NULL);
	web_free(&t);
	sim_seeds_end(t.web.sim, live);
}

int
main(int argc, char **argv)
{
	web_has_tls = tls_kit_case("several origins, with https");
	return sim_seeds_main(argc, argv, web_run);
}
