/*
 * http_server_test.c - the server, asked by a raw client that sends what a
 * test says, split anywhere.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/http_server.h"
#include "check.h"
#include "http_raw.h"
#include "sim.h"

/* ---- the site ---- */

struct site {
	struct http_resource root, page, slow, big, echo, odd, form, most;
	struct http_resource novel, large, bare;
	struct sim *sim;
	struct reactor *reactor;
	struct http_server *server;
	struct http_server_request *waiting;	/* for slow */
	struct reactor_call answer_soon, stop_soon;
	int gone, rendered;
	bool never;				/* slow is not answered */
};

enum { SITE_BIG = 2000000 };

static struct site *
site_of_root(struct http_resource *r)
{
	return (struct site *)((char *)r - offsetof(struct site, root));
}

static struct http_resource *
site_child(struct http_resource *r, const char *name, size_t len)
{
	struct site *s = site_of_root(r);
	const struct {
		const char *name;
		struct http_resource *page;
	} pages[] = {{"page", &s->page}, {"slow", &s->slow}, {"big", &s->big},
	    {"echo", &s->echo}, {"odd", &s->odd}, {"form", &s->form},
	    {"most", &s->most}, {"novel", &s->novel}, {"large", &s->large},
	    {"bare", &s->bare}};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (len == strlen(pages[i].name) &&
		    memcmp(name, pages[i].name, len) == 0)
			return pages[i].page;
	return NULL;
}

static void
site_root(struct http_resource *r, struct http_server_request *q)
{
	struct http_server_answer a = {
		.status = 200, .body = "root", .len = 4
	};

	site_of_root(r)->rendered++;
	http_server_answer(q, &a);
}

static struct http_resource *
site_page_child(struct http_resource *r, const char *name, size_t len)
{
	return len == 3 && memcmp(name, "sub", 3) == 0 ? r : NULL;
}

static void
site_page(struct http_resource *r, struct http_server_request *q)
{
	char text[256];
	struct http_server_answer a = {
		.status = 200, .content_type = "text/plain", .body = text
	};

	(void)r;
	a.len = (size_t)snprintf(text, sizeof(text), "[%.*s|%.*s]",
	    (int)q->path_len, q->path, (int)q->query_len, q->query);
	http_server_answer(q, &a);
}

static struct site *
site_of_slow(struct http_resource *r)
{
	return (struct site *)((char *)r - offsetof(struct site, slow));
}

static void
site_answer_slow(struct reactor_call *call)
{
	struct site *s = (struct site *)
	    ((char *)call - offsetof(struct site, answer_soon));
	struct http_server_answer a = {
		.status = 200, .body = "slow", .len = 4
	};

	CHECK(s->waiting->ctx == s);
	http_server_answer(s->waiting, &a);
	s->waiting = NULL;
}

static void
site_slow(struct http_resource *r, struct http_server_request *q)
{
	struct site *s = site_of_slow(r);

	s->waiting = q;
	q->ctx = s;
	if (!s->never)
		reactor_call_soon(s->reactor, &s->answer_soon);
}

static void
site_slow_gone(struct http_resource *r, struct http_server_request *q)
{
	struct site *s = site_of_slow(r);

	CHECK(q == s->waiting);
	s->gone++;
	s->waiting = NULL;
	reactor_cancel_call(&s->answer_soon);
}

static void
site_big(struct http_resource *r, struct http_server_request *q)
{
	static char text[SITE_BIG];
	struct http_server_answer a = {
		.status = 200, .body = text, .len = sizeof(text)
	};

	(void)r;
	memset(text, 'b', sizeof(text));
	http_server_answer(q, &a);
}

/* Answers with a field whose value the request chose. */
static void
site_echo(struct http_resource *r, struct http_server_request *q)
{
	struct http_request_field f = {"X-Echo", 6, "a\r\nEvil: b", 10};
	struct http_server_answer a = {
		.status = 302, .fields = &f, .field_count = 1, .close = true
	};

	(void)r;
	http_server_answer(q, &a);
}

