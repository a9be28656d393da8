/*
 * dns_bad_server_test.c - lookups against servers that are silent, lie,
 * fail, or send what nobody can read.  No time is judged.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <string.h>

#include "check.h"
#include "dns_probe.h"

/* All sorts of forgeries first, and then the truth. */
static void
answer_after_lies(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_request q, lie;
	uint8_t copy[512];

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	reactor_udp_send(b->port, "", 0, from);
	reactor_udp_send(b->port, at, 1, from);
	reactor_udp_send(b->port, at, 2, from);
	reactor_udp_send(b->port, at, 11, from);
	reactor_udp_send(b->port, at, len, from);	/* the query itself */
	lie = q;
	lie.id ^= 1;
	bad_reply(b, &lie, from, "192.0.2.66", DNS_RCODE_OK);
	lie = q;
	lie.name.at[1] ^= 1;
	bad_reply(b, &lie, from, "192.0.2.66", DNS_RCODE_OK);
	lie = q;
	lie.type ^= DNS_TYPE_A ^ DNS_TYPE_AAAA;
	bad_reply(b, &lie, from, "192.0.2.66", DNS_RCODE_OK);
	lie = q;
	lie.dns_class = 3;
	bad_reply(b, &lie, from, "192.0.2.66", DNS_RCODE_OK);
	memcpy(copy, at, len);
	copy[2] |= 0x88;			/* a reply of another opcode */
	reactor_udp_send(b->port, copy, len, from);
	bad_reply(b, &q, from, "192.0.2.5", DNS_RCODE_OK);
}

static void
answer_malformed(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	uint8_t copy[512];

	memcpy(copy, at, len);
	copy[2] |= 0x80;
	copy[7] = 9;				/* answers that are not there */
	reactor_udp_send(b->port, copy, len, from);
}

/* Too old for EDNS. */
static void
answer_old(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_request q;

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	if (q.edns)
		bad_reply(b, &q, from, NULL, DNS_RCODE_FORMERR);
	else
		bad_reply(b, &q, from, "192.0.2.5", DNS_RCODE_OK);
}

/* Too old for EDNS, and it does not even repeat the question. */
static void
answer_older(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_request q;
	uint8_t header[DNS_HEADER_SIZE] = { at[0], at[1], 0x80,
	    DNS_RCODE_FORMERR };

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	if (q.edns)
		reactor_udp_send(b->port, header, sizeof(header), from);
	else
		bad_reply(b, &q, from, "192.0.2.5", DNS_RCODE_OK);
}

/* Sends an alias and not a word of the name that it leads to. */
static void
bad_alias(struct bad_server *b, const struct dns_request *q,
    const struct reactor_address *to, const struct dns_name *target)
{
	uint8_t at[512];
	struct dns_answer a;

	dns_answer_begin(&a, q, at, sizeof(at));
	dns_answer_record(&a, &q->name, DNS_TYPE_CNAME, 60, target->at,
	    target->len);
	reactor_udp_send(b->port, at, dns_answer_end(&a, DNS_RCODE_OK), to);
}

/* a.x is an alias of b.x, and so on, up to `last`, which has an address. */
static void
bad_chain(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from, uint8_t last)
{
	struct dns_name next;
	struct dns_request q;

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	next = q.name;
	next.at[1]++;
	if (q.name.at[1] == last)
		bad_reply(b, &q, from, "192.0.2.5", DNS_RCODE_OK);
	else
		bad_alias(b, &q, from, &next);
}

static void
answer_16_aliases(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	bad_chain(b, at, len, from, 'a' + 16);
}

static void
answer_17_aliases(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	bad_chain(b, at, len, from, 'a' + 17);
}

/* a.x and b.x are aliases of one another, each in a reply of its own. */
static void
answer_circle(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_name other;
	struct dns_request q;

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	other = q.name;
	other.at[1] ^= 'a' ^ 'b';
	bad_alias(b, &q, from, &other);
}

/* An alias of a name that does not exist. */
static void
answer_dangling(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_name other;
	struct dns_request q;

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	other = q.name;
	other.at[1] = 'b';
	if (q.name.at[1] == 'b')
		bad_reply(b, &q, from, NULL, DNS_RCODE_NXDOMAIN);
	else
		bad_alias(b, &q, from, &other);
}

