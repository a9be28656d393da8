/*
 * bin_wire_test.c - messages, in pieces of any size, cut off, with any
 * garbage, and without memory.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/wire.h"

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
heard_open(struct heard *h)
{
	memset(h, 0, sizeof(*h));
	h->reader.message = hear;
}

static const char said[] =
    "0 7 - \"\" \"http://a.test/\" 0 0 0 0 0\n"
    "1 0 - \"\" \"\" 0 0 0 0 0\n"
    "2 9 http-404 \"Not Found\" \"{}\n\" 1 2 3 4 5\n"
    "2 9 - \"\" \"\" failed 0 0 0 0 0\n"
    "2 4294967295 timeout \"\" \"\" 0 0 0 0 0\n";

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
	wire_add(out, &(struct wire_message){
	    .head = { .kind = WIRE_DONE, .id = 9, .requests = 1, .answers = 2,
	    .connections = 3, .bytes = 4, .elapsed_ns = 5 },
	    .category = "http-404", .detail = "Not Found", .text = &text });
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
	CHECK_INT(whole.count, 5);
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
		{ { .kind = WIRE_DONE + 1 }, -EBADMSG },
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

static void
test_memory(void)
{
	long n = 0;
	bool failed;

	check_case("wire: without memory a text is told to be missing");
	do {
		struct record out = { .at = NULL };
		struct heard h;

		say(&out);
		heard_open(&h);
		alloc_fail_at(n++, 0);
		CHECK_INT(wire_feed(&h.reader, out.at, out.len), 0);
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		CHECK_INT(h.count, 5);
		CHECK_INT(h.without, failed ? 2 : 1);
		wire_free(&h.reader);
		record_free(&out);
		CHECK_INT(alloc_live(), 0);
	} while (failed);
	CHECK(n > 1);
}

int
main(void)
{
	test_pieces();
	test_cut();
	test_garbage();
	test_long();
	test_longest_text();
	test_memory();
	return check_done();
}
