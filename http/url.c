/*
 * url.c - reads a URL, from left to right: one pass over the input writes
 * the serialized form.
 *
 * The standard describes a state machine with one state a character.  For
 * http and https it comes down to what stands here: an optional scheme; then
 * either an authority, or what the base URL has up to some point; then path,
 * query and fragment.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "url.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "idna.h"

/*
 * Room for what is written.  Each byte of input gives at most three (`%41`),
 * a base URL comes before it, and a host may become longer by less than
 * HTTP_IDNA_ROOM bytes, so the functions below need not check.
 */
enum { HTTP_URL_ROOM = 4 * HTTP_URL_MAX + HTTP_IDNA_ROOM };

/* A URL while it is read. */
struct http_url_parser {
	const char *at;			/* the next byte of input */
	const char *end;
	const struct http_url *base;	/* or NULL */
	struct http_url url;		/* its offsets, as they become known */
	size_t len;			/* bytes in out */
	char out[HTTP_URL_ROOM];
};

/* Is the next byte of input this one? */
static bool
http_url_is_next(const struct http_url_parser *p, char c)
{
	return p->at < p->end && *p->at == c;
}

/* In http and https URLs a backslash is as good as a slash. */
static bool
http_url_is_slash(const struct http_url_parser *p)
{
	return http_url_is_next(p, '/') || http_url_is_next(p, '\\');
}

/* The first byte c from `at` on, or `end`. */
static const char *
http_url_find(const char *at, const char *end, char c)
{
	const char *found = memchr(at, c, (size_t)(end - at));

	return found != NULL ? found : end;
}

/* The offset of what is written next. */
static uint16_t
http_url_here(const struct http_url_parser *p)
{
	return (uint16_t)p->len;
}

static void
http_url_put_char(struct http_url_parser *p, char c)
{
	p->out[p->len++] = c;
}

/* ---- numbers ---- */

/* The value of a digit, also a hexadecimal one, or 16. */
static unsigned
http_url_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10 : 16;
}

/*
 * The number from `at` to `end`; no digits at all are 0.  2^32 stands for
 * all that is more.  -1 if there is something else than digits.
 */
static int64_t
http_url_number(const char *at, const char *end, unsigned radix)
{
	const int64_t limit = (int64_t)1 << 32;
	int64_t value = 0;

	for (; at < end; at++) {
		unsigned digit = http_url_digit(*at);

		if (digit >= radix)
			return -1;
		value = value * radix + digit;
		if (value > limit)
			value = limit;
	}
	return value;
}

static inline void
http_url_put_number(struct http_url_parser *p, unsigned n, unsigned radix)
{
	static const char digits[] = "0123456789abcdef";
	char text[8];
	size_t at = sizeof(text);

	do {
		text[--at] = digits[n % radix];
		n /= radix;
	} while (n > 0);
	while (at < sizeof(text))
		http_url_put_char(p, text[at++]);
}

/* ---- percent-encoding ---- */

/*
 * Classes of bytes, a bit each: the percent-encode sets of the URL Standard
 * (section 1.3), and what ends a part.
 */
enum {
	HTTP_URL_CONTROL = 1,		/* encoded in every part */
	HTTP_URL_IN_FRAGMENT = 2,
	HTTP_URL_IN_QUERY = 4,
	HTTP_URL_IN_PATH = 8,
	HTTP_URL_IN_USER = 16,
	HTTP_URL_END = 32,		/* of a path segment: / \ ? # */
	HTTP_URL_HASH = 64,		/* the end of a query */
	HTTP_URL_IN_NAME = 128,		/* no name may have it */
	HTTP_URL_IDNA = 256,		/* no class: a name that IDNA reads */
	/* Several of these: Fragment, Query, Path, User, Name. */
	HTTP_URL_IN_NU = HTTP_URL_IN_NAME | HTTP_URL_IN_USER,
	HTTP_URL_IN_PU = HTTP_URL_IN_PATH | HTTP_URL_IN_USER,
	HTTP_URL_IN_FPU = HTTP_URL_IN_PU | HTTP_URL_IN_FRAGMENT,
	HTTP_URL_IN_FQPU = HTTP_URL_IN_FPU | HTTP_URL_IN_QUERY
};

