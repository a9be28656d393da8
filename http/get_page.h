/*
 * get_page.h - a deferred of a web page.
 *
 *      d = http_get_page(client, url, strlen(url), NULL);
 *      deferred_add_callbacks(d, print_page, print_failure, NULL);
 *
 * Redirects are followed, gzip and deflate undone, an idempotent request
 * that met a connection just closed by its server is repeated once on a
 * fresh one, and one deadline stands over all of it.
 *
 * Copy: get_page.h get_page.c client.h client.c connection.h connection.c
 *     hop.h hop.c cookie.h cookie.c credentials.h credentials.c proxy.h
 *     proxy.c tunnel.h tunnel.c http_failure.h http_failure.c sink.h
 *     content.h content.c idna.h idna.c idna_data.h url.h url.c request.h
 *     request.c head.h head.c body.h body.c date.h date.c inflate.h
 *     inflate.c journal.h ALL(reactor) ALL(defer) ALL(dns)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_GET_PAGE_H
#define HTTP_GET_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../defer/deferred.h"
#include "client.h"
#include "cookie.h"
#include "journal.h"
#include "sink.h"
#include "url.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A page, owned by who got it in a result; http_page_free.  All texts end
 * with a NUL that is not counted, are the page's own, and never NULL.
 */
struct http_page {
	struct http_url url;		/* where it was found in the end */
	bool strayed;			/* redirected to another origin on the
					   way, if only for a while */
	int status;			/* 200 to 299, unless any_status */
	unsigned redirects;		/* followed on the way */
	uint64_t bytes;			/* of decoded content that was seen */

	/* Value of Content-Type as sent, or "". */
	const char *content_type;
	size_t content_type_len;

	/* With keep_head: the whole head as sent, line ends and all; or "". */
	const char *head;
	size_t head_len;

	/* The decoded content; "" when a sink took it. */
	char *body;
	size_t body_len;
	size_t room;			/* private: for the body; 0: none */

	/* A compressed body's checksum was wrong, or missing at its end. */
	bool damaged;

	/*
	 * The sum over the page's requests, redirects and all (of a page in a
	 * failure, without receive_ns of the last one).  And of the last one:
	 * with whom it was talked, "192.0.2.1:80", which is the proxy if there
	 * is one; and whether the connection had been used before.
	 */
	struct http_timings timings;
	const char *address;
	bool reused;

	/* Seconds that Retry-After asks to wait, or -1. */
	int64_t retry_after_s;
};

/* The type of a result that holds a struct http_page. */
extern const struct defer_result_type http_page_type;

/* Frees a page; NULL is allowed.  What defer_result_destroy does to it. */
void http_page_free(struct http_page *);

/*
 * How far a page has come: for who tells of one that failed, too.  Before the
 * first answer, all zero but for those redirects that the options name.
 */
struct http_get_progress {
	int status;		/* of the last answer, a redirect's too */
	unsigned redirects;	/* followed so far */
	uint64_t bytes;		/* of decoded content, as in a page */
	unsigned answers;	/* that have come, redirects too */
	const struct http_exchange *exchange;	/* private; NULL: it is over */
};

/* What the page is waiting for, such as "connecting"; NULL once it is over. */
const char *http_get_progress_phase(const struct http_get_progress *);

/*
 * Who decides when a request may go out, and whether: a user's struct embeds
 * this.  To stay until the page's deferred has fired or is cancelled.
 */
struct http_gate {
	/*
	 * Asked before each request, that of a redirect too.  Gives a
	 * deferred that fires with nothing when the request may go out, or
	 * fails, and so does the page; NULL without memory.  It has at most
	 * one pair of callbacks yet.  One reference is the page's,
	 * which cancels the deferred if it is cancelled itself.  The URL
	 * stays meanwhile.  A page that waits here is not known to
	 * the client: cancel it before that is freed.
	 */
	struct deferred *(*ask)(struct http_gate *, const struct http_url *);

	/* Whether the request may go out at once: then `ask` is not called.
	 * NULL: `ask` always is. */
	bool (*is_open)(struct http_gate *, const struct http_url *);

	/* The time of all waits is added here; no time-out counts it. */
	uint64_t waited_ns;
};

/* How to get a page; of the numbers zero chooses the default named. */
struct http_get_options {
	/* From the moment the request has a connection or may open one,
	 * over redirects and all, to the last byte; 30 s. */
	uint64_t timeout_ns;
	uint64_t max_body;	/* decoded bytes; 8 MiB */
	unsigned max_redirects;	/* more fail; 10 */
	unsigned redirected;	/* so many of them were before this URL */
	bool no_redirects;	/* a redirect is a status like any other */
	bool any_status;	/* a page of any final status is a page */
	bool head;		/* HEAD instead of GET */
	/*
	 * Another method, but not CONNECT; NULL: GET, or with a body POST.
	 * A redirect of 303, or of 301 or 302 after POST, goes on with GET and
	 * no body; any other with method and body as they were.
	 */
	const char *method;
	const void *body;	/* NULL: none */
	size_t body_len;
	const char *content_type;	/* of the body; NULL: of a form */
	bool keep_head;		/* keep page->head */
	bool no_secrets;	/* no fields that are meant for one origin,
				   as after a redirect to another */
	struct http_gate *gate;	/* NULL: requests go out at once */
	/* The cookies of a chain of pages: taken from each answer, and sent.
	 * NULL: of this page and its redirects only. */
	struct http_cookie_jar *cookies;
	struct http_sink *sink;	/* takes the content; NULL: page->body */
	struct http_get_progress *progress;	/* kept up to date; or NULL */
	struct http_journal *journal;	/* told of each request; or NULL */
};

/*
 * Gets the page at the URL, len bytes at `url`.  URL and options are only
 * read during the call, but for what pointers in them refer to, which stays
 * until the deferred is fired or cancelled; options NULL are the defaults.
 *
 * A name and password in the URL are sent (Basic), unless the client has an
 * Authorization field of its own; no other origin gets either.
 *
 * The deferred gives a struct http_page (http_page_type), or fails with a
 * kind of http_failure.h or of dns/dns_connect.h.  A URL that cannot be
 * fetched fails at once; nothing is asked of the network before the reactor
 * runs.  Cancelling resets the connection, but see sink.h.
 *
 * NULL if there is no memory, which every function of deferred.h takes for a
 * deferred that failed so.  The caller has one reference.
 */
struct deferred *http_get_page(struct http_client *, const char *url,
    size_t len, const struct http_get_options *);

#ifdef __cplusplus
}
#endif

#endif
