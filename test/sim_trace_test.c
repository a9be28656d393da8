/*
 * sim_trace_test.c - the trace names each function that the loop calls,
 * right before the call.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "../reactor/connect.h"
#include "../reactor/listen.h"
#include "../reactor/udp.h"
#include "../reactor/wake.h"
#include "check.h"
#include "sim.h"

/* What must be called at least once. */
static const char *const traced_names[] = {
	"build_protocol", "call", "connect_failed", "connection_lost",
	"connection_made", "data_received", "datagram_failed",
	"datagram_received", "port_closed", "read_closed", "stopped",
	"thread_call", "timer", "trigger", "write_paused", "write_resumed",
};

enum {
	TRACED_NAMES = sizeof(traced_names) / sizeof(traced_names[0]),
	TRACED_BYTES = 200000,
	TRACED_PORT = 2000		/* behind the next one is nobody */
};

static const uint64_t traced_second = 1000000000;

/* All that can be called, and the trace. */
struct traced {
	struct reactor_trace trace;
	struct reactor *reactor;
	struct protocol_factory factory;
	struct protocol caller, refused, accepted;
	struct reactor_udp_receiver receiver;
	struct reactor_listener *listener;
	struct reactor_udp_port *port;
	struct reactor_timer timer;
	struct reactor_call call;
	struct reactor_wake *wake;
	struct reactor_thread_call thread_call;
	struct reactor_trigger triggers[REACTOR_PHASES];
	const char *last;		/* what the trace was told */
	int calls[TRACED_NAMES];
};

/* A test program's one: its protocols need no way back to it. */
static struct traced traced;

static void
traced_event(struct reactor_trace *t, const struct reactor_event *e)
{
	(void)t;
	traced.last = e->what;
}

static void
traced_called(const char *name)
{
	size_t i;

	CHECK_STR(traced.last, name);
	for (i = 0; i < TRACED_NAMES; i++)
		traced.calls[i] += strcmp(traced_names[i], name) == 0;
}

static void
traced_made(struct protocol *p)
{
	static const char bytes[TRACED_BYTES];

	traced_called("connection_made");
	if (p == &traced.caller) {
		transport_write(p->transport, bytes, sizeof(bytes));
		transport_half_close(p->transport);
	}
}

static size_t
traced_received(struct protocol *p, const char *at, size_t len)
{
	(void)p;
	(void)at;
	traced_called("data_received");
	return len;
}

static void
traced_read_closed(struct protocol *p)
{
	traced_called("read_closed");
	transport_lose_connection(p->transport);
}

static void
traced_lost(struct protocol *p, int reason)
{
	(void)p;
	(void)reason;
	traced_called("connection_lost");
}

static void
traced_refused(struct protocol *p, int error)
{
	(void)p;
	(void)error;
	traced_called("connect_failed");
}

static void
traced_paused(struct protocol *p)
{
	(void)p;
	traced_called("write_paused");
}

static void
traced_resumed(struct protocol *p)
{
	(void)p;
	traced_called("write_resumed");
}

static const struct protocol_ops traced_protocol_ops = {
	.connection_made = traced_made,
	.data_received = traced_received,
	.read_closed = traced_read_closed,
	.connection_lost = traced_lost,
	.connect_failed = traced_refused,
	.write_paused = traced_paused,
	.write_resumed = traced_resumed,
};

static struct protocol *
traced_build(struct protocol_factory *f, const struct reactor_address *from)
{
	(void)f;
	(void)from;
	traced_called("build_protocol");
	return &traced.accepted;
}

static void
traced_stopped(struct protocol_factory *f)
{
	(void)f;
	traced_called("stopped");
}

static const struct protocol_factory_ops traced_factory_ops = {
	.build_protocol = traced_build, .stopped = traced_stopped,
};

static void
traced_datagram(struct reactor_udp_receiver *r, const char *at, size_t len,
    const struct reactor_address *from)
{
	(void)r;
	(void)at;
	(void)len;
	(void)from;
	traced_called("datagram_received");
}

static void
traced_no_datagram(struct reactor_udp_receiver *r, int error)
{
	(void)r;
	(void)error;
	traced_called("datagram_failed");
}

static void
traced_port_closed(struct reactor_udp_receiver *r)
{
	(void)r;
	traced_called("port_closed");
}

static const struct reactor_udp_receiver_ops traced_receiver_ops = {
	.datagram_received = traced_datagram,
	.datagram_failed = traced_no_datagram,
	.port_closed = traced_port_closed,
};

static void
traced_timer(struct reactor_timer *t)
{
	(void)t;
	traced_called("timer");
	reactor_stop(traced.reactor);
}

static void
traced_call(struct reactor_call *c)
{
	(void)c;
	traced_called("call");
}

static void
traced_thread_call(struct reactor_thread_call *c)
{
	(void)c;
	traced_called("thread_call");
}

static void
traced_trigger(struct reactor_trigger *t)
{
	(void)t;
	traced_called("trigger");
}

/* Asks for one of everything, from now on. */
static void
traced_begin(struct traced *t)
{
	struct reactor_udp_options options = { 0 };
	struct reactor_address at;
	int phase;

	reactor_address_parse(&at, "127.0.0.1", 9, TRACED_PORT);
	options.from = &at;
	options.to = &at;		/* it hears itself */
	CHECK_INT(reactor_open_udp(t->reactor, &options, &t->receiver,
	    &t->port), 0);
	CHECK_INT(reactor_udp_send(t->port, "x", 1, NULL), 0);
	CHECK_INT(reactor_listen(t->reactor, &at, NULL, &t->factory,
	    &t->listener), 0);
	CHECK_INT(reactor_connect(t->reactor, &at, NULL, &t->caller), 0);
	reactor_address_set_port(&at, TRACED_PORT + 1);
	CHECK_INT(reactor_udp_send(t->port, "x", 1, &at), 0);
	CHECK_INT(reactor_connect(t->reactor, &at, NULL, &t->refused), 0);
	reactor_call_later(t->reactor, &t->timer, traced_second,
	    traced_timer);
	reactor_call_soon(t->reactor, &t->call);
	CHECK_INT(reactor_wake_open(t->reactor, &t->wake), 0);
	reactor_call_from_thread(t->wake, &t->thread_call);
	for (phase = 0; phase < REACTOR_PHASES; phase++)
		reactor_add_trigger(t->reactor, (enum reactor_phase)phase,
		    &t->triggers[phase], traced_trigger);
}

int
main(void)
{
	static const struct sim_options perfect;
	struct sim *sim = sim_new(&perfect);
	struct reactor_options options = sim_reactor_options(sim);
	size_t i;

	traced.trace.event = traced_event;
	traced.factory.ops = &traced_factory_ops;
	traced.caller.ops = &traced_protocol_ops;
	traced.refused.ops = &traced_protocol_ops;
	traced.accepted.ops = &traced_protocol_ops;
	traced.receiver.ops = &traced_receiver_ops;
	traced.thread_call.call = traced_thread_call;
	reactor_call_init(&traced.call, traced_call);
	options.trace = &traced.trace;

	check_case("the trace names each function before it is called");
	CHECK_INT(reactor_new(&traced.reactor, &options), 0);
	traced_begin(&traced);
	CHECK_INT(reactor_run(traced.reactor), 0);
	reactor_free(traced.reactor);
	for (i = 0; i < TRACED_NAMES; i++)
		if (!CHECK(traced.calls[i] > 0))
			printf("# %s was not called\n", traced_names[i]);
	CHECK_INT(sim_open_fds(sim), 0);
	sim_free(sim);
	return check_done();
}
