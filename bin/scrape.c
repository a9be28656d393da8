/*
 * scrape.c - one URL from its page to the title of its first article, and to
 * the links and fields of that page.
 *
 * scrape_run is the function to read first: a coroutine, which is left at
 * each COROUTINE_AWAIT while the network does its part; hundreds of them are
 * under way at once.  scrape_page_run is one page of it, with its retries.
 * When all is over, well or not, scrape_over makes the report.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "scrape.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../defer/coroutine.h"
#include "../dns/dns_connect.h"
#include "../http/http_failure.h"
#include "category.h"
#include "fetch.h"
#include "nap.h"
#include "place.h"

/* The pause before the first retry; it doubles with each. */
static const uint64_t scrape_nap_ns = 250000000;

/* The longest pause, also if a server asks for more. */
static const uint64_t scrape_longest_nap_ns = 60000000000;

/* Bytes of a link that cannot be read that are shown. */
enum { SCRAPE_LINK_SHOWN = 200 };

/* One URL on its way. */
struct scrape {
	struct coroutine co;
	struct scraper *scraper;
	void (*done)(void *ctx, const struct report *);
	void *ctx;
	struct finder *article, *title;
	struct http_cookie_jar cookies;	/* of both pages */
	const struct scrape_page *page;	/* the one under way, or NULL */
	struct inflight_one in_flight;
	struct report report;
	struct http_gate gate;		/* waits as manners want it */
	struct manners_visitor visitor;
	bool waiting;			/* scraper->waiting was told so */
	bool queued;			/* for its first turn */
	struct http_journal journal;	/* of all its requests */
	struct record final_url;	/* of the last answer, */
	char content_type[HTTP_JOURNAL_TYPE];	/* and its type */
	char address[REACTOR_ADDRESS_TEXT];	/* of the last request */
	uint64_t begun_ns;
	uint64_t queued_ns;		/* before its first request */
};

/* One of its pages. */
struct scrape_page {
	struct coroutine co;
	struct scrape *scrape;
	const char *url;
	size_t len;
	struct http_url refreshed;	/* where a refresh has led, or NULL */
	unsigned redirected;		/* so often, on the way to `url` */
	struct http_sink sink;
	struct finder_shelf *shelf;
	struct finder **finder;		/* NULL before it has an answer */
	bool no_secrets;		/* another site has led here */
	struct http_get_progress progress;	/* of the last try */
	unsigned tries;
	uint64_t nap_ns;
};

/* ---- its requests ---- */

/* Copies a text, as much of it as `size` bytes have room for, with a NUL. */
static void
scrape_copy(char *to, size_t size, const char *text)
{
	size_t len = strlen(text);

	len = len < size ? len : size - 1;
	memcpy(to, text, len);
	to[len] = '\0';
}

/* Keeps what reports say of the last answer; without memory not all of it. */
static void
scrape_keep_answer(struct scrape *my, const struct http_journal_entry *e)
{
	struct report *r = &my->report;

	my->final_url.len = 0;
	place_add(&my->final_url, &e->place);
	r->final_url = my->final_url.failed ? NULL : my->final_url.at;
	r->final_url_len = my->final_url.len;
	scrape_copy(my->content_type, sizeof(my->content_type),
	    e->content_type);
	r->content_type = my->content_type[0] != '\0' ? my->content_type :
	    NULL;
}

/* Keeps with whom was talked, or who was tried, last. */
static void
scrape_keep_address(struct scrape *my, const struct http_journal_entry *e)
{
	scrape_copy(my->address, sizeof(my->address), e->address);
	my->report.address = my->address[0] != '\0' ? my->address : NULL;
}