static const unsigned char http_url_classes[128] = {
	[' '] = HTTP_URL_IN_FQPU | HTTP_URL_IN_NAME,
	['"'] = HTTP_URL_IN_FQPU,
	['#'] = HTTP_URL_IN_PU | HTTP_URL_IN_QUERY | HTTP_URL_END |
	    HTTP_URL_HASH | HTTP_URL_IN_NAME,
	['%'] = HTTP_URL_IN_NAME,
	['\''] = HTTP_URL_IN_QUERY,
	['/'] = HTTP_URL_IN_NU | HTTP_URL_END,
	[':'] = HTTP_URL_IN_NU,
	[';'] = HTTP_URL_IN_USER,
	['<'] = HTTP_URL_IN_FQPU | HTTP_URL_IN_NAME,
	['='] = HTTP_URL_IN_USER,
	['>'] = HTTP_URL_IN_FQPU | HTTP_URL_IN_NAME,
	['?'] = HTTP_URL_IN_PU | HTTP_URL_END | HTTP_URL_IN_NAME,
	['@'] = HTTP_URL_IN_NU,
	['['] = HTTP_URL_IN_NU,
	['\\'] = HTTP_URL_IN_NU | HTTP_URL_END,
	[']'] = HTTP_URL_IN_NU,
	['^'] = HTTP_URL_IN_PU | HTTP_URL_IN_NAME,
	['`'] = HTTP_URL_IN_FPU,
	['{'] = HTTP_URL_IN_PU,
	['|'] = HTTP_URL_IN_NU,
	['}'] = HTTP_URL_IN_PU
};

/* The classes that a byte belongs to. */
static unsigned
http_url_class(char byte)
{
	unsigned char c = (unsigned char)byte;

	if (c < 0x20 || c > 0x7e)
		return HTTP_URL_CONTROL;
	return http_url_classes[c];
}

/*
 * Copies input up to `end` or a byte of a class in `stop`; bytes of a class
 * in `set` it encodes.
 */
static void
http_url_put(struct http_url_parser *p, const char *end, unsigned set,
    unsigned stop)
{
	static const char hex[] = "0123456789ABCDEF";
	const char *at = p->at;
	char *to = p->out + p->len;

	for (; at < end; at++) {
		unsigned classes = http_url_class(*at);
		unsigned char c = (unsigned char)*at;

		if ((classes & stop) != 0)
			break;
		if ((classes & (set | HTTP_URL_CONTROL)) == 0) {
			*to++ = *at;
			continue;
		}
		*to++ = '%';
		*to++ = hex[c >> 4];
		*to++ = hex[c & 15];
	}
	p->at = at;
	p->len = (size_t)(to - p->out);
}

/* The byte at *at, or what `%` and two digits there stand for; passes it. */
static inline unsigned char
http_url_decode(const char **at, const char *end)
{
	const char *from = *at;

	if (*from == '%' && end - from > 2) {
		unsigned high = http_url_digit(from[1]);
		unsigned low = http_url_digit(from[2]);

		if (high < 16 && low < 16) {
			*at += 3;
			return (unsigned char)(high << 4 | low);
		}
	}
	*at += 1;
	return (unsigned char)*from;
}

/* ---- the scheme ---- */

static bool
http_url_is_letter(char c)
{
	char lower = (char)(c | 0x20);

	return lower >= 'a' && lower <= 'z';
}

/* The length of the scheme, which a colon ends; 0 if there is none. */
static size_t
http_url_scheme_len(const struct http_url_parser *p)
{
	const char *at = p->at;

	if (at == p->end || !http_url_is_letter(*at))
		return 0;
	while (at < p->end && (http_url_is_letter(*at) ||
	    (*at >= '0' && *at <= '9') ||
	    *at == '+' || *at == '-' || *at == '.'))
		at++;
	return at < p->end && *at == ':' ? (size_t)(at - p->at) : 0;
}

