/*
 * demosite.c - a small site to scrape: planets, each with its articles, on
 * the loopback, each answer delayed as asked.
 *
 *      /planet-1/              a page with links to its three articles
 *      /planet-1/article-1     one of them
 *      /odd/                   a list of pages that something is wrong with
 *
 * With --dns it is a name server too, and each planet a host of its own:
 * planet-1.test, planet-2.test, ...  With --tls it speaks https.  The first
 * lines of its output say where it is, in a form that scraper takes as its
 * input.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../dns/dns_server.h"
#include "../http/http_server.h"
#include "../reactor/reactor.h"
#include "../reactor/signals.h"
#include "../reactor/tls_settings.h"
#include "delayed.h"
#include "odd.h"
#include "options.h"
#include "trace.h"

enum { DEMOSITE_ARTICLES = 3, DEMOSITE_PLANETS_MAX = 10000 };

static const struct program demosite_program = {
	.name = "demosite",
	.synopsis = "[options]",
	.about =
"Plays planets with articles to be scraped, on 127.0.0.1, until it is\n"
"interrupted.  Prints their URLs, a line each.\n",
	.statuses = "",
};

/* A page, and a branch to the articles if it is a planet's. */
struct demosite_page {
	struct http_resource resource;
	struct demosite *site;
	unsigned planet;
	unsigned article;		/* 0: the planet, before its articles */
};

/* The root of the tree. */
struct demosite {
	struct http_resource resource;
	struct http_resource robots;	/* robots.txt */
	struct delayed_clock clock;
	struct trace trace;
	struct demosite_page *pages;
	uint64_t planet_count;
	struct odd odd;

	uint64_t port;
	bool with_names;		/* serves them too */
	struct reactor_tls_options tls;	/* with a certificate: https */
	struct reactor_tls_settings *settings;
	struct http_server *web;
	struct dns_server *names;
	struct reactor_signal signals[2];	/* that stop it */
};

static const struct options_row demosite_options[] = {
	{ 0, "planets", "N", "how many (4)", options_set_number,
	    offsetof(struct demosite, planet_count), 1, DEMOSITE_PLANETS_MAX },
	{ 0, "delay", "S", "seconds before each answer, such as 0.1 (0)",
	    options_set_delay, offsetof(struct demosite, clock.delay_ns),
	    0, 0 },
	{ 0, "port", "N", "to listen at (any that is free)",
	    options_set_number, offsetof(struct demosite, port), 0, 65535 },
	{ 0, "dns", NULL, "serve their names too; a first line \"# dns\" "
	    "says\nat what address, for the option --dns of scraper",
	    options_set_flag, offsetof(struct demosite, with_names), 0, 0 },
	{ 0, "tls", "CERT KEY", "https, with the certificate and the key in\n"
	    "these files (PEM)", options_set_text,
	    offsetof(struct demosite, tls.certificate_file), 0, 0 },
	{ 0, "tls-library", "FILE", "the libssl to use (the system's)",
	    options_set_text, offsetof(struct demosite, tls.library), 0, 0 },
	{ .name = NULL }
};

/* ---- the pages ---- */

static const struct http_server_answer demosite_answer = {
	.status = 200,
	.content_type = "text/html; charset=utf-8",
};

static void
demosite_write_planet(const struct demosite_page *p, struct record *body)
{
	record_addf(body, "<!DOCTYPE html>\n<html><head><title>Planet %u"
	    "</title></head>\n<body><h1>Planet %u</h1>\n", p->planet,
	    p->planet);
	for (unsigned i = 1; i <= DEMOSITE_ARTICLES; i++)
		record_addf(body, "<h3><a href=\"/planet-%u/article-%u\">"
		    "Article %u</a></h3>\n<p>It begins so.</p>\n", p->planet,
		    i, i);
	record_addf(body, "</body></html>\n");
}

