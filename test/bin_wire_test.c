/*
 * bin_wire_test.c - messages, in pieces of any size, cut off, with any
 * garbage, and without memory.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/wire.h"
#include "../http/url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

/* A reader, and what it has been told, as text. */
struct heard {
	struct wire_reader reader;
	int count, without;		/* messages; those without memory */
	char text[1024];
};

static void
hear(struct wire_reader *r, const struct wire_message *m, struct record *text)
{
	struct heard *h = (struct heard *)((char *)r -
	    offsetof(struct heard, reader));
	size_t len = strlen(h->text);

	h->count++;
	h->without += text->failed;
	snprintf(h->text + len, sizeof(h->text) - len,
	    "%u %u %s \"%s\" \"%.*s\"%s %u %u %u %u %u\n",
	    (unsigned)m->head.kind, (unsigned)m->head.id,
	    m->category != NULL ? m->category : "-", m->detail,
	    (int)(text->len < 100 ? text->len : 100),
	    text->len > 0 ? text->at : "", text->failed ? " failed" : "",
	    (unsigned)m->head.requests, (unsigned)m->head.answers,
	    (unsigned)m->head.connections, (unsigned)m->head.bytes,
	    (unsigned)m->head.elapsed_ns);
}

static void
hear_request(struct wire_reader *r, const struct http_journal_entry *e)
{
	struct heard *h = (struct heard *)((char *)r -
	    offsetof(struct heard, reader));
	const struct http_timings *t = &e->timings;
	size_t len = strlen(h->text);

	h->count++;
	snprintf(h->text + len, sizeof(h->text) - len,
	    "%s http%s://%.*s%.*s %d %s %s %u%s %u at %u %u %u %u %u %u to %u"
	    " %s\n", e->method, e->place.https ? "s" : "",
	    (int)e->place.authority_len, e->place.authority,
	    (int)e->place.target_len, e->place.target, e->status,
	    e->content_type, e->address, (unsigned)e->connection,
	    e->reused ? " reused" : "", (unsigned)e->bytes,
	    (unsigned)e->begun_ns, (unsigned)t->name_ns,
	    (unsigned)t->connect_ns, (unsigned)t->tls_ns, (unsigned)t->wait_ns,
	    (unsigned)t->receive_ns, (unsigned)e->ended_ns,
	    e->failure != NULL ? e->failure : "-");
}

static void
heard_open(struct heard *h)
{
	memset(h, 0, sizeof(*h));
	h->reader.message = hear;
	h->reader.request = hear_request;
}

static const char said[] =
    "0 7 - \"\" \"http://a.test/\" 0 0 0 0 0\n"
    "1 0 - \"\" \"\" 0 0 0 0 0\n"
    "GET https://a.test:81/x?y 200 text/html [::1]:81 7 reused 42 "
    "at 100 1 2 3 4 5 to 115 -\n"
    "4 9 http-404 \"Not Found\" \"{}\n\" 1 2 3 4 5\n"
    "GET http://b.test/ 0   0 0 at 0 0 0 0 0 0 to 1000 \n"
    "4 9 - \"\" \"\" failed 0 0 0 0 0\n"
    "4 4294967295 timeout \"\" \"\" 0 0 0 0 0\n";

/* How many they are. */
enum { SAID = 7 };

/* A request that went well: its phases fill all of its time. */
static const struct http_journal_entry well = {
	.place = { .https = true, .authority = "a.test:81/",
	    .authority_len = 9, .target = "/x?y#", .target_len = 4 },
	.method = "GET", .status = 200, .content_type = "text/html",
	.address = "[::1]:81", .connection = 7, .reused = true, .bytes = 42,
	.begun_ns = 100, .ended_ns = 115, .timings = { 1, 2, 3, 4, 5 },
};

/* One that failed, without a word. */
static const struct http_journal_entry ill = {
	.place = { .authority = "b.test", .authority_len = 6, .target = "/",
	    .target_len = 1 },
	.method = "GET", .content_type = "", .address = "",
	.ended_ns = 1000, .failure = "",
};