/* Takes the scheme and its colon; without one, the base's scheme. */
static int
http_url_take_scheme(struct http_url_parser *p)
{
	static const char https[] = "https";
	size_t len = http_url_scheme_len(p);

	if (len == 0) {
		if (p->base == NULL)
			return HTTP_URL_E_RELATIVE;
		p->url.https = p->base->https;
		return 0;
	}
	if (len != 4 && len != 5)
		return HTTP_URL_E_SCHEME;
	for (size_t i = 0; i < len; i++)
		if ((p->at[i] | 0x20) != https[i])
			return HTTP_URL_E_SCHEME;
	p->url.https = len == 5;
	p->at += len + 1;
	return 0;
}

/* ---- hosts that are IPv4 addresses ---- */

/*
 * A host whose last label is a number is an IPv4 address, and must be a good
 * one, however it is spelt (`0x7f.1`): otherwise two readers of one URL
 * could connect to two machines.
 */

/*
 * A part of an IPv4 address: hexadecimal after 0x, octal after 0, else
 * decimal.  -1 if it is no number.
 */
static int64_t
http_url_ipv4_part(const char *at, const char *end)
{
	if (at == end)
		return -1;
	if (end - at == 1 || at[0] != '0')
		return http_url_number(at, end, 10);
	if (at[1] == 'x')
		return http_url_number(at + 2, end, 16);
	return http_url_number(at + 1, end, 8);
}

/* Does the name end in a number?  One dot at its very end is ignored. */
static bool
http_url_is_ipv4(const char *at, const char *end)
{
	const char *label;

	if (end > at && end[-1] == '.')
		end--;
	for (label = end; label > at && label[-1] != '.'; label--)
		;
	if (label == end)
		return false;
	/* "09" is all digits and yet no number: bad, rather than a name. */
	return http_url_number(label, end, 10) >= 0 ||
	    http_url_ipv4_part(label, end) >= 0;
}

/* Reads one to four parts; the last one fills the bytes that are left. */
static int
http_url_read_ipv4(uint32_t *address, const char *at, const char *end)
{
	*address = 0;
	if (end[-1] == '.')
		end--;
	for (int bits = 32; bits > 0; bits -= 8) {
		const char *dot = http_url_find(at, end, '.');
		int64_t part = http_url_ipv4_part(at, dot);
		int64_t room = dot == end ? (int64_t)1 << bits : 256;

		if (part < 0 || part >= room)
			return HTTP_URL_E_IPV4;
		if (dot == end) {
			*address |= (uint32_t)part;
			return 0;
		}
		*address |= (uint32_t)part << (bits - 8);
		at = dot + 1;
	}
	return HTTP_URL_E_IPV4;
}

/* Makes the address that was written as a name dotted decimal. */
static int
http_url_put_ipv4(struct http_url_parser *p)
{
	uint32_t address;
	int error = http_url_read_ipv4(&address, p->out + p->url.host,
	    p->out + p->len);

	if (error != 0)
		return error;
	p->len = p->url.host;
	for (int shift = 24; shift >= 0; shift -= 8) {
		http_url_put_number(p, address >> shift & 255, 10);
		if (shift > 0)
			http_url_put_char(p, '.');
	}
	p->url.host_kind = HTTP_URL_IPV4;
	return 0;
}

/* ---- hosts that are IPv6 addresses ---- */

/* The IPv4 end of an IPv6 address: four decimal numbers, spelt one way. */
static bool
http_url_ipv6_tail(uint16_t pieces[2], const char *at, const char *end)
{
	uint32_t address = 0;

	for (int i = 0; i < 4; i++) {
		const char *dot = i < 3 ? http_url_find(at, end, '.') : end;
		int64_t part = http_url_number(at, dot, 10);

		if (dot == at || part < 0 || part > 255 ||
		    (*at == '0' && dot - at > 1) || (dot == end && i < 3))
			return false;
		address = address << 8 | (uint32_t)part;
		at = dot + 1;
	}
	pieces[0] = (uint16_t)(address >> 16);
	pieces[1] = (uint16_t)(address & 0xffff);
	return true;
}

