/*
 * article.h - what the article's programs import: the world that Python's
 * Twisted has ready made (its reactor, a resolver, a client), and as much of
 * lxml as they use.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BENCH_ARTICLE_H
#define BENCH_ARTICLE_H

#include "../../defer/deferred.h"
#include "../../dns/resolver.h"
#include "../../http/client.h"
#include "../../http/get_page.h"
#include "../../reactor/reactor.h"

/* Kind: the page has nothing that the pattern matches. */
extern const struct defer_failure_kind article_no_match;

/* One event loop and what hangs on it. */
struct article_world {
	struct reactor *reactor;
	struct http_client *client;

	/* private */
	struct dns_hosts hosts;
	struct dns_resolver *resolver;
	struct reactor_call stop;
	unsigned unhandled;
};

/*
 * Makes a world that looks names up as this system does; ends the process
 * when it cannot.  From then on a failure that nobody handled is told on
 * stderr when its deferred goes, as Twisted does.  It must not move.
 */
void article_open(struct article_world *);

/*
 * Frees the world.  Returns the program's exit status: not 0 if `error`, of
 * reactor_run, is none, or if a failure was unhandled.
 */
int article_close(struct article_world *, int error);

/* getPage(url): a deferred of a struct http_page (http_get_page). */
struct deferred *article_get_page(struct article_world *, const char *url);

/*
 * A callback, `lambda _: reactor.stop()`, whose ctx is the world.  Other than
 * the article's it does its work also when all was over before the reactor
 * ran: it stops it in its first turn.
 */
struct defer_result article_stop(void *ctx, struct defer_result in);

/*
 * fromstring(html).xpath(pattern)[0].text: *text is then the first match,
 * UTF-8, to be freed.  NULL; or why there is none, and *text is NULL.
 */
const struct defer_failure *article_text(
    char **text, const struct http_page *html, const char *pattern);

/*
 * The same for a pattern that matches links: *url is the first one, made
 * absolute by the URL of the page.
 */
const struct defer_failure *article_link(
    char **url, const struct http_page *html, const char *pattern);

#endif