static void
demosite_write_article(const struct demosite_page *p, struct record *body)
{
	record_addf(body, "<!DOCTYPE html>\n<html><head><title>Article %u of "
	    "planet %u</title>\n<link rel=\"canonical\" href=\"/planet-%u/"
	    "article-%u\"></head>\n", p->article, p->planet, p->planet,
	    p->article);
	record_addf(body, "<body><h1>Article %u</h1>\n<p>By <b class=\"author"
	    "\">Author %u</b>, <time datetime=\"2026-01-%02u\">January %u"
	    "</time>, <b class=\"price\">%u.50</b></p>\n", p->article,
	    p->planet, p->article, p->article, p->article);
	record_addf(body, "<p>Nothing new on <a href=\"/planet-%u/\">planet "
	    "%u</a>.</p></body></html>\n", p->planet, p->planet);
}

static void
demosite_page_render(struct http_resource *r,
    struct http_server_request *request)
{
	const struct demosite_page *p = reactor_container_of(
	    r, struct demosite_page, resource);
	struct record body = { .at = NULL };

	if (p->article == 0)
		demosite_write_planet(p, &body);
	else
		demosite_write_article(p, &body);
	delayed_answer(&p->site->clock, request, &demosite_answer, &body);
}

static void
demosite_render_robots(struct http_resource *r,
    struct http_server_request *request)
{
	static const char text[] = "User-agent: *\nDisallow: /odd/robots\n";
	static const struct http_server_answer answer = {
		.status = 200, .content_type = "text/plain; charset=utf-8",
	};
	const struct demosite *site = reactor_container_of(
	    r, struct demosite, robots);
	struct record body = { .at = NULL };

	record_add(&body, text, strlen(text));
	delayed_answer(&site->clock, request, &answer, &body);
}

static const struct http_resource_ops demosite_robots_ops = {
	.render = demosite_render_robots,
	.gone = delayed_gone,
};

/* ---- the tree ---- */

/* The number behind a prefix, from 1 to most (below 10 million), or 0. */
static size_t
demosite_number(const char *at, size_t len, const char *prefix, size_t most)
{
	size_t skip = strlen(prefix);
	char digits[8] = "";
	uint64_t number;

	if (len <= skip || len - skip >= sizeof(digits) ||
	    memcmp(at, prefix, skip) != 0 || at[skip] == '0')
		return 0;
	memcpy(digits, at + skip, len - skip);
	return options_parse_number(digits, &number) && number <= most ?
	    (size_t)number : 0;
}

static struct http_resource *
demosite_page_child(struct http_resource *r, const char *name, size_t len)
{
	struct demosite_page *p = reactor_container_of(
	    r, struct demosite_page, resource);
	size_t number = p->article > 0 ? 0 :
	    demosite_number(name, len, "article-", DEMOSITE_ARTICLES);

	return number > 0 ? &p[number].resource : NULL;
}

static const struct http_resource_ops demosite_page_ops = {
	.child = demosite_page_child,
	.render = demosite_page_render,
	.gone = delayed_gone,
};