/* Answers with the content of the request. */
static void
site_form(struct http_resource *r, struct http_server_request *q)
{
	struct http_server_answer a = {
		.status = 200, .body = q->content, .len = q->content_len
	};

	(void)r;
	CHECK(q->path_len >= 5 && (memcmp(q->path, "/form", 5) == 0 ||
	    memcmp(q->path, "/large", 6) == 0));
	http_server_answer(q, &a);
}

/* Answers when it has the content of a request. */
static void
site_most(struct http_resource *r, struct http_server_request *q)
{
	(void)r;
	CHECK_INT(q->content_len, HTTP_SERVER_CONTENT_MAX);
	CHECK_INT(q->content[q->content_len - 1], 'x');
	http_server_answer_status(q, 200);
}

static void
site_odd(struct http_resource *r, struct http_server_request *q)
{
	(void)r;
	http_server_refuse(q);
}

/* A status of nobody's, with a field as long as the query says. */
static void
site_novel(struct http_resource *r, struct http_server_request *q)
{
	static char value[10000];
	struct http_request_field field = {"X-Long", 6, value, 0};
	struct http_server_answer a = {
		.status = 299, .fields = &field, .field_count = 1,
	};

	(void)r;
	memset(value, 'x', sizeof(value));
	while (field.value_len < sizeof(value) && q->query_len-- > 0)
		field.value_len += 1000;
	http_server_answer(q, &a);
}

/* A status that has no content, and content all the same. */
static void
site_bare(struct http_resource *r, struct http_server_request *q)
{
	struct http_server_answer a = {
		.status = q->query_len > 0 ? 304 : 204, .body = "x", .len = 1
	};

	(void)r;
	http_server_answer(q, &a);
}

static const struct http_resource_ops site_root_ops = {
	.child = site_child, .render = site_root,
};
static const struct http_resource_ops site_page_ops = {
	.child = site_page_child, .render = site_page,
};
static const struct http_resource_ops site_slow_ops = {
	.render = site_slow, .gone = site_slow_gone,
};
static const struct http_resource_ops site_big_ops = {.render = site_big};
static const struct http_resource_ops site_echo_ops = {.render = site_echo};
static const struct http_resource_ops site_form_ops = {
	.render = site_form, .content_max = 9,
};
static const struct http_resource_ops site_most_ops = {
	.render = site_most, .content_max = HTTP_SERVER_CONTENT_MAX,
};
static const struct http_resource_ops site_large_ops = {
	.render = site_form, .content_max = 200000,
};
static const struct http_resource_ops site_novel_ops = {.render = site_novel};
static const struct http_resource_ops site_odd_ops = {.render = site_odd};
static const struct http_resource_ops site_bare_ops = {.render = site_bare};

static void
site_open(struct site *s)
{
	struct sim_options perfect = {.seed = 1};
	struct reactor_options how;
	struct reactor_address at;

	memset(s, 0, sizeof(*s));
	s->sim = sim_new(&perfect);
	how = sim_reactor_options(s->sim);
	s->root.ops = &site_root_ops;
	s->page.ops = &site_page_ops;
	s->slow.ops = &site_slow_ops;
	s->big.ops = &site_big_ops;
	s->echo.ops = &site_echo_ops;
	s->odd.ops = &site_odd_ops;
	s->form.ops = &site_form_ops;
	s->most.ops = &site_most_ops;
	s->novel.ops = &site_novel_ops;
	s->large.ops = &site_large_ops;
	s->bare.ops = &site_bare_ops;
	reactor_call_init(&s->answer_soon, site_answer_slow);
	if (reactor_new(&s->reactor, &how) != 0 ||
	    reactor_address_parse(&at, "127.0.0.1", 9, 0) != 0 ||
	    http_server_new(&s->server, s->reactor, &at, &s->root) != 0)
		abort();
}

static void
site_close(struct site *s)
{
	http_server_free(s->server);
	http_server_free(NULL);
	for (int i = 0; i < 8; i++)
		reactor_iterate(s->reactor, 0);
	reactor_free(s->reactor);
	CHECK_INT(sim_open_fds(s->sim), 0);
	CHECK_STR(sim_first_violation(s->sim), NULL);
	sim_free(s->sim);
}

