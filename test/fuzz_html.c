/*
 * fuzz_html.c - any bytes, in any pieces, must give what they give whole.
 *
 * The first byte picks the character set, the second the size of the pieces.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../html/extractor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A sum over all that came out, in order. */
struct fuzz_html {
	struct html_extractor_sink sink;
	uint64_t sum;
};

static bool
fuzz_html_add(struct html_extractor_sink *sink, unsigned kind, const char *at,
    size_t len)
{
	struct fuzz_html *f = (struct fuzz_html *)(void *)((char *)sink -
	    offsetof(struct fuzz_html, sink));
	size_t i;

	f->sum = (f->sum ^ kind) * 1099511628211u;
	for (i = 0; i < len; i++)
		f->sum = (f->sum ^ (unsigned char)at[i]) * 1099511628211u;
	return 0;
}

static bool
fuzz_html_title(struct html_extractor_sink *sink, const char *at, size_t len)
{
	return fuzz_html_add(sink, 100, at, len);
}

static bool
fuzz_html_link(struct html_extractor_sink *sink, const struct html_link *link)
{
	return fuzz_html_add(sink, 200u + (unsigned)link->kind, link->href,
	    link->len);
}

static bool
fuzz_html_match(struct html_extractor_sink *sink, size_t path, const char *at,
    size_t len)
{
	return fuzz_html_add(sink, (unsigned)path, at, len);
}

static uint64_t
fuzz_html_run(const struct html_extractor_options *want, const char *label,
    const char *at, size_t len, size_t step)
{
	struct fuzz_html f = { { fuzz_html_title, fuzz_html_link,
	    fuzz_html_match }, 0 };
	struct html_extractor *x = html_extractor_new(want, &f.sink);
	size_t n;

	if (x == NULL)
		abort();
	html_extractor_start(x, label, label != NULL ? strlen(label) : 0);
	for (; len > 0; at += n, len -= n) {
		n = len < step ? len : step;
		html_extractor_feed(x, at, n);
	}
	html_extractor_finish(x);
	html_extractor_free(x);
	return f.sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const labels[] = { "utf-8", NULL, "utf-16le",
	    "windows-1252" };
	static const char source[] = "//h3/a/@href|//a[1]|//p/text()|"
	    "/html/head/title|//*[contains(@class,'x')]|//td/@*|//svg";
	struct html_extractor_options want = { 1, 1, NULL, 1 };
	struct html_path *path;
	const char *label, *at = (const char *)data + 2;

	if (size < 2)
		return 0;
	/* Any bytes must compile or be refused as a path, too. */
	if (html_path_compile(&path, at, size - 2, NULL) == 0)
		html_path_free(path);
	if (html_path_compile(&path, source, sizeof(source) - 1, NULL) < 0)
		abort();
	want.paths = (const struct html_path *const *)&path;
	label = labels[data[0] % 4];
	if (fuzz_html_run(&want, label, at, size - 2, size) !=
	    fuzz_html_run(&want, label, at, size - 2, 1u + data[1] % 32u))
		abort();
	html_path_free(path);
	return 0;
}
