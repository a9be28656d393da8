/*
 * url.h - http and https URLs, read as browsers read them.
 *
 * The WHATWG URL Standard (https://url.spec.whatwg.org) for the two schemes
 * that Spindle fetches.  A parsed URL is one string, the URL as the standard
 * serializes it, and where its parts begin in it: nothing is ever put
 * together again, so what is connected to, sent and shown is the same text.
 *
 * Copy: url.h url.c idna.h idna.c idna_data.h
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Longest URL, in bytes: as given (without the blanks around it) and as
 * serialized. */
enum { HTTP_URL_MAX = 8192 };

/* Longest host name (RFC 1035, section 2.3.4), and its longest label. */
enum { HTTP_URL_HOST_MAX = 253, HTTP_URL_LABEL_MAX = 63 };

/*
 * Why a URL was refused: each is the category `bad-url`.  The numbers lie
 * outside those of errno, so that one int can carry either.
 */
enum http_url_error {
	HTTP_URL_E_SCHEME = -2001,	/* another scheme than http, https */
	HTTP_URL_E_RELATIVE = -2002,	/* no scheme, and no base given */
	HTTP_URL_E_HOST = -2003,	/* empty part, or forbidden character */
	HTTP_URL_E_HOST_LENGTH = -2004,	/* a label or the name is too long */
	HTTP_URL_E_IPV4 = -2005,	/* ends in a number, yet no address */
	HTTP_URL_E_IPV6 = -2006,	/* between brackets, yet no address */
	HTTP_URL_E_IDN = -2007,		/* host name that IDNA does not allow */
	HTTP_URL_E_PORT = -2008,	/* not a number up to 65535 */
	HTTP_URL_E_LENGTH = -2009,	/* longer than HTTP_URL_MAX */
	HTTP_URL_E_ALABEL = -2010	/* after xn-- stands no name */
};

/* What the host of a URL is. */
enum http_url_host_kind {
	HTTP_URL_NAME,		/* a domain name, lower-case, A-labels */
	HTTP_URL_IPV4,		/* dotted decimal */
	HTTP_URL_IPV6		/* RFC 5952 form, in brackets in href */
};

/*
 * A URL.  The offsets cut href into parts that follow each other:
 *
 *	https://user:secret@example.org:8443/a/b?query#fragment
 *	        ^           ^          ^    ^   ^     ^
 *	        8           host       |    path query fragment
 *	                               host_end
 *
 * Port, path, query and fragment begin with their own mark (`:`, `/`, `?`,
 * `#`); a part that is missing is empty, and has the offset of what follows.
 * A port that is the scheme's default is not in href.  The struct owns href
 * and nothing else.  All members may be read; the functions below set them.
 */
struct http_url {
	char *href;		/* serialized, NUL-terminated */
	uint16_t host;
	uint16_t host_end;
	uint16_t path;		/* the path is never empty */
	uint16_t query;
	uint16_t fragment;
	uint16_t len;		/* of href, without its NUL */
	uint16_t port;		/* to connect to, also if not in href */
	bool https;
	enum http_url_host_kind host_kind;
};

/*
 * Reads the len bytes at `at`, relative to `base` unless that is NULL.
 * 0, or -ENOMEM, or an enum http_url_error; then *u is as it was.  On success
 * the caller frees *u with http_url_free.  *u must not be *base.
 */
int http_url_parse(struct http_url *u, const char *at, size_t len,
    const struct http_url *base);

/* Makes *to an independent copy of *from: 0 or -ENOMEM. */
int http_url_copy(struct http_url *to, const struct http_url *from);

/*
 * Gives a URL that has no fragment that of another, as a redirect does (RFC
 * 9110, section 10.2.2), but none that would make it too long.  0 or -ENOMEM.
 */
int http_url_inherit_fragment(struct http_url *, const struct http_url *from);

/* Frees href and sets it to NULL; a second call does no harm. */
void http_url_free(struct http_url *u);

/*
 * The host to look up or connect to: a name, or an address without
 * brackets.  Borrowed from href, not NUL-terminated.
 */
const char *http_url_host(const struct http_url *u, size_t *len);

/*
 * Host and port as the Host field wants them (RFC 9110, section 7.2):
 * brackets kept, a default port left out.  Borrowed from href.
 */
const char *http_url_authority(const struct http_url *u, size_t *len);

/*
 * Path and query, the origin-form of RFC 9112, section 3.2.1: visible
 * ASCII only, begins with a slash.  Borrowed from href.
 */
const char *http_url_target(const struct http_url *u, size_t *len);

/* Same scheme, host and port: credentials may be sent to both. */
bool http_url_same_origin(const struct http_url *, const struct http_url *);

/* What an enum http_url_error says, a constant; NULL for other numbers. */
const char *http_url_strerror(int error);

#ifdef __cplusplus
}
#endif

#endif
