/*
 * resolver.c - see resolver.h.
 *
 * Answers that need no name server are given at once.  For all others there
 * is a lookup, which asks for one name after the other, both families side by
 * side, until one of the names has an address.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "resolver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/reactor.h"
#include "ask.h"

const struct defer_failure_kind dns_failure = { "dns", NULL };
const struct defer_failure_kind dns_no_such_host =
    { "no-such-host", &dns_failure };
const struct defer_failure_kind dns_no_server = { "no-dns", &dns_failure };
const struct defer_failure_kind dns_timeout = { "dns-timeout", &dns_no_server };
const struct defer_failure_kind dns_no_network = { "no-network", &dns_failure };

const struct defer_result_type dns_addresses_type = {
	.name = "dns addresses",
	.destroy = free,
};

enum {
	DNS_RESOLVER_HOSTS_MAX = 64,	/* addresses of one name in hosts */
	DNS_LOOKUP_SIDES = 2
};

static const uint64_t dns_lookup_haste_ns = 50000000;

/* The two questions about a name, in the order of RFC 8305 section 3. */
static const struct {
	unsigned family;
	uint16_t type;
} dns_lookup_side[DNS_LOOKUP_SIDES] = {
	{ DNS_IPV6, DNS_TYPE_AAAA },
	{ DNS_IPV4, DNS_TYPE_A },
};

struct dns_resolver {
	struct reactor *reactor;
	const struct dns_hosts *hosts;	/* or NULL */
	struct reactor_list lookups;	/* under way */
	bool closing;
	struct dns_config config;
	struct dns_asker *asker;
};

/*
 * A lookup under way, which lives as long as its deferred.  The names to be
 * asked are numbered: with s suffixes there are the name alone and s longer
 * ones.
 */
struct dns_lookup {
	struct deferred deferred;	/* first: free(3) takes it for all */
	struct dns_resolver *resolver;
	struct reactor_list link;
	struct reactor_timer timer;	/* of haste */
	size_t suffixes;		/* how many may be tried */
	size_t step;			/* which of the names is asked */
	uint16_t port;
	unsigned flags;
	bool exists;			/* one of the names does */
	bool failed;			/* no answer for one of the names */
	unsigned asking;		/* how many waiters wait */
	enum dns_verdict worst;		/* of this step's answers */
	struct dns_waiter waiters[DNS_LOOKUP_SIDES];
	struct {
		size_t count;
		const uint8_t (*at)[16];	/* type A: the first 4 */
	} found[DNS_LOOKUP_SIDES];
	void *kept;		/* addresses found while the others are asked */
	uint8_t name_len;
	uint8_t name[];			/* as struct dns_name has it */
};

/* ---- special names ---- */

/* This machine, and names that are never to be asked for. */
static const struct dns_name dns_resolver_localhost = { 11, "\11localhost" };
static const struct dns_name dns_resolver_onion = { 7, "\5onion" };
static const struct dns_name dns_resolver_invalid = { 9, "\7invalid" };

/* RFC 6761 and RFC 7686. */
static bool
dns_resolver_is_special(const struct dns_name *n)
{
	return dns_name_is_within(n, &dns_resolver_localhost) ||
	    dns_name_is_within(n, &dns_resolver_onion) ||
	    dns_name_is_within(n, &dns_resolver_invalid);
}

/* ---- lists of addresses ---- */

/* The next address of the family at or behind `at`. */
static size_t
dns_addresses_next(const struct reactor_address *from, size_t count, size_t at,
    int family)
{
	while (at < count && reactor_address_family(&from[at]) != family)
		at++;
	return at;
}

/*
 * A list of those addresses that the flags want, in the order in which to
 * try them; or the failure that memory is out.
 */
static struct defer_result
dns_addresses_result(const struct reactor_address *from, size_t count,
    unsigned flags)
{
	struct dns_addresses *list;
	size_t six = (flags & DNS_IPV6) != 0 ? 0 : count;
	size_t four = (flags & DNS_IPV4) != 0 ? 0 : count;

	list = malloc(sizeof(*list) + count * sizeof(*from));
	if (list == NULL)
		return defer_result_failure(&defer_failure_no_memory);
	list->count = 0;
	list->at = (struct reactor_address *)(list + 1);
	while (six < count || four < count) {
		six = dns_addresses_next(from, count, six, AF_INET6);
		if (six < count)
			list->at[list->count++] = from[six++];
		four = dns_addresses_next(from, count, four, AF_INET);
		if (four < count)
			list->at[list->count++] = from[four++];
	}
	return defer_result_value(&dns_addresses_type, list);
}

