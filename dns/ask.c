/*
 * ask.c - see ask.h.
 */
#include "ask.h"

#include <stdlib.h>
#include <string.h>

#include "../reactor/system.h"
#include "inquiry.h"

enum {
	DNS_ASK_IN_FLIGHT = 128,
	DNS_ASK_REMEMBERED = 4096	/* answers */
};

static struct dns_asker *
dns_asker_of_pump(struct reactor_call *call)
{
	return (struct dns_asker *)((char *)call -
	    offsetof(struct dns_asker, pump));
}

int
dns_asker_random(struct dns_asker *a, uint32_t *random)
{
	const struct system *system = reactor_system(a->reactor);
	int error;

	if (a->random_left == 0) {
		error = system->random(system, a->random, sizeof(a->random));
		if (error < 0)
			return error;
		a->random_left = DNS_ASKER_RANDOM;
	}
	*random = a->random[--a->random_left];
	return 0;
}

/*
 * Sends what is queued.  A question that ends here ends the call too, since
 * those who waited may have freed the asker; the rest is for the next call.
 */
static void
dns_asker_pump(struct reactor_call *call)
{
	struct dns_asker *a = dns_asker_of_pump(call);
	struct dns_inquiry *q;
	struct list *link;

	while (a->in_flight < DNS_ASK_IN_FLIGHT) {
		link = list_take_first(&a->queue);
		if (link == NULL)
			return;
		q = dns_inquiry_of_link(link);
		if (!dns_inquiry_launch(q)) {
			dns_inquiry_give_up(q);
			return;
		}
	}
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
		error = dns_asker_random(a, &seed);
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
