/*
 * get_page.c - from a URL to a page: exchange after exchange until one is
 * not a redirect, under one deadline.
 *
 * A transfer is the state of this, and the deferred lies within it: one
 * allocation.  It has one reference to itself as long as it works; every way
 * it can end goes through http_get_page_finish or the canceller.
 *
 * A page and its texts are two allocations: one for the page with all that
 * its head says, one for the body, when there is any.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "get_page.h"

#include "../defer/control.h"
#include "../defer/failure_detail.h"
#include "connection.h"
#include "content.h"
#include "date.h"
#include "hop.h"
#include "http_failure.h"
#include "journal.h"

#include <errno.h>
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
	struct http_client *client;
	struct http_get_options options;	/* defaults filled in */
	struct http_url url, next;	/* of the exchange; of a redirect */
	struct http_hop hop;		/* what the exchange asks for */
	struct http_cookie_jar cookies;	/* if no other jar is given */
	unsigned redirects;
	struct http_page *page;		/* NULL before the final head */
	struct http_content content;	/* of the page, on its way */
	bool telling;			/* a function of the sink is running */
	bool given_up;			/* in which it cancelled its page */
	bool wanting;			/* a sink has begun and wants more */
	const struct defer_failure *verdict;	/* why it fails, once known */
	struct deferred *waiting;	/* the gate's, or NULL */
	uint64_t asked_ns;		/* since when */
	struct http_get_page_entry {	/* the journal's, of the exchange */
		uint64_t begun_ns;	/* 0: none is under way */
		struct http_timings before;	/* all earlier ones */
		int status;
		char type[HTTP_JOURNAL_TYPE];
	} entry;
};

/* ---- pages ---- */

/*
 * What time it is by the server's own clock, the Date field (RFC 9110, section
 * 6.6.1), in seconds since 1970; or -1.  Dates in other fields are understood
 * by it: ours may be wrong.
 */
static int64_t
http_page_date(const struct http_head *h)
{
	struct http_head_field date;

	return http_head_find(h, "date", 4, &date) ?
	    http_date_parse(date.value, date.value_len) : -1;
}

/* What Retry-After asks for. */
static int64_t
http_page_retry_after(const struct http_head *h)
{
	const char *at = http_head_text(h, h->retry_after);
	int64_t now;

	if (at == NULL)
		return -1;
	now = http_page_date(h);
	return http_date_retry_after(at, h->retry_after.len,
	    now >= 0 ? now : INT64_MAX);
}

/* Copies a text with a NUL to *at, which moves behind it. */
static const char *
http_page_keep(char **at, const char *text, size_t len)
{
	char *copy = *at;

	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	*at += len + 1;
	return copy;
}

/*
 * A page of a complete head, without body; the texts are copied, those of
 * the whole head only with keep_head.  NULL without memory.
 */
static struct http_page *
http_page_new(const struct http_head *h, bool keep_head, const char *address)
{
	size_t head_len = keep_head ? h->len : 0;
	size_t type_len = h->content_type.len;
	size_t address_len = strlen(address);
	struct http_page *p = malloc(sizeof(*p) + head_len + type_len +
	    address_len + 4);
	char *at;

	if (p == NULL)
		return NULL;
	*p = (struct http_page){
		.status = h->status, .content_type_len = type_len,
		.head_len = head_len,
		.retry_after_s = http_page_retry_after(h),
	};
	at = (char *)(p + 1);
	p->content_type = http_page_keep(&at,
	    http_head_text(h, h->content_type), type_len);
	p->head = http_page_keep(&at,
	    http_head_text(h, (struct http_head_slice){0, h->len}), head_len);
	p->address = http_page_keep(&at, address, address_len);
	p->body = at;
	*at = '\0';
	return p;
}

