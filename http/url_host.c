/*
 * url_host.c - host names, IPv4 and IPv6 addresses in URLs.
 *
 * A host whose last label is a number is an IPv4 address, and must be a good
 * one, however it is spelt (`0x7f.1`): otherwise two readers of one URL
 * could connect to two machines.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "url_private.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The value of a hex digit, or -1. */
static int
http_url_host_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * A part of an IPv4 address: hexadecimal after 0x, octal after 0, else
 * decimal.  2^32 stands for all that is more; -1 if it is no number.
 */
static int64_t
http_url_host_number(const char *at, size_t len)
{
	int64_t value = 0, limit = (int64_t)1 << 32;
	int radix = 10;

	if (len == 0)
		return -1;
	if (len >= 2 && at[0] == '0') {
		radix = at[1] == 'x' ? 16 : 8;
		at += radix == 16 ? 2 : 1;
		len -= radix == 16 ? 2 : 1;
	}
	for (; len > 0; at++, len--) {
		int digit = http_url_host_hex(*at);

		if (digit < 0 || digit >= radix)
			return -1;
		value = value * radix + digit;
		if (value > limit)
			value = limit;
	}
	return value;
}

/* Does the name end in a number?  One dot at its very end is ignored. */
static bool
http_url_host_is_numeric(const char *at, size_t len)
{
	size_t start, i;

	if (len > 0 && at[len - 1] == '.')
		len--;
	for (start = len; start > 0 && at[start - 1] != '.'; start--)
		;
	for (i = start; i < len && at[i] >= '0' && at[i] <= '9'; i++)
		;
	/* "09" is all digits and yet no number: bad, rather than a name. */
	return (i == len && i > start) ||
	    http_url_host_number(at + start, len - start) >= 0;
}

/* Reads one to four numbers; the last one fills what is left. */
static int
http_url_host_ipv4(uint32_t *address, const char *at, size_t len)
{
	const char *end = at + len, *dot;

	*address = 0;
	if (end[-1] == '.')
		end--;
	for (int bits = 32; bits > 0; bits -= 8, at = dot + 1) {
		int64_t value;

		dot = memchr(at, '.', (size_t)(end - at));
		value = http_url_host_number(at,
		    (size_t)((dot != NULL ? dot : end) - at));
		if (value < 0)
			return HTTP_URL_E_IPV4;
		if (dot == NULL) {
			*address |= (uint32_t)value;
			return value >> bits == 0 ? 0 : HTTP_URL_E_IPV4;
		}
		if (value > 255)
			return HTTP_URL_E_IPV4;
		*address |= (uint32_t)value << (bits - 8);
	}
	return HTTP_URL_E_IPV4;
}

/* Dotted decimal; returns its length.  Many URLs have such a host. */
static int
http_url_host_write_ipv4(char *to, uint32_t a)
{
	int n = 0;

	for (int shift = 24; shift >= 0; shift -= 8) {
		unsigned part = a >> shift & 255;

		if (part >= 100)
			to[n++] = (char)('0' + part / 100);
		if (part >= 10)
			to[n++] = (char)('0' + part / 10 % 10);
		to[n++] = (char)('0' + part % 10);
		to[n++] = '.';
	}
	return n - 1;
}

/* The IPv4 end of an IPv6 address, in its one strict spelling. */
static int
http_url_host_tail(uint16_t pieces[2], const char *at, size_t len)
{
	char strict[16];
	uint32_t a;

	if (http_url_host_ipv4(&a, at, len) != 0 ||
	    http_url_host_write_ipv4(strict, a) != (int)len ||
	    memcmp(strict, at, len) != 0)
		return HTTP_URL_E_IPV6;
	pieces[0] = (uint16_t)(a >> 16);
	pieces[1] = (uint16_t)(a & 0xffff);
	return 0;
}

/* Reads one piece of up to four hex digits; returns how many there were. */
static int
http_url_host_piece(uint16_t *piece, const char *at, const char *end)
{
	int n = 0;

	for (*piece = 0; n < 4 && at < end; at++, n++) {
		int digit = http_url_host_hex(*at);

		if (digit < 0)
			break;
		*piece = (uint16_t)(*piece << 4 | digit);
	}
	return n;
}

/* Moves the pieces after the "::" at `gap` to the end; zeros between. */
static void
http_url_host_spread(uint16_t pieces[8], int count, int gap)
{
	size_t after = (size_t)(count - gap), room = (size_t)(8 - gap);

	memmove(pieces + 8 - after, pieces + gap, after * sizeof(*pieces));
	memset(pieces + gap, 0, (room - after) * sizeof(*pieces));
}

