/*
 * ask.c - see ask.h.
 *
 * An attempt that comes to nothing puts its question back into the queue;
 * the pump, a call of the loop, takes it from there.  So nothing is sent,
 * and no failure is told, from within the call of somebody else.
 */
#include "ask.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/system.h"
#include "exchange.h"

static const uint64_t dns_ask_second_ns = 1000000000;

enum {
	DNS_ASK_IN_FLIGHT = 128,
	DNS_ASK_REMEMBERED = 4096,	/* answers */
	DNS_ASK_FOUND_S = 3600,		/* the longest that they are kept */
	DNS_ASK_NOTHING_S = 300
};

/* A question on its way. */
struct dns_inquiry {
	struct dns_asker *asker;
	struct dns_cache_entry *entry;
	struct list link;		/* in the queue, or among the flying */
	struct list waiters;
	struct dns_pending pending;
	struct timer timer;
	struct dns_upstream *server;	/* of this attempt; NULL: queued */
	uint64_t sent_ns;
	uint8_t tries[DNS_CONFIG_SERVERS];
	bool plain;			/* without EDNS */
	enum dns_verdict worst;		/* of the attempts so far */
};

static struct dns_inquiry *
dns_inquiry_of_link(struct list *link)
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

static struct dns_inquiry *
dns_inquiry_of_timer(struct timer *t)
{
	return (struct dns_inquiry *)((char *)t -
	    offsetof(struct dns_inquiry, timer));
}

static struct dns_asker *
dns_asker_of_pump(struct reactor_call *call)
{
	return (struct dns_asker *)((char *)call -
	    offsetof(struct dns_asker, pump));
}

/* Takes a question out of the queue, or out of the air. */
static void
dns_inquiry_land(struct dns_inquiry *q, bool overdue)
{
	struct dns_asker *a = q->asker;

	list_remove(&q->link);
	if (q->server == NULL)
		return;
	q->server = NULL;
	reactor_cancel_timer(a->reactor, &q->timer);
	dns_pool_drop(&q->pending, overdue);
	dns_exchange_drop(&q->pending);
	if (--a->in_flight == 0 && list_is_empty(&a->queue))
		dns_upstreams_rest(&a->upstreams);
}

/* The question is done with: takes it apart and tells who waits. */
static void
dns_inquiry_end(struct dns_inquiry *q, enum dns_verdict verdict,
    const struct dns_reply *reply)
{
	struct dns_asker *a = q->asker;
	struct list waiters, *link;
	struct dns_waiter *waiter;

	list_move(&q->waiters, &waiters);
	free(q);
	if (!list_is_empty(&a->queue))
		reactor_call_soon(a->reactor, &a->pump);
	/* From here on the asker may be gone. */
	while ((link = list_take_first(&waiters)) != NULL) {
		waiter = (struct dns_waiter *)((char *)link -
		    offsetof(struct dns_waiter, link));
		if (reply == NULL)
			waiter->answered(waiter, verdict, NULL, 0);
		else
			waiter->answered(waiter, verdict,
			    reply->addresses[0], reply->count);
	}
}

/* A server has said yes or no. */
static void
dns_inquiry_answer(struct dns_inquiry *q, const struct dns_reply *reply)
{
	struct dns_asker *a = q->asker;
	uint64_t ttl_s = reply->ttl_s, most_s = DNS_ASK_NOTHING_S;
	enum dns_verdict verdict = reply->rcode == DNS_RCODE_NXDOMAIN ?
	    DNS_NO_NAME : DNS_NOTHING;

	if (reply->count > 0) {
		verdict = DNS_FOUND;
		most_s = DNS_ASK_FOUND_S;
		if (ttl_s == 0)
			ttl_s = 1;
	}
	if (ttl_s > most_s)
		ttl_s = most_s;
	dns_inquiry_land(q, false);
	dns_cache_answer(&a->cache, q->entry, verdict, reply,
	    reactor_now_ns(a->reactor) + ttl_s * dns_ask_second_ns);
	dns_inquiry_end(q, verdict, reply);
}

