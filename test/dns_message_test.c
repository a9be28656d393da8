/*
 * dns_message_test.c - queries byte by byte, and replies: well made by
 * dns/answer, made by hand, cut off everywhere, and hostile.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../dns/answer.h"
#include "../dns/message.h"
#include "check.h"
#include "guard.h"

enum { ID = 0x1234 };

static struct dns_name
name(const char *text)
{
	struct dns_name n;

	CHECK_INT(dns_name_from_text(&n, text, strlen(text)), 0);
	return n;
}

/* What a reply says, as text; or that it is not ours, or malformed. */
static void
parse(const void *at, size_t len, const struct dns_question *q, char *text)
{
	char *guarded = guard_copy(at, len);
	struct dns_reply reply;
	int error = dns_reply_parse(&reply, (const uint8_t *)guarded, len, ID,
	    q);
	size_t i, j;

	guard_free(guarded, len);
	strcpy(text, error == -ENOMSG ? "not ours" : "malformed");
	CHECK(error == 0 || error == -ENOMSG || error == -EBADMSG);
	if (error != 0)
		return;
	text += sprintf(text, "%u", reply.rcode);
	if (reply.truncated) {
		strcpy(text, " truncated");
		return;
	}
	text += sprintf(text, " %us", (unsigned)reply.ttl_s);
	if (reply.unfinished) {
		text += sprintf(text, " unfinished %u ", reply.aliases);
		dns_name_format(&reply.name, text);
		return;
	}
	for (i = 0; i < reply.count; i++)
		for (j = 0; j < dns_type_size(q->type); j++)
			text += sprintf(text, "%c%x", j == 0 ? ' ' : '.',
			    reply.addresses[i][j]);
}

static void
expect(const void *at, size_t len, const char *want)
{
	struct dns_question q = { name("www.example"), DNS_TYPE_A };
	char text[8192];

	parse(at, len, &q, text);
	CHECK_STR(text, want);
}

static void
test_query(void)
{
	static const char plain[] =
	    "\x12\x34\x01\x00\0\1\0\0\0\0\0\0" "\3www\7example\0" "\0\1\0\1";
	static const char edns[] =
	    "\x12\x34\x01\x00\0\1\0\0\0\0\0\1" "\3www\7example\0" "\0\34\0\1"
	    "\0\0\51\4\xd0\0\0\0\0\0\0";
	struct dns_question q = { name("www.example"), DNS_TYPE_A };
	uint8_t at[DNS_QUERY_MAX];
	size_t len;

	check_case("a query, byte by byte");
	len = dns_query_write(at, ID, &q, false);
	check_bytes(at, len, plain, sizeof(plain) - 1, "plain", __FILE__,
	    __LINE__);
	q.type = DNS_TYPE_AAAA;
	len = dns_query_write(at, ID, &q, true);
	check_bytes(at, len, edns, sizeof(edns) - 1, "edns", __FILE__,
	    __LINE__);
	memset(&q.name, 1, sizeof(q.name));
	q.name.len = 255;
	CHECK_INT(dns_query_write(at, ID, &q, true), DNS_QUERY_MAX);
}

/* Header with counts, question, and what follows. */
#define OURS(flags, an, ns, ar) "\x12\x34" flags "\0\1\0" an "\0" ns "\0" ar \
	"\3www\7example\0\0\1\0\1"
#define A_RECORD(owner, ttl, address) \
	owner "\0\1\0\1" ttl "\0\4" address
#define HOUR "\0\0\16\20"
#define B_ALIAS "\300\14\0\5\0\1" HOUR "\0\4\1b\300\20"
#define SOA(owner, ttl) owner "\0\6\0\1" ttl "\0\26\0\0" \
	"\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\60"
#define ROW(bytes, want) { bytes, sizeof(bytes) - 1, want }

struct row {
	const char *at;
	size_t len;
	const char *want;
};

