/*
 * ask.c - see ask.h.
 *
 * An attempt that comes to nothing puts its question back into the queue;
 * the pump, a call of the loop, takes it from there.  So nothing is sent,
 * and no failure is told, from within the call of somebody else.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/system.h"
#include "tcp_exchange.h"

enum {
	DNS_ASK_IN_FLIGHT = 128,
	DNS_ASK_REMEMBERED = 4096,
	DNS_ASK_FOUND_S = 3600,		/* how long at most */
	DNS_ASK_NOTHING_S = 300
};

/* A question, from when it is asked until its answer is forgotten. */
struct dns_inquiry {
	struct dns_cache_entry entry;	/* must be the first */
	struct reactor_list link; /* of one of the asker's lists */
	enum dns_verdict verdict;	/* so far: of the worst attempt */

	/* when it is remembered */
	uint64_t expires_ns;		/* 0: it is not */
	size_t count;			/* of addresses */
	uint8_t *addresses;

	/* on its way */
	struct dns_asker *asker;
	struct reactor_list waiters;
	struct dns_pending pending;
	struct reactor_timer timer;
	struct dns_upstream *server;	/* of this attempt; NULL: queued */
	uint64_t sent_ns;
	uint8_t tries[DNS_CONFIG_SERVERS];
	bool plain;			/* without EDNS */
};

static struct dns_inquiry *
dns_inquiry_of_link(struct reactor_list *link)
{
	return (struct dns_inquiry *)((char *)link -
	    offsetof(struct dns_inquiry, link));
}

static struct dns_inquiry *
dns_inquiry_of_pending(struct dns_pending *p)
{
	return (struct dns_inquiry *)((char *)p -
	    offsetof(struct dns_inquiry, pending));
}

/* Takes a question out of its list, and out of the air if it is there. */
static void
dns_inquiry_land(struct dns_inquiry *q, bool retries)
{
	struct dns_asker *a = q->asker;

	reactor_list_remove(&q->link);
	if (q->server == NULL)
		return;
	q->server = NULL;
	reactor_cancel_timer(&q->timer);
	dns_pool_drop(&q->pending, retries);
	dns_exchange_drop(&q->pending);
	if (--a->in_flight == 0 && reactor_list_is_empty(&a->queued))
		dns_upstreams_rest(&a->upstreams);
}

/* The end of a question that nobody waits for any more. */
static void
dns_inquiry_forget(struct dns_inquiry *q)
{
	struct dns_asker *a = q->asker;

	dns_inquiry_land(q, false);
	dns_cache_remove(&a->cache, &q->entry);
	a->held -= q->expires_ns != 0;
	free(q->addresses);
	free(q);
}

/*
 * Keeps the answer; false if there is no memory, or no time: addresses are
 * good for a second at least, but "there is nothing" must say how long.
 */
static bool
dns_inquiry_remember(struct dns_inquiry *q, const struct dns_reply *reply)
{
	struct dns_asker *a = q->asker;
	size_t size = reply->count * sizeof(reply->addresses[0]);
	uint64_t ttl_s = reply->ttl_s, most_s = DNS_ASK_NOTHING_S;

	if (size > 0) {
		q->addresses = malloc(size);
		if (q->addresses == NULL)
			return false;
		memcpy(q->addresses, reply->addresses, size);
		most_s = DNS_ASK_FOUND_S;
		ttl_s += ttl_s == 0;
	}
	if (ttl_s == 0)
		return false;
	q->count = reply->count;
	q->expires_ns = reactor_now_ns(a->reactor) +
	    UINT64_C(1000000000) * (ttl_s < most_s ? ttl_s : most_s);
	reactor_list_append(&a->remembered, &q->link);
	if (++a->held > DNS_ASK_REMEMBERED)
		dns_inquiry_forget(dns_inquiry_of_link(a->remembered.next));
	return true;
}

/* The question has its verdict: remembers it, or not, and tells who waits. */
static void
dns_inquiry_end(struct dns_inquiry *q, const struct dns_reply *reply)
{
	const uint8_t *addresses = reply != NULL ? reply->addresses[0] : NULL;
	size_t count = reply != NULL ? reply->count : 0;
	enum dns_verdict verdict = q->verdict;
	struct dns_asker *a = q->asker;
	struct reactor_list waiters, *link;
	struct dns_waiter *waiter;

	reactor_list_move(&q->waiters, &waiters);
	dns_inquiry_land(q, false);
	if (reply == NULL || !dns_inquiry_remember(q, reply))
		dns_inquiry_forget(q);
	if (!reactor_list_is_empty(&a->queued))
		reactor_call_soon(a->reactor, &a->pump);
	/* From here on the asker may be gone. */
	while ((link = reactor_list_take_first(&waiters)) != NULL) {
		waiter = (struct dns_waiter *)((char *)link -
		    offsetof(struct dns_waiter, link));
		waiter->answered(waiter, verdict, addresses, count);
	}
}