/* The messages that said[] shows. */
static void
say(struct record *out)
{
	struct record url = { .at = NULL }, text = { .at = NULL };
	struct record failed = { .failed = true };

	record_add(&url, "http://a.test/", 14);
	record_add(&text, "{}\n", 3);
	wire_add(out, &(struct wire_message){
	    .head = { .kind = WIRE_URL, .id = 7 }, .text = &url });
	wire_add(out, &(struct wire_message){ .head = { .kind = WIRE_LOOK } });
	wire_add_request(out, &well);
	wire_add(out, &(struct wire_message){
	    .head = { .kind = WIRE_DONE, .id = 9, .requests = 1, .answers = 2,
	    .connections = 3, .bytes = 4, .elapsed_ns = 5 },
	    .category = "http-404", .detail = "Not Found", .text = &text });
	wire_add_request(out, &ill);
	wire_add(out, &(struct wire_message){
	    .head = { .kind = WIRE_DONE, .id = 9 }, .text = &failed });
	wire_add(out, &(struct wire_message){
	    .head = { .kind = WIRE_DONE, .id = UINT32_MAX },
	    .category = "timeout" });
	record_free(&url);
	record_free(&text);
}

static void
test_pieces(void)
{
	struct record out = { .at = NULL };
	struct heard h;

	check_case("wire: messages come out as they went in, in any pieces");
	say(&out);
	for (size_t piece = 1; piece <= out.len; piece++) {
		int error = 0;

		heard_open(&h);
		for (size_t at = 0; at < out.len; at += piece) {
			size_t len = out.len - at < piece ? out.len - at :
			    piece;
			char *copy = guard_copy(out.at + at, len);

			error |= wire_feed(&h.reader, copy, len);
			guard_free(copy, len);
		}
		wire_free(&h.reader);
		if (!CHECK_INT(error, 0) || !CHECK_STR(h.text, said))
			printf("# in pieces of %zu: %s\n", piece, h.text);
	}
	record_free(&out);
	CHECK_INT(alloc_live(), 0);
}

/* What is cut off is no message, wherever that is. */
static void
test_cut(void)
{
	struct record out = { .at = NULL };
	struct heard whole, h;

	check_case("wire: a message that is cut off is not told");
	say(&out);
	heard_open(&whole);
	for (size_t len = 0; len <= out.len; len++) {
		if (len > 0)
			CHECK_INT(wire_feed(&whole.reader,
			    out.at + len - 1, 1), 0);
		heard_open(&h);
		CHECK_INT(wire_feed(&h.reader, out.at, len), 0);
		CHECK_INT(h.count, whole.count);
		wire_free(&h.reader);
	}
	CHECK_INT(whole.count, SAID);
	wire_free(&whole.reader);
	record_free(&out);
	CHECK_INT(alloc_live(), 0);
}

static void
test_garbage(void)
{
	static const struct {
		struct wire_head head;
		int error;
	} heads[] = {
		{ { .kind = WIRE_DONE }, 0 },
		{ { .kind = WIRE_REQUEST + 1 }, -EBADMSG },
		{ { .kind = WIRE_REQUEST }, -EBADMSG },
		{ { .kind = WIRE_REQUEST, .text_len = 111 }, -EBADMSG },
		{ { .kind = WIRE_REQUEST, .text_len = 112 }, 0 },
		{ { .kind = WIRE_REQUEST, .text_len = WIRE_REQUEST_MAX }, 0 },
		{ { .kind = WIRE_REQUEST, .text_len = WIRE_REQUEST_MAX + 1 },
		    -EBADMSG },
		{ { .kind = WIRE_REQUEST, .text_len = 112, .failed = 1 },
		    -EBADMSG },
		{ { .kind = WIRE_REQUEST, .text_len = 112,
		    .category_len = 1 }, -EBADMSG },
		{ { .kind = WIRE_REQUEST, .text_len = 112, .detail_len = 1 },
		    -EBADMSG },
		{ { .kind = UINT32_MAX }, -EBADMSG },
		{ { .category_len = CATEGORY_TEXT - 1 }, 0 },
		{ { .category_len = CATEGORY_TEXT }, -EBADMSG },
		{ { .detail_len = WIRE_DETAIL_MAX }, 0 },
		{ { .detail_len = WIRE_DETAIL_MAX + 1 }, -EBADMSG },
		{ { .text_len = WIRE_TEXT_MAX }, 0 },
		{ { .text_len = WIRE_TEXT_MAX + 1 }, -EBADMSG },
		{ { .text_len = UINT32_MAX }, -EBADMSG },
		{ { .failed = 1 }, 0 },
		{ { .failed = 2 }, -EBADMSG },
		{ { .failed = 1, .text_len = 1 }, -EBADMSG },
	};

	check_case("wire: a head that cannot be is refused, without memory");
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		long made = alloc_made();
		struct heard h;

		heard_open(&h);
		if (!CHECK_INT(wire_feed(&h.reader,
		    (const char *)&heads[i].head, sizeof(struct wire_head)),
		    heads[i].error))
			printf("# head %zu\n", i);
		CHECK_INT(alloc_made(), made);
		wire_free(&h.reader);
	}
}