/* Adds to the body: 0 or -ENOMEM. */
static int
http_page_append(struct http_page *p, const char *at, size_t len)
{
	size_t need = p->body_len + len + 1;
	size_t room = need > 2 * p->room ? need : 2 * p->room;
	char *fresh;

	if (need <= len || need > SIZE_MAX / 2)
		return -ENOMEM;
	if (need > p->room) {
		fresh = realloc(p->room > 0 ? p->body : NULL, room);
		if (fresh == NULL)
			return -ENOMEM;
		p->body = fresh;
		p->room = room;
	}
	memcpy(p->body + p->body_len, at, len);
	p->body_len += len;
	p->body[p->body_len] = '\0';
	return 0;
}

void
http_page_free(struct http_page *p)
{
	if (p == NULL)
		return;
	http_url_free(&p->url);
	if (p->room > 0)
		free(p->body);
	free(p);
}

static void
http_page_destroy(void *value)
{
	http_page_free(value);
}

const struct defer_result_type http_page_type = {
	.name = "page", .destroy = http_page_destroy,
};

/* ---- the journal ---- */

/* An exchange is about to begin. */
static void
http_get_page_begin_entry(struct http_get_page *t)
{
	if (t->options.journal != NULL)
		t->entry = (struct http_get_page_entry){
			.begun_ns = http_client_now_ns(t->client),
			.before = t->exchange.timings,
		};
}

/* Its answer has come. */
static void
http_get_page_fill_entry(struct http_get_page *t, const struct http_head *h)
{
	size_t len = h->content_type.len < HTTP_JOURNAL_TYPE ?
	    h->content_type.len : HTTP_JOURNAL_TYPE - 1;

	if (t->options.journal == NULL)
		return;
	t->entry.status = h->status;
	if (len > 0)
		memcpy(t->entry.type, http_head_text(h, h->content_type), len);
}

static struct http_journal_place
http_get_page_place(const struct http_url *u)
{
	struct http_journal_place p = { .https = u->https };

	p.authority = http_url_authority(u, &p.authority_len);
	p.target = http_url_target(u, &p.target_len);
	return p;
}

/* What the exchange has taken of its own. */
static struct http_timings
http_get_page_timings(const struct http_get_page *t)
{
	const struct http_timings *all = &t->exchange.timings;
	const struct http_timings *before = &t->entry.before;

	return (struct http_timings){
		.name_ns = all->name_ns - before->name_ns,
		.connect_ns = all->connect_ns - before->connect_ns,
		.tls_ns = all->tls_ns - before->tls_ns,
		.wait_ns = all->wait_ns - before->wait_ns,
		.receive_ns = all->receive_ns - before->receive_ns,
	};
}

/* The exchange, if one was under way, is over; f says why, or is NULL. */
static void
http_get_page_tell(struct http_get_page *t, const struct defer_failure *f)
{
	const struct http_exchange *e = &t->exchange;
	struct http_journal *journal = t->options.journal;

	if (journal == NULL || t->entry.begun_ns == 0)
		return;
	journal->told(journal, &(struct http_journal_entry){
		.place = http_get_page_place(e->url),
		.method = e->method,
		.status = t->entry.status,
		.content_type = t->entry.type,
		.address = e->address,
		.connection = e->number,
		.reused = e->reused,
		.bytes = t->content.bytes,
		.begun_ns = t->entry.begun_ns,
		.ended_ns = http_client_now_ns(t->client),
		.timings = http_get_page_timings(t),
		.failure = f != NULL && !defer_failure_is(f, &http_bad_status) ?
		    f->message : NULL,
	});
	t->entry.begun_ns = 0;
}

/* ---- ends ---- */

/* Frees all but the transfer itself. */
static void
http_get_page_clear(struct http_get_page *t)
{
	if (t->options.progress != NULL)
		t->options.progress->exchange = NULL;
	http_content_free(&t->content);
	http_page_free(t->page);
	defer_failure_release(t->verdict);
	http_url_free(&t->url);
	http_url_free(&t->next);
	http_hop_clear(&t->hop);
	http_cookie_jar_clear(&t->cookies);
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
	free(reactor_container_of(d, struct http_get_page, deferred));
}

/* Waits at its gate no more; false if it does not wait. */
static bool
http_get_page_leave_gate(struct http_get_page *t)
{
	struct deferred *d = t->waiting;

	t->waiting = NULL;
	if (d == NULL)
		return false;
	deferred_cancel(d);
	deferred_release(d);
	return true;
}

