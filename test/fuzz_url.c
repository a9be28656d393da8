/*
 * fuzz_url.c - any bytes as a URL, the first line of them as its base.
 *
 * What was read must read the same again: as it is written; with tabs and
 * line ends strewn in; taken apart and put together, with its port in full;
 * and part after part, each relative to the URL so far.  And it must be fit
 * for a request line.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/url.h"
#include "fuzz.h"

/* A URL as it is put together. */
struct fuzz_text {
	size_t len;
	char at[2 * HTTP_URL_MAX];
};

static void
fuzz_put(struct fuzz_text *t, const char *at, size_t len)
{
	if (len > sizeof(t->at) - t->len)
		abort();
	memcpy(t->at + t->len, at, len);
	t->len += len;
}

static void
fuzz_put_words(struct fuzz_text *t, const char *words)
{
	fuzz_put(t, words, strlen(words));
}

/* Reads the text, relative to the base: it must be this URL in all. */
static void
fuzz_same(const struct http_url *u, const struct fuzz_text *t,
    const struct http_url *base)
{
	struct http_url again;

	if (t->len > HTTP_URL_MAX)
		return;
	if (http_url_parse(&again, t->at, t->len, base) != 0 ||
	    strcmp(again.href, u->href) != 0 ||
	    !http_url_same_origin(&again, u) || again.host != u->host ||
	    again.host_end != u->host_end || again.path != u->path ||
	    again.query != u->query || again.fragment != u->fragment ||
	    again.len != u->len || again.host_kind != u->host_kind)
		abort();
	http_url_free(&again);
}

/* As it is written, also with a base, which then does not matter. */
static void
fuzz_again(const struct http_url *u, const struct http_url *base)
{
	struct fuzz_text t = { .len = 0 };

	fuzz_put(&t, u->href, u->len);
	fuzz_same(u, &t, NULL);
	if (base != NULL)
		fuzz_same(u, &t, base);
}

/* Each part by itself; the port also where it goes without saying. */
static void
fuzz_apart(const struct http_url *u)
{
	struct fuzz_text t = { .len = 0 };
	size_t start = u->https ? 8 : 7, len;
	bool ipv6 = u->host_kind == HTTP_URL_IPV6;
	const char *part;
	char port[16];

	fuzz_put_words(&t, u->https ? "HTTPS:\\\\" : "HTTP:/");
	fuzz_put(&t, u->href + start, u->host - start);
	part = http_url_host(u, &len);
	fuzz_put_words(&t, ipv6 ? "[" : "");
	fuzz_put(&t, part, len);
	fuzz_put_words(&t, ipv6 ? "]" : "");
	snprintf(port, sizeof(port), ":0%u", (unsigned)u->port);
	fuzz_put_words(&t, port);
	part = http_url_target(u, &len);
	fuzz_put(&t, part, len);
	fuzz_put(&t, u->href + u->fragment, (size_t)(u->len - u->fragment));
	fuzz_same(u, &t, NULL);
}

/* The first `len` bytes of a URL, which are one. */
static void
fuzz_front(struct http_url *front, const struct http_url *u, size_t len)
{
	if (http_url_parse(front, u->href, len, NULL) != 0 ||
	    !http_url_same_origin(front, u))
		abort();
}

/* From `from` on relative to what stands before `to`; `dots` in front. */
static void
fuzz_relative(const struct http_url *u, size_t to, const char *dots,
    size_t from)
{
	struct fuzz_text t = { .len = 0 };
	struct http_url base;

	fuzz_front(&base, u, to);
	fuzz_put_words(&t, dots);
	fuzz_put(&t, u->href + from, u->len - from);
	fuzz_same(u, &t, &base);
	http_url_free(&base);
}

/* Part after part; the "/." is for a path that begins with two slashes. */
static void
fuzz_parts(const struct http_url *u)
{
	size_t last = u->query;

	fuzz_relative(u, u->path, "/.", u->path);
	fuzz_relative(u, u->len, "/.", u->path);
	while (u->href[last - 1] != '/')
		last--;
	fuzz_relative(u, u->query, "./", last);
	fuzz_relative(u, u->len, "./", last);
	if (u->query < u->fragment) {
		fuzz_relative(u, u->query, "", u->query);
		fuzz_relative(u, u->len, "", u->query);
	}
	fuzz_relative(u, u->fragment, "", u->fragment);
	fuzz_relative(u, u->len, "", u->fragment);
}

/* Blanks around the input, and in it what is passed over. */
static void
fuzz_strewn(const struct http_url *u, const char *at, size_t len,
    const struct http_url *base)
{
	struct fuzz_text t = { .len = 0 };
	struct fuzz_cuts cuts = { (uint32_t)len };
	size_t n;

	if (len > HTTP_URL_MAX / 2)
		return;
	fuzz_put_words(&t, " \f");
	for (; len > 0; at += n, len -= n) {
		n = fuzz_next_cut(&cuts, len);
		fuzz_put(&t, at, n);
		fuzz_put(&t, &"\t\n\r"[n % 3], 1);
	}
	fuzz_put_words(&t, " ");
	fuzz_same(u, &t, base);
}

static void
fuzz_check(const struct http_url *u)
{
	for (size_t i = 0; i < u->len; i++)
		if (u->href[i] <= ' ' || u->href[i] >= 0x7f)
			abort();
	if (u->href[u->path] != '/' || u->host >= u->host_end ||
	    u->host_end > u->path || u->path >= u->query + (size_t)1 ||
	    u->query > u->fragment || u->fragment > u->len ||
	    (u->host_end == u->path) != (u->port == (u->https ? 443 : 80)))
		abort();
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	size_t line_len;
	const uint8_t *at = data;
	const char *line;
	struct http_url base, u, *given = NULL;

	if (size > 0 && memchr(at, '\n', size) != NULL) {
		line = fuzz_line(&at, &size, &line_len);
		if (http_url_parse(&base, line, line_len, NULL) == 0)
			given = &base;
	}
	if (http_url_parse(&u, (const char *)at, size, given) == 0) {
		fuzz_check(&u);
		fuzz_again(&u, given);
		fuzz_apart(&u);
		fuzz_parts(&u);
		fuzz_strewn(&u, (const char *)at, size, given);
		http_url_free(&u);
	}
	if (given != NULL)
		http_url_free(given);
}