/*
 * Reads pieces of up to four hexadecimal digits, with colons between them;
 * the last two of the address may be spelt as IPv4.  Returns how many there
 * are, at most 8, or -1.
 */
static int
http_url_ipv6_pieces(uint16_t pieces[8], const char *at, const char *end)
{
	const char *stop = at;
	int count = 0;

	for (; stop < end; at = stop + 1) {
		int64_t value;

		stop = http_url_find(at, end, ':');
		if (*stop == ']' && http_url_find(at, stop, '.') < stop)
			return count <= 6 && http_url_ipv6_tail(
			    pieces + count, at, stop) ? count + 2 : -1;
		value = http_url_number(at, stop, 16);
		if (count == 8 || stop == at || stop - at > 4 || value < 0)
			return -1;
		pieces[count++] = (uint16_t)value;
	}
	return count;
}

/*
 * Reads an address (section 3.5, the IPv6 parser), which a bracket follows:
 * eight pieces, or less around a "::", which stands for zeros.
 */
static int
http_url_read_ipv6(uint16_t pieces[8], const char *at, const char *end)
{
	uint16_t last[8];
	const char *gap = at;
	int before, after;

	while (gap < end && (gap[0] != ':' || gap[1] != ':'))
		gap++;
	before = http_url_ipv6_pieces(pieces, at, gap);
	if (gap == end)
		return before == 8 ? 0 : HTTP_URL_E_IPV6;
	after = http_url_ipv6_pieces(last, gap + 2, end);
	if (before < 0 || after < 0 || before + after > 7)
		return HTTP_URL_E_IPV6;
	memset(pieces + before, 0, (size_t)(8 - before) * sizeof(*pieces));
	memcpy(pieces + 8 - after, last, (size_t)after * sizeof(*pieces));
	return 0;
}

/* The longest row of zeros, the first of such: its length; 0 below two. */
static int
http_url_ipv6_zeros(const uint16_t pieces[8], int *start)
{
	int longest = 1;

	for (int i = 0, zeros = 0; i < 8; i++) {
		zeros = pieces[i] == 0 ? zeros + 1 : 0;
		if (zeros > longest) {
			longest = zeros;
			*start = i + 1 - zeros;
		}
	}
	return longest > 1 ? longest : 0;
}

/* An address in brackets up to `end`: its longest row of zeros as "::". */
static int
http_url_put_ipv6(struct http_url_parser *p, const char *end)
{
	uint16_t pieces[8];
	int start = 0, zeros;

	if (end - p->at < 2 || end[-1] != ']' ||
	    http_url_read_ipv6(pieces, p->at + 1, end - 1) != 0)
		return HTTP_URL_E_IPV6;
	zeros = http_url_ipv6_zeros(pieces, &start);
	http_url_put_char(p, '[');
	for (int i = 0; i < 8; i++) {
		if (zeros > 0 && i == start) {
			if (i == 0)
				http_url_put_char(p, ':');
			http_url_put_char(p, ':');
			i += zeros - 1;
			continue;
		}
		http_url_put_number(p, pieces[i], 16);
		if (i < 7)
			http_url_put_char(p, ':');
	}
	http_url_put_char(p, ']');
	p->url.host_kind = HTTP_URL_IPV6;
	return 0;
}

/* ---- hosts ---- */

/*
 * A name up to `end`, percent-encoding undone, in lower case; returns the
 * classes of its bytes.  What is not ASCII is for IDNA, and so is "--", of
 * which an A-label has one.  (In front of the name stands at least "//".)
 */
static unsigned
http_url_put_name(struct http_url_parser *p, const char *end)
{
	const char *at = p->at;
	char *to = p->out + p->len;
	unsigned classes = 0;

	while (at < end) {
		unsigned char c = http_url_decode(&at, end);

		*to++ = (char)c;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '.')
			continue;
		if (c >= 'A' && c <= 'Z')
			to[-1] = (char)(c + 'a' - 'A');
		else if (c > 0x7f || (c == '-' && to[-2] == '-'))
			classes |= HTTP_URL_IDNA;
		else
			classes |= http_url_class((char)c);
	}
	p->at = at;
	p->len = (size_t)(to - p->out);
	p->url.host_kind = HTTP_URL_NAME;
	return classes;
}

