/*
 * spindle.c - what fetching pages costs with all that a real client has:
 * the client that bare.c is the measure of.
 *
 *	spindle [-b] [-t CA] HOST PORT PAGES CONNECTIONS
 *
 * A coroutine for each connection fetches one page after the other by its
 * URL, which is read, looked up in the pool and put under a deadline each
 * time; the title is taken from the page by html/ while it arrives.  With
 * -t the pages are fetched over TLS, CA is the file of certificates to trust,
 * and -b has each connection keep its buffers.  Prints the line of cost.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../defer/coroutine.h"
#include "../../dns/resolver.h"
#include "../../html/extractor.h"
#include "../../http/client.h"
#include "../../http/get_page.h"
#include "../../reactor/reactor.h"
#include "../../reactor/tls_settings.h"
#include "cost.h"

enum { SPINDLE_URL = 256, SPINDLE_DIGITS = 7 };

/* The run as a whole. */
struct spindle {
	struct reactor *reactor;
	struct dns_resolver *resolver;
	struct http_client *client;
	char url[SPINDLE_URL];
	size_t url_len;
	struct html_extractor_sink facts;
	struct html_extractor **shelf;	/* extractors that nobody uses */
	size_t shelved;
	long wanted, asked, done, titles, failed;
	struct cost start;
};

/* One of the coroutines, and where its pages' bytes go. */
struct spindle_worker {
	struct coroutine co;
	struct http_sink sink;
	struct html_extractor *extract;	/* while a page comes in, else NULL */
	struct spindle *spindle;
};

static struct spindle_worker *
spindle_worker_of_sink(struct http_sink *s)
{
	return (struct spindle_worker *)
	    ((char *)s - offsetof(struct spindle_worker, sink));
}

/*
 * An extractor is taken when the page begins and put back at its end: the one
 * that was used last is still in the cache.
 */
static enum http_sink_answer
spindle_begin(struct http_sink *sink, const struct http_page *page)
{
	static const struct html_extractor_options want = { .title = 1 };
	struct spindle_worker *w = spindle_worker_of_sink(sink);
	struct spindle *s = w->spindle;

	(void)page;
	if (s->shelved > 0)
		w->extract = s->shelf[--s->shelved];
	else
		w->extract = html_extractor_new(&want, &s->facts);
	if (w->extract == NULL)
		abort();
	html_extractor_start(w->extract, NULL, 0);
	return HTTP_SINK_CONTINUE;
}

static void
spindle_end(struct spindle_worker *w)
{
	struct spindle *s = w->spindle;

	if (w->extract != NULL)
		s->shelf[s->shelved++] = w->extract;
	w->extract = NULL;
}

static enum http_sink_answer
spindle_data(struct http_sink *s, const char *at, size_t len)
{
	if (html_extractor_feed(spindle_worker_of_sink(s)->extract, at, len) ==
	    HTML_EXTRACT_MORE)
		return HTTP_SINK_CONTINUE;
	return HTTP_SINK_ENOUGH;
}

static const struct http_sink_ops spindle_sink = {
	.begin = spindle_begin, .data = spindle_data,
};

static bool
spindle_title(struct html_extractor_sink *facts, const char *at, size_t len)
{
	struct spindle *s = (struct spindle *)
	    ((char *)facts - offsetof(struct spindle, facts));

	(void)at;
	(void)len;
	s->titles++;
	return true;
}

/* The next page's number ends the URL, as bare.c ends its request. */
static struct deferred *
spindle_get(struct spindle_worker *w)
{
	struct http_get_options options = { .sink = &w->sink };
	struct spindle *s = w->spindle;
	long number = s->asked++;

	for (size_t i = 1; i <= SPINDLE_DIGITS; i++) {
		s->url[s->url_len - i] = (char)('0' + number % 10);
		number /= 10;
	}
	return http_get_page(s->client, s->url, s->url_len, &options);
}

