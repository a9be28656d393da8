/*
 * wire.c - messages to bytes, and bytes to messages.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "wire.h"

#include <errno.h>
#include <string.h>

/* ---- to bytes ---- */

/* The length of a text, at most so much; 0 for none. */
static size_t
wire_len(const char *text, size_t most)
{
	size_t len = text != NULL ? strlen(text) : 0;

	return len < most ? len : most;
}

void
wire_add(struct record *out, const struct wire_message *m)
{
	static const struct record none = { .at = NULL };
	const struct record *text = m->text != NULL ? m->text : &none;
	struct wire_head head = m->head;

	head.failed = text->failed || text->len > WIRE_TEXT_MAX;
	head.category_len = (uint32_t)wire_len(m->category, CATEGORY_TEXT - 1);
	head.detail_len = (uint32_t)wire_len(m->detail, WIRE_DETAIL_MAX);
	head.text_len = head.failed ? 0 : (uint32_t)text->len;
	record_add(out, (const char *)&head, sizeof(head));
	record_add(out, m->category, head.category_len);
	record_add(out, m->detail, head.detail_len);
	record_add(out, text->at, head.text_len);
}

/* ---- requests ---- */

/* The texts of a request, each of which is sent with a NUL behind it. */
enum {
	WIRE_AUTHORITY, WIRE_TARGET, WIRE_METHOD, WIRE_TYPE, WIRE_ADDRESS,
	WIRE_FAILURE, WIRE_TEXTS
};

/* What a WIRE_REQUEST's text begins with; its own texts follow. */
struct wire_request {
	uint64_t connection, bytes, begun_ns, ended_ns;
	uint64_t name_ns, connect_ns, tls_ns, wait_ns, receive_ns;
	uint32_t status, https, reused, failed;
	uint32_t lens[WIRE_TEXTS];		/* without the NUL */
};

void
wire_add_request(struct record *out, const struct http_journal_entry *e)
{
	const struct http_journal_place *p = &e->place;
	const char *texts[WIRE_TEXTS] = {
		p->authority, p->target, e->method, e->content_type,
		e->address, e->failure,
	};
	struct wire_head head = { .kind = WIRE_REQUEST };
	struct wire_request q = {
		e->connection, e->bytes, e->begun_ns, e->ended_ns,
		e->timings.name_ns, e->timings.connect_ns, e->timings.tls_ns,
		e->timings.wait_ns, e->timings.receive_ns,
		(uint32_t)e->status, p->https, e->reused, e->failure != NULL,
		{ (uint32_t)p->authority_len, (uint32_t)p->target_len },
	};

	for (size_t i = WIRE_METHOD; i < WIRE_TEXTS; i++)
		q.lens[i] = (uint32_t)wire_len(texts[i], WIRE_DETAIL_MAX);
	head.text_len = sizeof(q) + WIRE_TEXTS;
	for (size_t i = 0; i < WIRE_TEXTS; i++)
		head.text_len += q.lens[i];
	record_add(out, (const char *)&head, sizeof(head));
	record_add(out, (const char *)&q, sizeof(q));
	for (size_t i = 0; i < WIRE_TEXTS; i++) {
		record_add(out, texts[i], q.lens[i]);
		record_add(out, "", 1);
	}
}

/* Whether its phases fit into its time, and that into a signed number. */
static bool
wire_request_is_good(const struct wire_request *q)
{
	const uint64_t phases[] = {
		q->name_ns, q->connect_ns, q->tls_ns, q->wait_ns,
		q->receive_ns,
	};
	uint64_t left_ns = q->ended_ns - q->begun_ns;

	if (q->begun_ns > q->ended_ns || q->ended_ns > INT64_MAX ||
	    q->status > 999 || q->https > 1 || q->reused > 1 || q->failed > 1)
		return false;
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
		if (phases[i] > left_ns)
			return false;
		left_ns -= phases[i];
	}
	return true;
}

/* Finds the texts behind q, each where it must end; or false. */
static bool
wire_find_texts(const struct wire_request *q, const struct record *text,
    const char *texts[WIRE_TEXTS])
{
	size_t at = sizeof(*q);

	for (size_t i = 0; i < WIRE_TEXTS; i++) {
		if (q->lens[i] >= text->len - at ||
		    text->at[at + q->lens[i]] != '\0')
			return false;
		texts[i] = text->at + at;
		at += q->lens[i] + 1;
	}
	return at == text->len;
}

