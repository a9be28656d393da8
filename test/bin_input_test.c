/*
 * bin_input_test.c - lines as there is room for them, in constant memory.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/input.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "check.h"

enum { LINES = 50000 };

/* A user that takes one line a turn, and looks at the memory in use. */
struct reader {
	struct input input;
	struct reactor *reactor;
	struct reactor_call resume;
	size_t lines, cut, last_len, most_bytes;
	int ended, error;
	char last[64];
};

static struct reader *
reader_of(struct input *in)
{
	return (struct reader *)((char *)in - offsetof(struct reader, input));
}

static void
reader_resume(struct reactor_call *c)
{
	input_resume(&((struct reader *)((char *)c -
	    offsetof(struct reader, resume)))->input);
}

static void
reader_line(struct input *in, const char *at, size_t len, bool cut)
{
	struct reader *r = reader_of(in);

	if (alloc_bytes() > r->most_bytes)
		r->most_bytes = alloc_bytes();
	r->lines++;
	r->cut += cut;
	r->last_len = len;
	snprintf(r->last, sizeof(r->last), "%.*s", (int)len, at);
	input_pause(in);
	reactor_call_soon(r->reactor, &r->resume);
}

static void
reader_ended(struct input *in, int error)
{
	struct reader *r = reader_of(in);

	r->ended++;
	r->error = error;
	reactor_break(r->reactor);
}

static const struct input_ops reader_ops = {
	.line = reader_line,
	.ended = reader_ended,
};

static void
reader_open(struct reader *r)
{
	memset(r, 0, sizeof(*r));
	CHECK_INT(reactor_new(&r->reactor, NULL), 0);
	reactor_call_init(&r->resume, reader_resume);
	reactor_call_soon(r->reactor, &r->resume);
}

static void
reader_run(struct reader *r)
{
	CHECK_INT(reactor_run(r->reactor), 0);
	input_close(&r->input);
	reactor_free(r->reactor);
	CHECK_INT(r->ended, 1);
	CHECK_INT(r->error, 0);
	CHECK_INT(alloc_live(), 0);
}

static void
test_lines(void)
{
	static const char text[] = "# no\n\n a \r\n\t\nb";
	struct reader r;
	int fds[2];

	check_case("input: lines, the last without an end");
	CHECK_INT(pipe(fds), 0);
	CHECK_INT(write(fds[1], text, sizeof(text) - 1), sizeof(text) - 1);
	close(fds[1]);
	reader_open(&r);
	CHECK_INT(input_open(&r.input, r.reactor, &reader_ops, fds[0]),
	    0);
	reader_run(&r);
	close(fds[0]);
	CHECK_INT(r.lines, 2);
	CHECK_STR(r.last, "b");
}

/* It begins paused, whatever there is. */
static void
test_begins_paused(void)
{
	struct reader r;
	int fds[2];

	check_case("input: begins paused");
	CHECK_INT(pipe(fds), 0);
	CHECK_INT(write(fds[1], "a\n", 2), 2);
	close(fds[1]);
	reader_open(&r);
	reactor_cancel_call(&r.resume);
	CHECK_INT(input_open(&r.input, r.reactor, &reader_ops, fds[0]),
	    0);
	for (int i = 0; i < 5; i++)
		CHECK_INT(reactor_iterate(r.reactor, 0), 0);
	CHECK_INT(r.lines, 0);
	reactor_call_soon(r.reactor, &r.resume);
	reader_run(&r);
	close(fds[0]);
	CHECK_INT(r.lines, 1);
}

/* The text in two pieces, the second when the first has been read. */
static void
reader_read(struct reader *r, const char *text, size_t len, size_t first)
{
	int fds[2];

	CHECK_INT(pipe(fds), 0);
	reader_open(r);
	CHECK_INT(input_open(&r->input, r->reactor, &reader_ops, fds[0]), 0);
	CHECK_INT(write(fds[1], text, first), first);
	for (int i = 0; i < 8; i++)
		CHECK_INT(reactor_iterate(r->reactor, 0), 0);
	CHECK_INT(write(fds[1], text + first, len - first), len - first);
	close(fds[1]);
	reader_run(r);
	close(fds[0]);
}

