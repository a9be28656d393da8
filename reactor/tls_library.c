/*
 * tls_library.c - finds the system's libssl, and its functions.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "tls_library.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/*
 * Under these names systems have a libssl, the preferred ones first.  A
 * version is part of each but the last, which OpenBSD's loader completes: a
 * file without a version may be of any, and macOS ends a program that opens
 * its own one.
 */
static const char *const tls_library_names[] = {
	"libssl.so.3",		/* OpenSSL 3, on Linux and from packages */
	"libssl.so.4",
	"libssl.so.1.1",
	"libssl.so.35",		/* FreeBSD 15, 14, 13 */
	"libssl.so.30",
	"libssl.so.111",
	"libssl.so.15",		/* NetBSD 10, 9 */
	"libssl.so.14",
	"/opt/homebrew/opt/openssl@3/lib/libssl.3.dylib",
	"/usr/local/opt/openssl@3/lib/libssl.3.dylib",
	"/opt/local/lib/libssl.3.dylib",
	"libssl.so",		/* OpenBSD */
};

/* Where a function of the library is kept. */
#define TLS_LIBRARY_FUNCTION(name) \
	{ #name, offsetof(struct reactor_tls_functions, name) }

static const struct {
	const char *name;
	size_t offset;
} tls_library_functions[] = {
	TLS_LIBRARY_FUNCTION(OpenSSL_version),
	TLS_LIBRARY_FUNCTION(TLS_client_method),
	TLS_LIBRARY_FUNCTION(TLS_server_method),
	TLS_LIBRARY_FUNCTION(SSL_CTX_new),
	TLS_LIBRARY_FUNCTION(SSL_CTX_free),
	TLS_LIBRARY_FUNCTION(SSL_CTX_ctrl),
	TLS_LIBRARY_FUNCTION(SSL_CTX_set_verify),
	TLS_LIBRARY_FUNCTION(SSL_CTX_set_default_verify_paths),
	TLS_LIBRARY_FUNCTION(SSL_CTX_load_verify_locations),
	TLS_LIBRARY_FUNCTION(SSL_CTX_use_certificate_chain_file),
	TLS_LIBRARY_FUNCTION(SSL_CTX_use_PrivateKey_file),
	TLS_LIBRARY_FUNCTION(SSL_CTX_check_private_key),
	TLS_LIBRARY_FUNCTION(SSL_CTX_set_alpn_select_cb),
	TLS_LIBRARY_FUNCTION(SSL_CTX_sess_set_new_cb),
	TLS_LIBRARY_FUNCTION(SSL_new),
	TLS_LIBRARY_FUNCTION(SSL_free),
	TLS_LIBRARY_FUNCTION(SSL_ctrl),
	TLS_LIBRARY_FUNCTION(SSL_set_bio),
	TLS_LIBRARY_FUNCTION(SSL_set_connect_state),
	TLS_LIBRARY_FUNCTION(SSL_set_accept_state),
	TLS_LIBRARY_FUNCTION(SSL_set_alpn_protos),
	TLS_LIBRARY_FUNCTION(SSL_get0_alpn_selected),
	TLS_LIBRARY_FUNCTION(SSL_get0_param),
	TLS_LIBRARY_FUNCTION(SSL_set_session),
	TLS_LIBRARY_FUNCTION(SSL_SESSION_free),
	TLS_LIBRARY_FUNCTION(SSL_get_verify_result),
	TLS_LIBRARY_FUNCTION(SSL_do_handshake),
	TLS_LIBRARY_FUNCTION(SSL_read),
	TLS_LIBRARY_FUNCTION(SSL_write),
	TLS_LIBRARY_FUNCTION(SSL_shutdown),
	TLS_LIBRARY_FUNCTION(SSL_set_shutdown),
	TLS_LIBRARY_FUNCTION(SSL_get_error),
	TLS_LIBRARY_FUNCTION(SSL_get_version),
	TLS_LIBRARY_FUNCTION(SSL_session_reused),
	TLS_LIBRARY_FUNCTION(BIO_meth_new),
	TLS_LIBRARY_FUNCTION(BIO_meth_free),
	TLS_LIBRARY_FUNCTION(BIO_meth_set_read),
	TLS_LIBRARY_FUNCTION(BIO_meth_set_write),
	TLS_LIBRARY_FUNCTION(BIO_meth_set_ctrl),
	TLS_LIBRARY_FUNCTION(BIO_new),
	TLS_LIBRARY_FUNCTION(BIO_set_init),
	TLS_LIBRARY_FUNCTION(BIO_set_flags),
	TLS_LIBRARY_FUNCTION(BIO_clear_flags),
	TLS_LIBRARY_FUNCTION(ERR_get_error),
	TLS_LIBRARY_FUNCTION(ERR_clear_error),
	TLS_LIBRARY_FUNCTION(ERR_reason_error_string),
	TLS_LIBRARY_FUNCTION(X509_VERIFY_PARAM_set1_host),
	TLS_LIBRARY_FUNCTION(X509_VERIFY_PARAM_set1_ip_asc),
	TLS_LIBRARY_FUNCTION(X509_VERIFY_PARAM_set_hostflags),
	TLS_LIBRARY_FUNCTION(X509_verify_cert_error_string),
	TLS_LIBRARY_FUNCTION(X509_get_default_cert_file),
	TLS_LIBRARY_FUNCTION(X509_get_default_cert_dir),
	TLS_LIBRARY_FUNCTION(X509_STORE_CTX_get_error),
	TLS_LIBRARY_FUNCTION(X509_STORE_CTX_get_error_depth),
	TLS_LIBRARY_FUNCTION(X509_STORE_CTX_get_current_cert),
	TLS_LIBRARY_FUNCTION(X509_get_subject_name),
	TLS_LIBRARY_FUNCTION(X509_get_issuer_name),
	TLS_LIBRARY_FUNCTION(X509_NAME_oneline),
	TLS_LIBRARY_FUNCTION(X509_get0_notBefore),
	TLS_LIBRARY_FUNCTION(X509_get0_notAfter),
	TLS_LIBRARY_FUNCTION(X509_get_ext_by_NID),
	TLS_LIBRARY_FUNCTION(X509_get_ext),
	TLS_LIBRARY_FUNCTION(X509_EXTENSION_get_data),
	TLS_LIBRARY_FUNCTION(ASN1_STRING_get0_data),
	TLS_LIBRARY_FUNCTION(ASN1_STRING_length),
};

/* Appends to a text of REACTOR_TLS_WHY bytes as much as fits. */
static void
tls_library_say(char *why, const char *a, const char *b)
{
	size_t used = strlen(why);

	snprintf(why + used, REACTOR_TLS_WHY - used, "%s%s", a, b);
}

/*
 * Opens one file.  Whatever its functions need comes along: those of
 * libcrypto are found through libssl, too.
 */
static void *
tls_library_try(const char *name)
{
	return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}

/* Opens the first of the usual names that there is. */
static void
tls_library_find(struct reactor_tls_library *l)
{
	size_t i, n = sizeof(tls_library_names) / sizeof(tls_library_names[0]);

	for (i = 0; i < n && l->handle == NULL; i++) {
		l->name = tls_library_names[i];
		l->handle = tls_library_try(l->name);
	}
}

/* Why none of them can be opened. */
static void
tls_library_say_none(char *why)
{
	size_t i, n = sizeof(tls_library_names) / sizeof(tls_library_names[0]);
	const char *error = dlerror();

	for (i = 0; i < n; i++)
		tls_library_say(why, i == 0 ?
		    "no TLS library (install OpenSSL 3; tried " : ", ",
		    tls_library_names[i]);
	tls_library_say(why, ")", "");
	if (error != NULL && strstr(error, "ynamic") != NULL)
		tls_library_say(why, ": ", error);	/* a static program */
}

/* Why a file cannot be opened; not every system names the file itself. */
static void
tls_library_say_cannot(const char *file, char *why)
{
	const char *error = dlerror();

	tls_library_say(why, "no TLS library: ", "");
	if (error == NULL || strstr(error, file) == NULL)
		tls_library_say(why, file, ": ");
	tls_library_say(why, error != NULL ? error : "cannot be opened", "");
}

/* LibreSSL has a macro in place of this one. */
static const char tls_library_optional[] = "SSL_session_reused";

/* Looks up all functions; the name of the first that is missing, or NULL. */
static const char *
tls_library_look_up(struct reactor_tls_library *l)
{
	size_t i, n = sizeof(tls_library_functions) /
	    sizeof(tls_library_functions[0]);
	void *found;

	for (i = 0; i < n; i++) {
		found = dlsym(l->handle, tls_library_functions[i].name);
		if (found == NULL && strcmp(tls_library_functions[i].name,
		    tls_library_optional) != 0)
			return tls_library_functions[i].name;
		/* POSIX: pointers to functions are like those to data. */
		memcpy((char *)&l->f + tls_library_functions[i].offset,
		    &found, sizeof(found));
	}
	return NULL;
}

int
reactor_tls_library_open(struct reactor_tls_library *l, const char *file,
    char why[REACTOR_TLS_WHY])
{
	const char *missing;

	*l = (struct reactor_tls_library){ .name = file };
	why[0] = '\0';
	if (file == NULL) {
		tls_library_find(l);
		if (l->handle == NULL)
			tls_library_say_none(why);
	} else if ((l->handle = tls_library_try(file)) == NULL) {
		tls_library_say_cannot(file, why);
	}
	if (l->handle == NULL)
		return -1;
	missing = tls_library_look_up(l);
	if (missing == NULL)
		return 0;
	tls_library_say(why, l->name, " has no function ");
	tls_library_say(why, missing,
	    " (OpenSSL 1.1.1 or LibreSSL 2.7, or a later one, is needed)");
	reactor_tls_library_close(l);
	return -1;
}

void
reactor_tls_library_close(struct reactor_tls_library *l)
{
	if (l->handle != NULL)
		dlclose(l->handle);
	l->handle = NULL;
}
