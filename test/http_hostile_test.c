/*
 * http_hostile_test.c - answers that are odd, broken or meant to harm, each
 * sent whole, in pieces of three bytes, and byte by byte; over IPv4, IPv6,
 * and with the poller that every system has.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/head.h"
#include "check.h"
#include "http_rig.h"
#include "loopback.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define HINT "HTTP/1.1 103 Early Hints\r\n\r\n"
#define HINTS HINT HINT HINT HINT

/* An answer, how the server ends, and what it must come to. */
struct hostile {
	const char *name, *say;
	enum script_end end;
	const char *kind;	/* "page", or the name of a failure's kind */
	const char *body;
	int reused;		/* the connection is good for another */
};

static const struct hostile hostiles[] = {
	/* ---- as it should be ---- */
	{"a length", OK "Content-Length: 5\r\n\r\nhello", SCRIPT_STAY,
	    "page", "hello", 1},
	{"no content", OK "Content-Length: 0\r\n\r\n", SCRIPT_STAY, "page",
	    "", 1},
	{"204", "HTTP/1.1 204 No Content\r\n\r\n", SCRIPT_STAY, "page", "", 1},
	{"chunks", OK "Transfer-Encoding: chunked\r\n\r\n"
	    "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: t\r\n\r\n",
	    SCRIPT_STAY, "page", "hello", 1},
	{"until close", OK "\r\nhello", SCRIPT_CLOSE, "page", "hello", 0},
	{"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
	    SCRIPT_STAY, "page", "hello", 0},
	{"Connection: close", OK "connection: Foo, CLOSE\r\n"
	    "Content-Length: 2\r\n\r\nhi", SCRIPT_STAY, "page", "hi", 0},
	{"lone line feeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
	    SCRIPT_STAY, "page", "hi", 1},
	{"a control character in a field", OK "Set-Cookie: a=\x01""b\r\n"
	    "Content-Length: 2\r\n\r\nhi", SCRIPT_STAY, "page", "hi", 1},
	{"interim answers", "HTTP/1.1 100 Continue\r\n\r\n"
	    "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
	    OK "Content-Length: 2\r\n\r\nhi", SCRIPT_STAY, "page", "hi", 1},
	{"as many interim answers as there may be", HINTS HINTS OK
	    "Content-Length: 2\r\n\r\nhi", SCRIPT_STAY, "page", "hi", 1},
	{"a length twice", OK "Content-Length: 2, 2\r\n"
	    "Content-Length: 2\r\n\r\nhi", SCRIPT_STAY, "page", "hi", 1},
	{"a field without a colon", OK "nonsense\r\nContent-Length: 2\r\n\r\n"
	    "hi", SCRIPT_STAY, "page", "hi", 1},

	/* ---- cut short ---- */
	{"nothing at all", "", SCRIPT_CLOSE, "reset", NULL, 0},
	{"reset at once", "", SCRIPT_RESET, "reset", NULL, 0},
	{"half a head", OK "Content-Le", SCRIPT_CLOSE, "reset", NULL, 0},
	{"half a body", OK "Content-Length: 5\r\n\r\nhel", SCRIPT_CLOSE,
	    "reset", NULL, 0},
	{"half a chunk", OK "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
	    SCRIPT_CLOSE, "reset", NULL, 0},
	{"no last chunk", OK "Transfer-Encoding: chunked\r\n\r\n"
	    "3\r\nhel\r\n", SCRIPT_CLOSE, "reset", NULL, 0},
	{"half of some gzip", OK "Content-Encoding: gzip\r\n\r\n"
	    "\x1f\x8b\x08\x02", SCRIPT_CLOSE, "reset", NULL, 0},
	{"only an interim answer", "HTTP/1.1 100 Continue\r\n\r\n",
	    SCRIPT_CLOSE, "reset", NULL, 0},

	/* ---- not HTTP, or not to be trusted ---- */
	{"not HTTP", "SSH-2.0-OpenSSH\r\n\r\n", SCRIPT_STAY, "bad-response",
	    NULL, 0},
	{"text without a head", "hello", SCRIPT_CLOSE, "bad-response", NULL,
	    0},
	{"text that waits for more", "login: ", SCRIPT_STAY, "bad-response",
	    NULL, 0},
	{"chunked twice", OK "Transfer-Encoding: chunked, chunked\r\n\r\n",
	    SCRIPT_STAY, "bad-response", NULL, 0},
	{"HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", SCRIPT_STAY, "bad-response",
	    NULL, 0},
	{"a signed status", "HTTP/1.1 +20 OK\r\n\r\n", SCRIPT_STAY,
	    "bad-response", NULL, 0},
	{"protocols switched", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
	    SCRIPT_STAY, "bad-response", NULL, 0},
	{"one interim answer too many", HINTS HINTS HINT OK
	    "Content-Length: 2\r\n\r\nhi", SCRIPT_STAY, "bad-response", NULL,
	    0},
	{"two lengths", OK "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
	    SCRIPT_STAY, "bad-response", NULL, 0},
	{"a negative length", OK "Content-Length: -1\r\n\r\n", SCRIPT_STAY,
	    "bad-response", NULL, 0},
	{"a length too long", OK "Content-Length: 18446744073709551616\r\n\r\n",
	    SCRIPT_STAY, "bad-response", NULL, 0},
	{"a coding unknown", OK "Transfer-Encoding: rot13\r\n\r\nuryyb",
	    SCRIPT_CLOSE, "bad-response", NULL, 0},
	{"a chunk of 0x", OK "Transfer-Encoding: chunked\r\n\r\n0x2\r\nhi\r\n",
	    SCRIPT_STAY, "bad-response", NULL, 0},
	{"a chunk of minus", OK "Transfer-Encoding: chunked\r\n\r\n-2\r\nhi",
	    SCRIPT_STAY, "bad-response", NULL, 0},
	{"a chunk past 64 bits", OK "Transfer-Encoding: chunked\r\n\r\n"
	    "10000000000000001\r\nx\r\n", SCRIPT_STAY, "bad-response", NULL, 0},
	{"a chunk too long for its size", OK "Transfer-Encoding: chunked\r\n"
	    "\r\n2\r\nhiXX\r\n", SCRIPT_STAY, "bad-response", NULL, 0},
	{"a brotli body", OK "Content-Encoding: br\r\nContent-Length: 2\r\n"
	    "\r\nhi", SCRIPT_STAY, "bad-response", NULL, 1},
	{"gzip that is not", OK "Content-Encoding: gzip\r\n"
	    "Content-Length: 20\r\n\r\nhello hello hello 12", SCRIPT_STAY,
	    "bad-response", NULL, 1},
	{"NUL in a field", NULL, SCRIPT_STAY, "bad-response", NULL, 0},

	/* ---- more than there should be ---- */
	{"length and chunks", OK "Content-Length: 3\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
	    SCRIPT_STAY, "page", "hi", 0},
	{"surplus bytes", OK "Content-Length: 2\r\n\r\nhi" OK
	    "Content-Length: 4\r\n\r\nevil", SCRIPT_STAY, "page", "hi", 0},
	{"surplus after chunks", OK "Transfer-Encoding: chunked\r\n\r\n"
	    "2\r\nhi\r\n0\r\n\r\nX", SCRIPT_STAY, "page", "hi", 0},
	{"surplus after none", "HTTP/1.1 204 No Content\r\n"
	    "Content-Length: 2\r\n\r\nhi", SCRIPT_STAY, "page", "", 0},
};

