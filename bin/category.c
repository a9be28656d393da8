/*
 * category.c - the table of kinds of failure and their words.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "category.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../dns/dns_connect.h"
#include "../dns/resolver.h"
#include "../http/http_failure.h"

const struct defer_failure_kind category_no_article = { "no-article", NULL };
const struct defer_failure_kind category_no_title = { "no-title", NULL };
const struct defer_failure_kind category_robots = { "robots", NULL };

/* The first line that fits counts. */
static const struct {
	const struct defer_failure_kind *kind;
	const char *word;
} category_words[] = {
	{ &http_bad_url, "bad-url" },
	{ &dns_no_network, "no-network" },
	{ &dns_connect_no_network, "no-network" },
	{ &dns_no_such_host, "no-such-host" },
	{ &dns_failure, "no-dns" },
	{ &dns_connect_no_route, "no-route" },
	{ &dns_connect_refused, "refused" },
	{ &dns_connect_timeout, "timeout" },
	{ &http_timeout, "timeout" },
	{ &dns_connect_reset, "reset" },
	{ &http_reset, "reset" },
	{ &http_tls, "tls" },
	{ &dns_connect_tls, "tls" },
	{ &http_bad_response, "bad-response" },
	{ &http_too_large, "too-large" },
	{ &http_too_many_redirects, "too-many-redirects" },
	{ &category_no_article, "no-article" },
	{ &category_no_title, "no-title" },
	{ &category_robots, "robots" },
};

/*
 * A connection that failed with an unusual errno: this machine is short of
 * memory or descriptors, or a rule of its routes or filters forbids it.
 */
static const char *
category_of_errno(long number)
{
	switch (number) {
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
		return "no-resources";
	default:
		return "no-route";
	}
}

bool
category_is_shortage(const struct defer_failure *f)
{
	return defer_failure_is(f, &defer_failure_out_of_memory) ||
	    (defer_failure_is(f, &dns_connect_other) &&
	    strcmp(category_of_errno(f->code), "no-resources") == 0);
}

const char *
category_of(const struct defer_failure *f, char text[CATEGORY_TEXT])
{
	size_t count = sizeof(category_words) / sizeof(category_words[0]);

	for (size_t i = 0; i < count; i++)
		if (defer_failure_is(f, category_words[i].kind))
			return category_words[i].word;
	if (defer_failure_is(f, &dns_connect_other))
		return category_of_errno(f->code);
	if (!defer_failure_is(f, &http_bad_status))
		return "no-resources";
	snprintf(text, CATEGORY_TEXT, "http-%ld", f->code);
	return text;
}