/* Where the numbers of a request lie: eight bytes, and then four. */
enum { WIDE = 9 };

static size_t
number_at(size_t i)
{
	return sizeof(struct wire_head) + (i < WIDE ? 8 * i :
	    8 * WIDE + 4 * (i - WIDE));
}

/* Puts a number into a message. */
static void
put_number(struct record *out, size_t i, uint64_t number)
{
	uint32_t low = (uint32_t)number;

	if (i < WIDE)
		memcpy(out->at + number_at(i), &number, sizeof(number));
	else
		memcpy(out->at + number_at(i), &low, sizeof(low));
}

static void
test_bad_requests(void)
{
	static const struct {
		size_t i;
		uint64_t number;
		int error;
	} rows[] = {
		{ 0, UINT64_MAX, 0 }, { 1, UINT64_MAX, 0 },
		/* from, to: as long as the phases, and not too late */
		{ 2, 101, -EBADMSG }, { 2, 116, -EBADMSG },
		{ 2, UINT64_MAX, -EBADMSG },
		{ 3, 114, -EBADMSG }, { 3, INT64_MAX, 0 },
		{ 3, (uint64_t)INT64_MAX + 1, -EBADMSG },
		{ 4, 2, -EBADMSG }, { 4, 0, 0 }, { 5, 3, -EBADMSG },
		{ 6, 4, -EBADMSG }, { 7, 5, -EBADMSG }, { 8, 6, -EBADMSG },
		{ 8, UINT64_MAX, -EBADMSG }, { 4, UINT64_MAX - 13, -EBADMSG },
		/* status, https, reused, failed */
		{ 9, 999, 0 }, { 9, 1000, -EBADMSG },
		{ 9, UINT32_MAX, -EBADMSG }, { 10, 0, 0 }, { 10, 2, -EBADMSG },
		{ 11, 2, -EBADMSG }, { 12, 1, 0 }, { 12, 2, -EBADMSG },
		/* lengths of texts */
		{ 13, 8, -EBADMSG }, { 13, 10, -EBADMSG },
		{ 13, UINT32_MAX, -EBADMSG }, { 14, 5, -EBADMSG },
		{ 14, UINT32_MAX - 1, -EBADMSG }, { 15, 2, -EBADMSG },
		{ 16, 0, -EBADMSG }, { 17, 30, -EBADMSG },
		{ 18, 1, -EBADMSG }, { 18, UINT32_MAX, -EBADMSG },
	};

	check_case("wire: a request whose numbers cannot be is refused");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct record out = { .at = NULL };
		struct heard h;

		wire_add_request(&out, &well);
		put_number(&out, rows[i].i, rows[i].number);
		heard_open(&h);
		if (!CHECK_INT(wire_feed(&h.reader, out.at, out.len),
		    rows[i].error))
			printf("# row %zu\n", i);
		CHECK_INT(h.count, rows[i].error == 0);
		wire_free(&h.reader);
		record_free(&out);
	}
}

/* Who expects none gets none; and the texts must fill the message. */
static void
test_unasked(void)
{
	struct record out = { .at = NULL };
	struct wire_head *head;
	struct heard h;

	check_case("wire: a request that nobody wants, and one too long");
	wire_add_request(&out, &well);
	heard_open(&h);
	h.reader.request = NULL;
	CHECK_INT(wire_feed(&h.reader, out.at, out.len), -EBADMSG);
	wire_free(&h.reader);
	record_add(&out, "", 1);
	head = (struct wire_head *)out.at;
	head->text_len++;
	heard_open(&h);
	CHECK_INT(wire_feed(&h.reader, out.at, out.len), -EBADMSG);
	CHECK_INT(h.count, 0);
	wire_free(&h.reader);
	record_free(&out);
	CHECK_INT(alloc_live(), 0);
}

