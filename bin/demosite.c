/*
 * demosite.c - a small site to scrape: planets, each with its articles, on
 * the loopback, each answer delayed as asked.
 *
 *      /planet-1/              a page with links to its three articles
 *      /planet-1/article-1     one of them
 *      /odd/...                pages that something is wrong with
 *
 * With --dns it is a name server too, and each planet a host of its own:
 * planet-1.test, planet-2.test, ...  The first lines of its output say where
 * it is, in a form that scraper takes as its input.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../dns/server.h"
#include "../http/server.h"
#include "../reactor/reactor.h"
#include "../reactor/signals.h"
#include "delayed.h"
#include "odd.h"
#include "program.h"
#include "trace.h"

enum { DEMOSITE_ARTICLES = 3, DEMOSITE_PLANETS_MAX = 10000 };

/* Values of the long options without a letter. */
enum {
	DEMOSITE_OPTION_DNS = PROGRAM_OPTION_FREE,
	DEMOSITE_OPTION_DELAY,
	DEMOSITE_OPTION_PLANETS,
	DEMOSITE_OPTION_PORT
};

static const struct option demosite_options[] = {
	{ "delay", required_argument, NULL, DEMOSITE_OPTION_DELAY },
	{ "dns", no_argument, NULL, DEMOSITE_OPTION_DNS },
	{ "planets", required_argument, NULL, DEMOSITE_OPTION_PLANETS },
	{ "port", required_argument, NULL, DEMOSITE_OPTION_PORT },
	PROGRAM_OPTIONS,
	{ NULL, 0, NULL, 0 }
};

static const struct program demosite_program = {
	.name = "demosite",
	.synopsis = "[options]",
	.help =
"Plays planets with articles to be scraped, on 127.0.0.1, until it is\n"
"interrupted.  Prints their URLs, a line each.\n\n"
"      --planets N    how many (4)\n"
"      --delay S      seconds before each answer, such as 0.1 (none)\n"
"      --port N       to listen at (any that is free)\n"
"      --dns          serve their names too; a first line \"# dns\" says at\n"
"                     what address, for the option --dns of scraper\n"
"      --help, --version\n",
	.letters = ":",
	.options = demosite_options,
};

struct demosite_planet;

/* An article: a leaf of the tree. */
struct demosite_article {
	struct http_resource resource;
	const struct demosite_planet *planet;
	unsigned number;
};

/* A planet: a page, and a branch to its articles. */
struct demosite_planet {
	struct http_resource resource;
	struct demosite *site;
	unsigned number;
	struct demosite_article articles[DEMOSITE_ARTICLES];
};

/* The root of the tree. */
struct demosite {
	struct http_resource resource;
	struct delayed_clock clock;
	struct trace trace;
	struct demosite_planet *planets;
	size_t planet_count;
	struct odd odd;

	uint16_t port;
	bool with_names;		/* serves them too */
	struct http_server *web;
	struct dns_server *names;
	struct reactor_signal interrupt, terminate;
};

/* ---- the pages ---- */

static const struct http_server_answer demosite_answer = {
	.status = 200,
	.content_type = "text/html; charset=utf-8",
};

static void
demosite_article_render(struct http_resource *r,
    struct http_server_request *request)
{
	struct demosite_article *a = (struct demosite_article *)r;
	struct record body = { .at = NULL };

	record_addf(&body, "<!DOCTYPE html>\n<html><head><title>Article %u "
	    "of planet %u</title></head>\n<body><p>Nothing new.</p></body>"
	    "</html>\n", a->number, a->planet->number);
	delayed_answer(&a->planet->site->clock, request, &demosite_answer,
	    &body);
}

static void
demosite_planet_render(struct http_resource *r,
    struct http_server_request *request)
{
	struct demosite_planet *p = (struct demosite_planet *)r;
	struct record body = { .at = NULL };

	record_addf(&body, "<!DOCTYPE html>\n<html><head><title>Planet %u"
	    "</title></head>\n<body><h1>Planet %u</h1>\n", p->number,
	    p->number);
	for (unsigned i = 1; i <= DEMOSITE_ARTICLES; i++)
		record_addf(&body, "<h3><a href=\"/planet-%u/article-%u\">"
		    "Article %u</a></h3>\n<p>It begins so.</p>\n", p->number,
		    i, i);
	record_addf(&body, "</body></html>\n");
	delayed_answer(&p->site->clock, request, &demosite_answer, &body);
}

static const struct http_resource_ops demosite_article_ops = {
	.render = demosite_article_render,
	.gone = delayed_gone,
};

/* ---- the tree ---- */

/* The number behind a prefix, from 1 to most, or 0. */
static size_t
demosite_number(const char *at, size_t len, const char *prefix, size_t most)
{
	size_t skip = strlen(prefix), number = 0;

	if (len <= skip || memcmp(at, prefix, skip) != 0 || at[skip] == '0')
		return 0;
	for (size_t i = skip; i < len; i++) {
		if (at[i] < '0' || at[i] > '9')
			return 0;
		number = number * 10 + (size_t)(at[i] - '0');
		if (number > most)
			return 0;
	}
	return number;
}

static struct http_resource *
demosite_planet_child(struct http_resource *r, const char *name, size_t len)
{
	struct demosite_planet *p = (struct demosite_planet *)r;
	size_t number = demosite_number(name, len, "article-",
	    DEMOSITE_ARTICLES);

	return number > 0 ? &p->articles[number - 1].resource : NULL;
}

static const struct http_resource_ops demosite_planet_ops = {
	.child = demosite_planet_child,
	.render = demosite_planet_render,
	.gone = delayed_gone,
};

