/*
 * address.c - numeric addresses as text and back.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#define _XOPEN_SOURCE 700
#include "address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

/* A decimal number of at most `most`, all of it; -EINVAL if it is not one. */
static int
address_parse_number(const char *at, size_t len, uint32_t most,
    uint32_t *number)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (at[i] < '0' || at[i] > '9')
			return -EINVAL;
		value = value * 10 + (uint64_t)(at[i] - '0');
		if (value > most)
			return -EINVAL;
	}
	*number = (uint32_t)value;
	return len > 0 ? 0 : -EINVAL;
}

/* Five digits at most. */
static int
address_parse_port(const char *at, size_t len, uint16_t *port)
{
	uint32_t number;

	if (len > 5 || address_parse_number(at, len, 65535, &number) != 0)
		return -EINVAL;
	*port = (uint16_t)number;
	return 0;
}

/* The scope behind '%': an interface's name or its number. */
static int
address_parse_scope(const char *text, uint32_t *scope)
{
	*scope = if_nametoindex(text);
	if (*scope != 0)
		return 0;
	return address_parse_number(text, strlen(text), UINT32_MAX, scope);
}

/* An address alone: no port, no brackets. */
static int
address_parse_host(struct reactor_address *a, const char *at, size_t len,
    uint16_t port)
{
	char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 1], *percent;
	uint8_t bytes[16];
	uint32_t scope = 0;

	if (len >= sizeof(text) || memchr(at, '\0', len) != NULL)
		return -EINVAL;
	memcpy(text, at, len);
	text[len] = '\0';
	if (inet_pton(AF_INET, text, bytes) == 1) {
		reactor_address_from_bytes(a, bytes, 4, 0, port);
		return 0;
	}
	percent = strchr(text, '%');
	if (percent != NULL) {
		*percent = '\0';
		if (address_parse_scope(percent + 1, &scope) != 0)
			return -EINVAL;
	}
	if (inet_pton(AF_INET6, text, bytes) != 1)
		return -EINVAL;
	reactor_address_from_bytes(a, bytes, 16, scope, port);
	return 0;
}

/* "[2001:db8::1]", with a port or without. */
static int
address_parse_bracketed(
    struct reactor_address *a, const char *at, size_t len, uint16_t port)
{
	const char *bracket = memchr(at, ']', len), *end = at + len;

	if (bracket == NULL ||
	    memchr(at, ':', (size_t)(bracket - at)) == NULL)
		return -EINVAL;
	if (bracket + 1 < end && (bracket[1] != ':' ||
	    address_parse_port(bracket + 2, (size_t)(end - bracket - 2),
	    &port) != 0))
		return -EINVAL;
	return address_parse_host(a, at + 1, (size_t)(bracket - at - 1), port);
}

/* One colon alone is before a port; several are IPv6 without one. */
int
reactor_address_parse(
    struct reactor_address *a, const char *at, size_t len, uint16_t port)
{
	const char *colon, *end = at + len;

	if (len == 0)
		return -EINVAL;
	if (at[0] == '[')
		return address_parse_bracketed(a, at, len, port);
	colon = memchr(at, ':', len);
	if (colon == NULL ||
	    memchr(colon + 1, ':', (size_t)(end - colon - 1)) != NULL)
		return address_parse_host(a, at, len, port);
	if (address_parse_port(colon + 1, (size_t)(end - colon - 1),
	    &port) != 0)
		return -EINVAL;
	return address_parse_host(a, at, (size_t)(colon - at), port);
}

void
reactor_address_from_bytes(struct reactor_address *a, const uint8_t *bytes,
    size_t len, uint32_t scope, uint16_t port)
{
	memset(a, 0, sizeof(*a));
	if (len == 4) {
		a->len = sizeof(a->u.ipv4);
		a->u.ipv4.sin_family = AF_INET;
		memcpy(&a->u.ipv4.sin_addr, bytes, 4);
	} else {
		a->len = sizeof(a->u.ipv6);
		a->u.ipv6.sin6_family = AF_INET6;
		a->u.ipv6.sin6_scope_id = scope;
		memcpy(&a->u.ipv6.sin6_addr, bytes, 16);
	}
	reactor_address_set_port(a, port);
}

int
reactor_address_from_path(struct reactor_address *a, const char *at, size_t len)
{
	memset(a, 0, sizeof(*a));
	if (len == 0 || memchr(at, '\0', len) != NULL)
		return -EINVAL;
	if (len >= sizeof(a->u.local.sun_path))
		return -ENAMETOOLONG;
	a->len = sizeof(a->u.local);
	a->u.local.sun_family = AF_UNIX;
	memcpy(a->u.local.sun_path, at, len);
	return 0;
}

int
reactor_address_family(const struct reactor_address *a)
{
	return a->u.any.sa_family;
}

uint16_t
reactor_address_port(const struct reactor_address *a)
{
	if (a->u.any.sa_family == AF_INET)
		return ntohs(a->u.ipv4.sin_port);
	if (a->u.any.sa_family == AF_INET6)
		return ntohs(a->u.ipv6.sin6_port);
	return 0;
}

void
reactor_address_set_port(struct reactor_address *a, uint16_t port)
{
	if (a->u.any.sa_family == AF_INET)
		a->u.ipv4.sin_port = htons(port);
	else if (a->u.any.sa_family == AF_INET6)
		a->u.ipv6.sin6_port = htons(port);
}

