/*
 * proxy.c - texts of proxies, and the list of hosts that have none.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "proxy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- a proxy ---- */

/* Where the scheme of a text ends, behind "://"; 0: it has none. */
static size_t
http_proxy_scheme_len(const char *at, size_t len)
{
	for (size_t i = 0; i + 3 <= len && at[i] != '/'; i++)
		if (memcmp(at + i, "://", 3) == 0)
			return i + 3;
	return 0;
}

/* Whether "name:password@host:port/..." has a port. */
static bool
http_proxy_has_port(const char *at, size_t len)
{
	size_t end = 0, i;

	while (end < len && at[end] != '/' && at[end] != '?' && at[end] != '#')
		end++;
	for (i = end; i > 0 && at[i - 1] >= '0' && at[i - 1] <= '9'; i--)
		;
	return i < end && i > 0 && at[i - 1] == ':';
}

/* The text with a scheme, which it has not. */
static int
http_proxy_parse_bare(struct http_proxy *p, const char *at, size_t len)
{
	static const char scheme[] = "http://";
	size_t scheme_len = sizeof(scheme) - 1;
	char *text;
	int error;

	text = malloc(scheme_len + len);
	if (text == NULL)
		return -ENOMEM;
	memcpy(text, scheme, scheme_len);
	if (len > 0)
		memcpy(text + scheme_len, at, len);
	error = http_url_parse(&p->url, text, scheme_len + len, NULL);
	free(text);
	return error;
}

int
http_proxy_parse(struct http_proxy *p, const char *at, size_t len)
{
	size_t scheme = http_proxy_scheme_len(at, len);
	int error;

	*p = (struct http_proxy){ .port = 0 };
	error = scheme == 0 ? http_proxy_parse_bare(p, at, len) :
	    http_url_parse(&p->url, at, len, NULL);
	if (error == 0 && p->url.https) {
		http_url_free(&p->url);
		error = HTTP_PROXY_E_SCHEME;
	}
	if (error < 0)
		return error == HTTP_URL_E_SCHEME ? HTTP_PROXY_E_SCHEME :
		    error;
	p->port = http_proxy_has_port(at + scheme, len - scheme) ?
	    p->url.port : HTTP_PROXY_PORT;
	return 0;
}

void
http_proxy_free(struct http_proxy *p)
{
	http_url_free(&p->url);
}

/* ---- addresses ---- */

/* An address, of 4 or 16 bytes; 0 bytes: it was none. */
struct http_proxy_address {
	uint8_t bytes[16];
	size_t len;
};

