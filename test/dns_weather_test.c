/*
 * dns_weather_test.c - connecting by name over simulated networks, each
 * worse than the other, and with memory that runs out.
 *
 *      dns_weather_test            all checks
 *      dns_weather_test SEED       that seed alone, with its trace
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "dns_world.h"

/* One connection in a world of that seed; true if it was made. */
static int
weather(uint64_t seed, int trace)
{
	static const char *const all[] = {
		"both.example", "silent6.example", "furthest1.example",
		"nowhere.example", "refused6.example", "10.0.0.1",
	};
	struct sim_options o = {
		.seed = seed,
		.latency_min_ns = seed % 7 * 100000,
		.latency_max_ns = seed % 7 * 100000 + seed % 31 * 10000000,
		.lose = (unsigned)(seed % 5) * 150,
		.duplicate = (unsigned)(seed % 3) * 100,
		.reset = (unsigned)(seed % 6) * 20,
		.spurious = (unsigned)(seed % 4) * 100,
		.nobufs = (unsigned)(seed % 3) * 50,
		.interrupt = (unsigned)(seed % 2) * 200,
		.no_descriptor = seed % 9 == 0 ? 100 : 0,
	};
	struct world w;
	struct caller c;
	struct deferred *d;
	long live = alloc_live();

	if (world_open(&w, &o) == 0) {
		sim_trace(w.sim, trace);
		d = world_connect(&w, &c, all[seed % 6], NULL);
		world_run(&w, &c);
		deferred_release(d);
	}
	world_close(&w);
	return CHECK_INT(alloc_live(), live);
}

static void
test_no_memory(void)
{
	static const struct sim_options calm = { .seed = 1 };
	struct world w;
	struct caller c;
	struct deferred *d;
	long live = alloc_live(), n;
	int failed, turns;

	check_case("each allocation fails once");
	for (n = 0, failed = 1; failed; n++) {
		memset(&c, 0, sizeof(c));
		alloc_fail_at(n, 0);
		if (world_open(&w, &calm) == 0) {
			d = world_connect(&w, &c, "silent6.example", NULL);
			for (turns = 0; d != NULL && turns < 3000 &&
			    (!c.fired || c.lost < c.made); turns++)
				reactor_iterate(w.reactor, -1);
			CHECK_INT(c.fired, d != NULL);
			deferred_release(d);
		}
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		world_close(&w);
		CHECK_INT(alloc_live(), live);
	}
	CHECK(n > 20);
}

int
main(int argc, char **argv)
{
	uint64_t seed;

	if (argc > 1) {
		check_case("one seed");
		weather(strtoull(argv[1], NULL, 0), 1);
		return check_done();
	}
	check_case("any weather");
	for (seed = 1; seed <= 600; seed++)
		if (!weather(seed, 0))
			printf("# seed %llu\n", (unsigned long long)seed);
	test_no_memory();
	return check_done();
}
