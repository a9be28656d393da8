/*
 * http_content_test.c - content: codings undone, limits, sinks.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "http_rig.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define FOUND "HTTP/1.1 302 Found\r\nContent-Length: 4\r\nLocation: "

static void
content_get(const struct script_step *steps, size_t count, const char *path,
    const struct http_get_options *o, struct rig *rig, struct rig_got *got)
{
	rig_open(rig, NULL);
	script_play(&rig->script, steps, count);
	rig_get(rig, got, path, o);
	CHECK_INT(got->fired, 1);
}

static void
content_end(struct rig *rig, struct rig_got *got)
{
	rig_clear(got);
	rig_close(rig);
}

/* "hello", as gzip writes it. */
static const unsigned char content_gzip[] = {
	0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7,
	0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0
};

/*
 * An answer with this content, gzip, of a length or up to the close; freed
 * by the caller.
 */
static struct script_step
content_zipped(const unsigned char *at, size_t len, size_t piece,
    enum script_end end, char **say)
{
	char length[64] = "";
	int n;

	*say = malloc(len + 128);
	if (*say == NULL)
		abort();
	if (end == SCRIPT_STAY)
		snprintf(length, sizeof(length), "Content-Length: %zu\r\n",
		    len);
	n = snprintf(*say, 128, OK "Content-Type: text/html\r\n"
	    "Content-Encoding: gzip\r\n%s\r\n", length);
	memcpy(*say + n, at, len);
	return (struct script_step){*say, (size_t)n + len, piece, end};
}

static void
content_unzips_so(size_t len, unsigned char last, enum script_end end,
    const char *kind, bool damaged)
{
	unsigned char text[sizeof(content_gzip)];

	memcpy(text, content_gzip, sizeof(text));
	text[20] ^= last;
	for (size_t piece = 0; piece < 4; piece++) {
		struct script_step step;
		struct rig_got got;
		struct rig rig;
		char *say;

		step = content_zipped(text, len, piece, end, &say);
		content_get(&step, 1, "/", NULL, &rig, &got);
		CHECK_STR(rig_name(&got), kind);
		if (got.page != NULL) {
			CHECK_STR(got.page->body, len > 0 ? "hello" : "");
			CHECK_INT(got.page->bytes, len > 0 ? 5 : 0);
			CHECK_INT(got.page->damaged, damaged);
		}
		content_end(&rig, &got);
		free(say);
	}
}

static void
content_unzips(size_t len, unsigned char last, const char *kind, bool damaged)
{
	content_unzips_so(len, last, SCRIPT_STAY, kind, damaged);
	content_unzips_so(len, last, SCRIPT_CLOSE, kind, damaged);
}

/* Cut within the text, or before its end is told: whatever the framing. */
static void
content_unzips_cut(void)
{
	check_case("gzip without its checksum");
	for (size_t cut = 1; cut <= 8; cut++)
		content_unzips(sizeof(content_gzip) - cut, 0, "page", true);
	check_case("gzip cut short");
	for (size_t len = 1; len < sizeof(content_gzip) - 8; len++)
		content_unzips(len, 0, "reset", false);
	check_case("gzip of no byte");
	content_unzips_so(0, 0, SCRIPT_STAY, "page", false);
}

/*
 * Fixed Huffman codes, a zero byte and then matches of 258 bytes at distance
 * one: code 285 is 11000101, the distance's 00000; 13 bits for 258 bytes.
 */
static size_t
content_make_bomb(unsigned char *at, size_t room)
{
	static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0,
	    3};
	static const char begin[] = "110" "00110000", match[] =
	    "1100010100000";
	size_t bit = 0, n = sizeof(head);

	memset(at, 0, room);
	memcpy(at, head, n);
	for (size_t i = 0; begin[i] != '\0'; i++, bit++)
		at[n + bit / 8] |= (unsigned char)((begin[i] == '1') <<
		    bit % 8);
	while (n + bit / 8 + 4 < room)
		for (size_t i = 0; match[i] != '\0'; i++, bit++)
			at[n + bit / 8] |= (unsigned char)((match[i] == '1') <<
			    bit % 8);
	return room;
}