/*
 * The deferred was cancelled, and fails when this returns; but if its own
 * sink did that, when the sink has returned.
 */
static enum deferred_cancelling
http_get_page_cancel(void *ctx, struct deferred *d)
{
	struct http_get_page *t = ctx;

	if (t->telling) {
		if (t->options.progress != NULL)
			t->options.progress->exchange = NULL;
		t->options.progress = NULL;
		t->given_up = true;
		t->verdict = &deferred_was_cancelled;
		return DEFERRED_STOPPING;
	}
	if (!http_get_page_leave_gate(t))
		http_client_cancel(&t->exchange);
	http_get_page_tell(t, &deferred_was_cancelled);
	http_get_page_clear(t);
	deferred_release(d);
	return DEFERRED_STOPPED;
}

/* ---- how far it has come ---- */

/* Tells it whoever wants to know; `h` is the head that came, or NULL. */
static void
http_get_page_note(const struct http_get_page *t, const struct http_head *h)
{
	struct http_get_progress *p = t->options.progress;

	if (p == NULL)
		return;
	if (h != NULL) {
		p->status = h->status;
		p->answers++;
	}
	p->redirects = t->redirects;
	p->bytes = t->content.bytes;
}

const char *
http_get_progress_phase(const struct http_get_progress *p)
{
	const struct http_get_page *t;

	if (p->exchange == NULL)
		return NULL;
	t = reactor_container_of(
	    p->exchange, const struct http_get_page, exchange);
	return t->waiting != NULL ? "waiting for its turn" :
	    http_exchange_phase(p->exchange);
}

/* ---- an exchange: the request ---- */

/* The time for cookies: any clock that goes evenly will do. */
static int64_t
http_get_page_now(const struct http_get_page *t)
{
	return (int64_t)(http_client_now_ns(t->client) / 1000000000);
}

/* Settles what the request for t->url says: 0 or -ENOMEM. */
static int
http_get_page_prepare(struct http_get_page *t)
{
	struct http_exchange *e = &t->exchange;
	struct http_hop *hop = &t->hop;
	int error = http_hop_prepare(hop, &t->url,
	    http_client_proxy(t->client, &t->url), http_get_page_now(t));

	e->method = hop->method;
	e->extra = hop->extra;
	e->extra_count = hop->extra_count;
	e->has_body = hop->has_body;
	e->body = hop->body;
	e->body_len = hop->body_len;
	e->once = !http_hop_is_repeatable(hop);
	e->strayed = hop->strayed;
	return error;
}

/* Sends the request for t->url; the transfer may end in this. */
static void
http_get_page_send(struct http_get_page *t)
{
	const struct defer_failure *f = &defer_failure_no_memory;

	http_get_page_begin_entry(t);
	if (http_get_page_prepare(t) == 0)
		f = http_client_submit(t->client, &t->exchange);
	if (f != NULL)
		http_get_page_fail(t, f);
}

/* The gate has opened, or says why not; or the page is cancelled. */
static struct defer_result
http_get_page_admitted(void *ctx, struct defer_result in)
{
	struct http_get_page *t = ctx;
	struct deferred *d = t->waiting;
	uint64_t waited;

	if (d == NULL) {
		defer_result_destroy(in);
		return defer_result_none();
	}
	t->waiting = NULL;
	waited = http_client_now_ns(t->client) - t->asked_ns;
	t->options.gate->waited_ns += waited;
	if (t->exchange.deadline_ns != 0 &&
	    t->exchange.deadline_ns < UINT64_MAX - waited)
		t->exchange.deadline_ns += waited;
	if (defer_result_get_failure(in) != NULL) {
		http_get_page_finish(t, in);
	} else {
		defer_result_destroy(in);
		http_get_page_send(t);
	}
	deferred_release(d);
	return defer_result_none();
}

