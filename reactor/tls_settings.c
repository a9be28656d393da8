/*
 * tls_settings.c - see tls_settings.h.
 *
 * Sessions lie in a table of sets of four: a host and port choose the set, in
 * which the youngest four are kept.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "tls_settings.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	TLS_SESSIONS = 1024,		/* kept, where nothing else is said */
	TLS_SESSIONS_MAX = 1048576,
	TLS_SESSION_SET = 4
};

/* Where systems keep the certificates of the authorities that they trust. */
static const char *const tls_settings_bundles[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/cert.pem",
	"/etc/ssl/ca-bundle.pem",
	"/usr/local/share/certs/ca-root-nss.crt",
};

static const struct {
	int error;
	const char *words;
} tls_settings_errors[] = {
	{ REACTOR_TLS_E_LIBRARY, "no TLS library" },
	{ REACTOR_TLS_E_TRUST, "no certificates to trust" },
	{ REACTOR_TLS_E_FILE, "certificate or key file not usable" },
	{ REACTOR_TLS_E_CERTIFICATE, "certificate not trusted" },
	{ REACTOR_TLS_E_NOT_TLS, "peer does not speak TLS" },
	{ REACTOR_TLS_E_VERSION, "TLS version too old" },
	{ REACTOR_TLS_E_ALERT, "refused by a TLS alert" },
	{ REACTOR_TLS_E_PROTOCOL, "TLS protocol error" },
	{ REACTOR_TLS_E_TRUNCATED, "cut short: closed without close_notify" },
	{ REACTOR_TLS_E_TIMEOUT, "TLS handshake took too long" },
};

const char *
reactor_tls_strerror(int error)
{
	size_t i, n = sizeof(tls_settings_errors) /
	    sizeof(tls_settings_errors[0]);

	for (i = 0; i < n; i++)
		if (tls_settings_errors[i].error == error)
			return tls_settings_errors[i].words;
	return NULL;
}

/* ---- whom to trust ---- */

static bool
tls_settings_has_file(const char *name)
{
	struct stat s;

	return name != NULL && stat(name, &s) == 0 && S_ISREG(s.st_mode) &&
	    s.st_size > 0;
}

/* Whether a directory has any file that is not hidden. */
static bool
tls_settings_has_entries(const char *name)
{
	DIR *d = name != NULL ? opendir(name) : NULL;
	const struct dirent *e = NULL;

	if (d == NULL)
		return false;
	while ((e = readdir(d)) != NULL && e->d_name[0] == '.')
		;
	closedir(d);
	return e != NULL;
}

/* Trusts what the system trusts.  It must be found: nothing is no trust. */
static int
tls_settings_trust_system(struct reactor_tls_settings *s, char *why)
{
	const struct reactor_tls_functions *f = &s->library.f;
	const char *file = f->X509_get_default_cert_file();
	const char *directory = f->X509_get_default_cert_dir();
	size_t i, n = sizeof(tls_settings_bundles) /
	    sizeof(tls_settings_bundles[0]);

	if ((tls_settings_has_file(file) ||
	    tls_settings_has_entries(directory)) &&
	    f->SSL_CTX_set_default_verify_paths(s->context) == 1)
		return 0;
	for (i = 0; i < n; i++)
		if (tls_settings_has_file(tls_settings_bundles[i]) &&
		    f->SSL_CTX_load_verify_locations(s->context,
		    tls_settings_bundles[i], NULL) == 1)
			return 0;
	snprintf(why, REACTOR_TLS_WHY, "no certificates to trust: nothing in "
	    "%s, %s or the usual files (install ca-certificates, or name a "
	    "file: --cacert)", file, directory);
	return REACTOR_TLS_E_TRUST;
}

/* Says that a file cannot be used, and what the library says of it. */
static int
tls_settings_bad_file(struct reactor_tls_settings *s, const char *file,
    char *why)
{
	const char *reason = s->library.f.ERR_reason_error_string(
	    s->library.f.ERR_get_error());

	snprintf(why, REACTOR_TLS_WHY, "%s: %s", file,
	    reason != NULL ? reason : "not usable");
	s->library.f.ERR_clear_error();
	return REACTOR_TLS_E_FILE;
}

static int
tls_settings_trust(struct reactor_tls_settings *s,
    const struct reactor_tls_options *o, char *why)
{
	const struct reactor_tls_functions *f = &s->library.f;

	if (o->unverified)
		return 0;
	if (o->ca_file == NULL && o->ca_directory == NULL)
		return tls_settings_trust_system(s, why);
	if (f->SSL_CTX_load_verify_locations(s->context, o->ca_file,
	    o->ca_directory) == 1)
		return 0;
	return tls_settings_bad_file(s, o->ca_file != NULL ? o->ca_file :
	    o->ca_directory, why);
}

/* ---- what a server shows ---- */