/* An alias of a name that must not be asked for. */
static void
answer_onion(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_name onion;
	struct dns_request q;

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	CHECK_INT(dns_name_from_text(&onion, "hidden.onion", 12), 0);
	bad_alias(b, &q, from, &onion);
}

/* Says that there is more over TCP, where there is nobody. */
static void
answer_truncated(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	uint8_t copy[512];

	memcpy(copy, at, len);
	copy[2] |= 0x82;
	reactor_udp_send(b->port, copy, len, from);
}

/* The same, and a whole reply after it: of a forger, for all one knows. */
static void
answer_truncated_first(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_request q;

	answer_truncated(b, at, len, from);
	CHECK_INT(dns_request_parse(&q, at, len), 0);
	bad_reply(b, &q, from, "192.0.2.66", DNS_RCODE_OK);
}

/* Keeps the first of two queries and answers in reverse order. */
static void
answer_reversed(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_request q;

	if (b->queries == 1) {
		memcpy(b->held, at, len);
		b->held_len = len;
		b->held_from = *from;
		return;
	}
	CHECK_INT(dns_request_parse(&q, at, len), 0);
	bad_reply(b, &q, from, "192.0.2.5", DNS_RCODE_OK);
	CHECK_INT(dns_request_parse(&q, b->held, b->held_len), 0);
	bad_reply(b, &q, &b->held_from, "192.0.2.5", DNS_RCODE_OK);
}

/* What bad servers do, and what comes of it. */
static const struct {
	const char *what;
	bad_answer *answer;
	int with_good;
	unsigned flags;
	const char *name, *want;
	unsigned queries;	/* at the bad server */
} bad_rows[] = {
	{ "silence, then another server", answer_silence, 1, DNS_IPV4,
	    "two.example", "192.0.2.1", 1 },
	{ "silence", answer_silence, 0, DNS_IPV4,
	    "two.example", "!dns-timeout", 2 },
	{ "forgeries are passed over", answer_after_lies, 0, DNS_IPV4,
	    "two.example", "192.0.2.5", 1 },
	{ "a server that fails, then another", answer_servfail, 1, 0,
	    "two.example", "2001:db8::1 192.0.2.1", 2 },
	{ "a server that fails", answer_servfail, 0, 0,
	    "two.example", "!no-dns", 4 },
	{ "a server that fails, asked twice", answer_servfail, 0, DNS_IPV4,
	    "two.example", "!no-dns", 2 },
	{ "malformed, then another", answer_malformed, 1, 0,
	    "two.example", "2001:db8::1 192.0.2.1", 2 },
	{ "malformed", answer_malformed, 0, 0,
	    "two.example", "!no-dns", 4 },
	{ "a server without EDNS", answer_old, 0, 0,
	    "two.example", "192.0.2.5", 4 },
	{ "one that does not repeat the question", answer_older, 0, 0,
	    "two.example", "192.0.2.5", 4 },
	{ "aliases one by one", answer_16_aliases, 0, DNS_IPV4,
	    "a.example", "192.0.2.5", 17 },
	{ "aliases one by one, both families", answer_16_aliases, 0, 0,
	    "n.example", "192.0.2.5", 8 },
	{ "too many of them", answer_17_aliases, 0, DNS_IPV4,
	    "a.example", "!no-dns", 17 },
	{ "a circle of two replies", answer_circle, 0, DNS_IPV4,
	    "a.example", "!no-dns", 2 },
	{ "an alias of nothing", answer_dangling, 0, DNS_IPV4,
	    "a.example", "!no-such-host", 2 },
	{ "an alias of a special name", answer_onion, 0, DNS_IPV4,
	    "a.example", "!no-such-host", 1 },
	{ "truncated, TCP refused, then another", answer_truncated, 1,
	    DNS_IPV4, "two.example", "192.0.2.1", 1 },
	{ "truncated, TCP refused", answer_truncated, 0, DNS_IPV4,
	    "two.example", "!no-dns", 2 },
	{ "truncated, and then no longer believed", answer_truncated_first, 1,
	    DNS_IPV4, "two.example", "192.0.2.1", 1 },
	{ "answers in another order", answer_reversed, 0, 0,
	    "two.example", "192.0.2.5", 2 },
	{ "nothing with no SOA", answer_plainly, 0, DNS_IPV6,
	    "two.example", "!no-such-host", 1 },
};

