/*
 * fuzz_idna.c - any bytes as a host name.
 *
 * What was written must read the same again, in ASCII and in Unicode, and be
 * ASCII that the DNS has room for.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../http/idna.h"
#include "fuzz.h"

/* Reads the name once more: it must be this ASCII. */
static void
fuzz_reread(const char *at, int len, const char *ascii, int ascii_len)
{
	char again[HTTP_IDNA_ROOM];

	if (http_idna_to_ascii(again, at, (size_t)len) != ascii_len ||
	    memcmp(again, ascii, (size_t)ascii_len + 1) != 0)
		abort();
}

void
fuzz_one(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data;
	char ascii[HTTP_IDNA_ROOM], unicode[HTTP_IDNA_UNICODE_ROOM];
	int len = http_idna_to_ascii(ascii, at, size), unicode_len, run = 0;

	unicode_len = http_idna_to_unicode(unicode, at, size);
	if (len < 0) {
		if (unicode_len != len || http_idna_strerror(len) == NULL)
			abort();
		return;
	}
	if (len >= HTTP_IDNA_ROOM || unicode_len >= HTTP_IDNA_UNICODE_ROOM ||
	    unicode_len < 0 || ascii[len] != '\0' ||
	    unicode[unicode_len] != '\0')
		abort();
	for (int i = 0; i < len; i++) {
		run = ascii[i] == '.' ? 0 : run + 1;
		if ((unsigned char)ascii[i] > 0x7f || run > HTTP_IDNA_LABEL_MAX)
			abort();
	}
	fuzz_reread(ascii, len, ascii, len);
	fuzz_reread(unicode, unicode_len, ascii, len);
}
