/*
 * tls_words.h - why a TLS connection failed, in words.
 *
 * The library says it by numbers, and for a certificate by the certificate
 * itself.  From these come the sentences that a person needs: since when it
 * is expired, which names it is for, which alert the peer has sent.
 *
 * Whatever a peer has sent is shown with its control characters replaced.
 *
 * Copy: tls_words.h tls_words.c tls_settings.h tls_settings.c tls_library.h
 *     tls_library.c CORE(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_TLS_WORDS_H
#define REACTOR_TLS_WORDS_H

#include "tls_settings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Room for the text of a time, its NUL included. */
enum { REACTOR_TLS_TIME = 24 };

/*
 * Takes all errors from the library's queue: the first one as an enum
 * reactor_tls_error, with words; `why` becomes "" where there are none.
 */
int reactor_tls_words_error(
    const struct reactor_tls_functions *, char why[REACTOR_TLS_WHY]);

/*
 * Why the certificate that a verification looks at was refused, for a peer
 * that was to be `host`.
 */
void reactor_tls_words_certificate(const struct reactor_tls_functions *,
    struct x509_store_ctx_st *, const char *host, char why[REACTOR_TLS_WHY]);

/* What a peer sent in place of TLS. */
void reactor_tls_words_not_tls(
    const char *at, size_t len, char why[REACTOR_TLS_WHY]);

/*
 * A time of a certificate, which is UTC (RFC 5280, section 4.1.2.5), as
 * "2026-12-31 23:59:59 UTC"; "?" where it is none.
 */
void reactor_tls_words_time(const struct reactor_tls_functions *,
    const struct asn1_string_st *, char text[REACTOR_TLS_TIME]);

/*
 * The names in the DER form of a subjectAltName (RFC 5280, section 4.2.1.6),
 * host names and addresses, separated by ", "; as many as fit.  For anything
 * else "".  No I/O: bytes in, text out.
 */
void reactor_tls_words_names(
    const unsigned char *at, size_t len, char *text, size_t room);

#ifdef __cplusplus
}
#endif

#endif