/* A request is over, well or not. */
static void
scrape_told(struct http_journal *journal, const struct http_journal_entry *e)
{
	struct scrape *my = reactor_container_of(
	    journal, struct scrape, journal);
	struct http_timings *sum = &my->report.timings;

	if (my->scraper->journal != NULL)
		my->scraper->journal->told(my->scraper->journal, e);
	my->report.timed = true;
	sum->name_ns += e->timings.name_ns;
	sum->connect_ns += e->timings.connect_ns;
	sum->tls_ns += e->timings.tls_ns;
	sum->wait_ns += e->timings.wait_ns;
	sum->receive_ns += e->timings.receive_ns;
	if (my->scraper->answers)
		scrape_keep_address(my, e);
	if (e->status != 0 && my->scraper->answers)
		scrape_keep_answer(my, e);
}

/* ---- what its content is for ---- */

/*
 * An answer has come, which needs a finder.  They are much larger than all
 * else, so pages that wait have none.
 */
static enum http_sink_answer
scrape_sink_begin(struct http_sink *sink, const struct http_page *page)
{
	struct scrape_page *my = reactor_container_of(
	    sink, struct scrape_page, sink);
	struct http_sink *to;

	if (*my->finder == NULL)
		*my->finder = finder_take(my->shelf);
	if (*my->finder == NULL)
		return HTTP_SINK_ENOUGH;
	to = &(*my->finder)->sink;
	return to->ops->begin(to, page);
}

static enum http_sink_answer
scrape_sink_data(struct http_sink *sink, const char *at, size_t len)
{
	struct http_sink *to = &(*reactor_container_of(
	    sink, struct scrape_page, sink)->finder)->sink;

	return to->ops->data(to, at, len);
}

static enum http_sink_answer
scrape_sink_cut(struct http_sink *sink)
{
	struct http_sink *to = &(*reactor_container_of(
	    sink, struct scrape_page, sink)->finder)->sink;

	return to->ops->cut(to);
}

static const struct http_sink_ops scrape_sink_ops = {
	.begin = scrape_sink_begin,
	.data = scrape_sink_data,
	.cut = scrape_sink_cut,
};

/* ---- one page ---- */

/* It steps aside, or goes on. */
static void
scrape_set_waiting(struct scrape *my, bool waiting)
{
	const struct scraper *s = my->scraper;

	if (s->waiting == NULL || my->waiting == waiting)
		return;
	my->waiting = waiting;
	s->waiting(my->ctx, waiting);
}

/* Its turn has come. */
static void
scrape_begins(struct manners_visitor *visitor)
{
	struct scrape *my = reactor_container_of(
	    visitor, struct scrape, visitor);

	scrape_set_waiting(my, false);
	if (my->queued)
		my->queued_ns =
		    reactor_now_ns(my->scraper->reactor) - my->begun_ns;
	my->queued = false;
}

static struct deferred *
scrape_wait(struct http_gate *gate, const struct http_url *u)
{
	struct scrape *my = reactor_container_of(gate, struct scrape, gate);

	scrape_set_waiting(my, true);
	my->queued = !my->visitor.begun;
	return manners_wait(my->scraper->manners, &my->visitor, u);
}

static bool
scrape_is_free(struct http_gate *gate, const struct http_url *u)
{
	struct scrape *my = reactor_container_of(gate, struct scrape, gate);

	return !my->waiting &&
	    manners_enter(my->scraper->manners, &my->visitor, u);
}

/* What is left of the time for this URL; waiting for its turn is free. */
static uint64_t
scrape_time_left(const struct scrape *my)
{
	uint64_t spent = reactor_now_ns(my->scraper->reactor) - my->begun_ns -
	    my->gate.waited_ns;

	return spent < my->scraper->timeout_ns ?
	    my->scraper->timeout_ns - spent : 0;
}

/* The request for the page. */
static struct deferred *
scrape_get(struct scrape_page *my)
{
	const struct scraper *s = my->scrape->scraper;
	struct http_get_options options = {
		.timeout_ns = scrape_time_left(my->scrape),
		.max_body = s->max_body,
		.max_redirects = s->max_redirects,
		.redirected = my->redirected,
		.no_redirects = s->max_redirects == 0,
		.gate = s->manners != NULL ? &my->scrape->gate : NULL,
		.no_secrets = my->no_secrets,
		.cookies = &my->scrape->cookies,
		.sink = &my->sink,
		.progress = &my->progress,
		.journal = s->answers || s->journal != NULL ?
		    &my->scrape->journal : NULL,
	};

	if (options.timeout_ns == 0)
		return deferred_of(defer_result_failure(defer_failure_new(
		    &http_timeout, "no time is left for this page")));
	return fetch_page(s->reactor, s->client, my->url, my->len, &options);
}

