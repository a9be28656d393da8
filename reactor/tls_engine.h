/*
 * tls_engine.h - one TLS connection as libssl sees it, without a socket:
 * records in, records out.
 *
 * The library reads and writes through a BIO of ours, which is no more than
 * two functions:
 *
 *      e->in, e->in_len       received records, where they lie
 *          -> read            in the loop's buffer
 *      write                  collects the records of one call,
 *          -> transport_write so that they leave together
 *
 * So nothing is copied twice, and an idle connection owns no memory for it.
 *
 * For tls.c, which makes a transport of it.
 *
 * Copy: tls_engine.h tls_engine.c tls_words.h tls_words.c tls_settings.h
 *     tls_settings.c tls_library.h tls_library.c transport.h transport.c
 *     address.h address.c CORE(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_TLS_ENGINE_H
#define REACTOR_TLS_ENGINE_H

#include "tls_settings.h"
#include "tls_words.h"
#include "transport.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a peer's certificate says of itself. */
struct reactor_tls_certificate {
	char subject[256], issuer[256], expires[REACTOR_TLS_TIME];
};

/* An engine.  The members that are not said to be the user's are private. */
struct reactor_tls_engine {
	/* The user's: */
	struct transport *below;	/* where records are sent */
	const char *in;			/* received records, borrowed; */
	size_t in_len;			/* those that were not yet taken */
	bool in_end;			/* and no more will come */

	struct reactor_tls_settings *settings;	/* held */
	struct ssl_st *ssl;
	bool done;			/* the handshake is */
	char *why;			/* the last error in words, or NULL */
	struct reactor_tls_certificate *certificate;	/* or NULL */
	uint16_t port;
	size_t host_len;
	char *host;			/* "" for a server */
};

/*
 * Makes an engine, for a peer called `host` if it is a client's; `host` may
 * have the brackets or the final dot of a URL.  NULL without memory, and for
 * a client that has no name to verify.
 */
struct reactor_tls_engine *reactor_tls_engine_new(
    struct reactor_tls_settings *, const char *host, size_t len,
    uint16_t port);

/* Frees it. */
void reactor_tls_engine_free(struct reactor_tls_engine *);

/*
 * Each of these four takes what it needs from `in` and sends what must be
 * sent.  Errors are those of enum reactor_tls_error, or -ENOMEM; after one
 * the engine is of no use any more.
 */

/* Goes on with the handshake.  1: it is done; 0: more must come; an error. */
int reactor_tls_engine_handshake(struct reactor_tls_engine *);

/*
 * Encrypts and sends at most len bytes: how many were taken, in *taken.  Fewer
 * than len only where the library must read first.  0, or an error.
 */
int reactor_tls_engine_encrypt(struct reactor_tls_engine *,
    const char *at, size_t len, size_t *taken);

/*
 * Decrypts at most `room` bytes: how many, in *len.  0; 1 when close_notify
 * has come behind them; or an error that came behind them.  If the room is not
 * full then and `in` is used up, another call would find nothing more.
 */
int reactor_tls_engine_decrypt(struct reactor_tls_engine *,
    char *at, size_t room, size_t *len);

/* Sends close_notify.  Reading may go on. */
void reactor_tls_engine_close(struct reactor_tls_engine *);

/* The last error in words; "" where its number says all. */
const char *reactor_tls_engine_words(const struct reactor_tls_engine *);

/* Notes that what has come is not TLS at all; borrowed. */
void reactor_tls_engine_not_tls(
    struct reactor_tls_engine *, const char *at, size_t len);

/* What is known after the handshake; texts are borrowed from the engine. */
void reactor_tls_engine_facts(
    const struct reactor_tls_engine *, struct reactor_tls_facts *);

/* The session that it began with is of no use: the next one begins anew. */
void reactor_tls_engine_drop_session(struct reactor_tls_engine *);

#ifdef __cplusplus
}
#endif

#endif
