/*
 * get_page.c - from a URL to a page: exchange after exchange until one is
 * not a redirect, under one deadline.
 *
 * A transfer is the state of this, and the deferred lies within it: one
 * allocation.  It has one reference to itself as long as it works; every way
 * it can end goes through http_get_page_finish or the canceller.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "get_page.h"

#include "content.h"
#include "exchange.h"
#include "http_failure.h"
#include "pool.h"
#include "../defer/failure_detail.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Defaults. */
static const uint64_t http_get_page_timeout_ns = 30000000000;
enum {
	HTTP_GET_PAGE_BODY = 8388608,
	HTTP_GET_PAGE_REDIRECTS = 10
};

/* One page on its way. */
struct http_get_page {
	struct http_exchange exchange;
	struct deferred deferred;
	bool enough;			/* of the body, before its end */
	bool strayed;			/* to another origin: no secrets */
	unsigned redirects;
	struct http_client *client;
	struct http_get_options options;	/* defaults filled in */
	struct http_url url, next;
	struct http_content content;	/* and the page, after the head */
	const struct defer_failure *verdict;	/* why it fails, once known */
};

static struct http_get_page *
http_get_page_of(struct http_exchange *e)
{
	return (struct http_get_page *)
	    ((char *)e - offsetof(struct http_get_page, exchange));
}

/* ---- ends ---- */

/* Frees all but the transfer itself. */
static void
http_get_page_clear(struct http_get_page *t)
{
	http_content_free(&t->content);
	http_page_free(t->content.page);
	defer_failure_release(t->verdict);
	http_url_free(&t->url);
	http_url_free(&t->next);
}

/* The last that a transfer does: nothing may be touched afterwards. */
static void
http_get_page_finish(struct http_get_page *t, struct defer_result r)
{
	http_get_page_clear(t);
	(void)deferred_fire(&t->deferred, r);
	deferred_release(&t->deferred);
}

static void
http_get_page_fail(struct http_get_page *t, const struct defer_failure *f)
{
	http_get_page_finish(t, defer_result_failure(f));
}

static void
http_get_page_destroy(struct deferred *d)
{
	free((char *)d - offsetof(struct http_get_page, deferred));
}

/*
 * The deferred was cancelled, and fails when this returns; but if its own
 * sink did that, when the sink has returned.
 */
static enum deferred_cancelling
http_get_page_cancel(void *ctx, struct deferred *d)
{
	struct http_get_page *t = ctx;

	if (t->content.telling) {
		t->content.given_up = true;
		t->verdict = &deferred_was_cancelled;
		return DEFERRED_STOPPING;
	}
	http_pool_cancel(&t->exchange);
	http_get_page_clear(t);
	deferred_release(d);
	return DEFERRED_STOPPED;
}

/* ---- one exchange ---- */

/* Sends the request for t->url; the transfer may end in this. */
static void
http_get_page_go(struct http_get_page *t)
{
	struct http_request *r = &t->exchange.request;
	const struct http_client *c = t->client;
	int err;

	if (t->url.https) {
		http_get_page_fail(t, defer_failure_new(&http_tls,
		    "no TLS library: https is not supported yet"));
		return;
	}
	r->method = t->options.head ? "HEAD" : "GET";
	r->method_len = strlen(r->method);
	r->url = &t->url;
	r->fields = c->fields;
	r->field_count = t->strayed ? c->public_fields :
	    c->options.field_count;
	err = http_pool_submit(t->client, &t->exchange);
	if (err < 0)
		http_get_page_fail(t, http_failure_of(err, "request"));
}

/* A redirect that is to be followed: notes where to. */
static enum http_sink_answer
http_get_page_redirect(struct http_get_page *t, const struct http_head *h)
{
	int err;

	if (t->redirects == t->options.max_redirects) {
		t->verdict = defer_failure_new(&http_too_many_redirects,
		    "more than %u redirects", t->redirects);
		return HTTP_SINK_ENOUGH;
	}
	err = http_url_parse(&t->next, http_head_text(h, h->location),
	    h->location.len, &t->url);
	if (err < 0)
		t->verdict = http_failure_of(err, "redirect");
	return HTTP_SINK_ENOUGH;
}

static bool
http_get_page_is_redirect(const struct http_get_page *t,
    const struct http_head *h)
{
	return !t->options.no_redirects && h->location.len > 0 &&
	    (h->status == 301 || h->status == 302 || h->status == 303 ||
	    h->status == 307 || h->status == 308);
}

