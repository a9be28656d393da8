/*
 * tls_numbers_test.c - reactor/tls_library.h beside a real header: each
 * number is the library's, and each function has the library's prototype.
 *
 * It is no part of `make test`, since it needs the headers of OpenSSL (Debian:
 * libssl-dev) and is linked with it:
 *
 *	cc -std=c11 -Wall -Wextra -Wpedantic -Werror -Wno-error=deprecated \
 *	    -o numbers test/tls_numbers_test.c test/check.c -lssl -lcrypto
 *
 * Numbers and prototypes are held by the compiler.  What is left to the run is
 * that none was forgotten; for the numbers it reads tls_library.h.
 *
 * The prototypes are those of OpenSSL 3.  Others differ in what is const:
 * OpenSSL 4 gives const names and extensions, and 1.1.1 and LibreSSL take
 * some arguments without const.  Such a pointer is passed in the same way, so
 * one declaration serves them all.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../reactor/tls_library.h"
#include "check.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <string.h>

/* ---- numbers ---- */

/*
 * Only LibreSSL has SSL_CTRL_GET_SESSION_REUSED; OpenSSL has the function
 * SSL_session_reused, and answers 0 to this number.
 */
#ifdef SSL_CTRL_GET_SESSION_REUSED
#define LIBRESSL_SESSION_REUSED SSL_CTRL_GET_SESSION_REUSED
#else
#define LIBRESSL_SESSION_REUSED 8
#endif

#define NUMBERS(same) \
	same(ERROR_NONE, SSL_ERROR_NONE) \
	same(ERROR_SSL, SSL_ERROR_SSL) \
	same(ERROR_WANT_READ, SSL_ERROR_WANT_READ) \
	same(ERROR_WANT_WRITE, SSL_ERROR_WANT_WRITE) \
	same(ERROR_SYSCALL, SSL_ERROR_SYSCALL) \
	same(ERROR_ZERO_RETURN, SSL_ERROR_ZERO_RETURN) \
	same(VERIFY_NONE, SSL_VERIFY_NONE) \
	same(VERIFY_PEER, SSL_VERIFY_PEER) \
	same(NO_PARTIAL_WILDCARDS, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS) \
	same(NEVER_SUBJECT, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT) \
	same(FILE_PEM, SSL_FILETYPE_PEM) \
	same(CTRL_SESSION_REUSED, LIBRESSL_SESSION_REUSED) \
	same(CTRL_MODE, SSL_CTRL_MODE) \
	same(CTRL_SESSION_CACHE, SSL_CTRL_SET_SESS_CACHE_MODE) \
	same(CTRL_SERVER_NAME, SSL_CTRL_SET_TLSEXT_HOSTNAME) \
	same(CTRL_MIN_VERSION, SSL_CTRL_SET_MIN_PROTO_VERSION) \
	same(MODE_PARTIAL_WRITE, SSL_MODE_ENABLE_PARTIAL_WRITE) \
	same(MODE_MOVING_BUFFER, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER) \
	same(MODE_AUTO_RETRY, SSL_MODE_AUTO_RETRY) \
	same(MODE_RELEASE_BUFFERS, SSL_MODE_RELEASE_BUFFERS) \
	same(SESSIONS_OF_CLIENT, SSL_SESS_CACHE_CLIENT) \
	same(SESSIONS_NOT_INTERNAL, SSL_SESS_CACHE_NO_INTERNAL) \
	same(SENT_SHUTDOWN, SSL_SENT_SHUTDOWN) \
	same(RECEIVED_SHUTDOWN, SSL_RECEIVED_SHUTDOWN) \
	same(BIO_SOURCE_SINK, BIO_TYPE_SOURCE_SINK) \
	same(BIO_READ, BIO_FLAGS_READ) \
	same(BIO_RETRY, BIO_FLAGS_SHOULD_RETRY) \
	same(BIO_CTRL_EOF, BIO_CTRL_EOF) \
	same(BIO_CTRL_FLUSH, BIO_CTRL_FLUSH) \
	same(BIO_CTRL_DUP, BIO_CTRL_DUP) \
	same(VERSION_1_2, TLS1_2_VERSION)

