/*
 * dns_connect.c - see dns_connect.h.
 *
 * When the lookup has addresses, its first callback begins a race between
 * them, and waits for it.  A race is a row of attempts, each of which is a
 * protocol.  An attempt that is dropped lives on without its race until the
 * reactor has called its connection_lost or connect_failed.
 *
 * The race is one of TCP connections.  With TLS the winner is, alone, an
 * attempt once more: its protocol is that of the TLS connection, until this
 * is made as well.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns_connect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../defer/failure_detail.h"
#include "../reactor/connect.h"
#include "../reactor/reactor.h"
#include "../reactor/tls.h"
#include "../reactor/words.h"

const struct defer_failure_kind dns_connect_failure = { "connect", NULL };
const struct defer_failure_kind dns_connect_no_network =
    { "no-network", &dns_connect_failure };
const struct defer_failure_kind dns_connect_no_route =
    { "no-route", &dns_connect_failure };
const struct defer_failure_kind dns_connect_forbidden =
    { "forbidden", &dns_connect_no_route };
const struct defer_failure_kind dns_connect_timeout =
    { "timeout", &dns_connect_failure };
const struct defer_failure_kind dns_connect_refused =
    { "refused", &dns_connect_failure };
const struct defer_failure_kind dns_connect_reset =
    { "reset", &dns_connect_failure };
const struct defer_failure_kind dns_connect_tls =
    { "tls", &dns_connect_failure };
const struct defer_failure_kind dns_connect_other =
    { "other", &dns_connect_failure };

static const uint64_t dns_connect_timeout_ns = UINT64_C(10000000000);
static const uint64_t dns_connect_stagger_ns = 250000000;

/* One call of dns_connect. */
struct dns_race {
	struct reactor *reactor;
	struct protocol *protocol;	/* the caller's */
	struct deferred *deferred;	/* to be fired; NULL: cancelled */
	struct dns_connect_options options;
	struct dns_addresses *addresses;
	size_t next;			/* the one to be tried next */
	struct reactor_list attempts;	/* under way */
	struct reactor_timer timer;	/* for the next attempt */
	bool won;			/* a connection was made */
	int error;			/* of the attempt that got furthest */
	struct reactor_address error_at;
	struct reactor_tls_peer peer;	/* with TLS: who it is */
	char host[];			/* its name */
};

/* One attempt. */
struct dns_attempt {
	struct protocol protocol;
	struct dns_race *race;		/* NULL: nobody cares any more */
	struct reactor_list link;
	struct reactor_address to;
	uint64_t begun_ns;
	bool shaking_hands;		/* the protocol is that of TLS */
};

/* ---- which attempt got furthest ---- */

enum { DNS_CONNECT_OTHER = 4 };

/* Instead of an errno: the address is not allowed. */
enum { DNS_CONNECT_E_FORBIDDEN = -2901 };

/* The errors of attempts, from those that got nowhere to the furthest. */
static const struct {
	int error;
	const struct defer_failure_kind *kind;
} dns_connect_reached[] = {
	{ DNS_CONNECT_E_FORBIDDEN, &dns_connect_forbidden },
	{ -ENETUNREACH, &dns_connect_no_network },
	{ -ENETDOWN, &dns_connect_no_network },
	{ -EAFNOSUPPORT, &dns_connect_no_network },
	[DNS_CONNECT_OTHER] = { 0, &dns_connect_other },
	{ -EHOSTUNREACH, &dns_connect_no_route },
	{ -ETIMEDOUT, &dns_connect_timeout },
	{ -ECONNREFUSED, &dns_connect_refused },
	{ -ECONNRESET, &dns_connect_reset },
};

/* The place of an error in that table. */
static size_t
dns_connect_reach(int error)
{
	size_t count = sizeof(dns_connect_reached) /
	    sizeof(dns_connect_reached[0]), i;

	for (i = 0; i < count; i++)
		if (dns_connect_reached[i].error == error)
			return i;
	return DNS_CONNECT_OTHER;
}

/* Tells whoever wants to know which address it is. */
static void
dns_race_set_address(const struct dns_race *race,
    const struct reactor_address *at)
{
	if (race->options.address != NULL)
		reactor_address_format_port(at, race->options.address);
}

/* The failure of the attempt that got furthest. */
static const struct defer_failure *
dns_race_failure(const struct dns_race *race)
{
	char text[REACTOR_ADDRESS_TEXT];

	if (race->error == -ENOMEM)
		return &defer_failure_no_memory;
	dns_race_set_address(race, &race->error_at);
	reactor_address_format_port(&race->error_at, text);
	if (race->error == DNS_CONNECT_E_FORBIDDEN)
		return defer_failure_set_code(defer_failure_new(
		    &dns_connect_forbidden,
		    "%s: this address is not allowed", text), EACCES);
	return defer_failure_set_code(defer_failure_new(
	    dns_connect_reached[dns_connect_reach(race->error)].kind,
	    "%s: %s", text, reactor_strerror(race->error)), -race->error);
}

