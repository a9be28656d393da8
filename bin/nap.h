/*
 * nap.h - a deferred that fires after some time: how a coroutine sleeps
 * while others work.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef BIN_NAP_H
#define BIN_NAP_H

#include <stdint.h>

#include "../defer/deferred.h"
#include "../reactor/reactor.h"

/*
 * A deferred that fires with nothing after delay_ns, unless it is cancelled
 * before.  The caller releases it; NULL without memory.
 */
struct deferred *nap(struct reactor *, uint64_t delay_ns);

#endif
