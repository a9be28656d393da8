/*
 * multibyte.c - a word in GBK becomes UTF-8, where the C library has iconv.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "multibyte.h"

#include <string.h>

int
main(void)
{
	struct html_multibyte gbk;
	char out[128];
	size_t used = 4, len;

	if (!html_multibyte_open(&gbk, HTML_MULTIBYTE_GBK))
		return 0;
	len = html_multibyte_decode(&gbk, out, sizeof(out),
	    "\xB2\xE2\xCA\xD4", &used);
	html_multibyte_close(&gbk);
	return used != 4 || len != 6 ||
	    memcmp(out, "\xE6\xB5\x8B\xE8\xAF\x95", 6) != 0;
}
