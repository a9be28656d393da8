/*
 * dns_connect.h - connects by name, to the first address that answers.
 *
 * RFC 8305, "Happy Eyeballs": the addresses are tried in turn, IPv6 and IPv4
 * alternating.  The next attempt begins as soon as one has failed, or after a
 * quarter of a second while the others go on.  The first connection that is
 * made wins, and the other attempts are dropped.  So a broken path costs a
 * quarter of a second, not a time limit.
 *
 *      resolve ---> [2001:db8::1] ....... (no answer)         dropped
 *                      250 ms  [192.0.2.1] ... connected ---> yours
 *
 * Each attempt has a small protocol of its own.  The winner's transport is
 * handed over to the caller's protocol, which hears nothing of the race.
 * With TLS, the winner shakes hands first.
 *
 * Copy: dns_connect.h dns_connect.c resolver.h resolver.c ask.h ask.c
 *     dns_pool.h dns_pool.c config.h config.c message.h message.c
 *     ALL(reactor) ALL(defer)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_CONNECT_H
#define DNS_CONNECT_H

#include "../defer/deferred.h"
#include "../reactor/tls_settings.h"
#include "../reactor/transport.h"
#include "resolver.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Why there is no connection; a failure's code is a positive errno, or of
 * dns_connect_tls an enum reactor_tls_error without its sign.
 */
extern const struct defer_failure_kind dns_connect_failure; /* any of these */
extern const struct defer_failure_kind dns_connect_no_network;
extern const struct defer_failure_kind dns_connect_no_route;
/* A kind of it: no address is allowed (see the options). */
extern const struct defer_failure_kind dns_connect_forbidden;
extern const struct defer_failure_kind dns_connect_timeout;
extern const struct defer_failure_kind dns_connect_refused;
extern const struct defer_failure_kind dns_connect_reset;
/* TLS: not spoken, not trusted, cut short in the handshake ... */
extern const struct defer_failure_kind dns_connect_tls;
/* Anything else: no descriptors, say. */
extern const struct defer_failure_kind dns_connect_other;

/* How far connecting has come. */
enum dns_connect_phase {
	DNS_CONNECT_LOOKING_UP,
	DNS_CONNECT_CONNECTING,
	DNS_CONNECT_SHAKING_HANDS,	/* of TLS */
	DNS_CONNECT_PHASES
};

/* How to connect; all zero is a good choice. */
struct dns_connect_options {
	unsigned families;	/* DNS_IPV4, DNS_IPV6; 0: both */
	uint64_t timeout_ns;	/* of each attempt, with TLS; 0: 10 s */
	uint64_t stagger_ns;	/* between attempts; 0: 250 ms */

	/*
	 * NULL, or a client's settings: then the connection is one of TLS,
	 * and its certificate must be for the name.  To stay, as the
	 * protocol, until the deferred has fired.
	 */
	struct reactor_tls_settings *tls;

	/*
	 * NULL, or which addresses may be connected to: others are passed
	 * over.  (dns_public.h knows those of the public Internet.)
	 */
	bool (*allowed)(const struct reactor_address *);

	/* NULL, or what is kept up to date; to stay likewise. */
	enum dns_connect_phase *phase;

	/* NULL, or DNS_CONNECT_PHASES times, which stay likewise: when each
	 * phase has begun, by the reactor's clock. */
	uint64_t *since_ns;

	/* NULL, or REACTOR_ADDRESS_TEXT bytes, which stay likewise, for the
	 * address and port that is tried, the last of several; after a
	 * failure that of its message.  Untouched before there is one. */
	char *address;
};

/*
 * Connects a protocol to a port of a host: a name, or a numeric address.  The
 * options, which may be NULL, are copied; the protocol must stay until the
 * deferred has fired.
 *
 * Success: the protocol's connection_made is called from the loop, then the
 * deferred fires with nothing.  From then on all is as after reactor_connect,
 * or reactor_tls_wrap.
 *
 * Otherwise the protocol is never called, not even connect_failed, and the
 * deferred fails: with a dns_failure when the name had no address, else with
 * the dns_connect_failure of the attempt that got furthest, whose message
 * names the address.  Cancelling it drops all attempts.
 *
 * NULL if there is no memory.  The resolver's reactor is used; freeing the
 * resolver ends what has no addresses yet.
 */
struct deferred *dns_connect(struct dns_resolver *, const char *name,
    size_t len, uint16_t port, const struct dns_connect_options *,
    struct protocol *);

/*
 * Why the handshake of TLS failed, of a transport that was lost with this
 * error: a dns_connect_failure, or that there is no memory.  `peer` is what
 * the message begins with.
 */
const struct defer_failure *dns_connect_handshake_failure(struct transport *,
    const char *peer, int error);

#ifdef __cplusplus
}
#endif

#endif
