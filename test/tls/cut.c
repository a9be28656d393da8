/*
 * cut.c - what becomes of a TLS connection to a real server when the network
 * between them goes wrong after each single byte.
 *
 *	cut PORT AUTHORITY [STEP [LIBRARY]]
 *
 * A relay stands between client and server, in the client's loop.  It passes
 * on so many bytes of one direction, and then cuts, resets or stalls; or the
 * client gives up at that moment.  It is tried after each byte, or for less
 * time after each STEPth.  It can also pass on one byte at a time,
 * and take records apart or put some in, as long as they are not encrypted.
 * The server must answer "GET /page" with a page that is always the same,
 * and close.  Prints TAP.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700

#include "tls_kit.h"

enum { FROM_CLIENT, FROM_SERVER };

/* What happens when `limit` bytes have passed. */
enum cut_way { WHOLE, END, RESET, STALL, LOSE, ABORT };

/* What the relay does to the server's records, while they are plain. */
enum cut_change { AS_IT_IS, ONE_BYTE_RECORDS, EMPTY_RECORDS, ALERT };

struct cut;

/* One of the two ends of the relay, and how much has come from it. */
struct cut_side {
	struct protocol protocol;
	struct cut_pair *pair;
	struct cut_side *other;
	bool gone;
	size_t passed;
};

struct cut_pair {
	struct cut *cut;
	struct cut_side side[2];	/* by enum above */
	size_t limit;
	bool reached;
	/* How far cut_change has come. */
	unsigned char head[5];
	size_t head_len, left, records;
	bool encrypted;
};

/* The relay and what it is to do. */
struct cut {
	struct reactor *reactor;
	struct reactor_tls_settings *settings;
	struct protocol_factory factory;
	struct reactor_listener *listener;
	unsigned relay_port, server_port;
	int direction;
	enum cut_way way;
	enum cut_change change;
	size_t limit, stride;		/* of the next pair, and from then on */
	bool slow;			/* one byte at a time */
	size_t step;
	unsigned char alert;		/* which, for ALERT */
	size_t at_record;		/* before which, for ALERT, EMPTY... */
	int pairs;			/* how many there are */
	bool reached;			/* by any of them */
	size_t passed[2];		/* of the last pair */
	struct tls_kit_client *client;	/* who gives up */
	/* What a whole connection is like. */
	size_t whole[2], page;
	unsigned long sum;
};

/* ---- passing on ---- */

static void
cut_act(struct cut_pair *p)
{
	struct cut *c = p->cut;
	struct transport *client = p->side[FROM_CLIENT].protocol.transport;
	struct transport *server = p->side[FROM_SERVER].protocol.transport;

	if (p->reached)
		return;
	p->reached = true;
	c->reached = true;
	if (c->way == END) {
		transport_lose_connection(client);
		transport_lose_connection(server);
	} else if (c->way == RESET) {
		transport_abort_connection(client);
		transport_abort_connection(server);
	} else if (c->way == LOSE) {
		transport_lose_connection(c->client->protocol.transport);
	} else if (c->way == ABORT) {
		transport_abort_connection(c->client->protocol.transport);
	}
}

/* Puts something before a record of the server, or takes it apart. */
static void
cut_before_record(struct cut_pair *p, struct transport *to)
{
	static const unsigned char empty[] = { 22, 3, 3, 0, 0 };
	unsigned char alert[] = { 21, 3, 3, 0, 2, 2, 0 };
	int i;

	if (p->records++ != p->cut->at_record)
		return;
	if (p->cut->change == EMPTY_RECORDS) {
		p->cut->reached = true;
		for (i = 0; i < 1000; i++)
			transport_write(to, empty, sizeof(empty));
	} else if (p->cut->change == ALERT) {
		p->cut->reached = true;
		alert[6] = p->cut->alert;
		transport_write(to, alert, sizeof(alert));
	}
}

static void
cut_change_byte(struct cut_pair *p, struct transport *to, char byte)
{
	unsigned char one[] = { 22, 3, 3, 0, 1, (unsigned char)byte };

	if (p->left > 0) {
		p->left--;
		if (p->cut->change == ONE_BYTE_RECORDS && p->head[0] == 22)
			transport_write(to, one, sizeof(one));
		else
			transport_write(to, &byte, 1);
		return;
	}
	p->head[p->head_len++] = (unsigned char)byte;
	if (p->head_len < sizeof(p->head))
		return;
	p->head_len = 0;
	p->left = (size_t)p->head[3] << 8 | p->head[4];
	if (!p->encrypted)
		cut_before_record(p, to);
	if (p->head[0] != 22)
		p->encrypted = true;
	if (p->encrypted || p->cut->change != ONE_BYTE_RECORDS)
		transport_write(to, p->head, sizeof(p->head));
}

