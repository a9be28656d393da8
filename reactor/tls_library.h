/*
 * tls_library.h - the system's libssl, opened while the program runs.
 *
 * No header of OpenSSL or LibreSSL is needed to build this, and no program is
 * linked with it: the library is opened by its versioned names, and each
 * function that is used is looked up by its name.  All of them are functions
 * (none is a macro) in OpenSSL 1.1.1, 3 and 4, and in LibreSSL since 2.7;
 * test/tls_numbers_test.c holds prototypes and numbers against a real header.
 *
 * The types are the library's own, so that its headers and this one can be
 * read in one program; nothing looks inside them.
 *
 * Copy: tls_library.h tls_library.c
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef REACTOR_TLS_LIBRARY_H
#define REACTOR_TLS_LIBRARY_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct asn1_string_st;
struct bio_method_st;
struct bio_st;
struct ssl_ctx_st;
struct ssl_method_st;
struct ssl_session_st;
struct ssl_st;
struct X509_VERIFY_PARAM_st;
struct X509_extension_st;
struct X509_name_st;
struct x509_st;
struct x509_store_ctx_st;

/* Numbers that the library's headers have as macros. */
enum {
	REACTOR_TLS_ERROR_NONE = 0,		/* SSL_get_error */
	REACTOR_TLS_ERROR_SSL = 1,
	REACTOR_TLS_ERROR_WANT_READ = 2,
	REACTOR_TLS_ERROR_WANT_WRITE = 3,
	REACTOR_TLS_ERROR_SYSCALL = 5,
	REACTOR_TLS_ERROR_ZERO_RETURN = 6,

	REACTOR_TLS_VERIFY_NONE = 0,		/* SSL_CTX_set_verify */
	REACTOR_TLS_VERIFY_PEER = 1,
	REACTOR_TLS_NO_PARTIAL_WILDCARDS = 4,	/* ..._set_hostflags */
	REACTOR_TLS_NEVER_SUBJECT = 0x20,
	REACTOR_TLS_FILE_PEM = 1,

	REACTOR_TLS_CTRL_SESSION_REUSED = 8,	/* SSL_ctrl, SSL_CTX_ctrl */
	REACTOR_TLS_CTRL_MODE = 33,
	REACTOR_TLS_CTRL_SESSION_CACHE = 44,
	REACTOR_TLS_CTRL_SERVER_NAME = 55,
	REACTOR_TLS_CTRL_MIN_VERSION = 123,

	REACTOR_TLS_MODE_PARTIAL_WRITE = 1,
	REACTOR_TLS_MODE_MOVING_BUFFER = 2,
	REACTOR_TLS_MODE_AUTO_RETRY = 4,
	REACTOR_TLS_MODE_RELEASE_BUFFERS = 0x10,

	REACTOR_TLS_SESSIONS_OF_CLIENT = 1,
	REACTOR_TLS_SESSIONS_NOT_INTERNAL = 0x300,

	REACTOR_TLS_SENT_SHUTDOWN = 1,		/* SSL_get_shutdown */
	REACTOR_TLS_RECEIVED_SHUTDOWN = 2,

	REACTOR_TLS_BIO_SOURCE_SINK = 0x400,
	REACTOR_TLS_BIO_READ = 1,		/* BIO_set_flags */
	REACTOR_TLS_BIO_RETRY = 8,
	REACTOR_TLS_BIO_CTRL_EOF = 2,
	REACTOR_TLS_BIO_CTRL_FLUSH = 11,
	REACTOR_TLS_BIO_CTRL_DUP = 12,

	REACTOR_TLS_VERSION_1_2 = 0x0303
};

/* What the library calls. */
typedef int reactor_tls_verify_callback(int ok, struct x509_store_ctx_st *);
typedef int reactor_tls_session_callback(
    struct ssl_st *, struct ssl_session_st *);
typedef int reactor_tls_alpn_callback(struct ssl_st *,
    const unsigned char **out, unsigned char *out_len,
    const unsigned char *in, unsigned in_len, void *arg);

/*
 * The functions, under the names that the library's manual pages have.  All
 * are there but those of which NULL is said.
 */
struct reactor_tls_functions {
	const char *(*OpenSSL_version)(int);

	const struct ssl_method_st *(*TLS_client_method)(void);
	const struct ssl_method_st *(*TLS_server_method)(void);
	struct ssl_ctx_st *(*SSL_CTX_new)(const struct ssl_method_st *);
	void (*SSL_CTX_free)(struct ssl_ctx_st *);
	long (*SSL_CTX_ctrl)(struct ssl_ctx_st *, int, long, void *);
	void (*SSL_CTX_set_verify)(
	    struct ssl_ctx_st *, int, reactor_tls_verify_callback *);
	int (*SSL_CTX_set_default_verify_paths)(struct ssl_ctx_st *);
	int (*SSL_CTX_load_verify_locations)(
	    struct ssl_ctx_st *, const char *, const char *);
	int (*SSL_CTX_use_certificate_chain_file)(
	    struct ssl_ctx_st *, const char *);
	int (*SSL_CTX_use_PrivateKey_file)(
	    struct ssl_ctx_st *, const char *, int);
	int (*SSL_CTX_check_private_key)(const struct ssl_ctx_st *);
	void (*SSL_CTX_set_alpn_select_cb)(
	    struct ssl_ctx_st *, reactor_tls_alpn_callback *, void *);
	void (*SSL_CTX_sess_set_new_cb)(
	    struct ssl_ctx_st *, reactor_tls_session_callback *);

