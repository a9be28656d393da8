/*
 * article.c - a reactor, a resolver and a client; and a pattern's first
 * match, looked for as the page is scanned, without a tree.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "article.h"

#include "../../defer/unhandled.h"
#include "../../dns/config.h"
#include "../../html/extractor.h"
#include "../../http/http_failure.h"
#include "../../reactor/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As many as one program asks for at once: getPage knew no limit. */
enum { ARTICLE_PER_HOST = 30 };

const struct defer_failure_kind article_no_match = {"no-match", NULL};

/* ---- the world ---- */

static void
article_check(const char *what, int error)
{
	if (error == 0)
		return;
	fprintf(stderr, "%s: %s\n", what, reactor_strerror(error));
	exit(1);
}

static void
article_unhandled(void *ctx, const struct defer_failure *f, const char *file,
    int line)
{
	struct article_world *world = ctx;

	world->unhandled++;
	deferred_print_unhandled(stderr, f, file, line);
}

static void
article_stopping(struct reactor_call *c)
{
	struct article_world *world = (struct article_world *)
	    ((char *)c - offsetof(struct article_world, stop));

	(void)reactor_stop(world->reactor);
}

void
article_open(struct article_world *world)
{
	struct dns_config config;
	struct http_client_options options = {.per_host = ARTICLE_PER_HOST};

	*world = (struct article_world){.unhandled = 0};
	reactor_call_init(&world->stop, article_stopping);
	dns_config_init(&config);
	article_check("reactor", reactor_new(&world->reactor, NULL));
	article_check("resolv.conf",
	    dns_config_read(&config, "/etc/resolv.conf"));
	article_check("hosts", dns_hosts_read(&world->hosts, "/etc/hosts"));
	article_check("resolver", dns_resolver_new(&world->resolver,
	    world->reactor, &config, &world->hosts));
	options.reactor = world->reactor;
	options.resolver = world->resolver;
	article_check("client", http_client_new(&world->client, &options));
	deferred_on_unhandled(article_unhandled, world);
}

int
article_close(struct article_world *world, int error)
{
	http_client_free(world->client);
	dns_resolver_free(world->resolver);
	dns_hosts_free(&world->hosts);
	reactor_free(world->reactor);
	deferred_on_unhandled(NULL, NULL);
	if (error != 0)
		fprintf(stderr, "%s\n", reactor_strerror(error));
	return error != 0 || world->unhandled > 0;
}

struct deferred *
article_get_page(struct article_world *world, const char *url)
{
	return http_get_page(world->client, url, strlen(url), NULL);
}

struct defer_result
article_stop(void *ctx, struct defer_result in)
{
	struct article_world *world = ctx;

	reactor_call_soon(world->reactor, &world->stop);
	return in;
}

/* ---- patterns ---- */

/* Waits for a match. */
struct article_search {
	struct html_extractor_sink sink;
	char *text;
	int error;
};

static bool
article_matched(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	struct article_search *s = (struct article_search *)
	    ((char *)sink - offsetof(struct article_search, sink));

	(void)path;
	s->text = malloc(len + 1);
	if (s->text == NULL) {
		s->error = -ENOMEM;
		return true;
	}
	memcpy(s->text, at, len);
	s->text[len] = '\0';
	return true;
}

/* Scans a page until the path has matched: 0 or -ENOMEM. */
static int
article_scan(struct article_search *s, const struct html_path *path,
    const struct http_page *html)
{
	struct html_extractor_options want = {.paths = &path, .path_count = 1};
	struct html_extractor *x = html_extractor_new(&want, &s->sink);
	int status;

	if (x == NULL)
		return -ENOMEM;
	html_extractor_start(x, NULL, 0);
	status = html_extractor_feed(x, html->body, html->body_len);
	if (status == HTML_EXTRACT_MORE)
		status = html_extractor_finish(x);
	html_extractor_free(x);
	return status < 0 ? status : s->error;
}

const struct defer_failure *
article_text(char **text, const struct http_page *html, const char *pattern)
{
	struct article_search s = {.sink.match = article_matched};
	struct html_path *path;
	int error;

	*text = NULL;
	error = html_path_compile(&path, pattern, strlen(pattern), NULL);
	if (error == 0) {
		error = article_scan(&s, path, html);
		html_path_free(path);
	}
	*text = s.text;
	if (error == -ENOMEM)
		return &defer_failure_no_memory;
	if (s.text == NULL)
		return defer_failure_new(&article_no_match, "%s: %s",
		    html->url.href,
		    error == 0 ? pattern : "the pattern is no path");
	return NULL;
}

const struct defer_failure *
article_link(char **url, const struct http_page *html, const char *pattern)
{
	const struct defer_failure *f = article_text(url, html, pattern);
	struct http_url link;
	int error;

	if (f != NULL)
		return f;
	error = http_url_parse(&link, *url, strlen(*url), &html->url);
	free(*url);
	*url = error == 0 ? link.href : NULL;
	return error == 0 ? NULL : http_failure_of(error, pattern);
}
