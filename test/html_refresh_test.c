/*
 * html_refresh_test.c - the content of <meta http-equiv=refresh>, by the
 * steps of the HTML Standard (4.2.5.3).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../html/refresh.h"

#include <string.h>

#include "check.h"
#include "guard.h"

static const struct {
	const char *content;
	long long seconds;		/* -1: passed over */
	const char *url;
} rows[] = {
	{ "0;url=/x", 0, "/x" },
	{ "0; url=/x", 0, "/x" },
	{ "  5 , URL = /x y ", 5, "/x y " },
	{ "5", 5, "" },
	{ "5;", 5, "" },
	{ "5; ", 5, "" },
	{ "5 /x", 5, "/x" },
	{ "5;/x", 5, "/x" },
	{ "5,/x", 5, "/x" },
	{ "5;;/x", 5, ";/x" },
	{ "5x", -1, NULL },
	{ "5/x", -1, NULL },
	{ "", -1, NULL },
	{ "x", -1, NULL },
	{ "-1;url=/x", -1, NULL },
	{ "+1;url=/x", -1, NULL },
	{ ";url=/x", -1, NULL },
	{ "url=/x", -1, NULL },
	/* Fractions. */
	{ "0.9;url=/x", 0, "/x" },
	{ ".5;url=/x", 0, "/x" },
	{ "1.2.3..;url=/x", 1, "/x" },
	{ ".", 0, "" },
	{ "4294967294;x", 4294967294, "x" },
	{ "4294967295;x", 4294967295, "x" },
	{ "4294967296;x", 4294967295, "x" },
	{ "99999999999999999999;x", 4294967295, "x" },
	/* What stands before the URL, and quotes. */
	{ "0;url", 0, "url" },
	{ "0;url x", 0, "url x" },
	{ "0;ur=/x", 0, "ur=/x" },
	{ "0;url\t\n=\f\r/x", 0, "/x" },
	{ "0;url=", 0, "" },
	{ "0;url='/x'y", 0, "/x" },
	{ "0;url=\"/x'\"", 0, "/x'" },
	{ "0;url='/x", 0, "/x" },
	{ "0;'/x'", 0, "/x" },
	{ "0;url=''", 0, "" },
	{ "0;url='", 0, "" },
	{ "0;url=url=x", 0, "url=x" },
};

static void
test_rows(void)
{
	check_case("time, separator, url");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t len = strlen(rows[i].content);
		char *copy = guard_copy(rows[i].content, len);
		struct html_refresh r = { .url = NULL };
		bool is = html_refresh_read(&r, copy, len);
		int good = CHECK_INT(is, rows[i].seconds >= 0);

		if (is && good) {
			good = CHECK_INT(r.seconds, rows[i].seconds);
			good &= CHECK_BYTES(r.url, r.url_len, rows[i].url);
		}
		if (!good)
			check_true(0, rows[i].content, __FILE__, __LINE__);
		guard_free(copy, len);
	}
}

int
main(void)
{
	test_rows();
	return check_done();
}
