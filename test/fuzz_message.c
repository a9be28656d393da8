/*
 * fuzz_message.c - any bytes as what comes over one connection, message after
 * message, whole and in pieces: the same heads, contents and end.
 *
 * The first byte: 1, they are requests; 2, each answers HEAD; 4, the content
 * has a small limit; and how they are cut.  Heads, bodies and codings are
 * read as a connection reads them: what is not used is shown again, in front
 * of the next piece.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../http/body.h"
#include "../http/content.h"
#include "../http/head.h"
#include "fuzz.h"

enum { FUZZ_LIMIT = 1 << 20, FUZZ_SMALL = 100 };

/* What a connection is doing. */
enum fuzz_state {
	FUZZ_HEAD,
	FUZZ_BODY,
	FUZZ_OVER	/* no more of it is read */
};

/* One that reads messages, and a sum over all that it has seen. */
struct fuzz_reader {
	enum fuzz_state state;
	enum http_head_kind kind;
	const char *method;
	uint64_t limit;
	uint64_t sum;
	struct http_head head;
	struct http_body body;
	struct http_content content;
	bool persists;
};

static void
fuzz_add(struct fuzz_reader *r, int fact)
{
	r->sum = fuzz_sum(r->sum, &fact, sizeof(fact));
}

/*
 * Ends the reading, for this reason.  If first bytes show that content is
 * coded after all, those that came alone have been shown.
 */
static void
fuzz_over(struct fuzz_reader *r, int why)
{
	if (r->state == FUZZ_BODY && why == -ENOTSUP)
		r->sum = 0;
	fuzz_add(r, why);
	r->state = FUZZ_OVER;
}

static void
fuzz_expect(struct fuzz_reader *r)
{
	http_head_init(&r->head, r->kind);
	r->state = FUZZ_HEAD;
}

static void
fuzz_begin(struct fuzz_reader *r, const char *method, size_t method_len)
{
	enum http_body_framing framing;
	struct http_head_field f;
	size_t cursor = 0;
	int error;

	while (http_head_next(&r->head, &cursor, &f)) {
		r->sum = fuzz_sum(r->sum, f.name, f.name_len);
		r->sum = fuzz_sum(r->sum, f.value, f.value_len);
	}
	fuzz_add(r, r->head.status);
	framing = http_head_framing(&r->head, method, method_len);
	fuzz_add(r, (int)framing);
	r->persists = http_head_persists(&r->head, framing);
	http_body_init(&r->body, framing, r->head.content_length);
	error = http_content_begin(&r->content, &r->head, r->limit);
	r->state = FUZZ_BODY;
	if (error != 0)
		fuzz_over(r, error);
}

/* Shows a piece of the body to the content; false once that is over. */
static bool
fuzz_content(struct fuzz_reader *r, const char *at, size_t len)
{
	const char *piece;
	size_t n;
	int rc;

	while ((rc = http_content_next(&r->content, &at, &len, &piece, &n)) ==
	    HTTP_CONTENT_DATA)
		r->sum = fuzz_sum(r->sum, piece, n);
	if (rc != 0)
		fuzz_over(r, rc);
	else if (len > 0 || r->content.bytes > r->limit)
		abort();
	return rc == 0;
}

/* A message is complete: another one may follow. */
static void
fuzz_complete(struct fuzz_reader *r)
{
	int rc = http_content_end(&r->content);

	fuzz_add(r, r->content.damaged);
	fuzz_add(r, (int)r->content.bytes);
	http_content_free(&r->content);
	if (rc != 0 || !r->persists)
		fuzz_over(r, rc);
	else
		fuzz_expect(r);
}

/* Looks at a body; returns how many bytes it used. */
static size_t
fuzz_body(struct fuzz_reader *r, const char *at, size_t len)
{
	size_t left = len, n;
	const char *piece;
	int rc;

	while ((rc = http_body_next(&r->body, &at, &left, &piece, &n)) ==
	    HTTP_BODY_DATA)
		if (!fuzz_content(r, piece, n))
			return 0;
	if (rc == HTTP_BODY_DONE)
		fuzz_complete(r);
	else if (rc < 0)
		fuzz_over(r, rc);
	return len - left;
}

/* Looks at a head, or more of it; returns how many bytes it used. */
static size_t
fuzz_head(struct fuzz_reader *r, const char *at, size_t len)
{
	int rc = http_head_parse(&r->head, at, len);

	if (rc < 0)
		fuzz_over(r, rc);
	else if (rc > 0)
		fuzz_begin(r, r->method, strlen(r->method));
	return rc > 0 ? (size_t)rc : 0;
}

/* All that these bytes have, of which none was used before. */
static size_t
fuzz_read(struct fuzz_reader *r, const char *at, size_t len)
{
	size_t used = 0, n;
	enum fuzz_state before;

	do {
		before = r->state;
		n = before == FUZZ_HEAD ? fuzz_head(r, at + used, len - used) :
		    fuzz_body(r, at + used, len - used);
		used += n;
	} while (r->state != FUZZ_OVER && (n > 0 || r->state != before));
	return used;
}

/* The connection has ended. */
static void
fuzz_end(struct fuzz_reader *r)
{
	fuzz_add(r, (int)r->state);
	if (r->state == FUZZ_BODY && http_body_end(&r->body) == 0)
		fuzz_complete(r);
	http_content_free(&r->content);
}

/* Shows all of it, whole or in pieces, each in memory of its own. */
static uint64_t
fuzz_connection(struct fuzz_reader r, const uint8_t *at, size_t len,
    struct fuzz_cuts *cuts)
{
	size_t shown = 0, used = 0;

	fuzz_expect(&r);
	while (shown < len && r.state != FUZZ_OVER) {
		char *copy;

		shown += cuts != NULL ? fuzz_next_cut(cuts, len - shown) :
		    len;
		copy = malloc(shown - used);
		memcpy(copy, at + used, shown - used);
		used += fuzz_read(&r, copy, shown - used);
		free(copy);
	}
	fuzz_end(&r);
	return r.sum;
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	struct fuzz_reader r = { .method = "GET", .limit = FUZZ_LIMIT };
	struct fuzz_cuts cuts;

	if (size < 2)
		return;
	cuts.state = *data;
	r.kind = (*data & 1) != 0 ? HTTP_HEAD_REQUEST : HTTP_HEAD_RESPONSE;
	if ((*data & 2) != 0)
		r.method = "HEAD";
	if ((*data & 4) != 0)
		r.limit = FUZZ_SMALL;
	if (fuzz_connection(r, data + 1, size - 1, NULL) !=
	    fuzz_connection(r, data + 1, size - 1, &cuts))
		abort();
}
