/*
 * lookup.c - see lookup.h.
 *
 * The names to be asked are numbered: with a search list of s suffixes, the
 * name alone and s longer ones.  The one that has the answer ends it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "lookup.h"

#include <stdlib.h>

static const uint64_t dns_lookup_haste_ns = 50000000;

enum { DNS_LOOKUP_SIDES = 2 };

/* The two questions about a name, in the order of RFC 8305 section 3. */
static const struct {
	unsigned family;
	uint16_t type;
} dns_lookup_side[DNS_LOOKUP_SIDES] = {
	{ DNS_IPV6, DNS_TYPE_AAAA },
	{ DNS_IPV4, DNS_TYPE_A },
};

/* A lookup under way. */
struct dns_lookup {
	struct dns_resolver *resolver;
	struct deferred *deferred;
	struct reactor_list link;
	struct reactor_timer timer;		/* of haste */
	struct dns_name name;
	size_t suffixes;		/* how many may be tried */
	size_t step;			/* which of the names is asked */
	uint16_t port;
	unsigned flags;
	bool exists;			/* one of the names does */
	unsigned asking;		/* how many waiters wait */
	enum dns_verdict worst;		/* of this step's answers */
	size_t count;
	struct reactor_address found[DNS_LOOKUP_SIDES * DNS_ADDRESSES_MAX];
	struct dns_waiter waiters[DNS_LOOKUP_SIDES];
};

static void dns_lookup_ask(struct dns_lookup *);

/* Takes the lookup apart; returns the deferred, still to be fired. */
static struct deferred *
dns_lookup_free(struct dns_lookup *l)
{
	struct deferred *d = l->deferred;
	size_t i;

	for (i = 0; i < DNS_LOOKUP_SIDES; i++)
		reactor_list_remove(&l->waiters[i].link);
	reactor_cancel_timer(&l->timer);
	reactor_list_remove(&l->link);
	free(l);
	return d;
}

static void
dns_lookup_finish(struct dns_lookup *l, struct defer_result r)
{
	struct deferred *d = dns_lookup_free(l);

	(void)deferred_finish(&d, r);
}

static void
dns_lookup_fail(struct dns_lookup *l, enum dns_verdict verdict)
{
	static const struct {
		const struct defer_failure_kind *kind;
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
		[DNS_NO_MEMORY] = { &defer_failure_out_of_memory,
		    "no memory or descriptor is left to ask for ", "" },
	};
	char text[DNS_NAME_TEXT];

	dns_name_format(&l->name, text);
	dns_lookup_finish(l, defer_result_failure(defer_failure_new(
	    failures[verdict].kind, "%s%s%s", failures[verdict].before, text,
	    failures[verdict].behind)));
}

/* Both sides are known, or one is and the other is late. */
static void
dns_lookup_settle(struct dns_lookup *l)
{
	if (l->count > 0) {
		dns_lookup_finish(l, dns_addresses_result(l->found, l->count,
		    l->flags));
	} else if (l->worst >= DNS_UNREACHABLE) {
		dns_lookup_fail(l, l->worst);
	} else {
		if (l->worst == DNS_NOTHING)
			l->exists = true;
		l->step++;
		dns_lookup_ask(l);
	}
}

static void
dns_lookup_haste(struct reactor_timer *t)
{
	dns_lookup_settle((struct dns_lookup *)((char *)t -
	    offsetof(struct dns_lookup, timer)));
}

static void
dns_lookup_answered(struct dns_waiter *w, enum dns_verdict verdict,
    const uint8_t *addresses, size_t count)
{
	struct dns_lookup *l = w->ctx;
	size_t size = dns_type_size(dns_lookup_side[w - l->waiters].type), i;

	for (i = 0; i < count; i++)
		reactor_address_from_bytes(&l->found[l->count++],
		    addresses + 16 * i, size, 0, l->port);
	if (verdict > l->worst)
		l->worst = verdict;
	if (--l->asking == 0)
		dns_lookup_settle(l);
	else if (count > 0 && (l->flags & DNS_HASTY) != 0)
		reactor_call_later(l->resolver->reactor, &l->timer,
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
	struct dns_asker *asker = &l->resolver->asker;
	struct dns_question question;
	unsigned flags = l->flags;
	size_t i;

	while (!dns_lookup_name(l, &question.name)) {
		if (l->step++ > l->suffixes) {
			dns_lookup_fail(l, l->exists ? DNS_NOTHING :
			    DNS_NO_NAME);
			return;
		}
	}
	l->worst = DNS_FOUND;
	l->asking = (flags & DNS_IPV6) != 0 && (flags & DNS_IPV4) != 0 ? 2 : 1;
	for (i = 0; i < DNS_LOOKUP_SIDES; i++) {
		if ((flags & dns_lookup_side[i].family) == 0)
			continue;
		question.type = dns_lookup_side[i].type;
		dns_ask(asker, &question, &l->waiters[i]);
	}
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
	dns_lookup_finish((struct dns_lookup *)((char *)r->lookups.next -
	    offsetof(struct dns_lookup, link)),
	    defer_result_failure(&deferred_was_cancelled));
}

struct deferred *
dns_lookup_begin(struct dns_resolver *r, const struct dns_name *name,
    bool absolute, uint16_t port, unsigned flags)
{
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
		l->waiters[i].answered = dns_lookup_answered;
		l->waiters[i].ctx = l;
		reactor_list_init(&l->waiters[i].link);
	}
	reactor_list_append(&r->lookups, &l->link);
	deferred_ref(d);
	dns_lookup_ask(l);
	return d;
}
