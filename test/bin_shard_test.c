/*
 * bin_shard_test.c - which share a URL is of: by its host alone, exactly one,
 * and the same for ever.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../bin/shard.h"

#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

static void
test_parse(void)
{
	static const struct {
		const char *text;
		bool good;
	} texts[] = {
		{ "1/1", true }, { "3/8", true }, { "8/8", true },
		{ "1000000/1000000", true }, { "01/02", true },
		{ "0/8", false }, { "9/8", false }, { "1/0", false },
		{ "", false }, { "/", false }, { "1", false }, { "1/", false },
		{ "/2", false }, { "1/2/3", false }, { "1/2 ", false },
		{ " 1/2", false }, { "-1/2", false }, { "a/b", false },
		{ "1/1000001", false }, { "4294967297/4294967298", false },
		{ "1/18446744073709551617", false },
	};
	struct shard s;

	check_case("I/N");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!CHECK(shard_parse(&s, texts[i].text) == texts[i].good))
			printf("# \"%s\"\n", texts[i].text);
	CHECK(shard_parse(&s, "3/8"));
	CHECK_INT(s.index, 3);
	CHECK_INT(s.count, 8);
}

/* The one share, from 1, of so many; 0 if it is not one. */
static uint32_t
share_of(const char *url, uint32_t count)
{
	size_t len = strlen(url);
	char *copy = guard_copy(url, len);
	uint32_t found = 0, times = 0;

	for (uint32_t i = 1; i <= count; i++) {
		if (!shard_has(&(struct shard){ i, count }, copy, len))
			continue;
		found = i;
		times++;
	}
	guard_free(copy, len);
	return times == 1 ? found : 0;
}

static void
test_host(void)
{
	static const char *const same[] = {
		"http://example.org/", "https://example.org/x?y#z",
		"http://EXAMPLE.org:8080/", "example.org", "example.org:8443/x",
		"HTTP://user:secret@example.org", "http:\\\\example.org\\",
		"http://ex%61mple.org/",
	};
	static const struct {
		const char *url;
		uint32_t share;
	} known[] = {
		{ "http://example.org/", 8 }, { "http://example.com/", 56 },
		{ "http://127.0.0.1/", 371 }, { "http://[::1]:8080/", 296 },
		{ "not a URL", 815 }, { "", 204 },
	};
	uint32_t share = share_of(same[0], 1000);

	check_case("the host decides, and nothing else");
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		CHECK_INT(share_of(same[i], 1000), share);

	check_case("in every version as in the first");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		CHECK_INT(share_of(known[i].url, 1000), known[i].share);
	CHECK_INT(alloc_live(), 0);
}

static void
test_even(void)
{
	int counts[8] = { 0 };

	check_case("shares are alike");
	for (int i = 0; i < 8000; i++) {
		char url[40];

		snprintf(url, sizeof(url), "http://host-%d.test/", i);
		counts[share_of(url, 8) % 8]++;
	}
	for (int i = 0; i < 8; i++)
		CHECK(counts[i] > 850 && counts[i] < 1150);
}

static void
test_memory(void)
{
	const struct shard s = { 1, 1000000 };

	check_case("without memory it is of every share");
	CHECK(!shard_has(&s, "http://example.org/", 19));
	for (long n = 0; n < 2; n++) {
		alloc_fail_at(n, 0);
		CHECK(shard_has(&s, "http://example.org/", 19) ==
		    alloc_has_failed());
		alloc_fail_at(n, 0);
		CHECK(shard_has(&s, "example.org", 11) == alloc_has_failed());
		alloc_fail_at(-1, 0);
	}
	CHECK_INT(alloc_live(), 0);
}

int
main(void)
{
	test_parse();
	test_host();
	test_even();
	test_memory();
	return check_done();
}
