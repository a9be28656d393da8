/*
 * reactor_rig.h - what the tests of transports share: a reactor with a port,
 * a client and a server, each of which writes down what it is told and then
 * does what its hooks say.
 *
 *      made "hello" end paused resumed lost(0) failed(-111)
 *
 * Nothing sleeps: a run ends with the last farewell that it waits for.  The
 * watchdog only ends a test that hangs.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_REACTOR_RIG_H
#define SPINDLE_TEST_REACTOR_RIG_H

#include "../reactor/address.h"
#include "../reactor/connect.h"
#include "../reactor/listen.h"
#include "../reactor/poller.h"
#include "../reactor/reactor.h"
#include "../reactor/system.h"
#include "../reactor/tls.h"
#include "../reactor/transport.h"
#include "alloc.h"
#include "check.h"
#include "kqueue/stand_in.h"
#include "loopback.h"
#include "tls_kit.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rig;

/* A protocol.  Hooks may be NULL; data's default uses all there is. */
struct rig_end {
	struct protocol protocol;
	struct rig *rig;
	void (*made)(struct rig_end *);
	size_t (*data)(struct rig_end *, const char *at, size_t len);
	void (*end)(struct rig_end *);
	void (*paused)(struct rig_end *);
	void (*resumed)(struct rig_end *);
	void (*lost)(struct rig_end *, int reason);
	size_t received;	/* bytes used */
	unsigned long sum;	/* of their values */
	int farewells;
	bool quiet;		/* data_received is not written down */
	char log[1024];
};

struct rig {
	struct reactor *reactor;
	struct protocol_factory factory;
	struct reactor_listener *listener;
	struct reactor_address address;		/* of the port */
	struct rig_end client, server;	/* server: of the first accepted */
	struct reactor_timer watchdog;
	struct reactor_tls_settings *client_tls, *server_tls;	/* or NULL */
	int accepted, waiting, stopped, listen_error;
};

/* What a rig is made of; set by rig_each. */
static struct reactor_options rig_options;
static const char *rig_where;		/* NULL: a UNIX socket */
static bool rig_speaks_tls;

/* A network that delivers the first bytes one by one, later ones in pieces. */
static struct {
	struct reactor_system system;
	size_t received;
} rig_drip;

/* ---- writing down ---- */

static inline void
rig_note(struct rig_end *e, const char *what)
{
	size_t used = strlen(e->log);

	snprintf(e->log + used, sizeof(e->log) - used, "%s%s",
	    used > 0 ? " " : "", what);
}

static inline void
rig_note_number(struct rig_end *e, const char *what, int number)
{
	char text[64];

	snprintf(text, sizeof(text), "%s(%d)", what, number);
	rig_note(e, text);
}

static inline struct rig_end *
rig_end_of(struct protocol *p)
{
	return (struct rig_end *)(void *)((char *)p -
	    offsetof(struct rig_end, protocol));
}

/* ---- the protocol ---- */

static inline void
rig_made(struct protocol *p)
{
	struct rig_end *e = rig_end_of(p);

	rig_note(e, "made");
	if (e->made != NULL)
		e->made(e);
}

static inline size_t
rig_data(struct protocol *p, const char *at, size_t len)
{
	struct rig_end *e = rig_end_of(p);
	char text[80];
	size_t i, used = len;

	snprintf(text, sizeof(text), "\"%.*s\"", len < 60 ? (int)len : 60, at);
	if (!e->quiet)
		rig_note(e, text);
	if (e->data != NULL)
		used = e->data(e, at, len);
	e->received += used;
	for (i = 0; i < used; i++)
		e->sum += (unsigned char)at[i];
	return used;
}

static inline void
rig_count_farewell(struct rig_end *e)
{
	e->farewells++;
	if (--e->rig->waiting == 0)
		reactor_break(e->rig->reactor);
}

static inline void
rig_lost(struct protocol *p, int reason)
{
	struct rig_end *e = rig_end_of(p);

	rig_note_number(e, "lost", reason);
	if (e->lost != NULL)
		e->lost(e, reason);
	rig_count_farewell(e);
}

static inline void
rig_failed(struct protocol *p, int error)
{
	struct rig_end *e = rig_end_of(p);

	rig_note_number(e, "failed", error);
	if (e->lost != NULL)
		e->lost(e, error);
	rig_count_farewell(e);
}

static inline void
rig_read_closed(struct protocol *p)
{
	struct rig_end *e = rig_end_of(p);

	rig_note(e, "end");
	if (e->end != NULL)
		e->end(e);
}

static inline void
rig_write_paused(struct protocol *p)
{
	struct rig_end *e = rig_end_of(p);

	rig_note(e, "paused");
	if (e->paused != NULL)
		e->paused(e);
}

static inline void
rig_write_resumed(struct protocol *p)
{
	struct rig_end *e = rig_end_of(p);

	rig_note(e, "resumed");
	if (e->resumed != NULL)
		e->resumed(e);
}

