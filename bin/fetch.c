/*
 * fetch.c - a second try by http, where a first one by https found no TLS.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "fetch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../dns/dns_connect.h"
#include "../http/http_failure.h"
#include "../reactor/tls_settings.h"

/* Room for either scheme in front of what was given. */
enum { FETCH_SCHEME = 8 };

/* What the second try needs to know. */
struct fetch {
	struct reactor *reactor;
	struct http_client *client;
	struct http_get_options options;	/* as they were given */
	struct http_get_progress mine;
	const struct http_get_progress *first;	/* try: how far it came */
	uint64_t begun_ns;
	uint64_t waited_ns;		/* at its gate before that */
	size_t len;			/* of what was given */
	char text[];			/* a scheme, and that */
};

/* Whether these bytes are a port, and what may follow it. */
static bool
fetch_is_port(const char *at, size_t len)
{
	size_t n = 0;

	while (n < len && at[n] >= '0' && at[n] <= '9')
		n++;
	return n > 0 && (n == len || memchr("/?#", at[n], 3) != NULL);
}

/*
 * Whether it begins with a host, where a URL has its scheme.  Of what looks
 * like both, "localhost:80" is a host with a port, and "http:80" is not.
 */
static bool
fetch_has_no_scheme(const char *at, size_t len)
{
	size_t n = 0;

	if (len > 0 && at[0] == '[')
		return true;
	while (n < len && memchr(":/?#\\", at[n], 5) == NULL)
		n++;
	if (n == 0 || n == len || at[n] != ':')
		return n > 0;
	if ((n == 4 && memcmp(at, "http", 4) == 0) ||
	    (n == 5 && memcmp(at, "https", 5) == 0))
		return false;
	return fetch_is_port(at + n + 1, len - n - 1);
}

int
fetch_parse(struct http_url *u, const char *url, size_t len)
{
	static const char scheme[] = "https://";
	size_t scheme_len = strlen(scheme);
	char *text;
	int error;

	if (!fetch_has_no_scheme(url, len))
		return http_url_parse(u, url, len, NULL);
	text = malloc(scheme_len + len);
	if (text == NULL)
		return -ENOMEM;
	memcpy(text, scheme, scheme_len);
	memcpy(text + scheme_len, url, len);
	error = http_url_parse(u, text, scheme_len + len, NULL);
	free(text);
	return error;
}

/*
 * Whether nothing answered, or nothing that speaks TLS.  A proxy says so by
 * status 502 or the like.
 */
static bool
fetch_found_no_tls(const struct defer_failure *f)
{
	if (defer_failure_is(f, &http_bad_status))
		return f->code >= 500;
	if (defer_failure_is(f, &dns_connect_tls))
		return f->code == -(long)REACTOR_TLS_E_NOT_TLS ||
		    f->code == -(long)REACTOR_TLS_E_TRUNCATED;
	return defer_failure_is(f, &dns_connect_refused) ||
	    defer_failure_is(f, &dns_connect_timeout) ||
	    defer_failure_is(f, &dns_connect_no_route) ||
	    defer_failure_is(f, &dns_connect_reset);
}

/* The time that it has taken, without waits at its gate. */
static uint64_t
fetch_spent(const struct fetch *my)
{
	const struct http_gate *gate = my->options.gate;
	uint64_t waited = gate != NULL ? gate->waited_ns - my->waited_ns : 0;

	return reactor_now_ns(my->reactor) - my->begun_ns - waited;
}

/* Begins a try, with a scheme in front. */
static struct deferred *
fetch_try(struct fetch *my, const char *scheme,
    const struct http_get_options *options)
{
	size_t len = strlen(scheme);
	char *at = my->text + FETCH_SCHEME - len;

	memcpy(at, scheme, len);
	return http_get_page(my->client, at, len + my->len, options);
}

/* Callback: there is a page, or no second try. */
static struct defer_result
fetch_done(void *ctx, struct defer_result in)
{
	free(ctx);
	return in;
}

/* Errback: there is none; tries http, if that makes sense. */
static struct defer_result
fetch_again(void *ctx, struct defer_result in)
{
	struct fetch *my = ctx;
	uint64_t spent = fetch_spent(my);
	struct deferred *d;

	if (my->first->status != 0 || spent >= my->options.timeout_ns ||
	    !fetch_found_no_tls(defer_result_get_failure(in)))
		return fetch_done(my, in);
	defer_result_destroy(in);
	my->options.timeout_ns -= spent;
	my->options.no_secrets = true;
	d = fetch_try(my, "http://", &my->options);
	free(my);
	return defer_result_deferred(d);
}

struct deferred *
fetch_page(struct reactor *reactor, struct http_client *client,
    const char *url, size_t len, const struct http_get_options *options)
{
	struct http_get_options first = *options;
	struct fetch *my;
	struct deferred *d;

	if (!fetch_has_no_scheme(url, len))
		return http_get_page(client, url, len, options);
	my = malloc(sizeof(*my) + FETCH_SCHEME + len);
	if (my == NULL)
		return NULL;
	*my = (struct fetch){
		.reactor = reactor, .client = client, .options = *options,
		.begun_ns = reactor_now_ns(reactor), .len = len,
	};
	if (options->gate != NULL)
		my->waited_ns = options->gate->waited_ns;
	memcpy(my->text + FETCH_SCHEME, url, len);
	if (first.progress == NULL)
		first.progress = &my->mine;
	my->first = first.progress;
	d = fetch_try(my, "https://", &first);
	if (d == NULL)
		free(my);
	else
		/* Cannot fail: a deferred has room for its first two pairs. */
		(void)deferred_add_callbacks(d, fetch_done, fetch_again, my);
	return d;
}
