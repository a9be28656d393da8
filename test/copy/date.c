/*
 * date.c - how long a server asks to wait, given as a date.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "date.h"

#include <string.h>

int
main(void)
{
	static const char now[] = "Sun, 06 Nov 1994 08:49:37 GMT";
	static const char then[] = "Sunday, 06-Nov-94 08:51:37 GMT";
	int64_t seconds = http_date_parse(now, strlen(now));

	return seconds == 784111777 &&
	    http_date_retry_after(then, strlen(then), seconds) == 120 &&
	    http_date_retry_after("7", 1, seconds) == 7 ? 0 : 1;
}