static int
tls_settings_identify(struct reactor_tls_settings *s,
    const struct reactor_tls_options *o, char *why)
{
	const struct reactor_tls_functions *f = &s->library.f;

	if (o->certificate_file == NULL || o->key_file == NULL) {
		snprintf(why, REACTOR_TLS_WHY,
		    "a TLS server needs a certificate and its key");
		return REACTOR_TLS_E_FILE;
	}
	if (f->SSL_CTX_use_certificate_chain_file(s->context,
	    o->certificate_file) != 1)
		return tls_settings_bad_file(s, o->certificate_file, why);
	if (f->SSL_CTX_use_PrivateKey_file(s->context, o->key_file,
	    REACTOR_TLS_FILE_PEM) != 1 ||
	    f->SSL_CTX_check_private_key(s->context) != 1)
		return tls_settings_bad_file(s, o->key_file, why);
	return 0;
}

/* Chooses the protocol of ours if the client offers it (RFC 7301). */
static int
tls_settings_choose(struct ssl_st *ssl, const unsigned char **out,
    unsigned char *out_len, const unsigned char *in, unsigned in_len,
    void *ctx)
{
	const struct reactor_tls_settings *s = ctx;
	unsigned char len = s->alpn[0];
	unsigned at;

	(void)ssl;
	for (at = 0; at < in_len; at += in[at] + 1u)
		if (in_len - at > len && in[at] == len &&
		    memcmp(in + at + 1, s->alpn + 1, len) == 0) {
			*out = s->alpn + 1;
			*out_len = len;
			return 0;	/* SSL_TLSEXT_ERR_OK */
		}
	return 3;			/* SSL_TLSEXT_ERR_NOACK */
}

/* ---- making ---- */

static int
tls_settings_no_memory(char *why)
{
	snprintf(why, REACTOR_TLS_WHY, "no memory for TLS");
	return -ENOMEM;
}

/* Makes the library's context, and gives it what the options say. */
static int
tls_settings_fill(struct reactor_tls_settings *s,
    const struct reactor_tls_options *o, char *why)
{
	const struct reactor_tls_functions *f = &s->library.f;
	long mode = REACTOR_TLS_MODE_PARTIAL_WRITE |
	    REACTOR_TLS_MODE_MOVING_BUFFER | REACTOR_TLS_MODE_AUTO_RETRY;

	f->ERR_clear_error();
	s->context = f->SSL_CTX_new(
	    o->server ? f->TLS_server_method() : f->TLS_client_method());
	if (s->context == NULL)
		return tls_settings_no_memory(why);
	if (!o->keep_buffers)
		mode |= REACTOR_TLS_MODE_RELEASE_BUFFERS;
	f->SSL_CTX_ctrl(s->context, REACTOR_TLS_CTRL_MODE, mode, NULL);
	if (f->SSL_CTX_ctrl(s->context, REACTOR_TLS_CTRL_MIN_VERSION,
	    REACTOR_TLS_VERSION_1_2, NULL) != 1) {
		snprintf(why, REACTOR_TLS_WHY,
		    "%s cannot be told to use TLS 1.2 at least",
		    s->library.name);
		return REACTOR_TLS_E_LIBRARY;
	}
	if (o->server) {
		if (s->alpn[0] > 0)
			f->SSL_CTX_set_alpn_select_cb(s->context,
			    tls_settings_choose, s);
		return tls_settings_identify(s, o, why);
	}
	f->SSL_CTX_ctrl(s->context, REACTOR_TLS_CTRL_SESSION_CACHE,
	    REACTOR_TLS_SESSIONS_OF_CLIENT | REACTOR_TLS_SESSIONS_NOT_INTERNAL,
	    NULL);
	return tls_settings_trust(s, o, why);
}

