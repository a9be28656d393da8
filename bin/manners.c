/*
 * manners.c - a queue for each host.
 *
 * manners_go_on is the function to read: it gives out as many turns as may be
 * now, and sees to it that it is called when there are more.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "manners.h"

#include <stdlib.h>
#include <string.h>

#include "../defer/control.h"
#include "../defer/failure_detail.h"
#include "../http/get_page.h"
#include "../http/http_failure.h"
#include "category.h"
#include "digest.h"
#include "robots.h"

/* The longest that a host is on hold, in ns. */
static const uint64_t manners_longest_hold_ns = 60000000000;

/* How long rules are believed (RFC 9309, section 2.4), and a status 5xx. */
static const uint64_t manners_believed_ns = UINT64_C(86400000000000);
static const uint64_t manners_forbidden_ns = 60000000000;

/* Redirects on the way to robots.txt (section 2.3.1.2). */
enum { MANNERS_REDIRECTS = 5 };

/* What is known of a host's robots.txt. */
enum manners_state {
	MANNERS_UNKNOWN,
	MANNERS_ASKED,
	MANNERS_KNOWN
};

struct manners_host {
	struct manners_host *next;	/* in its bucket */
	struct reactor_list age;
	struct reactor_list parked;	/* its place among those */
	struct manners *manners;
	struct reactor_list begun, turns;	/* all in `begun` come first */
	unsigned visitors;		/* under way, if they are counted */
	struct reactor_timer timer;	/* for the next turn */
	uint64_t free_ns;		/* when that may be; 0: at any time */
	bool going_on;

	enum manners_state state;
	uint64_t expires_ns;		/* what is known */
	struct robots rules;
	int forbidding;			/* the status 5xx, or 0 */
	struct http_sink sink;		/* asked: the file on its way */
	struct robots_reader *reader;
	struct deferred *asked;

	size_t len;
	char origin[];			/* "https://example.org:8443" */
};

/* A page that waits.  The queue has a reference. */
struct manners_turn {
	struct deferred deferred;
	struct reactor_list link;
	const struct http_url *url;
	struct manners_visitor *visitor;
	struct manners *manners;	/* whose queue it is */
	bool first;			/* turn of the visitor */
};

/* ---- hosts ---- */

/* The URL without path; user and password are left out. */
static size_t
manners_origin(const struct http_url *u, char *to)
{
	const char *scheme = u->https ? "https://" : "http://";
	size_t scheme_len = strlen(scheme), len;
	const char *authority = http_url_authority(u, &len);

	memcpy(to, scheme, scheme_len);
	memcpy(to + scheme_len, authority, len);
	return scheme_len + len;
}

static struct manners_host **
manners_bucket(struct manners *m, const char *origin, size_t len)
{
	uint64_t hash = digest_end(digest_add(DIGEST_BEGIN, origin, len));

	return &m->buckets[hash % MANNERS_BUCKETS];
}

static void
manners_forget_rules(struct manners_host *h)
{
	h->manners->rules -= h->rules.len;
	robots_free(&h->rules);
	h->forbidding = 0;
	h->state = MANNERS_UNKNOWN;
}

static void
manners_free_host(struct manners_host *h)
{
	struct manners_host **at =
	    manners_bucket(h->manners, h->origin, h->len);

	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	reactor_list_remove(&h->age);
	reactor_list_remove(&h->parked);
	reactor_cancel_timer(&h->timer);
	manners_forget_rules(h);
	h->manners->hosts--;
	free(h);
}

/* Whether nothing would be missed of a host but what is known of it. */
static bool
manners_is_idle(const struct manners_host *h)
{
	return !h->going_on && h->state != MANNERS_ASKED &&
	    h->visitors == 0 && reactor_list_is_empty(&h->begun) &&
	    reactor_list_is_empty(&h->turns);
}

/* Forgets what was used longest ago, until there is room for one more. */
static void
manners_forget_old(struct manners *m)
{
	struct reactor_list *l = m->ages.next, *next;

	for (; l != &m->ages && (m->hosts >= MANNERS_HOSTS ||
	    m->rules > MANNERS_RULES); l = next) {
		struct manners_host *h = reactor_container_of(
		    l, struct manners_host, age);

		next = l->next;
		if (manners_is_idle(h))
			manners_free_host(h);
	}
}

static struct manners_host *
manners_find(struct manners *m, const char *origin, size_t len)
{
	struct manners_host *h = *manners_bucket(m, origin, len);

	while (h != NULL && (h->len != len ||
	    memcmp(h->origin, origin, len) != 0))
		h = h->next;
	return h;
}

