/*
 * plain.c - a libssl that hides nothing, as a shared object: for tests of what
 * lies around TLS, thousands of times a second.
 *
 *	cc -shared -fPIC -o libplain.so test/tls/plain.c
 *
 * Its records look as RFC 8446 section 5.1 has them, a type, a version and a
 * length in front of so many bytes, but what is in them can be read:
 *
 *      client                                  server
 *      22: the protocols that it knows    ->
 *                                         <-   22: the one chosen, or nothing
 *      23: bytes                         <->   23: bytes
 *      21: close_notify                  <->   21: close_notify
 *
 * There are no certificates, so that each peer is taken for whom it says it
 * is; and each handshake of a client leaves a session to be resumed.
 *
 * Only what Spindle calls is here, under the names of the real one.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <stdlib.h>
#include <string.h>

#include "../../reactor/tls_library.h"

enum {
	PLAIN_HEADER = 5, PLAIN_LONGEST = 16384 + 256,
	PLAIN_ALERT = 21, PLAIN_HANDSHAKE = 22, PLAIN_BYTES = 23,
	PLAIN_PROTOCOLS = 256
};

struct bio_method_st {
	int (*read)(struct bio_st *, char *, int);
	int (*write)(struct bio_st *, const char *, int);
};

struct bio_st {
	const struct bio_method_st *method;
	int flags;
};

struct ssl_session_st {
	int holders;
};

struct ssl_ctx_st {
	reactor_tls_alpn_callback *choose;
	void *choose_arg;
	reactor_tls_session_callback *keep;
};

struct ssl_st {
	struct ssl_ctx_st *context;
	struct bio_st *bio;
	int server, said_hello, ready, reused;
	int shutdown;			/* what was sent, what has come */
	int error;			/* of the last call that failed */
	unsigned char protocols[PLAIN_PROTOCOLS];	/* known, then chosen */
	int protocols_len;
	unsigned char record[PLAIN_HEADER + PLAIN_LONGEST];
	int have;			/* bytes of it that have come, */
	int given;			/* and were passed on; 0: none yet */
	int len;			/* of its content */
};

/* ---- records ---- */

/* Notes why a call fails, and returns what it returns then. */
static int
plain_fail(struct ssl_st *s, int error, int returned)
{
	s->error = error;
	return returned;
}

/* Reads until there are `len` bytes of the record; 1, or a failure. */
static int
plain_receive(struct ssl_st *s, int len)
{
	int n;

	while (s->have < len) {
		n = s->bio->method->read(
		    s->bio, (char *)s->record + s->have, len - s->have);
		if (n > 0)
			s->have += n;
		else if ((s->bio->flags & REACTOR_TLS_BIO_RETRY) != 0)
			return plain_fail(s, REACTOR_TLS_ERROR_WANT_READ, -1);
		else
			return plain_fail(s, REACTOR_TLS_ERROR_SSL, n);
	}
	return 1;
}

/*
 * Reads a record, unless there is content left: only a whole one counts, as
 * where each must first be authenticated.  1, or a failure.
 */
static int
plain_record(struct ssl_st *s)
{
	const unsigned char *h = s->record;
	int n;

	if (s->given < s->have && s->given > 0)
		return 1;
	n = plain_receive(s, PLAIN_HEADER);
	if (n <= 0)
		return n;
	s->len = h[3] * 256 + h[4];
	if (h[0] < PLAIN_ALERT || h[0] > PLAIN_BYTES || h[1] != 3 ||
	    h[2] != 3 || s->len == 0 || s->len > PLAIN_LONGEST)
		return plain_fail(s, REACTOR_TLS_ERROR_SSL, -1);
	n = plain_receive(s, PLAIN_HEADER + s->len);
	if (n > 0)
		s->given = PLAIN_HEADER;
	return n;
}

/* Copies some of the record's content; behind it the next one begins. */
static int
plain_give(struct ssl_st *s, void *at, int room)
{
	int n = s->have - s->given;

	if (n > room)
		n = room;
	memcpy(at, s->record + s->given, (size_t)n);
	s->given += n;
	if (s->given == s->have)
		s->given = s->have = 0;
	return n;
}

