/*
 * dns_weather_test.c - connecting by name over simulated networks, each
 * worse than the other, and with memory that runs out.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "dns_world.h"
#include "sim_seeds.h"

/* The queries of one run, so many at most, and bytes kept of a question. */
enum { WEATHER_QUERIES = 64, WEATHER_QUESTION = 40 };

struct weather {
	struct sim_witness witness;
	struct world world;
	struct weather_query {
		uint16_t port;
		char question[WEATHER_QUESTION];
	} queries[WEATHER_QUERIES];
	size_t count;
	int repeated;			/* questions by the same port */
};

/* Who forges an answer must guess the port anew with each attempt. */
static void
weather_asked(struct sim_witness *witness, const struct reactor_address *from,
    const struct reactor_address *to, const void *at, size_t len)
{
	struct weather *w = (struct weather *)witness;
	struct weather_query *q = &w->queries[w->count], *old;

	if (reactor_address_port(to) != 53 || w->count == WEATHER_QUERIES ||
	    len < 12)
		return;
	memset(q, 0, sizeof(*q));
	q->port = reactor_address_port(from);
	len -= 12;
	memcpy(q->question, (const char *)at + 12,
	    len < sizeof(q->question) ? len : sizeof(q->question));
	for (old = w->queries; old < q; old++)
		w->repeated += memcmp(old, q, sizeof(*q)) == 0;
	w->count++;
}

/* One connection by name. */
static void
weather_run(const struct sim_options *o, FILE *trace)
{
	static const char *const all[] = {
		"both.example", "silent6.example", "furthest1.example",
		"nowhere.example", "refused6.example", "10.0.0.1",
	};
	struct weather weather = { .witness.datagram = weather_asked };
	struct world *w = &weather.world;
	struct caller c;
	struct deferred *d;
	long live = alloc_live();
	int error = world_open(w, o);

	sim_trace(w->sim, trace);
	sim_set_witness(w->sim, &weather.witness);
	if (error == 0) {
		d = world_connect(w, &c, all[o->seed % 6], NULL);
		world_run(w, &c);
		deferred_release(d);
		world_pass_hour(w);
	}
	CHECK_INT(weather.repeated, 0);
	world_close(w);
	CHECK_INT(alloc_live(), live);
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
	if (argc != 2)
		test_no_memory();
	return sim_seeds_main(argc, argv, weather_run);
}
