/*
 * address.c - reads numeric addresses and writes them again.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "address.h"

#include <string.h>

int
main(void)
{
	char text[REACTOR_ADDRESS_TEXT];
	struct reactor_address a, b;

	/* The port in the text wins over the one beside it. */
	if (reactor_address_parse(&a, "[2001:DB8::1]:53", 16, 80) != 0 ||
	    reactor_address_parse(&b, "2001:db8::1", 11, 80) != 0)
		return 1;
	if (reactor_address_port(&a) != 53 || reactor_address_equal(&a, &b))
		return 2;
	reactor_address_set_port(&a, 80);
	if (!reactor_address_equal(&a, &b))
		return 3;
	reactor_address_format_port(&a, text);
	return strcmp(text, "[2001:db8::1]:80") == 0 ? 0 : 4;
}
