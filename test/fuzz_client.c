/*
 * fuzz_client.c - a client in the simulated world, fed by a server or a proxy
 * that says any bytes, cut anywhere.
 *
 * The first three bytes: options of the pages (1: HEAD, 2: any status,
 * 4: keep the head, 8: no redirects, 16: a small limit, 32: two connections
 * at most), and in the upper two bits the way (enum fuzz_way); how many pages
 * (1 to 4) and the weather; the size of pieces.  The rest are answers: each
 * ends with a byte 0xFE and one that says how the server goes on (enum
 * script_end).  To a tunnel the first one is the proxy's, the others come
 * over TLS, whose library hides nothing (see tls/plain.c).
 *
 * A single page from a single answer must come to the same in any pieces.
 * Whatever the answers say, each request is one that a strict reader takes
 * for one, and what is secret goes to nobody but whom it is meant for.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/get_page.h"
#include "../http/head.h"
#include "../http/proxy.h"
#include "check.h"
#include "fuzz.h"
#include "http_rig.h"
#include "proxy_kit.h"
#include "tls_kit.h"

enum { FUZZ_ANSWERS = 16, FUZZ_PAGES = 4, FUZZ_END = 0xfe };

/* How the client gets there. */
enum fuzz_way {
	FUZZ_DIRECT,
	FUZZ_ONE_JAR,		/* the same, and all pages share cookies */
	FUZZ_PROXY,		/* which is asked for the whole URL */
	FUZZ_TUNNEL
};

struct fuzz_client {
	struct script_step steps[FUZZ_ANSWERS];
	size_t count;
	struct http_get_options options;
	unsigned per_host;
	enum fuzz_way way;
	char proxy_says[4097];		/* to CONNECT */
};

/* One play: what there is beside the rig. */
struct fuzz_world {
	struct rig rig;
	struct http_cookie_jar jar;
	struct http_proxy_choice choice;
	struct proxy_kit kit;
	struct http_watcher watcher;
	enum fuzz_way way;
	char host[64];			/* the line of who may hear secrets */
	int requests;			/* sent, but for CONNECT */
};

/* ---- what must hold of each request ---- */

/* Fields for one origin, and the password of the proxy, as they are sent. */
static const struct http_request_field fuzz_secrets[] = {
	{ "Authorization", 13, "Basic c2VjcmV0", 14 },
	{ "Cookie", 6, "c2VjcmV0=1", 10 },
};
static const char fuzz_pass[] = "\r\nProxy-Authorization: Basic cDpx\r\n";

static void
fuzz_client_watch(struct http_watcher *w, bool sent, const char *at,
    size_t len)
{
	static char text[HTTP_HEAD_MAX + 1];
	struct fuzz_world *f = reactor_container_of(
	    w, struct fuzz_world, watcher);
	bool asks = len > 8 && memcmp(at, "CONNECT ", 8) == 0;
	struct http_head head;

	http_head_init(&head, sent ? HTTP_HEAD_REQUEST : HTTP_HEAD_RESPONSE);
	head.max_len = HTTP_HEAD_MAX;
	CHECK_INT(http_head_parse(&head, at, len), (long)len);
	if (!sent || !CHECK(len < sizeof(text)))
		return;
	f->requests += !asks;
	memcpy(text, at, len);
	text[len] = '\0';
	CHECK(strlen(text) == len);
	CHECK((strstr(text, fuzz_pass) != NULL) ==
	    (asks || f->way == FUZZ_PROXY));
	/* A jar may have a cookie like it; a URL cannot have lines. */
	if (strstr(text, "\r\nAuthorization: Basic c2VjcmV0\r\n") != NULL ||
	    (f->way != FUZZ_ONE_JAR &&
	    strstr(text, "\r\nCookie: c2VjcmV0=1\r\n") != NULL))
		CHECK(!asks && strstr(text, f->host) != NULL);
}

/* ---- what is played ---- */

