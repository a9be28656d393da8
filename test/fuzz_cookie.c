/*
 * fuzz_cookie.c - any lines as Set-Cookie fields, from several hosts.
 *
 * The first byte of a line says which URL the field comes from, and when.
 * What is sent must be a value that a request may have, within the limits; to
 * a host that has set nothing goes nothing, and by http nothing that by https
 * would not go.  Set once more, cookie by cookie, it is sent the same.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/cookie.h"
#include "../http/request.h"
#include "fuzz.h"

static const char *const fuzz_urls[] = {
	"http://a.test/x/y", "https://a.test/x/y", "http://b.a.test/",
	"https://b.a.test/x/", "http://127.0.0.1/", "http://[::1]/x",
	"http://localhost/", "http://a.test./",
	/* And one that sets nothing. */
	"https://127.0.0.2/x/y",
};

enum { FUZZ_URLS = sizeof(fuzz_urls) / sizeof(fuzz_urls[0]) };

/* How many bytes would be sent to a URL; checks them. */
static size_t
fuzz_cookie_sent(struct http_cookie_jar *jar, const struct http_url *u,
    int64_t now)
{
	static char text[HTTP_COOKIE_JAR_BYTES];
	struct http_request_field f = { "Cookie", 6, text, 0 };

	f.value_len = http_cookie_write(jar, u, now, text, sizeof(text));
	if (f.value_len > sizeof(text) || http_request_check(&f, 1) != 0)
		abort();
	return f.value_len;
}

/* Puts each cookie of a Cookie field into the jar; says how many there are. */
static size_t
fuzz_cookie_set(struct http_cookie_jar *jar, const struct http_url *u,
    const char *at, size_t len)
{
	static char line[HTTP_COOKIE_JAR_BYTES + 32];
	const char *end = at + len, *stop;
	size_t many = 0;
	int n;

	for (; at < end; many++) {
		stop = memchr(at, ';', (size_t)(end - at));
		if (stop == NULL)
			stop = end;
		n = snprintf(line, sizeof(line), "%.*s; Secure; Path=/",
		    (int)(stop - at), at);
		if (http_cookie_take(jar, u, line, (size_t)n, 0, -1) != 0)
			abort();
		at = stop < end ? stop + 2 : end;
	}
	return many;
}

/* What is sent to a URL, set there once more, is sent the same. */
static void
fuzz_cookie_again(struct http_cookie_jar *jar, const struct http_url *u,
    const struct http_url *secure, int64_t now)
{
	static char text[HTTP_COOKIE_JAR_BYTES], again[HTTP_COOKIE_JAR_BYTES];
	size_t len = http_cookie_write(jar, u, now, text, sizeof(text));
	struct http_cookie_jar other = { .first = NULL };
	size_t many = fuzz_cookie_set(&other, secure, text, len);

	/* Of two cookies with one name, of two paths, one is left. */
	if (other.count > many || (other.count == 0) != (many == 0))
		abort();
	if (other.count == many && (http_cookie_write(&other, secure, 0,
	    again, sizeof(again)) != len || memcmp(text, again, len) != 0))
		abort();
	http_cookie_jar_clear(&other);
}

void
fuzz_one(const uint8_t *at, size_t len)
{
	struct http_cookie_jar jar = { .first = NULL };
	struct http_url urls[FUZZ_URLS];
	int64_t now = 0;
	size_t n, i;

	for (i = 0; i < FUZZ_URLS; i++)
		if (http_url_parse(&urls[i], fuzz_urls[i],
		    strlen(fuzz_urls[i]), NULL) != 0)
			abort();
	while (len > 0) {
		const char *line = fuzz_line(&at, &len, &n);

		if (n == 0)
			continue;
		i = (unsigned char)line[0] % (FUZZ_URLS - 1);
		now += (unsigned char)line[0] / 64;
		if (http_cookie_take(&jar, &urls[i], line + 1, n - 1, now,
		    784111777 + now) != 0)
			abort();
		for (i = 0; i + 1 < FUZZ_URLS; i++)
			if (fuzz_cookie_sent(&jar, &urls[i], now) >
			    fuzz_cookie_sent(&jar, &urls[i | (i < 4)], now))
				abort();
		if (fuzz_cookie_sent(&jar, &urls[FUZZ_URLS - 1], now) > 0)
			abort();
	}
	for (i = 0; i < FUZZ_URLS; i++)
		fuzz_cookie_again(&jar, &urls[i], &urls[1], now);
	http_cookie_jar_clear(&jar);
	for (i = 0; i < FUZZ_URLS; i++)
		http_url_free(&urls[i]);
}