/* The page that comes with the failure of a bad status, or NULL. */
static const struct http_page *
scrape_bad_page(const struct defer_failure *f)
{
	return defer_failure_is(f, &http_bad_status) ?
	    defer_result_get(f->detail, &http_page_type) : NULL;
}

/* Whether the failure is one that passes, so that a retry makes sense. */
static bool
scrape_is_passing(const struct defer_failure *f)
{
	if (defer_failure_is(f, &http_bad_status))
		return f->code >= 500 || f->code == 429;
	return category_is_shortage(f) ||
	    defer_failure_is(f, &http_timeout) ||
	    defer_failure_is(f, &http_reset) ||
	    defer_failure_is(f, &dns_connect_timeout) ||
	    defer_failure_is(f, &dns_connect_reset);
}

/* The pause that a server asks for, in ns; 0 if it does not. */
static uint64_t
scrape_retry_after(const struct http_page *page)
{
	if (page == NULL || page->retry_after_s <= 0)
		return 0;
	return page->retry_after_s > 60 ? scrape_longest_nap_ns :
	    (uint64_t)page->retry_after_s * 1000000000;
}

/* Decides whether to try once more, and how long to wait before. */
static bool
scrape_try_again(struct scrape_page *my, const struct defer_failure *f)
{
	struct scraper *s = my->scrape->scraper;
	const struct http_page *page = scrape_bad_page(f);
	uint64_t asked_ns = scrape_retry_after(page);

	/* All other pages of this host wait, too. */
	if (s->manners != NULL && asked_ns > 0)
		manners_hold(s->manners, &page->url, asked_ns);

	if (!scrape_is_passing(f) || my->tries >= s->retries)
		return false;
	my->nap_ns = my->tries < 8 ? scrape_nap_ns << my->tries :
	    scrape_longest_nap_ns;
	if (page != NULL && page->retry_after_s >= 0)
		my->nap_ns = asked_ns;
	if (my->nap_ns >= scrape_time_left(my->scrape))
		return false;
	my->tries++;
	my->scrape->report.attempts++;
	manners_leave(&my->scrape->visitor);
	scrape_set_waiting(my->scrape, s->manners != NULL);
	if (s->retrying != NULL)
		s->retrying(s, &my->scrape->report, f, my->nap_ns);
	return true;
}

/*
 * Where the page leads elsewhere by a refresh, prepares to go there: true.
 * That is a redirect, and one too many of them is a failure, in *f.
 */
static bool
scrape_refresh(struct scrape_page *my, const struct defer_failure **f)
{
	const struct scraper *s = my->scrape->scraper;
	struct finder *finder = *my->finder;

	*f = NULL;
	if (finder->refresh.href == NULL || s->max_redirects == 0)
		return false;
	my->redirected = my->progress.redirects + 1;
	if (my->redirected > s->max_redirects) {
		*f = defer_failure_new(&http_too_many_redirects,
		    "more than %u redirects", s->max_redirects);
		return false;
	}
	my->scrape->report.bytes += my->progress.bytes;
	http_url_free(&my->refreshed);
	my->refreshed = finder->refresh;
	finder->refresh.href = NULL;
	my->url = my->refreshed.href;
	my->len = my->refreshed.len;
	my->no_secrets = finder->is_elsewhere;
	return true;
}

static void
scrape_page_cleanup(struct coroutine *co)
{
	struct scrape_page *my = (struct scrape_page *)co;

	http_url_free(&my->refreshed);
	my->scrape->page = NULL;
}