static void
plain_send(struct ssl_st *s, int type, const void *at, int len)
{
	const char header[PLAIN_HEADER] = {
		(char)type, 3, 3, (char)(len / 256), (char)(len % 256)
	};

	s->bio->method->write(s->bio, header, PLAIN_HEADER);
	s->bio->method->write(s->bio, at, len);
}

/* An alert: close_notify ends what can be read, any other all. */
static int
plain_alert(struct ssl_st *s)
{
	if (s->len != 2 || s->record[PLAIN_HEADER + 1] != 0)
		return plain_fail(s, REACTOR_TLS_ERROR_SSL, -1);
	s->shutdown |= REACTOR_TLS_RECEIVED_SHUTDOWN;
	return plain_fail(s, REACTOR_TLS_ERROR_ZERO_RETURN, 0);
}

/* ---- handshake ---- */

/* What this side knows or has chosen, behind a byte of no meaning. */
static void
plain_hello(struct ssl_st *s, const void *at, int len)
{
	unsigned char hello[1 + PLAIN_PROTOCOLS] = { 1 };

	memcpy(hello + 1, at, (size_t)len);
	plain_send(s, PLAIN_HANDSHAKE, hello, len + 1);
	s->said_hello = 1;
}

/* The server answers a client that knows these protocols. */
static int
plain_answer(struct ssl_st *s, const unsigned char *known, int len)
{
	const unsigned char *chosen = NULL;
	unsigned char chosen_len = 0;

	if (s->context->choose != NULL && len > 0 && s->context->choose(s,
	    &chosen, &chosen_len, known, (unsigned)len,
	    s->context->choose_arg) == 0) {
		memcpy(s->protocols, chosen, chosen_len);
		s->protocols_len = chosen_len;
	}
	plain_hello(s, s->protocols, s->protocols_len);
	return 1;
}

/* The client takes note of what was chosen, and keeps a session. */
static int
plain_accepted(struct ssl_st *s, const unsigned char *chosen, int len)
{
	struct ssl_session_st *session;

	memcpy(s->protocols, chosen, (size_t)len);
	s->protocols_len = len;
	session = s->context->keep != NULL ? malloc(sizeof(*session)) : NULL;
	if (session == NULL)
		return 1;
	session->holders = 1;
	if (s->context->keep(s, session) != 1)
		free(session);
	return 1;
}

int
SSL_do_handshake(struct ssl_st *s)
{
	unsigned char hello[1 + PLAIN_PROTOCOLS];
	int n;

	if (s->ready)
		return 1;
	if (!s->server && !s->said_hello) {
		plain_hello(s, s->protocols, s->protocols_len);
		s->protocols_len = 0;
	}
	n = plain_record(s);
	if (n <= 0)
		return n;
	if (s->record[0] != PLAIN_HANDSHAKE || s->len > (int)sizeof(hello))
		return plain_fail(s, REACTOR_TLS_ERROR_SSL, -1);
	n = plain_give(s, hello, s->len) - 1;
	s->ready = 1;
	return s->server ? plain_answer(s, hello + 1, n) :
	    plain_accepted(s, hello + 1, n);
}

/* ---- bytes ---- */

int
SSL_read(struct ssl_st *s, void *at, int room)
{
	int n;

	if ((s->shutdown & REACTOR_TLS_RECEIVED_SHUTDOWN) != 0)
		return plain_fail(s, REACTOR_TLS_ERROR_ZERO_RETURN, 0);
	n = plain_record(s);
	if (n <= 0)
		return n;
	if (s->record[0] == PLAIN_ALERT)
		return plain_alert(s);
	if (s->record[0] != PLAIN_BYTES)
		return plain_fail(s, REACTOR_TLS_ERROR_SSL, -1);
	return plain_give(s, at, room);
}

int
SSL_write(struct ssl_st *s, const void *at, int len)
{
	plain_send(s, PLAIN_BYTES, at, len);
	return len;
}

int
SSL_shutdown(struct ssl_st *s)
{
	static const char close_notify[2] = { 1, 0 };

	if ((s->shutdown & REACTOR_TLS_SENT_SHUTDOWN) == 0)
		plain_send(s, PLAIN_ALERT, close_notify, 2);
	s->shutdown |= REACTOR_TLS_SENT_SHUTDOWN;
	return (s->shutdown & REACTOR_TLS_RECEIVED_SHUTDOWN) != 0;
}

