/*
 * dns_server_test.c - the name server: what it truncates over UDP, and all
 * that it does over TCP, with clients that are slow, greedy, silent or mad.
 *
 * All in a perfect simulated world, where time costs nothing; a last case is
 * a real port.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../dns/dns_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../dns/message.h"
#include "../dns/resolver.h"
#include "../reactor/connect.h"
#include "../reactor/listen.h"
#include "../reactor/udp.h"
#include "alloc.h"
#include "check.h"
#include "dns_probe.h"
#include "http_raw.h"
#include "loopback.h"
#include "sim.h"

enum { SECOND_NS = 1000000000, SAY = 60000, RECORDS = 6000, BESIDE = 43 };
enum { TTL_S = 0x01020304 };

/* The world of one case. */
static struct sim *sim;
static struct reactor *loop;
static struct dns_server *server;
static struct reactor_address at;

/*
 * How many addresses each name has.  An address record is 16 octets, the
 * rest of an answer with an OPT record 12 + 16 + 4 + 11: BESIDE.
 */
static const struct {
	const char *name;
	int count;
} names[] = {
	{ "single.example", 1 },
	{ "twenty.example", 20 },	/* 363 */
	{ "thirty.example", 29 },	/* 507 */
	{ "forty0.example", 30 },	/* 523 */
	{ "second.example", 74 },	/* 1227 */
	{ "toobig.example", 75 },	/* 1243 */
	{ "larger.example", 200 },
	{ "hugest.example", 5000 },	/* for TCP, too */
};

static int
serve(struct dns_server **out, struct reactor *r)
{
	static struct dns_server_record table[RECORDS];
	static char values[RECORDS][20];
	size_t i, count = 0;
	int n;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (n = 0; n < names[i].count; n++, count++) {
			snprintf(values[count], sizeof(values[count]),
			    "10.1.%d.%d", n / 256, n % 256);
			table[count].name = names[i].name;
			table[count].value = values[count];
			table[count].ttl_s = TTL_S;
		}
	return dns_server_new(out, r, &at, table, count);
}

static void
set_address(const char *text)
{
	CHECK_INT(reactor_address_parse(&at, text, strlen(text), 0), 0);
}

static void
begin(void)
{
	static const struct sim_options calm = { .seed = 1 };
	struct reactor_options options;

	sim = sim_new(&calm);
	options = sim_reactor_options(sim);
	set_address("127.0.0.1");
	if (reactor_new(&loop, &options) < 0 || serve(&server, loop) < 0)
		abort();
	CHECK_INT(dns_server_listen(server), 0);
	CHECK_INT(dns_server_address(server, &at), 0);
}

static void
end(void)
{
	dns_server_free(server);
	reactor_free(loop);
	CHECK_INT(sim_open_fds(sim), 0);
	CHECK_STR(sim_first_violation(sim), NULL);
	sim_free(sim);
	CHECK_INT(alloc_live(), 0);
}

/* Turns the loop for so long. */
static void
pass(uint64_t time_ns)
{
	CHECK(sim_pass(sim, loop, time_ns));
}

/* ---- queries and answers ---- */

static struct dns_question
question_of(const char *name)
{
	struct dns_question q = { .type = DNS_TYPE_A };

	CHECK_INT(dns_name_from_text(&q.name, name, strlen(name)), 0);
	return q;
}

/* Adds a query with its length in front; returns the new length. */
static size_t
add_query(uint8_t *say, size_t len, uint16_t id, const char *name)
{
	struct dns_question q = question_of(name);
	size_t size = dns_query_write(say + len + 2, id, &q, true);

	say[len] = (uint8_t)(size >> 8);
	say[len + 1] = (uint8_t)size;
	return len + 2 + size;
}