static struct defer_result
scrape_page_run(struct coroutine *co)
{
	struct scrape_page *my = (struct scrape_page *)co;
	struct report *report = &my->scrape->report;
	const struct defer_failure *f;

	COROUTINE_BEGIN(co);
	for (;;) {
		COROUTINE_AWAIT_RESULT(co, scrape_get(my));
		if (my->progress.status != 0)
			report->status = my->progress.status;
		report->requests += 1 + my->progress.redirects;
		report->answers += my->progress.answers;
		f = defer_result_get_failure(co->got);
		if (f == NULL && (*my->finder == NULL ||
		    finder_finish(*my->finder) != 0))
			return defer_result_failure(NULL);
		if (f == NULL && scrape_refresh(my, &f))
			continue;
		if (f == NULL || !scrape_try_again(my, f))
			break;
		COROUTINE_AWAIT(
		    co, nap(my->scrape->scraper->reactor, my->nap_ns));
	}
	report->redirects += my->progress.redirects;
	report->bytes += my->progress.bytes;
	if (defer_result_is_failure(co->got))
		return coroutine_take(co);
	if (f != NULL)
		return defer_result_failure(f);
	COROUTINE_END;
}

/* Gets a page; the deferred has no value, *finder has: one of the shelf. */
static struct deferred *
scrape_page(struct scrape *scrape, const char *url, size_t len,
    struct finder_shelf *shelf, struct finder **finder, bool no_secrets)
{
	struct scrape_page *my = coroutine_new(sizeof(*my), scrape_page_run,
	    scrape_page_cleanup);

	if (my == NULL)
		return NULL;
	my->scrape = scrape;
	scrape->page = my;
	my->url = url;
	my->len = len;
	my->sink.ops = &scrape_sink_ops;
	my->shelf = shelf;
	my->finder = finder;
	my->no_secrets = no_secrets;
	return coroutine_start(&my->co);
}

/* ---- one URL ---- */

/* The page at the URL itself, in which the article's link is looked for. */
static struct deferred *
scrape_first_page(struct scrape *my)
{
	return scrape_page(my, my->report.url, my->report.url_len,
	    &my->scraper->articles, &my->article, false);
}

/* The page with the title: the article's, or that at the URL itself. */
static struct deferred *
scrape_last_page(struct scrape *my)
{
	struct finder_shelf *shelf = &my->scraper->titles;

	if (my->article == NULL)
		return scrape_page(my, my->report.url, my->report.url_len,
		    shelf, &my->title, false);
	return scrape_page(my, my->article->link.href, my->article->link.len,
	    shelf, &my->title, my->article->is_elsewhere);
}

/* Why the first page has no article that can be fetched. */
static const struct defer_failure *
scrape_no_article(const struct finder *f)
{
	int len = f->link_text.len < SCRAPE_LINK_SHOWN ?
	    (int)f->link_text.len : SCRAPE_LINK_SHOWN;

	if (f->link_error == 0)
		return defer_failure_new(&category_no_article,
		    "no link to an article");
	return defer_failure_new(&http_bad_url, "the article's link "
	    "\"%.*s\": %s", len, len > 0 ? f->link_text.at : "",
	    http_url_strerror(f->link_error));
}

/* Whether there is no title, though nothing else was asked for. */
static bool
scrape_lacks_title(const struct scrape *my)
{
	const struct finder_shelf *want = &my->scraper->titles;

	return my->title->title.len == 0 && !want->links &&
	    (want->fields == NULL || want->fields->count == 0);
}

/* The last page is here: what was found in it. */
static void
scrape_report_page(struct scrape *my)
{
	const struct finder *f = my->title;

	if (f->title.len > 0)
		my->report.title = f->title.at;
	my->report.title_len = f->title.len;
	my->report.links = &f->links;
	my->report.values = &f->values;
	my->report.missing = finder_missing(f);
}

