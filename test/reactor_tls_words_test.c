/*
 * reactor_tls_words_test.c - why TLS fails, in words: names and times of
 * certificates, errors of the library; and which sessions are kept.  All of
 * it without a library: its functions are stand-ins here.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "../reactor/tls_words.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "check.h"
#include "guard.h"

/* ---- names (RFC 5280, section 4.2.1.6) ---- */

static const struct {
	const char *der;
	size_t len;
	const char *names;
} names[] = {
#define DER(s) (s), sizeof(s) - 1
	{ DER("\x30\x08\x82\x06" "a.test"), "a.test" },
	{ DER("\x30\x10\x82\x06" "a.test\x82\x06" "b.test"),
	    "a.test, b.test" },
	{ DER("\x30\x06\x87\x04\x7f\x00\x00\x01"), "127.0.0.1" },
	{ DER("\x30\x12\x87\x10\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"),
	    "2001:db8:0:0:0:0:0:1" },
	{ DER("\x30\x05\x87\x03\x7f\x00\x00"), "" },	/* no address */
	{ DER("\x30\x0b\x81\x01@\x82\x06" "a.test"), "a.test" },
	{ DER("\x30\x05\x82\x03" "a\nb"), "a?b" },
	{ DER("\x30\x04\x82\x02\xc3\xa4"), "??" },
	{ DER("\x30\x81\x08\x82\x06" "a.test"), "a.test" },
	{ DER("\x30\x82\x00\x08\x82\x06" "a.test"), "a.test" },
	{ DER("\x30\x83\x00\x00\x08\x82\x06" "a.test"), "" },
	{ DER("\x30\x80\x82\x06" "a.test"), "" },	/* indefinite */
	{ DER("\x30\x07\x82\x06" "a.test"), "" },
	{ DER("\x30\x09\x82\x06" "a.test"), "" },
	{ DER("\x31\x08\x82\x06" "a.test"), "" },
	{ DER("\x30\x00"), "" },
	{ DER(""), "" },
#undef DER
};

static const unsigned char *
bytes(const char *at)
{
	return (const unsigned char *)at;
}

static void
test_names(void)
{
	char text[128];
	size_t i, cut;

	check_case("the names of a certificate, and each cut of them");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *copy = guard_copy(names[i].der, names[i].len);

		reactor_tls_words_names(bytes(copy), names[i].len, text,
		    sizeof(text));
		CHECK_STR(text, names[i].names);
		guard_free(copy, names[i].len);
		for (cut = 0; cut < names[i].len; cut++) {
			copy = guard_copy(names[i].der, cut);
			reactor_tls_words_names(
			    bytes(copy), cut, text, sizeof(text));
			CHECK_STR(text, "");
			guard_free(copy, cut);
		}
	}
}

/* Two names in texts of every size: one that does not fit is left out. */
static void
test_room(void)
{
	static const char der[] = "\x30\x10\x82\x06" "a.test\x82\x06" "b.test";
	char text[128];
	size_t room;

	check_case("as many names as fit");
	for (room = 1; room <= sizeof(text); room++) {
		memset(text, '!', sizeof(text));
		reactor_tls_words_names(bytes(der), sizeof(der) - 1, text,
		    room);
		CHECK(strcmp(text, "") == 0 || strcmp(text, "a.test") == 0 ||
		    strcmp(text, "a.test, b.test") == 0);
		CHECK(room == sizeof(text) || text[room] == '!');
	}
	CHECK_STR(text, "a.test, b.test");
}

/* ---- times (RFC 5280, section 4.1.2.5) ---- */

struct asn1_string_st {
	const char *text;
};

static const unsigned char *
fake_data(const struct asn1_string_st *s)
{
	return bytes(s->text);
}

static int
fake_length(const struct asn1_string_st *s)
{
	return (int)strlen(s->text);
}

static const struct {
	const char *in, *out;
} times[] = {
	{ "260102030405Z", "2026-01-02 03:04:05 UTC" },
	{ "491231235959Z", "2049-12-31 23:59:59 UTC" },
	{ "500101000000Z", "1950-01-01 00:00:00 UTC" },
	{ "991231235959Z", "1999-12-31 23:59:59 UTC" },
	{ "20500101000000Z", "2050-01-01 00:00:00 UTC" },
	{ "99991231235959Z", "9999-12-31 23:59:59 UTC" },
	{ "2601020304Z", "?" },
	{ "26010203040xZ", "?" },
	{ "2601020304055Z", "?" },
	{ "", "?" },
};

