/*
 * tls_settings.h - what the TLS connections of a program have in common: the
 * library, whom to trust, the server's certificate, and the sessions of
 * earlier connections.
 *
 * A program makes its settings once, and uses them for any number of
 * connections (tls.h).  Several may live side by side: a client's and a
 * server's, or clients that trust different authorities.
 *
 * A handshake costs some hundred microseconds of CPU.  A client therefore
 * keeps the session that a server gives it, for the next connection to the
 * same host and port: that one is resumed for a third of the price, without
 * a certificate.  So sessions are kept by the settings under which the
 * certificate was verified, and by host and port, and for nothing else.
 *
 * Copy: tls_settings.h tls_settings.c tls_library.h tls_library.c
 *     CORE(reactor)
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_TLS_SETTINGS_H
#define REACTOR_TLS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tls_library.h"

#ifdef __cplusplus
extern "C" {
#endif

struct reactor;
struct reactor_tls_settings;

/*
 * What is wrong with a TLS connection.  Outside the numbers of errno.  A
 * transport's reason in words (transport_reason) says more.
 */
enum reactor_tls_error {
	REACTOR_TLS_E_LIBRARY = -2501,	/* none, or it lacks a function */
	REACTOR_TLS_E_TRUST = -2502,	/* no certificates to trust */
	REACTOR_TLS_E_FILE = -2503,	/* a PEM file that is not usable */
	REACTOR_TLS_E_CERTIFICATE = -2504, /* the peer's is not trusted */
	REACTOR_TLS_E_NOT_TLS = -2505,	/* the peer speaks something else */
	REACTOR_TLS_E_VERSION = -2506,	/* the peer's version is too old */
	REACTOR_TLS_E_ALERT = -2507,	/* the peer gave up, and named why */
	REACTOR_TLS_E_PROTOCOL = -2508,	/* the peer breaks the protocol */
	REACTOR_TLS_E_TRUNCATED = -2509, /* end of file, no close_notify */
	REACTOR_TLS_E_TIMEOUT = -2510	/* the handshake took too long */
};

/* What such an error means, in a few words; NULL if it is none. */
const char *reactor_tls_strerror(int error);

/* How to make settings; all zero is a good choice for a client. */
struct reactor_tls_options {
	const char *library;	/* the file of libssl; NULL: the system's */
	bool server;		/* accepts; else it connects */

	/* A client: */
	bool unverified;	/* takes any certificate, so anybody's */
	const char *ca_file;	/* trusts only these (PEM); NULL: see below */
	const char *ca_directory; /* and these, named by their hash */
	unsigned max_sessions;	/* kept to be resumed; 0: 1024, at most
				   1048576 */
	bool keep_certificate;	/* for reactor_tls_facts, at some cost */

	/* A server: */
	const char *certificate_file;	/* PEM: its own, then the issuers' */
	const char *key_file;		/* PEM */

	const char *alpn;	/* protocol inside, "http/1.1"; or NULL */
	bool keep_buffers;	/* between records: 34 KB per idle connection,
				   and an allocation less for each record */
};

/*
 * Opens the library and makes settings.  Options and what they point to are
 * needed only during the call, but `library` stays borrowed.  Where neither
 * ca_file nor ca_directory is given, a client trusts what the library's own
 * defaults name, or else the first of the usual bundles of systems that
 * exists.
 *
 * 0; or -ENOMEM, -EINVAL for an ALPN name of more than 255 bytes, or an enum
 * reactor_tls_error; and then `why` has the reason in words.
 */
int reactor_tls_settings_new(struct reactor_tls_settings **,
    struct reactor *, const struct reactor_tls_options *,
    char why[REACTOR_TLS_WHY]);

/*
 * Frees settings.  May be called at any time: what connections still need of
 * them stays until the last of these is lost.  NULL is allowed.
 */
void reactor_tls_settings_free(struct reactor_tls_settings *);

/* The file that was opened, and the version that it says it is. */
const char *reactor_tls_library_name(const struct reactor_tls_settings *);
const char *reactor_tls_library_version(const struct reactor_tls_settings *);

/* Drops all sessions: the next handshake with each host is a full one. */
void reactor_tls_forget_sessions(struct reactor_tls_settings *);

/* What is known of a connection after its handshake. */
struct reactor_tls_facts {
	const char *version;	/* "TLSv1.3" */
	const char *alpn;	/* the protocol agreed upon; "" if none */
	bool verified;		/* the certificate, or that of the session */
	bool resumed;		/* an earlier session: no certificate came */
	/* With keep_certificate of the settings, else "": */
	const char *subject, *issuer;
	const char *expires;	/* "2026-12-31 23:59:59 UTC" */
};

/* ---- for tls_engine.c and tls.c ---- */

/* Sizes of the memory that the connections share. */
enum {
	REACTOR_TLS_RECORD = 16384,	/* plaintext of a record, at most */
	REACTOR_TLS_RECORDS = 65536,	/* records that go out together */
	REACTOR_TLS_PLAINTEXT = 65536	/* shown at once */
};

/* A session that is kept. */
struct reactor_tls_session {
	struct ssl_session_st *session;	/* NULL: none */
	char *host;			/* host_len bytes */
	size_t host_len;
	uint16_t port;
	uint64_t age;			/* higher is younger */
};

/* The settings, all of whose members are theirs, too. */
struct reactor_tls_settings {
	struct reactor_tls_library library;
	struct reactor *reactor;
	struct ssl_ctx_st *context;
	struct bio_method_st *method;	/* made with the first engine */
	unsigned holders;		/* the caller, and each engine */
	bool server, unverified, keep_certificate;
	unsigned char alpn[257];	/* its length, its name, and a NUL */
	struct reactor_tls_session *sessions;	/* max_sessions of them */
	unsigned max_sessions;
	uint64_t age;			/* of the youngest session */
	size_t records_len;
	char records[REACTOR_TLS_RECORDS];
	char plaintext[REACTOR_TLS_PLAINTEXT];	/* received */
	char gathered[REACTOR_TLS_RECORD];	/* pieces written together */
};

/* One holder less; the last one frees them. */
void reactor_tls_settings_release(struct reactor_tls_settings *);

/* The session for a host and port, borrowed; NULL if there is none. */
struct ssl_session_st *reactor_tls_session_find(
    struct reactor_tls_settings *, const char *host, size_t len,
    uint16_t port);

/*
 * Keeps a session, in place of an older one.  True: it belongs to the
 * settings from now on; false when there is no memory.
 */
bool reactor_tls_session_keep(struct reactor_tls_settings *,
    const char *host, size_t len, uint16_t port, struct ssl_session_st *);

/* Drops the session for a host and port, if there is one. */
void reactor_tls_session_drop(struct reactor_tls_settings *,
    const char *host, size_t len, uint16_t port);

#ifdef __cplusplus
}
#endif

#endif
