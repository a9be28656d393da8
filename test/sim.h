/*
 * sim.h - a simulated world: a clock, a network and a kernel that are made
 * of one number, the seed.
 *
 * The world stands where reactor_system_posix and a poller would: give
 * sim_system and sim_poller to reactor_new, and the code above runs unchanged.
 * Time passes only when the loop waits (and a little with every call), so
 * hours take milliseconds. Everything that chance decides (delays, where bytes
 * are split, what is lost, refused or reset) is drawn from the seed: the same
 * seed gives the same run, to the letter.
 *
 * It is a kernel that keeps the rules: buffers and backlogs are finite,
 * numbers of descriptors are used again at once, lowest first, half-close
 * and reset follow TCP, bad news about a datagram is told to the next call.
 * It also watches the code above it: what a real kernel would refuse, what
 * poller.h forbids, and a reactor whose time runs back are violations.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_SIM_H
#define SPINDLE_TEST_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../reactor/address.h"
#include "../reactor/poller.h"
#include "../reactor/reactor.h"
#include "../reactor/system.h"

struct sim;

/*
 * What the world is like.  Chances are in thousandths of each occasion.
 * All zero is a perfect network: no delay, no loss, no limits reached.
 */
struct sim_options {
	uint64_t seed;
	uint64_t latency_min_ns, latency_max_ns;	/* one way */
	uint64_t late_ns;	/* a wait ends so much too late at most */
	unsigned split;		/* chance that a piece is cut in two */
	unsigned short_io;	/* that send or recv moves less than it could */
	unsigned spurious;	/* that a ready socket says EAGAIN */
	unsigned nobufs;	/* that a send finds ENOBUFS */
	unsigned reset;		/* that a segment is a reset instead */
	unsigned lose;		/* that a datagram is lost */
	unsigned duplicate;	/* that a datagram comes twice */
	unsigned interrupt;	/* that a wait is broken off */
	unsigned no_descriptor;	/* that a new descriptor is refused: by turns,
				   EMFILE and ENFILE */
	bool dull;		/* all random numbers are the same one */
	size_t buffer;		/* bytes received and not read; 0: 65536 */
	int max_fds;		/* open at once; 0: 1024 */
};

/* What becomes of packets to a host. */
enum sim_host {
	SIM_HOST_UP,
	SIM_HOST_SILENT,	/* no answer ever */
	SIM_HOST_UNREACHABLE,	/* EHOSTUNREACH */
	SIM_HOST_NO_NETWORK	/* ENETUNREACH */
};

/* Makes a world; aborts the test program if there is no memory. */
struct sim *sim_new(const struct sim_options *);

/* Ends it, with all that is still open in it. */
void sim_free(struct sim *);

/* The kernel of the simulated world: its system and its poller. */
const struct reactor_system *sim_system(const struct sim *);
extern const struct poller_ops sim_poller;

/* What to give reactor_new: both of them, and the world's trace. */
struct reactor_options sim_reactor_options(struct sim *);

/* Says what becomes of packets to an address (any port); 16 at most. */
void sim_set_host(struct sim *, const struct reactor_address *, enum sim_host);

/* What the world is like, to be changed while it is. */
struct sim_options *sim_weather(struct sim *);

/* Who is shown what the network sees; a test's struct embeds it. */
struct sim_witness {
	/* The loop waits now; what it has closed is closed.  Or NULL. */
	void (*wait)(struct sim_witness *);
	/* A datagram is sent; it may be lost, later.  Or NULL. */
	void (*datagram)(struct sim_witness *,
	    const struct reactor_address *from,
	    const struct reactor_address *to, const void *at, size_t len);
};

/* Has a witness from now on, NULL for none.  It stays the caller's. */
void sim_set_witness(struct sim *, struct sim_witness *);

/* Descriptors of streams that were connected, or will be, to an address. */
unsigned sim_streams_to(const struct sim *, const struct reactor_address *);

/* The world's time. */
uint64_t sim_now_ns(const struct sim *);

/* Lets so much time pass while a loop turns; false if it cannot. */
bool sim_pass(struct sim *, struct reactor *, uint64_t ns);

/* The same for an hour; also false if the loop has a timer left then. */
bool sim_pass_hour(struct sim *, struct reactor *);

/* A number below `below`, of the same chance as all the rest. */
uint64_t sim_draw(struct sim *, uint64_t below);

/* True in `thousandths` of all cases. */
bool sim_chance(struct sim *, unsigned thousandths);

/* Descriptors that are open. */
int sim_open_fds(const struct sim *);

/* Datagrams that were lost since a socket had too many; in any weather. */
unsigned sim_overflows(const struct sim *);

/* The first time that a rule was broken, in words, or NULL. */
const char *sim_first_violation(const struct sim *);

/*
 * Writes what happens to a file from now on (NULL: no more), a line each:
 * the time, then on the left what the kernel is asked and on the right what
 * the reactor calls.  Two runs of one seed write the same, to the letter.
 */
void sim_trace(struct sim *, FILE *);

/* Writes a line of the caller's among them. */
void sim_note(struct sim *, const char *format, ...);

#endif
