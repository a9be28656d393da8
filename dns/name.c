/*
 * name.c - see name.h.  Needs name.h alone.
 *
 * Copyright (c) 2026 the Spindle authors.  SPDX-License-Identifier: ISC
 */
#include "name.h"

#include <errno.h>
#include <string.h>

/* What a label of a host name is made of (RFC 1123 section 2.1, and '_'). */
static bool
dns_name_is_host_octet(uint8_t c)
{
	c = dns_name_lower(c);
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	    c == '-' || c == '_';
}

int
dns_name_from_text(struct dns_name *n, const char *at, size_t len)
{
	size_t label = 0, used = 1, i;	/* label: where its length stands */

	if (len == 0)
		return -EINVAL;
	if (at[len - 1] == '.')
		len--;
	n->at[0] = 0;
	/* One more octet must stay free for the root's empty label. */
	for (i = 0; i < len; i++) {
		if (used == DNS_NAME_MAX - 1)
			return -EINVAL;
		if (at[i] == '.' && n->at[label] > 0) {
			label = used;
			n->at[used++] = 0;
		} else if (dns_name_is_host_octet((uint8_t)at[i]) &&
		    n->at[label] < DNS_LABEL_MAX) {
			n->at[used++] = dns_name_lower((uint8_t)at[i]);
			n->at[label]++;
		} else {
			return -EINVAL;
		}
	}
	if (len > 0 && n->at[label] == 0)
		return -EINVAL;
	if (len > 0)
		n->at[used++] = 0;
	n->len = (uint8_t)used;
	return 0;
}

/* Writes one octet of a label, escaped if it must be; returns its length. */
static size_t
dns_name_format_octet(uint8_t c, char *text)
{
	if (dns_name_is_host_octet(c)) {
		text[0] = (char)c;
		return 1;
	}
	text[0] = '\\';
	text[1] = (char)('0' + c / 100);
	text[2] = (char)('0' + c / 10 % 10);
	text[3] = (char)('0' + c % 10);
	return 4;
}

size_t
dns_name_format(const struct dns_name *n, char text[DNS_NAME_TEXT])
{
	size_t len = 0, at = 0, end;

	while (n->at[at] != 0) {
		if (at > 0)
			text[len++] = '.';
		end = at + 1 + n->at[at];
		for (at++; at < end; at++)
			len += dns_name_format_octet(n->at[at], text + len);
	}
	if (len == 0)
		text[len++] = '.';
	text[len] = '\0';
	return len;
}

int
dns_name_append(struct dns_name *n, const struct dns_name *suffix)
{
	size_t kept = n->len - 1u;	/* all but the root's label */

	if (kept + suffix->len > DNS_NAME_MAX)
		return -EINVAL;
	memcpy(n->at + kept, suffix->at, suffix->len);
	n->len = (uint8_t)(kept + suffix->len);
	return 0;
}

bool
dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
	return a->len == b->len && memcmp(a->at, b->at, a->len) == 0;
}

bool
dns_name_is_within(const struct dns_name *n, const struct dns_name *zone)
{
	size_t at = 0;

	/* Drop labels from the front until what is left may be the zone. */
	while (n->len - at > zone->len)
		at += 1u + n->at[at];
	return n->len - at == zone->len &&
	    memcmp(n->at + at, zone->at, zone->len) == 0;
}

size_t
dns_name_labels(const struct dns_name *n)
{
	size_t count = 0, at;

	for (at = 0; n->at[at] != 0; at += 1u + n->at[at])
		count++;
	return count;
}