/* Reads what stands between brackets (section 3.5, IPv6 parser). */
static int
http_url_host_ipv6(uint16_t pieces[8], const char *at, const char *end)
{
	int count = 0, gap = -1;

	memset(pieces, 0, 8 * sizeof(*pieces));
	if (end - at >= 2 && at[0] == ':' && at[1] != ':')
		return HTTP_URL_E_IPV6;
	at += at < end && *at == ':';
	while (at < end) {
		int n;

		if (*at == ':' && gap < 0 && count < 8) {
			gap = count;
			at++;
			continue;
		}
		if (count == 8)
			return HTTP_URL_E_IPV6;
		n = http_url_host_piece(&pieces[count], at, end);
		if (n > 0 && at + n < end && at[n] == '.') {
			if (count > 6 || http_url_host_tail(pieces + count,
			    at, (size_t)(end - at)) != 0)
				return HTTP_URL_E_IPV6;
			count += 2;
			break;
		}
		at += n;
		count++;
		if (n == 0 || (at < end && (*at++ != ':' || at == end)))
			return HTTP_URL_E_IPV6;
	}
	if (gap < 0)
		return count == 8 ? 0 : HTTP_URL_E_IPV6;
	if (count == 8)
		return HTTP_URL_E_IPV6;
	http_url_host_spread(pieces, count, gap);
	return 0;
}

/* Writes an address in brackets, its longest row of zeros as "::". */
static int
http_url_host_write_ipv6(char *to, const uint16_t pieces[8])
{
	int best = 8, longest = 1, n = 0;

	for (int i = 0; i < 8; i++) {
		int zeros = 0;

		while (i + zeros < 8 && pieces[i + zeros] == 0)
			zeros++;
		if (zeros > longest) {
			longest = zeros;
			best = i;
		}
		i += zeros;
	}
	to[n++] = '[';
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			n += sprintf(to + n, i == 0 ? "::" : ":");
			i += longest - 1;
			continue;
		}
		n += sprintf(to + n, i < 7 ? "%x:" : "%x",
		    (unsigned)pieces[i]);
	}
	to[n++] = ']';
	return n;
}

/* A byte of a name as it is kept, or an error: lower-case and allowed. */
static int
http_url_host_byte(int c)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	    c == '.')
		return c;
	if (c >= 'A' && c <= 'Z')
		return c + 'a' - 'A';
	if (c > 0x7f)
		return HTTP_URL_E_IDN;
	if (c <= ' ' || c == 0x7f || strchr("#/:<>?@[\\]^|%", c) != NULL)
		return HTTP_URL_E_HOST;
	return c;
}

/* Undoes percent-encoding and checks each byte; returns the length. */
static int
http_url_host_decode(char *to, const char *at, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++) {
		int c = (unsigned char)at[i];

		if (c == '%' && len - i > 2) {
			int high = http_url_host_hex(at[i + 1]);
			int low = http_url_host_hex(at[i + 2]);

			if (high >= 0 && low >= 0) {
				c = high << 4 | low;
				i += 2;
			}
		}
		c = http_url_host_byte(c);
		if (c < 0)
			return c;
		to[n++] = (char)c;
	}
	return n;
}

/* Refuses what the domain name system has no room for (RFC 1035). */
static int
http_url_host_check(const char *at, int len)
{
	int label = 0;

	if (len == 0)
		return HTTP_URL_E_HOST;
	if (len - (at[len - 1] == '.') > HTTP_URL_HOST_MAX)
		return HTTP_URL_E_HOST_LENGTH;
	for (int i = 0; i < len; i++) {
		label = at[i] == '.' ? 0 : label + 1;
		if (label > HTTP_URL_LABEL_MAX)
			return HTTP_URL_E_HOST_LENGTH;
	}
	return len;
}

int
http_url_host_write(char *to, enum http_url_host_kind *kind,
    const char *at, size_t len)
{
	uint16_t pieces[8];
	uint32_t a;
	int rc;

	if (len > 0 && at[0] == '[') {
		*kind = HTTP_URL_IPV6;
		if (len < 2 || at[len - 1] != ']')
			return HTTP_URL_E_IPV6;
		rc = http_url_host_ipv6(pieces, at + 1, at + len - 1);
		return rc == 0 ? http_url_host_write_ipv6(to, pieces) : rc;
	}
	rc = http_url_host_decode(to, at, len);
	if (rc < 0)
		return rc;
	*kind = HTTP_URL_NAME;
	if (!http_url_host_is_numeric(to, (size_t)rc))
		return http_url_host_check(to, rc);
	*kind = HTTP_URL_IPV4;
	rc = http_url_host_ipv4(&a, to, (size_t)rc);
	if (rc != 0)
		return rc;
	return http_url_host_write_ipv4(to, a);
}