/* This attempt has come to nothing: to the head of the queue. */
static void
dns_inquiry_retry(struct dns_inquiry *q, enum dns_verdict verdict)
{
	struct dns_asker *a = q->asker;

	if (verdict > q->worst)
		q->worst = verdict;
	dns_inquiry_land(q, verdict == DNS_TIMED_OUT);
	list_append(a->queue.next, &q->link);
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
dns_inquiry_time_is_up(struct timer *t)
{
	dns_inquiry_trouble(dns_inquiry_of_timer(t), -ETIMEDOUT);
}

/* The reply was cut short: the same question again over TCP. */
static void
dns_inquiry_ask_over_tcp(struct dns_inquiry *q)
{
	struct dns_asker *a = q->asker;
	int error;

	dns_pool_drop(&q->pending, false);
	error = reactor_call_later(a->reactor, &q->timer,
	    a->upstreams.config->timeout_ns, dns_inquiry_time_is_up);
	if (error == 0)
		error = dns_exchange_begin(&q->server->pool, &q->pending,
		    &q->entry->question, !q->plain);
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
	    &q->entry->question);

	if (error == -ENOMSG && !tcp)
		return;			/* anybody's; go on waiting */
	if (error == 0)
		dns_upstream_answered(q->server,
		    reactor_now_ns(q->asker->reactor) - q->sent_ns);
	if (error < 0 || (reply.truncated && tcp)) {
		dns_inquiry_retry(q, DNS_FAILED);
	} else if (reply.truncated) {
		dns_inquiry_ask_over_tcp(q);
	} else if (reply.rcode == DNS_RCODE_OK ||
	    reply.rcode == DNS_RCODE_NXDOMAIN) {
		dns_inquiry_answer(q, &reply);
	} else if (!q->plain && (reply.rcode == DNS_RCODE_FORMERR ||
	    reply.rcode == DNS_RCODE_NOTIMP)) {
		/* It may be too old for EDNS: this attempt does not count. */
		q->plain = true;
		q->tries[q->server - q->asker->upstreams.at]--;
		dns_inquiry_retry(q, q->worst);
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
	list_append(&a->flying, &q->link);
	error = reactor_call_later(a->reactor, &q->timer, patience_ns,
	    dns_inquiry_time_is_up);
	if (error == 0)
		error = dns_pool_ask(&server->pool, &q->pending,
		    &q->entry->question, !q->plain);
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
	struct dns_asker *a = dns_asker_of_pump(call);
	struct dns_upstream *server;
	struct dns_inquiry *q;
	struct list *link;

	while (a->in_flight < DNS_ASK_IN_FLIGHT) {
		link = list_take_first(&a->queue);
		if (link == NULL)
			return;
		q = dns_inquiry_of_link(link);
		server = dns_upstreams_pick(&a->upstreams, q->tries,
		    reactor_now_ns(a->reactor));
		if (server == NULL || list_is_empty(&q->waiters)) {
			dns_cache_remove(&a->cache, q->entry);
			dns_inquiry_end(q, q->worst, NULL);
			return;
		}
		dns_inquiry_launch(q, server);
	}
}

/* The inquiry for an entry that is new, or NULL: at the end of the queue. */
static struct dns_inquiry *
dns_inquiry_new(struct dns_asker *a, struct dns_cache_entry *entry)
{
	struct dns_inquiry *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return NULL;
	q->asker = a;
	q->entry = entry;
	q->worst = DNS_UNREACHABLE;
	list_init(&q->waiters);
	list_append(&a->queue, &q->link);
	reactor_call_soon(a->reactor, &a->pump);
	return q;
}

void
dns_ask(struct dns_asker *a, const struct dns_question *question,
    struct dns_waiter *waiter)
{
	uint64_t now_ns = reactor_now_ns(a->reactor);
	struct dns_cache_entry *e = dns_cache_get(&a->cache, question, now_ns);
	struct dns_inquiry *q;

	list_init(&waiter->link);
	if (e != NULL && e->answered) {
		waiter->answered(waiter, e->verdict, e->addresses, e->count);
		return;
	}
	if (e != NULL && e->asking == NULL) {
		e->asking = dns_inquiry_new(a, e);
		if (e->asking == NULL) {
			dns_cache_remove(&a->cache, e);
			e = NULL;
		}
	}
	if (e == NULL) {
		waiter->answered(waiter, DNS_NO_MEMORY, NULL, 0);
		return;
	}
	q = e->asking;
	list_append(&q->waiters, &waiter->link);
}

int
dns_asker_init(struct dns_asker *a, struct reactor *reactor,
    const struct dns_config *config)
{
	const struct system *system = reactor_system(reactor);
	uint32_t seed;
	int error;

	memset(a, 0, sizeof(*a));
	a->reactor = reactor;
	list_init(&a->queue);
	list_init(&a->flying);
	reactor_call_init(&a->pump, dns_asker_pump);
	error = dns_upstreams_init(&a->upstreams, reactor, config,
	    &dns_inquiry_pool_ops);
	if (error == 0)
		error = system->random(system, &seed, sizeof(seed));
	if (error == 0)
		dns_cache_init(&a->cache, DNS_ASK_REMEMBERED, seed);
	return error;
}

void
dns_asker_free(struct dns_asker *a)
{
	struct dns_inquiry *q;

	reactor_cancel_call(&a->pump);
	while (!list_is_empty(&a->queue) || !list_is_empty(&a->flying)) {
		q = dns_inquiry_of_link(list_is_empty(&a->queue) ?
		    a->flying.next : a->queue.next);
		dns_inquiry_land(q, false);
		free(q);
	}
	dns_upstreams_rest(&a->upstreams);
	dns_cache_free(&a->cache);
}