/* This attempt has come to nothing: to the head of the queue. */
static void
dns_inquiry_retry(struct dns_inquiry *q, enum dns_verdict verdict)
{
	struct dns_asker *a = q->asker;

	if (verdict > q->verdict)
		q->verdict = verdict;
	dns_inquiry_land(q, true);
	reactor_list_append(a->queued.next, &q->link);
	reactor_call_soon(a->reactor, &a->pump);
}

/* What an errno means for the question. */
static enum dns_verdict
dns_ask_verdict(int error)
{
	switch (error) {
	case -ENETUNREACH:
	case -ENETDOWN:
	case -EAFNOSUPPORT:
		return DNS_UNREACHABLE;
	case -ETIMEDOUT:
		return DNS_TIMED_OUT;
	case -ENOMEM:
	case -EMFILE:
	case -ENFILE:
		return DNS_NO_MEMORY;
	default:
		return DNS_FAILED;
	}
}

/* The server of this attempt could not be asked, or does not answer. */
static void
dns_inquiry_trouble(struct dns_inquiry *q, int error)
{
	dns_upstream_silent(q->server, error != -ETIMEDOUT,
	    reactor_now_ns(q->asker->reactor));
	dns_inquiry_retry(q, dns_ask_verdict(error));
}

static void
dns_inquiry_time_is_up(struct reactor_timer *t)
{
	dns_inquiry_trouble((struct dns_inquiry *)((char *)t -
	    offsetof(struct dns_inquiry, timer)), -ETIMEDOUT);
}

/* The reply was cut short: the same question again over TCP. */
static void
dns_inquiry_ask_over_tcp(struct dns_inquiry *q)
{
	struct dns_asker *a = q->asker;
	int error;

	reactor_call_later(a->reactor, &q->timer,
	    a->upstreams.config->timeout_ns, dns_inquiry_time_is_up);
	error = dns_exchange_begin(&q->server->pool, &q->pending,
	    &q->entry.question, !q->plain);
	if (error < 0)
		dns_inquiry_trouble(q, error);
}

/* Bytes that may be the reply have come. */
static void
dns_inquiry_received(struct dns_pending *p, const uint8_t *at, size_t len,
    bool tcp)
{
	struct dns_inquiry *q = dns_inquiry_of_pending(p);
	struct dns_reply reply;
	int error = dns_reply_parse(&reply, at, len, p->id,
	    &q->entry.question);

	if (error == -ENOMSG && !tcp)
		return;			/* anybody's; go on waiting */
	if (error == 0)
		dns_upstream_answered(q->server,
		    reactor_now_ns(q->asker->reactor) - q->sent_ns);
	if (error < 0 || (reply.truncated && tcp)) {
		dns_inquiry_retry(q, DNS_FAILED);
	} else if (reply.truncated) {
		dns_inquiry_ask_over_tcp(q);
	} else if (reply.rcode == DNS_RCODE_NXDOMAIN) {
		q->verdict = DNS_NO_NAME;
		dns_inquiry_end(q, &reply);
	} else if (reply.rcode == DNS_RCODE_OK) {
		q->verdict = reply.count > 0 ? DNS_FOUND : DNS_NOTHING;
		dns_inquiry_end(q, &reply);
	} else if (!q->plain && (reply.rcode == DNS_RCODE_FORMERR ||
	    reply.rcode == DNS_RCODE_NOTIMP)) {
		/* It may be too old for EDNS: this attempt does not count. */
		q->plain = true;
		q->tries[q->server - q->asker->upstreams.at]--;
		dns_inquiry_retry(q, q->verdict);
	} else {
		dns_inquiry_retry(q, DNS_FAILED);
	}
}

static void
dns_inquiry_failed(struct dns_pending *p, int error)
{
	dns_inquiry_trouble(dns_inquiry_of_pending(p), error);
}

static const struct dns_pool_ops dns_inquiry_pool_ops = {
	.received = dns_inquiry_received,
	.failed = dns_inquiry_failed,
};

