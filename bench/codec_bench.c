/*
 * codec_bench.c - what one URL, one head, one body cost, in nanoseconds,
 * and how many bytes a second inflate makes.
 *
 *	codec_bench [FILE.gz]
 *
 * Each number is the best of ten rounds.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../http/body.h"
#include "../http/head.h"
#include "../http/inflate.h"
#include "../http/request.h"
#include "../http/url.h"

enum { BENCH_ROUNDS = 10, BENCH_TIMES = 100000 };

static const char bench_url[] = "https://www.example.org/planet/2024/01/"
    "some-article.html?utm=rss#top";
static const char bench_relative[] = "../2024/other-article.html";
static const char bench_head[] =
    "HTTP/1.1 200 OK\r\n"
    "Server: nginx/1.22.1\r\n"
    "Date: Sat, 21 Nov 2026 06:00:00 GMT\r\n"
    "Content-Type: text/html\r\n"
    "Content-Length: 4096\r\n"
    "Last-Modified: Sat, 21 Nov 2026 05:00:00 GMT\r\n"
    "Connection: keep-alive\r\n"
    "ETag: \"6740c0f0-1000\"\r\n"
    "Accept-Ranges: bytes\r\n"
    "\r\n";

/* What the benches work on; `failed` counts what ought not to happen. */
struct bench {
	struct http_url base;
	char chunked[4200];
	size_t chunked_len;
	long failed;
};

static uint64_t
bench_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void
bench_one_url(struct bench *b)
{
	struct http_url u;

	b->failed += http_url_parse(&u, bench_url, sizeof(bench_url) - 1,
	    NULL) != 0;
	http_url_free(&u);
}

static void
bench_one_relative(struct bench *b)
{
	struct http_url u;

	b->failed += http_url_parse(&u, bench_relative,
	    sizeof(bench_relative) - 1, &b->base) != 0;
	http_url_free(&u);
}

static void
bench_one_head(struct bench *b)
{
	struct http_head h;

	http_head_init(&h, HTTP_HEAD_RESPONSE);
	b->failed += http_head_parse(&h, bench_head,
	    sizeof(bench_head) - 1) != sizeof(bench_head) - 1;
}

static void
bench_one_request(struct bench *b)
{
	struct http_request r = { .method = "GET", .method_len = 3 };
	char to[512];

	r.target = http_url_target(&b->base, &r.target_len);
	r.authority = http_url_authority(&b->base, &r.authority_len);
	b->failed += http_request_write(&r, to, sizeof(to)) <= 0;
}

/* Four kilobytes in four chunks. */
static void
bench_one_body(struct bench *b)
{
	const char *at = b->chunked, *piece;
	size_t len = b->chunked_len, n, content = 0;
	struct http_body body;

	http_body_init(&body, HTTP_BODY_CHUNKED, 0);
	while (http_body_next(&body, &at, &len, &piece, &n) ==
	    HTTP_BODY_DATA)
		content += n;
	b->failed += content != 4096;
}

static void
bench_run(const char *name, void (*one)(struct bench *), struct bench *b)
{
	uint64_t best = UINT64_MAX;

	for (int round = 0; round < BENCH_ROUNDS; round++) {
		uint64_t start = bench_now_ns(), took;

		for (int i = 0; i < BENCH_TIMES; i++)
			one(b);
		took = (bench_now_ns() - start) / BENCH_TIMES;
		if (took < best)
			best = took;
	}
	printf("%-28s %6llu ns\n", name, (unsigned long long)best);
}

/* Inflates the whole; returns the bytes that came out. */
static size_t
bench_inflate_once(const char *in, size_t len, struct bench *b)
{
	static struct http_inflate z;
	const char *piece;
	size_t n, out = 0;
	int rc;

	http_inflate_init(&z, HTTP_INFLATE_GZIP);
	while ((rc = http_inflate_next(&z, &in, &len, &piece, &n)) ==
	    HTTP_INFLATE_DATA)
		out += n;
	b->failed += rc != 0 || http_inflate_end(&z) != 0;
	return out;
}

static void
bench_inflate(const char *path, struct bench *b)
{
	static char in[1 << 25];
	FILE *file = fopen(path, "rb");
	size_t len, out = 0;
	uint64_t best = UINT64_MAX;

	if (file == NULL) {
		perror(path);
		exit(1);
	}
	len = fread(in, 1, sizeof(in), file);
	fclose(file);
	for (int round = 0; round < BENCH_ROUNDS; round++) {
		uint64_t start = bench_now_ns(), took;

		out = bench_inflate_once(in, len, b);
		took = bench_now_ns() - start;
		if (took < best)
			best = took;
	}
	printf("%-28s %6.0f MB/s (%zu to %zu bytes)\n", "inflate",
	    (double)out * 1000 / (double)best, len, out);
}

int
main(int argc, char **argv)
{
	static struct bench b;

	if (http_url_parse(&b.base, bench_url, sizeof(bench_url) - 1,
	    NULL) != 0)
		return 1;
	for (int i = 0; i < 4; i++) {
		memcpy(b.chunked + b.chunked_len, "400\r\n", 5);
		memset(b.chunked + b.chunked_len + 5, 'x', 1024);
		memcpy(b.chunked + b.chunked_len + 1029, "\r\n", 2);
		b.chunked_len += 1031;
	}
	memcpy(b.chunked + b.chunked_len, "0\r\n\r\n", 5);
	b.chunked_len += 5;
	bench_run("URL, 68 bytes", bench_one_url, &b);
	bench_run("relative URL, 26 bytes", bench_one_relative, &b);
	bench_run("request head written", bench_one_request, &b);
	bench_run("response head, 240 bytes", bench_one_head, &b);
	bench_run("4 chunks of 1 KiB", bench_one_body, &b);
	if (argc > 1)
		bench_inflate(argv[1], &b);
	http_url_free(&b.base);
	return b.failed != 0;
}
