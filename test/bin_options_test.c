/*
 * bin_options_test.c - numbers and times as options have them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/options.h"

#include "check.h"

static void
time_is(const char *text, bool want, uint64_t want_ns)
{
	uint64_t time_ns = 1;
	bool got = options_parse_seconds(text, &time_ns);

	if (!CHECK_INT(got, want))
		check_true(0, text, __FILE__, __LINE__);
	if (got)
		CHECK_INT(time_ns, want_ns);
}

static void
number_is(const char *text, bool want, uint64_t want_number)
{
	uint64_t number = 1;
	bool got = options_parse_number(text, &number);

	if (!CHECK_INT(got, want))
		check_true(0, text, __FILE__, __LINE__);
	if (got)
		CHECK(number == want_number);
}

int
main(void)
{
	check_case("options: times in seconds, with fractions");
	time_is("30", true, 30000000000U);
	time_is("0", true, 0);
	time_is("0.25", true, 250000000);
	time_is(".5", true, 500000000);
	time_is("5.", true, 5000000000U);
	time_is("0.000000001", true, 1);
	time_is("0.0000000019", true, 1);
	time_is("1.123456789", true, 1123456789);

	check_case("options: what is no time");
	time_is("", false, 0);
	time_is(".", false, 0);
	time_is("-1", false, 0);
	time_is("+1", false, 0);
	time_is(" 1", false, 0);
	time_is("1s", false, 0);
	time_is("1,5", false, 0);
	time_is("1.5.2", false, 0);
	time_is("1e3", false, 0);
	time_is("0x10", false, 0);
	time_is("inf", false, 0);
	time_is("400000000", false, 0);
	time_is("316224000", true, 316224000000000000);
	time_is("316224001", false, 0);
	time_is("99999999999999999999999", false, 0);

	check_case("options: numbers");
	number_is("0", true, 0);
	number_is("0064", true, 64);
	number_is("18446744073709551615", true, UINT64_MAX);
	number_is("18446744073709551616", false, 0);
	number_is("99999999999999999999999", false, 0);
	number_is("", false, 0);
	number_is("-1", false, 0);
	number_is("1 ", false, 0);
	number_is("1k", false, 0);
	return check_done();
}
