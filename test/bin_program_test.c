/*
 * bin_program_test.c - numbers and times as options have them.
 */
#define _POSIX_C_SOURCE 200809L
#include "../bin/program.h"

#include <errno.h>

#include "check.h"

static void
time_is(const char *text, int want, uint64_t want_ns)
{
	uint64_t time_ns = 1;
	int got = program_parse_seconds(text, &time_ns);

	if (!CHECK_INT(got, want))
		check_true(0, text, __FILE__, __LINE__);
	if (got == 0)
		CHECK_INT(time_ns, want_ns);
}

static void
number_is(const char *text, int want, uint64_t want_number)
{
	uint64_t number = 1;
	int got = program_parse_number(text, &number);

	if (!CHECK_INT(got, want))
		check_true(0, text, __FILE__, __LINE__);
	if (got == 0)
		CHECK(number == want_number);
}

int
main(void)
{
	check_case("program: times in seconds, with fractions");
	time_is("30", 0, 30000000000U);
	time_is("0", 0, 0);
	time_is("0.25", 0, 250000000);
	time_is(".5", 0, 500000000);
	time_is("5.", 0, 5000000000U);
	time_is("0.000000001", 0, 1);
	time_is("0.0000000019", 0, 1);
	time_is("1.123456789", 0, 1123456789);

	check_case("program: what is no time");
	time_is("", -EINVAL, 0);
	time_is(".", -EINVAL, 0);
	time_is("-1", -EINVAL, 0);
	time_is("+1", -EINVAL, 0);
	time_is(" 1", -EINVAL, 0);
	time_is("1s", -EINVAL, 0);
	time_is("1,5", -EINVAL, 0);
	time_is("1.5.2", -EINVAL, 0);
	time_is("1e3", -EINVAL, 0);
	time_is("0x10", -EINVAL, 0);
	time_is("inf", -EINVAL, 0);
	time_is("400000000", -ERANGE, 0);
	time_is("99999999999999999999999", -ERANGE, 0);

	check_case("program: numbers");
	number_is("0", 0, 0);
	number_is("0064", 0, 64);
	number_is("18446744073709551615", 0, UINT64_MAX);
	number_is("18446744073709551616", -ERANGE, 0);
	number_is("99999999999999999999999", -ERANGE, 0);
	number_is("", -EINVAL, 0);
	number_is("-1", -EINVAL, 0);
	number_is("1 ", -EINVAL, 0);
	number_is("1k", -EINVAL, 0);
	return check_done();
}