/* Checks the answer at *pos to that query; returns how many addresses. */
static int
next_answer(const struct raw *r, size_t *pos, uint16_t id, const char *name)
{
	const uint8_t *heard = (const uint8_t *)r->heard + *pos;
	struct dns_question q = question_of(name);
	struct dns_reply reply;
	size_t size;

	if (!CHECK(r->heard_len >= *pos + 2 + DNS_HEADER_SIZE))
		return -1;
	size = (size_t)(heard[0] << 8 | heard[1]);
	*pos += 2 + size;
	if (!CHECK(r->heard_len >= *pos) || !CHECK_INT(dns_reply_parse(&reply,
	    heard + 2, size, id, &q), 0))
		return -1;
	CHECK_INT(reply.truncated, strcmp(name, "hugest.example") == 0);
	return heard[8] << 8 | heard[9];
}

/* ---- over UDP ---- */

static uint8_t datagram[65536];
static size_t datagram_len;

static void
heard_datagram(struct reactor_udp_receiver *r, const char *bytes, size_t len,
    const struct reactor_address *from)
{
	(void)r;
	(void)from;
	memcpy(datagram, bytes, len);
	datagram_len = len;
}

static void
heard_close(struct reactor_udp_receiver *r)
{
	(void)r;
}

/* A port from which the server is asked. */
static struct reactor_udp_port *
hear_datagrams(void)
{
	static const struct reactor_udp_receiver_ops ops = {
		.datagram_received = heard_datagram,
		.port_closed = heard_close,
	};
	static struct reactor_udp_receiver receiver = { &ops };
	struct reactor_udp_options options = { .to = &at };
	struct reactor_udp_port *port;

	CHECK_INT(reactor_open_udp(loop, &options, &receiver, &port), 0);
	return port;
}

/* Sends a query, which has its length in front; false: no answer. */
static bool
ask_by_datagram(struct reactor_udp_port *port, const uint8_t *query,
    size_t len)
{
	CHECK_INT(reactor_udp_send(port, query + 2, len - 2, NULL), 0);
	datagram_len = 0;
	pass(1000000);
	return CHECK(datagram_len > DNS_HEADER_SIZE);
}

/* RFC 6891 section 6.2.3 and .5: the room that the client has; ours is 1232. */
static const struct {
	const char *name;
	int room;			/* 0: no OPT record */
	int answers;			/* 0: truncated */
} udp_table[] = {
	{ "single.example", 0, 1 },
	{ "thirty.example", 512, 29 },
	{ "thirty.example", 0, 29 },
	{ "thirty.example", 100, 29 },	/* as 512 */
	{ "forty0.example", 512, 0 },
	{ "forty0.example", 0, 0 },
	{ "forty0.example", 522, 0 },
	{ "forty0.example", 523, 30 },
	{ "second.example", 1226, 0 },
	{ "second.example", 1227, 74 },
	{ "toobig.example", 1243, 0 },
	{ "toobig.example", 65535, 0 },
	{ "hugest.example", 4096, 0 },
};

static void
test_udp(void)
{
	struct reactor_udp_port *port;
	uint8_t query[2 + DNS_QUERY_MAX];
	size_t i, len;
	int room;

	check_case("over UDP: truncated where the client has no room");
	begin();
	port = hear_datagrams();
	for (i = 0; i < sizeof(udp_table) / sizeof(udp_table[0]); i++) {
		room = udp_table[i].room;
		len = add_query(query, 0, (uint16_t)i, udp_table[i].name);
		query[len - 8] = (uint8_t)(room >> 8);
		query[len - 7] = (uint8_t)room;
		if (room == 0) {
			len -= DNS_OPT_SIZE;
			query[2 + 11] = 0;
		}
		if (!ask_by_datagram(port, query, len))
			continue;
		CHECK_INT((datagram[2] & 2) != 0, udp_table[i].answers == 0);
		CHECK_INT(datagram[6] << 8 | datagram[7],
		    udp_table[i].answers);
		CHECK(datagram_len <= (room < 512 ? 512u : (unsigned)room));
		CHECK(datagram_len <= DNS_UDP_MAX);
		/* The first record begins behind its 20 octets of question. */
		if (udp_table[i].answers > 0)
			CHECK_INT((long)datagram[12 + 20 + 6] << 24 |
			    datagram[12 + 20 + 7] << 16 |
			    datagram[12 + 20 + 8] << 8 |
			    datagram[12 + 20 + 9], TTL_S);
	}
	end();
}