/* Sends the request when the gate lets it; the transfer may end in this. */
static void
http_get_page_go(struct http_get_page *t)
{
	struct http_gate *gate = t->options.gate;
	struct deferred *d;

	if (gate == NULL || (gate->is_open != NULL &&
	    gate->is_open(gate, &t->url))) {
		http_get_page_send(t);
		return;
	}
	t->asked_ns = http_client_now_ns(t->client);
	d = gate->ask(gate, &t->url);
	if (d == NULL) {
		http_get_page_fail(t, NULL);
		return;
	}
	t->waiting = d;
	/* Cannot fail: a deferred has room for its first two pairs. */
	(void)deferred_add_both(d, http_get_page_admitted, t);
}

/* ---- an exchange: the head of the response ---- */

static bool
http_get_page_is_redirect(const struct http_get_page *t,
    const struct http_head *h)
{
	return !t->options.no_redirects && h->location.len > 0 &&
	    (h->status == 301 || h->status == 302 || h->status == 303 ||
	    h->status == 307 || h->status == 308);
}

/* Notes where a redirect leads, or why it is not followed. */
static void
http_get_page_redirect(struct http_get_page *t, const struct http_head *h)
{
	int error;

	if (t->redirects >= t->options.max_redirects) {
		t->verdict = defer_failure_new(&http_too_many_redirects,
		    "more than %u redirects", t->redirects);
		return;
	}
	error = http_url_parse(&t->next, http_head_text(h, h->location),
	    h->location.len, &t->url);
	if (error == 0)
		error = http_url_inherit_fragment(&t->next, &t->url);
	if (error == 0)
		http_hop_redirect(&t->hop, h->status, &t->url, &t->next);
	else
		t->verdict = http_failure_of(error, "redirect");
}

/* The failure of a status; the page tells the rest. */
static const struct defer_failure *
http_get_page_bad_status(const struct http_head *h, struct http_page *page)
{
	const char *reason = http_head_text(h, h->reason);
	int len = h->reason.len < 100 ? (int)h->reason.len : 100;
	const struct defer_failure *f = defer_failure_new(&http_bad_status,
	    "%s%d %.*s", h->status == 407 ? "proxy: " : "", h->status, len,
	    reason != NULL ? reason : "");

	f = defer_failure_set_code(f, h->status);
	return defer_failure_set_detail(
	    f, defer_result_value(&http_page_type, page));
}

/* Prepares for the content of t->page: 0, or why it is not wanted. */
static int
http_get_page_begin(struct http_get_page *t, const struct http_head *h)
{
	const char *method = t->exchange.method;
	enum http_body_framing framing = http_head_framing(h, method,
	    strlen(method));

	/* What a head says of content that does not come does not matter. */
	if (framing == HTTP_BODY_NONE ||
	    (framing == HTTP_BODY_LENGTH && h->content_length == 0))
		return 0;
	/* A sink may have enough before the limit. */
	if (t->options.sink == NULL && h->coding == HTTP_HEAD_IDENTITY &&
	    framing == HTTP_BODY_LENGTH &&
	    h->content_length > t->options.max_body)
		return -EMSGSIZE;
	return http_content_begin(&t->content, h, t->options.max_body);
}

/* What the sink said, unless it cancelled its page meanwhile. */
static enum http_sink_answer
http_get_page_told(struct http_get_page *t, enum http_sink_answer answer)
{
	t->telling = false;
	t->wanting = answer == HTTP_SINK_CONTINUE && !t->given_up;
	return t->wanting ? HTTP_SINK_CONTINUE : HTTP_SINK_ENOUGH;
}

