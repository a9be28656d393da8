/*
 * fuzz_certificate.c - any bytes as the names of a certificate: the text ends
 * where it should, can be printed, and more room never means fewer names.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../reactor/tls_words.h"
#include "fuzz.h"

void
fuzz_one(const uint8_t *at, size_t len)
{
	char text[320], less[100];
	size_t i;

	memset(text, 1, sizeof(text));
	reactor_tls_words_names(at, len, text, sizeof(text));
	reactor_tls_words_names(at, len, less, sizeof(less));
	if (memchr(text, '\0', sizeof(text)) == NULL ||
	    strncmp(text, less, strlen(less)) != 0)
		abort();
	for (i = 0; text[i] != '\0'; i++)
		if (text[i] < ' ' || text[i] > '~')
			abort();
}
