/*
 * torture_plain_test.c - a scrape over http of which anything may fail.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "check.h"
#include "torture.h"

int
main(void)
{
	torture(NULL);
	return check_done();
}
