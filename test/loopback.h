/*
 * loopback.h - which of the two addresses of this machine are there: many
 * containers and jails have no IPv6, and some have nothing else.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_LOOPBACK_H
#define SPINDLE_TEST_LOOPBACK_H

#include <stdbool.h>

/* Can a socket be bound to this address, 127.0.0.1 or ::1? */
bool loopback_has(const char *address);

/* 127.0.0.1, or ::1 where that is the only one. */
const char *loopback_any(void);

#endif