/* Replies, and what they say. */
static const struct row reply_rows[] = {
	ROW(OURS("\x80\0", "\1", "\0", "\0")
	    A_RECORD("\300\14", HOUR, "\12\0\0\1"), "0 3600s a.0.0.1"),
	/* Upper case, and other records between. */
	ROW("\x12\x34\x81\x80\0\1\0\3\0\0\0\0\3WWW\7eXample\0\0\1\0\1"
	    "\300\14\0\20\0\1" HOUR "\0\2\1x"
	    A_RECORD("\300\14", HOUR, "\12\0\0\1")
	    A_RECORD("\3www\7EXAMPLE\0", "\0\0\0\5", "\12\0\0\2"),
	    "0 5s a.0.0.1 a.0.0.2"),
	/* Another owner, another class: not looked at. */
	ROW(OURS("\x80\0", "\3", "\0", "\0")
	    A_RECORD("\300\20", HOUR, "\12\0\0\1")
	    "\300\14\0\1\0\3" HOUR "\0\4\1\2\3\4"
	    A_RECORD("\300\14", HOUR, "\12\0\0\2"), "0 3600s a.0.0.2"),
	/* An alias, then its address; in order, and out of order. */
	ROW(OURS("\x80\0", "\2", "\0", "\0")
	    "\300\14\0\5\0\1\0\0\0\7\0\4\1b\300\20"
	    A_RECORD("\1b\7example\0", HOUR, "\12\0\0\1"),
	    "0 7s a.0.0.1"),
	ROW(OURS("\x80\0", "\2", "\0", "\0")
	    A_RECORD("\1b\7example\0", HOUR, "\12\0\0\1")
	    "\300\14\0\5\0\1\0\0\0\7\0\4\1b\300\20",
	    "0 7s a.0.0.1"),
	/* An alias of a name of which the reply says nothing: ask for it. */
	ROW(OURS("\x80\0", "\1", "\0", "\0") B_ALIAS,
	    "0 3600s unfinished 1 b.example"),
	/* An SOA record of another zone says nothing of it, either. */
	ROW(OURS("\x80\0", "\1", "\1", "\0") B_ALIAS SOA("\1x\0", "\0\0\0\5"),
	    "0 3600s unfinished 1 b.example"),
	/* The name that it leads to has no address; or does not exist. */
	ROW(OURS("\x80\0", "\1", "\1", "\0") B_ALIAS SOA("\300\20", "\0\0\0\5"),
	    "0 5s"),
	ROW(OURS("\x80\3", "\1", "\1", "\0") B_ALIAS SOA("\300\20", HOUR),
	    "3 48s"),
	ROW(OURS("\x80\3", "\1", "\0", "\0") B_ALIAS, "3 0s"),
	/* With an error nothing is unfinished. */
	ROW(OURS("\x80\2", "\1", "\0", "\0") B_ALIAS, "2 0s"),
	/* A server that does not know EDNS need not repeat the question. */
	ROW("\x12\x34\x80\1\0\0\0\0\0\0\0\0", "1 0s"),
	ROW("\x12\x34\x80\4\0\0\0\0\0\0\0\0", "4 0s"),
	/* A time with its top bit set is 0. */
	ROW(OURS("\x80\0", "\1", "\0", "\0")
	    A_RECORD("\300\14", "\x80\0\0\0", "\12\0\0\1"),
	    "0 0s a.0.0.1"),
	/* Answers in the other sections are not believed. */
	ROW(OURS("\x80\0", "\0", "\1", "\1")
	    A_RECORD("\300\14", HOUR, "\12\0\0\1")
	    A_RECORD("\300\14", HOUR, "\12\0\0\2"), "0 0s"),
	/* Truncated: what follows is not looked at. */
	ROW(OURS("\x82\0", "\1", "\0", "\0") "\300", "0 truncated"),
	/* Nothing, with and without a SOA record; not another's. */
	ROW(OURS("\x80\3", "\0", "\1", "\0")
	    "\300\20\0\6\0\1\0\0\0\100\0\26\0\0"
	    "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\60", "3 48s"),
	ROW(OURS("\x80\0", "\0", "\1", "\0")
	    "\0\0\6\0\1\0\0\0\5\0\26\0\0"
	    "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\60", "0 5s"),
	ROW(OURS("\x80\0", "\0", "\1", "\0")
	    "\1x\0\0\6\0\1\0\0\0\5\0\26\0\0"
	    "\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\60", "0 0s"),
	ROW(OURS("\x80\3", "\0", "\0", "\0"), "3 0s"),
	/* Codes: no addresses; the upper bits are in OPT. */
	ROW(OURS("\x80\2", "\1", "\0", "\0")
	    A_RECORD("\300\14", HOUR, "\12\0\0\1"), "2 0s"),
	ROW(OURS("\x80\0", "\0", "\0", "\1")
	    "\0\0\51\4\xd0\1\0\0\0\0\0", "16 0s"),
	/* Octets behind the end do no harm. */
	ROW(OURS("\x80\0", "\1", "\0", "\0")
	    A_RECORD("\300\14", HOUR, "\12\0\0\1") "xxx",
	    "0 3600s a.0.0.1"),
};

