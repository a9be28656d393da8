/*
 * bin_field_test.c - lists of fields, and the bounded list of what was found.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "../bin/field.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../bin/findings.h"
#include "alloc.h"
#include "check.h"
#include "guard.h"

static void
test_names(void)
{
	static const struct {
		const char *text;
		int status;
		size_t at;		/* where it is wrong */
	} cases[] = {
		{ "a=//x", 0, 0 },
		{ "og:title-2.x_Y=//x", 0, 0 },
		{ "a=//x[@b='=']", 0, 0 },
		{ "", -EINVAL, 0 },
		{ "a", -EINVAL, 1 },
		{ "=//x", -EINVAL, 0 },
		{ "a b=//x", -EINVAL, 1 },
		{ "a\t=//x", -EINVAL, 1 },
		{ "\xC3\xA9=//x", -EINVAL, 0 },
		{ "a=", -EINVAL, 2 },
		{ "price=//b[", -EINVAL, 10 },
		{ "price=//b//", -EINVAL, 11 },
		{ "price=x y", -EINVAL, 6 },
	};

	check_case("field: names, and where a text is wrong");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t size = strlen(cases[i].text) + 1;
		char *text = guard_copy(cases[i].text, size);
		struct html_path_error error = { 99, NULL };
		struct field_list l = { .count = 0 };
		int status = field_list_add(&l, text, &error);

		if (!CHECK_INT(status, cases[i].status))
			printf("# %s\n", text);
		CHECK_INT(l.count, status == 0);
		if (status != 0 && !CHECK_INT(error.at, cases[i].at))
			printf("# %s\n", text);
		if (status != 0)
			CHECK(error.what != NULL);
		field_list_clear(&l);
		guard_free(text, size);
	}
	CHECK_INT(alloc_live(), 0);
}

static void
test_list(void)
{
	struct html_path_error error;
	struct field_list l = { .count = 0 };

	check_case("field: several paths of one name, and the limit of steps");
	CHECK_INT(field_list_add(&l, "a=//x", &error), 0);
	CHECK_INT(field_list_add(&l, "ab=//x", &error), 0);
	CHECK_INT(field_list_add(&l, "a=//y/z", &error), 0);
	CHECK_INT(l.first[0], 0);
	CHECK_INT(l.first[1], 1);
	CHECK_INT(l.first[2], 0);
	while (l.steps < FIELD_STEPS - 1)
		CHECK_INT(field_list_add(&l, "b=//x", &error), 0);
	CHECK_INT(field_list_add(&l, "b=//x/y", &error), -EINVAL);
	CHECK_INT(error.at, 2);
	CHECK_INT(field_list_add(&l, "b=//x", &error), 0);
	CHECK_INT(field_list_add(&l, "b=//x", &error), -EINVAL);
	CHECK_INT(l.steps, FIELD_STEPS);
	field_list_clear(&l);
	CHECK_INT(alloc_live(), 0);

	check_case("field: used again, and without memory");
	CHECK_INT(field_list_add(&l, "a=//x", &error), 0);
	CHECK_INT(l.steps, 1);
	alloc_fail_at(0, 0);
	CHECK_INT(field_list_add(&l, "b=//x", &error), -ENOMEM);
	alloc_fail_at(-1, 0);
	CHECK_INT(l.count, 1);
	field_list_clear(&l);
	CHECK_INT(alloc_live(), 0);
}

static void
finding_is(const struct findings *f, size_t i, size_t want_sort,
    const char *want)
{
	size_t sort, len;
	const char *at = findings_get(f, i, &sort, &len);

	CHECK_INT(sort, want_sort);
	CHECK_BYTES(at, len, want);
}

static void
test_findings(void)
{
	static char big[FINDINGS_BYTES + 1];
	struct findings f = { .count = 0 };
	int error = 0;

	check_case("findings: in order, also empty ones, and used again");
	for (int again = 0; again < 2; again++) {
		CHECK(findings_add(&f, 1, "", 0, &error));
		CHECK(findings_add(&f, 7, "abc", 3, &error));
		CHECK(findings_add(&f, 0, "d", 1, &error));
		CHECK_INT(f.count, 3);
		finding_is(&f, 0, 1, "");
		finding_is(&f, 1, 7, "abc");
		finding_is(&f, 2, 0, "d");
		findings_empty(&f);
		CHECK_INT(f.count, 0);
	}

	check_case("findings: no more texts than a number");
	for (size_t i = 0; i < FINDINGS_MAX; i++)
		CHECK(findings_add(&f, i, "x", 1, &error));
	CHECK(!f.full);
	CHECK(!findings_add(&f, 0, "x", 1, &error));
	CHECK(f.full);
	CHECK_INT(f.count, FINDINGS_MAX);
	finding_is(&f, FINDINGS_MAX - 1, FINDINGS_MAX - 1, "x");
	findings_empty(&f);
	CHECK(!f.full);
	CHECK_INT(alloc_live(), 0);

	check_case("findings: no more bytes than a number, to the last");
	memset(big, 'y', sizeof(big));
	CHECK(!findings_add(&f, 0, big, FINDINGS_BYTES + 1, &error));
	CHECK(f.full);
	CHECK(!findings_add(&f, 0, big, 1, &error));
	findings_empty(&f);
	CHECK(findings_add(&f, 0, big, FINDINGS_BYTES, &error));
	CHECK(findings_add(&f, 0, "", 0, &error));
	CHECK(!f.full);
	CHECK(!findings_add(&f, 0, big, 1, &error));
	CHECK_INT(f.count, 2);
	CHECK_INT(error, 0);
	findings_empty(&f);
	CHECK_INT(alloc_live(), 0);	/* so much is not kept */
	findings_free(&f);
}

static void
test_memory(void)
{
	struct findings f = { .count = 0 };
	int failed = 1;
	long n;

	check_case("findings: each allocation fails in turn");
	for (n = 0; failed; n++) {
		int error = 0;
		size_t kept = 0;

		alloc_fail_at(n, 0);
		while (kept < 1000 &&
		    findings_add(&f, 0, "0123456789", 10, &error))
			kept++;
		failed = alloc_has_failed();
		alloc_fail_at(-1, 0);
		CHECK_INT(error, failed ? -ENOMEM : 0);
		CHECK(!f.full);
		CHECK_INT(f.count, kept);
		/* What was kept before is whole. */
		if (kept > 0)
			finding_is(&f, kept - 1, 0, "0123456789");
		findings_empty(&f);
		CHECK(findings_add(&f, 0, "x", 1, &error));
		finding_is(&f, 0, 0, "x");
		findings_free(&f);
		CHECK_INT(alloc_live(), 0);
	}
	CHECK(n > 8);
}

int
main(void)
{
	test_names();
	test_list();
	test_findings();
	test_memory();
	return check_done();
}
