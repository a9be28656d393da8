/*
 * sim_transport_test.c - the same plays on the real kernel and on the
 * simulated one; and then on many simulated networks, each worse than the
 * other, where what must hold is what the rules promise.
 *
 *      sim_transport_test            all checks
 *      sim_transport_test SEED       that seed alone, with its trace
 *      sim_transport_test 0 N        all checks, with the seeds from 1 to N
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/udp.h"
#include "alloc.h"
#include "check.h"
#include "scenario.h"
#include "sim.h"

enum { SIM_TRANSPORT_SEEDS = 300 };

static int
sim_transport_give(size_t number, const struct sim_options *o, int trace,
    struct scenario_outcome *outcome, uint64_t *fingerprint)
{
	struct sim *sim = sim_new(o);
	struct reactor_options options = {
		.system = sim_system(sim), .own_poller = &sim_poller,
	};
	long live = alloc_live();
	int error, ok;

	sim_trace(sim, trace);
	error = scenario_run(number, &options, outcome);
	ok = CHECK_INT(sim_open_fds(sim), 0) &
	    CHECK_STR(sim_first_violation(sim), NULL) &
	    CHECK_INT(alloc_live(), live);
	if (!ok)
		printf("# seed %llu, %s\n", (unsigned long long)o->seed,
		    scenario_name(number));
	if (fingerprint != NULL)
		*fingerprint = sim_fingerprint(sim);
	sim_free(sim);
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
	CHECK_INT(sim_transport_give(number, &calm, 0, &simulated, NULL), 0);
	CHECK_STR(simulated.client, real.client);
	CHECK_STR(simulated.server, real.server);
	CHECK_INT(real.broken_rules, 0);
	CHECK_INT(simulated.broken_rules, 0);
	CHECK_INT(real.run_error, 0);
	CHECK_INT(simulated.run_error, 0);
}

/* Chance has chances: from calm to hopeless. */
static struct sim_options
sim_transport_weather(uint64_t seed)
{
	struct sim_options o = {
		.seed = seed,
		.latency_min_ns = seed % 7 * 100000,
		.latency_max_ns = seed % 7 * 100000 + seed % 31 * 1000000,
		.split = (unsigned)(seed % 5) * 200,
		.short_io = (unsigned)(seed % 4) * 250,
		.spurious = (unsigned)(seed % 3) * 200,
		.nobufs = (unsigned)(seed % 6) * 50,
		.interrupt = (unsigned)(seed % 2) * 200,
		.reset = seed % 10 < 7 ? 0 : (unsigned)(seed % 10) * 5,
		.no_descriptor = seed % 11 == 0 ? 100 : 0,
		.buffer = 700 + (size_t)(seed % 13) * 3000,
	};

	return o;
}

/* The rules that hold in any weather, and the plot where it is fair. */
static void
sim_transport_check(size_t number, const struct sim_options *o,
    const struct scenario_outcome *outcome)
{
	static const struct sim_options calm;
	struct scenario_outcome plot;
	int fair = o->reset == 0 && o->no_descriptor == 0 &&
	    scenario_is_robust(number);
	int ok = CHECK_INT(outcome->broken_rules % 1000, 0) &
	    CHECK_INT(outcome->timers_left, 0);

	if (fair) {
		sim_transport_give(number, &calm, 0, &plot, NULL);
		ok &= CHECK_INT(outcome->run_error, 0) &
		    CHECK_INT(outcome->broken_rules, 0) &
		    CHECK_STR(outcome->client, plot.client) &
		    CHECK_STR(outcome->server, plot.server);
	}
	if (!ok)
		printf("# seed %llu, %s\n", (unsigned long long)o->seed,
		    scenario_name(number));
}

static void
sim_transport_seed(uint64_t seed, int trace)
{
	struct sim_options o = sim_transport_weather(seed);
	struct scenario_outcome outcome;
	uint64_t first, second;
	size_t i;

	for (i = 0; i < scenario_count; i++) {
		if (sim_transport_give(i, &o, trace, &outcome, &first) != 0)
			continue;	/* no descriptors for a reactor */
		sim_transport_check(i, &o, &outcome);
		if (seed % 16 != 0 || trace)
			continue;
		sim_transport_give(i, &o, 0, &outcome, &second);
		CHECK(first == second);
	}
}

