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

/* ---- to messages ---- */

static bool
wire_head_is_good(const struct wire_head *h)
{
	return h->kind <= WIRE_DONE && h->failed <= 1 &&
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

/* All of a message is there: hands it over and begins the next. */
static void
wire_complete(struct wire_reader *r)
{
	struct wire_message m = { .head = r->head,
	    .detail = r->detail, .text = &r->text };

	r->category[r->head.category_len] = '\0';
	r->detail[r->head.detail_len] = '\0';
	if (r->head.category_len > 0)
		m.category = r->category;
	r->text.failed = r->text.failed || r->head.failed;
	r->got = 0;
	r->message(r, &m, &r->text);
	r->text.len = 0;
	r->text.failed = false;
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
	if (r->got == text + h->text_len)
		wire_complete(r);
	return used;
}

int
wire_feed(struct wire_reader *r, const char *at, size_t len)
{
	size_t used;

	while (len > 0) {
		used = wire_fill(r, &r->head, 0, sizeof(r->head), at, len);
		at += used;
		len -= used;
		if (r->got < sizeof(r->head))
			return 0;
		if (!wire_head_is_good(&r->head))
			return -EBADMSG;
		used = wire_feed_texts(r, at, len);
		at += used;
		len -= used;
	}
	return 0;
}

void
wire_free(struct wire_reader *r)
{
	record_free(&r->text);
}