/* TLS 1.2 encrypts handshake records, too, after a record of type 20. */
static void
cut_change_bytes(
    struct cut_pair *p, struct transport *to, const char *at, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (p->encrypted && p->left == 0 && p->head_len == 0) {
			transport_write(to, at + i, len - i);
			return;
		}
		cut_change_byte(p, to, at[i]);
	}
}

static size_t
cut_data(struct protocol *protocol, const char *at, size_t len)
{
	struct cut_side *from = (struct cut_side *)protocol;
	struct cut_pair *p = from->pair;
	struct transport *to = from->other->protocol.transport;
	bool watched = from == &p->side[p->cut->direction];
	size_t n = len;

	if (p->reached)
		return len;
	if (p->cut->slow) {
		n = 1;
		transport_pause_reading(protocol->transport);
		transport_resume_reading(protocol->transport);
	}
	if (p->cut->way != WHOLE && watched && n > p->limit - from->passed)
		n = p->limit - from->passed;
	if (p->cut->change != AS_IT_IS && from == &p->side[FROM_SERVER])
		cut_change_bytes(p, to, at, n);
	else
		transport_write(to, at, n);
	from->passed += n;
	if (p->cut->way != WHOLE && watched && from->passed == p->limit) {
		cut_act(p);
		return len;
	}
	return n;
}

/* ---- the two ends ---- */

static void
cut_made(struct protocol *protocol)
{
	struct cut_side *s = (struct cut_side *)protocol;

	if (s == &s->pair->side[FROM_CLIENT] && s->pair->limit == 0 &&
	    s->pair->cut->way != WHOLE)
		cut_act(s->pair);
}

static void
cut_read_closed(struct protocol *protocol)
{
	struct cut_side *s = (struct cut_side *)protocol;

	transport_half_close(s->other->protocol.transport);
	if (s->pair->cut->way == STALL && s->pair->reached)
		transport_lose_connection(protocol->transport);
}

static void
cut_lost(struct protocol *protocol, int reason)
{
	struct cut_side *s = (struct cut_side *)protocol;
	struct cut_pair *p = s->pair;

	s->gone = true;
	if (!s->other->gone) {
		if (reason == 0)
			transport_lose_connection(s->other->protocol.transport);
		else
			transport_abort_connection(
			    s->other->protocol.transport);
		return;
	}
	p->cut->passed[FROM_CLIENT] = p->side[FROM_CLIENT].passed;
	p->cut->passed[FROM_SERVER] = p->side[FROM_SERVER].passed;
	p->cut->pairs--;
	free(p);
}

static const struct protocol_ops cut_ops = {
	cut_made, cut_data, cut_lost, NULL, cut_read_closed, NULL, NULL
};

static struct protocol *
cut_build(struct protocol_factory *f, const struct reactor_address *from)
{
	struct cut *c = (struct cut *)((char *)f - offsetof(struct cut,
	    factory));
	struct cut_pair *p = calloc(1, sizeof(*p));
	struct reactor_address to = tls_kit_address(c->server_port);
	int i;

	(void)from;
	if (p == NULL)
		tls_kit_fatal("memory", 0);
	p->cut = c;
	p->limit = c->limit;
	c->limit += c->stride;
	for (i = 0; i < 2; i++) {
		p->side[i].protocol.ops = &cut_ops;
		p->side[i].pair = p;
		p->side[i].other = &p->side[!i];
	}
	if (reactor_connect(
	    c->reactor, &to, NULL, &p->side[FROM_SERVER].protocol) != 0)
		tls_kit_fatal("connect", 0);
	c->pairs++;
	return &p->side[FROM_CLIENT].protocol;
}

static const struct protocol_factory_ops cut_factory_ops = {
	cut_build, NULL, NULL
};

/* ---- one connection ---- */

/* Runs until the client and the relay have heard the last of it. */
static void
cut_run(struct cut *c, struct tls_kit_client *client)
{
	reactor_tls_forget_sessions(c->settings);
	client->reactor = c->reactor;
	client->settings = c->settings;
	client->port = c->relay_port;
	c->client = client;
	c->reached = false;
	if (tls_kit_begin(client) != 0)
		tls_kit_fatal("connect", 0);
	while (client->farewells == 0 || c->pairs > 0)
		if (reactor_iterate(c->reactor, -1) != 0)
			tls_kit_fatal("turn", 0);
}

/* The page came whole, and the end was orderly. */
static bool
cut_is_whole(const struct cut *c, const struct tls_kit_client *client)
{
	return client->made && client->reason == 0 &&
	    client->received == c->page && client->sum == c->sum;
}

