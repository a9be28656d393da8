/*
 * http_date_test.c - dates and waits in HTTP fields.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../http/date.h"

#include <string.h>

#include "check.h"
#include "guard.h"

static const struct {
	const char *in;
	int64_t seconds;
} rows[] = {
	{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 },
	{ "Sunday, 06-Nov-94 08:49:37 GMT", 784111777 },
	{ "Sun Nov  6 08:49:37 1994", 784111777 },
	{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
	{ "Tue, 29 Feb 2000 23:59:60 GMT", 951868800 },
	{ "Wed, 01 Mar 2000 00:00:00 GMT", 951868800 },
	{ "Mon, 31 Dec 2068 23:59:59 GMT", 3124223999 },
	{ "Fri, 31-Dec-99 23:59:59 GMT", 946684799 },
	{ "Fri, 31 Dec 9999 23:59:59 GMT", 253402300799 },
	{ "", -1 },
	{ "Sun", -1 },
	{ "120", -1 },
	{ "Sun, 06 Nov 1969 08:49:37 GMT", -1 },
	{ "Sun, 00 Nov 1994 08:49:37 GMT", -1 },
	{ "Sun, 32 Nov 1994 08:49:37 GMT", -1 },
	{ "Wed, 31 Feb 1999 00:00:00 GMT", -1 },
	{ "Mon, 29 Feb 1999 00:00:00 GMT", -1 },
	{ "Mon, 29 Feb 2100 00:00:00 GMT", -1 },
	{ "Sun, 31 Apr 2000 00:00:00 GMT", -1 },
	{ "Sun, 30 Apr 2000 00:00:00 GMT", 957052800 },
	{ "Sun, 06 Nov 4 08:49:37 GMT", -1 },
	{ "Sun, 006 Nov 1994 08:49:37 GMT", -1 },
	{ "1994 Nov 06 08:49:37 GMT", -1 },
	{ "Sun, 06 Foo 1994 08:49:37 GMT", -1 },
	{ "Sun, 06 Nov 1x 08:49:37 GMT", -1 },
	{ "Sun, 06 Nov 19940 08:49:37 GMT", -1 },
	{ "Sun, 06 Nov 1994 24:49:37 GMT", -1 },
	{ "Sun, 06 Nov 1994 08:60:37 GMT", -1 },
	{ "Sun, 06 Nov 1994 08:49:61 GMT", -1 },
	{ "Sun, 06 Nov 1994 0x:49:37 GMT", -1 },
	{ "Sun, 06 Nov 1994 08:49x37 GMT", -1 },
	{ "Sun, 06 Nov 1994 08:49 GMT", -1 },
};

static void
test_dates(void)
{
	check_case("the three forms of a date");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t len = strlen(rows[i].in);
		char *copy = guard_copy(rows[i].in, len);

		if (!CHECK_INT(http_date_parse(copy, len), rows[i].seconds))
			check_true(0, rows[i].in, __FILE__, __LINE__);
		guard_free(copy, len);
	}
}

static int64_t
wait(const char *in)
{
	return http_date_retry_after(in, strlen(in), 784111777);
}

static void
test_waits(void)
{
	check_case("Retry-After: seconds or a date");
	CHECK_INT(wait("0"), 0);
	CHECK_INT(wait("120"), 120);
	CHECK_INT(wait("999999999"), 999999999);
	CHECK_INT(wait("Sun, 06 Nov 1994 08:50:37 GMT"), 60);
	CHECK_INT(wait("Sun, 06 Nov 1994 08:00:00 GMT"), 0);
	CHECK_INT(wait("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
	CHECK_INT(wait(""), -1);
	CHECK_INT(wait("-1"), -1);
	CHECK_INT(wait("1.5"), -1);
	CHECK_INT(wait("soon"), -1);
	CHECK_INT(wait("99999999999999999999"), -1);
}

int
main(void)
{
	test_dates();
	test_waits();
	return check_done();
}
