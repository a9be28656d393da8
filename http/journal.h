/*
 * journal.h - who is told of each request and its answer, when it is over:
 * to draw them, to count them, to write them down.
 *
 * A page may take several of them, redirect after redirect.  Each is an
 * entry: where it went, what came back, and how long each phase took.  The
 * phases follow one another:
 *
 *      begun_ns  blocked  name  connect  tls  wait  receive  ended_ns
 *
 * What is blocked waits for a connection, if its host has as many as it may
 * have.  The entry is a plain record: numbers, and texts with a length.
 *
 * Copy: journal.h client.h request.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_JOURNAL_H
#define HTTP_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client.h"

#ifdef __cplusplus
extern "C" {
#endif

struct http_journal;

/* Bytes of a Content-Type that are kept, with a NUL: more is cut off. */
enum { HTTP_JOURNAL_TYPE = 64 };

/*
 * Where a request went: the parts of its URL, without a name and password and
 * without a fragment, ASCII, and not ended by NUL.
 */
struct http_journal_place {
	bool https;
	const char *authority;		/* host, and port if it is not the
					   scheme's own */
	size_t authority_len;
	const char *target;		/* path and query, "/" at least */
	size_t target_len;
};

/* A request and its answer. */
struct http_journal_entry {
	struct http_journal_place place;
	const char *method;
	int status;			/* 0: no answer came */
	const char *content_type;	/* as sent, but cut; or "" */
	/* With whom it was talked, or if no connection was made who was tried
	 * last, "192.0.2.1:80": the proxy, if there is one; "": nobody. */
	const char *address;
	uint64_t connection;		/* its number, from 1; 0: none */
	bool reused;			/* it had carried a request before */
	uint64_t bytes;			/* of decoded content that was seen */

	/* By the clock of the reactor.  If a connection that was just closed
	 * made it necessary to repeat the request, the timings are of both. */
	uint64_t begun_ns, ended_ns;
	struct http_timings timings;

	/* Why there is no answer, or not all of it, in words; NULL: there is,
	 * whatever its status, or as much of it as was wanted. */
	const char *failure;
};

/* Who is told: a user's struct embeds this. */
struct http_journal {
	/*
	 * A request is over.  All is borrowed until this returns.  It may use
	 * neither the client nor the page.
	 */
	void (*told)(struct http_journal *, const struct http_journal_entry *);
};

/* How long an entry waited for a connection, in ns. */
static inline uint64_t
http_journal_blocked_ns(const struct http_journal_entry *e)
{
	const struct http_timings *t = &e->timings;

	return e->ended_ns - e->begun_ns - t->name_ns - t->connect_ns -
	    t->tls_ns - t->wait_ns - t->receive_ns;
}

#ifdef __cplusplus
}
#endif

#endif