static void
test_bad_servers(struct probe *p)
{
	struct dns_config c;
	struct bad_server b;
	struct dns_resolver *r;
	size_t i;

	for (i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
		check_case(bad_rows[i].what);
		bad_open(p, &b, bad_rows[i].answer, &c, bad_rows[i].with_good);
		r = probe_resolver(p, &c);
		probe_expect(p, r, bad_rows[i].name, bad_rows[i].flags,
		    bad_rows[i].want);
		CHECK_INT(b.queries, bad_rows[i].queries);
		if (bad_rows[i].flags != 0)
			CHECK_INT(b.port_reused, 0);
		dns_resolver_free(r);
		bad_close(p, &b);
	}
}

static const char two_suffixes[] = "search first.example second.example\n";

/* In first.example, the last of the aliases leads to nothing. */
static void
answer_16_aliases_of_nothing(struct bad_server *b, const uint8_t *at,
    size_t len, const struct reactor_address *from)
{
	struct dns_request q;

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	if (q.name.at[1] == 'a' + 16 && q.name.at[3] == 'f')
		bad_reply(b, &q, from, NULL, DNS_RCODE_NXDOMAIN);
	else
		bad_chain(b, at, len, from, 'a' + 16);
}

/* Aliases are remembered like addresses; a second lookup costs nothing. */
static void
test_aliases_again(struct probe *p)
{
	struct dns_config c;
	struct bad_server b;
	struct dns_resolver *r;
	int i;

	check_case("aliases are remembered");
	bad_open(p, &b, answer_16_aliases, &c, 0);
	r = probe_resolver(p, &c);
	for (i = 0; i < 3; i++)
		probe_expect(p, r, "a.example", DNS_IPV4, "192.0.2.5");
	probe_expect(p, r, "b.example", DNS_IPV4, "192.0.2.5");
	CHECK_INT(b.queries, 17);
	dns_resolver_free(r);

	check_case("and counted for each name that is tried");
	b.answer = answer_16_aliases_of_nothing;
	dns_config_parse(&c, two_suffixes, sizeof(two_suffixes) - 1);
	r = probe_resolver(p, &c);
	probe_expect(p, r, "a", DNS_IPV4, "192.0.2.5");
	CHECK_INT(b.queries, 17 + 34);
	dns_resolver_free(r);
	bad_close(p, &b);
}

/* What becomes of names in first.example; s.second.example has an address. */
static unsigned first_rcode;

static void
answer_second(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	struct dns_request q;
	char name[DNS_NAME_TEXT];

	CHECK_INT(dns_request_parse(&q, at, len), 0);
	dns_name_format(&q.name, name);
	if (strcmp(name, "s.second.example") == 0)
		bad_reply(b, &q, from, "192.0.2.5", DNS_RCODE_OK);
	else if (strstr(name, "first") == NULL)
		bad_reply(b, &q, from, NULL, DNS_RCODE_NXDOMAIN);
	else if (first_rcode != DNS_RCODE_OK)
		bad_reply(b, &q, from, NULL, first_rcode);
}

static void
test_search(struct probe *p)
{
	static const struct {
		unsigned rcode;
		const char *name, *want;
	} rows[] = {
		{ DNS_RCODE_SERVFAIL, "s", "192.0.2.5" },
		{ DNS_RCODE_REFUSED, "s", "192.0.2.5" },
		{ DNS_RCODE_SERVFAIL, "none", "!no-dns" },
		{ DNS_RCODE_NXDOMAIN, "none", "!no-such-host" },
		{ DNS_RCODE_OK, "s", "!dns-timeout" },
	};
	struct dns_config c;
	struct bad_server b;
	struct dns_resolver *r;
	size_t i;

	check_case("trouble with one suffix, then another");
	bad_open(p, &b, answer_second, &c, 0);
	dns_config_parse(&c, two_suffixes, sizeof(two_suffixes) - 1);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		first_rcode = rows[i].rcode;
		r = probe_resolver(p, &c);
		probe_expect(p, r, rows[i].name, DNS_IPV4, rows[i].want);
		dns_resolver_free(r);
	}
	bad_close(p, &b);
}

