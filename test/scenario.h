/*
 * scenario.h - small plays for two transports, told in a table, to be given
 * on any stage: a real kernel or the simulated one.
 *
 * Each party notes what its protocol was told.  What depends on timing (how
 * bytes were cut) is not noted, so the notes of two stages can be compared.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_SCENARIO_H
#define SPINDLE_TEST_SCENARIO_H

#include <stddef.h>

#include "../reactor/reactor.h"

enum { SCENARIO_NOTES = 256 };

/* What a play came to. */
struct scenario_outcome {
	char client[SCENARIO_NOTES], server[SCENARIO_NOTES];
	int broken_rules;	/* called after the farewell, bytes wrong ... */
	int too_long;		/* it had to be broken off */
	int run_error;		/* what reactor_run said */
	size_t timers_left;	/* active when all was over */
};

/* How many plays there are, and their names. */
extern const size_t scenario_count;
const char *scenario_name(size_t number);

/* True if the play comes out the same whatever the network does to it. */
int scenario_is_robust(size_t number);

/*
 * Gives a play with a reactor made from these options, and frees it.
 * Returns 0 or what reactor_new said.
 */
int scenario_run(size_t number, const struct reactor_options *,
    struct scenario_outcome *);

#endif