static void
test_replies(void)
{
	size_t i;

	check_case("replies");
	for (i = 0; i < sizeof(reply_rows) / sizeof(reply_rows[0]); i++)
		expect(reply_rows[i].at, reply_rows[i].len, reply_rows[i].want);
}

/* A chain of so many aliases: a.example of b.example, and so on. */
static void
expect_chain(unsigned links, const char *want)
{
	struct dns_question q = { name("a.example"), DNS_TYPE_A };
	struct dns_name owner = q.name, next = q.name;
	uint8_t query[DNS_QUERY_MAX], at[2048];
	struct dns_request request;
	struct dns_answer a;
	char text[8192];
	unsigned i;

	CHECK_INT(dns_request_parse(&request, query,
	    dns_query_write(query, ID, &q, true)), 0);
	dns_answer_begin(&a, &request, at, sizeof(at));
	for (i = 0; i < links; i++, owner = next) {
		next.at[1]++;
		dns_answer_record(&a, &owner, DNS_TYPE_CNAME, 60, next.at,
		    next.len);
	}
	parse(at, dns_answer_end(&a, DNS_RCODE_OK), &q, text);
	CHECK_STR(text, want);
}

static void
test_chains(void)
{
	check_case("a chain of 16 aliases is the longest");
	expect_chain(0, "0 0s");
	expect_chain(1, "0 60s unfinished 1 b.example");
	expect_chain(DNS_ALIASES_MAX, "0 60s unfinished 16 q.example");
	expect_chain(DNS_ALIASES_MAX + 1, "malformed");
}

