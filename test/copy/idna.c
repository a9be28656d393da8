/*
 * idna.c - a name in German as the DNS is asked for it, and for people again.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "idna.h"

#include <string.h>

int
main(void)
{
	static const char name[] = "B\xc3\xbc" "cher.Example";
	char ascii[HTTP_IDNA_ROOM], unicode[HTTP_IDNA_UNICODE_ROOM];
	int len = http_idna_to_ascii(ascii, name, strlen(name));

	if (len < 0 || strcmp(ascii, "xn--bcher-kva.example") != 0)
		return 1;
	if (http_idna_to_unicode(unicode, ascii, (size_t)len) < 0)
		return 1;
	return strcmp(unicode, "b\xc3\xbc" "cher.example") != 0;
}