static const char nul[] = OK "X: a\0b\r\nContent-Length: 2\r\n\r\nhi";
static const char good[] = OK "Content-Length: 4\r\n\r\ngood";

static void
hostile_play(struct rig *rig, const struct hostile *h, size_t piece)
{
	const struct script_step steps[] = {
		{h->say != NULL ? h->say : nul, h->say != NULL ? 0 :
		    sizeof(nul) - 1, piece, h->end},
		{good, 0, 0, SCRIPT_STAY},
	};
	struct rig_got got;

	SCRIPT_PLAY(&rig->script, steps);
	rig_get(rig, &got, "/", NULL);
	CHECK_INT(got.fired, 1);
	CHECK_STR(rig_name(&got), h->kind);
	if (got.page != NULL)
		CHECK_STR(got.page->body, h->body);
	rig_clear(&got);

	/* The next answer is never that of another. */
	rig_get(rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), "page");
	if (got.page != NULL)
		CHECK_STR(got.page->body, "good");
	CHECK_INT(rig->script.connections, h->reused ? 1 : 2);
	rig_clear(&got);
	http_client_close_idle(rig->client);
	rig_settle(rig);
	CHECK_INT(rig->script.lost, rig->script.connections);
}

/* Where and how each is played: pieces of so many bytes, 0 for all. */
static const struct {
	const char *address, *poller;
	size_t piece;
} hostile_worlds[] = {
	{"127.0.0.1", NULL, 0}, {"127.0.0.1", NULL, 3}, {"127.0.0.1", NULL, 1},
	{"::1", NULL, 0}, {"::1", NULL, 1},
	{"127.0.0.1", "poll", 0}, {"127.0.0.1", "poll", 1},
};