void
SSL_set_shutdown(struct ssl_st *s, int shutdown)
{
	s->shutdown = shutdown;
}

int
SSL_get_error(const struct ssl_st *s, int returned)
{
	return returned > 0 ? REACTOR_TLS_ERROR_NONE : s->error;
}

/* ---- connections ---- */

struct ssl_st *
SSL_new(struct ssl_ctx_st *context)
{
	struct ssl_st *s = calloc(1, sizeof(*s));

	if (s != NULL)
		s->context = context;
	return s;
}

void
SSL_free(struct ssl_st *s)
{
	free(s->bio);
	free(s);
}

void
SSL_set_bio(struct ssl_st *s, struct bio_st *in, struct bio_st *out)
{
	(void)out;			/* the same one */
	s->bio = in;
}

void
SSL_set_connect_state(struct ssl_st *s)
{
	s->server = 0;
}

void
SSL_set_accept_state(struct ssl_st *s)
{
	s->server = 1;
}

long
SSL_ctrl(struct ssl_st *s, int what, long number, void *at)
{
	(void)number;
	(void)at;
	return what == REACTOR_TLS_CTRL_SESSION_REUSED ? s->reused : 1;
}

int
SSL_set_alpn_protos(struct ssl_st *s, const unsigned char *at, unsigned len)
{
	if (len > sizeof(s->protocols))
		return 1;		/* a failure, of this one function */
	memcpy(s->protocols, at, len);
	s->protocols_len = (int)len;
	return 0;
}

void
SSL_get0_alpn_selected(
    const struct ssl_st *s, const unsigned char **at, unsigned *len)
{
	*at = s->protocols;
	*len = s->ready ? (unsigned)s->protocols_len : 0;
}

const char *
SSL_get_version(const struct ssl_st *s)
{
	(void)s;
	return "plain";
}

long
SSL_get_verify_result(const struct ssl_st *s)
{
	(void)s;
	return 0;
}

int
SSL_set_session(struct ssl_st *s, struct ssl_session_st *session)
{
	(void)session;			/* there is nothing to be learned */
	s->reused = 1;
	return 1;
}

int
SSL_session_reused(const struct ssl_st *s)
{
	return s->reused;
}

void
SSL_SESSION_free(struct ssl_session_st *session)
{
	if (session != NULL && --session->holders == 0)
		free(session);
}

/* ---- contexts ---- */

const struct ssl_method_st *
TLS_client_method(void)
{
	return NULL;
}

const struct ssl_method_st *
TLS_server_method(void)
{
	return NULL;
}

struct ssl_ctx_st *
SSL_CTX_new(const struct ssl_method_st *method)
{
	(void)method;
	return calloc(1, sizeof(struct ssl_ctx_st));
}

void
SSL_CTX_free(struct ssl_ctx_st *context)
{
	free(context);
}

void
SSL_CTX_set_alpn_select_cb(
    struct ssl_ctx_st *context, reactor_tls_alpn_callback *choose, void *arg)
{
	context->choose = choose;
	context->choose_arg = arg;
}

void
SSL_CTX_sess_set_new_cb(
    struct ssl_ctx_st *context, reactor_tls_session_callback *keep)
{
	context->keep = keep;
}

/* ---- BIOs ---- */

struct bio_method_st *
BIO_meth_new(int type, const char *name)
{
	(void)type;
	(void)name;
	return calloc(1, sizeof(struct bio_method_st));
}

void
BIO_meth_free(struct bio_method_st *method)
{
	free(method);
}

int
BIO_meth_set_read(struct bio_method_st *method,
    int (*read)(struct bio_st *, char *, int))
{
	method->read = read;
	return 1;
}

int
BIO_meth_set_write(struct bio_method_st *method,
    int (*write)(struct bio_st *, const char *, int))
{
	method->write = write;
	return 1;
}

int
BIO_meth_set_ctrl(struct bio_method_st *method,
    long (*ctrl)(struct bio_st *, int, long, void *))
{
	(void)method;
	(void)ctrl;			/* nothing is asked */
	return 1;
}

struct bio_st *
BIO_new(const struct bio_method_st *method)
{
	struct bio_st *b = calloc(1, sizeof(*b));

	if (b != NULL)
		b->method = method;
	return b;
}