/* The answers in the input, none of them empty. */
static void
fuzz_client_read(struct fuzz_client *c, const uint8_t *at, size_t len)
{
	while (len > 0 && c->count < FUZZ_ANSWERS) {
		const uint8_t *end = memchr(at, FUZZ_END, len);
		size_t n = end != NULL ? (size_t)(end - at) : len;
		struct script_step *s = &c->steps[c->count];

		s->say = (const char *)at;
		s->len = n;
		s->end = n + 1 < len ? (enum script_end)(at[n + 1] % 3) :
		    SCRIPT_CLOSE;
		c->count += n > 0;
		n = n + 2 < len ? n + 2 : len;
		at += n;
		len -= n;
	}
}

/* What one page came to, as far as no piece may change it. */
static uint64_t
fuzz_client_sum(const struct rig_got *got)
{
	const char *name = rig_name(got);
	uint64_t sum = fuzz_sum(1, name, strlen(name));

	CHECK_INT(got->fired, 1);
	if (got->page == NULL)
		return sum;
	sum += (uint64_t)got->page->status * 3 + got->page->bytes * 7 +
	    got->page->damaged;
	sum = fuzz_sum(sum, got->page->content_type,
	    got->page->content_type_len);
	sum = fuzz_sum(sum, got->page->head, got->page->head_len);
	return fuzz_sum(sum, got->page->body, got->page->body_len);
}

static struct reactor_tls_settings *
fuzz_client_tls_server(struct reactor *r)
{
	struct reactor_tls_settings *s = NULL;
	char why[REACTOR_TLS_WHY];

	CHECK_INT(reactor_tls_settings_new(&s, r,
	    &(struct reactor_tls_options){ .library = tls_kit_plain,
	    .server = true, .certificate_file = "", .key_file = "",
	    .alpn = "http/1.1" }, why), 0);
	return s;
}

/* Puts a proxy in front of the server, or takes the server for one. */
static void
fuzz_client_set_proxy(struct fuzz_world *f, const struct fuzz_client *c,
    size_t piece)
{
	bool tunnel = f->way == FUZZ_TUNNEL;
	char text[64];
	int len;

	if (tunnel) {
		f->rig.script.tls = fuzz_client_tls_server(f->rig.reactor);
		proxy_kit_open(&f->kit, f->rig.reactor);
		f->kit.to = f->rig.script.port;
		f->kit.say = c->proxy_says;
		f->kit.piece = piece;
	}
	len = snprintf(text, sizeof(text), "p:q@127.0.0.1:%u", tunnel ?
	    f->kit.port : f->rig.script.port);
	CHECK_INT(http_proxy_parse(tunnel ? &f->choice.https :
	    &f->choice.http, text, (size_t)len), 0);
}

static void
fuzz_client_open(struct fuzz_world *f, const struct fuzz_client *c,
    size_t piece)
{
	static const struct reactor_tls_options trusting = {
		.library = tls_kit_plain,
	};
	const struct http_client_options options = {
		.per_host = c->per_host, .proxies = &f->choice,
		.tls = c->way == FUZZ_TUNNEL ? &trusting : NULL,
		.fields = fuzz_secrets, .field_count = 2,
		.watcher = &f->watcher,
	};

	memset(f, 0, sizeof(*f));
	f->way = c->way;
	f->watcher.head = fuzz_client_watch;
	rig_open(&f->rig, &options);
	if (c->way >= FUZZ_PROXY)
		fuzz_client_set_proxy(f, c, piece);
	if (c->way == FUZZ_PROXY)
		snprintf(f->host, sizeof(f->host),
		    "\r\nHost: site.test\r\n");
	else
		snprintf(f->host, sizeof(f->host),
		    "\r\nHost: 127.0.0.1:%u\r\n", f->rig.script.port);
}

static void
fuzz_client_close(struct fuzz_world *f)
{
	struct reactor_tls_settings *tls = f->rig.script.tls;

	/* The server may have much to say still, in small pieces. */
	rig_pass_hour(&f->rig);
	if (f->way == FUZZ_TUNNEL)
		proxy_kit_close(&f->kit);
	rig_settle(&f->rig);
	rig_close(&f->rig);
	reactor_tls_settings_free(tls);
	http_proxy_free(&f->choice.http);
	http_proxy_free(&f->choice.https);
	http_cookie_jar_clear(&f->jar);
}

/*
 * Plays all, `piece` bytes at a time (0: the whole); returns the sum of the
 * last page, and in *requests how many the client has sent.
 */