/* The final head: makes the page, and shows it to the sink. */
static enum http_sink_answer
http_get_page_final(struct http_get_page *t, const struct http_head *h)
{
	struct http_page *page = http_page_new(h, t->options.keep_head,
	    t->exchange.address);
	struct http_sink *sink = t->options.sink;
	int error;

	if (page == NULL) {
		t->verdict = &defer_failure_no_memory;
		return HTTP_SINK_ENOUGH;
	}
	page->url = t->url;
	t->url.href = NULL;
	t->exchange.url = &page->url;
	page->redirects = t->redirects;
	page->strayed = t->hop.strayed;
	page->timings = t->exchange.timings;
	page->reused = t->exchange.reused;
	if (!t->options.any_status && (h->status < 200 || h->status > 299)) {
		t->verdict = http_get_page_bad_status(h, page);
		/* Without memory the page is gone, and its URL with it. */
		if (!defer_failure_is(t->verdict, &http_bad_status))
			t->entry.begun_ns = 0;
		return HTTP_SINK_ENOUGH;
	}
	t->page = page;
	error = http_get_page_begin(t, h);
	if (error < 0) {
		t->verdict = http_failure_of(error, "body");
		return HTTP_SINK_ENOUGH;
	}
	if (sink == NULL)
		return HTTP_SINK_CONTINUE;
	t->telling = true;
	return http_get_page_told(t, sink->ops->begin(sink, page));
}

/* Puts the cookies of an answer into the jar: 0 or -ENOMEM. */
static int
http_get_page_take_cookies(struct http_get_page *t, const struct http_head *h)
{
	int64_t now = http_get_page_now(t), date = -1;
	struct http_head_field f;
	size_t cursor = 0;
	bool dated = false;
	int error = 0;

	while (error == 0 &&
	    http_head_find_next(h, &cursor, "set-cookie", 10, &f)) {
		if (!dated)
			date = http_page_date(h);
		dated = true;
		error = http_cookie_take(t->hop.jar, &t->url, f.value,
		    f.value_len, now, date);
	}
	return error;
}

static enum http_sink_answer
http_get_page_head(struct http_exchange *e, const struct http_head *h)
{
	struct http_get_page *t = reactor_container_of(
	    e, struct http_get_page, exchange);

	http_get_page_note(t, h);
	http_get_page_fill_entry(t, h);
	if (http_get_page_take_cookies(t, h) < 0) {
		t->verdict = &defer_failure_no_memory;
		return HTTP_SINK_ENOUGH;
	}
	if (!http_get_page_is_redirect(t, h))
		return http_get_page_final(t, h);
	http_get_page_redirect(t, h);
	return HTTP_SINK_ENOUGH;
}

/* ---- an exchange: the content of the response ---- */

/* A piece of decoded content: for the sink, or for the page's body. */
static enum http_sink_answer
http_get_page_take(struct http_get_page *t, const char *at, size_t len)
{
	struct http_sink *sink = t->options.sink;

	if (sink != NULL) {
		t->telling = true;
		return http_get_page_told(t, sink->ops->data(sink, at, len));
	}
	if (http_page_append(t->page, at, len) == 0)
		return HTTP_SINK_CONTINUE;
	t->verdict = &defer_failure_no_memory;
	return HTTP_SINK_ENOUGH;
}

static enum http_sink_answer
http_get_page_data(struct http_exchange *e, const char *at, size_t len)
{
	struct http_get_page *t = reactor_container_of(
	    e, struct http_get_page, exchange);
	enum http_sink_answer answer = HTTP_SINK_CONTINUE;
	const char *piece;
	size_t piece_len;
	int event = HTTP_CONTENT_DATA;

	while (event == HTTP_CONTENT_DATA && answer == HTTP_SINK_CONTINUE) {
		event = http_content_next(&t->content, &at, &len, &piece,
		    &piece_len);
		if (event == HTTP_CONTENT_DATA)
			answer = http_get_page_take(t, piece, piece_len);
	}
	http_get_page_note(t, NULL);
	if (event == HTTP_CONTENT_MORE)
		return HTTP_SINK_CONTINUE;
	if (event < 0)
		t->verdict = http_failure_of(event, "body");
	return HTTP_SINK_ENOUGH;
}

/* ---- an exchange: its end ---- */

/* Goes on at the address that the redirect named. */
static void
http_get_page_follow(struct http_get_page *t)
{
	http_url_free(&t->url);
	t->url = t->next;
	t->next.href = NULL;
	t->redirects++;
	http_get_page_note(t, NULL);
	http_get_page_go(t);
}

/* The page is complete. */
static void
http_get_page_succeed(struct http_get_page *t)
{
	struct http_page *page = t->page;

	page->bytes = t->content.bytes;
	page->damaged = t->content.damaged;
	page->timings = t->exchange.timings;
	t->page = NULL;
	http_get_page_finish(t, defer_result_value(&http_page_type, page));
}