#define NUMBERS_ASSERT(ours, theirs) \
	_Static_assert(REACTOR_TLS_##ours == (theirs), #theirs);
NUMBERS(NUMBERS_ASSERT)

#define NUMBERS_NAME(ours, theirs) "REACTOR_TLS_" #ours,
static const char *const numbers[] = { NUMBERS(NUMBERS_NAME) };

/* Numbers that are 0 have no names there. */
_Static_assert(TLSEXT_NAMETYPE_host_name == 0, "larg of CTRL_SERVER_NAME");
_Static_assert(OPENSSL_VERSION == 0, "what of OpenSSL_version");
_Static_assert(X509_V_OK == 0, "a verify result that is none");

/* ---- prototypes ---- */

static const struct reactor_tls_functions prototypes = {
	.OpenSSL_version = OpenSSL_version,
	.TLS_client_method = TLS_client_method,
	.TLS_server_method = TLS_server_method,
	.SSL_CTX_new = SSL_CTX_new,
	.SSL_CTX_free = SSL_CTX_free,
	.SSL_CTX_ctrl = SSL_CTX_ctrl,
	.SSL_CTX_set_verify = SSL_CTX_set_verify,
	.SSL_CTX_set_default_verify_paths =
	    SSL_CTX_set_default_verify_paths,
	.SSL_CTX_load_verify_locations = SSL_CTX_load_verify_locations,
	.SSL_CTX_use_certificate_chain_file =
	    SSL_CTX_use_certificate_chain_file,
	.SSL_CTX_use_PrivateKey_file = SSL_CTX_use_PrivateKey_file,
	.SSL_CTX_check_private_key = SSL_CTX_check_private_key,
	.SSL_CTX_set_alpn_select_cb = SSL_CTX_set_alpn_select_cb,
	.SSL_CTX_sess_set_new_cb = SSL_CTX_sess_set_new_cb,
	.SSL_new = SSL_new,
	.SSL_free = SSL_free,
	.SSL_ctrl = SSL_ctrl,
	.SSL_set_bio = SSL_set_bio,
	.SSL_set_connect_state = SSL_set_connect_state,
	.SSL_set_accept_state = SSL_set_accept_state,
	.SSL_set_alpn_protos = SSL_set_alpn_protos,
	.SSL_get0_alpn_selected = SSL_get0_alpn_selected,
	.SSL_get0_param = SSL_get0_param,
	.SSL_set_session = SSL_set_session,
	.SSL_SESSION_free = SSL_SESSION_free,
	.SSL_get_verify_result = SSL_get_verify_result,
	.SSL_do_handshake = SSL_do_handshake,
	.SSL_read = SSL_read,
	.SSL_write = SSL_write,
	.SSL_shutdown = SSL_shutdown,
	.SSL_set_shutdown = SSL_set_shutdown,
	.SSL_get_error = SSL_get_error,
	.SSL_get_version = SSL_get_version,
	.SSL_session_reused = SSL_session_reused,
	.BIO_meth_new = BIO_meth_new,
	.BIO_meth_free = BIO_meth_free,
	.BIO_meth_set_read = BIO_meth_set_read,
	.BIO_meth_set_write = BIO_meth_set_write,
	.BIO_meth_set_ctrl = BIO_meth_set_ctrl,
	.BIO_new = BIO_new,
	.BIO_set_init = BIO_set_init,
	.BIO_set_flags = BIO_set_flags,
	.BIO_clear_flags = BIO_clear_flags,
	.ERR_get_error = ERR_get_error,
	.ERR_clear_error = ERR_clear_error,
	.ERR_reason_error_string = ERR_reason_error_string,
	.X509_VERIFY_PARAM_set1_host = X509_VERIFY_PARAM_set1_host,
	.X509_VERIFY_PARAM_set1_ip_asc = X509_VERIFY_PARAM_set1_ip_asc,
	.X509_VERIFY_PARAM_set_hostflags =
	    X509_VERIFY_PARAM_set_hostflags,
	.X509_verify_cert_error_string = X509_verify_cert_error_string,
	.X509_get_default_cert_file = X509_get_default_cert_file,
	.X509_get_default_cert_dir = X509_get_default_cert_dir,
	.X509_STORE_CTX_get_error = X509_STORE_CTX_get_error,
	.X509_STORE_CTX_get_error_depth = X509_STORE_CTX_get_error_depth,
	.X509_STORE_CTX_get_current_cert = X509_STORE_CTX_get_current_cert,
	.X509_get_subject_name = X509_get_subject_name,
	.X509_get_issuer_name = X509_get_issuer_name,
	.X509_NAME_oneline = X509_NAME_oneline,
	.X509_get0_notBefore = X509_get0_notBefore,
	.X509_get0_notAfter = X509_get0_notAfter,
	.X509_get_ext_by_NID = X509_get_ext_by_NID,
	.X509_get_ext = X509_get_ext,
	.X509_EXTENSION_get_data = X509_EXTENSION_get_data,
	.ASN1_STRING_get0_data = ASN1_STRING_get0_data,
	.ASN1_STRING_length = ASN1_STRING_length,
};

/* Each member is a pointer to a function, so nothing of the struct is 0. */
static void
prototypes_are_complete(void)
{
	void (*one)(void);
	size_t i, count = sizeof(prototypes) / sizeof(one);

	check_case("each function is held against its prototype");
	for (i = 0; i < count; i++) {
		memcpy(&one, (const char *)&prototypes + i * sizeof(one),
		    sizeof(one));
		if (!CHECK(one != NULL))
			printf("# the one numbered %zu\n", i);
	}
}

static int
numbers_have(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strlen(numbers[i]) == len &&
		    memcmp(numbers[i], name, len) == 0)
			return 1;
	return 0;
}

/* Every constant that the header defines by `= number`. */
static void
numbers_are_complete(void)
{
	char line[256];
	size_t found = 0;
	const char *at;
	FILE *header = fopen("reactor/tls_library.h", "r");

	check_case("each number is held against its macro");
	if (!CHECK(header != NULL))
		return;
	while (fgets(line, sizeof(line), header) != NULL) {
		at = line + strspn(line, "\t");
		if (strncmp(at, "REACTOR_TLS_", 12) != 0 ||
		    strstr(at, " = ") == NULL)
			continue;
		found++;
		if (!CHECK(numbers_have(at, strcspn(at, " "))))
			printf("# %s", at);
	}
	fclose(header);
	CHECK_INT(found, sizeof(numbers) / sizeof(numbers[0]));
}

int
main(void)
{
	prototypes_are_complete();
	numbers_are_complete();
	return check_done();
}