static uint64_t
fuzz_client_play(const struct fuzz_client *c, size_t piece, unsigned weather,
    unsigned pages, int *requests)
{
	struct http_get_options options = c->options;
	struct script_step steps[FUZZ_ANSWERS];
	struct rig_got got[FUZZ_PAGES];
	struct fuzz_world f;
	uint64_t sum = 0;
	unsigned i;

	memcpy(steps, c->steps, sizeof(steps));
	for (i = 0; i < c->count; i++)
		steps[i].piece = piece;
	fuzz_client_open(&f, c, piece);
	sim_weather(f.rig.sim)->split = weather * 120;
	sim_weather(f.rig.sim)->short_io = weather * 100;
	sim_weather(f.rig.sim)->spurious = weather * 50;
	script_play(&f.rig.script, steps, c->count);
	options.cookies = c->way == FUZZ_ONE_JAR ? &f.jar : NULL;
	for (i = 0; i < pages; i++)
		rig_start(&f.rig, &got[i], c->way == FUZZ_PROXY ?
		    "http://site.test/page" : "/page", &options);
	rig_run(&f.rig);
	rig_settle(&f.rig);
	for (i = 0; i < pages; i++) {
		sum = fuzz_client_sum(&got[i]);
		rig_clear(&got[i]);
	}
	*requests = f.requests;
	fuzz_client_close(&f);
	return sum;
}

/*
 * Whether the library can be opened (a static program has none); it then stays
 * so, and is not loaded again for each play.
 */
static bool
fuzz_client_has_tls(void)
{
	static struct reactor_tls_library library;
	static int known;	/* 0: not yet */
	char why[REACTOR_TLS_WHY];

	if (known == 0)
		known = reactor_tls_library_open(
		    &library, tls_kit_plain, why) == 0 ? 1 : -1;
	return known > 0;
}

/*
 * Whether pieces and weather must not change what comes of it: they may where
 * there are several answers, pages or requests (what is behind an answer meets
 * the next request, or comes before it), and where a reset takes away what was
 * sent.
 */
static bool
fuzz_client_is_certain(
    const struct fuzz_client *c, unsigned pages, int requests)
{
	return c->count <= 1 && pages == 1 && requests <= 1 &&
	    (c->count == 0 || c->steps[0].end != SCRIPT_RESET);
}

/* What the proxy says is a text, and the first of the answers. */
static void
fuzz_client_take_proxy(struct fuzz_client *c)
{
	size_t len = c->steps[0].len;

	if (len >= sizeof(c->proxy_says))
		len = sizeof(c->proxy_says) - 1;
	memcpy(c->proxy_says, c->steps[0].say, len);
	c->proxy_says[len] = '\0';
	c->count--;
	memmove(c->steps, c->steps + 1, c->count * sizeof(c->steps[0]));
}

void
fuzz_one(const uint8_t *at, size_t len)
{
	struct fuzz_client c = { .count = 0 };
	unsigned pages, piece, weather;
	int requests;
	uint64_t sum;

	if (len < 4)
		return;
	c.options.timeout_ns = 2000000000;
	c.options.head = (at[0] & 1) != 0;
	c.options.any_status = (at[0] & 2) != 0;
	c.options.keep_head = (at[0] & 4) != 0;
	c.options.no_redirects = (at[0] & 8) != 0;
	c.options.max_body = (at[0] & 16) != 0 ? 100 : 65536;
	c.per_host = (at[0] & 32) != 0 ? 2 : 6;
	c.way = (enum fuzz_way)(at[0] >> 6);
	if (c.way == FUZZ_TUNNEL && !fuzz_client_has_tls())
		return;
	pages = 1 + at[1] % FUZZ_PAGES;
	weather = at[1] / 4 % 8;
	fuzz_client_read(&c, at + 3, len - 3);
	if (c.count == 0)
		return;
	if (c.way == FUZZ_TUNNEL)
		fuzz_client_take_proxy(&c);
	piece = at[2] % 65u;		/* 0: the whole */
	sum = fuzz_client_play(&c, piece, weather, pages, &requests);
	if (fuzz_client_is_certain(&c, pages, requests) &&
	    fuzz_client_play(&c, 0, 0, pages, &requests) != sum)
		abort();
}