static struct http_resource *
demosite_child(struct http_resource *r, const char *name, size_t len)
{
	struct demosite *site = (struct demosite *)r;
	size_t number = demosite_number(name, len, "planet-",
	    site->planet_count);

	if (len == 3 && memcmp(name, "odd", 3) == 0)
		return &site->odd.resource;
	return number > 0 ? &site->planets[number - 1].resource : NULL;
}

static void
demosite_render(struct http_resource *r, struct http_server_request *request)
{
	(void)r;
	http_server_answer_status(request, 404);
}

static const struct http_resource_ops demosite_ops = {
	.child = demosite_child,
	.render = demosite_render,
};

/* Makes the planets: 0 or -ENOMEM. */
static int
demosite_grow(struct demosite *site)
{
	site->planets = calloc(site->planet_count, sizeof(*site->planets));
	if (site->planets == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < site->planet_count; i++) {
		struct demosite_planet *p = &site->planets[i];

		p->resource.ops = &demosite_planet_ops;
		p->site = site;
		p->number = (unsigned)i + 1;
		for (unsigned k = 0; k < DEMOSITE_ARTICLES; k++)
			p->articles[k] = (struct demosite_article){
				.resource.ops = &demosite_article_ops,
				.planet = p, .number = k + 1,
			};
	}
	return 0;
}

/* ---- from beginning to end ---- */

static void
demosite_check(const char *what, int error)
{
	if (error != 0)
		program_exit(&demosite_program, PROGRAM_SOME_FAILED, what,
		    reactor_strerror(error));
}

/* Serves the names of all planets; *at becomes where. */
static int
demosite_serve_names(struct demosite *site, struct address *at)
{
	size_t count = site->planet_count;
	struct dns_server_record *table = calloc(count, sizeof(*table));
	char (*names)[40] = calloc(count, sizeof(*names));
	int error = -ENOMEM;

	for (size_t i = 0; table && names && i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "planet-%zu.test", i + 1);
		table[i] = (struct dns_server_record){ .name = names[i],
		    .value = "127.0.0.1", .ttl_s = 60 };
	}
	if (table != NULL && names != NULL)
		error = dns_server_new(&site->names, site->clock.reactor, at,
		    table, count);
	free(table);
	free(names);
	return error != 0 ? error : dns_server_address(site->names, at);
}

/* Tells where everything is, in one write. */
static int
demosite_announce(const struct demosite *site, const struct address *web,
    const struct address *names)
{
	struct record r = { .at = NULL };
	char text[ADDRESS_TEXT];
	int error;

	if (site->with_names)
		record_addf(&r, "# dns %s\n",
		    address_format_port(names, text));
	for (size_t i = 1; i <= site->planet_count; i++)
		if (site->with_names)
			record_addf(&r, "http://planet-%zu.test:%u/planet-%zu/"
			    "\n", i, (unsigned)address_port(web), i);
		else
			record_addf(&r, "http://%s/planet-%zu/\n",
			    address_format_port(web, text), i);
	error = record_write(&r, STDOUT_FILENO);
	record_free(&r);
	return error;
}

/* Opens all ports and says where they are. */
static void
demosite_open(struct demosite *site)
{
	struct reactor *reactor = site->clock.reactor;
	struct address web, names;
	int error = address_parse(&web, "127.0.0.1", 9, site->port);

	names = web;
	address_set_port(&names, 0);
	if (error == 0)
		error = http_server_new(&site->web, reactor, &web,
		    &site->resource);
	if (error == 0)
		error = http_server_address(site->web, &web);
	if (error == 0 && site->with_names)
		error = demosite_serve_names(site, &names);
	demosite_check("listening", error);
	demosite_check("standard output",
	    demosite_announce(site, &web, &names));
}

static void
demosite_read_options(struct demosite *site, int argc, char **argv)
{
	const struct program *p = &demosite_program;
	int option;

	while ((option = program_option(p, argc, argv)) != -1)
		if (option == DEMOSITE_OPTION_DNS)
			site->with_names = true;
		else if (option == DEMOSITE_OPTION_DELAY)
			site->clock.delay_ns = program_seconds(p, "--delay",
			    optarg);
		else if (option == DEMOSITE_OPTION_PLANETS)
			site->planet_count = (size_t)program_number(p,
			    "--planets", optarg, 1, DEMOSITE_PLANETS_MAX);
		else
			site->port = (uint16_t)program_number(p, "--port",
			    optarg, 0, 65535);
	if (argv[optind] != NULL)
		program_usage(p, "\"%s\" is too much", argv[optind]);
}

static void
demosite_signalled(struct reactor_signal *s, int number)
{
	(void)number;
	reactor_crash(s->reactor);
}

int
main(int argc, char **argv)
{
	struct demosite site = {
		.resource.ops = &demosite_ops,
		.planet_count = 4,
	};
	const char *variable;
	int error;

	demosite_read_options(&site, argc, argv);
	error = trace_make_reactor(&site.trace, &site.clock.reactor, &variable);
	demosite_check(variable != NULL ? variable : "the event loop", error);
	demosite_check("the planets", demosite_grow(&site));
	odd_init(&site.odd, &site.clock);
	(void)reactor_catch_signal(site.clock.reactor, &site.interrupt,
	    SIGINT, demosite_signalled);
	(void)reactor_catch_signal(site.clock.reactor, &site.terminate,
	    SIGTERM, demosite_signalled);
	demosite_open(&site);
	error = reactor_run(site.clock.reactor);
	http_server_free(site.web);
	if (site.names != NULL)
		dns_server_free(site.names);
	reactor_free(site.clock.reactor);
	trace_close(&site.trace);
	free(site.planets);
	return error == 0 ? PROGRAM_OK : PROGRAM_SOME_FAILED;
}
