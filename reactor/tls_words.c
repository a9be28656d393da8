/*
 * tls_words.c - see tls_words.h.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "tls_words.h"

#include <stdio.h>
#include <string.h>

/* Numbers of the library that occur only here. */
enum {
	TLS_REASON_MASK = 0xfff,	/* of an error */
	TLS_REASON_ALERT = 1000,	/* and the number of the alert */
	TLS_REASON_LAST_ALERT = 1255,
	TLS_ALERT_PROTOCOL_VERSION = 70,

	TLS_VERIFY_NO_ISSUER = 2,
	TLS_VERIFY_NOT_YET_VALID = 9,
	TLS_VERIFY_EXPIRED = 10,
	TLS_VERIFY_SELF_SIGNED = 18,
	TLS_VERIFY_SELF_SIGNED_IN_CHAIN = 19,
	TLS_VERIFY_NO_LOCAL_ISSUER = 20,
	TLS_VERIFY_NO_FIRST_ISSUER = 21,
	TLS_VERIFY_OTHER_HOST = 62,
	TLS_VERIFY_OTHER_ADDRESS = 64,

	TLS_NID_SUBJECT_ALT_NAME = 85
};

/* Tags of DER: in a subjectAltName, by context and primitive. */
enum {
	TLS_DER_SEQUENCE = 0x30,
	TLS_DER_HOST_NAME = 0x82,
	TLS_DER_ADDRESS = 0x87
};

/* RFC 8446, section 6; and those of earlier versions that are still sent. */
static const struct {
	int number;
	const char *name;
} tls_words_alerts[] = {
	{ 0, "close_notify" }, { 10, "unexpected_message" },
	{ 20, "bad_record_mac" }, { 22, "record_overflow" },
	{ 40, "handshake_failure" }, { 42, "bad_certificate" },
	{ 43, "unsupported_certificate" }, { 44, "certificate_revoked" },
	{ 45, "certificate_expired" }, { 46, "certificate_unknown" },
	{ 47, "illegal_parameter" }, { 48, "unknown_ca" },
	{ 49, "access_denied" }, { 50, "decode_error" },
	{ 51, "decrypt_error" }, { 70, "protocol_version" },
	{ 71, "insufficient_security" }, { 80, "internal_error" },
	{ 86, "inappropriate_fallback" }, { 90, "user_canceled" },
	{ 100, "no_renegotiation" }, { 109, "missing_extension" },
	{ 110, "unsupported_extension" }, { 112, "unrecognized_name" },
	{ 113, "bad_certificate_status_response" },
	{ 115, "unknown_psk_identity" }, { 116, "certificate_required" },
	{ 120, "no_application_protocol" },
};

/* Reasons that mean: no version in common, or only one that is too old. */
static const int tls_words_versions[] = {
	191,	/* no protocols available */
	252,	/* unknown SSL version */
	258,	/* unsupported protocol */
	266,	/* wrong SSL version */
	396,	/* version too low */
};

/* ---- errors ---- */

static const char *
tls_words_alert(int number)
{
	size_t i, n = sizeof(tls_words_alerts) / sizeof(tls_words_alerts[0]);

	for (i = 0; i < n; i++)
		if (tls_words_alerts[i].number == number)
			return tls_words_alerts[i].name;
	return "of a number that RFC 8446 does not name";
}

static bool
tls_words_is_version(int reason)
{
	size_t i, n = sizeof(tls_words_versions) /
	    sizeof(tls_words_versions[0]);

	for (i = 0; i < n; i++)
		if (tls_words_versions[i] == reason)
			return true;
	return false;
}

