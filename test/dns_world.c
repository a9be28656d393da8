/*
 * dns_world.c - see dns_world.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "dns_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reactor/tls.h"
#include "check.h"

/* One at the other end: it echoes. */
struct echo {
	struct protocol protocol;
	struct world *world;
};

static void
echo_made(struct protocol *p)
{
	((struct echo *)p)->world->accepted++;
}

static size_t
echo_data(struct protocol *p, const char *at, size_t len)
{
	const struct world *w = ((struct echo *)p)->world;

	if (w->habit == WORLD_ECHO)
		transport_write(p->transport, at, len);
	else if (w->habit == WORLD_SAYS)
		transport_write(p->transport, w->says, w->says_len);
	else if (w->habit == WORLD_CUTS)
		transport_lose_connection(p->transport);
	else if (w->habit == WORLD_RESETS)
		transport_abort_connection(p->transport);
	return len;
}

static void
echo_lost(struct protocol *p, int reason)
{
	(void)reason;
	((struct echo *)p)->world->dropped++;
	free(p);
}

static void
echo_failed(struct protocol *p, int error)
{
	(void)error;
	free(p);
}

static const struct protocol_ops echo_ops = {
	.connection_made = echo_made,
	.data_received = echo_data,
	.connection_lost = echo_lost,
	.connect_failed = echo_failed,
};

static struct protocol *
echo_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct world *w = (struct world *)((char *)f -
	    offsetof(struct world, factory));
	struct echo *e = calloc(1, sizeof(*e));
	struct protocol *p;

	(void)from;
	if (e == NULL)
		return NULL;
	w->built++;
	e->protocol.ops = &echo_ops;
	e->world = w;
	if (w->tls == NULL || w->habit != WORLD_ECHO)
		return &e->protocol;
	p = reactor_tls_wrap(w->tls, &(struct reactor_tls_peer){ .port = 0 },
	    &e->protocol);
	if (p == NULL)
		free(e);
	return p;
}

static const struct protocol_factory_ops echo_factory_ops = {
	.build_protocol = echo_build,
};

static void
caller_made(struct protocol *p)
{
	struct caller *c = (struct caller *)p;

	CHECK_INT(c->fired, 0);
	c->made++;
	if (c->cancel != NULL)
		deferred_cancel(c->cancel);
	else
		transport_write(p->transport, "ping", 4);
}

static size_t
caller_data(struct protocol *p, const char *at, size_t len)
{
	struct caller *c = (struct caller *)p;

	CHECK_INT(c->fired, 1);
	snprintf(c->text, sizeof(c->text), "%.*s", (int)len, at);
	transport_lose_connection(p->transport);
	return len;
}

static void
caller_lost(struct protocol *p, int reason)
{
	(void)reason;
	((struct caller *)p)->lost++;
}

static void
caller_failed(struct protocol *p, int error)
{
	(void)p;
	CHECK_INT(error, 0);		/* never called */
}

static const struct protocol_ops caller_ops = {
	.connection_made = caller_made,
	.data_received = caller_data,
	.connection_lost = caller_lost,
	.connect_failed = caller_failed,
};

static struct defer_result
caller_fired(void *ctx, struct defer_result in)
{
	struct caller *c = ctx;
	const struct defer_failure *f = defer_result_get_failure(in);

	c->fired++;
	c->code = f != NULL ? f->code : 0;
	if (f != NULL)
		snprintf(c->text, sizeof(c->text), "!%s: %s", f->kind->name,
		    f->message);
	CHECK(in.type == NULL || f != NULL);
	defer_result_destroy(in);
	return defer_result_none();
}

static struct reactor_address
address(const char *text, uint16_t port)
{
	struct reactor_address a;

	CHECK_INT(reactor_address_parse(&a, text, strlen(text), port), 0);
	return a;
}

/* The names of the world: hosts up and down are told by their address. */
static const struct dns_server_record names[] = {
	{ "up.example", "10.0.0.1", 60 },
	{ "up6.example", "2001:db8::1", 60 },
	{ "both.example", "10.0.0.1", 60 },
	{ "both.example", "2001:db8::1", 60 },
	{ "up.site.test", "10.0.0.1", 60 },
	{ "far.up.site.test", "10.0.0.1", 60 },
	{ "both.site.test", "10.0.0.1", 60 },
	{ "both.site.test", "2001:db8::1", 60 },
	{ "silent6.site.test", "2001:db8::5", 60 },
	{ "silent6.site.test", "10.0.0.1", 60 },
	{ "refused.site.test", "10.0.0.2", 60 },
	{ "silent6.example", "2001:db8::5", 60 },
	{ "silent6.example", "10.0.0.1", 60 },
	{ "net6.example", "2001:db8::7", 60 },
	{ "net6.example", "10.0.0.1", 60 },
	{ "refused6.example", "2001:db8::2", 60 },
	{ "refused6.example", "10.0.0.1", 60 },
	{ "silent.example", "10.0.0.5", 60 },
	{ "refused.example", "10.0.0.2", 60 },
	{ "route.example", "10.0.0.6", 60 },
	{ "net.example", "10.0.0.7", 60 },
	{ "furthest1.example", "10.0.0.5", 60 },
	{ "furthest1.example", "10.0.0.2", 60 },
	{ "furthest1.example", "10.0.0.6", 60 },
	{ "furthest1.example", "10.0.0.7", 60 },
	{ "furthest2.example", "10.0.0.6", 60 },
	{ "furthest2.example", "10.0.0.7", 60 },
	{ "furthest3.example", "10.0.0.5", 60 },
	{ "furthest3.example", "2001:db8::7", 60 },
};