static void
cut_remark(const struct tls_kit_client *client, size_t at)
{
	printf("# after %zu bytes: %s %s, %zu bytes: %s\n", at,
	    client->failed ? "failed" : client->made ? "made, lost" : "lost",
	    tls_kit_word(client->reason), client->received, client->why);
}

/* ---- the cases ---- */

static void
cut_learn(struct cut *c)
{
	struct tls_kit_client client = { 0 };

	check_case("a whole connection");
	c->way = WHOLE;
	c->change = AS_IT_IS;
	cut_run(c, &client);
	c->whole[FROM_CLIENT] = c->passed[FROM_CLIENT];
	c->whole[FROM_SERVER] = c->passed[FROM_SERVER];
	c->page = client.received;
	c->sum = client.sum;
	CHECK(client.made && client.reason == 0);
	CHECK(client.received > 0);
	if (check_failing())
		cut_remark(&client, 0);
}

/* What may come of a cut connection; a whole one is no surprise. */
static bool
cut_expected(const struct cut *c, const struct tls_kit_client *client)
{
	int r = client->reason;

	if (client->farewells != 1 || client->failed == client->made ||
	    client->why[0] == '\0')
		return false;
	if (cut_is_whole(c, client))
		return c->way != ABORT || c->passed[FROM_SERVER] > 0;
	if (c->way == END)
		return r == REACTOR_TLS_E_TRUNCATED || r == -ECONNRESET;
	if (c->way == RESET)
		return r == -ECONNRESET || r == -EPIPE;
	if (c->way == LOSE)
		return client->made ? r == 0 : r == -ECANCELED;
	return client->made ? r == -ECONNABORTED : r == -ECANCELED;
}

/* One way of going wrong after each byte of one direction. */
static void
cut_each(struct cut *c, const char *name, int direction, enum cut_way way,
    size_t times)
{
	size_t step = times * c->step;
	struct tls_kit_client client = { 0 };
	size_t at, wrong = 0, whole = 0;
	long live;

	check_case(name);
	reactor_tls_forget_sessions(c->settings);
	live = alloc_live();
	c->direction = direction;
	c->way = way;
	for (at = 0; wrong < 5; at += step) {
		c->limit = at;
		cut_run(c, &client);
		if (!cut_expected(c, &client)) {
			wrong++;
			cut_remark(&client, at);
		}
		whole += cut_is_whole(c, &client) && !client.failed;
		if (!c->reached)
			break;
	}
	CHECK_INT(wrong, 0);
	reactor_tls_forget_sessions(c->settings);
	CHECK_INT(alloc_live(), live);
	CHECK(at > 400);
	/* Only at the very end nothing is missing. */
	CHECK(way == LOSE || whole <= 40 / step + 2);
	if (check_failing())
		printf("# %zu of %zu were whole\n", whole, at / step);
	c->way = WHOLE;
}

/* One byte at a time both ways: slow, but nothing else. */
static void
cut_slow(struct cut *c)
{
	struct tls_kit_client client = { 0 };

	check_case("one byte at a time");
	c->slow = true;
	cut_run(c, &client);
	c->slow = false;
	if (!CHECK(cut_is_whole(c, &client)))
		cut_remark(&client, 0);
}

/*
 * Servers that stop in each state of the handshake, a thousand at once and
 * more: each is given up when its time is over.
 */
static void
cut_stalled(struct cut *c)
{
	enum { MOST = 300 };
	static struct tls_kit_client client[MOST];
	size_t i, farewells = 0;

	check_case("a server that stops after each fifth byte");
	reactor_tls_forget_sessions(c->settings);
	c->direction = FROM_SERVER;
	c->way = STALL;
	c->limit = 0;
	c->stride = 5;
	for (i = 0; i < MOST && i * 5 < 600; i++) {
		client[i].reactor = c->reactor;
		client[i].settings = c->settings;
		client[i].port = c->relay_port;
		client[i].timeout_ns = 500000000;
		if (tls_kit_begin(&client[i]) != 0)
			tls_kit_fatal("connect", 0);
	}
	while (farewells < i || c->pairs > 0) {
		if (reactor_iterate(c->reactor, -1) != 0)
			tls_kit_fatal("turn", 0);
		farewells = 0;
		for (size_t k = 0; k < i; k++)
			farewells += (size_t)client[k].farewells;
	}
	while (i-- > 0)
		if (!CHECK(client[i].failed &&
		    client[i].reason == REACTOR_TLS_E_TIMEOUT))
			cut_remark(&client[i], i);
	c->stride = 0;
	c->way = WHOLE;
}