/* Of other classes than the Internet's it knows nothing (RFC 1035, 4.1.1). */
static void
test_class(void)
{
	enum { CHAOS = 3 };
	struct reactor_udp_port *port;
	uint8_t query[2 + DNS_QUERY_MAX];
	size_t len;

	check_case("a query of another class is refused");
	begin();
	port = hear_datagrams();
	len = add_query(query, 0, 7, "single.example");
	query[len - DNS_OPT_SIZE - 1] = CHAOS;
	if (ask_by_datagram(port, query, len)) {
		CHECK_INT(datagram[3] & 15, DNS_RCODE_REFUSED);
		CHECK_INT(datagram[7], 0);
	}
	end();
}

/* ---- over TCP ---- */

/* RFC 7766 section 8: a length in front, however the octets come. */
static void
test_pieces(void)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 0 };
	uint8_t say[2 * (2 + DNS_QUERY_MAX)];
	size_t i, len, pos;
	struct raw r;

	check_case("over TCP: queries in pieces of any size");
	begin();
	len = add_query(say, 0, 7, "single.example");
	len = add_query(say, len, 8, "larger.example");
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		pos = 0;
		raw_talk(&r, loop, &at, (const char *)say, len, pieces[i]);
		CHECK_INT(next_answer(&r, &pos, 7, "single.example"), 1);
		CHECK_INT(next_answer(&r, &pos, 8, "larger.example"), 200);
		CHECK_INT(pos, r.heard_len);
		CHECK_INT(r.lost, 0);
		raw_end(&r);
	}
	end();
}

/* RFC 7766 section 6.2.1.1: pipelining; section 7 allows any order. */
static void
test_pipelined(void)
{
	static uint8_t say[SAY];
	size_t len = 0, pos = 0;
	uint16_t id, count = 0;
	struct raw r;

	check_case("over TCP: a thousand queries at once");
	begin();
	for (; len + 2 + DNS_QUERY_MAX < SAY && count < 1000; count++)
		len = add_query(say, len, count, "twenty.example");
	raw_talk(&r, loop, &at, (const char *)say, len, 0);
	for (id = 0; id < count && !check_failing(); id++)
		CHECK_INT(next_answer(&r, &pos, id, "twenty.example"), 20);
	CHECK_INT(pos, r.heard_len);
	raw_end(&r);
	end();
}

static void
test_longest(void)
{
	uint8_t say[2 + DNS_QUERY_MAX];
	size_t len, pos = 0;
	struct raw r;

	check_case("over TCP: more than a message can have");
	begin();
	len = add_query(say, 0, 1, "hugest.example");
	raw_talk(&r, loop, &at, (const char *)say, len, 0);
	CHECK_INT(next_answer(&r, &pos, 1, "hugest.example"), 0);
	CHECK_INT(pos, r.heard_len);
	raw_end(&r);
	end();
}

/* What ends a connection, behind a good query; none of these is answered. */
static const struct {
	const char *at;
	size_t len;
} no_queries[] = {
#define ROW(text) { text, sizeof(text) - 1 }
	ROW("\0\0"),					/* empty */
	ROW("\0\1x"),
	ROW("\0\14\0\1\1\0\0\0\0\0\0\0\0\0"),		/* no question */
	ROW("\0\14\0\1\201\0\0\1\0\0\0\0\0\0"),		/* a reply */
	ROW("\0\20\0\1\1\0\0\1\0\0\0\0\0\0\300\14\0\1"), /* a pointer ahead */
#undef ROW
};

