/*
 * lock.c - one waits for a lock until another releases it.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "lock.h"

int
main(void)
{
	struct deferred_lock lock;
	struct deferred *first, *second;
	bool right;

	deferred_lock_init(&lock, 1);
	first = deferred_lock_acquire(&lock);
	second = deferred_lock_acquire(&lock);
	right = deferred_has_fired(first) && !deferred_has_fired(second);
	deferred_lock_release(&lock);
	right = right && deferred_has_fired(second) && lock.held == 1;
	deferred_lock_release(&lock);
	deferred_release(first);
	deferred_release(second);
	return right ? 0 : 1;
}