/* ---- neighbours ---- */

enum { SIM_TRANSPORT_NEIGHBOURS = 5 };

/* Ports that get a datagram each; the first to hear closes all others. */
struct sim_transport_street {
	struct reactor *reactor;
	struct sim_transport_house {
		struct datagram_receiver receiver;
		struct sim_transport_street *street;
		struct udp_port *port;
		int closed;
	} houses[SIM_TRANSPORT_NEIGHBOURS];
	int heard, wrong, left;
};

static void
sim_transport_heard(struct datagram_receiver *r, const char *at, size_t len,
    const struct address *from)
{
	struct sim_transport_house *h = (struct sim_transport_house *)r;
	struct sim_transport_street *street = h->street;
	int i;

	(void)at;
	(void)len;
	(void)from;
	street->heard++;
	street->wrong += h->closed;
	for (i = 0; i < SIM_TRANSPORT_NEIGHBOURS; i++) {
		udp_close(street->houses[i].port);
		street->houses[i].closed = 1;
	}
}

static void
sim_transport_unheard(struct datagram_receiver *r, int error)
{
	(void)r;
	(void)error;
}

static void
sim_transport_moved_out(struct datagram_receiver *r)
{
	struct sim_transport_street *street =
	    ((struct sim_transport_house *)r)->street;

	if (--street->left == 0)
		reactor_stop(street->reactor);
}

static const struct datagram_receiver_ops sim_transport_house_ops = {
	.datagram_received = sim_transport_heard,
	.datagram_failed = sim_transport_unheard,
	.port_closed = sim_transport_moved_out,
};

static void
sim_transport_neighbours(uint64_t seed)
{
	struct sim_options o = { .seed = seed };
	struct sim *sim = sim_new(&o);
	struct reactor_options options = {
		.system = sim_system(sim), .own_poller = &sim_poller,
	};
	struct sim_transport_street street = {
		.left = SIM_TRANSPORT_NEIGHBOURS
	};
	struct sim_transport_house *h;
	struct address at;
	int i;

	CHECK_INT(reactor_new(&street.reactor, &options), 0);
	for (i = 0; i < SIM_TRANSPORT_NEIGHBOURS; i++) {
		h = &street.houses[i];
		h->receiver.ops = &sim_transport_house_ops;
		h->street = &street;
		address_parse(&at, "127.0.0.1", 9, (uint16_t)(2000 + i));
		CHECK_INT(reactor_open_udp(street.reactor,
		    &(struct udp_options){ .from = &at }, &h->receiver,
		    &h->port), 0);
		CHECK_INT(udp_send(street.houses[0].port, "x", 1, &at), 0);
	}
	CHECK_INT(reactor_run(street.reactor), 0);
	CHECK_INT(street.heard, 1);
	CHECK_INT(street.wrong, 0);
	reactor_free(street.reactor);
	sim_free(sim);
}

int
main(int argc, char **argv)
{
	uint64_t seed, last = SIM_TRANSPORT_SEEDS;
	size_t i;

	if (argc > 2)
		last = strtoull(argv[2], NULL, 0);
	if (argc == 2) {
		check_case("one seed");
		sim_transport_seed(strtoull(argv[1], NULL, 0), 1);
		sim_transport_neighbours(strtoull(argv[1], NULL, 0));
		return check_done();
	}
	for (i = 0; i < scenario_count; i++) {
		check_case(scenario_name(i));
		sim_transport_compare(i);
	}
	check_case("who is closed by a neighbour hears nothing any more");
	for (seed = 1; seed <= 20; seed++)
		sim_transport_neighbours(seed);
	check_case("any weather: rules hold, runs repeat, nothing is left");
	for (seed = 1; seed <= last; seed++)
		sim_transport_seed(seed, 0);
	return check_done();
}
