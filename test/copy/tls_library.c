/*
 * tls_library.c - opens the system's libssl and asks for its version; a
 * system without one says why not.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "tls_library.h"

#include <stdio.h>

int
main(void)
{
	struct reactor_tls_library l;
	char why[REACTOR_TLS_WHY];

	if (reactor_tls_library_open(&l, "/there/is/no/libssl", why) == 0 ||
	    why[0] == '\0')
		return 1;
	if (reactor_tls_library_open(&l, NULL, why) != 0) {
		puts(why);
		return 0;
	}
	puts(l.f.OpenSSL_version(0));
	reactor_tls_library_close(&l);
	return 0;
}
