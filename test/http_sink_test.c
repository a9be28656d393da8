/*
 * http_sink_test.c - content shown to a sink as it comes, until it is enough.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	struct http_get_options o = {.sink = &sink.sink};

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
	sink_is_content();
	sink_cut_short();
	sink_cancels_all();
	return check_done();
}
