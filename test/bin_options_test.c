/*
 * bin_options_test.c - numbers and times as options have them.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/options.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* Another process, with a program of so many options; never returns. */
static void
be_program(size_t count, char *argument)
{
	static const struct program program = { "p", "", "", "" };
	static struct options_row rows[OPTIONS_MAX];
	static char names[OPTIONS_MAX][8];
	char *argv[] = { names[0], argument, NULL };
	bool given[OPTIONS_MAX] = { false };
	const struct rlimit none = { 0, 0 };
	struct options_set sets[] = { { rows, given }, { NULL, NULL } };

	for (size_t i = 0; i < count; i++) {
		snprintf(names[i], sizeof(names[i]), "o%zu", i);
		rows[i] = (struct options_row){ 0, names[i], NULL, "",
		    options_set_flag, i, 0, 0 };
	}
	setrlimit(RLIMIT_CORE, &none);
	dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
	options_read(&program, sets, 2, argv);
	_exit(given[count - 1] ? 42 : 43);
}

/* How such a program ends: its status, or minus the signal. */
static int
program_ends(size_t count, const char *argument)
{
	char text[16];
	int status = 0;
	pid_t child;

	snprintf(text, sizeof(text), "%s", argument);
	fflush(stdout);
	child = fork();
	if (child == 0)
		be_program(count, text);
	CHECK(child > 0 && waitpid(child, &status, 0) == child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
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

	/* --help and --version are two of them. */
	check_case("options: as many as a program can have, and one more");
	CHECK_INT(program_ends(OPTIONS_MAX - 2, "--o61"), 42);
	CHECK_INT(program_ends(OPTIONS_MAX - 2, "--version"), PROGRAM_OK);
	CHECK_INT(program_ends(OPTIONS_MAX - 1, "--o0"), -SIGABRT);
	return check_done();
}