	struct ssl_st *(*SSL_new)(struct ssl_ctx_st *);
	void (*SSL_free)(struct ssl_st *);
	long (*SSL_ctrl)(struct ssl_st *, int, long, void *);
	void (*SSL_set_bio)(
	    struct ssl_st *, struct bio_st *, struct bio_st *);
	void (*SSL_set_connect_state)(struct ssl_st *);
	void (*SSL_set_accept_state)(struct ssl_st *);
	int (*SSL_set_alpn_protos)(
	    struct ssl_st *, const unsigned char *, unsigned);
	void (*SSL_get0_alpn_selected)(
	    const struct ssl_st *, const unsigned char **, unsigned *);
	struct X509_VERIFY_PARAM_st *(*SSL_get0_param)(struct ssl_st *);
	int (*SSL_set_session)(struct ssl_st *, struct ssl_session_st *);
	void (*SSL_SESSION_free)(struct ssl_session_st *);
	long (*SSL_get_verify_result)(const struct ssl_st *);
	int (*SSL_do_handshake)(struct ssl_st *);
	int (*SSL_read)(struct ssl_st *, void *, int);
	int (*SSL_write)(struct ssl_st *, const void *, int);
	int (*SSL_shutdown)(struct ssl_st *);
	void (*SSL_set_shutdown)(struct ssl_st *, int);
	int (*SSL_get_error)(const struct ssl_st *, int);
	const char *(*SSL_get_version)(const struct ssl_st *);
	/* NULL in LibreSSL, where REACTOR_TLS_CTRL_SESSION_REUSED asks. */
	int (*SSL_session_reused)(const struct ssl_st *);

	struct bio_method_st *(*BIO_meth_new)(int, const char *);
	void (*BIO_meth_free)(struct bio_method_st *);
	int (*BIO_meth_set_read)(struct bio_method_st *,
	    int (*)(struct bio_st *, char *, int));
	int (*BIO_meth_set_write)(struct bio_method_st *,
	    int (*)(struct bio_st *, const char *, int));
	int (*BIO_meth_set_ctrl)(struct bio_method_st *,
	    long (*)(struct bio_st *, int, long, void *));
	struct bio_st *(*BIO_new)(const struct bio_method_st *);
	void (*BIO_set_init)(struct bio_st *, int);
	void (*BIO_set_flags)(struct bio_st *, int);
	void (*BIO_clear_flags)(struct bio_st *, int);

	unsigned long (*ERR_get_error)(void);
	void (*ERR_clear_error)(void);
	const char *(*ERR_reason_error_string)(unsigned long);

	int (*X509_VERIFY_PARAM_set1_host)(
	    struct X509_VERIFY_PARAM_st *, const char *, size_t);
	int (*X509_VERIFY_PARAM_set1_ip_asc)(
	    struct X509_VERIFY_PARAM_st *, const char *);
	void (*X509_VERIFY_PARAM_set_hostflags)(
	    struct X509_VERIFY_PARAM_st *, unsigned);
	const char *(*X509_verify_cert_error_string)(long);
	const char *(*X509_get_default_cert_file)(void);
	const char *(*X509_get_default_cert_dir)(void);

	int (*X509_STORE_CTX_get_error)(const struct x509_store_ctx_st *);
	int (*X509_STORE_CTX_get_error_depth)(
	    const struct x509_store_ctx_st *);
	struct x509_st *(*X509_STORE_CTX_get_current_cert)(
	    const struct x509_store_ctx_st *);
	struct X509_name_st *(*X509_get_subject_name)(const struct x509_st *);
	struct X509_name_st *(*X509_get_issuer_name)(const struct x509_st *);
	char *(*X509_NAME_oneline)(const struct X509_name_st *, char *, int);
	const struct asn1_string_st *(*X509_get0_notBefore)(
	    const struct x509_st *);
	const struct asn1_string_st *(*X509_get0_notAfter)(
	    const struct x509_st *);
	int (*X509_get_ext_by_NID)(const struct x509_st *, int, int);
	struct X509_extension_st *(*X509_get_ext)(const struct x509_st *, int);
	struct asn1_string_st *(*X509_EXTENSION_get_data)(
	    struct X509_extension_st *);
	const unsigned char *(*ASN1_STRING_get0_data)(
	    const struct asn1_string_st *);
	int (*ASN1_STRING_length)(const struct asn1_string_st *);
};

/* An open library. */
struct reactor_tls_library {
	struct reactor_tls_functions f;
	const char *name;	/* the file that was opened, as it was named */
	void *handle;		/* of dlopen(3) */
};

/* Room for any text about what went wrong, its NUL included. */
enum { REACTOR_TLS_WHY = 512 };

/*
 * Opens `file`, or with NULL the first of the system's usual names that
 * there is.  `file` is borrowed until the library is closed.  This reads
 * files, so it is for the beginning of a program rather than the middle of
 * many connections.  0, or -1 and `why` says which names were tried, or which
 * function is missing, and what to install.
 */
int reactor_tls_library_open(struct reactor_tls_library *, const char *file,
    char why[REACTOR_TLS_WHY]);

/* Closes it; nothing that it made may be left. */
void reactor_tls_library_close(struct reactor_tls_library *);

#ifdef __cplusplus
}
#endif

#endif
