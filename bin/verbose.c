/*
 * verbose.c - lines for people who want to see what happens.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "verbose.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "../http/idna.h"
#include "../reactor/tls.h"
#include "fetch.h"

/* Writes the lines, and is done with them. */
static void
verbose_write(struct record *r)
{
	(void)record_write(r, STDERR_FILENO);
	record_free(r);
}

void
verbose_host(struct crew *c, const char *url, size_t len)
{
	static const char intro[] = "in Unicode: ";
	char what[sizeof(intro) + HTTP_IDNA_UNICODE_ROOM];
	char *name = what + sizeof(intro) - 1;
	struct http_url u;
	const char *host;
	size_t host_len;
	int name_len;

	if (fetch_parse(&u, url, len) != 0)
		return;
	host = http_url_host(&u, &host_len);
	memcpy(what, intro, sizeof(intro));
	name_len = http_idna_to_unicode(name, host, host_len);
	if (name_len > 0 && ((size_t)name_len != host_len ||
	    memcmp(name, host, host_len) != 0)) {
		progress_wipe(&c->progress);
		program_fail(c->program, u.href, u.len, NULL, what);
	}
	http_url_free(&u);
}

/* ---- a connection ---- */

/* A line, "* WHAT: TEXT", unless the text is empty. */
static void
verbose_fact(struct record *r, const char *what, const char *text)
{
	if (*text == '\0')
		return;
	record_addf(r, "* %s: ", what);
	record_add_clean(r, text, strlen(text));
	record_add(r, "\n", 1);
}

void
verbose_connection(void *ctx, struct transport *t)
{
	struct record r = { .at = NULL };
	struct reactor_tls_facts facts;
	struct reactor_address at;
	char text[REACTOR_ADDRESS_TEXT];

	(void)ctx;
	if (transport_remote_address(t, &at) == 0)
		verbose_fact(&r, "connected to",
		    reactor_address_format_port(&at, text));
	if (reactor_tls_facts(t, &facts)) {
		verbose_fact(&r, "TLS version", facts.version);
		verbose_fact(&r, "certificate", facts.verified ?
		    "verified" : "NOT verified");
		verbose_fact(&r, "session", facts.resumed ?
		    "of an earlier connection" : "new");
		verbose_fact(&r, "subject", facts.subject);
		verbose_fact(&r, "issuer", facts.issuer);
		verbose_fact(&r, "expires", facts.expires);
	}
	verbose_write(&r);
}

/* ---- heads ---- */

static const char verbose_hidden[] = "(hidden)";

/* Fields with what is not for others, and what stands in front of it. */
static const struct verbose_secret {
	const char *name;
	char mark;
	bool repeated;		/* in each part behind a semicolon */
} verbose_secrets[] = {
	{ "authorization", ' ', false },
	{ "proxy-authorization", ' ', false },
	{ "cookie", '=', true },
	{ "set-cookie", '=', false },
};

/* The secret of the field that a line has; NULL: it has none. */
static const struct verbose_secret *
verbose_find_secret(const char *line, size_t len)
{
	size_t count = sizeof(verbose_secrets) / sizeof(verbose_secrets[0]);

	for (size_t i = 0; i < count; i++) {
		const char *name = verbose_secrets[i].name;
		size_t n = strlen(name);

		if (n < len && line[n] == ':' &&
		    strncasecmp(line, name, n) == 0)
			return &verbose_secrets[i];
	}
	return NULL;
}

/*
 * A part of a value, up to the mark or, where there is none, none of it; then
 * that something was hidden, if there was anything.
 */
static void
verbose_hide(struct record *r, const char *at, size_t len, char mark)
{
	size_t blank = 0, shown;
	const char *end;

	while (blank < len && (at[blank] == ' ' || at[blank] == '\t'))
		blank++;
	end = memchr(at + blank, mark, len - blank);
	shown = end != NULL ? (size_t)(end - at) + 1 : blank;
	record_add_clean(r, at, shown);
	if (shown < len)
		record_add(r, verbose_hidden, sizeof(verbose_hidden) - 1);
}

/* The value of a field with a secret, its colon in front. */
static void
verbose_value(struct record *r, const char *at, size_t len,
    const struct verbose_secret *s)
{
	const char *end;
	size_t n;

	do {
		record_add_clean(r, at++, 1);	/* a colon or semicolon */
		len--;
		end = s->mark == '=' ? memchr(at, ';', len) : NULL;
		n = end != NULL ? (size_t)(end - at) : len;
		verbose_hide(r, at, n, s->mark);
		at += n;
		len -= n;
	} while (s->repeated && len > 0);
	record_add_clean(r, at, len);
}

/* One line of a head.  *secret: what the line before had, or NULL. */
static void
verbose_line(struct record *r, const char *at, size_t len,
    const struct verbose_secret **secret)
{
	bool folded = len > 0 && (at[0] == ' ' || at[0] == '\t');
	size_t name;

	if (folded && *secret != NULL) {
		record_add(r, verbose_hidden, sizeof(verbose_hidden) - 1);
		return;
	}
	*secret = folded ? NULL : verbose_find_secret(at, len);
	if (*secret == NULL) {
		record_add_clean(r, at, len);
		return;
	}
	name = strlen((*secret)->name);
	record_add_clean(r, at, name);
	verbose_value(r, at + name, len - name, *secret);
}

void
verbose_head(struct http_watcher *watcher, bool sent, const char *at,
    size_t len)
{
	const struct verbose_secret *secret = NULL;
	struct record r = { .at = NULL };

	(void)watcher;
	while (len > 0) {
		const char *end = memchr(at, '\n', len);
		size_t n = end != NULL ? (size_t)(end - at) : len;
		size_t cr = n > 0 && at[n - 1] == '\r';

		record_add(&r, sent ? "> " : "< ", n - cr > 0 ? 2 : 1);
		verbose_line(&r, at, n - cr, &secret);
		record_add(&r, "\n", 1);
		n += end != NULL;
		at += n;
		len -= n;
	}
	verbose_write(&r);
}

/* ---- a page ---- */

void
verbose_page(const struct http_page *page)
{
	const struct http_timings *t = &page->timings;
	struct record r = { .at = NULL };
	const struct {
		const char *name;
		uint64_t ns;
	} steps[] = {
		{ "name", t->name_ns }, { "connect", t->connect_ns },
		{ "TLS", t->tls_ns }, { "wait", t->wait_ns },
		{ "receive", t->receive_ns },
	};

	record_addf(&r, "* %d, by %s%s:", page->status, page->address,
	    page->reused ? ", used before" : "");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		record_addf(&r, "%s %s %" PRIu64 ".%" PRIu64 " ms",
		    i > 0 ? "," : "", steps[i].name, steps[i].ns / 1000000,
		    steps[i].ns / 100000 % 10);
	record_add(&r, "\n", 1);
	verbose_write(&r);
}
