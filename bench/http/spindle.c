/*
 * spindle.c - what fetching pages costs with all that a real client has:
 * the client that bare.c is the measure of.
 *
 *	spindle HOST PORT PAGES CONNECTIONS
 *
 * A coroutine for each connection fetches one page after the other by its
 * URL, which is read, looked up in the pool and put under a deadline each
 * time; the title is taken from the page by html/ while it arrives.  Output
 * as bare.c's.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include <sys/resource.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../defer/coroutine.h"
#include "../../dns/resolver.h"
#include "../../html/extractor.h"
#include "../../http/client.h"
#include "../../http/get_page.h"
#include "../../reactor/reactor.h"

enum { SPINDLE_URL = 256, SPINDLE_DIGITS = 7 };

/* The run as a whole. */
struct spindle {
	struct reactor *reactor;
	struct http_client *client;
	char url[SPINDLE_URL];
	size_t url_len;
	struct html_extractor_sink facts;
	struct html_extractor **shelf;	/* extractors that nobody uses */
	size_t shelved;
	long wanted, asked, done, titles, failed;
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
			reactor_stop(s->reactor);
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

static double
spindle_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
spindle_cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	    (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* As many files as the system allows: the run may want thousands. */
static void
spindle_raise_limit(void)
{
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

static int
spindle_run(struct spindle *s, long connections)
{
	struct http_client_options options = {
		.per_host = (unsigned)connections,
		.max_idle = (unsigned)connections,
	};
	struct dns_config config;
	int err;

	dns_config_init(&config);
	err = dns_config_add_server(&config, "127.0.0.1", 9);
	if (err == 0)
		err = reactor_new(&s->reactor, NULL);
	if (err == 0)
		err = dns_resolver_new(&options.resolver, s->reactor, &config,
		    NULL);
	options.reactor = s->reactor;
	if (err == 0)
		err = http_client_new(&s->client, &options);
	if (err != 0)
		return err;
	s->facts.title = spindle_title;
	s->shelf = calloc((size_t)connections, sizeof(*s->shelf));
	if (s->shelf == NULL)
		return -1;
	while (connections-- > 0)
		if (!spindle_start(s))
			return -1;
	err = reactor_run(s->reactor);
	while (s->shelved > 0)
		html_extractor_free(s->shelf[--s->shelved]);
	free(s->shelf);
	http_client_free(s->client);
	dns_resolver_free(options.resolver);
	reactor_free(s->reactor);
	return err;
}

int
main(int argc, char **argv)
{
	struct spindle s = { 0 };
	double start = spindle_now(), cpu = spindle_cpu_us();
	int err;

	if (argc != 5) {
		fprintf(stderr, "usage: spindle HOST PORT PAGES CONNECTIONS\n");
		return 2;
	}
	s.url_len = (size_t)snprintf(s.url, sizeof(s.url),
	    "http://%.200s:%.8s/page/0000000", argv[1], argv[2]);
	s.wanted = atol(argv[3]);
	spindle_raise_limit();
	err = spindle_run(&s, atol(argv[4]));
	if (err != 0 || s.failed > 0) {
		fprintf(stderr, "spindle: error %d, %ld pages failed\n", err,
		    s.failed);
		return 1;
	}
	printf("pages=%ld titles=%ld wall_s=%.4f cpu_us=%.3f\n", s.done,
	    s.titles, spindle_now() - start,
	    (spindle_cpu_us() - cpu) / (double)s.done);
	return s.titles == s.done ? 0 : 1;
}