static void
test_times(void)
{
	struct reactor_tls_functions f = {
		.ASN1_STRING_get0_data = fake_data,
		.ASN1_STRING_length = fake_length,
	};
	char text[REACTOR_TLS_TIME];
	size_t i;

	check_case("the times of a certificate");
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct asn1_string_st s = { times[i].in };

		reactor_tls_words_time(&f, &s, text);
		CHECK_STR(text, times[i].out);
	}
}

/* ---- errors ---- */

static unsigned long fake_code;
static int cleared;

static unsigned long
fake_get_error(void)
{
	return fake_code;
}

static void
fake_clear(void)
{
	cleared++;
}

static const char *
fake_reason(unsigned long code)
{
	return code == 0x0a00ffffUL ? NULL : "some reason";
}

/* Codes as OpenSSL 3 (0x0a000...) and 1.1.1 (0x14...) have them. */
static const struct {
	unsigned long code;
	int error;
	const char *why;
} errors[] = {
	{ 0, REACTOR_TLS_E_PROTOCOL, "" },
	{ 0x0a00010bUL, REACTOR_TLS_E_PROTOCOL, "TLS: some reason" },
	{ 0x0a00ffffUL, REACTOR_TLS_E_PROTOCOL, "" },
	{ 0x0a000102UL, REACTOR_TLS_E_VERSION, "the peer's TLS version is "
	    "too old (at least 1.2 is needed)" },
	{ 0x1425f102UL, REACTOR_TLS_E_VERSION, "the peer's TLS version is "
	    "too old (at least 1.2 is needed)" },
	{ 0x0a000410UL, REACTOR_TLS_E_ALERT,
	    "TLS alert from the peer: handshake_failure" },
	{ 0x14094410UL, REACTOR_TLS_E_ALERT,
	    "TLS alert from the peer: handshake_failure" },
	{ 0x0a00042eUL, REACTOR_TLS_E_VERSION,
	    "TLS alert from the peer: protocol_version" },
	{ 0x0a000418UL, REACTOR_TLS_E_ALERT,
	    "TLS alert from the peer: unknown_ca" },
	{ 0x0a0004e7UL, REACTOR_TLS_E_ALERT, "TLS alert from the peer: of a "
	    "number that RFC 8446 does not name" },
	{ 0x0a0004e8UL, REACTOR_TLS_E_PROTOCOL, "TLS: some reason" },
};

static void
test_errors(void)
{
	struct reactor_tls_functions f = {
		.ERR_get_error = fake_get_error,
		.ERR_clear_error = fake_clear,
		.ERR_reason_error_string = fake_reason,
	};
	char why[REACTOR_TLS_WHY];
	size_t i;

	check_case("errors and alerts");
	for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		fake_code = errors[i].code;
		cleared = 0;
		CHECK_INT(reactor_tls_words_error(&f, why), errors[i].error);
		CHECK_STR(why, errors[i].why);
		CHECK_INT(cleared, 1);
	}
}

static void
test_not_tls(void)
{
	static const char http[] = "HTTP/1.1 400 Bad Request\r\n\r\nmore";
	char why[REACTOR_TLS_WHY], *copy;
	size_t len;

	check_case("what came in place of TLS");
	for (len = 1; len < sizeof(http); len++) {
		copy = guard_copy(http, len);
		reactor_tls_words_not_tls(copy, len, why);
		CHECK(strstr(why, "does not speak TLS") != NULL);
		guard_free(copy, len);
	}
	CHECK_STR(why, "the peer does not speak TLS "
	    "(it sent \"HTTP/1.1 400 Bad Request\")");
	reactor_tls_words_not_tls("\0\x1b[2J", 5, why);
	CHECK_STR(why, "the peer does not speak TLS (it sent \"??[2J\")");
}

/* ---- certificates that are not trusted ---- */

struct x509_store_ctx_st {
	int error;
};

struct x509_st {
	int none;
};

static int
fake_verify_error(const struct x509_store_ctx_st *store)
{
	return store->error;
}

static struct x509_st *
fake_current(const struct x509_store_ctx_st *store)
{
	static struct x509_st certificate;

	(void)store;
	return &certificate;
}

static struct X509_name_st *
fake_subject(const struct x509_st *c)
{
	(void)c;
	return NULL;
}

static struct X509_name_st *
fake_issuer(const struct x509_st *c)
{
	return (struct X509_name_st *)(void *)(uintptr_t)c;
}

/* The subject's name is NULL here, the issuer's is not. */
static char *
fake_oneline(const struct X509_name_st *name, char *text, int room)
{
	snprintf(text, (size_t)room, "%s", name == NULL ? "/CN=a" : "/CN=CA");
	return text;
}

static const struct asn1_string_st *
fake_before(const struct x509_st *c)
{
	static const struct asn1_string_st time = { "260102030405Z" };

	(void)c;
	return &time;
}

