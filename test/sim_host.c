/*
 * sim_host.c - the hosts of the simulated world and what becomes of packets
 * to them; addresses and ports.
 */
#include "sim_world.h"

#include <stdlib.h>
#include <string.h>

void
sim_set_host(struct sim *sim, const struct address *at, enum sim_host fate)
{
	if (sim->host_count == SIM_HOSTS)
		abort();
	sim->hosts[sim->host_count].at = *at;
	address_set_port(&sim->hosts[sim->host_count].at, 0);
	sim->hosts[sim->host_count++].fate = fate;
}

enum sim_host
sim_fate(const struct sim *sim, const struct address *to)
{
	struct address host = *to;
	size_t i;

	address_set_port(&host, 0);
	for (i = 0; i < sim->host_count; i++)
		if (address_equal(&sim->hosts[i].at, &host))
			return sim->hosts[i].fate;
	return SIM_HOST_UP;
}

static bool
sim_is_any(const struct address *a)
{
	static const struct in6_addr any6;

	if (address_family(a) == AF_INET)
		return a->u.ipv4.sin_addr.s_addr == 0;
	return memcmp(&a->u.ipv6.sin6_addr, &any6, sizeof(any6)) == 0;
}

bool
sim_is_bound_to(const struct sim_file *f, const struct address *to)
{
	struct address bound = f->local;

	if (!f->open || bound.len == 0 ||
	    address_family(&bound) != address_family(to) ||
	    address_port(&bound) != address_port(to))
		return false;
	return sim_is_any(&bound) || address_equal(&bound, to);
}

/* Port 0 becomes one that was not used before. */
void
sim_choose_port(struct sim *sim, struct address *a)
{
	if (address_port(a) == 0)
		address_set_port(a, sim->next_port++);
	if (sim->next_port < 1024)
		sim->next_port = 32768;
}

void
sim_bind_any(struct sim *sim, struct sim_file *f)
{
	static const uint8_t loopback4[4] = { 127, 0, 0, 1 };
	static const uint8_t loopback6[16] = { [15] = 1 };

	if (f->local.len == 0 && f->family == AF_INET)
		address_from_bytes(&f->local, loopback4, 4, 0, 0);
	else if (f->local.len == 0)
		address_from_bytes(&f->local, loopback6, 16, 0, 0);
	sim_choose_port(sim, &f->local);
}