/* The name that is looked up. */
static void
dns_lookup_get_name(const struct dns_lookup *l, struct dns_name *name)
{
	name->len = l->name_len;
	memcpy(name->at, l->name, l->name_len);
}

/* ---- a lookup: its end ---- */

/* Ends the asking; the deferred, still to be fired, is ours to release. */
static void
dns_lookup_end(struct dns_lookup *l)
{
	size_t i;

	for (i = 0; i < DNS_LOOKUP_SIDES; i++)
		reactor_list_remove(&l->waiters[i].link);
	free(l->kept);
	reactor_cancel_timer(&l->timer);
	reactor_list_remove(&l->link);
}

static void
dns_lookup_finish(struct dns_lookup *l, struct defer_result r)
{
	struct deferred *d = &l->deferred;

	dns_lookup_end(l);
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
	struct dns_name name;
	char text[DNS_NAME_TEXT];

	dns_lookup_get_name(l, &name);
	dns_name_format(&name, text);
	dns_lookup_finish(l, defer_result_failure(defer_failure_new(
	    failures[verdict].kind, "%s%s%s", failures[verdict].before, text,
	    failures[verdict].behind)));
}

static enum deferred_cancelling
dns_lookup_cancel(void *ctx, struct deferred *d)
{
	dns_lookup_end(ctx);
	deferred_release(d);
	return DEFERRED_STOPPED;
}

/* ---- a lookup: one name after the other ---- */

/* How many labels the name has: 3 for www.example.com. */
static size_t
dns_lookup_labels(const struct dns_name *n)
{
	size_t count = 0, at;

	for (at = 0; n->at[at] != 0; at += 1u + n->at[at])
		count++;
	return count;
}

/* The name to be asked in this step; false if there is none. */
static bool
dns_lookup_name(const struct dns_lookup *l, struct dns_name *name)
{
	const struct dns_config *c = &l->resolver->config;
	size_t alone, suffix;
	bool alone_first;

	dns_lookup_get_name(l, name);
	alone_first = dns_lookup_labels(name) > c->ndots;
	alone = alone_first ? 0 : l->suffixes;
	suffix = alone_first ? l->step - 1 : l->step;
	if (l->step == alone)
		return true;
	return l->step <= l->suffixes &&
	    dns_name_append(name, &c->suffixes[suffix]) == 0 &&
	    !dns_resolver_is_special(name);
}

/*
 * Asks for the name of this step, or ends if all were asked.  Answers that
 * are known come before dns_ask returns; the last of them may free `l`.
 */
static void
dns_lookup_ask(struct dns_lookup *l)
{
	struct dns_asker *asker = l->resolver->asker;
	struct dns_question question;
	unsigned flags = l->flags;
	size_t i;

	while (!dns_lookup_name(l, &question.name)) {
		if (l->step++ > l->suffixes) {
			dns_lookup_fail(l, l->failed ? DNS_FAILED :
			    l->exists ? DNS_NOTHING : DNS_NO_NAME);
			return;
		}
	}
	l->worst = DNS_FOUND;
	l->asking = (flags & DNS_IPV6) != 0 && (flags & DNS_IPV4) != 0 ? 2 : 1;
	for (i = 0; i < DNS_LOOKUP_SIDES; i++) {
		if ((flags & dns_lookup_side[i].family) == 0)
			continue;
		question.type = dns_lookup_side[i].type;
		l->waiters[i].aliases = 0;
		dns_ask(asker, &question, &l->waiters[i]);
	}
}

/* Succeeds with the addresses that were found. */
static void
dns_lookup_succeed(struct dns_lookup *l)
{
	struct reactor_address found[DNS_LOOKUP_SIDES * DNS_ADDRESSES_MAX];
	size_t count = 0, side, i;

	for (side = 0; side < DNS_LOOKUP_SIDES; side++)
		for (i = 0; i < l->found[side].count; i++)
			reactor_address_from_bytes(&found[count++],
			    l->found[side].at[i],
			    dns_type_size(dns_lookup_side[side].type), 0,
			    l->port);
	dns_lookup_finish(l, dns_addresses_result(found, count, l->flags));
}

/*
 * Ends this step: both answers are known, or the second is late.  A name for
 * which the servers can or will not answer does not hide that the next one
 * has addresses.  Silence does: each name more would take as long again.
 */
