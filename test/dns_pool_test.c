/*
 * dns_pool_test.c - queries that share a socket share its bad news, and a
 * retry leaves them there.
 *
 * The kernel tells that a port is closed once, to whatever asks the socket
 * next, and that may be the next query's send.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <string.h>

#include "../dns/dns_pool.h"
#include "../reactor/address.h"
#include "../reactor/reactor.h"
#include "../reactor/system.h"
#include "../reactor/udp.h"
#include "alloc.h"
#include "check.h"
#include "loopback.h"

enum { PATIENCE = 100, TENTH_NS = 100000000 };

/* A query, and how often it was told that no reply will come. */
struct asked {
	struct dns_pending pending;
	int failed;
};

static void
asked_received(struct dns_pending *p, const uint8_t *at, size_t len, bool tcp)
{
	(void)tcp;
	(void)p;
	(void)len;
	CHECK(at == NULL);		/* a closed port does not reply */
}

static void
asked_failed(struct dns_pending *p, int error)
{
	struct asked *a = (struct asked *)((char *)p -
	    offsetof(struct asked, pending));

	CHECK_INT(error, -ECONNREFUSED);
	a->failed++;
}

static const struct dns_pool_ops asked_ops = {
	.received = asked_received,
	.failed = asked_failed,
};

static void
nobody_closed(struct reactor_udp_receiver *r)
{
	(void)r;
}

/* A port on the loopback address at which nobody reads. */
static struct reactor_udp_port *
silent_port(struct reactor *r, struct reactor_address *a)
{
	static const struct reactor_udp_receiver_ops ops = {
		.port_closed = nobody_closed,
	};
	static struct reactor_udp_receiver nobody = { &ops };
	struct reactor_udp_options options = { .from = a };
	const char *at = loopback_any();
	struct reactor_udp_port *port;

	CHECK_INT(reactor_address_parse(a, at, strlen(at), 0), 0);
	CHECK_INT(reactor_open_udp(r, &options, &nobody, &port), 0);
	CHECK_INT(reactor_udp_local_address(port, a), 0);
	return port;
}

/* A loopback address at which nobody listens any more. */
static void
closed_port(struct reactor *r, struct reactor_address *a)
{
	reactor_udp_close(silent_port(r, a));
	reactor_iterate(r, 0);
}

/* Dice that always fall the same, so that all queries share a socket. */
static int
loaded_dice(const struct reactor_system *self, void *at, size_t len)
{
	(void)self;
	memset(at, 7, len);
	return 0;
}

static void
test_shared_refusal(void)
{
	struct reactor_system system = reactor_system_posix;
	struct reactor_options options = { .system = &system };
	struct dns_question question = { .type = DNS_TYPE_A };
	struct asked asked[3];
	struct reactor *r;
	struct dns_pool pool;
	struct reactor_address to;
	int i, turns, told;

	check_case("a refusal is told to all queries of the socket");
	memset(asked, 0, sizeof(asked));
	CHECK_INT(dns_name_from_text(&question.name, "www.example", 11), 0);
	system.random = loaded_dice;
	CHECK_INT(reactor_new(&r, &options), 0);
	closed_port(r, &to);
	dns_pool_init(&pool, r, &to, &asked_ops);
	for (i = 0, told = 0; i < 3; i++)
		if (dns_pool_ask(&pool, &asked[i].pending, &question,
		    true) < 0)
			told |= 1 << i;
	for (turns = 0; turns < PATIENCE && told != 7; turns++) {
		for (i = 0; i < 3; i++)
			if (asked[i].failed > 0)
				told |= 1 << i;
		reactor_iterate(r, told == 7 ? 0 : TENTH_NS);
	}
	CHECK_INT(told, 7);
	for (i = 0; i < 3; i++) {
		CHECK(asked[i].failed <= 1);
		dns_pool_drop(&asked[i].pending, true);
	}
	dns_pool_close(&pool);
	reactor_free(r);
}