/* Why the page is not complete, or NULL.  Takes what the exchange says. */
static const struct defer_failure *
http_get_page_verdict(struct http_get_page *t, const struct defer_failure *f)
{
	int error = 0;

	if (f == NULL && t->verdict != NULL) {
		f = t->verdict;
		t->verdict = NULL;
	} else if (f == NULL && t->page != NULL &&
	    (t->wanting || t->options.sink == NULL)) {
		error = http_content_end(&t->content);
	}
	return error < 0 ? http_failure_of(error, "body") : f;
}

/*
 * The content breaks off while its sink wants more of it: so it is told, and
 * may do with what it has seen.  Returns why the page fails, or NULL.
 */
static const struct defer_failure *
http_get_page_cut(struct http_get_page *t, const struct defer_failure *f)
{
	struct http_sink *sink = t->options.sink;
	enum http_sink_answer answer;

	if (!t->wanting || sink->ops->cut == NULL ||
	    !defer_failure_is(f, &http_failure))
		return f;
	t->telling = true;
	answer = http_get_page_told(t, sink->ops->cut(sink));
	if (answer == HTTP_SINK_CONTINUE)
		return f;
	defer_failure_release(f);
	f = t->verdict;			/* if the sink cancelled its page */
	t->verdict = NULL;
	return f;
}

static void
http_get_page_done(struct http_exchange *e, const struct defer_failure *f)
{
	struct http_get_page *t = reactor_container_of(
	    e, struct http_get_page, exchange);

	if (e->first_ns != 0)
		e->timings.receive_ns += http_client_now_ns(t->client) -
		    e->first_ns;
	f = http_get_page_verdict(t, f);
	http_get_page_tell(t, f);
	if (f != NULL)
		f = http_get_page_cut(t, f);
	if (f != NULL)
		http_get_page_fail(t, f);
	else if (t->page == NULL)
		http_get_page_follow(t);
	else
		http_get_page_succeed(t);
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
	if (o.method == NULL)
		o.method = o.head ? "HEAD" : o.body != NULL ? "POST" : "GET";
	if (o.content_type == NULL)
		o.content_type = "application/x-www-form-urlencoded";
	return o;
}

/* Prepares the chain that begins at t->url: 0 or -ENOMEM. */
static int
http_get_page_begin_chain(struct http_get_page *t)
{
	const struct http_get_options *o = &t->options;
	struct http_hop *hop = &t->hop;

	*hop = (struct http_hop){
		.method = o->method,
		.body = o->body, .body_len = o->body_len,
		.content_type = o->content_type,
		.jar = o->cookies != NULL ? o->cookies : &t->cookies,
		.strayed = o->no_secrets,
	};
	hop->fields = http_client_fields(
	    t->client, &hop->field_count, &hop->secret_count);
	return http_hop_begin(hop, &t->url);
}

struct deferred *
http_get_page(struct http_client *client, const char *url, size_t len,
    const struct http_get_options *options)
{
	struct http_get_page *t = malloc(sizeof(*t));
	struct deferred *d;
	int error;

	if (t == NULL)
		return NULL;
	*t = (struct http_get_page){
		.exchange.ops = &http_get_page_ops, .client = client,
		.options = http_get_page_options(options),
	};
	if (t->options.progress != NULL)
		*t->options.progress = (struct http_get_progress){
			.redirects = t->options.redirected,
			.exchange = &t->exchange,
		};
	t->redirects = t->options.redirected;
	t->exchange.url = &t->url;
	t->exchange.timeout_ns = t->options.timeout_ns;
	d = &t->deferred;
	deferred_init(d, http_get_page_cancel, t, http_get_page_destroy);
	deferred_ref(d);
	error = http_url_parse(&t->url, url, len, NULL);
	if (error == 0)
		error = http_get_page_begin_chain(t);
	if (error < 0)
		http_get_page_fail(t, http_failure_of(error, NULL));
	else
		http_get_page_go(t);
	return d;
}