static void
dns_lookup_settle(struct dns_lookup *l)
{
	if (l->found[0].count > 0 || l->found[1].count > 0) {
		dns_lookup_succeed(l);
	} else if (l->worst >= DNS_UNREACHABLE && l->worst != DNS_FAILED) {
		dns_lookup_fail(l, l->worst);
	} else {
		l->failed |= l->worst == DNS_FAILED;
		l->exists |= l->worst == DNS_NOTHING;
		l->step++;
		dns_lookup_ask(l);
	}
}

static void
dns_lookup_haste(struct reactor_timer *t)
{
	dns_lookup_settle(reactor_container_of(t, struct dns_lookup, timer));
}

static void dns_lookup_answered(struct dns_waiter *, enum dns_verdict,
    const uint8_t *, size_t);

/* The name is an alias of another, of `len` octets: asks for that one. */
static void
dns_lookup_follow(struct dns_lookup *l, struct dns_waiter *w,
    const uint8_t *at, size_t len)
{
	struct dns_question question = {
		.name.len = (uint8_t)len,
		.type = dns_lookup_side[w - l->waiters].type,
	};

	memcpy(question.name.at, at, len);
	if (dns_resolver_is_special(&question.name))
		dns_lookup_answered(w, DNS_NO_NAME, NULL, 0);
	else
		dns_ask(l->resolver->asker, &question, w);
}

/*
 * Takes down the addresses of one family; false if there is no memory.  The
 * last answer is used at once, where it is borrowed.
 */
static bool
dns_lookup_note(struct dns_lookup *l, size_t side, const uint8_t *at,
    size_t count)
{
	size_t size = count * sizeof(l->found[side].at[0]);

	if (l->asking > 0) {
		l->kept = malloc(size);
		if (l->kept == NULL)
			return false;
		at = memcpy(l->kept, at, size);
	}
	l->found[side].at = (const uint8_t (*)[16])at;
	l->found[side].count = count;
	return true;
}

static void
dns_lookup_answered(struct dns_waiter *w, enum dns_verdict verdict,
    const uint8_t *at, size_t count)
{
	struct dns_lookup *l = w->ctx;
	size_t side = (size_t)(w - l->waiters);

	if (w->aliases > DNS_ALIASES_MAX) {
		verdict = DNS_FAILED;
		count = 0;
	} else if (verdict == DNS_ALIAS) {
		dns_lookup_follow(l, w, at, count);
		return;
	}
	l->asking--;
	if (count > 0 && !dns_lookup_note(l, side, at, count))
		verdict = DNS_NO_MEMORY;
	if (verdict > l->worst)
		l->worst = verdict;
	if (l->asking == 0)
		dns_lookup_settle(l);
	else if (l->found[side].count > 0 && (l->flags & DNS_HASTY) != 0)
		reactor_call_later(l->resolver->reactor, &l->timer,
		    dns_lookup_haste_ns, dns_lookup_haste);
}

/*
 * Begins to ask for a name; with `absolute` no suffix is tried.  NULL if
 * there is no memory.
 */
static struct deferred *
dns_lookup_begin(struct dns_resolver *r, const struct dns_name *name,
    bool absolute, uint16_t port, unsigned flags)
{
	struct dns_lookup *l = malloc(sizeof(*l) + name->len);
	size_t i;

	if (l == NULL)
		return NULL;
	*l = (struct dns_lookup){
		.resolver = r, .name_len = name->len,
		.suffixes = absolute ? 0 : r->config.suffix_count,
		.port = port, .flags = flags,
	};
	deferred_init(&l->deferred, dns_lookup_cancel, l, NULL);
	memcpy(l->name, name->at, name->len);
	for (i = 0; i < DNS_LOOKUP_SIDES; i++) {
		l->waiters[i].answered = dns_lookup_answered;
		l->waiters[i].ctx = l;
		reactor_list_init(&l->waiters[i].link);
	}
	reactor_list_append(&r->lookups, &l->link);
	deferred_ref(&l->deferred);
	dns_lookup_ask(l);
	return &l->deferred;
}

/* ---- answers that need no name server ---- */

/* The failure that the name has no address; `what` is wrong with it. */
static struct defer_result
dns_resolver_no_such_host(const char *name, size_t len, const char *what)
{
	int shown = len > DNS_NAME_MAX ? DNS_NAME_MAX : (int)len;

	return defer_result_failure(
	    defer_failure_new(&dns_no_such_host, "%.*s %s", shown, name, what));
}

/* The addresses wanted among those given, or that there are none. */
static struct defer_result
dns_resolver_select(const char *name, size_t len,
    const struct reactor_address *from, size_t count, unsigned flags)
{
	struct defer_result r = dns_addresses_result(from, count, flags);
	const struct dns_addresses *list =
	    defer_result_get(r, &dns_addresses_type);

	if (list == NULL || list->count > 0)
		return r;
	defer_result_destroy(r);
	return dns_resolver_no_such_host(name, len,
	    "has no address of that family");
}