static void
site_talk(struct site *s, struct raw *r, const char *say, size_t len,
    size_t piece)
{
	struct reactor_address at;

	if (http_server_address(s->server, &at) != 0)
		abort();
	raw_talk(r, s->reactor, &at, say, len, piece);
}

/* Lets time pass. */
static void
site_pass(struct site *s, uint64_t ns)
{
	CHECK(sim_pass(s->sim, s->reactor, ns));
}

/* ---- questions and answers ---- */

struct talk {
	const char *name, *say, *want;
	int closed;
};

#define GET_ROOT "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#define ROOT "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nroot"
#define BAD "HTTP/1.1 400 Bad Request\r\nContent-Length: 16\r\n" \
	"Content-Type: text/plain\r\nConnection: close\r\n\r\n" \
	"400 Bad Request\n"
#define NONE "HTTP/1.1 404 Not Found\r\nContent-Length: 14\r\n" \
	"Content-Type: text/plain\r\n\r\n404 Not Found\n"
#define TEXT(n) "HTTP/1.1 200 OK\r\nContent-Length: " #n "\r\n" \
	"Content-Type: text/plain\r\n\r\n"

static const struct talk talks[] = {
	{"a page", GET_ROOT, ROOT, 0},
	{"a path and a query", "GET /page?a=b HTTP/1.1\r\nHost: x\r\n\r\n",
	    TEXT(11) "[/page|a=b]", 0},
	{"deeper", "GET /page/sub/sub HTTP/1.1\r\nHost: x\r\n\r\n",
	    TEXT(16) "[/page/sub/sub|]", 0},
	{"an absolute target", "GET http://y/page?q HTTP/1.1\r\nHost: x\r\n"
	    "\r\n", TEXT(9) "[/page|q]", 0},
	{"an absolute target in other letters", "GET HTTP://y:80/page "
	    "HTTP/1.1\r\nHost: x\r\n\r\n", TEXT(8) "[/page|]", 0},
	{"an absolute target that is only a host", "GET http://y HTTP/1.1\r\n"
	    "Host: x\r\n\r\n", ROOT, 0},
	{"a host and a query with a slash", "GET http://y?/page HTTP/1.1\r\n"
	    "Host: x\r\n\r\n", ROOT, 0},
	{"no path", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", NONE, 0},
	{"no host", "GET http:// HTTP/1.1\r\nHost: x\r\n\r\n", NONE, 0},
	{"no such page", "GET /none HTTP/1.1\r\nHost: x\r\n\r\n", NONE, 0},
	{"too deep", "GET /page/none HTTP/1.1\r\nHost: x\r\n\r\n", NONE, 0},
	{"below a page without children", "GET /big/x HTTP/1.1\r\n"
	    "Host: x\r\n\r\n", NONE, 0},
	{"HEAD", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" GET_ROOT,
	    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" ROOT, 0},
	{"requests sent ahead", GET_ROOT "GET /slow HTTP/1.1\r\nHost: x\r\n"
	    "\r\n" GET_ROOT, ROOT
	    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow" ROOT, 0},
	{"close", "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
	    "root", 1},
	{"HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200 OK\r\n"
	    "Content-Length: 4\r\nConnection: close\r\n\r\nroot", 1},
	{"content with a length", "POST / HTTP/1.1\r\nHost: x\r\n"
	    "Content-Length: 5\r\n\r\nhello" GET_ROOT, ROOT ROOT, 0},
	{"content in chunks", "POST / HTTP/1.1\r\nHost: x\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n3\r\nGET\r\n0\r\n\r\n" GET_ROOT,
	    ROOT ROOT, 0},
	{"content that is wanted", "POST /form HTTP/1.1\r\nHost: x\r\n"
	    "Content-Length: 9\r\n\r\nGET /\r\n\r\n" GET_ROOT,
	    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nGET /\r\n\r\n" ROOT,
	    0},
	{"and there is none", "GET /form HTTP/1.1\r\nHost: x\r\n\r\n" GET_ROOT,
	    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" ROOT, 0},
	{"and more of it than wanted", "PUT /form HTTP/1.1\r\nHost: x\r\n"
	    "Content-Length: 10\r\n\r\n0123456789" GET_ROOT,
	    "HTTP/1.1 413 Content Too Large\r\nContent-Length: 22\r\n"
	    "Content-Type: text/plain\r\n\r\n413 Content Too Large\n" ROOT,
	    0},
	{"and before it has come", "PUT /form HTTP/1.1\r\nHost: x\r\n"
	    "Content-Length: 10\r\n\r\n",
	    "HTTP/1.1 413 Content Too Large\r\nContent-Length: 22\r\n"
	    "Content-Type: text/plain\r\n\r\n413 Content Too Large\n", 0},
	{"and in chunks", "POST /form HTTP/1.1\r\nHost: x\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n3\r\nGET\r\n0\r\n\r\n" GET_ROOT,
	    "HTTP/1.1 411 Length Required\r\nContent-Length: 20\r\n"
	    "Content-Type: text/plain\r\n\r\n411 Length Required\n" ROOT, 0},
	{"and after leave", "POST /form HTTP/1.1\r\nHost: x\r\n"
	    "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi" GET_ROOT,
	    "HTTP/1.1 100 Continue\r\n\r\n"
	    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" ROOT, 0},
	{"content after leave", "POST / HTTP/1.1\r\nHost: x\r\n"
	    "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi" GET_ROOT,
	    "HTTP/1.1 100 Continue\r\n\r\n" ROOT ROOT, 0},
	{"no leave for HTTP/1.0", "POST / HTTP/1.0\r\n"
	    "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
	    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n"
	    "\r\nroot", 1},
	{"a value that would split the answer", "GET /echo HTTP/1.1\r\n"
	    "Host: x\r\n\r\n" GET_ROOT, "HTTP/1.1 302 Found\r\n"
	    "Content-Length: 0\r\nX-Echo: a  Evil: b\r\nConnection: close\r\n"
	    "\r\n", 1},
	{"a status without words", "GET /novel HTTP/1.1\r\nHost: x\r\n\r\n"
	    GET_ROOT, "HTTP/1.1 299 Other\r\nContent-Length: 0\r\nX-Long: "
	    "\r\n\r\n" ROOT, 0},
	{"a head without room", "GET /novel?123456789 HTTP/1.1\r\nHost: x"
	    "\r\n\r\n" GET_ROOT, "HTTP/1.1 500 Internal Server Error\r\n"
	    "Content-Length: 26\r\nContent-Type: text/plain\r\n\r\n"
	    "500 Internal Server Error\n" ROOT, 0},
	{"no content, whatever the page says", "GET /bare HTTP/1.1\r\n"
	    "Host: x\r\n\r\n" GET_ROOT,
	    "HTTP/1.1 204 No Content\r\n\r\n" ROOT, 0},
	{"nor after another", "GET /bare?1 HTTP/1.1\r\nHost: x\r\n\r\n"
	    GET_ROOT, "HTTP/1.1 304 Not Modified\r\n\r\n" ROOT, 0},
	{"refused", "GET /odd HTTP/1.1\r\nHost: x\r\n\r\n", "", 1},

	{"not HTTP", "hello\r\n\r\n" GET_ROOT, BAD, 1},
	{"no Host", "GET / HTTP/1.1\r\n\r\n" GET_ROOT, BAD, 1},
	{"two Hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", BAD, 1},
	{"a folded field", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n",
	    BAD, 1},
	{"space before a colon", "GET / HTTP/1.1\r\nHost: x\r\n"
	    "Content-Length : 5\r\n\r\nhello", BAD, 1},
	{"two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
	    "Content-Length: 6\r\n\r\nhello", BAD, 1},
	{"length and chunks", "POST / HTTP/1.1\r\nHost: x\r\n"
	    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
	    "0\r\n\r\n" GET_ROOT, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n"
	    "Connection: close\r\n\r\nroot", 1},
	{"a broken chunk", "POST / HTTP/1.1\r\nHost: x\r\n"
	    "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" GET_ROOT, ROOT, 1},
};

static void
server_talks(void)
{
	static const size_t pieces[] = {0, 7, 1};

	for (size_t i = 0; i < sizeof(talks) / sizeof(talks[0]); i++) {
		check_case(talks[i].name);
		for (size_t k = 0; k < 3; k++) {
			const char *say = talks[i].say;
			struct site site;
			struct raw raw;

			site_open(&site);
			site_talk(&site, &raw, say, strlen(say), pieces[k]);
			CHECK_STR(raw.heard != NULL ? raw.heard : "",
			    talks[i].want);
			CHECK_INT(raw.lost, talks[i].closed);
			raw_end(&raw);
			site_close(&site);
		}
	}
}

static void
server_large_head(void)
{
	static const char start[] = "GET / HTTP/1.1\r\nHost: x\r\nX: ";
	static char say[100000];
	struct site site;
	struct raw raw;

	check_case("a head too large");
	memset(say, 'x', sizeof(say));
	memcpy(say, start, sizeof(start) - 1);
	site_open(&site);
	site_talk(&site, &raw, say, sizeof(say), 0);
	CHECK(raw.heard != NULL && strstr(raw.heard, " 431 ") != NULL);
	CHECK_INT(raw.lost, 1);
	raw_end(&raw);
	site_close(&site);
}

/* Content that is longer than a head may be, and as long as is wanted. */
static void
server_large_content(void)
{
	static char say[300000];
	static const size_t lengths[] = {70000, 200000, 200001};
	struct site site;
	struct raw raw;

	check_case("large content that is wanted");
	for (size_t i = 0; i < 3; i++) {
		size_t len = (size_t)sprintf(say, "POST /large HTTP/1.1\r\n"
		    "Host: x\r\nContent-Length: %zu\r\n\r\n", lengths[i]);

		memset(say + len, 'c', lengths[i]);
		strcpy(say + len + lengths[i], GET_ROOT);
		site_open(&site);
		site_talk(&site, &raw, say, strlen(say), 0);
		CHECK(raw.heard != NULL && strncmp(raw.heard + 9,
		    i < 2 ? "200" : "413", 3) == 0);
		if (i < 2)
			CHECK(raw.heard_len > lengths[i]);
		CHECK_INT(site.rendered, 1);	/* the root, after it */
		raw_end(&raw);
		site_close(&site);
	}
}

/* Many requests sent ahead for much: all are answered, in time. */
static void
server_flood(void)
{
	static const char get[] = "GET /big HTTP/1.1\r\nHost: x\r\n\r\n";
	enum { TIMES = 10 };
	char say[TIMES * sizeof(get)] = "";
	struct site site;
	struct raw raw;

	check_case("megabytes asked for ahead");
	for (int i = 0; i < TIMES; i++)
		strcat(say, get);
	site_open(&site);
	site_talk(&site, &raw, say, strlen(say), 0);
	CHECK(raw.heard_len > (size_t)TIMES * SITE_BIG);
	raw_end(&raw);
	site_close(&site);
}

static void
server_stop(struct reactor_call *call)
{
	struct site *site = (struct site *)((char *)call -
	    offsetof(struct site, stop_soon));

	CHECK_INT(reactor_stop(site->reactor), 0);
}

static void
server_gone(const char *name, bool stopped)
{
	static const char get[] = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
	struct site site;
	struct raw raw;

	check_case(name);
	site_open(&site);
	site.never = true;
	site_talk(&site, &raw, get, sizeof(get) - 1, 0);
	CHECK(site.waiting != NULL && site.gone == 0);
	if (stopped) {
		reactor_call_init(&site.stop_soon, server_stop);
		reactor_call_soon(site.reactor, &site.stop_soon);
		CHECK_INT(reactor_run(site.reactor), 0);
	}
	site_close(&site);
	CHECK_INT(site.gone, 1);
	CHECK_INT(raw.lost, 1);
	free(raw.heard);
}

/* Who waits for an answer is not silent, but only until it is there. */
static void
server_puts_off(void)
{
	static const char get[] = "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n";
	const uint64_t second = 1000000000;
	struct site site;
	struct raw raw;

	check_case("an answer that is put off for long");
	site_open(&site);
	site.never = true;
	site_talk(&site, &raw, get, sizeof(get) - 1, 0);
	for (int i = 0; i < 2; i++) {
		site_pass(&site, 100 * second);
		CHECK_INT(raw.lost, 0);
		CHECK_INT(site.gone, 0);
		CHECK(site.waiting != NULL);
		if (site.waiting == NULL)
			break;
		site_answer_slow(&site.answer_soon);
		if (i == 0)
			transport_write(raw.protocol.transport, get,
			    sizeof(get) - 1);
		site_pass(&site, 50 * second);
		CHECK_INT(raw.heard_len, (size_t)(i + 1) * strlen(
		    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow"));
	}
	CHECK_INT(raw.lost, 0);
	site_pass(&site, 20 * second);
	CHECK_INT(raw.lost, 1);
	raw_end(&raw);
	site_close(&site);
}

/* The content that is dropped is counted for each request. */
static void
server_drops(void)
{
	enum { CONTENT = 600000, ROOM = 2 * CONTENT + 256 };
	char *say = malloc(ROOM);
	size_t len = 0;
	struct site site;
	struct raw raw;

	check_case("much content, twice on one connection");
	if (say == NULL)
		abort();
	for (int i = 0; i < 2; i++) {
		len += (size_t)snprintf(say + len, 128, "POST / HTTP/1.1\r\n"
		    "Host: x\r\nContent-Length: %d\r\n\r\n", CONTENT);
		memset(say + len, 'x', CONTENT);
		len += CONTENT;
	}
	site_open(&site);
	site_talk(&site, &raw, say, len, 0);
	CHECK_STR(raw.heard, ROOT ROOT);
	CHECK_INT(raw.lost, 0);
	raw_end(&raw);
	site_close(&site);
	free(say);
}

/* The most content that a resource can want, and one byte more. */
static void
server_wants_most(void)
{
	enum { ROOM = HTTP_SERVER_CONTENT_MAX + 512 };
	char *say = malloc(ROOM);
	struct site site;
	struct raw raw;

	check_case("as much content as can be wanted, and more");
	if (say == NULL)
		abort();
	for (int over = 0; over < 2; over++) {
		int most = HTTP_SERVER_CONTENT_MAX + over;
		int len = snprintf(say, ROOM, "POST /most HTTP/1.1\r\n"
		    "Host: x\r\nContent-Length: %d\r\n\r\n", most);

		memset(say + len, 'x', (size_t)most);
		strcpy(say + len + most, GET_ROOT);
		site_open(&site);
		site_talk(&site, &raw, say, strlen(say), 0);
		CHECK(raw.heard != NULL && strncmp(raw.heard + 9,
		    over ? "413" : "200", 3) == 0);
		CHECK_INT(raw.lost, over);
		raw_end(&raw);
		site_close(&site);
	}
	free(say);
}

/* A request behind one that closes is none (RFC 9112, section 9.6). */
static void
server_closes(const char *say, int rendered)
{
	struct site site;
	struct raw raw;

	site_open(&site);
	site_talk(&site, &raw, say, strlen(say), 0);
	CHECK_INT(site.rendered, rendered);
	CHECK_INT(raw.lost, 1);
	raw_end(&raw);
	site_close(&site);
}

int
main(void)
{
	server_talks();
	server_large_head();
	server_large_content();
	server_flood();
	server_gone("a server that goes before the answer", false);
	server_gone("a server that outlives the loop", true);
	server_puts_off();
	server_drops();
	server_wants_most();
	check_case("no request is read after the last");
	server_closes("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" GET_ROOT, 1);
	server_closes("GET /odd HTTP/1.1\r\nHost: x\r\n\r\n" GET_ROOT, 0);
	return check_done();
}
