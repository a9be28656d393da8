/*
 * lookup.c - see lookup.h.
 *
 * The names to be asked are numbered: with a search list of s suffixes, the
 * name alone and s longer ones.  The one that has the answer ends it.
 */
#include "lookup.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t dns_lookup_haste_ns = 50000000;

/* The question for one family. */
struct dns_lookup_side {
	struct dns_waiter waiter;
	struct dns_lookup *lookup;
	uint16_t type;
	bool asking;
	enum dns_verdict verdict;
	size_t count;
	uint8_t addresses[DNS_ADDRESSES_MAX][16];
};

enum { DNS_LOOKUP_SIDES = 2 };

/* A lookup under way. */
struct dns_lookup {
	struct dns_resolver *resolver;
	struct deferred *deferred;
	struct list link;
	struct timer timer;		/* of haste */
	struct dns_name name;
	size_t suffixes;		/* how many may be tried */
	size_t step;			/* which of the names is asked */
	uint16_t port;
	unsigned flags;
	bool exists;			/* one of the names does */
	struct dns_lookup_side sides[DNS_LOOKUP_SIDES];
};

static void dns_lookup_ask(struct dns_lookup *);

static struct dns_lookup_side *
dns_lookup_side_of_waiter(struct dns_waiter *w)
{
	return (struct dns_lookup_side *)((char *)w -
	    offsetof(struct dns_lookup_side, waiter));
}

static struct dns_lookup *
dns_lookup_of_timer(struct timer *t)
{
	return (struct dns_lookup *)((char *)t -
	    offsetof(struct dns_lookup, timer));
}

static struct dns_lookup *
dns_lookup_of_link(struct list *link)
{
	return (struct dns_lookup *)((char *)link -
	    offsetof(struct dns_lookup, link));
}

/* Takes the lookup apart; returns the deferred, still to be fired. */
static struct deferred *
dns_lookup_free(struct dns_lookup *l)
{
	struct deferred *d = l->deferred;
	size_t i;

	for (i = 0; i < DNS_LOOKUP_SIDES; i++)
		dns_waiter_drop(&l->sides[i].waiter);
	reactor_cancel_timer(l->resolver->reactor, &l->timer);
	list_remove(&l->link);
	free(l);
	return d;
}

static void
dns_lookup_finish(struct dns_lookup *l, struct result r)
{
	struct deferred *d = dns_lookup_free(l);

	(void)deferred_finish(&d, r);
}

/* All addresses that have come. */
static void
dns_lookup_succeed(struct dns_lookup *l)
{
	struct address all[DNS_LOOKUP_SIDES * DNS_ADDRESSES_MAX];
	struct dns_lookup_side *side;
	size_t count = 0, s, i;

	for (s = 0; s < DNS_LOOKUP_SIDES; s++) {
		side = &l->sides[s];
		for (i = 0; i < side->count; i++)
			address_from_bytes(&all[count++], side->addresses[i],
			    dns_type_size(side->type), 0, l->port);
	}
	dns_lookup_finish(l, dns_addresses_result(all, count));
}

static void
dns_lookup_fail(struct dns_lookup *l, enum dns_verdict verdict)
{
	static const struct {
		const struct failure_kind *kind;
		const char *before, *behind;	/* the name, in words */
	} failures[] = {
		[DNS_NOTHING] = { &dns_no_such_host, "", " has no address" },
		[DNS_NO_NAME] = { &dns_no_such_host, "", " does not exist" },
		[DNS_UNREACHABLE] = { &dns_no_network,
		    "there is no way to a name server for ", "" },
		[DNS_TIMED_OUT] = { &dns_timeout,
		    "no name server answered in time for ", "" },
		[DNS_FAILED] = { &dns_no_server,
		    "no name server gave an answer for ", "" },
		[DNS_NO_MEMORY] = { &failure_out_of_memory,
		    "no memory or descriptor is left to ask for ", "" },
	};
	char text[DNS_NAME_TEXT];

	dns_name_format(&l->name, text);
	dns_lookup_finish(l, result_failure(failure_new(
	    failures[verdict].kind, "%s%s%s", failures[verdict].before, text,
	    failures[verdict].behind)));
}

/* Both sides are known, or one is and the other is late. */
static void
dns_lookup_settle(struct dns_lookup *l)
{
	const struct dns_lookup_side *s = l->sides;
	enum dns_verdict worst = s[0].verdict > s[1].verdict ? s[0].verdict :
	    s[1].verdict;

	if (s[0].count + s[1].count > 0) {
		dns_lookup_succeed(l);
	} else if (worst >= DNS_UNREACHABLE) {
		dns_lookup_fail(l, worst);
	} else {
		if (worst == DNS_NOTHING)
			l->exists = true;
		l->step++;
		dns_lookup_ask(l);
	}
}

