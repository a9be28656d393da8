/*
 * check.c - counts cases and prints them as TAP (Test Anything Protocol).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A test program is the one place where a few statics are welcome. */
static char check_name[200];		/* the running case, or "" */
static const char *check_why;		/* it is left out, or NULL */
static int check_number, check_failed_cases, check_failures;

static void
check_end_case(void)
{
	if (check_name[0] == '\0')
		return;
	printf("%sok %d - %s%s%s\n", check_failures > 0 ? "not " : "",
	    ++check_number, check_name, check_why != NULL ? " # SKIP " : "",
	    check_why != NULL ? check_why : "");
	fflush(stdout);
	check_failed_cases += check_failures > 0;
	check_failures = 0;
	check_why = NULL;
	check_name[0] = '\0';
}

void
check_case(const char *name)
{
	check_end_case();
	snprintf(check_name, sizeof(check_name), "%s", name);
}

void
check_skip(const char *why)
{
	check_why = why;
}

int
check_done(void)
{
	check_end_case();
	printf("1..%d\n", check_number);
	return check_failed_cases > 0 || check_number == 0;
}

long
check_share(long many)
{
	const char *share = getenv("TEST_SHARE");
	long part = share != NULL ? strtol(share, NULL, 10) : 1;

	if (part < 1)
		part = 1;
	return many >= part ? many / part : 1;
}

int
check_failing(void)
{
	return check_failures;
}

static void
check_complain(const char *what, const char *file, int line)
{
	check_failures++;
	printf("# %s:%d: %s", file, line, what);
}

int
check_true(int held, const char *what, const char *file, int line)
{
	if (held)
		return 1;
	check_complain(what, file, line);
	printf(" does not hold\n");
	return 0;
}

int
check_int(long long got, long long want, const char *what, const char *file,
    int line)
{
	if (got == want)
		return 1;
	check_complain(what, file, line);
	printf(" is %lld, not %lld\n", got, want);
	return 0;
}

int
check_bytes(const void *got, size_t got_len, const void *want,
    size_t want_len, const char *what, const char *file, int line)
{
	if (got_len == want_len &&
	    (got_len == 0 || memcmp(got, want, got_len) == 0))
		return 1;
	check_complain(what, file, line);
	printf(" is \"%.*s\", not \"%.*s\"\n", (int)got_len,
	    got_len > 0 ? (const char *)got : "", (int)want_len,
	    (const char *)want);
	return 0;
}

int
check_str(const char *got, const char *want, const char *what,
    const char *file, int line)
{
	if (got == want)
		return 1;
	if (got != NULL && want != NULL && strcmp(got, want) == 0)
		return 1;
	check_complain(what, file, line);
	printf(" is \"%s\", not \"%s\"\n", got != NULL ? got : "(null)",
	    want != NULL ? want : "(null)");
	return 0;
}
