/*
 * exchange.h - one question over TCP, for a reply that is too long for UDP.
 *
 * The same messages, each behind its length in two octets (RFC 7766).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef DNS_EXCHANGE_H
#define DNS_EXCHANGE_H

#include "dns_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Connects to the pool's server and asks again what was asked over UDP, of
 * which nothing is waited for any more.  The pool's functions are told what
 * comes of it.  -ENOMEM.  It has no time limit of its own.
 */
int dns_exchange_begin(struct dns_pool *, struct dns_pending *,
    const struct dns_question *, bool edns);

/* Gives up; harmless if nothing is under way. */
void dns_exchange_drop(struct dns_pending *);

#ifdef __cplusplus
}
#endif

#endif