/* Memory for settings and the sessions of a client, or NULL. */
static struct reactor_tls_settings *
tls_settings_allocate(const struct reactor_tls_options *o)
{
	struct reactor_tls_settings *s = calloc(1, sizeof(*s));
	size_t len = o->alpn != NULL ? strlen(o->alpn) : 0;

	if (s == NULL)
		return NULL;
	s->holders = 1;
	s->server = o->server;
	s->unverified = o->unverified;
	s->keep_certificate = o->keep_certificate;
	s->alpn[0] = (unsigned char)len;
	if (len > 0)
		memcpy(s->alpn + 1, o->alpn, len);
	if (o->server)
		return s;
	s->max_sessions = o->max_sessions != 0 ? o->max_sessions :
	    TLS_SESSIONS;
	if (s->max_sessions > TLS_SESSIONS_MAX)
		s->max_sessions = TLS_SESSIONS_MAX;
	s->max_sessions += TLS_SESSION_SET - 1;
	s->max_sessions -= s->max_sessions % TLS_SESSION_SET;
	s->sessions = calloc(s->max_sessions, sizeof(s->sessions[0]));
	if (s->sessions == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

int
reactor_tls_settings_new(struct reactor_tls_settings **made,
    struct reactor *r, const struct reactor_tls_options *o,
    char why[REACTOR_TLS_WHY])
{
	struct reactor_tls_settings *s;
	int error;

	if (o->alpn != NULL && strlen(o->alpn) > sizeof(s->alpn) - 2) {
		snprintf(why, REACTOR_TLS_WHY, "ALPN name is too long");
		return -EINVAL;
	}
	s = tls_settings_allocate(o);
	if (s == NULL)
		return tls_settings_no_memory(why);
	s->reactor = r;
	if (reactor_tls_library_open(&s->library, o->library, why) != 0) {
		free(s->sessions);
		free(s);
		return REACTOR_TLS_E_LIBRARY;
	}
	error = tls_settings_fill(s, o, why);
	if (error == 0)
		*made = s;
	else
		reactor_tls_settings_release(s);
	return error;
}

void
reactor_tls_settings_release(struct reactor_tls_settings *s)
{
	const struct reactor_tls_functions *f = &s->library.f;

	if (--s->holders > 0)
		return;
	reactor_tls_forget_sessions(s);
	free(s->sessions);
	if (s->context != NULL)
		f->SSL_CTX_free(s->context);
	if (s->method != NULL)
		f->BIO_meth_free(s->method);
	reactor_tls_library_close(&s->library);
	free(s);
}

void
reactor_tls_settings_free(struct reactor_tls_settings *s)
{
	if (s != NULL)
		reactor_tls_settings_release(s);
}

const char *
reactor_tls_library_name(const struct reactor_tls_settings *s)
{
	return s->library.name;
}

const char *
reactor_tls_library_version(const struct reactor_tls_settings *s)
{
	return s->library.f.OpenSSL_version(0);
}

/* ---- sessions ---- */

/* The set in which a session of this host and port lies, FNV-1a. */
static struct reactor_tls_session *
tls_session_set(struct reactor_tls_settings *s, const char *host, size_t len,
    uint16_t port)
{
	uint32_t h = UINT32_C(2166136261) ^ port;
	size_t i;

	for (i = 0; i < len; i++)
		h = (h ^ (unsigned char)host[i]) * UINT32_C(16777619);
	return s->sessions + (h ^ h >> 16) %
	    (s->max_sessions / TLS_SESSION_SET) * TLS_SESSION_SET;
}

/* The place of a session, or NULL. */
static struct reactor_tls_session *
tls_session_look_up(struct reactor_tls_settings *s, const char *host,
    size_t len, uint16_t port)
{
	struct reactor_tls_session *set, *end;

	if (s->sessions == NULL)
		return NULL;
	set = tls_session_set(s, host, len, port);
	for (end = set + TLS_SESSION_SET; set < end; set++)
		if (set->session != NULL && set->host_len == len &&
		    set->port == port && memcmp(set->host, host, len) == 0)
			return set;
	return NULL;
}

static void
tls_session_clear(struct reactor_tls_settings *s,
    struct reactor_tls_session *at)
{
	if (at->session != NULL)
		s->library.f.SSL_SESSION_free(at->session);
	free(at->host);
	*at = (struct reactor_tls_session){ 0 };
}

struct ssl_session_st *
reactor_tls_session_find(struct reactor_tls_settings *s, const char *host,
    size_t len, uint16_t port)
{
	struct reactor_tls_session *at =
	    tls_session_look_up(s, host, len, port);

	return at != NULL ? at->session : NULL;
}

/* The place that a new session gets: a free one, or the oldest. */
static struct reactor_tls_session *
tls_session_oldest(struct reactor_tls_session *set)
{
	struct reactor_tls_session *oldest = set;
	int i;

	for (i = 1; i < TLS_SESSION_SET; i++)
		if (set[i].age < oldest->age)
			oldest = set + i;
	return oldest;
}

bool
reactor_tls_session_keep(struct reactor_tls_settings *s, const char *host,
    size_t len, uint16_t port, struct ssl_session_st *session)
{
	struct reactor_tls_session *at =
	    tls_session_look_up(s, host, len, port);
	char *copy;

	if (s->sessions == NULL)
		return false;
	if (at != NULL) {
		s->library.f.SSL_SESSION_free(at->session);
	} else {
		copy = malloc(len + 1);
		if (copy == NULL)
			return false;
		memcpy(copy, host, len);
		at = tls_session_oldest(tls_session_set(s, host, len, port));
		tls_session_clear(s, at);
		at->host = copy;
		at->host_len = len;
		at->port = port;
	}
	at->session = session;
	at->age = ++s->age;
	return true;
}

void
reactor_tls_session_drop(struct reactor_tls_settings *s, const char *host,
    size_t len, uint16_t port)
{
	struct reactor_tls_session *at =
	    tls_session_look_up(s, host, len, port);

	if (at != NULL)
		tls_session_clear(s, at);
}

void
reactor_tls_forget_sessions(struct reactor_tls_settings *s)
{
	unsigned i;

	if (s->sessions == NULL)
		return;
	for (i = 0; i < s->max_sessions; i++)
		tls_session_clear(s, &s->sessions[i]);
}