/* Reads digits up to *end: a number up to `most`, or -1; moves *at. */
static int
http_proxy_number(const char **at, const char *end, int base, int most)
{
	int value = 0, digit;
	const char *start = *at;

	for (; *at < end; (*at)++) {
		char c = **at;

		digit = c >= '0' && c <= '9' ? c - '0' :
		    (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ?
		    (c | 0x20) - 'a' + 10 : base;
		if (digit >= base)
			break;
		value = value * base + digit;
		if (value > most || *at - start == 4)
			return -1;
	}
	return *at > start ? value : -1;
}

/* Four numbers with dots between them; false for anything else. */
static bool
http_proxy_ipv4(const char *at, const char *end, uint8_t to[4])
{
	for (int i = 0; i < 4; i++) {
		int n = http_proxy_number(&at, end, 10, 255);

		if (n < 0 || (i < 3 && (at == end || *at++ != '.')))
			return false;
		to[i] = (uint8_t)n;
	}
	return at == end;
}

/*
 * Eight groups of hexadecimal digits with colons between them (RFC 4291,
 * section 2.2), of which the last two may be an IPv4 address; `::`, once, for
 * groups of zeros.
 */
static bool
http_proxy_ipv6(const char *at, const char *end, uint8_t to[16])
{
	uint8_t got[16] = { 0 };
	size_t n = 0, gap = 17;		/* bytes so far; those before `::` */

	if (end - at >= 2 && at[0] == ':' && at[1] == ':') {
		gap = 0;
		at += 2;
	}
	while (at < end && n < 16) {
		const char *group = at;
		int value = http_proxy_number(&at, end, 16, 0xffff);

		if (at < end && *at == '.' && n <= 12 &&
		    http_proxy_ipv4(group, end, got + n)) {
			n += 4;
			at = end;
			break;
		}
		if (value < 0)
			return false;
		got[n++] = (uint8_t)(value >> 8);
		got[n++] = (uint8_t)value;
		if (at == end)
			break;
		if (*at++ != ':' || at == end)
			return false;
		if (*at == ':' && gap > 16) {
			gap = n;
			at++;
		}
	}
	if (at < end || (gap > 16 ? n != 16 : n > 14))
		return false;
	if (gap > 16)
		gap = n;
	memset(to, 0, 16);
	memcpy(to, got, gap);
	memcpy(to + 16 - (n - gap), got + gap, n - gap);
	return true;
}

static struct http_proxy_address
http_proxy_address(const char *at, const char *end)
{
	struct http_proxy_address a = { .len = 0 };

	if (http_proxy_ipv4(at, end, a.bytes))
		a.len = 4;
	else if (http_proxy_ipv6(at, end, a.bytes))
		a.len = 16;
	return a;
}

/* Whether the first `bits` bits are the same. */
static bool
http_proxy_same_prefix(const uint8_t *a, const uint8_t *b, int bits)
{
	size_t whole = (size_t)bits / 8;
	int mask = 0xff00 >> bits % 8 & 0xff;

	return memcmp(a, b, whole) == 0 &&
	    (mask == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
}

/* Whether a word of the list, "10.0.0.0/8", has this address in it. */
static bool
http_proxy_word_has_address(const char *at, const char *end,
    const struct http_proxy_address *host)
{
	const char *slash = memchr(at, '/', (size_t)(end - at));
	struct http_proxy_address word = http_proxy_address(
	    at, slash != NULL ? slash : end);
	int bits = (int)word.len * 8;

	if (word.len == 0 || word.len != host->len)
		return false;
	if (slash != NULL) {
		slash++;
		bits = http_proxy_number(&slash, end, 10, bits);
		if (bits < 0 || slash != end)
			return false;
	}
	return http_proxy_same_prefix(word.bytes, host->bytes, bits);
}

/* ---- the list ---- */

static char
http_proxy_lower(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c + ('a' - 'A'));
	return c;
}

/* Whether a word, ".Example.org.", is the name or one above it. */
static bool
http_proxy_word_has_name(const char *at, const char *end, const char *name,
    size_t len)
{
	size_t n, from;

	if (end > at && end[-1] == '.')
		end--;
	if (end > at && *at == '.')
		at++;
	n = (size_t)(end - at);
	if (n == 0 || n > len || (n < len && name[len - n - 1] != '.'))
		return false;
	from = len - n;
	for (size_t i = 0; i < n; i++)
		if (http_proxy_lower(at[i]) != name[from + i])
			return false;
	return true;
}

bool
http_proxy_is_listed(const char *list, const struct http_url *u)
{
	size_t len, n;
	const char *host = http_url_host(u, &len);
	struct http_proxy_address address = { .len = 0 };

	if (strcmp(list, "*") == 0)
		return true;
	if (u->host_kind != HTTP_URL_NAME)
		address = http_proxy_address(host, host + len);
	else if (len > 0 && host[len - 1] == '.')
		len--;
	for (; *list != '\0'; list += n) {
		list += strspn(list, ", \t");
		n = strcspn(list, ", \t");
		if (address.len > 0 ?
		    http_proxy_word_has_address(list, list + n, &address) :
		    http_proxy_word_has_name(list, list + n, host, len))
			return true;
	}
	return false;
}

const struct http_proxy *
http_proxy_for(const struct http_proxy_choice *c, const struct http_url *u)
{
	const struct http_proxy *p = u->https ? &c->https : &c->http;

	if (p->url.href == NULL)
		p = &c->all;
	if (p->url.href == NULL ||
	    (c->none != NULL && http_proxy_is_listed(c->none, u)))
		return NULL;
	return p;
}

const char *
http_proxy_strerror(int error)
{
	return error == HTTP_PROXY_E_SCHEME ?
	    "only proxies that speak http are known" : NULL;
}