/* The worlds of an address that is not here are left out: says so. */
static void
hostile_need(const char *address)
{
	if (!loopback_has(address)) {
		check_case(address);
		check_skip("no such address here");
	}
}

static void
hostile_cases(void)
{
	size_t worlds = sizeof(hostile_worlds) / sizeof(hostile_worlds[0]);

	hostile_need("127.0.0.1");
	hostile_need("::1");
	for (size_t i = 0; i < sizeof(hostiles) / sizeof(hostiles[0]); i++) {
		check_case(hostiles[i].name);
		for (size_t k = 0; k < worlds; k++) {
			struct rig rig;

			if (!loopback_has(hostile_worlds[k].address))
				continue;
			rig_open_at(&rig, NULL, hostile_worlds[k].address,
			    hostile_worlds[k].poller);
			hostile_play(&rig, &hostiles[i],
			    hostile_worlds[k].piece);
			rig_close(&rig);
		}
	}
}

/* Answers of a beginning and many repetitions of something. */
static void
hostile_flood(const char *name, const char *begin, const char *again,
    size_t times, const char *kind)
{
	size_t first = strlen(begin), each = strlen(again);
	size_t len = first + times * each;
	char *say = malloc(len + 1);
	struct script_step step = {say, len, 0, SCRIPT_STAY};
	struct rig_got got;
	struct rig rig;

	check_case(name);
	if (say == NULL)
		abort();
	memcpy(say, begin, first + 1);
	for (size_t i = 0; i < times; i++)
		memcpy(say + first + i * each, again, each + 1);
	rig_open(&rig, NULL);
	script_play(&rig.script, &step, 1);
	rig_get(&rig, &got, "/", NULL);
	CHECK_STR(rig_name(&got), kind);
	rig_clear(&got);
	rig_close(&rig);
	free(say);
}

/* A head of so many bytes, and a client that reads so much; 0: as usual. */
static void
hostile_long_head(size_t len, uint32_t max_head, const char *kind)
{
	static const char end[] = "\r\nContent-Length: 2\r\n\r\nhi";
	struct http_client_options o = {.max_head = max_head};
	char *say = malloc(len + sizeof(end));
	struct script_step step = {say, len + 2, 50000, SCRIPT_REPEAT};
	struct rig_got got;
	struct rig rig;
	size_t at = strlen(OK) - 2;

	if (say == NULL)
		abort();
	memset(say, 'x', len);
	memcpy(say, OK, at);
	for (; at + sizeof(end) < len; at += 1000)
		memcpy(say + at, "\r\nX: ", 5);
	memcpy(say + len + 3 - sizeof(end), end, sizeof(end));
	rig_open(&rig, &o);
	script_play(&rig.script, &step, 1);
	for (int i = 0; i < 2; i++) {
		rig_get(&rig, &got, "/", NULL);
		CHECK_STR(rig_name(&got), kind);
		rig_clear(&got);
	}
	CHECK_INT(rig.script.connections, strcmp(kind, "page") == 0 ? 1 : 2);
	rig_close(&rig);
	free(say);
}

int
main(void)
{
	hostile_cases();
	hostile_flood("a flood of interim answers", "",
	    "HTTP/1.1 100 Continue\r\n\r\n", 100, "bad-response");
	hostile_flood("a head without end", OK, "X: yyyyyyyyyyyyyyyyyyyy\r\n",
	    20000, "too-large");
	check_case("long heads, and their limit");
	hostile_long_head(3000, 0, "page");
	hostile_long_head(HTTP_HEAD_MAX, 0, "page");
	hostile_long_head(HTTP_HEAD_MAX + 1, 0, "too-large");
	hostile_long_head(2000, 2000, "page");
	hostile_long_head(2001, 2000, "too-large");
	hostile_long_head(300000, 300000, "page");
	hostile_long_head(300001, 300000, "too-large");
	hostile_flood("a line without end", OK "X: ", "yyyyyyyyyyyyyyyyyyyyyy",
	    20000, "too-large");
	hostile_flood("a phrase without end", "HTTP/1.1 200 ", "yyyyyyyyyyyyy",
	    10000, "too-large");
	hostile_flood("chunk extensions without end",
	    OK "Transfer-Encoding: chunked\r\n\r\n", "1;xxxxxxxxxxxxx\r\na\r\n",
	    20000, "too-large");
	hostile_flood("trailers without end",
	    OK "Transfer-Encoding: chunked\r\n\r\n0\r\n",
	    "X: yyyyyyyyyyyyyy\r\n", 20000, "too-large");
	return check_done();
}
