/*
 * url_parse.c - reads a URL: one pass over the input writes the serialized
 * form.
 *
 * The standard describes a state machine with one state a character.  For
 * http and https it comes down to what stands here: an optional scheme; then
 * either an authority, or what the base URL has up to some point; then path,
 * query and fragment.  Each byte of input gives at most three of output
 * (`%41`), so the buffer needs no checks: it cannot be filled.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "url_private.h"

/* Base, input at three for one, a slash, a host's more: more than enough. */
enum { HTTP_URL_ROOM = 4 * HTTP_URL_MAX + 2 * HTTP_URL_HOST_ROOM };

/* A URL while it is read. */
struct http_url_parser {
	const char *at;			/* the next byte of input */
	const char *end;
	const struct http_url *base;	/* or NULL */
	struct http_url url;		/* its offsets, as they become known */
	size_t len;			/* bytes in out */
	char out[HTTP_URL_ROOM];
};

/* In http and https URLs a backslash is as good as a slash. */
static bool
http_url_is_slash(const struct http_url_parser *p)
{
	return p->at < p->end && (*p->at == '/' || *p->at == '\\');
}

static bool
http_url_is_next(const struct http_url_parser *p, char c)
{
	return p->at < p->end && *p->at == c;
}

static uint16_t
http_url_here(const struct http_url_parser *p)
{
	return (uint16_t)p->len;
}

/* Copies input up to `end` or a byte of class `stop`; encodes `set`. */
static void
http_url_put(struct http_url_parser *p, const char *end, unsigned set,
    unsigned stop)
{
	p->len += http_url_encode(p->out + p->len, &p->at, end, set, stop);
}

/* 1 or 2 if a segment is "." or "..", a dot being also %2e; else 0. */
static int
http_url_dots(const char *at, size_t len)
{
	int dots = 0;

	while (len > 0) {
		size_t n = 1;

		if (at[0] == '%' && len >= 3 && at[1] == '2' &&
		    (at[2] | 0x20) == 'e')
			n = 3;
		else if (at[0] != '.')
			return 0;
		at += n;
		len -= n;
		dots++;
	}
	return dots <= 2 ? dots : 0;
}

/*
 * The path, its first slash already passed.  What `out` has of it is a row
 * of "/segment"; ".." takes the last one away.
 */
static void
http_url_put_path(struct http_url_parser *p)
{
	bool more;

	do {
		size_t start = p->len;
		int dots;

		p->out[p->len++] = '/';
		http_url_put(p, p->end, HTTP_URL_IN_PATH, HTTP_URL_END);
		dots = http_url_dots(p->out + start + 1, p->len - start - 1);
		more = http_url_is_slash(p);
		p->at += more;
		if (dots == 0)
			continue;
		p->len = start;
		if (dots == 2 && p->len > p->url.path)
			while (p->out[--p->len] != '/')
				;
		if (!more)
			p->out[p->len++] = '/';
	} while (more);
}

/* The query, if one comes. */
static void
http_url_put_query(struct http_url_parser *p)
{
	p->url.query = http_url_here(p);
	if (!http_url_is_next(p, '?'))
		return;
	p->out[p->len++] = *p->at++;
	http_url_put(p, p->end, HTTP_URL_IN_QUERY, HTTP_URL_HASH);
}

/* The fragment, if one comes: all that is left. */
static void
http_url_put_fragment(struct http_url_parser *p)
{
	p->url.fragment = http_url_here(p);
	if (!http_url_is_next(p, '#'))
		return;
	p->out[p->len++] = *p->at++;
	http_url_put(p, p->end, HTTP_URL_IN_FRAGMENT, 0);
}

/* User name and password, up to the @ at `end`; nothing if both are empty. */
static void
http_url_put_user(struct http_url_parser *p, const char *end)
{
	const char *colon = memchr(p->at, ':', (size_t)(end - p->at));
	size_t start = p->len, mark;

	http_url_put(p, colon != NULL ? colon : end, HTTP_URL_IN_USER, 0);
	if (colon != NULL) {
		mark = p->len;
		p->out[p->len++] = *p->at++;
		http_url_put(p, end, HTTP_URL_IN_USER, 0);
		if (p->len == mark + 1)
			p->len = mark;
	}
	if (p->len > start)
		p->out[p->len++] = '@';
	p->at = end + 1;
}

/* A colon and the port's digits. */
static void
http_url_put_number(struct http_url_parser *p, uint32_t port)
{
	char digits[5];
	size_t at = sizeof(digits), n;

	do {
		digits[--at] = (char)('0' + port % 10);
		port /= 10;
	} while (port > 0);
	n = sizeof(digits) - at;
	p->out[p->len++] = ':';
	memcpy(p->out + p->len, digits + at, n);
	p->len += n;
}

/* The port, up to `end`; an empty one, or the scheme's own, is left out. */
static int
http_url_put_port(struct http_url_parser *p, const char *end)
{
	uint32_t usual = p->url.https ? 443 : 80;
	uint32_t port = p->at < end ? 0 : usual;

	for (; p->at < end; p->at++) {
		unsigned digit = (unsigned char)*p->at;

		digit -= '0';
		port = port * 10 + digit;
		if (digit > 9 || port > 65535)
			return HTTP_URL_E_PORT;
	}
	p->url.port = (uint16_t)port;
	if (port != usual)
		http_url_put_number(p, port);
	return 0;
}

/* Where a host ends: at a colon, but for those between brackets. */
static const char *
http_url_host_end(const char *at, const char *end)
{
	const char *colon;

	if (at < end && *at == '[') {
		at = memchr(at, ']', (size_t)(end - at));
		if (at == NULL)
			return end;
	}
	colon = memchr(at, ':', (size_t)(end - at));
	return colon != NULL ? colon : end;
}

