/*
 * tls_engine.c - see tls_engine.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "tls_engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The engine that the library works for just now.  The library's callbacks
 * come only from inside of its functions that are called here, and they are
 * given nothing by which they could find their engine: what they are given
 * can only be asked through functions that stand in the settings.
 */
static _Thread_local struct reactor_tls_engine *tls_engine_inside;

static const struct reactor_tls_functions *
tls_engine_functions(const struct reactor_tls_engine *e)
{
	return &e->settings->library.f;
}

/* ---- what the library calls: the BIO ---- */

/* Gives the library received bytes, or says that there are none now. */
static int
tls_engine_bio_read(struct bio_st *bio, char *at, int room)
{
	struct reactor_tls_engine *e = tls_engine_inside;
	const struct reactor_tls_functions *f = tls_engine_functions(e);
	int flags = REACTOR_TLS_BIO_READ | REACTOR_TLS_BIO_RETRY;
	size_t len = e->in_len;

	f->BIO_clear_flags(bio, flags);
	if (len == 0 && e->in_end)
		return 0;
	if (len == 0) {
		f->BIO_set_flags(bio, flags);
		return -1;
	}
	if (len > (size_t)room)
		len = (size_t)room;
	memcpy(at, e->in, len);
	e->in += len;
	e->in_len -= len;
	return (int)len;
}

/* Hands the records that were collected to the transport below. */
static void
tls_engine_send_records(struct reactor_tls_engine *e)
{
	struct reactor_tls_settings *s = e->settings;
	size_t len = s->records_len;

	s->records_len = 0;
	if (len > 0)
		transport_write(e->below, s->records, len);
}

static int
tls_engine_bio_write(struct bio_st *bio, const char *at, int len)
{
	struct reactor_tls_settings *s = tls_engine_inside->settings;
	size_t left = (size_t)len, n;

	(void)bio;
	while (left > 0) {
		if (s->records_len == sizeof(s->records))
			tls_engine_send_records(tls_engine_inside);
		n = sizeof(s->records) - s->records_len;
		if (n > left)
			n = left;
		memcpy(s->records + s->records_len, at, n);
		s->records_len += n;
		at += n;
		left -= n;
	}
	return len;
}

/* Questions of the library to the BIO; 0 answers those that it has not. */
static long
tls_engine_bio_ctrl(struct bio_st *bio, int what, long number, void *at)
{
	const struct reactor_tls_engine *e = tls_engine_inside;

	(void)bio;
	(void)number;
	(void)at;
	if (what == REACTOR_TLS_BIO_CTRL_FLUSH ||
	    what == REACTOR_TLS_BIO_CTRL_DUP)
		return 1;
	if (what == REACTOR_TLS_BIO_CTRL_EOF && e != NULL)
		return e->in_end && e->in_len == 0;
	return 0;
}

/* ---- what the library calls: certificates and sessions ---- */

/* Keeps what the certificate of the peer says, where that is wanted. */
static void
tls_engine_keep_certificate(
    struct reactor_tls_engine *e, const struct x509_st *c)
{
	const struct reactor_tls_functions *f = tls_engine_functions(e);
	struct reactor_tls_certificate *kept = e->certificate;

	if (c == NULL || !e->settings->keep_certificate)
		return;
	if (kept == NULL)
		kept = e->certificate = calloc(1, sizeof(*kept));
	if (kept == NULL)
		return;			/* it is not known, then */
	f->X509_NAME_oneline(f->X509_get_subject_name(c), kept->subject,
	    sizeof(kept->subject));
	f->X509_NAME_oneline(f->X509_get_issuer_name(c), kept->issuer,
	    sizeof(kept->issuer));
	reactor_tls_words_time(f, f->X509_get0_notAfter(c), kept->expires);
}

/* Memory for words; NULL without: then the error's number must do. */
static char *
tls_engine_why(struct reactor_tls_engine *e)
{
	if (e->why == NULL)
		e->why = calloc(1, REACTOR_TLS_WHY);
	return e->why;
}

/*
 * Is called for each certificate of the chain that the peer has sent, and
 * decides whether a fault that was found counts.
 */