/*
 * One that is not of TLS itself is that of a connection which was lost too
 * early.
 */
const struct defer_failure *
dns_connect_handshake_failure(struct transport *t, const char *peer, int error)
{
	const struct defer_failure_kind *kind = &dns_connect_tls;
	bool known = reactor_tls_strerror(error) != NULL;
	long code = -error;

	if (error == -ENOMEM)
		return &defer_failure_no_memory;
	if (error == REACTOR_TLS_E_TIMEOUT || error == -ETIMEDOUT) {
		kind = &dns_connect_timeout;
		code = ETIMEDOUT;
	} else if (!known) {
		kind = dns_connect_reached[dns_connect_reach(error)].kind;
	}
	return defer_failure_set_code(defer_failure_new(kind, "%s: %s%s",
	    peer, known ? "" : "TLS handshake: ", transport_reason(t)), code);
}

/* Keeps an attempt's error if no other attempt got further. */
static void
dns_race_note(struct dns_race *race, int error,
    const struct reactor_address *at)
{
	if (race->error != 0 &&
	    dns_connect_reach(error) <= dns_connect_reach(race->error))
		return;
	race->error = error;
	race->error_at = *at;
}

/* ---- the end of a race ---- */

/* Stops all attempts and the timer. */
static void
dns_race_stop(struct dns_race *race)
{
	struct dns_attempt *a;
	struct reactor_list *link;

	reactor_cancel_timer(&race->timer);
	while ((link = reactor_list_take_first(&race->attempts)) != NULL) {
		a = reactor_container_of(link, struct dns_attempt, link);
		a->race = NULL;
		transport_abort_connection(a->protocol.transport);
	}
}

/* Frees the race and fires its deferred, unless that was cancelled. */
static void
dns_race_end(struct dns_race *race, struct defer_result r)
{
	struct deferred *d = race->deferred;

	dns_race_stop(race);
	free(race->addresses);
	free(race);
	(void)deferred_finish(&d, r);
}

/* ---- one attempt ---- */

static void dns_race_go_on(struct dns_race *);

/* Tells whoever wants to know how far it is. */
static void
dns_race_set_phase(const struct dns_race *race, enum dns_connect_phase phase)
{
	if (race->options.phase != NULL)
		*race->options.phase = phase;
	if (race->options.since_ns != NULL)
		race->options.since_ns[phase] = reactor_now_ns(race->reactor);
}

/* The attempt has won: the caller's protocol gets its transport. */
static void
dns_attempt_hand_over(struct dns_attempt *a)
{
	struct dns_race *race = a->race;
	struct protocol *winner = race->protocol;

	reactor_list_remove(&a->link);
	race->won = true;
	transport_set_protocol(a->protocol.transport, winner);
	free(a);
	winner->ops->connection_made(winner);
	dns_race_end(race, defer_result_none());
}

/* The attempt has won, and goes on with TLS, in the time that it has left. */
static void
dns_attempt_shake_hands(struct dns_attempt *a)
{
	struct dns_race *race = a->race;
	uint64_t spent = reactor_now_ns(race->reactor) - a->begun_ns;
	uint64_t most = race->options.timeout_ns;

	race->peer.timeout_ns = spent < most ? most - spent : 1;
	if (reactor_tls_start(race->options.tls, &race->peer,
	    a->protocol.transport, &a->protocol) < 0) {
		dns_race_end(race, defer_result_failure(NULL));
		return;
	}
	a->shaking_hands = true;
	dns_race_set_phase(race, DNS_CONNECT_SHAKING_HANDS);
}

/*
 * The race is still there, since it ends with its first connection, and an
 * attempt that was dropped is never told that it has one.
 */
static void
dns_attempt_connection_made(struct protocol *p)
{
	struct dns_attempt *a =
	    reactor_container_of(p, struct dns_attempt, protocol);
	struct dns_race *race = a->race;

	reactor_list_remove(&a->link);
	dns_race_stop(race);
	dns_race_set_address(race, &a->to);
	reactor_list_append(&race->attempts, &a->link);
	if (race->options.tls != NULL && !a->shaking_hands)
		dns_attempt_shake_hands(a);
	else
		dns_attempt_hand_over(a);
}

static void
dns_attempt_failed(struct protocol *p, int error)
{
	struct dns_attempt *a =
	    reactor_container_of(p, struct dns_attempt, protocol);
	struct dns_race *race = a->race;
	char text[REACTOR_ADDRESS_TEXT];

	reactor_list_remove(&a->link);
	if (race != NULL && a->shaking_hands)
		dns_race_end(race, defer_result_failure(
		    dns_connect_handshake_failure(p->transport,
		    reactor_address_format_port(&a->to, text), error)));
	else if (race != NULL)
		dns_race_note(race, error, &a->to);
	if (race != NULL && !a->shaking_hands)
		dns_race_go_on(race);
	free(a);
}

