/*
 * stub.c - a libssl that fails when it is told to: a shared object in front
 * of the real library, which it is linked with.
 *
 *	cc -shared -fPIC -o libstub.so test/tls/stub.c -lssl -lcrypto -ldl
 *
 * Each function below that can fail is counted and then either fails as its
 * manual page says, or calls the real one.  What is not here is found in the
 * real library, since dlsym(3) also searches what libstub.so is linked with.
 * libssl's own calls of these functions come here, too, so it also fails from
 * within.
 *
 * No header of OpenSSL is needed, and none of Spindle: all pointers are void.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _GNU_SOURCE		/* for RTLD_NEXT */
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long stub_left = -1;	/* calls until the one that fails */
static const char *stub_name;	/* of that one, once it has failed */

/* The call numbered n from now fails (0: the next); n < 0: none. */
void stub_fail_at(long n);

/* The function that has failed since then; NULL if none. */
const char *stub_failed(void);

void
stub_fail_at(long n)
{
	stub_left = n;
	stub_name = NULL;
}

const char *
stub_failed(void)
{
	return stub_name;
}

/* Of libcrypto since 3.0: they put an error into the queue. */
void ERR_new(void);
void ERR_set_error(int library, int reason, const char *format, ...);

/* Without an error in the queue, a failed call would be one to repeat. */
static int
stub_fails(const char *name)
{
	enum { LIB_SSL = 20, INTERNAL_ERROR = 259 | 0xc0000 };

	if (stub_left < 0 || stub_left-- > 0)
		return 0;
	stub_name = name;
	ERR_new();
	ERR_set_error(LIB_SSL, INTERNAL_ERROR, NULL);
	return 1;
}

static void *
stub_real(const char *name)
{
	void *at = dlsym(RTLD_NEXT, name);

	if (at == NULL) {
		printf("Bail out! no real %s\n", name);
		exit(99);
	}
	return at;
}

/* STUB(type, name, failure, (parameters), (arguments)) */
#define STUB(type, name, failure, parameters, arguments) \
	type name parameters; \
	type \
	name parameters \
	{ \
		type (*real) parameters; \
		void *at = stub_real(#name); \
	\
		memcpy(&real, &at, sizeof(real)); \
		return stub_fails(#name) ? (failure) : real arguments; \
	}

STUB(void *, SSL_CTX_new, NULL, (const void *m), (m))
STUB(long, SSL_CTX_ctrl, 0, (void *c, int n, long l, void *p), (c, n, l, p))
STUB(int, SSL_CTX_set_default_verify_paths, 0, (void *c), (c))
STUB(int, SSL_CTX_load_verify_locations, 0,
    (void *c, const char *f, const char *d), (c, f, d))
STUB(int, SSL_CTX_use_certificate_chain_file, 0,
    (void *c, const char *f), (c, f))
STUB(int, SSL_CTX_use_PrivateKey_file, 0,
    (void *c, const char *f, int t), (c, f, t))
STUB(int, SSL_CTX_check_private_key, 0, (const void *c), (c))
STUB(void *, SSL_new, NULL, (void *c), (c))
STUB(long, SSL_ctrl, 0, (void *s, int n, long l, void *p), (s, n, l, p))
STUB(int, SSL_set_alpn_protos, 1,
    (void *s, const unsigned char *p, unsigned n), (s, p, n))
STUB(int, SSL_set_session, 0, (void *s, void *x), (s, x))
STUB(int, SSL_do_handshake, -1, (void *s), (s))
STUB(int, SSL_read, -1, (void *s, void *p, int n), (s, p, n))
STUB(int, SSL_write, -1, (void *s, const void *p, int n), (s, p, n))
STUB(int, SSL_shutdown, -1, (void *s), (s))
STUB(void *, BIO_meth_new, NULL, (int t, const char *n), (t, n))
STUB(int, BIO_meth_set_read, 0, (void *m, void *f), (m, f))
STUB(int, BIO_meth_set_write, 0, (void *m, void *f), (m, f))
STUB(int, BIO_meth_set_ctrl, 0, (void *m, void *f), (m, f))
STUB(void *, BIO_new, NULL, (const void *m), (m))
STUB(int, X509_VERIFY_PARAM_set1_host, 0,
    (void *p, const char *n, size_t l), (p, n, l))
STUB(int, X509_VERIFY_PARAM_set1_ip_asc, 0, (void *p, const char *a), (p, a))
STUB(const char *, ERR_reason_error_string, NULL, (unsigned long e), (e))
STUB(const char *, X509_verify_cert_error_string, NULL, (long e), (e))
