/*
 * story.c - a line of facts, and a line of advice.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "story.h"

#include <inttypes.h>
#include <string.h>

/* The first line counts that is the beginning of the category. */
static const struct {
	const char *category, *hint;
} story_hints[] = {
	{ "bad-url", "a URL begins with http:// or https://" },
	{ "no-network", "is this machine connected to a network?" },
	{ "no-dns", "name servers are those of /etc/resolv.conf, or of --dns" },
	{ "no-such-host", "is the name spelt well?  `resolve NAME` asks for it "
	    "alone" },
	{ "no-route", "-4 or -6 takes the other kind of address; --public-only "
	    "refuses private ones" },
	{ "refused", "is the server running, and is this its port?" },
	{ "timeout", "-t and --connect-timeout allow more; --per-host and -c, "
	    "fewer at once" },
	{ "reset", "--retries tries more often; --per-host and --delay ask for "
	    "less at once" },
	{ "tls", "--cacert trusts another authority; --version tells which "
	    "libssl it is; http:// does without" },
	{ "bad-response", "is it a web server?  `getpage -v URL` shows what it "
	    "sent" },
	{ "too-large", "--max-size allows larger pages, --max-header larger "
	    "heads" },
	{ "too-many-redirects", "`getpage -v URL` shows where they lead; "
	    "--max-redirects allows more" },
	{ "http-401", "-u sends a name and a password" },
	{ "http-403", "the site may want a cookie (-b), or no scrapers (-A "
	    "says who you are)" },
	{ "http-404", "has the page moved?" },
	{ "http-407", "the proxy wants a name and a password: -x "
	    "USER:PASSWORD@HOST" },
	{ "http-429", "--delay and --per-host ask for less" },
	{ "http-5", "the server has trouble; --retries tries more often" },
	{ "http-", "`getpage -i URL` shows the answer" },
	{ "no-article", "-a says where the link is; --explain, what was looked "
	    "for" },
	{ "no-title", "-e takes something else of the page" },
	{ "robots", "leave the page out, or ask the site" },
	{ "no-resources", "-c does fewer at once; `ulimit -n` allows more" },
};

const char *
story_hint(const char *category)
{
	size_t count = sizeof(story_hints) / sizeof(story_hints[0]);

	for (size_t i = 0; i < count; i++)
		if (strncmp(category, story_hints[i].category,
		    strlen(story_hints[i].category)) == 0)
			return story_hints[i].hint;
	return NULL;
}

/* What each line begins with. */
static void
story_begin(const char *program, const struct report *p, struct record *r)
{
	record_addf(r, "%s: ", program);
	record_add_clean(r, p->url, p->url_len);
	record_add(r, ": ", 2);
}

/* A count of things, whose name has an s if they are many. */
static void
story_count(struct record *r, unsigned n, const char *thing)
{
	record_addf(r, ", %u %s%s", n, thing, n == 1 ? "" : "s");
}

/* How long each step took, all requests together. */
static void
story_steps(const struct http_timings *t, struct record *r)
{
	record_addf(r, "; name %" PRIu64 " ms, connect %" PRIu64 " ms, TLS %"
	    PRIu64 " ms, wait %" PRIu64 " ms, receive %" PRIu64 " ms\n",
	    t->name_ns / 1000000, t->connect_ns / 1000000,
	    t->tls_ns / 1000000, t->wait_ns / 1000000,
	    t->receive_ns / 1000000);
}

static void
story_facts(const char *program, const struct report *p, struct record *r)
{
	story_begin(program, p, r);
	if (p->address != NULL)
		record_addf(r, "last asked %s; ", p->address);
	if (p->status != 0)
		record_addf(r, "%d", p->status);
	else
		record_addf(r, "no answer");
	story_count(r, p->requests, "request");
	story_count(r, p->redirects, "redirect");
	story_count(r, p->attempts, "attempt");
	story_steps(&p->timings, r);
}

void
story_write(const char *program, const struct report *p, struct record *r)
{
	const char *hint = p->category != NULL ? story_hint(p->category) : NULL;

	if (p->timed)
		story_facts(program, p, r);
	if (hint == NULL)
		return;
	story_begin(program, p, r);
	record_addf(r, "try: %s\n", hint);
}
