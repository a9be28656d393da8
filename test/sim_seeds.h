/*
 * sim_seeds.h - a test that is given to many seeds: what main does.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_SIM_SEEDS_H
#define SPINDLE_TEST_SIM_SEEDS_H

#include "sim.h"

/*
 * Makes a world of these options, with its trace to the file if there is
 * one, and checks what comes of it.  The same options must give the same.
 */
typedef void sim_seeds_run(const struct sim_options *, FILE *trace);

/* Ends a world, and checks that nothing is left of what was in it. */
void sim_seeds_end(struct sim *, long live_before);

/* The weather of a seed, from calm to hopeless. */
struct sim_options sim_seeds_weather(uint64_t seed);

/*
 * Gives a test to seeds, and is what main returns.
 *
 *      PROGRAM            the seeds from 1 to 150, a case for each
 *      PROGRAM 0 N        the seeds from 1 to N
 *      PROGRAM SEED       that seed alone, with its trace
 *
 * The name of a case is the command that replays it.  Each sixteenth seed is
 * given twice, and both traces must be the same.  Of 150 or N, TEST_SHARE may
 * leave a part (check_share).
 */
int sim_seeds_main(int argc, char **argv, sim_seeds_run *);

#endif