static struct manners_host *
manners_add(struct manners *m, const char *origin, size_t len)
{
	struct manners_host *h = calloc(1, sizeof(*h) + len);
	struct manners_host **bucket = manners_bucket(m, origin, len);

	if (h == NULL)
		return NULL;
	if (m->ages.next == NULL) {
		reactor_list_init(&m->ages);
		reactor_list_init(&m->parked);
	}
	manners_forget_old(m);
	h->manners = m;
	h->len = len;
	memcpy(h->origin, origin, len);
	reactor_list_init(&h->begun);
	reactor_list_init(&h->turns);
	h->next = *bucket;
	*bucket = h;
	reactor_list_append(&m->ages, &h->age);
	m->hosts++;
	return h;
}

/* The host of a URL, now the youngest; `make` it if it is not there. */
static struct manners_host *
manners_host_of(struct manners *m, const struct http_url *u, bool make)
{
	char origin[HTTP_URL_HOST_MAX + 32];
	struct manners_host *h;
	size_t len;

	if (!make && m->hosts == 0)
		return NULL;
	len = manners_origin(u, origin);
	h = manners_find(m, origin, len);
	if (h == NULL)
		return make ? manners_add(m, origin, len) : NULL;
	reactor_list_remove(&h->age);
	reactor_list_append(&m->ages, &h->age);
	return h;
}

/* ---- turns ---- */

/* A page leaves the queue. */
static void
manners_take_out(struct manners_turn *t)
{
	reactor_list_remove(&t->link);
	t->manners->first_turns -= t->first;
}

static enum deferred_cancelling
manners_cancel(void *ctx, struct deferred *d)
{
	manners_take_out(ctx);
	deferred_release(d);		/* the queue's reference */
	return DEFERRED_STOPPED;
}

static void
manners_destroy(struct deferred *d)
{
	free(reactor_container_of(d, struct manners_turn, deferred));
}

static struct manners_turn *
manners_turn_new(struct manners *m, struct manners_visitor *v,
    const struct http_url *u)
{
	struct manners_turn *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->url = u;
	t->visitor = v;
	t->manners = m;
	t->first = !v->begun;
	deferred_init(&t->deferred, manners_cancel, t, manners_destroy);
	return t;
}

/* Ends the wait of a page: it may be asked for, or not. */
static void
manners_give(struct manners_turn *t, struct defer_result r)
{
	manners_take_out(t);
	(void)deferred_fire(&t->deferred, r);
	deferred_release(&t->deferred);
}

/* Whose turn is next; NULL: nobody's. */
static struct manners_turn *
manners_first(const struct manners_host *h)
{
	const struct reactor_list *list = !h->manners->closing &&
	    reactor_list_is_empty(&h->begun) ? &h->turns : &h->begun;

	return reactor_list_is_empty(list) ? NULL :
	    reactor_container_of(list->next, struct manners_turn, link);
}

/* A page of the host is under way. */
static void
manners_begin(struct manners_host *h, struct manners_visitor *v)
{
	v->begun = true;
	if (h->manners->per_host > 0) {
		v->host = h;
		h->visitors++;
	}
	if (v->begins != NULL)
		v->begins(v);
}

/* Whether there is room for what waits at a host; if not, it is parked. */
static bool
manners_has_room(struct manners_host *h)
{
	struct manners *m = h->manners;

	if (m->has_room == NULL || m->has_room(m))
		return true;
	reactor_list_remove(&h->parked);
	reactor_list_append(&m->parked, &h->parked);
	return false;
}

/* ---- robots.txt ---- */

/* The pause between two turns. */
static uint64_t
manners_pause(const struct manners_host *h)
{
	uint64_t ns = h->manners->delay_ns;

	return h->rules.delay_ns > ns ? h->rules.delay_ns : ns;
}

static void manners_go_on(struct manners_host *);

static enum http_sink_answer
manners_sink_begin(struct http_sink *s, const struct http_page *page)
{
	(void)s;
	return page->status >= 200 && page->status < 300 ?
	    HTTP_SINK_CONTINUE : HTTP_SINK_ENOUGH;
}

static enum http_sink_answer
manners_sink_data(struct http_sink *s, const char *at, size_t len)
{
	struct manners_host *h = reactor_container_of(
	    s, struct manners_host, sink);

	return robots_feed(h->reader, at, len) ? HTTP_SINK_CONTINUE :
	    HTTP_SINK_ENOUGH;
}

static const struct http_sink_ops manners_sink_ops = {
	.begin = manners_sink_begin,
	.data = manners_sink_data,
};