/* Makes the name that was written ASCII, and finds its classes anew. */
static int
http_url_put_idna(struct http_url_parser *p, unsigned *classes)
{
	char name[HTTP_IDNA_ROOM], *to = p->out + p->url.host;
	int len = http_idna_to_ascii(name, to, p->len - p->url.host);

	if (len < 0)
		return len == HTTP_IDNA_E_LENGTH ? HTTP_URL_E_HOST_LENGTH :
		    len == HTTP_IDNA_E_ALABEL ? HTTP_URL_E_ALABEL :
		    HTTP_URL_E_IDN;
	*classes = 0;
	for (int i = 0; i < len; i++)
		*classes |= http_url_class(to[i] = name[i]);
	p->len = p->url.host + (size_t)len;
	return 0;
}

/* Refuses labels without room in the DNS (RFC 1035). */
static int
http_url_check_label(const char *at, const char *end)
{
	if (at == end)
		return HTTP_URL_E_HOST;
	if (end - at > HTTP_URL_LABEL_MAX)
		return HTTP_URL_E_HOST_LENGTH;
	return 0;
}

/* Checks a name, label by label; a dot at its very end is ignored. */
static int
http_url_check_name(const char *at, const char *end)
{
	const char *dot;
	int error = 0;

	if (end > at && end[-1] == '.')
		end--;
	if (end - at > HTTP_URL_HOST_MAX)
		return HTTP_URL_E_HOST_LENGTH;
	for (; error == 0 && at <= end; at = dot + 1) {
		dot = http_url_find(at, end, '.');
		error = http_url_check_label(at, dot);
	}
	return error;
}

/* The host, up to `end`: a name or an address, in its one spelling. */
static int
http_url_put_host(struct http_url_parser *p, const char *end)
{
	const char *host = p->out + p->len;
	unsigned classes;
	int error = 0;

	p->url.host = http_url_here(p);
	if (p->at < end && *p->at == '[')
		return http_url_put_ipv6(p, end);
	classes = http_url_put_name(p, end);
	if ((classes & HTTP_URL_IDNA) != 0)
		error = http_url_put_idna(p, &classes);
	if (error != 0)
		return error;
	if ((classes & (HTTP_URL_CONTROL | HTTP_URL_IN_NAME)) != 0)
		return HTTP_URL_E_HOST;
	if (http_url_is_ipv4(host, p->out + p->len))
		return http_url_put_ipv4(p);
	return http_url_check_name(host, p->out + p->len);
}

/* ---- the authority ---- */

/* User name and password, up to the @ at `end`; nothing if both are empty. */
static void
http_url_put_user(struct http_url_parser *p, const char *end)
{
	const char *colon = http_url_find(p->at, end, ':');
	size_t start = p->len;

	http_url_put(p, colon, HTTP_URL_IN_USER, 0);
	if (end - colon > 1) {
		p->at++;
		http_url_put_char(p, ':');
		http_url_put(p, end, HTTP_URL_IN_USER, 0);
	}
	if (p->len > start)
		http_url_put_char(p, '@');
	p->at = end + 1;
}

/* The port, up to `end`; an empty one, or the scheme's own, is left out. */
static int
http_url_put_port(struct http_url_parser *p, const char *end)
{
	int64_t usual = p->url.https ? 443 : 80, port = usual;

	if (p->at < end)
		port = http_url_number(p->at, end, 10);
	if (port < 0 || port > 65535)
		return HTTP_URL_E_PORT;
	p->at = end;
	p->url.port = (uint16_t)port;
	if (port != usual) {
		http_url_put_char(p, ':');
		http_url_put_number(p, (unsigned)port, 10);
	}
	return 0;
}