static void
content_bomb(void)
{
	enum { ROOM = 60000 };
	unsigned char *bomb = malloc(ROOM);
	struct http_get_options o = {.max_body = 100000};
	struct script_step step;
	struct rig_got got;
	struct rig rig;
	char *say;

	check_case("what swells beyond the limit is stopped");
	if (bomb == NULL)
		abort();
	step = content_zipped(bomb, content_make_bomb(bomb, ROOM), 0,
	    SCRIPT_STAY, &say);
	content_get(&step, 1, "/", NULL, &rig, &got);
	CHECK_STR(rig_name(&got), "too-large");
	content_end(&rig, &got);
	content_get(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "too-large");
	content_end(&rig, &got);
	free(say);
	free(bomb);
}

/* A stream that goes on for ever and holds nothing. */
static void
content_hollow(size_t head, const unsigned char *block, size_t len,
    const char *kind)
{
	enum { ROOM = 200000 };
	unsigned char *stream = malloc(ROOM);
	struct http_get_options o = {.max_body = 100000};
	struct script_step step;
	struct rig_got got;
	struct rig rig;
	char *say;

	if (stream == NULL)
		abort();
	memcpy(stream, content_gzip, head);
	for (size_t i = head; i < ROOM; i++)
		stream[i] = block[(i - head) % len];
	step = content_zipped(stream, ROOM, 0, SCRIPT_STAY, &say);
	content_get(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "too-large");
	content_end(&rig, &got);
	content_get(&step, 1, "/", NULL, &rig, &got);
	CHECK_STR(rig_name(&got), kind);
	content_end(&rig, &got);
	free(say);
	free(stream);
}

static void
content_hollows(void)
{
	static const unsigned char stored[] = {0, 0, 0, 0xff, 0xff};
	/* Four empty blocks of ten bits each. */
	static const unsigned char fixed[] = {2, 8, 0x20, 0x80, 0};

	check_case("a stream that holds nothing has a limit, too");
	content_hollow(10, stored, sizeof(stored), "reset");
	content_hollow(10, fixed, sizeof(fixed), "reset");
	content_hollow(sizeof(content_gzip), stored, 1, "page");
}

static void
content_limits(void)
{
	static const struct {
		const char *say, *kind;
	} cases[] = {
		{OK "Content-Length: 10\r\n\r\n0123456789", "page"},
		{OK "Content-Length: 11\r\n\r\n0123456789X", "too-large"},
		{OK "Content-Length: 99999999999\r\n\r\n0", "too-large"},
		{OK "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0"
		    "\r\n\r\n", "page"},
		{OK "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n1"
		    "\r\nX\r\n0\r\n\r\n", "too-large"},
	};

	check_case("the limit of a body, to the byte");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct http_get_options o = {.max_body = 10};
		struct script_step step = {cases[i].say, 0, 0, SCRIPT_STAY};
		struct rig_got got;
		struct rig rig;

		content_get(&step, 1, "/", &o, &rig, &got);
		CHECK_STR(rig_name(&got), cases[i].kind);
		content_end(&rig, &got);
	}
}