/* A server that takes down the ports from which it is asked. */
struct listening {
	struct reactor_system system;	/* with loaded dice */
	struct reactor *reactor;
	struct reactor_udp_receiver receiver;
	struct reactor_udp_port *port;
	int queries;
	uint16_t ports[70];
};

static void
listening_received(struct reactor_udp_receiver *r, const char *at, size_t len,
    const struct reactor_address *from)
{
	struct listening *l = (struct listening *)((char *)r -
	    offsetof(struct listening, receiver));

	(void)at;
	(void)len;
	if (CHECK(l->queries < 70))
		l->ports[l->queries++] = reactor_address_port(from);
}

static void
listening_failed(struct reactor_udp_receiver *r, int error)
{
	(void)r;
	CHECK_INT(error, 0);
}

/* A server, and a pool all of whose queries to it share a socket. */
static void
listening_open(struct listening *l, struct dns_pool *pool)
{
	static const struct reactor_udp_receiver_ops ops = {
		listening_received, listening_failed, nobody_closed,
	};
	struct reactor_options options = { .system = &l->system };
	struct reactor_udp_options at = { .from = NULL };
	struct reactor_address to;

	*l = (struct listening){ .receiver.ops = &ops };
	l->system = reactor_system_posix;
	l->system.random = loaded_dice;
	CHECK_INT(reactor_new(&l->reactor, &options), 0);
	CHECK_INT(reactor_address_parse(&to, loopback_any(),
	    strlen(loopback_any()), 0), 0);
	at.from = &to;
	CHECK_INT(reactor_open_udp(l->reactor, &at, &l->receiver, &l->port),
	    0);
	CHECK_INT(reactor_udp_local_address(l->port, &to), 0);
	dns_pool_init(pool, l->reactor, &to, &asked_ops);
}

static void
listening_close(struct listening *l, struct dns_pool *pool)
{
	dns_pool_close(pool);
	reactor_udp_close(l->port);
	reactor_free(l->reactor);
}

/* Asks, and waits until the server has got the query. */
static void
listening_ask(struct listening *l, struct dns_pool *pool,
    struct dns_pending *p)
{
	struct dns_question question = { .type = DNS_TYPE_A };
	int turns, before = l->queries;

	CHECK_INT(dns_name_from_text(&question.name, "www.example", 11), 0);
	CHECK_INT(dns_pool_ask(pool, p, &question, true), 0);
	for (turns = 0; turns < PATIENCE && l->queries == before; turns++)
		reactor_iterate(l->reactor, TENTH_NS);
	CHECK_INT(l->queries, before + 1);
}

static void
test_retry(void)
{
	struct listening l;
	struct dns_pending first = { .id = 0 }, second = { .id = 0 };
	struct dns_pool pool;

	check_case("a retry leaves by another port, though one waits there");
	listening_open(&l, &pool);
	listening_ask(&l, &pool, &first);
	listening_ask(&l, &pool, &second);
	CHECK_INT(l.ports[0], l.ports[1]);
	CHECK(first.id != second.id);
	dns_pool_drop(&first, true);
	listening_ask(&l, &pool, &first);
	CHECK(l.ports[2] != l.ports[0]);
	/* Nor may the other one, which waited on the socket all along. */
	dns_pool_drop(&second, true);
	listening_ask(&l, &pool, &second);
	CHECK(l.ports[3] != l.ports[0]);
	dns_pool_drop(&first, false);
	dns_pool_drop(&second, false);
	listening_close(&l, &pool);
}

/*
 * An attacker who learns a port must not have it for long: after 64 queries
 * the socket is another.
 */
static void
test_uses(void)
{
	struct listening l;
	struct dns_pending pending = { .id = 0 };
	struct dns_pool pool;

	check_case("after so many queries a socket is retired");
	listening_open(&l, &pool);
	for (int i = 0; i < 65; i++) {
		listening_ask(&l, &pool, &pending);
		dns_pool_drop(&pending, false);
		CHECK_INT(l.ports[i] == l.ports[0], i < 64);
	}
	listening_close(&l, &pool);
}