/* user:password@host:port, of which the last @ and a colon decide. */
static int
http_url_put_authority(struct http_url_parser *p)
{
	const char *at = p->at, *user_end = NULL, *end, *host_end;
	int error;

	for (end = at; end < p->end; end++)
		if ((http_url_class(*end) & HTTP_URL_END) != 0)
			break;
	while ((at = memchr(at, '@', (size_t)(end - at))) != NULL)
		user_end = at++;
	if (user_end != NULL)
		http_url_put_user(p, user_end);
	/* A colon between brackets does not end the host. */
	host_end = http_url_is_next(p, '[') ?
	    http_url_find(p->at, end, ']') : p->at;
	host_end = http_url_find(host_end, end, ':');
	error = http_url_put_host(p, host_end);
	if (error != 0)
		return error;
	p->url.host_end = http_url_here(p);
	p->at = host_end < end ? host_end + 1 : end;
	return http_url_put_port(p, end);
}

/* ---- path, query, fragment ---- */

/* 1 or 2 if a segment is "." or "..", a dot being also %2e; else 0. */
static int
http_url_dots(const char *at, const char *end)
{
	int dots = 0;

	for (; at < end; dots++) {
		if (*at == '.')
			at++;
		else if (end - at >= 3 && at[0] == '%' && at[1] == '2' &&
		    (at[2] | 0x20) == 'e')
			at += 3;
		else
			return 0;
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

		http_url_put_char(p, '/');
		http_url_put(p, p->end, HTTP_URL_IN_PATH, HTTP_URL_END);
		dots = http_url_dots(p->out + start + 1, p->out + p->len);
		more = http_url_is_slash(p);
		p->at += more;
		if (dots == 0)
			continue;
		p->len = start;
		if (dots == 2 && p->len > p->url.path)
			while (p->out[--p->len] != '/')
				;
		if (!more)
			http_url_put_char(p, '/');
	} while (more);
}

/* The query, if one comes. */
static void
http_url_put_query(struct http_url_parser *p)
{
	p->url.query = http_url_here(p);
	if (!http_url_is_next(p, '?'))
		return;
	http_url_put_char(p, *p->at++);
	http_url_put(p, p->end, HTTP_URL_IN_QUERY, HTTP_URL_HASH);
}

/* The fragment, if one comes: all that is left. */
static void
http_url_put_fragment(struct http_url_parser *p)
{
	p->url.fragment = http_url_here(p);
	if (!http_url_is_next(p, '#'))
		return;
	http_url_put_char(p, *p->at++);
	http_url_put(p, p->end, HTTP_URL_IN_FRAGMENT, 0);
}

/* Path, query and fragment; a slash before the path may be missing. */
static void
http_url_put_rest(struct http_url_parser *p)
{
	p->at += http_url_is_slash(p);
	http_url_put_path(p);
	http_url_put_query(p);
	http_url_put_fragment(p);
}

/* ---- the whole ---- */

/* How many bytes of the base stay in front of this input. */
static size_t
http_url_base_len(const struct http_url_parser *p)
{
	const struct http_url *base = p->base;
	size_t len = base->query;

	if (p->at == p->end || *p->at == '#')
		return base->fragment;
	if (*p->at == '?')
		return base->query;
	if (http_url_is_slash(p))
		return base->path;
	/* All segments of its path but the last. */
	while (base->href[len - 1] != '/')
		len--;
	return len - 1;
}

/* A relative URL: what the base has in front of it, then the input. */
static void
http_url_put_relative(struct http_url_parser *p)
{
	p->url = *p->base;
	p->len = http_url_base_len(p);
	memcpy(p->out, p->base->href, p->len);
	if (p->len < p->base->query) {
		http_url_put_rest(p);
		return;
	}
	if (http_url_is_next(p, '?'))
		http_url_put_query(p);
	http_url_put_fragment(p);
}

/* An absolute URL, after the slashes that follow its scheme. */
static int
http_url_put_absolute(struct http_url_parser *p)
{
	static const char https[] = "https://", http[] = "http://";
	int error;

	p->len = p->url.https ? sizeof(https) - 1 : sizeof(http) - 1;
	memcpy(p->out, p->url.https ? https : http, p->len);
	error = http_url_put_authority(p);
	if (error != 0)
		return error;
	p->url.path = http_url_here(p);
	http_url_put_rest(p);
	return 0;
}