static int
tls_engine_verified(int ok, struct x509_store_ctx_st *store)
{
	struct reactor_tls_engine *e = tls_engine_inside;
	const struct reactor_tls_functions *f = tls_engine_functions(e);

	if (f->X509_STORE_CTX_get_error_depth(store) == 0)
		tls_engine_keep_certificate(e,
		    f->X509_STORE_CTX_get_current_cert(store));
	if (e->settings->unverified)
		return 1;
	if (!ok && e->why == NULL && tls_engine_why(e) != NULL)
		reactor_tls_words_certificate(f, store, e->host, e->why);
	return ok;
}

/* A session for later connections; with TLS 1.3, some time after this one. */
static int
tls_engine_new_session(struct ssl_st *ssl, struct ssl_session_st *session)
{
	struct reactor_tls_engine *e = tls_engine_inside;

	(void)ssl;
	return e != NULL && reactor_tls_session_keep(e->settings, e->host,
	    e->host_len, e->port, session);
}

/* ---- making ---- */

/* Gives the library the callbacks, with the first engine of the settings. */
static int
tls_engine_prepare(struct reactor_tls_settings *s)
{
	const struct reactor_tls_functions *f = &s->library.f;
	struct bio_method_st *m;

	if (s->method != NULL)
		return 0;
	m = f->BIO_meth_new(REACTOR_TLS_BIO_SOURCE_SINK, "transport");
	if (m == NULL)
		return -ENOMEM;
	if (f->BIO_meth_set_read(m, tls_engine_bio_read) != 1 ||
	    f->BIO_meth_set_write(m, tls_engine_bio_write) != 1 ||
	    f->BIO_meth_set_ctrl(m, tls_engine_bio_ctrl) != 1) {
		f->BIO_meth_free(m);
		return -ENOMEM;
	}
	s->method = m;
	if (s->server)
		return 0;
	f->SSL_CTX_set_verify(s->context, s->unverified ?
	    REACTOR_TLS_VERIFY_NONE : REACTOR_TLS_VERIFY_PEER,
	    tls_engine_verified);
	f->SSL_CTX_sess_set_new_cb(s->context, tls_engine_new_session);
	return 0;
}

/*
 * Names the peer to the library: to be asked for (SNI, RFC 6066: a name, not
 * an address), and to be verified (RFC 9525: by subjectAltName alone).
 */
static bool
tls_engine_name_peer(struct reactor_tls_engine *e)
{
	const struct reactor_tls_functions *f = tls_engine_functions(e);
	struct X509_VERIFY_PARAM_st *param = f->SSL_get0_param(e->ssl);
	struct reactor_address a;
	bool numeric = reactor_address_parse(&a, e->host, e->host_len, 0) == 0;
	bool unverified = e->settings->unverified;
	int named;

	if (e->host_len == 0 || strlen(e->host) != e->host_len)
		return unverified;
	if (!numeric && f->SSL_ctrl(e->ssl, REACTOR_TLS_CTRL_SERVER_NAME, 0,
	    e->host) != 1)
		return unverified;
	if (unverified)
		return true;
	f->X509_VERIFY_PARAM_set_hostflags(param,
	    REACTOR_TLS_NO_PARTIAL_WILDCARDS | REACTOR_TLS_NEVER_SUBJECT);
	named = numeric ? f->X509_VERIFY_PARAM_set1_ip_asc(param, e->host) :
	    f->X509_VERIFY_PARAM_set1_host(param, e->host, e->host_len);
	return named == 1;
}

/* Makes the library's side of a client; false if it would not be safe. */
static bool
tls_engine_make_client(struct reactor_tls_engine *e)
{
	const struct reactor_tls_functions *f = tls_engine_functions(e);
	const unsigned char *alpn = e->settings->alpn;
	struct ssl_session_st *session;

	f->SSL_set_connect_state(e->ssl);
	if (!tls_engine_name_peer(e))
		return false;
	if (alpn[0] > 0 &&
	    f->SSL_set_alpn_protos(e->ssl, alpn, alpn[0] + 1u) != 0)
		return false;
	session = reactor_tls_session_find(e->settings, e->host, e->host_len,
	    e->port);
	if (session != NULL)
		f->SSL_set_session(e->ssl, session);
	return true;
}

/* Makes the library's side; false without memory. */
static bool
tls_engine_make(struct reactor_tls_engine *e)
{
	const struct reactor_tls_functions *f = tls_engine_functions(e);
	struct bio_st *bio;

	if (tls_engine_prepare(e->settings) != 0)
		return false;
	e->ssl = f->SSL_new(e->settings->context);
	if (e->ssl == NULL)
		return false;
	bio = f->BIO_new(e->settings->method);
	if (bio == NULL)
		return false;
	f->BIO_set_init(bio, 1);
	f->SSL_set_bio(e->ssl, bio, bio);	/* which frees it, too */
	if (!e->settings->server)
		return tls_engine_make_client(e);
	f->SSL_set_accept_state(e->ssl);
	return true;
}