static void
test_no_query(void)
{
	uint8_t say[2 * (2 + DNS_QUERY_MAX)];
	size_t i, piece, len, pos;
	struct raw r;

	check_case("over TCP: what is no query ends the connection");
	begin();
	for (i = 0; i < sizeof(no_queries) / sizeof(no_queries[0]); i++)
		for (piece = 0; piece < 2; piece++) {
			len = add_query(say, 0, 3, "single.example");
			memcpy(say + len, no_queries[i].at, no_queries[i].len);
			len += no_queries[i].len;
			pos = 0;
			raw_talk(&r, loop, &at, (const char *)say, len, piece);
			CHECK_INT(next_answer(&r, &pos, 3, "single.example"),
			    1);
			CHECK_INT(pos, r.heard_len);
			CHECK_INT(r.lost, 1);
			CHECK_INT(r.reason, 0);
			raw_end(&r);
		}
	end();
}

/* ---- clients that take their time ---- */

/* A client that does what a case says. */
struct client {
	struct protocol protocol;
	int made, lost, reason;
	size_t heard;
	bool deaf;
};

static struct client *
client_of(struct protocol *p)
{
	return (struct client *)(void *)((char *)p -
	    offsetof(struct client, protocol));
}

static void
client_made(struct protocol *p)
{
	client_of(p)->made++;
	if (client_of(p)->deaf)
		transport_pause_reading(p->transport);
}

static size_t
client_received(struct protocol *p, const char *bytes, size_t len)
{
	(void)bytes;
	client_of(p)->heard += len;
	return len;
}

static void
client_lost(struct protocol *p, int reason)
{
	client_of(p)->lost++;
	client_of(p)->reason = reason;
}

static void
client_begin(struct client *c, bool deaf)
{
	static const struct protocol_ops ops = {
		.connection_made = client_made,
		.data_received = client_received,
		.connection_lost = client_lost,
	};

	memset(c, 0, sizeof(*c));
	c->protocol.ops = &ops;
	c->deaf = deaf;
	CHECK_INT(reactor_connect(loop, &at, NULL, &c->protocol), 0);
}

static void
client_connect(struct client *c, bool deaf)
{
	client_begin(c, deaf);
	pass(1000000);
	CHECK_INT(c->made, 1);
}

static void
client_say(struct client *c, const uint8_t *say, size_t len)
{
	transport_write(c->protocol.transport, say, len);
	pass(1000000);
}

/* RFC 7766 section 6.2.3: a connection on which nothing is asked is closed. */
static void
test_idle(void)
{
	static const uint64_t second = SECOND_NS;
	uint8_t say[2 + DNS_QUERY_MAX];
	size_t len = add_query(say, 0, 1, "single.example");
	struct client silent, dripping, busy;
	int i;

	check_case("over TCP: who asks nothing is hung up on");
	begin();
	client_connect(&silent, false);
	client_connect(&dripping, false);
	client_connect(&busy, false);
	for (i = 1; i < DNS_SERVER_IDLE_S; i++) {
		client_say(&dripping, say + i, 1);
		if (i % 4 == 1)
			client_say(&busy, say, len);
		CHECK_INT(silent.lost | dripping.lost | busy.lost, 0);
		pass(second);
	}
	pass(second);
	CHECK_INT(silent.lost, 1);
	CHECK_INT(silent.reason, 0);
	CHECK_INT(dripping.lost, 1);
	CHECK_INT(busy.lost, 0);
	pass(DNS_SERVER_IDLE_S * second);
	CHECK_INT(busy.lost, 1);
	CHECK(busy.heard > 0);
	end();
}

/* Asks for much and reads nothing, for now. */
static void
ask_for_much(struct client *c, size_t *heard)
{
	static uint8_t say[SAY];
	size_t len = 0, count;

	for (count = 0; len + 2 + DNS_QUERY_MAX < SAY; count++)
		len = add_query(say, len, (uint16_t)count, "larger.example");
	*heard = count * (2 + BESIDE + 200 * 16);
	client_say(c, say, len);
}