/* The failure of a status; the page tells the rest. */
static const struct defer_failure *
http_get_page_bad_status(const struct http_head *h, struct http_page *page)
{
	const char *reason = http_head_text(h, h->reason);
	int len = h->reason.len < 100 ? (int)h->reason.len : 100;
	const struct defer_failure *f = defer_failure_new(&http_bad_status,
	    "%d %.*s", h->status, len, reason != NULL ? reason : "");

	f = defer_failure_set_code(f, h->status);
	return defer_failure_set_detail(
	    f, defer_result_value(&http_page_type, page));
}

/* The final head: makes the page, and shows it to the sink. */
static enum http_sink_answer
http_get_page_head(struct http_exchange *e, const struct http_head *h)
{
	struct http_get_page *t = http_get_page_of(e);
	struct http_page *page;
	int err;

	if (http_get_page_is_redirect(t, h))
		return http_get_page_redirect(t, h);
	page = http_page_new(h, t->options.keep_head);
	if (page == NULL) {
		t->verdict = &defer_failure_no_memory;
		return HTTP_SINK_ENOUGH;
	}
	page->url = t->url;
	t->url.href = NULL;
	page->redirects = t->redirects;
	if (!t->options.any_status && (h->status < 200 || h->status > 299)) {
		t->verdict = http_get_page_bad_status(h, page);
		return HTTP_SINK_ENOUGH;
	}
	t->content.page = page;
	/* What the answer to HEAD says of its content is another's. */
	err = t->options.head ? 0 : http_content_begin(&t->content, h);
	if (err < 0) {
		t->verdict = http_failure_of(err, "body");
		return HTTP_SINK_ENOUGH;
	}
	return http_content_show(&t->content);
}

static enum http_sink_answer
http_get_page_data(struct http_exchange *e, const char *at, size_t len)
{
	struct http_get_page *t = http_get_page_of(e);
	int answer = http_content_take(&t->content, at, len);

	if (answer == HTTP_SINK_CONTINUE)
		return HTTP_SINK_CONTINUE;
	if (answer < 0)
		t->verdict = http_failure_of(answer, "body");
	t->enough = true;
	return HTTP_SINK_ENOUGH;
}

/* Goes on at the address that the redirect named. */
static void
http_get_page_follow(struct http_get_page *t)
{
	if (!http_url_same_origin(&t->url, &t->next))
		t->strayed = true;
	http_url_free(&t->url);
	t->url = t->next;
	t->next.href = NULL;
	t->redirects++;
	http_get_page_go(t);
}

static void
http_get_page_done(struct http_exchange *e, const struct defer_failure *f)
{
	struct http_get_page *t = http_get_page_of(e);
	struct http_page *page = t->content.page;
	int err;

	if (f == NULL && t->verdict == NULL && page != NULL && !t->enough) {
		err = http_content_end(&t->content);
		if (err < 0)
			t->verdict = http_failure_of(err, "body");
	}
	if (f == NULL) {
		f = t->verdict;
		t->verdict = NULL;
	}
	if (f != NULL) {
		http_get_page_fail(t, f);
	} else if (page == NULL) {
		http_get_page_follow(t);
	} else {
		t->content.page = NULL;
		http_get_page_finish(
		    t, defer_result_value(&http_page_type, page));
	}
}

static const struct http_exchange_ops http_get_page_ops = {
	.head = http_get_page_head,
	.data = http_get_page_data,
	.done = http_get_page_done,
};

/* ---- the beginning ---- */

static struct http_get_options
http_get_page_options(const struct http_get_options *given)
{
	struct http_get_options o = {0};

	if (given != NULL)
		o = *given;
	if (o.timeout_ns == 0)
		o.timeout_ns = http_get_page_timeout_ns;
	if (o.max_body == 0)
		o.max_body = HTTP_GET_PAGE_BODY;
	if (o.max_redirects == 0)
		o.max_redirects = HTTP_GET_PAGE_REDIRECTS;
	return o;
}

struct deferred *
http_get_page(struct http_client *client, const char *url, size_t len,
    const struct http_get_options *options)
{
	struct http_get_page *t = malloc(sizeof(*t));
	struct deferred *d;
	int err;

	if (t == NULL)
		return NULL;
	*t = (struct http_get_page){
		.exchange.ops = &http_get_page_ops, .client = client,
		.options = http_get_page_options(options),
	};
	t->exchange.timeout_ns = t->options.timeout_ns;
	t->content.sink = t->options.sink;
	t->content.limit = t->options.max_body;
	d = &t->deferred;
	deferred_init(d, http_get_page_cancel, t, http_get_page_destroy);
	deferred_ref(d);
	err = http_url_parse(&t->url, url, len, NULL);
	if (err < 0)
		http_get_page_fail(t, http_failure_of(err, "URL"));
	else
		http_get_page_go(t);
	return d;
}
