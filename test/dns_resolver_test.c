/*
 * dns_resolver_test.c - lookups in a simulated world: what is found, what is
 * remembered, cancelled, freed, and without network or memory.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../reactor/system.h"
#include "alloc.h"
#include "check.h"
#include "dns_probe.h"

/* Names, and what is found. */
static const struct {
	const char *name;
	unsigned flags;
	const char *want;
} look_rows[] = {
	{ "two.example", 0, "2001:db8::1 192.0.2.1" },
	{ "TWO.Example.", 0, "2001:db8::1 192.0.2.1" },
	{ "two.example", DNS_IPV4, "192.0.2.1" },
	{ "two.example", DNS_IPV6, "2001:db8::1" },
	{ "two.example", DNS_HASTY, "2001:db8::1 192.0.2.1" },
	{ "four.example", 0, "192.0.2.4" },
	{ "four.example", DNS_IPV6, "!no-such-host" },
	{ "many.example", 0, "2001:db8::7 192.0.2.7 2001:db8::8 "
	    "192.0.2.8 192.0.2.9" },
	{ "alias.example", 0, "2001:db8::1 192.0.2.1" },
	{ "alias3.example", 0, "2001:db8::1 192.0.2.1" },
	{ "loop.example", 0, "!no-dns" },
	{ "dangling.example", 0, "!no-such-host" },
	{ "nothing.example", 0, "!no-such-host" },
	{ "big.example", DNS_IPV4, NULL },
	{ "short", 0, "192.0.2.30" },
	{ "short.", 0, "!no-such-host" },
	{ "a.b", 0, "192.0.2.31" },
	{ "one.dot", 0, "192.0.2.32" },
	{ "192.0.2.77", 0, "192.0.2.77" },
	{ "192.0.2.77", DNS_IPV6, "!no-such-host" },
	{ "2001:db8::77", 0, "2001:db8::77" },
	{ "[2001:db8::77]", 0, "2001:db8::77" },
	{ "192.0.2.77:80", 0, "!no-such-host" },
	{ "localhost", 0, "127.9.9.9" },
	{ "localhost", DNS_IPV6, "!no-such-host" },
	{ "foo.localhost", 0, "::1 127.0.0.1" },
	{ "foo.localhost.", DNS_IPV4, "127.0.0.1" },
	{ "hosts.example", 0, "2001:db8::99 192.0.2.99" },
	{ "HOSTS.example.", DNS_IPV4, "192.0.2.99" },
	{ "hidden.onion", 0, "!no-such-host" },
	{ "x.invalid", 0, "!no-such-host" },
	{ "", 0, "!no-such-host" },
	{ ".", 0, "!no-such-host" },
	{ "a..b", 0, "!no-such-host" },
	{ "white space", 0, "!no-such-host" },
	{ "sl\303\244sh.example", 0, "!no-such-host" },
};

static void
test_table(struct probe *p)
{
	struct dns_resolver *r = probe_resolver(p, &p->config);
	char many[1024] = "";
	size_t i, round;
	int n;

	check_case("lookups, from the server and from memory");
	for (n = 1; n <= 32; n++)
		snprintf(many + strlen(many), 32, "%s10.0.0.%d",
		    n > 1 ? " " : "", n);
	for (round = 0; round < 2; round++)
		for (i = 0; i < sizeof(look_rows) / sizeof(look_rows[0]); i++)
			probe_expect(p, r, look_rows[i].name,
			    look_rows[i].flags, look_rows[i].want != NULL ?
			    look_rows[i].want : many);
	dns_resolver_free(r);
}

