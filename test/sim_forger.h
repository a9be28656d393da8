/*
 * sim_forger.h - a name server that is honest in the end, but first sends a
 * lie to each question: an answer to a question that was not asked.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_SIM_FORGER_H
#define SPINDLE_TEST_SIM_FORGER_H

#include <stddef.h>

#include "../dns/dns_server.h"
#include "../reactor/reactor.h"

struct sim_forger;

/* Where its lies lead to. */
#define SIM_FORGER_ADDRESS "203.0.113.66"

/*
 * Opens it at `at`.  The table is that of an honest server, which it asks;
 * it stays the caller's.
 */
int sim_forger_open(struct sim_forger **, struct reactor *,
    const struct reactor_address *at, const struct dns_server_record *,
    size_t count);

/* Closes it; the memory goes when the reactor reaps. */
void sim_forger_close(struct sim_forger *);

#endif
