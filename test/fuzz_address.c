/*
 * fuzz_address.c - any bytes as an address: what is read, written again,
 * reads the same.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../reactor/address.h"
#include "fuzz.h"

void
fuzz_one(const uint8_t *at, size_t len)
{
	struct reactor_address a, again;
	char text[REACTOR_ADDRESS_TEXT];

	if (reactor_address_parse(&a, (const char *)at, len, 80) < 0)
		return;
	reactor_address_format_port(&a, text);
	if (reactor_address_parse(&again, text, strlen(text), 1) < 0 ||
	    !reactor_address_equal(&a, &again))
		abort();
	reactor_address_format(&a, text);
	if (reactor_address_parse(&again, text, strlen(text),
	    reactor_address_port(&a)) < 0 ||
	    !reactor_address_equal(&a, &again))
		abort();
}