int
reactor_tls_words_error(
    const struct reactor_tls_functions *f, char why[REACTOR_TLS_WHY])
{
	unsigned long code = f->ERR_get_error();
	int reason = (int)(code & TLS_REASON_MASK);
	int alert = reason - TLS_REASON_ALERT;
	const char *words = code != 0 ? f->ERR_reason_error_string(code) :
	    NULL;

	why[0] = '\0';
	if (words != NULL)
		snprintf(why, REACTOR_TLS_WHY, "TLS: %s", words);
	f->ERR_clear_error();
	if (reason >= TLS_REASON_ALERT && reason <= TLS_REASON_LAST_ALERT) {
		snprintf(why, REACTOR_TLS_WHY, "TLS alert from the peer: %s",
		    tls_words_alert(alert));
		return alert == TLS_ALERT_PROTOCOL_VERSION ?
		    REACTOR_TLS_E_VERSION : REACTOR_TLS_E_ALERT;
	}
	if (!tls_words_is_version(reason))
		return REACTOR_TLS_E_PROTOCOL;
	snprintf(why, REACTOR_TLS_WHY,
	    "the peer's TLS version is too old (at least 1.2 is needed)");
	return REACTOR_TLS_E_VERSION;
}

/* Copies what can be printed; anything else becomes a question mark. */
static size_t
tls_words_copy(char *to, size_t room, const unsigned char *at, size_t len)
{
	size_t i;

	for (i = 0; i < len && i + 1 < room; i++) {
		to[i] = '?';
		if (at[i] >= 0x20 && at[i] < 0x7f)
			to[i] = (char)at[i];
	}
	to[i] = '\0';
	return i;
}

void
reactor_tls_words_not_tls(
    const char *at, size_t len, char why[REACTOR_TLS_WHY])
{
	char begin[32];
	const char *end = memchr(at, '\r', len);

	if (end != NULL)
		len = (size_t)(end - at);
	tls_words_copy(begin, sizeof(begin), (const unsigned char *)at, len);
	snprintf(why, REACTOR_TLS_WHY,
	    "the peer does not speak TLS (it sent \"%s\")", begin);
}

/* ---- certificates ---- */

void
reactor_tls_words_time(const struct reactor_tls_functions *f,
    const struct asn1_string_st *time, char text[REACTOR_TLS_TIME])
{
	const unsigned char *at = f->ASN1_STRING_get0_data(time);
	int len = f->ASN1_STRING_length(time), i;
	char d[16];

	snprintf(text, REACTOR_TLS_TIME, "?");
	if (len != 13 && len != 15)	/* YYMMDDhhmmssZ, or four digits */
		return;
	/* Two digits of a year: 50 to 99 are of the last century. */
	memcpy(d, at[0] < '5' ? "20" : "19", 2);
	memcpy(d + (15 - len), at, (size_t)len - 1);
	for (i = 0; i < 14; i++)
		if (d[i] < '0' || d[i] > '9')
			return;
	snprintf(text, REACTOR_TLS_TIME,
	    "%.4s-%.2s-%.2s %.2s:%.2s:%.2s UTC", d, d + 4, d + 6, d + 8,
	    d + 10, d + 12);
}

/*
 * Takes the next element of DER off the front: its tag, and where its content
 * is.  -1 at the end, and for what is cut or longer than 64 KiB.
 */
static int
tls_der_next(const unsigned char **at, size_t *len,
    const unsigned char **content, size_t *content_len)
{
	const unsigned char *p = *at;
	size_t left = *len, n, digits;
	int tag;

	if (left < 2)
		return -1;
	tag = p[0];
	n = p[1];
	p += 2;
	left -= 2;
	if (n >= 0x80) {
		digits = n - 0x80;
		if (digits < 1 || digits > 2 || left < digits)
			return -1;
		for (n = 0; digits > 0; digits--, left--)
			n = n << 8 | *p++;
	}
	if (n > left)
		return -1;
	*content = p;
	*content_len = n;
	*at = p + n;
	*len = left - n;
	return tag;
}

/* An address, as people write it; IPv6 without any short form. */
static size_t
tls_words_address(char *to, size_t room, const unsigned char *at, size_t len)
{
	char text[40];
	size_t i, used = 0;

	if (len == 4)
		used = (size_t)snprintf(text, sizeof(text), "%u.%u.%u.%u",
		    at[0], at[1], at[2], at[3]);
	for (i = 0; len == 16 && i < len; i += 2)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%s%x", i > 0 ? ":" : "",
		    (unsigned)at[i] << 8 | at[i + 1]);
	return tls_words_copy(to, room, (unsigned char *)text, used);
}

