/*
 * http_sink_test.c - content shown to a sink as it comes, until it is enough.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/connection.h"
#include "check.h"
#include "http_content_kit.h"

#define FOUND "HTTP/1.1 302 Found\r\nContent-Length: 4\r\nLocation: "

struct sink_probe {
	struct http_sink sink;
	char taken[64];
	size_t len, enough_at;	/* bytes after which it is enough */
	int begun, after;	/* calls after enough */
	int enough;
	bool cancels;		/* its page, instead of saying enough */
	int cut;		/* times that it was told so */
	struct rig_got *got;	/* that page */
};

static enum http_sink_answer
sink_answer(struct sink_probe *s)
{
	s->after += s->enough;
	s->enough = s->len >= s->enough_at;
	if (s->enough && s->cancels) {
		deferred_cancel(s->got->deferred);
		CHECK_INT(s->got->fired, 0);
		return HTTP_SINK_CONTINUE;
	}
	return s->enough ? HTTP_SINK_ENOUGH : HTTP_SINK_CONTINUE;
}

static enum http_sink_answer
sink_begin(struct http_sink *sink, const struct http_page *page)
{
	struct sink_probe *s = (struct sink_probe *)sink;

	s->begun++;
	CHECK_INT(page->status, 200);
	CHECK_STR(page->content_type, "text/html");
	CHECK(page->url.href != NULL);
	return sink_answer(s);
}

static enum http_sink_answer
sink_data(struct http_sink *sink, const char *at, size_t len)
{
	struct sink_probe *s = (struct sink_probe *)sink;

	CHECK(len > 0);
	for (size_t i = 0; i < len && s->len < sizeof(s->taken) - 1; i++)
		s->taken[s->len++] = at[i];
	return sink_answer(s);
}

static const struct http_sink_ops sink_ops = {
	.begin = sink_begin, .data = sink_data,
};

/* Told that no more will come, it makes do with 3 bytes. */
static enum http_sink_answer
sink_cut(struct http_sink *sink)
{
	struct sink_probe *s = (struct sink_probe *)sink;

	s->cut++;
	if (s->cancels)
		s->enough_at = 0;
	else if (s->enough_at > 3)
		s->enough_at = 3;
	return sink_answer(s);
}

static const struct http_sink_ops sink_cut_ops = {
	.begin = sink_begin, .data = sink_data, .cut = sink_cut,
};

/* Content that breaks off, and a sink that wanted more. */
static void
sink_is_cut(const char *say, size_t limit, int end, const char *kind)
{
	struct script_step step = {say, 0, 0, (enum script_end)end};

	for (step.piece = 0; step.piece < 3; step.piece++) {
		for (int cancels = 0; cancels < 2; cancels++) {
			struct rig_got got;
			struct sink_probe sink = {
				.sink = {&sink_cut_ops}, .enough_at = 1000,
				.got = &got, .cancels = cancels,
			};
			struct http_get_options o = {
				.sink = &sink.sink, .max_body = limit,
				.timeout_ns = 1000000000,
			};
			struct rig rig;

			rig_play(&step, 1, "/", &o, &rig, &got);
			CHECK_STR(rig_name(&got), cancels ?
			    deferred_cancelled.name : kind);
			CHECK_INT(sink.cut, 1);
			CHECK_INT(sink.after, 0);
			rig_end(&rig, &got);
		}
	}
}

static void
sink_is_cut_all(void)
{
#define HTML OK "Content-Type: text/html\r\n"
	check_case("a sink is told that its content breaks off");
	sink_is_cut(HTML "Content-Length: 9\r\n\r\nhello", 0, SCRIPT_CLOSE,
	    "page");
	sink_is_cut(HTML "Content-Length: 9\r\n\r\nhe", 0, SCRIPT_CLOSE,
	    "reset");
	sink_is_cut(HTML "Content-Length: 9\r\n\r\nhello", 0, SCRIPT_STAY,
	    "page");
	sink_is_cut(HTML "Content-Length: 9\r\n\r\nhe", 0, SCRIPT_STAY,
	    "timeout");
	sink_is_cut(HTML "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
	    0, SCRIPT_CLOSE, "page");
	sink_is_cut(HTML "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nx",
	    0, SCRIPT_STAY, "page");
	sink_is_cut(HTML "Content-Length: 5\r\n\r\nhello", 3, SCRIPT_STAY,
	    "page");
	sink_is_cut(HTML "Content-Length: 5\r\n\r\nhello", 2, SCRIPT_STAY,
	    "too-large");
#undef HTML
}