/* One attempt with one server. */
static void
dns_inquiry_launch(struct dns_inquiry *q, struct dns_upstream *server)
{
	struct dns_asker *a = q->asker;
	uint64_t patience_ns = dns_upstream_patience_ns(&a->upstreams, server,
	    q->tries);
	int error;

	q->tries[server - a->upstreams.at]++;
	q->server = server;
	q->sent_ns = reactor_now_ns(a->reactor);
	a->in_flight++;
	reactor_list_append(&a->flying, &q->link);
	reactor_call_later(a->reactor, &q->timer, patience_ns,
	    dns_inquiry_time_is_up);
	error = dns_pool_ask(&server->pool, &q->pending, &q->entry.question,
	    !q->plain);
	if (error < 0)
		dns_inquiry_trouble(q, error);
}

/*
 * Sends what is queued.  A question that ends here ends the call too, since
 * those who waited may have freed the asker; the rest is for the next call.
 */
static void
dns_asker_pump(struct reactor_call *call)
{
	struct dns_asker *a = (struct dns_asker *)((char *)call -
	    offsetof(struct dns_asker, pump));
	struct dns_upstream *server;
	struct dns_inquiry *q;
	struct reactor_list *link;

	while (a->in_flight < DNS_ASK_IN_FLIGHT) {
		link = reactor_list_take_first(&a->queued);
		if (link == NULL)
			return;
		q = dns_inquiry_of_link(link);
		server = dns_upstreams_pick(&a->upstreams, q->tries,
		    reactor_now_ns(a->reactor));
		if (server == NULL || reactor_list_is_empty(&q->waiters)) {
			dns_inquiry_end(q, NULL);
			return;
		}
		dns_inquiry_launch(q, server);
	}
}

/* A question that is new, at the end of the queue; NULL without memory. */
static struct dns_inquiry *
dns_inquiry_new(struct dns_asker *a, const struct dns_question *question)
{
	struct dns_inquiry *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return NULL;
	q->asker = a;
	q->verdict = DNS_UNREACHABLE;
	reactor_list_init(&q->waiters);
	dns_cache_add(&a->cache, &q->entry, question);
	reactor_list_append(&a->queued, &q->link);
	reactor_call_soon(a->reactor, &a->pump);
	return q;
}

/* The question, if it is known: on its way, or with an answer still good. */
static struct dns_inquiry *
dns_asker_find(struct dns_asker *a, const struct dns_question *question)
{
	struct dns_inquiry *q =
	    (struct dns_inquiry *)dns_cache_find(&a->cache, question);

	if (q == NULL || q->expires_ns == 0)
		return q;
	if (q->expires_ns <= reactor_now_ns(a->reactor)) {
		dns_inquiry_forget(q);
		return NULL;
	}
	reactor_list_remove(&q->link);
	reactor_list_append(&a->remembered, &q->link);
	return q;
}

void
dns_ask(struct dns_asker *a, const struct dns_question *question,
    struct dns_waiter *waiter)
{
	struct dns_inquiry *q = dns_asker_find(a, question);

	if (q == NULL)
		q = dns_inquiry_new(a, question);
	reactor_list_init(&waiter->link);
	if (q == NULL)
		waiter->answered(waiter, DNS_NO_MEMORY, NULL, 0);
	else if (q->expires_ns != 0)
		waiter->answered(waiter, q->verdict, q->addresses, q->count);
	else
		reactor_list_append(&q->waiters, &waiter->link);
}

int
dns_asker_init(struct dns_asker *a, struct reactor *reactor,
    const struct dns_config *config)
{
	const struct reactor_system *system = reactor_get_system(reactor);
	uint32_t seed;
	int error;

	memset(a, 0, sizeof(*a));
	a->reactor = reactor;
	reactor_list_init(&a->queued);
	reactor_list_init(&a->flying);
	reactor_list_init(&a->remembered);
	reactor_call_init(&a->pump, dns_asker_pump);
	error = dns_upstreams_init(&a->upstreams, reactor, config,
	    &dns_inquiry_pool_ops);
	if (error == 0)
		error = system->random(system, &seed, sizeof(seed));
	if (error == 0)
		dns_cache_init(&a->cache, seed);
	return error;
}

void
dns_asker_free(struct dns_asker *a)
{
	reactor_cancel_call(&a->pump);
	while (!reactor_list_is_empty(&a->queued))
		dns_inquiry_forget(dns_inquiry_of_link(a->queued.next));
	while (!reactor_list_is_empty(&a->flying))
		dns_inquiry_forget(dns_inquiry_of_link(a->flying.next));
	while (!reactor_list_is_empty(&a->remembered))
		dns_inquiry_forget(dns_inquiry_of_link(a->remembered.next));
	dns_upstreams_rest(&a->upstreams);
}
