/*
 * sim_transport_test.c - the same plays on the real kernel and on the
 * simulated one, compared; and then on many simulated networks, each worse
 * than the other, where what must hold is what the rules promise.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>

#include "alloc.h"
#include "check.h"
#include "scenario.h"
#include "sim_seeds.h"

static int
sim_transport_give(size_t number, const struct sim_options *o, FILE *trace,
    struct scenario_outcome *outcome)
{
	struct sim *sim = sim_new(o);
	struct reactor_options options = sim_reactor_options(sim);
	long live = alloc_live();
	int error;

	sim_trace(sim, trace);
	sim_note(sim, "the play: %s", scenario_name(number));
	error = scenario_run(number, &options, outcome);
	sim_seeds_end(sim, live);
	return error;
}

static void
sim_transport_compare(size_t number)
{
	static const struct sim_options calm = {
		.latency_min_ns = 1000, .latency_max_ns = 50000,
	};
	struct scenario_outcome real, simulated;

	CHECK_INT(scenario_run(number, NULL, &real), 0);
	CHECK_INT(sim_transport_give(number, &calm, NULL, &simulated), 0);
	CHECK_STR(simulated.client, real.client);
	CHECK_STR(simulated.server, real.server);
	CHECK_INT(real.broken_rules + simulated.broken_rules, 0);
	CHECK_INT(real.too_long + simulated.too_long, 0);
	CHECK_INT(real.run_error, 0);
	CHECK_INT(simulated.run_error, 0);
}

/* The rules that hold in any weather, and the plot where it is fair. */
static int
sim_transport_check(size_t number, const struct sim_options *o,
    const struct scenario_outcome *outcome)
{
	static const struct sim_options calm;
	struct scenario_outcome plot;
	bool fair = o->reset == 0 && o->no_descriptor == 0 &&
	    scenario_is_robust(number);

	if (!fair)
		return CHECK_INT(outcome->broken_rules, 0) &
		    CHECK_INT(outcome->timers_left, 0);
	sim_transport_give(number, &calm, NULL, &plot);
	return CHECK_INT(outcome->run_error, 0) &
	    CHECK_INT(outcome->broken_rules, 0) &
	    CHECK_INT(outcome->too_long, 0) &
	    CHECK_INT(outcome->timers_left, 0) &
	    CHECK_STR(outcome->client, plot.client) &
	    CHECK_STR(outcome->server, plot.server);
}

static void
sim_transport_run(const struct sim_options *o, FILE *trace)
{
	struct scenario_outcome outcome;
	size_t i;

	for (i = 0; i < scenario_count; i++) {
		if (sim_transport_give(i, o, trace, &outcome) != 0)
			continue;	/* no descriptors for a reactor */
		if (!sim_transport_check(i, o, &outcome))
			printf("# in the play: %s\n", scenario_name(i));
	}
}

int
main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < scenario_count && argc != 2; i++) {
		check_case(scenario_name(i));
		sim_transport_compare(i);
	}
	return sim_seeds_main(argc, argv, sim_transport_run);
}