static const struct asn1_string_st *
fake_after(const struct x509_st *c)
{
	static const struct asn1_string_st time = { "270102030405Z" };

	(void)c;
	return &time;
}

static int
fake_no_extension(const struct x509_st *c, int what, int after)
{
	(void)c;
	(void)what;
	(void)after;
	return -1;
}

static const char *
fake_verify_words(long error)
{
	CHECK_INT(error, 23);
	return "certificate revoked";
}

/* The numbers are those of X509_verify_cert_error_string(3). */
static const struct {
	int error;
	const char *why;
} faults[] = {
	{ 10, "the certificate is expired since 2027-01-02 03:04:05 UTC" },
	{ 9, "the certificate is not valid before 2026-01-02 03:04:05 UTC" },
	{ 18, "the certificate is self-signed (/CN=CA)" },
	{ 20, "the certificate is of an authority that is not trusted here "
	    "(/CN=CA)" },
	{ 62, "the certificate is not for b.test, but for /CN=a" },
	{ 64, "the certificate is not for b.test, but for /CN=a" },
	{ 23, "the certificate is not trusted: certificate revoked" },
};

static void
test_faults(void)
{
	struct reactor_tls_functions f = {
		.X509_STORE_CTX_get_error = fake_verify_error,
		.X509_STORE_CTX_get_current_cert = fake_current,
		.X509_get_subject_name = fake_subject,
		.X509_get_issuer_name = fake_issuer,
		.X509_NAME_oneline = fake_oneline,
		.X509_get0_notBefore = fake_before,
		.X509_get0_notAfter = fake_after,
		.X509_get_ext_by_NID = fake_no_extension,
		.X509_verify_cert_error_string = fake_verify_words,
		.ASN1_STRING_get0_data = fake_data,
		.ASN1_STRING_length = fake_length,
	};
	char why[REACTOR_TLS_WHY];

	check_case("why a certificate is not trusted");
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct x509_store_ctx_st store = { faults[i].error };

		reactor_tls_words_certificate(&f, &store, "b.test", why);
		CHECK_STR(why, faults[i].why);
	}
}

/* ---- sessions ---- */

struct ssl_session_st {
	int freed;
};

static void
fake_session_free(struct ssl_session_st *s)
{
	s->freed++;
}

/* One set of four, and so a fifth host takes the place of the oldest. */
static void
test_sessions(void)
{
	static const char *const hosts[] = { "a", "b", "c", "d", "e" };
	struct reactor_tls_session set[4] = { { NULL, NULL, 0, 0, 0 } };
	struct reactor_tls_settings *s = calloc(1, sizeof(*s));
	struct ssl_session_st first = { 0 }, session[6] = { { 0 } };
	int i;

	check_case("sessions: the youngest four of a set");
	if (s == NULL)
		abort();
	s->library.f.SSL_SESSION_free = fake_session_free;
	s->sessions = set;
	s->max_sessions = 4;
	CHECK(reactor_tls_session_find(s, "a", 1, 443) == NULL);
	CHECK(reactor_tls_session_keep(s, "a", 1, 443, &first));
	CHECK(reactor_tls_session_find(s, "a", 1, 443) == &first);
	CHECK(reactor_tls_session_find(s, "a", 1, 444) == NULL);
	CHECK(reactor_tls_session_find(s, "ab", 2, 443) == NULL);
	for (i = 0; i < 5; i++)
		CHECK(reactor_tls_session_keep(
		    s, hosts[i], 1, 443, &session[i]));
	CHECK_INT(first.freed, 1);	/* replaced by the same host's */
	CHECK_INT(session[0].freed, 1);	/* the oldest, when `e` came */
	CHECK(reactor_tls_session_find(s, "a", 1, 443) == NULL);
	CHECK(reactor_tls_session_find(s, "e", 1, 443) == &session[4]);
	reactor_tls_session_drop(s, "e", 1, 443);
	reactor_tls_session_drop(s, "e", 1, 443);
	CHECK_INT(session[4].freed, 1);
	alloc_fail_at(0, 0);
	CHECK(!reactor_tls_session_keep(s, "e", 1, 443, &session[5]));
	alloc_fail_at(-1, 0);
	CHECK_INT(session[5].freed, 0);	/* still the caller's */
	reactor_tls_forget_sessions(s);
	for (i = 0; i < 5; i++)
		CHECK_INT(session[i].freed, 1);
	free(s);
	CHECK_INT(alloc_live(), 0);
}

int
main(void)
{
	test_names();
	test_room();
	test_times();
	test_errors();
	test_faults();
	test_not_tls();
	test_sessions();
	return check_done();
}