void
reactor_tls_words_names(
    const unsigned char *at, size_t len, char *text, size_t room)
{
	const unsigned char *name;
	size_t name_len, used = 0;
	int tag;

	text[0] = '\0';
	if (tls_der_next(&at, &len, &name, &name_len) != TLS_DER_SEQUENCE)
		return;
	at = name;
	len = name_len;
	while ((tag = tls_der_next(&at, &len, &name, &name_len)) >= 0) {
		if (tag != TLS_DER_HOST_NAME && tag != TLS_DER_ADDRESS)
			continue;
		if (used + name_len + 48 > room)
			break;		/* it might not fit */
		if (used > 0)
			used += tls_words_copy(text + used, room - used,
			    (const unsigned char *)", ", 2);
		used += tag == TLS_DER_HOST_NAME ?
		    tls_words_copy(text + used, room - used, name, name_len) :
		    tls_words_address(text + used, room - used, name,
		    name_len);
	}
}

/* The names that a certificate is for; its subject if it has none. */
static void
tls_words_certificate_names(const struct reactor_tls_functions *f,
    const struct x509_st *certificate, char *text, size_t room)
{
	int place = f->X509_get_ext_by_NID(
	    certificate, TLS_NID_SUBJECT_ALT_NAME, -1);
	const struct asn1_string_st *names;

	text[0] = '\0';
	if (place >= 0) {
		names = f->X509_EXTENSION_get_data(
		    f->X509_get_ext(certificate, place));
		reactor_tls_words_names(f->ASN1_STRING_get0_data(names),
		    (size_t)f->ASN1_STRING_length(names), text, room);
	}
	if (text[0] == '\0')
		f->X509_NAME_oneline(f->X509_get_subject_name(certificate),
		    text, (int)room);
}

void
reactor_tls_words_certificate(const struct reactor_tls_functions *f,
    struct x509_store_ctx_st *store, const char *host,
    char why[REACTOR_TLS_WHY])
{
	int error = f->X509_STORE_CTX_get_error(store);
	const struct x509_st *c = f->X509_STORE_CTX_get_current_cert(store);
	char text[320] = "", time[REACTOR_TLS_TIME] = "?";

	if (c != NULL && (error == TLS_VERIFY_OTHER_HOST ||
	    error == TLS_VERIFY_OTHER_ADDRESS))
		tls_words_certificate_names(f, c, text, sizeof(text));
	else if (c != NULL)
		f->X509_NAME_oneline(f->X509_get_issuer_name(c), text,
		    sizeof(text));
	if (c != NULL && error == TLS_VERIFY_EXPIRED)
		reactor_tls_words_time(f, f->X509_get0_notAfter(c), time);
	if (c != NULL && error == TLS_VERIFY_NOT_YET_VALID)
		reactor_tls_words_time(f, f->X509_get0_notBefore(c), time);
	switch (error) {
	case TLS_VERIFY_EXPIRED:
		snprintf(why, REACTOR_TLS_WHY,
		    "the certificate is expired since %s", time);
		break;
	case TLS_VERIFY_NOT_YET_VALID:
		snprintf(why, REACTOR_TLS_WHY,
		    "the certificate is not valid before %s", time);
		break;
	case TLS_VERIFY_SELF_SIGNED:
		snprintf(why, REACTOR_TLS_WHY,
		    "the certificate is self-signed (%s)", text);
		break;
	case TLS_VERIFY_NO_ISSUER:
	case TLS_VERIFY_SELF_SIGNED_IN_CHAIN:
	case TLS_VERIFY_NO_LOCAL_ISSUER:
	case TLS_VERIFY_NO_FIRST_ISSUER:
		snprintf(why, REACTOR_TLS_WHY, "the certificate is of an "
		    "authority that is not trusted here (%s)", text);
		break;
	case TLS_VERIFY_OTHER_HOST:
	case TLS_VERIFY_OTHER_ADDRESS:
		snprintf(why, REACTOR_TLS_WHY,
		    "the certificate is not for %s, but for %s", host, text);
		break;
	default:
		snprintf(why, REACTOR_TLS_WHY,
		    "the certificate is not trusted: %s",
		    f->X509_verify_cert_error_string(error));
	}
}
