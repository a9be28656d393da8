/*
 * sim_tls_test.c - TLS on many simulated networks: pieces cut anywhere, slow,
 * interrupted, reset, and some that end with FIN where TLS has not ended.  Two
 * parties write, pause, resume and leave bytes over as the seed has it.
 *
 * What must hold on the worst of them: what is shown was sent, in this order;
 * an end that is told is the true end, with nothing missing in front of it;
 * each party hears one farewell; nothing is left.  Where nothing is reset or
 * cut, all that was sent arrives.
 *
 * The library draws its own random numbers, so a seed is not replayed to the
 * letter here.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../reactor/connect.h"
#include "../reactor/listen.h"
#include "../reactor/tls.h"
#include "alloc.h"
#include "check.h"
#include "sim_seeds.h"
#include "tls_kit.h"

enum {
	SIM_TLS_BUSY = 200,		/* ticks of writing */
	SIM_TLS_TICKS = 4000,		/* ticks in all */
	SIM_TLS_PIECE = 20000,		/* bytes written at once, at most */
	SIM_TLS_PORT = 443
};

static const uint64_t sim_tls_tick_ns = 20000000;

struct sim_tls_world;

/* One end. */
struct sim_tls_party {
	struct protocol protocol;
	struct sim_tls_world *world;
	struct sim_tls_party *other;
	unsigned salt;			/* of the bytes that it writes */
	size_t written, used, left;	/* bytes; left over when last shown */
	int made, farewells, ends;
	struct protocol *below;		/* of the stream under it */
};

struct sim_tls_world {
	struct sim *sim;
	struct reactor *reactor;
	struct reactor_tls_settings *client_tls, *server_tls;
	struct protocol_factory factory;
	struct reactor_listener *listener;
	struct reactor_timer timer;
	struct sim_tls_party parties[2];	/* client and server */
	int ticks, accepted;
	bool leaving;			/* lose_connection was called */
	int cut_at;			/* a tick, or 0: FIN, but no TLS end */
};

static char
sim_tls_byte(const struct sim_tls_party *p, size_t i)
{
	return (char)(i * 7 + (i >> 8) + p->salt);
}

static struct sim_tls_party *
sim_tls_party_of(struct protocol *p)
{
	return (struct sim_tls_party *)(void *)((char *)p -
	    offsetof(struct sim_tls_party, protocol));
}

/* ---- a party ---- */

static void
sim_tls_write(struct sim_tls_party *p)
{
	static char piece[SIM_TLS_PIECE];
	size_t len = (size_t)sim_draw(p->world->sim, SIM_TLS_PIECE);

	for (size_t i = 0; i < len; i++)
		piece[i] = sim_tls_byte(p, p->written + i);
	transport_write(p->protocol.transport, piece, len);
	p->written += len;
}

static void
sim_tls_made(struct protocol *protocol)
{
	struct sim_tls_party *p = sim_tls_party_of(protocol);

	CHECK_INT(p->made++, 0);
	CHECK_INT(p->farewells, 0);
}

static size_t
sim_tls_received(struct protocol *protocol, const char *at, size_t len)
{
	struct sim_tls_party *p = sim_tls_party_of(protocol);
	struct sim *sim = p->world->sim;
	size_t use = sim_chance(sim, 300) ? len / 2 : len, i;

	CHECK(p->made == 1 && p->ends == 0 && p->farewells == 0 && len > 0);
	for (i = 0; i < len; i++)
		if (at[i] != sim_tls_byte(p->other, p->used + i))
			break;
	CHECK_INT(i, len);
	p->used += use;
	p->left = len - use;
	if (sim_chance(sim, 100))
		transport_pause_reading(protocol->transport);
	return use;
}

/* The end cannot be forged: nothing is missing in front of it. */
static void
sim_tls_ended(struct protocol *protocol)
{
	struct sim_tls_party *p = sim_tls_party_of(protocol);

	CHECK_INT(p->ends++, 0);
	CHECK_INT(p->used + p->left, p->other->written);
	transport_lose_connection(protocol->transport);
}

static void
sim_tls_lost(struct protocol *protocol, int reason)
{
	struct sim_tls_party *p = sim_tls_party_of(protocol);

	(void)reason;
	CHECK_INT(p->farewells++, 0);
	CHECK(transport_reason(protocol->transport)[0] != '\0');
	p->protocol.transport = NULL;
}

static const struct protocol_ops sim_tls_ops = {
	.connection_made = sim_tls_made, .data_received = sim_tls_received,
	.connection_lost = sim_tls_lost, .read_closed = sim_tls_ended,
};

/* ---- the world ---- */

static bool
sim_tls_all_arrived(const struct sim_tls_world *w)
{
	const struct sim_tls_party *a = &w->parties[0], *b = &w->parties[1];

	return a->used + a->left == b->written &&
	    b->used + b->left == a->written;
}