/* The host as certificates have it: without brackets and final dot. */
static const char *
tls_engine_host(const char *host, size_t *len)
{
	if (*len > 1 && host[0] == '[' && host[*len - 1] == ']') {
		*len -= 2;
		return host + 1;
	}
	if (*len > 1 && host[*len - 1] == '.')
		--*len;
	return host;
}

struct reactor_tls_engine *
reactor_tls_engine_new(struct reactor_tls_settings *settings,
    const char *host, size_t len, uint16_t port)
{
	struct reactor_tls_engine *e;

	host = tls_engine_host(host, &len);
	e = calloc(1, sizeof(*e) + len + 1);
	if (e == NULL)
		return NULL;
	e->settings = settings;
	e->port = port;
	e->host = (char *)(e + 1);
	e->host_len = len;
	if (len > 0)
		memcpy(e->host, host, len);
	settings->holders++;
	if (tls_engine_make(e))
		return e;
	reactor_tls_engine_free(e);
	return NULL;
}

void
reactor_tls_engine_free(struct reactor_tls_engine *e)
{
	const struct reactor_tls_functions *f = tls_engine_functions(e);

	if (e->ssl != NULL) {
		/* Whoever cuts a connection does not spoil its session. */
		f->SSL_set_shutdown(e->ssl, REACTOR_TLS_SENT_SHUTDOWN |
		    REACTOR_TLS_RECEIVED_SHUTDOWN);
		f->SSL_free(e->ssl);
	}
	free(e->certificate);
	free(e->why);
	reactor_tls_settings_release(e->settings);
	free(e);
}

/* ---- calling the library ---- */

/*
 * To be called in front of each function that may read or write.  Errors that
 * others have left are taken away one by one: mostly there are none, and
 * ERR_clear_error would write over all of their places even then.
 */
static const struct reactor_tls_functions *
tls_engine_enter(struct reactor_tls_engine *e)
{
	const struct reactor_tls_functions *f = tls_engine_functions(e);

	tls_engine_inside = e;
	while (f->ERR_get_error() != 0)
		;
	return f;
}

/* And after it: sends what came out, and says what the result n means. */
static int
tls_engine_leave(struct reactor_tls_engine *e, int n)
{
	int error = n > 0 ? REACTOR_TLS_ERROR_NONE :
	    tls_engine_functions(e)->SSL_get_error(e->ssl, n);

	tls_engine_inside = NULL;
	tls_engine_send_records(e);
	return error;
}

/* Whether a handshake failed since the certificate was refused. */
static bool
tls_engine_is_refused(const struct reactor_tls_engine *e)
{
	const struct reactor_tls_settings *s = e->settings;

	return !e->done && !s->server && !s->unverified && (e->why != NULL ||
	    tls_engine_functions(e)->SSL_get_verify_result(e->ssl) != 0);
}

/* What an error of the library means; keeps its words. */
static int
tls_engine_explain(struct reactor_tls_engine *e, int error)
{
	char words[REACTOR_TLS_WHY];
	int reason = reactor_tls_words_error(tls_engine_functions(e), words);

	if (tls_engine_is_refused(e))
		return REACTOR_TLS_E_CERTIFICATE;
	if (reason == REACTOR_TLS_E_PROTOCOL && e->in_end && e->in_len == 0) {
		reason = REACTOR_TLS_E_TRUNCATED;
		snprintf(words, sizeof(words), "%s", e->done ? "" :
		    "the peer closed the connection in the TLS handshake");
	} else if (reason == REACTOR_TLS_E_PROTOCOL && words[0] == '\0' &&
	    error == REACTOR_TLS_ERROR_SYSCALL) {
		return -ENOMEM;
	}
	if (words[0] != '\0' && tls_engine_why(e) != NULL)
		memcpy(e->why, words, sizeof(words));
	return reason;
}

int
reactor_tls_engine_handshake(struct reactor_tls_engine *e)
{
	const struct reactor_tls_functions *f = tls_engine_enter(e);
	int error = tls_engine_leave(e, f->SSL_do_handshake(e->ssl));

	if (error == REACTOR_TLS_ERROR_WANT_READ)
		return 0;
	if (error != REACTOR_TLS_ERROR_NONE)
		return tls_engine_explain(e, error);
	e->done = true;
	return 1;
}