static void
test_deaf(void)
{
	size_t before, much;
	struct client c;

	check_case("over TCP: who reads no answers gets no more of them");
	begin();
	client_connect(&c, true);
	before = alloc_bytes();
	ask_for_much(&c, &much);
	CHECK(much > 1000000);
	CHECK(alloc_bytes() < before + 4 * 65536 + SAY);
	transport_resume_reading(c.protocol.transport);
	pass(SECOND_NS);
	CHECK_INT(c.heard, much);
	CHECK_INT(c.lost, 0);

	check_case("over TCP: who reads no answers is dropped in the end");
	transport_pause_reading(c.protocol.transport);
	ask_for_much(&c, &much);
	pass((DNS_SERVER_IDLE_S + 1) * UINT64_C(1000000000));
	transport_resume_reading(c.protocol.transport);
	pass(SECOND_NS);
	CHECK_INT(c.lost, 1);
	CHECK_INT(c.reason, -ECONNRESET);
	end();
}

static void
test_crowd(void)
{
	static struct client crowd[DNS_SERVER_CLIENTS + 2];
	uint8_t say[2 + DNS_QUERY_MAX];
	size_t len = add_query(say, 0, 1, "single.example");
	int i;

	check_case("over TCP: no more clients than the limit");
	begin();
	for (i = 0; i < DNS_SERVER_CLIENTS; i++)
		client_connect(&crowd[i], false);
	client_connect(&crowd[i], false);
	pass(1000000);
	CHECK_INT(crowd[i].lost, 1);
	for (i = 0; i < DNS_SERVER_CLIENTS; i++)
		CHECK_INT(crowd[i].lost, 0);
	transport_lose_connection(crowd[0].protocol.transport);
	pass(1000000);
	client_connect(&crowd[i + 1], false);
	client_say(&crowd[i + 1], say, len);
	CHECK(crowd[i + 1].heard > 0);
	CHECK_INT(crowd[i + 1].lost, 0);

	/* And all of them are lost with the server. */
	end();
	for (i = 0; i < DNS_SERVER_CLIENTS + 2; i++)
		CHECK_INT(crowd[i].lost, 1);
}

/* ---- the server's life ---- */

static void
test_life(void)
{
	static const struct protocol_factory_ops nothing = { .failed = NULL };
	struct protocol_factory factory = { &nothing };
	struct reactor_listener *listener;
	struct dns_server *second = NULL;
	struct client c;

	check_case("the port is taken for TCP");
	begin();
	CHECK_INT(dns_server_listen(server), -EALREADY);
	set_address("127.0.0.1");
	CHECK_INT(serve(&second, loop), 0);
	CHECK_INT(dns_server_address(second, &at), 0);
	CHECK_INT(reactor_listen(loop, &at, NULL, &factory, &listener), 0);
	CHECK_INT(dns_server_listen(second), -EADDRINUSE);
	reactor_listener_stop(listener);
	pass(1000000);
	CHECK_INT(dns_server_listen(second), 0);
	dns_server_free(second);
	end();

	check_case("hangs up when it is freed");
	begin();
	client_connect(&c, false);
	dns_server_free(server);
	pass(1000000);
	CHECK_INT(c.lost, 1);
	set_address("127.0.0.1");
	CHECK_INT(serve(&second, loop), 0);
	server = second;
	end();

	check_case("is freed after its reactor");
	begin();
	client_connect(&c, false);
	reactor_free(loop);
	CHECK_INT(c.lost, 1);
	CHECK_INT(dns_server_address(server, &at), -ENOTCONN);
	CHECK_INT(dns_server_listen(server), -ENOTCONN);
	dns_server_free(server);
	sim_free(sim);
	CHECK_INT(alloc_live(), 0);
}

static void
test_table(void)
{
	static const struct dns_server_record rows[] = {
		{ "a..example", "10.0.0.1", 60 },
		{ "a.example", "b..example", 60 },
	};
	struct dns_server *none;

	check_case("a table with what is no name");
	begin();
	set_address("127.0.0.1");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK_INT(dns_server_new(&none, loop, &at, &rows[i], 1),
		    -EINVAL);
	end();
}