/* No data_received: connection_made hands the transport over. */
static const struct protocol_ops dns_attempt_ops = {
	.connection_made = dns_attempt_connection_made,
	.connection_lost = dns_attempt_failed,
	.connect_failed = dns_attempt_failed,
};

/* Begins one attempt. */
static int
dns_attempt_begin(struct dns_race *race, const struct reactor_address *to)
{
	const struct reactor_connect_options options = {
		.timeout_ns = race->options.timeout_ns,
	};
	struct dns_attempt *a;
	int error;

	if (race->options.allowed != NULL && !race->options.allowed(to))
		return DNS_CONNECT_E_FORBIDDEN;
	a = calloc(1, sizeof(*a));
	if (a == NULL)
		return -ENOMEM;
	a->protocol.ops = &dns_attempt_ops;
	a->race = race;
	a->to = *to;
	a->begun_ns = reactor_now_ns(race->reactor);
	dns_race_set_address(race, to);
	error = reactor_connect(race->reactor, to, &options, &a->protocol);
	if (error < 0)
		free(a);
	else
		reactor_list_append(&race->attempts, &a->link);
	return error;
}

/* ---- the race ---- */

static void
dns_race_next_is_due(struct reactor_timer *t)
{
	dns_race_go_on(reactor_container_of(t, struct dns_race, timer));
}

/*
 * Begins the attempt at the next address, and sets the timer for the one
 * after it.  The race fails when nothing is under way and no address is left.
 */
static void
dns_race_go_on(struct dns_race *race)
{
	const struct reactor_address *to;
	int error = -1;			/* none has begun yet */

	while (error < 0 && race->next < race->addresses->count) {
		to = &race->addresses->at[race->next++];
		error = dns_attempt_begin(race, to);
		if (error < 0)
			dns_race_note(race, error, to);
	}
	if (reactor_list_is_empty(&race->attempts))
		dns_race_end(race,
		    defer_result_failure(dns_race_failure(race)));
	else if (race->next < race->addresses->count)
		reactor_call_later(race->reactor, &race->timer,
		    race->options.stagger_ns, dns_race_next_is_due);
}

static enum deferred_cancelling
dns_race_cancel(void *ctx, struct deferred *d)
{
	struct dns_race *race = ctx;

	race->deferred = NULL;
	if (race->won)
		/* Called by connection_made; the race ends when it returns. */
		transport_abort_connection(race->protocol->transport);
	else
		dns_race_end(race, defer_result_none());
	deferred_release(d);
	return DEFERRED_STOPPED;
}

/* Callback: the name has addresses; waits for the race between them. */
static struct defer_result
dns_race_begin(void *ctx, struct defer_result in)
{
	struct dns_race *race = ctx;
	struct deferred *d = deferred_new(dns_race_cancel, race);

	dns_race_set_phase(race, DNS_CONNECT_CONNECTING);
	race->addresses = in.value;
	race->deferred = deferred_ref(d);
	if (d == NULL)
		dns_race_end(race, defer_result_none());
	else
		dns_race_go_on(race);
	return defer_result_deferred(d);
}

/* Errback: the name has none; the lookup's failure is the caller's. */
static struct defer_result
dns_race_cannot_begin(void *ctx, struct defer_result in)
{
	free(ctx);
	return in;
}

/* Who must be at the other end. */
static void
dns_race_set_peer(struct dns_race *race, const char *name, size_t len,
    uint16_t port)
{
	if (len > 0)
		memcpy(race->host, name, len);
	race->peer = (struct reactor_tls_peer){
		.host = race->host, .host_len = len, .port = port,
	};
}

struct deferred *
dns_connect(struct dns_resolver *r, const char *name, size_t len,
    uint16_t port, const struct dns_connect_options *options,
    struct protocol *p)
{
	struct dns_race *race = calloc(1, sizeof(*race) + len);
	struct deferred *d;

	if (race == NULL)
		return NULL;
	race->reactor = dns_resolver_reactor(r);
	race->protocol = p;
	dns_race_set_peer(race, name, len, port);
	reactor_list_init(&race->attempts);
	if (options != NULL)
		race->options = *options;
	if (race->options.timeout_ns == 0)
		race->options.timeout_ns = dns_connect_timeout_ns;
	if (race->options.stagger_ns == 0)
		race->options.stagger_ns = dns_connect_stagger_ns;
	dns_race_set_phase(race, DNS_CONNECT_LOOKING_UP);
	d = dns_resolve(r, name, len, port,
	    race->options.families | DNS_HASTY);
	if (d == NULL)
		free(race);
	else
		/* Cannot fail: a deferred has room for its first two pairs. */
		(void)deferred_add_callbacks(d, dns_race_begin,
		    dns_race_cannot_begin, race);
	return d;
}