int
world_open(struct world *w, const struct sim_options *o)
{
	static const char *const up[] = { "10.0.0.1", "2001:db8::1" };
	static const struct {
		const char *address;
		enum sim_host is;
	} hosts[] = {
		{ "10.0.0.5", SIM_HOST_SILENT },
		{ "10.0.0.6", SIM_HOST_UNREACHABLE },
		{ "10.0.0.7", SIM_HOST_NO_NETWORK },
		{ "2001:db8::5", SIM_HOST_SILENT },
		{ "2001:db8::7", SIM_HOST_NO_NETWORK },
	};
	struct reactor_options options;
	struct dns_config config;
	struct reactor_address at;
	size_t i;
	int error;

	memset(w, 0, sizeof(*w));
	w->sim = sim_new(o);
	w->factory.ops = &echo_factory_ops;
	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		at = address(hosts[i].address, 0);
		sim_set_host(w->sim, &at, hosts[i].is);
	}
	options = sim_reactor_options(w->sim);
	error = reactor_new(&w->reactor, &options);
	at = address("10.0.0.53", 53);
	if (error == 0)
		error = dns_server_new(&w->server, w->reactor, &at, names,
		    sizeof(names) / sizeof(names[0]));
	for (i = 0; i < 2 && error == 0; i++) {
		at = address(up[i], 80);
		error = reactor_listen(w->reactor, &at, NULL, &w->factory,
		    &w->listeners[i]);
	}
	dns_config_init(&config);
	CHECK_INT(dns_config_add_server(&config, "10.0.0.53", 9), 0);
	if (error == 0)
		error = dns_resolver_new(&w->resolver, w->reactor, &config,
		    NULL);
	/* Where they are short, so does a listener's reserve. */
	w->open_fds = o->no_descriptor > 0 ? -1 : sim_open_fds(w->sim);
	return error;
}

void
world_close(struct world *w)
{
	int i;

	if (w->resolver != NULL)
		dns_resolver_free(w->resolver);
	if (w->server != NULL)
		dns_server_free(w->server);
	for (i = 0; i < ADDRESSES; i++)
		if (w->listeners[i] != NULL)
			reactor_listener_stop(w->listeners[i]);
	if (w->reactor != NULL)
		reactor_free(w->reactor);
	CHECK_INT(sim_open_fds(w->sim), 0);
	CHECK_STR(sim_first_violation(w->sim), NULL);
	CHECK_INT(w->dropped, w->accepted);
	sim_free(w->sim);
}

void
world_run(struct world *w, struct caller *c)
{
	int turns = 0;

	while ((!c->fired || c->lost < c->made) && turns++ < 20000)
		reactor_iterate(w->reactor, -1);
	CHECK_INT(c->fired, 1);
	CHECK_INT(c->lost, c->made);
}

void
world_pass_hour(struct world *w)
{
	CHECK(sim_pass_hour(w->sim, w->reactor));
	if (w->open_fds >= 0)
		CHECK_INT(sim_open_fds(w->sim), w->open_fds);
}

struct deferred *
world_connect(struct world *w, struct caller *c, const char *name,
    const struct dns_connect_options *o)
{
	struct deferred *d;

	memset(c, 0, sizeof(*c));
	c->protocol.ops = &caller_ops;
	c->world = w;
	d = dns_connect(w->resolver, name, strlen(name), 80, o, &c->protocol);
	if (d != NULL)
		CHECK_INT(deferred_add_both(d, caller_fired, c), 0);
	return d;
}

void
world_outlive(struct world *w, const char *name,
    const struct dns_connect_options *o)
{
	struct caller c;
	struct deferred *d = world_connect(w, &c, name, o);

	while (w->built == 0)
		reactor_iterate(w->reactor, -1);
	w->habit = WORLD_MUTE;
	CHECK(sim_pass_hour(w->sim, w->reactor));
	CHECK_INT(c.made, 1);
	CHECK_INT(c.fired, 1);
	CHECK_INT(c.lost, 0);
	w->habit = WORLD_ECHO;
	transport_write(c.protocol.transport, "still", 5);
	world_run(w, &c);
	CHECK_STR(c.text, "still");
	deferred_release(d);
}