static void
test_successor(void)
{
	check_case("where one was freed, another can be made");
	begin();
	for (int i = 0; i < 2; i++) {
		dns_server_free(server);
		reactor_iterate(loop, 0);
		if (!CHECK_INT(serve(&server, loop), 0))
			abort();
		CHECK_INT(dns_server_listen(server), 0);
	}
	end();
}

static void
test_memory(void)
{
	uint8_t say[2 + DNS_QUERY_MAX];
	size_t len = add_query(say, 0, 1, "single.example");
	struct client c;
	long n, failed;

	check_case("each allocation fails in turn");
	for (n = 0, failed = 1; failed; n++) {
		begin();
		dns_server_free(server);
		reactor_iterate(loop, 0);
		set_address("127.0.0.1");
		alloc_fail_at(n, 0);
		failed = serve(&server, loop);
		if (failed != 0)
			CHECK_INT(serve(&server, loop), 0);
		if (failed == 0)
			failed = dns_server_listen(server);
		alloc_fail_at(-1, 0);
		CHECK(failed == 0 || failed == -ENOMEM);
		CHECK_INT(dns_server_address(server, &at), 0);
		CHECK_INT(dns_server_listen(server),
		    failed == 0 ? -EALREADY : 0);
		end();
	}
	CHECK(n > 4);

	check_case("no memory for a client: it is hung up on");
	for (n = 0, failed = 1; failed; n++) {
		begin();
		client_begin(&c, false);
		alloc_fail_at(n, 0);
		pass(1000000);
		if (c.made && !c.lost)
			client_say(&c, say, len - 1);	/* a leftover */
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		if (c.made && !c.lost)
			client_say(&c, say + len - 1, 1);
		CHECK_INT(c.lost, failed);
		CHECK(failed ? c.heard == 0 : c.heard > 0);
		end();
	}
	CHECK(n > 3);
}

/* ---- with a resolver ---- */

/* What our own client does with a truncated answer (RFC 7766 section 5). */
static void
test_resolver(bool real)
{
	struct reactor_options options = { .system = NULL };
	struct outcome o = { 0, "" };
	struct dns_resolver *resolver;
	struct dns_config config;
	char text[REACTOR_ADDRESS_TEXT];
	struct deferred *d;
	int tries;

	check_case(real ? "a real port: asked over UDP, answered over TCP" :
	    "asked over UDP, answered over TCP");
	if (!real) {
		begin();
	} else {
		CHECK_INT(reactor_new(&loop, &options), 0);
		for (tries = 0; tries < 100; tries++) {
			set_address(loopback_any());
			CHECK_INT(serve(&server, loop), 0);
			if (dns_server_listen(server) == 0)
				break;
			dns_server_free(server);
		}
		CHECK_INT(dns_server_address(server, &at), 0);
	}
	dns_config_init(&config);
	reactor_address_format_port(&at, text);
	CHECK_INT(dns_config_add_server(&config, text, strlen(text)), 0);
	CHECK_INT(dns_resolver_new(&resolver, loop, &config, NULL), 0);
	d = dns_resolve(resolver, "larger.example", 14, 0, DNS_IPV4);
	CHECK_INT(deferred_add_both(d, outcome_take, &o), 0);
	while (!o.done)
		reactor_iterate(loop, -1);
	deferred_release(d);
	CHECK(strncmp(o.text, "10.1.0.0", 8) == 0);
	CHECK(strstr(o.text, "10.1.0.31") != NULL);
	dns_resolver_free(resolver);
	if (!real) {
		end();
		return;
	}
	dns_server_free(server);
	reactor_free(loop);
	CHECK_INT(alloc_live(), 0);
}

int
main(void)
{
	test_udp();
	test_class();
	test_table();
	test_pieces();
	test_pipelined();
	test_longest();
	test_no_query();
	test_idle();
	test_deaf();
	test_crowd();
	test_life();
	test_successor();
	test_memory();
	test_resolver(false);
	test_resolver(true);
	return check_done();
}