static void
test_wrong_id_over_tcp(struct probe *p)
{
	struct dns_resolver *r = probe_resolver(p, &p->config);

	check_case("a reply over TCP with another id is not believed");
	p->tcp_spoils = 1;
	probe_expect(p, r, "big.example", DNS_IPV4, "!no-dns");
	CHECK_INT(p->tcp_queries, 2);
	p->tcp_spoils = 0;
	dns_resolver_free(r);
}

/* Waits for an answer over TCP that does not come. */
static void
test_mute_over_tcp(struct probe *p)
{
	struct dns_resolver *r = probe_resolver(p, &p->config);
	int open_fds = sim_open_fds(p->sim);
	struct outcome o = { 0, "" };
	unsigned queries = p->tcp_queries;
	struct deferred *d;

	check_case("no answer over TCP: nothing stays open");
	p->tcp_mute = true;
	probe_expect(p, r, "big.example", DNS_IPV4, "!dns-timeout");
	CHECK_INT(p->tcp_queries, queries + 2);

	check_case("cancelled while it asks over TCP");
	d = dns_resolve(r, "big.example", 11, 80, DNS_IPV4);
	deferred_add_both(d, outcome_take, &o);
	while (p->tcp_queries == queries + 2)
		reactor_iterate(p->reactor, 100000000);
	deferred_cancel(d);
	CHECK_STR(o.text, "!cancelled");
	deferred_release(d);
	p->tcp_mute = false;
	dns_resolver_free(r);
	CHECK(sim_pass_hour(p->sim, p->reactor));
	CHECK_INT(o.done, 1);
	CHECK_INT(sim_open_fds(p->sim), open_fds);
}

/* Fails once, and is silent then. */
static void
answer_servfail_once(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	if (b->queries == 1)
		answer_servfail(b, at, len, from);
}

/*
 * Lookups that are given up after so many queries.  The next one of the same
 * name joins what is still in flight, and ends as if it were the first.
 */
static const struct {
	const char *what;
	unsigned attempts, queries;
	bad_answer *answer;		/* to all of these */
	bad_answer *late;		/* now, to the first; or NULL */
	bad_answer *later;		/* to all others */
	const char *want;
} joined_rows[] = {
	{ "given up, and the server wants no EDNS", 1, 1, answer_reversed,
	    answer_old, answer_plainly, "192.0.2.5" },
	{ "given up, and the server has failed", 2, 2, answer_servfail_once,
	    NULL, answer_silence, "!dns-timeout" },
	{ "given up, and the server was silent", 1, 1, answer_silence,
	    NULL, answer_plainly, "192.0.2.5" },
};

static void
test_joined(struct probe *p)
{
	for (size_t i = 0; i < sizeof(joined_rows) / sizeof(*joined_rows);
	    i++) {
		struct outcome o[2] = { { 0, "" }, { 0, "" } };
		struct deferred *d[2];
		struct dns_config c;
		struct bad_server b;
		struct dns_resolver *r;

		check_case(joined_rows[i].what);
		bad_open(p, &b, joined_rows[i].answer, &c, 0);
		c.attempts = joined_rows[i].attempts;
		r = probe_resolver(p, &c);
		for (int k = 0; k < 2; k++) {
			d[k] = dns_resolve(r, "a.example", 9, 80, DNS_IPV4);
			deferred_add_both(d[k], outcome_take, &o[k]);
			while (b.queries < joined_rows[i].queries)
				reactor_iterate(p->reactor, -1);
			if (k == 0)
				deferred_cancel(d[k]);
		}
		CHECK_INT(b.queries, joined_rows[i].queries);
		b.answer = joined_rows[i].later;
		if (joined_rows[i].late != NULL)
			joined_rows[i].late(&b, b.held, b.held_len,
			    &b.held_from);
		probe_run(p, &o[1].done, 1);
		CHECK_STR(o[0].text, "!cancelled");
		CHECK_STR(o[1].text, joined_rows[i].want);
		deferred_release(d[0]);
		deferred_release(d[1]);
		dns_resolver_free(r);
		bad_close(p, &b);
	}
}

