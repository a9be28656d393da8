/*
 * http_content_test.c - content: codings undone, limits.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../http/content.h"
#include "check.h"
#include "http_content_kit.h"

/* Content without a coding is one piece, and is used then. */
static void
content_as_it_is(void)
{
	static const char head[] = OK "\r\n", text[] = "hello";
	struct http_content c = {0};
	const char *at = text, *piece;
	size_t len = 5, piece_len;
	struct http_head h;

	check_case("content as it was sent");
	http_head_init(&h, HTTP_HEAD_RESPONSE);
	CHECK_INT(http_head_parse(&h, head, strlen(head)), strlen(head));
	CHECK_INT(http_content_begin(&c, &h, 100), 0);
	CHECK_INT(http_content_next(&c, &at, &len, &piece, &piece_len),
	    HTTP_CONTENT_DATA);
	CHECK_BYTES(piece, piece_len, "hello");
	CHECK(at == text + 5);
	CHECK_INT(len, 0);
	CHECK_INT(http_content_next(&c, &at, &len, &piece, &piece_len),
	    HTTP_CONTENT_MORE);
	CHECK_INT(http_content_end(&c), 0);
	http_content_free(&c);
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
		rig_play(&step, 1, "/", NULL, &rig, &got);
		CHECK_STR(rig_name(&got), kind);
		if (got.page != NULL) {
			CHECK_STR(got.page->body, len > 0 ? "hello" : "");
			CHECK_INT(got.page->bytes, len > 0 ? 5 : 0);
			CHECK_INT(got.page->damaged, damaged);
		}
		rig_end(&rig, &got);
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

/* Fills `to` with gzip of these bytes, in one stored block. */
static size_t
content_store(unsigned char *to, const unsigned char *at, size_t len)
{
	static const unsigned char head[] = {
		0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1
	};
	uint32_t crc = 0xffffffff;
	size_t n = sizeof(head);

	memcpy(to, head, n);
	for (int i = 0; i < 4; i++)
		to[n++] = (unsigned char)((len ^ (i < 2 ? 0 : 0xffff)) >>
		    i % 2 * 8);
	memcpy(to + n, at, len);
	n += len;
	for (size_t i = 0; i < len * 8; i++) {
		crc ^= at[i / 8] >> i % 8 & 1;
		crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320 : 0);
	}
	for (int i = 0; i < 4; i++)
		to[n++] = (unsigned char)(~crc >> i * 8);
	for (int i = 0; i < 4; i++)
		to[n++] = (unsigned char)(len >> i * 8);
	return n;
}

/* A page so coded, in pieces of many sizes, comes to this. */
static void
content_comes_to(const char *coding, const void *at, size_t len,
    const char *kind, const char *body)
{
	for (size_t piece = 0; piece < 6; piece++) {
		struct script_step step;
		struct rig_got got;
		struct rig rig;
		char *say;

		step = content_coded(coding, at, len, piece, SCRIPT_STAY,
		    &say);
		rig_play(&step, 1, "/", NULL, &rig, &got);
		CHECK_STR(rig_name(&got), kind);
		if (got.page != NULL)
			CHECK_STR(got.page->body, body);
		rig_end(&rig, &got);
		free(say);
	}
}

static void
content_codings(void)
{
	unsigned char twice[128], thrice[256];
	size_t len = content_store(twice, content_gzip, sizeof(content_gzip));
	size_t more = content_store(thrice, twice, len);

	check_case("compressed twice");
	content_comes_to("gzip, gzip", twice, len, "page", "hello");
	content_comes_to("gzip, utf-8, x-gzip", twice, len, "page", "hello");
	content_comes_to("gzip, gzip", twice, len - 12, "reset", NULL);
	content_comes_to("gzip, gzip", "", 0, "page", "");
	content_comes_to("gzip, gzip, gzip", thrice, more, "bad-response",
	    NULL);
	twice[15] ^= 1;		/* where the inner one begins */
	content_comes_to("gzip, gzip", twice, len, "bad-response", NULL);

	check_case("a word that is no coding");
	content_comes_to("UTF-8", "hello", 5, "page", "hello");
	content_comes_to("none", "", 0, "page", "");
	content_comes_to("none", "(", 1, "page", "(");
	content_comes_to("none", "(\xb5\x2f", 3, "page", "(\xb5\x2f");
	content_comes_to("none", "(\xb5\x2f\xfdxyz", 7, "bad-response", NULL);
	content_comes_to("UTF-8", content_gzip, sizeof(content_gzip),
	    "bad-response", NULL);

	check_case("a coding of nothing");
	content_comes_to("br", "", 0, "page", "");
	content_comes_to("br", "x", 1, "bad-response", NULL);
}

/* What a head says of content that it does not have. */
static void
content_none(void)
{
	static const char *const says[] = {
		"HTTP/1.1 204 No Content\r\nContent-Length: 99999999\r\n\r\n",
		"HTTP/1.1 304 Not Modified\r\nContent-Length: 99999999\r\n\r\n",
		"HTTP/1.1 304 Not Modified\r\nContent-Encoding: br\r\n\r\n",
		("HTTP/1.1 204 No Content\r\nContent-Encoding: br\r\n"
		"Transfer-Encoding: chunked\r\n\r\n"),
	};

	check_case("the length or coding of content that is not there");
	for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
		struct http_get_options o = {.any_status = true};
		struct script_step step = {says[i], 0, 0, SCRIPT_STAY};
		struct rig_got got;
		struct rig rig;

		rig_play(&step, 1, "/", &o, &rig, &got);
		CHECK_STR(rig_name(&got), "page");
		if (got.page != NULL)
			CHECK_STR(got.page->body, "");
		rig_end(&rig, &got);
	}
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
	rig_play(&step, 1, "/", NULL, &rig, &got);
	CHECK_STR(rig_name(&got), "too-large");
	rig_end(&rig, &got);
	rig_play(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "too-large");
	rig_end(&rig, &got);
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
	rig_play(&step, 1, "/", &o, &rig, &got);
	CHECK_STR(rig_name(&got), "too-large");
	rig_end(&rig, &got);
	rig_play(&step, 1, "/", NULL, &rig, &got);
	CHECK_STR(rig_name(&got), kind);
	rig_end(&rig, &got);
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

		rig_play(&step, 1, "/", &o, &rig, &got);
		CHECK_STR(rig_name(&got), cases[i].kind);
		rig_end(&rig, &got);
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
	rig_play(&step, 1, "/", NULL, &rig, &got);
	CHECK_STR(rig_name(&got), "page");
	CHECK_INT(got.page->body_len, LEN);
	CHECK(memcmp(got.page->body, say + n, LEN) == 0);
	rig_end(&rig, &got);
	free(say);
}

int
main(void)
{
	check_case("gzip");
	content_unzips(sizeof(content_gzip), 0, "page", false);
	check_case("gzip with a wrong checksum");
	content_unzips(sizeof(content_gzip), 1, "page", true);
	content_unzips_cut();
	content_codings();
	content_none();
	content_as_it_is();
	content_bomb();
	content_hollows();
	content_limits();
	content_grows();
	return check_done();
}
