/*
 * inquiry.c - see inquiry.h.
 *
 * An attempt that comes to nothing puts its question back into the queue;
 * the pump, a call of the loop, takes it from there.  So nothing is sent,
 * and no failure is told, from within the call of somebody else.
 */
#include "inquiry.h"

#include <errno.h>
#include <stdlib.h>

static const uint64_t dns_inquiry_second_ns = 1000000000;

enum {
	DNS_INQUIRY_FOUND_S = 3600,	/* the longest that answers are kept */
	DNS_INQUIRY_NOTHING_S = 300
};

struct dns_inquiry *
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
dns_inquiry_of_exchange(struct dns_exchange_client *x)
{
	return (struct dns_inquiry *)((char *)x -
	    offsetof(struct dns_inquiry, exchange));
}

static struct dns_inquiry *
dns_inquiry_of_timer(struct timer *t)
{
	return (struct dns_inquiry *)((char *)t -
	    offsetof(struct dns_inquiry, timer));
}

static struct dns_waiter *
dns_waiter_of_link(struct list *link)
{
	return (struct dns_waiter *)((char *)link -
	    offsetof(struct dns_waiter, link));
}

/* Takes a question out of the queue, or out of the air. */
void
dns_inquiry_land(struct dns_inquiry *q, bool overdue)
{
	struct dns_asker *a = q->asker;

	list_remove(&q->link);
	if (q->server == NULL)
		return;
	q->server = NULL;
	reactor_cancel_timer(a->reactor, &q->timer);
	dns_pool_drop(&q->pending, overdue);
	dns_exchange_drop(&q->exchange);
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
		waiter = dns_waiter_of_link(link);
		if (reply == NULL)
			waiter->answered(waiter, verdict, NULL, 0);
		else
			waiter->answered(waiter, verdict,
			    reply->addresses[0], reply->count);
	}
}

/* No server is left to be asked. */
void
dns_inquiry_give_up(struct dns_inquiry *q)
{
	dns_cache_remove(&q->asker->cache, q->entry);
	dns_inquiry_end(q, q->worst, NULL);
}

/* A server has said yes or no. */
static void
dns_inquiry_answer(struct dns_inquiry *q, const struct dns_reply *reply)
{
	struct dns_asker *a = q->asker;
	uint64_t ttl_s = reply->ttl_s;
	enum dns_verdict verdict = DNS_FOUND;

	if (reply->count == 0)
		verdict = reply->rcode == DNS_RCODE_NXDOMAIN ? DNS_NO_NAME :
		    DNS_NOTHING;
	if (verdict != DNS_FOUND && ttl_s > DNS_INQUIRY_NOTHING_S)
		ttl_s = DNS_INQUIRY_NOTHING_S;
	if (verdict == DNS_FOUND && ttl_s > DNS_INQUIRY_FOUND_S)
		ttl_s = DNS_INQUIRY_FOUND_S;
	if (verdict == DNS_FOUND && ttl_s == 0)
		ttl_s = 1;
	dns_inquiry_land(q, false);
	dns_cache_answer(&a->cache, q->entry, verdict, reply,
	    reactor_now_ns(a->reactor) + ttl_s * dns_inquiry_second_ns);
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
dns_inquiry_verdict(int error)
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
	dns_inquiry_retry(q, dns_inquiry_verdict(error));
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
	    a->upstreams.timeout_ns, dns_inquiry_time_is_up);
	if (error == 0)
		error = dns_exchange_begin(&q->exchange, a->reactor,
		    &q->server->pool.to, q->pending.id, &q->entry->question,
		    !q->plain);
	if (error < 0)
		dns_inquiry_trouble(q, error);
}

/* Bytes that may be the reply have come. */
static void
dns_inquiry_read(struct dns_inquiry *q, const uint8_t *at, size_t len,
    bool tcp)
{
	uint64_t took_ns = reactor_now_ns(q->asker->reactor) - q->sent_ns;
	struct dns_reply reply;
	int error = dns_reply_parse(&reply, at, len, q->pending.id,
	    &q->entry->question);

	if (error == -ENOMSG && !tcp)
		return;			/* anybody's; go on waiting */
	if (error == 0)
		dns_upstream_answered(q->server, took_ns);
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
dns_inquiry_received(struct dns_pending *p, const uint8_t *at, size_t len)
{
	dns_inquiry_read(dns_inquiry_of_pending(p), at, len, false);
}

static void
dns_inquiry_failed(struct dns_pending *p, int error)
{
	dns_inquiry_trouble(dns_inquiry_of_pending(p), error);
}

const struct dns_pool_ops dns_inquiry_pool_ops = {
	.received = dns_inquiry_received,
	.failed = dns_inquiry_failed,
};

static void
dns_inquiry_replied(struct dns_exchange_client *x, const uint8_t *at,
    size_t len)
{
	dns_inquiry_read(dns_inquiry_of_exchange(x), at, len, true);
}

static void
dns_inquiry_exchange_failed(struct dns_exchange_client *x, int error)
{
	dns_inquiry_trouble(dns_inquiry_of_exchange(x), error);
}

/* One attempt with one server; 0 if the question is in the air. */
static int
dns_inquiry_attempt(struct dns_inquiry *q, struct dns_upstream *server)
{
	struct dns_asker *a = q->asker;
	uint64_t patience_ns = dns_upstream_patience_ns(&a->upstreams, server,
	    q->tries);
	uint32_t random;
	int error;

	q->tries[server - a->upstreams.at]++;
	error = dns_asker_random(a, &random);
	if (error == 0)
		error = reactor_call_later(a->reactor, &q->timer, patience_ns,
		    dns_inquiry_time_is_up);
	if (error == 0)
		error = dns_pool_ask(&server->pool, &q->pending, random,
		    &q->entry->question, !q->plain);
	if (error < 0) {
		reactor_cancel_timer(a->reactor, &q->timer);
		return error;
	}
	q->server = server;
	q->sent_ns = reactor_now_ns(a->reactor);
	a->in_flight++;
	list_append(&a->flying, &q->link);
	return 0;
}

/* Asks the next server that can be asked; false if there is none left. */
bool
dns_inquiry_launch(struct dns_inquiry *q)
{
	struct dns_asker *a = q->asker;
	uint64_t now_ns = reactor_now_ns(a->reactor);
	struct dns_upstream *server;
	enum dns_verdict verdict;
	int error;

	for (;;) {
		server = dns_upstreams_pick(&a->upstreams, q->tries, now_ns);
		if (server == NULL || list_is_empty(&q->waiters))
			return false;
		error = dns_inquiry_attempt(q, server);
		if (error == 0)
			return true;
		dns_upstream_silent(server, true, now_ns);
		verdict = dns_inquiry_verdict(error);
		if (verdict > q->worst)
			q->worst = verdict;
	}
}

/* A question that was not known: it goes to the end of the queue. */
struct dns_inquiry *
dns_inquiry_new(struct dns_asker *a, struct dns_cache_entry *entry)
{
	struct dns_inquiry *q = calloc(1, sizeof(*q));

	if (q == NULL)
		return NULL;
	q->asker = a;
	q->entry = entry;
	q->worst = DNS_UNREACHABLE;
	q->exchange.replied = dns_inquiry_replied;
	q->exchange.failed = dns_inquiry_exchange_failed;
	list_init(&q->waiters);
	list_append(&a->queue, &q->link);
	reactor_call_soon(a->reactor, &a->pump);
	return q;
}