static struct http_resource *
demosite_child(struct http_resource *r, const char *name, size_t len)
{
	struct demosite *site = reactor_container_of(
	    r, struct demosite, resource);
	size_t number = demosite_number(name, len, "planet-",
	    (size_t)site->planet_count);

	if (len == 3 && memcmp(name, "odd", 3) == 0)
		return &site->odd.resource;
	if (len == 10 && memcmp(name, "robots.txt", 10) == 0)
		return &site->robots;
	return number > 0 ?
	    &site->pages[(number - 1) * (DEMOSITE_ARTICLES + 1)].resource :
	    NULL;
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

/* Makes the planets, each in front of its articles: 0 or -ENOMEM. */
static int
demosite_grow(struct demosite *site)
{
	const unsigned each = DEMOSITE_ARTICLES + 1;
	unsigned count = (unsigned)site->planet_count * each;

	site->pages = calloc(count, sizeof(*site->pages));
	if (site->pages == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < count; i++)
		site->pages[i] = (struct demosite_page){
			.resource.ops = &demosite_page_ops, .site = site,
			.planet = i / each + 1, .article = i % each,
		};
	return 0;
}

/* ---- from beginning to end ---- */

static void
demosite_check(const char *what, int error)
{
	program_check(&demosite_program, PROGRAM_SOME_FAILED, what, error);
}

/* Serves the names of all planets; *at becomes where. */
static int
demosite_serve_names(struct demosite *site, struct reactor_address *at)
{
	size_t count = (size_t)site->planet_count;
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
	/* No answer is too long for UDP, so a port in use does not matter. */
	if (error == 0)
		(void)dns_server_listen(site->names);
	return error != 0 ? error : dns_server_address(site->names, at);
}

/* Tells where everything is, in one write. */
static int
demosite_announce(const struct demosite *site,
    const struct reactor_address *web, const struct reactor_address *names)
{
	const char *scheme = site->settings != NULL ? "https" : "http";
	struct record r = { .at = NULL };
	char text[REACTOR_ADDRESS_TEXT];
	int error;

	if (site->with_names)
		record_addf(&r, "# dns %s\n",
		    reactor_address_format_port(names, text));
	for (size_t i = 1; i <= site->planet_count; i++)
		if (site->with_names)
			record_addf(&r, "%s://planet-%zu.test:%u/planet-%zu/"
			    "\n", scheme, i,
			    (unsigned)reactor_address_port(web), i);
		else
			record_addf(&r, "%s://%s/planet-%zu/\n", scheme,
			    reactor_address_format_port(web, text), i);
	error = record_write(&r, STDOUT_FILENO);
	record_free(&r);
	return error;
}

/* Has the site speak https, if a certificate was given. */
static void
demosite_use_tls(struct demosite *site)
{
	char why[REACTOR_TLS_WHY];

	if (site->tls.certificate_file == NULL)
		return;
	site->tls.server = true;
	site->tls.alpn = "http/1.1";
	if (reactor_tls_settings_new(&site->settings, site->clock.reactor,
	    &site->tls, why) != 0) {
		program_warn(&demosite_program, "--tls", why);
		exit(PROGRAM_SOME_FAILED);
	}
	http_server_use_tls(site->web, site->settings);
}

/* Opens all ports and says where they are. */
static void
demosite_open(struct demosite *site)
{
	struct reactor *reactor = site->clock.reactor;
	struct reactor_address web, names;
	int error = reactor_address_parse(&web, "127.0.0.1", 9,
	    (uint16_t)site->port);

	names = web;
	reactor_address_set_port(&names, 0);
	if (error == 0)
		error = http_server_new(&site->web, reactor, &web,
		    &site->resource);
	if (error == 0)
		demosite_use_tls(site);
	if (error == 0)
		error = http_server_address(site->web, &web);
	if (error == 0 && site->with_names)
		error = demosite_serve_names(site, &names);
	demosite_check("listening", error);
	demosite_check("standard output",
	    demosite_announce(site, &web, &names));
}

int
main(int argc, char **argv)
{
	struct demosite site = {
		.resource.ops = &demosite_ops,
		.planet_count = 4,
	};
	const struct options_set sets[] = {
		{ demosite_options, &site }, { NULL, NULL },
	};
	char **operand = options_read(&demosite_program, sets, argc, argv);
	int error;

	if (site.tls.certificate_file != NULL && *operand != NULL)
		site.tls.key_file = *operand++;
	else if (site.tls.certificate_file != NULL)
		program_usage(&demosite_program, "--tls takes two files");
	if (*operand != NULL)
		program_usage(&demosite_program, "\"%s\" is too much",
		    *operand);
	program_hold_standard();
	site.clock.reactor = trace_make_reactor(&site.trace, &demosite_program);
	demosite_check("the planets", demosite_grow(&site));
	odd_init(&site.odd, &site.clock);
	site.robots.ops = &demosite_robots_ops;
	(void)reactor_stop_on_signals(site.clock.reactor, site.signals);
	demosite_open(&site);
	error = reactor_run(site.clock.reactor);
	http_server_free(site.web);
	if (site.names != NULL)
		dns_server_free(site.names);
	reactor_free(site.clock.reactor);
	reactor_tls_settings_free(site.settings);
	trace_close(&site.trace);
	free(site.pages);
	return error == 0 ? PROGRAM_OK : PROGRAM_SOME_FAILED;
}