/* Reads the whole: writes `out`, finds all offsets. */
static int
http_url_read(struct http_url_parser *p)
{
	int error = http_url_take_scheme(p);
	const char *start = p->at;

	if (error != 0)
		return error;
	while (http_url_is_slash(p))
		p->at++;
	/* "http:x" is relative to an http base: so browsers once had it. */
	if (p->base == NULL || p->base->https != p->url.https ||
	    p->at - start >= 2)
		return http_url_put_absolute(p);
	p->at = start;
	http_url_put_relative(p);
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
	int error;

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
	error = http_url_read(&p);
	if (error != 0)
		return error;
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

int
http_url_copy(struct http_url *to, const struct http_url *from)
{
	char *href = malloc((size_t)from->len + 1);

	if (href == NULL)
		return -ENOMEM;
	memcpy(href, from->href, (size_t)from->len + 1);
	*to = *from;
	to->href = href;
	return 0;
}

int
http_url_inherit_fragment(struct http_url *u, const struct http_url *from)
{
	size_t len = (size_t)(from->len - from->fragment);
	char *href;

	if (u->fragment < u->len || len == 0 || u->len + len > HTTP_URL_MAX)
		return 0;
	href = realloc(u->href, u->len + len + 1);
	if (href == NULL)
		return -ENOMEM;
	memcpy(href + u->len, from->href + from->fragment, len + 1);
	u->href = href;
	u->len = (uint16_t)(u->len + len);
	return 0;
}

void
http_url_free(struct http_url *u)
{
	free(u->href);
	u->href = NULL;
}

/* ---- what a URL says ---- */

const char *
http_url_host(const struct http_url *u, size_t *len)
{
	size_t bracket = u->host_kind == HTTP_URL_IPV6;

	*len = u->host_end - u->host - 2 * bracket;
	return u->href + u->host + bracket;
}

const char *
http_url_authority(const struct http_url *u, size_t *len)
{
	*len = (size_t)(u->path - u->host);
	return u->href + u->host;
}

const char *
http_url_target(const struct http_url *u, size_t *len)
{
	*len = (size_t)(u->fragment - u->path);
	return u->href + u->path;
}

bool
http_url_same_origin(const struct http_url *a, const struct http_url *b)
{
	size_t a_len, b_len;
	const char *a_host = http_url_host(a, &a_len);
	const char *b_host = http_url_host(b, &b_len);

	return a->https == b->https && a->port == b->port && a_len == b_len &&
	    memcmp(a_host, b_host, a_len) == 0;
}

/* ---- errors in words ---- */

static const struct {
	int error;
	const char *words;
} http_url_errors[] = {
	{ HTTP_URL_E_SCHEME, "not an http or https URL" },
	{ HTTP_URL_E_RELATIVE,
	    "not an absolute URL (no http:// or https://)" },
	{ HTTP_URL_E_HOST, "no host, or a character that hosts cannot have" },
	{ HTTP_URL_E_HOST_LENGTH, "host name too long" },
	{ HTTP_URL_E_IPV4, "host ends in a number but is no IPv4 address" },
	{ HTTP_URL_E_IPV6, "host in brackets is no IPv6 address" },
	{ HTTP_URL_E_IDN, "host name that IDNA (UTS 46) does not allow" },
	{ HTTP_URL_E_PORT, "port is not a number from 0 to 65535" },
	{ HTTP_URL_E_LENGTH, "URL too long" },
	{ HTTP_URL_E_ALABEL, "xn-- begins a part of the host that is no name" }
};

const char *
http_url_strerror(int error)
{
	size_t count = sizeof(http_url_errors) / sizeof(http_url_errors[0]);

	for (size_t i = 0; i < count; i++)
		if (http_url_errors[i].error == error)
			return http_url_errors[i].words;
	return NULL;
}