/* user:password@host:port, of which the last @ and a colon decide. */
static int
http_url_put_authority(struct http_url_parser *p)
{
	const char *end = http_url_until(p->at, p->end, HTTP_URL_END);
	const char *at = p->at, *user_end = NULL, *host_end;
	int rc;

	while ((at = memchr(at, '@', (size_t)(end - at))) != NULL)
		user_end = at++;
	if (user_end != NULL)
		http_url_put_user(p, user_end);
	host_end = http_url_host_end(p->at, end);
	p->url.host = http_url_here(p);
	rc = http_url_host_write(p->out + p->len, &p->url.host_kind, p->at,
	    (size_t)(host_end - p->at));
	if (rc < 0)
		return rc;
	p->len += (size_t)rc;
	p->url.host_end = http_url_here(p);
	p->at = host_end < end ? host_end + 1 : end;
	return http_url_put_port(p, end);
}

/* What follows an authority, or one slash against a base. */
static void
http_url_put_rest(struct http_url_parser *p)
{
	if (http_url_is_slash(p))
		p->at++;
	http_url_put_path(p);
	http_url_put_query(p);
	http_url_put_fragment(p);
}

/* Takes the base up to where the input, of this kind, replaces it. */
static void
http_url_put_relative(struct http_url_parser *p)
{
	const struct http_url *base = p->base;
	size_t keep;

	p->url = *base;
	if (p->at == p->end || *p->at == '#') {
		keep = base->fragment;
	} else if (*p->at == '?') {
		keep = base->query;
	} else if (http_url_is_slash(p)) {
		keep = base->path;
	} else {
		for (keep = base->query; base->href[keep - 1] != '/'; keep--)
			;
		keep--;
	}
	memcpy(p->out, base->href, keep);
	p->len = keep;
	if (keep < base->query) {
		http_url_put_rest(p);
		return;
	}
	if (keep == base->query && http_url_is_next(p, '?'))
		http_url_put_query(p);
	http_url_put_fragment(p);
}

static bool
http_url_is_scheme(char c)
{
	char lower = (char)(c | 0x20);

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
	    c == '+' || c == '-' || c == '.';
}

/* Passes the scheme and its colon: their length, 0 without, or an error. */
static int
http_url_take_scheme(struct http_url_parser *p)
{
	static const char https[] = "https";
	const char *at = p->at;
	size_t n, room = (size_t)(p->end - at), same = 0;

	for (n = 0; n < room && http_url_is_scheme(at[n]); n++)
		same += n == same && n < 5 && (at[n] | 0x20) == https[n];
	if (n == 0 || n == room || at[n] != ':' || (at[0] | 0x20) < 'a')
		return 0;
	if (same != n || n < 4)
		return HTTP_URL_E_SCHEME;
	p->at += n + 1;
	return (int)n + 1;
}

/* Reads the whole: writes `out`, finds all offsets. */
static int
http_url_read(struct http_url_parser *p)
{
	int rc = http_url_take_scheme(p);
	const char *start;
	bool relative;

	if (rc < 0)
		return rc;
	if (rc == 0 && p->base == NULL)
		return HTTP_URL_E_RELATIVE;
	p->url.https = rc > 0 ? rc == 6 : p->base->https;
	/* "http:x" is relative to an http base: so browsers once had it. */
	relative = p->base != NULL && p->base->https == p->url.https;
	start = p->at;
	while (http_url_is_slash(p))
		p->at++;
	if (relative && p->at - start < 2) {
		p->at = start;
		http_url_put_relative(p);
		return 0;
	}
	p->len = p->url.https ? 8 : 7;
	memcpy(p->out, p->url.https ? "https://" : "http://", p->len);
	rc = http_url_put_authority(p);
	if (rc != 0)
		return rc;
	p->url.path = http_url_here(p);
	http_url_put_rest(p);
	return 0;
}

/* Is there text, and nothing in it that http_url_clean would leave out? */
static bool
http_url_is_clean(const char *at, size_t len)
{
	return len > 0 && memchr(at, '\t', len) == NULL &&
	    memchr(at, '\n', len) == NULL && memchr(at, '\r', len) == NULL;
}

/* Copies all but tabs and line ends, which are allowed anywhere. */
static size_t
http_url_clean(char *to, const char *at, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		if (at[i] != '\t' && at[i] != '\n' && at[i] != '\r')
			to[n++] = at[i];
	return n;
}

int
http_url_parse(struct http_url *u, const char *at, size_t len,
    const struct http_url *base)
{
	struct http_url_parser p;
	char clean[HTTP_URL_MAX];
	int rc;

	while (len > 0 && (unsigned char)at[0] <= ' ') {
		at++;
		len--;
	}
	while (len > 0 && (unsigned char)at[len - 1] <= ' ')
		len--;
	if (len > HTTP_URL_MAX)
		return HTTP_URL_E_LENGTH;
	if (!http_url_is_clean(at, len)) {
		len = http_url_clean(clean, at, len);
		at = clean;
	}
	p.at = at;
	p.end = at + len;
	p.base = base;
	p.len = 0;
	rc = http_url_read(&p);
	if (rc != 0)
		return rc;
	if (p.len > HTTP_URL_MAX)
		return HTTP_URL_E_LENGTH;
	p.url.len = http_url_here(&p);
	p.out[p.len++] = '\0';
	p.url.href = malloc(p.len);
	if (p.url.href == NULL)
		return -ENOMEM;
	memcpy(p.url.href, p.out, p.len);
	*u = p.url;
	return 0;
}