/* A protocol that leaves the end of file to the transport; one that minds. */
static const struct protocol_ops rig_plain = {
	.connection_made = rig_made, .data_received = rig_data,
	.connection_lost = rig_lost, .connect_failed = rig_failed,
};
static const struct protocol_ops rig_full = {
	.connection_made = rig_made, .data_received = rig_data,
	.connection_lost = rig_lost, .connect_failed = rig_failed,
	.read_closed = rig_read_closed, .write_paused = rig_write_paused,
	.write_resumed = rig_write_resumed,
};

/* ---- hooks that many need ---- */

static inline void
rig_lose(struct rig_end *e)
{
	transport_lose_connection(e->protocol.transport);
}

static inline size_t
rig_lose_at_data(struct rig_end *e, const char *at, size_t len)
{
	(void)at;
	rig_lose(e);
	return len;
}

static inline void
rig_pause_reading(struct rig_end *e)
{
	transport_pause_reading(e->protocol.transport);
}

/* ---- the rig ---- */

static inline struct rig *
rig_of_factory(struct protocol_factory *f)
{
	return (struct rig *)(void *)((char *)f -
	    offsetof(struct rig, factory));
}

static inline struct protocol *
rig_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct rig *rig = rig_of_factory(f);

	(void)from;
	if (rig->accepted++ > 0)
		return NULL;
	if (rig_speaks_tls)
		return reactor_tls_wrap(
		    rig->server_tls, NULL, &rig->server.protocol);
	return &rig->server.protocol;
}

static inline void
rig_stopped(struct protocol_factory *f)
{
	rig_of_factory(f)->stopped++;
}

static inline void
rig_listen_failed(struct protocol_factory *f, int error)
{
	rig_of_factory(f)->listen_error = error;
}

static const struct protocol_factory_ops rig_factory = {
	.build_protocol = rig_build,
	.failed = rig_listen_failed,
	.stopped = rig_stopped,
};

static inline void
rig_hangs(struct reactor_timer *t)
{
	struct rig *rig = (struct rig *)(void *)((char *)t -
	    offsetof(struct rig, watchdog));

	CHECK(rig == NULL);	/* fails: the test hangs */
	printf("# client: %s\n# server: %s\n", rig->client.log,
	    rig->server.log);
	reactor_break(rig->reactor);
}

static inline void
rig_init_end(struct rig *rig, struct rig_end *e, const struct protocol_ops *ops)
{
	memset(e, 0, sizeof(*e));
	e->rig = rig;
	e->protocol.ops = ops;
}

static inline void
rig_path(struct reactor_address *a)
{
	char path[100];

	snprintf(path, sizeof(path), "/tmp/spindle-%ld.sock", (long)getpid());
	reactor_address_from_path(a, path, strlen(path));
}

static inline ssize_t
rig_drip_recv(const struct reactor_system *self, int fd, void *at, size_t len)
{
	size_t most = rig_drip.received < 4000 ? 1 :
	    1 + rig_drip.received % 30000;
	ssize_t n = reactor_system_posix.recv(
	    self, fd, at, len < most ? len : most);

	if (n > 0)
		rig_drip.received += (size_t)n;
	return n;
}

/* Makes the settings of TLS; without a libssl, no case comes here. */
static inline void
rig_open_tls(struct rig *rig)
{
	const struct reactor_tls_options client = {
		.library = tls_kit_library(), .ca_file = tls_kit_authority,
	};
	const struct reactor_tls_options server = {
		.library = tls_kit_library(), .server = true,
		.certificate_file = tls_kit_certificate,
		.key_file = "test/tls/site.key",
	};
	char why[REACTOR_TLS_WHY];

	if (!rig_speaks_tls)
		return;
	if (reactor_tls_settings_new(&rig->client_tls, rig->reactor, &client,
	    why) != 0 || reactor_tls_settings_new(&rig->server_tls,
	    rig->reactor, &server, why) != 0) {
		printf("# %s\n", why);
		abort();
	}
}

/* A reactor that listens; ends with rig_plain, to be changed. */
static inline void
rig_open(struct rig *rig)
{
	memset(rig, 0, sizeof(*rig));
	rig_drip.received = 0;
	rig_init_end(rig, &rig->client, &rig_plain);
	rig_init_end(rig, &rig->server, &rig_plain);
	rig->factory.ops = &rig_factory;
	if (reactor_new(&rig->reactor, &rig_options) != 0)
		abort();
	rig_open_tls(rig);
	if (rig_where == NULL)
		rig_path(&rig->address);
	else
		reactor_address_parse(
		    &rig->address, rig_where, strlen(rig_where), 0);
	CHECK_INT(reactor_listen(rig->reactor, &rig->address, NULL,
	    &rig->factory, &rig->listener), 0);
	reactor_listener_address(rig->listener, &rig->address);
}

