/*
 * bin_record_test.c - text from the network, made harmless.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

#define BAD "\xEF\xBF\xBD"

/* Compares what becomes of `text`, whose end lies against a guard page. */
static void
clean_is(const char *text, size_t len, const char *want)
{
	struct record r = { .at = NULL };
	char *copy = guard_copy(text, len);

	record_add_clean(&r, copy, len);
	CHECK_BYTES(r.at, r.len, want);
	record_free(&r);
	guard_free(copy, len);
}

static void
json_is(const char *text, size_t len, const char *want)
{
	struct record r = { .at = NULL };
	char *copy = guard_copy(text, len);

	record_add_json(&r, copy, len);
	CHECK_BYTES(r.at, r.len, want);
	record_free(&r);
	guard_free(copy, len);
}

#define CLEAN(text, want) clean_is(text, sizeof(text) - 1, want)
#define JSON(text, want) json_is(text, sizeof(text) - 1, want)

static void
test_clean(void)
{
	check_case("record: plain text and all of UTF-8 go through");
	CLEAN("", "");
	CLEAN("a title, \"quoted\" \\ and ~", "a title, \"quoted\" \\ and ~");
	CLEAN("gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80",
	    "gr\xC3\xBC\xC3\x9F \xE2\x82\xAC \xF0\x9F\x98\x80");
	CLEAN("\xC2\xA0\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF",
	    "\xC2\xA0\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF");

	check_case("record: C0, DEL and C1 do not reach a terminal");
	CLEAN("a\x1b[2Jb\x7f", "a" BAD "[2Jb" BAD);
	CLEAN("\0\r\n\t", BAD BAD BAD BAD);
	CLEAN("\xC2\x9Bm\xC2\x80", BAD "m" BAD);

	check_case("record: direction and lines stay as they are");
	CLEAN("\xE2\x80\xAE" "abc\xE2\x81\xA9", BAD "abc" BAD);
	CLEAN("\xE2\x80\xA8\xE2\x80\xA9", BAD BAD);
	CLEAN("\xE2\x80\x8F", "\xE2\x80\x8F");

	check_case("record: malformed UTF-8 is replaced, piece by piece");
	CLEAN("\x80\xFF", BAD BAD);
	CLEAN("\xC0\xAF", BAD BAD);
	CLEAN("\xE0\x80\x80", BAD BAD BAD);
	CLEAN("\xED\xA0\x80", BAD BAD BAD);
	CLEAN("\xF4\x90\x80\x80", BAD BAD BAD BAD);
	CLEAN("\xE2\x82", BAD);
	CLEAN("\xE2\x82" "a", BAD "a");
	CLEAN("\xF0\x9F\x98", BAD);
	CLEAN("\xE2\xE2\x82\xAC", BAD "\xE2\x82\xAC");
}

static void
test_json(void)
{
	check_case("record: JSON strings lose nothing but what is malformed");
	JSON("", "\"\"");
	JSON("a\"b\\c/", "\"a\\\"b\\\\c/\"");
	JSON("\0\x1b\n\x7f\xC2\x9B", "\"\\u0000\\u001b\\u000a\\u007f\\u009b\"");
	JSON("\xE2\x80\xAE\xE2\x80\xA8", "\"\\u202e\\u2028\"");
	JSON("\xFF\xC3\xBC", "\"\\ufffd\xC3\xBC\"");
}

/* What becomes of a byte by itself, in quotes, stands amid letters, too. */
static void
byte_is(char c, size_t at)
{
	char text[] = "aaaaaaaaaaaaaaaaaaa", want[64];
	struct record r = { .at = NULL };

	record_add_json(&r, &c, 1);
	snprintf(want, sizeof(want), "\"%.*s%.*s%s\"", (int)at, text,
	    (int)r.len - 2, r.at + 1, text + at + 1);
	record_free(&r);
	text[at] = c;
	json_is(text, sizeof(text) - 1, want);
}

static void
test_places(void)
{
	check_case("record: each byte is seen at any place of a text");
	for (size_t at = 0; at < 19; at++)
		for (int c = 0; c < 256; c++)
			byte_is((char)c, at);
}

static void
test_number(void)
{
	struct record r = { .at = NULL };

	check_case("record: numbers from the least to the greatest");
	record_add_number(&r, 0);
	record_add_text(&r, " ");
	record_add_number(&r, 10);
	record_add_text(&r, " ");
	record_add_number(&r, UINT64_MAX);
	CHECK_BYTES(r.at, r.len, "0 10 18446744073709551615");
	record_free(&r);
}

static void
test_value(void)
{
	struct record r = { .at = NULL };

	check_case("record: a value neither divides nor ends its line");
	record_add_value(&r, "\ta\r\n\x1b" "b\fc\t", 9);
	CHECK_BYTES(r.at, r.len, " a  " BAD "b c ");
	r.len = 0;
	record_add_value(&r, "plain", 5);
	CHECK_BYTES(r.at, r.len, "plain");
	record_free(&r);
}

static void
test_write(void)
{
	struct record r = { .at = NULL };
	char got[2000];
	int fds[2];

	check_case("record: grows, is written whole, is empty again");
	CHECK_INT(pipe(fds), 0);
	for (int i = 0; i < 100; i++)
		record_addf(&r, "%d line %03d\n", i % 10, i);
	CHECK_INT(r.len, 1100);
	CHECK_INT(record_write(&r, fds[1]), 0);
	CHECK_INT(r.len, 0);
	CHECK_INT(read(fds[0], got, sizeof(got)), 1100);
	CHECK_BYTES(got + 1089, 11, "9 line 099\n");
	CHECK_INT(record_write(&r, fds[1]), 0);

	check_case("record: an error of write(2) is told");
	record_add(&r, "x", 1);
	close(fds[1]);
	CHECK_INT(record_write(&r, fds[1]), -EBADF);
	CHECK_INT(r.len, 0);
	record_free(&r);
	close(fds[0]);
}

/* How a record is emptied. */
enum record_end { END_WRITTEN, END_ERROR, END_NO_MEMORY, END_FREED, ENDS };

static void
end_one(struct record *r, enum record_end how, int fd)
{
	static char large[10000];
	int want = 0;

	record_add(r, "old", 3);
	if (how == END_NO_MEMORY) {
		alloc_fail_at(0, 1);
		record_add(r, large, sizeof(large));
		alloc_fail_at(-1, 0);
		CHECK(r->failed);
		want = -ENOMEM;
	}
	if (how == END_ERROR)
		want = -EBADF;
	if (how == END_FREED)
		record_free(r);
	else
		CHECK_INT(record_write(r, how == END_ERROR ? -1 : fd), want);
}

/* A third one, in the same memory, after each two ways. */
static void
test_third(void)
{
	int nowhere = open("/dev/null", O_WRONLY);

	check_case("record: a third after each two ways to end");
	for (int i = 0; i < ENDS * ENDS; i++) {
		struct record r = { .at = NULL };

		end_one(&r, (enum record_end)(i / ENDS), nowhere);
		end_one(&r, (enum record_end)(i % ENDS), nowhere);
		record_add(&r, "third", 5);
		CHECK_BYTES(r.at, r.len, "third");
		CHECK(!r.failed);
		CHECK_INT(record_write(&r, nowhere), 0);
		record_free(&r);
		CHECK_INT(alloc_live(), 0);
	}
	close(nowhere);
}

int
main(void)
{
	test_clean();
	test_json();
	test_places();
	test_number();
	test_value();
	test_write();
	test_third();
	return check_done();
}