/* A handshake in records of one byte is one that a library may take. */
static void
cut_one_byte_records(struct cut *c)
{
	struct tls_kit_client client = { 0 };

	check_case("plain records of one byte");
	c->change = ONE_BYTE_RECORDS;
	cut_run(c, &client);
	c->change = AS_IT_IS;
	if (!CHECK(cut_is_whole(c, &client)))
		cut_remark(&client, 0);
}

/* An error of its own, and the words that go with it. */
static void
cut_refused(struct cut *c, struct tls_kit_client *client, int error)
{
	cut_run(c, client);
	if (!c->reached)
		return;
	CHECK_INT(client->farewells, 1);
	if (!CHECK(client->failed && client->reason == error))
		cut_remark(client, c->at_record);
}

static void
cut_empty_records(struct cut *c)
{
	struct tls_kit_client client = { 0 };

	check_case("a flood of empty records, before each plain record");
	c->change = EMPTY_RECORDS;
	for (c->at_record = 0; c->at_record == 0 || c->reached;
	    c->at_record++)
		cut_refused(c, &client, REACTOR_TLS_E_PROTOCOL);
	CHECK(c->at_record > 1);
	c->change = AS_IT_IS;
}

/*
 * Alerts before each record that is not encrypted, so before anything is
 * agreed upon, and after.  Since TLS 1.3 a plain one after ServerHello is a
 * breach of the protocol.
 */
static void
cut_alerts(struct cut *c)
{
	static const unsigned char alerts[] = {
		10, 20, 22, 30, 40, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,
		60, 70, 71, 80, 86, 109, 110, 111, 112, 113, 114, 115, 116,
		120, 255
	};
	struct tls_kit_client client = { 0 };
	size_t i;

	check_case("each alert, before each plain record");
	c->change = ALERT;
	for (i = 0; i < sizeof(alerts); i++) {
		c->alert = alerts[i];
		for (c->at_record = 0; c->at_record == 0 || c->reached;
		    c->at_record++) {
			cut_run(c, &client);
			if (!c->reached)
				continue;
			CHECK_INT(client.farewells, 1);
			if (!CHECK(client.failed) ||
			    (c->at_record == 0 && alerts[i] != 255 &&
			    !CHECK(client.reason == REACTOR_TLS_E_ALERT ||
			    client.reason == REACTOR_TLS_E_VERSION))) {
				printf("# alert %d\n", alerts[i]);
				cut_remark(&client, c->at_record);
			}
		}
	}
	c->change = AS_IT_IS;
}

static void
cut_all(struct cut *c)
{
	cut_learn(c);
	if (check_failing())
		return;
	cut_each(c, "end of file after each byte of the server's",
	    FROM_SERVER, END, 1);
	cut_each(c, "end of file after each byte of the client's",
	    FROM_CLIENT, END, 1);
	cut_each(c, "reset after bytes of the server's",
	    FROM_SERVER, RESET, 5);
	cut_each(c, "reset after bytes of the client's",
	    FROM_CLIENT, RESET, 3);
	cut_each(c, "given up after bytes of the server's",
	    FROM_SERVER, ABORT, 5);
	cut_each(c, "given up after bytes of the client's",
	    FROM_CLIENT, ABORT, 3);
	cut_each(c, "closed after bytes of the server's",
	    FROM_SERVER, LOSE, 5);
	cut_each(c, "closed after bytes of the client's",
	    FROM_CLIENT, LOSE, 3);
	cut_slow(c);
	cut_stalled(c);
	cut_one_byte_records(c);
	cut_empty_records(c);
	cut_alerts(c);
}

static void
cut_listen(struct cut *c)
{
	struct reactor_address at = tls_kit_address(0);

	c->factory.ops = &cut_factory_ops;
	if (reactor_listen(c->reactor, &at, NULL, &c->factory,
	    &c->listener) != 0 ||
	    reactor_listener_address(c->listener, &at) != 0)
		tls_kit_fatal("listen", 0);
	c->relay_port = reactor_address_port(&at);
}

int
main(int argc, char **argv)
{
	static struct cut cut;
	struct reactor_tls_options options = { 0 };
	char why[REACTOR_TLS_WHY];

	if (argc < 3)
		return 2;
	cut.server_port = (unsigned)atoi(argv[1]);
	options.ca_file = argv[2];
	cut.step = argc > 3 ? (size_t)atol(argv[3]) : 1;
	options.library = argc > 4 ? argv[4] : NULL;
	if (reactor_new(&cut.reactor, NULL) != 0 ||
	    reactor_tls_settings_new(&cut.settings, cut.reactor, &options,
	    why) != 0)
		tls_kit_fatal("settings", 0);
	cut_listen(&cut);
	cut_all(&cut);
	reactor_free(cut.reactor);
	reactor_tls_settings_free(cut.settings);
	check_case("nothing is left");
	CHECK_INT(alloc_live(), 0);
	return check_done();
}