/* Small chunks without end, which nobody wants, and so many of them. */
static void
sink_endless_chunks(size_t chunks, int reused)
{
	static const char begin[] = OK "Content-Type: text/html\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n";
	static const char chunk[] = "4\r\nabcd\r\n";
	struct sink_probe sink = {
		.sink = {&sink_ops}, .enough_at = 2
	};
	struct http_get_options o = {.sink = &sink.sink};
	size_t n = sizeof(begin) - 1, each = sizeof(chunk) - 1;
	char *say = malloc(n + each * chunks + 8);
	struct script_step steps[2];
	struct rig_got got;
	struct rig rig;

	if (say == NULL)
		abort();
	memcpy(say, begin, n);
	for (size_t i = 0; i < chunks; i++, n += each)
		memcpy(say + n, chunk, each);
	memcpy(say + n, "0\r\n\r\n", 6);
	steps[0] = (struct script_step){say, 0, 1000, SCRIPT_STAY};
	steps[1] = (struct script_step){OK "Content-Length: 4\r\n\r\ngood", 0,
	    0, SCRIPT_STAY};
	rig_play(steps, 2, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	rig_clear(&got);
	for (int i = 0; i < 20; i++)
		rig_settle(&rig);
	CHECK_INT(rig.script.lost, !reused);
	rig_get(&rig, &got, "/", NULL);
	CHECK_STR(got.page != NULL ? got.page->body : NULL, "good");
	CHECK_INT(rig.script.connections, reused ? 1 : 2);
	rig_end(&rig, &got);
	free(say);
}

/* Enough is found at the beginning of a page that is too large. */
static void
sink_large(size_t piece)
{
	struct sink_probe sink = {
		.sink = {&sink_ops}, .enough_at = 30
	};
	struct http_get_options o = {.sink = &sink.sink, .max_body = 3000};
	char say[20200];
	struct script_step step = {say, 0, piece, SCRIPT_STAY};
	struct rig_got got;
	struct rig rig;

	snprintf(say, sizeof(say), OK "Content-Type: text/html\r\n"
	    "Content-Length: 20000\r\n\r\n%020000d", 1);
	rig_play(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	rig_end(&rig, &got);
	sink.enough_at = 4000;
	sink.enough = 0;
	sink.len = 0;
	rig_play(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "too-large");
	CHECK_INT(sink.len, sizeof(sink.taken) - 1);
	rig_end(&rig, &got);
}

/* A sink that has enough after so many bytes of a page of this length. */
static void
sink_case(size_t enough, size_t length, size_t piece, int reused)
{
	struct sink_probe sink = {
		.sink = {&sink_ops}, .enough_at = enough
	};
	struct http_get_options o = {.sink = &sink.sink};
	char *say = malloc(length + 128);
	struct script_step steps[3];
	struct rig_got got;
	struct rig rig;
	int n;

	if (say == NULL)
		abort();
	n = snprintf(say, 128, OK "Content-Type: text/html\r\n"
	    "Content-Length: %zu\r\n\r\n", length);
	memset(say + n, 'x', length);
	steps[0] = (struct script_step){FOUND "/x\r\n\r\nover", 0, 0,
	    SCRIPT_STAY};
	steps[1] = (struct script_step){say, (size_t)n + length, piece,
	    SCRIPT_STAY};
	steps[2] = (struct script_step){OK "Content-Length: 4\r\n\r\ngood", 0,
	    0, SCRIPT_STAY};
	rig_play(steps, 3, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(sink.begun, 1);
	CHECK_INT(sink.after, 0);
	CHECK(sink.len >= (enough < length ? enough : length) ||
	    sink.len == sizeof(sink.taken) - 1);
	CHECK_STR(got.page->body, "");
	rig_clear(&got);
	rig_settle(&rig);
	rig_get(&rig, &got, "/", NULL);
	CHECK_STR(got.page != NULL ? got.page->body : NULL, "good");
	CHECK_INT(rig.script.connections, reused ? 1 : 2);
	rig_end(&rig, &got);
	free(say);
}

/* Enough was said, then the rest turns out to be broken. */
static void
sink_is_content(void)
{
	static const struct script_step step = {
		OK "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
		"\r\n5\r\nhello\r\nnonsense\r\n", 0, 0, SCRIPT_STAY
	};
	struct sink_probe sink = {
		.sink = {&sink_ops}, .enough_at = 5
	};
	struct http_get_options o = {.sink = &sink.sink};
	struct rig_got got;
	struct rig rig;

	check_case("a broken rest does not matter");
	rig_play(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_STR(sink.taken, "hello");
	rig_end(&rig, &got);
}

/* The same, of a compressed page whose rest never comes. */
static void
sink_cut_short(void)
{
	struct sink_probe sink = {
		.sink = {&sink_ops}, .enough_at = 4
	};
	struct http_get_options o = {.sink = &sink.sink};
	struct script_step step;
	struct rig_got got;
	struct rig rig;
	char *say;

	check_case("nor does a rest that is cut off");
	step = content_zipped(content_gzip, 15, 0, SCRIPT_CLOSE, &say);
	rig_play(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_STR(sink.taken, "hell");
	rig_end(&rig, &got);
	sink.enough_at = 1000;
	sink.len = 0;
	rig_play(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "reset");
	rig_end(&rig, &got);
	free(say);
}

/* A sink cancels its own page, at its head or so far into it. */
static void
sink_cancels(struct script_step step, size_t at)
{
	struct rig_got got;
	struct sink_probe sink = {
		.sink = {&sink_ops}, .enough_at = at, .cancels = true,
		.got = &got,
	};
	struct http_get_progress progress;
	struct http_get_options o = {
		.sink = &sink.sink, .progress = &progress,
	};

	for (step.piece = 0; step.piece < 2; step.piece++) {
		struct rig rig;

		rig_open(&rig, NULL);
		script_play(&rig.script, &step, 1);
		sink.len = 0;
		sink.enough = sink.after = 0;
		rig_get(&rig, &got, "/", &o);
		CHECK_INT(got.fired, 1);
		CHECK_STR(rig_name(&got), deferred_cancelled.name);
		CHECK_INT(sink.after, 0);
		CHECK_STR(http_get_progress_phase(&progress), NULL);
		rig_end(&rig, &got);
	}
}

static void
sink_cancels_all(void)
{
	enum { ROOM = 60000 };
	static const struct script_step plain = {
		OK "Content-Type: text/html\r\nContent-Length: 5\r\n\r\nhello",
		0, 0, SCRIPT_STAY
	};
	unsigned char *bomb = malloc(ROOM);
	struct script_step step;
	char *say;

	check_case("a sink cancels its own page");
	sink_cancels(plain, 0);
	sink_cancels(plain, 1);
	sink_cancels(plain, 5);
	if (bomb == NULL)
		abort();
	step = content_zipped(bomb, content_make_bomb(bomb, ROOM), 0,
	    SCRIPT_STAY, &say);
	sink_cancels(step, 0);
	sink_cancels(step, 1);
	free(say);
	free(bomb);
}

int
main(void)
{
	check_case("a sink takes all");
	sink_case(1000, 10, 0, 1);
	check_case("a sink has enough at the head");
	sink_case(0, 10, 0, 1);
	check_case("a sink has enough in the middle");
	sink_case(5, 10, 0, 1);
	sink_case(5, 1000, 100, 1);
	check_case("the rest is too long to be read");
	sink_case(5, 1000000, 0, 0);
	check_case("the longest rest that is read, and one byte more");
	sink_case(0, HTTP_CONNECTION_DRAIN, 1000, 1);
	sink_case(0, HTTP_CONNECTION_DRAIN + 1, 1000, 0);
	sink_is_content();
	sink_cut_short();
	sink_cancels_all();
	sink_is_cut_all();
	check_case("a page that is too large, whatever its pieces");
	sink_large(0);
	sink_large(200);
	sink_large(3100);
	check_case("small chunks that nobody wants");
	sink_endless_chunks(16000, 1);
	sink_endless_chunks(20000, 0);
	return check_done();
}
