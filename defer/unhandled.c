/*
 * unhandled.c - a line of text for a failure that nobody took.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "unhandled.h"

#include "failure_detail.h"

#include <stdio.h>
#include <string.h>

enum { UNHANDLED_MOST = 1000 };		/* bytes of a line, but for its end */

/*
 * Makes '?' of control characters, those of ASCII and those that UTF-8 writes
 * as C2 and a byte from 80 to 9F.
 */
static void
unhandled_tame(char *text)
{
	unsigned char *at = (unsigned char *)text;

	for (; *at != '\0'; at++)
		if (*at < ' ' || *at == 0x7f)
			*at = '?';
		else if (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
			at[0] = at[1] = '?';
}

void
deferred_print_unhandled(void *file, const struct defer_failure *f,
    const char *source, int line)
{
	char text[UNHANDLED_MOST + 2];	/* and "\n" */
	size_t len;

	(void)snprintf(text, UNHANDLED_MOST + 1,
	    "unhandled failure of a deferred made at %s:%d: ", source, line);
	len = strlen(text);
	(void)defer_failure_describe(f, text + len, UNHANDLED_MOST + 1 - len);
	unhandled_tame(text);
	len = strlen(text);
	text[len++] = '\n';
	(void)fwrite(text, 1, len, file);
	(void)fflush(file);
}