static struct defer_result
free_resolver(void *ctx, struct defer_result in)
{
	dns_resolver_free(ctx);
	return in;
}

/* The answer comes while the loop is busy, and another name is asked for. */
static void
test_freed_inside(struct probe *p)
{
	struct outcome o = { 0, "" };
	struct deferred *first, *second;
	struct reactor_address at;
	struct dns_config c;
	struct bad_server b;
	struct dns_resolver *r;
	uint64_t until;
	int open;

	check_case("freed by an answer, while a question waits to be asked");
	bad_open(p, &b, answer_plainly, &c, 0);
	open = sim_open_fds(p->sim);
	r = probe_resolver(p, &c);
	first = dns_resolve(r, "a.example", 9, 80, DNS_IPV4);
	deferred_add_both(first, free_resolver, r);
	while (b.queries == 0)
		reactor_iterate(p->reactor, -1);
	until = sim_now_ns(p->sim) + 5000000;
	while (sim_now_ns(p->sim) < until)
		CHECK_INT(reactor_udp_local_address(b.port, &at), 0);
	second = dns_resolve(r, "b.example", 9, 80, DNS_IPV4);
	deferred_add_both(second, outcome_take, &o);
	probe_run(p, &o.done, 1);
	CHECK_STR(o.text, "!cancelled");
	CHECK_INT(b.queries, 1);
	CHECK_INT(sim_open_fds(p->sim), open);
	deferred_release(first);
	deferred_release(second);
	bad_close(p, &b);
}

/* A port at which nobody is: ICMP says so, and the next one is asked. */
static void
test_closed_port(struct probe *p)
{
	struct dns_config c;
	struct bad_server b;
	struct dns_resolver *r;

	check_case("a closed port, then another server");
	bad_open(p, &b, answer_silence, &c, 1);
	bad_close(p, &b);
	c.timeout_ns = UINT64_C(100000000000);	/* the test is over before */
	r = probe_resolver(p, &c);
	probe_expect(p, r, "two.example", 0, "2001:db8::1 192.0.2.1");
	dns_resolver_free(r);

	check_case("a closed port");
	c.server_count = 1;
	r = probe_resolver(p, &c);
	probe_expect(p, r, "two.example", 0, "!no-dns");
	dns_resolver_free(r);
}

/* A server that stops the reactor instead of answering. */
static struct reactor *bad_reactor;

static void
answer_by_stopping(struct bad_server *b, const uint8_t *at, size_t len,
    const struct reactor_address *from)
{
	(void)b;
	(void)at;
	(void)len;
	(void)from;
	(void)reactor_stop(bad_reactor);
}

/* A reactor of its own, since what stands in it is lost when it stops. */
static void
test_stopped(void)
{
	struct probe p;
	struct dns_config c;
	struct bad_server b;
	struct dns_resolver *r;
	struct outcome o = { 0, "" };
	struct deferred *d;

	check_case("the reactor stops in flight");
	probe_world(&p);
	bad_reactor = p.reactor;
	bad_open(&p, &b, answer_by_stopping, &c, 0);
	r = probe_resolver(&p, &c);
	d = dns_resolve(r, "two.example", 11, 80, 0);
	deferred_add_both(d, outcome_take, &o);
	CHECK_INT(reactor_run(p.reactor), 0);
	CHECK_INT(o.done, 0);
	dns_resolver_free(r);
	CHECK_STR(o.text, "!cancelled");
	deferred_release(d);
	probe_world_end(&p);
}

int
main(void)
{
	struct probe p;

	check_case("set up");
	probe_open(&p);
	test_bad_servers(&p);
	test_aliases_again(&p);
	test_search(&p);
	test_wrong_id_over_tcp(&p);
	test_mute_over_tcp(&p);
	test_joined(&p);
	test_freed_inside(&p);
	test_closed_port(&p);
	test_stopped();
	probe_close(&p);
	return check_done();
}