static void
aborted_failed(struct dns_pending *p, int error)
{
	CHECK_INT(error, -ECONNABORTED);
	((struct asked *)((char *)p - offsetof(struct asked,
	    pending)))->failed++;
}

/* The loop goes first: who waits is told, and the pool may go after it. */
static void
test_loop_ends(void)
{
	static const struct dns_pool_ops ops = {
		.received = asked_received, .failed = aborted_failed,
	};
	struct dns_question question = { .type = DNS_TYPE_A };
	struct asked asked = { .failed = 0 };
	struct reactor_address to;
	struct dns_pool pool;
	struct reactor *r;

	check_case("a query on its way when the loop ends");
	CHECK_INT(dns_name_from_text(&question.name, "www.example", 11), 0);
	CHECK_INT(reactor_new(&r, NULL), 0);
	silent_port(r, &to);
	dns_pool_init(&pool, r, &to, &ops);
	CHECK_INT(dns_pool_ask(&pool, &asked.pending, &question, true), 0);
	reactor_free(r);
	CHECK_INT(asked.failed, 1);
	dns_pool_drop(&asked.pending, false);
	dns_pool_close(&pool);
	CHECK_INT(asked.failed, 1);
}

enum { BOUGHT = 1000 };

/* Dice that count how often they are asked for, and how many they give. */
static int purchases;
static uint32_t thrown;

static int
counting_dice(const struct reactor_system *self, void *at, size_t len)
{
	uint32_t *numbers = at;
	size_t i;

	(void)self;
	purchases++;
	for (i = 0; i < len / sizeof(*numbers); i++, thrown++)
		numbers[i] = thrown << 16 | thrown % 256;
	return purchases <= BOUGHT ? 0 : -EIO;
}

/* Asks once and drops the query; returns its id, or the error. */
static int
ask_once(struct dns_pool *pool)
{
	struct dns_question question = { .type = DNS_TYPE_A };
	struct dns_pending pending = { .id = 0 };
	int error;

	CHECK_INT(dns_name_from_text(&question.name, "www.example", 11), 0);
	error = dns_pool_ask(pool, &pending, &question, true);
	dns_pool_drop(&pending, false);
	return error < 0 ? error : pending.id;
}

static void
test_dice(void)
{
	static unsigned char seen[65536];
	struct reactor_system system = reactor_system_posix;
	struct reactor_options options = { .system = &system };
	struct reactor_address to;
	struct dns_pool pool;
	struct reactor *r;
	int i, id, repeated = 0;

	check_case("each random number is used once, and few calls buy them");
	system.random = counting_dice;
	CHECK_INT(reactor_new(&r, &options), 0);
	silent_port(r, &to);
	dns_pool_init(&pool, r, &to, &asked_ops);
	memset(seen, 0, sizeof(seen));
	purchases = 0;
	thrown = 0;
	for (i = 0; i < 10 * DNS_POOL_DICE; i++) {
		id = ask_once(&pool);
		if (CHECK(id >= 0))
			repeated += seen[id]++;
	}
	CHECK_INT(repeated, 0);
	CHECK_INT(purchases, 10);
	CHECK_INT(thrown, 10 * DNS_POOL_DICE);

	check_case("without random numbers no query is sent");
	purchases = BOUGHT;
	CHECK_INT(ask_once(&pool), -EIO);
	CHECK_INT(ask_once(&pool), -EIO);
	dns_pool_close(&pool);
	reactor_free(r);
}

int
main(void)
{
	long live = alloc_live();

	test_shared_refusal();
	test_retry();
	test_uses();
	test_loop_ends();
	test_dice();
	check_case("nothing is left behind");
	CHECK_INT(alloc_live(), live);
	return check_done();
}
