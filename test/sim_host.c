/*
 * sim_host.c - the hosts of the simulated world and what becomes of packets
 * to them; addresses and ports.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "sim_world.h"

#include <stdlib.h>
#include <string.h>

void
sim_set_host(
    struct sim *sim, const struct reactor_address *at, enum sim_host fate)
{
	if (sim->host_count == SIM_HOSTS)
		abort();
	sim->hosts[sim->host_count].at = *at;
	reactor_address_set_port(&sim->hosts[sim->host_count].at, 0);
	sim->hosts[sim->host_count++].fate = fate;
}

enum sim_host
sim_fate(const struct sim *sim, const struct reactor_address *to)
{
	struct reactor_address host = *to;
	size_t i;

	reactor_address_set_port(&host, 0);
	for (i = 0; i < sim->host_count; i++)
		if (reactor_address_equal(&sim->hosts[i].at, &host))
			return sim->hosts[i].fate;
	return SIM_HOST_UP;
}

static bool
sim_is_any(const struct reactor_address *a)
{
	static const struct in6_addr any6;

	if (reactor_address_family(a) == AF_INET)
		return a->u.ipv4.sin_addr.s_addr == 0;
	return memcmp(&a->u.ipv6.sin6_addr, &any6, sizeof(any6)) == 0;
}

bool
sim_is_bound_to(const struct sim_file *f, const struct reactor_address *to)
{
	struct reactor_address bound = f->local;

	if (!f->open || bound.len == 0 ||
	    reactor_address_family(&bound) != reactor_address_family(to) ||
	    reactor_address_port(&bound) != reactor_address_port(to))
		return false;
	return sim_is_any(&bound) || reactor_address_equal(&bound, to);
}

/* Port 0 becomes one that was not used before. */
void
sim_choose_port(struct sim *sim, struct reactor_address *a)
{
	if (reactor_address_port(a) == 0)
		reactor_address_set_port(a, sim->next_port++);
	if (sim->next_port < 1024)
		sim->next_port = 32768;
}

void
sim_bind_any(struct sim *sim, struct sim_file *f)
{
	static const uint8_t loopback4[4] = { 127, 0, 0, 1 };
	static const uint8_t loopback6[16] = { [15] = 1 };

	if (f->local.len == 0 && f->family == AF_INET)
		reactor_address_from_bytes(&f->local, loopback4, 4, 0, 0);
	else if (f->local.len == 0)
		reactor_address_from_bytes(&f->local, loopback6, 16, 0, 0);
	sim_choose_port(sim, &f->local);
}