int
reactor_tls_engine_encrypt(struct reactor_tls_engine *e,
    const char *at, size_t len, size_t *taken)
{
	const struct reactor_tls_functions *f = tls_engine_enter(e);
	size_t done = 0, piece;
	int n = 1, error;

	while (done < len) {
		piece = len - done;
		if (piece > REACTOR_TLS_RECORD)
			piece = REACTOR_TLS_RECORD;
		n = f->SSL_write(e->ssl, at + done, (int)piece);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	error = tls_engine_leave(e, n);
	*taken = done;
	if (error == REACTOR_TLS_ERROR_NONE ||
	    error == REACTOR_TLS_ERROR_WANT_READ)
		return 0;
	return tls_engine_explain(e, error);
}

/*
 * The library takes no more bytes than those of the record that it needs.  So
 * once it has given what a record has, and no bytes are left, it holds none;
 * to be told so by one more call would cost as much as a small record.
 */
int
reactor_tls_engine_decrypt(struct reactor_tls_engine *e,
    char *at, size_t room, size_t *len)
{
	const struct reactor_tls_functions *f = tls_engine_enter(e);
	size_t done = 0;
	int n = 1, error;

	while (done < room && (done == 0 || e->in_len > 0)) {
		n = f->SSL_read(e->ssl, at + done, (int)(room - done));
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	error = tls_engine_leave(e, n);
	*len = done;
	if (error == REACTOR_TLS_ERROR_ZERO_RETURN)
		return 1;
	if (error == REACTOR_TLS_ERROR_NONE ||
	    error == REACTOR_TLS_ERROR_WANT_READ)
		return 0;
	return tls_engine_explain(e, error);
}

void
reactor_tls_engine_close(struct reactor_tls_engine *e)
{
	const struct reactor_tls_functions *f = tls_engine_enter(e);

	f->SSL_shutdown(e->ssl);
	(void)tls_engine_leave(e, 1);
}

const char *
reactor_tls_engine_words(const struct reactor_tls_engine *e)
{
	return e->why != NULL ? e->why : "";
}

void
reactor_tls_engine_not_tls(
    struct reactor_tls_engine *e, const char *at, size_t len)
{
	if (tls_engine_why(e) != NULL)
		reactor_tls_words_not_tls(at, len, e->why);
}

void
reactor_tls_engine_drop_session(struct reactor_tls_engine *e)
{
	reactor_tls_session_drop(e->settings, e->host, e->host_len, e->port);
}

/* ---- facts ---- */

/* Whether the peer has agreed to our protocol (RFC 7301). */
static bool
tls_engine_agreed(const struct reactor_tls_engine *e)
{
	const unsigned char *chosen = NULL, *ours = e->settings->alpn;
	unsigned len = 0;

	tls_engine_functions(e)->SSL_get0_alpn_selected(
	    e->ssl, &chosen, &len);
	return len > 0 && len == ours[0] && memcmp(chosen, ours + 1, len) == 0;
}

/* Whether an earlier session was resumed. */
static bool
tls_engine_is_resumed(const struct reactor_tls_engine *e)
{
	const struct reactor_tls_functions *f = tls_engine_functions(e);

	if (f->SSL_session_reused != NULL)
		return f->SSL_session_reused(e->ssl) == 1;
	return f->SSL_ctrl(
	    e->ssl, REACTOR_TLS_CTRL_SESSION_REUSED, 0, NULL) == 1;
}

void
reactor_tls_engine_facts(
    const struct reactor_tls_engine *e, struct reactor_tls_facts *facts)
{
	const struct reactor_tls_functions *f = tls_engine_functions(e);
	const struct reactor_tls_settings *s = e->settings;
	const struct reactor_tls_certificate *c = e->certificate;

	facts->version = f->SSL_get_version(e->ssl);
	facts->alpn = tls_engine_agreed(e) ? (const char *)s->alpn + 1 : "";
	facts->verified = !s->server && !s->unverified &&
	    f->SSL_get_verify_result(e->ssl) == 0;
	facts->resumed = tls_engine_is_resumed(e);
	facts->subject = c != NULL ? c->subject : "";
	facts->issuer = c != NULL ? c->issuer : "";
	facts->expires = c != NULL ? c->expires : "";
}