static void
test_memory_of_answers(struct probe *p)
{
	struct dns_config c;
	struct bad_server b;
	struct dns_resolver *r;
	struct outcome o[3] = { { 0, "" }, { 0, "" }, { 0, "" } };
	struct deferred *d[3];
	int i;

	check_case("the same question is asked once");
	bad_open(p, &b, answer_plainly, &c, 0);
	c.timeout_ns = UINT64_C(100000000000);
	r = probe_resolver(p, &c);
	for (i = 0; i < 3; i++) {
		d[i] = dns_resolve(r, "x.example", 9, 80, DNS_IPV4);
		deferred_add_both(d[i], outcome_take, &o[i]);
	}
	deferred_cancel(d[1]);
	CHECK_STR(o[1].text, "!cancelled");
	CHECK_INT(b.queries, 0);
	for (i = 0; i < 3; i++) {
		probe_run(p, &o[i].done, 1);
		deferred_release(d[i]);
	}
	CHECK_STR(o[0].text, "192.0.2.5");
	CHECK_STR(o[2].text, "192.0.2.5");
	CHECK_INT(b.queries, 1);

	check_case("an answer is remembered");
	probe_expect(p, r, "x.example", DNS_IPV4, "192.0.2.5");
	CHECK_INT(b.queries, 1);

	check_case("nothing is remembered without a SOA record");
	probe_expect(p, r, "x.example", DNS_IPV6, "!no-such-host");
	CHECK_INT(b.queries, 2);
	probe_expect(p, r, "x.example", DNS_IPV6, "!no-such-host");
	CHECK_INT(b.queries, 3);
	dns_resolver_free(r);
	bad_close(p, &b);
}

/* Frees the resolver from within the callback of a lookup. */
static struct defer_result
free_resolver(void *ctx, struct defer_result in)
{
	struct dns_resolver **r = ctx;

	if (*r != NULL) {
		struct dns_resolver *gone = *r;

		*r = NULL;
		dns_resolver_free(gone);
	}
	return in;
}

/* Asks again from within the callback of a lookup that was cancelled. */
static struct defer_result
ask_again(void *ctx, struct defer_result in)
{
	struct dns_resolver *r = ctx;

	defer_result_destroy(in);
	return defer_result_deferred(dns_resolve(r, "y.example", 9, 80, 0));
}

static void
test_cancel_and_free(struct probe *p)
{
	struct dns_config c;
	struct bad_server b;
	struct dns_resolver *r;
	struct outcome o = { 0, "" };
	struct deferred *d[3];
	int i, waiting = 0;

	check_case("cancelled in flight");
	bad_open(p, &b, answer_silence, &c, 0);
	c.timeout_ns = UINT64_C(100000000000);
	r = probe_resolver(p, &c);
	d[0] = dns_resolve(r, "x.example", 9, 80, 0);
	deferred_add_both(d[0], outcome_take, &o);
	while (b.queries < 2 && waiting++ < 1000)
		reactor_iterate(p->reactor, 1000000);
	deferred_cancel(d[0]);
	CHECK_STR(o.text, "!cancelled");
	deferred_release(d[0]);

	check_case("freed in flight");
	o = (struct outcome){ 0, "" };
	d[0] = dns_resolve(r, "x.example", 9, 80, 0);
	deferred_add_both(d[0], outcome_take, &o);
	d[1] = dns_resolve(r, "localhost", 9, 80, 0);
	dns_resolver_free(r);
	CHECK_STR(o.text, "!cancelled");
	for (i = 0; i < 2; i++)
		deferred_release(d[i]);

	check_case("one that is being freed is asked in vain");
	r = probe_resolver(p, &c);
	o = (struct outcome){ 0, "" };
	d[0] = dns_resolve(r, "x.example", 9, 80, 0);
	deferred_add_both(d[0], ask_again, r);
	deferred_add_both(d[0], outcome_take, &o);
	dns_resolver_free(r);
	CHECK_STR(o.text, "!cancelled");
	deferred_release(d[0]);
	bad_close(p, &b);
}

static void
test_freed_by_callback(struct probe *p)
{
	struct dns_config c;
	struct bad_server b;
	struct dns_resolver *r;
	struct outcome o = { 0, "" };
	struct deferred *d[3];
	int i;

	check_case("freed by a callback");
	bad_open(p, &b, answer_plainly, &c, 0);
	r = probe_resolver(p, &c);
	for (i = 0; i < 3; i++) {
		d[i] = dns_resolve(r, i < 2 ? "x.example" : "y.example", 9,
		    80, 0);
		deferred_add_both(d[i], free_resolver, &r);
		deferred_add_both(d[i], outcome_take, &o);
	}
	probe_run(p, &o.done, 3);
	CHECK(r == NULL);
	for (i = 0; i < 3; i++)
		deferred_release(d[i]);
	bad_close(p, &b);

	check_case("freed by a callback of a failure");
	bad_open(p, &b, answer_servfail, &c, 0);
	r = probe_resolver(p, &c);
	o = (struct outcome){ 0, "" };
	for (i = 0; i < 3; i++) {
		d[i] = dns_resolve(r, i < 2 ? "x.example" : "y.example", 9,
		    80, 0);
		deferred_add_both(d[i], free_resolver, &r);
		deferred_add_both(d[i], outcome_take, &o);
	}
	probe_run(p, &o.done, 3);
	for (i = 0; i < 3; i++)
		deferred_release(d[i]);
	bad_close(p, &b);
	reactor_iterate(p->reactor, 0);
}

