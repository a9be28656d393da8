/*
 * tls_kit.h - settings of TLS for tests, with the certificates of test/tls.
 *
 * Not every system has a libssl that can be opened (one that is all static
 * has not).
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef SPINDLE_TEST_TLS_KIT_H
#define SPINDLE_TEST_TLS_KIT_H

#include <stdbool.h>

#include "../reactor/tls_settings.h"

/* The authority that signed the certificate of the servers. */
extern const char tls_kit_authority[];

/* That certificate: for localhost, *.site.test, 127.0.0.1 and ::1, and more. */
extern const char tls_kit_certificate[];

/* A library that hides nothing (tls/plain.c), as `make tests` builds it. */
extern const char tls_kit_plain[];

/* Whether there is a libssl, and the environment does not say TEST_TLS=no. */
bool tls_kit_is_here(void);

/*
 * Whether the environment says TEST_TLS=only, or TEST_TLS=plain: what has been
 * tested without TLS elsewhere can be left out.  `plain` means a library that
 * hides nothing (tls/plain.c): no certificate is wrong there.
 */
bool tls_kit_is_all(void);

/* The file of the library that is meant; NULL: the system's libssl. */
const char *tls_kit_library(void);

/* Begins a case, and says whether there is a libssl for it. */
bool tls_kit_case(const char *name);

/* Settings of a server; ends the program if there are none. */
struct reactor_tls_settings *tls_kit_server(struct reactor *);

/* Settings of a client that trusts this file. */
struct reactor_tls_settings *tls_kit_client(struct reactor *,
    const char *authority);

#endif