void
BIO_set_flags(struct bio_st *b, int flags)
{
	b->flags |= flags;
}

void
BIO_clear_flags(struct bio_st *b, int flags)
{
	b->flags &= ~flags;
}

/* ---- what always says the same ---- */

/* PLAIN(type, name, (parameters), what it returns) */
#define PLAIN(type, name, parameters, returned) \
	type name parameters; \
	type \
	name parameters \
	{ \
		return returned; \
	}

PLAIN(const char *, OpenSSL_version, (int what), "plain")
PLAIN(long, SSL_CTX_ctrl,
    (struct ssl_ctx_st *c, int what, long number, void *at), 1)
PLAIN(int, SSL_CTX_set_default_verify_paths, (struct ssl_ctx_st *c), 1)
PLAIN(int, SSL_CTX_load_verify_locations,
    (struct ssl_ctx_st *c, const char *file, const char *directory), 1)
PLAIN(int, SSL_CTX_use_certificate_chain_file,
    (struct ssl_ctx_st *c, const char *file), 1)
PLAIN(int, SSL_CTX_use_PrivateKey_file,
    (struct ssl_ctx_st *c, const char *file, int type), 1)
PLAIN(int, SSL_CTX_check_private_key, (const struct ssl_ctx_st *c), 1)
PLAIN(struct X509_VERIFY_PARAM_st *, SSL_get0_param, (struct ssl_st *s), NULL)
PLAIN(int, X509_VERIFY_PARAM_set1_host,
    (struct X509_VERIFY_PARAM_st *p, const char *name, size_t len), 1)
PLAIN(int, X509_VERIFY_PARAM_set1_ip_asc,
    (struct X509_VERIFY_PARAM_st *p, const char *address), 1)
PLAIN(unsigned long, ERR_get_error, (void), 0)
PLAIN(const char *, ERR_reason_error_string, (unsigned long code), NULL)
PLAIN(const char *, X509_verify_cert_error_string, (long code), "")
PLAIN(const char *, X509_get_default_cert_file, (void), "")
PLAIN(const char *, X509_get_default_cert_dir, (void), "")
PLAIN(int, X509_STORE_CTX_get_error, (const struct x509_store_ctx_st *x), 0)
PLAIN(int, X509_STORE_CTX_get_error_depth,
    (const struct x509_store_ctx_st *x), 0)
PLAIN(struct x509_st *, X509_STORE_CTX_get_current_cert,
    (const struct x509_store_ctx_st *x), NULL)
PLAIN(struct X509_name_st *, X509_get_subject_name,
    (const struct x509_st *c), NULL)
PLAIN(struct X509_name_st *, X509_get_issuer_name,
    (const struct x509_st *c), NULL)
PLAIN(char *, X509_NAME_oneline,
    (const struct X509_name_st *name, char *text, int room), NULL)
PLAIN(const struct asn1_string_st *, X509_get0_notBefore,
    (const struct x509_st *c), NULL)
PLAIN(const struct asn1_string_st *, X509_get0_notAfter,
    (const struct x509_st *c), NULL)
PLAIN(int, X509_get_ext_by_NID,
    (const struct x509_st *c, int what, int after), -1)
PLAIN(struct X509_extension_st *, X509_get_ext,
    (const struct x509_st *c, int at), NULL)
PLAIN(struct asn1_string_st *, X509_EXTENSION_get_data,
    (struct X509_extension_st *e), NULL)
PLAIN(const unsigned char *, ASN1_STRING_get0_data,
    (const struct asn1_string_st *a), NULL)
PLAIN(int, ASN1_STRING_length, (const struct asn1_string_st *a), 0)

/* And what there is nothing to do for. */
#define PLAIN_NOTHING(name, parameters) \
	void name parameters; \
	void \
	name parameters \
	{ \
	}

PLAIN_NOTHING(SSL_CTX_set_verify, (struct ssl_ctx_st *c, int mode,
    reactor_tls_verify_callback *verify))
PLAIN_NOTHING(X509_VERIFY_PARAM_set_hostflags,
    (struct X509_VERIFY_PARAM_st *p, unsigned flags))
PLAIN_NOTHING(BIO_set_init, (struct bio_st *b, int made))
PLAIN_NOTHING(ERR_clear_error, (void))