static void
content_grows(void)
{
	enum { LEN = 3000000 };
	char *say = malloc(LEN + 64);
	struct script_step step;
	struct rig_got got;
	struct rig rig;
	int n;

	check_case("a body of megabytes");
	if (say == NULL)
		abort();
	n = snprintf(say, 64, OK "Content-Length: %d\r\n\r\n", LEN);
	for (int i = 0; i < LEN; i++)
		say[n + i] = (char)('a' + i % 23);
	step = (struct script_step){say, (size_t)(n + LEN), 0, SCRIPT_STAY};
	content_get(&step, 1, "/", NULL, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(got.page->body_len, LEN);
	CHECK(memcmp(got.page->body, say + n, LEN) == 0);
	content_end(&rig, &got);
	free(say);
}

/* ---- sinks ---- */

struct content_sink {
	struct http_sink sink;
	char taken[64];
	size_t len, enough_at;	/* bytes after which it is enough */
	int begun, after;	/* calls after enough */
	int enough;
	bool cancels;		/* its page, instead of saying enough */
	struct rig_got *got;	/* that page */
};

static enum http_sink_answer
content_sink_answer(struct content_sink *s)
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
content_sink_begin(struct http_sink *sink, const struct http_page *page)
{
	struct content_sink *s = (struct content_sink *)sink;

	s->begun++;
	CHECK_INT(page->status, 200);
	CHECK_STR(page->content_type, "text/html");
	CHECK(page->url.href != NULL);
	return content_sink_answer(s);
}

static enum http_sink_answer
content_sink_data(struct http_sink *sink, const char *at, size_t len)
{
	struct content_sink *s = (struct content_sink *)sink;

	CHECK(len > 0);
	for (size_t i = 0; i < len && s->len < sizeof(s->taken) - 1; i++)
		s->taken[s->len++] = at[i];
	return content_sink_answer(s);
}

static const struct http_sink_ops content_sink_ops = {
	.begin = content_sink_begin, .data = content_sink_data,
};

/* A sink that has enough after so many bytes of a page of this length. */
static void
content_sinks(size_t enough, size_t length, size_t piece, int reused)
{
	struct content_sink sink = {
		.sink = {&content_sink_ops}, .enough_at = enough
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
	content_get(steps, 3, "/", &o, &rig, &got);
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
	content_end(&rig, &got);
	free(say);
}

/* Enough was said, then the rest turns out to be broken. */
static void
content_sink_is_content(void)
{
	static const struct script_step step = {
		OK "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n"
		"\r\n5\r\nhello\r\nnonsense\r\n", 0, 0, SCRIPT_STAY
	};
	struct content_sink sink = {
		.sink = {&content_sink_ops}, .enough_at = 5
	};
	struct http_get_options o = {.sink = &sink.sink};
	struct rig_got got;
	struct rig rig;

	check_case("a broken rest does not matter");
	content_get(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_STR(sink.taken, "hello");
	content_end(&rig, &got);
}

/* The same, of a compressed page whose rest never comes. */
static void
content_sink_cut_short(void)
{
	struct content_sink sink = {
		.sink = {&content_sink_ops}, .enough_at = 4
	};
	struct http_get_options o = {.sink = &sink.sink};
	struct script_step step;
	struct rig_got got;
	struct rig rig;
	char *say;

	check_case("nor does a rest that is cut off");
	step = content_zipped(content_gzip, 15, 0, SCRIPT_CLOSE, &say);
	content_get(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_STR(sink.taken, "hell");
	content_end(&rig, &got);
	sink.enough_at = 1000;
	sink.len = 0;
	content_get(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "reset");
	content_end(&rig, &got);
	free(say);
}

/* A sink cancels its own page, at its head or so far into it. */
static void
content_sink_cancels(struct script_step step, size_t at)
{
	struct rig_got got;
	struct content_sink sink = {
		.sink = {&content_sink_ops}, .enough_at = at, .cancels = true,
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
		content_end(&rig, &got);
	}
}

static void
content_sinks_cancel(void)
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
	content_sink_cancels(plain, 0);
	content_sink_cancels(plain, 1);
	content_sink_cancels(plain, 5);
	if (bomb == NULL)
		abort();
	step = content_zipped(bomb, content_make_bomb(bomb, ROOM), 0,
	    SCRIPT_STAY, &say);
	content_sink_cancels(step, 0);
	content_sink_cancels(step, 1);
	free(say);
	free(bomb);
}

int
main(void)
{
	check_case("gzip");
	content_unzips(sizeof(content_gzip), 0, "page", false);
	check_case("gzip with a wrong checksum");
	content_unzips(sizeof(content_gzip), 1, "page", true);
	content_unzips_cut();
	content_bomb();
	content_hollows();
	content_limits();
	content_grows();
	check_case("a sink takes all");
	content_sinks(1000, 10, 0, 1);
	check_case("a sink has enough at the head");
	content_sinks(0, 10, 0, 1);
	check_case("a sink has enough in the middle");
	content_sinks(5, 10, 0, 1);
	content_sinks(5, 1000, 100, 1);
	check_case("the rest is too long to be read");
	content_sinks(5, 1000000, 0, 0);
	content_sink_is_content();
	content_sink_cut_short();
	content_sinks_cancel();
	return check_done();
}
