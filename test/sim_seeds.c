/*
 * sim_seeds.c - see sim_seeds.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "sim_seeds.h"

#include <stdlib.h>

#include "alloc.h"
#include "check.h"

enum { SIM_SEEDS_USUAL = 150, SIM_SEEDS_LINE = 200 };

/* Nothing in some of a thousand cases, else anything up to `most`. */
static uint64_t
sim_seeds_some(struct sim *dice, unsigned nothing, uint64_t most)
{
	return sim_chance(dice, nothing) ? 0 : 1 + sim_draw(dice, most);
}

struct sim_options
sim_seeds_weather(uint64_t seed)
{
	static const uint64_t ms = 1000000;
	struct sim_options o = { .seed = ~seed };
	struct sim *dice = sim_new(&o);

	o.seed = seed;
	o.latency_min_ns = sim_seeds_some(dice, 500, 6 * ms);
	o.latency_max_ns = o.latency_min_ns;
	if (o.latency_min_ns > 0)
		o.latency_max_ns += sim_seeds_some(dice, 300, 40 * ms);
	o.late_ns = sim_seeds_some(dice, 500, 10 * ms);
	o.split = (unsigned)sim_seeds_some(dice, 300, 800);
	o.short_io = (unsigned)sim_seeds_some(dice, 300, 700);
	o.spurious = (unsigned)sim_seeds_some(dice, 400, 400);
	o.nobufs = (unsigned)sim_seeds_some(dice, 700, 200);
	o.interrupt = (unsigned)sim_seeds_some(dice, 400, 200);
	o.duplicate = (unsigned)sim_seeds_some(dice, 500, 300);
	o.lose = (unsigned)sim_seeds_some(dice, 700, 300);
	o.reset = (unsigned)sim_seeds_some(dice, 700, 50);
	o.no_descriptor = (unsigned)sim_seeds_some(dice, 900, 150);
	o.dull = sim_chance(dice, 200);
	o.buffer = 700 + (size_t)sim_draw(dice, 36000);
	sim_free(dice);
	return o;
}

void
sim_seeds_end(struct sim *sim, long live_before)
{
	CHECK_INT(sim_open_fds(sim), 0);
	CHECK_STR(sim_first_violation(sim), NULL);
	CHECK_INT(alloc_live(), live_before);
	sim_free(sim);
}

/* Whether both traces are the same; if not, shows where they part. */
static int
sim_seeds_are_same(FILE *a, FILE *b)
{
	char first[SIM_SEEDS_LINE], second[SIM_SEEDS_LINE];
	char *more, *too;

	rewind(a);
	rewind(b);
	do {
		more = fgets(first, sizeof(first), a);
		too = fgets(second, sizeof(second), b);
		if (!CHECK_STR(too, more))
			return 0;
	} while (more != NULL);
	return 1;
}

static void
sim_seeds_give_twice(const struct sim_options *o, sim_seeds_run *run)
{
	FILE *first = tmpfile(), *second = tmpfile();

	if (first == NULL || second == NULL)
		abort();
	run(o, first);
	run(o, second);
	sim_seeds_are_same(first, second);
	fclose(first);
	fclose(second);
}

static void
sim_seeds_give(uint64_t seed, sim_seeds_run *run, FILE *trace)
{
	struct sim_options o = sim_seeds_weather(seed);
	char name[40];

	snprintf(name, sizeof(name), "make sim SEED=%llu",
	    (unsigned long long)seed);
	check_case(name);
	if (seed % 16 == 0 && trace == NULL)
		sim_seeds_give_twice(&o, run);
	else
		run(&o, trace);
}

int
sim_seeds_main(int argc, char **argv, sim_seeds_run *run)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 0;
	uint64_t last = (uint64_t)check_share(
	    argc > 2 ? strtol(argv[2], NULL, 0) : SIM_SEEDS_USUAL);

	if (seed != 0)
		sim_seeds_give(seed, run, stdout);
	for (seed = seed != 0 ? last + 1 : 1; seed <= last; seed++)
		sim_seeds_give(seed, run, NULL);
	return check_done();
}