static void
test_refused(void)
{
	static const struct row rows[] = {
		/* Not ours: drop it, wait on. */
		ROW("", "not ours"),
		ROW("\x12\x34\x80", "not ours"),
		ROW("\x12\x35\x80\0\0\1\0\0\0\0\0\0\3www\7example\0\0\1\0\1",
		    "not ours"),
		ROW(OURS("\0\0", "\0", "\0", "\0"), "not ours"),
		ROW(OURS("\x88\0", "\0", "\0", "\0"), "not ours"),
		ROW("\x12\x34\x80\0\0\0\0\0\0\0\0\0", "not ours"),
		ROW("\x12\x34\x80\2\0\0\0\0\0\0\0\0", "not ours"),
		ROW("\x12\x34\x80\3\0\0\0\0\0\0\0\0", "not ours"),
		ROW("\x12\x34\x80\5\0\0\0\0\0\0\0\0", "not ours"),
		ROW("\x12\x35\x80\1\0\0\0\0\0\0\0\0", "not ours"),
		ROW("\x12\x34\0\1\0\0\0\0\0\0\0\0", "not ours"),
		ROW("\x12\x34\x80\0\0\2\0\0\0\0\0\0\3www\7example\0\0\1\0\1"
		    "\3www\7example\0\0\1\0\1", "not ours"),
		ROW("\x12\x34\x80\0\0\1\0\0\0\0\0\0\3wwv\7example\0\0\1\0\1",
		    "not ours"),
		ROW("\x12\x34\x80\0\0\1\0\0\0\0\0\0\3www\7example\0\0\34\0\1",
		    "not ours"),
		ROW("\x12\x34\x80\0\0\1\0\0\0\0\0\0\3www\7example\0\0\1\0\3",
		    "not ours"),
		ROW("\x12\x34\x80\0\0\1\0\0\0\0\0\0\300\14\0\1\0\1",
		    "not ours"),
		/* Ours, and malformed. */
		ROW(OURS("\x80\0", "\1", "\0", "\0")	/* alias of itself */
		    "\300\14\0\5\0\1" HOUR "\0\2\300\14", "malformed"),
		ROW(OURS("\x80\0", "\2", "\0", "\0")	/* a circle */
		    B_ALIAS "\300\51\0\5\0\1" HOUR "\0\2\300\14",
		    "malformed"),
		ROW(OURS("\x80\0", "\1", "\0", "\0"), "malformed"),
		ROW(OURS("\x80\0", "\1", "\0", "\0")
		    "\300\14\0\1\0\1" HOUR "\0\5\12\0\0\1x", "malformed"),
		ROW(OURS("\x80\0", "\1", "\0", "\0")
		    "\300\14\0\1\0\1" HOUR "\0\3\12\0\0", "malformed"),
		ROW(OURS("\x80\0", "\1", "\0", "\0")
		    "\300\14\0\1\0\1" HOUR "\377\377\12\0\0\1", "malformed"),
		ROW(OURS("\x80\0", "\1", "\0", "\0")	/* alias too short */
		    "\300\14\0\5\0\1" HOUR "\0\3\1b\300\20", "malformed"),
		ROW(OURS("\x80\0", "\1", "\0", "\0")	/* and too long */
		    "\300\14\0\5\0\1" HOUR "\0\5\1b\300\20x", "malformed"),
		ROW(OURS("\x80\0", "\1", "\0", "\0")	/* points forwards */
		    "\300\51\0\1\0\1" HOUR "\0\4\12\0\0\1", "malformed"),
		ROW(OURS("\x80\0", "\0", "\1", "\0")	/* SOA too short */
		    "\300\20\0\6\0\1" HOUR "\0\4\0\0\0\1", "malformed"),
		ROW(OURS("\x80\0", "\0", "\0", "\2")	/* OPT twice */
		    "\0\0\51\4\xd0\0\0\0\0\0\0\0\0\51\4\xd0\0\0\0\0\0\0",
		    "malformed"),
		ROW(OURS("\x80\0", "\0", "\0", "\1")	/* OPT with a name */
		    "\1x\0\0\51\4\xd0\0\0\0\0\0\0", "malformed"),
	};
	size_t i;

	check_case("replies that are refused");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect(rows[i].at, rows[i].len, rows[i].want);
}

/* A reply with all that there can be, through dns/answer. */
static size_t
full_reply(const struct dns_question *q, uint8_t *at, size_t room,
    int addresses)
{
	static const uint8_t soa[2 + 5 * 4] = { [21] = 50 };
	struct dns_name end = name("end.example"), zone = name("example");
	uint8_t query[DNS_QUERY_MAX], bytes[16] = { 0x20, 1 };
	struct dns_request request;
	struct dns_answer a;
	int i;

	CHECK_INT(dns_request_parse(&request, query,
	    dns_query_write(query, ID, q, true)), 0);
	CHECK_INT(request.udp_room, DNS_UDP_MAX);
	CHECK(request.edns && request.recurse);
	dns_answer_begin(&a, &request, at, room);
	dns_answer_record(&a, &request.name, DNS_TYPE_CNAME, 100, end.at,
	    end.len);
	for (i = 0; i < addresses; i++) {
		bytes[3] = (uint8_t)i;
		dns_answer_record(&a, &end, q->type, 200, bytes,
		    dns_type_size(q->type));
	}
	if (addresses == 0)
		dns_answer_record(&a, &zone, DNS_TYPE_SOA, 50, soa,
		    sizeof(soa));
	return dns_answer_end(&a, DNS_RCODE_OK);
}

