/*
 * buffer.c - keeps bytes, takes some, and adds more.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "buffer.h"

#include <string.h>

int
main(void)
{
	struct reactor_buffer b = { 0 };

	if (reactor_buffer_append(&b, "hello, ", 7) != 0)
		return 1;
	reactor_buffer_consume(&b, 2);
	if (reactor_buffer_append(&b, "world", 5) != 0 ||
	    reactor_buffer_len(&b) != 10 ||
	    memcmp(b.at + b.head, "llo, world", 10) != 0)
		return 1;
	reactor_buffer_free(&b);
	return 0;
}