/* Reports the cost while all connections are open, but nothing else is. */
static void
spindle_finish(struct spindle *s)
{
	struct cost spent = cost_since(s->start);

	while (s->shelved > 0)
		html_extractor_free(s->shelf[--s->shelved]);
	free(s->shelf);
	cost_report(spent, s->done, s->titles);
	reactor_stop(s->reactor);
}

static struct defer_result
spindle_work(struct coroutine *co)
{
	struct spindle_worker *w = (struct spindle_worker *)co;
	struct spindle *s = w->spindle;

	COROUTINE_BEGIN(co);
	while (s->asked < s->wanted) {
		COROUTINE_AWAIT_RESULT(co, spindle_get(w));
		spindle_end(w);
		if (defer_result_is_failure(co->got))
			s->failed++;
		if (++s->done == s->wanted)
			spindle_finish(s);
	}
	COROUTINE_END;
}

/* Starts a coroutine, which runs on its own from there; false: no memory. */
static bool
spindle_start(struct spindle *s)
{
	struct spindle_worker *w = coroutine_new(sizeof(*w), spindle_work,
	    NULL);

	if (w == NULL)
		return false;
	w->spindle = s;
	w->sink.ops = &spindle_sink;
	deferred_release(coroutine_start(&w->co));
	return true;
}

/* Makes what a client stands on, and the client; 0 or a negative errno. */
static int
spindle_client(struct spindle *s, unsigned connections,
    const struct reactor_tls_options *tls)
{
	struct http_client_options options = {
		.per_host = connections, .max_idle = connections, .tls = tls,
	};
	struct dns_config config;
	int err;

	dns_config_init(&config);
	err = dns_config_add_server(&config, "127.0.0.1", 9);
	if (err == 0)
		err = reactor_new(&s->reactor, NULL);
	if (err == 0)
		err = dns_resolver_new(&s->resolver, s->reactor, &config,
		    NULL);
	options.reactor = s->reactor;
	options.resolver = s->resolver;
	if (err == 0)
		err = http_client_new(&s->client, &options);
	return err;
}

/* Fetches all pages. */
static int
spindle_run(struct spindle *s, long connections)
{
	s->facts.title = spindle_title;
	s->shelf = calloc((size_t)connections, sizeof(*s->shelf));
	if (s->shelf == NULL)
		return -ENOMEM;
	while (connections-- > 0)
		if (!spindle_start(s))
			return -ENOMEM;
	return reactor_run(s->reactor);
}

static void
spindle_free(struct spindle *s)
{
	http_client_free(s->client);
	dns_resolver_free(s->resolver);
	reactor_free(s->reactor);
}

/* Reads the options; returns how many arguments they took, -1 if unknown. */
static int
spindle_options(struct reactor_tls_options *tls, int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "bt:")) != -1)
		if (option == 'b')
			tls->keep_buffers = true;
		else if (option == 't')
			tls->ca_file = optarg;
		else
			return -1;
	return optind - 1;
}

int
main(int argc, char **argv)
{
	struct spindle s = { .start = cost_now() };
	struct reactor_tls_options tls = { 0 };
	int options = spindle_options(&tls, argc, argv), err;
	long connections;

	if (options < 0 || argc - options != 5) {
		fprintf(stderr, "usage: spindle [-b] [-t CA] HOST PORT PAGES "
		    "CONNECTIONS\n");
		return 2;
	}
	argv += options;
	s.url_len = (size_t)snprintf(s.url, sizeof(s.url),
	    "http%s://%.200s:%.8s/page/0000000",
	    tls.ca_file != NULL ? "s" : "", argv[1], argv[2]);
	s.wanted = atol(argv[3]);
	connections = atol(argv[4]);
	cost_raise_limit();
	err = spindle_client(&s, (unsigned)connections, &tls);
	if (err == 0)
		err = spindle_run(&s, connections);
	spindle_free(&s);
	if (err != 0 || s.failed > 0) {
		fprintf(stderr, "spindle: error %d, %ld pages failed\n", err,
		    s.failed);
		return 1;
	}
	return s.titles == s.done ? 0 : 1;
}