static void
test_round(void)
{
	struct dns_question q = { name("www.example"), DNS_TYPE_AAAA };
	uint8_t at[4096];
	char text[8192];
	size_t len, cut;

	check_case("what is written can be read");
	len = full_reply(&q, at, 512, 2);
	parse(at, len, &q, text);
	CHECK_STR(text, "0 100s 20.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0 "
	    "20.1.0.1.0.0.0.0.0.0.0.0.0.0.0.0");
	parse(at, full_reply(&q, at, 512, 0), &q, text);
	CHECK_STR(text, "0 50s");

	check_case("cut off everywhere");
	len = full_reply(&q, at, 512, 2);
	for (cut = 0; cut < len; cut++) {
		parse(at, cut, &q, text);
		CHECK_STR(text, cut < 12 + 13 + 4 ? "not ours" : "malformed");
	}

	check_case("too long for the room: truncated");
	len = full_reply(&q, at, 512, 20);
	CHECK(len <= 512);
	parse(at, len, &q, text);
	CHECK_STR(text, "0 truncated");

	check_case("no more addresses than there is room for");
	len = full_reply(&q, at, sizeof(at), 60);
	parse(at, len, &q, text);
	CHECK_INT(strlen(text), strlen("0 100s") + 16 * 33 + 16 * 34);
}

/* Every octet is changed to every value: nothing is read out of bounds. */
static void
test_mutations(void)
{
	struct dns_question q = { name("www.example"), DNS_TYPE_A };
	uint8_t at[512];
	char text[8192];
	size_t len, i;
	int value;

	check_case("every octet changed");
	len = full_reply(&q, at, sizeof(at), 3);
	for (i = 0; i < len; i++) {
		uint8_t was = at[i];

		for (value = 0; value < 256; value++) {
			at[i] = (uint8_t)value;
			parse(at, len, &q, text);
		}
		at[i] = was;
	}
}

static void
test_requests(void)
{
	static const struct {
		const char *at;
		size_t len;
		int error;
	} rows[] = {
		{ "\x12\x34\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", 19, 0 },
		{ "\x12\x34\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0", 18, -EBADMSG },
		{ "\x12\x34\x81\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", 19,
		    -EBADMSG },
		{ "\x12\x34\x11\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", 19,
		    -EBADMSG },
		{ "\x12\x34\1\0\0\2\0\0\0\0\0\0\1a\0\0\1\0\1", 19, -EBADMSG },
		{ "\x12\x34\1\0\0\0\0\0\0\0\0\0\1a\0\0\1\0\1", 19, -EBADMSG },
		{ "\x12\x34\1\0\0\1\0\1\0\0\0\0\1a\0\0\1\0\1", 19, -EBADMSG },
		{ "\x12\x34\1\0\0\1\0\0\0\1\0\0\1a\0\0\1\0\1", 19, -EBADMSG },
		{ "", 0, -EBADMSG },
	};
	struct dns_request q;
	char *guarded;
	size_t i;

	check_case("what a server reads");
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		guarded = guard_copy(rows[i].at, rows[i].len);
		CHECK_INT(dns_request_parse(&q, (uint8_t *)guarded,
		    rows[i].len), rows[i].error);
		guard_free(guarded, rows[i].len);
	}
	CHECK_INT(dns_request_parse(&q, (const uint8_t *)rows[0].at, 19), 0);
	CHECK(!q.edns);
	CHECK_INT(q.udp_room, 512);
}

int
main(void)
{
	test_query();
	test_replies();
	test_chains();
	test_refused();
	test_round();
	test_mutations();
	test_requests();
	return check_done();
}