static struct defer_result
scrape_run(struct coroutine *co)
{
	struct scrape *my = (struct scrape *)co;

	COROUTINE_BEGIN(co);
	if (!my->scraper->only_titles) {
		COROUTINE_AWAIT(co, scrape_first_page(my));
		my->report.article = my->article->link.href;
		if (my->report.article == NULL)
			return defer_result_failure(
			    scrape_no_article(my->article));
	}
	COROUTINE_AWAIT(co, scrape_last_page(my));
	if (scrape_lacks_title(my))
		return defer_result_failure(
		    defer_failure_new(&category_no_title,
			my->title->has_title ? "the title is empty" :
					       "the page has no title"));
	scrape_report_page(my);
	COROUTINE_END;
}

/* Reports what is in the report. */
static void
scrape_report(struct scrape *my)
{
	struct scraper *s = my->scraper;

	if (s->explain != NULL)
		s->explain(s, &my->report, my->article, my->title);
	my->done(my->ctx, &my->report);
}

/* Reports a failure; if it is the article's, its URL is in the detail. */
static void
scrape_report_failure(struct scrape *my, const struct defer_failure *f)
{
	char category[CATEGORY_TEXT];
	struct record r = { .at = NULL };

	my->report.category = category_of(f, category);
	if (my->report.article != NULL)
		record_addf(&r, "%s: ", my->report.article);
	record_add(&r, f->message, strlen(f->message) + 1);
	my->report.detail = r.failed ? f->message : r.at;
	scrape_report(my);
	record_free(&r);
}

/* What it waits for, and of which page. */
static void
scrape_describe(const struct inflight_one *one, struct record *r)
{
	const struct scrape *my = reactor_container_of(
	    one, const struct scrape, in_flight);
	const struct scrape_page *page = my->page;
	const char *phase;

	if (page == NULL)
		return;
	phase = http_get_progress_phase(&page->progress);
	record_addf(r, "%s", phase != NULL ? phase : "pausing before a retry");
	if (page->tries > 0)
		record_addf(r, ", retry %u", page->tries);
	if (phase != NULL && page->progress.bytes > 0)
		record_addf(r, ", %" PRIu64 " bytes", page->progress.bytes);
	if (my->report.article != NULL) {
		record_addf(r, ", article ");
		record_add(r, page->url, page->len);
	}
}

/* The scrape has ended in one way or the other. */
static struct defer_result
scrape_over(void *ctx, struct defer_result in)
{
	struct scrape *my = ctx;
	const struct defer_failure *f = defer_result_get_failure(in);

	inflight_remove(my->scraper->inflight, &my->in_flight);
	my->report.elapsed_ns = reactor_now_ns(my->scraper->reactor) -
	    my->begun_ns - my->queued_ns;
	if (f != NULL)
		scrape_report_failure(my, f);
	else
		scrape_report(my);
	/* Now that its place is free, too, another may have both. */
	manners_leave(&my->visitor);
	finder_put_back(&my->scraper->articles, my->article);
	finder_put_back(&my->scraper->titles, my->title);
	http_cookie_jar_clear(&my->cookies);
	record_free(&my->final_url);
	defer_result_destroy(in);
	return defer_result_none();
}

struct deferred *
scrape(struct scraper *scraper, const char *url, size_t len,
    void (*done)(void *ctx, const struct report *), void *ctx)
{
	struct scrape *my = coroutine_new(sizeof(*my), scrape_run, NULL);
	struct deferred *d;

	if (my == NULL)
		return NULL;
	my->scraper = scraper;
	my->done = done;
	my->ctx = ctx;
	my->gate.ask = scrape_wait;
	my->gate.is_open = scrape_is_free;
	my->visitor.begins = scrape_begins;
	my->journal.told = scrape_told;
	my->report.attempts = 1;
	my->begun_ns = reactor_now_ns(scraper->reactor);
	my->report.url = url;
	my->report.url_len = len;
	my->in_flight = (struct inflight_one){
		.name = url, .len = len, .describe = scrape_describe,
	};
	inflight_add(scraper->inflight, &my->in_flight);
	d = coroutine_start(&my->co);
	/* Cannot fail: a coroutine's deferred has room for one more pair. */
	(void)deferred_add_both(d, scrape_over, my);
	return d;
}