/* What is connected for the client; with TLS, to this host. */
static inline struct protocol *
rig_wrap(struct rig *rig, const char *host)
{
	const struct reactor_tls_peer peer = {
		.host = host, .host_len = strlen(host),
	};

	return rig_speaks_tls ? reactor_tls_wrap(rig->client_tls, &peer,
	    &rig->client.protocol) : &rig->client.protocol;
}

static inline void
rig_connect(struct rig *rig)
{
	CHECK_INT(reactor_connect(rig->reactor, &rig->address, NULL,
	    rig_wrap(rig, "localhost")), 0);
}

/* Runs until so many farewells were said. */
static inline void
rig_run(struct rig *rig, int farewells)
{
	rig->waiting = farewells;
	reactor_call_later(rig->reactor, &rig->watchdog,
	    240000000000u, rig_hangs);
	CHECK_INT(reactor_run(rig->reactor), 0);
	reactor_cancel_timer(&rig->watchdog);
}

/* Client and server meet, and all is over when both have said farewell. */
static inline void
rig_meet(struct rig *rig)
{
	rig_connect(rig);
	rig_run(rig, 2);
}

static inline void
rig_close(struct rig *rig)
{
	reactor_free(rig->reactor);
	reactor_tls_settings_free(rig->client_tls);
	reactor_tls_settings_free(rig->server_tls);
	CHECK_INT(rig->stopped, 1);
	CHECK_INT(alloc_live(), 0);
	if (rig_where == NULL)
		unlink(rig->address.u.local.sun_path);
}

/* What the two ends were told. */
static inline void
rig_check(struct rig *rig, const char *client, const char *server)
{
	CHECK_STR(rig->client.log, client);
	CHECK_STR(rig->server.log, server);
}

/* The same where the last number is an errno. */
static inline void
rig_check_error(struct rig_end *e, const char *before, int error)
{
	char text[128];

	snprintf(text, sizeof(text), "%s(%d)", before, error);
	CHECK_STR(e->log, text);
}

/* ---- running cases ---- */

/* Opens the poller that the options name, for one that stands before it. */
static inline int
rig_open_poller(struct poller **p, const struct reactor_system *system)
{
	const struct poller_ops *const *ops;

	if (rig_options.own_poller != NULL)
		return rig_options.own_poller->open(p, system);
	for (ops = poller_list; *ops != NULL; ops++)
		if (strcmp((*ops)->name, rig_options.poller) == 0)
			return (*ops)->open(p, system);
	return -EINVAL;
}

struct rig_case {
	const char *name;
	void (*run)(void);
	bool plain;	/* it looks at what TLS would encrypt */
};

/* Runs all cases over each poller that is here, with addresses of a kind. */
static inline void
rig_each(const struct rig_case *cases, size_t count, const char *where)
{
	static const struct {
		const char *label, *name;
		const struct poller_ops *own;
	} pollers[] = {
		{ "epoll", "epoll", NULL },
		{ "kqueue", "kqueue", NULL },
		{ "poll", "poll", NULL },
		{ "kqueue stand-in", NULL, &poller_kqueue_stand_in },
	};
	static char names[2][128];	/* the case before still needs its */
	static unsigned turn;
	struct reactor *r;
	char *name;
	size_t p, i;

	if (!rig_speaks_tls && tls_kit_is_all())
		return;
	rig_where = where;
	for (p = 0; p < sizeof(pollers) / sizeof(pollers[0]); p++) {
		memset(&rig_options, 0, sizeof(rig_options));
		rig_options.poller = pollers[p].name;
		rig_options.own_poller = pollers[p].own;
		if (rig_drip.system.recv != NULL)
			rig_options.system = &rig_drip.system;
		if (reactor_new(&r, &rig_options) != 0)
			continue;
		reactor_free(r);
		for (i = 0; i < count; i++) {
			if (rig_speaks_tls && cases[i].plain)
				continue;
			name = names[turn++ % 2];
			snprintf(name, sizeof(names[0]), "%s, %s%s: %s",
			    pollers[p].label, where != NULL ? where : "UNIX",
			    rig_drip.system.recv != NULL ? ", TLS in drips" :
			    rig_speaks_tls ? ", TLS" : "", cases[i].name);
			check_case(name);
			if (where == NULL || loopback_has(where))
				cases[i].run();
			else
				check_skip("no such address here");
		}
		/* What drips does not depend on it, nor memory of TLS. */
		if (rig_drip.system.recv != NULL || tls_kit_is_all())
			break;
	}
}

/* The same over TLS, whose records come whole, and in drips. */
static inline void
rig_each_over_tls(
    const struct rig_case *cases, size_t count, const char *where)
{
	if (!tls_kit_is_here()) {
		check_case("no libssl here, so nothing over TLS");
		return;
	}
	rig_speaks_tls = true;
	rig_each(cases, count, where);
	rig_drip.system = reactor_system_posix;
	rig_drip.system.recv = rig_drip_recv;
	rig_each(cases, count, where);
	memset(&rig_drip, 0, sizeof(rig_drip));
	rig_speaks_tls = false;
}

#endif