static struct defer_result
count_failure(void *ctx, struct defer_result in)
{
	int *done = ctx;

	CHECK(
	    defer_failure_is(defer_result_get_failure(in), &dns_no_such_host));
	defer_result_destroy(in);
	++*done;
	return defer_result_none();
}

static void
test_many(struct probe *p)
{
	struct dns_resolver *r = probe_resolver(p, &p->config);
	struct deferred *d;
	char name[32];
	int i, done = 0;

	check_case("more lookups at once than answers are remembered");
	for (i = 0; i < 2500; i++) {
		snprintf(name, sizeof(name), "no%d.example.", i);
		d = dns_resolve(r, name, strlen(name), 80, 0);
		deferred_add_both(d, count_failure, &done);
		deferred_release(d);
	}
	probe_run(p, &done, 2500);
	dns_resolver_free(r);
	reactor_iterate(p->reactor, 0);
}

static int
connect_nowhere(const struct reactor_system *self, int fd,
    const struct sockaddr *to, socklen_t len)
{
	(void)self;
	(void)fd;
	(void)to;
	(void)len;
	return -ENETUNREACH;
}

static int
random_fails(const struct reactor_system *self, void *at, size_t len)
{
	(void)self;
	(void)at;
	(void)len;
	return -EIO;
}

static void
test_no_network(struct probe *p)
{
	struct reactor *usual = p->reactor;
	struct reactor_system system = reactor_system_posix;
	struct reactor_options options = { .system = &system };
	struct dns_config c;
	struct dns_resolver *r = NULL;

	check_case("no way to any name server");
	system.connect = connect_nowhere;
	CHECK_INT(reactor_new(&p->reactor, &options), 0);
	dns_config_init(&c);
	dns_config_add_server(&c, "192.0.2.53", 10);
	dns_config_add_server(&c, "2001:db8::53", 12);
	r = probe_resolver(p, &c);
	probe_expect(p, r, "two.example", 0, "!no-network");
	probe_expect(p, r, "localhost", 0, "127.9.9.9");
	dns_resolver_free(r);

	check_case("no randomness");
	system.random = random_fails;
	CHECK_INT(dns_resolver_new(&r, p->reactor, &c, NULL), -EIO);
	reactor_free(p->reactor);
	p->reactor = usual;
}

/* A suffix that must not be asked for is passed over. */
static void
test_special_suffix(struct probe *p)
{
	static const char search[] = "search x.invalid first.example\n";
	struct dns_config c;
	struct bad_server b;
	struct dns_resolver *r;

	check_case("a suffix that is special");
	bad_open(p, &b, answer_plainly, &c, 0);
	dns_config_parse(&c, search, sizeof(search) - 1);
	r = probe_resolver(p, &c);
	probe_expect(p, r, "one", DNS_IPV4, "192.0.2.5");
	CHECK_INT(b.queries, 1);
	CHECK_STR(b.name, "one.first.example");
	dns_resolver_free(r);
	bad_close(p, &b);
}

/* Without a server to be asked it is the one on this machine. */
static void
test_no_server(struct probe *p)
{
	static const struct dns_server_record here[] = {
		{ "here.example", "192.0.2.3", 60 },
	};
	struct reactor_address at;
	struct dns_server *server;
	struct dns_resolver *r;
	struct dns_config c;

	check_case("no server, and none that can be asked");
	dns_config_init(&c);
	r = probe_resolver(p, &c);
	probe_expect(p, r, "here.example", DNS_IPV4, "!no-dns");
	CHECK_INT(reactor_address_parse(&at, "127.0.0.1", 9, 53), 0);
	CHECK_INT(dns_server_new(&server, p->reactor, &at, here, 1), 0);
	probe_expect(p, r, "here.example", DNS_IPV4, "192.0.2.3");
	dns_resolver_free(r);
	dns_config_add_server(&c, "fe80::1%gone", 12);
	dns_config_add_server(&c, "dns.example", 11);
	r = probe_resolver(p, &c);
	probe_expect(p, r, "here.example", DNS_IPV4, "192.0.2.3");
	probe_expect(p, r, "127.0.0.1", 0, "127.0.0.1");
	probe_expect(p, r, "hosts.example", DNS_IPV4, "192.0.2.99");
	dns_resolver_free(r);
	dns_server_free(server);
	reactor_iterate(p->reactor, 0);
}

