/*
 * fuzz_wire.c - any bytes as what a worker sends: in pieces they are the same
 * messages as in one, and each message that was read can be sent again.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../bin/waterfall.h"
#include "../bin/wire.h"
#include "fuzz.h"

/* A reader, and a sum over all that it has told. */
struct heard {
	struct wire_reader reader;
	uint64_t sum;
	struct record again;		/* the same messages; or not wanted */
	bool repeats;
	struct waterfall picture;
};

static struct heard *
heard_of(struct wire_reader *r)
{
	return (struct heard *)((char *)r - offsetof(struct heard, reader));
}

static void
heard_text(struct heard *h, const char *text)
{
	if (text == NULL)
		text = "";
	h->sum = fuzz_sum(h->sum, text, strlen(text) + 1);
}

static void
fuzz_wire_message(struct wire_reader *r, const struct wire_message *m,
    struct record *text)
{
	struct heard *h = heard_of(r);
	struct wire_head head = m->head;

	/* A NUL ends a text when it is sent again. */
	head.category_len = head.detail_len = 0;
	h->sum = fuzz_sum(h->sum, &head, sizeof(head));
	heard_text(h, m->category);
	heard_text(h, m->detail);
	if (text->len != head.text_len || text->failed != (head.failed == 1))
		abort();
	if (text->len > 0)
		h->sum = fuzz_sum(h->sum, text->at, text->len);
	if (h->repeats)
		wire_add(&h->again, m);
}

static void
fuzz_wire_request(struct wire_reader *r, const struct http_journal_entry *e)
{
	struct heard *h = heard_of(r);
	uint64_t numbers[] = {
		(uint64_t)e->status, e->connection, e->reused, e->bytes,
		e->begun_ns, e->ended_ns, http_journal_blocked_ns(e),
		e->timings.name_ns, e->timings.connect_ns, e->timings.tls_ns,
		e->timings.wait_ns, e->timings.receive_ns, e->place.https,
		e->place.authority_len, e->place.target_len,
		e->failure != NULL,
	};

	if (http_journal_blocked_ns(e) > e->ended_ns - e->begun_ns ||
	    e->ended_ns > INT64_MAX)
		abort();
	h->sum = fuzz_sum(h->sum, numbers, sizeof(numbers));
	h->sum = fuzz_sum(h->sum, e->place.authority, e->place.authority_len);
	h->sum = fuzz_sum(h->sum, e->place.target, e->place.target_len);
	heard_text(h, e->method);
	heard_text(h, e->content_type);
	heard_text(h, e->address);
	heard_text(h, e->failure);
	if (!h->repeats)
		return;
	wire_add_request(&h->again, e);
	waterfall_add(&h->picture, e);
}

/* Feeds all, in such pieces (NULL: in one); returns wire_feed's error. */
static int
heard_feed(struct heard *h, const char *at, size_t len, struct fuzz_cuts *cuts)
{
	int error = 0;

	*h = (struct heard){ .reader = {
		.message = fuzz_wire_message, .request = fuzz_wire_request,
	}, .repeats = cuts == NULL };
	while (len > 0 && error == 0) {
		size_t piece = cuts != NULL ? fuzz_next_cut(cuts, len) : len;

		error = wire_feed(&h->reader, at, piece);
		at += piece;
		len -= piece;
	}
	wire_free(&h->reader);
	return error;
}

/* A picture of whatever a worker has told has an end. */
static void
heard_draw(struct heard *h)
{
	struct record r = { .at = NULL };

	waterfall_write(&h->picture, &r);
	if (r.failed || r.len > 65536 + h->picture.count * 65536)
		abort();
	record_free(&r);
	waterfall_free(&h->picture);
}

void
fuzz_one(const uint8_t *at, size_t len)
{
	struct fuzz_cuts cuts = { (uint32_t)len };
	struct heard whole, cut, again;
	int error = heard_feed(&whole, (const char *)at, len, NULL);

	if (heard_feed(&cut, (const char *)at, len, &cuts) != error ||
	    cut.sum != whole.sum)
		abort();
	if (heard_feed(&again, whole.again.at, whole.again.len, &cuts) != 0 ||
	    again.sum != whole.sum)
		abort();
	heard_draw(&whole);
	record_free(&whole.again);
}