static void
test_long(void)
{
	static const struct {
		size_t before, len, behind;
		const char *end;
	} lines[] = {
		{ 0, INPUT_LINE_MAX, 0, "\n" }, { 0, INPUT_LINE_MAX, 0, "" },
		{ 1, INPUT_LINE_MAX, 1, "\r\n" },
		{ 9000, INPUT_LINE_MAX, 9000, "\n" },
		{ 0, INPUT_LINE_MAX + 1, 0, "\n" },
		{ 0, INPUT_LINE_MAX + 1, 0, "" },
		{ 9000, INPUT_LINE_MAX + 1, 9000, "\r\n" },
		{ 0, 3 * INPUT_LINE_MAX, 0, "\n" },
	};
	static const size_t pieces[] = { 0, 1, 3, 4096, 8191, 8192, 8193 };
	static char text[6 * INPUT_LINE_MAX];
	size_t count = sizeof(pieces) / sizeof(pieces[0]);
	struct reader r;

	check_case("input: a long line, whole or cut, in any two pieces");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		bool cut = lines[i].len > INPUT_LINE_MAX;
		size_t len = lines[i].before + lines[i].len +
		    lines[i].behind;

		memset(text, ' ', len);
		memset(text + lines[i].before, 'x', lines[i].len);
		strcpy(text + len, lines[i].end);
		len += strlen(lines[i].end);
		for (size_t k = 0; k < count; k++) {
			reader_read(&r, text, len,
			    pieces[k] < len ? pieces[k] : len);
			CHECK_INT(r.lines, 1);
			CHECK_INT(r.cut, cut);
			CHECK_INT(r.last_len, INPUT_LINE_MAX);
		}
	}
	memset(text, ' ', sizeof(text));
	text[0] = 'x';
	text[3 * INPUT_LINE_MAX] = 'y';
	reader_read(&r, text, sizeof(text), INPUT_LINE_MAX);
	CHECK_INT(r.cut, 1);
	text[0] = '#';
	reader_read(&r, text, sizeof(text), INPUT_LINE_MAX);
	CHECK_INT(r.lines, 0);
}

static void
test_mark(void)
{
	static const char *const texts[] = {
		"\xEF\xBB\xBF\x62", "\xEF\xBB\xBF  b\n",
		"\xEF\xBB\xBF\n\xEF\xBB\xBF# no\nb",
		"\xEF\xBB\xBF# no\r\nb\r\n",
	};
	struct reader r;

	check_case("input: a byte order mark is no part of a line");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t first = 0; first <= strlen(texts[i]); first++) {
			reader_read(&r, texts[i], strlen(texts[i]), first);
			CHECK_INT(r.lines, 1);
			CHECK_STR(r.last, "b");
		}
}

static void
test_memory(void)
{
	FILE *file = tmpfile();
	struct reader r;

	check_case("input: a long list takes no more memory than a short one");
	if (!CHECK(file != NULL))
		return;
	for (int i = 0; i < LINES; i++)
		fprintf(file, "http://planet-%d.example.org/a/path\n", i);
	fflush(file);
	rewind(file);
	reader_open(&r);
	CHECK_INT(input_open(&r.input, r.reactor, &reader_ops,
	    fileno(file)), 0);
	reader_run(&r);
	fclose(file);
	CHECK_INT(r.lines, LINES);
	CHECK_STR(r.last, "http://planet-49999.example.org/a/path");
	if (!CHECK(r.most_bytes < 512 * 1024))
		printf("# %zu bytes\n", r.most_bytes);
}

int
main(void)
{
	test_lines();
	test_begins_paused();
	test_long();
	test_mark();
	test_memory();
	return check_done();
}
