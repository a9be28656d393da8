/*
 * sim_forger.c - stands in front of an honest server, which it keeps at a
 * port of its own, and passes questions and answers on.  To the question
 * planet-0.test it first answers that qlanet-0.test is at a wrong address.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "sim_forger.h"

#include <stdlib.h>
#include <string.h>

#include "../reactor/udp.h"

enum { SIM_FORGER_ASKERS = 64, SIM_FORGER_MESSAGE = 600 };

/* The id of a question on its way, and who asked. */
struct sim_forger_asker {
	unsigned char id[2];
	struct reactor_address from;
};

struct sim_forger {
	struct reactor_udp_receiver front, back;
	struct reactor_udp_port *port, *upstream;
	struct dns_server *honest;
	struct reactor_address honest_at;
	struct sim_forger_asker askers[SIM_FORGER_ASKERS];
	size_t next;
	int open;
};

/* The lie: the question with another first letter, and an answer to it. */
static void
sim_forger_lie(struct sim_forger *f, const char *at, size_t len,
    const struct reactor_address *to)
{
	static const unsigned char answer[16] = {
		0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 66
	};
	char lie[SIM_FORGER_MESSAGE];
	size_t end = 12;

	while (end < len && at[end] != '\0')
		end++;
	end += 5;	/* the root label, type and class */
	if (end > len || end + sizeof(answer) > sizeof(lie))
		return;
	memcpy(lie, at, end);
	lie[2] = (char)0x80;
	lie[7] = 1;	/* one answer */
	lie[11] = 0;	/* no OPT */
	lie[13]++;	/* p becomes q */
	memcpy(lie + end, answer, sizeof(answer));
	reactor_udp_send(f->port, lie, end + sizeof(answer), to);
}

static void
sim_forger_asked(struct reactor_udp_receiver *r, const char *at, size_t len,
    const struct reactor_address *from)
{
	struct sim_forger *f = (struct sim_forger *)r;
	struct sim_forger_asker *asker =
	    &f->askers[f->next++ % SIM_FORGER_ASKERS];

	if (len < 17)
		return;
	memcpy(asker->id, at, 2);
	asker->from = *from;
	sim_forger_lie(f, at, len, from);
	reactor_udp_send(f->upstream, at, len, &f->honest_at);
}

static void
sim_forger_answered(struct reactor_udp_receiver *r, const char *at, size_t len,
    const struct reactor_address *from)
{
	struct sim_forger *f = (struct sim_forger *)
	    ((char *)r - offsetof(struct sim_forger, back));
	size_t i;

	(void)from;
	for (i = 0; i < SIM_FORGER_ASKERS && len > 2; i++)
		if (f->askers[i].from.len != 0 &&
		    memcmp(f->askers[i].id, at, 2) == 0)
			reactor_udp_send(f->port, at, len, &f->askers[i].from);
}

static void
sim_forger_failed(struct reactor_udp_receiver *r, int error)
{
	(void)r;
	(void)error;
}

static void
sim_forger_front_closed(struct reactor_udp_receiver *r)
{
	struct sim_forger *f = (struct sim_forger *)r;

	if (--f->open == 0)
		free(f);
}

static void
sim_forger_back_closed(struct reactor_udp_receiver *r)
{
	sim_forger_front_closed(&((struct sim_forger *)
	    ((char *)r - offsetof(struct sim_forger, back)))->front);
}

static const struct reactor_udp_receiver_ops sim_forger_front_ops = {
	.datagram_received = sim_forger_asked,
	.datagram_failed = sim_forger_failed,
	.port_closed = sim_forger_front_closed,
};

static const struct reactor_udp_receiver_ops sim_forger_back_ops = {
	.datagram_received = sim_forger_answered,
	.datagram_failed = sim_forger_failed,
	.port_closed = sim_forger_back_closed,
};

int
sim_forger_open(struct sim_forger **out, struct reactor *r,
    const struct reactor_address *at, const struct dns_server_record *table,
    size_t count)
{
	struct sim_forger *f = calloc(1, sizeof(*f));
	struct reactor_udp_options front = { .from = at };
	struct reactor_udp_options back = {
	    .family = reactor_address_family(at)};
	struct reactor_address any;
	int error;

	if (f == NULL)
		return -1;
	f->front.ops = &sim_forger_front_ops;
	f->back.ops = &sim_forger_back_ops;
	reactor_address_parse(&any, "127.0.0.2", 9, 0);
	error = dns_server_new(&f->honest, r, &any, table, count);
	if (error == 0)
		error = dns_server_address(f->honest, &f->honest_at);
	if (error == 0)
		error = reactor_open_udp(r, &front, &f->front, &f->port);
	if (error == 0)
		error = reactor_open_udp(r, &back, &f->back, &f->upstream);
	f->open = 2;
	*out = f;
	return error;
}

void
sim_forger_close(struct sim_forger *f)
{
	dns_server_free(f->honest);
	reactor_udp_close(f->port);
	reactor_udp_close(f->upstream);
}