/* All that wait fail, in the words of one failure, which is borrowed. */
static void
manners_fail(struct manners_host *h, const struct defer_failure *f)
{
	struct reactor_list failing;
	struct manners_turn *t;

	/* Those that come meanwhile try once more. */
	reactor_list_init(&failing);
	while ((t = manners_first(h)) != NULL) {
		reactor_list_remove(&t->link);
		reactor_list_append(&failing, &t->link);
	}
	while (!reactor_list_is_empty(&failing))
		manners_give(reactor_container_of(failing.next,
		    struct manners_turn, link),
		    defer_result_failure(defer_failure_set_code(
		    defer_failure_new(f->kind, "robots.txt: %s", f->message),
		    f->code)));
}

/*
 * What a final answer means (section 2.3.1): rules; 5xx forbids everything;
 * anything else allows it.  0 or -ENOMEM.
 */
static int
manners_learn(struct manners_host *h, int status)
{
	bool forbidding = status >= 500;
	int error = robots_end(h->reader, &h->rules);

	uint64_t now = reactor_now_ns(h->manners->reactor);

	h->manners->rules += h->rules.len;
	h->free_ns = now + manners_pause(h);
	h->forbidding = forbidding ? status : 0;
	h->state = error == 0 ? MANNERS_KNOWN : MANNERS_UNKNOWN;
	h->expires_ns = now + (forbidding ?
	    manners_forbidden_ns : manners_believed_ns);
	return error;
}

/* robots.txt is there, or cannot be had. */
static struct defer_result
manners_answered(void *ctx, struct defer_result in)
{
	struct manners_host *h = ctx;
	const struct http_page *page = defer_result_get(in, &http_page_type);
	const struct defer_failure *f = defer_result_get_failure(in);
	struct deferred *d = h->asked;
	bool going_on = h->going_on;	/* it failed while we asked */

	h->asked = NULL;
	h->going_on = true;
	h->state = MANNERS_UNKNOWN;
	if (h->manners->asking != NULL)
		h->manners->asking(h->manners, false);
	if (f != NULL && defer_failure_is(f, &http_too_many_redirects))
		f = NULL;
	if (f == NULL && manners_learn(h, page != NULL ? page->status : 0) != 0)
		f = &defer_failure_no_memory;
	robots_drop(h->reader);
	free(h->reader);
	h->reader = NULL;
	if (f != NULL && !defer_failure_is(f, &deferred_cancelled))
		manners_fail(h, f);
	defer_result_destroy(in);
	deferred_release(d);
	h->going_on = going_on;
	manners_go_on(h);
	return defer_result_none();
}

static void
manners_ask(struct manners_host *h)
{
	static const char path[] = "/robots.txt";
	const struct http_get_options options = {
		.timeout_ns = h->manners->timeout_ns,
		.max_redirects = MANNERS_REDIRECTS,
		.any_status = true, .no_secrets = true, .sink = &h->sink,
		.journal = h->manners->journal,
	};
	char url[HTTP_URL_HOST_MAX + 32 + sizeof(path)];

	manners_forget_rules(h);
	memcpy(url, h->origin, h->len);
	memcpy(url + h->len, path, sizeof(path));
	h->sink.ops = &manners_sink_ops;
	h->reader = malloc(sizeof(*h->reader));
	if (h->reader != NULL) {
		robots_begin(h->reader, h->manners->agent);
		h->asked = http_get_page(h->manners->client, url,
		    strlen(url), &options);
	}
	if (h->asked == NULL) {
		free(h->reader);
		h->reader = NULL;
		manners_fail(h, &defer_failure_no_memory);
		return;
	}
	h->state = MANNERS_ASKED;
	if (h->manners->asking != NULL)
		h->manners->asking(h->manners, true);
	/* Cannot fail: a deferred has room for its first two pairs. */
	(void)deferred_add_both(h->asked, manners_answered, h);
}

/* Why a page is not to be asked for, or NULL. */
static const struct defer_failure *
manners_forbids(const struct manners_host *h, const struct http_url *u)
{
	size_t len;
	const char *target = http_url_target(u, &len);

	if (!h->manners->robots)
		return NULL;
	if (h->forbidding != 0)
		return defer_failure_new(&category_robots,
		    "%.*s/robots.txt: %d, which forbids all", (int)h->len,
		    h->origin, h->forbidding);
	if (robots_allows(&h->rules, target, len))
		return NULL;
	return defer_failure_new(&category_robots,
	    "%.*s/robots.txt forbids it", (int)h->len, h->origin);
}

/* ---- the queue ---- */