/* Details are cut, and a category is: what is sent can be read. */
static void
test_long(void)
{
	struct record out = { .at = NULL };
	char *detail = malloc(2 * WIRE_DETAIL_MAX);
	char category[2 * CATEGORY_TEXT];
	struct heard h;

	check_case("wire: what is too long is cut by the sender");
	memset(detail, 'd', 2 * WIRE_DETAIL_MAX - 1);
	detail[2 * WIRE_DETAIL_MAX - 1] = '\0';
	memset(category, 'c', sizeof(category) - 1);
	category[sizeof(category) - 1] = '\0';
	wire_add(&out, &(struct wire_message){ .head = { .kind = WIRE_DONE },
	    .category = category, .detail = detail });
	CHECK_INT(out.len, sizeof(struct wire_head) + CATEGORY_TEXT - 1 +
	    WIRE_DETAIL_MAX);
	heard_open(&h);
	CHECK_INT(wire_feed(&h.reader, out.at, out.len), 0);
	CHECK_INT(h.count, 1);
	CHECK_INT(strlen(h.reader.detail), WIRE_DETAIL_MAX);
	CHECK_INT(strlen(h.reader.category), CATEGORY_TEXT - 1);
	wire_free(&h.reader);
	record_free(&out);
	free(detail);
}

/* What a head says of a text of so many bytes, for which memory runs out. */
static struct wire_head
head_of_text(size_t len)
{
	struct record text = { .len = len }, out = { .at = NULL };
	struct wire_head head = { .kind = WIRE_DONE };

	alloc_fail_at(1, 0);
	wire_add(&out, &(struct wire_message){ .head = head, .text = &text });
	alloc_fail_at(-1, 0);
	if (CHECK(out.len >= sizeof(head)))
		memcpy(&head, out.at, sizeof(head));
	record_free(&out);
	return head;
}

static void
test_longest_text(void)
{
	struct wire_head head;

	check_case("wire: the longest text, and one byte more");
	head = head_of_text(WIRE_TEXT_MAX);
	CHECK_INT(head.failed, 0);
	CHECK_INT(head.text_len, WIRE_TEXT_MAX);
	head = head_of_text(WIRE_TEXT_MAX + 1);
	CHECK_INT(head.failed, 1);
	CHECK_INT(head.text_len, 0);
}

/* All the longest texts at once are no more than what may be received. */
static void
test_long_request(void)
{
	struct http_journal_entry e = well;
	struct record out = { .at = NULL };
	static char text[HTTP_URL_MAX + 1];
	struct heard h;

	check_case("wire: the longest request arrives, and its texts are cut");
	memset(text, 't', HTTP_URL_MAX);
	e.place.authority = e.place.target = text;
	e.place.authority_len = e.place.target_len = HTTP_URL_MAX;
	e.method = e.content_type = e.address = e.failure = text;
	wire_add_request(&out, &e);
	CHECK(out.len > 2 * HTTP_URL_MAX + 4 * WIRE_DETAIL_MAX);
	heard_open(&h);
	CHECK_INT(wire_feed(&h.reader, out.at, out.len), 0);
	CHECK_INT(h.count, 1);
	wire_free(&h.reader);
	record_free(&out);
}

static void
test_memory(void)
{
	long n = 0, lost = 0;
	bool failed;

	check_case("wire: without memory a text is missing, a request fails");
	do {
		struct record out = { .at = NULL };
		struct heard h;
		int error;

		say(&out);
		heard_open(&h);
		alloc_fail_at(n++, 0);
		error = wire_feed(&h.reader, out.at, out.len);
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		lost += error != 0;
		if (error != 0)
			CHECK_INT(error, -ENOMEM);
		else
			CHECK_INT(h.count, SAID);
		CHECK_INT(h.without, error != 0 ? 0 : failed ? 2 : 1);
		wire_free(&h.reader);
		record_free(&out);
		CHECK_INT(alloc_live(), 0);
	} while (failed);
	CHECK(n > 1);
	CHECK(lost > 0);
}

int
main(void)
{
	test_pieces();
	test_cut();
	test_garbage();
	test_bad_requests();
	test_unasked();
	test_long();
	test_longest_text();
	test_long_request();
	test_memory();
	return check_done();
}