/* What a party does in a tick, if it still can. */
static void
sim_tls_act(struct sim_tls_party *p)
{
	struct transport *t = p->protocol.transport;
	struct sim_tls_world *w = p->world;

	if (t == NULL)
		return;
	if (w->leaving)
		transport_lose_connection(t);
	else if (w->ticks > SIM_TLS_BUSY)
		transport_resume_reading(t);
	else if (sim_chance(w->sim, 300))
		sim_tls_write(p);
	else if (sim_chance(w->sim, 200))
		transport_pause_reading(t);
	else if (sim_chance(w->sim, 500))
		transport_resume_reading(t);
}

static void
sim_tls_tick(struct reactor_timer *timer)
{
	struct sim_tls_world *w = (struct sim_tls_world *)(void *)(
	    (char *)timer - offsetof(struct sim_tls_world, timer));
	struct sim_tls_party *p;

	p = &w->parties[w->cut_at % 2];
	if (++w->ticks == w->cut_at && p->protocol.transport != NULL &&
	    p->below != NULL && p->below->transport != NULL) {
		transport_half_close(p->below->transport);
		sim_tls_write(p);	/* which will be missing */
	}
	w->leaving = w->ticks > SIM_TLS_TICKS / 2 ||
	    (w->ticks > SIM_TLS_BUSY && sim_tls_all_arrived(w));
	for (int i = 0; i < 2; i++)
		sim_tls_act(&w->parties[i]);
	if (w->ticks > SIM_TLS_TICKS || (w->parties[0].farewells > 0 &&
	    w->parties[1].farewells == w->accepted))
		reactor_break(w->reactor);
	else
		reactor_call_later(
		    w->reactor, timer, sim_tls_tick_ns, sim_tls_tick);
}

static struct protocol *
sim_tls_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct sim_tls_world *w = (struct sim_tls_world *)(void *)(
	    (char *)f - offsetof(struct sim_tls_world, factory));

	(void)from;
	if (w->accepted > 0)
		return NULL;
	w->accepted++;
	return w->parties[1].below = reactor_tls_wrap(
	    w->server_tls, NULL, &w->parties[1].protocol);
}

static int
sim_tls_begin(struct sim_tls_world *w)
{
	const struct reactor_tls_peer peer = {
		.host = "localhost", .host_len = 9, .port = SIM_TLS_PORT,
	};
	struct protocol *below = reactor_tls_wrap(
	    w->client_tls, &peer, &w->parties[0].protocol);
	struct reactor_address at;
	int error;

	w->parties[0].below = below;
	reactor_address_parse(&at, "127.0.0.1", 9, SIM_TLS_PORT);
	error = reactor_listen(
	    w->reactor, &at, NULL, &w->factory, &w->listener);
	if (error == 0)
		error = reactor_connect(w->reactor, &at, NULL, below);
	if (error != 0)
		reactor_tls_discard(below);
	return error;
}

static void
sim_tls_check(const struct sim_tls_world *w, const struct sim_options *o)
{
	const struct sim_tls_party *client = &w->parties[0];
	const struct sim_tls_party *server = &w->parties[1];

	CHECK_INT(client->farewells, 1);
	CHECK_INT(server->farewells, w->accepted);
	if (o->reset > 0 || o->no_descriptor > 0 || w->cut_at > 0)
		return;
	CHECK_INT(client->made + server->made, 2);
	CHECK(sim_tls_all_arrived(w));
}

static void
sim_tls_run(const struct sim_options *o, FILE *trace)
{
	static const struct protocol_factory_ops ops = {
		.build_protocol = sim_tls_build,
	};
	long live = alloc_live();
	struct sim_tls_world w = { .sim = sim_new(o), .factory.ops = &ops };
	struct reactor_options options = sim_reactor_options(w.sim);

	(void)trace;
	if (reactor_new(&w.reactor, &options) != 0) {
		sim_seeds_end(w.sim, live);
		return;			/* no descriptors for a reactor */
	}
	w.client_tls = tls_kit_client(w.reactor, tls_kit_authority);
	w.server_tls = tls_kit_server(w.reactor);
	for (int i = 0; i < 2; i++)
		w.parties[i] = (struct sim_tls_party){
			.protocol.ops = &sim_tls_ops, .world = &w,
			.other = &w.parties[1 - i], .salt = 100u * (unsigned)i,
		};
	if (sim_chance(w.sim, 250))
		w.cut_at = 1 + (int)sim_draw(w.sim, SIM_TLS_BUSY);
	if (sim_tls_begin(&w) == 0) {
		reactor_call_later(w.reactor, &w.timer, sim_tls_tick_ns,
		    sim_tls_tick);
		CHECK_INT(reactor_run(w.reactor), 0);
		sim_tls_check(&w, o);
	}
	reactor_free(w.reactor);
	reactor_tls_settings_free(w.client_tls);
	reactor_tls_settings_free(w.server_tls);
	sim_seeds_end(w.sim, live);
}

int
main(int argc, char **argv)
{
	static char few[] = "60", none[] = "0";
	char *usual[] = { argv[0], none, few, NULL };

	if (!tls_kit_case("TLS in the simulated world"))
		return check_done();
	if (argc > 1)
		return sim_seeds_main(argc, argv, sim_tls_run);
	return sim_seeds_main(3, usual, sim_tls_run);
}