/* Looks into the hosts file; returns how many addresses are there. */
static size_t
dns_resolver_hosts(const struct dns_resolver *r, const char *name, size_t len,
    uint16_t port, struct reactor_address at[DNS_RESOLVER_HOSTS_MAX])
{
	const struct dns_hosts_entry *entry;
	size_t found, count = 0;

	if (r->hosts == NULL)
		return 0;
	found = dns_hosts_find(r->hosts, name, len, &entry);
	for (; found > 0 && count < DNS_RESOLVER_HOSTS_MAX; found--, entry++)
		if (reactor_address_parse(&at[count], entry->address,
		    entry->address_len, port) == 0)
			count++;
	return count;
}

/* The two addresses of this machine (RFC 6761 section 6.3). */
static size_t
dns_resolver_loopback(uint16_t port, struct reactor_address at[2])
{
	(void)reactor_address_parse(&at[0], "::1", 3, port);
	(void)reactor_address_parse(&at[1], "127.0.0.1", 9, port);
	return 2;
}

/*
 * Looks up a name that is no literal: in the hosts file, among the special
 * names, or with the name servers.
 */
static struct deferred *
dns_resolve_name(struct dns_resolver *r, const char *name, size_t len,
    uint16_t port, unsigned flags)
{
	struct reactor_address found[DNS_RESOLVER_HOSTS_MAX];
	struct dns_name n;
	size_t count;

	if (dns_name_from_text(&n, name, len) < 0)
		return deferred_of(dns_resolver_no_such_host(name, len,
		    "cannot be the name of a host"));
	count = dns_resolver_hosts(r, name, len, port, found);
	if (count == 0 && dns_name_is_within(&n, &dns_resolver_localhost))
		count = dns_resolver_loopback(port, found);
	if (count > 0)
		return deferred_of(dns_resolver_select(name, len, found,
		    count, flags));
	if (dns_resolver_is_special(&n))
		return deferred_of(dns_resolver_no_such_host(name, len,
		    "is not a name in the DNS"));
	return dns_lookup_begin(r, &n, name[len - 1] == '.', port, flags);
}

/*
 * Reads a numeric address without a port of its own.  That ends in a digit or
 * has a colon, as few names do: the others need not be read for it.
 */
static bool
dns_resolver_read_literal(struct reactor_address *a, const char *name,
    size_t len)
{
	if (len == 0 || ((name[len - 1] < '0' || name[len - 1] > '9') &&
	    memchr(name, ':', len) == NULL))
		return false;
	return reactor_address_parse(a, name, len, 0) == 0 &&
	    reactor_address_port(a) == 0;
}

/* ---- the resolver ---- */

struct deferred *
dns_resolve(struct dns_resolver *r, const char *name, size_t len,
    uint16_t port, unsigned flags)
{
	struct reactor_address literal;

	if ((flags & (DNS_IPV4 | DNS_IPV6)) == 0)
		flags |= DNS_IPV4 | DNS_IPV6;
	if (r->closing)
		return deferred_of(
		    defer_result_failure(&deferred_was_cancelled));
	if (!dns_resolver_read_literal(&literal, name, len))
		return dns_resolve_name(r, name, len, port, flags);
	reactor_address_set_port(&literal, port);
	return deferred_of(dns_resolver_select(name, len, &literal, 1, flags));
}

int
dns_resolver_new(struct dns_resolver **out, struct reactor *reactor,
    const struct dns_config *config, const struct dns_hosts *hosts)
{
	struct dns_resolver *r = calloc(1, sizeof(*r));
	int error;

	if (r == NULL)
		return -ENOMEM;
	r->reactor = reactor;
	r->hosts = hosts;
	r->config = *config;
	reactor_list_init(&r->lookups);
	error = dns_asker_new(&r->asker, reactor, &r->config);
	if (error < 0)
		free(r);
	else
		*out = r;
	return error;
}

struct reactor *
dns_resolver_reactor(const struct dns_resolver *r)
{
	return r->reactor;
}

void
dns_resolver_free(struct dns_resolver *r)
{
	r->closing = true;
	while (!reactor_list_is_empty(&r->lookups))
		dns_lookup_finish(reactor_container_of(r->lookups.next,
		    struct dns_lookup, link),
		    defer_result_failure(&deferred_was_cancelled));
	dns_asker_free(r->asker);
	free(r);
}