/* Tells of a request, all of which is in the reader's text. */
static int
wire_tell_request(struct wire_reader *r)
{
	const char *texts[WIRE_TEXTS];
	struct wire_request q;

	if (r->text.failed)
		return -ENOMEM;
	memcpy(&q, r->text.at, sizeof(q));
	if (!wire_request_is_good(&q) || !wire_find_texts(&q, &r->text, texts))
		return -EBADMSG;
	r->request(r, &(struct http_journal_entry){
		.place = {
			q.https, texts[WIRE_AUTHORITY],
			q.lens[WIRE_AUTHORITY], texts[WIRE_TARGET],
			q.lens[WIRE_TARGET],
		},
		.method = texts[WIRE_METHOD], .status = (int)q.status,
		.content_type = texts[WIRE_TYPE],
		.address = texts[WIRE_ADDRESS], .connection = q.connection,
		.reused = q.reused, .bytes = q.bytes,
		.begun_ns = q.begun_ns, .ended_ns = q.ended_ns,
		.timings = {
			.name_ns = q.name_ns, .connect_ns = q.connect_ns,
			.tls_ns = q.tls_ns, .wait_ns = q.wait_ns,
			.receive_ns = q.receive_ns,
		},
		.failure = q.failed ? texts[WIRE_FAILURE] : NULL,
	});
	return 0;
}

/* ---- to messages ---- */

static bool
wire_head_is_good(const struct wire_reader *r)
{
	const struct wire_head *h = &r->head;

	if (h->kind == WIRE_REQUEST)
		return r->request != NULL && h->failed == 0 &&
		    h->category_len == 0 && h->detail_len == 0 &&
		    h->text_len >= sizeof(struct wire_request) &&
		    h->text_len <= WIRE_REQUEST_MAX;
	return h->kind < WIRE_REQUEST && h->failed <= 1 &&
	    h->category_len < CATEGORY_TEXT &&
	    h->detail_len <= WIRE_DETAIL_MAX &&
	    h->text_len <= (h->failed ? 0 : WIRE_TEXT_MAX);
}

/*
 * Copies what belongs to a part of the message, which begins at its byte
 * `begin` and has `all` bytes.  Returns how many bytes it used.
 */
static size_t
wire_fill(struct wire_reader *r, void *part, size_t begin, size_t all,
    const char *at, size_t len)
{
	size_t have = r->got - begin, want;

	if (r->got < begin || have >= all)
		return 0;
	want = all - have;
	if (want > len)
		want = len;
	memcpy((char *)part + have, at, want);
	r->got += want;
	return want;
}

/* Hands a message over. */
static void
wire_tell(struct wire_reader *r)
{
	struct wire_message m = { .head = r->head,
	    .detail = r->detail, .text = &r->text };

	r->category[r->head.category_len] = '\0';
	r->detail[r->head.detail_len] = '\0';
	if (r->head.category_len > 0)
		m.category = r->category;
	r->text.failed = r->text.failed || r->head.failed;
	r->message(r, &m, &r->text);
}

/* If all of a message is there: hands it over and begins the next. */
static int
wire_complete(struct wire_reader *r)
{
	const struct wire_head *h = &r->head;
	int error = 0;

	if (r->got < sizeof(*h) + h->category_len + h->detail_len + h->text_len)
		return 0;
	r->got = 0;
	if (h->kind == WIRE_REQUEST)
		error = wire_tell_request(r);
	else
		wire_tell(r);
	r->text.len = 0;
	r->text.failed = false;
	return error;
}

/* Takes bytes of the texts; returns how many it used. */
static size_t
wire_feed_texts(struct wire_reader *r, const char *at, size_t len)
{
	const struct wire_head *h = &r->head;
	size_t detail = sizeof(*h) + h->category_len;
	size_t text = detail + h->detail_len;
	size_t used = wire_fill(r, r->category, sizeof(*h), h->category_len,
	    at, len);
	size_t rest;

	used += wire_fill(r, r->detail, detail, h->detail_len, at + used,
	    len - used);
	if (r->got >= text) {
		rest = h->text_len - (r->got - text);
		if (rest > len - used)
			rest = len - used;
		record_add(&r->text, at + used, rest);
		r->got += rest;
		used += rest;
	}
	return used;
}

int
wire_feed(struct wire_reader *r, const char *at, size_t len)
{
	size_t used;
	int error;

	while (len > 0) {
		used = wire_fill(r, &r->head, 0, sizeof(r->head), at, len);
		at += used;
		len -= used;
		if (r->got < sizeof(r->head))
			return 0;
		if (!wire_head_is_good(r))
			return -EBADMSG;
		used = wire_feed_texts(r, at, len);
		at += used;
		len -= used;
		error = wire_complete(r);
		if (error != 0)
			return error;
	}
	return 0;
}

void
wire_free(struct wire_reader *r)
{
	record_free(&r->text);
}