/* One lookup with everything; returns what came out of it. */
static void
look_up_once(struct probe *p, const char *name, struct outcome *o)
{
	struct dns_resolver *r = NULL;
	struct deferred *d;
	int turns = 0;

	if (dns_resolver_new(&r, p->reactor, &p->config, NULL) < 0)
		return;
	d = dns_resolve(r, name, strlen(name), 80, DNS_HASTY);
	if (d != NULL) {
		CHECK_INT(deferred_add_both(d, outcome_take, o), 0);
		while (!o->done && turns++ < 10000)
			reactor_iterate(p->reactor, 10000000);
		CHECK_INT(o->done, 1);
		deferred_release(d);
	}
	dns_resolver_free(r);
}

/* Turns the loop until only so much is live; the server's side takes time. */
static void
settle(struct probe *p, long live)
{
	int turns = 0;

	while (alloc_live() != live && turns++ < 1000)
		reactor_iterate(p->reactor, 1000000);
	CHECK_INT(alloc_live(), live);
}

static void
test_no_memory(struct probe *p)
{
	static const char *const names[] = {
		"alias.example", "big.example", "short", "127.0.0.1", "no."
	};
	struct outcome o;
	long n, live;
	size_t i;
	int failed;

	check_case("each allocation fails once");
	o = (struct outcome){ 0, "" };
	look_up_once(p, "big.example", &o);	/* tables grow to their size */
	for (i = 0; i < 5; i++)
		reactor_iterate(p->reactor, 1000000);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		live = alloc_live();
		for (n = 0;; n++) {
			alloc_fail_at(n, 0);
			o = (struct outcome){ 0, "" };
			look_up_once(p, names[i], &o);
			failed = alloc_has_failed();
			alloc_fail_at(-1, 0);
			settle(p, live);
			if (!failed)
				break;
		}
		CHECK(n > 1);
	}
}

/* What comes of a name that the hosts file gives so many addresses. */
static void
check_many_hosts(struct probe *p, int count, int found)
{
	char text[65 * 16] = "";
	struct outcome o = { 0, "" };
	struct dns_hosts hosts;
	struct dns_resolver *r;
	struct deferred *d;
	int blanks = 0;

	for (int i = 1; i <= count; i++)
		sprintf(text + strlen(text), "10.0.0.%d m.x\n", i);
	CHECK_INT(dns_hosts_parse(&hosts, text, strlen(text)), 0);
	CHECK_INT(dns_resolver_new(&r, p->reactor, &p->config, &hosts), 0);
	d = dns_resolve(r, "m.x", 3, 80, 0);
	deferred_add_both(d, outcome_take, &o);
	CHECK_INT(o.done, 1);
	for (const char *at = o.text; *at != '\0'; at++)
		blanks += *at == ' ';
	CHECK_INT(blanks + 1, found);
	deferred_release(d);
	dns_resolver_free(r);
	dns_hosts_free(&hosts);
}

static void
test_many_hosts(struct probe *p)
{
	check_case("the hosts file: 64 addresses of a name, and no more");
	check_many_hosts(p, 63, 63);
	check_many_hosts(p, 64, 64);
	check_many_hosts(p, 65, 64);
}

int
main(void)
{
	struct probe p;

	check_case("set up");
	probe_open(&p);
	test_table(&p);
	test_memory_of_answers(&p);
	test_cancel_and_free(&p);
	test_freed_by_callback(&p);
	test_many(&p);
	test_no_network(&p);
	test_special_suffix(&p);
	test_no_server(&p);
	test_no_memory(&p);
	test_many_hosts(&p);
	probe_close(&p);
	return check_done();
}