bool
reactor_address_equal(
    const struct reactor_address *a, const struct reactor_address *b)
{
	if (reactor_address_family(a) != reactor_address_family(b) ||
	    reactor_address_port(a) != reactor_address_port(b))
		return false;
	switch (reactor_address_family(a)) {
	case AF_INET:
		return a->u.ipv4.sin_addr.s_addr == b->u.ipv4.sin_addr.s_addr;
	case AF_INET6:
		return a->u.ipv6.sin6_scope_id == b->u.ipv6.sin6_scope_id &&
		    memcmp(&a->u.ipv6.sin6_addr, &b->u.ipv6.sin6_addr,
		    sizeof(a->u.ipv6.sin6_addr)) == 0;
	case AF_UNIX:
		return strncmp(a->u.local.sun_path, b->u.local.sun_path,
		    sizeof(a->u.local.sun_path)) == 0;
	default:
		return false;
	}
}

/* ---- as text ---- */

/*
 * Numbers without zeros in front; each returns where it ends.  Nothing is
 * divided by a variable: that is the slowest thing a processor does.
 */
static char *
address_put_decimal(char *to, uint32_t number)
{
	size_t len = 1, i;
	uint32_t rest;

	for (rest = number / 10; rest > 0; rest /= 10)
		len++;
	for (i = len; i-- > 0; number /= 10)
		to[i] = (char)('0' + number % 10);
	return to + len;
}

static char *
address_put_hex(char *to, unsigned word)
{
	unsigned bits = 4;

	while (word >> bits > 0)
		bits += 4;
	for (; bits > 0; bits -= 4)
		*to++ = "0123456789abcdef"[word >> (bits - 4) & 0xf];
	return to;
}

static char *
address_put_ipv4(char *to, const uint8_t bytes[4])
{
	size_t i;

	for (i = 0; i < 4; i++) {
		if (i > 0)
			*to++ = '.';
		to = address_put_decimal(to, bytes[i]);
	}
	return to;
}

/*
 * The longest run of words that are 0, and where it begins: the first one of
 * several.  0 if no run has two words (RFC 5952 section 4.2).
 */
static size_t
address_longest_zeros(const uint8_t bytes[16], size_t *first)
{
	size_t longest = 1, run = 0, i;

	*first = 0;
	for (i = 0; i < 8; i++) {
		run = (bytes[2 * i] | bytes[2 * i + 1]) == 0 ? run + 1 : 0;
		if (run > longest) {
			longest = run;
			*first = i + 1 - run;
		}
	}
	return longest > 1 ? longest : 0;
}

/*
 * inet_ntop(3) takes as long as a tenth of a query to a name server, and not
 * every system's agrees with RFC 5952.
 */
static char *
address_put_ipv6(char *to, const uint8_t bytes[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	bool is_mapped = memcmp(bytes, mapped, sizeof(mapped)) == 0;
	size_t first, zeros = address_longest_zeros(bytes, &first), i = 0;

	while (i < (is_mapped ? 6 : 8)) {
		if (i == first && zeros > 0) {
			i += zeros;
			*to++ = ':';
			if (i == 8)
				*to++ = ':';
			continue;
		}
		if (i > 0)
			*to++ = ':';
		to = address_put_hex(to,
		    (unsigned)(bytes[2 * i] << 8 | bytes[2 * i + 1]));
		i++;
	}
	if (!is_mapped)
		return to;
	*to++ = ':';
	return address_put_ipv4(to, bytes + 12);
}

const char *
reactor_address_format(
    const struct reactor_address *a, char text[REACTOR_ADDRESS_TEXT])
{
	char *end = text;

	if (reactor_address_family(a) == AF_INET) {
		end = address_put_ipv4(
		    end, (const uint8_t *)&a->u.ipv4.sin_addr);
	} else if (reactor_address_family(a) == AF_INET6) {
		end = address_put_ipv6(
		    end, (const uint8_t *)&a->u.ipv6.sin6_addr);
		if (a->u.ipv6.sin6_scope_id != 0) {
			*end++ = '%';
			end = address_put_decimal(
			    end, a->u.ipv6.sin6_scope_id);
		}
	} else if (reactor_address_family(a) == AF_UNIX) {
		snprintf(text, REACTOR_ADDRESS_TEXT, "%.*s",
		    (int)sizeof(a->u.local.sun_path), a->u.local.sun_path);
		return text;
	}
	*end = '\0';
	return text;
}

const char *
reactor_address_format_port(
    const struct reactor_address *a, char text[REACTOR_ADDRESS_TEXT])
{
	char host[REACTOR_ADDRESS_TEXT];

	reactor_address_format(a, host);
	if (reactor_address_family(a) == AF_UNIX)
		return memcpy(text, host, REACTOR_ADDRESS_TEXT);
	snprintf(text, REACTOR_ADDRESS_TEXT,
	    reactor_address_family(a) == AF_INET6 ? "[%.100s]:%u" : "%.100s:%u",
	    host, (unsigned)reactor_address_port(a));
	return text;
}

int
reactor_address_ask(struct reactor_address *a,
    const struct reactor_system *system, int fd,
    int (*ask)(
	const struct reactor_system *, int fd, struct sockaddr *, socklen_t *))
{
	if (fd < 0)
		return -ENOTCONN;
	memset(a, 0, sizeof(*a));
	a->len = sizeof(a->u);
	return ask(system, fd, &a->u.any, &a->len);
}