static void
dns_lookup_haste(struct timer *t)
{
	dns_lookup_settle(dns_lookup_of_timer(t));
}

static void
dns_lookup_answered(struct dns_waiter *w, enum dns_verdict verdict,
    const uint8_t *addresses, size_t count)
{
	struct dns_lookup_side *side = dns_lookup_side_of_waiter(w);
	struct dns_lookup *l = side->lookup;

	side->asking = false;
	side->verdict = verdict;
	side->count = count;
	if (count > 0)
		memcpy(side->addresses, addresses,
		    count * sizeof(side->addresses[0]));
	if (!l->sides[0].asking && !l->sides[1].asking)
		dns_lookup_settle(l);
	else if (count > 0 && (l->flags & DNS_HASTY) != 0)
		/* Without memory for the timer it just takes longer. */
		(void)reactor_call_later(l->resolver->reactor, &l->timer,
		    dns_lookup_haste_ns, dns_lookup_haste);
}

/* The name to be asked in this step; false if there is none. */
static bool
dns_lookup_name(const struct dns_lookup *l, struct dns_name *name)
{
	const struct dns_config *c = &l->resolver->config;
	bool alone_first = dns_name_labels(&l->name) > c->ndots;
	size_t alone = alone_first ? 0 : l->suffixes;
	size_t suffix = alone_first ? l->step - 1 : l->step;

	*name = l->name;
	if (l->step == alone)
		return true;
	return l->step <= l->suffixes &&
	    dns_name_append(name, &c->suffixes[suffix]) == 0;
}

/*
 * Asks for the name of this step, or ends if all were asked.  Answers that
 * are known come before dns_ask returns; the last of them may free `l`.
 */
static void
dns_lookup_ask(struct dns_lookup *l)
{
	static const unsigned family[] = { DNS_IPV6, DNS_IPV4 };
	struct dns_asker *asker = &l->resolver->asker;
	struct dns_question question;
	struct dns_lookup_side *first = &l->sides[0], *second = &l->sides[1];

	while (!dns_lookup_name(l, &question.name)) {
		if (l->step++ > l->suffixes) {
			dns_lookup_fail(l, l->exists ? DNS_NOTHING :
			    DNS_NO_NAME);
			return;
		}
	}
	first->asking = (l->flags & family[0]) != 0;
	second->asking = (l->flags & family[1]) != 0;
	if (first->asking && second->asking) {
		question.type = first->type;
		dns_ask(asker, &question, &first->waiter);
		question.type = second->type;
		dns_ask(asker, &question, &second->waiter);
		return;
	}
	if (second->asking)
		first = second;
	question.type = first->type;
	dns_ask(asker, &question, &first->waiter);
}

static enum deferred_cancelling
dns_lookup_cancel(void *ctx, struct deferred *d)
{
	(void)d;
	deferred_release(dns_lookup_free(ctx));
	return DEFERRED_STOPPED;
}

void
dns_lookup_cancel_first(struct dns_resolver *r)
{
	dns_lookup_finish(dns_lookup_of_link(r->lookups.next),
	    result_failure(&deferred_was_cancelled));
}

struct deferred *
dns_lookup_begin(struct dns_resolver *r, const struct dns_name *name,
    bool absolute, uint16_t port, unsigned flags)
{
	static const uint16_t types[] = { DNS_TYPE_AAAA, DNS_TYPE_A };
	struct dns_lookup *l = calloc(1, sizeof(*l));
	struct deferred *d = NULL;
	size_t i;

	if (l != NULL)
		d = deferred_new(dns_lookup_cancel, l);
	if (d == NULL) {
		free(l);
		return NULL;
	}
	l->resolver = r;
	l->deferred = d;
	l->name = *name;
	l->suffixes = absolute ? 0 : r->config.suffix_count;
	l->port = port;
	l->flags = flags;
	for (i = 0; i < DNS_LOOKUP_SIDES; i++) {
		l->sides[i].lookup = l;
		l->sides[i].type = types[i];
		l->sides[i].waiter.answered = dns_lookup_answered;
		list_init(&l->sides[i].waiter.link);
	}
	list_append(&r->lookups, &l->link);
	deferred_ref(d);
	dns_lookup_ask(l);
	return d;
}
