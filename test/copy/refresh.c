/*
 * refresh.c - where a page sends its reader, and when.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "refresh.h"

#include <string.h>

int
main(void)
{
	static const char content[] = "3; URL='/there'";
	struct html_refresh r;

	return html_refresh_read(&r, content, strlen(content)) &&
	    r.seconds == 3 && r.url_len == 6 &&
	    memcmp(r.url, "/there", 6) == 0 ? 0 : 1;
}
