/*
 * torture_tls_test.c - a scrape over https of which anything may fail.
 *
 *      PROGRAM            one of 13 allocations and calls
 *      PROGRAM STEP       one of STEP, which takes ten times as long for 1
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>

#include "check.h"
#include "tls_kit.h"
#include "torture.h"

int
main(int argc, char **argv)
{
	struct torture_tls tls = { tls_kit_server,
	    { .library = tls_kit_library(), .ca_file = tls_kit_authority,
	    .alpn = "http/1.1" },
	    argc > 1 ? strtol(argv[1], NULL, 10) : 13 };

	if (tls_kit_case("torture over TLS"))
		torture(&tls);
	return check_done();
}