static void
manners_timer(struct reactor_timer *t)
{
	manners_go_on(reactor_container_of(t, struct manners_host, timer));
}

/* Whether robots.txt must be waited for; asks for it if need be. */
static bool
manners_must_ask(struct manners_host *h, uint64_t now)
{
	if (!h->manners->robots)
		return false;
	if (h->state == MANNERS_KNOWN && now >= h->expires_ns)
		h->state = MANNERS_UNKNOWN;
	if (h->state == MANNERS_UNKNOWN && manners_has_room(h))
		manners_ask(h);
	return h->state != MANNERS_KNOWN;
}

/* Whether a turn has to wait, though robots.txt says nothing against it. */
static bool
manners_must_wait(struct manners_host *h, uint64_t now)
{
	struct manners *m = h->manners;

	if (now < h->free_ns) {
		reactor_call_later(m->reactor, &h->timer, h->free_ns - now,
		    manners_timer);
		return true;
	}
	return (m->per_host > 0 && h->visitors >= m->per_host) ||
	    !manners_has_room(h);
}

static void
manners_go_on(struct manners_host *h)
{
	struct manners *m = h->manners;
	const struct defer_failure *f;
	struct manners_turn *t;

	if (h->going_on)
		return;
	h->going_on = true;
	while ((t = manners_first(h)) != NULL) {
		uint64_t now = reactor_now_ns(m->reactor);

		if (manners_must_ask(h, now))
			break;
		f = manners_forbids(h, t->url);
		if (f == NULL && manners_must_wait(h, now))
			break;
		if (f == NULL) {
			h->free_ns = manners_pause(h) > 0 ?
			    now + manners_pause(h) : 0;
			manners_begin(h, t->visitor);
		}
		manners_give(t, f != NULL ? defer_result_failure(f) :
		    defer_result_none());
	}
	h->going_on = false;
}

bool
manners_enter(struct manners *m, struct manners_visitor *v,
    const struct http_url *u)
{
	struct manners_visitor before = *v;
	struct manners_host *h;

	if (m->robots || m->delay_ns != 0)
		return false;
	h = manners_host_of(m, u, m->per_host > 0);
	if (h == NULL || h->free_ns != 0)
		return h == NULL && m->per_host == 0;
	if (v->host == h)
		return true;
	if (h->visitors >= m->per_host || manners_first(h) != NULL)
		return false;
	manners_begin(h, v);
	manners_leave(&before);
	return true;
}

struct deferred *
manners_wait(struct manners *m, struct manners_visitor *v,
    const struct http_url *u)
{
	struct manners_host *h = manners_host_of(m, u, true);
	struct manners_visitor before = *v;
	struct manners_turn *t;
	struct deferred *d;

	if (h == NULL)
		return NULL;
	t = manners_turn_new(m, v, u);
	if (t == NULL)
		return NULL;
	d = deferred_ref(&t->deferred);
	reactor_list_append(t->first ? &h->turns : &h->begun, &t->link);
	m->first_turns += t->first;
	v->host = NULL;
	manners_go_on(h);
	manners_leave(&before);		/* h may be gone now */
	return d;
}

void
manners_leave(struct manners_visitor *v)
{
	struct manners_host *h = v->host;

	if (h == NULL)
		return;
	v->host = NULL;
	h->visitors--;
	manners_go_on(h);
	/* Of a million hosts only those are kept of which there is to know. */
	if (manners_is_idle(h) && h->free_ns == 0 &&
	    h->state == MANNERS_UNKNOWN)
		manners_free_host(h);
}

void
manners_room(struct manners *m)
{
	struct reactor_list *l;

	while (m->ages.next != NULL && !reactor_list_is_empty(&m->parked) &&
	    m->has_room(m)) {
		l = reactor_list_take_first(&m->parked);
		manners_go_on(reactor_container_of(
		    l, struct manners_host, parked));
	}
}

void
manners_hold(struct manners *m, const struct http_url *u, uint64_t ns)
{
	struct manners_host *h = manners_host_of(m, u, true);
	uint64_t until = reactor_now_ns(m->reactor) +
	    (ns < manners_longest_hold_ns ? ns : manners_longest_hold_ns);

	/* Without memory for the host it is not held. */
	if (h != NULL && h->free_ns < until)
		h->free_ns = until;
}

void
manners_clear(struct manners *m)
{
	while (m->ages.next != NULL && !reactor_list_is_empty(&m->ages)) {
		struct manners_host *h = reactor_container_of(
		    m->ages.next, struct manners_host, age);

		if (h->asked != NULL)
			deferred_cancel(h->asked);
		manners_free_host(h);
	}
}
